// Journal entries: posted once, kept for ever, corrected by an entry that mirrors them.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Refusal, refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { CurrencyCode, Day, Id, Instant, LongText, Money, ref, Text } from "../../../platform/operation/field.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { alone, operation, type Wish } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { type JournalEntryDraft, type JournalLineDraft, postingRefusals } from "./entry.rules.ts";
import { EntryLine } from "./line-input.ts";
import { foldOf } from "./pay-lines.ts";
import { postEach } from "./posting.ts";
import { reversalRefusals, reverseEntry } from "./reversal.ts";

export const journalRegister = register({
  name: "finance.journal",
  title: "Journals",
  does: "The journals of the books; each numbers its entries by itself, without gaps.",
  may: ["finance.accountant", "finance.manager"],
  row: z.object({
    id: Id,
    code: z.string(),
    name: z.string(),
    lastNumber: z.string().nullable(),
    books: z.string(),
    bookId: ref("finance.book"),
  }),
  label: "code",
  search: ["code", "name"],
  inner: true,
  from: (context) => sql`
    select j.id, j.code, j.name, b.name as books, j.book_id,
      (select h.series || '-' || h.fiscal_year || '-' || h.last_number from finance.number_head h
        where h.tenant_id = ${context.tenantId} and h.book_id = j.book_id and h.series = j.code
        order by h.fiscal_year desc limit 1) as last_number
    from finance.journal j join finance.book b on b.tenant_id = ${context.tenantId} and b.id = j.book_id
    where j.tenant_id = ${context.tenantId}`,
});

export const journalEntryRegister = register({
  name: "finance.journalEntry",
  title: "Journal entries",
  does: "Everything that was posted, each with its number, its document and its reversal.",
  may: ["finance.accountant", "finance.manager"],
  row: z.object({
    id: Id,
    number: z.string(),
    day: Day,
    text: z.string(),
    reference: z.string().nullable(),
    total: Money,
    journalId: ref("finance.journal"),
    journal: z.string(),
    periodId: ref("finance.period"),
    period: z.string(),
    documentSubject: z.string().nullable(),
    documentId: Id.nullable(),
    reversesId: ref("finance.journalEntry").nullable(),
    reverses: z.string().nullable(),
    reversedById: ref("finance.journalEntry").nullable(),
    reversedBy: z.string().nullable(),
    state: z.enum(["posted", "reversed"]),
    postedBy: z.string(),
    postedAt: Instant,
    currency: CurrencyCode,
  }),
  label: "number",
  search: ["number", "text", "reference"],
  grows: "number",
  sort: "-day",
  keepsPlans: true,
  from: (context) => sql`
    select e.id, e.number, e.day, e.text, e.reference, e.total, b.currency, e.journal_id, j.name as journal, e.period_id, p.code as period,
      e.document_subject, e.document_id, e.reverses_id, o.number as reverses, x.id as reversed_by_id, x.number as reversed_by,
      case when x.id is null then 'posted' else 'reversed' end as state, e.by_name as posted_by, e.posted_at
    from finance.journal_entry e
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = e.book_id
    join finance.journal j on j.tenant_id = ${context.tenantId} and j.id = e.journal_id
    join finance.period p on p.tenant_id = ${context.tenantId} and p.id = e.period_id
    left join finance.journal_entry o on o.tenant_id = ${context.tenantId} and o.id = e.reverses_id
    left join finance.journal_entry x on x.tenant_id = ${context.tenantId} and x.reverses_id = e.id
    where e.tenant_id = ${context.tenantId}`,
});

export const journalLineRegister = register({
  name: "finance.journalLine",
  title: "Journal lines",
  does: "The lines of the journal entries, debit and credit, with party and cost centre.",
  may: ["finance.accountant", "finance.manager"],
  inner: true,
  row: z.object({
    id: Id,
    line: z.string(),
    entryId: ref("finance.journalEntry"),
    entry: z.string(),
    position: z.number().int(),
    day: Day,
    accountId: ref("finance.account"),
    account: z.string(),
    debit: Money.nullable(),
    credit: Money.nullable(),
    text: z.string(),
    partyId: ref("directory.party").nullable(),
    party: z.string().nullable(),
    unitId: ref("directory.unit").nullable(),
    dimensions: z.string().nullable(),
    foreign: Money.nullable(),
    foreignCurrency: CurrencyCode.nullable(),
    currency: CurrencyCode,
  }),
  label: "line",
  search: ["text"],
  sort: "position",
  keepsPlans: true,
  from: (context) => {
    // A line of pay is somebody's pay: who does not keep it sees the lines of an account as one.
    const fold = foldOf(context);
    return sql`
    select f.id, f.line, f.entry_id, f.entry, f.position, f.day, f.account_id, f.account, case when f.amount > 0 then f.amount end as debit,
      case when f.amount < 0 then -f.amount end as credit, f.text, f.party_id, f.party, f.unit_id, f.currency, f.foreign,
      f.foreign_currency, f.dimensions
    from (
      select l.id, e.number || ' / ' || l.position as line, l.entry_id, e.number as entry, l.position, l.day, l.account_id,
        a.code || ' ' || a.name as account, ${fold.amount} as amount, ${fold.text} as text, l.party_id, y.name as party,
        ${fold.unitId} as unit_id, b.currency, ${fold.currencyAmount} as foreign, ${fold.currency} as foreign_currency,
        (select string_agg(d.name || ': ' || v.name, ', ' order by d.code) from finance.dimension_set_value s
          join finance.dimension d on d.tenant_id = ${context.tenantId} and d.id = s.dimension_id
          join finance.dimension_value v on v.tenant_id = ${context.tenantId} and v.id = s.value_id
          where s.tenant_id = ${context.tenantId} and s.set_id = l.set_id) as dimensions
      from finance.journal_line l
      join finance.journal_entry e on e.tenant_id = ${context.tenantId} and e.id = l.entry_id
      join finance.account a on a.tenant_id = ${context.tenantId} and a.id = l.account_id
      join finance.book b on b.tenant_id = ${context.tenantId} and b.id = e.book_id
      left join directory.party y on y.tenant_id = ${context.tenantId} and y.id = l.party_id
      where l.tenant_id = ${context.tenantId} ${fold.only}) f`;
  },
});

