// Recording and taking back payments, and setting open items against each other by hand.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { CurrencyCode, Day, Id, LongText, Money, ref, Text } from "../../../platform/operation/field.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { reversalRefusals } from "../ledger/reversal.ts";
import { allocateByHand, settlingDayRefusals, settlingRefusals, undoByHand } from "../ledger/allocation.ts";
import { OwnBankAccount } from "../ledger/bank-account.operations.ts";
import { openItemsOf } from "../ledger/open-item.ts";
import { inOtherRun, refuseInRun } from "../payables/run-lock.ts";
import { shareOldestFirst } from "../ledger/open-item.rules.ts";
import { offersOn } from "./discount.ts";
import { discountedShares } from "./discount.rules.ts";
import { type PaidShare, paymentRefusals, recordPayment, reversePayment } from "./payment.ts";

export const paymentRegister = register({
  name: "finance.payment",
  title: "Payments",
  does: "Money that came in or went out, with what of it is not set against an invoice or bill yet.",
  may: ["finance.accountant", "finance.manager"],
  row: z.object({
    id: Id,
    number: z.string(),
    direction: z.enum(["incoming", "outgoing"]),
    partyId: ref("directory.party"),
    party: z.string(),
    day: Day,
    amount: Money,
    unallocated: Money,
    reference: z.string().nullable(),
    bankAccountId: ref("finance.bankAccount"),
    bankAccount: z.string(),
    state: z.enum(["posted", "reversed"]),
    entryId: ref("finance.journalEntry"),
    itemId: ref("finance.openItem"),
    currency: CurrencyCode,
  }),
  label: "number",
  search: ["number", "party", "reference"],
  grows: "number",
  sort: "-day",
  totals: ["amount"],
  from: (context) => sql`
    select p.id, p.number, p.direction, p.party_id, y.name as party, p.day, p.amount, abs(o.open_currency_amount) as unallocated,
      p.reference,
      p.bank_account_id, k.name as bank_account, p.state, p.entry_id, p.item_id, coalesce(p.currency, b.currency) as currency
    from finance.payment p
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = p.book_id
    join finance.bank_account k on k.tenant_id = ${context.tenantId} and k.id = p.bank_account_id
    join finance.open_item o on o.tenant_id = ${context.tenantId} and o.id = p.item_id
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = p.party_id
    where p.tenant_id = ${context.tenantId}`,
});

const Recorded = z.object({
  id: Id,
  number: z.string(),
  entryId: ref("finance.journalEntry"),
  itemId: ref("finance.openItem"),
  unallocated: Money,
  discount: Money.describe("Taken off for paying early."),
});

export const Discount = Money.optional().describe("Taken off by hand for paying early, beside what is paid; its tax is corrected.");

export const recordOnePayment = operation({
  name: "finance.payment.record",
  title: "Record a payment",
  does: "Posts money that came in or went out, sets it against open invoices or bills, and keeps the rest on the party's account.",
  kind: "write",
  previews: true,
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({
    direction: z.enum(["incoming", "outgoing"]),
    partyId: ref("directory.party"),
    amount: Money.describe("In the currency of what it settles."),
    bankAmount: Money.optional().describe(
      "What moved at the bank, where its account is in another currency; by default at the day's rate.",
    ),
    bankAccountId: OwnBankAccount,
    day: Day,
    reference: Text(140).optional().describe("What the payer wrote."),
    against: z
      .enum(["receivable", "payable"])
      .optional()
      .describe("For refunds: by default receivable for incoming, payable for outgoing."),
    allocations: z
      .array(z.strictObject({ openItemId: ref("finance.openItem"), amount: Money, discount: Discount }))
      .max(500)
      .optional(),
    oldestFirst: z.boolean().default(false).describe("Without allocations: settle what is due first."),
  }),
  output: Recorded,
  refuses: { approverPays: "Who approved bill {bill} does not pay it. Another person has to.", ...paymentRefusals },
  emits: ["finance.payment.recorded"],
  async run(input, context) {
    const { allocations, oldestFirst, ...draft } = input;
    const given = allocations?.map((one) => ({ itemId: one.openItemId, amount: one.amount, discount: one.discount }));
    const shares = given ?? (oldestFirst ? await oldestOf(draft, context) : []);
    if (draft.direction === "outgoing") await requireOtherApprover(context, shares);
    const payment = await recordPayment(context, { ...draft, allocations: shares });
    context.emit("finance.payment.recorded", { paymentId: payment.id, partyId: input.partyId, direction: input.direction });
    const { id, number, entryId, itemId, unallocated, discount } = payment;
    return { id, number, entryId, itemId, unallocated, discount };
  },
});

