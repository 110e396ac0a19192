// Those who share in a kind of work without having it: the consulted hear of it while they can still speak, the informed when it is done.
import type { Id } from "../../../kernel/id.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { Notice, ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { keyOf, scopesOf, type WorkPlace } from "./scope.ts";

interface Shared {
  /** The task. */
  readonly id: Id;
  readonly title: string;
  readonly activity: string;
  readonly place?: WorkPlace;
  readonly except?: readonly (Id | null)[];
}

export const tellConsulted = (context: WriteContext, tasks: readonly Shared[]): Promise<void> =>
  tell(context, tasks, "consulted", (title) => `You are consulted: ${title}`, "Say what you think in a comment.");

export const tellInformed = (context: WriteContext, tasks: readonly Shared[]): Promise<void> =>
  tell(context, tasks, "informed", (title) => `Done: ${title}`, "You are told because you are informed of this kind of work.");

async function tell(
  context: WriteContext,
  tasks: readonly Shared[],
  part: "consulted" | "informed",
  titleOf: (title: string) => string,
  text: string,
): Promise<void> {
  if (tasks.length === 0) return;
  const sharers = await context.db.rows<{ activity: string; personId: Id; scopeId: Id }>(sql`
    select distinct r.activity, coalesce(r.person_id, h.person_id) as person_id, r.scope_id from office.responsibility r
    left join directory.holding h on h.tenant_id = r.tenant_id and h.position_id = r.position_id and h.during @> ${context.today}::date
    where r.tenant_id = ${context.tenantId} and r.activity = any(${[...new Set(tasks.map((task) => task.activity))]}::text[])
      and r.part = ${part} and r.during @> ${context.today}::date and coalesce(r.person_id, h.person_id) is not null`);
  if (sharers.length === 0) return;
  const scopesByPlace = await scopesOf(
    context,
    tasks.flatMap((task) => task.place ?? []),
    context.today,
  );
  const notices = tasks.flatMap((task): Notice[] => {
    const scopes = scopesByPlace.get(keyOf(task.place))!;
    const meant = sharers.filter((one) => one.activity === task.activity && scopes.includes(one.scopeId));
    const spared = new Set<Id | null>([context.actor.personId, ...(task.except ?? [])]);
    const told = [...new Set(meant.map((one) => one.personId))].filter((personId) => !spared.has(personId));
    const about = { subject: "office.task", id: task.id };
    return told.map((personId) => ({ personId, title: titleOf(task.title), text, about, event: "office.task.shared" }));
  });
  if (notices.length > 0) await context.notifyAll(notices);
}

/** Kinds of work with the scope at which someone has any part in them: that person may read their tasks. */
export const sharedWith = (context: ReadContext): Sql => sql`
  select s.activity, s.scope_id from office.responsibility s
  where s.tenant_id = ${context.tenantId} and s.during @> ${context.today}::date
    and (s.person_id = ${context.actor.personId}::uuid or s.position_id in (select h.position_id from directory.holding h
      where h.tenant_id = ${context.tenantId} and h.person_id = ${context.actor.personId}::uuid and h.during @> ${context.today}::date))`;
