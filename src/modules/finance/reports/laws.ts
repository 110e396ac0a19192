// What must hold of the tree of accounts, so that each account stands in exactly one place of every statement; and of the counted days.
import { sql } from "../../../platform/database/sql.ts";
import type { Law } from "../../../platform/operation/module.ts";

export const reportLaws: readonly Law[] = [
  {
    name: "finance.accountsInStatements",
    says: "Every account lies in exactly one place of each statement: below groups of its own type, up to a main group.",
    breaks: async (context) => {
      const rows = await context.db.rows<{ says: string }>(sql`
        with recursive placed as (
          select a.id, a.type, a.is_group, a.book_id from finance.account a where a.tenant_id = ${context.tenantId} and a.parent_id is null
          union all
          select a.id, a.type, a.is_group, a.book_id from placed p
          join finance.account a on a.tenant_id = ${context.tenantId} and a.parent_id = p.id and a.type = p.type and a.book_id = p.book_id
          where p.is_group
        )
        select 'Account ' || a.code || ' ' || a.name || ' lies in no statement: what is above it is no group of type ' || a.type as says
        from finance.account a where a.tenant_id = ${context.tenantId} and not exists (select from placed p where p.id = a.id)
        limit 100`);
      return rows.map((row) => row.says);
    },
  },
  {
    name: "finance.dayTurnovers",
    says: "The counted days equal their rebuild from the lines, up to the number they are counted to.",
    breaks: async (context) => {
      const { tenantId } = context;
      const rows = await context.db.rows<{ says: string }>(sql`
        select 'Account ' || a.code || ' on ' || day || ' is counted as ' || coalesce(k.debit, 0) || '/' || coalesce(k.credit, 0)
          || ', its lines say ' || coalesce(r.debit, 0) || '/' || coalesce(r.credit, 0) as says
        from (select * from finance.day_turnover where tenant_id = ${tenantId}) k
        full join (
          select l.account_id, l.day, coalesce(l.unit_id, '00000000-0000-0000-0000-000000000000') as unit_id,
            coalesce(l.set_id, '00000000-0000-0000-0000-000000000000') as set_id,
            sum(greatest(l.amount, 0)) as debit, sum(greatest(-l.amount, 0)) as credit
          from finance.day_turnover_mark m
          join finance.journal_entry e on e.tenant_id = ${tenantId} and e.journal_id = m.journal_id and e.fiscal_year = m.fiscal_year
            and e.sequence <= m.counted
          join finance.journal_line l on l.tenant_id = ${tenantId} and l.entry_id = e.id
          where m.tenant_id = ${tenantId} group by 1, 2, 3, 4) r using (account_id, day, unit_id, set_id)
        left join finance.account a on a.tenant_id = ${tenantId} and a.id = account_id
        where k.debit is distinct from r.debit or k.credit is distinct from r.credit limit 100`);
      return rows.map((row) => row.says);
    },
  },
];
