// Accruals: what belongs to a month although its document comes later. The entry takes itself back on the first day of the next month.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse, Refusal } from "../../../kernel/refusal.ts";
import { prepared, sql } from "../../../platform/database/sql.ts";
import { CurrencyCode, Day, Id, LongText, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import type { BookGround } from "./ground.ts";
import { mirrored, postingRefusals } from "./entry.rules.ts";
import { EntryLine, lineDraft, sideRefusal } from "./line-input.ts";
import { postEntries } from "./posting.ts";
import { reversalRefusals, reverseEntries } from "./reversal.ts";

export const accrualRegister = register({
  name: "finance.accrual",
  title: "Accruals",
  does: "What was booked ahead of its document, each with the entry that takes it back on the first day of the next month.",
  may: ["finance.accountant", "finance.manager"],
  row: z.object({
    id: Id,
    text: z.string(),
    state: z.enum(["posted", "reversed"]),
    day: Day,
    total: Money,
    entryId: ref("finance.journalEntry"),
    entry: z.string(),
    mirrorDay: Day,
    mirrorId: ref("finance.journalEntry"),
    mirror: z.string(),
    postedBy: z.string(),
    currency: CurrencyCode,
    books: z.string(),
    bookId: ref("finance.book"),
  }),
  label: "text",
  search: ["text"],
  sort: "-day",
  totals: ["total"],
  from: (context) => sql`
    select a.id, a.text, case when x.id is null then 'posted' else 'reversed' end as state, a.day, e.total,
      a.entry_id, e.number as entry, a.mirror_day, a.mirror_id, m.number as mirror,
      a.by_name as posted_by, b.currency, b.name as books, a.book_id
    from finance.accrual a
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = a.book_id
    join finance.journal_entry e on e.tenant_id = ${context.tenantId} and e.id = a.entry_id
    join finance.journal_entry m on m.tenant_id = ${context.tenantId} and m.id = a.mirror_id
    left join finance.journal_entry x on x.tenant_id = ${context.tenantId} and x.reverses_id = a.entry_id
    where a.tenant_id = ${context.tenantId}`,
});

/**
 * | accrual | Dr | Cr |
 * |---|---|---|
 * | on its day | as entered, e.g. expense | as entered, e.g. accrued expenses |
 * | first day of the next period | the mirror: accrued expenses | expense |
 */
export const postAccrual = operation({
  name: "finance.accrual.post",
  title: "Post an accrual",
  does: "Posts an entry and its exact mirror on the first day of the next period, both in one step.",
  kind: "write",
  previews: true,
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({
    bookId: ref("finance.book").optional().describe("By default the main books."),
    day: Day,
    text: Text(200),
    reference: Text(60).optional(),
    lines: z.array(EntryLine).min(2).max(1000),
  }),
  output: z.object({
    id: Id,
    number: z.string(),
    entryId: ref("finance.journalEntry"),
    mirrorNumber: z.string(),
    mirrorId: ref("finance.journalEntry"),
    mirrorDay: Day,
  }),
  refuses: {
    controlAccount: "An accrual stands on accounts of its own, not on receivables or payables. Choose for example accrued expenses.",
    ...postingRefusals,
    sideMissing: sideRefusal,
  },
  emits: ["finance.accrual.posted"],
  async run(input, context) {
    const lines = input.lines.map((line, index) => lineDraft(line, index));
    const { day, text, reference } = input;
    const id = context.newId();
    const shared = { journal: "GEN", reference, document: { subject: "finance.accrual", id } };
    // The mirror names the entry it takes back only on the accrual's record: both are posted at once.
    const [entry, mirror] = await postEntries(
      context,
      (book) => {
        refuseControlAccounts(book, input.lines);
        const taken = { day: nextPeriodStart(book, day), text: `Taking back: ${text}`.slice(0, 200), lines: mirrored(lines) };
        return [
          { ...shared, day, text, lines },
          { ...shared, ...taken },
        ];
      },
      input.bookId,
    );
    const { mirrorDay } = await context.db.row<{ mirrorDay: KernelDay }>(
      prepared(sql`
      insert into finance.accrual (tenant_id, id, book_id, text, day, mirror_day, entry_id, mirror_id, by_name, at)
      select ${context.tenantId}, ${id}, m.book_id, ${text}, ${day}, m.day, ${entry!.id}, m.id, ${context.actor.name}, ${context.now}
      from finance.journal_entry m where m.tenant_id = ${context.tenantId} and m.id = ${mirror!.id}
      returning mirror_day`),
    );
    context.emit("finance.accrual.posted", { accrualId: id, entryId: entry!.id, mirrorId: mirror!.id });
    return { id, number: entry!.number, entryId: entry!.id, mirrorNumber: mirror!.number, mirrorId: mirror!.id, mirrorDay };
  },
});

export const reverseAccrual = operation({
  name: "finance.accrual.reverse",
  title: "Take an accrual back",
  does: "Mirrors both entries of an accrual, each on its own day or on the first open day after it.",
  kind: "write",
  previews: true,
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({
    accrualId: ref("finance.accrual"),
    reason: LongText(200).min(3, "says why, in a few words"),
  }),
  output: z.object({ id: Id, entryNumbers: z.array(z.string()) }),
  refuses: { ...reversalRefusals, notFound: "There is no such accrual." },
  when: (record) => record["state"] === "posted",
  emits: ["finance.accrual.reversed"],
  async run(input, context) {
    const accrual = await context.db.maybe<{ entryId: KernelId; mirrorId: KernelId }>(sql`
      select entry_id, mirror_id from finance.accrual where tenant_id = ${context.tenantId} and id = ${input.accrualId}`);
    if (!accrual) refuse("notFound");
    const mirrors = await reverseEntries(context, [accrual.entryId, accrual.mirrorId], undefined, input.reason);
    context.emit("finance.accrual.reversed", { accrualId: input.accrualId, reason: input.reason });
    return { id: input.accrualId, entryNumbers: mirrors.map((mirror) => mirror.number) };
  },
});

function refuseControlAccounts({ accounts }: BookGround, lines: readonly { readonly accountId: KernelId }[]): void {
  const isControl = (id: KernelId): boolean => accounts.some((account) => account.id === id && account.control !== null);
  if (lines.some((line) => isControl(line.accountId))) refuse("controlAccount", {}, ["lines"]);
}

/** Refuses `periodMissing` in words of its own when the books end with the period of the day. */
function nextPeriodStart({ periods }: BookGround, day: KernelDay): KernelDay {
  const next = periods.find((period) => period.fromDay > day);
  if (!next) throw new Refusal("periodMissing", postingRefusals.periodMissing.replace("{day}", `the month after ${day}`), { day }, ["day"]);
  return next.fromDay;
}
