// What must hold of approvals at all times: nothing without the agreement it needs, nobody on their own wish, nothing past the gate.
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { Law } from "../../../platform/operation/module.ts";
import type { Id } from "../../../kernel/id.ts";

const law = (name: string, says: string, broken: (tenantId: Id) => Sql): Law => ({
  name,
  says,
  breaks: async (context) => (await context.db.rows<{ says: string }>(broken(context.tenantId))).map((row) => row.says),
});

export const approvalLaws: readonly Law[] = [
  law(
    "office.approvedHasItsQuorum",
    "Nothing is approved at which not so many agreed, at every step, as its policy asked for.",
    (tenantId) => sql`
      select a.title || ': step ' || s.number || ' has ' || v.yes || ' voices for and ' || v.no || ' against' as says
      from office.approval a
      join office.approval_step s on s.tenant_id = ${tenantId} and s.approval_id = a.id
      cross join lateral (select count(*) filter (where w.verdict = 'approve') as yes, count(*) filter (where w.verdict = 'decline') as no
        from office.approval_vote w where w.tenant_id = ${tenantId} and w.approval_id = a.id and w.number = s.number) v
      cross join lateral (select count(*) filter (where t.state <> 'closed') as seats
        from office.approval_seat t where t.tenant_id = ${tenantId} and t.approval_id = a.id and t.number = s.number) t
      where a.tenant_id = ${tenantId} and a.state in ('approved', 'failed')
        and (s.state <> 'approved' or v.no > 0 or v.yes < greatest(coalesce(s.quorum, t.seats), 1)) limit 20`,
  ),
  law(
    "office.nobodyVotesForThemself",
    "No voice on a wish is of who wishes, or of whoever stands in for them, and nobody has two.",
    (tenantId) => sql`
      select a.title || ': ' || p.name || ' has decided on it and may not' as says
      from office.approval_vote v
      join office.approval a on a.tenant_id = ${tenantId} and a.id = v.approval_id
      join directory.party p on p.tenant_id = ${tenantId} and p.id = v.actor_id
      where v.tenant_id = ${tenantId} and (array[v.actor_id, v.principal_id] && array_remove(array[a.requested_by, a.acted_by], null)
        or exists (select from office.approval_vote w where w.tenant_id = ${tenantId} and w.approval_id = v.approval_id and w.id <> v.id
          and array[w.actor_id, w.principal_id] && array[v.actor_id, v.principal_id])) limit 20`,
  ),
  law(
    "office.voicesAreOnWhatWasAsked",
    "Every voice is on exactly what is asked for.",
    (tenantId) => sql`
      select a.title || ' was voted on with another content' as says from office.approval_vote v
      join office.approval a on a.tenant_id = ${tenantId} and a.id = v.approval_id
      where v.tenant_id = ${tenantId} and v.hash <> a.hash limit 20`,
  ),
  law(
    "office.nothingRanUnapproved",
    "What waits at the gate has left no result, and what has one was approved.",
    (tenantId) => sql`
      select a.title || ' has a result and is ' || a.state as says from office.approval a
      where a.tenant_id = ${tenantId} and a.requested_user is not null
        and (a.result is not null and a.state not in ('approved', 'failed') or a.state = 'approved' and a.failure is not null) limit 20`,
  ),
  law(
    "office.openApprovalHasSeat",
    "Every open approval has one open step, at which somebody is asked in their inbox or that of their stand-in.",
    (tenantId) => sql`
      select a.title as says from office.approval a where a.tenant_id = ${tenantId} and a.state = 'open' and (
        (select count(*) from office.approval_step s where s.tenant_id = ${tenantId} and s.approval_id = a.id and s.state = 'open') <> 1
        or not exists (select from office.approval_seat t where t.tenant_id = ${tenantId} and t.approval_id = a.id and t.state = 'open')
        or exists (select from office.approval_seat t where t.tenant_id = ${tenantId} and t.approval_id = a.id and t.state = 'open'
          and not exists (select from office.task k where k.tenant_id = ${tenantId}
            and k.key = 'approval:' || t.id::text and k.state = 'open'
            and t.person_id in (k.person_id, k.principal_id)))) limit 20`,
  ),
];
