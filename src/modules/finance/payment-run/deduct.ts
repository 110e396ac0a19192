// Credit notes in a draft of a payment run: looked for anew after each change, so that what is taken off always fits what is paid.
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { notInRun } from "../payables/run-lock.ts";
import { plannedPayments } from "./grouping.rules.ts";
import { freeItems, insertItems, itemsWhere, type LockedRun, runItem } from "./run.store.ts";

type Run = Pick<LockedRun, "id" | "bookId" | "currency" | "payDay" | "whenDue" | "deductsCredit">;

interface CreditRow {
  readonly creditId: Id;
  readonly itemId: Id;
  readonly supplierId: Id;
  readonly supplierNumber: string;
  readonly open: bigint;
}

/** Takes the open credit notes of the payees off what they are paid, the oldest first, as far as they fit. */
export async function deductCredits(context: WriteContext, run: Run): Promise<void> {
  const { tenantId } = context;
  await freeItems(context, sql`i.run_id = ${run.id} and i.amount < 0`);
  if (!run.deductsCredit) return;
  const bills = (await itemsWhere(context, sql`i.run_id = ${run.id} and i.is_live`)).map(runItem);
  const credits = await context.db.rows<CreditRow>(sql`
    with held as (
      select l.id as credit_id, o.id as item_id, l.supplier_id, l.supplier_number, o.open_currency_amount as open, o.day
      from finance.open_item o
      join finance.bill l on l.tenant_id = ${tenantId} and l.item_id = o.id and l.kind = 'creditNote' and l.state = 'posted'
      where o.tenant_id = ${tenantId} and o.book_id = ${run.bookId} and o.direction = 'payable' and o.currency = ${run.currency}
        and o.open_currency_amount > 0 and o.day <= ${run.payDay}::date and ${notInRun(tenantId)}
        and o.party_id = any(${[...new Set(bills.map((bill) => bill.supplierId))]}::uuid[])
      order by o.id for update of l, o)
    select credit_id, item_id, supplier_id, supplier_number, open from held order by day, item_id`);
  if (credits.length === 0) return;
  const asItems = credits.map((credit) => ({
    id: credit.creditId,
    supplierId: credit.supplierId,
    accountId: "" as Id,
    dueDay: run.payDay,
    discountDay: null,
    takesDiscount: false,
    supplierNumber: credit.supplierNumber,
    reference: null,
    amount: new Money(-credit.open, run.currency),
  }));
  const payments = plannedPayments([...bills, ...asItems], run.payDay, run.whenDue);
  const accountOf = new Map(payments.flatMap((payment) => payment.itemIds.map((id) => [id, payment.accountId] as const)));
  await insertItems(
    context,
    run.id,
    credits
      .filter((credit) => accountOf.has(credit.creditId))
      .map((credit) => ({
        bill: { billId: credit.creditId, openItemId: credit.itemId },
        accountId: accountOf.get(credit.creditId)!,
        amount: new Money(-credit.open, run.currency),
        discount: Money.zero(run.currency),
      })),
  );
}
