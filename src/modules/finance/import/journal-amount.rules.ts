// Amounts as plain-text journals write them: `$-1,234.50`, `-3 EUR`, `10 ACME @ 12.00 USD`, `1.234,50 €`. Digits stay digits: nothing
// passes through a floating-point number.
import type { DecimalMark } from "../banking/written-amount.rules.ts";

/** A quantity of something, exactly as written, with a point for the decimals. */
export interface JournalAmount {
  readonly quantity: string;
  /** As written: `EUR`, `$`, `ACME`; empty when none was. */
  readonly commodity: string;
}

export interface PricedAmount extends JournalAmount {
  /** What it cost, for one (`@`) or for all of it (`@@`). */
  readonly price?: JournalAmount & { readonly isTotal: boolean };
}

/** Undefined when the text is no amount. */
export function parsePricedAmount(text: string, mark?: DecimalMark): PricedAmount | undefined {
  const [, own = "", signs, cost] = /^(.*?)(?:\s*(@@?)\s*(.+))?$/.exec(withoutAssertion(text))!;
  const amount = parseAmount(own, mark);
  if (!amount || signs === undefined) return amount;
  const price = parseAmount(cost!, mark);
  return price && { ...amount, price: { ...price, isTotal: signs === "@@" } };
}

/** Lot prices in braces, lot dates in brackets and balance assertions say nothing about what is posted. */
const withoutAssertion = (text: string): string =>
  text
    .replace(/\s*={1,2}\*?\s*.*$/, "")
    .replace(/\s*\{\{?[^}]*\}\}?/, "")
    .replace(/\s*\[[^\]]*\]/, "")
    .trim();

const thing = /"[^"]+"|[^\s\d"+\-.,;@]+/.source;
const digits = /\d[\d.,' ]*\d|\d|\.\d+/.source;
const amountPattern = new RegExp(
  `^(?<sign>[+-]?)\\s*(?<left>${thing})?\\s*(?<inner>[+-]?)\\s*(?<digits>${digits})(?:E(?<power>[+-]?\\d{1,2}))?\\s*(?<right>${thing})?$`,
  "i",
);

function parseAmount(text: string, mark: DecimalMark | undefined): JournalAmount | undefined {
  const found = amountPattern.exec(text.trim())?.groups;
  if (!found || (found["left"] && found["right"])) return undefined;
  const quantity = plainNumber(found["digits"]!, mark);
  if (quantity === undefined || found["power"]) return undefined;
  const isNegative = (found["sign"] === "-") !== (found["inner"] === "-");
  const commodity = (found["left"] ?? found["right"] ?? "").replaceAll('"', "");
  return { quantity: isNegative && !/^[0.]+$/.test(quantity) ? `-${quantity}` : quantity, commodity };
}

/**
 * A number with a point for its decimals and no marks between thousands. The last of two different marks ends the whole units; one mark
 * that stands several times groups thousands; one that stands once does so only when the journal says that the other ends the units.
 */
export function plainNumber(text: string, mark?: DecimalMark): string | undefined {
  const compact = text.replaceAll(/[' ]/g, "");
  const last = Math.max(compact.lastIndexOf("."), compact.lastIndexOf(","));
  if (last < 0) return compact;
  const decimal = compact[last] as DecimalMark;
  const times = compact.split(decimal).length - 1;
  const isGroup = times > 1 || (mark !== undefined && decimal !== mark);
  const whole = isGroup ? compact : compact.slice(0, last);
  const decimals = isGroup ? "" : compact.slice(last + 1);
  // What groups does so by three, or the number is not what it seems.
  const groups = whole.split(/[.,]/);
  if (groups.length > 1 && (groups.slice(1).some((group) => group.length !== 3) || groups[0]!.length > 3)) return undefined;
  const units = groups.join("") || "0";
  return decimals === "" ? units : `${units}.${decimals}`;
}
