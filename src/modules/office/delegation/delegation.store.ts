// Delegations as they are kept: made, ended, and told to those concerned.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import type { Money } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { routeApprovals } from "../approval/approval.ts";
import { routeTasks } from "../responsibility/route.ts";

export interface DelegationWish {
  readonly principalId: Id;
  readonly standInId: Id;
  readonly from: Day;
  readonly until: Day;
  readonly activities: readonly string[] | null;
  readonly scopeKind: "everywhere" | "entity" | "unit" | "place";
  readonly scopeId: Id;
  readonly limit: Money | null;
  readonly passesOn: boolean;
  readonly reason: string;
  /** The approved absence it follows from. */
  readonly absenceId?: Id;
}

export async function addDelegation(context: WriteContext, wish: DelegationWish): Promise<Id> {
  const id = context.newId();
  const madeBy = wish.absenceId ? null : context.actor.personId;
  await context.db.run(sql`
    insert into office.delegation (tenant_id, id, principal_id, stand_in_id, during, activities, scope_kind, scope_id, limit_minor,
      limit_currency, passes_on, reason, absence_id, made_by, made_at)
    values (${context.tenantId}, ${id}, ${wish.principalId}, ${wish.standInId}, daterange(${wish.from}::date, ${wish.until}::date, '[]'),
      ${wish.activities}::text[], ${wish.scopeKind}, ${wish.scopeId}, ${wish.limit?.minor ?? null}, ${wish.limit?.currency ?? null},
      ${wish.passesOn}, ${wish.reason}, ${wish.absenceId ?? null}, ${madeBy}, ${context.now})`);
  const names = await namesOf(context, [wish.principalId, wish.standInId]);
  const text = `From ${wish.from} to ${wish.until}: ${wish.reason}`;
  await tellBoth(context, { id, ...wish }, (personId) =>
    personId === wish.standInId
      ? { title: `You stand in for ${names.get(wish.principalId)}`, text }
      : { title: `${names.get(wish.standInId)} stands in for you`, text },
  );
  context.emit("office.delegation.created", { delegationId: id, principalId: wish.principalId, standInId: wish.standInId });
  return id;
}

/** Ends it at once; what the stand-in has open goes back. Returns how much work changed hands. */
export async function endDelegation(context: WriteContext, row: Parties): Promise<number> {
  await context.db.run(sql`
    update office.delegation set ended_on = ${context.today}, ended_by = ${context.actor.personId}
    where tenant_id = ${context.tenantId} and id = ${row.id}`);
  const names = await namesOf(context, [row.principalId, row.standInId]);
  const title = `${names.get(row.standInId)} no longer stands in for ${names.get(row.principalId)}`;
  await tellBoth(context, row, () => ({ title }));
  context.emit("office.delegation.ended", { delegationId: row.id, principalId: row.principalId, standInId: row.standInId });
  return follow(context);
}

/** Open work follows at once what was just made or ended. */
export const follow = async (context: WriteContext): Promise<number> => (await routeTasks(context)) + (await routeApprovals(context));

interface Parties {
  readonly id: Id;
  readonly principalId: Id;
  readonly standInId: Id;
}

async function tellBoth(
  context: WriteContext,
  { id, principalId, standInId }: Parties,
  says: (personId: Id) => { readonly title: string; readonly text?: string },
): Promise<void> {
  for (const personId of [principalId, standInId]) {
    // Nobody needs to be told what they just did themself.
    if (personId !== context.actor.personId) {
      await context.notify({ personId, ...says(personId), about: { subject: "office.delegation", id }, event: "office.delegation.given" });
    }
  }
}

/** Names of people of the directory who are there; someone who can no longer sign in stands in for nobody. */
export async function membersNamed(context: ReadContext, personIds: readonly Id[]): Promise<Map<Id, { name: string; isHere: boolean }>> {
  const rows = await context.db.rows<{ id: Id; name: string; isHere: boolean }>(sql`
    select p.id, p.name, exists (select from identity.member m
      where m.tenant_id = p.tenant_id and m.person_id = p.id and m.disabled_at is null) as is_here
    from directory.party p where p.tenant_id = ${context.tenantId} and p.id = any(${personIds}::uuid[]) and p.kind = 'person'`);
  return new Map(rows.map((row) => [row.id, row]));
}

async function namesOf(context: ReadContext, personIds: readonly Id[]): Promise<Map<Id, string>> {
  return new Map([...(await membersNamed(context, personIds))].map(([id, { name }]) => [id, name]));
}
