// Instruction: what a newcomer is shown in the first days, and who was shown it when, by whom.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { Day, Id, LongText, ref, Text } from "../../../platform/operation/field.ts";
import { anyone, operation, whoever } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { resolveHolder } from "../../office/index.ts";
import { ownOrBelow, selfOrLine } from "../relation.ts";

export const trainingRegister = register({
  name: "people.training",
  title: "Instructions",
  does: "What newcomers are instructed in: everyone, or those with one job, and within how many days.",
  may: [anyone],
  row: z.object({
    id: Id,
    name: z.string(),
    says: z.string().nullable(),
    jobId: ref("directory.job").nullable(),
    job: z.string().nullable(),
    withinDays: z.int(),
    state: z.enum(["active", "ended"]),
    endedOn: Day.nullable(),
  }),
  label: "name",
  search: ["name"],
  from: (context) => sql`
    select t.id, t.name, t.says, t.job_id, j.title as job, t.within_days, t.ended_on,
      case when t.ended_on is null then 'active' else 'ended' end as state
    from people.training t left join directory.job j on j.tenant_id = t.tenant_id and j.id = t.job_id
    where t.tenant_id = ${context.tenantId}`,
});

export const trainingRecordRegister = register({
  name: "people.trainingRecord",
  title: "Instructions given",
  does: "Who was instructed in what, on which day and by whom.",
  may: ["people.manager", "office.auditor", selfOrLine],
  row: z.object({
    id: Id,
    label: z.string(),
    trainingId: ref("people.training"),
    training: z.string(),
    personId: ref("directory.person"),
    person: z.string(),
    onDay: Day,
    trainerId: ref("directory.person").nullable(),
    trainer: z.string().nullable(),
  }),
  label: "label",
  search: ["person", "training"],
  sort: "-onDay",
  sees: ownOrBelow,
  from: (context) => sql`
    select d.id, o.name || ': ' || t.name as label, d.training_id, t.name as training, d.person_id, o.name as person, d.on_day,
      d.trainer_id, b.name as trainer
    from people.training_record d
    join people.training t on t.tenant_id = d.tenant_id and t.id = d.training_id
    join directory.party o on o.tenant_id = d.tenant_id and o.id = d.person_id
    left join directory.party b on b.tenant_id = d.tenant_id and b.id = d.trainer_id
    where d.tenant_id = ${context.tenantId}`,
});

const keepers = ["people.manager"];

export const createTraining = operation({
  name: "people.training.create",
  title: "Add an instruction",
  does: "From now on whoever begins is instructed in this; the step of their hire stays open until it is recorded.",
  kind: "write",
  may: keepers,
  input: z.strictObject({
    name: Text(120),
    says: LongText(2000).optional().describe("What is shown and said."),
    jobId: ref("directory.job").optional().describe("Only whoever has this job; left out: everyone."),
    withinDays: z.int().min(0).max(365).default(7),
  }),
  output: z.object({ id: Id }),
  refuses: { trainingKnown: "There is an instruction of this name already.", jobUnknown: "There is no such job." },
  constraints: { training_name: "trainingKnown", training_tenant_id_job_id_fkey: "jobUnknown" },
  emits: ["people.training.created"],
  example: { name: "Fire and escape routes", withinDays: 7 },
  async run({ name, says = null, jobId = null, withinDays }, context) {
    const id = context.newId();
    await context.db.run(sql`
      insert into people.training (tenant_id, id, name, says, job_id, within_days)
      values (${context.tenantId}, ${id}, ${name}, ${says}, ${jobId}, ${withinDays})`);
    context.emit("people.training.created", { trainingId: id });
    return { id };
  },
});

async function lockLive(context: WriteContext, trainingId: KernelId): Promise<void> {
  const found = await context.db.maybe<{ endedOn: KernelDay | null }>(sql`
    select ended_on from people.training where tenant_id = ${context.tenantId} and id = ${trainingId} for update`);
  if (!found) refuse("notFound");
  if (found.endedOn !== null) refuse("trainingEnded", { day: found.endedOn });
}

