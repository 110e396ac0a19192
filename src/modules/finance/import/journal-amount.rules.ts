// Amounts as plain-text journals write them: `$-1,234.50`, `-3 EUR`, `10 ACME @ 12.00 USD`, `1.234,50 €`. Digits stay digits: nothing
// passes through a floating-point number.
import { currencyDecimals, isCurrency } from "../../../kernel/currency.ts";
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

/** What the account then holds (`= 100 EUR`), says the journal. */
export interface AssertedBalance extends JournalAmount {
  /** `==`: and of nothing else. */
  readonly isSole: boolean;
  /** `=*`: with the accounts below it. */
  readonly isWithSubaccounts: boolean;
}

export interface WrittenPosting {
  readonly amount?: PricedAmount;
  readonly asserted?: AssertedBalance;
}

/** What the directives of a journal say about its amounts. */
export interface AmountStyle {
  readonly mark?: DecimalMark | undefined;
  /** The mark before the decimals of a commodity. */
  readonly marks: ReadonlyMap<string, DecimalMark>;
  /** What an amount is in that names nothing. */
  readonly commodity: string;
}

const symbols: Readonly<Record<string, string>> = { $: "USD", US$: "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB" };

/** The currency that a commodity is, if it is one; none was written when the journal's own is meant. */
export function currencyOf(commodity: string, own: string): string | undefined {
  if (commodity === "") return own;
  const code = symbols[commodity] ?? commodity.toUpperCase();
  return isCurrency(code) ? code : undefined;
}

/** Minor units have a place for 18 digits in the books; one is left for the sums. The quantity is written with a point. */
export const isTooLarge = (quantity: string, currency: string): boolean =>
  quantity.replace(/\..*$/, "").replace("-", "").length + currencyDecimals(currency as never) > 17;

export const tooLarge = (quantity: string, currency: string): string =>
  `${quantity} ${currency} is more than books can hold. Look for a sign too many.`;

/** Undefined when the text is no amount. */
export function parsePricedAmount(text: string, mark?: DecimalMark): PricedAmount | undefined {
  return priced(partsOf(text).own, { mark, marks: new Map(), commodity: "" });
}

// As nearly every amount is written, so that a journal of a million entries is not taken apart sign by sign.
const usual = /^(?:([A-Z]{3}|[$€£¥]) ?(-?)(\d+(?:\.\d\d?)?)|(-?)(\d+(?:\.\d\d?)?)(?: ?([A-Z]{3}|[$€£¥]))?)$/;

function usualAmount(text: string, style: AmountStyle): JournalAmount | undefined {
  const [, left, inner, behind, sign, before, right] = usual.exec(text) ?? [];
  const quantity = behind ?? before;
  const commodity = left ?? right ?? style.commodity;
  if (quantity === undefined || (quantity.includes(".") && markOf(commodity, style) === ",")) return undefined;
  return { quantity: (inner ?? sign) === "-" && !/^[0.]+$/.test(quantity) ? `-${quantity}` : quantity, commodity };
}

/** What stands behind the account of a posting; in words why it cannot be taken. */
export function readPosting(text: string, style: AmountStyle): WrittenPosting | string {
  const plain = usualAmount(text.trim(), style);
  if (plain) return { amount: plain };
  const { own, lots, asserted } = partsOf(text);
  const unsure = [own, asserted?.text ?? "", ...lots].flatMap((part) => doubtful(part, style) ?? [])[0];
  if (unsure) {
    return `“${unsure}” may be a thousand times as much. Write “decimal-mark .” or “decimal-mark ,” into the first line of the journal.`;
  }
  if (own === "" && asserted?.text.includes("@"))
    return "A price beside a balance prices what is not written. Write the amount and its price.";
  const amount = own === "" ? undefined : lotted(priced(own, style), lots, style);
  if (typeof amount === "string") return amount;
  // A cost behind a balance is what the balance cost, and says nothing about what is posted.
  const balance = asserted && parseAmount(asserted.text.replace(/@.*$/, ""), style);
  if ((own !== "" && !amount) || (asserted && !balance)) return `“${text.trim().slice(0, 60)}” cannot be read as an amount.`;
  return { ...(amount && { amount }), ...(balance && { asserted: { ...balance, ...asserted!.flags } }) };
}

