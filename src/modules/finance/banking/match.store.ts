// Reading for matching: the lines, and in four statements everything that any of them may be, however many lines there are.
import type { Day } from "../../../kernel/day.ts";
import { addDays } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { prepared, type Sql, sql, whole } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { notInRun } from "../payables/run-lock.ts";
import { plainNumber } from "./account-number.rules.ts";
import { enabledRules } from "./bank-rule.store.ts";
import { combinedMax } from "./combination.rules.ts";
import {
  type BookedLine,
  type EvidenceKind,
  groundOf,
  type MatchGround,
  type MatchItem,
  type MatchLine,
  type MatchParty,
  partyEvidence,
} from "./match-ground.rules.ts";
import { wordsOf } from "./name.rules.ts";
import { isTellingDigits, keysIn } from "./reference.rules.ts";
import { returnedOrders } from "./returned.ts";

export type LineState = "advised" | "unmatched" | "held" | "matched" | "posted" | "ignored" | "replaced";

export interface StoredLine extends MatchLine {
  readonly bankAccountId: Id;
  readonly state: LineState;
  readonly text: string;
  /** Of whoever was asked about it. */
  readonly heldTaskId: Id | null;
}

interface LineRow {
  id: Id;
  bankAccountId: Id;
  state: LineState;
  day: Day;
  amount: bigint;
  currency: string;
  ledgerAccount: string;
  counterpartyName: string | null;
  counterpartyAccount: string | null;
  text: string;
  structuredReference: string | null;
  endToEndId: string | null;
  customerReference: string | null;
  heldTaskId: Id | null;
  payments: { name?: string; account?: string; text?: string; reference?: string }[];
}

/** Bank lines by a condition on `l`; for writing they are locked in one order. */
export async function linesWhere(context: ReadContext, condition: Sql, rest: Sql): Promise<StoredLine[]> {
  const rows = await context.db.rows<LineRow>(
    prepared(sql`
    select l.id, l.bank_account_id, l.state, l.day, l.amount, k.currency, c.code as ledger_account, l.counterparty_name,
      l.counterparty_account, l.text, l.structured_reference, l.end_to_end_id, l.customer_reference, l.payments, l.held_task_id
    from finance.bank_line l
    join finance.bank_account k on k.tenant_id = ${context.tenantId} and k.id = l.bank_account_id
    join finance.account c on c.tenant_id = ${context.tenantId} and c.id = k.account_id
    where l.tenant_id = ${context.tenantId} and ${condition} ${rest}`),
  );
  return rows.map(lineOf);
}

const present = (texts: readonly (string | null | undefined)[]): string[] => texts.filter((text): text is string => Boolean(text));

function lineOf(row: LineRow): StoredLine {
  const { payments } = row;
  const own = [row.text, row.structuredReference, row.endToEndId, row.customerReference];
  return {
    id: row.id,
    bankAccountId: row.bankAccountId,
    state: row.state,
    heldTaskId: row.heldTaskId,
    day: row.day,
    amount: new Money(row.amount, row.currency),
    text: [...new Set(present([row.counterpartyName, row.text || row.structuredReference]))].join(": "),
    texts: present([...own, ...payments.flatMap((payment) => [payment.text, payment.reference])]),
    names: [...new Set(present([row.counterpartyName, ...payments.map((payment) => payment.name)]))],
    ledgerAccount: row.ledgerAccount,
    accounts: [...new Set(present([row.counterpartyAccount, ...payments.map((payment) => payment.account)]).map(plainNumber))],
  };
}

export interface MatchAccount {
  readonly id: Id;
  readonly bookId: Id;
  readonly accountId: Id;
  readonly currency: string;
  readonly bookCurrency: string;
}

/** The bank account that a line lies on. */
export const accountOfLine = (context: ReadContext, bankLineId: Id): Promise<MatchAccount | undefined> =>
  context.db.maybe<MatchAccount>(
    prepared(sql`
    select k.id, k.book_id, k.account_id, k.currency, b.currency as book_currency
    from finance.bank_line l
    join finance.bank_account k on k.tenant_id = ${context.tenantId} and k.id = l.bank_account_id
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = k.book_id
    where l.tenant_id = ${context.tenantId} and l.id = ${bankLineId}`),
  );

