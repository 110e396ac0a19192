// Payments of a run as they come out: what succeeded is posted, what failed leaves its bills open, what came back later is taken back.
//
// | a payment              | Dr                                  | Cr                                                    |
// |------------------------|-------------------------------------|-------------------------------------------------------|
// | succeeded              | payable, of the supplier            | payments under way, until the bank tells of it        |
// | its early discount     | payable, of the supplier: discount  | input tax: its share; discounts received: the rest    |
// | on the bank statement  | payments under way                  | bank                                                  |
// Credit notes in a payment settle its bills first; the money that leaves settles the rest.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { allocate, undoAllocations } from "../ledger/allocation.ts";
import { reverseEntry } from "../ledger/reversal.ts";
import { recordPayments, reversePayment } from "../payments/payment.ts";
import { lockReduced, takeReductions } from "../payments/reduction.ts";
import { reverseTaxLines } from "../tax/tax.ts";
import { type Deductions, deductionsOf, type SettledItem } from "./deduction.rules.ts";
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
  /** Above zero, also of a credit note. */
  readonly paid: Money;
  readonly discount: Money;
}

const isCredit = ({ item }: Share): boolean => item.amount.minor < 0n;

const least = (a: Money, b: Money): Money => (a.compare(b) < 0 ? a : b);

/** What an item settles: what is open now at most, the payment first. A bill that was settled otherwise meanwhile takes no more. */
function shareOf(item: StoredItem): Share {
  const sign = item.amount.minor < 0n ? -1n : 1n;
  const side = (amount: Money): Money => (sign < 0n ? amount.negated() : amount);
  const open = side(item.open).minor > 0n ? side(item.open) : Money.zero(item.amount.currency);
  const paid = least(side(item.amount), open);
  return { item, paid, discount: least(item.discount, open.minus(paid)) };
}

export interface Told {
  /** The day they left, by default each its own. */
  readonly on?: Day;
  /** What moved at the bank, by order, where its account is in another currency than the payment. */
  readonly bankAmounts?: ReadonlyMap<Id, Money>;
}

/** Posts payments that succeeded, all in a handful of statements. */
export async function succeed(context: WriteContext, run: LockedRun, orders: readonly PaymentOrder[], told: Told = {}): Promise<void> {
  if (orders.length === 0) return;
  const ids = orders.map((order) => order.id);
  await context.db.run(sql`
    select o.id from finance.open_item o where o.tenant_id = ${context.tenantId} and o.id in (
      select i.open_item_id from finance.payment_run_item i where i.tenant_id = ${context.tenantId} and i.order_id = any(${ids}::uuid[]))
    order by o.id for update`);
  const shares = (await itemsWhere(context, sql`i.order_id = any(${ids}::uuid[])`)).map(shareOf);
  const dayOf = (order: PaymentOrder): Day => told.on ?? order.day;
  const plans = orders.map((order) => ({ order, day: dayOf(order), ...splitOf(shares.filter(({ item }) => item.orderId === order.id)) }));
  await setAgainstCredits(context, plans);
  const payments = await recordPayments(
    context,
    plans.map(({ order, day, byMoney }) => ({
      direction: "outgoing" as const,
      partyId: order.supplierId,
      amount: order.amount,
      bankAmount: told.bankAmounts?.get(order.id),
      bankAccountId: run.bankAccountId,
      day,
      reference: `${order.code} ${order.reference}`.slice(0, 140),
      isUnderWay: true,
      allocations: byMoney,
    })),
  );
  await context.db.run(sql`
    update finance.payment_order p set state = 'succeeded', payment_id = s.payment_id, settled_day = s.day
    from unnest(${ids}::uuid[], ${payments.map((payment) => payment.id)}::uuid[], ${orders.map(dayOf)}::date[]) as s (id, payment_id, day)
    where p.tenant_id = ${context.tenantId} and p.id = s.id`);
  await freeItems(context, sql`i.order_id = any(${ids}::uuid[])`);
  await takeDiscounts(
    context,
    plans.map(({ order, day }, place) => ({
      day,
      paymentItemId: payments[place]!.itemId,
      shares: shares.filter(({ item, discount }) => item.orderId === order.id && discount.minor > 0n),
    })),
  );
}

interface Discounted {
  readonly day: Day;
  readonly paymentItemId: Id;
  readonly shares: readonly Share[];
}

