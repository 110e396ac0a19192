// The bank tells what a run paid: its lines are matched with the payments first, before anything else is looked for.
import { z } from "zod";
import { decimal } from "../../../kernel/decimal.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { isForeign } from "../banking/foreign-currency.ts";
import { linesWhere, type StoredLine } from "../banking/match.store.ts";
import { type Settlement, settle } from "../banking/settle.ts";
import { type BankAccount, bankAccountOf } from "../ledger/bank-account.operations.ts";
import { accountOf } from "../ledger/book.ts";
import type { AccountRole } from "../ledger/role.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { paymentRefusals } from "../payments/payment.ts";
import { clearings, type UnderWay } from "./clear.rules.ts";
import { lockRun } from "./run.store.ts";
import { closeIfDone, lockOrders, type PaymentOrder, succeed } from "./settle.ts";

export const clearPaymentOrders = operation({
  name: "finance.paymentOrder.clear",
  title: "Match the bank's lines with payment runs",
  does: "Finds the payments of runs among what the bank tells, settles those that waited, and takes them off the clearing account.",
  kind: "write",
  previews: true,
  may: ["finance.accountant", "finance.manager"],
  on: "finance.bankAccount",
  input: z.strictObject({ bankAccountId: ref("finance.bankAccount") }),
  output: z.object({
    lines: z.number().int(),
    payments: z.number().int(),
    matched: z.array(z.object({ bankLineId: ref("finance.bankLine"), amount: Money, reason: z.string() })),
  }),
  refuses: {
    ...paymentRefusals,
    roleUnassigned: postingRefusals.roleUnassigned,
  },
  emits: ["finance.payment.recorded", "finance.paymentOrder.cleared"],
  async run(input, context) {
    const bank = await bankAccountOf(context, input.bankAccountId);
    const orders = await underWay(context, bank.id);
    const own = sql`l.bank_account_id = ${bank.id} and l.state = 'unmatched' and l.amount < 0`;
    const lines = orders.length === 0 ? [] : await linesWhere(context, own, sql`order by l.day, l.id for update of l`);
    const found = clearings(lines, orders);
    const byId = new Map(lines.map((line) => [line.id, line]));
    const told = found.map((one) => ({ ...one, line: byId.get(one.lineId)!, orders: one.orders as Waiting[] }));
    await settleWaiting(context, told);
    await settle(context, bank, await settlementsOf(context, bank, told));
    const pairs = found.flatMap(({ lineId, orders: cleared }) => cleared.map((order) => ({ lineId, orderId: order.id })));
    await context.db.run(sql`
      update finance.payment_order p set bank_line_id = c.line_id
      from unnest(${pairs.map((pair) => pair.orderId)}::uuid[], ${pairs.map((pair) => pair.lineId)}::uuid[]) as c (id, line_id)
      where p.tenant_id = ${context.tenantId} and p.id = c.id`);
    for (const pair of found) context.emit("finance.paymentOrder.cleared", { bankLineId: pair.lineId });
    const matched = found.map(({ lineId, reason }) => ({ bankLineId: lineId, amount: byId.get(lineId)!.amount, reason }));
    return { lines: found.length, payments: pairs.length, matched };
  },
});

type Waiting = PaymentOrder & UnderWay;

/** Sent and waiting, or posted to the clearing account and not told by the bank; a line that was unmatched tells of nothing. */
async function underWay(context: WriteContext, bankAccountId: string): Promise<Waiting[]> {
  const orders = await lockOrders(
    context,
    sql`r.bank_account_id = ${bankAccountId} and r.state in ('sent', 'settled') and p.state in ('pending', 'succeeded')
      and not exists (select from finance.bank_line l
        where l.tenant_id = ${context.tenantId} and l.id = p.bank_line_id and l.state in ('matched', 'posted'))`,
  );
  const runs = await context.db.rows<{ id: string; code: string }>(sql`
    select id, code from finance.payment_run
    where tenant_id = ${context.tenantId} and id = any(${orders.map((order) => order.runId)}::uuid[])`);
  const codes = new Map(runs.map((run) => [run.id, run.code]));
  return orders.map((order) => ({ ...order, runCode: codes.get(order.runId)! }));
}

interface Told {
  readonly line: StoredLine;
  readonly orders: readonly Waiting[];
  readonly reason: string;
}

/** The bank has paid them: each is posted on the day of its line, run by run and day by day. */
async function settleWaiting(context: WriteContext, told: readonly Told[]): Promise<void> {
  const waiting = told.flatMap(({ line, orders }) => {
    const taken = line.amount.abs().allocate(orders.map((order) => order.amount.minor));
    return orders
      .map((order, index) => ({ order, day: line.day, bankAmount: taken[index]! }))
      .filter(({ order }) => order.state === "pending");
  });
  const keys = [...new Set(waiting.map(({ order, day }) => `${order.runId} ${day}`))];
  // As many as runs told of at once.
  for (const key of keys) {
    const own = waiting.filter(({ order, day }) => `${order.runId} ${day}` === key);
    const run = await lockRun(context, own[0]!.order.runId);
    await succeed(
      context,
      run,
      own.map(({ order }) => order),
      { on: own[0]!.day, bankAmounts: new Map(own.map(({ order, bankAmount }) => [order.id, bankAmount])) },
    );
  }
  await closeIfDone(context, [...new Set(waiting.map(({ order }) => order.runId))]);
}

/**
 * Each line empties what its payments left on the clearing account. What the bank took otherwise than was posted before is a difference of
 * currencies.
 */
async function settlementsOf(context: WriteContext, bank: BankAccount, told: readonly Told[]): Promise<Settlement[]> {
  const rows = await context.db.rows<{ orderId: Id; bank: bigint; book: bigint }>(sql`
    select p.id as order_id, coalesce(m.bank_amount, m.amount) as bank, coalesce(m.book_amount, m.amount) as book
    from finance.payment_order p join finance.payment m on m.tenant_id = ${context.tenantId} and m.id = p.payment_id
    where p.tenant_id = ${context.tenantId} and p.id = any(${told.flatMap(({ orders }) => orders.map((order) => order.id))}::uuid[])`);
  const posted = new Map(rows.map((row) => [row.orderId, row]));
  const codes = new Map<AccountRole, string>();
  const codeOf = async (role: AccountRole): Promise<string> => {
    const code = codes.get(role) ?? (await accountOf(context, role, bank.bookId)).code;
    codes.set(role, code);
    return code;
  };
  const settlements: Settlement[] = [];
  for (const { line, orders, reason } of told) {
    const sum = (side: "bank" | "book"): bigint => orders.reduce((total, order) => total + posted.get(order.id)![side], 0n);
    const atBank = new KernelMoney(sum("bank"), bank.currency);
    const more = line.amount.abs().minus(atBank);
    const extras =
      more.minor === 0n
        ? []
        : [{ accountCode: await codeOf(more.minor > 0n ? "exchangeLoss" : "exchangeGain"), amount: more, text: reason }];
    const rate = isForeign(bank) ? rateOf(new KernelMoney(sum("book"), bank.bookCurrency), atBank) : undefined;
    const accountCode = await codeOf("paymentClearing");
    settlements.push({ line, shares: [], accountCode, extras, rate, reasons: [reason], isAutomatic: true, day: line.day });
  }
  return settlements;
}

/** The rate at which the payments stand in the books, so that nothing of them stays on the clearing account. */
const rateOf = (book: KernelMoney, atBank: KernelMoney): string => decimal(book.amount).dividedBy(atBank.amount).toFixed(12);
