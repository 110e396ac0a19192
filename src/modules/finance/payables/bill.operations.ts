// What is done with bills: entered, approved or declined by another person, posted, paid, reversed.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { addDays } from "../../../kernel/day.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, Id, LongText, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { closeTask, openTask } from "../../office/index.ts";
import { reversalRefusals, reverseEntry } from "../ledger/entry.operations.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { paymentRefusals, recordPayment } from "../payments/payment.ts";
import { billRefusals, insertBill, lockBill, postBill as bookBill, reverseTaxLines } from "./bill.ts";

const roles = ["finance.accountant", "finance.manager"];
const approvalTask = (billId: KernelId): { key: string } => ({ key: `finance.bill.approval:${billId}` });

const Line = z.strictObject({
  description: Text(300),
  net: Money.describe("Without tax."),
  taxCode: z.string().max(20).default("standard").describe("Code of the tax, e.g. standard, reduced, exempt."),
  accountId: ref("finance.account").optional().describe("Expense or asset account; by default the one for expenses."),
  unitId: ref("directory.unit").optional().describe("The cost centre."),
});

export const createBill = operation({
  name: "finance.bill.create",
  title: "Enter a bill",
  does: "Enters a supplier's bill and asks for its approval; the same bill cannot be entered twice.",
  kind: "write",
  may: roles,
  input: z.strictObject({
    supplierId: ref("directory.supplier"),
    supplierNumber: Text(60).describe("The number on the supplier's paper."),
    day: Day.describe("The day on the supplier's paper."),
    dueDay: Day.optional().describe("By default 30 days after its day."),
    text: LongText(2000).optional(),
    total: Money.optional().describe("What the supplier asks for with tax; compared with the lines."),
    lines: z.array(Line).min(1).max(500),
    bookId: ref("finance.book").optional().describe("By default the main books."),
  }),
  output: z.object({ id: Id, net: Money, tax: Money, total: Money }),
  refuses: billRefusals,
  constraints: { bill_once: "enteredBefore" },
  emits: ["finance.bill.created"],
  async run(input, context) {
    const { id, totals, total } = await insertBill(context, { ...input, dueDay: input.dueDay ?? addDays(input.day, 30) });
    await openTask(context, {
      kind: "approval",
      title: `Approve bill ${input.supplierNumber} over ${total.toString()}`,
      says: "Look at the bill and approve it or decline it with a reason.",
      owner: { activity: "finance.billApproval" },
      due: addDays(context.today, 5),
      about: { subject: "finance.bill", id },
      asks: { operation: "finance.bill.approve", input: { billId: id } },
      ...approvalTask(id),
    });
    context.emit("finance.bill.created", { billId: id });
    return { id, net: totals.net, tax: totals.tax, total };
  },
});

const State = z.object({ id: Id, state: z.enum(["approved", "declined"]) });

export const approveBill = operation({
  name: "finance.bill.approve",
  title: "Approve a bill",
  does: "Says that a bill is right and may be paid; done by someone other than who entered it.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({
    billId: ref("finance.bill"),
    aloneReason: LongText(300)
      .min(10, "says why nobody else can")
      .optional()
      .describe("Only for the owner, where there is no second person."),
  }),
  output: State,
  refuses: {
    notFound: "There is no such bill.",
    notDraft: "Only a bill that waits for approval is approved; this one is {state}.",
    selfApproval: "Who entered a bill does not approve it. Another person has to, or the owner says why there is none.",
  },
  when: (record) => record["state"] === "draft",
  emits: ["finance.bill.approved"],
  async run(input, context) {
    const bill = await lockBill(context, input.billId);
    if (bill.state !== "draft") refuse("notDraft", { state: bill.state });
    const isOwn = bill.personId !== null && bill.personId === context.actor.personId;
    const isAlone = isOwn && input.aloneReason !== undefined && context.holds("owner");
    if (isOwn && !isAlone) refuse("selfApproval");
    await context.db.run(sql`
      update finance.bill set state = 'approved', approved_by_id = ${context.actor.personId}, approved_by_name = ${context.actor.name},
        approved_at = ${context.now}, alone_reason = ${isAlone ? input.aloneReason! : null}
      where tenant_id = ${context.tenantId} and id = ${bill.id}`);
    await closeTask(context, approvalTask(bill.id), "done", "Approved");
    context.emit("finance.bill.approved", { billId: bill.id, alone: isAlone });
    return { id: bill.id, state: "approved" as const };
  },
});

export const declineBill = operation({
  name: "finance.bill.decline",
  title: "Decline a bill",
  does: "Says that a bill is not to be paid, and why; it can be entered again when it is right.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({ billId: ref("finance.bill"), reason: LongText(500).min(3, "says why, in a few words") }),
  output: State,
  refuses: {
    notFound: "There is no such bill.",
    alreadyPosted: "The bill is {state} and cannot be declined any more. Reverse it instead.",
  },
  when: (record) => record["state"] === "draft" || record["state"] === "approved",
  emits: ["finance.bill.declined"],
  async run(input, context) {
    const bill = await lockBill(context, input.billId);
    if (bill.state !== "draft" && bill.state !== "approved") refuse("alreadyPosted", { state: bill.state });
    await context.db.run(sql`
      update finance.bill set state = 'declined', decline_reason = ${input.reason}
      where tenant_id = ${context.tenantId} and id = ${bill.id}`);
    await closeTask(context, approvalTask(bill.id), "done", "Declined");
    context.emit("finance.bill.declined", { billId: bill.id, reason: input.reason });
    return { id: bill.id, state: "declined" as const };
  },
});

