// Putting fixed assets on the books, one or thousands at a time: each with its plan in every asset book of its class, and all their lines.
//
// | acquisition                       | Dr                  | Cr                                             |
// |-----------------------------------|---------------------|------------------------------------------------|
// | of a bill line booked elsewhere   | asset, of the class | the account of the bill line                   |
// | of another account                | asset               | that account                                   |
// | of the asset account itself       | nothing is posted: the bill or the opening balances stand there already          |
// | brought over, and booked so       | asset: cost         | accumulated depreciation; opening balances: rest|
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { decimal } from "../../../kernel/decimal.ts";
import type { Money } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import type { JournalEntryDraft, JournalLineDraft } from "../ledger/entry.rules.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { postEntries } from "../ledger/posting.ts";
import { doneOf, insertPlanned, type KeptPlan, rulePlan, yearStartMonthOf } from "./asset.store.ts";
import { depreciationLines } from "./depreciation.rules.ts";

export interface PlanWish extends Partial<
  Pick<KeptPlan, "method" | "convention" | "rhythm" | "lifeMonths" | "factor" | "percentDecimals" | "startDay">
> {
  readonly assetBookId: Id;
  readonly residual?: Money;
  readonly openingAccumulated?: Money;
}

export interface AssetDraft {
  /** The thing in the asset register; without it a name. */
  readonly assetId?: Id;
  readonly name?: string;
  readonly classId: Id;
  readonly cost: Money;
  readonly acquiredOn: Day;
  readonly startDay: Day;
  readonly unitId?: Id;
  readonly billLineId?: Id;
  readonly opening?: { readonly accumulated: Money; readonly untilDay: Day };
  readonly unitName?: string;
  readonly expectedUnits?: string;
  readonly plans?: readonly PlanWish[];
  /** What is posted with it, besides what stands there already. */
  readonly entry?: { readonly day: Day; readonly lines: (accounts: ClassAccounts) => readonly JournalLineDraft[] };
}

export interface ClassAccounts {
  readonly assetAccountId: Id;
  readonly accumulatedAccountId: Id;
}

interface ClassRow extends ClassAccounts {
  readonly id: Id;
  readonly bookId: Id;
  readonly currency: string;
  readonly yearStartMonth: number;
}

interface ClassPlanRow extends Omit<
  KeptPlan,
  "id" | "fixedAssetId" | "cost" | "residual" | "openingAccumulated" | "impaired" | "revisedAfter"
> {
  readonly classId: Id;
  readonly residualPercent: string;
}

export const capitaliseRefusals = {
  classUnknown: "There is no such class of assets. Look it up: heartwood finance asset-class list",
  thingUnknown: "There is no such thing in the asset register. Look it up: heartwood assets asset list",
  capitalisedAlready: "{asset} is on the books already. Look at it: heartwood finance fixed-asset list",
  nameMissing: "Say what it is called, or which thing of the asset register it is; not both.",
  currencyDiffers: postingRefusals.currencyDiffers,
  costNotPositive: "An asset has a cost above zero.",
  residualAboveCost: "What is left at the end, with what is depreciated already, is at most the cost of {cost}.",
  assetBookUnknown: "There is no such asset book in these books. Look it up: heartwood finance asset-book list",
  unitUnknown: postingRefusals.unitUnknown,
} as const;

interface Ready {
  readonly id: Id;
  readonly number: string;
  readonly draft: AssetDraft;
  readonly kind: ClassRow;
  readonly plans: readonly KeptPlan[];
}

