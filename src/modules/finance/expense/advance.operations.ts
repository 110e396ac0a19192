// Advances: money given to a person before they spend it. It is approved, paid, used up by their claims, and the rest comes back.
//
// | advance        | Dr                                      | Cr                                     |
// |----------------|-----------------------------------------|----------------------------------------|
// | paid           | expenses and advances, of the employee  | bank                                   |
// | brought back   | bank                                    | expenses and advances, of the employee |
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, Id, Money, ref, Text } from "../../../platform/operation/field.ts";
import { anyone, houseOnceAgreed, operation } from "../../../platform/operation/operation.ts";
import { OwnBankAccount } from "../ledger/bank-account.operations.ts";
import { managerOf } from "../../directory/index.ts";
import { approvable, requestApproval } from "../../office/index.ts";
import { bookOf } from "../ledger/book.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { paymentRefusals, recordPayment } from "../payments/payment.ts";
import { claimant, nextNumber, noPerson } from "./claim.store.ts";
import { expenseRoles } from "./policy.operations.ts";

interface KeptAdvance {
  readonly id: KernelId;
  readonly number: string;
  readonly personId: KernelId;
  readonly amount: bigint;
  readonly currency: string;
  readonly state: "requested" | "approved" | "rejected" | "paid";
  readonly itemId: KernelId | null;
  /** What of it is in hand still. */
  readonly openAmount: bigint;
  readonly isTakenBack: boolean;
}

const notFound = "There is no such advance, or it is not yours to see.";

async function lockAdvance(context: WriteContext, id: KernelId): Promise<KeptAdvance> {
  const advance = await context.db.maybe<KeptAdvance>(sql`
    select a.id, a.number, a.person_id, a.amount, b.currency, a.state, a.item_id, coalesce((select o.open_amount from finance.open_item o
        where o.tenant_id = ${context.tenantId} and o.id = a.item_id), 0)::bigint as open_amount,
      exists (select from finance.payment p where p.tenant_id = ${context.tenantId} and p.id = a.payment_id and p.state = 'reversed')
        as is_taken_back
    from finance.expense_advance a join finance.book b on b.tenant_id = ${context.tenantId} and b.id = a.book_id
    where a.tenant_id = ${context.tenantId} and a.id = ${id} for update of a`);
  return advance ?? refuse("notFound");
}

/** Released with its approval. Asked for by an approval only, never by hand. */
export const approveAdvance = approvable(
  operation({
    name: "finance.expenseAdvance.approve",
    title: "Approve an advance",
    does: "Releases an advance for payment; the house does it when the approval was given.",
    kind: "write",
    may: [houseOnceAgreed],
    when: () => false,
    input: z.strictObject({ expenseAdvanceId: ref("finance.expenseAdvance") }),
    output: z.object({ id: Id }),
    refuses: { notFound, notRequested: "Only an advance that was asked for is approved; this one is {state}." },
    emits: ["finance.expenseAdvance.approved"],
    async run(input, context) {
      const advance = await lockAdvance(context, input.expenseAdvanceId);
      if (advance.state !== "requested") refuse("notRequested", { state: advance.state });
      await context.db.run(sql`
        update finance.expense_advance set state = 'approved' where tenant_id = ${context.tenantId} and id = ${advance.id}`);
      context.emit("finance.expenseAdvance.approved", { expenseAdvanceId: advance.id });
      return { id: advance.id };
    },
  }),
);

