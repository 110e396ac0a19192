// Expense claims: made by a person for themself, sent, decided by their line manager, booked with the approval, and paid out.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Day, Id, LongText, Money, ref, Text } from "../../../platform/operation/field.ts";
import { anyone, houseOnceAgreed, operation } from "../../../platform/operation/operation.ts";
import { OwnBankAccount } from "../ledger/bank-account.operations.ts";
import { managerOf } from "../../directory/index.ts";
import { approvable, requestApproval, voidApprovals } from "../../office/index.ts";
import { bookOf } from "../ledger/book.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { reversalRefusals, reverseEntry } from "../ledger/reversal.ts";
import { paymentRefusals, recordPayment } from "../payments/payment.ts";
import { reverseTaxLines } from "../tax/tax.ts";
import { postClaim } from "./claim-posting.ts";
import { claimant, claimLines, insertClaim, type KeptClaim, lockClaim, lockOwnClaim, noPerson, ownClaimRefusals } from "./claim.store.ts";
import { countDistances } from "./mileage.store.ts";
import { expenseRoles } from "./policy.operations.ts";

const about = (id: KernelId): { subject: string; id: KernelId } => ({ subject: "finance.expenseClaim", id });
const isOpen = (record: Readonly<Record<string, unknown>>): boolean => record["mine"] === true && isEditable(record["state"]);
const isEditable = (state: unknown): boolean => state === "draft" || state === "rejected";
const notFound = "There is no such expense claim, or it is not yours to see.";

export const createClaim = operation({
  name: "finance.expenseClaim.create",
  title: "Begin an expense claim",
  does: "Begins a claim of your own, on which you collect what you paid for the company.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({
    title: Text(120).describe("What it was for."),
    bookId: ref("finance.book").optional().describe("By default the main books."),
  }),
  output: z.object({ id: Id, number: z.string() }),
  refuses: { noPerson, booksMissing: postingRefusals.booksMissing },
  emits: ["finance.expenseClaim.created"],
  example: { title: "Trade fair in Hanover" },
  async run(input, context) {
    const personId = claimant(context);
    const made = await insertClaim(context, await bookOf(context, input.bookId), personId, input.title);
    context.emit("finance.expenseClaim.created", { expenseClaimId: made.id, personId });
    return made;
  },
});

/** Booked with its approval. Asked for by an approval only, never by hand. */
export const approveClaim = approvable(
  operation({
    name: "finance.expenseClaim.approve",
    title: "Approve an expense claim",
    does: "Books a claim that a second person has agreed to; the house does it when the approval was given.",
    kind: "write",
    may: [houseOnceAgreed],
    // Never offered on screen: the decision is made on the approval.
    when: () => false,
    input: z.strictObject({ expenseClaimId: ref("finance.expenseClaim") }),
    output: z.object({ id: Id, entryId: ref("finance.journalEntry"), number: z.string() }),
    refuses: { notFound, notSubmitted: "Only a claim that was sent is approved; this one is {state}.", ...postingRefusals },
    emits: ["finance.expenseClaim.posted"],
    async run(input, context) {
      const claim = await lockClaim(context, input.expenseClaimId);
      if (claim.state !== "submitted") refuse("notSubmitted", { state: claim.state });
      const posted = await postClaim(context, claim, await claimLines(context, claim));
      context.emit("finance.expenseClaim.posted", { expenseClaimId: claim.id, personId: claim.personId });
      return { id: claim.id, ...posted };
    },
  }),
);

