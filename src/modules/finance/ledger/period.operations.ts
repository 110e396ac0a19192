// Fiscal periods: closed when the month is done, reopened only with a reason. A closing waits for every posting under way in the period.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { CurrencyCode, Day, Id, LongText, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { brokenTick } from "../close/proof.ts";
import { holdsLedgerException } from "./lock.ts";
import { lockPeriod, markClosed, markOpen } from "./period.ts";

export const periodRegister = register({
  name: "finance.period",
  title: "Fiscal periods",
  does: "The months of the books, open or closed and locked by area, with what was posted in them.",
  may: ["finance.accountant", "finance.manager"],
  row: z.object({
    id: Id,
    code: z.string(),
    fiscalYear: z.number().int(),
    fromDay: Day,
    untilDay: Day,
    state: z.enum(["open", "closed"]),
    lockedAreas: z.string(),
    debit: Money,
    currency: CurrencyCode,
    lastReason: z.string().nullable(),
    books: z.string(),
    bookId: ref("finance.book"),
  }),
  label: "code",
  search: ["code"],
  sort: "-fromDay",
  from: (context) => sql`
    select p.id, p.code, p.fiscal_year, p.from_day, p.until_day, p.state, array_to_string(p.locked_areas, ', ') as locked_areas,
      b.currency, b.name as books, p.book_id,
      coalesce((select sum(k.debit) from finance.balance k
        join finance.account a on a.tenant_id = ${context.tenantId} and a.book_id = p.book_id and a.id = k.account_id
        where k.tenant_id = ${context.tenantId} and k.period_id = p.id), 0)::bigint as debit,
      (select c.reason from finance.period_change c where c.tenant_id = ${context.tenantId} and c.period_id = p.id
        order by c.id desc limit 1) as last_reason
    from finance.period p join finance.book b on b.tenant_id = ${context.tenantId} and b.id = p.book_id
    where p.tenant_id = ${context.tenantId}`,
});

/** A slip in the list would stop all posting of today. */
export const earlyField = z.boolean().default(false).describe("Although it is not over: nothing more of its days is to be posted.");
export const notOver = "{what} ends on {untilDay}, and is not over yet. Close it then, or say that it is closed early.";

/** Refuses `notOver` in words of its own. */
export function refuseEarly(
  { today }: ReadContext,
  { early }: { readonly early: boolean },
  { what, untilDay }: { readonly what: string | number; readonly untilDay: KernelDay },
): void {
  if (untilDay > today && !early) refuse("notOver", { what, untilDay }, ["early"]);
}

export const closePeriod = operation({
  name: "finance.period.close",
  title: "Close a period",
  does: "Closes a month, so that nothing can be posted in it any more.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({ periodId: ref("finance.period"), early: earlyField }),
  output: z.object({ id: Id, state: z.literal("closed") }),
  refuses: {
    notFound: "There is no such period.",
    alreadyClosed: "The period {period} is closed already.",
    notOver,
    earlierPeriodOpen: "The period {earlier} is still open. Close the earlier ones first.",
    documentsWaiting: "{count} invoices or bills dated in {period} are not posted yet. Post or cancel them first.",
    closeTasksOpen: "{count} tasks of the close of {period} are still open, the first is: {title}. Tick them on the close board first.",
    closeTaskUntrue: "The task “{title}” was ticked off, and does not hold any more. {missing} See to it on the close board first.",
  },
  when: (record) => record["state"] === "open",
  emits: ["finance.period.closed"],
  async run(input, context) {
    const period = await lockPeriod(context, input.periodId);
    const { tenantId } = context;
    if (period.state === "closed") refuse("alreadyClosed", { period: period.code });
    refuseEarly(context, input, { what: period.code, untilDay: period.untilDay });
    const earlier = await context.db.maybe<{ code: string }>(sql`
      select code from finance.period where tenant_id = ${tenantId} and book_id = ${period.bookId} and state = 'open'
        and from_day < ${period.fromDay} order by from_day limit 1`);
    if (earlier) refuse("earlierPeriodOpen", { earlier: earlier.code });
    const { count } = await context.db.row<{ count: number }>(sql`
      select ((select count(*) from finance.invoice where tenant_id = ${tenantId} and book_id = ${period.bookId} and state = 'draft'
          and day between ${period.fromDay} and ${period.untilDay})
        + (select count(*) from finance.bill where tenant_id = ${tenantId} and book_id = ${period.bookId}
          and state in ('draft', 'approved') and day between ${period.fromDay} and ${period.untilDay}))::int as count`);
    if (count > 0) refuse("documentsWaiting", { count, period: period.code });
    const task = await context.db.maybe<{ title: string; count: number }>(sql`
      select title, (count(*) over ())::int as count from finance.close_task
      where tenant_id = ${tenantId} and period_id = ${period.id} and state = 'open' and fact is distinct from 'periodIsClosed'
      order by position limit 1`);
    if (task) refuse("closeTasksOpen", { ...task, period: period.code });
    const broken = await brokenTick(context, period);
    if (broken) refuse("closeTaskUntrue", broken);
    await markClosed(context, period, context.reason ?? "Month is done");
    context.emit("finance.period.closed", { periodId: period.id, code: period.code, untilDay: period.untilDay });
    return { id: period.id, state: "closed" as const };
  },
});

export const reopenPeriod = operation({
  name: "finance.period.reopen",
  title: "Reopen a period",
  does: "Opens a closed month again; the reason stands beside the change for good.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({ periodId: ref("finance.period"), reason: LongText(500).min(5, "says why, in a few words") }),
  output: z.object({ id: Id, state: z.literal("open") }),
  refuses: {
    notFound: "There is no such period.",
    alreadyOpen: "The period {period} is open already.",
    yearClosed: "The fiscal year of {period} is closed. You need an exception for its ledger first: heartwood finance lock-exception grant",
  },
  when: (record) => record["state"] === "closed",
  emits: ["finance.period.reopened"],
  async run(input, context) {
    const period = await lockPeriod(context, input.periodId);
    if (period.state === "open") refuse("alreadyOpen", { period: period.code });
    const closedYear = await context.db.maybe(sql`
      select id from finance.fiscal_year
      where tenant_id = ${context.tenantId} and book_id = ${period.bookId} and from_day = ${period.fiscalYearStart} and state = 'closed'`);
    if (closedYear && !(await holdsLedgerException(context, period.id))) refuse("yearClosed", { period: period.code });
    await markOpen(context, period, input.reason);
    context.emit("finance.period.reopened", { periodId: period.id, code: period.code, reason: input.reason });
    return { id: period.id, state: "open" as const };
  },
});
