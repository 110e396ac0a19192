// Who may see a document: everyone, those of a unit and below it, holders of roles, or people by name. What is confidential is seen by its
// owner and those named, and by nobody because of a role: not by the records manager, not by the owner of the company.
import type { Id } from "../../../kernel/id.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";

export const visibilities = ["company", "unit", "roles", "named", "confidential"] as const;

/** A condition on `d`, a row of office.document. */
export function visible(context: ReadContext): Sql {
  if (context.actor.kind === "system") return sql`true`;
  const me = context.actor.personId;
  const roles = context.actor.grants.map((grant) => grant.role);
  return sql`(d.visibility = 'company' or d.owner_id = ${me}::uuid or ${context.holds("office.records")} and d.visibility <> 'confidential'
    or d.roles && ${roles}::text[] and d.visibility = 'roles'
    or exists (select from office.document_reader w
      where w.tenant_id = ${context.tenantId} and w.document_id = d.id and w.person_id = ${me}::uuid)
    or d.visibility = 'unit' and d.unit_id in (${unitsOf(context, me)}))`;
}

/** The unit someone works in today and the units above it. */
const unitsOf = (context: ReadContext, personId: Id | null): Sql => sql`
  with recursive up (unit_id, depth) as (
    select v.unit_id, 0 from directory.holding h
    join directory.position_version v on v.tenant_id = h.tenant_id and v.position_id = h.position_id and v.during @> ${context.today}::date
    where h.tenant_id = ${context.tenantId} and h.person_id = ${personId}::uuid and h.during @> ${context.today}::date
    union all
    select v.parent_id, u.depth + 1 from up u
    join directory.unit_version v on v.tenant_id = ${context.tenantId} and v.unit_id = u.unit_id and v.during @> ${context.today}::date
    where v.parent_id is not null and u.depth < 50)
  select unit_id from up`;

/** A hold lies on `d` itself, or on the record it is about. */
export const held = (context: ReadContext): Sql => sql`
  exists (select from office.document_hold x
    where x.tenant_id = ${context.tenantId} and x.state = 'in force' and (x.document_id = d.id or x.about_id = d.about_id))`;

/** Until which day `d` must be kept by the rule of its class `c`; null while nobody can say, or for ever. */
export const keptUntil: Sql = sql`
  (case c.keep_from when 'filed' then d.filed_on when 'effective' then d.effective_on when 'expiry' then coalesce(d.expires_on, d.closed_on)
    when 'yearEnd' then make_date(extract(year from d.filed_on)::int, 12, 31) else d.event_on end
    + make_interval(months => c.keep_months))::date`;
