// Fixed assets as they are kept: taken for writing, put in by the thousand, and their planned lines written anew.
import { addDays, type Day, later } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { type DepreciationLine, depreciationLines, type DepreciationPlan, type Done, type Method } from "./depreciation.rules.ts";
import { dropPlanned } from "./line.store.ts";
import { type Convention, type Rhythm, yearStartOf } from "./life.rules.ts";

export interface KeptAsset {
  readonly id: Id;
  readonly assetId: Id | null;
  readonly number: string;
  readonly name: string;
  readonly bookId: Id;
  readonly currency: string;
  readonly yearStartMonth: number;
  readonly acquiredOn: Day;
  readonly disposedOn: Day | null;
  readonly unitId: Id | null;
  readonly assetAccountId: Id;
  readonly accumulatedAccountId: Id;
  readonly expenseAccountId: Id;
  readonly impairmentAccountId: Id;
  readonly gainAccountId: Id;
  readonly lossAccountId: Id;
  readonly unitName: string | null;
  readonly expectedUnits: string | null;
}

export interface KeptPlan {
  readonly id: Id;
  readonly fixedAssetId: Id;
  readonly assetBookId: Id;
  readonly assetBook: string;
  readonly posts: boolean;
  readonly method: Method;
  readonly convention: Convention;
  readonly rhythm: Rhythm;
  readonly lifeMonths: number;
  readonly startDay: Day;
  readonly factor: string;
  readonly percentDecimals: number | null;
  readonly cost: bigint;
  readonly residual: bigint;
  readonly openingAccumulated: bigint;
  readonly openingUntil: Day | null;
  readonly impaired: bigint;
  readonly revisedAfter: Day | null;
}

export interface KeptLine {
  readonly id: Id;
  readonly fromDay: Day;
  readonly untilDay: Day;
  readonly amount: bigint;
  readonly kind: "depreciation" | "impairment";
  readonly state: "planned" | "posted";
  readonly units: string | null;
  readonly entryId: Id | null;
  readonly entryNumber: string | null;
}

/** The month in which the fiscal years of these books begin; January where there are none yet. */
export const yearStartMonthOf = (bookId: Id, tenantId: Id) => sql`coalesce((select extract(month from p.fiscal_year_start)::int
  from finance.period p where p.tenant_id = ${tenantId} and p.book_id = ${bookId} order by p.from_day limit 1), 1)`;

const assetColumns = (context: ReadContext) => sql`
  f.id, f.asset_id, f.number, coalesce(f.name, t.name) as name, f.book_id, b.currency, f.acquired_on, f.disposed_on, f.unit_name,
  trim_scale(f.expected_units)::text as expected_units, c.asset_account_id, c.accumulated_account_id, c.expense_account_id,
  c.impairment_account_id, c.gain_account_id, c.loss_account_id,
  coalesce((select extract(month from p.fiscal_year_start)::int from finance.period p
    where p.tenant_id = ${context.tenantId} and p.book_id = f.book_id order by p.from_day limit 1), 1) as year_start_month,
  (select u.unit_id from finance.fixed_asset_unit u where u.tenant_id = ${context.tenantId} and u.fixed_asset_id = f.id
    order by u.from_day desc limit 1) as unit_id`;

export async function assetById(context: ReadContext, id: Id): Promise<KeptAsset> {
  const found = await context.db.maybe<KeptAsset>(sql`
    select ${assetColumns(context)} from finance.fixed_asset f
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = f.book_id
    join finance.asset_class c on c.tenant_id = ${context.tenantId} and c.id = f.class_id
    left join assets.thing t on t.tenant_id = ${context.tenantId} and t.id = f.asset_id
    where f.tenant_id = ${context.tenantId} and f.id = ${id}`);
  return found ?? refuse("notFound");
}

/** Takes an asset as `lockAnyAsset` does. Refuses `notFound` and `disposedAlready`. */
export async function lockAsset(context: WriteContext, id: Id): Promise<KeptAsset> {
  const asset = await lockAnyAsset(context, id);
  if (asset.disposedOn) refuse("disposedAlready", { asset: asset.name, day: asset.disposedOn });
  return asset;
}

