// Payments of a run as they come out: what succeeded is posted, what failed leaves its bills open, what came back later is taken back.
//
// | a payment              | Dr                                  | Cr                                                    |
// |------------------------|-------------------------------------|-------------------------------------------------------|
// | succeeded              | payable, of the supplier            | payments under way, until the bank tells of it        |
// | its early discount     | payable, of the supplier: discount  | input tax: its share; discounts received: the rest    |
// | on the bank statement  | payments under way                  | bank                                                  |
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { allocate, undoAllocations } from "../ledger/allocation.ts";
import type { JournalEntryDraft, JournalLineDraft } from "../ledger/entry.rules.ts";
import { postEntries } from "../ledger/posting.ts";
import { reverseEntry } from "../ledger/reversal.ts";
import { recordPayments, reversePayment } from "../payments/payment.ts";
import { insertTaxLines, reverseTaxLines } from "../tax/tax.ts";
import { discountNet, discountTaxes, type KeptTax } from "./discount.rules.ts";
import { freeItems, itemsWhere, type LockedRun, type StoredItem } from "./run.store.ts";

export interface PaymentOrder {
  readonly id: Id;
  readonly code: string;
  readonly runId: Id;
  readonly state: "pending" | "succeeded" | "failed" | "cancelled";
  readonly supplierId: Id;
  readonly supplier: string;
  readonly day: Day;
  readonly amount: Money;
  readonly reference: string;
  readonly paymentId: Id | null;
}

/** Payments by a condition on `p`, locked in one order. */
export async function lockOrders(context: WriteContext, condition: Sql): Promise<PaymentOrder[]> {
  const rows = await context.db.rows<Omit<PaymentOrder, "amount"> & { amount: bigint; currency: string }>(sql`
    select p.id, p.code, p.run_id, p.state, p.supplier_id, y.name as supplier, p.day, p.amount, r.currency, p.reference, p.payment_id
    from finance.payment_order p
    join finance.payment_run r on r.tenant_id = ${context.tenantId} and r.id = p.run_id
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = p.supplier_id
    where p.tenant_id = ${context.tenantId} and ${condition} order by p.id for update of p`);
  return rows.map(({ amount, currency, ...row }) => ({ ...row, amount: new Money(amount, currency) }));
}

interface Share {
  readonly item: StoredItem;
  readonly paid: Money;
  readonly discount: Money;
}

const least = (a: Money, b: Money): Money => (a.compare(b) < 0 ? a : b);

/** What an item settles: what is open now at most, the payment first. A bill that was settled otherwise meanwhile takes no more. */
function shareOf(item: StoredItem): Share {
  const open = item.open.minor > 0n ? item.open : Money.zero(item.amount.currency);
  const paid = least(item.amount, open);
  return { item, paid, discount: least(item.discount, open.minus(paid)) };
}

/** Posts payments that succeeded, all in a handful of statements. `on` is the day they left, by default each its own. */
export async function succeed(context: WriteContext, run: LockedRun, orders: readonly PaymentOrder[], on: Day | undefined): Promise<void> {
  if (orders.length === 0) return;
  const ids = orders.map((order) => order.id);
  await context.db.run(sql`
    select o.id from finance.open_item o where o.tenant_id = ${context.tenantId} and o.id in (
      select i.open_item_id from finance.payment_run_item i where i.tenant_id = ${context.tenantId} and i.order_id = any(${ids}::uuid[]))
    order by o.id for update`);
  const shares = (await itemsWhere(context, sql`i.order_id = any(${ids}::uuid[])`)).map(shareOf);
  const dayOf = (order: PaymentOrder): Day => on ?? order.day;
  const payments = await recordPayments(
    context,
    orders.map((order) => ({
      direction: "outgoing" as const,
      partyId: order.supplierId,
      amount: order.amount,
      bankAccountId: run.bankAccountId,
      day: dayOf(order),
      reference: `${order.code} ${order.reference}`.slice(0, 140),
      isUnderWay: true,
      allocations: shares
        .filter(({ item, paid }) => item.orderId === order.id && paid.minor > 0n)
        .map(({ item, paid }) => ({ itemId: item.openItemId, amount: paid })),
    })),
  );
  await context.db.run(sql`
    update finance.payment_order p set state = 'succeeded', payment_id = s.payment_id, settled_day = s.day
    from unnest(${ids}::uuid[], ${payments.map((payment) => payment.id)}::uuid[], ${orders.map(dayOf)}::date[]) as s (id, payment_id, day)
    where p.tenant_id = ${context.tenantId} and p.id = s.id`);
  await freeItems(context, sql`i.order_id = any(${ids}::uuid[])`);
  const byOrder = new Map(orders.map((order) => [order.id, order]));
  await takeDiscounts(
    context,
    run,
    shares
      .filter((share) => share.discount.minor > 0n)
      .map((share) => {
        const order = byOrder.get(share.item.orderId!)!;
        return { ...share, order, day: dayOf(order) };
      }),
  );
}

interface TakenDiscount extends Share {
  readonly order: PaymentOrder;
  readonly day: Day;
}

interface BillTax extends KeptTax {
  readonly billId: Id;
  readonly taxCodeId: Id;
  readonly percent: string;
  readonly baseBox: string | null;
  readonly taxBox: string | null;
  readonly accountId: Id;
}

