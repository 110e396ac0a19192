// Bringing in tables: parties, open items, entries, invoices and bills from CSV or XLSX. Looked through whole first, with every wrong cell
// told; then all of it or nothing.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import { newId, type Id as KernelId } from "../../../kernel/id.ts";
import { Refusal, refuse, word } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { inBatches } from "../../../platform/database/batches.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { Day, FileId, Id, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { addRole, createOrganisation } from "../../directory/index.ts";
import { type Book, bookOf } from "../ledger/book.ts";
import { inBulk } from "../ledger/bulk.ts";
import { dayGate, type DayGate } from "../ledger/day-gate.ts";
import { type JournalEntryDraft, postingRefusals } from "../ledger/entry.rules.ts";
import { postEntries } from "../ledger/posting.ts";
import { askApprovals } from "../payables/bill-approval.ts";
import { billRefusals, insertBills } from "../payables/bill.ts";
import type { ReadyBill } from "../payables/bill.rules.ts";
import { readyBills } from "../payables/bill-ground.ts";
import { invoiceIssuer } from "../receivables/invoice.ts";
import type { InvoiceInput } from "../receivables/invoice.rules.ts";
import { importedBefore, type ImportSource, keepImport, sourceOf, sourceRefusals } from "./source.ts";
import { rowsOf, tableRefusals } from "./table.ts";
import { dayOrders, grouped, readTable, type TableMistake, type TableRecord } from "./table.rules.ts";
import { type BillRows, tableColumns, type TableGround, TableReading } from "./table-kind.ts";

const kinds = ["parties", "openItems", "entries", "invoices", "bills"] as const;

const input = z.strictObject({
  kind: z.enum(kinds).describe("What the rows are."),
  fileId: FileId.describe("CSV in UTF-8, or XLSX; the first row is the heading."),
  day: Day.optional().describe(
    "For open items the first day of the new books, for parties since when they are what they are. By default today.",
  ),
  dayOrder: z.enum(dayOrders).optional().describe("How days such as 03/04/2026 are written; without it they are not guessed."),
  bookId: ref("finance.book").optional().describe("By default the main books."),
});
type Input = z.output<typeof input>;

const mistakesShown = 200;
const Mistake = z.object({ row: z.number().int(), column: z.string(), says: z.string() });

/** What a file makes: exactly one of these is filled. */
interface Made {
  readonly organisations: readonly TableRecord[];
  readonly entries: readonly JournalEntryDraft[];
  readonly invoices: readonly InvoiceInput[];
  readonly bills: readonly ReadyBill[];
}

interface Looked {
  readonly source: ImportSource;
  readonly book: Book;
  readonly made: Made;
  readonly records: readonly TableRecord[];
  readonly ignored: readonly string[];
  readonly mistakes: readonly TableMistake[];
}

async function look(context: ReadContext, { kind, fileId, day, dayOrder, bookId }: Input): Promise<Looked> {
  const book = await bookOf(context, bookId);
  const source = await sourceOf(context, fileId);
  const { rows, otherSheets } = await rowsOf(source);
  const { records, mistakes, ignored: headings } = readTable(rows, tableColumns[kind], dayOrder);
  const ignored = [...headings, ...otherSheets.map((name) => `Sheet: ${name}`)];
  const reading = new TableReading({
    currency: book.currency,
    parties: await partiesNamed(context, records),
    ...(await coded(context, book.id, kind)),
  });
  const bills = await judged(context, kind === "bills" ? reading.bills(records, book.id) : []);
  const made: Made = {
    organisations: kind === "parties" ? records : [],
    entries: kind === "entries" ? reading.entries(records) : kind === "openItems" ? reading.openItems(records, day ?? context.today) : [],
    invoices: kind === "invoices" ? reading.invoices(records) : [],
    bills: bills.ready,
  };
  const wrong = [...mistakes, ...reading.mistakes, ...bills.mistakes].toSorted((a, b) => a.row - b.row);
  return { source, book, made, records, ignored, mistakes: wrong };
}

/** That days take no entries, with the first row it keeps out. Entries and invoices have the day of their first row. */
function shutDays(records: readonly TableRecord[], kind: Input["kind"], day: KernelDay, gate: DayGate): TableMistake[] {
  const days: { readonly row: number; readonly journal: string; readonly day: KernelDay }[] = {
    parties: [],
    bills: [],
    openItems: records.slice(0, 1).map(({ row }) => ({ row, journal: "OPN", day })),
    entries: firstOfEach(records, "number").map(({ row, cells }) => ({ row, journal: "GEN", day: cells["day"] as KernelDay })),
    invoices: firstOfEach(records, "invoice").map(({ row, cells }) => ({ row, journal: "SAL", day: cells["day"] as KernelDay })),
  }[kind];
  return days.flatMap((one) => {
    const says = gate(one.journal, one.day);
    return says === undefined ? [] : [{ row: one.row, column: "day", says }];
  });
}

