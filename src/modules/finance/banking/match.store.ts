// Reading for matching: the lines, and in four statements everything that any of them may be, however many lines there are.
import type { Day } from "../../../kernel/day.ts";
import { addDays } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { plainNumber } from "./account-number.rules.ts";
import {
  type BookedLine,
  groundOf,
  type MatchGround,
  type MatchItem,
  type MatchLine,
  type MatchParty,
  partyEvidence,
} from "./match-ground.rules.ts";
import { wordsOf } from "./name.rules.ts";
import { isTellingDigits, keysIn } from "./reference.rules.ts";

export type LineState = "advised" | "unmatched" | "matched" | "posted" | "ignored";

export interface StoredLine extends MatchLine {
  readonly bankAccountId: Id;
  readonly state: LineState;
  readonly text: string;
}

interface LineRow {
  id: Id;
  bankAccountId: Id;
  state: LineState;
  day: Day;
  amount: bigint;
  currency: string;
  counterpartyName: string | null;
  counterpartyAccount: string | null;
  text: string;
  structuredReference: string | null;
  endToEndId: string | null;
  customerReference: string | null;
  payments: { name?: string; account?: string; text?: string; reference?: string }[];
}

/** Bank lines by a condition on `l`; for writing they are locked in one order. */
export async function linesWhere(context: ReadContext, condition: Sql, rest: Sql): Promise<StoredLine[]> {
  const rows = await context.db.rows<LineRow>(sql`
    select l.id, l.bank_account_id, l.state, l.day, l.amount, k.currency, l.counterparty_name, l.counterparty_account, l.text,
      l.structured_reference, l.end_to_end_id, l.customer_reference, l.payments
    from finance.bank_line l
    join finance.bank_account k on k.tenant_id = ${context.tenantId} and k.id = l.bank_account_id
    where l.tenant_id = ${context.tenantId} and ${condition} ${rest}`);
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
    day: row.day,
    amount: new Money(row.amount, row.currency),
    text: [...new Set(present([row.counterpartyName, row.text || row.structuredReference]))].join(": "),
    texts: present([...own, ...payments.flatMap((payment) => [payment.text, payment.reference])]),
    names: [...new Set(present([row.counterpartyName, ...payments.map((payment) => payment.name)]))],
    accounts: [...new Set(present([row.counterpartyAccount, ...payments.map((payment) => payment.account)]).map(plainNumber))],
  };
}

export interface MatchAccount {
  readonly id: Id;
  readonly bookId: Id;
  readonly accountId: Id;
  readonly currency: string;
}

/** Above this many lines names are only looked up among parties with open items. */
const linesWithNames = 20;

export async function loadGround(context: ReadContext, account: MatchAccount, lines: readonly MatchLine[]): Promise<MatchGround> {
  if (lines.length === 0) return groundOf([], [], []);
  const parties = await partiesFor(context, lines);
  const evident = groundOf([], parties, []);
  const partyIds = new Set(lines.flatMap((line) => [...partyEvidence(line, evident).keys()]));
  const items = await itemsFor(context, account, lines, [...partyIds]);
  const booked = await bookedFor(context, account, lines);
  const known = new Set(parties.map((party) => party.id));
  const others = new Map(booked.flatMap(({ partyId, party }) => (partyId && !known.has(partyId) ? [[partyId, party ?? ""] as const] : [])));
  const all = [...parties, ...[...others].map(([id, name]): MatchParty => ({ id, name, accounts: [] }))];
  return groundOf(items, all, booked);
}

