// The lists of fixed assets: the assets with their book value, their plans in each asset book, all lines, the runs, and the classes.
import { z } from "zod";
import { sql } from "../../../platform/database/sql.ts";
import { CurrencyCode, Day, Id, Instant, Money, ref } from "../../../platform/operation/field.ts";
import { register } from "../../../platform/operation/register.ts";
import { assetRoles, planFields } from "./asset-class.operations.ts";

export const fixedAssetRegister = register({
  name: "finance.fixedAsset",
  title: "Fixed assets",
  does: "What the company owns for longer, what it cost, what it has lost in value, and what it stands at in the statements.",
  may: assetRoles,
  row: z.object({
    id: Id,
    label: z.string(),
    number: z.string(),
    name: z.string(),
    assetId: ref("assets.asset").nullable().describe("The thing in the asset register that it is."),
    asset: z.string().nullable(),
    assetClassId: ref("finance.assetClass"),
    assetClass: z.string(),
    unitId: ref("directory.unit").nullable(),
    acquiredOn: Day,
    cost: Money,
    bookValue: Money,
    accumulated: Money.describe("Booked so far."),
    bookedUntil: Day.nullable(),
    state: z.enum(["inUse", "fullyDepreciated", "disposed"]),
    disposedOn: Day.nullable(),
    disposal: z.enum(["sale", "scrap"]).nullable(),
    result: Money.nullable().describe("Gain positive, loss negative."),
    entryId: ref("finance.journalEntry").nullable(),
    disposalEntryId: ref("finance.journalEntry").nullable(),
    currency: CurrencyCode,
  }),
  label: "label",
  search: ["label", "asset", "assetClass"],
  sort: "number",
  totals: ["cost", "accumulated", "bookValue"],
  from: (context) => sql`
    select f.id, f.number || ' ' || coalesce(f.name, t.name) as label, f.number, coalesce(f.name, t.name) as name, f.asset_id,
      t.tag || ' ' || t.name as asset,
      f.class_id as asset_class_id, c.name as asset_class, u.unit_id, f.acquired_on, p.cost, l.accumulated,
      case when f.disposed_on is null then p.cost - l.accumulated else 0 end as book_value, l.booked_until,
      case when f.disposed_on is not null then 'disposed' when p.cost - l.accumulated <= p.residual then 'fullyDepreciated'
        else 'inUse' end as state,
      f.disposed_on, f.disposal, f.result, f.entry_id, f.disposal_entry_id, b.currency
    from finance.fixed_asset f
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = f.book_id
    join finance.asset_class c on c.tenant_id = ${context.tenantId} and c.id = f.class_id
    join finance.asset_book k on k.tenant_id = ${context.tenantId} and k.book_id = f.book_id and k.posts
    join finance.asset_plan p on p.tenant_id = ${context.tenantId} and p.fixed_asset_id = f.id and p.asset_book_id = k.id
    left join assets.thing t on t.tenant_id = ${context.tenantId} and t.id = f.asset_id
    left join lateral (
      select u.unit_id from finance.fixed_asset_unit u where u.tenant_id = ${context.tenantId} and u.fixed_asset_id = f.id
      order by u.from_day desc limit 1) u on true
    left join lateral (
      select p.opening_accumulated + coalesce(sum(l.amount), 0)::bigint as accumulated, max(l.until_day) as booked_until
      from finance.depreciation_line l
      where l.tenant_id = ${context.tenantId} and l.plan_id = p.id and l.state = 'posted') l on true
    where f.tenant_id = ${context.tenantId}`,
});

export const assetPlanRegister = register({
  name: "finance.assetPlan",
  title: "Asset values by book",
  does: "How each asset loses value in each asset book, and what it stands at there.",
  may: assetRoles,
  row: z.object({
    id: Id,
    label: z.string(),
    fixedAssetId: ref("finance.fixedAsset"),
    fixedAsset: z.string(),
    assetBookId: ref("finance.assetBook"),
    assetBook: z.string(),
    method: planFields.method,
    convention: planFields.convention,
    rhythm: planFields.rhythm,
    lifeMonths: z.number().int(),
    startDay: Day,
    cost: Money,
    residual: Money,
    accumulated: Money,
    bookValue: Money,
    currency: CurrencyCode,
  }),
  label: "label",
  search: ["label"],
  sort: "label",
  totals: ["cost", "accumulated", "bookValue"],
  from: (context) => sql`
    select p.id, f.number || ' ' || coalesce(f.name, t.name) || ', ' || k.name as label, p.fixed_asset_id,
      f.number || ' ' || coalesce(f.name, t.name) as fixed_asset, p.asset_book_id, k.name as asset_book, p.method, p.convention, p.rhythm,
      p.life_months, p.start_day, p.cost, p.residual, l.accumulated,
      case when f.disposed_on is null then p.cost - l.accumulated else 0 end as book_value, b.currency
    from finance.asset_plan p
    join finance.fixed_asset f on f.tenant_id = ${context.tenantId} and f.id = p.fixed_asset_id
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = f.book_id
    join finance.asset_book k on k.tenant_id = ${context.tenantId} and k.id = p.asset_book_id
    left join assets.thing t on t.tenant_id = ${context.tenantId} and t.id = f.asset_id
    left join lateral (
      select p.opening_accumulated + coalesce(sum(l.amount), 0)::bigint as accumulated from finance.depreciation_line l
      where l.tenant_id = ${context.tenantId} and l.plan_id = p.id and l.state = 'posted') l on true
    where p.tenant_id = ${context.tenantId}`,
});

