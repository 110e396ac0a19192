// What must hold in the directory on every day, and the figures it shows on Today.
import { sql } from "../../platform/database/sql.ts";
import type { Figure, Law } from "../../platform/operation/module.ts";

export const laws: readonly Law[] = [
  {
    name: "directory.seatsAreHeldWhilePlanned",
    says: "Nobody sits in a seat on a day for which it is not planned.",
    breaks: async (context) => {
      const found = await context.db.rows<{ person: string; code: string }>(sql`
        select o.name as person, p.code from directory.holding h
        join directory.position p on p.tenant_id = h.tenant_id and p.id = h.position_id
        join directory.party o on o.tenant_id = h.tenant_id and o.id = h.person_id
        where h.tenant_id = ${context.tenantId} and not h.during <@ p.planned`);
      return found.map((row) => `${row.person} sits in ${row.code} on days for which it is not planned.`);
    },
  },
  {
    name: "directory.lineHasNoCircle",
    says: "Nobody stands above themself, on no day, neither in the line nor in the tree of units.",
    breaks: async (context) => {
      const found = await context.db.rows<{ code: string }>(sql`
        with recursive line (start_id, above_id, during, depth) as (
          select position_id, reports_to_id, during, 1 from directory.position_version
          where tenant_id = ${context.tenantId} and reports_to_id is not null
          union all
          select l.start_id, v.reports_to_id, v.during * l.during, l.depth + 1
          from line l join directory.position_version v
            on v.tenant_id = ${context.tenantId} and v.position_id = l.above_id and v.during && l.during
          where l.above_id <> l.start_id and l.depth < 100),
        tree (start_id, above_id, during, depth) as (
          select unit_id, parent_id, during, 1 from directory.unit_version
          where tenant_id = ${context.tenantId} and parent_id is not null
          union all
          select l.start_id, v.parent_id, v.during * l.during, l.depth + 1
          from tree l join directory.unit_version v
            on v.tenant_id = ${context.tenantId} and v.unit_id = l.above_id and v.during && l.during
          where l.above_id <> l.start_id and l.depth < 100)
        select distinct p.code from line l join directory.position p on p.tenant_id = ${context.tenantId} and p.id = l.start_id
        where l.above_id = l.start_id
        union
        select distinct u.code from tree l join directory.unit u on u.tenant_id = ${context.tenantId} and u.id = l.start_id
        where l.above_id = l.start_id`);
      return found.map((row) => `${row.code} stands above itself.`);
    },
  },
  {
    name: "directory.seatsHaveNoGap",
    says: "A seat has a job and a unit on every day for which it is planned.",
    breaks: async (context) => {
      const found = await context.db.rows<{ code: string }>(sql`
        select p.code from directory.position p
        where p.tenant_id = ${context.tenantId} and datemultirange(p.planned) <> coalesce(
          (select range_agg(v.during) from directory.position_version v where v.tenant_id = p.tenant_id and v.position_id = p.id),
          datemultirange())`);
      return found.map((row) => `${row.code} has days without a job and unit, or outside its plan.`);
    },
  },
];

export const figures: readonly Figure[] = [
  {
    name: "directory.openSeats",
    title: "Open seats",
    roles: ["directory.manager"],
    to: "/r/directory/position?filter[state]=open",
    value: async (context, today) => {
      const { count } = await context.db.row<{ count: number }>(sql`
        select count(*)::int as count from directory.position p
        where p.tenant_id = ${context.tenantId} and p.planned @> ${today}::date
          and not exists (select from directory.holding h
            where h.tenant_id = p.tenant_id and h.position_id = p.id and h.during && daterange(${today}::date, null))`);
      return count;
    },
  },
];
