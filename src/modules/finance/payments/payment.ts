// Payments that happened: money that came in from a customer or went out to a supplier, posted and set against what was open.
//
// | payment                       | Dr                     | Cr                      |
// |-------------------------------|------------------------|-------------------------|
// | incoming, from a customer     | bank                   | receivable, of the party|
// | outgoing, to a supplier       | payable, of the party  | bank                    |
// | refund to a customer          | receivable             | bank                    |
// | refund from a supplier        | bank                   | payable                 |
// | sent by a payment run         | payable, of the party  | payments under way      |
// In another currency the party's account and the bank's each keep what they are in, at one value in the books.
// What no invoice or bill takes stays on the party's account as a credit.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Money, sumMoney } from "../../../kernel/money.ts";
import { refuse, Refusal, word } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import type { BankAccount } from "../ledger/bank-account.operations.ts";
import { bankAccountUnknown } from "../ledger/bank-account.operations.ts";
import { type JournalEntryDraft, postingRefusals } from "../ledger/entry.rules.ts";
import { mirrorDay, reverseEntry } from "../ledger/reversal.ts";
import { drawNumbers } from "../ledger/number.ts";
import { allocate, allocationRefusals, undoAllocations } from "../ledger/allocation.ts";
import type { Direction } from "../ledger/open-item.ts";
import { discountRefusals, discountsOf, type PaidItem } from "./discount.ts";
import { takeReductions } from "./reduction.ts";
import type { AccountRole } from "../ledger/role.ts";
import { type PaymentMoney, paymentMoneyRefusals, paymentMoneys } from "../currency/payment-money.ts";
import { inOtherRun, refuseInRun } from "../payables/run-lock.ts";
import { postEntries, type PostedEntry } from "../ledger/posting.ts";

export type PaymentDirection = "incoming" | "outgoing";

export interface PaymentDraft {
  readonly direction: PaymentDirection;
  readonly partyId: Id;
  /** Above zero, in the currency of what it settles. */
  readonly amount: Money;
  /** What moved at the bank, where its account is in another currency; by default the amount at the day's rate. */
  readonly bankAmount?: Money;
  /** What one unit of the bank account's currency was worth in the books', where it was agreed; by default the day's rate. */
  readonly rate?: string;
  readonly bankAccountId: Id;
  readonly day: Day;
  /** What the payer wrote. */
  readonly reference?: string;
  /** Which account of the party: by default receivable for incoming, payable for outgoing. */
  readonly against?: Direction;
  /** Another control account of the same direction: what is owed to employees. */
  readonly role?: AccountRole;
  /** Sent by a payment run: it waits on the clearing account until the bank tells it, and its bills wait in that run. */
  readonly isUnderWay?: boolean;
  /** Open items it settles; what is left stays on account. */
  readonly allocations?: readonly PaidShare[];
}

export interface PaidShare {
  readonly itemId: Id;
  readonly amount: Money;
  /** Taken off by hand for paying early, beside what is paid. */
  readonly discount?: Money;
}

export interface RecordedPayment {
  readonly id: Id;
  readonly number: string;
  readonly entryId: Id;
  readonly entryNumber: string;
  /** The payment's own open item: what of it is not allocated yet. */
  readonly itemId: Id;
  readonly unallocated: Money;
  /** Taken off for paying early. */
  readonly discount: Money;
}

/** Every no of recording a payment; an operation that records one spreads them into its own `refuses`. */
export const paymentRefusals = {
  amountNotPositive: "A payment has an amount above zero. Its direction says which way it went.",
  bankAccountUnknown,
  inOtherRun,
  ...discountRefusals,
  bankOfOtherBooks:
    "Bank account {bank} belongs to the books of {books}, and {reference} stands in those of {other}. Choose a bank account of {other}.",
  bankAccountRetired: "This bank account was retired on {day}. Choose another one.",
  ...paymentMoneyRefusals,
  ...postingRefusals,
  ...allocationRefusals,
} as const;

/** A discount given by hand is on what is settled last: what is paid leaves it open. */
export const withDiscount = (shares: readonly PaidShare[], discount: Money | undefined): PaidShare[] =>
  shares.map((share, index) => (discount && index === shares.length - 1 ? { ...share, discount } : share));

