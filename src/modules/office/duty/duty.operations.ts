// The rules about duties that must not be in one hand, the controls that stand in for them in small companies, and the auditor's list.
import { z } from "zod";
import { addDays } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, Id, Instant, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { newStamp } from "../../../platform/funnel/gate.ts";
import { usualPairs } from "./preset.rules.ts";

const keepers = ["office.manager"];
const readers = [...keepers, "office.auditor"];

const conflictRegister = register({
  name: "office.dutyConflict",
  title: "Conflicting duties",
  does: "Which two operations or roles must not be in one hand.",
  may: readers,
  row: z.object({
    id: Id,
    name: z.string(),
    kind: z.enum(["operation", "role"]),
    first: z.string(),
    second: z.string(),
    reach: z.enum(["document", "days"]),
    days: z.int().nullable(),
    says: z.string(),
    inOneHand: z.int().describe("Members who hold both roles now; for operations, people with a control in force."),
    state: z.enum(["future", "active", "ended"]),
    fromDay: Day,
    untilDay: Day.nullable(),
  }),
  label: "name",
  search: ["name", "first", "second"],
  from: (context, asOf) => sql`
    select c.id, c.name, c.kind, c.first, c.second, c.reach, c.days, c.says, lower(c.during) as from_day, upper(c.during) - 1 as until_day,
      case when lower(c.during) > ${asOf}::date then 'future' when upper(c.during) <= ${asOf}::date then 'ended' else 'active' end as state,
      case c.kind when 'role' then (select count(distinct g.user_id)::int from identity.role_grant g
        join identity.role_grant h on h.tenant_id = g.tenant_id and h.user_id = g.user_id and h.role = c.second
          and h.from_day <= ${asOf}::date and (h.until_day is null or h.until_day >= ${asOf}::date)
        where g.tenant_id = ${context.tenantId} and g.role = c.first
          and g.from_day <= ${asOf}::date and (g.until_day is null or g.until_day >= ${asOf}::date))
      else (select count(distinct k.person_id)::int from office.duty_control k where k.tenant_id = ${context.tenantId}
        and k.conflict_id = c.id and k.ended_on is null and k.review_day >= ${asOf}::date) end as in_one_hand
    from office.duty_conflict c where c.tenant_id = ${context.tenantId}`,
});

const controlRegister = register({
  name: "office.dutyControl",
  title: "Compensating controls",
  does: "Who may do both duties of a rule, what is done instead, why, and who looks at it again by when.",
  may: readers,
  row: z.object({
    id: Id,
    label: z.string(),
    conflictId: ref("office.dutyConflict"),
    conflict: z.string(),
    personId: ref("directory.person"),
    person: z.string(),
    control: z.string(),
    reason: z.string(),
    reviewerId: ref("directory.person"),
    reviewer: z.string(),
    reviewDay: Day,
    used: z.int().describe("How often something was done under it."),
    madeBy: z.string().nullable(),
    madeOn: Day,
    state: z.enum(["active", "ended"]),
  }),
  worklist: true,
  label: "label",
  search: ["person", "conflict", "control"],
  sort: "reviewDay",
  from: (context) => sql`
    select k.id, p.name || ': ' || c.name as label, k.conflict_id, c.name as conflict, k.person_id, p.name as person, k.control, k.reason,
      k.reviewer_id, r.name as reviewer, k.review_day, m.name as made_by, k.made_on,
      (select count(*)::int from office.duty_override o where o.tenant_id = ${context.tenantId} and o.control_id = k.id) as used,
      case when k.ended_on is not null or k.review_day < ${context.today}::date then 'ended' else 'active' end as state
    from office.duty_control k
    join office.duty_conflict c on c.tenant_id = k.tenant_id and c.id = k.conflict_id
    join directory.party p on p.tenant_id = k.tenant_id and p.id = k.person_id
    join directory.party r on r.tenant_id = k.tenant_id and r.id = k.reviewer_id
    left join directory.party m on m.tenant_id = k.tenant_id and m.id = k.made_by
    where k.tenant_id = ${context.tenantId}`,
});

const overrideRegister = register({
  name: "office.dutyOverride",
  title: "Done in one hand",
  does: "What someone did, decided or was given though the duties conflict, and under which control: the auditor's list.",
  may: readers,
  row: z.object({
    id: Id,
    label: z.string(),
    at: Instant,
    personId: ref("directory.person"),
    person: z.string(),
    moment: z.enum(["grant", "action", "decision"]),
    operation: z.string(),
    aboutId: Id.nullable(),
    conflictId: ref("office.dutyConflict"),
    conflict: z.string(),
    controlId: ref("office.dutyControl"),
    control: z.string(),
  }),
  label: "label",
  search: ["person", "operation", "conflict"],
  sort: "-at",
  from: (context) => sql`
    select o.id, p.name || ': ' || o.operation as label, o.at, o.person_id, p.name as person, o.at_moment as moment, o.operation,
      o.about_id,
      o.conflict_id, c.name as conflict, o.control_id, k.control
    from office.duty_override o
    join office.duty_conflict c on c.tenant_id = o.tenant_id and c.id = o.conflict_id
    join office.duty_control k on k.tenant_id = o.tenant_id and k.id = o.control_id
    join directory.party p on p.tenant_id = o.tenant_id and p.id = o.person_id
    where o.tenant_id = ${context.tenantId}`,
});

