// What waits for others to agree, as lists show it. Those see it who take part in it; what is not confidential the office manager too.
import { z } from "zod";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Id, Instant, Money, ref } from "../../../platform/operation/field.ts";
import { whoever } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { AskedFor } from "../task/task.operations.ts";

/** Whether the person acting sits at an open seat, was told to look after it, or stands in for who sits there. */
function atSeat({ actor: { personId }, tenantId, today }: ReadContext, open: Sql): Sql {
  return sql`
    select from office.approval_seat t where t.tenant_id = ${tenantId} and t.approval_id = a.id and ${open} and (
      t.person_id = ${personId}::uuid or t.escalated_id = ${personId}::uuid
      or exists (select from office.task k where k.tenant_id = ${tenantId} and k.key = 'approval:' || t.id::text
        and k.person_id = ${personId}::uuid and k.state = 'open')
      or exists (select from office.delegation d where d.tenant_id = ${tenantId} and d.principal_id = t.person_id
        and d.stand_in_id = ${personId}::uuid and d.during @> ${today}::date and (d.ended_on is null or d.ended_on > ${today}::date)
        and d.scope_id in (${tenantId}::uuid, a.scope_id)
        and (t.activity = any(d.activities) or (d.activities is null and not a.is_confidential))))`;
}

/** It can be decided by who is acting, as far as a list can tell; the decision itself looks closer. */
export const mine = (context: ReadContext): Sql => sql`
  (a.state = 'open' and ${context.actor.personId}::uuid is not null
    and a.requested_by is distinct from ${context.actor.personId}::uuid and a.acted_by is distinct from ${context.actor.personId}::uuid
    and exists (${atSeat(context, sql`t.state = 'open'`)})
    and not exists (select from office.approval_vote v where v.tenant_id = ${context.tenantId} and v.approval_id = a.id
      and ${context.actor.personId}::uuid in (v.actor_id, v.principal_id)))`;

/** Records of a register that the actor is asked to decide about now, or had a voice in: a SELECT of one column. Nobody decides blindly. */
export const decidesAbout = (context: ReadContext, subject: string): Sql => sql`
  select a.about_id from office.approval a
  where a.tenant_id = ${context.tenantId} and a.about_subject = ${subject} and a.state = 'open' and ${mine(context)}
  union all
  select a.about_id from office.approval_vote v join office.approval a on a.tenant_id = v.tenant_id and a.id = v.approval_id
  where v.tenant_id = ${context.tenantId} and v.actor_id = ${context.actor.personId}::uuid and a.about_subject = ${subject}`;

const takesPart = (context: ReadContext): Sql => sql`
  (coalesce(${context.actor.personId}::uuid in (a.requested_by, a.acted_by, a.decided_by), false)
    or a.requested_user is not distinct from ${context.actor.userId}::uuid and a.requested_user is not null
    or exists (${atSeat(context, sql`true`)})
    or exists (select from office.approval_vote v where v.tenant_id = ${context.tenantId} and v.approval_id = a.id
      and ${context.actor.personId}::uuid in (v.actor_id, v.principal_id)))`;

export const approvalRegister = register({
  name: "office.approval",
  title: "Approvals",
  does: "What waits for others to agree, and what was decided by whom and why.",
  may: [whoever("whoever takes part, and the office manager", () => true)],
  row: z.object({
    id: Id,
    title: z.string(),
    state: z.enum(["open", "approved", "declined", "void", "withdrawn", "failed"]),
    amount: Money.nullable(),
    requestedById: ref("directory.person").nullable(),
    requestedBy: z.string().nullable(),
    requestedAt: Instant,
    waitsFor: z.string().nullable().describe("Who is asked now."),
    step: z.string().nullable().describe("Which step it waits at, of how many."),
    approverId: ref("directory.person").describe("Who was asked first at this step."),
    approver: z.string(),
    via: z.string(),
    activity: z.string(),
    policyId: ref("office.approvalPolicy").nullable(),
    policy: z.string().nullable(),
    aboutSubject: z.string(),
    aboutId: Id,
    /** It waits for you, or for whom you stand in for. */
    mine: z.boolean(),
    /** You asked for it. */
    own: z.boolean(),
    asks: AskedFor.nullable(),
    snapshot: z.unknown(),
    hash: z.string(),
    decidedById: ref("directory.person").nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: Instant.nullable(),
    reason: z.string().nullable(),
    failure: z.string().nullable().describe("Why it could not be done though it was approved."),
  }),
  label: "title",
  search: ["title"],
  sort: "-requestedAt",
  sees: (context) => (context.holds("office.manager") ? sql`(not r.is_confidential or r.takes_part)` : sql`r.takes_part`),
  from: (context) => sql`
    select a.id, a.title, a.state, a.activity, a.amount, a.amount_currency, a.requested_by as requested_by_id, q.name as requested_by,
      a.requested_at, a.approver_id, p.name as approver, a.via, a.about_subject, a.about_id, a.snapshot, a.hash, a.is_confidential,
      a.policy_id, o.name as policy, a.decided_by as decided_by_id, d.name as decided_by, a.decided_at, a.reason, a.failure,
      ${mine(context)} as mine, ${takesPart(context)} as takes_part,
      coalesce(a.requested_by = ${context.actor.personId}::uuid, false) as own,
      case when a.state = 'open' then (select string_agg(w.name, ', ' order by t.id) from office.approval_seat t
        join directory.party w on w.tenant_id = t.tenant_id and w.id = t.person_id
        where t.tenant_id = ${context.tenantId} and t.approval_id = a.id and t.state = 'open') end as waits_for,
      case when a.state = 'open' then (select max(s.number) filter (where s.state = 'open') || ' of ' || count(*)
        from office.approval_step s where s.tenant_id = ${context.tenantId} and s.approval_id = a.id) end as step,
      case when a.asks_operation is null then null
        else jsonb_build_object('operation', a.asks_operation, 'input', a.asks_input) end as asks
    from office.approval a
    join directory.party p on p.tenant_id = a.tenant_id and p.id = a.approver_id
    left join directory.party q on q.tenant_id = a.tenant_id and q.id = a.requested_by
    left join directory.party d on d.tenant_id = a.tenant_id and d.id = a.decided_by
    left join office.approval_policy o on o.tenant_id = a.tenant_id and o.id = a.policy_id
    where a.tenant_id = ${context.tenantId}`,
});
