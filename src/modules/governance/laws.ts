// The laws of governance and the figures its people watch.
import { addDays } from "../../kernel/day.ts";
import { type Sql, sql } from "../../platform/database/sql.ts";
import type { ReadContext } from "../../platform/operation/context.ts";
import type { Figure, Law } from "../../platform/operation/module.ts";
import { addressed } from "./audience.store.ts";
import { risksOn } from "./risk.store.ts";

export const laws: readonly Law[] = [
  {
    name: "governance.attestedTextStands",
    says: "The text of every published version is the text that was attested.",
    breaks: async (context) => {
      const broken = await context.db.rows<{ code: string; number: number }>(sql`
        select p.code, v.number from governance.policy_version v
        join governance.policy p on p.tenant_id = v.tenant_id and p.id = v.policy_id
        where v.tenant_id = ${context.tenantId} and v.text_hash <> encode(sha256(convert_to(v.text, 'UTF8')), 'hex')`);
      return broken.map((row) => `Version ${row.number} of policy ${row.code} is not the text that was published.`);
    },
  },
  {
    name: "governance.versionsFollowEachOther",
    says: "Versions of a policy are numbered without gap and take force in that order.",
    breaks: async (context) => {
      const broken = await context.db.rows<{ code: string; number: number }>(sql`
        select p.code, v.number from (
          select policy_id, number, from_day, row_number() over (partition by policy_id order by number) as place,
            lag(from_day) over (partition by policy_id order by number) as before
          from governance.policy_version where tenant_id = ${context.tenantId}) v
        join governance.policy p on p.tenant_id = ${context.tenantId} and p.id = v.policy_id
        where v.number <> v.place or v.from_day < v.before`);
      return broken.map((row) => `Version ${row.number} of policy ${row.code} is out of order.`);
    },
  },
  {
    name: "governance.risksAreOnTheirMatrix",
    says: "Every risk has been judged before controls, and every score is on the matrix of its risk.",
    breaks: async (context) => {
      const broken = await context.db.rows<{ code: string }>(sql`
        select k.code from governance.risk k
        join governance.risk_matrix m on m.tenant_id = k.tenant_id and m.id = k.matrix_id
        where k.tenant_id = ${context.tenantId} and (
          not exists (select from governance.risk_score s where s.tenant_id = k.tenant_id and s.risk_id = k.id and s.stage = 'inherent')
          or exists (select from governance.risk_score s where s.tenant_id = k.tenant_id and s.risk_id = k.id
            and (s.likelihood > cardinality(m.likelihoods) or s.impact > cardinality(m.impacts))))`);
      return broken.map((row) => `Risk ${row.code} has no score before controls, or one beside its matrix.`);
    },
  },
  {
    name: "governance.obligationsAreDue",
    says: "Every obligation that comes round again has its next due day open.",
    breaks: async (context) => {
      const broken = await context.db.rows<{ code: string }>(sql`
        select b.code from governance.obligation b
        where b.tenant_id = ${context.tenantId} and b.retired_from is null and b.recurrence not in ('once', 'days')
          and not exists (select from governance.obligation_occurrence o where o.tenant_id = b.tenant_id and o.obligation_id = b.id
            and o.fulfilled_on is null and o.waived_because is null)`);
      return broken.map((row) => `Obligation ${row.code} is not due again.`);
    },
  },
];

export const figures: readonly Figure[] = [
  {
    name: "governance.myOpenAttestations",
    title: "Policies for you to attest",
    roles: ["anyone"],
    to: "/r/governance/openAttestation",
    value: async (context, today) =>
      (
        await context.db.row<{ count: number }>(sql`
          select count(*)::int as count from (${addressed(context, today)}) d
          where d.attested_on is null and d.person_id = ${context.actor.personId}::uuid`)
      ).count,
  },
  {
    name: "governance.openAttestations",
    title: "Open attestations",
    roles: ["governance.manager"],
    to: "/r/governance/openAttestation",
    value: async (context, today) =>
      (
        await context.db.row<{ count: number }>(sql`
          select count(*)::int as count from (${addressed(context, today)}) d where d.attested_on is null`)
      ).count,
  },
  {
    name: "governance.overdueObligations",
    title: "Overdue obligations",
    roles: ["owner", "governance.manager", "office.manager"],
    to: "/r/governance/obligationOccurrence?filter[state]=overdue",
    value: async (context, today) =>
      (
        await context.db.row<{ count: number }>(sql`
          select count(*)::int as count from governance.obligation_occurrence
          where tenant_id = ${context.tenantId} and fulfilled_on is null and waived_because is null and due_day < ${today}::date`)
      ).count,
  },
  {
    name: "governance.risksAboveAppetite",
    title: "Risks above appetite",
    roles: ["governance.manager"],
    to: "/r/governance/risk?filter[aboveAppetite]=true&filter[state]=open",
    value: async (context, today) =>
      (
        await context.db.row<{ count: number }>(sql`
          select count(*)::int as count from (${risksOn(context, today)}) k where k.above_appetite and k.state = 'open'`)
      ).count,
  },
  {
    name: "governance.obligationsDueSoon",
    title: "Obligations due within 14 days",
    roles: ["governance.manager", "office.manager"],
    to: "/r/governance/obligationOccurrence?sort=dueDay",
    value: (context, today) =>
      count(
        context,
        sql`governance.obligation_occurrence where tenant_id = ${context.tenantId} and fulfilled_on is null and waived_because is null
          and due_day between ${today}::date and ${addDays(today, 14)}::date`,
      ),
  },
  {
    name: "governance.attested",
    title: "Policies attested",
    roles: ["governance.manager"],
    to: "/r/governance/openAttestation",
    value: async (context, today) => {
      const { done, all } = await context.db.row<{ done: number; all: number }>(sql`
        select count(d.attested_on)::int as done, count(*)::int as all from (${addressed(context, today)}) d`);
      return all === 0 ? "–" : `${Math.floor((100 * done) / all)} %`;
    },
  },
  {
    name: "governance.treatmentsOverdue",
    title: "Risk treatments overdue",
    roles: ["governance.manager"],
    to: "/r/governance/treatment?sort=dueDay",
    value: (context, today) =>
      count(
        context,
        sql`governance.treatment where tenant_id = ${context.tenantId} and completed_on is null and cancelled_on is null
          and due_day < ${today}::date`,
      ),
  },
  {
    name: "governance.acceptancesExpiring",
    title: "Risk acceptances expiring within 60 days",
    roles: ["governance.manager"],
    to: "/r/governance/riskAcceptance",
    value: (context, today) =>
      count(
        context,
        sql`governance.risk_acceptance where tenant_id = ${context.tenantId}
          and during @> ${today}::date and upper(during) <= ${addDays(today, 61)}::date`,
      ),
  },
];

const count = async (context: ReadContext, from: Sql): Promise<number> =>
  (await context.db.row<{ count: number }>(sql`select count(*)::int as count from ${from}`)).count;
