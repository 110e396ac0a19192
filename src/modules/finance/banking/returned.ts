// A transfer of ours that came back: the bank credits it with our own reference. Its order is returned, so that its bills are open again,
// and the credit empties what the return put on the clearing account.
//
// | what                        | Dr                  | Cr                        |
// |-----------------------------|---------------------|---------------------------|
// | the payment is taken back   | payments under way  | payable, of the supplier  |
// | the bank's credit           | bank                | payments under way        |
import { decimal } from "../../../kernel/decimal.ts";
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { accountOf } from "../ledger/book.ts";
import { lockOrders, takeBack } from "../payment-run/settle.ts";
import { isForeign } from "./foreign-currency.ts";
import type { MatchLine, ReturnedOrder } from "./match-ground.rules.ts";
import { isReturnOf } from "./match.rules.ts";
import type { MatchAccount, StoredLine } from "./match.store.ts";
import type { Settlement } from "./settle.ts";

/** As `codeOf` of payment runs writes it. */
const orderCodes = /HW[0-9A-F]{12}/g;

/**
 * Orders named by lines that came in: told by the bank before, and their return not told yet. They succeeded, or were taken back by hand
 * already.
 */
export async function returnedOrders(context: ReadContext, account: MatchAccount, lines: readonly MatchLine[]): Promise<ReturnedOrder[]> {
  const texts = lines.filter((line) => line.amount.minor > 0n).flatMap((line) => line.texts);
  const codes = [...new Set(texts.join(" ").toUpperCase().match(orderCodes))];
  if (codes.length === 0) return [];
  const { tenantId } = context;
  const rows = await context.db.rows<Omit<ReturnedOrder, "amount"> & { amount: bigint }>(sql`
    select p.id, p.code, p.amount, p.supplier_id, y.name as supplier, p.state = 'failed' as is_taken_back
    from finance.payment_order p
    join finance.payment_run r on r.tenant_id = ${tenantId} and r.id = p.run_id and r.bank_account_id = ${account.id}
      and r.currency = ${account.currency}
    join directory.party y on y.tenant_id = ${tenantId} and y.id = p.supplier_id
    join finance.bank_line b on b.tenant_id = ${tenantId} and b.id = p.bank_line_id and b.state in ('matched', 'posted')
    where p.tenant_id = ${tenantId} and p.code = any(${codes}::text[]) and p.payment_id is not null and p.state in ('succeeded', 'failed')
      and not exists (select from finance.bank_line t
        where t.tenant_id = ${tenantId} and t.bank_account_id = ${account.id} and t.amount = p.amount and t.state in ('matched', 'posted')
          and position(p.code in upper(concat_ws(' ', t.text, t.structured_reference, t.end_to_end_id, t.customer_reference))) > 0)
    order by p.id`);
  return rows.map((row) => ({ ...row, amount: new Money(row.amount, account.currency) }));
}

/** Takes the order back unless that was done, and says how its line is settled. */
export async function takeReturn(
  context: WriteContext,
  account: MatchAccount,
  { line, orderId, day }: { readonly line: StoredLine; readonly orderId: Id; readonly day: Day },
): Promise<Pick<Settlement, "accountCode" | "rate">> {
  const [order] = await lockOrders(context, sql`p.id = ${orderId}`);
  const named = await returnedOrders(context, account, [line]);
  if (!order || !named.some((one) => one.id === orderId && isReturnOf(line, one))) refuse("orderUnfit", {}, ["paymentOrderId"]);
  if (order.state === "succeeded") {
    await takeBack(context, order, day, `Came back: ${line.text}`.slice(0, 200));
    context.emit("finance.paymentOrder.returned", { paymentOrderId: order.id, reason: line.text.slice(0, 200) });
  }
  const { code } = await accountOf(context, "paymentClearing", account.bookId);
  return { accountCode: code, rate: isForeign(account) ? await rateOf(context, order.paymentId!) : undefined };
}

/** The rate at which the payment stood in the books, so that nothing of it stays on the clearing account. */
async function rateOf(context: ReadContext, paymentId: Id): Promise<string> {
  const paid = await context.db.row<{ bank: bigint; book: bigint; currency: string; bookCurrency: string }>(sql`
    select coalesce(m.bank_amount, m.amount) as bank, coalesce(m.book_amount, m.amount) as book, k.currency, b.currency as book_currency
    from finance.payment m
    join finance.bank_account k on k.tenant_id = ${context.tenantId} and k.id = m.bank_account_id
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = k.book_id
    where m.tenant_id = ${context.tenantId} and m.id = ${paymentId}`);
  const [book, bank] = [new Money(paid.book, paid.bookCurrency), new Money(paid.bank, paid.currency)];
  return decimal(book.amount).dividedBy(bank.amount).toFixed(12);
}
