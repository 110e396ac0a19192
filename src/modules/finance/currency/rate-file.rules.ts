// Files of exchange rates: a plain list as CSV, and what the European Central Bank publishes, as CSV with a column for each currency and
// as XML.
import { parse } from "csv-parse/sync";
import { isCurrency } from "../../../kernel/currency.ts";
import { decimal, isDecimalText } from "../../../kernel/decimal.ts";
import { type Day, isDay } from "../../../kernel/day.ts";
import { type MarkupElement } from "../banking/markup.rules.ts";
import { readXml } from "../banking/xml.rules.ts";
import { type RateKind, rateKinds } from "./rate.rules.ts";

export interface RateDraft {
  readonly base: string;
  readonly currency: string;
  readonly kind: RateKind;
  readonly day: Day;
  readonly rate: string;
}

export interface RateFileNo {
  readonly line: number;
  readonly reason: string;
}

export const isRateFileNo = (result: readonly RateDraft[] | RateFileNo): result is RateFileNo => "reason" in result;

/** All rates of the file, or why it cannot be read and where. A rate of a currency that is no more is left out. */
export function readRates(text: string, kind: RateKind): readonly RateDraft[] | RateFileNo {
  if (text.trimStart().startsWith("<")) return readEcbXml(text, kind);
  const records = recordsOf(text);
  if ("reason" in records) return records;
  const [head, ...rows] = records;
  if (!head) return { line: 1, reason: "the file is empty" };
  const names = head.fields.map((name) => name.toLowerCase());
  if (names[0] !== "date" && names[0] !== "day") return { line: 1, reason: "the first column is called day" };
  return names.includes("rate") ? readList(names, rows, kind) : readColumns(head.fields, rows, kind);
}

interface CsvRow {
  readonly line: number;
  readonly fields: readonly string[];
}

function recordsOf(text: string): CsvRow[] | RateFileNo {
  const separator = text.split("\n", 1)[0]!.includes(";") ? ";" : ",";
  try {
    const options = { delimiter: separator, relax_column_count: true, skip_empty_lines: true, bom: true, info: true, trim: true };
    const found = parse(text, options) as unknown as { info: { lines: number }; record: string[] }[];
    return found.map(({ info, record }) => ({ line: info.lines, fields: record }));
  } catch (error) {
    return { line: 1, reason: `the columns cannot be told apart: ${(error as Error).message}` };
  }
}

/** Columns day, base, currency, rate and perhaps kind. */
function readList(names: readonly string[], rows: readonly CsvRow[], usual: RateKind): readonly RateDraft[] | RateFileNo {
  const drafts: RateDraft[] = [];
  for (const { line, fields } of rows) {
    const field = (name: string): string => fields[names.indexOf(name)] ?? "";
    const kind = (field("kind") || usual) as RateKind;
    if (!rateKinds.includes(kind)) return { line, reason: `${kind} is no kind of rate; there are ${rateKinds.join(", ")}` };
    const draft = draftOf({ day: fields[0]!, base: field("base"), currency: field("currency"), rate: field("rate"), kind });
    if (typeof draft === "string") return { line, reason: draft };
    drafts.push(draft);
  }
  return drafts;
}

const months = "January February March April May June July August September October November December".split(" ");

/** The ECB's file of one day writes `10 February 2023`, the one of all days `2023-02-10`. */
function writtenDay(text: string): string {
  const [, date, month, year] = /^(\d{1,2}) ([A-Z][a-z]+) (\d{4})$/.exec(text) ?? [];
  const place = months.indexOf(month ?? "") + 1;
  return place === 0 ? text : `${year}-${String(place).padStart(2, "0")}-${date!.padStart(2, "0")}`;
}

/** As the ECB has it: a row for each day, a column for each currency, of one euro. */
function readColumns(names: readonly string[], rows: readonly CsvRow[], kind: RateKind): readonly RateDraft[] | RateFileNo {
  const drafts: RateDraft[] = [];
  for (const { line, fields } of rows) {
    for (const [place, currency] of names.entries()) {
      const rate = fields[place] ?? "";
      if (place === 0 || rate === "" || rate === "N/A" || !isCurrency(currency)) continue;
      const draft = draftOf({ day: writtenDay(fields[0]!), base: "EUR", currency, rate, kind });
      if (typeof draft === "string") return { line, reason: draft };
      drafts.push(draft);
    }
  }
  return drafts;
}

function readEcbXml(text: string, kind: RateKind): readonly RateDraft[] | RateFileNo {
  let root: MarkupElement;
  try {
    root = readXml(text);
  } catch (error) {
    return { line: 1, reason: (error as Error).message };
  }
  const drafts: RateDraft[] = [];
  for (const { cube, day } of cubesOf(root, "")) {
    const { currency = "", rate = "" } = cube.attributes;
    if (!isCurrency(currency)) continue;
    const draft = draftOf({ day, base: "EUR", currency, rate, kind });
    if (typeof draft === "string") return { line: cube.line, reason: draft };
    drafts.push(draft);
  }
  return drafts;
}

/** Every Cube with a currency, with the day of the Cube around it. */
function cubesOf(element: MarkupElement, outer: string): { cube: MarkupElement; day: string }[] {
  const day = element.attributes["time"] ?? outer;
  const own = element.name === "Cube" && element.attributes["currency"] !== undefined ? [{ cube: element, day }] : [];
  return [...own, ...element.children.flatMap((child) => cubesOf(child, day))];
}

/** The rate, or what is wrong with it. */
function draftOf(told: Record<"day" | "base" | "currency" | "rate", string> & { kind: RateKind }): RateDraft | string {
  const { day, base, currency, rate, kind } = told;
  if (!isDay(day)) return `${day || "nothing"} is not a day like 2026-03-31`;
  if (!isCurrency(base) || !isCurrency(currency)) return `${base || "nothing"} and ${currency || "nothing"} are not two currencies`;
  if (base === currency) return `${base} has no rate to itself`;
  if (!isDecimalText(rate) || !decimal(rate).isPositive() || decimal(rate).isZero())
    return `${rate || "nothing"} is not a rate like 1.0832`;
  return { day, base, currency, rate, kind };
}
