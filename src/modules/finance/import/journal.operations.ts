// Bringing in a plain-text journal of hledger or Ledger: looked through whole first, then posted entry by entry in batches, all or nothing.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import { newId, type Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { countGrownTables } from "../../../platform/database/statistics.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { Day, FileId, Id, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { bookOf } from "../ledger/book.ts";
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
const batch = 2_000;

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

/** Walks through a journal and hands on its entries in batches; what is wrong with it is gathered, at most 200 times. */
async function walk(
  context: ReadContext,
  source: ImportSource,
  book: { id: KernelId; currency: string },
  take: (drafts: readonly JournalEntryDraft[], chart: JournalChart) => Promise<void>,
): Promise<Looked> {
  const chart = await journalChart(context, book.id, newId);
  const reader = new JournalReader();
  const balances = assertsBalances(source.bytes) ? new JournalBalances(book.currency) : undefined;
  const line = foreignLine(source.bytes);
  if (line !== undefined) reader.mistakes.push({ line, says: "This line is not written in UTF-8. Save the journal in UTF-8." });
  const looked: Looked = { entries: 0, from: null, to: null, mistakes: reader.mistakes, skipped: reader.skipped, chart };
  let drafts: JournalEntryDraft[] = [];
  // One batch is posted while the next is read.
  let taking: Promise<void> = Promise.resolve();
  const add = (entry: JournalEntryText | undefined): void => {
    const draft = entry && draftOf(entry, book.currency, chart, reader, balances);
    if (!draft) return;
    drafts.push(draft);
    looked.entries += 1;
    if (looked.from === null || draft.day < looked.from) looked.from = draft.day;
    if (looked.to === null || draft.day > looked.to) looked.to = draft.day;
  };
  for (const line of linesIn(source.bytes)) {
    add(reader.read(line));
    if (reader.mistakes.length >= mistakesShown) break;
    if (drafts.length < batch) continue;
    await taking;
    taking = take(drafts, chart);
    drafts = [];
  }
  add(reader.end());
  const asserted = balances?.end();
  reader.mistakes.push(...(asserted?.mistakes ?? []));
  for (const one of asserted?.skipped ?? []) reader.skipped.add(one);
  await taking;
  await take(drafts, chart);
  return looked;
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
    const { chart, skipped, ...looked } = await walk(context, await sourceOf(context, fileId), book, async () => undefined);
    return { ...looked, newAccounts: chart.addedNames, skipped: [...skipped] };
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
    let batches = 0;
    const { chart, skipped, mistakes, ...looked } = await walk(context, source, book, async (drafts, known) => {
      if (++batches === 2) await countGrownTables(context.db);
      await post(context, drafts, known, book.id);
    });
    const [first] = mistakes;
    if (first) refuse("journalWrong", { count: mistakes.length, ...first }, ["fileId"]);
    if (looked.entries === 0) refuse("journalEmpty", {}, ["fileId"]);
    const id = context.newId();
    await keepImport(context, { id, bookId: book.id, kind: "journal", source, records: looked.entries });
    context.emit("finance.journal.imported", { importId: id, entries: looked.entries });
    return { id, ...looked, newAccounts: chart.addedNames, skipped: [...skipped] };
  },
});

async function post(context: WriteContext, drafts: readonly JournalEntryDraft[], chart: JournalChart, bookId: KernelId): Promise<void> {
  await chart.save(context, bookId);
  await postEntries(context, drafts, bookId);
}