/** One entry for each bill, tied to its payment; the tax goes down with what was really paid. */
async function takeDiscounts(context: WriteContext, run: LockedRun, taken: readonly TakenDiscount[]): Promise<void> {
  if (taken.length === 0) return;
  const kept = await taxesOf(context, taken, run.currency);
  const plans = taken.map((one) => {
    const own = kept.filter((tax) => tax.billId === one.item.billId);
    return { ...one, taxes: discountTaxes(one.discount, one.item.total, own) };
  });
  const entries = await postEntries(
    context,
    plans.map((plan) => discountEntry(plan, plan.taxes)),
    run.bookId,
  );
  await insertTaxLines(
    context,
    plans.flatMap(({ taxes, order, day }, index) =>
      taxes.map((record) => ({
        entryId: entries[index]!.id,
        day,
        document: { subject: "finance.paymentOrder", id: order.id },
        partyId: order.supplierId,
        record: { ...record, isPending: false },
      })),
    ),
  );
  await context.db.run(sql`
    update finance.payment_run_item i set discount_entry_id = e.entry_id
    from unnest(${plans.map((plan) => plan.item.id)}::uuid[], ${entries.map((entry) => entry.id)}::uuid[]) as e (item_id, entry_id)
    where i.tenant_id = ${context.tenantId} and i.id = e.item_id`);
  for (const day of new Set(plans.map((plan) => plan.day))) {
    const wishes = plans.flatMap((plan, index) =>
      plan.day === day ? [{ itemId: plan.item.openItemId, againstId: entries[index]!.lineIds[0]!, amount: plan.discount }] : [],
    );
    await allocate(context, wishes, day);
  }
}

async function taxesOf(context: WriteContext, taken: readonly TakenDiscount[], currency: string): Promise<BillTax[]> {
  const ids = taken.map((one) => one.item.billId);
  const rows = await context.db.rows<Omit<BillTax, "base" | "tax" | "cost"> & Record<"base" | "tax" | "cost", bigint>>(sql`
    select t.document_id as bill_id, t.side, t.tax_code_id, trim_scale(t.percent)::text as percent, t.base, t.tax, t.cost, t.base_box,
      t.tax_box, case t.side when 'output' then c.output_account_id else c.input_account_id end as account_id
    from finance.tax_line t
    join finance.tax_code c on c.tenant_id = ${context.tenantId} and c.id = t.tax_code_id
    where t.tenant_id = ${context.tenantId} and t.document_id = any(${ids}::uuid[]) order by t.id`);
  const money = (minor: bigint): Money => new Money(minor, currency);
  return rows.map((row) => ({ ...row, base: money(row.base), tax: money(row.tax), cost: money(row.cost) }));
}

function discountEntry({ item, order, discount, day }: TakenDiscount, taxes: readonly BillTax[]): JournalEntryDraft {
  const taxLines = taxes.map((tax): JournalLineDraft => ({
    account: { id: tax.accountId },
    // Input tax goes down in credit; what the buyer owes in place of the seller goes down in debit.
    amount: tax.side === "input" ? tax.tax : tax.tax.negated(),
    text: `Tax ${tax.percent} %`,
  }));
  const lines: JournalLineDraft[] = [
    { account: { role: "payable" }, amount: discount, partyId: order.supplierId, text: "Discount for paying early" },
    ...taxLines,
    { account: { role: "discountReceived" }, amount: discountNet(discount, taxes).negated(), text: `Bill ${item.supplierNumber}` },
  ];
  return {
    journal: "PUR",
    day,
    text: `Discount on bill ${item.supplierNumber} of ${order.supplier}`,
    reference: item.supplierNumber,
    document: { subject: "finance.paymentOrder", id: order.id },
    lines: lines.filter((line) => line.amount.minor !== 0n),
  };
}

/** Marks payments the bank did not make; their bills are open work again. */
export async function fail(context: WriteContext, failures: readonly { readonly orderId: Id; readonly reason: string }[]): Promise<void> {
  if (failures.length === 0) return;
  const ids = failures.map((failure) => failure.orderId);
  await context.db.run(sql`
    update finance.payment_order p set state = 'failed', failure = f.reason
    from unnest(${ids}::uuid[], ${failures.map((failure) => failure.reason.slice(0, 300))}::text[]) as f (id, reason)
    where p.tenant_id = ${context.tenantId} and p.id = f.id`);
  await freeItems(context, sql`i.order_id = any(${ids}::uuid[])`);
}

/** Takes back one payment that had succeeded: the payment, its discounts and their tax; the bills are open again. */
export async function takeBack(context: WriteContext, order: PaymentOrder, on: Day, reason: string): Promise<void> {
  if (order.state !== "succeeded") refuse("notSucceeded", { code: order.code, state: order.state });
  const { tenantId } = context;
  const discounts = await context.db.rows<{ entryId: Id; itemId: Id }>(sql`
    select i.discount_entry_id as entry_id, o.id as item_id from finance.payment_run_item i
    join finance.open_item o on o.tenant_id = ${tenantId} and o.entry_id = i.discount_entry_id
    where i.tenant_id = ${tenantId} and i.order_id = ${order.id} order by i.id`);
  await undoAllocations(context, { itemIds: discounts.map((discount) => discount.itemId) }, on);
  await reversePayment(context, order.paymentId!, on, reason);
  // As many as bills with a discount in one payment.
  let last: Id | undefined;
  for (const { entryId } of discounts) last = (await reverseEntry(context, entryId, on, reason)).id;
  if (last) await reverseTaxLines(context, order.id, last, on);
  await context.db.run(sql`
    update finance.payment_order set state = 'failed', failure = ${reason.slice(0, 300)}
    where tenant_id = ${tenantId} and id = ${order.id}`);
}

/** A run of which nothing waits any more is settled. */
export async function closeIfDone(context: WriteContext, runIds: readonly Id[]): Promise<void> {
  await context.db.run(sql`
    update finance.payment_run r set state = 'settled'
    where r.tenant_id = ${context.tenantId} and r.id = any(${runIds}::uuid[]) and r.state = 'sent' and not exists (
      select from finance.payment_order p where p.tenant_id = ${context.tenantId} and p.run_id = r.id and p.state = 'pending')`);
}
