// Opening balances: where the old books ended the new ones begin, with every open item by party, reference and due day.
import { z } from "zod";
import { refuse } from "../../../kernel/refusal.ts";
import { sumMoney } from "../../../kernel/money.ts";
import { Day, Id, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { bookOf } from "./book.ts";
import { type JournalEntryDraft, type JournalLineDraft, postingRefusals } from "./entry.rules.ts";
import { EntryLine, lineDraft, sideRefusal } from "./line-input.ts";
import { postEntries } from "./posting.ts";

const Line = EntryLine.extend({
  dueDay: Day.optional().describe("When an open item falls due; it may lie before the opening day."),
  reference: Text(60).optional().describe("Number of the invoice or bill in the old books; the open item is found by it."),
});

/**
 * | opening | Dr | Cr |
 * |---|---|---|
 * | each balance or open item in debit | its account | opening balances |
 * | each balance or open item in credit | opening balances | its account |
 */
export const postOpeningBalance = operation({
  name: "finance.openingBalance.post",
  title: "Post opening balances",
  does: "Books what each account stood at and what each customer and supplier owed, item by item, against opening balances.",
  kind: "write",
  previews: true,
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({
    bookId: ref("finance.book").optional().describe("By default the main books."),
    day: Day.describe("The day the balances hold; the first day of the new books."),
    text: Text(150).default("Opening balance"),
    lines: z.array(Line).min(1).max(50_000),
  }),
  output: z.object({
    entries: z.number().int(),
    openItems: z.number().int(),
    first: z.string(),
    last: z.string(),
    entryIds: z.array(Id),
    opening: Money.describe("What went to opening balances: zero when the old books were complete."),
  }),
  refuses: {
    ...postingRefusals,
    sideMissing: sideRefusal,
    referenceNeedsParty: "A reference or a due day belongs to what a customer or supplier owes. Say whose it is in line {line}.",
  },
  emits: ["finance.openingBalance.posted"],
  async run(input, context) {
    const book = await bookOf(context, input.bookId);
    const foreign = input.lines.findIndex((line) => (line.debit ?? line.credit)?.currency !== book.currency && (line.debit ?? line.credit));
    if (foreign >= 0) refuse("currencyDiffers", { currency: book.currency }, ["lines", foreign]);
    const balances: JournalLineDraft[] = [];
    const items: JournalEntryDraft[] = [];
    const entryOf = (lines: readonly JournalLineDraft[], reference?: string): JournalEntryDraft => {
      const sum = sumMoney(
        lines.map((line) => line.amount),
        book.currency,
      );
      const against: JournalLineDraft[] = sum.minor === 0n ? [] : [{ account: { role: "openingBalance" }, amount: sum.negated() }];
      const text = reference === undefined ? input.text : `${input.text}: ${reference}`;
      return { journal: "OPN", day: input.day, text, reference, lines: [...lines, ...against] };
    };
    for (const [index, { reference, dueDay, ...line }] of input.lines.entries()) {
      const draft = { ...lineDraft(line, index), dueDay };
      if (line.partyId === undefined && (reference !== undefined || dueDay !== undefined)) {
        refuse("referenceNeedsParty", { line: index + 1 }, ["lines", index, "partyId"]);
      }
      // An item is found by the reference of its entry, so that each of them has one of its own.
      if (line.partyId === undefined) balances.push(draft);
      else items.push(entryOf([draft], reference));
    }
    const drafts = [...(balances.length > 0 ? [entryOf(balances)] : []), ...items];
    const posted = await postEntries(context, drafts, book.id);
    const opening = sumMoney(
      drafts
        .flatMap((draft) => draft.lines.filter((line) => typeof line.account === "object" && "role" in line.account))
        .map((line) => line.amount),
      book.currency,
    );
    context.emit("finance.openingBalance.posted", { entries: posted.length, day: input.day });
    return {
      entries: posted.length,
      openItems: items.length,
      first: posted[0]!.number,
      last: posted.at(-1)!.number,
      entryIds: posted.map((entry) => entry.id),
      opening,
    };
  },
});
