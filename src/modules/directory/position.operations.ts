// Seats: planning them, changing what they are from a day on, and closing them. A seat exists whether or not someone sits in it.
import { z } from "zod";
import type { Day as KernelDay } from "../../kernel/day.ts";
import type { Id as KernelId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { Day, Id, ref, Text } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";
import { splitVersion, standsAboveItself } from "./dated.ts";
import { unitStands } from "./unit.operations.ts";

export const createJob = operation({
  name: "directory.job.create",
  title: "Add a job",
  does: "Describes a kind of work that seats are made for.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({ code: Text(20), title: Text(200), family: Text(100).optional() }),
  output: z.object({ id: Id }),
  refuses: { codeTaken: "The code {code} is used by another job. Choose another." },
  emits: ["directory.job.created"],
  example: { code: "ACC", title: "Accountant", family: "Finance" },
  constraints: { job_tenant_id_code_key: "codeTaken" },
  async run(input, context) {
    const taken = await context.db.maybe(sql`
      select id from directory.job where tenant_id = ${context.tenantId} and code = ${input.code}`);
    if (taken) refuse("codeTaken", { code: input.code }, ["code"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into directory.job (tenant_id, id, code, title, family)
      values (${context.tenantId}, ${id}, ${input.code}, ${input.title}, ${input.family ?? null})`);
    context.emit("directory.job.created", { jobId: id });
    return { id };
  },
});

const placed = {
  unitNotThere: "The unit does not exist on {day}. Choose one that does, or another day.",
  jobUnknown: "There is no such job. Add it first.",
  siteUnknown: "There is no such site.",
  lineNotThere: "The seat it would report to does not exist on {day}.",
};

interface Placed {
  readonly unitId?: KernelId;
  readonly jobId?: KernelId;
  readonly siteId?: KernelId | null;
  readonly reportsToId?: KernelId | null;
}

async function checkPlaced(context: WriteContext, input: Placed, on: KernelDay): Promise<void> {
  const { tenantId, db } = context;
  if (input.unitId && !(await unitStands(context, input.unitId, on))) refuse("unitNotThere", { day: on }, ["unitId"]);
  if (input.jobId && !(await db.maybe(sql`select id from directory.job where tenant_id = ${tenantId} and id = ${input.jobId}`))) {
    refuse("jobUnknown", {}, ["jobId"]);
  }
  if (input.siteId) {
    const site = await db.maybe(sql`
      select id from directory.place where tenant_id = ${tenantId} and id = ${input.siteId} and kind = 'site'`);
    if (!site) refuse("siteUnknown", {}, ["siteId"]);
  }
  if (input.reportsToId) {
    const seat = await db.maybe(sql`
      select id from directory.position
      where tenant_id = ${tenantId} and id = ${input.reportsToId} and planned @> ${on}::date for share`);
    if (!seat) refuse("lineNotThere", { day: on }, ["reportsToId"]);
  }
}

export const createPosition = operation({
  name: "directory.position.create",
  title: "Plan a position",
  does: "Plans a seat from a day on, in a unit, for a job, below the seat it reports to.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({
    code: Text(20),
    title: Text(200).optional().describe("By default the title of the job."),
    jobId: ref("directory.job"),
    unitId: ref("directory.unit"),
    siteId: ref("directory.site").optional(),
    reportsToId: ref("directory.position").optional(),
    from: Day.optional().describe("By default today."),
    until: Day.optional().describe("The last day it is planned for."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    codeTaken: "The code {code} is used by another seat. Choose another.",
    untilBeforeFrom: "The last day {until} is before the first day {from}.",
    ...placed,
  },
  emits: ["directory.position.created"],
  constraints: { position_tenant_id_code_key: "codeTaken" },
  async run(input, context) {
    const from = input.from ?? context.today;
    const taken = await context.db.maybe(sql`
      select id from directory.position where tenant_id = ${context.tenantId} and code = ${input.code}`);
    if (taken) refuse("codeTaken", { code: input.code }, ["code"]);
    if (input.until && input.until < from) refuse("untilBeforeFrom", { until: input.until, from }, ["until"]);
    await checkPlaced(context, input, from);
    const id = context.newId();
    const during = sql`daterange(${from}::date, ${input.until ?? null}::date, '[]')`;
    await context.db.run(sql`
      insert into directory.position (tenant_id, id, code, planned) values (${context.tenantId}, ${id}, ${input.code}, ${during})`);
    await context.db.run(sql`
      insert into directory.position_version (tenant_id, position_id, during, title, job_id, unit_id, site_id, reports_to_id)
      select ${context.tenantId}, ${id}, ${during}, coalesce(${input.title ?? null}, j.title), j.id, ${input.unitId}::uuid,
        ${input.siteId ?? null}::uuid, ${input.reportsToId ?? null}::uuid
      from directory.job j where j.tenant_id = ${context.tenantId} and j.id = ${input.jobId}`);
    context.emit("directory.position.created", { positionId: id, from });
    return { id };
  },
});

export const changePosition = operation({
  name: "directory.position.change",
  title: "Change a position",
  does: "Gives a seat another title, job, unit, site or line from a day on. What it was before stays in history.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({
    positionId: ref("directory.position"),
    from: Day,
    title: Text(200).optional(),
    jobId: ref("directory.job").optional(),
    unitId: ref("directory.unit").optional(),
    siteId: ref("directory.site").nullable().optional(),
    reportsToId: ref("directory.position").nullable().optional(),
  }),
  output: z.object({ id: Id }),
  when: (position) => position["state"] !== "closed",
  refuses: {
    notFound: "There is no such seat, or it is not planned for that day.",
    ...placed,
    lineCircle: "A seat cannot report to itself, also not through others. Choose another seat above it.",
  },
  emits: ["directory.position.changed"],
  async run(input, context) {
    if (!(await splitVersion(context, "position", input.positionId, input.from))) refuse("notFound");
    await checkPlaced(context, input, input.from);
    if (input.reportsToId === input.positionId) refuse("lineCircle", {}, ["reportsToId"]);
    await context.db.run(sql`
      update directory.position_version set
        title = coalesce(${input.title ?? null}, title),
        job_id = coalesce(${input.jobId ?? null}::uuid, job_id),
        unit_id = coalesce(${input.unitId ?? null}::uuid, unit_id),
        site_id = case when ${input.siteId !== undefined}::boolean then ${input.siteId ?? null}::uuid else site_id end,
        reports_to_id = case when ${input.reportsToId !== undefined}::boolean then ${input.reportsToId ?? null}::uuid else reports_to_id end
      where tenant_id = ${context.tenantId} and position_id = ${input.positionId} and lower(during) = ${input.from}::date`);
    if (await standsAboveItself(context, "position", input.positionId, input.from)) refuse("lineCircle", {}, ["reportsToId"]);
    context.emit("directory.position.changed", { positionId: input.positionId, from: input.from });
    return { id: input.positionId };
  },
});

export const closePosition = operation({
  name: "directory.position.close",
  title: "Close a position",
  does: "Says until which day a seat is planned. Nobody may sit in it afterwards.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({ positionId: ref("directory.position"), lastDay: Day }),
  output: z.object({ id: Id }),
  when: (position) => position["state"] !== "closed" && position["state"] !== "planned",
  refuses: {
    notFound: "There is no such seat, or it is not planned for that day.",
    seatHeld: "{person} sits in it after {day}. End that first.",
    seatLeads: "{count} seats report to it after {day}, first {seat}. Put them below another seat first.",
  },
  emits: ["directory.position.closed"],
  async run(input, context) {
    const there = await context.db.maybe(sql`
      select id from directory.position
      where tenant_id = ${context.tenantId} and id = ${input.positionId} and planned @> ${input.lastDay}::date for update`);
    if (!there) refuse("notFound");
    const after = sql`daterange(${input.lastDay}::date, null, '()')`;
    const held = await context.db.maybe<{ person: string }>(sql`
      select o.name as person from directory.holding h join directory.party o on o.tenant_id = h.tenant_id and o.id = h.person_id
      where h.tenant_id = ${context.tenantId} and h.position_id = ${input.positionId} and h.during && ${after} limit 1`);
    if (held) refuse("seatHeld", { person: held.person, day: input.lastDay });
    const below = await context.db.rows<{ seat: string }>(sql`
      select title as seat from directory.position_version
      where tenant_id = ${context.tenantId} and reports_to_id = ${input.positionId} and during && ${after}`);
    if (below[0]) refuse("seatLeads", { count: below.length, seat: below[0].seat, day: input.lastDay });
    const seat = sql`tenant_id = ${context.tenantId} and position_id = ${input.positionId}`;
    await context.db.run(sql`delete from directory.position_version where ${seat} and lower(during) > ${input.lastDay}::date`);
    await context.db.run(sql`
      update directory.position_version set during = daterange(lower(during), ${input.lastDay}::date, '[]')
      where ${seat} and during @> ${input.lastDay}::date`);
    await context.db.run(sql`
      update directory.position set planned = daterange(lower(planned), ${input.lastDay}::date, '[]')
      where tenant_id = ${context.tenantId} and id = ${input.positionId}`);
    context.emit("directory.position.closed", { positionId: input.positionId, lastDay: input.lastDay });
    return { id: input.positionId };
  },
});
