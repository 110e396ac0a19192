// Orders as they are kept: read with a lock, their lines written by identity, each version before a change kept.
import { currency as toCurrency, currencyDecimals } from "../../kernel/currency.ts";
import type { Id } from "../../kernel/id.ts";
import { Money } from "../../kernel/money.ts";
import { refuse } from "../../kernel/refusal.ts";
import { type Sql, sql } from "../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../platform/operation/context.ts";
import { lineAmount, type PricedLine } from "./order.rules.ts";

export type MatchPolicy = "none" | "twoWay" | "threeWay";
export type OrderState = "draft" | "submitted" | "approved" | "declined" | "ordered" | "closed" | "cancelled";

export interface OrderRow {
  readonly id: Id;
  readonly number: number;
  readonly bookId: Id;
  readonly supplierId: Id;
  readonly requestId: Id | null;
  readonly currency: string;
  readonly policy: MatchPolicy;
  readonly state: OrderState;
  readonly version: number;
  readonly amount: bigint;
  readonly approvedAmount: bigint | null;
}

export interface OrderLineInput extends PricedLine {
  readonly id?: Id;
  readonly description: string;
  readonly taxCode: string;
  readonly accountId?: Id;
  readonly unitId?: Id;
}

/** `PO-00001`. */
export const orderLabel = (number: Sql): Sql => sql`'PO-' || lpad(${number}::text, 5, '0')`;

/** The refusals of `lockOrder`. */
export const orderRefusals = {
  notFound: "There is no such order.",
  wrongState: "The order is {state}; this cannot be done now.",
} as const;

/** Refuses `notFound` and `wrongState`. */
export async function lockOrder(context: WriteContext, id: Id, ...states: readonly OrderState[]): Promise<OrderRow> {
  const order = await context.db.maybe<OrderRow>(sql`
    select id, number, book_id, supplier_id, request_id, currency, policy, state, version, amount, approved_amount
    from purchasing.purchase_order where tenant_id = ${context.tenantId} and id = ${id} for update`);
  if (!order) refuse("notFound");
  if (states.length > 0 && !states.includes(order.state)) refuse("wrongState", { state: order.state });
  return order;
}

/** The refusals of `checkedLines`. */
export const lineRefusals = {
  accountUnfit: "Line {line} cannot be booked there. Choose an account that takes postings and is no control account.",
  unitUnknown: "The cost centre of line {line} is not there.",
  taxUnknown: "There is no tax with the code {code}. Look them up: heartwood finance tax-code list",
  amountNotPositive: "An order comes to more than zero.",
} as const;

export interface ReadyLine extends OrderLineInput {
  readonly accountId: Id;
}

/** Lines whose accounts, taxes and cost centres are there; `usual` is the account of those that name none. */
export async function checkedLines(
  context: ReadContext,
  bookId: Id,
  lines: readonly OrderLineInput[],
  usual: Id,
): Promise<readonly ReadyLine[]> {
  const ready = lines.map((line) => ({ ...line, accountId: line.accountId ?? usual }));
  const { tenantId } = context;
  const known = await context.db.row<{ accounts: Id[]; units: Id[]; taxes: string[] }>(sql`
    select
      (select coalesce(array_agg(a.id), '{}') from finance.account a where a.tenant_id = ${tenantId} and a.book_id = ${bookId}
        and a.id = any(${ready.map((line) => line.accountId)}::uuid[]) and not a.is_group and a.control is null) as accounts,
      (select coalesce(array_agg(u.id), '{}') from directory.unit u where u.tenant_id = ${tenantId}
        and u.id = any(${ready.flatMap((line) => line.unitId ?? [])}::uuid[])) as units,
      (select coalesce(array_agg(t.code), '{}') from finance.tax_code t where t.tenant_id = ${tenantId} and t.book_id = ${bookId}
        and t.code = any(${ready.map((line) => line.taxCode)}::text[])) as taxes`);
  for (const [index, line] of ready.entries()) {
    if (!known.accounts.includes(line.accountId)) refuse("accountUnfit", { line: index + 1 }, ["lines", index, "accountId"]);
    if (line.unitId !== undefined && !known.units.includes(line.unitId))
      refuse("unitUnknown", { line: index + 1 }, ["lines", index, "unitId"]);
    if (!known.taxes.includes(line.taxCode)) refuse("taxUnknown", { code: line.taxCode }, ["lines", index, "taxCode"]);
  }
  return ready;
}

