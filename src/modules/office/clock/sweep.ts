// Telling what runs out: every stage of every clock once. One statement finds and marks all that came due; people are told together
// what concerns them, so that a bad morning is one notice and not a hundred.
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { managerOf } from "../../directory/index.ts";
import { resolveHolder } from "../responsibility/resolve.ts";

/** What is told about one recipient's clocks of one kind of warning. */
interface Told {
  readonly tell: "holder" | "line" | "answerable";
  readonly isPast: boolean;
  readonly personId: Id | null;
  readonly activity: string | null;
  readonly scopeKind: "entity" | "unit" | "site" | "place" | null;
  readonly scopeId: Id | null;
  readonly clocks: number;
  /** The first few, by when they are due. */
  readonly titles: readonly string[];
  readonly clockId: Id;
}

const namedTogether = 10;

/** Returns how many stages were told. */
export async function sweepClocks(context: WriteContext): Promise<number> {
  const told = await context.db.rows<Told>(sweepStatement(context.tenantId, context.now));
  for (const group of told) await tell(context, group);
  return told.reduce((sum, group) => sum + group.clocks, 0);
}

/** Marks every stage reached by now and gathers whom to tell what: set-based, through the index of what comes due. */
export function sweepStatement(tenantId: Id, now: Date) {
  return sql`
    with due as materialized (
      select c.id, c.stages_told, (select count(*)::int from unnest(c.stage_at) s where s <= ${now}) as reached
      from office.clock c
      where c.tenant_id = ${tenantId} and c.state = 'running' and c.warn_at <= ${now}
      order by c.id for update of c skip locked
    ), told as (
      update office.clock c set stages_told = d.reached, warn_at = c.stage_at[d.reached + 1]
      from due d
      -- Said again so that only what came due is looked at, not all there ever was.
      where c.tenant_id = ${tenantId} and c.id = d.id and c.state = 'running' and c.warn_at <= ${now}
      returning c.id, c.title, c.target, c.due_at, c.person_id, c.activity, c.scope_kind, c.scope_id, c.is_confidential, c.stage_percents,
        c.stage_tells, c.stage_at, d.stages_told as before, d.reached
    ), noted as (
      insert into office.clock_warning (tenant_id, clock_id, percent, tell, reached_at, told_at)
      select ${tenantId}, t.id, t.stage_percents[n], t.stage_tells[n], t.stage_at[n], ${now}
      from told t cross join lateral generate_series(t.before + 1, t.reached) n
      on conflict (tenant_id, clock_id, percent) do nothing
      returning clock_id, percent, tell
    ), last as (
      select distinct on (n.clock_id, n.tell) n.clock_id, n.percent, case when t.is_confidential then 'holder' else n.tell end as tell
      from noted n join told t on t.id = n.clock_id order by n.clock_id, n.tell, n.percent desc
    )
    select l.tell, l.percent >= 100 as is_past, t.person_id, t.activity, t.scope_kind, t.scope_id, count(*)::int as clocks,
      (array_agg(case when t.title = t.target then t.title else t.title || ' (' || t.target || ')' end
        order by t.due_at, t.id))[1:${namedTogether}]
        as titles,
      (array_agg(t.id order by t.due_at, t.id))[1] as clock_id
    from last l join told t on t.id = l.clock_id
    group by l.tell, l.percent >= 100, t.person_id, t.activity, t.scope_kind, t.scope_id
    order by t.person_id, l.tell, is_past`;
}

async function tell(context: WriteContext, group: Told): Promise<void> {
  const personId = await recipientOf(context, group);
  if (!personId) return;
  const what = group.clocks === 1 ? group.titles[0]! : `${group.clocks} promises`;
  const more = group.clocks - group.titles.length;
  await context.notify({
    personId,
    title: group.isPast ? `Not kept in time: ${what}` : `Runs out soon: ${what}`,
    ...(group.clocks > 1 && { text: [...group.titles, ...(more > 0 ? [`and ${more} more`] : [])].join("\n") }),
    event: "office.clock.running",
    ...(group.clocks === 1 && { about: { subject: "office.clock", id: group.clockId } }),
  });
}

async function recipientOf(context: WriteContext, group: Told): Promise<Id | null> {
  const answers = async (): Promise<Id | null> => {
    if (!group.activity) return null;
    const place = group.scopeKind && group.scopeId ? { kind: group.scopeKind, id: group.scopeId } : undefined;
    return (await resolveHolder(context, group.activity, place)).personId;
  };
  if (group.tell === "answerable") return (await answers()) ?? group.personId;
  if (group.tell === "line" && group.personId) return (await managerOf(context, group.personId, context.today)) ?? group.personId;
  return group.personId ?? (await answers());
}
