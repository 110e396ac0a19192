// Policies: which operations wait for whose agreement, and when. They are data with a first and a last day; what is asked for already keeps
// the steps it was asked under.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import { addDays } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, Id, Instant, ref, Text } from "../../../platform/operation/field.ts";
import { newStamp } from "../../../platform/funnel/gate.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { subjectOf } from "../../../platform/operation/registry.ts";
import { register } from "../../../platform/operation/register.ts";
import { jsonSchema } from "../../../platform/operation/shape.ts";
import { isActivity } from "../responsibility/activity.rules.ts";
import { comparisons } from "./condition.rules.ts";
import { fieldOf, lacks, mistakeIn } from "./policy.rules.ts";
import { PolicyStep } from "./policy.store.ts";

export const PolicyCondition = z.strictObject({
  field: Text(80).describe("A field of what is asked for, e.g. amount or lines.amount; record.kind of the record; requester.unitId."),
  is: z.enum(comparisons),
  value: Text(200).optional(),
  amount: z
    .strictObject({ amount: z.string().max(24), currency: z.string().length(3) })
    .meta({ "x-kind": "money" })
    .optional(),
  values: z.array(Text(200)).max(50).optional(),
});

const keepers = ["office.manager"];

export const policyRegister = register({
  name: "office.approvalPolicy",
  title: "Approval policies",
  does: "Which operations wait for whose agreement, when, and from which day on.",
  may: [...keepers, "office.auditor"],
  row: z.object({
    id: Id,
    name: z.string(),
    operation: z.string(),
    rank: z.int(),
    state: z.enum(["future", "active", "ended"]),
    fromDay: Day,
    untilDay: Day.nullable(),
    stepCount: z.int(),
    waiting: z.int().describe("How many wishes wait under it now."),
    conditions: z.array(PolicyCondition),
    steps: z.array(PolicyStep),
    replacesId: ref("office.approvalPolicy").nullable(),
    madeBy: z.string().nullable(),
    madeAt: Instant,
  }),
  label: "name",
  search: ["name", "operation"],
  sort: "rank",
  dated: true,
  from: (context, asOf) => sql`
    select p.id, p.name, p.operation, p.rank, lower(p.during) as from_day, upper(p.during) - 1 as until_day,
      case when lower(p.during) > ${asOf}::date then 'future' when upper(p.during) <= ${asOf}::date then 'ended' else 'active' end as state,
      jsonb_array_length(p.steps) as step_count, p.conditions, p.steps, p.replaces_id, m.name as made_by, p.made_at,
      (select count(*)::int from office.approval a
        where a.tenant_id = ${context.tenantId} and a.policy_id = p.id and a.state = 'open') as waiting
    from office.approval_policy p
    left join directory.party m on m.tenant_id = p.tenant_id and m.id = p.made_by
    where p.tenant_id = ${context.tenantId}`,
});

const says = {
  name: Text(120),
  conditions: z.array(PolicyCondition).max(20).describe("All of them have to hold; none: always."),
  steps: z.array(PolicyStep).min(1).max(10).describe("One after the other."),
};

const sayingRefusals = {
  operationUnknown: "There is no write called {operation}. The reference lists them all.",
  operationFree: "{operation} is how approvals are worked with; it cannot wait for one itself.",
  fieldUnknown: "{operation} has no field {field}. It has: {fields}",
  conditionUnclear: "The condition on {field} cannot be read: {mistake}.",
  approverUnclear: "An approver of the kind {kind} needs {needed}.",
  activityUnknown: "{activity} is not an activity. Choose one from the responsibility map.",
  quorumTooHigh: "The step {step} asks {approvers} and wants {quorum} of them to agree. That can never be.",
};

type Steps = z.output<typeof PolicyStep>[];
type Conditions = z.output<typeof PolicyCondition>[];

function check(context: WriteContext, name: string, conditions: Conditions, steps: Steps): void {
  const found = context.operationNamed(name);
  if (!found || found.kind !== "write") refuse("operationUnknown", { operation: name }, ["operation"]);
  if (/^office\.(approval|dutyControl)\./.test(name)) refuse("operationFree", { operation: name }, ["operation"]);
  const input = jsonSchema(found.input);
  const subject = subjectOf(found);
  const record = subject ? context.operationNamed(`${subject}.get`) : undefined;
  for (const [index, condition] of conditions.entries()) {
    const { field } = condition;
    const [first, ...rest] = field.split(".");
    const inRecord = first === "record" && rest.length > 0;
    const schema =
      first === "requester"
        ? requesterFields[rest.join(".")]
        : inRecord
          ? record && fieldOf(jsonSchema(record.output), rest.join("."))
          : fieldOf(input, field);
    if (!schema) {
      const fields = [...Object.keys(input.properties ?? {}), ...(record ? ["record.…"] : []), "requester.unitId"].join(", ");
      refuse("fieldUnknown", { operation: name, field, fields }, ["conditions", index, "field"]);
    }
    const mistake = mistakeIn(condition, schema);
    if (mistake) refuse("conditionUnclear", { field, mistake }, ["conditions", index]);
  }
  for (const [index, step] of steps.entries()) checkStep(step, index);
}