/** Takes an asset, and its asset books against a run under way, until the transaction ends. Refuses `notFound`. */
export async function lockAnyAsset(context: WriteContext, id: Id): Promise<KeptAsset> {
  await context.db.run(sql`
    select k.id from finance.asset_book k
    join finance.asset_plan p on p.tenant_id = ${context.tenantId} and p.asset_book_id = k.id and p.fixed_asset_id = ${id}
    where k.tenant_id = ${context.tenantId} order by k.id for share of k`);
  await context.db.run(sql`select id from finance.fixed_asset where tenant_id = ${context.tenantId} and id = ${id} for update`);
  return assetById(context, id);
}

export const assetRefusals = {
  notFound: "There is no such fixed asset.",
  disposedAlready: "{asset} was disposed of on {day}. Nothing changes on it any more.",
} as const;

export function plansOf(context: ReadContext, fixedAssetId: Id): Promise<KeptPlan[]> {
  return context.db.rows<KeptPlan>(sql`
    select p.id, p.fixed_asset_id, p.asset_book_id, k.name as asset_book, k.posts, p.method, p.convention, p.rhythm, p.life_months,
      p.start_day, trim_scale(p.factor)::text as factor, p.percent_decimals, p.cost, p.residual, p.opening_accumulated, p.opening_until,
      p.impaired, p.revised_after
    from finance.asset_plan p join finance.asset_book k on k.tenant_id = ${context.tenantId} and k.id = p.asset_book_id
    where p.tenant_id = ${context.tenantId} and p.fixed_asset_id = ${fixedAssetId} order by k.posts desc, k.code`);
}

/** The plan in the asset book named, or in the one that posts. Refuses `notInBook`. */
export async function planOf(context: ReadContext, fixedAssetId: Id, assetBookId?: Id): Promise<KeptPlan> {
  const plans = await plansOf(context, fixedAssetId);
  return plans.find((plan) => (assetBookId ? plan.assetBookId === assetBookId : plan.posts)) ?? refuse("notInBook", {}, ["assetBookId"]);
}

export const notInBook = "The asset is not in that asset book. Put it there first: heartwood finance fixed-asset add-book";

export function linesOf(context: ReadContext, planId: Id): Promise<KeptLine[]> {
  return context.db.rows<KeptLine>(sql`
    select l.id, l.from_day, l.until_day, l.amount, l.kind, l.state, trim_scale(l.units)::text as units, l.entry_id,
      e.number as entry_number
    from finance.depreciation_line l
    left join finance.journal_entry e on e.tenant_id = ${context.tenantId} and e.id = l.entry_id
    where l.tenant_id = ${context.tenantId} and l.plan_id = ${planId} order by l.until_day, l.kind desc, l.id`);
}

/** The plan as the rule takes it: what was written off in one stroke is no part of the cost that is spread. */
export const rulePlan = (plan: KeptPlan, asset: Pick<KeptAsset, "currency" | "yearStartMonth">): DepreciationPlan => ({
  ...plan,
  yearStartMonth: asset.yearStartMonth,
  cost: new Money(plan.cost - plan.impaired, asset.currency),
  residual: new Money(plan.residual, asset.currency),
});

const sumOf = (lines: readonly KeptLine[]): bigint => lines.reduce((sum, line) => sum + line.amount, 0n);

export const accumulatedOf = (plan: KeptPlan, lines: readonly KeptLine[]): bigint => plan.openingAccumulated + sumOf(lines);

const spreadOf = (lines: readonly KeptLine[]): KeptLine[] => lines.filter((line) => line.kind === "depreciation");

/** The last day that is depreciated when only these lines of a schedule stay. */
export const lastDayOf = (plan: KeptPlan, kept: readonly KeptLine[]): Day | null => spreadOf(kept).at(-1)?.untilDay ?? plan.openingUntil;