interface Rule {
  readonly name: string;
  readonly says: string;
  readonly kind: "operation" | "role";
  readonly first: string;
  readonly second: string;
  readonly days?: number | undefined;
}

/** Keeps rules, and for those with days what was done in those days. Rules that stand already are left as they are. */
async function keep(context: WriteContext, rules: readonly Rule[]): Promise<KernelId[]> {
  const { tenantId, today } = context;
  const kept = await context.db.rows<{ id: KernelId }>(sql`
    insert into office.duty_conflict (tenant_id, id, name, says, kind, first, second, reach, days, during)
    select ${tenantId}, r.id, r.name, r.says, r.kind, r.first, r.second, case when r.days is null then 'document' else 'days' end, r.days,
      daterange(${today}::date, null)
    from unnest(${rules.map(() => context.newId())}::uuid[], ${rules.map((one) => one.name)}::text[],
      ${rules.map((one) => one.says)}::text[],
      ${rules.map((one) => one.kind)}::text[], ${rules.map((one) => one.first)}::text[], ${rules.map((one) => one.second)}::text[],
      ${rules.map((one) => one.days ?? null)}::int[]) as r (id, name, says, kind, first, second, days)
    where not exists (select from office.duty_conflict c where c.tenant_id = ${tenantId} and c.during && daterange(${today}::date, null)
      and (c.first, c.second) in ((r.first, r.second), (r.second, r.first)))
    returning id`);
  const withDays = rules.filter((one) => one.days !== undefined && one.kind === "operation");
  if (withDays.length > 0) {
    const since = addDays(today, -Math.max(...withDays.map((one) => one.days!)));
    await context.db.run(sql`
      insert into office.duty_deed (tenant_id, id, person_id, operation, at)
      select ${tenantId}, l.id, l.person_id, l.operation, l.at from platform.operation_log l
      where l.tenant_id = ${tenantId} and l.at >= ${since}::date and l.person_id is not null
        and l.operation = any(${withDays.flatMap((one) => [one.first, one.second])}::text[])
      on conflict do nothing`);
  }
  await newStamp(context);
  return kept.map((row) => row.id);
}

