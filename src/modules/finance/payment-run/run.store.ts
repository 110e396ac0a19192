// Payment runs as they stand: the run locked, the bills that are open, and the items it has.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import type { RunItem } from "./grouping.rules.ts";
import type { OpenBill, PickedBill } from "./pick.rules.ts";

export type RunState = "draft" | "submitted" | "approved" | "filed" | "sent" | "settled" | "cancelled";

export interface LockedRun {
  readonly id: Id;
  readonly code: string;
  readonly bookId: Id;
  readonly bankAccountId: Id;
  readonly state: RunState;
  readonly currency: string;
  readonly payDay: Day;
  readonly whenDue: boolean;
  readonly takesDiscount: boolean;
  readonly deductsCredit: boolean;
  readonly fileId: Id | null;
  readonly personId: Id | null;
  readonly submittedById: Id | null;
  readonly approvedById: Id | null;
}

/** Refuses `notFound`. */
export const lockRun = (context: WriteContext, id: Id): Promise<LockedRun> => runOf(context, id, sql`for update`);

/** Refuses `notFound`. */
export async function runOf(context: ReadContext, id: Id, lock = sql``): Promise<LockedRun> {
  const run = await context.db.maybe<LockedRun>(sql`
    select id, code, book_id, bank_account_id, state, currency, pay_day, when_due, takes_discount, deducts_credit, file_id, person_id,
      submitted_by_id, approved_by_id
    from finance.payment_run where tenant_id = ${context.tenantId} and id = ${id} ${lock}`);
  return run ?? refuse("notFound");
}

/** Short and speakable: it stands in the file, on the statement, and on the advice. */
export const codeOf = (id: Id): string => `HW${id.replaceAll("-", "").slice(-12).toUpperCase()}`;

type OpenRow = Omit<OpenBill, "total" | "open"> & { total: bigint; open: bigint; currency: string };

/** Open bills by a condition on `l` (the bill) and `o` (what is open of it); locked in one order first, so that two runs do not cross. */
export async function lockOpenBills(context: WriteContext, bookId: Id, currency: string, condition: Sql): Promise<OpenBill[]> {
  const { tenantId } = context;
  const locked = await context.db.rows<{ id: Id }>(sql`
    select o.id from finance.bill l
    join finance.open_item o on o.tenant_id = ${tenantId} and o.id = l.item_id and o.open_currency_amount < 0 and o.currency = ${currency}
    where l.tenant_id = ${tenantId} and l.book_id = ${bookId} and l.state = 'posted' and (${condition}) order by o.id
    for update of l, o`);
  // A second statement, so that what others did while this one waited is seen.
  return openBills(context, bookId, currency, sql`o.id = any(${locked.map((item) => item.id)}::uuid[])`);
}

/** Open bills by a condition on `l` (the bill) and `o` (what is open of it), the earliest due first. */
export async function openBills(context: ReadContext, bookId: Id, currency: string, condition: Sql): Promise<OpenBill[]> {
  const { tenantId } = context;
  const rows = await context.db.rows<OpenRow>(sql`
    select l.id as bill_id, o.id as open_item_id, l.supplier_id, y.name as supplier, l.supplier_number, l.due_day, l.discount_day,
      trim_scale(l.discount_percent)::text as discount_percent, l.total, -o.open_currency_amount as open, o.currency, l.hold_reason,
      l.hold_until, case when l.like_note is null then k.supplier_number end as alike, l.supplier_bank_account_id as account_id,
      (select r.code from finance.payment_run_item i join finance.payment_run r on r.tenant_id = ${tenantId} and r.id = i.run_id
        where i.tenant_id = ${tenantId} and i.open_item_id = o.id and i.is_live) as run
    from finance.bill l
    join finance.open_item o on o.tenant_id = ${tenantId} and o.id = l.item_id and o.open_currency_amount < 0 and o.currency = ${currency}
    join directory.party y on y.tenant_id = ${tenantId} and y.id = l.supplier_id
    left join finance.bill k on k.tenant_id = ${tenantId} and k.id = l.like_id and k.state not in ('declined', 'reversed')
    where l.tenant_id = ${tenantId} and l.book_id = ${bookId} and l.state = 'posted' and (${condition})
    order by l.due_day, y.name, l.supplier_number, l.id`);
  return rows.map(({ total, open, currency: code, ...row }) => ({ ...row, total: new Money(total, code), open: new Money(open, code) }));
}

type NewItem = Pick<PickedBill, "accountId" | "amount" | "discount"> & { readonly bill: Pick<OpenBill, "billId" | "openItemId"> };