/** What the schedule has behind it when only these lines of it stay. */
export function doneOf(plan: KeptPlan, asset: Pick<KeptAsset, "currency" | "yearStartMonth">, kept: readonly KeptLine[]): Done | undefined {
  const untilDay = lastDayOf(plan, kept);
  if (!untilDay) return undefined;
  const spread = spreadOf(kept);
  const yearStart = yearStartOf(addDays(untilDay, 1), asset.yearStartMonth);
  const since = plan.revisedAfter ? later(yearStart, addDays(plan.revisedAfter, 1)) : yearStart;
  const accumulated = plan.openingAccumulated + sumOf(spread);
  const inYear = sumOf(spread.filter((line) => line.untilDay >= since)) + openingInYear(plan, asset, since);
  return {
    untilDay,
    accumulated: new Money(accumulated, asset.currency),
    inYear: new Money(inYear < accumulated ? inYear : accumulated, asset.currency),
  };
}

/** Of what was depreciated before, the part of the year under way: as the plan itself would have had it. */
function openingInYear(plan: KeptPlan, asset: Pick<KeptAsset, "currency" | "yearStartMonth">, yearStart: Day): bigint {
  const { openingUntil } = plan;
  if (!openingUntil || openingUntil < yearStart) return 0n;
  const own = depreciationLines(rulePlan(plan, asset)).filter((line) => line.untilDay >= yearStart && line.untilDay <= openingUntil);
  const sum = own.reduce((total, line) => total + line.amount.minor, 0n);
  return sum < plan.openingAccumulated ? sum : plan.openingAccumulated;
}

export interface NewLine extends DepreciationLine {
  readonly planId: Id;
  readonly assetBookId: Id;
  readonly units?: string;
}

/** One statement for any number of planned lines; by day, so that the lines of one month lie together and a run finds them so. */
export async function insertPlanned(context: WriteContext, planned: readonly NewLine[]): Promise<void> {
  if (planned.length === 0) return;
  const lines = planned.toSorted((a, b) => (a.untilDay < b.untilDay ? -1 : a.untilDay > b.untilDay ? 1 : 0));
  await context.db.run(sql`
    insert into finance.depreciation_line (tenant_id, id, plan_id, asset_book_id, from_day, until_day, amount, kind, state, units,
      made_at)
    select ${context.tenantId}, l.id, l.plan_id, l.asset_book_id, l.from_day, l.until_day, l.amount, 'depreciation', 'planned', l.units,
      ${context.now}
    from unnest(${lines.map(() => context.newId())}::uuid[], ${lines.map((line) => line.planId)}::uuid[],
      ${lines.map((line) => line.assetBookId)}::uuid[], ${lines.map((line) => line.fromDay)}::date[],
      ${lines.map((line) => line.untilDay)}::date[], ${lines.map((line) => line.amount.minor)}::bigint[],
      ${lines.map((line) => line.units ?? null)}::numeric[]) as l (id, plan_id, asset_book_id, from_day, until_day, amount, units)`);
}

/** Takes the planned lines from a day on away and writes those of the plan as it is now. Lines before it or of earlier terms stay. */
export async function planAnew(context: WriteContext, plan: KeptPlan, asset: KeptAsset, from: Day): Promise<DepreciationLine[]> {
  const first = plan.revisedAfter ? later(from, addDays(plan.revisedAfter, 1)) : from;
  await dropPlanned(context, plan.id, sql`l.until_day >= ${first}::date`);
  const kept = await linesOf(context, plan.id);
  const lines = depreciationLines(rulePlan(plan, asset), doneOf(plan, asset, kept));
  await insertPlanned(
    context,
    lines.map((line) => ({ ...line, planId: plan.id, assetBookId: plan.assetBookId })),
  );
  return lines;
}

/** Refuses `bookedAfter` when a line that ends on the day or later is booked. */
export function requireNothingBooked(lines: readonly KeptLine[], from: Day): void {
  const booked = lines.findLast((line) => line.state === "posted" && line.untilDay >= from);
  if (booked) refuse("bookedAfter", { day: booked.untilDay }, ["day"]);
}

export const bookedAfter = "Depreciation is booked until {day}. Choose a later day, or take that run back first.";