/** Refuses what `capitaliseRefusals` and posting say; `classes` of one set of books only. A handful of statements for any number. */
export async function insertAssets(context: WriteContext, drafts: readonly AssetDraft[]): Promise<{ id: Id; number: string }[]> {
  const classes = await loadClasses(context, drafts);
  await requireThings(context, drafts);
  await requireUnits(context, drafts);
  const numbers = await nextNumbers(context, classes.kinds[0]!.bookId, drafts);
  const ready = drafts.map((draft, index): Ready => {
    const kind = classes.kinds.find((one) => one.id === draft.classId) ?? refuse("classUnknown", {}, ["assetClassId"]);
    requireAmounts(draft, kind);
    const id = draft.assetId ?? context.newId();
    return { id, number: numbers[index]!, draft, kind, plans: plansFor(context, id, draft, kind, classes.plans) };
  });
  const entries = await postAcquisitions(context, ready);
  await insertRows(context, ready, entries);
  await insertPlanned(
    context,
    ready.flatMap(({ plans, kind }) =>
      plans.flatMap((plan) =>
        depreciationLines(rulePlan(plan, kind), doneOf(plan, kind, [])).map((line) => ({
          ...line,
          planId: plan.id,
          assetBookId: plan.assetBookId,
        })),
      ),
    ),
  );
  return ready.map(({ id, number }) => ({ id, number }));
}

async function loadClasses(context: WriteContext, drafts: readonly AssetDraft[]): Promise<{ kinds: ClassRow[]; plans: ClassPlanRow[] }> {
  const ids = [...new Set(drafts.map((draft) => draft.classId))];
  const kinds = await context.db.rows<ClassRow>(sql`
    select c.id, c.book_id, b.currency, c.asset_account_id, c.accumulated_account_id from finance.asset_class c
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = c.book_id
    where c.tenant_id = ${context.tenantId} and c.id = any(${ids}::uuid[]) order by c.id`);
  if (kinds.length < ids.length) refuse("classUnknown", {}, ["assetClassId"]);
  const { month } = await context.db.row<{ month: number }>(sql`select ${yearStartMonthOf(kinds[0]!.bookId, context.tenantId)} as month`);
  const plans = await context.db.rows<ClassPlanRow>(sql`
    select d.class_id, d.asset_book_id, k.name as asset_book, k.posts, d.method, d.convention, d.rhythm, d.life_months,
      trim_scale(d.factor)::text as factor, d.percent_decimals, trim_scale(d.residual_percent)::text as residual_percent,
      null as start_day, null as opening_until
    from finance.asset_class_plan d join finance.asset_book k on k.tenant_id = ${context.tenantId} and k.id = d.asset_book_id
    where d.tenant_id = ${context.tenantId} and d.class_id = any(${ids}::uuid[]) order by k.posts desc, k.code for share of k`);
  return { kinds: kinds.map((kind) => ({ ...kind, yearStartMonth: month })), plans };
}

async function requireThings(context: WriteContext, drafts: readonly AssetDraft[]): Promise<void> {
  if (drafts.some((draft) => (draft.assetId === undefined) === (draft.name === undefined))) refuse("nameMissing", {}, ["name"]);
  const ids = drafts.flatMap((draft) => draft.assetId ?? []);
  if (ids.length === 0) return;
  const found = await context.db.rows<{ id: Id; name: string; isKept: boolean }>(sql`
    select t.id, t.name, exists (select from finance.fixed_asset f where f.tenant_id = ${context.tenantId} and f.id = t.id) as is_kept
    from assets.thing t where t.tenant_id = ${context.tenantId} and t.id = any(${ids}::uuid[])`);
  if (found.length < new Set(ids).size) refuse("thingUnknown", {}, ["assetId"]);
  const kept = found.find((one) => one.isKept) ?? (new Set(ids).size < ids.length ? found[0] : undefined);
  if (kept) refuse("capitalisedAlready", { asset: kept.name }, ["assetId"]);
}

async function requireUnits(context: WriteContext, drafts: readonly AssetDraft[]): Promise<void> {
  const ids = [...new Set(drafts.flatMap((draft) => draft.unitId ?? []))];
  if (ids.length === 0) return;
  const { count } = await context.db.row<{ count: number }>(sql`
    select count(*)::int as count from directory.unit where tenant_id = ${context.tenantId} and id = any(${ids}::uuid[])`);
  if (count < ids.length) refuse("unitUnknown", {}, ["unitId"]);
}

