// What must hold for fixed assets at all times: the schedule and the ledger say the same, and nothing is depreciated below what is left.
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { Law } from "../../../platform/operation/module.ts";
import type { Id } from "../../../kernel/id.ts";

const law = (name: string, says: string, broken: (tenantId: Id) => Sql): Law => ({
  name,
  says,
  breaks: async (context) => (await context.db.rows<{ says: string }>(broken(context.tenantId))).map((row) => row.says),
});

export const fixedAssetLaws: readonly Law[] = [
  law(
    "finance.schedulesAddUp",
    "What was lost before, all lines and the residual value of an asset come to its cost; less once it is gone or where lines are entered.",
    (tenantId) => sql`
      select f.number || ' in ' || k.name || ' plans ' || coalesce(s.amount, 0) || ' of '
        || p.cost - p.residual - p.opening_accumulated as says
      from finance.asset_plan p
      join finance.fixed_asset f on f.tenant_id = ${tenantId} and f.id = p.fixed_asset_id
      join finance.asset_book k on k.tenant_id = ${tenantId} and k.id = p.asset_book_id
      left join (select plan_id, sum(amount) as amount from finance.depreciation_line where tenant_id = ${tenantId} group by 1) s
        on s.plan_id = p.id
      where p.tenant_id = ${tenantId} and case
        when f.disposed_on is not null or p.method in ('units', 'manual')
          then coalesce(s.amount, 0) > p.cost - p.residual - p.opening_accumulated
        else coalesce(s.amount, 0) <> p.cost - p.residual - p.opening_accumulated end`,
  ),
  law(
    "finance.depreciationIsInLedger",
    "Booked lines of the asset book that posts stand in the ledger: each entry credits accumulated depreciation with their sum.",
    (tenantId) => sql`
      select coalesce(e.number, 'An entry that is not there') || ' has ' || coalesce(j.amount, 0) || ', its lines ' || s.amount as says
      from (
        select l.entry_id, sum(l.amount) as amount, array_agg(distinct c.accumulated_account_id) as accounts
        from finance.depreciation_line l
        join finance.asset_book k on k.tenant_id = ${tenantId} and k.id = l.asset_book_id and k.posts
        join finance.asset_plan p on p.tenant_id = ${tenantId} and p.id = l.plan_id
        join finance.fixed_asset f on f.tenant_id = ${tenantId} and f.id = p.fixed_asset_id
        join finance.asset_class c on c.tenant_id = ${tenantId} and c.id = f.class_id
        where l.tenant_id = ${tenantId} and l.state = 'posted' group by 1) s
      left join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = s.entry_id
      left join lateral (
        select -sum(j.amount) as amount from finance.journal_line j
        where j.tenant_id = ${tenantId} and j.entry_id = s.entry_id and j.account_id = any(s.accounts)) j on true
      where s.amount is distinct from j.amount`,
  ),
  law(
    "finance.disposedAssetsLeaveNothing",
    "Of an asset that was disposed of, its entry takes the whole cost and all accumulated depreciation off the books.",
    (tenantId) => sql`
      select f.number || ' left ' || s.cost - coalesce(j.cost, 0) || ' of its cost and ' || s.accumulated - coalesce(j.accumulated, 0)
        || ' of its depreciation' as says
      from finance.fixed_asset f
      join finance.asset_class c on c.tenant_id = ${tenantId} and c.id = f.class_id
      join finance.asset_book k on k.tenant_id = ${tenantId} and k.book_id = f.book_id and k.posts
      join lateral (
        select p.cost, p.opening_accumulated + coalesce((select sum(l.amount) from finance.depreciation_line l
          where l.tenant_id = ${tenantId} and l.plan_id = p.id and l.state = 'posted'), 0) as accumulated
        from finance.asset_plan p where p.tenant_id = ${tenantId} and p.fixed_asset_id = f.id and p.asset_book_id = k.id) s on true
      left join lateral (
        select -sum(j.amount) filter (where j.account_id = c.asset_account_id and j.amount = -s.cost) as cost,
          sum(j.amount) filter (where j.account_id = c.accumulated_account_id and j.amount > 0) as accumulated
        from finance.journal_line j where j.tenant_id = ${tenantId} and j.entry_id = f.disposal_entry_id) j on true
      where f.tenant_id = ${tenantId} and f.disposed_on is not null
        and (s.cost <> coalesce(j.cost, 0) or s.accumulated <> coalesce(j.accumulated, 0))`,
  ),
  law(
    "finance.nothingPlannedAfterDisposal",
    "Nothing is planned or booked for an asset after its disposal.",
    (tenantId) => sql`
      select f.number || ' has a line until ' || max(l.until_day) || ', and went on ' || f.disposed_on as says
      from finance.fixed_asset f
      join finance.asset_plan p on p.tenant_id = ${tenantId} and p.fixed_asset_id = f.id
      join finance.depreciation_line l on l.tenant_id = ${tenantId} and l.plan_id = p.id
      where f.tenant_id = ${tenantId} and f.disposed_on is not null and (l.until_day > f.disposed_on or l.state = 'planned')
      group by f.number, f.disposed_on`,
  ),
];
