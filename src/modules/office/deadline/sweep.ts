// Warning of deadlines before they pass, and saying when one did: each once. One statement finds and marks all that came due.
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { managerOf } from "../../directory/index.ts";

interface Told {
  readonly id: Id;
  readonly title: string;
  readonly dueText: string;
  readonly personId: Id | null;
  readonly isConfidential: boolean;
  readonly isPast: boolean;
}

/** Returns how many deadlines were told of. */
export async function sweepDeadlines(context: WriteContext): Promise<number> {
  const told = await context.db.rows<Told>(sql`
    with due as materialized (
      select d.id, (select count(*)::int from unnest(d.warnings) w where w <= ${context.now}) as reached
      from office.deadline d
      where d.tenant_id = ${context.tenantId} and d.state = 'open' and d.warn_at <= ${context.now}
      order by d.id for update of d skip locked
    )
    update office.deadline d set warnings_told = u.reached, warn_at = d.warnings[u.reached + 1]
    from due u
    where d.tenant_id = ${context.tenantId} and d.id = u.id and d.state = 'open' and d.warn_at <= ${context.now}
    returning d.id, d.title, to_char(d.due_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC' as due_text,
      d.person_id, d.is_confidential,
      d.due_at < ${context.now} or u.reached = cardinality(d.warnings) as is_past`);
  await context.db.run(sql`
    insert into office.deadline_event (tenant_id, id, deadline_id, kind, text, at, by_name)
    select ${context.tenantId}, t.id, t.deadline_id, t.kind, t.text, ${context.now}, ${context.actor.name}
    from unnest(${told.map(() => context.newId())}::uuid[], ${told.map((one) => one.id)}::uuid[],
      ${told.map((one) => (one.isPast ? "missed" : "warned"))}::text[], ${told.map((one) => `Due ${one.dueText}.`)}::text[])
      as t (id, deadline_id, kind, text)`);
  for (const one of told) await tell(context, one);
  return told.length;
}

async function tell(context: WriteContext, one: Told): Promise<void> {
  if (!one.personId) return;
  const about = { subject: "office.deadline", id: one.id };
  const title = one.isPast ? `Deadline passed: ${one.title}` : `Due ${one.dueText}: ${one.title}`;
  const event = "office.deadline.near";
  await context.notify({ personId: one.personId, title, about, event, mail: true });
  if (!one.isPast || one.isConfidential) return;
  const above = await managerOf(context, one.personId, context.today);
  if (above) await context.notify({ personId: above, title, about, event });
}
