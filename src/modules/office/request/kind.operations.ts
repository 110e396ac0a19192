// Keeping the catalogue: kinds of request with their forms. A changed form is a new version; what was answered keeps its own.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { hashOf } from "../../../platform/funnel/trail.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { Id, LongText, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { isActivity } from "../responsibility/activity.rules.ts";
import { knowActivity } from "../responsibility/activity.ts";
import { type Audience, audienceFields, audienceOf, audienceWords } from "./audience.ts";
import { fieldKinds, type FormField, mistakeInForm } from "./form.rules.ts";
import { levels } from "./request.rules.ts";
import { type KindRow, kindBy } from "./request.store.ts";
import { usualKinds } from "./usual-kinds.rules.ts";

const keeper = ["office.manager"];

const Field = z.strictObject({
  name: Text(60).regex(/^[a-z][a-zA-Z0-9]*$/, "must be one word in camelCase"),
  label: Text(120),
  kind: z.enum(fieldKinds),
  help: Text(300).optional(),
  required: z.boolean().optional(),
  options: z.array(Text(120)).max(60).optional().describe("What one may choose."),
  register: Text(80).optional().describe("Of a record: the register it stands in, e.g. `it.device`."),
  showWhen: z
    .strictObject({ field: Text(60), is: z.array(Text(120)).min(1).max(60) })
    .optional()
    .describe("Shown only when that field before it has one of these answers; yes or no are written so."),
  least: z.number().optional(),
  most: z.number().optional(),
});

const Task = z.strictObject({ title: Text(150), activity: Text(80), days: z.number().int().min(0).max(365) });

const kindFields = {
  title: Text(120),
  says: LongText(1000).optional().describe("What it is for, in a sentence or two."),
  department: Text(40)
    .regex(/^[a-z][a-zA-Z]*$/, "must be one word")
    .describe("Where it stands in the catalogue, e.g. `it`."),
  ...audienceFields,
  activity: Text(80).describe("The kind of work; it goes to whoever answers for it."),
  placeOf: z
    .enum(["company", "unit", "site", "chosen"])
    .optional()
    .describe("Whose place decides who answers for it: the unit or site of the one who asks, or the place they choose."),
  teamRoles: z.array(Text(80)).max(10).optional().describe("Roles whose holders work on it too."),
  impact: z.enum(levels).optional(),
  urgency: z.enum(levels).optional(),
  confidential: z.boolean().optional().describe("Seen only by the one who asks, by whom it is with and by whoever answers for it."),
  tasks: z.array(Task).max(20).optional().describe("Opened when it is filed."),
  approvalActivity: Text(80).optional().describe("Whoever answers for this decides first."),
  closeDays: z.number().int().min(1).max(90).optional().describe("Days after which a solved one is closed; by default 7."),
  reopenDays: z.number().int().min(0).max(365).optional().describe("Days within which it may be reopened; by default 14."),
  fields: z.array(Field).max(40).optional().describe("The form."),
};

const kindWords = {
  ...audienceWords,
  codeTaken: "There is a kind of request called {code} already. Choose another code.",
  activityUnknown: "{activity} is not an activity. Choose one from the responsibility map.",
  formBroken: "The form cannot be answered. {says}",
  confidentialApproval: "A second person who decides would read what is confidential. Leave out one of both.",
};

interface KindWish {
  readonly id: KernelId;
  readonly code: string;
  readonly title: string;
  readonly says: string | null;
  readonly department: string;
  readonly activity: string;
  readonly placeOf: KindRow["placeOf"];
  readonly teamRoles: readonly string[];
  readonly impact: KindRow["impact"];
  readonly urgency: KindRow["urgency"];
  readonly isConfidential: boolean;
  readonly tasks: KindRow["tasks"];
  readonly approvalActivity: string | null;
  readonly closeDays: number;
  readonly reopenDays: number;
}

/** Refuses `activityUnknown`, `confidentialApproval` and `formBroken`. */
async function needSound(context: WriteContext, wish: KindWish, fields: readonly FormField[]): Promise<void> {
  const named = [wish.activity, ...wish.tasks.map((task) => task.activity), ...(wish.approvalActivity ? [wish.approvalActivity] : [])];
  const unknown = named.find((activity) => !isActivity(activity));
  if (unknown !== undefined) refuse("activityUnknown", { activity: unknown }, ["activity"]);
  if (wish.isConfidential && wish.approvalActivity !== null) refuse("confidentialApproval", {}, ["approvalActivity"]);
  const says = mistakeInForm(fields);
  if (says) refuse("formBroken", { says }, ["fields"]);
  for (const activity of new Set(named)) await knowActivity(context, activity);
}

