// The lists of risks, of how they were judged over time, of what is done about them and of what is knowingly accepted.
import { z } from "zod";
import { sql } from "../../platform/database/sql.ts";
import { Day, Id, LongText, ref } from "../../platform/operation/field.ts";
import { whoever } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { RiskCategory } from "./matrix.operations.ts";
import { keepers } from "./policy.registers.ts";
import { risksOn, stages } from "./risk.store.ts";

const ownRisks = whoever("the owner of the risk", (_input, context) => context.actor.personId !== null);

export const TreatmentKind = z.enum(["avoid", "mitigate", "transfer", "share"]);

export const riskRegister = register({
  name: "governance.risk",
  title: "Risks",
  does: "What may go wrong, how likely and how bad it is before controls, now and after treatment, and who owns it. You see those you own.",
  may: [...keepers, ownRisks],
  row: z.object({
    id: Id,
    code: z.string(),
    title: z.string(),
    label: z.string(),
    state: z.enum(["open", "accepted", "closed"]),
    category: RiskCategory,
    inherent: z.string(),
    current: z.string().nullable(),
    residual: z.string().nullable(),
    aboveAppetite: z.boolean(),
    appetite: z.string(),
    ownerId: ref("directory.person"),
    owner: z.string(),
    unitId: ref("directory.unit").nullable(),
    openTreatments: z.number().int(),
    nextTreatmentDue: Day.nullable(),
    acceptedUntil: Day.nullable(),
    scoredOn: Day.nullable(),
    openedOn: Day,
    description: LongText().nullable(),
  }),
  label: "label",
  search: ["code", "title", "description"],
  sort: "code",
  dated: true,
  sees: (context) => sql`r.owner_id = ${context.actor.personId}::uuid`,
  from: (context, asOf) => sql`
    select k.*, k.bands[k.inherent_band] as inherent, k.bands[k.current_band] as current, k.bands[k.residual_band] as residual,
      coalesce(k.bands[k.appetite_band], 'none') as appetite, o.name as owner, coalesce(t.count, 0) as open_treatments,
      t.next as next_treatment_due
    from (${risksOn(context, asOf)}) k
    join directory.party o on o.tenant_id = ${context.tenantId} and o.id = k.owner_id
    left join (
      select risk_id, count(*)::int as count, min(due_day) as next from governance.treatment
      where tenant_id = ${context.tenantId} and completed_on is null and cancelled_on is null group by risk_id) t on t.risk_id = k.id`,
});

export const riskScoreRegister = register({
  name: "governance.riskScore",
  title: "Risk scores",
  does: "How each risk was judged over time, by whom and why.",
  may: keepers,
  row: z.object({
    id: Id,
    label: z.string(),
    riskId: ref("governance.risk"),
    risk: z.string(),
    stage: z.enum(stages),
    likelihood: z.number().int(),
    impact: z.number().int(),
    band: z.string(),
    why: z.string().nullable(),
    onDay: Day,
    assessedById: ref("directory.person").nullable(),
    assessedBy: z.string().nullable(),
  }),
  label: "label",
  sort: "-onDay",
  inner: true,
  from: (context) => sql`
    select s.id, k.code || ' ' || s.stage as label, s.risk_id, k.title as risk, s.stage, s.likelihood, s.impact,
      m.bands[m.grid[(s.likelihood - 1) * cardinality(m.impacts) + s.impact]] as band, s.why, s.on_day, s.assessed_by as assessed_by_id,
      w.name as assessed_by
    from governance.risk_score s
    join governance.risk k on k.tenant_id = s.tenant_id and k.id = s.risk_id
    join governance.risk_matrix m on m.tenant_id = k.tenant_id and m.id = k.matrix_id
    left join directory.party w on w.tenant_id = s.tenant_id and w.id = s.assessed_by
    where s.tenant_id = ${context.tenantId}`,
});

export const treatmentRegister = register({
  name: "governance.treatment",
  title: "Risk treatments",
  does: "What is done about risks, by whom and until when. You see those you own.",
  may: [...keepers, whoever("the owner of the treatment", (_input, context) => context.actor.personId !== null)],
  row: z.object({
    id: Id,
    title: z.string(),
    state: z.enum(["open", "overdue", "completed", "cancelled"]),
    kind: TreatmentKind,
    riskId: ref("governance.risk"),
    risk: z.string(),
    ownerId: ref("directory.person"),
    owner: z.string(),
    dueDay: Day,
    completedOn: Day.nullable(),
    evidence: z.string().nullable(),
    cancelledBecause: z.string().nullable(),
  }),
  label: "title",
  search: ["title", "risk"],
  sort: "dueDay",
  sees: (context) => sql`r.owner_id = ${context.actor.personId}::uuid`,
  from: (context) => sql`
    select t.id, t.title, t.kind, t.risk_id, k.code || ' ' || k.title as risk, t.owner_id, o.name as owner, t.due_day, t.completed_on,
      t.evidence, t.cancelled_because,
      case when t.completed_on is not null then 'completed' when t.cancelled_on is not null then 'cancelled'
        when t.due_day < ${context.today}::date then 'overdue' else 'open' end as state
    from governance.treatment t
    join governance.risk k on k.tenant_id = t.tenant_id and k.id = t.risk_id
    join directory.party o on o.tenant_id = t.tenant_id and o.id = t.owner_id
    where t.tenant_id = ${context.tenantId}`,
});

export const acceptanceRegister = register({
  name: "governance.riskAcceptance",
  title: "Accepted risks",
  does: "Risks above appetite that someone accepted for a time, with the reason; each expires.",
  may: keepers,
  row: z.object({
    id: Id,
    label: z.string(),
    state: z.enum(["running", "ended"]),
    riskId: ref("governance.risk"),
    risk: z.string(),
    band: z.string(),
    fromDay: Day,
    lastDay: Day,
    why: z.string(),
    acceptedById: ref("directory.person").nullable(),
    acceptedBy: z.string().nullable(),
  }),
  label: "label",
  sort: "-lastDay",
  inner: true,
  from: (context) => sql`
    select a.id, k.code || ' until ' || (upper(a.during) - 1) as label, a.risk_id, k.title as risk, m.bands[a.band] as band,
      lower(a.during) as from_day, upper(a.during) - 1 as last_day, a.why, a.accepted_by as accepted_by_id, w.name as accepted_by,
      case when upper(a.during) > ${context.today}::date then 'running' else 'ended' end as state
    from governance.risk_acceptance a
    join governance.risk k on k.tenant_id = a.tenant_id and k.id = a.risk_id
    join governance.risk_matrix m on m.tenant_id = k.tenant_id and m.id = k.matrix_id
    left join directory.party w on w.tenant_id = a.tenant_id and w.id = a.accepted_by
    where a.tenant_id = ${context.tenantId}`,
});
