// The lines whose evidence is plain, found in one statement for any number of them: one number that stands in the text, whole, of an item
// open over exactly the amount; or the party's own account and one item of theirs open over exactly the amount. Whatever could also be
// something else (two numbers, two items, an entry in the books over the same amount) is left to be weighed line by line.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { list, type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import type { Direction } from "../ledger/open-item.ts";
import { notInRun } from "../payables/run-lock.ts";
import { bookedDaysMax, bookedOnly, linesWhere, type MatchAccount } from "./match.store.ts";
import { keysText } from "./reference.rules.ts";

export interface PlainMatch {
  readonly lineId: Id;
  readonly day: Day;
  /** With the sign of the line, in minor units. */
  readonly amount: bigint;
  readonly text: string;
  readonly itemId: Id;
  readonly direction: Direction;
  readonly reference: string;
  readonly partyId: Id;
  readonly party: string;
  /** By which the party is known; null when the number was enough. */
  readonly account: string | null;
}

/** Lines imported before keys were kept get theirs. */
export async function fillKeys(context: WriteContext, account: MatchAccount): Promise<void> {
  const without = sql`l.bank_account_id = ${account.id} and l.state = 'unmatched' and l.reference_keys is null`;
  const lines = await linesWhere(context, without, sql`order by l.id limit 100000`);
  if (lines.length === 0) return;
  await context.db.run(sql`
    update finance.bank_line l set reference_keys = string_to_array(k.keys, ' ')
    from unnest(${lines.map((line) => line.id)}::uuid[], ${lines.map((line) => keysText(line.texts))}::text[]) as k (id, keys)
    where l.tenant_id = ${context.tenantId} and l.id = k.id`);
}

/** Lines from behind one until another, in the order of their days. */
export interface LineRange {
  readonly after: LinePlace | undefined;
  readonly until: LinePlace;
}

export interface LinePlace {
  readonly day: Day;
  readonly id: Id;
}

/** What lies on an account and is not matched yet, of the line `l`. */
export const unmatchedIn = ({ tenantId }: ReadContext, account: MatchAccount, { after, until }: Partial<LineRange>): Sql => sql`
  l.tenant_id = ${tenantId} and l.bank_account_id = ${account.id} and l.state = 'unmatched'
  ${until ? sql`and (l.day, l.id) <= (${until.day}::date, ${until.id}::uuid)` : sql``}
  ${after ? sql`and (l.day, l.id) > (${after.day}::date, ${after.id}::uuid)` : sql``}`;

/** How many lines wait behind one, and up to which they lie; `taken` ends the choice of them: how many at most, and whether to lock. */
export async function rangeBehind(
  context: ReadContext,
  account: MatchAccount,
  after: LinePlace | undefined,
  taken?: Sql,
): Promise<{ readonly count: number; readonly range: LineRange | undefined }> {
  const lines = sql`select l.day, l.id from finance.bank_line l where ${unmatchedIn(context, account, { after })}`;
  const { count, day, id } = await context.db.row<{ count: number; day: Day | null; id: Id | null }>(sql`
    with line as ${taken ? sql`materialized (${lines} order by l.day, l.id ${taken})` : sql`not materialized (${lines})`}
    select (select count(*)::int from line) as count, z.day, z.id from (select 1) one
    left join (select day, id from line order by day desc, id desc limit 1) z on true`);
  return { count, range: day && id ? { after, until: { day, id } } : undefined };
}

/** The oldest lines first. */
export const plainMatches = (context: ReadContext, account: MatchAccount, range: LineRange): Promise<PlainMatch[]> =>
  byHashes(context, told(context.tenantId, plainOnes(context, account, range)));

/** Which line settles which item. */
export type PlainPair = Pick<PlainMatch, "lineId" | "itemId" | "account">;

interface PlainPairs {
  /** The oldest first. */
  readonly first: readonly PlainPair[];
  readonly lineIds: readonly Id[];
  readonly itemIds: readonly Id[];
}

/** All pairs in one row: a hundred thousand rows would take the driver as long as it takes PostgreSQL to find half of them. */
export async function plainPairs(context: ReadContext, account: MatchAccount, range: LineRange, told: number): Promise<PlainPairs> {
  const [found] = await byHashes<Omit<PlainPairs, "first"> & { accounts: (string | null)[] }>(
    context,
    sql`select coalesce(array_agg(p.line_id), '{}') as line_ids, coalesce(array_agg(p.item_id), '{}') as item_ids,
        (array_agg(p.account))[1:${told}::int] as accounts
      from (select * from (${plainOnes(context, account, range)}) p order by p.day, p.line_id) p`,
  );
  const { lineIds, itemIds, accounts } = found!;
  const first = lineIds.slice(0, told).map((lineId, place) => ({ lineId, itemId: itemIds[place]!, account: accounts[place] ?? null }));
  return { first, lineIds, itemIds };
}

export const tellPlain = (context: ReadContext, pairs: readonly PlainPair[]): Promise<PlainMatch[]> =>
  context.db.rows<PlainMatch>(
    told(
      context.tenantId,
      sql`select * from unnest(${list(pairs.map((pair) => pair.lineId))}::uuid[], ${list(pairs.map((pair) => pair.itemId))}::uuid[],
        ${pairs.map((pair) => pair.account)}::text[]) as p (line_id, item_id, account)`,
    ),
  );

