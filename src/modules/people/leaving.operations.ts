// Leaving: notice, last working day, end of employment, access cut-off and final pay are separate days of one departure.
import { z } from "zod";
import type { Day as KernelDay } from "../../kernel/day.ts";
import type { Id as KernelId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { Day, Id, LongText, ref } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { continueEmployment, type Employment, endEmployment, lockEmployment } from "./employment.store.ts";
import { cutLeave, restoreAllowance, shrinkAllowance } from "./leave.store.ts";
import { contradiction, leavingDays } from "./leaving.rules.ts";
import { employeeSelf } from "./relation.ts";

const Reason = z.enum(["resignation", "dismissal", "redundancy", "end of term", "retirement", "death"]);

export const resignationRegister = register({
  name: "people.resignation",
  title: "Departures",
  does: "Who leaves or has left, why, and each of the days that matter.",
  may: ["people.manager", employeeSelf],
  row: z.object({
    id: Id,
    label: z.string(),
    employmentId: ref("people.employment"),
    personId: ref("directory.person"),
    person: z.string(),
    kind: Reason,
    receivedOn: Day,
    noticeDays: z.number().int(),
    lastWorkingDay: Day,
    lastDay: Day,
    accessCutOff: Day,
    finalPayDay: Day,
    state: z.enum(["recorded", "left", "withdrawn"]),
    reason: z.string().nullable(),
  }),
  label: "label",
  search: ["person"],
  sort: "-lastDay",
  sees: (context) => sql`r.person_id = ${context.actor.personId}::uuid`,
  from: (context, asOf) => sql`
    select g.id, o.name || ' leaves on ' || g.last_day as label, g.employment_id, e.person_id, o.name as person, g.kind, g.received_on,
      g.notice_days, g.last_working_day, g.last_day, g.access_cut_off, g.final_pay_day, g.reason,
      case when g.state = 'recorded' and g.last_day < ${asOf}::date then 'left' else g.state end as state
    from people.resignation g
    join people.employment e on e.tenant_id = g.tenant_id and e.id = g.employment_id
    join directory.party o on o.tenant_id = g.tenant_id and o.id = e.person_id
    where g.tenant_id = ${context.tenantId}`,
});

export const leaverRegister = register({
  name: "people.leaver",
  title: "Leavers",
  does: "Who has left or is leaving, and what is still open with People: seats that report to theirs, leave not taken, contracts unsigned.",
  may: ["people.manager", "office.manager"],
  dated: true,
  row: z.object({
    id: Id,
    person: z.string(),
    personId: ref("directory.person"),
    lastWorkingDay: Day.nullable(),
    lastDay: Day,
    accessCutOff: Day.nullable(),
    finalPayDay: Day.nullable(),
    state: z.enum(["on notice", "left"]),
    daysLeft: z.number().int().describe("Days until the last day; negative since then."),
    stillSeated: z.boolean().describe("Sits in a seat after the last day."),
    leads: z.number().int().describe("Seats that report to theirs."),
    leaveDays: z.string().describe("Leave not taken."),
  }),
  label: "person",
  search: ["person"],
  sort: "-lastDay",
  from: (context, asOf) => sql`
    select e.id, o.name as person, e.person_id, g.last_working_day, (upper(e.during) - 1) as last_day, g.access_cut_off, g.final_pay_day,
      case when upper(e.during) <= ${asOf}::date then 'left' else 'on notice' end as state,
      (upper(e.during) - 1 - ${asOf}::date) as days_left,
      exists (select from directory.holding h where h.tenant_id = e.tenant_id and h.person_id = e.person_id
        and h.during && daterange(upper(e.during), null)
        and not exists (select from people.employment n where n.tenant_id = e.tenant_id and n.person_id = e.person_id
          and n.voided_on is null and n.during && h.during and n.id <> e.id)) as still_seated,
      (select count(*)::int from people.assignment a
        join directory.position_version v on v.tenant_id = a.tenant_id and v.reports_to_id = a.position_id and v.during @> upper(e.during)
        where a.tenant_id = e.tenant_id and a.employment_id = e.id and upper(a.during) = upper(e.during)
          and not exists (select from directory.holding n where n.tenant_id = a.tenant_id and n.position_id = a.position_id
            and n.during @> upper(e.during))) as leads,
      trim_scale(coalesce((select sum(l.days) from people.leave_entry l
        where l.tenant_id = e.tenant_id and l.employment_id = e.id), 0))::text as leave_days
    from people.employment e
    join directory.party o on o.tenant_id = e.tenant_id and o.id = e.person_id
    left join people.resignation g on g.tenant_id = e.tenant_id and g.employment_id = e.id and g.state = 'recorded'
    where e.tenant_id = ${context.tenantId} and e.voided_on is null and not upper_inf(e.during)
      and (upper(e.during) <= ${asOf}::date or g.received_on <= ${asOf}::date)`,
});

export const recordResignation = operation({
  name: "people.resignation.record",
  title: "Record a departure",
  does: "Records that an employment ends and sets its days: notice, last working day, end, access cut-off and final pay.",
  kind: "write",
  may: ["people.manager", employeeSelf],
  on: "people.employment",
  input: z.strictObject({
    employmentId: ref("people.employment"),
    kind: Reason.default("resignation"),
    receivedOn: Day.describe("The day notice was given."),
    noticeDays: z.number().int().min(0).max(730).optional().describe("By default as the contract says."),
    lastDay: Day.optional().describe("When another end was agreed."),
    lastWorkingDay: Day.optional().describe("When they stop working earlier."),
    accessCutOff: Day.optional(),
    finalPayDay: Day.optional(),
    reason: LongText(2000).optional(),
  }),
  output: z.object({
    id: Id,
    lastWorkingDay: Day,
    lastDay: Day,
    accessCutOff: Day,
    finalPayDay: Day,
  }),
  when: (employment) => ["active", "future"].includes(String(employment["state"])),
  refuses: {
    notFound: "There is no such employment.",
    onlyResignation: "One can only resign oneself. Everything else is recorded by People.",
    receivedLater: "Notice cannot have been given on {day}: that day is still to come.",
    alreadyEnding: "{person} leaves on {day} already. Withdraw that first.",
    endBeforeStart: "The employment begins on {firstDay}. Rescind the offer instead.",
    endBeforeNotice: "The last day {lastDay} is before the day notice was given.",
    endAfterTerm: "The term ends on {termEnd} anyway. Choose that day or an earlier one.",
    workAfterEnd: "The last working day is after the employment ends on {lastDay}. Choose an earlier one.",
  },
  emits: ["people.resignation.recorded"],
  constraints: { resignation_once: "alreadyEnding" },
  async run(input, context) {
    const employment = await lockEmployment(context, input.employmentId);
    if (input.kind !== "resignation" && !context.holds("people.manager")) refuse("onlyResignation", {}, ["kind"]);
    if (input.receivedOn > context.today) refuse("receivedLater", { day: input.receivedOn }, ["receivedOn"]);
    await checkNotEnding(context, employment);
    const noticeDays = input.noticeDays ?? (await contractNotice(context, employment.id, input.receivedOn));
    const days = leavingDays({ ...input, noticeDays });
    const no = contradiction(days, { firstDay: employment.firstDay, termEnd: employment.lastDay, receivedOn: input.receivedOn });
    if (no) refuse(no, { firstDay: employment.firstDay, termEnd: employment.lastDay, lastDay: days.lastDay });
    const id = context.newId();
    await context.db.run(sql`
      insert into people.resignation (tenant_id, id, employment_id, kind, received_on, notice_days, last_working_day, last_day,
        access_cut_off, final_pay_day, reason, state, earlier_last_day)
      values (${context.tenantId}, ${id}, ${employment.id}, ${input.kind}, ${input.receivedOn}, ${noticeDays}, ${days.lastWorkingDay},
        ${days.lastDay}, ${days.accessCutOff}, ${days.finalPayDay}, ${input.reason ?? null}, 'recorded', ${employment.lastDay})`);
    await endEmployment(context, employment, days.lastDay);
    await cutLeave(context, employment, days.lastDay);
    await shrinkAllowance(context, employment, days.lastDay);
    const { personId, id: employmentId } = employment;
    context.emit("people.resignation.recorded", { resignationId: id, personId, employmentId, kind: input.kind, ...days });
    return { id, ...days };
  },
});

async function checkNotEnding(context: WriteContext, employment: Employment): Promise<void> {
  const other = await context.db.maybe<{ day: KernelDay }>(sql`
    select last_day as day from people.resignation
    where tenant_id = ${context.tenantId} and employment_id = ${employment.id} and state = 'recorded'`);
  if (other) refuse("alreadyEnding", { person: employment.person, day: other.day });
}

/** The notice of the contract in force; 30 days where none is. */
async function contractNotice(context: WriteContext, employmentId: KernelId, on: KernelDay): Promise<number> {
  const found = await context.db.maybe<{ noticeDays: number }>(sql`
    select notice_days from people.contract
    where tenant_id = ${context.tenantId} and employment_id = ${employmentId} and state <> 'void'
    order by (first_day <= ${on}::date) desc, abs(first_day - ${on}::date) limit 1`);
  return found?.noticeDays ?? 30;
}

export const withdrawResignation = operation({
  name: "people.resignation.withdraw",
  title: "Withdraw a departure",
  does: "Takes a departure back before the last day: the employment goes on, and so does the seat when nobody else was promised it.",
  kind: "write",
  may: ["people.manager"],
  input: z.strictObject({ resignationId: ref("people.resignation"), reason: LongText(2000) }),
  output: z.object({ id: Id }),
  when: (resignation) => resignation["state"] === "recorded",
  refuses: {
    notFound: "There is no such departure.",
    alreadyWithdrawn: "It was withdrawn already.",
    alreadyLeft: "The employment ended on {day}. Begin a new one.",
    seatTaken: "The seat is promised to somebody else after that day. Agree on another seat first.",
    personSeated: "The person sits in another seat after that day. End that first.",
    seatNotPlanned: "The seat is not planned after that day. Plan it longer first.",
  },
  emits: ["people.resignation.withdrawn"],
  async run(input, context) {
    const found = await context.db.maybe<{
      employmentId: KernelId;
      lastDay: KernelDay;
      earlierLastDay: KernelDay | null;
      state: string;
    }>(sql`
      select employment_id, last_day, earlier_last_day, state from people.resignation
      where tenant_id = ${context.tenantId} and id = ${input.resignationId} for update`);
    if (!found) refuse("notFound");
    if (found.state === "withdrawn") refuse("alreadyWithdrawn");
    if (found.lastDay < context.today) refuse("alreadyLeft", { day: found.lastDay });
    const employment = await lockEmployment(context, found.employmentId);
    await context.db.run(sql`
      update people.resignation set state = 'withdrawn', reason = concat_ws(E'\n', reason, 'Withdrawn: ' || ${input.reason})
      where tenant_id = ${context.tenantId} and id = ${input.resignationId}`);
    if (found.earlierLastDay !== employment.lastDay) await continueEmployment(context, employment, found.earlierLastDay);
    await restoreAllowance(context, employment);
    const { personId, id: employmentId } = employment;
    context.emit("people.resignation.withdrawn", { resignationId: input.resignationId, personId, employmentId });
    return { id: input.resignationId };
  },
});
