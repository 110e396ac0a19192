// What is done with invoices: drafted, posted, paid; a draft may be changed or cancelled, a posted one only credited, as
// credit-note.operations.ts has it.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse, Refusal } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { Actor, WriteContext } from "../../../platform/operation/context.ts";
import { Day, DecimalText, Id, LongText, Money, ref, Text } from "../../../platform/operation/field.ts";
import { alone, operation, type Wish } from "../../../platform/operation/operation.ts";
import { OwnBankAccount } from "../ledger/bank-account.operations.ts";
import { postingRefusals } from "../ledger/entry.rules.ts";
import { paymentRefusals, recordPayment, withDiscount } from "../payments/payment.ts";
import { Discount } from "../payments/payment.operations.ts";
import { shareOldestFirst } from "../ledger/open-item.rules.ts";
import { creditRefusals, postCreditNote } from "./credit-note.ts";
import { invoiceContent } from "./invoice.fields.ts";
import { lockInvoice, openOf } from "./invoice-lock.ts";
import type { ReadyInvoice } from "./invoice.rules.ts";
import { changeDraft, insertDraft, invoiceRefusals, issueInvoices, limitRefusals, type PostedInvoice, postInvoices } from "./invoice.ts";

const roles = ["finance.accountant", "finance.manager"];

/** What an invoice says, whether it is drafted or issued at once. */
const content = {
  ...invoiceContent,
  day: Day.optional().describe("By default today."),
  deposits: z
    .array(z.strictObject({ depositId: ref("finance.deposit"), net: Money.optional().describe("By default all that is left of it.") }))
    .max(50)
    .optional()
    .describe("Deposits paid before, which this invoice takes off."),
  rate: DecimalText.optional().describe("For another currency: what one unit of it is worth in the books'; by default the day's rate."),
  isDeposit: z.boolean().optional().describe("Asks for a deposit: nothing is delivered yet, and it is no sale."),
};

const OverLimitReason = LongText(300).min(3).optional().describe("Why the customer may owe more than agreed; the finance manager says so.");
export const Draft = z.object({
  id: Id,
  net: Money,
  tax: Money,
  rounding: Money,
  total: Money,
  taxes: z.array(z.object({ code: z.string(), percent: DecimalText, base: Money, tax: Money })),
  instalments: z.array(z.object({ dueDay: Day, amount: Money })),
  discounts: z.array(z.object({ untilDay: Day, amount: Money })).describe("What may be taken off for paying early."),
});

export function shownDraft(id: KernelId, { totals, instalments, offers }: ReadyInvoice): z.output<typeof Draft> {
  const { net, tax, rounding, total } = totals;
  const taxes = totals.taxes.map(({ part, base, tax: own }) => ({ code: part.code, percent: part.percent, base, tax: own }));
  return { id, net, tax, rounding, total, taxes, instalments: [...instalments], discounts: offers.flat() };
}

export const createInvoice = operation({
  name: "finance.invoice.create",
  title: "Draft an invoice",
  does: "Puts together an invoice for a customer; nothing is booked until it is posted.",
  kind: "write",
  may: roles,
  input: z.strictObject(content),
  output: Draft,
  refuses: invoiceRefusals,
  emits: ["finance.invoice.created"],
  async run(input, context) {
    const { id, ready } = await insertDraft(context, { ...input, kind: "invoice", day: input.day ?? context.today });
    context.emit("finance.invoice.created", { invoiceId: id });
    return shownDraft(id, ready);
  },
});

export const changeInvoice = operation({
  name: "finance.invoice.change",
  title: "Change a draft",
  does: "Puts new content in the place of what a draft said; a posted invoice is never changed, only credited.",
  kind: "write",
  may: roles,
  input: z.strictObject({ invoiceId: ref("finance.invoice"), ...content }),
  output: Draft,
  refuses: {
    notFound: "There is no such invoice.",
    notDraft: "Only a draft is changed; this invoice is {state}. Credit it and issue another.",
    kindDiffers: "This draft is a credit note. Change it as one: heartwood finance invoice change-credit-note",
    ...invoiceRefusals,
  },
  when: (record) => record["state"] === "draft" && record["kind"] === "invoice",
  async run({ invoiceId, ...input }, context) {
    const ready = await changeDraft(context, invoiceId, { ...input, kind: "invoice", day: input.day ?? context.today });
    return shownDraft(invoiceId, ready);
  },
});

export const Posted = z.object({ id: Id, number: z.string(), entryId: ref("finance.journalEntry"), entryNumber: z.string(), total: Money });

export const postRefusals = {
  notFound: "There is no such invoice.",
  notDraft: "Only a draft is posted; this invoice is {state}.",
  ...invoiceRefusals,
  ...limitRefusals,
  ...postingRefusals,
} as const;

export const postInvoice = operation({
  name: "finance.invoice.post",
  title: "Post an invoice",
  does: "Gives the invoice its number and books it; a credit note is set against what is still open of its invoice.",
  kind: "write",
  previews: true,
  may: roles,
  input: z.strictObject({ invoiceId: ref("finance.invoice"), overLimitReason: OverLimitReason }),
  output: Posted,
  refuses: { ...postRefusals, ...creditRefusals },
  when: (record) => record["state"] === "draft",
  emits: ["finance.invoice.posted", "finance.invoice.credited"],
  async run(input, context) {
    const credited = await postCreditNote(context, input.invoiceId);
    if (credited) return credited;
    const [posted] = await postInvoices(context, [input.invoiceId], input.overLimitReason);
    const { id, number, entryId, entryNumber, total } = posted!;
    context.emit("finance.invoice.posted", { invoiceId: id, number });
    return { id, number, entryId, entryNumber, total };
  },
});

