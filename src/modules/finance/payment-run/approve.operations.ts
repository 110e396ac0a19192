// Four eyes on a payment run: who prepares it submits it, another person approves it; sent back or cancelled, its bills are free again.
import { z } from "zod";
import { addDays } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { sumMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Id, LongText, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { closeTask, openTask } from "../../office/index.ts";
import { originMissing, originOf } from "./origin.operations.ts";
import { accountFor, pickRefusals } from "./pick.rules.ts";
import { freeItems, type LockedRun, lockItems, lockRun, type StoredItem } from "./run.store.ts";
import { AloneReason, decidesAlone } from "../payables/four-eyes.ts";
import { payeeAccounts } from "../payables/supplier-bank-account.operations.ts";

const roles = ["finance.accountant", "finance.manager"];
const notFound = "There is no such payment run.";
const State = z.object({ id: Id, state: z.enum(["draft", "submitted", "approved", "cancelled"]) });
const approvalTask = (runId: KernelId): { key: string } => ({ key: `finance.paymentRun.approval:${runId}` });

export const submitPaymentRun = operation({
  name: "finance.paymentRun.submit",
  title: "Submit a payment run",
  does: "Asks a second person to approve the run; from here on it is not changed any more.",
  kind: "write",
  may: roles,
  input: z.strictObject({ paymentRunId: ref("finance.paymentRun") }),
  output: State,
  refuses: {
    notFound,
    notDraft: "Payment run {code} is {state}; only a draft is submitted.",
    runEmpty: "No bill is in this run. Take some in, or cancel it.",
    originMissing,
    accountMissing: pickRefusals.accountMissing,
    accountUnfit: pickRefusals.accountUnfit,
    coolingOff:
      "The new bank account of {supplier} cools off until {day}. Pay from then on: heartwood finance payment-run edit --pay-day {day}",
    approverPays: "Who approved bill {bill} does not pay it. Another person has to submit this run.",
  },
  when: (record) => record["state"] === "draft",
  emits: ["finance.paymentRun.submitted"],
  async run(input, context) {
    const run = await lockRun(context, input.paymentRunId);
    if (run.state !== "draft") refuse("notDraft", { code: run.code, state: run.state });
    const items = await lockItems(context, run.id);
    if (items.length === 0) refuse("runEmpty");
    await payToSuccessors(context, run, items);
    const own = items.find(
      (item) => item.approvedById !== null && item.approvedById === context.actor.personId && item.aloneReason === null,
    );
    if (own) refuse("approverPays", { bill: own.supplierNumber });
    await context.db.run(sql`
      update finance.payment_run set state = 'submitted', submitted_by_id = ${context.actor.personId},
        submitted_by_name = ${context.actor.name},
        submitted_at = ${context.now}, note = null
      where tenant_id = ${context.tenantId} and id = ${run.id}`);
    const total = sumMoney(
      items.map((item) => item.amount),
      run.currency,
    );
    await openTask(context, {
      kind: "approval",
      title: `Approve payment run ${run.code} over ${total.toString()}`,
      says: `${items.length} bills. Look at payees and amounts, then approve the run or send it back with a reason.`,
      owner: { activity: "finance.billApproval" },
      due: addDays(context.today, 1),
      about: { subject: "finance.paymentRun", id: run.id },
      asks: { operation: "finance.paymentRun.approve", input: { paymentRunId: run.id } },
      ...approvalTask(run.id),
      isAnew: true,
    });
    context.emit("finance.paymentRun.submitted", { paymentRunId: run.id });
    return { id: run.id, state: "submitted" as const };
  },
});

/**
 * What has lost its account since it was picked is paid to the one that took its place, as if it were picked now; the second person sees
 * it. Refuses `accountMissing`, `accountUnfit` and `coolingOff`.
 */
async function payToSuccessors(context: WriteContext, run: LockedRun, items: readonly StoredItem[]): Promise<void> {
  const homeless = items.filter((item) => item.accountId === null);
  if (homeless.length === 0) return;
  const { format } = await originOf(context, run.bankAccountId);
  const payees = await payeeAccounts(
    context,
    homeless.map((item) => item.supplierId),
  );
  const homes = homeless.map((item) => {
    const found = accountFor(item, payees, { payDay: run.payDay, kind: format === "nacha" ? "us" : "iban" });
    if ("code" in found) refuse(found.code, found.facts);
    return found.id;
  });
  await context.db.run(sql`
    update finance.payment_run_item i set supplier_bank_account_id = h.account_id
    from unnest(${homeless.map((item) => item.id)}::uuid[], ${homes}::uuid[]) as h (id, account_id)
    where i.tenant_id = ${context.tenantId} and i.id = h.id`);
}

export const approvePaymentRun = operation({
  name: "finance.paymentRun.approve",
  title: "Approve a payment run",
  does: "Says that these payees may be paid these amounts; done by someone who neither prepared the run nor entered one of its bills.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({
    paymentRunId: ref("finance.paymentRun"),
    aloneReason: AloneReason,
  }),
  output: State,
  refuses: {
    notFound,
    notSubmitted: "Payment run {code} is {state}; only a submitted one is approved.",
    selfApproval: "Who prepared or submitted a run does not approve it. Another person has to, or the owner says why there is none.",
    enteredByApprover: "You entered bill {bill} of this run. Someone who entered none of its bills has to approve it.",
  },
  when: (record) => record["state"] === "submitted",
  emits: ["finance.paymentRun.approved"],
  async run(input, context) {
    const run = await lockRun(context, input.paymentRunId);
    if (run.state !== "submitted") refuse("notSubmitted", { code: run.code, state: run.state });
    const { personId } = context.actor;
    const isAlone = decidesAlone(context, input.aloneReason);
    const isOwn = personId !== null && (run.submittedById === personId || run.personId === personId);
    if (isOwn && !isAlone) refuse("selfApproval");
    const items = await lockItems(context, run.id);
    const entered = items.find((item) => personId !== null && item.enteredById === personId);
    if (entered && !isAlone) refuse("enteredByApprover", { bill: entered.supplierNumber });
    await context.db.run(sql`
      update finance.payment_run set state = 'approved', approved_by_id = ${personId}, approved_by_name = ${context.actor.name},
        approved_at = ${context.now}, alone_reason = ${isAlone && (isOwn || entered) ? input.aloneReason! : null}
      where tenant_id = ${context.tenantId} and id = ${run.id}`);
    await closeTask(context, approvalTask(run.id), "done", "Approved");
    context.emit("finance.paymentRun.approved", { paymentRunId: run.id, alone: isAlone });
    return { id: run.id, state: "approved" as const };
  },
});

