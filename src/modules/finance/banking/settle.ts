// Posting what bank lines were found to be. All lines of a call in a handful of statements, whatever their number.
//
// | a line is                    | Dr                  | Cr                  | document          |
// |------------------------------|---------------------|---------------------|-------------------|
// | money from or to a party     | as a payment, see payments/payment.ts: open items settled, the rest on account        |
// | booked straight to an account| bank (came in)      | the account         | finance.bankLine  |
// |                              | the account         | bank (went out)     | finance.bankLine  |
// | a fee, a write-off, a cent   | the account         | bank: what the items say more than the line           |
// | in the books already         | nothing is posted; the line is tied to the entry                                      |
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money, sumMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { inBooks } from "../currency/convert.rules.ts";
import { ratesOn } from "../currency/rate.ts";
import type { JournalEntryDraft } from "../ledger/entry.rules.ts";
import type { Direction } from "../ledger/open-item.ts";
import { postEntries } from "../ledger/posting.ts";
import { type PaymentDraft, recordPayments } from "../payments/payment.ts";
import type { BankRule } from "./bank-rule.rules.ts";
import type { MatchAccount, StoredLine } from "./match.store.ts";

/** A part of the line that settles nothing: a fee that was kept back, a difference written off, interest beside an invoice. */
export interface ExtraLine {
  readonly accountCode: string;
  /** With the direction of the line: below zero is what was settled and not paid. */
  readonly amount: Money;
  readonly partyId?: Id;
  readonly unitId?: Id;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly text?: string;
}

export interface Settlement {
  readonly line: Pick<StoredLine, "id" | "day" | "amount" | "text">;
  readonly shares: readonly { readonly itemId: Id; readonly partyId: Id; readonly direction: Direction; readonly amount: Money }[];
  /** On whose account the rest stays. */
  readonly partyId?: Id;
  /** Where the rest is booked instead, by the account's code. */
  readonly accountCode?: string;
  readonly unitId?: Id;
  readonly extras?: readonly ExtraLine[];
  /** What one unit of the line's currency is worth in the books', where somebody said it; by default the day's rate. */
  readonly rate?: string;
  /** The rule of the company that books all of it. */
  readonly rule?: BankRule;
  readonly text?: string;
  /** The line in the books that it already is. */
  readonly booked?: { readonly journalLineId: Id; readonly entryId: Id; readonly paymentId: Id | null; readonly partyId: Id | null };
  readonly reasons: readonly string[];
  readonly isAutomatic: boolean;
  readonly day: Day;
}

export const settleRefusals = {
  moreThanLine:
    "{allocated} is allocated, and the line has {amount}. Allocate less, or name the account for the difference of {difference}.",
  currenciesMixed: "Part of what it settles is in {currency}. A line pays items of one party in one other currency, and all of it does.",
  restUnassigned: "{rest} of the line is left. Name the party on whose account it stays, or the account it is booked to.",
} as const;

interface Part {
  readonly settlement: Settlement;
  readonly entryId: Id;
  readonly paymentId: Id | null;
  readonly isOwn: boolean;
}

/** Settles each line; the answer names their first entries in the order given. */
export async function settle(
  context: WriteContext,
  account: MatchAccount,
  settlements: readonly Settlement[],
): Promise<(string | undefined)[]> {
  const rates = await ratesFor(context, account, settlements);
  const plans = settlements.map((settlement, place) => ({
    settlement,
    ...planOf({ ...settlement, rate: rates[place] }, account, rates[place]),
  }));
  const payments = await recordPayments(
    context,
    plans.flatMap((plan) => plan.payments),
  );
  const entries = await postEntries(
    context,
    plans.flatMap((plan) => plan.entries),
    account.bookId,
  );
  const parts: Part[] = [];
  const numbers = plans.map(({ settlement, payments: drafts, entries: direct }) => {
    const paid = payments.splice(0, drafts.length);
    const posted = entries.splice(0, direct.length);
    for (const one of paid) parts.push({ settlement, entryId: one.entryId, paymentId: one.id, isOwn: true });
    for (const one of posted) parts.push({ settlement, entryId: one.id, paymentId: null, isOwn: true });
    const { booked } = settlement;
    if (booked) parts.push({ settlement, entryId: booked.entryId, paymentId: booked.paymentId, isOwn: false });
    return paid[0]?.entryNumber ?? posted[0]?.number;
  });
  await keepMatches(context, account, settlements, parts);
  return numbers;
}

/**
 * Of each settlement that books something straight to an account in another currency than the books', or on a later day than the bank's:
 * what moved is worth what it was on the bank's day, also where its month takes nothing any more (IAS 21.21).
 */
