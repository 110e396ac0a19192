// What the columns of a bank's CSV are: proposed from a file, looked at with its entries and proof, and saved when they are right.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Day, FileId, Id, Instant, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { bankAccountOf, bankAccountUnknown } from "../ledger/bank-account.operations.ts";
import { columnMeanings, type CsvMapping, csvRecords, draftCsv } from "./csv.rules.ts";
import { detectMapping, missingFrom } from "./csv-detect.rules.ts";
import { insertMapping } from "./mapping.store.ts";
import { readingRefusals } from "./statement-refusals.ts";
import { decodeStatement } from "./statement-text.rules.ts";
import { completeStatement, proveStatement } from "./statement.rules.ts";

const may = ["finance.accountant", "finance.manager"];

export const statementMappingRegister = register({
  name: "finance.statementMapping",
  title: "Statement mappings",
  does: "What the columns of each bank's CSV files are, and how it writes days and amounts.",
  may,
  row: z.object({
    id: Id,
    name: z.string(),
    state: z.enum(["open", "retired"]),
    bankAccountId: ref("finance.bankAccount").nullable(),
    bankAccount: z.string().nullable(),
    columns: z.string(),
    separator: z.string(),
    encoding: z.string(),
    dayOrder: z.string(),
    decimalMark: z.string(),
    by: z.string(),
    at: Instant,
  }),
  label: "name",
  search: ["name", "columns"],
  sort: "name",
  from: (context) => sql`
    select m.id, m.name, case when m.retired_from <= ${context.today}::date then 'retired' else 'open' end as state, m.bank_account_id,
      k.name as bank_account, (select string_agg(coalesce(nullif(m.header[c.place], '') || ': ', '') || c.meaning, ', ' order by c.place)
        from unnest(m.columns) with ordinality as c (meaning, place) where c.meaning <> '') as columns,
      case m.separator when E'\t' then 'tab' else m.separator end as separator, m.encoding, m.day_order, m.decimal_mark,
      m.by_name as by, m.at
    from finance.statement_mapping m
    left join finance.bank_account k on k.tenant_id = ${context.tenantId} and k.id = m.bank_account_id
    where m.tenant_id = ${context.tenantId}`,
});

const Said = {
  separator: z.enum([",", ";", "\t", "|"]).optional().describe("By default what the file shows."),
  encoding: z.enum(["utf-8", "windows-1252"]).optional(),
  skip: z.number().int().min(0).max(100).optional().describe("Lines above the names of the columns."),
  hasHeader: z.boolean().optional().describe("Whether the first of the lines names the columns."),
  dayOrder: z.enum(["ymd", "dmy", "mdy"]).optional().describe("In which order year, month and day are written."),
  decimalMark: z.enum([".", ","]).optional(),
  columns: z
    .array(z.enum(columnMeanings).nullable())
    .min(2)
    .max(100)
    .optional()
    .describe("What each column is, in the order of the file; null for one that is left out."),
  debitWords: z.array(Text(40)).max(20).optional().describe("What stands in the column direction when money went out, such as D or Af."),
  isReversed: z.boolean().optional().describe("Money that went out has no minus and money that came in has one, as some cards tell it."),
} as const;

const Mapping = z.object({
  separator: z.string(),
  encoding: z.string(),
  skip: z.number().int(),
  hasHeader: z.boolean(),
  header: z.array(z.string()),
  dayOrder: z.string(),
  decimalMark: z.string(),
  columns: z.array(z.string().nullable()),
  debitWords: z.array(z.string()),
  isReversed: z.boolean(),
});

const Shown = z.object({
  mapping: Mapping,
  missing: z.array(z.string()).describe("What is still to be said before the file can be read."),
  samples: z.array(z.array(z.string())).describe("The first lines of the file, column by column."),
  entries: z.array(z.object({ day: Day, amount: Money, name: z.string().nullable(), account: z.string().nullable(), text: z.string() })),
  count: z.number().int(),
  opening: Money.nullable(),
  closing: Money.nullable(),
  proven: z.boolean().describe("Opening and all entries make the closing."),
});

type SaidInput = z.output<z.ZodObject<typeof Said>>;

const notCsv =
  "This is no CSV file with a day and an amount in each line. Readable formats are told in: heartwood finance bank-statement import";

interface Read {
  readonly text: string;
  readonly mapping: CsvMapping;
  readonly missing: readonly string[];
}

/** What the file shows, with what the person said in its place. */
async function readMapping(context: ReadContext, fileId: KernelId, said: SaidInput): Promise<Read> {
  const { bytes } = await context.readFile(fileId);
  const text = said.encoding === "windows-1252" ? new TextDecoder("windows-1252").decode(bytes) : decodeStatement(bytes);
  const isUtf = Buffer.from(text, "utf-8").equals(Buffer.from(bytes)) || text.charCodeAt(0) === 0xfeff;
  const found = detectMapping(text, said.encoding ?? (isUtf ? "utf-8" : "windows-1252"), { dayOrder: said.dayOrder });
  if (!found) refuse("notCsv", {}, ["fileId"]);
  const { hasHeader, ...rest } = said;
  const skip = rest.skip ?? found.mapping.skip;
  const separator = rest.separator ?? found.mapping.separator;
  const named = hasHeader ?? found.mapping.header.length > 0;
  const header = named ? (csvRecords(text, separator)[skip]?.fields ?? []) : [];
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const mapping: CsvMapping = { ...found.mapping, ...given, skip, separator, header };
  return { text, mapping, missing: missingFrom(mapping.columns) };
}

