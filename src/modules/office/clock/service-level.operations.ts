// Service levels: what is promised for which records, in which hours, whom to warn when, and in which states the clock stands still.
// A change makes a new version and counts every open clock anew.
import { z } from "zod";
import type { Id as RecordId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Id, Instant, ref, Text } from "../../../platform/operation/field.ts";
import { anyone, operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { restateClocks } from "./clock.ts";

const year = 366 * 24 * 60;

const Promise_ = z.strictObject({
  target: z
    .string()
    .regex(/^[a-z][a-zA-Z]{0,39}$/, "must be one word like response")
    .describe("What must happen: response, resolution, or any other word."),
  amount: z.number().int().min(1).max(year).describe("How much working time it may take."),
  unit: z.enum(["minutes", "days"]).default("minutes").describe("A day is a worked day later at the same time, never 24 hours."),
  stages: z
    .array(
      z.strictObject({
        percent: z.number().int().min(1).max(1000).describe("Of the time allowed; 100 is when it is due."),
        tell: z.enum(["holder", "line", "answerable"]).describe("Who has it, who leads them, or who answers for that kind of work."),
      }),
    )
    .max(10)
    .default([
      { percent: 75, tell: "holder" },
      { percent: 100, tell: "line" },
    ]),
});

const terms = {
  conditions: z
    .array(z.strictObject({ field: Text(60), is: z.array(Text(100)).min(1).max(50) }))
    .max(10)
    .default([])
    .describe("All must fit; none fits every record."),
  targets: z.array(Promise_).min(1).max(10),
  pauseStates: z.array(Text(40)).max(20).default([]).describe("States of the record in which nobody waits for us."),
  calendarId: ref("directory.calendar").optional().describe("Left out, the calendar of the record's place, or the company's."),
  isRoundTheClock: z.boolean().default(false).describe("Nights and weekends count too."),
};

type Terms = z.output<z.ZodObject<typeof terms>>;

const refusals = {
  targetTwice: "{target} is promised twice. Promise each target once.",
  stagesUnsorted: "The stages of {target} must rise: each percent more than the one before.",
  calendarOrClock: "Either a calendar or round the clock, not both.",
  calendarUnknown: "There is no such calendar. Choose one from the list.",
} as const;

export const serviceLevelRegister = register({
  name: "office.serviceLevel",
  title: "Service levels",
  does: "How long requests and other records may take, and who is warned before time runs out.",
  may: [anyone],
  row: z.object({
    id: Id,
    name: z.string(),
    subject: z.string(),
    state: z.enum(["in force", "retired"]),
    rank: z.number().int(),
    applies: z.string(),
    promises: z.string(),
    calendarId: ref("directory.calendar").nullable(),
    calendar: z.string().nullable(),
    version: z.number().int(),
    openClocks: z.number().int(),
    since: Instant,
  }),
  label: "name",
  search: ["name", "subject", "promises"],
  sort: "rank",
  from: (context) => sql`
    select l.id, l.name, l.subject, l.state, l.rank, v.version, v.made_at as since, v.calendar_id,
      case when v.is_round_the_clock then 'round the clock' else c.name end as calendar,
      coalesce((select string_agg((k ->> 'field') || ' is ' || (select string_agg(i, ' or ')
        from jsonb_array_elements_text(k -> 'is') i), ', ')
        from jsonb_array_elements(v.conditions) k), 'always') as applies,
      (select string_agg((p ->> 'target') || ' ' || (p ->> 'amount') || ' ' || (p ->> 'unit'), ', ') from jsonb_array_elements(v.targets) p)
        as promises,
      (select count(*)::int from office.clock k
        where k.tenant_id = l.tenant_id and k.service_level_id = l.id and k.state in ('running', 'paused')) as open_clocks
    from office.service_level l
    join lateral (
      select * from office.service_level_version v
      where v.tenant_id = l.tenant_id and v.service_level_id = l.id order by v.version desc limit 1) v on true
    left join directory.calendar c on c.tenant_id = v.tenant_id and c.id = v.calendar_id
    where l.tenant_id = ${context.tenantId}`,
});

export const createServiceLevel = operation({
  name: "office.serviceLevel.create",
  title: "Promise a service level",
  does: "Says how long records of a kind may take, in which hours, and who is warned when time runs out.",
  kind: "write",
  may: ["office.manager"],
  input: z.strictObject({
    name: Text(100),
    subject: z
      .string()
      .regex(/^[a-z][a-zA-Z]*\.[a-z][a-zA-Z]*$/, "must be a register like office.request")
      .default("office.request"),
    rank: z.number().int().min(0).max(1000).default(100).describe("The first that fits holds; lower comes first."),
    ...terms,
  }),
  output: z.object({ id: Id }),
  refuses: { nameTaken: "There is a service level called {name} already. Choose another name.", ...refusals },
  emits: ["office.serviceLevel.created"],
  constraints: { service_level_tenant_id_name_key: "nameTaken" },
  example: { name: "Urgent", conditions: [{ field: "priority", is: ["urgent"] }], targets: [{ target: "response", amount: 30 }] },
  async run(input, context) {
    const taken = await context.db.maybe(sql`
      select id from office.service_level where tenant_id = ${context.tenantId} and name = ${input.name}`);
    if (taken) refuse("nameTaken", { name: input.name }, ["name"]);
    const id = context.newId();
    await checkTerms(context, input);
    await context.db.run(sql`
      insert into office.service_level (tenant_id, id, name, subject, rank, state)
      values (${context.tenantId}, ${id}, ${input.name}, ${input.subject}, ${input.rank}, 'in force')`);
    await writeVersion(context, id, 1, input);
    context.emit("office.serviceLevel.created", { serviceLevelId: id });
    return { id };
  },
});

export const changeServiceLevel = operation({
  name: "office.serviceLevel.change",
  title: "Change a service level",
  does: "Makes a new version of what is promised. Every open clock is counted anew by it; what has stopped stays as it was.",
  kind: "write",
  may: ["office.manager"],
  when: (record) => record["state"] === "in force",
  input: z.strictObject({ serviceLevelId: ref("office.serviceLevel"), rank: z.number().int().min(0).max(1000).optional(), ...terms }),
  output: z.object({ id: Id, version: z.number().int(), restated: z.number().int() }),
  refuses: { notFound: "There is no such service level.", retired: "It is retired. Promise a new one.", ...refusals },
  emits: ["office.serviceLevel.changed"],
  async run(input, context) {
    const version = (await lockLevel(context, input.serviceLevelId)) + 1;
    await checkTerms(context, input);
    if (input.rank !== undefined) {
      await context.db.run(sql`
        update office.service_level set rank = ${input.rank} where tenant_id = ${context.tenantId} and id = ${input.serviceLevelId}`);
    }
    await writeVersion(context, input.serviceLevelId, version, input);
    context.emit("office.serviceLevel.changed", { serviceLevelId: input.serviceLevelId });
    return { id: input.serviceLevelId, version, restated: await restateClocks(context, { reason: "service level changed" }) };
  },
});

export const retireServiceLevel = operation({
  name: "office.serviceLevel.retire",
  title: "Retire a service level",
  does: "Promises it no longer. Open clocks go over to the next level that fits, or keep what they were promised.",
  kind: "write",
  may: ["office.manager"],
  when: (record) => record["state"] === "in force",
  input: z.strictObject({ serviceLevelId: ref("office.serviceLevel") }),
  output: z.object({ id: Id, restated: z.number().int() }),
  refuses: { notFound: "There is no such service level.", retired: "It is retired already. Nothing was changed." },
  emits: ["office.serviceLevel.retired"],
  async run({ serviceLevelId }, context) {
    await lockLevel(context, serviceLevelId);
    await context.db.run(sql`
      update office.service_level set state = 'retired' where tenant_id = ${context.tenantId} and id = ${serviceLevelId}`);
    context.emit("office.serviceLevel.retired", { serviceLevelId });
    return { id: serviceLevelId, restated: await restateClocks(context, { reason: "service level retired" }) };
  },
});

/** Its newest version. Refuses `notFound` and `retired`. */
async function lockLevel(context: WriteContext, id: RecordId): Promise<number> {
  const found = await context.db.maybe<{ state: string; version: number }>(sql`
    select l.state, (select max(version) from office.service_level_version v
      where v.tenant_id = l.tenant_id and v.service_level_id = l.id) as version
    from office.service_level l where l.tenant_id = ${context.tenantId} and l.id = ${id} for update`);
  if (!found) refuse("notFound");
  if (found.state === "retired") refuse("retired");
  return found.version;
}

async function checkTerms(context: WriteContext, { targets, calendarId, isRoundTheClock }: Terms): Promise<void> {
  const names = targets.map((one) => one.target);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) refuse("targetTwice", { target: twice }, ["targets"]);
  const unsorted = targets.find(({ stages }) => stages.some((stage, index) => index > 0 && stage.percent <= stages[index - 1]!.percent));
  if (unsorted) refuse("stagesUnsorted", { target: unsorted.target }, ["targets", targets.indexOf(unsorted), "stages"]);
  if (!calendarId) return;
  if (isRoundTheClock) refuse("calendarOrClock", {}, ["calendarId"]);
  const there = await context.db.maybe(sql`select id from directory.calendar where tenant_id = ${context.tenantId} and id = ${calendarId}`);
  if (!there) refuse("calendarUnknown", {}, ["calendarId"]);
}

async function writeVersion(context: WriteContext, id: RecordId, version: number, agreed: Terms): Promise<void> {
  await context.db.run(sql`
    insert into office.service_level_version (tenant_id, service_level_id, version, conditions, targets, pause_states, calendar_id,
      is_round_the_clock, made_at, made_by)
    values (${context.tenantId}, ${id}, ${version}, ${JSON.stringify(agreed.conditions)}, ${JSON.stringify(agreed.targets)},
      ${agreed.pauseStates}, ${agreed.calendarId ?? null}, ${agreed.isRoundTheClock}, ${context.now}, ${context.actor.personId})`);
}