export const submitClaim = operation({
  name: "finance.expenseClaim.submit",
  title: "Send it for approval",
  does: "Sends your claim to your line manager, or to whoever answers for expenses, with what they should look at.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({ expenseClaimId: ref("finance.expenseClaim") }),
  output: z.object({ id: Id, approvalId: Id, total: Money, flags: z.array(z.string()) }),
  refuses: {
    ...ownClaimRefusals,
    noLines: "Nothing is on the claim yet. Add a receipt first.",
    receiptMissing: "{line} has no receipt. Add it again with its receipt, or say why there is none.",
    roleUnassigned: postingRefusals.roleUnassigned,
  },
  when: isOpen,
  emits: ["finance.expenseClaim.submitted"],
  async run(input, context) {
    const claim = await lockOwnClaim(context, input.expenseClaimId);
    await countDistances(context, claim);
    const lines = await claimLines(context, claim);
    if (lines.length === 0) refuse("noLines");
    const unproven = await context.db.maybe<{ description: string }>(sql`
      select l.description from finance.expense_line l
      join finance.expense_category k on k.tenant_id = ${context.tenantId} and k.id = l.category_id and k.wants_receipt
      where l.tenant_id = ${context.tenantId} and l.claim_id = ${claim.id} and l.file_id is null and l.no_receipt_reason is null limit 1`);
    if (unproven) refuse("receiptMissing", { line: unproven.description });
    await context.db.run(sql`
      update finance.expense_line l set flags = string_to_array(f.flags, ' ')
      from unnest(${lines.map((line) => line.id)}::uuid[], ${lines.map((line) => line.flags.join(" "))}::text[]) as f (id, flags)
      where l.tenant_id = ${context.tenantId} and l.id = f.id`);
    const total = new KernelMoney(
      lines.reduce((sum, line) => sum + line.amount, 0n),
      claim.currency,
    );
    const approvalId = await askFor(context, claim, total, lines);
    await context.db.run(sql`
      update finance.expense_claim set state = 'submitted', submitted_on = ${context.today}, approval_id = ${approvalId}
      where tenant_id = ${context.tenantId} and id = ${claim.id}`);
    context.emit("finance.expenseClaim.submitted", { expenseClaimId: claim.id, personId: claim.personId });
    return { id: claim.id, approvalId, total, flags: [...new Set(lines.flatMap((line) => line.flags))] };
  },
});

async function askFor(
  context: WriteContext,
  claim: KeptClaim,
  total: KernelMoney,
  lines: Awaited<ReturnType<typeof claimLines>>,
): Promise<KernelId> {
  const flags = lines.flatMap((line) => line.flags);
  return requestApproval(context, {
    title: `Expenses ${claim.number} of ${claim.person}`.slice(0, 200),
    about: about(claim.id),
    activity: "finance.expenseApproval",
    place: claim.unitId ? { kind: "unit", id: claim.unitId } : undefined,
    firstId: await managerOf(context, claim.personId, context.today),
    amount: total,
    asks: { operation: approveClaim, input: { expenseClaimId: claim.id } },
    // What is on it stands on the claim, which only those concerned may read; this is kept with the approval for everyone who sees that.
    snapshot: { total, expenses: lines.length, lookAt: [...new Set(flags)] },
  });
}

export const takeBackClaim = operation({
  name: "finance.expenseClaim.takeBack",
  title: "Take it back",
  does: "Takes a claim back that you sent and nobody has decided yet, to change it.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({ expenseClaimId: ref("finance.expenseClaim") }),
  output: z.object({ id: Id }),
  refuses: { notFound: ownClaimRefusals.notFound, notSubmitted: "Only a claim that was sent is taken back; this one is {state}." },
  when: (record) => record["mine"] === true && record["state"] === "submitted",
  emits: ["finance.expenseClaim.takenBack"],
  async run(input, context) {
    const claim = await lockClaim(context, input.expenseClaimId);
    if (claim.personId !== context.actor.personId) refuse("notFound");
    if (claim.state !== "submitted") refuse("notSubmitted", { state: claim.state });
    await voidApprovals(context, about(claim.id), "The claim was taken back.");
    await context.db.run(sql`
      update finance.expense_claim set state = 'draft', approval_id = null where tenant_id = ${context.tenantId} and id = ${claim.id}`);
    context.emit("finance.expenseClaim.takenBack", { expenseClaimId: claim.id });
    return { id: claim.id };
  },
});

