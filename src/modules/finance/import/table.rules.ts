// Tables that people bring: a heading, rows, and in every cell what its column wants. Whatever does not fit is told with row and column.
import { type Day, isDay } from "../../../kernel/day.ts";
import type { DecimalMark } from "../banking/written-amount.rules.ts";
import { plainNumber } from "./journal-amount.rules.ts";

export type CellKind = "text" | "day" | "number";

export interface Column {
  readonly kind: CellKind;
  readonly isNeeded?: true;
  /** Other headings people write for it. */
  readonly also?: readonly string[];
}

/** Which part stands first in a day such as `03/04/2026`, which does not say it itself. */
export const dayOrders = ["dayFirst", "monthFirst"] as const;
export type DayOrder = (typeof dayOrders)[number];

export type Columns = Readonly<Record<string, Column>>;

/** As it was written, or the number a spreadsheet keeps, or why there is nothing in it. */
export type Cell = string | number | { readonly says: string };

/** The cells of a row by their column; empty ones are left out. Days and numbers are as we write them. */
export interface TableRecord {
  /** As a spreadsheet counts: the heading is row 1. */
  readonly row: number;
  readonly cells: Readonly<Record<string, string>>;
}

export interface TableMistake {
  readonly row: number;
  readonly column: string;
  readonly says: string;
}

export interface TableRead {
  /** Each is read when it is asked for; what is wrong with it stands among the mistakes then. */
  readonly records: Iterable<TableRecord>;
  readonly mistakes: readonly TableMistake[];
  /** Headings that no column answers to. */
  readonly ignored: readonly string[];
}

const plain = (heading: string): string => heading.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");

/** What a table is read by: which column each place is, and the mark before decimals as its numbers show it. */
interface Ground {
  readonly columns: Columns;
  readonly names: readonly (string | undefined)[];
  readonly mark: DecimalMark | undefined;
  readonly dayOrder: DayOrder | undefined;
}

export function readTable(rows: readonly (readonly Cell[])[], columns: Columns, dayOrder?: DayOrder): TableRead {
  const [heading = [], ...body] = rows;
  const titles = heading.map((title) => (typeof title === "object" ? "" : String(title)));
  const names = titles.map((title) => columnFor(title, columns));
  const mistakes: TableMistake[] = Object.entries(columns)
    .filter(([name, column]) => column.isNeeded && !names.includes(name))
    .map(([name]) => ({ row: 1, column: name, says: `The column ${name} is missing.` }));
  for (const [place, name] of names.entries()) {
    const first = names.indexOf(name);
    if (name === undefined || first === place) continue;
    mistakes.push({ row: 1, column: name, says: `“${titles[first]}” and “${titles[place]}” are both the ${name}. Leave one of them.` });
  }
  const ground = { columns, names, mark: markOf(body, names, columns), dayOrder };
  const records = mistakes.length > 0 ? [] : recordsIn(body, ground, mistakes);
  return { records, mistakes, ignored: titles.filter((title, index) => title.trim() !== "" && names[index] === undefined) };
}

function* recordsIn(body: readonly (readonly Cell[])[], ground: Ground, mistakes: TableMistake[]): Generator<TableRecord> {
  for (const [index, cells] of body.entries()) {
    const record = readRow(cells, index + 2, ground, mistakes);
    if (record) yield record;
  }
}

function columnFor(title: string, columns: Columns): string | undefined {
  const wanted = plain(title);
  return Object.entries(columns).find(([name, { also = [] }]) => [name, ...also].some((one) => plain(one) === wanted))?.[0];
}

/** The mark that the numbers which can be read in one way only have before their decimals, where all of them have the same. */
function markOf(body: readonly (readonly Cell[])[], names: Ground["names"], columns: Columns): DecimalMark | undefined {
  const marks = new Set<DecimalMark>();
  for (const [place, name] of names.entries()) {
    if (name === undefined || columns[name]!.kind !== "number") continue;
    for (const row of body) {
      const cell = row[place];
      const mark = typeof cell === "string" ? shownMark(cell) : undefined;
      if (mark) marks.add(mark);
    }
    if (marks.size > 1) return undefined;
  }
  return [...marks][0];
}

/** A number that can be read in one way only, as nearly every one is written. */
const usualNumber = /^-?\d+(\.\d\d?)?$/;

function shownMark(text: string): DecimalMark | undefined {
  const usual = usualNumber.exec(text);
  if (usual) return usual[1] === undefined ? undefined : ".";
  const digits = text.replaceAll(/[^\d.,]/g, "");
  const last = /[.,](?=\d*$)/.exec(digits)?.[0] as DecimalMark | undefined;
  if (last === undefined || isEitherWay(digits)) return undefined;
  const isGroup = digits.split(last).length > 2;
  return isGroup ? (last === "." ? "," : ".") : last;
}

/** `1,000` and `1.000`: one with three decimals, or a thousand. */
const isEitherWay = (digits: string): boolean => /^[1-9]\d{0,2}[.,]\d{3}$/.test(digits);

