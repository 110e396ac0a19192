// Settling what was sent to the bank: payment by payment, by hand or from the bank's answer.
import { z } from "zod";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { Day, Id, LongText, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { reversalRefusals } from "../ledger/reversal.ts";
import { paymentRefusals } from "../payments/payment.ts";
import { lockRun } from "./run.store.ts";
import { closeIfDone, fail, lockOrders, succeed, takeBack } from "./settle.ts";

const roles = ["finance.accountant", "finance.manager"];

export const settlePaymentRun = operation({
  name: "finance.paymentRun.settle",
  title: "Settle a payment run",
  does: "Posts what the bank paid and opens the bills of what it did not; without a choice every payment that waits has succeeded.",
  kind: "write",
  previews: true,
  may: roles,
  input: z.strictObject({
    paymentRunId: ref("finance.paymentRun"),
    on: Day.optional().describe("The day the bank paid; by default the day each payment was asked for."),
    succeeded: z.array(ref("finance.paymentOrder")).max(5000).optional().describe("Only these; by default all that wait and did not fail."),
    failed: z
      .array(z.strictObject({ paymentOrderId: ref("finance.paymentOrder"), reason: LongText(300).min(3, "says why, in a few words") }))
      .max(5000)
      .default([]),
    bankAmounts: z
      .array(z.strictObject({ paymentOrderId: ref("finance.paymentOrder"), amount: Money }))
      .max(5000)
      .default([])
      .describe("What left the bank account, where it is in another currency than the payment; by default at the day's rate."),
  }),
  output: z.object({ id: Id, succeeded: z.number().int(), failed: z.number().int(), waiting: z.number().int() }),
  refuses: {
    notFound: "There is no such payment run.",
    notSent: "Payment run {code} is {state}. What is not at the bank is not settled.",
    orderUnfit: "A payment named does not wait in this run. Look at its payments.",
    ...paymentRefusals,
  },
  when: (record) => record["state"] === "sent",
  emits: ["finance.payment.recorded", "finance.paymentRun.settled"],
  async run(input, context) {
    const run = await lockRun(context, input.paymentRunId);
    if (run.state !== "sent") refuse("notSent", { code: run.code, state: run.state });
    const orders = await lockOrders(context, sql`p.run_id = ${run.id} and p.state = 'pending'`);
    const waiting = new Map(orders.map((order) => [order.id, order]));
    const failed = input.failed.map((one) => ({ orderId: one.paymentOrderId, reason: one.reason }));
    const isFailed = new Set(failed.map((one) => one.orderId));
    const chosen = input.succeeded ?? orders.map((order) => order.id).filter((id) => !isFailed.has(id));
    if ([...chosen, ...isFailed].some((id) => !waiting.has(id)) || chosen.some((id) => isFailed.has(id))) refuse("orderUnfit");
    const paid = [...new Set(chosen)].map((id) => waiting.get(id)!);
    await fail(context, failed);
    if (input.bankAmounts.some((one) => !waiting.has(one.paymentOrderId))) refuse("orderUnfit");
    const bankAmounts = new Map(input.bankAmounts.map((one) => [one.paymentOrderId, one.amount]));
    await succeed(context, run, paid, { on: input.on, bankAmounts });
    await closeIfDone(context, [run.id]);
    context.emit("finance.paymentRun.settled", { paymentRunId: run.id, succeeded: paid.length, failed: isFailed.size });
    return { id: run.id, succeeded: paid.length, failed: isFailed.size, waiting: orders.length - paid.length - isFailed.size };
  },
});

export const returnPaymentOrder = operation({
  name: "finance.paymentOrder.return",
  title: "It came back",
  does: "Takes back a payment that had succeeded and was returned: payment, discount and tax; its bills are open again.",
  kind: "write",
  previews: true,
  may: roles,
  input: z.strictObject({
    paymentOrderId: ref("finance.paymentOrder"),
    on: Day.optional().describe("By default today."),
    reason: LongText(200).min(3, "says why, in a few words"),
  }),
  output: z.object({ id: Id, state: z.literal("failed") }),
  refuses: {
    ...reversalRefusals,
    notFound: "There is no such payment.",
    notSucceeded: "Payment {code} is {state}; only one that succeeded comes back.",
  },
  when: (record) => record["state"] === "succeeded",
  emits: ["finance.paymentOrder.returned"],
  async run(input, context) {
    const [order] = await lockOrders(context, sql`p.id = ${input.paymentOrderId}`);
    if (!order) refuse("notFound");
    await takeBack(context, order, input.on ?? context.today, input.reason);
    context.emit("finance.paymentOrder.returned", { paymentOrderId: order.id, reason: input.reason });
    return { id: order.id, state: "failed" as const };
  },
});