const firstOfEach = (records: readonly TableRecord[], column: string): TableRecord[] =>
  grouped(records, (record) => record.cells[column]!).map((rows) => rows[0]!);

const recordsOf = ({ organisations, entries, invoices, bills }: Made): number =>
  organisations.length + entries.length + invoices.length + bills.length;

/** The bills as the books take them, and what they say to the others, in the row and the column it is about. */
async function judged(context: ReadContext, bills: readonly BillRows[]): Promise<{ ready: ReadyBill[]; mistakes: TableMistake[] }> {
  const ready: ReadyBill[] = [];
  const mistakes: TableMistake[] = [];
  const found = await readyBills(
    context,
    bills.map(({ input }) => ({ id: newId(), input })),
  );
  for (const [index, one] of found.entries()) {
    if (one instanceof Refusal) mistakes.push(mistakeOf(one, bills[index]!));
    else ready.push(one);
  }
  return { ready, mistakes };
}

const columnsOfFields: Readonly<Record<string, string>> = {
  supplierId: "supplier",
  dueDay: "dueDay",
  accountId: "account",
  taxCode: "taxCode",
  serviceUntil: "serviceUntil",
  rate: "currency",
  net: "currency",
  lines: "net",
};

function mistakeOf({ code, facts, path = [] }: Refusal, { rows }: BillRows): TableMistake {
  const [place] = path.flatMap((step) => (typeof step === "number" ? rows[step]!.row : []));
  const words: Readonly<Record<string, string>> = billRefusals;
  return { row: place ?? rows[0]!.row, column: columnsOfFields[String(path.at(-1))] ?? "bill", says: word(words[code]!, facts) };
}

/** Accounts and org units as rows of bills name them. */
async function coded(context: ReadContext, bookId: KernelId, kind: Input["kind"]): Promise<Pick<TableGround, "accounts" | "units">> {
  if (kind !== "bills") return { accounts: new Map(), units: new Map() };
  const { tenantId } = context;
  const accounts = await context.db.rows<Named>(sql`
    select lower(code) as key, id from finance.account where tenant_id = ${tenantId} and book_id = ${bookId}`);
  const units = await context.db.rows<Named>(sql`
    select lower(code) as key, id from directory.unit where tenant_id = ${tenantId}
    union
    select lower(v.name), v.unit_id from directory.unit_version v where v.tenant_id = ${tenantId} and v.during @> ${context.today}::date`);
  return { accounts: onlyOnes(accounts), units: onlyOnes(units) };
}

interface Named {
  readonly key: string;
  readonly id: KernelId;
}

/** Null where two have the same name. */
function onlyOnes(rows: readonly Named[]): Map<string, KernelId | null> {
  const found = new Map<string, KernelId | null>();
  for (const { key, id } of rows) found.set(key, found.has(key) && found.get(key) !== id ? null : id);
  return found;
}

async function partiesNamed(context: ReadContext, records: readonly TableRecord[]): Promise<Map<string, KernelId | null>> {
  const named = [
    ...new Set(
      records.flatMap(({ cells }) => [cells["party"], cells["customer"], cells["supplier"]].flatMap((name) => name?.toLowerCase() ?? [])),
    ),
  ];
  const rows = await context.db.rows<Named>(sql`
    select lower(name) as key, id from directory.party where tenant_id = ${context.tenantId} and lower(name) = any(${named}::text[])
    union
    select lower(tax_number), id from directory.party where tenant_id = ${context.tenantId} and lower(tax_number) = any(${named}::text[])
    union
    select lower(registration), id from directory.party
    where tenant_id = ${context.tenantId} and lower(registration) = any(${named}::text[])`);
  return onlyOnes(rows);
}

export const checkTable = operation({
  name: "finance.import.checkTable",
  title: "Look through a table",
  does: "Reads a CSV or XLSX file and tells what it would bring into the books, and every cell that stands in its way.",
  kind: "read",
  may: ["finance.accountant", "finance.manager"],
  input,
  output: z.object({
    rows: z.number().int(),
    records: z.number().int().describe("Parties, items, entries, invoices or bills that the rows make."),
    ignored: z.array(z.string()).describe("Headings that mean nothing to us."),
    columns: z.array(z.string()).describe("The headings that are understood."),
    mistakes: z.array(Mistake),
  }),
  refuses: { booksMissing: postingRefusals.booksMissing, ...sourceRefusals, ...tableRefusals },
  async run(asked, context) {
    const { book, made, records, ignored, mistakes: cells } = await look(context, asked);
    const shut = shutDays(records, asked.kind, asked.day ?? context.today, await dayGate(context, book.id));
    const mistakes = [...cells, ...shut].toSorted((a, b) => a.row - b.row);
    return {
      rows: records.length,
      records: recordsOf(made),
      ignored: [...ignored],
      columns: Object.keys(tableColumns[asked.kind]),
      mistakes: mistakes.slice(0, mistakesShown),
    };
  },
});