const EntryInput = z.strictObject({
  bookId: ref("finance.book").optional().describe("By default the main books."),
  journal: z.string().max(8).default("GEN").describe("Code of the journal."),
  day: Day,
  text: Text(200),
  reference: Text(60).optional(),
  lines: z.array(EntryLine).min(1).max(1000),
});

interface EntryPosted {
  readonly id: KernelId;
  readonly number: string;
}

/** Posts the entries that several people wish for at once; those of one set of books in one piece. */
async function postMany(wishes: readonly Wish<z.output<typeof EntryInput>>[], context: WriteContext): Promise<(EntryPosted | Refusal)[]> {
  const answers: (EntryPosted | Refusal)[] = wishes.map(({ input }) => sideRefusal(input)!);
  for (const bookId of new Set(wishes.map(({ input }) => input.bookId))) {
    const places = [...wishes.keys()].filter((place) => !answers[place] && wishes[place]!.input.bookId === bookId);
    if (places.length === 0) continue;
    const posted = await postEach(
      context,
      places.map((place) => entryDraft(wishes[place]!)),
      bookId,
    );
    places.forEach((place, index) => {
      const one = posted[index]!;
      answers[place] = one instanceof Refusal ? one : { id: one.id, number: one.number };
    });
  }
  const entries = answers.flatMap((one) => (one instanceof Refusal ? [] : [{ journalEntryId: one.id, number: one.number }]));
  if (entries.length > 0) context.emit("finance.journalEntry.posted", { entries });
  return answers;
}

function sideRefusal({ lines }: z.output<typeof EntryInput>): Refusal | undefined {
  const index = lines.findIndex(({ debit, credit }) => (debit === undefined) === (credit === undefined) || (debit ?? credit)!.minor < 0n);
  return index < 0 ? undefined : new Refusal("sideMissing", "", { line: index + 1 }, ["lines", index]);
}

function entryDraft({ input, actor }: Wish<z.output<typeof EntryInput>>): JournalEntryDraft {
  const { journal, day, text, reference } = input;
  const lines = input.lines.map(({ accountId, debit, credit, foreign, ...rest }): JournalLineDraft => ({
    ...rest,
    account: { id: accountId },
    amount: debit ?? credit!.negated(),
    foreign: debit ? foreign : foreign?.negated(),
  }));
  return { journal, day, text, reference, author: actor, lines };
}

export const postJournalEntry = operation({
  name: "finance.journalEntry.post",
  title: "Post a journal entry",
  does: "Posts an entry of two or more lines whose debits and credits are equal.",
  kind: "write",
  previews: true,
  may: ["finance.accountant", "finance.manager"],
  input: EntryInput,
  output: z.object({ id: Id, number: z.string() }),
  refuses: {
    ...postingRefusals,
    sideMissing: "Each line has either a debit or a credit, and it is not negative. Correct line {line}.",
  },
  emits: ["finance.journalEntry.posted"],
  run: alone(postMany),
  many: postMany,
});

export const reverseJournalEntry = operation({
  name: "finance.journalEntry.reverse",
  title: "Reverse an entry",
  does: "Posts the exact mirror of an entry on a day and says why; both stay in the books.",
  kind: "write",
  previews: true,
  may: ["finance.manager", "finance.accountant"],
  input: z.strictObject({
    journalEntryId: ref("finance.journalEntry"),
    on: Day.optional().describe("By default the day of the entry, or the first open day after it."),
    reason: LongText(200).min(3, "says why, in a few words"),
  }),
  output: z.object({ id: Id, number: z.string(), day: Day }),
  refuses: {
    ...reversalRefusals,
    belongsToClosing:
      "Entry {number} belongs to the closing of the fiscal year {year}. Take the closing itself back: heartwood finance fiscal-year reopen",
    documentOwnsEntry: "Entry {number} belongs to a document. Correct the document, so that it knows of it.",
  },
  constraints: { journal_entry_reversed_once: "alreadyReversed" },
  when: (record) => record["state"] === "posted" && record["reversesId"] === null && record["documentSubject"] === null,
  emits: ["finance.journalEntry.reversed"],
  async run(input, context) {
    // A closing entry of an earlier version has no document.
    const entry = await context.db.maybe<{ number: string; documentSubject: string | null; year: number | null }>(sql`
      select e.number, e.document_subject, y.fiscal_year as year from finance.journal_entry e
      left join finance.fiscal_year y on y.tenant_id = ${context.tenantId} and (y.closing_entry_id = e.id or y.id = e.document_id)
      where e.tenant_id = ${context.tenantId} and e.id = ${input.journalEntryId}`);
    if (entry?.year) refuse("belongsToClosing", { number: entry.number, year: entry.year });
    if (entry?.documentSubject) refuse("documentOwnsEntry", { number: entry.number });
    const { id, number, day } = await reverseEntry(context, input.journalEntryId, input.on, input.reason);
    context.emit("finance.journalEntry.reversed", { journalEntryId: input.journalEntryId, reversalId: id, reason: input.reason });
    return { id, number, day };
  },
});