/** Up to so many lines everything is looked up by an index, whatever is open; above, all that is open is read once. */
const fewLines = 20;

/** What these lines may be, as if the items of `settledIds` had been settled whole by others. */
export async function loadGround(
  context: ReadContext,
  account: MatchAccount,
  lines: readonly MatchLine[],
  settledIds: ReadonlySet<Id> = new Set(),
): Promise<MatchGround> {
  if (lines.length === 0) return groundOf([], [], []);
  const isFew = lines.length <= fewLines;
  const [parties, booked, choices, returned] = await Promise.all([
    isFew ? partiesOfFew(context, lines) : partiesOfMany(context, lines),
    bookedFor(context, account, lines),
    choicesOf(context, account.id),
    returnedOrders(context, account, lines),
  ]);
  const evident = groundOf([], parties, []);
  const partyIds = [...new Set(lines.flatMap((line) => [...partyEvidence(line, evident).keys()]))];
  const found = await itemsFor(context, { account, lines, partyIds, isFew, hasSettled: settledIds.size > 0 });
  const items = found.filter((item) => !settledIds.has(item.id));
  const known = new Map(parties.map((party) => [party.id, party]));
  for (const { partyId, party } of [...items, ...booked]) {
    if (partyId && !known.has(partyId)) known.set(partyId, { id: partyId, name: party ?? "", accounts: [] });
  }
  return { ...groundOf(items, [...known.values()], booked), ...choices, returned };
}

/** The company's own rules and order of evidence. */
async function choicesOf(context: ReadContext, bankAccountId: Id): Promise<Pick<MatchGround, "rules" | "order">> {
  const [chosen, rules] = await Promise.all([
    context.db.maybe<{ kinds: EvidenceKind[] }>(
      prepared(
        sql`select kinds from finance.bank_match_order where tenant_id = ${context.tenantId} and bank_account_id = ${bankAccountId}`,
      ),
    ),
    enabledRules(context, bankAccountId),
  ]);
  return { rules, order: chosen?.kinds };
}

/** Who was known by an account when a line was matched. */
const learned = (tenantId: Id, accounts: readonly string[]): Sql => sql`
  select distinct m.party_id, l.counterparty_number as number
  from finance.bank_line l
  join finance.bank_match m on m.tenant_id = ${tenantId} and m.bank_line_id = l.id and m.ended_at is null and m.party_id is not null
  where l.tenant_id = ${tenantId} and l.counterparty_number = any(${accounts}::text[])`;

/** Everyone known by one of the accounts, and everyone whose name begins with a word of a name on the lines. */
async function partiesOfFew(context: ReadContext, lines: readonly MatchLine[]): Promise<MatchParty[]> {
  const { tenantId } = context;
  const accounts = [...new Set(lines.flatMap((line) => line.accounts))];
  const grouped = accounts.map((account) => account.replace(/(.{4})(?=.)/g, "$1 "));
  const words = [...new Set(lines.flatMap((line) => line.names.flatMap(wordsOf)))]
    .filter((word) => word.length > 2)
    .map((word) => word.slice(0, 4));
  const starts = words.flatMap((word) => [word, word.toUpperCase(), `${word[0]!.toUpperCase()}${word.slice(1)}`]);
  return context.db.rows<MatchParty>(
    prepared(sql`
    with known as (
      ${learned(tenantId, accounts)}
      union
      select y.id, upper(regexp_replace(y.bank_account, '[^A-Za-z0-9]+', '', 'g'))
      from directory.party y where y.tenant_id = ${tenantId} and y.bank_account = any(${[...accounts, ...grouped]}::text[])
    ), found as (
      select party_id as id from known
      union
      select y.id from unnest(${starts}::text[]) as w (start)
      cross join lateral (select p.id from directory.party p
        where p.tenant_id = ${tenantId} and p.name >= w.start and p.name < w.start || ${"\uFFFF"} limit 200) y
    )
    select y.id, y.name, coalesce((select array_agg(k.number) from known k where k.party_id = y.id), '{}') as accounts
    from directory.party y where y.tenant_id = ${tenantId} and y.id in (select id from found)`),
  );
}