const createConflict = operation({
  name: "office.dutyConflict.create",
  title: "Part two duties",
  does: "From today on nobody does both of two operations on the same papers (or within some days), or holds both of two roles.",
  kind: "write",
  may: keepers,
  input: z.strictObject({
    name: Text(120),
    says: Text(200).describe("Ends the sentence: you have done this, and …"),
    kind: z.enum(["operation", "role"]),
    first: Text(120),
    second: Text(120),
    days: z
      .int()
      .min(1)
      .max(366)
      .optional()
      .describe("For operations: within so many days, whatever the papers; left out: on the same papers."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    operationUnknown: "There is no write called {operation}. The reference lists them all.",
    roleUnclear: "{role} does not look like a role, e.g. finance.accountant.",
    sameDuty: "Name two different ones.",
    partedAlready: "These two are parted already.",
  },
  constraints: { duty_conflict_once: "partedAlready" },
  emits: ["office.dutyConflict.created"],
  async run(input, context) {
    if (input.first === input.second) refuse("sameDuty", {}, ["second"]);
    for (const field of ["first", "second"] as const) {
      const name = input[field];
      const isWrite = context.operationNamed(name)?.kind === "write";
      if (input.kind === "operation" && !isWrite) refuse("operationUnknown", { operation: name }, [field]);
      if (input.kind === "role" && !/^[a-z]+\.[a-zA-Z]+$/.test(name)) refuse("roleUnclear", { role: name }, [field]);
    }
    const [id] = await keep(context, [input]);
    if (!id) return refuse("partedAlready");
    context.emit("office.dutyConflict.created", { dutyConflictId: id });
    return { id };
  },
});

const usePreset = operation({
  name: "office.dutyConflict.usePreset",
  title: "Part the usual duties",
  does: "Adds the pairs that are parted in every well-run house: bank details and payments, bills entered and approved, payroll, access.",
  kind: "write",
  may: keepers,
  input: z.strictObject({}),
  output: z.object({ added: z.int(), standing: z.int().describe("How many stood already.") }),
  emits: ["office.dutyConflict.created"],
  async run(_input, context) {
    const rules = usualPairs.filter(
      (one) => one.kind === "role" || (context.operationNamed(one.first) && context.operationNamed(one.second)),
    );
    const ids = await keep(context, rules);
    for (const id of ids) context.emit("office.dutyConflict.created", { dutyConflictId: id });
    return { added: ids.length, standing: rules.length - ids.length };
  },
});

const endConflict = operation({
  name: "office.dutyConflict.end",
  title: "End the rule",
  does: "From today on both may be in one hand again. What was refused or overridden stays on record.",
  kind: "write",
  may: keepers,
  input: z.strictObject({ dutyConflictId: ref("office.dutyConflict"), reason: Text(500) }),
  output: z.object({ id: Id }),
  refuses: { ruleEnded: "This rule has ended already." },
  when: (record) => record["state"] !== "ended",
  emits: ["office.dutyConflict.ended"],
  async run({ dutyConflictId }, context) {
    const rule = await context.db.maybe<{ isOver: boolean; isNew: boolean }>(sql`
      select coalesce(upper(during) <= ${context.today}::date, false) as is_over, lower(during) >= ${context.today}::date as is_new
      from office.duty_conflict where tenant_id = ${context.tenantId} and id = ${dutyConflictId} for update`);
    if (!rule) return refuse("notFound");
    if (rule.isOver) refuse("ruleEnded");
    // A rule of one day still holds on that day.
    const end = rule.isNew ? addDays(context.today, 1) : context.today;
    await context.db.run(sql`
      update office.duty_conflict set during = daterange(lower(during), ${end}::date)
      where tenant_id = ${context.tenantId} and id = ${dutyConflictId}`);
    await newStamp(context);
    context.emit("office.dutyConflict.ended", { dutyConflictId });
    return { id: dutyConflictId };
  },
});

const createControl = operation({
  name: "office.dutyControl.create",
  title: "Name a compensating control",
  does: "Lets one person do both duties of a rule while something else guards it, until somebody looks at it again.",
  kind: "write",
  may: keepers,
  on: "office.dutyConflict",
  input: z.strictObject({
    dutyConflictId: ref("office.dutyConflict"),
    personId: ref("directory.person"),
    control: Text(300).describe("What is done instead, e.g. the external accountant looks through all payments each month."),
    reason: Text(500),
    reviewerId: ref("directory.person").describe("Who looks at it again; someone else."),
    reviewDay: Day.describe("By when; after it the control no longer counts. A year at most."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    personUnknown: "There is no such person in the directory. Choose one from the list.",
    ownControl: "Nobody names a control for themself.",
    ownReview: "Someone else looks at it again, not the person themself.",
    reviewTooFar: "Somebody has to look at it again within a year, and not before tomorrow.",
  },
  constraints: { duty_control_reviewer: "ownReview" },
  when: (record) => record["state"] === "active",
  emits: ["office.dutyControl.created"],
  async run(input, context) {
    const { n } = await context.db.row<{ n: number }>(sql`
      select count(*)::int as n from directory.party where tenant_id = ${context.tenantId} and kind = 'person'
        and id = any(${[input.personId, input.reviewerId]}::uuid[])`);
    if (input.personId === input.reviewerId) refuse("ownReview", {}, ["reviewerId"]);
    if (n < 2) refuse("personUnknown", {}, ["personId"]);
    if (input.personId === context.actor.personId) refuse("ownControl", {}, ["personId"]);
    const { today } = context;
    if (input.reviewDay <= today || input.reviewDay > addDays(today, 366)) refuse("reviewTooFar", {}, ["reviewDay"]);
    const rule = await context.db.maybe(sql`
      select id from office.duty_conflict where tenant_id = ${context.tenantId} and id = ${input.dutyConflictId}`);
    if (!rule) return refuse("notFound");
    const id = context.newId();
    await context.db.run(sql`
      insert into office.duty_control
        (tenant_id, id, conflict_id, person_id, control, reason, reviewer_id, review_day, made_by, made_at, made_on)
      values (${context.tenantId}, ${id}, ${input.dutyConflictId}, ${input.personId}, ${input.control}, ${input.reason},
        ${input.reviewerId},
        ${input.reviewDay}, ${context.actor.personId}, ${context.now}, ${today})`);
    context.emit("office.dutyControl.created", { dutyControlId: id, dutyConflictId: input.dutyConflictId });
    return { id };
  },
});

const endControl = operation({
  name: "office.dutyControl.end",
  title: "End the control",
  does: "From now on the rule holds for this person again.",
  kind: "write",
  may: keepers,
  input: z.strictObject({ dutyControlId: ref("office.dutyControl") }),
  output: z.object({ id: Id }),
  refuses: { controlEnded: "This control has ended already." },
  when: (record) => record["state"] === "active",
  emits: ["office.dutyControl.ended"],
  async run({ dutyControlId }, context) {
    const ended = await context.db.run(sql`
      update office.duty_control set ended_on = ${context.today}
      where tenant_id = ${context.tenantId} and id = ${dutyControlId} and ended_on is null`);
    if (ended === 0) refuse("controlEnded");
    context.emit("office.dutyControl.ended", { dutyControlId });
    return { id: dutyControlId };
  },
});

export const dutyOperations = [createConflict, usePreset, endConflict, createControl, endControl];
export const dutyRegisters = [conflictRegister, controlRegister, overrideRegister];