/**
 * What a lot cost says nothing about what is posted, to hledger and to Ledger alike; but where it is given away at another price, hledger
 * takes the price out of the account and Ledger what it cost.
 */
function lotted(amount: PricedAmount | undefined, lots: readonly string[], style: AmountStyle): PricedAmount | string | undefined {
  const [lot] = lots;
  if (!amount?.price || lot === undefined) return lots.length > 1 ? undefined : amount;
  const isTotal = lot.startsWith("{");
  const cost = parseAmount(lot.replace(/^\{?=?|\}$/g, ""), style);
  if (!cost || lots.length > 1) return undefined;
  const isSame = amount.price.isTotal === isTotal && amount.price.commodity === cost.commodity && amount.price.quantity === cost.quantity;
  return isSame
    ? amount
    : "A lot is kept at one price and given away at another. Write the gain as a line, and leave one of the two prices.";
}

function priced(text: string, style: AmountStyle): PricedAmount | undefined {
  const [, own = "", signs, cost] = /^(.*?)(?:\s*(@@?)\s*(.+))?$/.exec(text)!;
  const amount = parseAmount(own, style);
  if (!amount || signs === undefined) return amount;
  const price = parseAmount(cost!, style);
  // A price below nothing turns the amount round for Ledger and not for hledger.
  return price && !price.quantity.startsWith("-") ? { ...amount, price: { ...price, isTotal: signs === "@@" } } : undefined;
}

interface Parts {
  /** The amount and its price. */
  readonly own: string;
  /** What stands in braces. */
  readonly lots: readonly string[];
  readonly asserted?: { readonly text: string; readonly flags: Pick<AssertedBalance, "isSole" | "isWithSubaccounts"> };
}

/** Lot dates in brackets and lot notes in parentheses say nothing about what is posted. */
function partsOf(text: string): Parts {
  const lots: string[] = [];
  const bare = text.replace(/\s*\{(\{[^}]*\}|[^}]*)\}/g, (_, lot: string) => {
    lots.push(lot.trim());
    return "";
  });
  const [, own = "", sign, balance = ""] = /^((?:"[^"]*"|[^="])*)(={1,2}\*?)?(.*)$/.exec(bare)!;
  const clean = own.replace(/\s*\[[^\]]*\]/, "").replace(/(?<=\S)\s*\([^()]*\)(?=\s*(?:@|$))/, "");
  const flags = { isSole: sign?.startsWith("==") ?? false, isWithSubaccounts: sign?.endsWith("*") ?? false };
  return { own: clean.trim(), lots, ...(sign && { asserted: { text: balance.trim(), flags } }) };
}

