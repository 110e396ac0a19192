// What makes a bill or a supplier's credit note fit to be kept: a supplier, a number that was not entered before, accounts, tax and rate of
// its lines, and a total that they add up to. How it is booked: bill-entry.rules.ts.
import type { Day } from "../../../kernel/day.ts";
import { decimal } from "../../../kernel/decimal.ts";
import type { Id } from "../../../kernel/id.ts";
import type { Money } from "../../../kernel/money.ts";
import { Refusal, refuse } from "../../../kernel/refusal.ts";
import type { Exchange } from "../currency/convert.rules.ts";
import { type DocumentRates, exchangeOf } from "../currency/document-rate.rules.ts";
import type { Book } from "../ledger/book.ts";
import { isServicePeriodFit, type ServicePeriod } from "../ledger/deferral.rules.ts";
import { type DocumentTotals, documentTotals, supplierNumberKey } from "../tax/document.rules.ts";
import { partsIn, type TaxChoice, type TaxGround, type TaxParty, taxTaken } from "../tax/tax-code.rules.ts";

/** A supplier numbers bills and credit notes in series of their own. */
export type BillKind = "bill" | "creditNote";

export interface BillLineInput extends ServicePeriod {
  /** Of a line that stays, so that what refers to it still does. */
  readonly id?: Id;
  readonly description: string;
  /** As the paper says it: with the tax in it where prices include it. */
  readonly net: Money;
  /** By default the account that does the job `expense`. */
  readonly accountId?: Id;
  readonly taxCode: string;
  readonly unitId?: Id;
  /** How many, where the paper says so. */
  readonly quantity?: string;
  /** Of a credit note: the line of the bill that it takes back. */
  readonly correctsLineId?: Id;
}

export interface BillInput {
  readonly kind: BillKind;
  /** Of a credit note: the bill that it takes back. Its tax is what held on the day of that bill (Art. 90 of the VAT Directive). */
  readonly corrects?: { readonly id: Id; readonly day: Day };
  readonly bookId?: Id;
  readonly supplierId: Id;
  readonly supplierNumber: string;
  readonly day: Day;
  readonly dueDay: Day;
  readonly text?: string;
  /** What the supplier's paper says. */
  readonly total?: Money;
  /** For another currency than the books': what one unit of it is worth in theirs; by default the day's rate. */
  readonly rate?: string;
  readonly pricesIncludeTax?: boolean;
  readonly lines: readonly BillLineInput[];
  /** The paper itself; the same bytes cannot be two bills. */
  readonly fileId?: Id;
  /** What the supplier wants to read with the payment. */
  readonly paymentReference?: string;
  readonly discountDay?: Day;
  readonly discountPercent?: string;
  /** Where it is to be paid; by default the supplier's approved account. */
  readonly supplierBankAccountId?: Id;
}

export interface EarlierBill {
  readonly id: Id;
  readonly supplierNumber: string;
  readonly day: Day;
  /** Brought over from the old books: an open item and no bill of ours. */
  readonly isBrought?: boolean;
}

/** What was entered before, by `numberKey`. */
export type EarlierBills = ReadonlyMap<string, EarlierBill>;

export const numberKey = (supplierId: Id, kind: BillKind, key: string): string => `${supplierId} ${kind} ${key}`;

/** Over the same amount within a few days. */
export interface AlikeBill extends EarlierBill {
  readonly total: Money;
}

/** An uploaded file, and the bill that it is already. */
export interface BillPaper {
  /** Of its bytes. */
  readonly hash: string;
  readonly other: { readonly supplierNumber: string; readonly supplier: string } | undefined;
}

/** Refuses `fileKnown`. */
export function freeHash({ hash, other }: BillPaper): string {
  if (other) refuse("fileKnown", { ...other }, ["fileId"]);
  return hash;
}

/** Days to pay where the paper says nothing. */
export const usualDueDays = 30;

/** A bill that is to be kept under this identifier, whether it is there already or not. */
export interface BillWish {
  readonly id: Id;
  readonly input: BillInput;
}

/** What the books know that bills name. */
export interface BillGround {
  readonly book: Book;
  /** Since when and until when they supply. */
  readonly suppliers: ReadonlyMap<Id, readonly { readonly from: Day; readonly until: Day | null }[]>;
  readonly earlier: EarlierBills;
  readonly papers: ReadonlyMap<Id, BillPaper>;
  /** The accounts of suppliers that may be paid to, as `supplier account`. */
  readonly payees: ReadonlySet<string>;
  readonly tax: TaxGround & { readonly parties: readonly TaxParty[] };
  readonly accounts: ReadonlyMap<Id, { readonly code: string; readonly isFit: boolean }>;
  readonly expenseId: Id | undefined;
  readonly rates: DocumentRates;
}

interface ReadyLine extends BillLineInput {
  /** What was said, where prices include the tax; `net` is without it then. */
  readonly gross: Money | null;
  readonly accountId: Id;
  readonly taxCodeId: Id;
}

export interface FitBill extends BillWish {
  readonly book: Book;
  readonly key: string;
  readonly hash: string | null;
  readonly lines: readonly ReadyLine[];
  readonly totals: DocumentTotals;
  readonly total: Money;
  readonly exchange: Exchange | undefined;
}

export interface ReadyBill extends FitBill {
  readonly alike: AlikeBill | undefined;
}

/** Cents by which a supplier may round otherwise; more is a mistake. */
const roundingMax = 5n;

