// Risks as they stand on a day: the latest score of each stage, its band on the matrix, and whether that is above the appetite.
import type { Day } from "../../kernel/day.ts";
import { type Sql, sql } from "../../platform/database/sql.ts";
import type { ReadContext } from "../../platform/operation/context.ts";

export const stages = ["inherent", "current", "residual"] as const;
export type Stage = (typeof stages)[number];

/** The latest score of a stage of a risk `k` on matrix `m`, with its band. */
const latest = (context: ReadContext, stage: Stage, asOf: Day): Sql => sql`
  left join lateral (
    select s.likelihood, s.impact, m.grid[(s.likelihood - 1) * cardinality(m.impacts) + s.impact] as band, s.on_day
    from governance.risk_score s
    where s.tenant_id = ${context.tenantId} and s.risk_id = k.id and s.stage = ${stage} and s.on_day <= ${asOf}::date
    order by s.on_day desc, s.id desc limit 1)`;

/** Every risk with its three scores, the appetite for its category and a running acceptance. */
export const risksOn = (context: ReadContext, asOf: Day): Sql => sql`
  select k.id, k.code, k.title, k.code || ' ' || k.title as label, k.description, k.category, k.matrix_id, k.owner_id, k.unit_id,
    k.opened_on, k.closed_on, m.bands,
    i.likelihood as inherent_likelihood, i.impact as inherent_impact, i.band as inherent_band,
    c.likelihood as current_likelihood, c.impact as current_impact, c.band as current_band, c.on_day as scored_on,
    e.likelihood as residual_likelihood, e.impact as residual_impact, e.band as residual_band,
    a.band as appetite_band, coalesce(coalesce(c.band, i.band) > a.band, false) as above_appetite, upper(x.during) - 1 as accepted_until,
    case when k.closed_on <= ${asOf}::date then 'closed' when x.during is not null then 'accepted' else 'open' end as state
  from governance.risk k
  join governance.risk_matrix m on m.tenant_id = k.tenant_id and m.id = k.matrix_id
  ${latest(context, "inherent", asOf)} i on true
  ${latest(context, "current", asOf)} c on true
  ${latest(context, "residual", asOf)} e on true
  left join lateral (
    select p.band from governance.risk_appetite p
    where p.tenant_id = k.tenant_id and p.matrix_id = k.matrix_id and (p.category = k.category or p.category is null)
      and p.from_day <= ${asOf}::date
    order by (p.category is null), p.from_day desc limit 1) a on true
  left join governance.risk_acceptance x on x.tenant_id = k.tenant_id and x.risk_id = k.id and x.during @> ${asOf}::date
  where k.tenant_id = ${context.tenantId} and k.opened_on <= ${asOf}::date`;