/**
 * As where one bill is paid: whoever approved it alone, with a reason that stands on the bill, has nobody else to pay it either.
 * Refuses `approverPays`.
 */
async function requireOtherApprover(context: ReadContext, shares: readonly PaidShare[]): Promise<void> {
  const own = await context.db.maybe<{ bill: string }>(sql`
    select l.supplier_number as bill from finance.open_item o
    join finance.bill l on l.tenant_id = ${context.tenantId} and l.id = o.document_id and l.item_id = o.id
    where o.tenant_id = ${context.tenantId} and o.id = any(${shares.map((share) => share.itemId)}::uuid[])
      and l.approved_by_id = ${context.actor.personId} and l.alone_reason is null order by l.supplier_number limit 1`);
  if (own) refuse("approverPays", { ...own }, ["allocations"]);
}

async function oldestOf(
  draft: {
    direction: "incoming" | "outgoing";
    partyId: KernelId;
    amount: KernelMoney;
    against?: "receivable" | "payable";
    bankAccountId: KernelId;
    day: KernelDay;
  },
  context: ReadContext,
): Promise<{ itemId: KernelId; amount: KernelMoney }[]> {
  const direction = draft.against ?? (draft.direction === "incoming" ? "receivable" : "payable");
  const bank = await context.db.maybe<{ bookId: KernelId }>(sql`
    select book_id from finance.bank_account where tenant_id = ${context.tenantId} and id = ${draft.bankAccountId}`);
  const items = await openItemsOf(context, { direction, partyIds: [draft.partyId], bookId: bank?.bookId });
  // Money that comes in settles what stands in debit; money that goes out what stands in credit.
  const side = draft.direction === "incoming" ? 1n : -1n;
  const owed = items.filter((item) => item.open.minor * side > 0n);
  const offers = await offersOn(
    context,
    owed.map((item) => item.id),
    draft.day,
  );
  const own = owed
    .filter((item) => item.open.currency === draft.amount.currency)
    .map((item) => ({ itemId: item.id, open: item.open, offers: offers.get(item.id) ?? [] }));
  return (side > 0n && discountedShares(draft.amount, own, draft.day)) || shareOldestFirst(draft.amount, owed);
}

export const reverseOnePayment = operation({
  name: "finance.payment.reverse",
  title: "Take a payment back",
  does: "Mirrors a payment that was wrong or came back; what it had settled is open again.",
  kind: "write",
  previews: true,
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({
    paymentId: ref("finance.payment"),
    on: Day.optional().describe("By default its own day, or the first open day after it."),
    reason: LongText(200).min(3, "says why, in a few words"),
  }),
  output: z.object({ id: Id, entryId: ref("finance.journalEntry"), entryNumber: z.string() }),
  refuses: { ...reversalRefusals, notFound: "There is no such payment.", alreadyReversed: "Payment {number} was taken back already." },
  when: (record) => record["state"] === "posted",
  emits: ["finance.payment.reversed"],
  async run(input, context) {
    const reversal = await reversePayment(context, input.paymentId, input.on, input.reason);
    context.emit("finance.payment.reversed", { paymentId: input.paymentId, reason: input.reason });
    return { id: input.paymentId, entryId: reversal.id, entryNumber: reversal.number };
  },
});

