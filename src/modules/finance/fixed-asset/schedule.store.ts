// A schedule as it was known at an earlier moment: its lines, its plan, and whether the asset was disposed of.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import type { KeptAsset, KeptLine, KeptPlan } from "./asset.store.ts";
import { bookedAt } from "./line.store.ts";

/** The lines of a plan as they were known at a moment. */
export function linesKnown(context: ReadContext, planId: Id, known: Date): Promise<KeptLine[]> {
  const { tenantId } = context;
  return context.db.rows<KeptLine>(sql`
    select l.id, l.from_day, l.until_day, l.amount, l.kind, trim_scale(l.units)::text as units,
      case when l.booked_at <= ${known} then 'posted' else 'planned' end as state, e.id as entry_id, e.number as entry_number
    from (
      select l.id, l.from_day, l.until_day, l.amount, l.kind, l.units, l.entry_id, l.made_at,
        case when l.state = 'posted' then ${bookedAt(tenantId, sql`l`)} end as booked_at
      from finance.depreciation_line l where l.tenant_id = ${tenantId} and l.plan_id = ${planId}
      union all
      select b.id, b.from_day, b.until_day, b.amount, b.kind, b.units, b.entry_id, b.made_at, b.booked_at
      from finance.depreciation_line_before b where b.tenant_id = ${tenantId} and b.plan_id = ${planId} and b.until_at > ${known}
    ) l
    left join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = l.entry_id and l.booked_at <= ${known}
    where coalesce(l.made_at, '-infinity') <= ${known}
    order by l.until_day, l.kind desc, l.id`);
}

interface KnownStanding {
  /** It was put on the books later. */
  readonly isLater: boolean;
  readonly plan: KeptPlan;
  readonly disposedOn: Day | null;
}

interface KnownRow {
  readonly isLater: boolean;
  readonly isDisposed: boolean;
  readonly costBefore: bigint | null;
  readonly residualBefore: bigint;
  readonly lifeBefore: number;
  readonly startBefore: Day | null;
  readonly disposedBefore: Day | null;
}

/** An asset and its plan as they were known at a moment, with the lines of then: the first change after it tells what was before. */
export async function standingKnown(
  context: ReadContext,
  asset: KeptAsset,
  plan: KeptPlan,
  { known, lines }: { readonly known: Date; readonly lines: readonly KeptLine[] },
): Promise<KnownStanding> {
  const { tenantId } = context;
  const row = await context.db.row<KnownRow>(sql`
    select f.at > ${known} as is_later, d.posted_at is not null as is_disposed, r.cost_before, r.residual_before, r.life_before,
      r.start_before, b.disposed_before
    from finance.fixed_asset f
    left join finance.journal_entry d on d.tenant_id = ${tenantId} and d.id = f.disposal_entry_id and d.posted_at <= ${known}
    left join lateral (
      select r.cost_before, r.residual_before, r.life_before, r.start_before from finance.asset_revision r
      where r.tenant_id = ${tenantId} and r.plan_id = ${plan.id} and r.at > ${known} order by r.at, r.id limit 1) r on true
    left join lateral (
      select r.disposed_before from finance.asset_revision r
      join finance.asset_plan p on p.tenant_id = ${tenantId} and p.id = r.plan_id and p.fixed_asset_id = f.id
      join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = r.disposal_entry_before and e.posted_at <= ${known}
      where r.tenant_id = ${tenantId} and r.at > ${known} order by r.at, r.id limit 1) b on true
    where f.tenant_id = ${tenantId} and f.id = ${asset.id}`);
  const impaired = lines.filter((line) => line.kind === "impairment").reduce((sum, line) => sum + line.amount, 0n);
  const before = row.costBefore !== null && {
    cost: row.costBefore + impaired,
    residual: row.residualBefore,
    lifeMonths: row.lifeBefore,
    startDay: row.startBefore ?? plan.startDay,
  };
  return {
    isLater: row.isLater,
    plan: { ...plan, impaired, ...before },
    disposedOn: row.isDisposed ? asset.disposedOn : row.disposedBefore,
  };
}
