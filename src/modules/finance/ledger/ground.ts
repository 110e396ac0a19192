// What the books know that posting asks them for: accounts, journals and periods, kept in memory between postings, and what a draft names
// besides. What is kept carries the stamp of its book; the posting function compares it, so that nothing is posted by what was true before.
import type { Id } from "../../../kernel/id.ts";
import { Refusal } from "../../../kernel/refusal.ts";
import { prepared, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import {
  type JournalEntryDraft,
  type KnownAccount,
  type KnownDimensionValue,
  type KnownJournal,
  type KnownPeriod,
  type PostingGround,
  postingRefusals,
} from "./entry.rules.ts";

/** The chart of a book as it was under a stamp. */
export interface BookGround extends Pick<PostingGround, "currency" | "journals" | "periods" | "accounts"> {
  readonly id: Id;
  readonly stamp: Id;
}

/** Of so many books the chart is kept; the one not asked for longest goes first. */
const booksKept = 200;
const kept = new Map<string, BookGround>();
const keyOf = (tenantId: Id, bookId: Id | undefined): string => `${tenantId} ${bookId ?? ""}`;

/** What was kept of the books, however old it is. */
export function keptGround(tenantId: Id, bookId: Id | undefined): BookGround | undefined {
  const key = keyOf(tenantId, bookId);
  const known = kept.get(key);
  if (!known) return undefined;
  kept.delete(key);
  kept.set(key, known);
  return known;
}

interface FoundGround {
  readonly id: Id;
  readonly stamp: Id;
  readonly currency: string;
  readonly journals: KnownJournal[] | null;
  readonly periods: KnownPeriod[] | null;
  readonly accounts: KnownAccount[] | null;
}

/** Reads the chart as it is now, as this transaction sees it, and keeps it. Refuses `booksMissing`. */
export async function loadGround({ db, tenantId }: ReadContext, bookId: Id | undefined): Promise<BookGround> {
  const found = await db.maybe<FoundGround>(
    prepared(sql`
    select b.id, b.ground as stamp, b.currency,
      (select json_agg(json_build_object('id', j.id, 'code', j.code, 'area', j.area) order by j.code) from finance.journal j
        where j.tenant_id = ${tenantId} and j.book_id = b.id) as journals,
      (select json_agg(json_build_object('id', p.id, 'code', p.code, 'state', p.state, 'lockedAreas', p.locked_areas,
        'fromDay', p.from_day, 'untilDay', p.until_day) order by p.from_day) from finance.period p
        where p.tenant_id = ${tenantId} and p.book_id = b.id) as periods,
      (select json_agg(json_build_object('id', a.id, 'code', a.code, 'name', a.name, 'isGroup', a.is_group, 'control', a.control,
        'retiredFrom', a.retired_from, 'roles', coalesce(r.roles, '{}'))) from finance.account a
        left join (select r.account_id, array_agg(r.role) as roles from finance.account_role r
          where r.tenant_id = ${tenantId} group by r.account_id) r on r.account_id = a.id
        where a.tenant_id = ${tenantId} and a.book_id = b.id) as accounts
    from finance.book b where b.tenant_id = ${tenantId} and ${bookId ? sql`b.id = ${bookId}` : sql`b.is_main`}`),
  );
  if (!found) throw new Refusal("booksMissing", postingRefusals.booksMissing);
  const { journals, periods, accounts, ...book } = found;
  const ground = { ...book, journals: journals ?? [], periods: periods ?? [], accounts: accounts ?? [] };
  kept.set(keyOf(tenantId, bookId), ground);
  if (kept.size > booksKept) kept.delete(kept.keys().next().value!);
  return ground;
}

type Named = Pick<PostingGround, "parties" | "units" | "dimensionValues">;

/**
 * The parties, cost centres and dimension values that drafts name, but for those `vouched` for. Nothing is asked where nothing is named.
 */
export async function loadNamed(
  { db, tenantId }: ReadContext,
  bookId: Id,
  drafts: readonly JournalEntryDraft[],
  vouched: ReadonlySet<Id>,
): Promise<Named> {
  const parties = new Set<Id>();
  const units = new Set<Id>();
  const dimensions = new Set<string>();
  for (const draft of drafts) {
    for (const { partyId, unitId, dimensions: values } of draft.lines) {
      if (partyId !== undefined && !vouched.has(partyId)) parties.add(partyId);
      if (unitId !== undefined) units.add(unitId);
      if (values) for (const value of Object.values(values)) dimensions.add(value);
    }
  }
  if (parties.size + units.size + dimensions.size === 0) return { parties: vouched, units, dimensionValues: [] };
  const found = await db.row<{ parties: Id[] | null; units: Id[] | null; dimensionValues: KnownDimensionValue[] | null }>(
    prepared(sql`
    select (select json_agg(y.id) from directory.party y
        where y.tenant_id = ${tenantId} and y.id = any(${[...parties]}::uuid[])) as parties,
      (select json_agg(u.id) from directory.unit u
        where u.tenant_id = ${tenantId} and u.id = any(${[...units]}::uuid[])) as units,
      (select json_agg(json_build_object('id', v.id, 'dimensionId', d.id, 'dimension', d.code, 'code', v.code, 'retiredFrom',
        v.retired_from))
        from finance.dimension_value v join finance.dimension d on d.tenant_id = ${tenantId} and d.id = v.dimension_id
        where v.tenant_id = ${tenantId} and d.book_id = ${bookId}
          and (v.code = any(${[...dimensions]}::text[]) or v.id::text = any(${[...dimensions]}::text[]))) as dimension_values`),
  );
  return {
    parties: new Set([...vouched, ...(found.parties ?? [])]),
    units: new Set(found.units),
    dimensionValues: found.dimensionValues ?? [],
  };
}
