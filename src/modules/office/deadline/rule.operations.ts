// Rules of deadlines: a regime adopted as it is, a rule of one's own from a contract or a local law, and starting a deadline by hand.
import { z } from "zod";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { Day, Id, Instant, LongText, ref, Text } from "../../../platform/operation/field.ts";
import { anyone, operation, whoever } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { isActivity } from "../responsibility/activity.rules.ts";
import { resolveHolder } from "../responsibility/resolve.ts";
import { units } from "./deadline.rules.ts";
import { regimes } from "./regime.rules.ts";
import { adoptRules, rulesThat, startByRule, writeRules } from "./rule.store.ts";

/** The office manager, the governance manager where there is one, and whoever answers for legal and contractual duties here. */
export const keepers = [
  "office.manager",
  whoever("whoever answers for legal and contractual duties", async (_input, context) => {
    if (context.holds("governance.manager")) return true;
    const { personId } = await resolveHolder(context, "governance.compliance");
    return context.actor.personId !== null && personId === context.actor.personId;
  }),
] as const;

export const Moment = z.iso.datetime({ offset: true }).meta({ "x-kind": "instant" });

const notFound = "There is no such rule. Choose one from the list.";

export const deadlineRuleRegister = register({
  name: "office.deadlineRule",
  title: "Deadline rules",
  does: "Periods that laws and contracts set: what lets them begin, how long they are, whether they can be extended, and where it says so.",
  may: [anyone],
  row: z.object({
    id: Id,
    code: z.string(),
    title: z.string(),
    state: z.enum(["in force", "retired"]),
    regime: z.string().nullable(),
    reference: z.string(),
    period: z.string(),
    trigger: z.string(),
    extension: z.string().nullable(),
    pauseGround: z.string().nullable(),
    follows: z.string().nullable(),
    startsOn: z.string().nullable(),
    activity: z.string(),
    calendarId: ref("directory.calendar").nullable(),
    calendar: z.string().nullable(),
    guidance: LongText().nullable(),
    source: z.string().nullable(),
  }),
  label: "title",
  search: ["title", "code", "reference", "trigger"],
  sort: "code",
  from: (context) => sql`
    select r.id, r.code, r.title, r.state, r.regime, r.reference, r.trigger, r.pause_ground, r.follows, r.starts_on, r.activity,
      r.calendar_id, c.name as calendar, r.guidance, r.source,
      case when r.unit = 'promptly' then 'without undue delay' else r.amount || ' ' || case r.unit when 'businessDays' then 'working days'
        else r.unit end end as period,
      r.extension_amount || ' ' || r.unit || ' more; tell ' || r.extension_tell as extension
    from office.deadline_rule r
    left join directory.calendar c on c.tenant_id = r.tenant_id and c.id = r.calendar_id
    where r.tenant_id = ${context.tenantId}`,
});

export const adoptRegime = operation({
  name: "office.deadlineRule.adopt",
  title: "Adopt a regime",
  does: "Puts the deadlines of a law into force for the company: what it names begins by itself from then on.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({
    regime: z.enum(regimes).describe("gdpr, nis2 where the company is essential or important, dora for finance, aiAct, whistleblowing."),
  }),
  output: z.object({ added: z.number().int() }),
  refuses: { adoptedAlready: "The rules of {regime} are all there already. Nothing was changed." },
  emits: ["office.deadlineRule.adopted"],
  example: { regime: "gdpr" },
  async run({ regime }, context) {
    const added = await adoptRules(context, regime);
    if (added === 0) refuse("adoptedAlready", { regime }, ["regime"]);
    context.emit("office.deadlineRule.adopted", { regime });
    return { added };
  },
});

