// What must hold of the tree of accounts, so that each account stands in exactly one place of every statement.
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
];
