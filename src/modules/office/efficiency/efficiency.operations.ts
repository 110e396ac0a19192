// What the one who answers for how work moves looks at on Monday: what got slower, where work waits, what is oldest, and what it costs.
import { z } from "zod";
import { addDays, type Day as KernelDay, daysBetween } from "../../../kernel/day.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Day, Id, Instant, Money, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { costsOf } from "./cost.ts";
import { type Figures, figuresOf, groupings, weeksOf } from "./figures.ts";
import { arrivedBetween, finishedBetween, isOpen, sources, workItems } from "./work.source.ts";
import { beginOf, zoneOf } from "./rollup.ts";

export const watchers = ["office.manager"];

const By = z.enum(groupings).default("process");
const Window = {
  from: Day.optional().describe("By default four weeks before the last day."),
  until: Day.optional().describe("By default today."),
};
const windowWords = {
  windowBackwards: "The window ends before it begins. Correct one of the days.",
  windowTooLong: "Look at two years at most.",
};

interface Asked {
  readonly from?: KernelDay;
  readonly until?: KernelDay;
}

function windowOf({ from, until }: Asked, context: ReadContext, usualDays = 28): { from: KernelDay; until: KernelDay } {
  const last = until ?? context.today;
  const first = from ?? addDays(last, 1 - usualDays);
  if (first > last) refuse("windowBackwards", {}, ["until"]);
  if (daysBetween(first, last) > 731) refuse("windowTooLong", {}, ["from"]);
  return { from: first, until: last };
}

const figures = {
  name: z.string(),
  arrived: z.number().int(),
  finished: z.number().int(),
  cancelled: z.number().int(),
  leadHours: z.number().nullable().describe("Mean hours from arrival to finish."),
  leadHalf: z.number().nullable().describe("Half were finished within so many hours."),
  leadMost: z.number().nullable().describe("85 of 100 were finished within so many hours."),
  cycleHours: z.number().nullable().describe("Mean hours from begin to finish, of those that were begun."),
  waitHours: z.number().nullable().describe("Mean hours from arrival to begin, of those that were begun."),
  begun: z.number().int(),
  rightFirstPercent: z.number().nullable(),
  reopened: z.number().int(),
  onTimePercent: z.number().nullable(),
  automationPercent: z.number().nullable().describe("Done by the house itself."),
  minutes: z.number().int().describe("Written down."),
  timed: z.number().int(),
};

export const showEfficiency = operation({
  name: "office.efficiency.show",
  title: "Efficiency",
  does: "Shows how long work took in a window and how it was before, by process, department, kind of work or source.",
  kind: "read",
  may: watchers,
  input: z.strictObject({ ...Window, by: By }),
  output: z.object({
    from: Day,
    until: Day,
    rows: z.array(z.object({ ...figures, leadHoursBefore: z.number().nullable(), finishedBefore: z.number().int() })),
    costs: z.array(
      z.object({
        process: z.string(),
        cost: Money,
        costEach: Money,
        rated: z.number().int(),
        assumed: z.number().int().describe("Of these the time is assumed."),
        unrated: z.number().int().describe("Finished without a rate: not in the sum."),
      }),
    ),
  }),
  refuses: windowWords,
  async run(input, context) {
    const { from, until } = windowOf(input, context);
    const days = daysBetween(from, until) + 1;
    const now = await figuresOf(context, from, until, input.by);
    const before = new Map((await figuresOf(context, addDays(from, -days), addDays(from, -1), input.by)).map((row) => [row.name, row]));
    const rows = now.map((row) => ({
      ...row,
      leadHoursBefore: before.get(row.name)?.leadHours ?? null,
      finishedBefore: before.get(row.name)?.finished ?? 0,
    }));
    return { from, until, rows, costs: await costsOf(context, from, until) };
  },
});

