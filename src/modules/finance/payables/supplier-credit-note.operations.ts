// Credit notes of suppliers: entered like a bill, approved or declined by another person, posted, set against bills, paid back, reversed.
//
// | posting     | Dr                             | Cr                                                   |
// |-------------|--------------------------------|------------------------------------------------------|
// | credit note | payable, of the supplier: total| what its lines were booked on: net; input tax: tax   |
// | paid back   | bank                           | payable, of the supplier                             |
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney, sumMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, DecimalText, FileId, Id, LongText, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { rateRefusals } from "../currency/rate.ts";
import { allocate, allocateByHand, settlingRefusals } from "../ledger/allocation.ts";
import { OwnBankAccount } from "../ledger/bank-account.operations.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { shareOldestFirst } from "../ledger/open-item.rules.ts";
import { reversalRefusals, reverseEntry } from "../ledger/reversal.ts";
import { reverseSpread } from "../ledger/spread.ts";
import { paymentRefusals, recordPayment } from "../payments/payment.ts";
import { reverseTaxLines, taxRefusals } from "../tax/tax.ts";
import { billRefusals, insertBill, lockBill, postBill } from "./bill.ts";
import { approvePaper, askApproval, declinePaper } from "./bill-approval.ts";
import { guardRefusals } from "./bill-guard.ts";
import { BillLine, PricesIncludeTax } from "./bill.operations.ts";
import { creditContent, creditRefusals, requireCreditable } from "./credit-content.ts";
import { AloneReason } from "./four-eyes.ts";
import { inOtherRun, notInRun, refuseInRun } from "./run-lock.ts";

const roles = ["finance.accountant", "finance.manager"];
const notFound = "There is no such credit note.";
const nothingOpen = "Nothing of this credit note is left. It is used after it was posted.";
const subject = z.strictObject({ supplierCreditNoteId: ref("finance.supplierCreditNote") });
const isOpen = (record: Readonly<Record<string, unknown>>): boolean => record["state"] === "open";

const { accountUnfit, billCurrenciesMixed, booksMissing, notSupplier, servicePeriodUnfit, totalDiffers, totalNotPositive } = billRefusals;

/** What a supplier's credit note says. */
export const creditFields = {
  supplierId: ref("directory.supplier"),
  supplierNumber: Text(60).describe("The number on the supplier's paper."),
  day: Day.describe("The day on the supplier's paper."),
  billId: ref("finance.bill").optional().describe("The bill that it takes back, in whole or in part."),
  text: LongText(2000).optional(),
  total: Money.optional().describe("What the paper comes to with tax; compared with the lines."),
  lines: z
    .array(BillLine.extend({ billLineId: ref("finance.billLine").optional().describe("The line of the bill that this one takes back.") }))
    .min(1)
    .max(500)
    .optional()
    .describe("What is credited, above zero; by default all lines of the bill."),
  pricesIncludeTax: PricesIncludeTax,
  fileId: FileId.optional().describe("The paper itself, as PDF or picture; the same file cannot be entered twice."),
  rate: DecimalText.optional().describe("For another currency: what one unit is worth in the books'; by default the bill's, or the day's."),
  bookId: ref("finance.book").optional().describe("By default those of the bill, or the main books."),
};

export const createRefusals = {
  booksMissing,
  notSupplier,
  ...guardRefusals,
  enteredBefore:
    "Credit note {supplierNumber} of this supplier was entered before, dated {day}. See: heartwood finance supplier-credit-note list",
  billCurrenciesMixed,
  ...rateRefusals,
  accountUnfit,
  ...taxRefusals,
  servicePeriodUnfit,
  totalNotPositive,
  totalDiffers,
  ...creditRefusals,
} as const;

