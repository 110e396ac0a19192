// The laws of the books, as questions to the database. Each must find nothing, at any time, in any company.
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import type { Law } from "../../../platform/operation/module.ts";

/** A law whose statement selects a sentence `says` for each break. */
export const law = (name: string, says: string, breaks: (tenantId: string) => Sql): Law => ({
  name,
  says,
  breaks: async (context: ReadContext) =>
    (await context.db.rows<{ says: string }>(sql`${breaks(context.tenantId)} limit 100`)).map((row) => row.says),
});

export const ledgerLaws: readonly Law[] = [
  law(
    "finance.balancedEntries",
    "Every entry balances, is complete and lies in its period.",
    (tenantId) => sql`
    select 'Entry ' || e.number || ' is off by ' || coalesce(s.difference, 0) || ' with ' || coalesce(s.lines, 0) || ' lines' as says
    from finance.journal_entry e
    join finance.period p on p.tenant_id = ${tenantId} and p.id = e.period_id
    left join (select l.entry_id, sum(l.amount) as difference, count(*) as lines, sum(greatest(l.amount, 0)) as debit, min(l.day) as first,
        max(l.day) as last from finance.journal_line l where l.tenant_id = ${tenantId} group by l.entry_id) s on s.entry_id = e.id
    where e.tenant_id = ${tenantId}
      and (s.entry_id is null or s.difference <> 0 or s.lines < 2 or s.debit <> e.total or s.first <> e.day or s.last <> e.day
        or e.day not between p.from_day and p.until_day or p.book_id <> e.book_id)`,
  ),
  law(
    "finance.linesHaveEntries",
    "Every line belongs to an entry and an account of the same books.",
    (tenantId) => sql`
    select 'Line ' || l.id || ' of ' || l.day || ' has no entry, or an account that takes no postings' as says
    from finance.journal_line l
    left join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = l.entry_id
    left join finance.account a on a.tenant_id = ${tenantId} and a.id = l.account_id and not a.is_group
    where l.tenant_id = ${tenantId} and (e.id is null or a.id is null or a.book_id <> e.book_id)`,
  ),
  law(
    "finance.balances",
    "The kept balances equal their rebuild from the lines.",
    (tenantId) => sql`
    select 'Balance of account ' || a.code || ' in ' || p.code || ' is ' || coalesce(k.debit, 0) || '/' || coalesce(k.credit, 0)
      || ', its lines say ' || coalesce(r.debit, 0) || '/' || coalesce(r.credit, 0) as says
    from (select * from finance.balance where tenant_id = ${tenantId}) k
    full join (
      select l.account_id, e.period_id, coalesce(l.unit_id, '00000000-0000-0000-0000-000000000000') as unit_id,
        coalesce(l.set_id, '00000000-0000-0000-0000-000000000000') as set_id,
        sum(greatest(l.amount, 0)) as debit, sum(greatest(-l.amount, 0)) as credit
      from finance.journal_line l join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = l.entry_id
      where l.tenant_id = ${tenantId} group by 1, 2, 3, 4) r using (account_id, period_id, unit_id, set_id)
    left join finance.account a on a.tenant_id = ${tenantId} and a.id = account_id
    left join finance.period p on p.tenant_id = ${tenantId} and p.id = period_id
    where k.debit is distinct from r.debit or k.credit is distinct from r.credit`,
  ),
  law(
    "finance.trialBalance",
    "Over all accounts of a set of books, debits equal credits.",
    (tenantId) => sql`
    select 'The books ' || b.name || ' are off by ' || sum(k.debit - k.credit) as says
    from finance.balance k
    join finance.account a on a.tenant_id = ${tenantId} and a.id = k.account_id
    join finance.book b on b.tenant_id = ${tenantId} and b.id = a.book_id
    where k.tenant_id = ${tenantId} group by b.id, b.name having sum(k.debit - k.credit) <> 0`,
  ),
  law(
    "finance.numbers",
    "Numbers have no gap and no double in any series.",
    (tenantId) => sql`
    select 'Series ' || coalesce(s.series, h.series) || ' of ' || coalesce(s.fiscal_year, h.fiscal_year) || ' has ' || coalesce(s.count, 0)
      || ' documents up to number ' || coalesce(h.last_number, 0) as says
    from (
      select e.book_id, j.code as series, e.fiscal_year, count(*) as count, max(e.sequence) as last
      from finance.journal_entry e join finance.journal j on j.tenant_id = ${tenantId} and j.id = e.journal_id
      where e.tenant_id = ${tenantId} group by 1, 2, 3
      union all
      select d.book_id, split_part(d.number, '-', 1), split_part(d.number, '-', 2)::int, count(*), max(split_part(d.number, '-', 3)::bigint)
      from (
        select book_id, number from finance.invoice where tenant_id = ${tenantId} and number is not null
        union all select book_id, number from finance.bill where tenant_id = ${tenantId} and number is not null
        union all select book_id, number from finance.payment where tenant_id = ${tenantId}) d
      group by 1, 2, 3) s
    full join (select * from finance.number_head where tenant_id = ${tenantId}) h
      on h.book_id = s.book_id and h.series = s.series and h.fiscal_year = s.fiscal_year
    where s.count is distinct from h.last_number or s.last is distinct from h.last_number`,
  ),
  law(
    "finance.subledger",
    "Open items add up to their control account, and to what allocations left of them.",
    (tenantId) => sql`
    select 'Control account ' || a.code || ' stands at ' || coalesce(k.balance, 0) || ', its open items at ' || coalesce(o.open, 0) as says
    from finance.account a
    left join (select account_id, sum(debit - credit) as balance from finance.balance where tenant_id = ${tenantId} group by 1) k
      on k.account_id = a.id
    left join (select account_id, sum(open_amount) as open from finance.open_item where tenant_id = ${tenantId} group by 1) o
      on o.account_id = a.id
    where a.tenant_id = ${tenantId} and a.control is not null and coalesce(k.balance, 0) <> coalesce(o.open, 0)
    union all
    select 'Item ' || o.reference || ' has ' || o.open_amount || ' open, its allocations leave ' || o.amount - coalesce(s.settled, 0)
    from finance.open_item o
    left join (
      select item_id, sum(amount) as settled from (
        select debit_item_id as item_id, amount from finance.allocation where tenant_id = ${tenantId}
        union all select credit_item_id, -amount from finance.allocation where tenant_id = ${tenantId}) x
      group by item_id) s on s.item_id = o.id
    where o.tenant_id = ${tenantId} and o.open_amount <> o.amount - coalesce(s.settled, 0)`,
  ),
  law(
    "finance.foreignItems",
    "Open items in another currency add up to what allocations left of them, and nothing is carried for what is settled.",
    (tenantId) => sql`
    select 'Item ' || o.reference || ' in ' || o.currency || ' has ' || o.open_currency_amount || ' open, its allocations leave '
      || o.currency_amount - coalesce(s.settled, 0) || ', carried at ' || o.open_amount as says
    from finance.open_item o
    join finance.book b on b.tenant_id = ${tenantId} and b.id = o.book_id
    left join (
      select item_id, sum(amount) as settled from (
        select debit_item_id as item_id, coalesce(currency_amount, amount) as amount from finance.allocation where tenant_id = ${tenantId}
        union all select credit_item_id, -coalesce(currency_amount, amount) from finance.allocation where tenant_id = ${tenantId}) x
      group by item_id) s on s.item_id = o.id
    where o.tenant_id = ${tenantId}
      and (o.open_currency_amount <> o.currency_amount - coalesce(s.settled, 0)
        or (o.open_currency_amount = 0 and o.open_amount <> 0)
        or (o.currency = b.currency and o.open_currency_amount <> o.open_amount))`,
  ),
  law(
    "finance.closedPeriods",
    "Nothing entered a period after it was closed.",
    (tenantId) => sql`
    select 'Period ' || p.code || ' was closed with ' || p.closed_entries || ' entries and has ' || coalesce(e.entries, 0) as says
    from finance.period p
    left join (
      select period_id, count(*) as entries, sum(total) as debit from finance.journal_entry where tenant_id = ${tenantId} group by 1) e
      on e.period_id = p.id
    where p.tenant_id = ${tenantId} and p.state = 'closed'
      and (p.closed_entries <> coalesce(e.entries, 0) or p.closed_debit <> coalesce(e.debit, 0))`,
  ),
  law(
    "finance.documents",
    "A posted document and its entry agree on the amount.",
    (tenantId) => sql`
    select d.kind || ' ' || d.number || ' says ' || d.total || ', its open items ' || coalesce(o.amount, 0) as says
    from (
      select 'Invoice' as kind, number, entry_id, case kind when 'invoice' then total else -total end as total from finance.invoice
      where tenant_id = ${tenantId} and state = 'posted'
      union all select 'Bill', number, entry_id, case kind when 'creditNote' then total else -total end from finance.bill
      where tenant_id = ${tenantId} and state in ('posted', 'reversed')
      union all select 'Payment', number, entry_id, case direction when 'incoming' then -amount else amount end from finance.payment
      where tenant_id = ${tenantId}) d
    left join (select entry_id, sum(currency_amount) as amount from finance.open_item
      where tenant_id = ${tenantId} group by entry_id) o
      on o.entry_id = d.entry_id
    where coalesce(o.amount, 0) <> d.total`,
  ),
];