function readRow(cells: readonly Cell[], row: number, ground: Ground, mistakes: TableMistake[]): TableRecord | undefined {
  const { names, columns } = ground;
  if (cells.every((cell) => typeof cell === "string" && cell.trim() === "")) return undefined;
  const before = mistakes.length;
  // A comma that should have been quoted moves all that follows it by one.
  if (cells.slice(names.length).some((cell) => typeof cell !== "string" || cell.trim() !== "")) {
    const column = names.findLast((name) => name !== undefined) ?? "";
    mistakes.push({ row, column, says: "The row has more cells than the heading. Put quotes around a cell with the separator in it." });
  }
  const read: Record<string, string> = {};
  names.forEach((name, place) => {
    const cell = cells[place] ?? "";
    if (name === undefined || (typeof cell === "string" && cell.trim() === "")) return;
    const value = typeof cell === "object" ? cell : readCell(cell, columns[name]!.kind, ground);
    if (typeof value === "object") mistakes.push({ row, column: name, says: value.says });
    else read[name] = value;
  });
  for (const [name, column] of Object.entries(columns)) {
    const isWrong = mistakes.slice(before).some((mistake) => mistake.column === name);
    if (column.isNeeded && read[name] === undefined && !isWrong) mistakes.push({ row, column: name, says: "The cell is empty." });
  }
  return mistakes.length === before ? { row, cells: read } : undefined;
}

function readCell(cell: string | number, kind: CellKind, { mark, dayOrder }: Ground): string | { readonly says: string } {
  const text = typeof cell === "number" ? keptNumber(cell) : cell.trim();
  if (kind === "number" && usualNumber.test(text)) return text;
  const short = `“${text.slice(0, 40)}”`;
  if (text.includes("\u0000")) return { says: "The cell holds a sign of no kind (NUL). Take it out." };
  // An apostrophe keeps a spreadsheet from running a text; it is not part of it.
  if (kind === "text") return /^'[=+\-@]/.test(text) ? text.slice(1) : text;
  if (kind === "day") return readDay(text, dayOrder) ?? { says: noDay(text, dayOrder) };
  if (typeof cell === "number") return /^-?\d+(\.\d+)?$/.test(text) ? text : { says: `${short} is no number such as 1234.50.` };
  const { digits, isNegative } = signed(text);
  if (mark === undefined && isEitherWay(digits)) {
    return {
      says: `${short} may be one or a thousand: most currencies have fewer decimals, and no other number tells. Write 1000.00 or 1.00.`,
    };
  }
  const number = /^\d[\d.,'’ \u00A0\u202F]*$/.test(digits) ? plainNumber(digits, isEitherWay(digits) ? mark : undefined) : undefined;
  if (number === undefined) return { says: `${short} is no number such as 1234.50.` };
  return isNegative ? `-${number}` : number;
}

/** A spreadsheet keeps fifteen digits of a number and shows no more; what its sums leave behind them is not there. */
const keptNumber = (value: number): string => String(Number(value.toPrecision(15)));

/** `-5`, `5-` and `(5)` are what bookkeepers write below nothing; a minus may be the one of typesetters. */
function signed(text: string): { readonly digits: string; readonly isNegative: boolean } {
  const found = /^(?:\((?<inside>[^()+-]+)\)|(?<before>[+-]?)\s*(?<digits>[^()+-]+?)\s*(?<after>-?))$/.exec(
    text.replace("\u2212", "-"),
  )?.groups;
  if (!found || (found["before"] && found["after"])) return { digits: "", isNegative: false };
  const { inside, before, after } = found;
  return { digits: (inside ?? found["digits"]!).trim(), isNegative: inside !== undefined || before === "-" || after === "-" };
}

const eitherDay = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$/;

function noDay(text: string, dayOrder: DayOrder | undefined): string {
  const short = `“${text.slice(0, 40)}”`;
  if (dayOrder !== undefined || !eitherDay.test(text)) return `${short} is no day such as 2026-03-31.`;
  return `${short} does not say which part is the month. Say how days are written: the day first, or the month first.`;
}

/** `2026-03-31`, `31.03.2026` and `2026/03/31` say which part is which; `03/04/2026` does not, and is not guessed. */
function readDay(text: string, dayOrder: DayOrder | undefined): Day | undefined {
  const [, year, month, date] = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:T.*| 00:00(?::00)?)?$/.exec(text) ?? [];
  const [, lastDate, lastMonth, lastYear] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text) ?? [];
  const [, one, two, ofYear] = (dayOrder !== undefined && eitherDay.exec(text)) || [];
  const either = dayOrder === "monthFirst" ? [ofYear, one, two] : [ofYear, two, one];
  const full = year ? [year, month, date] : lastYear ? [lastYear, lastMonth, lastDate] : either;
  if (full[0] === undefined) return undefined;
  const day = `${full[0]}-${full[1]!.padStart(2, "0")}-${full[2]!.padStart(2, "0")}`;
  return isDay(day) ? day : undefined;
}

/** Rows that belong together, in the order in which each group first appears. */
export function grouped(records: readonly TableRecord[], keyOf: (record: TableRecord) => string): TableRecord[][] {
  const groups = new Map<string, TableRecord[]>();
  for (const record of records) {
    const key = keyOf(record);
    const group = groups.get(key);
    if (group) group.push(record);
    else groups.set(key, [record]);
  }
  return [...groups.values()];
}
