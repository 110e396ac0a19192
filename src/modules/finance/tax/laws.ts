// What must hold between the tax lines, the returns and the ledger at all times.
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { Law } from "../../../platform/operation/module.ts";

const law = (name: string, says: string, breaks: (tenantId: string) => Sql): Law => ({
  name,
  says,
  breaks: async (context) => (await context.db.rows<{ says: string }>(sql`${breaks(context.tenantId)} limit 100`)).map((row) => row.says),
});

export const taxLaws: readonly Law[] = [
  law(
    "finance.taxLinesArePosted",
    "What is kept for tax with an entry is what it posted on the tax accounts.",
    (tenantId) => sql`
    select 'Entry ' || e.number || ' posted ' || coalesce(l.amount, 0) || ' on account ' || a.code || ',
      its tax lines say ' || s.amount as says
    from (
      select t.entry_id, case t.side when 'output' then c.output_account_id else c.input_account_id end as account_id,
        -sum(t.sign * t.tax) as amount
      from finance.tax_line t join finance.tax_code c on c.tenant_id = ${tenantId} and c.id = t.tax_code_id
      where t.tenant_id = ${tenantId} group by 1, 2) s
    join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = s.entry_id
    join finance.account a on a.tenant_id = ${tenantId} and a.id = s.account_id
    left join (select j.entry_id, j.account_id, sum(j.amount) as amount from finance.journal_line j
      where j.tenant_id = ${tenantId} group by 1, 2) l on l.entry_id = s.entry_id and l.account_id = s.account_id
    where coalesce(l.amount, 0) <> s.amount`,
  ),
  law(
    "finance.filedReturns",
    "A filed return is what its lines add up to, for good.",
    (tenantId) => sql`
    select 'The return ' || u.from_day || ' to ' || u.until_day || ' was filed with ' || u.payable || ' of ' || u.line_count
      || ' lines, its lines say ' || coalesce(s.payable, 0) || ' of ' || coalesce(s.lines, 0) as says
    from finance.tax_return u
    left join lateral (
      select sum(t.sign * t.tax) as payable, count(*) as lines from finance.tax_line t
      join finance.tax_code c on c.tenant_id = ${tenantId} and c.id = t.tax_code_id and c.book_id = u.book_id
      where t.tenant_id = ${tenantId} and t.tax_day between u.from_day and u.until_day and not exists (
        select from finance.tax_correction_line k where k.tenant_id = ${tenantId} and k.tax_line_id = t.id)) s on true
    where u.tenant_id = ${tenantId} and (u.payable <> coalesce(s.payable, 0) or u.line_count <> coalesce(s.lines, 0))`,
  ),
  law(
    "finance.corrections",
    "A correction of a filed return is what its lines add up to, and they are of its days.",
    (tenantId) => sql`
    select 'The correction of ' || u.from_day || ' to ' || u.until_day || ' was filed with ' || r.payable || ' of ' || r.line_count
      || ' lines, its lines say ' || coalesce(s.payable, 0) || ' of ' || coalesce(s.lines, 0) as says
    from finance.tax_correction r
    join finance.tax_return u on u.tenant_id = ${tenantId} and u.id = r.return_id
    left join lateral (
      select sum(t.sign * t.tax) as payable, count(*) filter (where t.day between u.from_day and u.until_day) as lines
      from finance.tax_correction_line k join finance.tax_line t on t.tenant_id = ${tenantId} and t.id = k.tax_line_id
      where k.tenant_id = ${tenantId} and k.correction_id = r.id) s on true
    where r.tenant_id = ${tenantId} and (r.payable <> coalesce(s.payable, 0) or r.line_count <> coalesce(s.lines, 0))`,
  ),
  law(
    "finance.taxDueOnPayment",
    "Of tax that waits for a payment, exactly the share that is settled, and not taken off, became due.",
    (tenantId) => sql`
    select 'Of the tax of ' || o.reference || ' ' || coalesce(d.tax, 0) || ' became due, of ' || w.tax || ' with ' || o.settled || ' of '
      || o.whole || ' settled' as says
    from finance.tax_pending w
    cross join lateral (
      select min(i.reference) as reference, abs(sum(i.currency_amount)) as whole,
        abs(sum(i.currency_amount - i.open_currency_amount)) as settled
      from finance.open_item i where i.tenant_id = ${tenantId} and i.entry_id = w.entry_id) o
    left join lateral (select sum(t.tax) as tax from finance.tax_line t
      where t.tenant_id = ${tenantId} and t.pending_id = w.id) d on true
    where w.tenant_id = ${tenantId} and not w.is_void and o.whole <> 0
      and coalesce(d.tax, 0) <> round(w.tax::numeric * (o.settled - w.dropped) / o.whole)`,
  ),
  law(
    "finance.taxWaits",
    "What waits on an account for the payment is what documents left there and has not become due.",
    (tenantId) => sql`
    select 'Account ' || a.code || ' holds ' || coalesce(l.amount, 0) || ' of tax that waits, documents say ' || s.amount as says
    from (
      select c.pending_account_id as account_id, -sum(case w.side when 'output' then 1 else -1 end
        * (coalesce(round(w.tax::numeric * (o.whole - w.dropped) / nullif(o.whole, 0)), w.tax)
          - coalesce((select sum(t.tax) from finance.tax_line t where t.tenant_id = ${tenantId} and t.pending_id = w.id), 0)))
        as amount
      from finance.tax_pending w join finance.tax_code c on c.tenant_id = ${tenantId} and c.id = w.tax_code_id
      cross join lateral (select abs(sum(i.currency_amount)) as whole from finance.open_item i
        where i.tenant_id = ${tenantId} and i.entry_id = w.entry_id) o
      where w.tenant_id = ${tenantId} and not w.is_void group by 1) s
    join finance.account a on a.tenant_id = ${tenantId} and a.id = s.account_id
    left join (select j.account_id, sum(j.amount) as amount from finance.journal_line j
      where j.tenant_id = ${tenantId} and j.account_id in (select c.pending_account_id from finance.tax_code c
        where c.tenant_id = ${tenantId} and c.cash_basis) group by 1) l on l.account_id = s.account_id
    where coalesce(l.amount, 0) <> s.amount`,
  ),
];