const requesterFields = {
  unitId: { type: "string", "x-kind": "ref" },
  personId: { type: "string", "x-kind": "ref" },
} as Readonly<Record<string, { type: string; "x-kind": string }>>;

function checkStep(step: Steps[number], index: number): void {
  for (const [place, approver] of step.approvers.entries()) {
    const needed = lacks(approver);
    if (needed) refuse("approverUnclear", { kind: approver.kind, needed }, ["steps", index, "approvers", place, needed]);
    const { activity } = approver;
    if (activity && !isActivity(activity)) refuse("activityUnknown", { activity }, ["steps", index, "approvers", place, "activity"]);
  }
  // A role has as many seats as holders, so that only the others can be counted beforehand.
  const countable = step.approvers.every((one) => one.kind !== "role");
  if (countable && step.quorum !== undefined && step.quorum > step.approvers.length) {
    const facts = { step: step.title ?? index + 1, approvers: step.approvers.length, quorum: step.quorum };
    refuse("quorumTooHigh", facts, ["steps", index, "quorum"]);
  }
}

interface NewPolicy {
  readonly name: string;
  readonly operation: string;
  readonly rank: number;
  readonly conditions: Conditions;
  readonly steps: Steps;
  readonly from: KernelDay;
  readonly until: KernelDay | null;
  readonly replacesId: KernelId | null;
}

async function keep(context: WriteContext, policy: NewPolicy): Promise<KernelId> {
  const id = context.newId();
  await context.db.run(sql`
    insert into office.approval_policy
      (tenant_id, id, name, operation, rank, conditions, steps, during, replaces_id, made_by, made_at)
    values (${context.tenantId}, ${id}, ${policy.name}, ${policy.operation}, ${policy.rank}, ${JSON.stringify(policy.conditions)},
      ${JSON.stringify(policy.steps)}, daterange(${policy.from}::date, ${policy.until && addDays(policy.until, 1)}::date),
      ${policy.replacesId}, ${context.actor.personId}, ${context.now})`);
  await newStamp(context);
  return id;
}

export const createPolicy = operation({
  name: "office.approvalPolicy.create",
  title: "Add an approval policy",
  does:
    "From a day on, an operation waits for the agreement of those named when the conditions hold; " +
    "of several the first that fits counts.",
  kind: "write",
  may: keepers,
  input: z.strictObject({
    ...says,
    operation: Text(120).describe("What waits, by its name, e.g. purchasing.request.approve."),
    rank: z.int().min(1).max(1000).optional().describe("Its place among the policies for one operation; left out: the last."),
    from: Day,
    until: Day.optional(),
  }),
  output: z.object({ id: Id }),
  refuses: { ...sayingRefusals, endsBeforeStart: "It begins on {from}; it cannot end before." },
  example: {
    name: "Large purchases",
    operation: "purchasing.request.approve",
    conditions: [{ field: "record.amount", is: "atLeast", amount: { amount: "5000.00", currency: "EUR" } }],
    steps: [
      { approvers: [{ kind: "lineManager" }], remindDays: 2 },
      { approvers: [{ kind: "role", role: "finance.manager" }], quorum: 1, remindDays: 2 },
    ],
    from: "2026-12-01",
  },
  emits: ["office.approvalPolicy.created"],
  async run(input, context) {
    check(context, input.operation, input.conditions, input.steps);
    if (input.until && input.until < input.from) refuse("endsBeforeStart", { from: input.from }, ["until"]);
    const { rank } = await context.db.row<{ rank: number }>(sql`
      select coalesce(max(rank), 0) + 1 as rank from office.approval_policy
      where tenant_id = ${context.tenantId} and operation = ${input.operation}
        and (upper(during) is null or upper(during) > ${input.from}::date)`);
    // Whatever stood there or below comes after it.
    if (input.rank !== undefined) {
      await context.db.run(sql`
        update office.approval_policy set rank = rank + 1 where tenant_id = ${context.tenantId} and operation = ${input.operation}
          and rank >= ${input.rank} and (upper(during) is null or upper(during) > ${context.today}::date)`);
    }
    const { name, operation: of, conditions, steps, from } = input;
    const until = input.until ?? null;
    const id = await keep(context, { name, operation: of, conditions, steps, from, until, rank: input.rank ?? rank, replacesId: null });
    context.emit("office.approvalPolicy.created", { approvalPolicyId: id });
    return { id };
  },
});