const thing = /"[^"]+"|[^\s\d"+\-.,;@=(){}[\]]+/.source;
const digits = /\d[\d.,'’ \u00A0\u202F]*\d|\d|\.\d+/.source;
const amountPattern = new RegExp(
  `^(?<sign>[+-]?)\\s*(?<left>${thing})?\\s*(?<inner>[+-]?)\\s*(?<digits>${digits})(?:E(?<power>[+-]?\\d{1,2}))?\\s*(?<right>${thing})?$`,
  "i",
);

interface Shape {
  readonly digits: string;
  readonly isNegative: boolean;
  readonly commodity: string;
}

function shapeOf(text: string): Shape | undefined {
  const found = amountPattern.exec(text.trim())?.groups;
  if (!found || (found["left"] && found["right"]) || found["power"] || (found["sign"] && found["inner"])) return undefined;
  const commodity = (found["left"] ?? found["right"] ?? "").replaceAll('"', "");
  return { digits: found["digits"]!, isNegative: [found["sign"], found["inner"]].includes("-"), commodity };
}

const markOf = (commodity: string, { mark, marks }: AmountStyle): DecimalMark | undefined => marks.get(commodity) ?? mark;

function parseAmount(text: string, style: AmountStyle): JournalAmount | undefined {
  const shape = shapeOf(text);
  if (!shape) return undefined;
  const commodity = shape.commodity === "" ? style.commodity : shape.commodity;
  const quantity = plainNumber(shape.digits, markOf(commodity, style));
  if (quantity === undefined) return undefined;
  return { quantity: shape.isNegative && !/^[0.]+$/.test(quantity) ? `-${quantity}` : quantity, commodity };
}

/**
 * `1,000` is one to hledger and a thousand to Ledger; `1.000 EUR` is one to both, and a thousand to whoever wrote it, as nobody writes
 * three decimals of a currency with two. What the journal has said about its marks settles it; a price for one may have three decimals.
 * (`1.005 EUR` has more decimals than there are, and is told as such.)
 */
function doubtful(text: string, style: AmountStyle): string | undefined {
  const [own = "", cost] = text.split(/@@?/);
  const isUnsure = (part: string, isPrice: boolean): boolean => {
    const shape = shapeOf(part);
    const mark = shape && /^[1-9]\d{0,2}([.,])\d{3}$/.exec(shape.digits)?.[1];
    if (!mark || markOf(shape.commodity === "" ? style.commodity : shape.commodity, style)) return false;
    if (mark === ",") return true;
    const code = shape.commodity === "" ? "" : currencyOf(shape.commodity, "");
    return !isPrice && shape.digits.endsWith("0") && (code === "" || (isCurrency(code ?? "") && currencyDecimals(code as never) < 3));
  };
  if (isUnsure(own, false)) return own.trim();
  return cost !== undefined && isUnsure(cost, !text.includes("@@")) ? cost.trim() : undefined;
}

/** What a directive shows of a commodity: `1.000,00 EUR` has a comma before its decimals. Nothing when it does not tell. */
export function styleOf(text: string): { readonly commodity: string; readonly mark: DecimalMark | undefined } | undefined {
  const [, own = "", end = ""] = /^(.*?)(?<=\d)([.,]?)(\s*(?:"[^"]+"|[^\s\d.,]*))$/.exec(text.trim()) ?? [];
  const shape = shapeOf(end === "" ? text : text.replace(/(?<=\d)[.,](?=\D*$)/, ""));
  if (!shape) return undefined;
  if (end !== "" && own !== "") return { commodity: shape.commodity, mark: end as DecimalMark };
  const marks = shape.digits.replaceAll(/[^.,]/g, "");
  const last = marks.at(-1) as DecimalMark | undefined;
  if (last === undefined) return { commodity: shape.commodity, mark: undefined };
  const isGroup = marks.length > 1 && marks.replaceAll(last, "") === "";
  const isEither = marks.length === 1 && /^[1-9]\d{0,2}[.,]\d{3}$/.test(shape.digits);
  return { commodity: shape.commodity, mark: isEither ? undefined : isGroup ? (last === "." ? "," : ".") : last };
}

/**
 * A number with a point for its decimals and no marks between thousands. The last of two different marks ends the whole units; one mark
 * that stands several times groups thousands; one that stands once does so only when the journal says that the other ends the units.
 */
export function plainNumber(text: string, mark?: DecimalMark): string | undefined {
  const compact = text.replaceAll(/['’ \u00A0\u202F]/g, "");
  const last = Math.max(compact.lastIndexOf("."), compact.lastIndexOf(","));
  const decimal = compact[last] as DecimalMark | undefined;
  const isGroup = decimal !== undefined && (compact.split(decimal).length > 2 || (mark !== undefined && decimal !== mark));
  const end = decimal === undefined || isGroup ? undefined : text.lastIndexOf(decimal);
  const decimals = end === undefined ? "" : text.slice(end + 1);
  // What groups does so in one way throughout, by three or as in India, or the number is not what it seems.
  const whole = text.slice(0, end);
  const marks = new Set(whole.replaceAll(/\d/g, ""));
  const groups = whole.split(/[.,'’ \u00A0\u202F]/);
  if (!/^\d*$/.test(decimals) || marks.size > 1 || (mark !== undefined && marks.has(mark)) || !isGrouped(groups)) return undefined;
  const units = groups.join("") || "0";
  return decimals === "" ? units : `${units}.${decimals}`;
}

function isGrouped([first = "", ...others]: readonly string[]): boolean {
  if (others.length === 0) return true;
  const isByThree = first.length > 0 && first.length <= 3 && others.every((group) => group.length === 3);
  const isIndian = first.length > 0 && first.length <= 2 && others.slice(0, -1).every((group) => group.length === 2);
  return isByThree || (isIndian && others.at(-1)!.length === 3);
}