async function ratesFor(
  context: WriteContext,
  account: MatchAccount,
  settlements: readonly Settlement[],
): Promise<readonly (string | undefined)[]> {
  if (account.currency === account.bookCurrency) return [];
  const isAsked = ({ rate, booked, accountCode, rule, day, line, extras = [] }: Settlement): boolean =>
    rate === undefined && !booked && ((accountCode ?? rule) !== undefined || extras.length > 0 || day !== line.day);
  const asked = settlements.filter(isAsked);
  const questions = asked.map(({ line }) => ({ from: account.currency, to: account.bookCurrency, day: line.day }));
  const found = questions.length === 0 ? [] : await ratesOn(context, questions, account.bookId);
  return settlements.map((one) => one.rate ?? found[asked.indexOf(one)]?.rate);
}

/** All of the line pays what is owed in another currency: what moved at the bank is what the line says. */
function crossPayment(settlement: Settlement, account: MatchAccount): PaymentDraft {
  const { line, shares, extras = [], accountCode, rule } = settlement;
  const [first] = shares;
  const { currency } = first!.amount;
  const isAlike = shares.every(
    (one) => one.partyId === first!.partyId && one.direction === first!.direction && one.amount.currency === currency,
  );
  if (!isAlike || extras.length > 0 || accountCode !== undefined || rule !== undefined)
    refuse("currenciesMixed", { currency }, ["allocations"]);
  return {
    direction: line.amount.minor > 0n ? "incoming" : "outgoing",
    partyId: first!.partyId,
    against: first!.direction,
    amount: sumMoney(
      shares.map((share) => share.amount),
      currency,
    ),
    bankAmount: line.amount.abs(),
    bankAccountId: account.id,
    day: settlement.day,
    rate: settlement.rate,
    reference: (settlement.text ?? line.text).slice(0, 140) || undefined,
    allocations: shares.map(({ itemId, amount }) => ({ itemId, amount })),
  };
}

function planOf(
  settlement: Settlement,
  account: MatchAccount,
  rate: string | undefined,
): { payments: PaymentDraft[]; entries: JournalEntryDraft[] } {
  const { line, booked, rule, accountCode, extras = [] } = settlement;
  if (booked) return { payments: [], entries: [] };
  if (settlement.shares.some((share) => share.amount.currency !== line.amount.currency)) {
    return { payments: [crossPayment(settlement, account)], entries: [] };
  }
  const total = sumMoney(
    [...settlement.shares, ...extras].map((part) => part.amount),
    line.amount.currency,
  );
  const rest = line.amount.abs().minus(total);
  const isBooked = accountCode !== undefined || rule !== undefined;
  if (rest.minor < 0n && !isBooked) {
    const facts = { allocated: total.toString(), amount: line.amount.abs().toString(), difference: rest.abs().toString() };
    refuse("moreThanLine", facts, ["allocations"]);
  }
  const payments = paymentsOf(settlement, account, isBooked ? Money.zero(rest.currency) : rest);
  const direct = rule
    ? [...extras, ruled(rule, rest)]
    : accountCode === undefined
      ? extras
      : [...extras, { ...settlement, accountCode, amount: rest }];
  return { payments, entries: direct.filter((one) => one.amount.minor !== 0n).map((one) => directEntry(settlement, account, one, rate)) };
}

const ruled = ({ accountCode, partyId, unitId, dimensions, text }: BankRule, amount: Money): ExtraLine => ({
  accountCode,
  amount,
  partyId: partyId ?? undefined,
  unitId: unitId ?? undefined,
  dimensions,
  text: text ?? undefined,
});

/** One payment for each account of each party. */
function paymentsOf(settlement: Settlement, account: MatchAccount, rest: Money): PaymentDraft[] {
  const { line, shares } = settlement;
  const direction = line.amount.minor > 0n ? "incoming" : "outgoing";
  const own: Direction = direction === "incoming" ? "receivable" : "payable";
  const groups = new Map<string, { partyId: Id; against: Direction; amount: Money; allocations: { itemId: Id; amount: Money }[] }>();
  const groupFor = (partyId: Id, against: Direction) => {
    const known = groups.get(`${partyId} ${against}`);
    if (known) return known;
    const group = { partyId, against, amount: Money.zero(rest.currency), allocations: [] };
    groups.set(`${partyId} ${against}`, group);
    return group;
  };
  for (const { itemId, partyId, direction: against, amount } of shares) {
    const group = groupFor(partyId, against);
    group.amount = group.amount.plus(amount);
    group.allocations.push({ itemId, amount });
  }
  if (rest.minor > 0n) {
    const parties = [...new Set(shares.map((share) => share.partyId))];
    const partyId = settlement.partyId ?? (parties.length === 1 ? parties[0] : undefined);
    if (!partyId) refuse("restUnassigned", { rest: rest.toString() }, ["partyId"]);
    const against = [...groups.values()].find((group) => group.partyId === partyId)?.against ?? own;
    const group = groupFor(partyId, against);
    group.amount = group.amount.plus(rest);
  }
  const reference = (settlement.text ?? line.text).slice(0, 140) || undefined;
  return [...groups.values()].map((group) => ({
    ...group,
    direction,
    bankAccountId: account.id,
    day: settlement.day,
    rate: settlement.rate,
    reference,
  }));
}