/** Records one payment, posts it and allocates it. */
export async function recordPayment(context: WriteContext, draft: PaymentDraft): Promise<RecordedPayment> {
  return (await recordPayments(context, [draft]))[0]!;
}

/** Records many payments in a handful of statements, whatever their number. One that is refused refuses them all. */
export async function recordPayments(context: WriteContext, drafts: readonly PaymentDraft[]): Promise<RecordedPayment[]> {
  if (drafts.length === 0) return [];
  const bankAccounts = await bankAccountsOf(context, drafts);
  const ready = drafts.map((draft, index) => ({ draft, bank: bankAccounts.get(draft.bankAccountId)!, id: context.newId(), index }));
  for (const { draft, bank } of ready) {
    if (draft.amount.minor <= 0n) throw new Refusal("amountNotPositive", paymentRefusals.amountNotPositive, {}, ["amount"]);
    if (bank.retiredFrom && bank.retiredFrom <= draft.day) refuse("bankAccountRetired", { day: bank.retiredFrom });
  }
  const accounts = await lockPaidItems(context, drafts);
  const recorded: RecordedPayment[] = [];
  for (const bookId of new Set(ready.map((one) => one.bank.bookId))) {
    const ofBook = ready.filter((one) => one.bank.bookId === bookId);
    const settled = (draft: PaymentDraft): Id | undefined => accounts.get(draft.allocations?.[0]?.itemId as Id);
    const moneys = await paymentMoneys(
      context,
      ofBook.map(({ draft, bank }) => ({ wish: draft, bank })),
    );
    const done = await recordInBook(
      context,
      bookId,
      ofBook.map((one, place) => ({ ...one, money: moneys[place]!, accountId: settled(one.draft) })),
    );
    ofBook.forEach((one, place) => (recorded[one.index] = done[place]!));
  }
  const discounts = await discountsOf(context, drafts.map(paidBy));
  await allocateDrafts(context, drafts, recorded);
  await takeReductions(context, discounts, (place) => recorded[place]!.itemId);
  for (const { place, amount } of discounts) {
    const { discount, ...one } = recorded[place]!;
    recorded[place] = { ...one, discount: discount.plus(amount) };
  }
  return recorded;
}

/** Only money that came in from a customer takes a discount that we offered. */
const paidBy = (draft: PaymentDraft): PaidItem[] =>
  (draft.allocations ?? []).map((one) => ({ ...one, day: draft.day, takesOffer: draft.direction === "incoming" }));

/**
 * What a run pays is locked, so that it cannot be picked meanwhile, and refused. Says on which control account each item stands: what is
 * owed to employees has one of its own.
 */
async function lockPaidItems(context: WriteContext, drafts: readonly PaymentDraft[]): Promise<Map<Id, Id>> {
  // What goes out settles bills, a refund that comes in settles credit notes: a run may have picked either.
  const own = drafts.filter((draft) => (draft.direction === "outgoing" || draft.against === "payable") && !draft.isUnderWay);
  const ids = [...new Set(own.flatMap((draft) => (draft.allocations ?? []).map((one) => one.itemId)))];
  if (ids.length === 0) return new Map();
  const items = await context.db.rows<{ id: Id; accountId: Id }>(sql`
    select id, account_id from finance.open_item
    where tenant_id = ${context.tenantId} and id = any(${ids}::uuid[]) order by id for update`);
  await refuseInRun(context, ids);
  return new Map(items.map((item) => [item.id, item.accountId]));
}

interface ReadyPayment {
  readonly money: PaymentMoney;
  readonly draft: PaymentDraft;
  readonly bank: BankAccount;
  readonly id: Id;
  readonly accountId?: Id;
}

