// The one posting function: every entry of every department goes into the books through here, in the transaction of what caused it.
//
// | on every entry            | rule                                                        | held again by                      |
// |---------------------------|-------------------------------------------------------------|------------------------------------|
// | Dr = Cr                   | `checkEntry`                                                | `finance.post_entries`, the one way in |
// | open period               | read `for share`, so that a closing waits for this posting  | join in `finance.post_entries`     |
// | area not locked           | stands on the period; an exception is noted with the entry  | law `finance.lockedAreas`          |
// | number without gap        | a block from the head row, taken last                       | unique key; law `finance.numbers`  |
// | Dr or Cr of a party       | a line on a control account becomes an open item            | law `finance.subledger`            |
import { createHash } from "node:crypto";
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Refusal, word } from "../../../kernel/refusal.ts";
import { prepared, sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import type { JournalArea } from "./area.rules.ts";
import {
  type CheckedEntry,
  checkEntry,
  isPostingNo,
  type JournalEntryDraft,
  type KnownAccount,
  type KnownDimensionValue,
  type KnownJournal,
  type KnownPeriod,
  type PostingGround,
  type PostingNo,
  postingRefusals,
} from "./entry.rules.ts";
import { locksOf, recordPasses } from "./lock.ts";

export interface PostedEntry {
  readonly id: Id;
  readonly number: string;
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

/** Posts many entries of one set of books: two statements, whatever their number. One bad entry refuses them all. */
export async function postEntries(context: WriteContext, drafts: readonly JournalEntryDraft[], bookId?: Id): Promise<PostedEntry[]> {
  if (drafts.length === 0) return [];
  const { ground, checked } = await check(context, drafts, bookId);
  const bad = checked.findIndex((one) => one instanceof Refusal);
  if (bad >= 0) {
    const { code, message, facts, path } = checked[bad] as Refusal;
    throw new Refusal(code, message, facts, drafts.length > 1 ? undefined : path);
  }
  return insert(context, ground, checked as CheckedEntry[]);
}

/** The same for entries that have nothing to do with each other: those that are fit are posted, the others are refused one by one. */
export async function postEach(
  context: WriteContext,
  drafts: readonly JournalEntryDraft[],
  bookId?: Id,
): Promise<(PostedEntry | Refusal)[]> {
  const { ground, checked } = await check(context, drafts, bookId);
  const posted = await insert(
    context,
    ground,
    checked.filter((one): one is CheckedEntry => !(one instanceof Refusal)),
  );
  let next = 0;
  return checked.map((one) => (one instanceof Refusal ? one : posted[next++]!));
}

/**
 * The same for documents, whose numbers stand on their entries: `name` is asked for the text and reference of those that are fit, by their
 * places, so that no number is drawn for one that is refused.
 */
export async function postDocuments(
  context: WriteContext,
  drafts: readonly JournalEntryDraft[],
  name: (fit: readonly number[]) => Promise<readonly Pick<JournalEntryDraft, "text" | "reference">[]>,
  bookId: Id,
): Promise<(PostedEntry | Refusal)[]> {
  const { ground, checked } = await check(context, drafts, bookId);
  const fit = [...checked.keys()].filter((place) => !(checked[place] instanceof Refusal));
  const names = fit.length > 0 ? await name(fit) : [];
  const named = fit.map((place, index) => {
    const one = checked[place] as CheckedEntry;
    return { ...one, draft: { ...one.draft, ...names[index] } };
  });
  const posted = await insert(context, ground, named);
  let next = 0;
  return checked.map((one) => (one instanceof Refusal ? one : posted[next++]!));
}

interface Checked {
  readonly ground: PostingGround & { readonly bookId: Id };
  readonly checked: readonly (CheckedEntry | Refusal)[];
}

async function check(context: WriteContext, drafts: readonly JournalEntryDraft[], bookId: Id | undefined): Promise<Checked> {
  const known = await loadGround(context, drafts, bookId);
  const ground = { ...known, locks: await locksOf(context, lockedPlaces(drafts, known)) };
  const checked = drafts.map((draft) => {
    const found = checkEntry(draft, ground);
    return isPostingNo(found) ? postingRefusal(found) : found;
  });
  return { ground, checked };
}

async function insert(context: WriteContext, ground: Checked["ground"], checked: readonly CheckedEntry[]): Promise<PostedEntry[]> {
  if (checked.length === 0) return [];
  const entries = checked.map((one) => ({ ...one, id: context.newId(), lineIds: one.lines.map(() => context.newId()) }));
  await keepSets(context, entries);
  const numbers = await insertEntries(context, ground.bookId, entries);
  await recordPasses(
    context,
    entries.flatMap(({ id, pass }) => (pass ? [{ entryId: id, pass }] : [])),
  );
  return entries.map(({ id, lineIds }) => ({ id, number: numbers.get(id)!, lineIds }));
}

const postingRefusal = ({ code, facts, path }: PostingNo): Refusal => new Refusal(code, word(postingRefusals[code], facts), facts, path);

interface FoundGround {
  readonly id: Id;
  readonly currency: string;
  readonly journals: KnownJournal[] | null;
  readonly periods: KnownPeriod[] | null;
  readonly accounts: KnownAccount[] | null;
  readonly parties: Id[] | null;
  readonly units: Id[] | null;
  readonly dimensionValues: KnownDimensionValue[] | null;
}

/** Everything the drafts name, in one statement; the periods stay locked against closing until the transaction ends. */
async function loadGround(
  context: WriteContext,
  drafts: readonly JournalEntryDraft[],
  bookId: Id | undefined,
): Promise<Omit<PostingGround, "locks"> & { bookId: Id }> {
  const days = [...new Set(drafts.map((draft) => draft.day))];
  const choices = drafts.flatMap((draft) => draft.lines.map((line) => line.account));
  const codes = [...new Set(choices.filter((choice): choice is string => typeof choice === "string"))];
  const ids = [...new Set(choices.flatMap((choice) => (typeof choice === "object" && "id" in choice ? [choice.id] : [])))];
  const roles = [...new Set(choices.flatMap((choice) => (typeof choice === "object" && "role" in choice ? [choice.role] : [])))];
  const named = (field: "partyId" | "unitId"): Id[] => [
    ...new Set(drafts.flatMap((draft) => draft.lines.flatMap((line) => line[field] ?? []))),
  ];
  const dimensions = [...new Set(drafts.flatMap((draft) => draft.lines.flatMap((line) => Object.values(line.dimensions ?? {}))))];
  const found = await context.db.maybe<FoundGround>(
    prepared(sql`
    with book as (
      select id, currency from finance.book where tenant_id = ${context.tenantId} and ${bookId ? sql`id = ${bookId}` : sql`is_main`}
    ), period as materialized (
      select p.id, p.code, p.state, p.locked_areas, p.from_day, p.until_day from finance.period p
      where p.tenant_id = ${context.tenantId} and p.book_id = (select id from book)
        and exists (select from unnest(${days}::date[]) as d (day) where d.day between p.from_day and p.until_day)
      order by p.from_day for share
    ), account as (
      select a.id, a.code, a.name, a.is_group, a.control, a.retired_from,
        coalesce((select array_agg(r.role) from finance.account_role r
          where r.tenant_id = ${context.tenantId} and r.book_id = a.book_id and r.account_id = a.id), '{}') as roles
      from finance.account a
      where a.tenant_id = ${context.tenantId} and a.book_id = (select id from book)
        and (a.code = any(${codes}::text[]) or a.id = any(${ids}::uuid[])
          or a.id in (select r.account_id from finance.account_role r
            where r.tenant_id = ${context.tenantId} and r.book_id = (select id from book) and r.role = any(${roles}::text[])))
    )
    select b.id, b.currency,
      (select json_agg(json_build_object('id', j.id, 'code', j.code, 'area', j.area) order by j.code) from finance.journal j
        where j.tenant_id = ${context.tenantId} and j.book_id = b.id) as journals,
      (select json_agg(json_build_object('id', p.id, 'code', p.code, 'state', p.state, 'lockedAreas', p.locked_areas,
        'fromDay', p.from_day, 'untilDay', p.until_day))
        from period p) as periods,
      (select json_agg(json_build_object('id', a.id, 'code', a.code, 'name', a.name, 'isGroup', a.is_group, 'control', a.control,
        'retiredFrom', a.retired_from, 'roles', a.roles)) from account a) as accounts,
      (select json_agg(y.id) from directory.party y
        where y.tenant_id = ${context.tenantId} and y.id = any(${named("partyId")}::uuid[])) as parties,
      (select json_agg(u.id) from directory.unit u
        where u.tenant_id = ${context.tenantId} and u.id = any(${named("unitId")}::uuid[])) as units,
      (select json_agg(json_build_object('id', v.id, 'dimensionId', d.id, 'dimension', d.code, 'code', v.code, 'retiredFrom',
        v.retired_from))
        from finance.dimension_value v join finance.dimension d on d.tenant_id = ${context.tenantId} and d.id = v.dimension_id
        where v.tenant_id = ${context.tenantId} and d.book_id = b.id
          and (v.code = any(${dimensions}::text[]) or v.id::text = any(${dimensions}::text[]))) as dimension_values
    from book b`),
  );
  if (!found) throw new Refusal("booksMissing", postingRefusals.booksMissing);
  return {
    bookId: found.id,
    currency: found.currency,
    personId: context.actor.personId,
    journals: found.journals ?? [],
    periods: found.periods ?? [],
    accounts: found.accounts ?? [],
    parties: new Set(found.parties),
    units: new Set(found.units),
    dimensionValues: found.dimensionValues ?? [],
  };
}

/** Where drafts are meant for a locked area, so that exceptions are looked up for nobody else. */
function lockedPlaces(
  drafts: readonly JournalEntryDraft[],
  { journals, periods, personId }: Pick<PostingGround, "journals" | "periods" | "personId">,
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

async function insertEntries(context: WriteContext, bookId: Id, entries: readonly ReadyEntry[]): Promise<Map<Id, string>> {
  const lines = entries.flatMap((entry, place) =>
    entry.lines.map((line, position) => ({ ...line, id: entry.lineIds[position]!, entry: place + 1, position: position + 1 })),
  );
  const { actor } = context;
  const dueOf = (line: (typeof lines)[number]): Day | null =>
    line.known.control === null ? null : (line.dueDay ?? entries[line.entry - 1]!.draft.day);
  const rows = await context.db.rows<{ entryId: Id; entryNumber: string }>(
    prepared(sql`
    select entry_id, entry_number from finance.post_entries(
      ${context.tenantId}, ${bookId}, ${context.now}, ${entries.map(({ draft }) => (draft.author ?? actor).personId)},
      ${entries.map(({ draft }) => (draft.author ?? actor).name)},
      ${entries.map((entry) => entry.id)}, ${entries.map((entry) => entry.journalId)}, ${entries.map((entry) => entry.periodId)},
      ${entries.map((entry) => entry.draft.day)}, ${entries.map((entry) => entry.draft.text)},
      ${entries.map((entry) => entry.draft.reference ?? null)}, ${entries.map((entry) => entry.draft.document?.subject ?? null)},
      ${entries.map((entry) => entry.draft.document?.id ?? null)}, ${entries.map((entry) => entry.draft.reversesId ?? null)},
      ${entries.map((entry) => entry.total.minor)},
      ${lines.map((line) => line.id)}, ${lines.map((line) => line.entry)}, ${lines.map((line) => line.position)},
      ${lines.map((line) => line.known.id)}, ${lines.map((line) => line.amount.minor)}, ${lines.map((line) => line.partyId ?? null)},
      ${lines.map((line) => line.unitId ?? null)}, ${lines.map((line) => line.text ?? null)}, ${lines.map(dueOf)},
      ${lines.map((line) => setOf(line.values))}, ${lines.map((line) => line.foreign?.currency ?? null)},
      ${lines.map((line) => line.foreign?.minor ?? null)})`),
  );
  return new Map(rows.map((row) => [row.entryId, row.entryNumber]));
}
