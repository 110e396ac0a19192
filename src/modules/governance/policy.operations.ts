// Policies: from a draft to a version in force, for an audience, until it is retired.
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Day as KernelDay } from "../../kernel/day.ts";
import type { Id as RecordId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { Day, FileId, Id, LongText, ref, Text } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";
import { nextVersion, type PublishedVersion, publishingRefused } from "./policy.rules.ts";

const PolicyText = LongText(200_000).refine((text) => text.trim() !== "", "must not be empty");
const audience = {
  kind: z.enum(["everyone", "unit", "site", "job"]),
  unitId: ref("directory.unit").optional(),
  siteId: ref("directory.site").optional(),
  jobId: ref("directory.job").optional(),
};
const audienceIncomplete = "An audience of a {kind} names exactly that {kind}. Give it and nothing else.";
const noSuchPolicy = "There is no such policy.";

export const createPolicy = operation({
  name: "governance.policy.create",
  title: "Write a policy",
  does: "Begins a policy with its first draft. It addresses nobody and binds nobody until it has an audience and is published.",
  kind: "write",
  may: ["governance.manager"],
  input: z.strictObject({
    code: Text(40).describe("Short and lasting, e.g. IT-01."),
    title: Text(200),
    ownerId: ref("directory.person").describe("Who answers for its content."),
    text: PolicyText,
    fileId: FileId.optional(),
    attestDays: z.number().int().min(1).max(365).default(14).describe("Days to attest it, from the day it concerns someone."),
    reviewMonths: z.number().int().min(1).max(60).optional().describe("Months until it must be looked at again."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    codeTaken: "There is a policy with the code {code} already. Choose another code.",
    ownerUnknown: "There is no such person to own the policy. Choose someone from the directory.",
  },
  emits: ["governance.policy.created"],
  constraints: { policy_code: "codeTaken", policy_tenant_id_owner_id_fkey: "ownerUnknown" },
  async run(input, context) {
    const { tenantId } = context;
    const taken = await context.db.maybe(sql`select id from governance.policy where tenant_id = ${tenantId} and code = ${input.code}`);
    if (taken) refuse("codeTaken", { code: input.code }, ["code"]);
    const owner = await context.db.maybe(sql`
      select id from directory.party where tenant_id = ${tenantId} and id = ${input.ownerId} and kind = 'person'`);
    if (!owner) refuse("ownerUnknown", {}, ["ownerId"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into governance.policy (tenant_id, id, code, title, owner_id, attest_days, review_months)
      values (${tenantId}, ${id}, ${input.code}, ${input.title}, ${input.ownerId}, ${input.attestDays}, ${input.reviewMonths ?? null})`);
    await saveDraft(context, id, { text: input.text, fileId: input.fileId, material: true });
    context.emit("governance.policy.created", { policyId: id });
    return { id };
  },
});

export const draftPolicy = operation({
  name: "governance.policy.draft",
  title: "Draft a new version",
  does: "Writes the text of the next version, or replaces the draft there is. The version in force stays in force.",
  kind: "write",
  may: ["governance.manager"],
  when: (record) => record["state"] !== "retired",
  input: z.strictObject({
    policyId: ref("governance.policy"),
    text: PolicyText,
    fileId: FileId.optional(),
    change: LongText(2000).optional().describe("What changes and why."),
    material: z.boolean().default(true).describe("Whether everyone has to attest it anew."),
  }),
  output: z.object({ id: Id }),
  refuses: { notFound: noSuchPolicy, policyRetired: "This policy is retired since {day}. Write a new one." },
  async run({ policyId, ...draft }, context) {
    await lockPolicy(context, policyId);
    await saveDraft(context, policyId, draft);
    return { id: policyId };
  },
});

interface Draft {
  readonly text: string;
  readonly fileId?: RecordId;
  readonly change?: string;
  readonly material: boolean;
}

async function saveDraft(context: WriteContext, policyId: RecordId, draft: Draft): Promise<void> {
  if (draft.fileId) await context.readFile(draft.fileId);
  await context.db.run(sql`
    insert into governance.policy_draft (tenant_id, policy_id, text, file_id, change, material, drafted_by, drafted_on)
    values (${context.tenantId}, ${policyId}, ${draft.text}, ${draft.fileId ?? null}, ${draft.change ?? null}, ${draft.material},
      ${context.actor.personId}, ${context.today})
    on conflict (tenant_id, policy_id) do update set text = excluded.text, file_id = excluded.file_id, change = excluded.change,
      material = excluded.material, drafted_by = excluded.drafted_by, drafted_on = excluded.drafted_on`);
}

/** The policy, locked, so that two publishers do not number the same version. Refuses `notFound` and `policyRetired`. */
async function lockPolicy(context: WriteContext, policyId: RecordId): Promise<void> {
  const policy = await context.db.maybe<{ retiredFrom: KernelDay | null }>(sql`
    select retired_from from governance.policy where tenant_id = ${context.tenantId} and id = ${policyId} for update`);
  if (!policy) refuse("notFound");
  if (policy.retiredFrom) refuse("policyRetired", { day: policy.retiredFrom });
}

export const publishPolicy = operation({
  name: "governance.policy.publish",
  title: "Publish the draft",
  does: "Makes the draft the next version, in force from a day on. Everyone it concerns is asked to attest it.",
  kind: "write",
  may: ["governance.manager"],
  when: (record) => record["hasDraft"] === true && record["state"] !== "retired",
  input: z.strictObject({
    policyId: ref("governance.policy"),
    from: Day.optional().describe("Today when left out."),
    aloneBecause: LongText(500).optional().describe("Only when you publish your own draft: why nobody else does."),
  }),
  output: z.object({ id: Id, versionId: Id, version: z.number().int() }),
  refuses: {
    notFound: noSuchPolicy,
    policyRetired: "This policy is retired since {day}. Write a new one.",
    nothingDrafted: "There is no draft to publish. Draft the new version first.",
    audienceMissing: "This policy addresses nobody yet. Add an audience first.",
    inThePast: "A version takes force today, {today}, or later.",
    beforeEarlierVersion: "Version {version} takes force on {day}; the next cannot take force before it.",
    ownDraft: "You drafted this version. Let someone else publish it, or say in aloneBecause why nobody else can.",
  },
  emits: ["governance.policy.published"],
  constraints: { policy_version_number: "nothingDrafted" },
  async run(input, context) {
    const { policyId } = input;
    await lockPolicy(context, policyId);
    const draft = await findDraft(context, policyId);
    if (!draft) refuse("nothingDrafted");
    const addressee = await context.db.maybe(sql`
      select 1 as one from governance.policy_audience where tenant_id = ${context.tenantId} and policy_id = ${policyId} limit 1`);
    if (!addressee) refuse("audienceMissing");
    const latest = await latestVersion(context, policyId);
    const from = input.from ?? context.today;
    const publisher = context.actor.personId;
    const no = publishingRefused({
      today: context.today,
      from,
      latest,
      drafter: draft.draftedBy,
      publisher,
      aloneBecause: input.aloneBecause,
    });
    if (no) refuse(no.code, { ...no }, no.code === "ownDraft" ? ["aloneBecause"] : ["from"]);
    const next = nextVersion(latest, draft.material);
    const versionId = context.newId();
    const alone = publisher !== null && publisher === draft.draftedBy ? input.aloneBecause : null;
    await context.db.run(sql`
      insert into governance.policy_version (tenant_id, id, policy_id, number, text, text_hash, file_id, change, attested_from, from_day,
        drafted_by, published_by, published_on, alone_because)
      values (${context.tenantId}, ${versionId}, ${policyId}, ${next.number}, ${draft.text}, ${hashOf(draft.text)}, ${draft.fileId},
        ${draft.change}, ${next.attestedFrom}, ${from}, ${draft.draftedBy}, ${publisher}, ${context.today}, ${alone})`);
    await context.db.run(sql`
      delete from governance.policy_draft where tenant_id = ${context.tenantId} and policy_id = ${policyId}`);
    context.emit("governance.policy.published", { policyId, policyVersionId: versionId, version: next.number, from });
    return { id: policyId, versionId, version: next.number };
  },
});

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

interface StoredDraft {
  readonly text: string;
  readonly fileId: RecordId | null;
  readonly change: string | null;
  readonly material: boolean;
  readonly draftedBy: RecordId | null;
}

const findDraft = (context: WriteContext, policyId: RecordId): Promise<StoredDraft | undefined> =>
  context.db.maybe<StoredDraft>(sql`
    select text, file_id, change, material, drafted_by from governance.policy_draft
    where tenant_id = ${context.tenantId} and policy_id = ${policyId}`);

const latestVersion = (context: WriteContext, policyId: RecordId): Promise<PublishedVersion | undefined> =>
  context.db.maybe<PublishedVersion>(sql`
    select number, from_day, attested_from from governance.policy_version
    where tenant_id = ${context.tenantId} and policy_id = ${policyId} order by number desc limit 1`);

export const retirePolicy = operation({
  name: "governance.policy.retire",
  title: "Retire a policy",
  does: "Takes a policy out of force from a day on. Its versions and attestations stay on record.",
  kind: "write",
  may: ["governance.manager"],
  when: (record) => record["state"] !== "retired",
  input: z.strictObject({ policyId: ref("governance.policy"), from: Day }),
  output: z.object({ id: Id }),
  refuses: {
    notFound: noSuchPolicy,
    policyRetired: "This policy is retired since {day} already.",
    inThePast: "A policy is retired from today, {today}, or later.",
  },
  emits: ["governance.policy.retired"],
  async run({ policyId, from }, context) {
    await lockPolicy(context, policyId);
    if (from < context.today) refuse("inThePast", { today: context.today }, ["from"]);
    await context.db.run(sql`
      update governance.policy set retired_from = ${from} where tenant_id = ${context.tenantId} and id = ${policyId}`);
    context.emit("governance.policy.retired", { policyId, from });
    return { id: policyId };
  },
});

export const addAudience = operation({
  name: "governance.policyAudience.add",
  title: "Add an audience",
  does: "Addresses a policy to everyone, to a unit with all units below it, to a site or to everyone in a job.",
  kind: "write",
  may: ["governance.manager"],
  on: "governance.policy",
  when: (record) => record["state"] !== "retired",
  input: z.strictObject({ policyId: ref("governance.policy"), ...audience }),
  output: z.object({ id: Id }),
  refuses: {
    notFound: noSuchPolicy,
    policyRetired: "This policy is retired since {day}. Write a new one.",
    audienceIncomplete,
    audienceUnknown: "There is no such {kind}. Choose one from the directory.",
    audienceKnown: "The policy addresses them already.",
  },
  emits: ["governance.policy.audienceChanged"],
  constraints: { policy_audience_once: "audienceKnown" },
  async run({ policyId, ...to }, context) {
    await lockPolicy(context, policyId);
    const named = { unit: to.unitId, site: to.siteId, job: to.jobId };
    const target = to.kind === "everyone" ? undefined : named[to.kind];
    const count = Object.values(named).filter((id) => id !== undefined).length;
    if (count !== (to.kind === "everyone" ? 0 : 1) || (to.kind !== "everyone" && !target)) {
      refuse("audienceIncomplete", { kind: to.kind }, ["kind"]);
    }
    if (target && !(await isThere(context, to.kind, target))) refuse("audienceUnknown", { kind: to.kind }, [`${to.kind}Id`]);
    const known = await context.db.maybe(sql`
      select id from governance.policy_audience where tenant_id = ${context.tenantId} and policy_id = ${policyId} and kind = ${to.kind}
        and coalesce(unit_id, site_id, job_id) is not distinct from ${target ?? null}::uuid`);
    if (known) refuse("audienceKnown");
    const id = context.newId();
    await context.db.run(sql`
      insert into governance.policy_audience (tenant_id, id, policy_id, kind, unit_id, site_id, job_id)
      values (${context.tenantId}, ${id}, ${policyId}, ${to.kind}, ${to.unitId ?? null}, ${to.siteId ?? null}, ${to.jobId ?? null})`);
    context.emit("governance.policy.audienceChanged", { policyId });
    return { id };
  },
});

async function isThere(context: WriteContext, kind: string, id: RecordId): Promise<boolean> {
  const found = await context.db.maybe(
    kind === "unit"
      ? sql`select id from directory.unit where tenant_id = ${context.tenantId} and id = ${id}`
      : kind === "site"
        ? sql`select id from directory.place where tenant_id = ${context.tenantId} and id = ${id} and kind = 'site'`
        : sql`select id from directory.job where tenant_id = ${context.tenantId} and id = ${id}`,
  );
  return found !== undefined;
}

export const removeAudience = operation({
  name: "governance.policyAudience.remove",
  title: "Take an audience away",
  does: "Stops addressing a policy to them. Who has attested stays on record.",
  kind: "write",
  may: ["governance.manager"],
  input: z.strictObject({ policyAudienceId: ref("governance.policyAudience") }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There is no such audience." },
  emits: ["governance.policy.audienceChanged"],
  async run({ policyAudienceId }, context) {
    const gone = await context.db.maybe<{ policyId: RecordId }>(sql`
      delete from governance.policy_audience where tenant_id = ${context.tenantId} and id = ${policyAudienceId} returning policy_id`);
    if (!gone) refuse("notFound");
    context.emit("governance.policy.audienceChanged", { policyId: gone.policyId });
    return { id: policyAudienceId };
  },
});
