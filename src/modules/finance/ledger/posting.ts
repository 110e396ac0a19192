// The one posting function: every entry of every department goes into the books through here, in the transaction of what caused it.
//
// | on every entry            | rule                                                        | held again by                      |
// |---------------------------|-------------------------------------------------------------|------------------------------------|
// | Dr = Cr                   | `checkEntry`                                                | `finance.post_entries`, the one way in |
// | open period               | read `for share`, so that a closing waits for this posting  | join in `finance.post_entries`     |
// | accounts as they are      | kept in memory under the book's stamp                       | stamp in `finance.post_entries`    |
// | area not locked           | stands on the period; an exception is noted with the entry  | law `finance.lockedAreas`          |
// | number without gap        | a block from the head row, taken last                       | unique key; law `finance.numbers`  |
// | Dr or Cr of a party       | a line on a control account becomes an open item            | law `finance.subledger`            |
import { createHash } from "node:crypto";
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Refusal, word } from "../../../kernel/refusal.ts";
import { inTurns } from "../../../platform/database/batches.ts";
import { list, prepared, sql, textList } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import type { JournalArea } from "./area.rules.ts";
import {
  type CheckedEntry,
  checkEntry,
  isPostingNo,
  type JournalEntryDraft,
  type KnownDimensionValue,
  type PostingGround,
  type PostingNo,
  postingRefusals,
} from "./entry.rules.ts";
import { type BookGround, keptGround, loadGround, loadNamed } from "./ground.ts";
import { locksOf, recordPasses } from "./lock.ts";

export interface PostedEntry {
  readonly id: Id;
  readonly number: string;
  /** The number drawn for its document. */
  readonly documentNumber: string | null;
  /** Identifiers of its lines in the order given; a line on a control account is an open item of the same identifier. */
  readonly lineIds: readonly Id[];
}

/**
 * Posts one entry. `amount` is debit positive, credit negative. A refusal carries its own words, so that a caller needs to
 * declare `postingRefusals` only for its reference.
 */
export async function postEntry(context: WriteContext, draft: JournalEntryDraft, bookId?: Id): Promise<PostedEntry> {
  return (await postEntries(context, [draft], bookId))[0]!;
}

/**
 * Posts many entries of one set of books: one statement, whatever their number. One bad entry refuses them all. What they say may depend
 * on the books themselves: then they are made of what is known of those.
 */
export async function postEntries(context: WriteContext, drafts: Drafts, bookId?: Id): Promise<PostedEntry[]> {
  const results = await postFit(context, drafts, bookId, {
    check: (checked) => {
      const bad = checked.find((one) => one instanceof Refusal);
      if (bad) throw new Refusal(bad.code, bad.message, bad.facts, checked.length > 1 ? undefined : bad.path);
    },
  });
  return results as PostedEntry[];
}

type Drafts = readonly JournalEntryDraft[] | ((book: BookGround) => readonly JournalEntryDraft[]);

/**
 * The same for entries that have nothing to do with each other: those that are fit are posted, the others are refused one by one, and no
 * number is drawn for them. `parties` are those that the caller has read already.
 */
export const postEach = (
  context: WriteContext,
  drafts: readonly JournalEntryDraft[],
  bookId?: Id,
  parties?: ReadonlySet<Id>,
): Promise<(PostedEntry | Refusal)[]> => postFit(context, drafts, bookId, { parties });

type Judged = readonly (CheckedEntry | Refusal)[];

interface PostingWay {
  readonly parties?: ReadonlySet<Id> | undefined;
  /** Throws when what was found is not to be posted at all. */
  readonly check?: (checked: Judged) => void;
}

/** Posts those that are fit. Judged by what is kept of the books; when that turns out to be old, judged anew by what they are now. */
async function postFit(
  context: WriteContext,
  drafts: Drafts,
  bookId: Id | undefined,
  { parties = new Set(), check }: PostingWay,
): Promise<(PostedEntry | Refusal)[]> {
  if (drafts.length === 0) return [];
  for (const isKept of [true, false]) {
    const { ground, checked } = await judge(context, drafts, bookId, parties, isKept);
    check?.(checked);
    const posted = await insert(
      context,
      ground,
      checked.filter((one): one is CheckedEntry => !(one instanceof Refusal)),
    );
    if (!posted) continue;
    let next = 0;
    return checked.map((one) => (one instanceof Refusal ? one : posted[next++]!));
  }
  // As PostgreSQL says it of two transactions that cannot both be: the whole is tried again.
  throw Object.assign(new Error("the books changed while they were posted to"), { code: "40001" });
}