export const createDeadlineRule = operation({
  name: "office.deadlineRule.create",
  title: "Add a deadline rule",
  does: "Adds a period that a contract or a law sets, with what lets it begin and where it says so.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({
    code: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{1,39}$/, "must be like lease-notice")
      .describe("Short and lasting, e.g. lease-notice."),
    title: Text(200),
    reference: Text(200).describe("Law and article, or the clause of the contract."),
    trigger: Text(200).describe("What lets it begin."),
    startsOn: Text(80).optional().describe("The event of a department that lets it begin by itself, e.g. people.offer.accepted."),
    unit: z.enum(units),
    amount: z.number().int().min(1).max(10_000).optional().describe("Left out only for promptly."),
    putOff: z.boolean().default(true).describe("A last day that is not worked is put off to the next that is."),
    calendarId: ref("directory.calendar").optional(),
    extensionAmount: z.number().int().min(1).max(1000).optional().describe("In the same unit, once."),
    extensionTell: Text(200).optional().describe("Whom an extension must be told."),
    pauseGround: Text(200).optional().describe("Why its clock may be stopped."),
    warnHours: z.array(z.number().int().min(1).max(10_000)).max(5).default([72, 24]),
    activity: Text(80).default("governance.compliance"),
    guidance: LongText(2000).optional(),
  }),
  output: z.object({ id: Id }),
  refuses: {
    codeTaken: "There is a rule with the code {code} already. Choose another code.",
    amountOdd: "Say how long it is; only what is to be done promptly goes without.",
    extensionOdd: "An extension has a length and somebody to tell: give both or neither.",
    activityMalformed: "{activity} is not an activity. Write it like governance.compliance.",
    calendarUnknown: "There is no such calendar. Choose one from the list.",
  },
  emits: ["office.deadlineRule.created"],
  constraints: { deadline_rule_tenant_id_code_key: "codeTaken" },
  async run(input, context) {
    const { code, calendarId } = input;
    const taken = await context.db.maybe(sql`select id from office.deadline_rule where tenant_id = ${context.tenantId} and code = ${code}`);
    if (taken) refuse("codeTaken", { code }, ["code"]);
    if ((input.unit === "promptly") !== (input.amount === undefined)) refuse("amountOdd", {}, ["amount"]);
    if ((input.extensionAmount === undefined) !== (input.extensionTell === undefined)) refuse("extensionOdd", {}, ["extensionTell"]);
    if (!isActivity(input.activity)) refuse("activityMalformed", { activity: input.activity }, ["activity"]);
    const calendar =
      calendarId &&
      (await context.db.maybe(sql`select id from directory.calendar where tenant_id = ${context.tenantId} and id = ${calendarId}`));
    if (calendarId && !calendar) refuse("calendarUnknown", {}, ["calendarId"]);
    const extension = input.extensionAmount !== undefined ? { amount: input.extensionAmount, tell: input.extensionTell! } : null;
    await writeRules(context, [
      {
        ...input,
        amount: input.amount ?? null,
        isPutOff: input.putOff,
        extension,
        regime: null,
        source: null,
        startsOn: input.startsOn ?? null,
        follows: null,
        pauseGround: input.pauseGround ?? null,
        isReasonedWhenLate: false,
        isConfidential: false,
        guidance: input.guidance ?? null,
      },
    ]);
    const [made] = await rulesThat(context, sql`r.code = ${code}`);
    context.emit("office.deadlineRule.created", { deadlineRuleId: made!.id });
    return { id: made!.id };
  },
});

export const retireDeadlineRule = operation({
  name: "office.deadlineRule.retire",
  title: "Retire a deadline rule",
  does: "Starts no more deadlines by it. Those that run go on.",
  kind: "write",
  may: [...keepers],
  when: (record) => record["state"] === "in force",
  input: z.strictObject({ deadlineRuleId: ref("office.deadlineRule") }),
  output: z.object({ id: Id }),
  refuses: { notFound },
  emits: ["office.deadlineRule.retired"],
  async run({ deadlineRuleId }, context) {
    const done = await context.db.run(sql`
      update office.deadline_rule set state = 'retired'
      where tenant_id = ${context.tenantId} and id = ${deadlineRuleId} and state = 'in force'`);
    if (done === 0) refuse("notFound");
    context.emit("office.deadlineRule.retired", { deadlineRuleId });
    return { id: deadlineRuleId };
  },
});

export const startDeadline = operation({
  name: "office.deadlineRule.start",
  title: "Start a deadline",
  does: "Lets a deadline begin by its rule, from the moment that counts, and puts it with whoever answers for it.",
  kind: "write",
  may: [...keepers],
  when: (record) => record["state"] === "in force",
  input: z.strictObject({
    deadlineRuleId: ref("office.deadlineRule"),
    at: Moment.optional().describe("The moment that lets it begin; now when left out."),
    called: Text(150).optional().describe("What it is about, e.g. Request of 3 March."),
    aboutSubject: Text(80).optional(),
    aboutId: Id.optional(),
  }),
  output: z.object({ id: Id, dueDay: Day, dueAt: Instant.nullable() }),
  refuses: {
    notFound,
    inTheFuture: "It has not happened yet. A deadline begins with what has.",
    aboutHalf: "Name the record with its list, or neither.",
  },
  emits: ["office.deadline.started"],
  async run(input, context) {
    const [rule] = await rulesThat(context, sql`r.id = ${input.deadlineRuleId}`);
    if (!rule) refuse("notFound");
    const at = input.at ? new Date(input.at) : context.now;
    if (at > context.now) refuse("inTheFuture", {}, ["at"]);
    if ((input.aboutSubject === undefined) !== (input.aboutId === undefined)) refuse("aboutHalf", {}, ["aboutId"]);
    const about = input.aboutSubject && input.aboutId ? { subject: input.aboutSubject, id: input.aboutId } : undefined;
    const id = await startByRule(context, rule, { at, ...(about && { about }), ...(input.called && { called: input.called }) });
    context.emit("office.deadline.started", { deadlineId: id });
    const { due, dueAt } = await context.db.row<{ due: string; dueAt: Date | null }>(sql`
      select due, due_at from office.deadline where tenant_id = ${context.tenantId} and id = ${id}`);
    return { id, dueDay: due as never, dueAt };
  },
});