function directEntry(settlement: Settlement, account: MatchAccount, extra: ExtraLine, rate: string | undefined): JournalEntryDraft {
  const { line, day } = settlement;
  const atBank = line.amount.minor < 0n ? extra.amount.negated() : extra.amount;
  const { partyId, unitId, dimensions } = extra;
  const { bookCurrency } = account;
  const told = (amount: Money): { amount: Money; foreign?: Money } =>
    rate === undefined ? { amount } : { amount: inBooks(amount, { bookCurrency, rate }), foreign: amount };
  return {
    journal: "BNK",
    day,
    text: (extra.text ?? settlement.text ?? line.text).slice(0, 200) || "Bank line",
    document: { subject: "finance.bankLine", id: line.id },
    lines: [
      { account: { id: account.accountId }, ...told(atBank) },
      { account: extra.accountCode, ...told(atBank.negated()), partyId, unitId, dimensions },
    ],
  };
}

function partyOf({ shares, partyId, booked, rule }: Settlement): Id | null {
  const parties = [...new Set(shares.map((share) => share.partyId))];
  return partyId ?? booked?.partyId ?? rule?.partyId ?? (parties.length === 1 ? parties[0]! : null);
}

const kindOf = (settlement: Settlement): "booked" | "account" | "party" =>
  settlement.booked
    ? "booked"
    : settlement.shares.length === 0 && (settlement.accountCode ?? settlement.rule) !== undefined
      ? "account"
      : "party";

/** Stands in no reason. */
const between = "\u001F";

async function keepMatches(
  context: WriteContext,
  account: MatchAccount,
  settlements: readonly Settlement[],
  parts: readonly Part[],
): Promise<void> {
  if (settlements.length === 0) return;
  const { tenantId } = context;
  const ids = new Map(settlements.map((settlement) => [settlement.line.id, context.newId()]));
  await context.db.run(sql`
    insert into finance.bank_match (tenant_id, id, bank_line_id, kind, party_id, reasons, is_automatic, rule_id, person_id, by_name, at)
    select ${tenantId}, m.id, m.line_id, m.kind, m.party_id, string_to_array(m.reasons, ${between}), m.is_automatic, m.rule_id,
      ${context.actor.personId}, ${context.actor.name}, ${context.now}
    from unnest(${[...ids.values()]}::uuid[], ${[...ids.keys()]}::uuid[], ${settlements.map(kindOf)}::text[],
      ${settlements.map(partyOf)}::uuid[], ${settlements.map((one) => one.reasons.join(between))}::text[],
      ${settlements.map((one) => one.isAutomatic)}::boolean[], ${settlements.map((one) => one.rule?.id ?? null)}::uuid[])
      as m (id, line_id, kind, party_id, reasons, is_automatic, rule_id)`);
  await context.db.run(sql`
    insert into finance.bank_match_part (tenant_id, match_id, journal_line_id, entry_id, payment_id, is_own, is_live)
    select ${tenantId}, p.match_id, l.id, p.entry_id, p.payment_id, p.is_own, true
    from unnest(${parts.map((part) => ids.get(part.settlement.line.id)!)}::uuid[], ${parts.map((part) => part.entryId)}::uuid[],
      ${parts.map((part) => part.settlement.booked?.journalLineId ?? null)}::uuid[], ${parts.map((part) => part.paymentId)}::uuid[],
      ${parts.map((part) => part.isOwn)}::boolean[]) as p (match_id, entry_id, journal_line_id, payment_id, is_own)
    join finance.journal_line l on l.tenant_id = ${tenantId} and l.entry_id = p.entry_id and l.account_id = ${account.accountId}
      and (p.journal_line_id is null or l.id = p.journal_line_id)`);
  await context.db.run(sql`
    update finance.bank_line b set state = s.state, held_reason = null, held_until = null, held_task_id = null
    from unnest(${settlements.map((one) => one.line.id)}::uuid[],
      ${settlements.map((one) => (kindOf(one) === "account" ? "posted" : "matched"))}::text[]) as s (id, state)
    where b.tenant_id = ${tenantId} and b.id = s.id`);
}