export const sendBackPaymentRun = operation({
  name: "finance.paymentRun.sendBack",
  title: "Send a payment run back",
  does: "Makes a submitted or approved run a draft again, to be changed; what was approved is void.",
  kind: "write",
  may: roles,
  input: z.strictObject({ paymentRunId: ref("finance.paymentRun"), reason: LongText(300).min(3, "says why, in a few words") }),
  output: State,
  refuses: { notFound, notWaiting: "Payment run {code} is {state}; only a submitted or approved one is sent back." },
  when: (record) => record["state"] === "submitted" || record["state"] === "approved",
  emits: ["finance.paymentRun.sentBack"],
  async run(input, context) {
    const run = await lockRun(context, input.paymentRunId);
    if (run.state !== "submitted" && run.state !== "approved") refuse("notWaiting", { code: run.code, state: run.state });
    await context.db.run(sql`
      update finance.payment_run set state = 'draft', note = ${input.reason}, submitted_by_id = null, submitted_by_name = null,
        submitted_at = null, approved_by_id = null, approved_by_name = null, approved_at = null, alone_reason = null
      where tenant_id = ${context.tenantId} and id = ${run.id}`);
    await closeTask(context, approvalTask(run.id), "cancelled", input.reason);
    context.emit("finance.paymentRun.sentBack", { paymentRunId: run.id, reason: input.reason });
    return { id: run.id, state: "draft" as const };
  },
});

export const cancelPaymentRun = operation({
  name: "finance.paymentRun.cancel",
  title: "Cancel a payment run",
  does: "Gives up a run that is not at the bank; its bills can be paid otherwise.",
  kind: "write",
  may: roles,
  input: z.strictObject({ paymentRunId: ref("finance.paymentRun"), reason: LongText(300).min(3, "says why, in a few words") }),
  output: State,
  refuses: { notFound, atTheBank: "Payment run {code} is {state}. What is at the bank is settled payment by payment." },
  when: (record) => ["draft", "submitted", "approved", "filed"].includes(String(record["state"])),
  emits: ["finance.paymentRun.cancelled"],
  async run(input, context) {
    const run = await lockRun(context, input.paymentRunId);
    if (!["draft", "submitted", "approved", "filed"].includes(run.state)) refuse("atTheBank", { code: run.code, state: run.state });
    await freeItems(context, sql`i.run_id = ${run.id}`);
    await context.db.run(sql`
      update finance.payment_order set state = 'cancelled'
      where tenant_id = ${context.tenantId} and run_id = ${run.id} and state = 'pending'`);
    await context.db.run(sql`
      update finance.payment_run set state = 'cancelled', note = ${input.reason} where tenant_id = ${context.tenantId} and id = ${run.id}`);
    await closeTask(context, approvalTask(run.id), "cancelled", input.reason);
    context.emit("finance.paymentRun.cancelled", { paymentRunId: run.id, reason: input.reason });
    return { id: run.id, state: "cancelled" as const };
  },
});
