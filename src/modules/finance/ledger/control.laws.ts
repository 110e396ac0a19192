// What must hold of locks, templates, accruals and deferrals at all times.
import { sql } from "../../../platform/database/sql.ts";
import type { Law } from "../../../platform/operation/module.ts";
import { closingJournal } from "./entry.rules.ts";
import { law } from "./laws.ts";

export const controlLaws: readonly Law[] = [
  law(
    "finance.lockedAreas",
    "Nothing entered a locked area of a period but by an exception.",
    (tenantId) => sql`
    select 'Period ' || p.code || ' was locked for ' || l.area || ' with ' || l.locked_entries || ' entries; ' || n.entries
      || ' stand there now, ' || n.excepted || ' of them by an exception' as says
    from finance.period_lock l
    join finance.period p on p.tenant_id = ${tenantId} and p.id = l.period_id
    cross join lateral (
      select count(*) as entries, coalesce(sum(e.total), 0) as debit, count(u.entry_id) as excepted,
        coalesce(sum(e.total) filter (where u.entry_id is not null), 0) as excepted_debit
      from finance.journal_entry e
      join finance.journal j on j.tenant_id = ${tenantId} and j.id = e.journal_id
      left join finance.lock_exception_use u on u.tenant_id = ${tenantId} and u.lock_id = l.id and u.entry_id = e.id
      where e.tenant_id = ${tenantId} and e.period_id = l.period_id and case l.area when 'tax' then e.id in (
          select t.entry_id from finance.tax_line t where t.tenant_id = ${tenantId} and t.day between p.from_day and p.until_day)
        else j.area = l.area end) n
    where l.tenant_id = ${tenantId} and l.unlocked_at is null
      and (n.entries - n.excepted <> l.locked_entries or n.debit - n.excepted_debit <> l.locked_debit)`,
  ),
  law(
    "finance.locksStandOnPeriods",
    "The areas locked on a period are those whose lock was not taken back.",
    (tenantId) => sql`
    select 'Period ' || p.code || ' says it is locked for ' || array_to_string(p.locked_areas, ', ') || ', its locks say '
      || coalesce(l.areas, 'nothing') as says
    from finance.period p
    left join (select period_id, array_agg(area) as set, string_agg(area, ', ' order by area) as areas from finance.period_lock
      where tenant_id = ${tenantId} and unlocked_at is null group by period_id) l on l.period_id = p.id
    where p.tenant_id = ${tenantId}
      and not (p.locked_areas <@ coalesce(l.set, '{}') and p.locked_areas @> coalesce(l.set, '{}'))`,
  ),
  law(
    "finance.exceptionsHold",
    "Whatever was posted by an exception was posted by its person, in its period, before its end.",
    (tenantId) => sql`
    select 'Entry ' || e.number || ' of ' || e.by_name || ' does not fit the exception it was posted by' as says
    from finance.lock_exception_use u
    join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = u.entry_id
    join finance.lock_exception x on x.tenant_id = ${tenantId} and x.id = u.exception_id
    join finance.period_lock l on l.tenant_id = ${tenantId} and l.id = u.lock_id
    where u.tenant_id = ${tenantId} and (e.person_id is distinct from x.person_id or e.period_id <> x.period_id
      or l.period_id <> x.period_id or l.area <> x.area or e.posted_at > x.until)`,
  ),
  law(
    "finance.closings",
    "What stands in the journal of closings is what the closing of its year carried.",
    (tenantId) => sql`
    select 'Account ' || a.code || ' has ' || s.amount || ' in journal ' || ${closingJournal}::text || ' of ' || s.year
      || ', the closing of that year says ' || s.closed as says
    from (
      select l.account_id, p.fiscal_year as year, sum(l.amount) as amount,
        coalesce(sum(l.amount) filter (where l.entry_id = y.closing_entry_id), 0) as closed
      from finance.journal j
      join finance.journal_entry e on e.tenant_id = ${tenantId} and e.journal_id = j.id
      join finance.journal_line l on l.tenant_id = ${tenantId} and l.entry_id = e.id
      join finance.period p on p.tenant_id = ${tenantId} and p.id = e.period_id
      join finance.fiscal_year y on y.tenant_id = ${tenantId} and y.book_id = e.book_id and y.from_day = p.fiscal_year_start
      where j.tenant_id = ${tenantId} and j.code = ${closingJournal}
      group by l.account_id, p.fiscal_year, y.id) s
    join finance.account a on a.tenant_id = ${tenantId} and a.id = s.account_id
    where s.amount <> s.closed order by a.code`,
  ),
  law(
    "finance.accruals",
    "Every accrual and its mirror together are nothing on any account.",
    (tenantId) => sql`
    select 'Accrual ' || a.text || ' of ' || a.day || ' leaves ' || s.rest || ' on an account' as says
    from finance.accrual a
    cross join lateral (
      select sum(l.amount) as rest from finance.journal_line l
      where l.tenant_id = ${tenantId} and l.entry_id in (a.entry_id, a.mirror_id)
      group by l.account_id, l.unit_id, l.set_id having sum(l.amount) <> 0) s
    where a.tenant_id = ${tenantId}`,
  ),
  law(
    "finance.deferrals",
    "The parts of a deferral add up to it, each posted part is what its entry booked, and what is taken back is taken back whole.",
    (tenantId) => sql`
    select 'Deferral ' || d.text || ' of ' || d.amount || ' has parts of ' || coalesce(sum(l.amount), 0) || ', posted as '
      || coalesce(sum(e.total), 0) as says
    from finance.deferral d
    left join finance.deferral_line l on l.tenant_id = ${tenantId} and l.deferral_id = d.id
    left join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = l.entry_id
    where d.tenant_id = ${tenantId} group by d.id, d.text, d.amount
    having coalesce(sum(l.amount), 0) <> d.amount
      or coalesce(sum(abs(l.amount)) filter (where l.entry_id is not null), 0) <> coalesce(sum(e.total), 0)
    union all
    select 'Deferral ' || d.text || ' was taken back on ' || d.reversed_on || ', and its part until ' || l.until_day || ' was not'
    from finance.deferral d
    join finance.deferral_line l on l.tenant_id = ${tenantId} and l.deferral_id = d.id and l.entry_id is not null
    where d.tenant_id = ${tenantId} and d.reversed_on is not null and not exists (
      select from finance.journal_entry x where x.tenant_id = ${tenantId} and x.reverses_id = l.entry_id)`,
  ),
  law(
    "finance.deferralsOfDocuments",
    "A deferral of a document's line is for the days and the account of that line, and goes when its bill is reversed.",
    (tenantId) => sql`
    select 'Deferral ' || d.text || ' is for ' || d.from_day || ' to ' || d.until_day || ', its line for '
      || coalesce(l.service_from || ' to ' || l.service_until, 'no days') || ', or it goes to another account than its line' as says
    from finance.deferral d
    join (
      select id, account_id, service_from, service_until from finance.bill_line where tenant_id = ${tenantId}
      union all
      select id, account_id, service_from, service_until from finance.invoice_line where tenant_id = ${tenantId}) l
      on l.id = coalesce(d.bill_line_id, d.invoice_line_id)
    where d.tenant_id = ${tenantId} and num_nonnulls(d.bill_line_id, d.invoice_line_id) = 1
      and (d.from_day, d.until_day, d.to_account_id) is distinct from (l.service_from, l.service_until, l.account_id)
    union all
    select 'Bill ' || b.number || ' is ' || b.state || ', and its deferral ' || d.text || ' goes on'
    from finance.deferral d
    join finance.bill_line l on l.tenant_id = ${tenantId} and l.id = d.bill_line_id
    join finance.bill b on b.tenant_id = ${tenantId} and b.id = l.bill_id
    where d.tenant_id = ${tenantId} and d.reversed_on is null and b.state <> 'posted'`,
  ),
  law(
    "finance.recurringEntries",
    "No due day of a recurring entry that has passed is without its entry, its task or its reason.",
    (tenantId) => sql`
    select 'Template ' || t.name || ' goes on with ' || t.next_day || ', but has a later due day already' as says
    from finance.entry_template t
    where t.tenant_id = ${tenantId} and t.next_day is not null and exists (
      select from finance.entry_template_run r where r.tenant_id = ${tenantId} and r.template_id = t.id and r.day >= t.next_day)`,
  ),
];
