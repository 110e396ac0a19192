// The tax return: shown for any days, filed once. What is filed is kept as it was, the tax of its months is locked, and what is corrected
// afterwards goes into the next one.
//
// | filing                   | Dr                                        | Cr                                       |
// |--------------------------|-------------------------------------------|------------------------------------------|
// | what is owed, reclaimed  | output tax                                | input tax                                |
// | what is left to pay      | (settlement, when the authority owes us)  | tax settlement with the authority        |
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { CurrencyCode, Day, DecimalText, Id, Instant, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { type Book, bookOf } from "../ledger/book.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { lockOnePeriod } from "../ledger/lock.operations.ts";
import { AsKnownAt, knownUntil } from "../reports/known.ts";
import { countedIn, filedReturn, nextReturn, returnRows, settleTax, shownReturn } from "./tax-return.ts";

const may = ["finance.accountant", "finance.manager"];

const Row = z.object({
  taxCodeId: ref("finance.taxCode"),
  code: z.string(),
  name: z.string(),
  side: z.enum(["output", "input"]),
  percent: DecimalText,
  baseBox: z.string().nullable(),
  taxBox: z.string().nullable(),
  base: Money,
  tax: Money,
  lines: z.number().int(),
  documents: z.number().int(),
  late: z.number().int().describe("Lines of days that were filed before and count in this return."),
});

/** What is shown of a return, and kept of it when it is filed. */
const figures = {
  boxes: z.array(z.object({ box: z.string(), amount: Money })),
  rows: z.array(Row),
  output: Money,
  input: Money,
  payable: Money,
};
const Kept = z.object(figures);

export const getTaxReturn = operation({
  name: "finance.taxReturn.get",
  title: "Tax return",
  does: "Adds up the tax lines of a range of days by box and code: what is owed on sales, what is reclaimed, what is left to pay.",
  kind: "read",
  may,
  input: z.strictObject({
    from: Day.optional().describe("By default the day after the last return filed."),
    to: Day.optional().describe("By default the end of that month."),
    asKnownAt: AsKnownAt,
    bookId: ref("finance.book").optional(),
  }),
  output: z.object({
    from: Day,
    to: Day,
    currency: CurrencyCode,
    state: z.enum(["open", "filed"]),
    filedReturnId: ref("finance.filedReturn").nullable(),
    ...figures,
  }),
  refuses: { booksMissing: postingRefusals.booksMissing },
  async run(asked, context) {
    const book = await bookOf(context, asked.bookId);
    const next = await nextReturn(context, book);
    const from = asked.from ?? next.from;
    const to = asked.to ?? next.to;
    const knownAt = await knownUntil(context, asked.asKnownAt);
    const days = { from, to, knownAt };
    const filed = await filedReturn(context, book, days);
    // Boxes and names of codes may have changed since it was filed.
    if (filed) {
      const kept = Kept.parse(filed.filed);
      return { from, to, currency: kept.payable.currency, state: "filed" as const, filedReturnId: filed.id, ...kept };
    }
    const shown = shownReturn(await returnRows(context, book, days), book.currency);
    return { from, to, state: "open" as const, filedReturnId: null, ...shown };
  },
});

export const fileTaxReturn = operation({
  name: "finance.taxReturn.file",
  title: "File the tax return",
  does: "Keeps the return as it is filed, locks the tax of its months and carries what is left to pay to the authority's account.",
  kind: "write",
  previews: true,
  may: ["finance.manager"],
  input: z.strictObject({
    to: Day.optional().describe("Its last day; by default the end of its first month."),
    from: Day.optional().describe("Its first day; only the first return chooses it."),
    reference: Text(60).optional().describe("What the authority answered, e.g. a transfer ticket."),
    bookId: ref("finance.book").optional(),
  }),
  output: z.object({ id: Id, from: Day, to: Day, payable: Money, entryId: ref("finance.journalEntry").nullable() }),
  refuses: {
    returnGap: "The next return begins on {from}, so that no day is left out or filed twice.",
    toBeforeFrom: "A return ends on its first day or later.",
    returnNotOver: "{to} is not over yet. A return is filed after its last day.",
    ...postingRefusals,
  },
  constraints: { tax_return_once: "returnGap" },
  emits: ["finance.taxReturn.filed"],
  async run(input, context) {
    const book = await bookOf(context, input.bookId);
    const next = await nextReturn(context, book);
    const from = input.from ?? next.from;
    const to = input.to ?? next.to;
    if (from !== next.from && (from < next.from || (await hasFiled(context, book)))) refuse("returnGap", { from: next.from }, ["from"]);
    if (to < from) refuse("toBeforeFrom", {}, ["to"]);
    if (to >= context.today) refuse("returnNotOver", { to }, ["to"]);
    await lockTax(context, book, from, to);
    const rows = await returnRows(context, book, { from, to });
    const id = context.newId();
    const entryId = await settleTax(context, book, countedIn(context, { from, to }), {
      to,
      text: `Tax return ${from} to ${to}`,
      document: { subject: "finance.filedReturn", id },
    });
    const { currency: _currency, ...filed } = shownReturn(rows, book.currency);
    const lines = rows.reduce((sum, row) => sum + row.lines, 0);
    await context.db.run(sql`
      insert into finance.tax_return (tenant_id, id, book_id, from_day, until_day, output, input, payable, line_count, filed, reference,
        entry_id, person_id, by_name, at)
      values (${context.tenantId}, ${id}, ${book.id}, ${from}, ${to}, ${filed.output.minor}, ${filed.input.minor}, ${filed.payable.minor},
        ${lines}, ${JSON.stringify(filed)}::jsonb, ${input.reference ?? null}, ${entryId}, ${context.actor.personId},
        ${context.actor.name}, ${context.now})`);
    context.emit("finance.taxReturn.filed", { filedReturnId: id, from, to });
    return { id, from, to, payable: filed.payable, entryId };
  },
});

async function hasFiled(context: ReadContext, book: Book): Promise<boolean> {
  const filed = await context.db.maybe(sql`
    select id from finance.tax_return where tenant_id = ${context.tenantId} and book_id = ${book.id} limit 1`);
  return filed !== undefined;
}

/**
 * Every period that the return reaches into is held against postings until the filing is done, so that no tax line slips in between; the
 * tax of those that lie within it is locked.
 */
async function lockTax(context: WriteContext, book: Book, from: KernelDay, to: KernelDay): Promise<void> {
  const periods = await context.db.rows<{ id: KernelId; state: string; fromDay: KernelDay; untilDay: KernelDay; isLocked: boolean }>(sql`
    select id, state, from_day, until_day, 'tax' = any(locked_areas) as is_locked from finance.period
    where tenant_id = ${context.tenantId} and book_id = ${book.id} and from_day <= ${to}::date and until_day >= ${from}::date
    order by from_day for update`);
  for (const period of periods) {
    if (period.state === "closed" || period.isLocked || period.fromDay < from || period.untilDay > to) continue;
    await context.callAsSystem(lockOnePeriod, { periodId: period.id, area: "tax" });
  }
}

export const filedReturnRegister = register({
  name: "finance.filedReturn",
  title: "Filed tax returns",
  does: "The returns that were filed, each as it was.",
  may,
  row: z.object({
    id: Id,
    period: z.string(),
    fromDay: Day,
    untilDay: Day,
    output: Money,
    input: Money,
    payable: Money,
    lines: z.number().int(),
    reference: z.string().nullable(),
    entryId: ref("finance.journalEntry").nullable(),
    entry: z.string().nullable(),
    filedBy: z.string(),
    filedAt: Instant,
    bookId: ref("finance.book"),
    books: z.string(),
    currency: CurrencyCode,
  }),
  label: "period",
  search: ["period", "reference"],
  sort: "-fromDay",
  from: (context) => sql`
    select u.id, u.from_day || ' to ' || u.until_day as period, u.from_day, u.until_day, u.output, u.input, u.payable,
      u.line_count as lines, u.reference, u.entry_id, e.number as entry, u.by_name as filed_by, u.at as filed_at, u.book_id,
      b.name as books, b.currency
    from finance.tax_return u
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = u.book_id
    left join finance.journal_entry e on e.tenant_id = ${context.tenantId} and e.id = u.entry_id
    where u.tenant_id = ${context.tenantId}`,
});

export const taxLineRegister = register({
  name: "finance.taxLine",
  title: "Tax lines",
  does: "What was kept for tax with each document: the lines that the return is made of.",
  may,
  inner: true,
  row: z.object({
    id: Id,
    line: z.string(),
    taxDay: Day.describe("The day it counts on in the returns."),
    correctionReturnId: ref("finance.correctionReturn").nullable().describe("The correction of a filed return that has it instead."),
    correctionReturn: z.string().nullable(),
    day: Day,
    taxCodeId: ref("finance.taxCode"),
    taxCode: z.string(),
    side: z.enum(["output", "input"]),
    percent: DecimalText,
    base: Money,
    tax: Money,
    cost: Money.describe("Not deductible."),
    baseBox: z.string().nullable(),
    taxBox: z.string().nullable(),
    partyId: ref("directory.party").nullable(),
    party: z.string().nullable(),
    documentSubject: z.string(),
    documentId: Id,
    entryId: ref("finance.journalEntry"),
    entry: z.string(),
    bookId: ref("finance.book"),
    currency: CurrencyCode,
  }),
  label: "line",
  search: ["line", "party"],
  sort: "-taxDay",
  totals: ["base", "tax"],
  from: (context) => sql`
    select t.id, coalesce(e.reference, e.number) || ' ' || c.code as line, t.tax_day, t.day, k.correction_id as correction_return_id,
      u.from_day || ' to ' || u.until_day || ', corrected' as correction_return, t.tax_code_id, c.code as tax_code, t.side,
      trim_scale(t.percent)::text as percent, t.base, t.tax, t.cost, t.base_box, t.tax_box, t.party_id, y.name as party,
      t.document_subject, t.document_id, t.entry_id, e.number as entry, c.book_id, b.currency
    from finance.tax_line t
    join finance.tax_code c on c.tenant_id = ${context.tenantId} and c.id = t.tax_code_id
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = c.book_id
    join finance.journal_entry e on e.tenant_id = ${context.tenantId} and e.id = t.entry_id
    left join directory.party y on y.tenant_id = ${context.tenantId} and y.id = t.party_id
    left join finance.tax_correction_line k on k.tenant_id = ${context.tenantId} and k.tax_line_id = t.id
    left join finance.tax_correction r on r.tenant_id = ${context.tenantId} and r.id = k.correction_id
    left join finance.tax_return u on u.tenant_id = ${context.tenantId} and u.id = r.return_id
    where t.tenant_id = ${context.tenantId}`,
});