export async function insertItems(context: WriteContext, runId: Id, picked: readonly NewItem[]): Promise<void> {
  if (picked.length === 0) return;
  await context.db.run(sql`
    insert into finance.payment_run_item (tenant_id, id, run_id, bill_id, open_item_id, supplier_bank_account_id, amount, discount, is_live)
    select ${context.tenantId}, p.id, ${runId}, p.bill_id, p.open_item_id, p.account_id, p.amount, p.discount, true
    from unnest(${picked.map(() => context.newId())}::uuid[], ${picked.map((one) => one.bill.billId)}::uuid[],
      ${picked.map((one) => one.bill.openItemId)}::uuid[], ${picked.map((one) => one.accountId)}::uuid[],
      ${picked.map((one) => one.amount.minor)}::bigint[], ${picked.map((one) => one.discount.minor)}::bigint[])
      as p (id, bill_id, open_item_id, account_id, amount, discount)
    on conflict (tenant_id, run_id, bill_id) do update set open_item_id = excluded.open_item_id, is_live = true,
      supplier_bank_account_id = excluded.supplier_bank_account_id, amount = excluded.amount, discount = excluded.discount`);
}

/** A bill that is paid, or a credit note that is taken off: of that amount and open are below zero. */
export interface StoredItem {
  readonly id: Id;
  readonly billId: Id;
  readonly openItemId: Id;
  readonly orderId: Id | null;
  readonly accountId: Id | null;
  readonly supplierId: Id;
  readonly supplier: string;
  readonly supplierNumber: string;
  readonly reference: string | null;
  readonly dueDay: Day;
  readonly discountDay: Day | null;
  readonly amount: Money;
  readonly discount: Money;
  readonly open: Money;
  readonly total: Money;
  readonly state: string;
  readonly holdReason: string | null;
  readonly holdUntil: Day | null;
  readonly enteredById: Id | null;
  readonly approvedById: Id | null;
  readonly aloneReason: string | null;
}

type ItemRow = Omit<StoredItem, "amount" | "discount" | "open" | "total"> &
  Record<"amount" | "discount" | "open" | "total", bigint> & { currency: string };

/** What waits in a run, with the bill as it stands now; what is open of each is locked. */
export async function lockItems(context: WriteContext, runId: Id): Promise<StoredItem[]> {
  const { tenantId } = context;
  await context.db.run(sql`
    select o.id from finance.open_item o where o.tenant_id = ${tenantId} and o.id in (
      select i.open_item_id from finance.payment_run_item i where i.tenant_id = ${tenantId} and i.run_id = ${runId} and i.is_live)
    order by o.id for update`);
  return itemsWhere(context, sql`i.run_id = ${runId} and i.is_live`);
}

export async function itemsWhere(context: ReadContext, condition: Sql): Promise<StoredItem[]> {
  const { tenantId } = context;
  const rows = await context.db.rows<ItemRow>(sql`
    select i.id, i.bill_id, i.open_item_id, i.order_id, i.supplier_bank_account_id as account_id, l.supplier_id, y.name as supplier,
      l.supplier_number, l.payment_reference as reference, l.due_day, l.discount_day, i.amount, i.discount, -o.open_currency_amount as open,
      l.total, o.currency, l.state, l.hold_reason, l.hold_until, l.person_id as entered_by_id, l.approved_by_id, l.alone_reason
    from finance.payment_run_item i
    join finance.bill l on l.tenant_id = ${tenantId} and l.id = i.bill_id
    join finance.open_item o on o.tenant_id = ${tenantId} and o.id = i.open_item_id
    join directory.party y on y.tenant_id = ${tenantId} and y.id = l.supplier_id
    where i.tenant_id = ${tenantId} and ${condition} order by y.name, l.due_day, l.supplier_number, i.id`);
  return rows.map(({ currency, amount, discount, open, total, ...row }) => {
    const money = (minor: bigint): Money => new Money(minor, currency);
    return { ...row, amount: money(amount), discount: money(discount), open: money(open), total: money(total) };
  });
}

/** As the plan of the payments sees it. */
export const runItem = (item: StoredItem): RunItem => ({ ...item, accountId: item.accountId!, takesDiscount: item.discount.minor > 0n });

/** The bills of these items are free again. */
export async function freeItems(context: WriteContext, condition: Sql): Promise<void> {
  await context.db.run(sql`
    update finance.payment_run_item i set is_live = false where i.tenant_id = ${context.tenantId} and i.is_live and ${condition}`);
}