export const importTable = operation({
  name: "finance.import.table",
  title: "Bring in a table",
  does: "Brings parties, open items, entries, invoices or bills from a CSV or XLSX file into the books, all or none; bills await approval.",
  kind: "write",
  may: ["finance.manager"],
  input: input.extend({ again: z.boolean().default(false).describe("Although the same file was brought in before.") }),
  output: z.object({ id: Id, records: z.number().int() }),
  refuses: {
    ...postingRefusals,
    ...sourceRefusals,
    ...tableRefusals,
    importedBefore: "This very file was brought in on {day}. If it is meant twice, say so with --again.",
    tableWrong:
      "{count} cells are wrong. The first is in row {row}, column {column}: {says} All of them: heartwood finance import check-table",
    tableEmpty: "The file has no rows below its heading.",
    recordRefused: "Record {place} of the file: {says}",
    billEnteredMeanwhile: "Someone entered one of these bills at this very moment. Look through the table again, and bring in the rest.",
  },
  constraints: { bill_once: "billEnteredMeanwhile" },
  emits: ["finance.table.imported", "finance.bill.created"],
  async run({ again, ...asked }, context) {
    const { source, book, made, mistakes } = await look(context, asked);
    const before = again ? undefined : await importedBefore(context, source.hash, asked.kind);
    if (before) refuse("importedBefore", { day: before.toISOString().slice(0, 10) }, ["fileId"]);
    const [first] = mistakes;
    if (first) refuse("tableWrong", { count: mistakes.length, ...first }, ["fileId"]);
    const records = recordsOf(made);
    if (records === 0) refuse("tableEmpty", {}, ["fileId"]);
    await addOrganisations(context, made.organisations, asked.day ?? context.today);
    if (made.entries.length > 0 || made.invoices.length > 0) {
      await inBulk(context, book.id, async () => {
        await inBatches(context.db, made.entries, batchMax.entries, (entries) => postEntries(context, entries, book.id));
        await issueAll(context, made.invoices, book.id);
      });
    }
    await inBatches(context.db, made.bills, batchMax.bills, (bills) => enter(context, bills));
    const id = context.newId();
    await keepImport(context, { id, bookId: book.id, kind: asked.kind, source, records });
    context.emit("finance.table.imported", { importId: id, kind: asked.kind, records });
    return { id, records };
  },
});

/** Entries and invoices as many as wait in the socket, see `inBatches`; what a bill begins takes more statements, and Node little time. */
const batchMax = { entries: 400, invoices: 200, bills: 500 } as const;

/** Each with its own permission, words and row in the trail: parties are hundreds, not millions. */
async function addOrganisations(context: WriteContext, records: readonly TableRecord[], from: KernelDay): Promise<void> {
  for (const { row, cells } of records) {
    const { roles = "", ...details } = cells;
    const parsed = createOrganisation.input.safeParse(details);
    const roleInputs = roles
      .toLowerCase()
      .split(/[,|; ]+/)
      .map((role) => addRole.input.safeParse({ partyId: newId(), role, from }));
    const wrong = [parsed, ...roleInputs].find((one) => !one.success);
    if (wrong) refuse("recordRefused", { place: `in row ${row}`, says: wrong.error!.issues[0]!.message }, ["fileId"]);
    const { id } = await context.call(createOrganisation, parsed.data!);
    for (const role of roleInputs) await context.call(addRole, { ...role.data!, partyId: id });
  }
}

async function issueAll(context: WriteContext, made: readonly InvoiceInput[], bookId: KernelId): Promise<void> {
  const inputs = made.map((one) => ({ ...one, bookId }));
  const issue = await invoiceIssuer(context, inputs);
  await inBatches(context.db, inputs, batchMax.invoices, async (batch, from) => {
    const issued = await issue(batch);
    const place = issued.findIndex((one) => one instanceof Refusal);
    if (place >= 0) refuse("recordRefused", { place: from + place + 1, says: (issued[place] as Refusal).message }, ["fileId"]);
  });
}

/** Each waits for its approval, as one that is entered by hand. */
async function enter(context: WriteContext, bills: readonly ReadyBill[]): Promise<void> {
  await insertBills(context, bills);
  await askApprovals(
    context,
    bills.map(({ id, input: { kind, supplierNumber }, total }) => ({ id, kind, supplierNumber, total })),
  );
  for (const { id } of bills) context.emit("finance.bill.created", { billId: id });
}
