// Bringing in tables: parties, open items, entries, invoices and bills from CSV or XLSX. Looked through whole first, with every wrong cell
// told; then all of it or nothing.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Refusal, refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { allInTurns, inBatches } from "../../../platform/database/batches.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { Day, FileId, Id, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { addRole, createOrganisation } from "../../directory/index.ts";
import { type Book, bookOf } from "../ledger/book.ts";
import { inBulk } from "../ledger/bulk.ts";
import { type JournalEntryDraft, postingRefusals } from "../ledger/entry.rules.ts";
import { postEntries } from "../ledger/posting.ts";
import { askApprovals } from "../payables/bill-approval.ts";
import { insertBills } from "../payables/bill.ts";
import type { ReadyBill } from "../payables/bill.rules.ts";
import { invoiceIssuer } from "../receivables/invoice.ts";
import type { InvoiceInput } from "../receivables/invoice.rules.ts";
import { importedBefore, type ImportSource, keepImport, sourceOf, sourceRefusals } from "./source.ts";
import { rowsOf, tableRefusals } from "./table.ts";
import { dayOrders, readTable, type TableMistake, type TableRecord } from "./table.rules.ts";
import {
  broughtBefore,
  entryMistakes,
  invoicedBefore,
  invoiceMistakes,
  judgedBills,
  judgedParties,
  type OrganisationInput,
} from "./table-judge.ts";
import { type Made, tableColumns, type TableGround, type TableKind, TableReading } from "./table-kind.ts";

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
const readAtOnce = 400;
const Mistake = z.object({ row: z.number().int(), column: z.string(), says: z.string() });

/** What a file brings: exactly one of these is filled. */
interface Brought {
  readonly organisations: readonly OrganisationInput[];
  readonly entries: readonly Made<JournalEntryDraft>[];
  readonly openItems: readonly Made<JournalEntryDraft>[];
  readonly invoices: readonly Made<InvoiceInput>[];
  readonly bills: readonly ReadyBill[];
}

interface Looked {
  readonly source: ImportSource;
  readonly book: Book;
  readonly brought: Brought;
  readonly records: readonly TableRecord[];
  readonly ignored: readonly string[];
  readonly mistakes: readonly TableMistake[];
}

async function look(context: ReadContext, { kind, fileId, day, dayOrder, bookId }: Input): Promise<Looked> {
  const book = await bookOf(context, bookId);
  const source = await sourceOf(context, fileId);
  const { rows, otherSheets } = await rowsOf(source);
  const { records: read, mistakes, ignored: headings } = readTable(rows, tableColumns[kind], dayOrder);
  const records = await allInTurns(read, readAtOnce);
  const ignored = [...headings, ...otherSheets.map((name) => `Sheet: ${name}`)];
  const reading = new TableReading({
    currency: book.currency,
    parties: await partiesNamed(context, records),
    ...(await coded(context, book.id, kind)),
  });
  const made = <T>(of: TableKind, make: () => Iterable<T>): Promise<T[]> => allInTurns(of === kind ? make() : [], readAtOnce);
  const from = day ?? context.today;
  const parties = judgedParties(kind === "parties" ? records : [], from);
  const bills = await judgedBills(context, await made("bills", () => reading.bills(records, book.id)));
  const brought: Brought = {
    organisations: parties.ready,
    entries: await made("entries", () => reading.entries(records)),
    openItems: await made("openItems", () => reading.openItems(records, from)),
    invoices: await made("invoices", () => reading.invoices(records, book.id)),
    bills: bills.ready,
  };
  const twice = [...(await broughtBefore(context, brought.openItems)), ...(await invoicedBefore(context, brought.invoices))];
  const wrong = [...mistakes, ...reading.mistakes, ...parties.mistakes, ...bills.mistakes, ...twice].toSorted((a, b) => a.row - b.row);
  return { source, book, brought, records, ignored, mistakes: wrong };
}

const recordsOf = (brought: Brought): number => Object.values(brought).reduce((sum, { length }) => sum + length, 0);

/** What posting would say to it. */
const saidTo = async (context: ReadContext, { entries, openItems, invoices }: Brought, bookId: KernelId): Promise<TableMistake[]> => [
  ...(await entryMistakes(context, "entries", entries, bookId)),
  ...(await entryMistakes(context, "openItems", openItems, bookId)),
  ...(await invoiceMistakes(context, invoices)),
];

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
    const { book, brought, records, ignored, mistakes: cells } = await look(context, asked);
    const mistakes = [...cells, ...(await saidTo(context, brought, book.id))].toSorted((a, b) => a.row - b.row);
    return {
      rows: records.length,
      records: recordsOf(brought),
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
    const { source, book, brought, mistakes } = await look(context, asked);
    const before = again ? undefined : await importedBefore(context, source.hash, asked.kind);
    if (before) refuse("importedBefore", { day: before.toISOString().slice(0, 10) }, ["fileId"]);
    const [first] = mistakes;
    if (first) refuse("tableWrong", { count: mistakes.length, ...first }, ["fileId"]);
    const records = recordsOf(brought);
    if (records === 0) refuse("tableEmpty", {}, ["fileId"]);
    await addOrganisations(context, brought.organisations);
    const entries = [...brought.entries, ...brought.openItems].map(({ input: entry }) => entry);
    if (entries.length > 0 || brought.invoices.length > 0) {
      await inBulk(context, book.id, async () => {
        await inBatches(context.db, entries, batchMax.entries, (batch) => postEntries(context, batch, book.id));
        await issueAll(
          context,
          brought.invoices.map(({ input: invoice }) => invoice),
        );
      });
    }
    await inBatches(context.db, brought.bills, batchMax.bills, (bills) => enter(context, bills));
    const id = context.newId();
    await keepImport(context, { id, bookId: book.id, kind: asked.kind, source, records });
    context.emit("finance.table.imported", { importId: id, kind: asked.kind, records });
    return { id, records };
  },
});

/** Entries and invoices as many as wait in the socket, see `inBatches`; what a bill begins takes more statements, and Node little time. */
const batchMax = { entries: 400, invoices: 200, bills: 500 } as const;

/** Each with its own permission, words and row in the trail: parties are hundreds, not millions. */
async function addOrganisations(context: WriteContext, organisations: readonly OrganisationInput[]): Promise<void> {
  for (const { details, roles } of organisations) {
    const { id } = await context.call(createOrganisation, details);
    for (const role of roles) await context.call(addRole, { ...role, partyId: id });
  }
}

async function issueAll(context: WriteContext, inputs: readonly InvoiceInput[]): Promise<void> {
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
