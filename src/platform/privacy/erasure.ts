// The wish to erase what is held about a person: one proposes it, another agrees, and only then is anything erased.
import type { Id } from "../../kernel/id.ts";
import { sql } from "../database/sql.ts";
import type { ReadContext, WriteContext } from "../operation/context.ts";

/** Nothing when one is under way for that person already. */
export async function proposeErasure(context: WriteContext, personId: Id): Promise<Id | undefined> {
  const id = context.newId();
  const made = await context.db.run(sql`
    insert into platform.erasure (tenant_id, id, person_id, state, proposed_by, proposer, proposed_at)
    values (${context.tenantId}, ${id}, ${personId}, 'proposed', ${context.actor.personId}, ${context.actor.name}, ${context.now})
    on conflict (tenant_id, person_id) where state in ('proposed', 'approved') do nothing`);
  return made === 1 ? id : undefined;
}

interface Erasure {
  readonly id: Id;
  readonly personId: Id;
  readonly state: "proposed" | "approved" | "declined" | "done";
  readonly proposedBy: Id | null;
}

export const lockErasure = (context: WriteContext, id: Id): Promise<Erasure | undefined> =>
  context.db.maybe(sql`
    select id, person_id, state, proposed_by from platform.erasure where tenant_id = ${context.tenantId} and id = ${id} for update`);

/** The database refuses whoever proposed it: `erasure_four_eyes`. */
export const decideErasure = (context: WriteContext, id: Id, verdict: "approved" | "declined"): Promise<number> =>
  context.db.run(sql`
    update platform.erasure set state = ${verdict}, decided_by = ${context.actor.personId}, decider = ${context.actor.name},
      decided_at = ${context.now}, next_day = ${context.today}
    where tenant_id = ${context.tenantId} and id = ${id} and state = 'proposed'`);

/** Approved erasures of which something may be due today. */
export const erasuresDue = (context: ReadContext): Promise<{ id: Id; personId: Id }[]> =>
  context.db.rows(sql`
    select id, person_id from platform.erasure
    where tenant_id = ${context.tenantId} and state = 'approved' and next_day <= ${context.today}::date order by id limit 200`);

/** How long a class is kept here, and by which law. */
export const decideKeeping = (context: WriteContext, keeping: { class: string; months: number; law: string }): Promise<number> =>
  context.db.run(sql`
    insert into platform.keeping (tenant_id, class, months, law, set_by, set_at)
    values (${context.tenantId}, ${keeping.class}, ${keeping.months}, ${keeping.law}, ${context.actor.personId}, ${context.now})
    on conflict (tenant_id, class) do update set months = excluded.months, law = excluded.law, set_by = excluded.set_by,
      set_at = excluded.set_at`);
