// Whom a policy concerns: the people of its audience on a day, since when, until when they have to attest, and whether they did.
import type { Day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import { type Sql, sql } from "../../platform/database/sql.ts";
import type { ReadContext } from "../../platform/operation/context.ts";

/** The version of every policy that is in force on a day. */
export const versionsInForce = (context: ReadContext, asOf: Day): Sql => sql`
  select distinct on (v.policy_id) v.policy_id, v.id as version_id, v.number, v.attested_from, v.text, v.text_hash, v.file_id, v.from_day,
    m.from_day as material_day
  from governance.policy_version v
  join governance.policy_version m on m.tenant_id = v.tenant_id and m.policy_id = v.policy_id and m.number = v.attested_from
  join governance.policy p on p.tenant_id = v.tenant_id and p.id = v.policy_id
  where v.tenant_id = ${context.tenantId} and v.from_day <= ${asOf}::date and (p.retired_from is null or p.retired_from > ${asOf}::date)
  order by v.policy_id, v.number desc`;

// Someone whose seat begins later is counted from its first day on, so that they can attest before they start.
const staff = (context: ReadContext, asOf: Day): Sql => sql`
  seat as (
    select distinct on (h.person_id) h.person_id, lower(h.during) as since, v.job_id, v.unit_id, v.site_id
    from directory.holding h
    join directory.position_version v on v.tenant_id = h.tenant_id and v.position_id = h.position_id
      and v.during @> greatest(lower(h.during), ${asOf}::date)
    where h.tenant_id = ${context.tenantId} and (upper(h.during) is null or upper(h.during) > ${asOf}::date)
    order by h.person_id, lower(h.during)),
  staff as (
    select person_id, min(since) as since from (
      select person_id, since from seat
      union all
      select o.party_id, o.from_day from directory.party_role o
      where o.tenant_id = ${context.tenantId} and o.role in ('employee', 'contractor')
        and (o.until_day is null or o.until_day >= ${asOf}::date)) everyone
    group by person_id)`;

const unitLine = (context: ReadContext, asOf: Day): Sql => sql`
  unit_line (unit_id, above_id, depth) as (
    select u.id, u.id, 0 from directory.unit u where u.tenant_id = ${context.tenantId}
    union all
    select l.unit_id, v.parent_id, l.depth + 1 from unit_line l
    join directory.unit_version v on v.tenant_id = ${context.tenantId} and v.unit_id = l.above_id and v.during @> ${asOf}::date
    where v.parent_id is not null and l.depth < 50)`;

/** One row for each person and each policy in force that concerns them. */
export const addressed = (context: ReadContext, asOf: Day): Sql => sql`
  with recursive ${unitLine(context, asOf)}, ${staff(context, asOf)},
  in_force as (${versionsInForce(context, asOf)}),
  concerned as (
    select distinct a.policy_id, s.person_id, s.since
    from governance.policy_audience a
    join staff s on a.kind = 'everyone' or exists (
      select from seat t where t.person_id = s.person_id and (t.site_id = a.site_id or t.job_id = a.job_id or exists (
        select from unit_line l where l.unit_id = t.unit_id and l.above_id = a.unit_id)))
    where a.tenant_id = ${context.tenantId})
  select c.policy_id, f.version_id, f.number, f.attested_from, c.person_id, c.since,
    greatest(f.material_day, c.since) + p.attest_days as due_day, t.on_day as attested_on, t.number as attested_number
  from concerned c
  join in_force f on f.policy_id = c.policy_id
  join governance.policy p on p.tenant_id = ${context.tenantId} and p.id = c.policy_id
  left join lateral (
    select a.on_day, w.number from governance.attestation a
    join governance.policy_version w on w.tenant_id = a.tenant_id and w.id = a.policy_version_id
    where a.tenant_id = ${context.tenantId} and a.person_id = c.person_id and w.policy_id = c.policy_id
      and w.number >= f.attested_from and a.on_day <= ${asOf}::date
    order by w.number desc limit 1) t on true`;

export interface OpenAttestation {
  readonly policyId: Id;
  readonly versionId: Id;
  readonly number: number;
  readonly attestedFrom: number;
  readonly personId: Id;
  readonly dueDay: Day;
  readonly title: string;
}

/** What still waits to be attested, of everyone, of one policy or of one person. */
export const openAttestations = (
  context: ReadContext,
  only: { readonly policyId?: Id; readonly personId?: Id } = {},
): Promise<OpenAttestation[]> =>
  context.db.rows<OpenAttestation>(sql`
    select d.policy_id, d.version_id, d.number, d.attested_from, d.person_id, d.due_day, p.title
    from (${addressed(context, context.today)}) d
    join governance.policy p on p.tenant_id = ${context.tenantId} and p.id = d.policy_id
    where d.attested_on is null
      and (${only.policyId ?? null}::uuid is null or d.policy_id = ${only.policyId ?? null}::uuid)
      and (${only.personId ?? null}::uuid is null or d.person_id = ${only.personId ?? null}::uuid)
    order by d.due_day, p.code`);

/** Whether a policy in force concerns the person. */
export async function isAddressed(context: ReadContext, policyId: Id, personId: Id): Promise<boolean> {
  const found = await context.db.maybe(sql`
    select 1 as one from (${addressed(context, context.today)}) d where d.policy_id = ${policyId} and d.person_id = ${personId}`);
  return found !== undefined;
}

/**
 * Whether the person has attested every policy that concerns them. Someone without a seat now or later has not begun to: the answer is
 * no as long as any policy is in force.
 */
export async function policiesAreAcknowledged(context: ReadContext, personId: Id): Promise<boolean> {
  const { waiting, published, known } = await context.db.row<{ waiting: boolean; published: boolean; known: boolean }>(sql`
    select exists (
        select from (${addressed(context, context.today)}) d where d.person_id = ${personId} and d.attested_on is null) as waiting,
      exists (select from (${versionsInForce(context, context.today)}) f) as published,
      exists (with ${staff(context, context.today)} select from staff where person_id = ${personId}) as known`);
  return !waiting && (known || !published);
}
