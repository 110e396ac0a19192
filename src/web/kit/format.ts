// How amounts, days, instants and numbers are written for this person: by the locale of their browser, never by rounding an amount.

// A browser may name a language that is none, such as en-US@posix: then English.
export const locale = knownLocale(typeof navigator === "undefined" ? "en" : (navigator.languages[0] ?? "en"));

function knownLocale(wanted: string): string {
  try {
    return Intl.getCanonicalLocales(wanted)[0] ?? "en";
  } catch {
    return "en";
  }
}

export interface MoneyValue {
  readonly amount: string;
  readonly currency: string;
}

export const isMoney = (value: unknown): value is MoneyValue =>
  typeof value === "object" &&
  value !== null &&
  typeof (value as MoneyValue).amount === "string" &&
  typeof (value as MoneyValue).currency === "string";

const amountFormats = new Map<number, Intl.NumberFormat>();

/** An amount's digits with the separators of the locale; the text is formatted exactly, it never becomes a `number`. */
export function amountText(amount: string): string {
  const decimals = amount.split(".")[1]?.length ?? 0;
  let format = amountFormats.get(decimals);
  if (!format) {
    format = new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    amountFormats.set(decimals, format);
  }
  return /^-?\d+(\.\d+)?$/.test(amount) ? format.format(amount as Intl.StringNumericLiteral) : amount;
}

export const moneyText = (money: MoneyValue): string => `${amountText(money.amount)} ${money.currency}`;

/** A sentence of the server, the amounts in it as this person writes them. */
export const sentenceText = (sentence: string): string =>
  sentence.replace(/(?<![\w.,-])(-?\d+\.\d{2,3})(?= [A-Z]{3}\b)/g, (amount) => amountText(amount));

const numberFormat = new Intl.NumberFormat(locale, { maximumFractionDigits: 20 });
export const numberText = (value: number | string): string =>
  typeof value === "string" && !/^-?\d+(\.\d+)?$/.test(value) ? value : numberFormat.format(value as Intl.StringNumericLiteral);

const dayFormat = new Intl.DateTimeFormat(locale, { year: "numeric", month: "short", day: "numeric", timeZone: "UTC" });
const isDayText = (value: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(value);

/** A day as the locale writes it: "21 Nov 2026". */
export const dayText = (day: string): string => (isDayText(day) ? dayFormat.format(new Date(`${day}T00:00:00Z`)) : day);

const instantFormat = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
export function instantText(instant: string): string {
  const at = new Date(instant);
  return Number.isNaN(at.getTime()) ? instant : instantFormat.format(at);
}

const agoFormat = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "long" });
const spans: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** "3 hours ago", "in 2 days". */
export function agoText(instant: string, now: Date = new Date()): string {
  const seconds = (new Date(instant).getTime() - now.getTime()) / 1000;
  if (Number.isNaN(seconds)) return instant;
  for (const [unit, length] of spans) {
    if (Math.abs(seconds) >= length) return agoFormat.format(Math.round(seconds / length), unit);
  }
  return agoFormat.format(0, "minute");
}

/** How far a day is from today: "tomorrow", "3 days ago". */
export function daysFromText(day: string, today: string): string {
  const days = Math.round((Date.parse(`${day}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / 86_400_000);
  return Number.isNaN(days) ? day : agoFormat.format(days, "day");
}

/** `inProgress` as "In progress". */
export function stateText(state: string): string {
  const spaced = state.replace(/([a-z\d])([A-Z])/g, "$1 $2").replace(/[_-]+/g, " ");
  const lower = /^[A-Z\d ]+$/.test(spaced) ? spaced : spaced.toLowerCase();
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}

const dayOrder = new Intl.DateTimeFormat(locale, { year: "numeric", month: "2-digit", day: "2-digit" });

/** The pattern in which this person types a day, as the day picker needs it: `DD.MM.YYYY`. */
export const dayPattern = (): string =>
  dayOrder
    .formatToParts(new Date(Date.UTC(2026, 10, 21)))
    .map((part) => (part.type === "day" ? "DD" : part.type === "month" ? "MM" : part.type === "year" ? "YYYY" : part.value))
    .join("");

const byteFormat = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${byteFormat.format(bytes / 1000)} kB` : `${byteFormat.format(bytes / 1_000_000)} MB`;
}