type Ground = PostingGround & Pick<BookGround, "id" | "stamp">;

const judgedAtOnce = 1000;

/** What posting would say to each of these entries by the books as they are now: nothing where it would take it. */
export async function judgeEntries(
  context: ReadContext,
  drafts: readonly JournalEntryDraft[],
  bookId?: Id,
): Promise<(Refusal | undefined)[]> {
  const said: (Refusal | undefined)[] = [];
  for await (const batch of inTurns(drafts, judgedAtOnce)) {
    const { checked } = await judge(context, batch, bookId, new Set(), said.length > 0);
    for (const one of checked) said.push(one instanceof Refusal ? one : undefined);
  }
  return said;
}

async function judge(
  context: ReadContext,
  made: Drafts,
  bookId: Id | undefined,
  vouched: ReadonlySet<Id>,
  isKept: boolean,
): Promise<{ readonly ground: Ground; readonly checked: Judged }> {
  const known = isKept ? keptGround(context.tenantId, bookId) : undefined;
  const book = known ?? (await loadGround(context, bookId));
  const drafts = draftsOf(made, book);
  if (drafts instanceof Refusal) {
    if (known) return judge(context, made, bookId, vouched, false);
    throw drafts;
  }
  const { personId } = context.actor;
  const locks = await locksOf(context, lockedPlaces(drafts, book, personId));
  const ground = { ...book, ...(await loadNamed(context, book.id, drafts, vouched)), personId, locks };
  const checked = drafts.map((draft) => {
    const found = checkEntry(draft, ground);
    return isPostingNo(found) ? postingRefusal(found) : found;
  });
  // Nobody is refused by what was true before.
  if (known && checked.some((one) => one instanceof Refusal)) return judge(context, made, bookId, vouched, false);
  return { ground, checked };
}

