// Correcting what is posted: the exact mirror of an entry on a later day, its open items settled against each other. Nothing is erased.
import { type Day, later } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { Refusal, refuse, word } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { type JournalEntryDraft, type JournalLineDraft, mirrored, postingRefusals } from "./entry.rules.ts";
import { type PostedEntry, postEntries } from "./posting.ts";
import { itemsSettled, settleReversal } from "./settlement.ts";

/** Every no that reversing can give; an operation that reverses spreads them into its own `refuses`. */
export const reversalRefusals = {
  ...postingRefusals,
  notFound: "There is no such entry.",
  alreadyReversed: "This entry was reversed before. Post a new one if it was right after all.",
  beforeEntry: "Entry {number} is of {day}, and nothing takes it back before. Choose {day} or a later day, or leave the day out.",
  itemsSettled,
} as const;

interface EntryRow {
  readonly id: Id;
  readonly bookId: Id;
  readonly day: Day;
  /** The first day from its own on that takes its mirror. */
  readonly openDay: Day | null;
  readonly journal: string;
  readonly number: string;
  readonly currency: string;
  readonly documentSubject: string | null;
  readonly documentId: Id | null;
  readonly reversedBy: string | null;
  readonly lines: readonly LineRow[];
}

interface LineRow {
  readonly id: Id;
  readonly accountId: Id;
  /** Minor units as text: JSON numbers end at 2^53. */
  readonly amount: string;
  readonly currency: string | null;
  readonly currencyAmount: string | null;
  readonly partyId: Id | null;
  readonly unitId: Id | null;
  readonly text: string | null;
  readonly dueDay: Day | null;
  readonly dimensions: Readonly<Record<string, string>> | null;
}

/** Where the mirror of an entry stands: as wanted, by default on its own day or the first open day after it. Refuses `beforeEntry`. */
export async function mirrorDay(context: WriteContext, entryId: Id, wanted: Day | undefined): Promise<Day> {
  const [entry] = await loadEntries(context, [entryId]);
  return entry ? dayWanted(entry, wanted) : context.today;
}

const ownDay = (entry: EntryRow): Day => entry.openDay ?? entry.day;

function dayWanted(entry: EntryRow, wanted: Day | undefined): Day {
  if (wanted === undefined || wanted >= entry.day) return wanted ?? ownDay(entry);
  const facts = { number: entry.number, day: entry.day };
  throw new Refusal("beforeEntry", word(reversalRefusals.beforeEntry, facts), facts, ["on"]);
}

/** The mirror, with the day it stands on. */
export type ReversedEntry = PostedEntry & { readonly day: Day };

/** One entry; see `reverseEntries`. */
export async function reverseEntry(context: WriteContext, entryId: Id, on: Day | undefined, reason: string): Promise<ReversedEntry> {
  return (await reverseEntries(context, [entryId], on, reason))[0]!;
}

/**
 * Posts the mirrors of entries of one set of books and settles their open items against each other, in the order given. Without a day
 * each mirror stands on the day of its entry, or on the first open day after it when that day takes nothing any more.
 * Refuses `notFound`, `alreadyReversed`, `beforeEntry`, `itemsSettled` and whatever posting refuses.
 */
export const reverseEntries = (
  context: WriteContext,
  entryIds: readonly Id[],
  on: Day | undefined,
  reason: string,
): Promise<ReversedEntry[]> => postMirrors(context, entryIds, reason, (entry) => dayWanted(entry, on));

/** The same of what hangs on something that is taken back on a day: what was booked after that day goes as if none had been said. */
export const reverseAlong = (
  context: WriteContext,
  entryIds: readonly Id[],
  from: Day | undefined,
  reason: string,
): Promise<ReversedEntry[]> =>
  postMirrors(context, entryIds, reason, (entry) => (from !== undefined && from >= entry.day ? from : ownDay(entry)));

