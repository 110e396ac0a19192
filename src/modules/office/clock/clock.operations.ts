// Clocks as people see them: what is promised for which record, what is left, and pausing one by hand with a reason.
import { z } from "zod";
import type { Id as RecordId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Id, Instant, ref, Text } from "../../../platform/operation/field.ts";
import { anyone, operation, whoever } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { pauseClock, resumeClock } from "./clock.ts";

const row = z.object({
  id: Id,
  title: z.string(),
  target: z.string(),
  state: z.enum(["running", "overdue", "paused", "met", "missed", "cancelled"]),
  dueAt: Instant.nullable(),
  allowedMinutes: z.number().int(),
  usedMinutes: z.number().int().describe("Working time used before the present segment."),
  calendarId: ref("directory.calendar").nullable(),
  calendar: z.string(),
  serviceLevelId: ref("office.serviceLevel").nullable(),
  serviceLevel: z.string().nullable(),
  personId: ref("directory.person").nullable(),
  person: z.string().nullable(),
  startedAt: Instant,
  endedAt: Instant.nullable(),
  aboutSubject: z.string(),
  aboutId: Id,
});

export const clockRegister = register({
  name: "office.clock",
  title: "Clocks",
  does: "What was promised by when, in working time. Everyone sees their own; the office manager sees all but the confidential.",
  may: ["office.manager", anyone],
  row,
  worklist: true,
  label: "title",
  search: ["title", "target"],
  grows: true,
  sort: "dueAt",
  sees: (context) => sql`r.person_id = ${context.actor.personId}`,
  from: (context) => sql`
    select c.id, c.title, c.target, case when c.state = 'running' and c.due_at < ${context.now} then 'overdue' else c.state end as state,
      c.due_at, (c.budget_milliseconds / 60000)::int as allowed_minutes, (c.used_milliseconds / 60000)::int as used_minutes, c.calendar_id,
      case when c.is_round_the_clock then 'round the clock' else coalesce(k.name, 'Monday to Friday') end as calendar,
      c.service_level_id, l.name as service_level, c.person_id, p.name as person, c.started_at, c.ended_at, c.about_subject, c.about_id
    from office.clock c
    left join directory.calendar k on k.tenant_id = c.tenant_id and k.id = c.calendar_id
    left join office.service_level l on l.tenant_id = c.tenant_id and l.id = c.service_level_id
    left join directory.party p on p.tenant_id = c.tenant_id and p.id = c.person_id
    where c.tenant_id = ${context.tenantId}
      and (not c.is_confidential or c.person_id = ${context.actor.personId} or ${context.holds("owner")})`,
});

export const clockSegmentRegister = register({
  name: "office.clockSegment",
  title: "Segments of clocks",
  does: "When a clock ran and when it stood still, why, and by which calendar and promise it was counted from then on.",
  may: ["office.manager", anyone],
  inner: true,
  row: z.object({
    id: Id,
    label: z.string(),
    clockId: ref("office.clock"),
    clock: z.string(),
    number: z.number().int(),
    state: z.enum(["running", "paused", "stopped"]),
    fromAt: Instant,
    untilAt: Instant.nullable(),
    reason: z.string(),
    calendar: z.string(),
    promised: z.string(),
    byName: z.string(),
    personId: ref("directory.person").nullable(),
  }),
  worklist: true,
  label: "label",
  sort: "fromAt",
  sees: (context) => sql`r.person_id = ${context.actor.personId}`,
  from: (context) => sql`
    select md5(g.clock_id::text || g.number)::uuid as id, c.title || ' ' || g.number as label, g.clock_id, c.title as clock,
      g.number, g.state,
      g.from_at, (select n.from_at from office.clock_segment n
        where n.tenant_id = g.tenant_id and n.clock_id = g.clock_id and n.number = g.number + 1) as until_at,
      g.reason, case when c.is_round_the_clock then 'round the clock' else coalesce(k.name, 'Monday to Friday') end as calendar,
      g.amount || ' ' || g.unit as promised, g.by_name, c.person_id
    from office.clock_segment g
    join office.clock c on c.tenant_id = g.tenant_id and c.id = g.clock_id
    left join directory.calendar k on k.tenant_id = g.tenant_id and k.id = g.calendar_id
    where g.tenant_id = ${context.tenantId}
      and (not c.is_confidential or c.person_id = ${context.actor.personId} or ${context.holds("owner")})`,
});

const holder = whoever<{ clockId: RecordId }>("whoever has it", async ({ clockId }, context) => {
  const found = await context.db.maybe<{ personId: RecordId | null }>(sql`
    select person_id from office.clock where tenant_id = ${context.tenantId} and id = ${clockId}`);
  return context.actor.personId !== null && found?.personId === context.actor.personId;
});

const states = { notFound: "There is no such clock, or it is not yours to see.", notRunning: "It does not run: it is {state}." };

export const pauseClockByHand = operation({
  name: "office.clock.pause",
  title: "Pause a clock",
  does: "Lets a clock stand still while nobody waits for us, and says why. What is left stays.",
  kind: "write",
  may: ["office.manager", holder],
  when: (record) => record["state"] === "running" || record["state"] === "overdue",
  input: z.strictObject({ clockId: ref("office.clock"), why: Text(300) }),
  output: z.object({ id: Id }),
  refuses: states,
  emits: ["office.clock.paused"],
  async run({ clockId, why }, context) {
    await expectState(context, clockId, "running", "notRunning");
    await pauseClock(context, { clockId }, why);
    context.emit("office.clock.paused", { clockId });
    return { id: clockId };
  },
});

export const resumeClockByHand = operation({
  name: "office.clock.resume",
  title: "Resume a clock",
  does: "Lets a clock that stands still go on with the time that was left.",
  kind: "write",
  may: ["office.manager", holder],
  when: (record) => record["state"] === "paused",
  input: z.strictObject({ clockId: ref("office.clock") }),
  output: z.object({ id: Id }),
  refuses: { notFound: states.notFound, notPaused: "It does not stand still: it is {state}." },
  emits: ["office.clock.resumed"],
  async run({ clockId }, context) {
    await expectState(context, clockId, "paused", "notPaused");
    await resumeClock(context, { clockId });
    context.emit("office.clock.resumed", { clockId });
    return { id: clockId };
  },
});

async function expectState(context: WriteContext, clockId: RecordId, state: string, code: string): Promise<void> {
  const found = await context.db.maybe<{ state: string }>(sql`
    select state from office.clock where tenant_id = ${context.tenantId} and id = ${clockId}
      and (not is_confidential or person_id = ${context.actor.personId} or ${context.holds("owner")}) for update`);
  if (!found) refuse("notFound");
  if (found.state !== state) refuse(code, { state: found.state });
}