/** What is owed to one company is not paid into another's account: that is a claim between the two, and each books its side of it. */
async function bankAccountsOf(context: WriteContext, drafts: readonly PaymentDraft[]): Promise<Map<Id, BankAccount>> {
  const { tenantId } = context;
  const ids = [...new Set(drafts.map((draft) => draft.bankAccountId))];
  const paid = drafts.flatMap(({ bankAccountId, allocations = [] }) => allocations.map(({ itemId }) => ({ bankAccountId, itemId })));
  type Stray = { readonly bank: string; readonly books: string; readonly reference: string; readonly other: string };
  const rows = await context.db.rows<BankAccount & { stray: Stray | null }>(sql`
    select k.id, k.code, k.book_id, k.account_id, k.currency, b.currency as book_currency, k.number, k.retired_from, (
      select json_build_object('bank', k.name, 'books', b.name, 'reference', i.reference, 'other', o.name)
      from unnest(${paid.map((one) => one.bankAccountId)}::uuid[], ${paid.map((one) => one.itemId)}::uuid[]) as p (bank_account_id, item_id)
      join finance.open_item i on i.tenant_id = ${tenantId} and i.id = p.item_id and i.book_id <> k.book_id
      join finance.book o on o.tenant_id = ${tenantId} and o.id = i.book_id
      where p.bank_account_id = k.id limit 1) as stray
    from finance.bank_account k join finance.book b on b.tenant_id = ${tenantId} and b.id = k.book_id
    where k.tenant_id = ${tenantId} and k.id = any(${ids}::uuid[])`);
  if (rows.length < ids.length) throw new Refusal("bankAccountUnknown", bankAccountUnknown, {}, ["bankAccountId"]);
  return new Map(
    rows.map(({ stray, ...row }) => {
      if (stray) throw new Refusal("bankOfOtherBooks", word(paymentRefusals.bankOfOtherBooks, stray), stray, ["bankAccountId"]);
      return [row.id, row];
    }),
  );
}

const directionOf = (draft: PaymentDraft): Direction => draft.against ?? (draft.direction === "incoming" ? "receivable" : "payable");

async function recordInBook(context: WriteContext, bookId: Id, ready: readonly ReadyPayment[]): Promise<RecordedPayment[]> {
  const numbers = await drawNumbers(
    context,
    bookId,
    "PMT",
    ready.map((one) => one.draft.day),
  );
  const entries = await postEntries(
    context,
    ready.map((one, index) => entryOf(one, numbers[index])),
    bookId,
  );
  await insertPayments(context, bookId, ready, numbers, entries);
  return ready.map(({ id, draft }, index) => {
    const entry = entries[index]!;
    const taken = sumMoney(
      (draft.allocations ?? []).map((one) => one.amount),
      draft.amount.currency,
    );
    return {
      id,
      number: numbers[index]!,
      entryId: entry.id,
      entryNumber: entry.number,
      itemId: entry.lineIds[1]!,
      unallocated: draft.amount.minus(taken),
      discount: taken.minus(taken),
    };
  });
}

function entryOf({ draft, bank, id, accountId, money }: ReadyPayment, number: string | undefined): JournalEntryDraft {
  const signed = (amount: Money): Money => (draft.direction === "incoming" ? amount : amount.negated());
  const atBank = signed(money.bookAmount);
  const foreign = (amount: Money): Money | undefined => (amount.currency === bank.bookCurrency ? undefined : signed(amount));
  return {
    journal: "BNK",
    day: draft.day,
    text: draft.reference ?? (draft.direction === "incoming" ? "Payment received" : "Payment made"),
    reference: number,
    document: { subject: "finance.payment", id },
    lines: [
      {
        account: draft.isUnderWay ? { role: "paymentClearing" } : { id: bank.accountId },
        amount: atBank,
        foreign: foreign(money.bankAmount),
        partyId: draft.partyId,
      },
      {
        account: accountId ? { id: accountId } : { role: draft.role ?? directionOf(draft) },
        amount: atBank.negated(),
        foreign: foreign(draft.amount)?.negated(),
        partyId: draft.partyId,
      },
    ],
  };
}

