// An absence becomes a delegation by itself: whoever is away leaves their work to their usual stand-in for these days.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { addDelegation, endDelegation, follow, membersNamed } from "./delegation.store.ts";

export interface Absence {
  /** The record the absence was approved by; one absence is one delegation, however often it is told. */
  readonly absenceId: Id;
  readonly personId: Id;
  readonly firstDay: Day;
  readonly lastDay: Day;
}

/** Work of these days goes to the usual stand-in; someone without one is asked to name one. */
export async function beginAbsence(context: WriteContext, absence: Absence): Promise<void> {
  const { absenceId, personId, firstDay, lastDay } = absence;
  if (lastDay < context.today || (await openDelegation(context, absenceId))) return;
  const usual = await context.db.maybe<{ standInId: Id }>(sql`
    select stand_in_id from office.stand_in where tenant_id = ${context.tenantId} and person_id = ${personId}`);
  if (!usual || !(await membersNamed(context, [usual.standInId])).get(usual.standInId)?.isHere) {
    const title = `Who stands in for you from ${firstDay} to ${lastDay}?`;
    const text = "Nobody has your work on these days. Let someone stand in, or name your usual stand-in once.";
    return context.notify({ personId, title, text, event: "office.delegation.given" });
  }
  await addDelegation(context, {
    principalId: personId,
    standInId: usual.standInId,
    from: firstDay,
    until: lastDay,
    activities: null,
    scopeKind: "everywhere",
    scopeId: context.tenantId,
    limit: null,
    passesOn: true,
    reason: "Absence",
    absenceId,
  });
  if (firstDay <= context.today) await follow(context);
}

/** The absence is called off: nobody stands in for it any more. */
export async function endAbsence(context: WriteContext, absenceId: Id): Promise<void> {
  const row = await openDelegation(context, absenceId);
  if (row) await endDelegation(context, row);
}

const openDelegation = (context: WriteContext, absenceId: Id) =>
  context.db.maybe<{ id: Id; principalId: Id; standInId: Id }>(sql`
    select id, principal_id, stand_in_id from office.delegation
    where tenant_id = ${context.tenantId} and absence_id = ${absenceId} and ended_on is null for update`);
