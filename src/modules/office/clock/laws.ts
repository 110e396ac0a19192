// What must always hold for clocks: what is kept for the sweep is what the segments say.
import { sql } from "../../../platform/database/sql.ts";
import type { Law } from "../../../platform/operation/module.ts";
import { standingOf } from "./clock.rules.ts";
import { calendarsOf, clocksThat } from "./clock.store.ts";

export const clockLaws: readonly Law[] = [
  {
    name: "office.clockIsDerived",
    says: "When an open clock is due follows from its segments and its calendar.",
    breaks: async (context) => {
      const clocks = await clocksThat(context, sql`c.state in ('running', 'paused')`);
      const kept = await context.db.rows<{ id: string; dueAt: Date | null }>(sql`
        select id, due_at from office.clock where tenant_id = ${context.tenantId} and state in ('running', 'paused')`);
      const dueOf = new Map(kept.map((row) => [row.id, row.dueAt?.getTime() ?? null]));
      const calendarOf = await calendarsOf(context, clocks);
      return clocks
        .filter((clock) => standingOf(calendarOf(clock), clock, clock.segments, []).dueAt !== dueOf.get(clock.id))
        .map((clock) => `${clock.title}: ${clock.target}`);
    },
  },
  {
    name: "office.clockStateIsItsLastSegment",
    says: "A clock is in the state of its last segment.",
    breaks: async (context) => {
      const found = await context.db.rows<{ title: string }>(sql`
        select c.title from office.clock c
        join lateral (
          select g.state from office.clock_segment g
          where g.tenant_id = c.tenant_id and g.clock_id = c.id order by g.number desc limit 1) g on true
        where c.tenant_id = ${context.tenantId}
          and g.state <> case when c.state in ('running', 'paused') then c.state else 'stopped' end`);
      return found.map((row) => row.title);
    },
  },
  {
    name: "office.warningIsOfAClock",
    says: "Every warning is of a clock that is there, and none was told before its stage was reached.",
    breaks: async (context) => {
      const found = await context.db.rows<{ says: string }>(sql`
        select 'warning of ' || w.percent || ' % for ' || coalesce(c.title, 'no clock') as says
        from office.clock_warning w left join office.clock c on c.tenant_id = w.tenant_id and c.id = w.clock_id
        where w.tenant_id = ${context.tenantId} and (c.id is null or w.told_at < w.reached_at)`);
      return found.map((row) => row.says);
    },
  },
];