function draftsOf(made: Drafts, book: BookGround): readonly JournalEntryDraft[] | Refusal {
  if (typeof made !== "function") return made;
  try {
    return made(book);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** Nothing when the ground is not the book's any more. */
async function insert(context: WriteContext, ground: Ground, checked: readonly CheckedEntry[]): Promise<PostedEntry[] | undefined> {
  if (checked.length === 0) return [];
  const entries = checked.map((one) => ({ ...one, id: context.newId(), lineIds: one.lines.map(() => context.newId()) }));
  await keepSets(context, entries);
  const numbers = await insertEntries(context, ground, entries);
  if (numbers.size === 0) return undefined;
  await recordPasses(
    context,
    entries.flatMap(({ id, pass }) => (pass ? [{ entryId: id, pass }] : [])),
  );
  return entries.map(({ id, lineIds }) => ({ id, ...numbers.get(id)!, lineIds }));
}

const postingRefusal = ({ code, facts, path }: PostingNo): Refusal => new Refusal(code, word(postingRefusals[code], facts), facts, path);

/** Where drafts are meant for a locked area, so that exceptions are looked up for nobody else. */
function lockedPlaces(
  drafts: readonly JournalEntryDraft[],
  { journals, periods }: Pick<PostingGround, "journals" | "periods">,
  personId: Id | null,
): { periodId: Id; area: JournalArea; personId: Id | null }[] {
  const locked = periods.filter((period) => period.lockedAreas.length > 0);
  if (locked.length === 0) return [];
  return drafts.flatMap((draft) => {
    const area = journals.find((journal) => journal.code === draft.journal)?.area;
    const period = locked.find((one) => one.fromDay <= draft.day && draft.day <= one.untilDay);
    if (!area || !period?.lockedAreas.includes(area)) return [];
    return [{ periodId: period.id, area, personId: draft.author ? draft.author.personId : personId }];
  });
}

type ReadyEntry = CheckedEntry & { readonly id: Id; readonly lineIds: readonly Id[] };

/** The identifier of a combination of values follows from them, so that two writers make the same set. */
function setOf(values: readonly KnownDimensionValue[]): Id | null {
  if (values.length === 0) return null;
  const hex = createHash("sha256")
    .update(values.map((value) => value.id).join())
    .digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}` as Id;
}

/** Keeps the combinations of dimension values that have not been used before. */
async function keepSets(context: WriteContext, entries: readonly CheckedEntry[]): Promise<void> {
  if (!entries.some((entry) => entry.lines.some((line) => line.values.length > 0))) return;
  const sets = new Map(entries.flatMap((entry) => entry.lines.map((line) => [setOf(line.values), line.values] as const)));
  const rows = [...sets].flatMap(([setId, values]) => values.map((value) => ({ setId, value })));
  if (rows.length === 0) return;
  await context.db.run(sql`
    insert into finance.dimension_set_value (tenant_id, set_id, dimension_id, value_id)
    select ${context.tenantId}, s.set_id, s.dimension_id, s.value_id
    from unnest(${rows.map((row) => row.setId)}::uuid[], ${rows.map((row) => row.value.dimensionId)}::uuid[],
      ${rows.map((row) => row.value.id)}::uuid[]) as s (set_id, dimension_id, value_id)
    order by 2, 3 on conflict do nothing`);
}

type Numbers = Pick<PostedEntry, "number" | "documentNumber">;

async function insertEntries(context: WriteContext, ground: Ground, entries: readonly ReadyEntry[]): Promise<Map<Id, Numbers>> {
  const { actor } = context;
  const texts = (value: (entry: ReadyEntry) => string | null): string => textList(entries.map(value));
  const of = (value: (entry: ReadyEntry) => string | bigint | null): string => list(entries.map(value));
  // One walk over the lines, however many columns they have.
  const line = linesOf(entries);
  const rows = await context.db.rows<{ entryId: Id } & Numbers>(
    prepared(sql`
    select entry_id, entry_number as number, document_number from finance.post_entries(
      ${context.tenantId}, ${ground.id}, ${ground.stamp}, ${context.now}, ${of(({ draft }) => (draft.author ?? actor).personId)},
      ${texts(({ draft }) => (draft.author ?? actor).name)}, ${of(({ id }) => id)}, ${of(({ journalId }) => journalId)},
      ${of(({ periodId }) => periodId)}, ${of(({ draft }) => draft.day)}, ${texts(({ draft }) => draft.text)},
      ${texts(({ draft }) => draft.reference ?? null)}, ${texts(({ draft }) => draft.draws ?? null)},
      ${texts(({ draft }) => draft.document?.subject ?? null)},
      ${of(({ draft }) => draft.document?.id ?? null)}, ${of(({ draft }) => draft.reversesId ?? null)}, ${of(({ total }) => total.minor)},
      ${list(line.ids)}, ${list(line.entries)}, ${list(line.positions)}, ${list(line.accounts)}, ${list(line.amounts)},
      ${list(line.parties)}, ${list(line.units)}, ${textList(line.texts)}, ${list(line.dueDays)}, ${list(line.sets)},
      ${textList(line.currencies)},
      ${list(line.currencyAmounts)})`),
  );
  return new Map(rows.map(({ entryId, ...numbers }) => [entryId, numbers]));
}

function linesOf(entries: readonly ReadyEntry[]) {
  const columns = {
    ids: [] as Id[],
    entries: [] as number[],
    positions: [] as number[],
    accounts: [] as Id[],
    amounts: [] as bigint[],
    parties: [] as (Id | null)[],
    units: [] as (Id | null)[],
    texts: [] as (string | null)[],
    dueDays: [] as (Day | null)[],
    sets: [] as (Id | null)[],
    currencies: [] as (string | null)[],
    currencyAmounts: [] as (bigint | null)[],
  };
  for (const [place, { draft, lines, lineIds }] of entries.entries()) {
    for (const [index, { known, amount, partyId, unitId, text, dueDay, values, foreign }] of lines.entries()) {
      columns.ids.push(lineIds[index]!);
      columns.entries.push(place + 1);
      columns.positions.push(index + 1);
      columns.accounts.push(known.id);
      columns.amounts.push(amount.minor);
      columns.parties.push(partyId ?? null);
      columns.units.push(unitId ?? null);
      columns.texts.push(text ?? null);
      columns.dueDays.push(known.control === null ? null : (dueDay ?? draft.day));
      columns.sets.push(setOf(values));
      columns.currencies.push(foreign?.currency ?? null);
      columns.currencyAmounts.push(foreign?.minor ?? null);
    }
  }
  return columns;
}