/** Numbers of the register, in order; the books are taken, so that two writers do not draw the same one. */
async function nextNumbers(context: WriteContext, bookId: Id, drafts: readonly AssetDraft[]): Promise<string[]> {
  await context.db.run(sql`select id from finance.book where tenant_id = ${context.tenantId} and id = ${bookId} for no key update`);
  const { last } = await context.db.row<{ last: number }>(sql`
    select coalesce(max(substr(number, 4)::int), 0) as last from finance.fixed_asset
    where tenant_id = ${context.tenantId} and book_id = ${bookId}`);
  return drafts.map((_, index) => `FA-${String(last + index + 1).padStart(5, "0")}`);
}

function requireAmounts(draft: AssetDraft, kind: ClassRow): void {
  const amounts = [
    draft.cost,
    draft.opening?.accumulated,
    ...(draft.plans ?? []).flatMap((plan) => [plan.residual, plan.openingAccumulated]),
  ];
  if (amounts.some((amount) => amount && amount.currency !== kind.currency))
    refuse("currencyDiffers", { currency: kind.currency }, ["cost"]);
  if (draft.cost.minor <= 0n) refuse("costNotPositive", {}, ["cost"]);
}

function plansFor(context: WriteContext, fixedAssetId: Id, draft: AssetDraft, kind: ClassRow, all: readonly ClassPlanRow[]): KeptPlan[] {
  const own = all.filter((plan) => plan.classId === kind.id);
  const stray = draft.plans?.find((wish) => !own.some((plan) => plan.assetBookId === wish.assetBookId));
  if (stray) refuse("assetBookUnknown", {}, ["plans"]);
  return own.map(({ classId: _, residualPercent, ...plan }) => {
    const { residual, openingAccumulated, ...wish } = draft.plans?.find((one) => one.assetBookId === plan.assetBookId) ?? {};
    const usual = draft.cost.times(decimal(residualPercent).div(100), "halfUp").minor;
    const opening = draft.opening ? (openingAccumulated ?? draft.opening.accumulated).minor : 0n;
    const kept: KeptPlan = {
      ...plan,
      startDay: draft.startDay,
      ...defined(wish),
      id: context.newId(),
      fixedAssetId,
      cost: draft.cost.minor,
      residual: residual?.minor ?? (usual < draft.cost.minor - opening ? usual : draft.cost.minor - opening),
      openingAccumulated: opening,
      openingUntil: draft.opening?.untilDay ?? null,
      impaired: 0n,
      revisedAfter: null,
    };
    if (opening < 0n || kept.residual < 0n || kept.residual + opening > kept.cost) {
      refuse("residualAboveCost", { cost: draft.cost.toString() }, ["plans"]);
    }
    return kept;
  });
}

const defined = <T extends object>(given: T): Partial<T> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>;

async function postAcquisitions(context: WriteContext, ready: readonly Ready[]): Promise<Map<Id, Id>> {
  const posting = ready.flatMap(({ id, number, draft, kind }) => {
    const lines = draft.entry?.lines(kind) ?? [];
    return lines.length === 0 ? [] : [{ id, number, draft, kind, lines }];
  });
  const drafts = posting.map(({ id, number, draft, lines }): JournalEntryDraft => ({
    journal: "AST",
    day: draft.entry!.day,
    text: `Fixed asset ${number}${draft.name ? ` ${draft.name}` : ""}`.slice(0, 200),
    reference: number,
    document: { subject: "finance.fixedAsset", id },
    lines,
  }));
  const entries = await postEntries(context, drafts, posting[0]?.kind.bookId);
  return new Map(posting.map(({ id }, index) => [id, entries[index]!.id]));
}