async function show(context: ReadContext, bankAccountId: KernelId, { text, mapping, missing }: Read): Promise<z.output<typeof Shown>> {
  const account = await bankAccountOf(context, bankAccountId);
  const samples = csvRecords(text, mapping.separator).slice(mapping.skip + (mapping.header.length > 0 ? 1 : 0), mapping.skip + 6);
  const told = { ...mapping, hasHeader: mapping.header.length > 0, header: [...mapping.header], columns: [...mapping.columns] };
  const base = {
    mapping: { ...told, debitWords: [...mapping.debitWords] },
    missing: [...missing],
    samples: samples.map((record) => [...record.fields]),
  };
  if (missing.length > 0) return { ...base, entries: [], count: 0, opening: null, closing: null, proven: false };
  const [draft] = draftCsv(text, mapping, { account: account.number ?? account.code, currency: account.currency });
  const statement = completeStatement(draft!);
  return {
    ...base,
    entries: statement.entries.slice(0, 20).map((entry) => ({
      day: entry.bookingDay,
      amount: entry.amount,
      name: entry.counterpartyName ?? null,
      account: entry.counterpartyAccount ?? null,
      text: entry.remittanceText,
    })),
    count: statement.entries.length,
    opening: statement.openingBalance?.amount ?? null,
    closing: statement.closingBalance?.amount ?? null,
    proven: proveStatement(statement).proven,
  };
}

export const detectStatementMapping = operation({
  name: "finance.statementMapping.detect",
  title: "Look at a CSV statement",
  does: "Proposes what the columns of a CSV file are, and shows its entries and its proof as they would be read.",
  kind: "read",
  may,
  input: z.strictObject({ fileId: FileId, bankAccountId: ref("finance.bankAccount"), ...Said }),
  output: Shown,
  refuses: { bankAccountUnknown, notCsv, ...readingRefusals },
  async run({ fileId, bankAccountId, ...said }, context) {
    return show(context, bankAccountId, await readMapping(context, fileId, said));
  },
});

export const createStatementMapping = operation({
  name: "finance.statementMapping.create",
  title: "Save a statement mapping",
  does: "Keeps what the columns of a bank's CSV are, proven on one of its files; later files with the same columns are read by it.",
  kind: "write",
  previews: true,
  may,
  input: z.strictObject({
    name: Text(100),
    fileId: FileId.describe("A file of the bank; it is read with the mapping, and not imported."),
    bankAccountId: ref("finance.bankAccount"),
    forAllAccounts: z.boolean().default(false).describe("Serves every bank account, and not only this one."),
    ...Said,
  }),
  output: Shown.extend({ id: Id }),
  refuses: {
    bankAccountUnknown,
    notCsv,
    nameTaken: "There is a mapping {name} already. Give this one another name.",
    columnsMissing: "{missing}",
    ...readingRefusals,
  },
  constraints: { statement_mapping_name: "nameTaken" },
  emits: ["finance.statementMapping.created"],
  async run({ name, fileId, bankAccountId, forAllAccounts, ...said }, context) {
    const taken = await context.db.maybe(sql`
      select id from finance.statement_mapping where tenant_id = ${context.tenantId} and name = ${name}`);
    if (taken) refuse("nameTaken", { name }, ["name"]);
    const read = await readMapping(context, fileId, said);
    if (read.missing.length > 0) refuse("columnsMissing", { missing: read.missing.join(" ") }, ["columns"]);
    const shown = await show(context, bankAccountId, read);
    const id = context.newId();
    await insertMapping(context, id, name, forAllAccounts ? undefined : bankAccountId, read.mapping);
    context.emit("finance.statementMapping.created", { statementMappingId: id });
    return { id, ...shown };
  },
});

export const retireStatementMapping = operation({
  name: "finance.statementMapping.retire",
  title: "Retire a statement mapping",
  does: "No file is read by the mapping any more; what was imported with it stays.",
  kind: "write",
  may,
  input: z.strictObject({ statementMappingId: ref("finance.statementMapping") }),
  output: z.object({ id: Id }),
  refuses: { mappingUnknown: "There is no such mapping, or it is retired already." },
  when: (record) => record["state"] === "open",
  emits: ["finance.statementMapping.retired"],
  async run({ statementMappingId: id }, context) {
    const retired = await context.db.run(sql`
      update finance.statement_mapping set retired_from = ${context.today}
      where tenant_id = ${context.tenantId} and id = ${id} and retired_from is null`);
    if (retired === 0) refuse("mappingUnknown", {}, ["statementMappingId"]);
    context.emit("finance.statementMapping.retired", { statementMappingId: id });
    return { id };
  },
});
