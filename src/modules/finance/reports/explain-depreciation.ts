// What stands behind a line that a depreciation run or a disposal booked: which assets lost how much, by which plan.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { depreciationSays } from "./explain.rules.ts";
import type { FigureLine } from "./figure.store.ts";

export interface DepreciationEvidence {
  readonly asset: string;
  readonly fromDay: Day;
  readonly untilDay: Day;
  readonly amount: bigint;
  readonly units: string | null;
  readonly unitName: string | null;
  readonly expectedUnits: string | null;
  readonly method: "straightLine" | "decliningBalance" | "sumOfYears" | "units" | "manual";
  readonly factor: string;
  readonly convention: "fullMonth" | "daily" | "halfYear" | "midQuarter" | "midMonth";
  readonly rhythm: "month" | "year";
  readonly startDay: Day;
  /** The terms by which it was booked, whatever was revised since. */
  readonly lifeMonths: number;
  readonly cost: bigint;
  readonly residual: bigint;
  readonly before: bigint;
  /** How many lines there were to come, with this one; unknown when the plan was revised since. */
  readonly linesLeft: number | null;
}

/** More would tell nobody anything; the list of depreciation lines has them all. */
const shownAssets = 20;

const isBookedFor = ({ documentSubject }: FigureLine): boolean =>
  documentSubject === "finance.depreciationRun" || documentSubject === "finance.fixedAsset";

/** For each line what is said of its depreciation; nothing of lines that are none. */
export async function depreciationOf(context: ReadContext, lines: readonly FigureLine[], currency: string): Promise<string[][]> {
  const ids = lines.filter(isBookedFor).flatMap((line) => line.lineId ?? []);
  if (ids.length === 0) return lines.map(() => []);
  const found = await evidenceOf(context, ids);
  return lines.map(({ lineId }) => {
    const own = found.filter((one) => one.lineId === lineId);
    const more = (own[0]?.count ?? 0) - own.length;
    const said = own.map((one) => depreciationSays(one, currency));
    return more > 0 ? [...said, `And ${more} more lines. See: heartwood finance depreciation-line list`] : said;
  });
}

function evidenceOf(context: ReadContext, lineIds: readonly Id[]): Promise<(DepreciationEvidence & { lineId: Id; count: number })[]> {
  const { tenantId } = context;
  return context.db.rows(sql`
    select s.line_id, s.count, s.asset, s.from_day, s.until_day, s.amount, s.units, s.unit_name, s.expected_units, p.method,
      trim_scale(p.factor)::text as factor, p.convention, p.rhythm, p.start_day, coalesce(r.life_before, p.life_months) as life_months,
      coalesce(r.cost_before, p.cost - p.impaired) as cost, coalesce(r.residual_before, p.residual) as residual,
      p.opening_accumulated + d.before as before, case when r.id is null then d.lines_left end as lines_left
    from (
      select j.id as line_id, l.plan_id, l.from_day, l.until_day, l.amount, l.booked_at, trim_scale(l.units)::text as units, f.unit_name,
        trim_scale(f.expected_units)::text as expected_units, f.number || ' ' || coalesce(f.name, t.name) as asset,
        row_number() over (partition by j.id order by f.number, l.until_day) as place, count(*) over (partition by j.id)::int as count
      from finance.journal_line j
      join finance.depreciation_line l on l.tenant_id = ${tenantId} and l.entry_id = j.entry_id and l.state = 'posted'
        and l.kind = 'depreciation'
      join finance.asset_plan p on p.tenant_id = ${tenantId} and p.id = l.plan_id
      join finance.fixed_asset f on f.tenant_id = ${tenantId} and f.id = p.fixed_asset_id
      join finance.asset_class c on c.tenant_id = ${tenantId} and c.id = f.class_id
        and j.account_id in (c.expense_account_id, c.accumulated_account_id)
      left join assets.thing t on t.tenant_id = ${tenantId} and t.id = f.asset_id
      left join lateral (
        select u.unit_id from finance.fixed_asset_unit u where u.tenant_id = ${tenantId} and u.fixed_asset_id = f.id
          and u.from_day <= l.until_day order by u.from_day desc limit 1) u on true
      where j.tenant_id = ${tenantId} and j.id = any(${lineIds}::uuid[]) and u.unit_id is not distinct from j.unit_id) s
    join finance.asset_plan p on p.tenant_id = ${tenantId} and p.id = s.plan_id
    left join lateral (
      select r.id, r.cost_before, r.residual_before, r.life_before from finance.asset_revision r
      where r.tenant_id = ${tenantId} and r.plan_id = s.plan_id and r.at > s.booked_at order by r.at, r.id limit 1) r on true
    cross join lateral (
      select coalesce(sum(d.amount) filter (where d.until_day < s.until_day), 0)::bigint as before,
        (count(*) filter (where d.until_day >= s.until_day))::int as lines_left
      from finance.depreciation_line d where d.tenant_id = ${tenantId} and d.plan_id = s.plan_id and d.kind = 'depreciation') d
    where s.place <= ${shownAssets} order by s.line_id, s.place`);
}