export const requestAdvance = operation({
  name: "finance.expenseAdvance.request",
  title: "Ask for an advance",
  does: "Asks your line manager for money before you spend it for the company; your next claims use it up.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({
    amount: Money,
    reason: Text(200).describe("What it is for."),
    wantedBy: Day,
    bookId: ref("finance.book").optional().describe("By default the main books."),
  }),
  output: z.object({ id: Id, number: z.string(), approvalId: Id }),
  refuses: {
    noPerson,
    booksMissing: postingRefusals.booksMissing,
    currencyDiffers: postingRefusals.currencyDiffers,
    amountNotPositive: "An advance has an amount above zero.",
  },
  emits: ["finance.expenseAdvance.requested"],
  async run(input, context) {
    const personId = claimant(context);
    const book = await bookOf(context, input.bookId);
    const { amount, reason, wantedBy } = input;
    if (amount.currency !== book.currency) refuse("currencyDiffers", { currency: book.currency }, ["amount"]);
    if (amount.minor <= 0n) refuse("amountNotPositive", {}, ["amount"]);
    const id = context.newId();
    const number = await nextNumber(context, book, "ADV");
    await context.db.run(sql`
      insert into finance.expense_advance (tenant_id, id, book_id, number, person_id, amount, reason, wanted_by, state)
      values (${context.tenantId}, ${id}, ${book.id}, ${number}, ${personId}, ${amount.minor}, ${reason}, ${wantedBy}, 'requested')`);
    const approvalId = await requestApproval(context, {
      title: `Advance ${number} of ${context.actor.name}: ${reason}`.slice(0, 200),
      about: { subject: "finance.expenseAdvance", id },
      activity: "finance.expenseApproval",
      firstId: await managerOf(context, personId, context.today),
      amount,
      asks: { operation: approveAdvance, input: { expenseAdvanceId: id } },
      snapshot: { amount, reason, wantedBy },
    });
    await context.db.run(sql`
      update finance.expense_advance set approval_id = ${approvalId} where tenant_id = ${context.tenantId} and id = ${id}`);
    context.emit("finance.expenseAdvance.requested", { expenseAdvanceId: id, personId });
    return { id, number, approvalId };
  },
});

export const payAdvance = operation({
  name: "finance.expenseAdvance.pay",
  title: "Pay it out",
  does: "Posts the payment of an approved advance; from then on the person has it in hand.",
  kind: "write",
  previews: true,
  may: expenseRoles,
  input: z.strictObject({
    expenseAdvanceId: ref("finance.expenseAdvance"),
    bankAccountId: OwnBankAccount,
    day: Day.optional().describe("By default today."),
  }),
  output: z.object({ id: Id, paymentId: ref("finance.payment"), number: z.string() }),
  refuses: { notFound, notApproved: "Only an approved advance is paid; this one is {state}.", ...paymentRefusals },
  when: (record) => record["state"] === "approved",
  emits: ["finance.expenseAdvance.paid"],
  async run(input, context) {
    const advance = await lockAdvance(context, input.expenseAdvanceId);
    if (advance.state !== "approved" && !advance.isTakenBack) refuse("notApproved", { state: advance.state });
    const payment = await recordPayment(context, {
      direction: "outgoing",
      partyId: advance.personId,
      amount: new KernelMoney(advance.amount, advance.currency),
      bankAccountId: input.bankAccountId,
      day: input.day ?? context.today,
      reference: advance.number,
      role: "employeePayable",
    });
    await context.db.run(sql`
      update finance.expense_advance set state = 'paid', payment_id = ${payment.id}, item_id = ${payment.itemId}
      where tenant_id = ${context.tenantId} and id = ${advance.id}`);
    context.emit("finance.expenseAdvance.paid", { expenseAdvanceId: advance.id, paymentId: payment.id });
    return { id: advance.id, paymentId: payment.id, number: payment.number };
  },
});

export const returnAdvance = operation({
  name: "finance.expenseAdvance.return",
  title: "Take the rest back",
  does: "Posts what the person brings back of an advance that they did not need.",
  kind: "write",
  previews: true,
  may: expenseRoles,
  input: z.strictObject({
    expenseAdvanceId: ref("finance.expenseAdvance"),
    bankAccountId: OwnBankAccount,
    amount: Money.optional().describe("By default all that is in hand."),
    day: Day.optional().describe("By default today."),
  }),
  output: z.object({ id: Id, paymentId: ref("finance.payment"), left: Money }),
  refuses: { notFound, nothingInHand: "Nothing of this advance is in hand.", ...paymentRefusals },
  when: (record) => record["state"] === "paid",
  emits: ["finance.expenseAdvance.returned"],
  async run(input, context) {
    const advance = await lockAdvance(context, input.expenseAdvanceId);
    const left = new KernelMoney(advance.openAmount, advance.currency);
    if (!advance.itemId || left.minor <= 0n) refuse("nothingInHand");
    const amount = input.amount ?? left;
    const payment = await recordPayment(context, {
      direction: "incoming",
      against: "payable",
      role: "employeePayable",
      partyId: advance.personId,
      amount,
      bankAccountId: input.bankAccountId,
      day: input.day ?? context.today,
      reference: advance.number,
      allocations: [{ itemId: advance.itemId, amount }],
    });
    context.emit("finance.expenseAdvance.returned", { expenseAdvanceId: advance.id, paymentId: payment.id });
    return { id: advance.id, paymentId: payment.id, left: left.minus(amount) };
  },
});
