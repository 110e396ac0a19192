// The bank tells what a run paid: its lines are matched with the payments first, before anything else is looked for.
import { z } from "zod";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { linesWhere } from "../banking/match.store.ts";
import { settle } from "../banking/settle.ts";
import { bankAccountOf } from "../ledger/bank-account.operations.ts";
import { accountOf } from "../ledger/book.ts";
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
    bankAccountForeign: "This bank account is kept in {currency}, the books in {books}. Post its lines by hand.",
    ...paymentRefusals,
    roleUnassigned: postingRefusals.roleUnassigned,
  },
  emits: ["finance.payment.recorded", "finance.paymentOrder.cleared"],
  async run(input, context) {
    const bank = await bankAccountOf(context, input.bankAccountId);
    if (bank.currency !== bank.bookCurrency) refuse("bankAccountForeign", { currency: bank.currency, books: bank.bookCurrency });
    const orders = await underWay(context, bank.id);
    const own = sql`l.bank_account_id = ${bank.id} and l.state = 'unmatched' and l.amount < 0`;
    const lines = orders.length === 0 ? [] : await linesWhere(context, own, sql`order by l.day, l.id for update of l`);
    const found = clearings(lines, orders);
    const byId = new Map(lines.map((line) => [line.id, line]));
    await settleWaiting(
      context,
      found.flatMap((one) => one.orders.map((order) => ({ order: order as Waiting, day: byId.get(one.lineId)!.day }))),
    );
    const { code: accountCode } = await accountOf(context, "paymentClearing", bank.bookId);
    const account = {
      id: bank.id,
      bookId: bank.bookId,
      accountId: bank.accountId,
      currency: bank.currency,
      bookCurrency: bank.bookCurrency,
    };
    await settle(
      context,
      account,
      found.map(({ lineId, reason }) => {
        const line = byId.get(lineId)!;
        return { line, shares: [], accountCode, reasons: [reason], isAutomatic: true, day: line.day };
      }),
    );
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

/** The bank has paid them: each is posted on the day of its line, run by run and day by day. */
async function settleWaiting(
  context: WriteContext,
  told: readonly { readonly order: Waiting; readonly day: Waiting["day"] }[],
): Promise<void> {
  const waiting = told.filter(({ order }) => order.state === "pending");
  const keys = [...new Set(waiting.map(({ order, day }) => `${order.runId} ${day}`))];
  // As many as runs told of at once.
  for (const key of keys) {
    const own = waiting.filter(({ order, day }) => `${order.runId} ${day}` === key);
    const run = await lockRun(context, own[0]!.order.runId);
    await succeed(
      context,
      run,
      own.map(({ order }) => order),
      own[0]!.day,
    );
  }
  await closeIfDone(context, [...new Set(waiting.map(({ order }) => order.runId))]);
}