export const discardClaim = operation({
  name: "finance.expenseClaim.discard",
  title: "Throw it away",
  does: "Throws a claim of yours away that was never approved, with all that is on it.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({ expenseClaimId: ref("finance.expenseClaim") }),
  output: z.object({ id: Id }),
  refuses: ownClaimRefusals,
  when: isOpen,
  emits: ["finance.expenseClaim.discarded"],
  async run(input, context) {
    const claim = await lockOwnClaim(context, input.expenseClaimId);
    await context.db.run(sql`delete from finance.expense_line where tenant_id = ${context.tenantId} and claim_id = ${claim.id}`);
    await context.db.run(sql`delete from finance.expense_claim where tenant_id = ${context.tenantId} and id = ${claim.id}`);
    await countDistances(context, claim);
    context.emit("finance.expenseClaim.discarded", { expenseClaimId: claim.id });
    return { id: claim.id };
  },
});

export const payClaim = operation({
  name: "finance.expenseClaim.pay",
  title: "Pay it out",
  does: "Posts the payment of what is still owed on a claim, after what the person had in advance.",
  kind: "write",
  previews: true,
  may: expenseRoles,
  input: z.strictObject({
    expenseClaimId: ref("finance.expenseClaim"),
    bankAccountId: OwnBankAccount,
    day: Day.optional().describe("By default today."),
  }),
  output: z.object({ id: Id, paymentId: ref("finance.payment"), number: z.string(), amount: Money }),
  refuses: { notFound, nothingOwed: "Nothing is owed on this claim. A claim is paid after it was approved.", ...paymentRefusals },
  when: (record) => record["state"] === "approved",
  emits: ["finance.expenseClaim.paid"],
  async run(input, context) {
    const claim = await lockClaim(context, input.expenseClaimId);
    const item = await context.db.maybe<{ openAmount: bigint }>(sql`
      select open_amount from finance.open_item where tenant_id = ${context.tenantId} and id = ${claim.itemId}::uuid for update`);
    const amount = new KernelMoney(-(item?.openAmount ?? 0n), claim.currency);
    if (!claim.itemId || amount.minor <= 0n) refuse("nothingOwed");
    const payment = await recordPayment(context, {
      direction: "outgoing",
      partyId: claim.personId,
      amount,
      bankAccountId: input.bankAccountId,
      day: input.day ?? context.today,
      reference: claim.number,
      role: "employeePayable",
      allocations: [{ itemId: claim.itemId, amount }],
    });
    context.emit("finance.expenseClaim.paid", { expenseClaimId: claim.id, paymentId: payment.id });
    return { id: claim.id, paymentId: payment.id, number: payment.number, amount };
  },
});

export const sendBackClaim = operation({
  name: "finance.expenseClaim.sendBack",
  title: "Send it back",
  does: "Mirrors an approved claim that was wrong and not paid yet, and gives it back to the person with the reason.",
  kind: "write",
  previews: true,
  may: ["finance.manager"],
  input: z.strictObject({ expenseClaimId: ref("finance.expenseClaim"), reason: LongText(300).min(3, "says why, in a few words") }),
  output: z.object({ id: Id, entryId: ref("finance.journalEntry") }),
  refuses: { ...reversalRefusals, notFound, notApproved: "Only an approved claim is sent back; this one is {state}." },
  when: (record) => record["state"] === "approved",
  emits: ["finance.expenseClaim.sentBack"],
  async run(input, context) {
    const claim = await lockClaim(context, input.expenseClaimId);
    if (claim.state !== "posted") refuse("notApproved", { state: claim.state });
    const mirror = await reverseEntry(context, claim.entryId!, context.today, input.reason);
    await reverseTaxLines(context, claim.id, mirror.id, context.today);
    await context.db.run(sql`
      update finance.expense_claim set state = 'rejected', reject_reason = ${input.reason}, entry_id = null, item_id = null,
        posted_on = null
      where tenant_id = ${context.tenantId} and id = ${claim.id}`);
    context.emit("finance.expenseClaim.sentBack", { expenseClaimId: claim.id, reason: input.reason });
    return { id: claim.id, entryId: mirror.id };
  },
});
