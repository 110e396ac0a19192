// Candidates and their applications: who may be hired, for which seat, and how far they have come.
import { z } from "zod";
import type { Id as KernelId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { Day, Id, ref, Text } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { addRole, createPerson, updatePerson } from "../directory/index.ts";

const manager = ["people.manager"];

export const candidateRegister = register({
  name: "people.candidate",
  title: "Candidates",
  does: "People who may be hired, with where they come from and how long their papers may be kept.",
  may: manager,
  row: z.object({
    id: Id,
    name: z.string(),
    personId: ref("directory.person"),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    source: z.string().nullable(),
    knownSince: Day,
    consentUntil: Day.nullable(),
    applications: z.number().int(),
    state: z.enum(["open", "offered", "hired", "closed", "consent lapsed"]),
  }),
  label: "name",
  search: ["name", "email"],
  from: (context, asOf) => sql`
    select c.person_id as id, o.name, c.person_id, o.email, o.phone, c.source, c.known_since, c.consent_until,
      coalesce(a.count, 0) as applications,
      case when exists (select from people.employment e
          where e.tenant_id = c.tenant_id and e.person_id = c.person_id and e.voided_on is null)
          then 'hired'
        when exists (select from people.offer f
          where f.tenant_id = c.tenant_id and f.person_id = c.person_id and f.state in ('draft', 'sent'))
          then 'offered'
        when c.consent_until < ${asOf}::date then 'consent lapsed'
        when a.count > 0 and a.open = 0 then 'closed'
        else 'open' end as state
    from people.candidate c
    join directory.party o on o.tenant_id = c.tenant_id and o.id = c.person_id
    left join lateral (
      select count(*)::int as count, count(*) filter (where stage not in ('hired', 'rejected', 'withdrawn'))::int as open
      from people.application a where a.tenant_id = c.tenant_id and a.person_id = c.person_id) a on true
    where c.tenant_id = ${context.tenantId} and c.erased_on is null`,
});

export const createCandidate = operation({
  name: "people.candidate.create",
  title: "Add a candidate",
  does: "Notes someone who may be hired: a new person, or someone the directory knows already.",
  kind: "write",
  may: manager,
  input: z.strictObject({
    personId: ref("directory.person").optional().describe("When the directory knows them already."),
    name: Text(200).optional(),
    email: z.email().max(254).optional(),
    phone: Text(40).optional(),
    source: Text(200).optional().describe("Where they come from, e.g. a job board or a colleague."),
    consentUntil: Day.optional().describe("Until when they agreed that we keep their papers."),
  }),
  output: z.object({ id: Id, personId: Id }),
  refuses: {
    nameMissing: "Say who it is: a person of the directory, or a name.",
    personUnknown: "There is no such person.",
    candidateKnown: "{person} is a candidate already. Use that record.",
  },
  emits: ["people.candidate.created"],
  example: { name: "Mara Lindqvist", email: "mara@example.com", source: "Job board" },
  constraints: { candidate_pkey: "candidateKnown" },
  async run({ source, consentUntil, ...input }, context) {
    const { tenantId, db } = context;
    if (!input.personId && !input.name) refuse("nameMissing", {}, ["name"]);
    // The same mail address is the same human: a second record would hide their history.
    const known = await db.maybe<{ person: string }>(sql`
      select o.name as person from people.candidate c join directory.party o on o.tenant_id = c.tenant_id and o.id = c.person_id
      where c.tenant_id = ${tenantId}
        and (c.person_id = ${input.personId ?? null}::uuid or lower(o.email) = lower(${input.email ?? null}))`);
    if (known) refuse("candidateKnown", { ...known });
    const personId = input.personId ?? (await context.callAsSystem(createPerson, { ...input, name: input.name! })).id;
    const person = await db.maybe<{ employed: boolean }>(sql`
      select exists (select from directory.party_role r where r.tenant_id = ${tenantId} and r.party_id = o.id
        and r.role in ('employee', 'contractor', 'candidate')
        and (r.until_day is null or r.until_day >= ${context.today}::date)) as employed
      from directory.party o where o.tenant_id = ${tenantId} and o.id = ${personId} and o.kind = 'person'`);
    if (!person) refuse("personUnknown", {}, ["personId"]);
    await db.run(sql`
      insert into people.candidate (tenant_id, person_id, source, consent_until, known_since)
      values (${tenantId}, ${personId}, ${source ?? null}, ${consentUntil ?? null}, ${context.today})`);
    if (!person.employed) await context.callAsSystem(addRole, { partyId: personId, role: "candidate" });
    context.emit("people.candidate.created", { personId });
    return { id: personId, personId };
  },
});

export const eraseCandidate = operation({
  name: "people.candidate.erase",
  title: "Erase a candidate",
  does: "Erases who a candidate was, when their consent has lapsed or they ask for it. How many applied and what became of it stays.",
  kind: "write",
  may: manager,
  input: z.strictObject({ candidateId: ref("people.candidate") }),
  output: z.object({ id: Id }),
  when: (candidate) => candidate["state"] !== "hired" && candidate["state"] !== "offered",
  refuses: {
    notFound: "There is no such candidate.",
    candidateHired: "They are or were employed here. Their records are kept as the law says.",
    offerOpen: "They have an open offer. Decide on it first.",
  },
  emits: ["people.candidate.erased"],
  async run({ candidateId: personId }, context) {
    const { tenantId, db } = context;
    const found = await db.maybe<{ hired: boolean; offered: boolean }>(sql`
      select exists (select from people.employment e where e.tenant_id = ${tenantId} and e.person_id = c.person_id) as hired,
        exists (select from people.offer f where f.tenant_id = ${tenantId} and f.person_id = c.person_id
          and f.state in ('draft', 'sent')) as offered
      from people.candidate c where c.tenant_id = ${tenantId} and c.person_id = ${personId} and c.erased_on is null for update`);
    if (!found) refuse("notFound");
    if (found.hired) refuse("candidateHired");
    if (found.offered) refuse("offerOpen");
    const nothing = { email: null, phone: null, street: null, postcode: null, city: null, country: null };
    await context.callAsSystem(updatePerson, { personId, name: "Erased candidate", ...nothing });
    await db.run(sql`
      update people.candidate set source = null, consent_until = null, erased_on = ${context.today}
      where tenant_id = ${tenantId} and person_id = ${personId}`);
    await db.run(sql`update people.application set reason = null where tenant_id = ${tenantId} and person_id = ${personId}`);
    context.emit("people.candidate.erased", { personId });
    return { id: personId };
  },
});

const Stage = z.enum(["applied", "screening", "interview", "offer", "hired", "rejected", "withdrawn"]);
const closed = ["hired", "rejected", "withdrawn"];

export const applicationRegister = register({
  name: "people.application",
  title: "Applications",
  does: "Who applied for which seat, and how far they have come.",
  may: manager,
  row: z.object({
    id: Id,
    label: z.string(),
    personId: ref("directory.person"),
    person: z.string(),
    positionId: ref("directory.position").nullable(),
    position: z.string().nullable(),
    appliedOn: Day,
    state: Stage,
    closedOn: Day.nullable(),
    reason: z.string().nullable(),
  }),
  label: "label",
  search: ["person", "position"],
  sort: "-appliedOn",
  from: (context) => sql`
    select a.id, o.name || coalesce(' for ' || p.code, '') as label, a.person_id, o.name as person, a.position_id, p.code as position,
      a.applied_on, a.stage as state, a.closed_on, a.reason
    from people.application a
    join directory.party o on o.tenant_id = a.tenant_id and o.id = a.person_id
    left join directory.position p on p.tenant_id = a.tenant_id and p.id = a.position_id
    where a.tenant_id = ${context.tenantId}`,
});

export const createApplication = operation({
  name: "people.application.create",
  title: "Note an application",
  does: "Notes that a candidate applies for a seat, or without naming one.",
  kind: "write",
  may: manager,
  input: z.strictObject({
    personId: ref("people.candidate"),
    positionId: ref("directory.position").optional(),
    appliedOn: Day.optional().describe("By default today."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    candidateUnknown: "There is no such candidate. Add them first.",
    seatUnknown: "There is no such seat.",
    alreadyApplied: "They have applied for this seat already.",
  },
  emits: ["people.application.created"],
  constraints: { application_open: "alreadyApplied" },
  async run(input, context) {
    const { tenantId, db } = context;
    const candidate = await db.maybe(sql`
      select person_id from people.candidate where tenant_id = ${tenantId} and person_id = ${input.personId} for update`);
    if (!candidate) refuse("candidateUnknown", {}, ["personId"]);
    if (input.positionId) {
      const seat = await db.maybe(sql`select id from directory.position where tenant_id = ${tenantId} and id = ${input.positionId}`);
      if (!seat) refuse("seatUnknown", {}, ["positionId"]);
    }
    const open = await db.maybe(sql`
      select id from people.application where tenant_id = ${tenantId} and person_id = ${input.personId}
        and position_id is not distinct from ${input.positionId ?? null}::uuid and stage <> all (${closed}::text[])`);
    if (open) refuse("alreadyApplied", {}, ["positionId"]);
    const id = context.newId();
    await db.run(sql`
      insert into people.application (tenant_id, id, person_id, position_id, applied_on, stage)
      values (${tenantId}, ${id}, ${input.personId}, ${input.positionId ?? null}, ${input.appliedOn ?? context.today}, 'applied')`);
    context.emit("people.application.created", { applicationId: id, personId: input.personId });
    return { id };
  },
});

export const advanceApplication = operation({
  name: "people.application.advance",
  title: "Take to another stage",
  does: "Says how far an application has come.",
  kind: "write",
  may: manager,
  input: z.strictObject({ applicationId: ref("people.application"), stage: z.enum(["applied", "screening", "interview", "offer"]) }),
  output: z.object({ id: Id }),
  when: (application) => !closed.includes(String(application["state"])),
  refuses: { notFound: "There is no such application.", applicationClosed: "The application is {stage}. Note a new one." },
  emits: ["people.application.advanced"],
  async run(input, context) {
    await setStage(context, input.applicationId, input.stage, null);
    context.emit("people.application.advanced", { applicationId: input.applicationId, stage: input.stage });
    return { id: input.applicationId };
  },
});

export const closeApplication = operation({
  name: "people.application.close",
  title: "Close an application",
  does: "Says that an application came to nothing: turned down by us, or withdrawn by the candidate.",
  kind: "write",
  may: manager,
  input: z.strictObject({ applicationId: ref("people.application"), outcome: z.enum(["rejected", "withdrawn"]), reason: Text(500) }),
  output: z.object({ id: Id }),
  when: (application) => !closed.includes(String(application["state"])),
  refuses: { notFound: "There is no such application.", applicationClosed: "The application is {stage} already." },
  emits: ["people.application.closed"],
  async run(input, context) {
    await setStage(context, input.applicationId, input.outcome, input.reason);
    context.emit("people.application.closed", { applicationId: input.applicationId, outcome: input.outcome });
    return { id: input.applicationId };
  },
});

async function setStage(context: WriteContext, id: KernelId, stage: string, reason: string | null): Promise<void> {
  const there = await context.db.maybe<{ stage: string }>(sql`
    select stage from people.application where tenant_id = ${context.tenantId} and id = ${id} for update`);
  if (!there) refuse("notFound");
  if (closed.includes(there.stage)) refuse("applicationClosed", { stage: there.stage });
  await context.db.run(sql`
    update people.application set stage = ${stage}, reason = ${reason},
      closed_on = case when ${closed.includes(stage)}::boolean then ${context.today}::date end
    where tenant_id = ${context.tenantId} and id = ${id}`);
}
