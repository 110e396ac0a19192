// What the columns of an unknown CSV file may be: told by their names in the languages of banks, and by what stands in them.
import { Refusal } from "../../../kernel/refusal.ts";
import { type ColumnMeaning, type CsvMapping, type CsvRecord, csvRecords } from "./csv.rules.ts";
import { decimalMarkOf } from "./written-amount.rules.ts";
import { type DayOrder, dayOrderOf } from "./written-day.rules.ts";

const separators = [";", ",", "\t", "|"] as const;

/** Words in the names of columns, the more telling first; a column takes the first meaning that fits and is still free. */
const named: readonly (readonly [ColumnMeaning, RegExp])[] = [
  ["valueDay", /valut|value ?dat|valeur|wertstellung|rentedatum|fecha valor|data valuta/],
  ["day", /buchung(?!stext)|booking|posted|posting|transaction ?date|completed|^date$|^datum$|^data$|date|datum|fecha|dato|p[aä]iv/],
  ["balance", /saldo|balance|solde|kontostand|running/],
  ["debit", /^debit|d[ée]bit|belastung|^soll|paid out|money out|withdrawal|cargo|ausgang|^af ?\(/],
  ["credit", /^credit(?!or)|cr[ée]dit|gutschrift|^haben|paid in|money in|deposit|abono|eingang/],
  ["direction", /^(?:d\/c|c\/d|dr\/cr|cr\/dr|s\/h|soll\/haben|af bij|credit\/debit|debit\/credit|sens|type|indicator|kennzeichen)/],
  ["amount", /betrag|amount|montant|bedrag|importe|umsatz|bel[øo]b|belopp|sum|value/],
  ["currency", /w[äa]hrung|currency|devise|valuta|munt|moneda|ccy/],
  ["account", /iban|counterparty account|gegenkonto|tegenrekening|kontonummer|account ?(?:no|number)|compte contrepartie/],
  [
    "name",
    /name|naam|payee|counterparty|beneficiary|beg[üu]nstigter|zahlungspflichtiger|empf[äa]nger|auftraggeber|nom|merchant|contrepartie/,
  ],
  ["endToEndId", /end.?to.?end|e2e|kundenreferenz/],
  ["bankReference", /transaction id|^id$|bank ref|bankreferenz|fitid|unique/],
  ["reference", /reference|referenz|r[ée]f[ée]rence|kenmerk|betalingskenmerk|ocr|mandat/],
  [
    "text",
    /verwendungszweck|description|text|memo|details|omschrijving|mededeling|libell[ée]|communication|concepto|purpose|narrative|remarks/,
  ],
];

const dayLike = /^\d{1,4}[-/. ](?:\d{1,2}|[A-Za-z]{3})[-/. ]\d{1,4}(?:[T ]\d{1,2}:.*)?$|^\d{8}$/;
const amountLike = /^\(?[+-]?[€$£]?\s?\d[\d.,' \u00A0]*-?\)?$/;
const ibanLike = /^[A-Z]{2}\d{2}[A-Z0-9 ]{10,34}$/;
const debitish = new Set(["d", "dr", "dbit", "debit", "s", "soll", "af", "debet", "out", "-", "débit", "cargo", "withdrawal"]);

/** Whether the text has records of at least three columns, so that it is CSV rather than anything else. */
export const looksLikeCsv = (text: string): boolean => bestSeparator(text) !== undefined;

function bestSeparator(text: string): CsvMapping["separator"] | undefined {
  const head = text.split(/\r?\n/).slice(0, 60).join("\n");
  const scored = separators.map((separator) => {
    try {
      const records = csvRecords(head, separator);
      const counts = new Map<number, number>();
      for (const { fields } of records) if (fields.length >= 3) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1);
      const most = Math.max(0, ...counts.values());
      const withDay = records.filter(({ fields }) => fields.some((field) => dayLike.test(field))).length;
      return { separator, score: withDay === 0 || most < 2 ? 0 : most };
    } catch (error) {
      if (error instanceof Refusal) return { separator, score: 0 };
      throw error;
    }
  });
  const [best] = scored.toSorted((a, b) => b.score - a.score);
  return best && best.score > 0 ? best.separator : undefined;
}

interface Detected {
  readonly mapping: CsvMapping;
  /** What is still to be said, in sentences. */
  readonly missing: readonly string[];
}

/** A proposal for every part of the mapping; undefined where the text is no CSV. @throws Refusal when days may be read in two ways. */
export function detectMapping(text: string, encoding: CsvMapping["encoding"], said: { dayOrder?: DayOrder } = {}): Detected | undefined {
  const separator = bestSeparator(text);
  if (separator === undefined) return undefined;
  const records = csvRecords(text, separator);
  const first = records.findIndex(({ fields }) => fields.some((field) => dayLike.test(field)) && fields.some((one) => isAmount(one)));
  if (first < 0) return undefined;
  const above = records[first - 1];
  const hasHeader =
    above !== undefined && above.fields.length >= 3 && above.fields.every((field) => !isAmount(field) && !dayLike.test(field));
  const rows = records.slice(first).filter(({ fields }) => fields.length >= records[first]!.fields.length - 1);
  const width = records[first]!.fields.length;
  const header = hasHeader ? above.fields.slice(0, width) : [];
  const columns = meaningsOf(header, rows, width);
  const valuesOf = (meanings: readonly ColumnMeaning[]) =>
    rows.flatMap(({ fields, line }) =>
      columns.flatMap((one, place) => (one && meanings.includes(one) && fields[place] ? [{ text: fields[place], line }] : [])),
    );
  const amounts = valuesOf(["amount", "debit", "credit", "balance"]).map((one) => one.text);
  const words = [...new Set(valuesOf(["direction"]).map((one) => one.text))];
  const dayOrder = said.dayOrder ?? dayOrderOf(valuesOf(["day"])) ?? "ymd";
  const mapping: CsvMapping = {
    separator,
    encoding,
    skip: first - (hasHeader ? 1 : 0),
    header,
    dayOrder,
    decimalMark: decimalMarkOf(amounts),
    columns,
    debitWords: words.filter((word) => debitish.has(word.toLowerCase())),
    isReversed: false,
  };
  return { mapping, missing: missingFrom(columns) };
}

const isAmount = (text: string): boolean => amountLike.test(text) && /\d/.test(text);

export function missingFrom(columns: readonly (ColumnMeaning | null)[]): string[] {
  const has = (meaning: ColumnMeaning): boolean => columns.includes(meaning);
  return [
    ...(has("day") ? [] : ["Say which column is the day."]),
    ...(has("amount") || has("debit") || has("credit") ? [] : ["Say which column is the amount, or which are debit and credit."]),
  ];
}

function meaningsOf(header: readonly string[], rows: readonly CsvRecord[], width: number): (ColumnMeaning | null)[] {
  const columns: (ColumnMeaning | null)[] = Array.from({ length: width }, () => null);
  const filled = (place: number): string[] => rows.slice(0, 50).flatMap(({ fields }) => fields[place] || []);
  const fits = (place: number, meaning: ColumnMeaning): boolean => {
    const values = filled(place);
    if (meaning === "day" || meaning === "valueDay") return values.length > 0 && values.every((value) => dayLike.test(value));
    if (["amount", "debit", "credit", "balance"].includes(meaning)) return values.every(isAmount);
    if (meaning === "currency") return values.every((value) => /^[A-Za-z]{3}$/.test(value));
    return meaning !== "direction" || new Set(values).size <= 3;
  };
  const many: readonly ColumnMeaning[] = ["text"];
  for (const [meaning, pattern] of named) {
    for (const [place, name] of header.entries()) {
      const isFree = columns[place] === null && (many.includes(meaning) || !columns.includes(meaning));
      if (isFree && pattern.test(name.toLowerCase()) && fits(place, meaning)) columns[place] = meaning;
    }
  }
  const take = (meaning: ColumnMeaning, is: (value: string) => boolean): void => {
    if (columns.includes(meaning)) return;
    const place = columns.findIndex((one, at) => one === null && filled(at).length > 0 && filled(at).every(is));
    if (place >= 0) columns[place] = meaning;
  };
  take("day", (value) => dayLike.test(value));
  take("account", (value) => ibanLike.test(value.toUpperCase()));
  if (!columns.includes("debit") && !columns.includes("credit")) take("amount", (value) => isAmount(value) && /[.,-]/.test(value));
  if (!columns.includes("text")) {
    const longest = columns
      .flatMap((one, at) => (one === null ? [{ at, length: filled(at).join("").length }] : []))
      .toSorted((a, b) => b.length - a.length)[0];
    if (longest && longest.length > 0) columns[longest.at] = "text";
  }
  return columns;
}