const isLive = (record: Readonly<Record<string, unknown>>): boolean => record["state"] === "active";
const refusals = { notFound: "There is no such instruction.", trainingEnded: "It is no longer given since {day}." };

export const endTraining = operation({
  name: "people.training.end",
  title: "End the instruction",
  does: "Nobody is asked for it any more. What was given stays on record.",
  kind: "write",
  may: keepers,
  input: z.strictObject({ trainingId: ref("people.training") }),
  output: z.object({ id: Id }),
  when: isLive,
  refuses: refusals,
  emits: ["people.training.ended"],
  async run({ trainingId }, context) {
    await lockLive(context, trainingId);
    await context.db.run(sql`
      update people.training set ended_on = ${context.today} where tenant_id = ${context.tenantId} and id = ${trainingId}`);
    context.emit("people.training.ended", { trainingId });
    return { id: trainingId };
  },
});

const answersForIt = whoever("whoever answers for instructions", async (_input, context) => {
  const { personId } = await resolveHolder(context, "people.training");
  return personId !== null && personId === context.actor.personId;
});

export const recordTraining = operation({
  name: "people.training.record",
  title: "Record the instruction",
  does: "Notes that these people were instructed, on which day and by whom.",
  kind: "write",
  may: [...keepers, answersForIt],
  input: z.strictObject({
    trainingId: ref("people.training"),
    personIds: z.array(ref("directory.person")).min(1).max(200),
    on: Day.optional().describe("By default today."),
    trainerId: ref("directory.person").optional().describe("By default you."),
  }),
  output: z.object({ id: Id, recorded: z.int() }),
  when: isLive,
  refuses: { ...refusals, heldLater: "The day {day} is still to come.", personUnknown: "Somebody named is not in the directory." },
  constraints: { training_record_tenant_id_person_id_fkey: "personUnknown", training_record_tenant_id_trainer_id_fkey: "personUnknown" },
  emits: ["people.training.given"],
  async run({ trainingId, personIds, on, trainerId }, context) {
    await lockLive(context, trainingId);
    const day = on ?? context.today;
    if (day > context.today) refuse("heldLater", { day }, ["on"]);
    const persons = [...new Set(personIds)];
    const recorded = await context.db.run(sql`
      insert into people.training_record (tenant_id, id, training_id, person_id, on_day, trainer_id)
      select ${context.tenantId}, g.id, ${trainingId}, g.person_id, ${day}::date, ${trainerId ?? context.actor.personId}::uuid
      from unnest(${persons.map(() => context.newId())}::uuid[], ${persons}::uuid[]) as g (id, person_id)
      on conflict (tenant_id, person_id, training_id, on_day) do nothing`);
    context.emit("people.training.given", { trainingId, personIds: persons });
    return { id: trainingId, recorded };
  },
});

/** What the person still has to be instructed in: for everyone, or for the job of a seat they have or will have. */
export async function openTrainings(context: ReadContext, personId: KernelId): Promise<readonly KernelId[]> {
  const rows = await context.db.rows<{ id: KernelId }>(sql`
    select t.id from people.training t
    where t.tenant_id = ${context.tenantId} and t.ended_on is null
      and (t.job_id is null or exists (select from directory.holding h
        join directory.position_version v on v.tenant_id = h.tenant_id and v.position_id = h.position_id and v.during && h.during
        where h.tenant_id = ${context.tenantId} and h.person_id = ${personId} and v.job_id = t.job_id
          and (upper(h.during) is null or upper(h.during) > ${context.today}::date)))
      and not exists (select from people.training_record d
        where d.tenant_id = ${context.tenantId} and d.training_id = t.id and d.person_id = ${personId})
    order by t.within_days, t.name`);
  return rows.map((row) => row.id);
}

export const isInstructed = async (context: ReadContext, personId: KernelId): Promise<boolean> =>
  (await openTrainings(context, personId)).length === 0;