export const createSupplierCreditNote = operation({
  name: "finance.supplierCreditNote.create",
  title: "Enter a credit note",
  does: "Enters a supplier's credit note, for one bill or for none, and asks for its approval; the same one cannot be entered twice.",
  kind: "write",
  may: roles,
  input: z.strictObject(creditFields),
  output: z.object({ id: Id, net: Money, tax: Money, total: Money }),
  refuses: createRefusals,
  constraints: { bill_once: "enteredBefore", bill_file_once: "fileKnown" },
  emits: ["finance.supplierCreditNote.created"],
  async run(input, context) {
    const { billId, ...wish } = input;
    const { id, totals, total } = await insertBill(context, await creditContent(context, wish, billId));
    if (billId) await requireCreditable(context, billId, { id, total });
    await askApproval(context, { id, kind: "creditNote", supplierNumber: input.supplierNumber, total });
    context.emit("finance.supplierCreditNote.created", { supplierCreditNoteId: id });
    return { id, net: totals.net, tax: totals.tax, total };
  },
});

const State = z.object({ id: Id, state: z.enum(["approved", "declined"]) });

export const approveSupplierCreditNote = operation({
  name: "finance.supplierCreditNote.approve",
  title: "Approve a credit note",
  does: "Says that a supplier's credit note is right; done by someone other than who entered it.",
  kind: "write",
  may: ["finance.manager"],
  input: subject.extend({ aloneReason: AloneReason }),
  output: State,
  refuses: {
    notFound,
    notDraft: "Only a credit note that waits for approval is approved; this one is {state}.",
    selfApproval: "Who entered a credit note does not approve it. Another person has to, or the owner says why there is none.",
  },
  when: (record) => record["state"] === "draft",
  emits: ["finance.supplierCreditNote.approved"],
  async run(input, context) {
    const paper = await lockBill(context, input.supplierCreditNoteId, "creditNote");
    const alone = await approvePaper(context, paper, input.aloneReason);
    context.emit("finance.supplierCreditNote.approved", { supplierCreditNoteId: paper.id, alone });
    return { id: paper.id, state: "approved" as const };
  },
});

export const declineSupplierCreditNote = operation({
  name: "finance.supplierCreditNote.decline",
  title: "Decline a credit note",
  does: "Says that a supplier's credit note is not taken, and why; it can be entered again when it is right.",
  kind: "write",
  may: ["finance.manager"],
  input: subject.extend({ reason: LongText(500).min(3, "says why, in a few words") }),
  output: State,
  refuses: { notFound, alreadyPosted: "The credit note is {state} and cannot be declined any more. Reverse it instead." },
  when: (record) => record["state"] === "draft" || record["state"] === "approved",
  emits: ["finance.supplierCreditNote.declined"],
  async run(input, context) {
    const paper = await lockBill(context, input.supplierCreditNoteId, "creditNote");
    await declinePaper(context, paper, input.reason);
    context.emit("finance.supplierCreditNote.declined", { supplierCreditNoteId: paper.id, reason: input.reason });
    return { id: paper.id, state: "declined" as const };
  },
});

export const postSupplierCreditNote = operation({
  name: "finance.supplierCreditNote.post",
  title: "Post a credit note",
  does: "Books an approved credit note of a supplier and sets it against its bill; what the bill does not take stays in our favour.",
  kind: "write",
  previews: true,
  may: roles,
  input: subject,
  output: z.object({ id: Id, number: z.string(), entryId: ref("finance.journalEntry"), entryNumber: z.string(), open: Money }),
  refuses: { notFound, notApproved: "Only an approved credit note is posted; this one is {state}.", ...postingRefusals },
  when: (record) => record["state"] === "approved",
  emits: ["finance.supplierCreditNote.posted"],
  async run(input, context) {
    const paper = await lockBill(context, input.supplierCreditNoteId, "creditNote");
    if (paper.state !== "approved") refuse("notApproved", { state: paper.state });
    const { number, entryId, entryNumber, itemId } = await postBill(context, paper);
    const total = new KernelMoney(paper.total, paper.currency);
    const applied = await setAgainst(context, { ...paper, itemId }, total, sql`l.id = ${paper.correctsId}`, paper.day, allocate);
    context.emit("finance.supplierCreditNote.posted", { supplierCreditNoteId: paper.id, number, billId: paper.correctsId });
    return { id: paper.id, number, entryId, entryNumber, open: total.minus(applied) };
  },
});