/** Everyone with something open, everyone known by one of the accounts, and for a few lines everyone of a like name. */
async function partiesFor(context: ReadContext, lines: readonly MatchLine[]): Promise<MatchParty[]> {
  const { tenantId } = context;
  const accounts = [...new Set(lines.flatMap((line) => line.accounts))];
  const words = lines.length > linesWithNames ? [] : lines.flatMap((line) => line.names.flatMap(wordsOf));
  const patterns = [...new Set(words.filter((word) => word.length > 3).map((word) => `%${word.slice(0, 4)}%`))];
  return context.db.rows<MatchParty>(sql`
    with learned as (
      select distinct m.party_id, upper(regexp_replace(l.counterparty_account, '[^A-Za-z0-9]+', '', 'g')) as number
      from finance.bank_line l
      join finance.bank_match m on m.tenant_id = ${tenantId} and m.bank_line_id = l.id and m.ended_at is null and m.party_id is not null
      where l.tenant_id = ${tenantId} and upper(regexp_replace(l.counterparty_account, '[^A-Za-z0-9]+', '', 'g')) = any(${accounts}::text[])
    ), listed as (
      select y.id as party_id, upper(regexp_replace(y.bank_account, '[^A-Za-z0-9]+', '', 'g')) as number
      from directory.party y where y.tenant_id = ${tenantId} and y.bank_account is not null
    ), known as (
      select party_id, number from learned union select party_id, number from listed where number = any(${accounts}::text[])
    )
    select y.id, y.name, coalesce((select array_agg(k.number) from known k where k.party_id = y.id), '{}') as accounts
    from directory.party y
    where y.tenant_id = ${tenantId} and (y.id in (select party_id from known)
      or y.id in (select o.party_id from finance.open_item o where o.tenant_id = ${tenantId} and o.open_amount <> 0)
      or y.name ilike any(${patterns}::text[]))`);
}

async function itemsFor(
  context: ReadContext,
  account: MatchAccount,
  lines: readonly MatchLine[],
  partyIds: readonly Id[],
): Promise<MatchItem[]> {
  const keys = [...keysIn(lines.flatMap((line) => line.texts))];
  const amounts = [...new Set(lines.map((line) => line.amount.minor))];
  const rows = await context.db.rows<Omit<MatchItem, "open"> & { openAmount: bigint }>(sql`
    select o.id, o.direction, o.party_id, o.reference, o.day, o.due_day, o.open_amount from finance.open_item o
    where o.tenant_id = ${context.tenantId} and o.book_id = ${account.bookId} and o.open_amount <> 0
      and (upper(regexp_replace(o.reference, '[^A-Za-z0-9]+', '', 'g')) = any(${keys}::text[])
        or regexp_replace(o.reference, '[^0-9]+', '', 'g') = any(${keys.filter((key) => /^\d+$/.test(key) && isTellingDigits(key))}::text[])
        or o.open_amount = any(${amounts}::bigint[])
        or o.party_id = any(${partyIds}::uuid[]))`);
  return rows.map(({ openAmount, ...row }) => ({ ...row, open: new Money(openAmount, account.currency) }));
}

/** In the books on this account and on no statement yet. What was taken back without the bank ever telling it is no longer there. */
export const bookedOnly = (tenantId: Id, account: Pick<MatchAccount, "accountId">): Sql => sql`
  l.tenant_id = ${tenantId} and l.account_id = ${account.accountId}
  and not exists (select from finance.bank_match_part q where q.tenant_id = ${tenantId} and q.journal_line_id = l.id and q.is_live)
  and (e.reverses_id is null or exists (
    select from finance.bank_match_part q where q.tenant_id = ${tenantId} and q.entry_id = e.reverses_id and q.is_live))
  and not exists (select from finance.journal_entry x where x.tenant_id = ${tenantId} and x.reverses_id = e.id)`;

const bookedDaysMax = 10;

async function bookedFor(
  context: ReadContext,
  account: MatchAccount,
  lines: readonly MatchLine[],
): Promise<(BookedLine & { party: string | null })[]> {
  const { tenantId } = context;
  const days = lines.map((line) => line.day).toSorted();
  const amounts = [...new Set(lines.map((line) => line.amount.minor))];
  const rows = await context.db.rows<Omit<BookedLine, "amount"> & { amount: bigint; party: string | null }>(sql`
    select l.id as journal_line_id, l.entry_id, e.number as entry, l.day, l.amount, l.party_id, y.name as party, p.id as payment_id,
      concat_ws(' ', e.reference, e.text, l.text) as text
    from finance.journal_line l
    join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = l.entry_id
    left join finance.payment p on p.tenant_id = ${tenantId} and p.entry_id = e.id
    left join directory.party y on y.tenant_id = ${tenantId} and y.id = l.party_id
    where ${bookedOnly(tenantId, account)} and l.amount = any(${amounts}::bigint[])
      and l.day between ${addDays(days[0]!, -bookedDaysMax)}::date and ${addDays(days.at(-1)!, bookedDaysMax)}::date
    order by l.day, l.id`);
  return rows.map((row) => ({ ...row, amount: new Money(row.amount, account.currency) }));
}
