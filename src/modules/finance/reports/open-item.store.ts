// Open items of any past day, as known at any moment since: what is open now, and given back what was settled later. So only what is open
// or was settled later is read, however long the history is.
import { addDays, type Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { join, prepared, type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import type { Direction } from "../ledger/open-item.ts";
import { ageBuckets, type AgeBucket, bucketEnds } from "../receivables/ageing.rules.ts";

export interface ItemQuestion {
  readonly bookId: Id;
  readonly direction: Direction;
  readonly asOf: Day;
  readonly knownAt?: Date | undefined;
  readonly partyIds?: readonly Id[];
}

/**
 * A SELECT of open items with `open_amount` and `open_currency_amount` as they were. Of the parties named all items, of all parties those
 * that had something open.
 */
export function itemsKnown(context: ReadContext, asked: ItemQuestion): Sql {
  const { tenantId } = context;
  const { bookId, direction, asOf, knownAt, partyIds } = asked;
  const later = sql`(a.day > ${asOf}::date ${knownAt ? sql`or a.at > ${knownAt}` : sql``})`;
  const settled = (side: Sql, sign: Sql): Sql => sql`
    select a.${side} as item_id, ${sign}a.amount as amount, ${sign}coalesce(a.currency_amount, a.amount) as currency_amount
    from ${
      partyIds
        ? sql`finance.open_item i join finance.allocation a on a.tenant_id = ${tenantId} and a.${side} = i.id
            where i.tenant_id = ${tenantId} and i.party_id = any(${partyIds}::uuid[]) and ${later}`
        : sql`finance.allocation a where a.tenant_id = ${tenantId} and ${later}`
    }`;
  const wanted = sql`o.tenant_id = ${tenantId} and o.book_id = ${bookId} and o.direction = ${direction} and o.day <= ${asOf}::date
    ${partyIds ? sql`and o.party_id = any(${partyIds}::uuid[])` : sql``}
    ${
      knownAt
        ? sql`and not exists (select from finance.journal_entry e
            where e.tenant_id = ${tenantId} and e.id = o.entry_id and e.posted_at > ${knownAt})`
        : sql``
    }`;
  const columns = sql`o.id, o.party_id, o.entry_id, o.day, o.due_day, o.reference, o.document_subject, o.document_id, o.amount, o.currency,
    o.currency_amount, o.open_amount + coalesce(t.amount, 0) as open_amount,
    o.open_currency_amount + coalesce(t.currency_amount, 0) as open_currency_amount`;
  return sql`
    with later as materialized (
      select x.item_id, sum(x.amount)::bigint as amount, sum(x.currency_amount)::bigint as currency_amount
      from (${settled(sql`debit_item_id`, sql``)} union all ${settled(sql`credit_item_id`, sql`-`)}) x group by x.item_id
    )
    ${
      partyIds
        ? sql`select ${columns} from finance.open_item o left join later t on t.item_id = o.id where ${wanted}`
        : sql`select ${columns} from finance.open_item o left join later t on t.item_id = o.id
          where ${wanted} and o.open_amount <> 0 and o.open_amount + coalesce(t.amount, 0) <> 0
          union all
          select ${columns} from later t join finance.open_item o on o.id = t.item_id
          where ${wanted} and o.open_amount = 0 and t.amount <> 0`
    }`;
}

/**
 * The same only to be added up: `party_id, due_day, amount`, several rows for an item. What is open now is read without a join, what was
 * settled later is given back, and what was posted later is taken off.
 */
export function openParts(context: ReadContext, asked: Omit<ItemQuestion, "partyIds">): Sql {
  const { tenantId } = context;
  const { bookId, direction, asOf, knownAt } = asked;
  const wanted = sql`o.book_id = ${bookId} and o.direction = ${direction} and o.day <= ${asOf}::date`;
  const later = sql`(a.day > ${asOf}::date ${knownAt ? sql`or a.at > ${knownAt}` : sql``})`;
  const givenBack = (side: Sql, sign: Sql): Sql => sql`
    select o.id, o.party_id, o.due_day, ${sign}a.amount as amount
    from finance.allocation a join finance.open_item o on o.tenant_id = ${tenantId} and o.id = a.${side} and ${wanted}
    where a.tenant_id = ${tenantId} and ${later}`;
  const back = sql`${givenBack(sql`debit_item_id`, sql``)} union all ${givenBack(sql`credit_item_id`, sql`-`)}`;
  const open = sql`select o.party_id, o.due_day, o.open_amount as amount from finance.open_item o
    where o.tenant_id = ${tenantId} and ${wanted} and o.open_amount <> 0`;
  if (!knownAt) return sql`${open} union all select b.party_id, b.due_day, b.amount from (${back}) b`;
  // An item has the identifier of its line.
  return sql`
    with posted_later as materialized (
      select l.id from finance.journal_entry e
      join finance.journal_line l on l.tenant_id = ${tenantId} and l.entry_id = e.id
      where e.tenant_id = ${tenantId} and e.book_id = ${bookId} and e.posted_at > ${knownAt}
    )
    ${open}
    union all select b.party_id, b.due_day, b.amount from (${back}) b where not exists (select from posted_later p where p.id = b.id)
    union all select o.party_id, o.due_day, -o.open_amount from posted_later p
    join finance.open_item o on o.tenant_id = ${tenantId} and o.id = p.id and ${wanted} and o.open_amount <> 0`;
}

/** Whether an item `o` lies in a bucket on a day. */
export function inBucket(bucket: AgeBucket, asOf: Day): Sql {
  const end = bucketEnds[bucket];
  const before = ageBuckets[ageBuckets.indexOf(bucket) - 1];
  const start = before === undefined ? null : bucketEnds[before];
  const notBefore = end === null ? sql`` : sql`and o.due_day >= ${addDays(asOf, -end)}::date`;
  return sql`(true ${notBefore} ${start === null ? sql`` : sql`and o.due_day < ${addDays(asOf, -start)}::date`})`;
}

export type PartyAge = { readonly partyId: Id; readonly party: string; readonly total: bigint } & Readonly<Record<AgeBucket, bigint>>;

const columnNames = { notDue: sql`not_due`, upTo30: sql`up_to30`, upTo60: sql`up_to60`, upTo90: sql`up_to90`, over90: sql`over90` };

/** What each party had open, by bucket, owed positive: added up by the database. */
export function agesOf(context: ReadContext, asked: Omit<ItemQuestion, "partyIds">): Promise<PartyAge[]> {
  const side = asked.direction === "receivable" ? sql`` : sql`-`;
  const sums = ageBuckets.map(
    (bucket) => sql`coalesce(sum(${side}o.amount) filter (where ${inBucket(bucket, asked.asOf)}), 0)::bigint as ${columnNames[bucket]}`,
  );
  return context.db.rows<PartyAge>(
    prepared(sql`
      select s.*, y.name as party from (
        select o.party_id, sum(${side}o.amount)::bigint as total, ${join(sums, sql`, `)}
        from (${openParts(context, asked)}) o group by o.party_id) s
      join directory.party y on y.tenant_id = ${context.tenantId} and y.id = s.party_id
      order by y.name, s.party_id`),
  );
}