type Used = Pick<Awaited<ReturnType<typeof lockBill>>, "supplierId" | "currency" | "bookId"> & { readonly itemId: KernelId };

/** Settles open bills by a condition on `l`, the earliest due first, but for those that wait in a payment run. Answers what was used. */
async function setAgainst(
  context: WriteContext,
  paper: Used,
  most: KernelMoney,
  condition: Sql,
  day: KernelDay,
  settle: typeof allocate = allocateByHand,
) {
  const { tenantId } = context;
  const items = await context.db.rows<{ id: KernelId; open: bigint }>(sql`
    with held as (
      select o.id, -o.open_currency_amount as open, o.due_day from finance.open_item o
      join finance.bill l on l.tenant_id = ${tenantId} and l.item_id = o.id and l.kind = 'bill' and l.state = 'posted' and (${condition})
      where o.tenant_id = ${tenantId} and o.book_id = ${paper.bookId} and o.direction = 'payable' and o.party_id = ${paper.supplierId}
        and o.currency = ${paper.currency} and o.open_currency_amount < 0 and ${notInRun(tenantId)}
      order by o.id for update of o)
    select id, open from held order by due_day, id`);
  const shares = shareOldestFirst(
    most,
    items.map((item) => ({ id: item.id, open: new KernelMoney(item.open, paper.currency) })),
  );
  await settle(
    context,
    shares.map((share) => ({ ...share, againstId: paper.itemId })),
    day,
  );
  return sumMoney(
    shares.map((share) => share.amount),
    paper.currency,
  );
}

/** What is left of a posted credit note, locked. Refuses `notFound`, `nothingOpen` and `inOtherRun`. */
async function lockLeft(context: WriteContext, id: KernelId) {
  const paper = await lockBill(context, id, "creditNote");
  const item = await context.db.maybe<{ open: bigint }>(sql`
    select open_currency_amount as open from finance.open_item
    where tenant_id = ${context.tenantId} and id = ${paper.itemId} for update`);
  if (paper.state !== "posted" || paper.itemId === null || !item || item.open <= 0n) refuse("nothingOpen");
  await refuseInRun(context, [paper.itemId]);
  return { ...paper, itemId: paper.itemId, open: new KernelMoney(item.open, paper.currency) };
}

export const applySupplierCreditNote = operation({
  name: "finance.supplierCreditNote.apply",
  title: "Set it against bills",
  does: "Settles open bills of the supplier with a posted credit note: those named, in whole or in part, or the earliest due first.",
  kind: "write",
  previews: true,
  may: roles,
  input: subject.extend({
    bills: z
      .array(z.strictObject({ billId: ref("finance.bill"), amount: Money.optional().describe("By default as much as there is.") }))
      .min(1)
      .max(500)
      .optional()
      .describe("By default all open bills of the supplier, the earliest due first."),
    on: Day.optional().describe("By default today."),
  }),
  output: z.object({ id: Id, applied: Money, open: Money }),
  refuses: {
    notFound,
    nothingOpen,
    noBillOpen: "No bill of this supplier is open in {currency} outside a payment run. Keep the credit, or have it paid back.",
    billNotOpen: "A bill named is not open, is another supplier's or in another currency, or waits in a payment run. Leave it out.",
    inOtherRun,
    ...settlingRefusals,
  },
  when: isOpen,
  emits: ["finance.supplierCreditNote.applied"],
  async run({ supplierCreditNoteId, bills, on }, context) {
    const paper = await lockLeft(context, supplierCreditNoteId);
    const day = on ?? context.today;
    let applied = KernelMoney.zero(paper.currency);
    if (bills) {
      // One after the other: each takes what the ones before it left.
      for (const [index, { billId, amount }] of bills.entries()) {
        const left = paper.open.minus(applied);
        const most = amount ?? left;
        if (most.minor > left.minor) refuse("moreThanOpen", { reference: paper.supplierNumber, open: left.toString() }, ["bills", index]);
        const used = await setAgainst(context, paper, most, sql`l.id = ${billId}`, day);
        if (used.minor === 0n || (amount && !used.equals(amount))) refuse("billNotOpen", {}, ["bills", index]);
        applied = applied.plus(used);
      }
    } else {
      applied = await setAgainst(context, paper, paper.open, sql`true`, day);
      if (applied.minor === 0n) refuse("noBillOpen", { currency: paper.currency });
    }
    context.emit("finance.supplierCreditNote.applied", { supplierCreditNoteId: paper.id, amount: applied.toString() });
    return { id: paper.id, applied, open: paper.open.minus(applied) };
  },
});

