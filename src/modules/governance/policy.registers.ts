// The lists of policies: what is in force, its versions, whom it addresses, who attested and who has not.
import { z } from "zod";
import { sql } from "../../platform/database/sql.ts";
import { Day, FileId, Id, Instant, LongText, ref } from "../../platform/operation/field.ts";
import { anyone, whoever } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { addressed, versionsInForce } from "./audience.store.ts";

export const keepers = ["governance.manager", "platform.auditor"];

// What is the person's own is chosen row by row by `sees`; asking for the list is open to everyone who is a person.
const ownRows = whoever("the person themself", (_input, context) => context.actor.personId !== null);

export const policyRegister = register({
  name: "governance.policy",
  title: "Policies",
  does: "The company's policies with the text in force, and whether you have attested them.",
  may: [...keepers, anyone],
  row: z.object({
    id: Id,
    code: z.string(),
    title: z.string(),
    label: z.string(),
    state: z.enum(["draft", "scheduled", "inForce", "retired"]),
    version: z.number().int().nullable(),
    fromDay: Day.nullable(),
    reviewOn: Day.nullable(),
    mine: z.enum(["open", "attested", "notMine"]),
    text: LongText().nullable(),
    fileId: FileId.nullable(),
    hasDraft: z.boolean(),
    attestDays: z.number().int(),
    ownerId: ref("directory.person"),
    owner: z.string(),
  }),
  label: "label",
  search: ["code", "title", "text"],
  sort: "code",
  dated: true,
  // A draft is nobody's rule yet.
  sees: () => sql`r.state in ('inForce', 'retired')`,
  from: (context, asOf) => sql`
    select p.id, p.code, p.title, p.code || ' ' || p.title as label, f.number as version, f.from_day, f.text, f.file_id, p.attest_days,
      p.owner_id, o.name as owner,
      (f.from_day + make_interval(months => p.review_months))::date as review_on,
      exists (select from governance.policy_draft d where d.tenant_id = p.tenant_id and d.policy_id = p.id) as has_draft,
      case when p.retired_from <= ${asOf}::date then 'retired' when f.number is not null then 'inForce'
        when exists (select from governance.policy_version v where v.tenant_id = p.tenant_id and v.policy_id = p.id) then 'scheduled'
        else 'draft' end as state,
      case when m.policy_id is null then 'notMine' when m.attested_on is null then 'open' else 'attested' end as mine
    from governance.policy p
    join directory.party o on o.tenant_id = p.tenant_id and o.id = p.owner_id
    left join (${versionsInForce(context, asOf)}) f on f.policy_id = p.id
    left join (select * from (${addressed(context, asOf)}) a where a.person_id = ${context.actor.personId}::uuid) m on m.policy_id = p.id
    where p.tenant_id = ${context.tenantId}`,
});

export const policyVersionRegister = register({
  name: "governance.policyVersion",
  title: "Policy versions",
  does: "Every version of every policy as it was published, with who drafted and who published it.",
  may: [...keepers, anyone],
  row: z.object({
    id: Id,
    label: z.string(),
    policyId: ref("governance.policy"),
    policy: z.string(),
    number: z.number().int(),
    state: z.enum(["scheduled", "inForce", "superseded"]),
    fromDay: Day,
    change: z.string().nullable(),
    material: z.boolean(),
    text: LongText(),
    textHash: z.string(),
    fileId: FileId.nullable(),
    draftedById: ref("directory.person").nullable(),
    draftedBy: z.string().nullable(),
    publishedById: ref("directory.person").nullable(),
    publishedBy: z.string().nullable(),
    aloneBecause: z.string().nullable(),
  }),
  label: "label",
  search: ["policy", "text"],
  sort: "-fromDay",
  inner: true,
  dated: true,
  sees: () => sql`r.state <> 'scheduled'`,
  from: (context, asOf) => sql`
    select v.id, p.code || ' v' || v.number as label, v.policy_id, p.title as policy, v.number, v.from_day, v.change, v.text, v.text_hash,
      v.file_id, v.attested_from = v.number as material, v.drafted_by as drafted_by_id, d.name as drafted_by,
      v.published_by as published_by_id, b.name as published_by, v.alone_because,
      case when v.from_day > ${asOf}::date then 'scheduled' when f.number = v.number then 'inForce' else 'superseded' end as state
    from governance.policy_version v
    join governance.policy p on p.tenant_id = v.tenant_id and p.id = v.policy_id
    left join (${versionsInForce(context, asOf)}) f on f.policy_id = v.policy_id
    left join directory.party d on d.tenant_id = v.tenant_id and d.id = v.drafted_by
    left join directory.party b on b.tenant_id = v.tenant_id and b.id = v.published_by
    where v.tenant_id = ${context.tenantId}`,
});

export const policyDraftRegister = register({
  name: "governance.policyDraft",
  title: "Policy drafts",
  does: "Texts that are being worked on and are not in force.",
  may: keepers,
  row: z.object({
    id: Id,
    policyId: ref("governance.policy"),
    policy: z.string(),
    text: LongText(),
    fileId: FileId.nullable(),
    change: z.string().nullable(),
    material: z.boolean(),
    draftedById: ref("directory.person").nullable(),
    draftedBy: z.string().nullable(),
    draftedOn: Day,
  }),
  label: "policy",
  inner: true,
  from: (context) => sql`
    select d.policy_id as id, d.policy_id, p.code || ' ' || p.title as policy, d.text, d.file_id, d.change, d.material, d.drafted_on,
      d.drafted_by as drafted_by_id, w.name as drafted_by
    from governance.policy_draft d
    join governance.policy p on p.tenant_id = d.tenant_id and p.id = d.policy_id
    left join directory.party w on w.tenant_id = d.tenant_id and w.id = d.drafted_by
    where d.tenant_id = ${context.tenantId}`,
});

