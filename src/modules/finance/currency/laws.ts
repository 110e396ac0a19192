// What must hold of other currencies at all times.
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { Law } from "../../../platform/operation/module.ts";

const law = (name: string, says: string, breaks: (tenantId: string) => Sql): Law => ({
  name,
  says,
  breaks: async (context) => (await context.db.rows<{ says: string }>(sql`${breaks(context.tenantId)} limit 100`)).map((row) => row.says),
});

export const currencyLaws: readonly Law[] = [
  law(
    "finance.foreignItemsEndAtZero",
    "An item that is settled in its currency is settled in the books.",
    (tenantId) => sql`
    select o.reference || ' is settled in ' || o.currency || ' and carried at ' || o.open_amount as says
    from finance.open_item o
    where o.tenant_id = ${tenantId} and o.open_currency_amount = 0 and o.open_amount <> 0`,
  ),
  law(
    "finance.revaluations",
    "A revaluation posted what its items differ by, and what it posted was taken back the next day.",
    (tenantId) => sql`
    select 'The revaluation of ' || r.day || ' posted ' || coalesce(l.amount, 0) || ' and ' || coalesce(k.amount, 0)
      || ', its items differ by ' || coalesce(i.difference, 0) || '; it is taken back on ' || r.back_day as says
    from finance.revaluation r
    left join lateral (select sum(i.value - i.carrying) as difference, sum(greatest(i.value - i.carrying, 0)) as gain,
        sum(greatest(i.carrying - i.value, 0)) as loss, count(*) as items
      from finance.revaluation_item i where i.tenant_id = ${tenantId} and i.revaluation_id = r.id) i on true
    left join lateral (select sum(l.amount) as amount from finance.journal_line l
      where l.tenant_id = ${tenantId} and l.entry_id = r.entry_id and l.account_id in (${valuationAccounts(tenantId)})) l on true
    left join lateral (select sum(l.amount) as amount from finance.journal_line l
      where l.tenant_id = ${tenantId} and l.entry_id = r.back_entry_id and l.account_id in (${valuationAccounts(tenantId)})) k on true
    where r.tenant_id = ${tenantId} and (r.gain <> coalesce(i.gain, 0) or r.loss <> coalesce(i.loss, 0) or r.item_count <> i.items
      or coalesce(l.amount, 0) <> coalesce(i.difference, 0) or coalesce(k.amount, 0) <> -coalesce(i.difference, 0)
      or (r.state = 'posted' and r.entry_id is not null and r.back_day <> r.day + 1))`,
  ),
  law(
    "finance.revaluationItems",
    "Every revalued item belongs to a revaluation.",
    (tenantId) => sql`
    select i.reference || ' was revalued by no run' as says from finance.revaluation_item i
    where i.tenant_id = ${tenantId} and not exists (
      select from finance.revaluation r where r.tenant_id = ${tenantId} and r.id = i.revaluation_id)`,
  ),
];

/** Whatever is no income or expense: the job of an account may have gone to another since. */
const valuationAccounts = (tenantId: string): Sql => sql`
  select a.id from finance.account a where a.tenant_id = ${tenantId} and a.type in ('asset', 'liability')`;
