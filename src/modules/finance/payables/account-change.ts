// When a supplier's account ends, whatever was approved to be paid there has to be approved anew.
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { askApproval } from "./bill-approval.ts";

/** Takes runs that are not at the bank yet back to drafts, and bills that named the account back to their approval; tells which. */
export async function voidForAccount(context: WriteContext, accountIds: readonly Id[], why: string): Promise<string[]> {
  if (accountIds.length === 0) return [];
  const { tenantId } = context;
  const runs = await context.db.rows<{ code: string }>(sql`
    update finance.payment_run r set state = 'draft', note = ${why}, submitted_by_id = null, submitted_by_name = null, submitted_at = null,
      approved_by_id = null, approved_by_name = null, approved_at = null, alone_reason = null
    where r.tenant_id = ${tenantId} and r.state in ('submitted', 'approved') and exists (
      select from finance.payment_run_item i where i.tenant_id = ${tenantId} and i.run_id = r.id and i.is_live
        and i.supplier_bank_account_id = any(${accountIds}::uuid[]))
    returning r.code`);
  await context.db.run(sql`
    update finance.payment_run_item i set supplier_bank_account_id = null
    from finance.payment_run r
    where i.tenant_id = ${tenantId} and i.is_live and i.supplier_bank_account_id = any(${accountIds}::uuid[])
      and r.tenant_id = ${tenantId} and r.id = i.run_id and r.state = 'draft'`);
  const bills = await context.db.rows<{ id: Id; supplierNumber: string; state: string; total: bigint; currency: string }>(sql`
    update finance.bill l set state = case l.state when 'approved' then 'draft' else l.state end, supplier_bank_account_id = null
    from finance.book b
    where l.tenant_id = ${tenantId} and l.supplier_bank_account_id = any(${accountIds}::uuid[]) and l.state in ('draft', 'approved',
      'posted')
      and b.tenant_id = ${tenantId} and b.id = l.book_id
    returning l.id, l.supplier_number, l.state, l.total, coalesce(l.currency, b.currency) as currency`);
  for (const { id, supplierNumber, total, currency } of bills.filter((one) => one.state === "draft")) {
    await askApproval(context, { id, kind: "bill", supplierNumber, total: new Money(total, currency), isAnew: true });
  }
  return [...runs.map((run) => `Payment run ${run.code}`), ...bills.map((bill) => `Bill ${bill.supplierNumber}`)];
}