/** Everyone with something open, and everyone known by one of the accounts. */
async function partiesOfMany(context: ReadContext, lines: readonly MatchLine[]): Promise<MatchParty[]> {
  const { tenantId } = context;
  const accounts = [...new Set(lines.flatMap((line) => line.accounts))];
  return context.db.rows<MatchParty>(sql`
    with listed as (
      select y.id as party_id, upper(regexp_replace(y.bank_account, '[^A-Za-z0-9]+', '', 'g')) as number
      from directory.party y where y.tenant_id = ${tenantId} and y.bank_account is not null
    ), known as (
      ${learned(tenantId, accounts)} union select party_id, number from listed where number = any(${accounts}::text[])
    )
    select y.id, y.name, coalesce(k.accounts, '{}') as accounts
    from directory.party y
    left join (select party_id, array_agg(number) as accounts from known group by party_id) k on k.party_id = y.id
    where y.tenant_id = ${tenantId} and (k.party_id is not null
      or y.id in (select o.party_id from finance.open_item o where o.tenant_id = ${tenantId} and o.open_amount <> 0))`);
}

interface ItemQuestion {
  readonly account: MatchAccount;
  readonly lines: readonly MatchLine[];
  readonly partyIds: readonly Id[];
  readonly isFew: boolean;
  /** Some of what is found counts as settled. */
  readonly hasSettled: boolean;
}

/** By number, by amount and of the parties; each capped for a few lines, so that a party with thousands of items costs no more. */
async function itemsFor(context: ReadContext, asked: ItemQuestion): Promise<(MatchItem & { readonly party: string })[]> {
  const { account, lines, partyIds, isFew } = asked;
  const keys = [...keysIn(lines.flatMap((line) => line.texts))];
  const digits = keys.filter((key) => /^\d+$/.test(key) && isTellingDigits(key));
  const amounts = [...new Set(lines.map((line) => line.amount.minor))];
  const by = (condition: Sql, most: number, first = sql``): Sql => sql`(
    ${openWhere(context, asked, condition)} ${isFew ? sql`order by ${first} o.due_day, o.id limit ${whole(most)}` : sql``})`;
  const ofParties = sql`o.party_id = any(${partyIds}::uuid[])`;
  const items = sql`
    select i.*, (select y.name from directory.party y where y.tenant_id = ${context.tenantId} and y.id = i.party_id) as party from (
      ${by(sql`o.reference_key = any(${keys}::text[])`, 500)}
      union ${by(sql`o.reference_digits = any(${digits}::text[])`, 500)}
      union ${by(sql`${openIn(account)} = any(${amounts}::bigint[])`, 100, sql`not (${ofParties}),`)}
      union ${isFew ? firstOfParties(context, asked) : by(ofParties, 0)}) i`;
  type Found = Omit<MatchItem, "open"> & { openAmount: bigint; documentSubject: string | null; party: string };
  const rows = await context.db.rows<Found>(isFew ? prepared(items) : items);
  return rows.map(({ openAmount, documentSubject, ...row }) => ({
    ...row,
    open: new Money(openAmount, account.currency),
    isOfEntry: documentSubject === null,
  }));
}

const openWhere = ({ tenantId }: ReadContext, { account }: ItemQuestion, condition: Sql): Sql => sql`
  select o.id, o.direction, o.party_id, o.reference, o.day, o.due_day, o.open_currency_amount as open_amount, o.document_subject
  from finance.open_item o
  where o.tenant_id = ${tenantId} and o.book_id = ${account.bookId} and o.open_amount <> 0 and o.currency = ${account.currency}
    and ${notInRun(tenantId)} and ${condition}`;

/** What is open of an item `o`, in the bank account's currency and along an index where there is one. */
const openIn = ({ currency, bookCurrency }: MatchAccount): Sql =>
  currency === bookCurrency ? sql`o.open_amount` : sql`o.open_currency_amount`;

/**
 * Of each party what is due first: as many items as sets are made of, and as long as they are less than what was paid a thousand. Others of
 * its items are none of what a line may be, unless they are of the very amount.
 */