async function writeForm(context: WriteContext, kindId: KernelId, version: number, fields: readonly FormField[]): Promise<void> {
  await context.db.run(sql`
    insert into office.request_form (tenant_id, id, kind_id, version, fields, made_at, made_by)
    values (${context.tenantId}, ${context.newId()}, ${kindId}, ${version}, ${JSON.stringify(fields)}, ${context.now},
      ${context.actor.personId})`);
}

async function insertKind(context: WriteContext, wish: KindWish, audience: Audience, fields: readonly FormField[]): Promise<void> {
  await context.db.run(sql`
    insert into office.request_kind (tenant_id, id, code, title, says, department, audience, audience_roles, audience_ids, activity,
      place_of, team_roles, impact, urgency, is_confidential, tasks, approval_activity, close_days, reopen_days, version)
    values (${context.tenantId}, ${wish.id}, ${wish.code}, ${wish.title}, ${wish.says}, ${wish.department}, ${audience.audience},
      ${audience.audienceRoles}, ${audience.audienceIds}::uuid[], ${wish.activity}, ${wish.placeOf}, ${wish.teamRoles}, ${wish.impact},
      ${wish.urgency}, ${wish.isConfidential}, ${JSON.stringify(wish.tasks)}, ${wish.approvalActivity},
      ${wish.closeDays}, ${wish.reopenDays}, 1)`);
  await writeForm(context, wish.id, 1, fields);
}

export const createKind = operation({
  name: "office.requestKind.create",
  title: "Add a kind of request",
  does: "Adds something to the catalogue that people may ask for, with its form and with who it goes to.",
  kind: "write",
  may: keeper,
  input: z.strictObject({ code: Text(40).regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "must be like visitor-badge"), ...kindFields }),
  output: z.object({ id: Id }),
  refuses: kindWords,
  constraints: { request_kind_tenant_id_code_key: "codeTaken" },
  emits: ["office.requestKind.created"],
  example: {
    code: "visitor-badge",
    title: "Visitor badge",
    department: "facilities",
    activity: "facilities.access",
    fields: [{ name: "visitor", label: "Who comes", kind: "text", required: true }],
  },
  async run(input, context) {
    if (await kindBy(context, { code: input.code })) refuse("codeTaken", { code: input.code }, ["code"]);
    const wish: KindWish = {
      id: context.newId(),
      code: input.code,
      title: input.title,
      says: input.says ?? null,
      department: input.department,
      activity: input.activity,
      placeOf: input.placeOf ?? "unit",
      teamRoles: input.teamRoles ?? [],
      impact: input.impact ?? "low",
      urgency: input.urgency ?? "medium",
      isConfidential: input.confidential ?? false,
      tasks: input.tasks ?? [],
      approvalActivity: input.approvalActivity ?? null,
      closeDays: input.closeDays ?? 7,
      reopenDays: input.reopenDays ?? 14,
    };
    await needSound(context, wish, input.fields ?? []);
    await insertKind(context, wish, await audienceOf(context, input), input.fields ?? []);
    context.emit("office.requestKind.created", { requestKindId: wish.id });
    return { id: wish.id };
  },
});

