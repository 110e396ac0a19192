// Bringing in a plain-text journal of hledger or Ledger: it can be looked through first, and is posted in batches while it is read, all or
// nothing.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import { newId, type Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { inBatches, inTurns } from "../../../platform/database/batches.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { Day, FileId, Id, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { bookOf } from "../ledger/book.ts";
import { inBulk } from "../ledger/bulk.ts";
import { dayGate, type DayGate } from "../ledger/day-gate.ts";
import { type JournalEntryDraft, postingRefusals } from "../ledger/entry.rules.ts";
import { postEntries } from "../ledger/posting.ts";
import { type JournalChart, journalChart } from "./journal-account.ts";
import { JournalBalances } from "./journal-balance.rules.ts";
import { type ImportedLine, linesOf } from "./journal-draft.rules.ts";
import { type JournalEntryText, type JournalMistake, JournalReader } from "./journal-text.rules.ts";
import {
  assertsBalances,
  foreignLine,
  importedBefore,
  type ImportSource,
  keepImport,
  linesIn,
  sourceOf,
  sourceRefusals,
} from "./source.ts";

const input = z.strictObject({
  fileId: FileId.describe("A journal as text, or packed with gzip."),
  bookId: ref("finance.book").optional().describe("By default the main books."),
});

const Mistake = z.object({ line: z.number().int(), says: z.string() });
const mistakesShown = 200;
// About 200 KB, see `inBatches`.
const batchMax = 400;

const report = {
  entries: z.number().int(),
  from: Day.nullable(),
  to: Day.nullable(),
  newAccounts: z.array(z.string()).describe("Accounts that are not in the chart yet and are added to it."),
  skipped: z.array(z.string()).describe("What the journal says that is not posted."),
};

interface Looked {
  entries: number;
  from: KernelDay | null;
  to: KernelDay | null;
  readonly mistakes: JournalMistake[];
  readonly skipped: ReadonlySet<string>;
  readonly chart: JournalChart;
}

/** A journal and its entries one by one, as somebody asks for them; what is found on the way stands in `looked` when all were asked for. */
async function journalIn(
  context: ReadContext,
  source: ImportSource,
  book: { id: KernelId; currency: string },
  gate?: DayGate,
): Promise<{ looked: Looked; drafts: Iterable<JournalEntryDraft> }> {
  const chart = await journalChart(context, book.id, newId);
  const reader = new JournalReader();
  const looked: Looked = { entries: 0, from: null, to: null, mistakes: reader.mistakes, skipped: reader.skipped, chart };
  return { looked, drafts: draftsIn(source, book.currency, reader, looked, gate) };
}

/** What is wrong with the journal is gathered, at most 200 times; that days take no entries with the first entry it keeps out. */
function* draftsIn(
  source: ImportSource,
  currency: string,
  reader: JournalReader,
  looked: Looked,
  gate?: DayGate,
): Generator<JournalEntryDraft> {
  const balances = assertsBalances(source.bytes) ? new JournalBalances(currency) : undefined;
  const line = foreignLine(source.bytes);
  if (line !== undefined) reader.mistakes.push({ line, says: "This line is not written in UTF-8. Save the journal in UTF-8." });
  for (const entry of entriesIn(source.bytes, reader)) {
    const draft = draftOf(entry, currency, looked.chart, reader, balances);
    if (!draft) continue;
    looked.entries += 1;
    if (looked.from === null || draft.day < looked.from) looked.from = draft.day;
    if (looked.to === null || draft.day > looked.to) looked.to = draft.day;
    const says = gate?.(draft.journal, draft.day);
    if (says !== undefined) reader.mistakes.push({ line: entry.line, says });
    yield draft;
  }
  const asserted = balances?.end();
  reader.mistakes.push(...(asserted?.mistakes ?? []));
  for (const one of asserted?.skipped ?? []) reader.skipped.add(one);
}

function* entriesIn(bytes: Buffer, reader: JournalReader): Generator<JournalEntryText> {
  for (const line of linesIn(bytes)) {
    const entry = reader.read(line);
    if (entry) yield entry;
    if (reader.mistakes.length >= mistakesShown) break;
  }
  const last = reader.end();
  if (last) yield last;
}

/** The lines of an entry; a mistake is gathered, and makes none. */
function linesIfRight(
  entry: JournalEntryText,
  currency: string,
  mistakes: JournalMistake[],
  balances: JournalBalances | undefined,
): readonly ImportedLine[] | undefined {
  const settled = balances?.settled(entry) ?? entry;
  const lines = "says" in settled ? settled : linesOf(settled, currency);
  const wrong = "says" in settled || "says" in lines ? lines : balances?.take(settled, lines);
  if (!wrong) return lines as readonly ImportedLine[];
  mistakes.push(wrong as JournalMistake);
  return undefined;
}

