// Payments that happened: money that came in from a customer or went out to a supplier, posted and set against what was open.
//
// | payment                       | Dr                     | Cr                      |
// |-------------------------------|------------------------|-------------------------|
// | incoming, from a customer     | bank                   | receivable, of the party|
// | outgoing, to a supplier       | payable, of the party  | bank                    |
// | refund to a customer          | receivable             | bank                    |
// | refund from a supplier        | bank                   | payable                 |
// What no invoice or bill takes stays on the party's account as a credit.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Money, sumMoney } from "../../../kernel/money.ts";
import { refuse, Refusal } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import type { BankAccount } from "../ledger/bank-account.operations.ts";
import { bankAccountUnknown } from "../ledger/bank-account.operations.ts";
import { type JournalEntryDraft, postingRefusals } from "../ledger/entry.rules.ts";
import { reverseEntry } from "../ledger/entry.operations.ts";
import { drawNumbers } from "../ledger/number.ts";
import { allocate, allocationRefusals, type Direction, undoAllocations } from "../ledger/open-item.ts";
import { postEntries, type PostedEntry } from "../ledger/posting.ts";

export type PaymentDirection = "incoming" | "outgoing";

export interface PaymentDraft {
  readonly direction: PaymentDirection;
  readonly partyId: Id;
  /** Above zero. */
  readonly amount: Money;
  readonly bankAccountId: Id;
  readonly day: Day;
  /** What the payer wrote. */
  readonly reference?: string;
  /** Which account of the party: by default receivable for incoming, payable for outgoing. */
  readonly against?: Direction;
  /** Open items it settles; what is left stays on account. */
  readonly allocations?: readonly { readonly itemId: Id; readonly amount: Money }[];
}

export interface RecordedPayment {
  readonly id: Id;
  readonly number: string;
  readonly entryId: Id;
  readonly entryNumber: string;
  /** The payment's own open item: what of it is not allocated yet. */
  readonly itemId: Id;
  readonly unallocated: Money;
}

/** Every no of recording a payment; an operation that records one spreads them into its own `refuses`. */
export const paymentRefusals = {
  amountNotPositive: "A payment has an amount above zero. Its direction says which way it went.",
  bankAccountUnknown,
  bankAccountRetired: "This bank account was retired on {day}. Choose another one.",
  ...postingRefusals,
  ...allocationRefusals,
} as const;

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
  const recorded: RecordedPayment[] = [];
  for (const bookId of new Set(ready.map((one) => one.bank.bookId))) {
    const ofBook = ready.filter((one) => one.bank.bookId === bookId);
    const done = await recordInBook(context, bookId, ofBook);
    ofBook.forEach((one, place) => (recorded[one.index] = done[place]!));
  }
  await allocateDrafts(context, drafts, recorded);
  return recorded;
}

interface ReadyPayment {
  readonly draft: PaymentDraft;
  readonly bank: BankAccount;
  readonly id: Id;
}

async function bankAccountsOf(context: WriteContext, drafts: readonly PaymentDraft[]): Promise<Map<Id, BankAccount>> {
  const ids = [...new Set(drafts.map((draft) => draft.bankAccountId))];
  const rows = await context.db.rows<BankAccount>(sql`
    select k.id, k.code, k.book_id, k.account_id, k.currency, b.currency as book_currency, k.number, k.retired_from
    from finance.bank_account k join finance.book b on b.tenant_id = ${context.tenantId} and b.id = k.book_id
    where k.tenant_id = ${context.tenantId} and k.id = any(${ids}::uuid[])`);
  if (rows.length < ids.length) throw new Refusal("bankAccountUnknown", bankAccountUnknown, {}, ["bankAccountId"]);
  return new Map(rows.map((row) => [row.id, row]));
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
    };
  });
}

function entryOf({ draft, bank, id }: ReadyPayment, number: string | undefined): JournalEntryDraft {
  const atBank = draft.direction === "incoming" ? draft.amount : draft.amount.negated();
  return {
    journal: "BNK",
    day: draft.day,
    text: draft.reference ?? (draft.direction === "incoming" ? "Payment received" : "Payment made"),
    reference: number,
    document: { subject: "finance.payment", id },
    lines: [
      { account: { id: bank.accountId }, amount: atBank, partyId: draft.partyId },
      { account: { role: directionOf(draft) }, amount: atBank.negated(), partyId: draft.partyId },
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
  await context.db.run(sql`
    insert into finance.payment (tenant_id, id, book_id, number, direction, state, party_id, bank_account_id, day, amount, reference,
      entry_id, item_id, person_id, by_name, at)
    select ${context.tenantId}, p.id, ${bookId}, p.number, p.direction, 'posted', p.party_id, p.bank_account_id, p.day, p.amount,
      p.reference, p.entry_id, p.item_id, ${context.actor.personId}, ${context.actor.name}, ${context.now}
    from unnest(${ready.map((one) => one.id)}::uuid[], ${numbers}::text[], ${drafts.map((draft) => draft.direction)}::text[],
      ${drafts.map((draft) => draft.partyId)}::uuid[], ${drafts.map((draft) => draft.bankAccountId)}::uuid[],
      ${drafts.map((draft) => draft.day)}::date[], ${drafts.map((draft) => draft.amount.minor)}::bigint[],
      ${drafts.map((draft) => draft.reference ?? null)}::text[], ${entries.map((entry) => entry.id)}::uuid[],
      ${entries.map((entry) => entry.lineIds[1]!)}::uuid[])
      as p (id, number, direction, party_id, bank_account_id, day, amount, reference, entry_id, item_id)`);
}

/** An allocation holds from the day of its payment. */
async function allocateDrafts(context: WriteContext, drafts: readonly PaymentDraft[], recorded: readonly RecordedPayment[]): Promise<void> {
  for (const day of new Set(drafts.map((draft) => draft.day))) {
    const wishes = drafts.flatMap((draft, index) =>
      draft.day === day ? (draft.allocations ?? []).map((one) => ({ ...one, againstId: recorded[index]!.itemId })) : [],
    );
    await allocate(context, wishes, day);
  }
}

interface PaymentRow {
  id: Id;
  number: string;
  state: string;
  entryId: Id;
  itemId: Id;
}

/** Takes a payment back: its allocations are undone, its entry mirrored. Refuses `notFound`, `alreadyReversed` and what posting refuses. */
export async function reversePayment(context: WriteContext, paymentId: Id, on: Day, reason: string): Promise<PostedEntry> {
  const payment = await context.db.maybe<PaymentRow>(sql`
    select id, number, state, entry_id, item_id from finance.payment
    where tenant_id = ${context.tenantId} and id = ${paymentId} for update`);
  if (!payment) refuse("notFound");
  if (payment.state === "reversed") refuse("alreadyReversed", { number: payment.number, by: "an earlier reversal" });
  await undoAllocations(context, { itemIds: [payment.itemId] }, on);
  const reversal = await reverseEntry(context, payment.entryId, on, reason);
  await context.db.run(sql`
    update finance.payment set state = 'reversed' where tenant_id = ${context.tenantId} and id = ${payment.id}`);
  return reversal;
}
