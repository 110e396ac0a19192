// Deadlines: days that must not pass, whatever department they come from.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { resolveHolder } from "../responsibility/resolve.ts";
import type { TaskOwner } from "../task/task.ts";

export interface DeadlineWish {
  readonly title: string;
  readonly due: Day;
  readonly owner: TaskOwner;
  readonly about?: { readonly subject: string; readonly id: Id };
  /** Two wishes with one key are one deadline; a later wish moves its day. */
  readonly key?: string;
}

export type DeadlineName = { readonly key: string } | { readonly deadlineId: Id };

/** Puts a day into the list of deadlines. With a key that is open already, its title and day are brought up to date. */
export async function openDeadline(context: WriteContext, wish: DeadlineWish): Promise<Id> {
  const id = context.newId();
  const activity = "activity" in wish.owner ? wish.owner.activity : null;
  const personId =
    "personId" in wish.owner ? wish.owner.personId : (await resolveHolder(context, wish.owner.activity, wish.owner.place)).personId;
  const kept = await context.db.row<{ id: Id }>(sql`
    insert into office.deadline (tenant_id, id, key, title, due, state, activity, person_id, about_subject, about_id, opened_at)
    values (${context.tenantId}, ${id}, ${wish.key ?? null}, ${wish.title}, ${wish.due}, 'open', ${activity}, ${personId},
      ${wish.about?.subject ?? null}, ${wish.about?.id ?? null}, ${context.now})
    on conflict (tenant_id, key) do update set title = excluded.title, due = excluded.due, activity = excluded.activity,
      person_id = excluded.person_id, state = 'open', closed_on = null
    returning id`);
  return kept.id;
}

/** Says that a deadline was met, or no longer counts. */
export async function closeDeadline(context: WriteContext, deadline: DeadlineName, outcome: "met" | "cancelled" = "met"): Promise<boolean> {
  const closed = await context.db.run(sql`
    update office.deadline set state = ${outcome}, closed_on = ${context.today}
    where tenant_id = ${context.tenantId} and ${named(deadline)} and state = 'open'`);
  return closed > 0;
}

export async function moveDeadline(context: WriteContext, deadline: DeadlineName, due: Day): Promise<void> {
  await context.db.run(sql`
    update office.deadline set due = ${due} where tenant_id = ${context.tenantId} and ${named(deadline)} and state = 'open'`);
}

const named = (deadline: DeadlineName): Sql => ("key" in deadline ? sql`key = ${deadline.key}` : sql`id = ${deadline.deadlineId}`);
