// What is done with bills: entered, approved or declined by another person, posted, paid, reversed.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { addDays } from "../../../kernel/day.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, DecimalText, FileId, Id, LongText, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { OwnBankAccount } from "../ledger/bank-account.operations.ts";
import { assetCostRefusals, requireNoAsset } from "../fixed-asset/bill-line.ts";
import { reversalRefusals, reverseEntry } from "../ledger/reversal.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { servicePeriod } from "../ledger/service-period.fields.ts";
import { reverseSpread } from "../ledger/spread.ts";
import { Discount } from "../payments/payment.operations.ts";
import { paymentRefusals, recordPayment } from "../payments/payment.ts";
import { reverseTaxLines } from "../tax/tax.ts";
import { billRefusals, insertBill, lockBill, postBill as bookBill } from "./bill.ts";
import { usualDueDays } from "./bill.rules.ts";
import { AloneReason } from "./four-eyes.ts";
import { approvePaper, askApproval, declinePaper } from "./bill-approval.ts";
import { alikeSays } from "./bill-guard.ts";
import { isOnHold } from "./bill-hold.rules.ts";
import { inOtherRun, refuseInRun } from "./run-lock.ts";

const roles = ["finance.accountant", "finance.manager"];

/** Of a bill or a credit note of a supplier. */
export const PricesIncludeTax = z.boolean().optional().describe("The lines have the tax in them, as a shop's receipt does.");

/** How a bill wants to be paid. */
export const payingFields = {
  paymentReference: Text(140).optional().describe("What the supplier wants to read with the payment, e.g. RF18 5390 0754 7034."),
  discountDay: Day.optional().describe("Paid by this day, the discount may be taken."),
  discountPercent: DecimalText.optional().describe("What may be taken off for paying early, in percent."),
  supplierBankAccountId: ref("finance.supplierBankAccount").optional().describe("By default the supplier's approved account."),
  rate: DecimalText.optional().describe("For another currency: what one unit of it is worth in the books'; by default the day's rate."),
} as const;

const Quantity = DecimalText.regex(/^(?=.*[1-9])\d{1,12}(\.\d{1,6})?$/, "is above zero, with at most six decimals").meta({
  "x-kind": "decimal",
});