/** Each as it is to be kept, or its refusal without words; of two with one number the second is refused. */
export function fitBills(wishes: readonly BillWish[], ground: BillGround): (FitBill | Refusal)[] {
  const earlier = new Map(ground.earlier);
  return wishes.map((wish) => {
    try {
      const fit = fitBill(wish, { ...ground, earlier });
      const { supplierId, kind, supplierNumber, day } = wish.input;
      earlier.set(numberKey(supplierId, kind, fit.key), { id: wish.id, supplierNumber, day });
      return fit;
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  });
}

function fitBill({ id, input }: BillWish, ground: BillGround): FitBill {
  const { book } = ground;
  const { supplierId, day, kind, supplierNumber, pricesIncludeTax = false } = input;
  const spans = ground.suppliers.get(supplierId) ?? [];
  if (!spans.some((span) => span.from <= day && (span.until === null || span.until >= day))) refuse("notSupplier", { day }, ["supplierId"]);
  const key = freeKey(ground.earlier, { supplierId, kind, supplierNumber, id });
  const hash = input.fileId ? freeHash(ground.papers.get(input.fileId)!) : null;
  if (input.dueDay < day) refuse("dueBeforeDay", {}, ["dueDay"]);
  checkDiscount(input);
  if (input.supplierBankAccountId && !ground.payees.has(`${supplierId} ${input.supplierBankAccountId}`)) {
    refuse("payeeAccountUnfit", {}, ["supplierBankAccountId"]);
  }
  const currency = input.lines[0]!.net.currency;
  const said = input.lines.map((line, index) => {
    const { taxCodeId, parts } = taxOf(input, index, ground);
    return { ...line, taxCodeId, parts, accountId: costAccount(line, index, ground) };
  });
  const exchange = exchangeOf({ currency, day, rate: input.rate }, book.currency, ground.rates);
  if (exchange && "code" in exchange) refuse(exchange.code, exchange.facts, ["rate"]);
  input.lines.forEach((line, index) => {
    if (line.net.currency !== currency) refuse("billCurrenciesMixed", { currency }, ["lines", index, "net"]);
    if (!isServicePeriodFit(line)) refuse("servicePeriodUnfit", { line: index + 1 }, ["lines", index, "serviceUntil"]);
  });
  const taxed = said.map((line) => ({ ...line, parts: partsIn(line.parts, exchange) }));
  const totals = documentTotals(taxed, currency, { pricesIncludeTax });
  const lines = said.map((line, index) => ({ ...line, net: totals.nets[index]!, gross: pricesIncludeTax ? line.net : null }));
  return { id, input, book, key, hash, lines, totals, total: statedTotal(totals, input.total), exchange };
}

export interface NumberedPaper {
  readonly supplierId: Id;
  readonly kind: BillKind;
  readonly supplierNumber: string;
  /** Its own, where it is there already. */
  readonly id?: Id;
}

/** The number as it compares. Refuses `numberUnreadable`; `enteredBefore` and `broughtOver` whatever the year and however it is typed. */
export function freeKey(earlier: EarlierBills, { supplierId, kind, supplierNumber, id }: NumberedPaper): string {
  const key = supplierNumberKey(supplierNumber);
  if (key === "") refuse("numberUnreadable", {}, ["supplierNumber"]);
  const known = earlier.get(numberKey(supplierId, kind, key));
  if (known && known.id !== id) {
    const { supplierNumber: number, day, isBrought } = known;
    refuse(isBrought ? "broughtOver" : "enteredBefore", { supplierNumber: number, day }, ["supplierNumber"]);
  }
  return key;
}

function checkDiscount({ day, discountDay, discountPercent }: BillInput): void {
  if (discountDay === undefined && discountPercent === undefined) return;
  const percent = decimal(discountPercent ?? "0");
  if (discountDay === undefined || discountDay < day || !percent.gt(0) || !percent.lt(100)) refuse("discountUnfit", {}, ["discountDay"]);
}

function taxOf(input: BillInput, index: number, { tax }: BillGround): TaxChoice {
  const { taxCode } = input.lines[index]!;
  // A credit note has the tax of what it takes back.
  const day = input.corrects?.day ?? input.day;
  const party = tax.parties.find((one) => one.id === input.supplierId);
  return (
    taxTaken(tax, taxCode, { side: "input", day, party }) ?? refuse("taxCodeUnknown", { code: taxCode, day }, ["lines", index, "taxCode"])
  );
}

function costAccount({ accountId }: BillLineInput, index: number, { accounts, expenseId }: BillGround): Id {
  const id = accountId ?? expenseId;
  const account = id && accounts.get(id);
  if (!account?.isFit) refuse("accountUnfit", { account: account?.code ?? "for expenses" }, ["lines", index, "accountId"]);
  return id!;
}

/** The supplier's own total, when it is ours or off by a few cents. */
function statedTotal(totals: DocumentTotals, stated: Money | undefined): Money {
  if (stated && stated.currency !== totals.total.currency) refuse("billCurrenciesMixed", { currency: totals.total.currency }, ["total"]);
  const total = stated ?? totals.total;
  if (total.minor <= 0n) refuse("totalNotPositive", {}, ["lines"]);
  if (total.minus(totals.total).abs().minor > roundingMax) {
    refuse("totalDiffers", { computed: totals.total.toString(), stated: total.toString() }, ["total"]);
  }
  return total;
}
