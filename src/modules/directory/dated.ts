// Changes from a day on: what a unit or a seat was before stays in history, what was already planned for later stays planned.
import type { Day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import { identifier, type Sql, sql } from "../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../platform/operation/context.ts";

type Versioned = "unit" | "position";

/** The version of every unit or seat that counts on a day: the one of that day, else the next planned, else the last. */
export function versionsOn(context: ReadContext, of: Versioned, asOf: Day): Sql {
  const key = identifier(`${of}_id`);
  return sql`
    select distinct on (${key}) *, (during @> ${asOf}::date) as holds from directory.${identifier(`${of}_version`)}
    where tenant_id = ${context.tenantId}
    order by ${key}, (during @> ${asOf}::date) desc, (lower(during) > ${asOf}::date) desc, abs(lower(during) - ${asOf}::date)`;
}

/** Splits the version of `from` so that a new one can begin that day; returns false when none holds on that day. */
export async function splitVersion(context: WriteContext, of: Versioned, id: Id, from: Day): Promise<boolean> {
  const table = identifier(`directory.${of}_version`);
  const key = identifier(`${of}_id`);
  const columns = of === "unit" ? sql`name, parent_id` : sql`title, job_id, unit_id, site_id, reports_to_id`;
  const there = await context.db.maybe<{ begins: Day; ends: Day | null }>(sql`
    select lower(during) as begins, upper(during) as ends from ${table}
    where tenant_id = ${context.tenantId} and ${key} = ${id} and during @> ${from}::date for update`);
  if (!there) return false;
  if (there.begins === from) return true;
  await context.db.run(sql`
    update ${table} set during = daterange(${there.begins}::date, ${from}::date)
    where tenant_id = ${context.tenantId} and ${key} = ${id} and lower(during) = ${there.begins}::date`);
  await context.db.run(sql`
    insert into ${table} (tenant_id, ${key}, during, ${columns})
    select tenant_id, ${key}, daterange(${from}::date, ${there.ends}::date), ${columns} from ${table}
    where tenant_id = ${context.tenantId} and ${key} = ${id} and lower(during) = ${there.begins}::date`);
  return true;
}

/** Whether a unit or seat would, on any day from `from` on, stand above itself. */
export async function standsAboveItself(context: ReadContext, of: Versioned, id: Id, from: Day): Promise<boolean> {
  const table = identifier(`directory.${of}_version`);
  const key = identifier(`${of}_id`);
  const above = of === "unit" ? sql`parent_id` : sql`reports_to_id`;
  const { circle } = await context.db.row<{ circle: boolean }>(sql`
    with recursive line (above_id, during, depth) as (
      select ${above}, during * daterange(${from}::date, null), 1 from ${table}
      where tenant_id = ${context.tenantId} and ${key} = ${id} and during && daterange(${from}::date, null)
      union all
      select v.${above}, v.during * l.during, l.depth + 1
      from line l join ${table} v on v.tenant_id = ${context.tenantId} and v.${key} = l.above_id and v.during && l.during
      where l.above_id <> ${id} and l.depth < 100)
    select coalesce(bool_or(above_id = ${id}), false) as circle from line`);
  return circle;
}