export const openItemRegister = register({
  name: "finance.openItem",
  title: "Open items",
  does: "What customers owe and what is owed to suppliers, with what of each was settled as of a day.",
  may: ["finance.accountant", "finance.manager"],
  row: z.object({
    id: Id,
    reference: z.string(),
    direction: z.enum(["receivable", "payable"]),
    partyId: ref("directory.party"),
    party: z.string(),
    day: Day,
    dueDay: Day,
    amount: Money.describe("Owed positive, in the party's or our favour negative."),
    open: Money,
    carrying: Money.describe("What the books carry for what is open, in their own currency."),
    carryingCurrency: CurrencyCode,
    state: z.enum(["open", "overdue", "settled", "credit"]),
    documentSubject: z.string().nullable(),
    documentId: Id.nullable(),
    entryId: ref("finance.journalEntry"),
    currency: CurrencyCode,
  }),
  label: "reference",
  search: ["reference", "party"],
  grows: true,
  sort: "dueDay",
  dated: true,
  totals: ["open"],
  from: (context, asOf) => sql`
    select i.id, i.reference, i.direction, i.party_id, i.party, i.day, i.due_day, i.side * i.currency_amount as amount,
      i.side * i.open_currency_amount as open, i.side * i.open_amount as carrying, i.carrying_currency,
      case when i.open_amount = 0 and i.open_currency_amount = 0 then 'settled' when i.side * i.open_amount < 0 then 'credit'
        when i.due_day < ${asOf}::date then 'overdue' else 'open' end as state,
      i.document_subject, i.document_id, i.entry_id, i.currency
    from (
      select o.*, y.name as party, b.currency as carrying_currency, case o.direction when 'receivable' then 1 else -1 end as side
      from ${openItemsAsOf(context.tenantId, asOf, asOf >= context.today)} o
      join finance.book b on b.tenant_id = ${context.tenantId} and b.id = o.book_id
      join directory.party y on y.tenant_id = ${context.tenantId} and y.id = o.party_id
    ) i`,
});

/** The items of a day with what was open on it: as kept for today, from the dated allocations for a day before. */
function openItemsAsOf(tenantId: KernelId, asOf: KernelDay, isCurrent: boolean) {
  if (isCurrent) return sql`(select * from finance.open_item where tenant_id = ${tenantId} and day <= ${asOf}::date)`;
  return sql`(
    select o.tenant_id, o.id, o.book_id, o.account_id, o.direction, o.party_id, o.entry_id, o.day, o.due_day, o.reference,
      o.document_subject, o.document_id, o.amount, (o.amount - coalesce(d.amount, 0) + coalesce(c.amount, 0))::bigint as open_amount,
      o.currency, o.currency_amount,
      (o.currency_amount - coalesce(d.currency_amount, 0) + coalesce(c.currency_amount, 0))::bigint as open_currency_amount
    from finance.open_item o
    left join lateral (
      select sum(a.amount) as amount, sum(coalesce(a.currency_amount, a.amount)) as currency_amount from finance.allocation a
      where a.tenant_id = ${tenantId} and a.debit_item_id = o.id and a.day <= ${asOf}::date) d on true
    left join lateral (
      select sum(a.amount) as amount, sum(coalesce(a.currency_amount, a.amount)) as currency_amount from finance.allocation a
      where a.tenant_id = ${tenantId} and a.credit_item_id = o.id and a.day <= ${asOf}::date) c on true
    where o.tenant_id = ${tenantId} and o.day <= ${asOf}::date)`;
}

