// Answers as people read them: lists as aligned tables, records as names and values. Pure.
import type { Column } from "./reference.ts";

type Row = Readonly<Record<string, unknown>>;

export interface Paper {
  /** Columns of the terminal; nothing is cut without it. */
  readonly width: number | undefined;
  /** Also identifiers and everything else. */
  readonly wide: boolean;
}

export function showList(rows: readonly Row[], columns: readonly Column[], paper: Paper): string {
  if (rows.length === 0) return "None.";
  const shown = paper.wide ? columns : columns.filter((column) => !isIdentifier(column) && rows.some((row) => hasValue(row[column.name])));
  const chosen = shown.length > 0 ? shown : columns;
  const cells = rows.map((row) => chosen.map((column) => oneLine(textOf(row[column.name]))));
  const right = chosen.map(({ kind }) => ["money", "decimal", "integer", "number"].includes(kind));
  const fitting =
    paper.width === undefined
      ? chosen.length
      : fittingColumns(
          chosen.map(({ title }) => title),
          cells,
          paper.width,
        );
  const table = tableOf(
    [chosen.map(({ title }) => title.toUpperCase()), ...cells].map((row) => row.slice(0, fitting)),
    right,
    paper.width,
  );
  const left = chosen.length - fitting;
  return left > 0 ? `${table}\n(${left} more ${left === 1 ? "column" : "columns"}: --wide)` : table;
}

const isIdentifier = ({ name, kind }: Column): boolean => kind === "id" || kind === "ref" || kind === "file" || name === "id";

const hasValue = (value: unknown): boolean => value !== null && value !== undefined && value !== "";

const gap = 2;
const cellMax = 60;

const widthOf = (text: string): number => [...text.normalize("NFC")].length;

function fittingColumns(titles: readonly string[], cells: readonly (readonly string[])[], width: number): number {
  let used = 0;
  for (let index = 0; index < titles.length; index++) {
    const widest = Math.min(cellMax, Math.max(widthOf(titles[index]!), ...cells.map((row) => widthOf(row[index]!))));
    used += widest + (index === 0 ? 0 : gap);
    if (used > width && index > 0) return index;
  }
  return titles.length;
}

function tableOf(rows: readonly (readonly string[])[], right: readonly boolean[], width: number | undefined): string {
  const short = rows.map((row) =>
    row.map((cell) => (width === undefined || widthOf(cell) <= cellMax ? cell : `${[...cell].slice(0, cellMax - 1).join("")}…`)),
  );
  const widths = (short[0] ?? []).map((_, index) => Math.max(...short.map((row) => widthOf(row[index]!))));
  const line = (row: readonly string[]) =>
    row
      .map((cell, index) => pad(cell, widths[index]!, right[index] ?? false))
      .join(" ".repeat(gap))
      .trimEnd();
  return short.map(line).join("\n");
}

const pad = (text: string, width: number, right: boolean): string => {
  const space = " ".repeat(Math.max(0, width - widthOf(text)));
  return right ? space + text : text + space;
};

/** Names and values, one a line; lists of records beneath as tables. */
export function showRecord(record: Row, titles: ReadonlyMap<string, string>, paper: Paper, indent = ""): string {
  const simple: [string, string][] = [];
  const beneath: string[] = [];
  for (const [name, value] of Object.entries(record)) {
    const title = titles.get(name) ?? wordsOf(name);
    if (Array.isArray(value) && value.some((one) => one !== null && typeof one === "object" && !isMoney(one))) {
      const rows = value as Row[];
      beneath.push(`\n${indent}${title}\n${indented(showList(rows, columnsIn(rows), paper), `${indent}  `)}`);
    } else if (value !== null && typeof value === "object" && !Array.isArray(value) && !isMoney(value)) {
      beneath.push(`\n${indent}${title}\n${showRecord(value as Row, new Map(), paper, `${indent}  `)}`);
    } else if (hasValue(value) && !(Array.isArray(value) && value.length === 0)) simple.push([title, textOf(value)]);
  }
  const widest = Math.max(0, ...simple.map(([title]) => widthOf(title)));
  const after = `\n${indent}${" ".repeat(widest + gap)}`;
  const lines = simple.map(([title, text]) => `${indent}${pad(title, widest + gap, false)}${plain(text).replaceAll("\n", after)}`);
  return [...lines, ...beneath].join("\n");
}

const indented = (text: string, indent: string): string =>
  text
    .split("\n")
    .map((line) => indent + line)
    .join("\n");

/** Columns of rows that no register describes. */
export function columnsIn(rows: readonly Row[]): Column[] {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return names.map((name) => {
    const sample = rows.map((row) => row[name]).find(hasValue);
    const kind = isMoney(sample) ? "money" : typeof sample === "number" ? "number" : looksLikeId(sample) ? "id" : "text";
    return { name, title: wordsOf(name), kind };
  });
}

const looksLikeId = (value: unknown): boolean => typeof value === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);

const isMoney = (value: unknown): value is { amount: string; currency: string } =>
  typeof value === "object" && value !== null && "amount" in value && "currency" in value && Object.keys(value).length === 2;

export function textOf(value: unknown): string {
  if (!hasValue(value)) return "";
  if (isMoney(value)) return `${value.amount} ${value.currency}`;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map(textOf).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Without what a terminal would obey: a record's text is data, not commands. */
export const plain = (text: string): string => text.replace(/\p{Cc}/gu, (sign) => (sign === "\n" || sign === "\t" ? sign : ""));

const oneLine = (text: string): string => plain(text.replace(/\s+/g, " "));

export const wordsOf = (name: string): string => {
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};