async function insertRows(context: WriteContext, ready: readonly Ready[], entries: ReadonlyMap<Id, Id>): Promise<void> {
  const { tenantId } = context;
  const drafts = ready.map((one) => one.draft);
  await context.db.run(sql`
    insert into finance.fixed_asset (tenant_id, id, asset_id, book_id, class_id, number, name, acquired_on, cost, bill_line_id, opening,
      entry_id, unit_name, expected_units, person_id, by_name, at)
    select ${tenantId}, f.id, f.asset_id, f.book_id, f.class_id, f.number, f.name, f.acquired_on, f.cost, f.bill_line_id, f.opening,
      f.entry_id, f.unit_name, f.expected_units, ${context.actor.personId}::uuid, ${context.actor.name}, ${context.now}::timestamptz
    from unnest(${ready.map((one) => one.id)}::uuid[], ${drafts.map((one) => one.assetId ?? null)}::uuid[],
      ${ready.map((one) => one.kind.bookId)}::uuid[], ${drafts.map((one) => one.classId)}::uuid[],
      ${ready.map((one) => one.number)}::text[],
      ${drafts.map((one) => one.name ?? null)}::text[], ${drafts.map((one) => one.acquiredOn)}::date[],
      ${drafts.map((one) => one.cost.minor)}::bigint[], ${drafts.map((one) => one.billLineId ?? null)}::uuid[],
      ${drafts.map((one) => one.opening !== undefined)}::boolean[], ${ready.map((one) => entries.get(one.id) ?? null)}::uuid[],
      ${drafts.map((one) => one.unitName ?? null)}::text[], ${drafts.map((one) => one.expectedUnits ?? null)}::numeric[])
      as f (id, asset_id, book_id, class_id, number, name, acquired_on, cost, bill_line_id, opening, entry_id, unit_name, expected_units)`);
  await context.db.run(sql`
    insert into finance.fixed_asset_unit (tenant_id, fixed_asset_id, from_day, unit_id, person_id, by_name, at)
    select ${tenantId}, u.id, u.from_day, u.unit_id, ${context.actor.personId}::uuid, ${context.actor.name}, ${context.now}::timestamptz
    from unnest(${ready.map((one) => one.id)}::uuid[], ${drafts.map((one) => one.startDay)}::date[],
      ${drafts.map((one) => one.unitId ?? null)}::uuid[]) as u (id, from_day, unit_id)`);
  await insertPlans(
    context,
    ready.flatMap((one) => one.plans),
  );
}

export async function insertPlans(context: WriteContext, plans: readonly KeptPlan[]): Promise<void> {
  await context.db.run(sql`
    insert into finance.asset_plan (tenant_id, id, fixed_asset_id, asset_book_id, method, convention, rhythm, life_months, start_day,
      factor, percent_decimals, cost, residual, opening_accumulated, opening_until)
    select ${context.tenantId}, p.id, p.fixed_asset_id, p.asset_book_id, p.method, p.convention, p.rhythm, p.life_months, p.start_day,
      p.factor, p.percent_decimals, p.cost, p.residual, p.opening_accumulated, p.opening_until
    from unnest(${plans.map((plan) => plan.id)}::uuid[], ${plans.map((plan) => plan.fixedAssetId)}::uuid[],
      ${plans.map((plan) => plan.assetBookId)}::uuid[], ${plans.map((plan) => plan.method)}::text[],
      ${plans.map((plan) => plan.convention)}::text[], ${plans.map((plan) => plan.rhythm)}::text[],
      ${plans.map((plan) => plan.lifeMonths)}::int[], ${plans.map((plan) => plan.startDay)}::date[],
      ${plans.map((plan) => plan.factor)}::numeric[], ${plans.map((plan) => plan.percentDecimals)}::int[],
      ${plans.map((plan) => plan.cost)}::bigint[], ${plans.map((plan) => plan.residual)}::bigint[],
      ${plans.map((plan) => plan.openingAccumulated)}::bigint[], ${plans.map((plan) => plan.openingUntil)}::date[])
      as p (id, fixed_asset_id, asset_book_id, method, convention, rhythm, life_months, start_day, factor, percent_decimals, cost, residual,
        opening_accumulated, opening_until)`);
}