export const BillLine = z.strictObject({
  description: Text(300),
  net: Money.describe("Without tax; with it where prices include tax."),
  taxCode: z.string().max(20).default("standard").describe("Code of the tax, e.g. standard, reduced, exempt."),
  accountId: ref("finance.account").optional().describe("Expense or asset account; by default the one for expenses."),
  unitId: ref("directory.unit").optional().describe("The cost centre."),
  quantity: Quantity.optional().describe("How many, where the paper says so; compared with what was ordered."),
  ...servicePeriod,
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
    lines: z.array(BillLine).min(1).max(500),
    pricesIncludeTax: PricesIncludeTax,
    fileId: FileId.optional().describe("The paper itself, as PDF or picture; the same file cannot be entered twice."),
    ...payingFields,
    bookId: ref("finance.book").optional().describe("By default the main books."),
  }),
  output: z.object({ id: Id, net: Money, tax: Money, total: Money, warnings: z.array(z.string()) }),
  refuses: billRefusals,
  constraints: { bill_once: "enteredBefore", bill_file_once: "fileKnown" },
  emits: ["finance.bill.created"],
  async run(input, context) {
    const { id, totals, total, alike } = await insertBill(context, {
      ...input,
      kind: "bill",
      dueDay: input.dueDay ?? addDays(input.day, usualDueDays),
    });
    await askApproval(context, { id, kind: "bill", supplierNumber: input.supplierNumber, total });
    context.emit("finance.bill.created", { billId: id });
    return { id, net: totals.net, tax: totals.tax, total, warnings: alike ? [alikeSays(alike)] : [] };
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
    aloneReason: AloneReason,
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
    const isAlone = await approvePaper(context, bill, input.aloneReason);
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
    await declinePaper(context, bill, input.reason);
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
    const { number, entryId, entryNumber } = await bookBill(context, bill);
    context.emit("finance.bill.posted", { billId: bill.id, number });
    return { id: bill.id, number, entryId, entryNumber };
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
    bankAccountId: OwnBankAccount,
    day: Day.optional().describe("By default today."),
    amount: Money.optional().describe("By default all that is open."),
    bankAmount: Money.optional().describe("What moved at the bank, where its account is in another currency than the bill."),
    discount: Discount,
    reference: Text(140).optional(),
  }),
  output: z.object({ id: Id, paymentId: ref("finance.payment"), number: z.string(), open: Money }),
  refuses: {
    notFound: "There is no such bill.",
    nothingOpen: "Nothing of this bill is open. A bill is paid after it was posted.",
    onHold: "This bill is on hold: {reason}. Release it first.",
    approverPays: "Who approved a bill does not pay it. Another person has to.",
    ...paymentRefusals,
  },
  when: (record) => record["state"] === "open" || record["state"] === "overdue",
  emits: ["finance.payment.recorded"],
  async run(input, context) {
    const bill = await lockBill(context, input.billId);
    const open = await lockOpen(context, bill.itemId, bill.currency);
    if (bill.itemId === null || bill.state !== "posted" || open.minor <= 0n) refuse("nothingOpen");
    if (isOnHold(bill, context.today)) refuse("onHold", { reason: bill.holdReason });
    // Whoever approved it alone, with a reason that stands on the bill, has nobody else to pay it either.
    if (bill.approvedById === context.actor.personId && bill.approvedById !== null && bill.aloneReason === null) refuse("approverPays");
    const { bankAccountId, reference = bill.supplierNumber, day = context.today, discount } = input;
    const amount = input.amount ?? (discount?.currency === open.currency ? open.minus(discount) : open);
    if (amount.currency !== bill.currency) refuse("currencyDiffers", { currency: bill.currency }, ["amount"]);
    const settled = amount.compare(open) < 0 ? amount : open;
    const payment = await recordPayment(context, {
      direction: "outgoing",
      partyId: bill.supplierId,
      amount,
      bankAmount: input.bankAmount,
      bankAccountId,
      day,
      reference,
      allocations: [{ itemId: bill.itemId, amount: settled, discount }],
    });
    context.emit("finance.payment.recorded", { paymentId: payment.id, billId: bill.id, partyId: bill.supplierId, direction: "outgoing" });
    return { id: bill.id, paymentId: payment.id, number: payment.number, open: open.minus(settled).minus(payment.discount) };
  },
});

/** What is still owed on a bill, positive. */
async function lockOpen(context: WriteContext, itemId: KernelId | null, currency: string): Promise<KernelMoney> {
  const item = await context.db.maybe<{ openAmount: bigint }>(sql`
    select open_currency_amount as open_amount from finance.open_item
    where tenant_id = ${context.tenantId} and id = ${itemId} for update`);
  return new KernelMoney(-(item?.openAmount ?? 0n), currency);
}

export const reverseBill = operation({
  name: "finance.bill.reverse",
  title: "Reverse a bill",
  does: "Mirrors a posted bill that was wrong; the supplier's number is free to be entered again.",
  kind: "write",
  previews: true,
  may: ["finance.manager"],
  input: z.strictObject({
    billId: ref("finance.bill"),
    on: Day.optional().describe("By default its own day, or the first open day after it."),
    reason: LongText(200).min(3, "says why, in a few words"),
  }),
  output: z.object({ id: Id, entryId: ref("finance.journalEntry"), entryNumber: z.string() }),
  refuses: {
    ...reversalRefusals,
    notFound: "There is no such bill.",
    notPosted: "Only a posted bill is reversed; this one is {state}.",
    ...assetCostRefusals,
    inOtherRun,
  },
  when: (record) => record["state"] === "open" || record["state"] === "overdue",
  emits: ["finance.bill.reversed"],
  async run(input, context) {
    const bill = await lockBill(context, input.billId);
    if (bill.state !== "posted") refuse("notPosted", { state: bill.state });
    await requireNoAsset(context, bill.id);
    await refuseInRun(context, [bill.itemId!]);
    const reversal = await reverseEntry(context, bill.entryId!, input.on, input.reason);
    await reverseTaxLines(context, bill.id, reversal.id, reversal.day);
    await reverseSpread(context, bill.id, input.on, input.reason);
    await context.db.run(sql`
      update finance.bill set state = 'reversed' where tenant_id = ${context.tenantId} and id = ${bill.id}`);
    context.emit("finance.bill.reversed", { billId: bill.id, reason: input.reason });
    return { id: bill.id, entryId: reversal.id, entryNumber: reversal.number };
  },
});