function draftOf(
  entry: JournalEntryText,
  currency: string,
  chart: JournalChart,
  reader: JournalReader,
  balances: JournalBalances | undefined,
): JournalEntryDraft | undefined {
  const lines = linesIfRight(entry, currency, reader.mistakes, balances);
  if (!lines) return undefined;
  if (lines.length === 0) return undefined;
  const accounts = lines.map((line) => chart.find(line.account, reader.typeOf(line.account)));
  const unknown = accounts.find((account): account is { says: string } => typeof account === "object");
  if (unknown) {
    reader.mistakes.push({ line: entry.line, says: unknown.says });
    return undefined;
  }
  return {
    journal: "GEN",
    day: entry.day,
    text: entry.description.slice(0, 200) || "Journal entry",
    reference: entry.code.slice(0, 60) || undefined,
    lines: lines.map((line, index) => ({
      account: { id: accounts[index] as KernelId },
      amount: line.amount,
      foreign: line.foreign,
      text: line.text.slice(0, 200) || undefined,
    })),
  };
}

const reported = ({ chart, skipped, ...looked }: Looked) => ({ ...looked, newAccounts: chart.addedNames, skipped: [...skipped] });

export const checkJournal = operation({
  name: "finance.import.checkJournal",
  title: "Look through a journal",
  does: "Reads a journal of hledger or Ledger and tells what it would bring into the books, and everything that stands in its way.",
  kind: "read",
  may: ["finance.accountant", "finance.manager"],
  input,
  output: z.object({ ...report, mistakes: z.array(Mistake) }),
  refuses: { booksMissing: postingRefusals.booksMissing, ...sourceRefusals },
  async run({ fileId, bookId }, context) {
    const book = await bookOf(context, bookId);
    const { looked, drafts } = await journalIn(context, await sourceOf(context, fileId), book, await dayGate(context, book.id));
    for await (const _read of inTurns(drafts, batchMax));
    return reported(looked);
  },
});

export const importJournal = operation({
  name: "finance.import.journal",
  title: "Bring in a journal",
  does: "Posts every entry of a journal of hledger or Ledger, and adds the accounts that the chart has not; all of it or nothing.",
  kind: "write",
  may: ["finance.accountant", "finance.manager"],
  input: input.extend({ again: z.boolean().default(false).describe("Although the same file was brought in before.") }),
  output: z.object({ id: Id, ...report }),
  refuses: {
    ...postingRefusals,
    ...sourceRefusals,
    importedBefore: "This very file was brought in on {day}. If it is meant twice, say so with --again.",
    journalWrong:
      "{count} places in the journal are wrong. The first is line {line}: {says} All of them: heartwood finance import check-journal",
    journalEmpty: "The file has no entries.",
  },
  emits: ["finance.journal.imported"],
  async run({ fileId, bookId, again }, context) {
    const book = await bookOf(context, bookId);
    const source = await sourceOf(context, fileId);
    const before = again ? undefined : await importedBefore(context, source.hash, "journal");
    if (before) refuse("importedBefore", { day: before.toISOString().slice(0, 10) }, ["fileId"]);
    const { looked, drafts } = await journalIn(context, source, book);
    const found = await inBulk(context, book.id, async () => {
      await inBatches(context.db, drafts, batchMax, poster(context, looked, book.id));
      const { mistakes, ...read } = reported(looked);
      const [first] = mistakes;
      if (first) refuse("journalWrong", { count: mistakes.length, ...first }, ["fileId"]);
      if (read.entries === 0) refuse("journalEmpty", {}, ["fileId"]);
      return read;
    });
    const id = context.newId();
    await keepImport(context, { id, bookId: book.id, kind: "journal", source, records: found.entries });
    context.emit("finance.journal.imported", { importId: id, entries: found.entries });
    return { id, ...found };
  },
});

/**
 * Posts batch by batch, as long as nothing is wrong; one that makes the chart grow alone, since others would be judged anew beside it and
 * numbered before it.
 */
function poster(context: WriteContext, { chart, mistakes }: Looked, bookId: KernelId) {
  let grown: Promise<unknown> = Promise.resolve();
  return (drafts: readonly JournalEntryDraft[], _from: number, before: Promise<unknown>): Promise<unknown> => {
    if (mistakes.length > 0) return before;
    const isGrowing = chart.hasAdded;
    const posted = (isGrowing ? before : grown).then(async () => {
      await chart.save(context, bookId);
      await postEntries(context, drafts, bookId);
    });
    if (isGrowing) grown = posted;
    return posted;
  };
}
