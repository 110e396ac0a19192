// Open work follows its activity: when someone else answers from today on, their tasks and decisions come along. Work that was given
// to one person by name stays with them, and what is closed stays as it was.
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { resolveHolder, type WorkPlace } from "./resolve.ts";

interface Kind {
  readonly activity: string;
  readonly scopeKind: WorkPlace["kind"] | null;
  readonly scopeId: Id | null;
}

/** Finds anew who each open task is with. Returns how many changed hands. */
export async function routeTasks(context: WriteContext): Promise<number> {
  const kinds = await context.db.rows<Kind>(sql`
    select distinct activity, scope_kind, scope_id from office.task
    where tenant_id = ${context.tenantId} and state = 'open' and not is_fixed and activity is not null`);
  const received = new Map<Id, number>();
  for (const kind of kinds) {
    const holder = await resolveHolder(context, kind.activity, kind.scopeKind ? { kind: kind.scopeKind, id: kind.scopeId! } : undefined);
    const moved = await context.db.run(sql`
      update office.task set person_id = ${holder.personId}, via = ${holder.via}
      where tenant_id = ${context.tenantId} and state = 'open' and not is_fixed and activity = ${kind.activity}
        and scope_id is not distinct from ${kind.scopeId} and person_id is distinct from ${holder.personId}`);
    if (moved > 0 && holder.personId) received.set(holder.personId, (received.get(holder.personId) ?? 0) + moved);
  }
  for (const [personId, count] of received) {
    await context.notify({ personId, title: count === 1 ? "One open task is now with you" : `${count} open tasks are now with you` });
  }
  return [...received.values()].reduce((sum, count) => sum + count, 0);
}
