// Posting what bank lines were found to be. All lines of a call in a handful of statements, whatever their number.
//
// | a line is                    | Dr                  | Cr                  | document          |
// |------------------------------|---------------------|---------------------|-------------------|
// | money from or to a party     | as a payment, see payments/payment.ts: open items settled, the rest on account        |
// | booked straight to an account| bank (came in)      | the account         | finance.bankLine  |
// |                              | the account         | bank (went out)     | finance.bankLine  |
// | in the books already         | nothing is posted; the line is tied to the entry                                      |
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money, sumMoney } from "../../../kernel/money.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import type { JournalEntryDraft } from "../ledger/entry.rules.ts";
import type { Direction } from "../ledger/open-item.ts";
import { postEntries } from "../ledger/posting.ts";
import { type PaymentDraft, recordPayments } from "../payments/payment.ts";
import type { MatchAccount, StoredLine } from "./match.store.ts";

export interface Settlement {
  readonly line: StoredLine;
  readonly shares: readonly { readonly itemId: Id; readonly partyId: Id; readonly direction: Direction; readonly amount: Money }[];
  /** On whose account the rest stays. */
  readonly partyId?: Id;
  /** Where the rest is booked instead, by the account's code. */
  readonly accountCode?: string;
  readonly unitId?: Id;
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
  const plans = settlements.map((settlement) => ({ settlement, ...planOf(settlement, account) }));
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

function planOf(settlement: Settlement, account: MatchAccount): { payments: PaymentDraft[]; entries: JournalEntryDraft[] } {
  const { line, booked, accountCode } = settlement;
  if (booked) return { payments: [], entries: [] };
  const total = sumMoney(
    settlement.shares.map((share) => share.amount),
    line.amount.currency,
  );
  const rest = line.amount.abs().minus(total);
  if (rest.minor < 0n && accountCode === undefined) {
    const facts = { allocated: total.toString(), amount: line.amount.abs().toString(), difference: rest.abs().toString() };
    refuse("moreThanLine", facts, ["allocations"]);
  }
  const onAccount = accountCode === undefined ? rest : Money.zero(rest.currency);
  const payments = paymentsOf(settlement, account, onAccount);
  if (accountCode === undefined || rest.minor === 0n) return { payments, entries: [] };
  const atBank = line.amount.minor < 0n ? rest.negated() : rest;
  return { payments, entries: [directEntry(settlement, account, accountCode, atBank)] };
}

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
  return [...groups.values()].map((group) => ({ ...group, direction, bankAccountId: account.id, day: settlement.day, reference }));
}

function directEntry(settlement: Settlement, account: MatchAccount, accountCode: string, atBank: Money): JournalEntryDraft {
  const { line, partyId, unitId, day } = settlement;
  return {
    journal: "BNK",
    day,
    text: (settlement.text ?? line.text).slice(0, 200) || "Bank line",
    document: { subject: "finance.bankLine", id: line.id },
    lines: [
      { account: { id: account.accountId }, amount: atBank },
      { account: accountCode, amount: atBank.negated(), partyId, unitId },
    ],
  };
}

function partyOf({ shares, partyId, booked }: Settlement): Id | null {
  const parties = [...new Set(shares.map((share) => share.partyId))];
  return partyId ?? booked?.partyId ?? (parties.length === 1 ? parties[0]! : null);
}

const kindOf = (settlement: Settlement): "booked" | "account" | "party" =>
  settlement.booked ? "booked" : settlement.shares.length === 0 && settlement.accountCode !== undefined ? "account" : "party";

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
    insert into finance.bank_match (tenant_id, id, bank_line_id, kind, party_id, reasons, is_automatic, person_id, by_name, at)
    select ${tenantId}, m.id, m.line_id, m.kind, m.party_id, array(select jsonb_array_elements_text(m.reasons)), m.is_automatic,
      ${context.actor.personId}, ${context.actor.name}, ${context.now}
    from unnest(${[...ids.values()]}::uuid[], ${[...ids.keys()]}::uuid[], ${settlements.map(kindOf)}::text[],
      ${settlements.map(partyOf)}::uuid[], ${settlements.map((one) => JSON.stringify(one.reasons))}::jsonb[],
      ${settlements.map((one) => one.isAutomatic)}::boolean[]) as m (id, line_id, kind, party_id, reasons, is_automatic)`);
  await context.db.run(sql`
    insert into finance.bank_match_part (tenant_id, match_id, journal_line_id, entry_id, payment_id, is_own, is_live)
    select ${tenantId}, p.match_id, l.id, p.entry_id, p.payment_id, p.is_own, true
    from unnest(${parts.map((part) => ids.get(part.settlement.line.id)!)}::uuid[], ${parts.map((part) => part.entryId)}::uuid[],
      ${parts.map((part) => part.settlement.booked?.journalLineId ?? null)}::uuid[], ${parts.map((part) => part.paymentId)}::uuid[],
      ${parts.map((part) => part.isOwn)}::boolean[]) as p (match_id, entry_id, journal_line_id, payment_id, is_own)
    join finance.journal_line l on l.tenant_id = ${tenantId} and l.entry_id = p.entry_id and l.account_id = ${account.accountId}
      and (p.journal_line_id is null or l.id = p.journal_line_id)`);
  await context.db.run(sql`
    update finance.bank_line b set state = s.state
    from unnest(${settlements.map((one) => one.line.id)}::uuid[],
      ${settlements.map((one) => (kindOf(one) === "account" ? "posted" : "matched"))}::text[]) as s (id, state)
    where b.tenant_id = ${tenantId} and b.id = s.id`);
}
