// Who sees a request, and who works on it. A confidential one is seen by the one who asks, by whom it is with and by whoever answers for
// it, and by nobody else: not by the team, not by the owner of the company.
import type { Id } from "../../../kernel/id.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { type May, whoever } from "../../../platform/operation/operation.ts";
import { rolesOf } from "./audience.ts";

/** Requests as `r` with their kind `k` and their task `t`: what every question about them is asked of. */
export const requestTables = (context: ReadContext): Sql => sql`
  office.request r
  join office.request_kind k on k.tenant_id = ${context.tenantId} and k.id = r.kind_id
  left join office.task t on t.tenant_id = ${context.tenantId} and t.id = r.task_id`;

/** The actor works on the request `r`: it is with them, they answer for it, or it is their team's and not confidential. */
export function worksOnIt(context: ReadContext): Sql {
  if (context.actor.kind === "system") return sql`true`;
  const me = sql`${context.actor.personId}::uuid`;
  const sees = context.holds("owner") || context.holds("office.manager");
  return sql`coalesce(r.owner_id = ${me} or t.person_id = ${me} or (not r.is_confidential and (
    ${sees} or k.team_roles && ${rolesOf(context)}::text[] or k.activity in (
      select a.activity from office.responsibility a
      left join directory.holding h on h.tenant_id = a.tenant_id and h.position_id = a.position_id and h.during @> ${context.today}::date
      where a.tenant_id = ${context.tenantId} and a.part in ('accountable', 'responsible') and a.during @> ${context.today}::date
        and ${me} in (a.person_id, h.person_id)))), false)`;
}

/** The request `r` is the actor's own. */
export const isOwn = (context: ReadContext): Sql => sql`coalesce(${context.actor.personId}::uuid in (r.requester_id, r.filed_by), false)`;

/** The actor sees the request `r` at all. */
export const seesIt = (context: ReadContext): Sql => sql`(${isOwn(context)} or ${worksOnIt(context)}
  or (not r.is_confidential and exists (select from office.request_watcher w
    where w.tenant_id = ${context.tenantId} and w.request_id = r.id and w.person_id = ${context.actor.personId})))`;

interface Sight {
  readonly sees: boolean;
  readonly works: boolean;
  readonly own: boolean;
  readonly requesterId: Id | null;
}

const blind: Sight = { sees: false, works: false, own: false, requesterId: null };

export async function sightOf(context: ReadContext, requestId: Id): Promise<Sight> {
  const found = await context.db.maybe<Sight>(sql`
    select ${seesIt(context)} as sees, ${worksOnIt(context)} as works, ${isOwn(context)} as own, r.requester_id
    from ${requestTables(context)} where r.tenant_id = ${context.tenantId} and r.id = ${requestId}`);
  return found ?? blind;
}

interface Asked {
  readonly requestId: Id;
  /** The record's own columns, when the screen asks what may be done with it; a real input is strict and never has them. */
  readonly works?: boolean;
  readonly own?: boolean;
  readonly requesterId?: Id;
}

const byRecord = ({ works, own, requesterId }: Asked): Sight | undefined =>
  works === undefined ? undefined : { sees: true, works, own: own === true, requesterId: requesterId ?? null };

const whoeverIs = (says: string, asks: (sight: Sight, context: ReadContext) => boolean): May =>
  whoever<Asked>(says, async (input, context) => asks(byRecord(input) ?? (await sightOf(context, input.requestId)), context));

export const worker = whoeverIs("whoever works on the request", ({ works }) => works);
/** Who asked never reads what is said among those who work on it, even when they are one of them. */
export const insider = whoeverIs(
  "whoever works on the request and did not ask for it",
  ({ works, requesterId }, { actor }) => works && requesterId !== actor.personId,
);
export const asker = whoeverIs("whoever asked", ({ own }) => own);
export const askerOrWorker = whoeverIs("whoever asked or works on the request", ({ own, works }) => own || works);
export const onlooker = whoeverIs("whoever sees the request", ({ sees }) => sees);