export const policyAudienceRegister = register({
  name: "governance.policyAudience",
  title: "Policy audiences",
  does: "Whom each policy addresses: everyone, a unit with all below it, a site or a job.",
  may: keepers,
  row: z.object({
    id: Id,
    label: z.string(),
    policyId: ref("governance.policy"),
    policy: z.string(),
    kind: z.enum(["everyone", "unit", "site", "job"]),
    unitId: ref("directory.unit").nullable(),
    siteId: ref("directory.place").nullable(),
    jobId: ref("directory.job").nullable(),
  }),
  label: "label",
  sort: "policy",
  inner: true,
  from: (context) => sql`
    select a.id, a.policy_id, p.title as policy, a.kind, a.unit_id, a.site_id, a.job_id,
      p.code || ': ' || coalesce(u.code, s.name, j.title, 'everyone') as label
    from governance.policy_audience a
    join governance.policy p on p.tenant_id = a.tenant_id and p.id = a.policy_id
    left join directory.unit u on u.tenant_id = a.tenant_id and u.id = a.unit_id
    left join directory.place s on s.tenant_id = a.tenant_id and s.id = a.site_id
    left join directory.job j on j.tenant_id = a.tenant_id and j.id = a.job_id
    where a.tenant_id = ${context.tenantId}`,
});

export const attestationRegister = register({
  name: "governance.attestation",
  title: "Attestations",
  does: "Who attested which version of which policy, and when. You see your own.",
  may: [...keepers, ownRows],
  row: z.object({
    id: Id,
    label: z.string(),
    policyId: ref("governance.policy"),
    policyVersionId: ref("governance.policyVersion"),
    version: z.number().int(),
    personId: ref("directory.person"),
    person: z.string(),
    onDay: Day,
    at: Instant,
  }),
  label: "label",
  search: ["label", "person"],
  grows: true,
  sort: "-at",
  sees: (context) => sql`r.person_id = ${context.actor.personId}::uuid`,
  from: (context) => sql`
    select a.id, p.code || ' v' || v.number || ' · ' || w.name as label, p.id as policy_id, a.policy_version_id, v.number as version,
      a.person_id, w.name as person, a.on_day, a.at
    from governance.attestation a
    join governance.policy_version v on v.tenant_id = a.tenant_id and v.id = a.policy_version_id
    join governance.policy p on p.tenant_id = a.tenant_id and p.id = v.policy_id
    join directory.party w on w.tenant_id = a.tenant_id and w.id = a.person_id
    where a.tenant_id = ${context.tenantId}`,
});

export const openAttestationRegister = register({
  name: "governance.openAttestation",
  title: "Open attestations",
  does: "Who has yet to attest which policy, and until when. You see your own.",
  may: [...keepers, ownRows],
  row: z.object({
    id: Id,
    label: z.string(),
    state: z.enum(["open", "overdue"]),
    policyId: ref("governance.policy"),
    policyVersionId: ref("governance.policyVersion"),
    version: z.number().int(),
    personId: ref("directory.person"),
    person: z.string(),
    dueDay: Day,
  }),
  label: "label",
  search: ["label", "person"],
  sort: "dueDay",
  dated: true,
  sees: (context) => sql`r.person_id = ${context.actor.personId}::uuid`,
  // The pair of policy and person has no row of its own; its identifier is made from theirs and stays the same.
  from: (context, asOf) => sql`
    select md5(d.policy_id::text || d.person_id::text)::uuid as id, p.code || ' ' || p.title as label, d.policy_id,
      d.version_id as policy_version_id, d.number as version, d.person_id, w.name as person, d.due_day,
      case when d.due_day < ${asOf}::date then 'overdue' else 'open' end as state
    from (${addressed(context, asOf)}) d
    join governance.policy p on p.tenant_id = ${context.tenantId} and p.id = d.policy_id
    join directory.party w on w.tenant_id = ${context.tenantId} and w.id = d.person_id
    where d.attested_on is null`,
});

export const policyCoverageRegister = register({
  name: "governance.policyCoverage",
  title: "Coverage of policies",
  does: "How many of those whom each policy concerns have attested it.",
  may: keepers,
  row: z.object({
    id: Id,
    policyId: ref("governance.policy"),
    policy: z.string(),
    version: z.number().int(),
    concerned: z.number().int(),
    attested: z.number().int(),
    open: z.number().int(),
    overdue: z.number().int(),
    percent: z.number().int(),
  }),
  label: "policy",
  sort: "percent",
  dated: true,
  from: (context, asOf) => sql`
    select f.policy_id as id, f.policy_id, p.code || ' ' || p.title as policy, f.number as version, coalesce(c.concerned, 0) as concerned,
      coalesce(c.attested, 0) as attested, coalesce(c.concerned - c.attested, 0) as open, coalesce(c.overdue, 0) as overdue,
      coalesce(100 * c.attested / nullif(c.concerned, 0), 100) as percent
    from (${versionsInForce(context, asOf)}) f
    join governance.policy p on p.tenant_id = ${context.tenantId} and p.id = f.policy_id
    left join (
      select d.policy_id, count(*)::int as concerned, count(d.attested_on)::int as attested,
        (count(*) filter (where d.attested_on is null and d.due_day < ${asOf}::date))::int as overdue
      from (${addressed(context, asOf)}) d where d.since <= ${asOf}::date group by d.policy_id) c on c.policy_id = f.policy_id`,
});
