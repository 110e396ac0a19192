// What happens to requests by themselves: solved ones are closed after some days, and whoever answers for them follows the map.
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import type { Reaction, Schedule } from "../../../platform/operation/module.ts";
import { resolveHolder, type WorkPlace } from "../responsibility/resolve.ts";

/** Closes what has been solved for as many days as its kind says. Returns how many. */
export async function closeSolved(context: WriteContext): Promise<number> {
  const closed = await context.db.rows<{ id: Id }>(sql`
    update office.request r set state = 'closed', closed_at = ${context.now}, changed_at = ${context.now}
    from office.request_kind k
    where r.tenant_id = ${context.tenantId} and k.tenant_id = ${context.tenantId} and k.id = r.kind_id and r.state = 'solved'
      and r.solved_on + k.close_days <= ${context.today}::date
    returning r.id`);
  for (const { id } of closed) context.emit("office.request.closed", { requestId: id });
  return closed.length;
}

interface Kind {
  readonly activity: string;
  readonly scopeKind: WorkPlace["kind"] | null;
  readonly scopeId: Id | null;
}

/** Finds anew who answers for what is open; with whom it is follows with its task. Returns how many changed hands. */
export async function routeRequests(context: WriteContext): Promise<number> {
  const kinds = await context.db.rows<Kind>(sql`
    select distinct k.activity, r.scope_kind, r.scope_id from office.request r
    join office.request_kind k on k.tenant_id = r.tenant_id and k.id = r.kind_id
    where r.tenant_id = ${context.tenantId} and r.closed_at is null`);
  let moved = 0;
  for (const { activity, scopeKind, scopeId } of kinds) {
    const holder = await resolveHolder(context, activity, scopeKind ? { kind: scopeKind, id: scopeId! } : undefined);
    moved += await context.db.run(sql`
      update office.request r set owner_id = ${holder.personId} from office.request_kind k
      where r.tenant_id = ${context.tenantId} and k.tenant_id = ${context.tenantId} and k.id = r.kind_id and k.activity = ${activity}
        and r.scope_id is not distinct from ${scopeId} and r.closed_at is null
        and r.owner_id is distinct from ${holder.personId}`);
  }
  return moved;
}

export const requestSchedules: readonly Schedule[] = [
  {
    name: "office.requests",
    says: "Closes requests that have been solved for some days, and gives open ones to whoever answers for them today.",
    cron: "25 2 * * *",
    does: async (context) => {
      await closeSolved(context);
      await routeRequests(context);
    },
  },
];

const follow = async (_event: unknown, context: WriteContext): Promise<void> => void (await routeRequests(context));

export const requestReactions: readonly Reaction[] = [
  { to: "office.responsibility.assigned", does: follow },
  { to: "office.responsibility.ended", does: follow },
];
