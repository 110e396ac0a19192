// Fiscal years: opened one after the other, of any length, closed once their months are, and reopened the latest first.
import { z } from "zod";
import { addDays, addMonths, type Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, Id, LongText, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { areas } from "./area.rules.ts";
import { bookOf } from "./book.ts";
import { closingJournal, closingSubject, type JournalLineDraft, postingRefusals } from "./entry.rules.ts";
import { closePeriod, earlyField, notOver, refuseEarly } from "./period.operations.ts";
import { periodsOf } from "./period.rules.ts";
import { periodColumns, type PeriodRow, postIntoClosed } from "./period.ts";
import { type PostedEntry, postEntry } from "./posting.ts";
import { reversalRefusals, reverseEntry } from "./reversal.ts";
import { insertPeriods } from "./setup.operations.ts";

export const fiscalYearRegister = register({
  name: "finance.fiscalYear",
  title: "Fiscal years",
  does: "The fiscal years of the books, of any length, open or closed.",
  may: ["finance.accountant", "finance.manager"],
  row: z.object({
    id: Id,
    title: z.string(),
    fiscalYear: z.number().int(),
    state: z.enum(["open", "closed"]),
    fromDay: Day,
    untilDay: Day,
    periods: z.number().int(),
    openPeriods: z.number().int(),
    closingEntryId: ref("finance.journalEntry").nullable(),
    closingEntry: z.string().nullable(),
    closedBy: z.string().nullable(),
    books: z.string(),
    bookId: ref("finance.book"),
  }),
  label: "title",
  sort: "-fromDay",
  from: (context) => sql`
    select y.id, y.fiscal_year::text || case when b.is_main then '' else ' ' || b.name end as title, y.fiscal_year, y.state, y.from_day,
      y.until_day, p.periods, p.open_periods, y.closing_entry_id, e.number as closing_entry, y.closed_by_name as closed_by, b.name as books,
      y.book_id
    from finance.fiscal_year y
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = y.book_id
    left join lateral (
      select count(*)::int as periods, (count(*) filter (where p.state = 'open'))::int as open_periods from finance.period p
      where p.tenant_id = ${context.tenantId} and p.book_id = y.book_id and p.fiscal_year_start = y.from_day) p on true
    left join finance.journal_entry e on e.tenant_id = ${context.tenantId} and e.id = y.closing_entry_id
    where y.tenant_id = ${context.tenantId}`,
});

export const createFiscalYear = operation({
  name: "finance.fiscalYear.create",
  title: "Open a fiscal year",
  does: "Adds the periods of the fiscal year after the last one: twelve months, or whatever length and rhythm the company has.",
  kind: "write",
  may: ["finance.manager", "finance.accountant"],
  input: z.strictObject({
    bookId: ref("finance.book").optional(),
    until: Day.optional().describe("Its last day; by default twelve months after it begins."),
    months: z.number().int().min(1).max(12).default(1).describe("Months in a period."),
    endDate: z.number().int().min(1).max(31).optional().describe("Date of the month on which periods end; by default as the year does."),
  }),
  output: z.object({ id: Id, fiscalYear: z.number().int(), fromDay: Day, untilDay: Day, periods: z.number().int() }),
  refuses: {
    booksMissing: postingRefusals.booksMissing,
    farAhead: "The books reach to {until} already. A year is opened at most two years ahead.",
    yearLength: "The year begins on {from}. It ends on a later day, at most two years after.",
  },
  constraints: { period_code: "farAhead", period_overlap: "farAhead", fiscal_year_overlap: "farAhead", fiscal_year_start: "farAhead" },
  async run(input, context) {
    const book = await bookOf(context, input.bookId);
    const last = await context.db.row<{ untilDay: KernelDay }>(sql`
      select max(until_day) as until_day from finance.fiscal_year where tenant_id = ${context.tenantId} and book_id = ${book.id}`);
    const from = addDays(last.untilDay, 1);
    if (from > addMonths(context.today, 24)) refuse("farAhead", { until: last.untilDay });
    const until = input.until ?? addDays(addMonths(from, 12), -1);
    if (until <= from || until > addMonths(from, 24)) refuse("yearLength", { from }, ["until"]);
    const periods = periodsOf({ from, until, months: input.months, endDate: input.endDate });
    await insertPeriods(context, book.id, periods);
    const { id, fiscalYear } = await context.db.row<{ id: KernelId; fiscalYear: number }>(sql`
      select id, fiscal_year from finance.fiscal_year
      where tenant_id = ${context.tenantId} and book_id = ${book.id} and from_day = ${from}`);
    return { id, fiscalYear, fromDay: from, untilDay: until, periods: periods.length };
  },
});

interface YearRow {
  readonly id: KernelId;
  readonly bookId: KernelId;
  readonly currency: string;
  readonly fiscalYear: number;
  readonly fromDay: KernelDay;
  readonly untilDay: KernelDay;
  readonly state: "open" | "closed";
  readonly closingEntryId: KernelId | null;
}

/**
 * | closing entry, where wished | Dr | Cr |
 * |---|---|---|
 * | each income account with its balance of the year | income | retained earnings |
 * | each expense account with its balance of the year | retained earnings | expense |
 */
export const closeFiscalYear = operation({
  name: "finance.fiscalYear.close",
  title: "Close a fiscal year",
  does: "Closes a year whose months are closed or locked; its months then reopen only by an exception.",
  kind: "write",
  previews: true,
  may: ["finance.manager"],
  input: z.strictObject({
    fiscalYearId: ref("finance.fiscalYear"),
    withEntry: z
      .boolean()
      .default(false)
      .describe("Books income and expenses to retained earnings on the last day, though its month is closed, and closes that."),
    early: earlyField,
  }),
  output: z.object({
    id: Id,
    entryId: ref("finance.journalEntry").nullable(),
    entryNumber: z.string().nullable(),
    result: Money.describe("What the closing entry carried, profit positive; zero without an entry."),
  }),
  refuses: {
    notFound: "There is no such fiscal year.",
    alreadyClosed: "The fiscal year {year} is closed already.",
    notOver,
    earlierYearOpen: "The fiscal year {year} is still open. Close the earlier ones first.",
    periodsOpen: "These months are neither closed nor locked in every area: {periods}",
    ...postingRefusals,
  },
  when: (record) => record["state"] === "open",
  emits: ["finance.fiscalYear.closed"],
  async run(input, context) {
    const year = await lockYear(context, input.fiscalYearId);
    await requireNext(context, year);
    refuseEarly(context, input, { what: year.fiscalYear, untilDay: year.untilDay });
    const periods = await periodsHeld(context, year);
    const last = periods.at(-1)!;
    const open = periods.filter(isOpen);
    const hindering = input.withEntry ? open.filter((period) => period !== last) : open;
    if (hindering.length > 0) refuse("periodsOpen", { periods: hindering.map((period) => period.code).join(", ") });
    const lines = input.withEntry ? await closingLines(context, year) : [];
    const text = `Closing of the fiscal year ${year.fiscalYear}`;
    const entry = lines.length > 0 ? await postIntoClosed(context, last, text, () => postClosing(context, year, text, lines)) : undefined;
    if (input.withEntry && isOpen(last)) await context.call(closePeriod, { periodId: last.id, early: input.early });
    await context.db.run(sql`
      update finance.fiscal_year set state = 'closed', closing_entry_id = ${entry?.id ?? null}, closed_at = ${context.now},
        closed_by_name = ${context.actor.name}
      where tenant_id = ${context.tenantId} and id = ${year.id}`);
    context.emit("finance.fiscalYear.closed", { fiscalYearId: year.id, fiscalYear: year.fiscalYear, entryId: entry?.id ?? null });
    const carried = lines.find((line) => typeof line.account === "object" && "role" in line.account);
    const result = carried?.amount.negated() ?? KernelMoney.zero(year.currency);
    return { id: year.id, entryId: entry?.id ?? null, entryNumber: entry?.number ?? null, result };
  },
});

/**
 * | closing entry taken back | Dr | Cr |
 * |---|---|---|
 * | its mirror, on its own day | retained earnings; expenses | income; retained earnings |
 */
export const reopenFiscalYear = operation({
  name: "finance.fiscalYear.reopen",
  title: "Reopen a fiscal year",
  does: "Opens a closed year again and mirrors its closing entry on its own day; a closed month stays closed until it is reopened.",
  kind: "write",
  previews: true,
  may: ["finance.manager"],
  input: z.strictObject({ fiscalYearId: ref("finance.fiscalYear"), reason: LongText(200).min(5, "says why, in a few words") }),
  output: z.object({ id: Id, entryId: ref("finance.journalEntry").nullable(), entryNumber: z.string().nullable() }),
  refuses: {
    ...reversalRefusals,
    notFound: "There is no such fiscal year.",
    yearOpen: "The fiscal year {year} is open already.",
    laterYearClosed: "The fiscal year {year} is closed too. Reopen the latest one first.",
  },
  when: (record) => record["state"] === "closed",
  emits: ["finance.fiscalYear.reopened"],
  async run(input, context) {
    const year = await lockYear(context, input.fiscalYearId);
    await requireLast(context, year);
    const last = (await periodsHeld(context, year)).at(-1)!;
    const { closingEntryId } = year;
    const mirror =
      closingEntryId === null
        ? undefined
        : await postIntoClosed(context, last, `Reopening of the fiscal year ${year.fiscalYear}`, () =>
            reverseEntry(context, closingEntryId, year.untilDay, input.reason),
          );
    await context.db.run(sql`
      update finance.fiscal_year set state = 'open', closing_entry_id = null, closed_at = null, closed_by_name = null
      where tenant_id = ${context.tenantId} and id = ${year.id}`);
    const facts = { fiscalYearId: year.id, fiscalYear: year.fiscalYear, entryId: mirror?.id ?? null, reason: input.reason };
    context.emit("finance.fiscalYear.reopened", facts);
    return { id: year.id, entryId: mirror?.id ?? null, entryNumber: mirror?.number ?? null };
  },
});

const lockYear = async (context: WriteContext, id: KernelId): Promise<YearRow> =>
  (await context.db.maybe<YearRow>(sql`
    select y.id, y.book_id, b.currency, y.fiscal_year, y.from_day, y.until_day, y.state, y.closing_entry_id from finance.fiscal_year y
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = y.book_id
    where y.tenant_id = ${context.tenantId} and y.id = ${id} for update of y`)) ?? refuse("notFound");

/** Years are closed one after the other. */
async function requireNext(context: WriteContext, year: YearRow): Promise<void> {
  if (year.state === "closed") refuse("alreadyClosed", { year: year.fiscalYear });
  const earlier = await context.db.maybe<{ fiscalYear: number }>(sql`
    select fiscal_year from finance.fiscal_year
    where tenant_id = ${context.tenantId} and book_id = ${year.bookId} and state = 'open' and from_day < ${year.fromDay}
    order by from_day limit 1`);
  if (earlier) refuse("earlierYearOpen", { year: earlier.fiscalYear });
}

/** And reopened the other way round. */
async function requireLast(context: WriteContext, year: YearRow): Promise<void> {
  if (year.state === "open") refuse("yearOpen", { year: year.fiscalYear });
  const later = await context.db.maybe<{ fiscalYear: number }>(sql`
    select fiscal_year from finance.fiscal_year
    where tenant_id = ${context.tenantId} and book_id = ${year.bookId} and state = 'closed' and from_day > ${year.fromDay}
    order by from_day desc limit 1`);
  if (later) refuse("laterYearClosed", { year: later.fiscalYear });
}

/** All periods of the year, held against postings. */
const periodsHeld = (context: WriteContext, year: YearRow): Promise<PeriodRow[]> =>
  context.db.rows<PeriodRow>(sql`
    select ${periodColumns} from finance.period
    where tenant_id = ${context.tenantId} and book_id = ${year.bookId} and fiscal_year_start = ${year.fromDay}
    order by from_day for update`);

/** Whether it still takes entries in some area. */
const isOpen = (period: PeriodRow): boolean => period.state === "open" && period.lockedAreas.length < areas.length;

/** Nothing when no income and no expense has a balance. */
async function closingLines(context: WriteContext, year: YearRow): Promise<JournalLineDraft[]> {
  const balances = await context.db.rows<{ id: KernelId; balance: bigint }>(sql`
    select a.id, sum(k.debit - k.credit)::bigint as balance
    from finance.period p
    join finance.balance k on k.tenant_id = ${context.tenantId} and k.period_id = p.id
    join finance.account a on a.tenant_id = ${context.tenantId} and a.id = k.account_id and a.type in ('income', 'expense')
    where p.tenant_id = ${context.tenantId} and p.book_id = ${year.bookId} and p.fiscal_year_start = ${year.fromDay}
    group by a.id, a.code having sum(k.debit - k.credit) <> 0 order by a.code`);
  const money = (minor: bigint): KernelMoney => new KernelMoney(minor, year.currency);
  const result = balances.reduce((sum, { balance }) => sum + balance, 0n);
  const own = balances.map(({ id, balance }): JournalLineDraft => ({ account: { id }, amount: money(-balance) }));
  return result === 0n ? own : [...own, { account: { role: "retainedEarnings" }, amount: money(result) }];
}

const postClosing = (context: WriteContext, year: YearRow, text: string, lines: readonly JournalLineDraft[]): Promise<PostedEntry> =>
  postEntry(
    context,
    { journal: closingJournal, day: year.untilDay, text, document: { subject: closingSubject, id: year.id }, lines },
    year.bookId,
  );