export const changeKind = operation({
  name: "office.requestKind.change",
  title: "Change the kind of request",
  does: "Changes what the catalogue offers. A changed form is a new version; requests filed before keep the form they were filed on.",
  kind: "write",
  may: keeper,
  input: z.strictObject({ requestKindId: ref("office.requestKind"), ...partial(kindFields) }),
  output: z.object({ id: Id, version: z.number().int() }),
  refuses: {
    kindRetired: "This kind is no longer offered. Add a new one instead.",
    audienceMissing: kindWords.audienceMissing,
    activityUnknown: kindWords.activityUnknown,
    formBroken: kindWords.formBroken,
    confidentialApproval: kindWords.confidentialApproval,
    staysConfidential: "What was asked in confidence stays so. Add another kind that is open.",
  },
  when: (record) => record["state"] === "offered",
  emits: ["office.requestKind.changed"],
  async run(input, context) {
    const kind = await lockKind(context, input.requestKindId);
    if (kind.retiredAt) refuse("kindRetired");
    if (kind.isConfidential && input.confidential === false) refuse("staysConfidential", {}, ["confidential"]);
    const { requestKindId, fields = kind.fields, confidential, ...changes } = input;
    const wish: KindWish = { ...kind, ...changes, id: requestKindId, isConfidential: confidential ?? kind.isConfidential };
    const audience = input.audience ? await audienceOf(context, input) : kind;
    await needSound(context, wish, fields);
    const version = hashOf(fields) === hashOf(kind.fields) ? kind.version : kind.version + 1;
    if (version > kind.version) await writeForm(context, kind.id, version, fields);
    await context.db.run(sql`
      update office.request_kind set title = ${wish.title}, says = ${wish.says}, department = ${wish.department},
        audience = ${audience.audience}, audience_roles = ${audience.audienceRoles}, audience_ids = ${audience.audienceIds}::uuid[],
        activity = ${wish.activity}, place_of = ${wish.placeOf}, team_roles = ${wish.teamRoles}, impact = ${wish.impact},
        urgency = ${wish.urgency}, is_confidential = ${wish.isConfidential},
        tasks = ${JSON.stringify(wish.tasks)}, approval_activity = ${wish.approvalActivity}, close_days = ${wish.closeDays},
        reopen_days = ${wish.reopenDays}, version = ${version}
      where tenant_id = ${context.tenantId} and id = ${kind.id}`);
    context.emit("office.requestKind.changed", { requestKindId: kind.id });
    return { id: kind.id, version };
  },
});

function partial<Shape extends z.ZodRawShape>(shape: Shape): { [Name in keyof Shape]: z.ZodOptional<Shape[Name]> } {
  return z.strictObject(shape).partial().shape as { [Name in keyof Shape]: z.ZodOptional<Shape[Name]> };
}

type LockedKind = KindRow & Audience & Pick<KindWish, "says" | "teamRoles">;

async function lockKind(context: ReadContext, requestKindId: KernelId): Promise<LockedKind> {
  const kind = await kindBy(context, { id: requestKindId });
  const rest = await context.db.maybe<Audience & Pick<KindWish, "says" | "teamRoles">>(sql`
    select audience, audience_roles, audience_ids, says, team_roles from office.request_kind
    where tenant_id = ${context.tenantId} and id = ${requestKindId} for update`);
  return kind && rest ? { ...kind, ...rest } : refuse("notFound");
}

export const retireKind = operation({
  name: "office.requestKind.retire",
  title: "Offer it no longer",
  does: "Takes a kind out of the catalogue; requests that were filed go on.",
  kind: "write",
  may: keeper,
  input: z.strictObject({ requestKindId: ref("office.requestKind") }),
  output: z.object({ id: Id }),
  refuses: { kindRetired: "This kind is no longer offered. Nothing was changed." },
  when: (record) => record["state"] === "offered",
  emits: ["office.requestKind.retired"],
  async run({ requestKindId }, context) {
    const kind = await lockKind(context, requestKindId);
    if (kind.retiredAt) refuse("kindRetired");
    await context.db.run(sql`
      update office.request_kind set retired_at = ${context.now} where tenant_id = ${context.tenantId} and id = ${kind.id}`);
    context.emit("office.requestKind.retired", { requestKindId: kind.id });
    return { id: kind.id };
  },
});

export const addUsualKinds = operation({
  name: "office.requestKind.addUsual",
  title: "Add the usual kinds of request",
  does: "Fills the catalogue with what people of every company ask for, in all departments; kinds that stand already stay as they are.",
  kind: "write",
  may: keeper,
  input: z.strictObject({}),
  output: z.object({ added: z.number().int() }),
  emits: ["office.requestKind.created"],
  async run(_input, context) {
    const standing = await context.db.rows<{ code: string }>(sql`
      select code from office.request_kind where tenant_id = ${context.tenantId}`);
    const missing = usualKinds.filter(({ code }) => !standing.some((kind) => kind.code === code));
    for (const { fields, audienceRoles, ...usual } of missing) {
      const wish: KindWish = {
        tasks: [],
        approvalActivity: null,
        closeDays: 7,
        reopenDays: 14,
        placeOf: "unit",
        isConfidential: false,
        ...usual,
        id: context.newId(),
      };
      await needSound(context, wish, fields);
      await insertKind(context, wish, await audienceOf(context, audienceRoles ? { audience: "roles", roles: audienceRoles } : {}), fields);
      context.emit("office.requestKind.created", { requestKindId: wish.id });
    }
    return { added: missing.length };
  },
});
