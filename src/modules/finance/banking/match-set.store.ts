// The lines whose evidence is plain, found in one statement for any number of them: one number that stands in the text, whole, of an item
// open over exactly the amount; or the party's own account and one item of theirs open over exactly the amount. Whatever could also be
// something else (two numbers, two items, an entry in the books over the same amount) is left to be weighed line by line.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
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

/** The oldest lines first, at most `limit`; the places of the plan are hash joins whatever the tables were like when last counted. */
export async function plainMatches(
  context: ReadContext,
  account: MatchAccount,
  limit: number,
  after: { readonly day: Day; readonly id: Id } | undefined,
): Promise<PlainMatch[]> {
  await context.db.run(sql`
    select set_config('enable_nestloop', 'off', true), set_config('enable_mergejoin', 'off', true), set_config('work_mem', '96MB', true)`);
  const found = await context.db.rows<PlainMatch>(plainOnes(context.tenantId, account, limit, after));
  await context.db.run(sql`select set_config('enable_nestloop', 'on', true), set_config('enable_mergejoin', 'on', true)`);
  return found;
}

const plainOnes = (
  tenantId: Id,
  account: MatchAccount,
  limit: number,
  after: { readonly day: Day; readonly id: Id } | undefined,
): Sql => sql`
  with line as materialized (
    select l.id, l.day, l.amount, l.reference_keys, l.payments = '[]' as is_single, l.counterparty_number as number
    from finance.bank_line l
    where l.tenant_id = ${tenantId} and l.bank_account_id = ${account.id} and l.state = 'unmatched' and l.amount <> 0
      and exists (select from finance.period p where p.tenant_id = ${tenantId} and p.book_id = ${account.bookId} and p.state = 'open'
        and l.day between p.from_day and p.until_day)
      ${after ? sql`and (l.day, l.id) > (${after.day}::date, ${after.id}::uuid)` : sql``}
    order by l.day, l.id limit ${limit}
  ), item as materialized (
    select o.id, o.party_id, o.open_amount, o.reference_key, o.reference_digits, row_number() over () as place
    from finance.open_item o
    where o.tenant_id = ${tenantId} and o.book_id = ${account.bookId} and o.open_amount <> 0 and o.currency = ${account.currency}
      and ${notInRun(tenantId)}
  ), reference as (
    select place, open_amount, reference_key as key, true as is_whole from item
    union all
    select place, open_amount, reference_digits, false from item where reference_digits <> reference_key and length(reference_digits) >= 6
  ), hit as materialized (
    select l.id as line_id, min(r.place) as first, max(r.place) as last, bool_or(r.is_whole and r.open_amount = l.amount) as is_sure
    from line l cross join unnest(l.reference_keys) as k (key) join reference r on r.key = k.key
    where (r.open_amount > 0) = (l.amount > 0) group by l.id
  ), booked as materialized (
    select distinct l.amount, l.day from finance.journal_line l
    join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = l.entry_id
    where ${bookedOnly(tenantId, account)} and l.day >= (select min(day) from line) - ${bookedDaysMax}::int
  ), near as materialized (
    select distinct l.id from line l join booked b on b.amount = l.amount
      and b.day between l.day - ${bookedDaysMax}::int and l.day + ${bookedDaysMax}::int
  ), known as materialized (
    select number, (array_agg(party_id))[1] as party_id from (
      select upper(regexp_replace(y.bank_account, '[^A-Za-z0-9]+', '', 'g')) as number, y.id as party_id
      from directory.party y where y.tenant_id = ${tenantId} and y.bank_account is not null
      union
      select l.counterparty_number, m.party_id
      from finance.bank_match m join finance.bank_line l on l.tenant_id = ${tenantId} and l.id = m.bank_line_id
      where m.tenant_id = ${tenantId} and m.ended_at is null and m.party_id is not null and l.counterparty_number is not null) n
    group by number having count(distinct party_id) = 1
  ), exact as materialized (
    select party_id, open_amount, (array_agg(id))[1] as item_id from item group by party_id, open_amount having count(*) = 1
  ), wish as (
    select l.id as line_id, i.id as item_id, null::text as account from line l
    join hit h on h.line_id = l.id and h.first = h.last and h.is_sure
    join item i on i.place = h.first
    union all
    select l.id, x.item_id, l.number from line l
    join known k on k.number = l.number
    join exact x on x.party_id = k.party_id and x.open_amount = l.amount
    where l.is_single and not exists (select from hit h where h.line_id = l.id)
  ), single as (
    select w.*, count(*) over (partition by w.item_id) as lines from wish w
    where not exists (select from near n where n.id = w.line_id)
  )
  select s.line_id, l.day, l.amount, concat_ws(': ', nullif(l.counterparty_name, ''), nullif(l.text, '')) as text, i.id as item_id,
    i.direction, i.reference, i.party_id, y.name as party, s.account
  from single s
  join finance.bank_line l on l.tenant_id = ${tenantId} and l.id = s.line_id
  join finance.open_item i on i.tenant_id = ${tenantId} and i.id = s.item_id
  join directory.party y on y.tenant_id = ${tenantId} and y.id = i.party_id
  where s.lines = 1
  order by l.day, l.id`;

/** The reasons in the words that weighing gives. */
export function reasonsOf(match: PlainMatch, open: string): string[] {
  const exact = `The amount is exactly what is open: ${open}.`;
  if (match.account === null) return [`The number ${match.reference} stands in the text.`, exact];
  return [exact, `The account ${match.account} is known as ${match.party}'s.`];
}