async function insertPayments(
  context: WriteContext,
  bookId: Id,
  ready: readonly ReadyPayment[],
  numbers: readonly string[],
  entries: readonly PostedEntry[],
): Promise<void> {
  const drafts = ready.map((one) => one.draft);
  const foreign = ready.map((one) =>
    [one.draft.amount.currency, one.bank.currency].every((currency) => currency === one.bank.bookCurrency) ? undefined : one,
  );
  await context.db.run(sql`
    insert into finance.payment (tenant_id, id, book_id, number, direction, state, party_id, bank_account_id, day, amount, reference,
      entry_id, item_id, currency, bank_amount, book_amount, person_id, by_name, at)
    select ${context.tenantId}, p.id, ${bookId}, p.number, p.direction, 'posted', p.party_id, p.bank_account_id, p.day, p.amount,
      p.reference, p.entry_id, p.item_id, p.currency, p.bank_amount, p.book_amount, ${context.actor.personId},
      ${context.actor.name}, ${context.now}
    from unnest(${ready.map((one) => one.id)}::uuid[], ${numbers}::text[], ${drafts.map((draft) => draft.direction)}::text[],
      ${drafts.map((draft) => draft.partyId)}::uuid[], ${drafts.map((draft) => draft.bankAccountId)}::uuid[],
      ${drafts.map((draft) => draft.day)}::date[], ${drafts.map((draft) => draft.amount.minor)}::bigint[],
      ${drafts.map((draft) => draft.reference ?? null)}::text[], ${entries.map((entry) => entry.id)}::uuid[],
      ${entries.map((entry) => entry.lineIds[1]!)}::uuid[], ${foreign.map((one) => one?.draft.amount.currency ?? null)}::text[],
      ${foreign.map((one) => one?.money.bankAmount.minor ?? null)}::bigint[],
      ${foreign.map((one) => one?.money.bookAmount.minor ?? null)}::bigint[])
      as p (id, number, direction, party_id, bank_account_id, day, amount, reference, entry_id, item_id, currency, bank_amount,
        book_amount)`);
}

/**
 * An allocation holds from the day of its payment. Where nothing else is booked with it (no difference of currencies, no tax that is due
 * on payment), one call serves all days: it never holds before the payment's own item.
 */
async function allocateDrafts(context: WriteContext, drafts: readonly PaymentDraft[], recorded: readonly RecordedPayment[]): Promise<void> {
  const days = [...new Set(drafts.map((draft) => draft.day))].toSorted();
  const wishes = drafts.flatMap((draft, index) =>
    (draft.allocations ?? []).map((one) => ({ day: draft.day, wish: { ...one, againstId: recorded[index]!.itemId } })),
  );
  const alone =
    days.length > 1 &&
    (await isBookedAlone(
      context,
      wishes.map(({ wish }) => wish.itemId),
    ));
  for (const day of alone ? days.slice(0, 1) : days) {
    const ofDay = wishes.filter((one) => alone || one.day === day).map(({ wish }) => wish);
    await allocate(context, ofDay, day);
  }
}

/** Whether settling these items books nothing besides. */
async function isBookedAlone(context: WriteContext, itemIds: readonly Id[]): Promise<boolean> {
  const { tenantId } = context;
  const { alone } = await context.db.row<{ alone: boolean }>(sql`
    select not exists (select from finance.open_item o
      join finance.book b on b.tenant_id = ${tenantId} and b.id = o.book_id
      where o.tenant_id = ${tenantId} and o.id = any(${itemIds}::uuid[]) and (o.currency <> b.currency or exists (
        select from finance.tax_pending w where w.tenant_id = ${tenantId} and w.entry_id = o.entry_id))) as alone`);
  return alone;
}

interface PaymentRow {
  id: Id;
  number: string;
  state: string;
  entryId: Id;
  itemId: Id;
}

/** Takes a payment back: its allocations are undone, its entry mirrored. Refuses `notFound`, `alreadyReversed`, `beforeEntry`. */
export async function reversePayment(context: WriteContext, paymentId: Id, wanted: Day | undefined, reason: string): Promise<PostedEntry> {
  const payment = await context.db.maybe<PaymentRow>(sql`
    select id, number, state, entry_id, item_id from finance.payment
    where tenant_id = ${context.tenantId} and id = ${paymentId} for update`);
  if (!payment) refuse("notFound");
  if (payment.state === "reversed") refuse("alreadyReversed", { number: payment.number, by: "an earlier reversal" });
  const on = await mirrorDay(context, payment.entryId, wanted);
  await undoAllocations(context, { itemIds: [payment.itemId] }, on);
  const reversal = await reverseEntry(context, payment.entryId, on, reason);
  await context.db.run(sql`
    update finance.payment set state = 'reversed' where tenant_id = ${context.tenantId} and id = ${payment.id}`);
  return reversal;
}
