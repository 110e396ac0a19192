// The event log: what happened to each case, for process mining. As CSV, XLSX or XES (IEEE 1849), written page by page. People stand in it
// under pseudonyms that only this company's own salt could undo, unless the company has named the ground that allows names.
import { z } from "zod";
import { addDays } from "../../../kernel/day.ts";
import { isId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { Day, Id, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { watchers } from "./efficiency.operations.ts";
import { beginOf, zoneOf } from "./rollup.ts";
import { settingOf } from "./setting.operations.ts";
import { arrivedBetween, workItems } from "./work.source.ts";

export const listEvents = operation({
  name: "office.eventLog.list",
  title: "Event log",
  does: "Lists what happened to each case whose work arrived in a window: scheduled, started, completed or withdrawn, for process mining.",
  kind: "read",
  may: watchers,
  input: z.strictObject({
    from: Day,
    until: Day,
    process: Text(80).optional().describe("One process, e.g. `hire`; without it all work."),
    named: z.boolean().default(false).describe("People by name, where the company has named the ground that allows it."),
    cursor: z.string().max(200).optional().describe("The `next` of the page before."),
    limit: z.number().int().min(1).max(1000).default(100),
  }),
  output: z.object({
    rows: z.array(
      z.object({
        caseId: Id,
        concept: z.string().describe("What was done: concept:name."),
        timestamp: z.string().describe("time:timestamp."),
        lifecycle: z.enum(["schedule", "start", "complete", "withdraw"]).describe("lifecycle:transition."),
        resource: z.string().nullable().describe("org:resource."),
        group: z.string().describe("The department: org:group."),
        process: z.string(),
        instance: Id.describe("The item: its events belong together, concept:instance."),
      }),
    ),
    next: z.string().nullable(),
  }),
  refuses: {
    windowBackwards: "The window ends before it begins. Correct one of the days.",
    peopleHidden: "Single people are not shown: the company has not named the law or agreement that allows it. Look at teams.",
    badCursor: "This is not the `next` of a page before.",
  },
  async run({ from, until, process, named, cursor, limit }, context) {
    if (from > until) refuse("windowBackwards", {}, ["until"]);
    const { isPersonAllowed, salt } = await settingOf(context);
    if (named && !isPersonAllowed) refuse("peopleHidden", {}, ["named"]);
    const zone = await zoneOf(context);
    const which = arrivedBetween(beginOf(from, zone), beginOf(addDays(until, 1), zone));
    const after = cursor === undefined ? undefined : cursorOf(cursor);
    const of = process === undefined ? sql`i.source <> 'run'` : sql`i.source <> 'run' and i.process = ${process}`;
    const resource = named
      ? sql`(select p.name from directory.party p where p.tenant_id = ${context.tenantId} and p.id = i.person_id)`
      : sql`'person-' || left(encode(sha256(convert_to(${salt}::text || i.person_id::text, 'UTF8')), 'hex'), 12)`;
    const onward = after
      ? sql`(i.case_id, e.at, i.id, e.rank) >
          (${after.caseId}::uuid, ${after.at}::timestamptz, ${after.instance}::uuid, ${after.rank}::int)`
      : sql`true`;
    const found = await context.db.rows<{ caseId: string; instance: string; rank: number; at: Date } & Record<string, never>>(sql`
      select i.case_id, case when i.source = 'step' then split_part(i.title, ' – ', 1) else i.activity end as concept,
        e.at, e.lifecycle, e.rank,
        case when i.by_house then 'Heartwood' else ${resource} end as resource, split_part(i.activity, '.', 1) as "group", i.process,
        i.id as instance
      from (${workItems(context, which)}) i
      cross join lateral (values (1, 'schedule', i.arrived_at), (2, 'start', i.begun_at),
        (3, case when i.cancelled then 'withdraw' else 'complete' end, i.finished_at)) as e (rank, lifecycle, at)
      where e.at is not null and ${of} and ${onward}
      order by i.case_id, e.at, i.id, e.rank limit ${limit + 1}`);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      rows: page.map(({ at, rank: _, ...row }) => ({ ...row, timestamp: at.toISOString() })) as never,
      next: found.length > limit && last ? `${last.caseId} ${last.at.toISOString()} ${last.instance} ${last.rank}` : null,
    };
  },
});

function cursorOf(text: string): { caseId: string; at: string; instance: string; rank: number } {
  const [caseId = "", at = "", instance = "", rank = ""] = text.split(" ");
  if (!isId(caseId) || !isId(instance) || Number.isNaN(Date.parse(at)) || !/^[123]$/.test(rank)) refuse("badCursor", {}, ["cursor"]);
  return { caseId, at, instance, rank: Number(rank) };
}
