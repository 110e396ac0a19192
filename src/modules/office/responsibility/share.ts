// Those who share in a kind of work without having it: the consulted hear of it while they can still speak, the informed when it is done.
import type { Id } from "../../../kernel/id.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { keyOf, scopesOf, type WorkPlace } from "./scope.ts";

interface Shared {
  /** The task. */
  readonly id: Id;
  readonly title: string;
  readonly activity: string;
  readonly place?: WorkPlace;
  readonly except?: readonly (Id | null)[];
}

export const tellConsulted = (context: WriteContext, task: Shared): Promise<void> =>
  tell(context, task, "consulted", `You are consulted: ${task.title}`, "Say what you think in a comment.");

export const tellInformed = (context: WriteContext, task: Shared): Promise<void> =>
  tell(context, task, "informed", `Done: ${task.title}`, "You are told because you are informed of this kind of work.");

async function tell(context: WriteContext, task: Shared, part: "consulted" | "informed", title: string, text: string): Promise<void> {
  const sharers = await context.db.rows<{ personId: Id; scopeId: Id }>(sql`
    select distinct coalesce(r.person_id, h.person_id) as person_id, r.scope_id from office.responsibility r
    left join directory.holding h on h.tenant_id = r.tenant_id and h.position_id = r.position_id and h.during @> ${context.today}::date
    where r.tenant_id = ${context.tenantId} and r.activity = ${task.activity} and r.part = ${part}
      and r.during @> ${context.today}::date and coalesce(r.person_id, h.person_id) is not null`);
  if (sharers.length === 0) return;
  const scopes = (await scopesOf(context, task.place ? [task.place] : [], context.today)).get(keyOf(task.place))!;
  const told = new Set<Id | null>([context.actor.personId, ...(task.except ?? [])]);
  for (const { personId, scopeId } of sharers) {
    if (told.has(personId) || !scopes.includes(scopeId)) continue;
    told.add(personId);
    await context.notify({ personId, title, text, about: { subject: "office.task", id: task.id }, event: "office.task.shared" });
  }
}

/** Kinds of work with the scope at which someone has any part in them: that person may read their tasks. */
export const sharedWith = (context: ReadContext): Sql => sql`
  select s.activity, s.scope_id from office.responsibility s
  where s.tenant_id = ${context.tenantId} and s.during @> ${context.today}::date
    and (s.person_id = ${context.actor.personId}::uuid or s.position_id in (select h.position_id from directory.holding h
      where h.tenant_id = ${context.tenantId} and h.person_id = ${context.actor.personId}::uuid and h.during @> ${context.today}::date))`;
