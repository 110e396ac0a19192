// Requests of persons about their own data, what is erased about whom and when, and the proof of each time that something was.
import { z } from "zod";
import { type Day as KernelDay, dayAt } from "../../../kernel/day.ts";
import type { Id as RecordId } from "../../../kernel/id.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Day, FileId, Id, Instant, LongText, ref } from "../../../platform/operation/field.ts";
import { anyone } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { askedAbout } from "../../office/index.ts";
import { keepers } from "../policy.registers.ts";

export const requestKinds = ["access", "portability", "erasure", "rectification", "restriction", "objection"] as const;

// Not whoever wrote it down: the file of what is held would open to them.
const sees = (context: ReadContext): Sql =>
  sql`r.person_id = ${context.actor.personId} or r.id in (${askedAbout(context, "subjectRequestId")})`;

export const subjectRequestRegister = register({
  name: "governance.subjectRequest",
  title: "Requests about personal data",
  does: "What persons asked about their own data, until when they must be answered, what they were given and what was erased.",
  may: [...keepers, anyone],
  logged: true,
  row: z.object({
    id: Id,
    label: z.string(),
    state: z.enum(["open", "identified", "ready", "answered", "refused"]),
    kind: z.enum(requestKinds),
    personId: ref("directory.person"),
    person: z.string(),
    receivedAt: Instant,
    dueOn: Day.nullable(),
    channel: z.string(),
    recordedById: ref("directory.person").nullable(),
    recordedBy: z.string().nullable(),
    says: LongText().nullable(),
    identifiedAt: Instant.nullable(),
    identifiedHow: z.string().nullable(),
    gatheredAt: Instant.nullable(),
    fileId: FileId.nullable(),
    erasureId: ref("governance.erasure").nullable(),
    erasure: z.string().nullable(),
    outcomeAt: Instant.nullable(),
    outcomeSays: LongText().nullable(),
    closedOn: Day.nullable(),
  }),
  label: "label",
  search: ["person", "label"],
  sort: "-receivedAt",
  sees,
  from: (context) => sql`
    select q.id, initcap(q.kind) || ', ' || to_char(q.received_at at time zone 'UTC', 'YYYY-MM-DD') as label, q.kind, q.person_id,
      p.name as person, q.received_at,
      (select min(d.due) from office.deadline d where d.tenant_id = q.tenant_id and d.about_id = q.id) as due_on, q.channel,
      q.recorded_by as recorded_by_id, b.name as recorded_by, q.says, q.identified_at, q.identified_how,
      q.gathered_at, q.file_id, q.erasure_id, e.state as erasure, q.outcome_at, q.outcome_says,
      q.closed_on, coalesce(q.outcome, case when q.gathered_at is not null or e.state in ('approved', 'done') then 'ready'
        when q.identified_at is not null then 'identified' else 'open' end) as state
    from governance.subject_request q
    join directory.party p on p.tenant_id = q.tenant_id and p.id = q.person_id
    left join directory.party b on b.tenant_id = q.tenant_id and b.id = q.recorded_by
    left join platform.erasure e on e.tenant_id = q.tenant_id and e.id = q.erasure_id
    where q.tenant_id = ${context.tenantId}`,
});

export const erasureRegister = register({
  name: "governance.erasure",
  title: "Erasures",
  does: "What is erased about whom: who proposed it, who agreed, and the day on which the next of it goes by itself.",
  may: keepers,
  logged: true,
  row: z.object({
    id: Id,
    label: z.string(),
    state: z.enum(["proposed", "approved", "declined", "done"]),
    personId: ref("directory.person"),
    person: z.string(),
    proposedById: ref("directory.person").nullable(),
    proposedBy: z.string(),
    proposedAt: Instant,
    decidedById: ref("directory.person").nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: Instant.nullable(),
    nextDay: Day.nullable(),
    rows: z.number().int(),
    files: z.number().int(),
    doneAt: Instant.nullable(),
  }),
  label: "label",
  sort: "-proposedAt",
  from: (context) => sql`
    select e.id, 'Erasure of ' || to_char(e.proposed_at at time zone 'UTC', 'YYYY-MM-DD') as label, e.state, e.person_id, p.name as person,
      e.proposed_by as proposed_by_id, e.proposer as proposed_by, e.proposed_at, e.decided_by as decided_by_id, e.decider as decided_by,
      e.decided_at, e.next_day, coalesce(d.rows, 0) as rows, coalesce(d.files, 0) as files, e.done_at
    from platform.erasure e
    join directory.party p on p.tenant_id = e.tenant_id and p.id = e.person_id
    left join lateral (select sum(x.rows)::int as rows, sum(x.files)::int as files from platform.erasure_deed x
      where x.tenant_id = e.tenant_id and x.erasure_id = e.id and x.done_at is not null) d on true
    where e.tenant_id = ${context.tenantId}`,
});

export const erasureDeedRegister = register({
  name: "governance.erasureDeed",
  title: "Proofs of erasure",
  does: "Each time that something was erased: how much of which class, and the digest by which the trail proves it. It names nobody.",
  may: keepers,
  inner: true,
  row: z.object({
    id: Id,
    label: z.string(),
    erasureId: ref("governance.erasure"),
    erasure: z.string(),
    doneAt: Instant,
    rows: z.number().int(),
    files: z.number().int(),
    trailRows: z.number().int(),
    trailDigest: z.string(),
    classes: z.string(),
  }),
  label: "label",
  sort: "-doneAt",
  from: (context) => sql`
    select d.id, 'Erased on ' || to_char(d.done_at at time zone 'UTC', 'YYYY-MM-DD') as label, d.erasure_id,
      'Erasure of ' || to_char(e.proposed_at at time zone 'UTC', 'YYYY-MM-DD') as erasure, d.done_at, d.rows, d.files, d.trail_rows,
      d.trail_digest,
      (select string_agg(c ->> 'title' || ': ' || (c ->> 'rows') || ' ' || (c ->> 'became') || ', ' || (c ->> 'files') || ' files', '; ')
        from jsonb_array_elements(d.classes) c) as classes
    from platform.erasure_deed d join platform.erasure e on e.tenant_id = d.tenant_id and e.id = d.erasure_id
    where d.tenant_id = ${context.tenantId} and d.done_at is not null`,
});

export interface SubjectRequestFacts {
  readonly receivedOn: KernelDay;
  readonly kind: (typeof requestKinds)[number];
  readonly isIdentified: boolean;
  readonly isGathered: boolean;
  readonly erasureId: RecordId | null;
  readonly isDecided: boolean;
  readonly isClosed: boolean;
}

/** What is known of a request, for the process; undefined when there is none. */
export async function subjectRequestFacts(context: ReadContext, id: RecordId): Promise<SubjectRequestFacts | undefined> {
  const found = await context.db.maybe<Omit<SubjectRequestFacts, "receivedOn"> & { receivedAt: Date }>(sql`
    select q.received_at, q.kind, q.identified_at is not null as is_identified, q.gathered_at is not null as is_gathered, q.erasure_id,
      coalesce(e.state <> 'proposed', false) as is_decided, q.closed_on is not null as is_closed
    from governance.subject_request q left join platform.erasure e on e.tenant_id = q.tenant_id and e.id = q.erasure_id
    where q.tenant_id = ${context.tenantId} and q.id = ${id}`);
  return found && { ...found, receivedOn: dayAt(found.receivedAt, "UTC") };
}
