// What must hold for expenses at all times.
import type { Id } from "../../../kernel/id.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { Law } from "../../../platform/operation/module.ts";

const law = (name: string, says: string, broken: (tenantId: Id) => Sql): Law => ({
  name,
  says,
  breaks: async (context) => (await context.db.rows<{ says: string }>(broken(context.tenantId))).map((row) => row.says),
});

export const expenseLaws: readonly Law[] = [
  law(
    "finance.claimsAreBooked",
    "An approved claim stands in the books with exactly the sum of its lines, owed to the person it belongs to.",
    (tenantId) => sql`
      select c.number || ' has lines of ' || coalesce(l.total, 0) || ', its open item ' || coalesce(-o.amount, 0) as says
      from finance.expense_claim c
      left join (select claim_id, sum(amount) as total from finance.expense_line where tenant_id = ${tenantId} group by 1) l
        on l.claim_id = c.id
      left join finance.open_item o on o.tenant_id = ${tenantId} and o.id = c.item_id and o.party_id = c.person_id
      where c.tenant_id = ${tenantId} and c.state = 'posted' and l.total is distinct from -o.amount`,
  ),
  law(
    "finance.claimsAreApprovedByOthers",
    "Nobody has approved a claim or an advance of their own.",
    (tenantId) => sql`
      select d.number || ' was approved by whom it belongs to' as says
      from (
        select number, person_id, approval_id from finance.expense_claim where tenant_id = ${tenantId} and state = 'posted'
        union all select number, person_id, approval_id from finance.expense_advance
          where tenant_id = ${tenantId} and state in ('approved', 'paid')) d
      left join office.approval a on a.tenant_id = ${tenantId} and a.id = d.approval_id
      where a.state is distinct from 'approved' or a.decided_by = d.person_id`,
  ),
  law(
    "finance.employeesHaveOneAccount",
    "Everything on the account for employees belongs to a person.",
    (tenantId) => sql`
      select 'Item ' || o.reference || ' belongs to ' || y.name || ', who is no person' as says
      from finance.open_item o
      join finance.account_role r on r.tenant_id = ${tenantId} and r.book_id = o.book_id and r.account_id = o.account_id
        and r.role = 'employeePayable'
      join directory.party y on y.tenant_id = ${tenantId} and y.id = o.party_id
      where o.tenant_id = ${tenantId} and y.kind <> 'person'`,
  ),
];