export const depreciationLineRegister = register({
  name: "finance.depreciationLine",
  title: "Depreciation lines",
  does: "Every line of every schedule, planned or booked.",
  may: assetRoles,
  inner: true,
  row: z.object({
    id: Id,
    label: z.string(),
    fixedAssetId: ref("finance.fixedAsset"),
    fixedAsset: z.string(),
    assetBookId: ref("finance.assetBook"),
    assetBook: z.string(),
    fromDay: Day,
    untilDay: Day,
    kind: z.enum(["depreciation", "impairment"]),
    amount: Money,
    state: z.enum(["planned", "posted"]),
    depreciationRunId: ref("finance.depreciationRun").nullable(),
    entryId: ref("finance.journalEntry").nullable(),
    currency: CurrencyCode,
  }),
  label: "label",
  search: ["fixedAsset"],
  sort: "untilDay",
  totals: ["amount"],
  from: (context) => sql`
    select l.id, f.number || ' until ' || l.until_day as label, p.fixed_asset_id,
      f.number || ' ' || coalesce(f.name, t.name) as fixed_asset, l.asset_book_id, k.name as asset_book, l.from_day, l.until_day, l.kind,
      l.amount, l.state, l.run_id as depreciation_run_id, l.entry_id, b.currency
    from finance.depreciation_line l
    join finance.asset_plan p on p.tenant_id = ${context.tenantId} and p.id = l.plan_id
    join finance.fixed_asset f on f.tenant_id = ${context.tenantId} and f.id = p.fixed_asset_id
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = f.book_id
    join finance.asset_book k on k.tenant_id = ${context.tenantId} and k.id = l.asset_book_id
    left join assets.thing t on t.tenant_id = ${context.tenantId} and t.id = f.asset_id
    where l.tenant_id = ${context.tenantId}`,
});

export const depreciationRunRegister = register({
  name: "finance.depreciationRun",
  title: "Depreciation runs",
  does: "When depreciation was booked, until which day and how much.",
  may: assetRoles,
  row: z.object({
    id: Id,
    label: z.string(),
    untilDay: Day,
    assetBookId: ref("finance.assetBook"),
    assetBook: z.string(),
    lines: z.number().int(),
    total: Money,
    state: z.enum(["posted", "reversed"]),
    reversedOn: Day.nullable(),
    by: z.string(),
    at: Instant,
    currency: CurrencyCode,
  }),
  label: "label",
  search: ["label"],
  sort: "-at",
  from: (context) => sql`
    select r.id, k.name || ' until ' || r.until_day as label, r.until_day, r.asset_book_id, k.name as asset_book, r.lines, r.total,
      case when r.reversed_on is null then 'posted' else 'reversed' end as state, r.reversed_on, r.by_name as by, r.at, b.currency
    from finance.depreciation_run r
    join finance.asset_book k on k.tenant_id = ${context.tenantId} and k.id = r.asset_book_id
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = k.book_id
    where r.tenant_id = ${context.tenantId}`,
});

export const assetClassRegister = register({
  name: "finance.assetClass",
  title: "Asset classes",
  does: "Classes of fixed assets, their accounts and how their assets lose value in the statements.",
  may: assetRoles,
  row: z.object({
    id: Id,
    label: z.string(),
    code: z.string(),
    name: z.string(),
    method: planFields.method,
    convention: planFields.convention,
    rhythm: planFields.rhythm,
    lifeMonths: z.number().int(),
    assetAccountId: ref("finance.account"),
    assetAccount: z.string(),
    accumulatedAccountId: ref("finance.account"),
    accumulatedAccount: z.string(),
    expenseAccountId: ref("finance.account"),
    expenseAccount: z.string(),
    books: z.string(),
    bookId: ref("finance.book"),
  }),
  label: "label",
  search: ["label"],
  sort: "code",
  from: (context) => sql`
    select c.id, c.code || ' ' || c.name as label, c.code, c.name, d.method, d.convention, d.rhythm, d.life_months,
      c.asset_account_id, a.code || ' ' || a.name as asset_account, c.accumulated_account_id,
      m.code || ' ' || m.name as accumulated_account, c.expense_account_id, e.code || ' ' || e.name as expense_account,
      b.name as books, c.book_id
    from finance.asset_class c
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = c.book_id
    join finance.asset_book k on k.tenant_id = ${context.tenantId} and k.book_id = c.book_id and k.posts
    join finance.asset_class_plan d on d.tenant_id = ${context.tenantId} and d.class_id = c.id and d.asset_book_id = k.id
    join finance.account a on a.tenant_id = ${context.tenantId} and a.id = c.asset_account_id
    join finance.account m on m.tenant_id = ${context.tenantId} and m.id = c.accumulated_account_id
    join finance.account e on e.tenant_id = ${context.tenantId} and e.id = c.expense_account_id
    where c.tenant_id = ${context.tenantId}`,
});

export const assetBookRegister = register({
  name: "finance.assetBook",
  title: "Asset books",
  does: "The ways in which the value of assets is looked at: the statements, which are posted, and others beside them.",
  may: assetRoles,
  row: z.object({ id: Id, name: z.string(), code: z.string(), posts: z.boolean(), books: z.string(), bookId: ref("finance.book") }),
  label: "name",
  search: ["name", "code"],
  sort: "code",
  from: (context) => sql`
    select k.id, k.name, k.code, k.posts, b.name as books, k.book_id from finance.asset_book k
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = k.book_id
    where k.tenant_id = ${context.tenantId}`,
});