async function postMirrors(
  context: WriteContext,
  entryIds: readonly Id[],
  reason: string,
  dayOf: (entry: EntryRow) => Day,
): Promise<ReversedEntry[]> {
  if (entryIds.length === 0) return [];
  const found = new Map((await loadEntries(context, entryIds)).map((entry) => [entry.id, entry]));
  const entries = entryIds.map((id) => found.get(id) ?? refuse("notFound"));
  const twice = entries.find((entry) => entry.reversedBy !== null);
  if (twice) {
    const facts = { number: twice.number, by: twice.reversedBy! };
    throw new Refusal("alreadyReversed", word(reversalRefusals.alreadyReversed, facts), facts);
  }
  const drafts = entries.map((entry) => mirrorOf(entry, dayOf(entry), reason));
  const posted = await postEntries(context, drafts, entries[0]!.bookId);
  const mirrors = entries.flatMap((entry, index) =>
    entry.lines.map((line, place) => ({ itemId: line.id, mirrorId: posted[index]!.lineIds[place]! })),
  );
  const days = drafts.map((draft) => draft.day);
  await settleReversal(context, mirrors, days.reduce(later));
  return posted.map((entry, index) => ({ ...entry, day: days[index]! }));
}

function loadEntries(context: WriteContext, ids: readonly Id[]): Promise<EntryRow[]> {
  const { tenantId } = context;
  return context.db.rows<EntryRow>(sql`
    select e.id, e.book_id, e.day, (select greatest(p.from_day, e.day) from finance.period p
        where p.tenant_id = ${tenantId} and p.book_id = e.book_id and p.state = 'open' and p.until_day >= e.day
          and not j.area = any(p.locked_areas) and not ('tax' = any(p.locked_areas) and exists (
            select from finance.tax_line t where t.tenant_id = ${tenantId} and t.document_id = e.document_id and t.entry_id = e.id))
        order by p.from_day limit 1) as open_day, j.code as journal, e.number, b.currency, e.document_subject, e.document_id,
          x.number as reversed_by,
      (select json_agg(json_build_object('id', l.id, 'accountId', l.account_id, 'amount', l.amount::text, 'currency', l.currency,
          'currencyAmount', l.currency_amount::text, 'partyId', l.party_id, 'unitId', l.unit_id, 'text', l.text, 'dueDay', o.due_day,
          'dimensions', s.dimensions) order by l.position)
        from finance.journal_line l
        left join finance.open_item o on o.tenant_id = ${tenantId} and o.id = l.id
        left join lateral (
          select json_object_agg(d.code, v.code) as dimensions from finance.dimension_set_value s
          join finance.dimension d on d.tenant_id = ${tenantId} and d.id = s.dimension_id
          join finance.dimension_value v on v.tenant_id = ${tenantId} and v.id = s.value_id
          where s.tenant_id = ${tenantId} and s.set_id = l.set_id) s on l.set_id is not null
        where l.tenant_id = ${tenantId} and l.entry_id = e.id) as lines
    from finance.journal_entry e
    join finance.journal j on j.tenant_id = ${tenantId} and j.id = e.journal_id
    join finance.book b on b.tenant_id = ${tenantId} and b.id = e.book_id
    left join finance.journal_entry x on x.tenant_id = ${tenantId} and x.reverses_id = e.id
    where e.tenant_id = ${tenantId} and e.id = any(${ids}::uuid[])`);
}

function mirrorOf(entry: EntryRow, day: Day, reason: string): JournalEntryDraft {
  const of = day === entry.day ? entry.number : `${entry.number} of ${entry.day}`;
  const lines = entry.lines.map((line): JournalLineDraft => ({
    account: { id: line.accountId },
    amount: new Money(BigInt(line.amount), entry.currency),
    foreign: line.currency === null ? undefined : new Money(BigInt(line.currencyAmount!), line.currency),
    partyId: line.partyId ?? undefined,
    unitId: line.unitId ?? undefined,
    dimensions: line.dimensions ?? undefined,
    dueDay: line.dueDay ?? undefined,
    text: line.text ?? undefined,
  }));
  return {
    journal: entry.journal,
    day,
    text: `Reversal of ${of}: ${reason}`.slice(0, 300),
    reference: entry.number,
    document: entry.documentId === null ? undefined : { subject: entry.documentSubject!, id: entry.documentId },
    reversesId: entry.id,
    lines: mirrored(lines),
  };
}