/** Each is tied to its payment, and goes with it; the tax goes down with what was really paid. */
async function takeDiscounts(context: WriteContext, discounted: readonly Discounted[]): Promise<void> {
  const taken = discounted.flatMap(({ shares, ...one }) => shares.map((share) => ({ ...one, ...share })));
  if (taken.length === 0) return;
  const items = await lockReduced(
    context,
    taken.map((one) => one.item.openItemId),
  );
  const known = new Map(items.map((item) => [item.itemId, item]));
  const entries = await takeReductions(
    context,
    taken.map(({ item, discount, day }, place) => ({
      place,
      kind: "discount" as const,
      item: known.get(item.openItemId)!,
      amount: discount,
      // The payment has settled its share by now.
      paid: Money.zero(discount.currency),
      day,
      relievesTax: true,
    })),
    (place) => taken[place]!.paymentItemId,
  );
  await context.db.run(sql`
    update finance.payment_run_item i set discount_entry_id = e.entry_id
    from unnest(${taken.map((one) => one.item.id)}::uuid[], ${entries.map((entry) => entry.id)}::uuid[]) as e (item_id, entry_id)
    where i.tenant_id = ${context.tenantId} and i.id = e.item_id`);
}

function splitOf(shares: readonly Share[]): Deductions {
  const settled = shares.filter((share) => share.paid.minor > 0n);
  const asItem = ({ item, paid }: Share): SettledItem => ({ itemId: item.openItemId, amount: paid });
  return deductionsOf(settled.filter((share) => !isCredit(share)).map(asItem), settled.filter(isCredit).map(asItem));
}

async function setAgainstCredits(context: WriteContext, plans: readonly (Deductions & { readonly day: Day })[]): Promise<void> {
  for (const day of new Set(plans.filter((plan) => plan.byCredit.length > 0).map((plan) => plan.day))) {
    await allocate(
      context,
      plans.filter((plan) => plan.day === day).flatMap((plan) => plan.byCredit),
      day,
    );
  }
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
  // Discounts go with their payment, but for those that were taken before they were tied to it.
  const discounts = await context.db.rows<{ entryId: Id; itemId: Id }>(sql`
    select i.discount_entry_id as entry_id, o.id as item_id from finance.payment_run_item i
    join finance.open_item o on o.tenant_id = ${tenantId} and o.entry_id = i.discount_entry_id
    where i.tenant_id = ${tenantId} and i.order_id = ${order.id} and not exists (
      select from finance.discount_taken t where t.tenant_id = ${tenantId} and t.entry_id = i.discount_entry_id) order by i.id`);
  await undoAllocations(context, { itemIds: discounts.map((discount) => discount.itemId) }, on);
  await undoCredits(context, order, on);
  await reversePayment(context, order.paymentId!, on, reason);
  // As many as bills with a discount in one payment.
  let last: Id | undefined;
  for (const { entryId } of discounts) last = (await reverseEntry(context, entryId, on, reason)).id;
  if (last) await reverseTaxLines(context, order.id, last, on);
  await context.db.run(sql`
    update finance.payment_order set state = 'failed', failure = ${reason.slice(0, 300)}
    where tenant_id = ${tenantId} and id = ${order.id}`);
}

/** What credit notes of the payment had settled of its bills is open again, and they can be used anew. */
async function undoCredits(context: WriteContext, order: PaymentOrder, on: Day): Promise<void> {
  const { tenantId } = context;
  const item = sql`(select i.open_item_id from finance.payment_run_item i where i.tenant_id = ${tenantId} and i.order_id = ${order.id}`;
  const found = await context.db.rows<{ id: Id }>(sql`
    select a.id from finance.allocation a
    where a.tenant_id = ${tenantId} and a.undoes_id is null and a.debit_item_id in ${item} and i.amount < 0)
      and a.credit_item_id in ${item} and i.amount > 0)
      and a.at >= (select r.sent_at from finance.payment_run r where r.tenant_id = ${tenantId} and r.id = ${order.runId})
      and not exists (select from finance.allocation u where u.tenant_id = ${tenantId} and u.undoes_id = a.id) order by a.id`);
  // As many as bills that credit notes were taken off.
  for (const { id } of found) await undoAllocations(context, { allocationId: id }, on);
}

/** A run of which nothing waits any more is settled. */
export async function closeIfDone(context: WriteContext, runIds: readonly Id[]): Promise<void> {
  await context.db.run(sql`
    update finance.payment_run r set state = 'settled'
    where r.tenant_id = ${context.tenantId} and r.id = any(${runIds}::uuid[]) and r.state = 'sent' and not exists (
      select from finance.payment_order p where p.tenant_id = ${context.tenantId} and p.run_id = r.id and p.state = 'pending')`);
}