export const allocateOpenItem = operation({
  name: "finance.openItem.allocate",
  title: "Settle against another item",
  does: "Sets a payment or credit note on account against an invoice or bill of the same customer or supplier.",
  kind: "write",
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({
    openItemId: ref("finance.openItem"),
    againstId: ref("finance.openItem"),
    amount: Money.optional().describe("By default as much as both have open."),
    day: Day.optional().describe("By default today."),
  }),
  output: z.object({ id: Id, amount: Money }),
  refuses: { inOtherRun, ...settlingRefusals },
  when: (record) => record["state"] !== "settled",
  async run(input, context) {
    const ids = [input.openItemId, input.againstId];
    const items = await context.db.rows<{ openCurrencyAmount: bigint; currency: string }>(sql`
      select o.open_currency_amount, o.currency from finance.open_item o
      where o.tenant_id = ${context.tenantId} and o.id = any(${ids}::uuid[]) order by o.id for update`);
    if (items.length < 2) refuse("itemUnknown");
    await refuseInRun(context, ids);
    const [first, second] = items.map((item) => new KernelMoney(item.openCurrencyAmount, item.currency).abs());
    // Of items in two currencies no smaller one can be said; allocating refuses them in words.
    const smaller = first!.currency === second!.currency && second!.compare(first!) < 0 ? second! : first!;
    const amount = input.amount ?? smaller;
    await allocateByHand(context, [{ itemId: input.openItemId, againstId: input.againstId, amount }], input.day ?? context.today);
    return { id: input.openItemId, amount };
  },
});

export const allocationRegister = register({
  name: "finance.allocation",
  title: "Allocations",
  does: "Which payment or credit note settled which invoice or bill, when and how much of it.",
  may: ["finance.accountant", "finance.manager"],
  inner: true,
  row: z.object({
    id: Id,
    allocation: z.string(),
    day: Day,
    amount: Money,
    carrying: Money.describe("What left both sides of the books, in their own currency."),
    carryingCurrency: CurrencyCode,
    party: z.string(),
    debitItemId: ref("finance.openItem"),
    debitItem: z.string(),
    creditItemId: ref("finance.openItem"),
    creditItem: z.string(),
    state: z.enum(["holds", "undone", "undoing"]),
    by: z.string(),
    currency: CurrencyCode,
  }),
  label: "allocation",
  search: ["allocation", "party"],
  sort: "-day",
  from: (context) => sql`
    select a.id, c.reference || ' on ' || d.reference as allocation, a.day,
      coalesce(a.currency_amount, a.amount) as amount, a.amount as carrying, b.currency as carrying_currency,
      y.name as party, a.debit_item_id,
      d.reference as debit_item, a.credit_item_id, c.reference as credit_item, a.by_name as by, d.currency,
      case when a.undoes_id is not null then 'undoing' when u.id is not null then 'undone' else 'holds' end as state
    from finance.allocation a
    join finance.open_item d on d.tenant_id = ${context.tenantId} and d.id = a.debit_item_id
    join finance.open_item c on c.tenant_id = ${context.tenantId} and c.id = a.credit_item_id
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = d.book_id
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = d.party_id
    left join finance.allocation u on u.tenant_id = ${context.tenantId} and u.undoes_id = a.id
    where a.tenant_id = ${context.tenantId}`,
});

export const undoAllocation = operation({
  name: "finance.allocation.undo",
  title: "Undo an allocation",
  does: "Opens again what a payment or credit note had settled; the payment itself stays.",
  kind: "write",
  may: ["finance.accountant", "finance.manager"],
  input: z.strictObject({ allocationId: ref("finance.allocation"), on: Day.optional().describe("By default today.") }),
  output: z.object({ id: Id }),
  refuses: { notHolding: "There is no such allocation, or it was undone already.", ...settlingDayRefusals },
  constraints: { allocation_undone_once: "notHolding" },
  when: (record) => record["state"] === "holds",
  async run(input, context) {
    const undone = await undoByHand(context, input.allocationId, input.on ?? context.today);
    if (undone === 0) refuse("notHolding");
    return { id: input.allocationId };
  },
});