/**
 * The places of the plan are hash joins, whatever the tables were like when last counted, and in one process: to hand a million keys from
 * one to another takes longer than to look at them.
 */
async function byHashes<Row>(context: ReadContext, statement: Sql): Promise<Row[]> {
  await context.db.run(sql`
    select set_config('enable_nestloop', 'off', true), set_config('enable_mergejoin', 'off', true), set_config('work_mem', '96MB', true),
      set_config('max_parallel_workers_per_gather', '0', true)`);
  const found = await context.db.rows<Row>(statement);
  await context.db.run(sql`select set_config('enable_nestloop', 'on', true), set_config('enable_mergejoin', 'on', true)`);
  return found;
}

const told = (tenantId: Id, pairs: Sql): Sql => sql`
  select s.line_id, l.day, l.amount, concat_ws(': ', nullif(l.counterparty_name, ''), nullif(l.text, '')) as text, i.id as item_id,
    i.direction, i.reference, i.party_id, y.name as party, s.account
  from (${pairs}) s
  join finance.bank_line l on l.tenant_id = ${tenantId} and l.id = s.line_id
  join finance.open_item i on i.tenant_id = ${tenantId} and i.id = s.item_id
  join directory.party y on y.tenant_id = ${tenantId} and y.id = i.party_id
  order by l.day, l.id`;

/** A SELECT of `line_id, day, item_id, account`. Of a line's keys only those as long as some number are compared: most are longer. */
const plainOnes = (context: ReadContext, account: MatchAccount, range: LineRange): Sql => {
  const { tenantId } = context;
  return sql`
  with item as materialized (
    select o.id, o.party_id, o.open_amount, o.reference_key, o.reference_digits, row_number() over () as place
    from finance.open_item o
    where o.tenant_id = ${tenantId} and o.book_id = ${account.bookId} and o.open_amount <> 0 and o.currency = ${account.currency}
      and ${notInRun(tenantId)}
  ), reference as not materialized (
    select place, open_amount, reference_key as key, true as is_whole from item
    union all
    select place, open_amount, reference_digits, false from item where reference_digits <> reference_key and length(reference_digits) >= 6
  ), hit as materialized (
    select k.line_id, k.day, k.amount, min(r.place) as first, max(r.place) as last,
      bool_or(r.is_whole and r.open_amount = k.amount) as is_sure
    from (
      select l.id as line_id, l.day, l.amount, unnest(l.reference_keys) as key from finance.bank_line l
      where ${unmatchedIn(context, account, range)}
    ) k
    join reference r on r.key = k.key
    where octet_length(k.key) = any(array(select distinct octet_length(key) from reference)) and (r.open_amount > 0) = (k.amount > 0)
    group by k.line_id, k.day, k.amount
  ), known as materialized (
    select number, (array_agg(party_id))[1] as party_id from (
      select upper(regexp_replace(y.bank_account, '[^A-Za-z0-9]+', '', 'g')) as number, y.id as party_id
      from directory.party y where y.tenant_id = ${tenantId} and y.bank_account is not null
      union
      select l.counterparty_number, m.party_id
      from finance.bank_match m join finance.bank_line l on l.tenant_id = ${tenantId} and l.id = m.bank_line_id
      where m.tenant_id = ${tenantId} and m.ended_at is null and m.party_id is not null and l.counterparty_number is not null) n
    group by number having count(distinct party_id) = 1
  ), unnamed as materialized (
    select l.id as line_id, l.day, l.amount, k.number, k.party_id from finance.bank_line l
    join known k on k.number = l.counterparty_number
    where ${unmatchedIn(context, account, range)} and l.payments = '[]' and not exists (select from hit h where h.line_id = l.id)
  ), booked as materialized (
    select l.amount, l.day from finance.journal_line l
    join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = l.entry_id
    where ${bookedOnly(tenantId, account)}
      and l.day >= (select min(l.day) from finance.bank_line l where ${unmatchedIn(context, account, range)}) - ${bookedDaysMax}::int
  ), open_day as materialized (
    select d.day from (select day from hit union select day from unnamed) d
    where exists (select from finance.period p where p.tenant_id = ${tenantId} and p.book_id = ${account.bookId} and p.state = 'open'
      and d.day between p.from_day and p.until_day)
  ), wish as (
    select h.line_id, h.day, h.amount, i.id as item_id, null::text as account from hit h join item i on i.place = h.first
    where h.first = h.last and h.is_sure
    union all
    select u.line_id, u.day, u.amount, (array_agg(i.id))[1], u.number from unnamed u
    join item i on i.party_id = u.party_id and i.open_amount = u.amount
    group by u.line_id, u.day, u.amount, u.number having count(*) = 1
  ), single as (
    select w.*, count(*) over (partition by w.item_id) as lines from wish w
    where w.day in (select day from open_day) and not exists (select from booked b where b.amount = w.amount
        and b.day between w.day - ${bookedDaysMax}::int and w.day + ${bookedDaysMax}::int)
  )
  select s.line_id, s.day, s.item_id, s.account from single s where s.lines = 1`;
};

/** The reasons in the words that weighing gives. */
export function reasonsOf(match: PlainMatch, open: string): string[] {
  const exact = `The amount is exactly what is open: ${open}.`;
  if (match.account === null) return [`The number ${match.reference} stands in the text.`, exact];
  return [exact, `The account ${match.account} is known as ${match.party}'s.`];
}