function firstOfParties(context: ReadContext, asked: ItemQuestion): Sql {
  const paid = asked.lines.map((line) => line.amount.minor);
  const signs = [...new Set(paid.map((amount) => (amount < 0n ? -1 : 1)))];
  const total = paid.reduce((sum, amount) => sum + (amount < 0n ? -amount : amount), 0n);
  const all = 1000;
  const most = BigInt(asked.hasSettled ? all : combinedMax * paid.length);
  const ofParty = sql`o.direction = w.direction and o.party_id = w.party_id order by o.due_day, o.id limit ${whole(all)}`;
  const due = openWhere(context, asked, ofParty);
  const from = (rest: Sql): Sql => sql`select o.* from (${due}) o where sign(o.open_amount) = w.sign order by o.due_day, o.id ${rest}`;
  return sql`(
    with first as materialized (
      select w.sign, o.*
      from (select p.party_id, d.direction, s.sign from unnest(${asked.partyIds}::uuid[]) as p (party_id)
        cross join (values ('receivable'), ('payable')) as d (direction) cross join unnest(${signs}::int[]) as s (sign)) w
      cross join lateral (${from(sql`limit ${most}::bigint`)}) o
    )
    select f.id, f.direction, f.party_id, f.reference, f.day, f.due_day, f.open_amount, f.document_subject from first f
    union all
    select o.* from (select f.party_id, f.direction, f.sign from first f group by f.party_id, f.direction, f.sign
      having count(*) = ${most}::bigint and sum(abs(f.open_amount)) < ${total}::bigint) w
    cross join lateral (${from(sql`offset ${most}::bigint`)}) o)`;
}

/** In the books on this account and on no statement yet. What was taken back without the bank ever telling it is no longer there. */
export const bookedOnly = (tenantId: Id, account: Pick<MatchAccount, "accountId">): Sql => sql`
  l.tenant_id = ${tenantId} and l.account_id = ${account.accountId}
  and not exists (select from finance.bank_match_part q where q.tenant_id = ${tenantId} and q.journal_line_id = l.id and q.is_live)
  and (e.reverses_id is null or exists (
    select from finance.bank_match_part q where q.tenant_id = ${tenantId} and q.entry_id = e.reverses_id and q.is_live))
  and not exists (select from finance.journal_entry x where x.tenant_id = ${tenantId} and x.reverses_id = e.id)`;

export const bookedDaysMax = 10;

/** What a line `l` of the ledger moves at the bank, in the bank account's currency. */
export const bankAmountOf = ({ currency, bookCurrency }: Pick<MatchAccount, "currency" | "bookCurrency">): Sql =>
  currency === bookCurrency ? sql`l.amount` : sql`(case when l.currency = ${currency} then l.currency_amount else 0 end)`;

async function bookedFor(
  context: ReadContext,
  account: MatchAccount,
  lines: readonly MatchLine[],
): Promise<(BookedLine & { party: string | null })[]> {
  const { tenantId } = context;
  const days = lines.map((line) => line.day).toSorted();
  const amounts = [...new Set(lines.map((line) => line.amount.minor))];
  const booked = sql`
    select l.id as journal_line_id, l.entry_id, e.number as entry, l.day, ${bankAmountOf(account)} as amount, l.party_id,
      y.name as party, p.id as payment_id,
      concat_ws(' ', e.reference, e.text, l.text) as text
    from finance.journal_line l
    join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = l.entry_id
    left join finance.payment p on p.tenant_id = ${tenantId} and p.entry_id = e.id
    left join directory.party y on y.tenant_id = ${tenantId} and y.id = l.party_id
    where ${bookedOnly(tenantId, account)} and ${bankAmountOf(account)} = any(${amounts}::bigint[])
      and l.day between ${addDays(days[0]!, -bookedDaysMax)}::date and ${addDays(days.at(-1)!, bookedDaysMax)}::date
    order by l.day, l.id`;
  type Found = Omit<BookedLine, "amount"> & { amount: bigint; party: string | null };
  const rows = await context.db.rows<Found>(lines.length <= fewLines ? prepared(booked) : booked);
  return rows.map((row) => ({ ...row, amount: new Money(row.amount, account.currency) }));
}
