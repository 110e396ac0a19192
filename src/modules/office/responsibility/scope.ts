// Where work happens, and the scopes that hold there: a desk lies in a room, a floor, a building and a site, a unit in the units and
// the legal entity above it, and everything in the company.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";

/** A legal entity, an org unit, or a place from site to desk. */
export interface WorkPlace {
  readonly kind: "entity" | "unit" | "site" | "place";
  readonly id: Id;
}

const everywhere = "";

/** By which `scopesOf` knows a place; no place is everywhere. */
export const keyOf = (place: WorkPlace | undefined): string => place?.id ?? everywhere;

/** The scopes that hold at each place, nearest first, the company last. */
export async function scopesOf(context: ReadContext, places: readonly WorkPlace[], on: Day): Promise<Map<string, Id[]>> {
  const idsOf = (...kinds: WorkPlace["kind"][]) => [...new Set(places.filter((one) => kinds.includes(one.kind)).map((one) => one.id))];
  const [units, rooms] = [idsOf("unit"), idsOf("site", "place")];
  const found = new Map<string, Id[]>([[everywhere, []], ...places.map(({ id }): [string, Id[]] => [id, []])]);
  for (const id of idsOf("entity")) found.get(id)!.push(id);
  for (const { of, id } of units.length > 0 ? await aboveUnits(context, units, on) : []) found.get(of)!.push(id);
  for (const { of, id } of rooms.length > 0 ? await abovePlaces(context, rooms) : []) found.get(of)!.push(id);
  for (const scopes of found.values()) scopes.push(context.tenantId);
  return found;
}

type Above = readonly { readonly of: Id; readonly id: Id }[];

function aboveUnits(context: ReadContext, units: readonly Id[], on: Day): Promise<Above> {
  return context.db.rows(sql`
    with recursive line (of_id, unit_id, depth) as (
      select id, id, 0 from unnest(${units}::uuid[]) as asked (id)
      union all
      select l.of_id, v.parent_id, l.depth + 1 from line l
      join directory.unit_version v on v.tenant_id = ${context.tenantId} and v.unit_id = l.unit_id and v.during @> ${on}::date
      where v.parent_id is not null and l.depth < 50)
    select of, id from (
      select of_id as of, unit_id as id, depth from line
      union all
      select l.of_id, u.entity_id, 100 + min(l.depth) from line l
      join directory.unit u on u.tenant_id = ${context.tenantId} and u.id = l.unit_id
      where u.entity_id is not null group by l.of_id, u.entity_id) above
    order by depth, id`);
}

function abovePlaces(context: ReadContext, places: readonly Id[]): Promise<Above> {
  return context.db.rows(sql`
    with recursive up (of_id, id, parent_id, depth) as (
      select id, id, parent_id, 0 from directory.place where tenant_id = ${context.tenantId} and id = any(${places}::uuid[])
      union all
      select u.of_id, p.id, p.parent_id, u.depth + 1 from up u
      join directory.place p on p.tenant_id = ${context.tenantId} and p.id = u.parent_id where u.depth < 20)
    select of_id as of, id from up order by depth`);
}
