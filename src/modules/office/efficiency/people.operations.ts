// The figures of teams, and of single people where law and agreement allow it. A team too small to hide anyone stands among the others, and
// if those together are too few, nowhere.
import { z } from "zod";
import { addDays } from "../../../kernel/day.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { Day } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { watchers } from "./efficiency.operations.ts";
import { beginOf, zoneOf } from "./rollup.ts";
import { settingOf } from "./setting.operations.ts";
import { finishedBetween, workItems } from "./work.source.ts";

const daysMax = 92;

interface Group {
  readonly name: string;
  readonly people: number;
  readonly finished: number;
  readonly leadHours: number | null;
  readonly onTimePercent: number | null;
}

export const showPeople = operation({
  name: "office.efficiency.people",
  title: "Efficiency by team",
  does: "Shows what teams finished and how long it took; single people only when the company has named the ground that allows it.",
  kind: "read",
  may: watchers,
  input: z.strictObject({ from: Day, until: Day, level: z.enum(["team", "person"]).default("team") }),
  output: z.object({
    ground: z.string().nullable(),
    peopleMin: z.number().int(),
    rows: z.array(
      z.object({
        name: z.string(),
        people: z.number().int(),
        finished: z.number().int(),
        leadHours: z.number().nullable(),
        onTimePercent: z.number().nullable(),
      }),
    ),
  }),
  refuses: {
    windowWrong: "Choose a window of at most {days} days that does not end before it begins.",
    peopleHidden: "Single people are not shown: the company has not named the law or agreement that allows it. Look at teams.",
  },
  async run({ from, until, level }, context) {
    if (from > until || addDays(from, daysMax) < until) refuse("windowWrong", { days: daysMax }, ["until"]);
    const { peopleMin, isPersonAllowed, ground } = await settingOf(context);
    if (level === "person" && !isPersonAllowed) refuse("peopleHidden", {}, ["level"]);
    const zone = await zoneOf(context);
    const done = workItems(context, finishedBetween(beginOf(from, zone), beginOf(addDays(until, 1), zone)));
    const unit = sql`coalesce((select u.name from directory.holding h
      join directory.position_version v on v.tenant_id = h.tenant_id and v.position_id = h.position_id and v.during @> ${until}::date
      join directory.unit_version u on u.tenant_id = v.tenant_id and u.unit_id = v.unit_id and u.during @> ${until}::date
      where h.tenant_id = ${context.tenantId} and h.person_id = p.person_id and h.during @> ${until}::date limit 1), 'Without a seat')`;
    const name =
      level === "team"
        ? unit
        : sql`(select n.name from directory.party n
      where n.tenant_id = ${context.tenantId} and n.id = p.person_id)`;
    const least = level === "team" ? peopleMin : 1;
    // Who works where is looked up once for each person, not for each item.
    const rows = await context.db.rows<Group>(sql`
      with done as (
        select person_id, count(*) as finished, sum(extract(epoch from finished_at - arrived_at)) as seconds,
          count(kept) as with_due, count(*) filter (where kept) as on_time
        from (${done}) i where not cancelled and person_id is not null group by person_id
      ), placed as (
        select p.*, ${name} as name from done p
      ), grouped as (
        select name, count(*) as people, sum(finished) as finished, sum(seconds) as seconds, sum(with_due) as with_due,
          sum(on_time) as on_time from placed group by name)
      select case when people >= ${least} then name else 'Smaller teams together' end as name, sum(people)::int as people,
        sum(finished)::int as finished, round(sum(seconds) / sum(finished) / 3600, 2)::float as lead_hours,
        round(100 * sum(on_time) / nullif(sum(with_due), 0), 1)::float as on_time_percent
      from grouped group by 1 having sum(people) >= ${least} order by 1`);
    return { ground, peopleMin, rows };
  },
});