export const refundSupplierCreditNote = operation({
  name: "finance.supplierCreditNote.recordRefund",
  title: "Record its refund",
  does: "Posts what the supplier paid back for a credit note, to one of the company's bank accounts.",
  kind: "write",
  previews: true,
  may: roles,
  input: subject.extend({
    bankAccountId: OwnBankAccount,
    day: Day.optional().describe("By default today."),
    amount: Money.optional().describe("By default all that is left."),
    bankAmount: Money.optional().describe("What moved at the bank, where its account is in another currency than the credit note."),
    reference: Text(140).optional(),
  }),
  output: z.object({ id: Id, paymentId: ref("finance.payment"), number: z.string(), open: Money }),
  refuses: { notFound, nothingOpen, ...paymentRefusals },
  when: isOpen,
  emits: ["finance.payment.recorded"],
  async run(input, context) {
    const paper = await lockLeft(context, input.supplierCreditNoteId);
    const { bankAccountId, bankAmount, reference = paper.supplierNumber, day = context.today, amount = paper.open } = input;
    if (amount.currency !== paper.currency) refuse("currencyDiffers", { currency: paper.currency }, ["amount"]);
    const payment = await recordPayment(context, {
      direction: "incoming",
      against: "payable",
      partyId: paper.supplierId,
      amount,
      bankAmount,
      bankAccountId,
      day,
      reference,
      allocations: [{ itemId: paper.itemId, amount }],
    });
    context.emit("finance.payment.recorded", { paymentId: payment.id, partyId: paper.supplierId, direction: "incoming" });
    return { id: paper.id, paymentId: payment.id, number: payment.number, open: paper.open.minus(amount) };
  },
});

export const reverseSupplierCreditNote = operation({
  name: "finance.supplierCreditNote.reverse",
  title: "Reverse a credit note",
  does: "Mirrors a supplier's credit note that was wrong, with its tax; what it had settled is undone first.",
  kind: "write",
  previews: true,
  may: ["finance.manager"],
  input: subject.extend({
    on: Day.optional().describe("By default its own day, or the first open day after it."),
    reason: LongText(200).min(3, "says why, in a few words"),
  }),
  output: z.object({ id: Id, entryId: ref("finance.journalEntry"), entryNumber: z.string() }),
  refuses: { ...reversalRefusals, notFound, notPosted: "Only a posted credit note is reversed; this one is {state}.", inOtherRun },
  when: isOpen,
  emits: ["finance.supplierCreditNote.reversed"],
  async run(input, context) {
    const paper = await lockBill(context, input.supplierCreditNoteId, "creditNote");
    if (paper.state !== "posted") refuse("notPosted", { state: paper.state });
    await refuseInRun(context, [paper.itemId!]);
    const reversal = await reverseEntry(context, paper.entryId!, input.on, input.reason);
    await reverseTaxLines(context, paper.id, reversal.id, reversal.day);
    await reverseSpread(context, paper.id, input.on, input.reason);
    await context.db.run(sql`
      update finance.bill set state = 'reversed' where tenant_id = ${context.tenantId} and id = ${paper.id}`);
    context.emit("finance.supplierCreditNote.reversed", { supplierCreditNoteId: paper.id, reason: input.reason });
    return { id: paper.id, entryId: reversal.id, entryNumber: reversal.number };
  },
});
