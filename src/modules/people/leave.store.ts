// The leave ledger: what was granted, taken, adjusted and lapsed. It is only added to; a balance is its sum on a day.
import { type Day, dayOf, later, yearOf } from "../../kernel/day.ts";
import { Decimal } from "../../kernel/decimal.ts";
import type { Id } from "../../kernel/id.ts";
import { sql } from "../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../platform/operation/context.ts";
import { positionOf, workedDays } from "../directory/index.ts";
import type { Employment } from "./employment.store.ts";
import { daysByYear, entitlement } from "./leave.rules.ts";

export interface LeaveEntry {
  readonly employmentId: Id;
  readonly leaveTypeId: Id;
  readonly kind: "grant" | "taken" | "adjustment" | "expiry";
  readonly days: string;
  readonly day: Day;
  readonly year?: number;
  readonly requestId?: Id;
  readonly text?: string;
}

/** Adds entries; a yearly grant or expiry that is there already is left out. Returns how many were added. */
export function addEntries(context: WriteContext, entries: readonly LeaveEntry[]): Promise<number> {
  return context.db.run(sql`
    insert into people.leave_entry (tenant_id, id, employment_id, leave_type_id, kind, days, day, year, request_id, text, at)
    select ${context.tenantId}, e.id, e.employment_id, e.leave_type_id, e.kind, e.days, e.day, e.year, e.request_id, e.text, ${context.now}
    from unnest(${entries.map(() => context.newId())}::uuid[], ${entries.map((entry) => entry.employmentId)}::uuid[],
      ${entries.map((entry) => entry.leaveTypeId)}::uuid[], ${entries.map((entry) => entry.kind)}::text[],
      ${entries.map((entry) => entry.days)}::numeric[], ${entries.map((entry) => entry.day)}::date[],
      ${entries.map((entry) => entry.year ?? null)}::int[], ${entries.map((entry) => entry.requestId ?? null)}::uuid[],
      ${entries.map((entry) => entry.text ?? null)}::text[])
      as e (id, employment_id, leave_type_id, kind, days, day, year, request_id, text)
    where e.days <> 0
    on conflict (tenant_id, employment_id, leave_type_id, kind, year) where year is not null do nothing`);
}

/** Days worked at the person's site between two days: what leave on those days costs. */
export async function leaveDays(context: ReadContext, personId: Id, firstDay: Day, lastDay: Day): Promise<Day[]> {
  const seat = await positionOf(context, personId, firstDay);
  return workedDays(context, seat?.siteId ?? null, firstDay, lastDay);
}

/** What may still be asked for in the year of a day: the balance at its end, with leave to come, less what is not decided yet. */
export async function freeDays(context: ReadContext, employmentId: Id, leaveTypeId: Id, on: Day, except?: Id): Promise<Decimal> {
  const yearEnd = dayOf(yearOf(on), 12, 31);
  const { days } = await context.db.row<{ days: string }>(sql`
    select (coalesce((select sum(days) from people.leave_entry where tenant_id = ${context.tenantId}
        and employment_id = ${employmentId} and leave_type_id = ${leaveTypeId} and day <= ${yearEnd}::date), 0)
      - coalesce((select sum(days) from people.leave_request where tenant_id = ${context.tenantId}
        and employment_id = ${employmentId} and leave_type_id = ${leaveTypeId} and state = 'requested'
        and first_day <= ${yearEnd}::date and id is distinct from ${except ?? null}::uuid), 0))::text as days`);
  return new Decimal(days);
}

/** Gives back what was taken by a request from a day on: the whole of it, or the days that will not come. */
export async function restore(context: WriteContext, requestId: Id, text: string, keep: readonly Day[] = []): Promise<void> {
  const taken = await context.db.rows<LeaveEntry & { halfDay: boolean }>(sql`
    select l.employment_id, l.leave_type_id, sum(l.days)::text as days, min(l.day) as day, r.half_day
    from people.leave_entry l join people.leave_request r on r.tenant_id = l.tenant_id and r.id = l.request_id
    where l.tenant_id = ${context.tenantId} and l.request_id = ${requestId}
    group by l.employment_id, l.leave_type_id, extract(year from l.day), r.half_day`);
  const kept = new Map(taken[0] ? daysByYear(keep, taken[0].halfDay).map((year) => [year.year, year.days]) : []);
  const entries = taken.map(({ halfDay: _, ...entry }): LeaveEntry => {
    const stays = kept.get(Number(entry.day.slice(0, 4))) ?? new Decimal(0);
    return { ...entry, kind: "taken", requestId, text, days: new Decimal(entry.days).plus(stays).negated().toFixed() };
  });
  await addEntries(context, entries);
}

/** Leave after the last day of an employment will not be taken: it is cancelled, what straddles the day is cut. */
export async function cutLeave(context: WriteContext, employment: Employment, lastDay: Day): Promise<void> {
  const late = await context.db.rows<{ id: Id; firstDay: Day; lastDay: Day; state: string }>(sql`
    select id, first_day, last_day, state from people.leave_request
    where tenant_id = ${context.tenantId} and employment_id = ${employment.id} and last_day > ${lastDay}::date
      and state in ('requested', 'approved') for update`);
  // A handful for one person.
  for (const request of late) {
    const keep = request.firstDay > lastDay ? [] : await leaveDays(context, employment.personId, request.firstDay, lastDay);
    if (request.state === "approved") await restore(context, request.id, "Cut at the end of the employment", keep);
    await context.db.run(sql`
      update people.leave_request set
        state = case when ${keep.length === 0}::boolean then 'cancelled' else state end,
        last_day = case when ${keep.length === 0}::boolean then last_day else ${later(request.firstDay, lastDay)}::date end,
        days = case when ${keep.length === 0}::boolean then days else ${keep.length}::numeric end,
        reason = 'Cut at the end of the employment'
      where tenant_id = ${context.tenantId} and id = ${request.id}`);
  }
}

const endText = "The employment ends";

/** What was granted for days after the last one is not due: the allowance shrinks to the part of the year employed. */
export async function shrinkAllowance(context: WriteContext, employment: Employment, lastDay: Day): Promise<void> {
  const granted = await context.db.rows<{ leaveTypeId: Id; year: number; yearlyDays: string; days: string }>(sql`
    select l.leave_type_id, l.year, t.yearly_days, l.days::text from people.leave_entry l
    join people.leave_type t on t.tenant_id = l.tenant_id and t.id = l.leave_type_id
    where l.tenant_id = ${context.tenantId} and l.employment_id = ${employment.id} and l.kind = 'grant' and l.year >= ${yearOf(lastDay)}`);
  const entries = granted.map(({ leaveTypeId, year, yearlyDays, days }): LeaveEntry => {
    const less = entitlement(yearlyDays, year, employment.firstDay, lastDay).minus(days).toFixed();
    return { employmentId: employment.id, leaveTypeId, kind: "adjustment", days: less, day: lastDay, text: endText };
  });
  await addEntries(context, entries);
}

/** Grants again what was taken away because the employment was to end. */
export async function restoreAllowance(context: WriteContext, employment: Employment): Promise<void> {
  const less = await context.db.rows<{ leaveTypeId: Id; day: Day; days: string }>(sql`
    select leave_type_id, max(day) as day, (-sum(days))::text as days from people.leave_entry
    where tenant_id = ${context.tenantId} and employment_id = ${employment.id} and kind = 'adjustment' and text = ${endText}
    group by leave_type_id`);
  await addEntries(
    context,
    less.map((entry): LeaveEntry => ({ ...entry, employmentId: employment.id, kind: "adjustment", text: endText })),
  );
}
