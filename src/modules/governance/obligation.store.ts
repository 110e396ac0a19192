// Obligations as stored: opening the next time one is due, and who answers for it.
import { addDays, type Day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { workedDays } from "../directory/index.ts";
import { closeDeadline, closeTask, openDeadline } from "../office/index.ts";
import { obligationKey } from "./asking.ts";
import { dueDayOf } from "./obligation.plan.ts";
import { type Plan, type Weekend } from "./obligation.rules.ts";

export interface StoredObligation extends Plan {
  readonly id: Id;
  readonly title: string;
  readonly activity: string;
  readonly weekend: Weekend;
  readonly siteId: Id | null;
  readonly retiredFrom: Day | null;
}

/** The obligation, locked. Refuses `notFound` and `obligationRetired`. */
export async function lockObligation(context: WriteContext, obligationId: Id): Promise<StoredObligation> {
  const found = await context.db.maybe<StoredObligation>(sql`
    select id, title, activity, recurrence, anchor, weekend, site_id, first_due, due_days::text[] as due_days, retired_from
    from governance.obligation where tenant_id = ${context.tenantId} and id = ${obligationId} for update`);
  if (!found) refuse("notFound");
  if (found.retiredFrom) refuse("obligationRetired", { day: found.retiredFrom });
  return found;
}

export interface Occurrence {
  readonly id: Id;
  readonly plannedDay: Day;
  readonly dueDay: Day;
}

/** What is due next, if anything. */
export const openOccurrence = (context: WriteContext, obligationId: Id): Promise<Occurrence | undefined> =>
  context.db.maybe<Occurrence>(sql`
    select id, planned_day, due_day from governance.obligation_occurrence
    where tenant_id = ${context.tenantId} and obligation_id = ${obligationId} and fulfilled_on is null and waived_because is null
    for update`);

/** Days around a planned one in which the nearest worked day is looked for; no run of holidays is longer. */
const nearbyDays = 21;

export async function addOccurrence(context: WriteContext, obligation: StoredObligation, planned: Day): Promise<Occurrence> {
  const worked = await workedDays(context, obligation.siteId, addDays(planned, -nearbyDays), addDays(planned, nearbyDays));
  const occurrence = { id: context.newId(), plannedDay: planned, dueDay: dueDayOf(planned, obligation.weekend, worked) };
  await context.db.run(sql`
    insert into governance.obligation_occurrence (tenant_id, id, obligation_id, planned_day, due_day)
    values (${context.tenantId}, ${occurrence.id}, ${obligation.id}, ${planned}, ${occurrence.dueDay})`);
  await openDeadline(context, {
    title: obligation.title,
    due: occurrence.dueDay,
    owner: { activity: obligation.activity },
    about: { subject: "governance.obligation", id: obligation.id },
    key: obligationKey(occurrence.id),
  });
  context.emit("governance.obligation.due", {
    obligationId: obligation.id,
    obligationOccurrenceId: occurrence.id,
    dueDay: occurrence.dueDay,
    activity: obligation.activity,
  });
  return occurrence;
}

/** Takes what is no longer due off the deadline list and out of the inbox. */
export async function settleOccurrence(context: WriteContext, occurrence: Occurrence, waivedBecause?: string): Promise<void> {
  const key = obligationKey(occurrence.id);
  await closeDeadline(context, { key }, waivedBecause ? "cancelled" : "met");
  await closeTask(context, { key }, waivedBecause ? "cancelled" : "done", waivedBecause);
}
