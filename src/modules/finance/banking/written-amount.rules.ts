// Amounts as people and programs write them: 1,234.50 · 1.234,50 · 1 234,50 · 1'234.50 · (12.00) · 12.00- · € 12,00.
import type { Currency } from "../../../kernel/currency.ts";
import type { Money } from "../../../kernel/money.ts";
import { readAmount, refusalAt, shown } from "./statement-text.rules.ts";

export type DecimalMark = "." | ",";

const plain = (text: string): string => text.replace(/[^\d.,]/g, "");

/** What marks the decimals in all these amounts: the later one where both stand, else the one before one or two last digits. */
export function decimalMarkOf(amounts: readonly string[]): DecimalMark {
  let [points, commas] = [0, 0];
  for (const amount of amounts) {
    const last = /[.,](?=[^.,]*$)/.exec(plain(amount))?.[0];
    const hasBoth = amount.includes(".") && amount.includes(",");
    const isShort = /[.,]\d{1,2}$/.test(plain(amount));
    if (!last || !(hasBoth || isShort)) continue;
    if (last === ".") points += 1;
    else commas += 1;
  }
  return commas > points ? "," : ".";
}

/** @throws Refusal on anything that is no amount, and on more decimals than the currency has: never rounded. */
export function readWrittenAmount(text: string, mark: DecimalMark, currency: Currency, line: number): Money {
  const bare = text
    .replace(/[\s\u00A0\u202F']/g, "")
    .replace(/^[A-Z]{3}|[A-Z]{3}$|[€$£¥]/g, "")
    .replace("\u2212", "-");
  const parts = /^(\()?([+-]?)([\d.,]+)(-?)(\))?$/.exec(bare);
  const groups = mark === "." ? /^\d{1,3}(?:,\d{3})+(?:\.\d*)?$|^\d*(?:\.\d*)?$/ : /^\d{1,3}(?:\.\d{3})+(?:,\d*)?$|^\d*(?:,\d*)?$/;
  if (!parts || Boolean(parts[1]) !== Boolean(parts[5]) || !groups.test(parts[3]!)) {
    throw refusalAt("amountMalformed", line, `${shown(text)} is not an amount with "${mark}" before its decimals.`);
  }
  const digits = parts[3]!.replaceAll(mark === "." ? "," : ".", "").replace(",", ".");
  const isNegative = (parts[1] !== undefined) !== (parts[2] === "-" || parts[4] === "-");
  return readAmount(`${isNegative ? "-" : ""}${digits}`, currency, line);
}
