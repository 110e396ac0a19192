// Taking in what the bank answers about a file: rejected payments have failed, returned ones are taken back; each answer once.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse, Refusal } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, FileId, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { decodeStatement } from "../banking/statement-text.rules.ts";
import { reversalRefusals } from "../ledger/reversal.ts";
import { type BankAnswer, readAnswers } from "./answer.rules.ts";
import { AchMistake } from "./nacha-read.rules.ts";
import { blockNumbers, type PlacedPayment } from "./pain001.rules.ts";
import { closeIfDone, fail, lockOrders, type PaymentOrder, takeBack } from "./settle.ts";

export const readPaymentAnswer = operation({
  name: "finance.paymentAnswer.import",
  title: "Take in the bank's answer",
  does: "Reads a pain.002 status report or an ACH return file; what was rejected has failed, what was returned is taken back.",
  kind: "write",
  previews: true,
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({ fileId: FileId, on: Day.optional().describe("The day returns are booked; by default today.") }),
  output: z.object({
    payments: z.array(
      z.object({ paymentOrderId: ref("finance.paymentOrder"), code: z.string(), supplier: z.string(), reason: z.string() }),
    ),
    unknown: z.number().int().describe("Answers about payments that are not ours, or known to have failed."),
  }),
  refuses: {
    answerUnreadable: "This file cannot be read: {mistake} (line {line}). Fetch it from the bank again.",
    answerKnown: "This answer was taken in before.",
    ...reversalRefusals,
  },
  constraints: { payment_answer_once: "answerKnown" },
  emits: ["finance.paymentAnswer.imported"],
  async run(input, context) {
    const { bytes, hash } = await context.readFile(input.fileId);
    const answers = answersIn(bytes);
    await keepAnswer(context, input.fileId, hash, answers.length);
    const found = await ordersOf(context, answers);
    const waiting = found.filter(({ order }) => order.state === "pending");
    await fail(
      context,
      waiting.map(({ order, reason }) => ({ orderId: order.id, reason })),
    );
    // A return is rare, and each reverses its own entries.
    const returned = found.filter(({ order }) => order.state === "succeeded");
    for (const { order, reason } of returned) await takeBack(context, order, input.on ?? context.today, reason);
    await closeIfDone(context, [...new Set(waiting.map(({ order }) => order.runId))]);
    context.emit("finance.paymentAnswer.imported", { fileId: input.fileId, payments: found.length });
    const payments = found.map(({ order, reason }) => ({ paymentOrderId: order.id, code: order.code, supplier: order.supplier, reason }));
    return { payments, unknown: answers.filter((answer) => !found.some((one) => one.answer === answer)).length };
  },
});

function answersIn(bytes: Uint8Array): BankAnswer[] {
  try {
    return readAnswers(decodeStatement(bytes));
  } catch (error) {
    if (error instanceof AchMistake) refuse("answerUnreadable", { mistake: error.message, line: error.line }, ["fileId"]);
    if (error instanceof Refusal)
      refuse("answerUnreadable", { mistake: error.message || "the XML is damaged", line: error.facts["line"] ?? 1 }, ["fileId"]);
    throw error;
  }
}

async function keepAnswer(context: WriteContext, fileId: string, hash: string, told: number): Promise<void> {
  const known = await context.db.maybe(sql`
    select id from finance.payment_answer where tenant_id = ${context.tenantId} and file_hash = ${hash}`);
  if (known) refuse("answerKnown", {}, ["fileId"]);
  await context.db.run(sql`
    insert into finance.payment_answer (tenant_id, id, file_id, file_hash, told, by_name, at)
    values (${context.tenantId}, ${context.newId()}, ${fileId}, ${hash}, ${told}, ${context.actor.name}, ${context.now})`);
}

interface Found {
  readonly order: PaymentOrder;
  readonly answer: BankAnswer;
  readonly reason: string;
}

async function ordersOf(context: WriteContext, answers: readonly BankAnswer[]): Promise<Found[]> {
  const named = (field: "code" | "trace" | "run"): string[] => answers.flatMap((answer) => answer[field] ?? []);
  const orders = await lockOrders(
    context,
    sql`r.state in ('sent', 'settled') and p.state in ('pending', 'succeeded') and (p.code = any(${named("code")}::text[])
      or p.trace = any(${named("trace")}::text[]) or r.code = any(${named("run")}::text[]))`,
  );
  const keys = await context.db.rows<{ id: string; code: string; trace: string | null; run: string }>(sql`
    select p.id, p.code, p.trace, r.code as run from finance.payment_order p
    join finance.payment_run r on r.tenant_id = ${context.tenantId} and r.id = p.run_id
    where p.tenant_id = ${context.tenantId} and p.id = any(${orders.map((order) => order.id)}::uuid[])`);
  const blocks = await blocksIn(
    context,
    answers.flatMap(({ run, block }) => (run !== null && block !== null ? run : [])),
  );
  return orders.flatMap((order) => {
    const own = keys.find((key) => key.id === order.id)!;
    const isOf = ({ run, block }: BankAnswer): boolean => run === own.run && (block === null || block === blocks.get(order.id));
    const answer = answers.find((one) => one.code === own.code || (one.trace !== null && one.trace === own.trace) || isOf(one));
    return answer ? [{ order, answer, reason: answer.reason }] : [];
  });
}

/** In which block of its file each payment of these runs stands, worked out as when the file was written. */
async function blocksIn(context: WriteContext, runs: readonly string[]): Promise<Map<KernelId, number>> {
  if (runs.length === 0) return new Map();
  const rows = await context.db.rows<PlacedPayment & { id: KernelId; run: string }>(sql`
    select p.id, r.code as run, p.day, r.currency, a.number as iban from finance.payment_order p
    join finance.payment_run r on r.tenant_id = ${context.tenantId} and r.id = p.run_id and r.code = any(${[...runs]}::text[])
    join finance.supplier_bank_account a on a.tenant_id = ${context.tenantId} and a.id = p.supplier_bank_account_id
    where p.tenant_id = ${context.tenantId} order by r.code, p.position`);
  const found = new Map<KernelId, number>();
  for (const run of new Set(runs)) {
    const own = rows.filter((row) => row.run === run);
    const numbers = blockNumbers(own);
    own.forEach((row, place) => found.set(row.id, numbers[place]!));
  }
  return found;
}