export const showTrend = operation({
  name: "office.efficiency.trend",
  title: "Efficiency week by week",
  does: "Shows week by week how much arrived and was finished and how long it took, of everything or of one row of the figures.",
  kind: "read",
  may: watchers,
  input: z.strictObject({ ...Window, by: By, name: Text(120).optional().describe("One process, department, kind of work or source.") }),
  output: z.object({ rows: z.array(z.object({ ...figures, name: z.string().describe("The Monday of the week.") })) }),
  refuses: windowWords,
  async run(input, context) {
    const { from, until } = windowOf(input, context, 26 * 7);
    return { rows: (await weeksOf(context, from, until, input.by, input.name)) as (Figures & { name: string })[] };
  },
});

export const showWaiting = operation({
  name: "office.efficiency.waiting",
  title: "Where work waits",
  does: "Shows what is open now by process and kind of work: how much, how old on average, how old the oldest, and how much is late.",
  kind: "read",
  may: watchers,
  input: z.strictObject({}),
  output: z.object({
    rows: z.array(
      z.object({
        source: z.enum(sources),
        process: z.string(),
        activity: z.string(),
        open: z.number().int(),
        late: z.number().int(),
        ageDays: z.number(),
        oldestDays: z.number(),
        begun: z.number().int(),
      }),
    ),
  }),
  async run(_input, context) {
    const rows = await context.db.rows<never>(sql`
      select source, process, activity, count(*)::int as open, count(*) filter (where due < ${context.today}::date)::int as late,
        count(begun_at)::int as begun,
        round(avg(extract(epoch from ${context.now}::timestamptz - arrived_at)) / 86400, 1)::float as age_days,
        round(max(extract(epoch from ${context.now}::timestamptz - arrived_at)) / 86400, 1)::float as oldest_days
      from (${workItems(context, isOpen)}) i group by source, process, activity order by oldest_days desc, process, activity`);
    return { rows };
  },
});

const itemsMax = 500;

export const listItems = operation({
  name: "office.efficiency.items",
  title: "Items behind a figure",
  does: "Lists the items that a figure counts: what is open, oldest first, or what was finished in a window, slowest first.",
  kind: "read",
  may: watchers,
  input: z.strictObject({
    ...Window,
    state: z.enum(["open", "finished", "arrived"]).default("open"),
    by: By,
    name: Text(120).optional().describe("One process, department, kind of work or source."),
    limit: z.number().int().min(1).max(itemsMax).default(50),
  }),
  output: z.object({
    rows: z.array(
      z.object({
        id: Id,
        source: z.enum(sources),
        title: z.string(),
        subject: z.string(),
        recordId: Id,
        process: z.string(),
        activity: z.string(),
        arrivedAt: Instant,
        begunAt: Instant.nullable(),
        finishedAt: Instant.nullable(),
        hours: z.number().describe("From arrival to finish, or until now."),
        late: z.boolean(),
      }),
    ),
  }),
  refuses: windowWords,
  async run(input, context) {
    const { from, until } = windowOf(input, context);
    const zone = await zoneOf(context);
    const bounds = [beginOf(from, zone), beginOf(addDays(until, 1), zone)] as const;
    const which = input.state === "open" ? isOpen : (input.state === "finished" ? finishedBetween : arrivedBetween)(...bounds);
    const key = { source: sql`source`, process: sql`process`, department: sql`split_part(activity, '.', 1)`, activity: sql`activity` }[
      input.by
    ];
    const named = input.name === undefined ? sql`true` : sql`${key} = ${input.name}`;
    const rows = await context.db.rows<never>(sql`
      select id, source, title, subject, record_id, process, activity, arrived_at, begun_at, finished_at,
        round(extract(epoch from coalesce(finished_at, ${context.now}::timestamptz) - arrived_at) / 3600, 1)::float as hours,
        coalesce(not kept, due < ${context.today}::date, false) as late
      from (${workItems(context, which)}) i
      where ${named} and not (cancelled and finished_at is not null)
      order by coalesce(finished_at, ${context.now}::timestamptz) - arrived_at desc, id limit ${input.limit}`);
    return { rows };
  },
});