/** Writes all lines of an order: those with an identifier stay themselves, others are new, those left out go. */
export async function writeLines(context: WriteContext, orderId: Id, lines: readonly ReadyLine[], currency: string): Promise<void> {
  const { tenantId } = context;
  await context.db.run(sql`
    delete from purchasing.order_line where tenant_id = ${tenantId} and order_id = ${orderId}
      and not (id = any(${lines.flatMap((line) => line.id ?? [])}::uuid[]))`);
  await context.db.run(sql`
    insert into purchasing.order_line as kept
      (tenant_id, id, order_id, position, description, quantity, unit_price, amount, tax_code, account_id, unit_id)
    select ${tenantId}, l.id, ${orderId}, l.position, l.description, l.quantity, l.unit_price, l.amount, l.tax_code, l.account_id, l.unit_id
    from unnest(${lines.map((line) => line.id ?? context.newId())}::uuid[], ${lines.map((_, index) => index + 1)}::int[],
      ${lines.map((line) => line.description)}::text[], ${lines.map((line) => line.quantity)}::numeric[],
      ${lines.map((line) => line.unitPrice)}::numeric[], ${lines.map((line) => lineAmount(line, currency).minor)}::bigint[],
      ${lines.map((line) => line.taxCode)}::text[], ${lines.map((line) => line.accountId)}::uuid[],
      ${lines.map((line) => line.unitId ?? null)}::uuid[])
      as l (id, position, description, quantity, unit_price, amount, tax_code, account_id, unit_id)
    on conflict (tenant_id, id) do update set position = excluded.position, description = excluded.description,
      quantity = excluded.quantity, unit_price = excluded.unit_price, amount = excluded.amount, tax_code = excluded.tax_code,
      account_id = excluded.account_id, unit_id = excluded.unit_id
      where kept.order_id = excluded.order_id`);
}

/** The order as it stands, before it is changed. */
export async function keepVersion(context: WriteContext, order: OrderRow, reason: string | undefined): Promise<void> {
  const { tenantId } = context;
  await context.db.run(sql`
    insert into purchasing.order_version (tenant_id, order_id, version, content, reason, by_name, at)
    select ${tenantId}, o.id, o.version, jsonb_build_object('state', o.state, 'amount', o.amount, 'currency', o.currency,
      'policy', o.policy, 'text', o.text, 'wantedBy', o.wanted_by, 'lines', (
        select jsonb_agg(jsonb_build_object('id', l.id, 'description', l.description, 'quantity', l.quantity::text,
          'unitPrice', l.unit_price::text, 'amount', l.amount, 'taxCode', l.tax_code, 'accountId', l.account_id, 'unitId', l.unit_id)
          order by l.position)
        from purchasing.order_line l where l.tenant_id = ${tenantId} and l.order_id = o.id)),
      ${reason ?? null}, ${context.actor.name}, ${context.now}
    from purchasing.purchase_order o where o.tenant_id = ${tenantId} and o.id = ${order.id}`);
}

export interface RequestGround {
  readonly id: Id;
  readonly title: string;
  readonly kind: string;
  readonly supplierId: Id;
  readonly amount: bigint;
  readonly currency: string;
  readonly state: string;
  /** What other orders of this request come to. */
  readonly elsewhere: bigint;
}

/** The request with a lock, and what its orders (but this one) come to. */
export async function requestGround(context: WriteContext, requestId: Id, orderId?: Id): Promise<RequestGround | undefined> {
  const request = await context.db.maybe<Omit<RequestGround, "elsewhere">>(sql`
    select id, title, kind, supplier_id, amount, currency, state from purchasing.request
    where tenant_id = ${context.tenantId} and id = ${requestId} for update`);
  if (!request) return undefined;
  const { elsewhere } = await context.db.row<{ elsewhere: bigint }>(sql`
    select coalesce(sum(amount), 0)::bigint as elsewhere from purchasing.purchase_order
    where tenant_id = ${context.tenantId} and request_id = ${requestId} and state <> 'cancelled'
      and id is distinct from ${orderId ?? null}`);
  return { ...request, elsewhere };
}

/** The first bill of an order is that of the request it comes from. */
export async function nameForRequest(context: WriteContext, order: OrderRow, billId: Id): Promise<void> {
  if (order.requestId === null) return;
  await context.db.run(sql`
    update purchasing.request set bill_id = ${billId}
    where tenant_id = ${context.tenantId} and id = ${order.requestId} and bill_id is null`);
}

/** Refuses `aboveApproval` when orders of a request come to more than what was approved. */
export function mustBeWithin(request: RequestGround, amount: Money): void {
  const left = new Money(request.amount - request.elsewhere, request.currency);
  if (amount.currency !== left.currency || amount.compare(left) > 0) {
    refuse("aboveApproval", { amount: amount.toString(), left: left.toString() }, ["lines"]);
  }
}

export const aboveApproval =
  "The order comes to {amount}; of what was approved, {left} is left. Change the request and have it approved anew.";

export const decimalsOf = (currency: string): number => currencyDecimals(toCurrency(currency));