const IssueInput = z.strictObject({ ...content, overLimitReason: OverLimitReason });
type Issued = Pick<PostedInvoice, "id" | "number" | "entryId" | "entryNumber" | "total"> & Pick<PostedInvoice["totals"], "net" | "tax">;

/** Issues what several people wish for at once; the invoices of one set of books in one piece. */
async function issueMany(wishes: readonly Wish<z.output<typeof IssueInput>>[], context: WriteContext): Promise<(Issued | Refusal)[]> {
  const answers: (Issued | Refusal)[] = [];
  for (const bookId of new Set(wishes.map(({ input }) => input.bookId))) {
    const places = [...wishes.keys()].filter((place) => wishes[place]!.input.bookId === bookId);
    const inputs = places.map((place) => {
      const { input, actor } = wishes[place]!;
      const author = { personId: actor.personId, name: actor.name, isManager: isManager(actor) };
      return { ...input, kind: "invoice" as const, day: input.day ?? context.today, author };
    });
    const issued = await issueInvoices(context, inputs);
    for (const [index, place] of places.entries()) answers[place] = answerOf(issued[index]!);
  }
  const invoices = answers.flatMap((one) => (one instanceof Refusal ? [] : [{ invoiceId: one.id, number: one.number }]));
  if (invoices.length > 0) context.emit("finance.invoice.issued", { invoices });
  return answers;
}

const isManager = (actor: Actor): boolean =>
  actor.grants.some((grant) => grant.scope === null && (grant.role === "owner" || grant.role === "finance.manager"));

function answerOf(issued: PostedInvoice | Refusal): Issued | Refusal {
  if (issued instanceof Refusal) return issued;
  const { id, number, entryId, entryNumber, total, totals } = issued;
  return { id, number, entryId, entryNumber, total, net: totals.net, tax: totals.tax };
}

export const issueInvoice = operation({
  name: "finance.invoice.issue",
  title: "Issue an invoice",
  does: "Creates an invoice and posts it in one step: number, what the customer owes, the sales and the tax.",
  kind: "write",
  previews: true,
  may: roles,
  input: IssueInput,
  output: Posted.extend({ net: Money, tax: Money }),
  refuses: { ...invoiceRefusals, ...limitRefusals, ...postingRefusals },
  emits: ["finance.invoice.issued"],
  run: alone(issueMany),
  many: issueMany,
});

export const cancelInvoice = operation({
  name: "finance.invoice.cancel",
  title: "Cancel a draft",
  does: "Sets a draft aside that is not wanted any more.",
  kind: "write",
  may: roles,
  input: z.strictObject({ invoiceId: ref("finance.invoice") }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There is no such invoice.", notDraft: "Only a draft is cancelled; this invoice is {state}. Credit it instead." },
  when: (record) => record["state"] === "draft",
  async run(input, context) {
    const invoice = await lockInvoice(context, input.invoiceId);
    if (invoice.state !== "draft") refuse("notDraft", { state: invoice.state });
    await context.db.run(sql`
      update finance.invoice set state = 'cancelled' where tenant_id = ${context.tenantId} and id = ${invoice.id}`);
    return { id: invoice.id };
  },
});

export const payInvoice = operation({
  name: "finance.invoice.recordPayment",
  title: "Record its payment",
  does: "Posts the customer's payment of this invoice; what is paid beyond it stays on the customer's account.",
  kind: "write",
  previews: true,
  may: roles,
  input: z.strictObject({
    invoiceId: ref("finance.invoice"),
    bankAccountId: OwnBankAccount,
    day: Day.optional().describe("By default today."),
    amount: Money.optional().describe("By default all that is open."),
    bankAmount: Money.optional().describe("What moved at the bank, where its account is in another currency than the invoice."),
    discount: Discount,
    reference: Text(140).optional(),
  }),
  output: z.object({ id: Id, paymentId: ref("finance.payment"), number: z.string(), open: Money }),
  refuses: { notFound: "There is no such invoice.", nothingOpen: "Nothing of this invoice is open.", ...paymentRefusals },
  when: (record) => record["kind"] === "invoice" && (record["state"] === "open" || record["state"] === "overdue"),
  emits: ["finance.payment.recorded"],
  async run(input, context) {
    const invoice = await lockInvoice(context, input.invoiceId);
    const open = openOf(invoice);
    if (invoice.state !== "posted" || open.minor <= 0n) refuse("nothingOpen");
    const { bankAccountId, reference = invoice.number, day = context.today, discount } = input;
    const amount = input.amount ?? (discount?.currency === open.currency ? open.minus(discount) : open);
    if (amount.currency !== open.currency) refuse("currencyDiffers", { currency: open.currency }, ["amount"]);
    const settled = amount.compare(open) < 0 ? amount : open;
    const payment = await recordPayment(context, {
      direction: "incoming",
      partyId: invoice.customerId,
      amount,
      bankAmount: input.bankAmount,
      bankAccountId,
      day,
      reference,
      allocations: withDiscount(shareOldestFirst(settled, invoice.items), discount),
    });
    context.emit("finance.payment.recorded", { paymentId: payment.id, partyId: invoice.customerId, direction: "incoming" });
    return { id: invoice.id, paymentId: payment.id, number: payment.number, open: open.minus(settled).minus(payment.discount) };
  },
});
