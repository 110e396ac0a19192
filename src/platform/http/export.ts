// A list as a file: every row that the filter leaves, fetched page by page as the same person, written as CSV or XLSX.
import type { FastifyReply } from "fastify";
import { InvalidInput } from "../funnel/denial.ts";
import type { Call } from "../funnel/frame.ts";
import type { Funnel } from "../funnel/funnel.ts";
import { type CatalogueColumn, describedColumn } from "../operation/catalogue.ts";
import type { Operation } from "../operation/operation.ts";
import { jsonSchema, kindOfJson } from "../operation/shape.ts";
import { logColumns, xesStream, xesType } from "./xes.ts";
import { type Cell, type Heading, type SheetFormat, sheetStream, sheetTypes } from "./sheet.ts";

const pageRows = 1000;

/** Whether a file is asked for, and the query without that wish. An operation with a `format` of its own keeps it. */
export function exportFormat(
  operation: Operation,
  query: Readonly<Record<string, unknown>>,
): { format: ExportFormat | undefined; query: Readonly<Record<string, unknown>> } {
  const wanted = query["format"];
  if (wanted === undefined || !columnsOf(operation) || jsonSchema(operation.input).properties?.["format"])
    return { format: undefined, query };
  const { format: _, ...rest } = query;
  if (wanted === "json") return { format: undefined, query: rest };
  if (wanted === "xes" && isEventLog(operation)) return { format: wanted, query: rest };
  if (wanted !== "csv" && wanted !== "xlsx") throw new InvalidInput([{ path: ["format"], message: "must be csv, xlsx or json" }]);
  return { format: wanted, query: rest };
}

type ExportFormat = SheetFormat | "xes";

function isEventLog(operation: Operation): boolean {
  const names = new Set(columnsOf(operation)?.map(({ name }) => name));
  return logColumns.every((name) => names.has(name));
}

/** The columns of an operation that answers with `rows`. */
export function columnsOf(operation: Operation): CatalogueColumn[] | undefined {
  const row = jsonSchema(operation.output).properties?.["rows"]?.items?.properties;
  return row && Object.entries(row).map(([name, schema]) => describedColumn(name, schema));
}

interface Export {
  readonly operation: Operation;
  readonly input: Record<string, unknown>;
  readonly call: Call;
  readonly funnel: Funnel;
  readonly format: ExportFormat;
}

type Row = Readonly<Record<string, unknown>>;
interface Page {
  readonly rows: readonly Row[];
  readonly next?: string | null;
  /** Of a report with a column for each month or day: which they are. */
  readonly columns?: readonly (string | Readonly<Record<string, string>>)[];
}

interface FileColumn {
  readonly column: CatalogueColumn;
  readonly valueOf: (row: Row) => unknown;
}

/** A column that holds one amount for each of the report's own columns stands in the file as so many columns. */
function fileColumns(operation: Operation, page: Page): FileColumn[] {
  const shapes = jsonSchema(operation.output).properties?.["rows"]?.items?.properties;
  return columnsOf(operation)!.flatMap((column): FileColumn[] => {
    const own = (row: Row): unknown => row[column.name];
    const item = shapes?.[column.name]?.items;
    if (!page.columns || !item || kindOfJson(item) !== "money") return [{ column, valueOf: own }];
    return page.columns.map((part, index) => ({
      column: { ...column, title: typeof part === "string" ? part : Object.values(part).join(" – "), kind: "decimal" },
      valueOf: (row) => (own(row) as readonly { readonly amount: string }[])[index]?.amount,
    }));
  });
}

export async function sendExport(reply: FastifyReply, wanted: Export): Promise<FastifyReply> {
  const { operation, format } = wanted;
  // The first page comes before the headers, so that a refusal is still a refusal.
  const first = await pageOf(wanted, undefined);
  const columns = fileColumns(operation, first);
  const rows = async function* (): AsyncGenerator<Row> {
    for (let page = first; ; page = await pageOf(wanted, page.next!)) {
      yield* page.rows;
      if (!page.next) return;
    }
  };
  const cells = async function* (): AsyncGenerator<Cell[]> {
    for await (const row of rows()) yield columns.flatMap(({ column, valueOf }) => cellsOf(column, valueOf(row)));
  };
  const headings = columns.flatMap(({ column }) => headingsOf(column));
  const stream =
    format === "xes" ? xesStream(rows() as AsyncIterable<never>) : sheetStream({ name: operation.title, headings, rows: cells() }, format);
  const file = `${operation.name.split(".").slice(0, 2).join("-")}.${format}`;
  return reply
    .header("content-disposition", `attachment; filename="${file}"`)
    .header("cache-control", "no-store")
    .type(format === "xes" ? xesType : sheetTypes[format])
    .send(stream);
}

async function pageOf({ operation, input, call, funnel }: Export, cursor: string | undefined): Promise<Page> {
  const pages = jsonSchema(operation.input).properties?.["cursor"] !== undefined;
  // A page is asked for as the operation declares it: not every one counts, and the first has no cursor.
  const { count: _, ...rest } = input;
  const asked = pages ? { ...rest, limit: pageRows, ...(cursor !== undefined && { cursor }) } : input;
  return JSON.parse(JSON.stringify(await funnel.runTyped(operation, asked, { ...call, dryRun: false }))) as Page;
}

export function headingsOf({ title, kind }: CatalogueColumn): Heading[] {
  if (kind === "money")
    return [
      { title, kind: "number" },
      { title: `${title} currency`, kind: "text" },
    ];
  if (kind === "integer" || kind === "number" || kind === "decimal") return [{ title, kind: "number" }];
  if (kind === "day") return [{ title, kind: "day" }];
  return [{ title, kind: kind === "boolean" ? "flag" : "text" }];
}

export function cellsOf({ kind }: CatalogueColumn, value: unknown): Cell[] {
  if (kind === "money") {
    const { amount, currency } = (value ?? {}) as { amount?: string; currency?: string };
    return amount === undefined || currency === undefined
      ? [undefined, undefined]
      : [
          { kind: "number", text: amount },
          { kind: "text", text: currency },
        ];
  }
  if (value === null || value === undefined) return [undefined];
  if (kind === "boolean") return [{ kind: "flag", holds: value === true }];
  if (kind === "day") return [{ kind: "day", text: String(value) }];
  if (kind === "integer" || kind === "number" || kind === "decimal") return [{ kind: "number", text: String(value) }];
  return [{ kind: "text", text: typeof value === "string" ? value : JSON.stringify(value) }];
}