export const postBill = operation({
  name: "finance.bill.post",
  title: "Post a bill",
  does: "Books an approved bill: the cost or asset, the input tax, and what the supplier is owed.",
  kind: "write",
  previews: true,
  may: roles,
  input: z.strictObject({ billId: ref("finance.bill") }),
  output: z.object({ id: Id, number: z.string(), entryId: ref("finance.journalEntry"), entryNumber: z.string() }),
  refuses: { notFound: "There is no such bill.", notApproved: "Only an approved bill is posted; this one is {state}.", ...postingRefusals },
  when: (record) => record["state"] === "approved",
  emits: ["finance.bill.posted"],
  async run(input, context) {
    const bill = await lockBill(context, input.billId);
    if (bill.state !== "approved") refuse("notApproved", { state: bill.state });
    const posted = await bookBill(context, bill);
    context.emit("finance.bill.posted", { billId: bill.id, number: posted.number });
    return { id: bill.id, ...posted };
  },
});

export const payBill = operation({
  name: "finance.bill.recordPayment",
  title: "Record its payment",
  does: "Posts the payment of this bill from one of the company's bank accounts.",
  kind: "write",
  previews: true,
  may: roles,
  input: z.strictObject({
    billId: ref("finance.bill"),
    bankAccountId: ref("finance.bankAccount"),
    day: Day.optional().describe("By default today."),
    amount: Money.optional().describe("By default all that is open."),
    reference: Text(140).optional(),
  }),
  output: z.object({ id: Id, paymentId: ref("finance.payment"), number: z.string(), open: Money }),
  refuses: {
    notFound: "There is no such bill.",
    nothingOpen: "Nothing of this bill is open. A bill is paid after it was posted.",
    ...paymentRefusals,
  },
  when: (record) => record["state"] === "open" || record["state"] === "overdue",
  emits: ["finance.payment.recorded"],
  async run(input, context) {
    const bill = await lockBill(context, input.billId);
    const open = await lockOpen(context, bill.itemId, bill.currency);
    if (bill.itemId === null || bill.state !== "posted" || open.minor <= 0n) refuse("nothingOpen");
    const { bankAccountId, reference = bill.supplierNumber, day = context.today, amount = open } = input;
    if (amount.currency !== bill.currency) refuse("currencyDiffers", { currency: bill.currency }, ["amount"]);
    const settled = amount.compare(open) < 0 ? amount : open;
    const payment = await recordPayment(context, {
      direction: "outgoing",
      partyId: bill.supplierId,
      amount,
      bankAccountId,
      day,
      reference,
      allocations: [{ itemId: bill.itemId, amount: settled }],
    });
    context.emit("finance.payment.recorded", { paymentId: payment.id, partyId: bill.supplierId, direction: "outgoing" });
    return { id: bill.id, paymentId: payment.id, number: payment.number, open: open.minus(settled) };
  },
});

/** What is still owed on a bill, positive. */
async function lockOpen(context: WriteContext, itemId: KernelId | null, currency: string): Promise<KernelMoney> {
  const item = await context.db.maybe<{ openAmount: bigint }>(sql`
    select open_amount from finance.open_item where tenant_id = ${context.tenantId} and id = ${itemId} for update`);
  return new KernelMoney(-(item?.openAmount ?? 0n), currency);
}

export const reverseBill = operation({
  name: "finance.bill.reverse",
  title: "Reverse a bill",
  does: "Mirrors a posted bill that was wrong; the supplier's number is free to be entered again.",
  kind: "write",
  previews: true,
  may: ["finance.manager"],
  input: z.strictObject({ billId: ref("finance.bill"), on: Day, reason: LongText(200).min(3, "says why, in a few words") }),
  output: z.object({ id: Id, entryId: ref("finance.journalEntry"), entryNumber: z.string() }),
  refuses: { ...reversalRefusals, notFound: "There is no such bill.", notPosted: "Only a posted bill is reversed; this one is {state}." },
  when: (record) => record["state"] === "open" || record["state"] === "overdue",
  emits: ["finance.bill.reversed"],
  async run(input, context) {
    const bill = await lockBill(context, input.billId);
    if (bill.state !== "posted") refuse("notPosted", { state: bill.state });
    const reversal = await reverseEntry(context, bill.entryId!, input.on, input.reason);
    await reverseTaxLines(context, bill, reversal.id, input.on);
    await context.db.run(sql`
      update finance.bill set state = 'reversed' where tenant_id = ${context.tenantId} and id = ${bill.id}`);
    context.emit("finance.bill.reversed", { billId: bill.id, reason: input.reason });
    return { id: bill.id, entryId: reversal.id, entryNumber: reversal.number };
  },
});