interface KeptPolicy {
  readonly operation: string;
  readonly name: string;
  readonly rank: number;
  readonly conditions: Conditions;
  readonly steps: Steps;
  readonly fromDay: KernelDay;
  readonly untilDay: KernelDay | null;
}

async function lock(context: WriteContext, id: KernelId): Promise<KeptPolicy> {
  const policy = await context.db.maybe<KeptPolicy>(sql`
    select operation, name, rank, conditions, steps, lower(during) as from_day, upper(during) - 1 as until_day from office.approval_policy
    where tenant_id = ${context.tenantId} and id = ${id} for update`);
  if (!policy) return refuse("notFound");
  if (policy.untilDay !== null && policy.untilDay < context.today) refuse("policyEnded", { day: policy.untilDay });
  return policy;
}

const isLive = (record: Readonly<Record<string, unknown>>): boolean => record["state"] !== "ended";
const ended = { policyEnded: "This policy ended on {day}. Add a new one." };

const changePolicy = operation({
  name: "office.approvalPolicy.change",
  title: "Change the policy",
  does: "From a day on other conditions or other steps hold. What waits already keeps the steps it was asked under.",
  kind: "write",
  may: keepers,
  input: z.strictObject({
    approvalPolicyId: ref("office.approvalPolicy"),
    from: Day,
    name: says.name.optional(),
    rank: z.int().min(1).max(1000).optional(),
    conditions: says.conditions.optional(),
    steps: says.steps.optional(),
  }),
  output: z.object({ id: Id }),
  refuses: { ...sayingRefusals, ...ended, changeInPast: "A policy changes from today on or later, not from {from}." },
  when: isLive,
  emits: ["office.approvalPolicy.changed"],
  async run(input, context) {
    const policy = await lock(context, input.approvalPolicyId);
    if (input.from < context.today) refuse("changeInPast", { from: input.from }, ["from"]);
    const next = {
      name: input.name ?? policy.name,
      rank: input.rank ?? policy.rank,
      conditions: input.conditions ?? policy.conditions,
      steps: input.steps ?? policy.steps,
    };
    check(context, policy.operation, next.conditions, next.steps);
    // Before its first day it has held nobody back: then it is simply said anew.
    const from = input.from > policy.fromDay ? input.from : policy.fromDay;
    if (input.from <= policy.fromDay) {
      await context.db.run(sql`
        update office.approval_policy set name = ${next.name}, rank = ${next.rank}, conditions = ${JSON.stringify(next.conditions)},
          steps = ${JSON.stringify(next.steps)} where tenant_id = ${context.tenantId} and id = ${input.approvalPolicyId}`);
      await newStamp(context);
      context.emit("office.approvalPolicy.changed", { approvalPolicyId: input.approvalPolicyId });
      return { id: input.approvalPolicyId };
    }
    await context.db.run(sql`
      update office.approval_policy set during = daterange(lower(during), ${from}::date)
      where tenant_id = ${context.tenantId} and id = ${input.approvalPolicyId}`);
    const until = policy.untilDay;
    const id = await keep(context, { ...next, operation: policy.operation, from, until, replacesId: input.approvalPolicyId });
    context.emit("office.approvalPolicy.changed", { approvalPolicyId: id });
    return { id };
  },
});

const retirePolicy = operation({
  name: "office.approvalPolicy.retire",
  title: "End the policy",
  does: "After a last day nothing more waits under it. What waits already goes on waiting.",
  kind: "write",
  may: keepers,
  input: z.strictObject({ approvalPolicyId: ref("office.approvalPolicy"), lastDay: Day }),
  output: z.object({ id: Id }),
  refuses: {
    ...ended,
    endsBeforeStart: "It begins on {from}; it cannot end before.",
    endInPast: "It held until today. Its last day is yesterday or later.",
  },
  when: isLive,
  emits: ["office.approvalPolicy.retired"],
  async run({ approvalPolicyId, lastDay }, context) {
    const policy = await lock(context, approvalPolicyId);
    if (lastDay < policy.fromDay) refuse("endsBeforeStart", { from: policy.fromDay }, ["lastDay"]);
    if (lastDay < addDays(context.today, -1)) refuse("endInPast", {}, ["lastDay"]);
    await context.db.run(sql`
      update office.approval_policy set during = daterange(lower(during), ${addDays(lastDay, 1)}::date)
      where tenant_id = ${context.tenantId} and id = ${approvalPolicyId}`);
    await newStamp(context);
    context.emit("office.approvalPolicy.retired", { approvalPolicyId });
    return { id: approvalPolicyId };
  },
});

export const policyOperations = [createPolicy, changePolicy, retirePolicy];
