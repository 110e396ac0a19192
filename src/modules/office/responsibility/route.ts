// Open work follows its activity: when someone else answers from today on, or stands in, their tasks come along and go back after it.
// Work that was given to one person by name stays with them, but for plain wishes, which a stand-in can fulfil as well. What is closed
// stays as it was.
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { delegationsFrom, standInOf } from "../delegation/delegation.ts";
import { resolveHolders, type WorkPlace } from "./resolve.ts";

interface Kind {
  readonly activity: string;
  readonly scopeKind: WorkPlace["kind"] | null;
  readonly scopeId: Id | null;
  readonly confidential: boolean;
}

/** Finds anew who each open task is with. Returns how many changed hands. */
export async function routeTasks(context: WriteContext): Promise<number> {
  const received = [...(await routeByActivity(context)), ...(await routeByName(context))];
  const counts = new Map<Id, number>();
  for (const { personId } of received) counts.set(personId, (counts.get(personId) ?? 0) + 1);
  for (const [personId, count] of counts) {
    if (personId === context.actor.personId) continue;
    const title = count === 1 ? "One open task is now with you" : `${count} open tasks are now with you`;
    await context.notify({ personId, title, event: "office.task.given" });
  }
  return received.length;
}

type Received = readonly { readonly personId: Id }[];

async function routeByActivity(context: WriteContext): Promise<Received> {
  const kinds = await context.db.rows<Kind>(sql`
    select distinct activity, scope_kind, scope_id, is_confidential as confidential from office.task
    where tenant_id = ${context.tenantId} and state = 'open' and not is_fixed and activity is not null`);
  if (kinds.length === 0) return [];
  const work = kinds.map(({ scopeKind, scopeId, ...kind }) => ({
    ...kind,
    ...(scopeKind && { place: { kind: scopeKind, id: scopeId! } }),
  }));
  const holders = await resolveHolders(context, work, { doers: true });
  return context.db.rows<{ personId: Id }>(sql`
    update office.task t set person_id = n.person_id, via = n.via, principal_id = n.principal_id, delegation_id = n.delegation_id
    from unnest(${kinds.map((one) => one.activity)}::text[], ${kinds.map((one) => one.scopeId)}::uuid[],
      ${kinds.map((one) => one.confidential)}::boolean[], ${holders.map((one) => one.personId)}::uuid[],
      ${holders.map((one) => one.via)}::text[], ${holders.map((one) => one.principalId ?? null)}::uuid[],
      ${holders.map((one) => one.delegationId ?? null)}::uuid[])
      as n (activity, scope_id, is_confidential, person_id, via, principal_id, delegation_id)
    where t.tenant_id = ${context.tenantId} and t.state = 'open' and not t.is_fixed and t.activity = n.activity
      and t.scope_id is not distinct from n.scope_id and t.is_confidential = n.is_confidential and n.person_id is not null
      and (t.person_id, t.principal_id) is distinct from (n.person_id, n.principal_id)
    returning t.person_id`);
}

interface Named {
  readonly personId: Id;
  readonly activity: string | null;
  readonly openedBy: Id | null;
}

/** What one person was asked by name and someone else can do as well: to their stand-in while there is one, and back. */
async function routeByName(context: WriteContext): Promise<Received> {
  const asked = await context.db.rows<Named>(sql`
    select distinct coalesce(t.principal_id, t.person_id) as person_id, t.activity, t.opened_by from office.task t
    where t.tenant_id = ${context.tenantId} and t.state = 'open' and ${anyoneCan}
      and (t.principal_id is not null or exists (select from office.delegation d
        where d.tenant_id = t.tenant_id and d.principal_id = t.person_id and d.during @> ${context.today}::date and d.ended_on is null))`);
  if (asked.length === 0) return [];
  const around = await delegationsFrom(
    context,
    asked.map((one) => one.personId),
    context.today,
  );
  const found = asked.map(({ personId, activity, openedBy }) =>
    standInOf(personId, around, { activity, scopes: [context.tenantId], amount: null, except: [openedBy] }),
  );
  return context.db.rows<{ personId: Id }>(sql`
    update office.task t set person_id = coalesce(n.stand_in_id, n.person_id), delegation_id = n.delegation_id,
      principal_id = case when n.stand_in_id is not null then n.person_id end
    from unnest(${asked.map((one) => one.personId)}::uuid[], ${asked.map((one) => one.activity)}::text[],
      ${asked.map((one) => one.openedBy)}::uuid[], ${found.map((one) => one?.personId ?? null)}::uuid[],
      ${found.map((one) => one?.delegationId ?? null)}::uuid[])
      as n (person_id, activity, opened_by, stand_in_id, delegation_id)
    where t.tenant_id = ${context.tenantId} and t.state = 'open' and ${anyoneCan}
      and coalesce(t.principal_id, t.person_id) = n.person_id and t.activity is not distinct from n.activity
      and t.opened_by is not distinct from n.opened_by and t.person_id is distinct from coalesce(n.stand_in_id, n.person_id)
    returning t.person_id`);
}

/** Plain wishes, and what was asked as a kind of work; reading a policy or taking a thing over nobody does for another. */
const anyoneCan = sql`t.is_fixed and (t.activity is not null or (not t.by_fact and not t.is_confidential))`;
