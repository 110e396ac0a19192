// The rules of the company for bank lines, as matching and trying them read them.
import type { Id } from "../../../kernel/id.ts";
import { prepared, type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import type { BankRule } from "./bank-rule.rules.ts";

/** Rules that may hold for a bank account, in their order, by a condition on `u`. */
export const rulesWhere = (context: ReadContext, bankAccountId: Id, condition: Sql): Promise<BankRule[]> =>
  context.db.rows<BankRule>(
    prepared(sql`
    select u.id, u.name, u.position, u.direction, u.text_words, u.name_words, u.account_number,
      coalesce(k.currency, b.currency) as currency, u.amount_from, u.amount_until, a.code as account_code,
      a.code || ' ' || a.name as account, u.unit_id, u.party_id, t.code as tax_code, u.dimensions, u.text
    from finance.bank_rule u
    join finance.account a on a.tenant_id = ${context.tenantId} and a.id = u.account_id
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = a.book_id
    left join finance.bank_account k on k.tenant_id = ${context.tenantId} and k.id = u.bank_account_id
    left join finance.tax_code t on t.tenant_id = ${context.tenantId} and t.id = u.tax_code_id
    where u.tenant_id = ${context.tenantId} and (u.bank_account_id is null or u.bank_account_id = ${bankAccountId}) and ${condition}
    order by u.position, u.id`),
  );

/** Those that post. */
export const enabledRules = (context: ReadContext, bankAccountId: Id): Promise<BankRule[]> =>
  rulesWhere(context, bankAccountId, sql`u.state = 'enabled'`);
