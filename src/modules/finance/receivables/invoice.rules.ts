// What makes an invoice fit to be kept and posted: the customer, the accounts and tax codes of its lines, the terms it is paid under, the
// deposits it draws down and the credit limit it stays within. How it is booked: invoice-entry.rules.ts.
import { type Day, daysBetween, later } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { type DocumentTotals, documentTotals, lineNet } from "../tax/document.rules.ts";
import type { TaxRounding } from "../tax/levy.rules.ts";
import type { TaxedAtCodes } from "../tax/taken-back.rules.ts";
import { partsIn, ruleFor, type TaxChoice, type TaxGround, taxOn, type TaxParty, type TaxPart } from "../tax/tax-code.rules.ts";
import { type CreditedDeferral, isServicePeriodFit, isSpread, type ServicePeriod, takesFromHeld } from "../ledger/deferral.rules.ts";
import type { AccountChoice } from "../ledger/entry.rules.ts";
import { type Exchange, inBooks } from "../currency/convert.rules.ts";
import { type DocumentRates, exchangeOf } from "../currency/document-rate.rules.ts";
import { creditedInBooks, type DepositWish, drawnLines, type KnownDeposit, takeDeposit } from "./deposit.rules.ts";
import { type DiscountOffer, discountsOf, type Instalment, instalmentsOf, netDays, type TermRule } from "./payment-term.rules.ts";

export interface InvoiceLineInput extends ServicePeriod {
  readonly description: string;
  readonly quantity: string;
  readonly unitPrice: Money;
  /** By default the account that does the job `sales`, for a deposit invoice the one for customers' deposits. */
  readonly accountId?: Id;
  readonly taxCode: string;
  readonly unitId?: Id;
  /** The deposit invoice that this line draws down. */
  readonly depositId?: Id;
  /** What it comes to in the books whatever the rate: for a deposit that was asked for in another currency. */
  readonly bookNet?: Money;
  /** The code was chosen before; the rules that put one in place of another are not asked again. */
  readonly isTaxChosen?: boolean;
}

export interface Taxed {
  readonly day: Day;
  readonly rounding: TaxRounding;
  /** By tax code, where any was charged. */
  readonly percents: ReadonlyMap<Id, string>;
  readonly atCodes: TaxedAtCodes;
}

export interface InvoiceInput {
  readonly kind: "invoice" | "creditNote";
  readonly bookId?: Id;
  readonly customerId: Id;
  readonly day: Day;
  /** The one day it falls due; by default what the terms say. */
  readonly dueDay?: Day;
  /** By default what is agreed with the customer, else 30 days. */
  readonly paymentTermId?: Id;
  readonly termsDays?: number;
  readonly text?: string;
  readonly correctsId?: Id;
  /** How that was taxed, whatever holds by now; by default at the rates of its own day and with the rounding of the books. */
  readonly taxed?: Taxed;
  readonly isDeposit?: boolean;
  readonly pricesIncludeTax?: boolean;
  /** What one unit of its currency is worth in the books'; by default the day's rate. */
  readonly rate?: string;
  readonly lines: readonly InvoiceLineInput[];
  readonly deposits?: readonly DepositWish[];
  /** Why a soft credit limit may be passed; only the finance manager may say so. */
  readonly overLimitReason?: string;
  /** Who issues it, when wishes of several people are posted together. */
  readonly author?: { readonly personId: Id | null; readonly name: string; readonly isManager: boolean };
}

/** A draft that is posted: it was checked against its deposits and is among what the customer has in drafts already. */
export interface KeptDraft {
  readonly id: Id;
  readonly total: Money;
  /** The same in the currency of its books. */
  readonly booked: Money;
}

export interface KnownCustomer {
  readonly id: Id;
  readonly name: string;
  readonly spans: readonly { readonly from: Day; readonly until: Day | null }[];
  readonly paymentTermId: Id | null;
  readonly isLimited: boolean;
}

export interface CreditLimit {
  readonly limit: Money;
  readonly isHard: boolean;
  /** What the customer owes by now, in the currency of the limit. */
  readonly used: Money;
  /** What one unit of the books' currency is worth in that of the limit. */
  readonly rate: string;
}

export interface InvoiceGround {
  readonly bookId: Id;
  readonly currency: string;
  readonly customers: ReadonlyMap<Id, KnownCustomer>;
  readonly tax: TaxGround & { readonly parties: readonly TaxParty[] };
  readonly accounts: ReadonlyMap<Id, { readonly code: string; readonly type: string; readonly isFit: boolean }>;
  readonly salesId: Id | undefined;
  readonly depositId: Id | undefined;
  readonly terms: ReadonlyMap<Id, { readonly rule: TermRule; readonly retiredFrom: Day | null }>;
  readonly deposits: ReadonlyMap<Id, KnownDeposit>;
  /** Of the invoices that credit notes among these correct. */
  readonly credited: readonly CreditedDeferral[];
  readonly rates: DocumentRates;
}

export interface ReadyLine extends ServicePeriod {
  readonly description: string;
  readonly quantity: string;
  readonly unitPrice: Money;
  /** As charged: with the tax in it when prices include it. */
  readonly net: Money;
  readonly isNet: boolean;
  readonly accountId: Id;
  readonly accountType: string;
  /** Where it is held until the months it is for; a value of this line alone. */
  readonly held?: AccountChoice;
  readonly taxCodeId: Id;
  readonly parts: readonly TaxPart[];
  readonly unitId?: Id;
  readonly depositId?: Id;
  readonly bookNet?: Money;
}

export interface ReadyInvoice {
  readonly input: InvoiceInput;
  readonly customer: string;
  readonly currency: string;
  /** How it comes into the books when it is in another currency than they. */
  readonly exchange?: Exchange;
  readonly lines: readonly ReadyLine[];
  readonly totals: DocumentTotals;
  readonly paymentTermId: Id | null;
  /** Its last day. */
  readonly dueDay: Day;
  /** In days' order as the terms have them; a credit note has one. */
  readonly instalments: readonly Instalment[];
  /** For each instalment. */
  readonly offers: readonly (readonly DiscountOffer[])[];
}

/** A no, with its words in `invoiceRefusals`. */
export interface InvoiceNo {
  readonly code: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly path?: readonly (string | number)[];
}

export const isInvoiceNo = (result: ReadyInvoice | InvoiceNo): result is InvoiceNo => "code" in result;

export interface Wish {
  readonly input: InvoiceInput;
  readonly draft?: KeptDraft;
}

export interface PrepareOptions {
  /** Of the customers that have one; none counts for a draft, which is posted later. */
  readonly limits: ReadonlyMap<Id, CreditLimit>;
  readonly isManager: boolean;
}

/** Makes wishes ready one after the other, so that two invoices to one customer stay within the limit, and two draws within the deposit. */
export function invoiceJudge(ground: InvoiceGround, options: PrepareOptions): (wish: Wish) => ReadyInvoice | InvoiceNo {
  const used = new Map<Id, Money>();
  const deposits = new Map(
    [...ground.deposits].map(([id, deposit]) => [id, { ...deposit, parts: deposit.parts.map((part) => ({ ...part })) }]),
  );
  return (wish) => {
    const lines = wish.draft ? [] : takeDeposits(wish.input, deposits);
    if ("code" in lines) return lines;
    const ready = prepare({ ...wish.input, lines: [...wish.input.lines, ...lines] }, ground);
    if (isInvoiceNo(ready)) return ready;
    return overLimit(ready, wish, options, used) ?? ready;
  };
}

function takeDeposits(input: InvoiceInput, deposits: ReadonlyMap<Id, KnownDeposit>): InvoiceLineInput[] | InvoiceNo {
  const lines: InvoiceLineInput[] = [];
  for (const [index, wish] of (input.deposits ?? []).entries()) {
    const taken = takeDeposit(wish, input.customerId, currencyOf(input), deposits.get(wish.depositId));
    if ("code" in taken) return { ...taken, path: ["deposits", index, ...taken.path] };
    lines.push(...drawnLines(wish.depositId, taken));
  }
  return lines;
}

/** As much as tables and journals bring, far from what the database can hold, also in a weaker currency. */
const mostMinor = 10n ** 17n;

function prepare(input: InvoiceInput, ground: InvoiceGround): ReadyInvoice | InvoiceNo {
  const { day } = input;
  const customer = ground.customers.get(input.customerId);
  if (!customer?.spans.some((span) => span.from <= day && (span.until === null || span.until >= day))) {
    return { code: "notCustomer", facts: { day }, path: ["customerId"] };
  }
  const currency = currencyOf(input) ?? ground.currency;
  const exchange = exchangeOf({ currency, day, rate: input.rate }, ground.currency, ground.rates);
  if (exchange && "code" in exchange) return exchange;
  const lines: ReadyLine[] = [];
  for (const [index, line] of input.lines.entries()) {
    const ready = readyLine(line, index, input, ground, currency);
    if ("code" in ready) return ready;
    lines.push(exchange ? { ...ready, parts: partsIn(ready.parts, exchange) } : ready);
  }
  const volume = lines.reduce((sum, line) => sum.plus(line.net.abs()), Money.zero(currency));
  if (volume.minor >= mostMinor) return { code: "amountTooLarge", facts: { amount: volume.toString() }, path: ["lines"] };
  const totals = documentTotals(lines, currency, {
    rounding: input.taxed?.rounding ?? ground.tax.rounding,
    pricesIncludeTax: input.pricesIncludeTax,
    taxedBefore: input.taxed?.atCodes,
  });
  // A deposit may have paid for all of it before.
  const mayBeNothing = lines.some((line) => line.depositId !== undefined);
  if (totals.total.minor < 0n || (totals.total.minor === 0n && !mayBeNothing))
    return { code: "totalNotPositive", facts: {}, path: ["lines"] };
  const term = termOf(input, customer, ground);
  if ("code" in term) return term;
  const instalments = input.kind === "creditNote" ? [{ dueDay: day, amount: totals.total }] : instalmentsOf(term.rule, totals.total, day);
  const deposit = input.kind === "creditNote" && input.isDeposit ? ground.deposits.get(input.correctsId!) : undefined;
  return {
    input,
    customer: customer.name,
    currency,
    exchange,
    lines: deposit ? creditedInBooks(lines, totals.nets, deposit) : lines,
    totals,
    paymentTermId: term.id,
    dueDay: instalments.reduce((last, one) => later(last, one.dueDay), day),
    instalments,
    offers: instalments.map((one) => (input.kind === "creditNote" || input.isDeposit ? [] : discountsOf(term.rule, one.amount, day))),
  };
}

/** That of its first line. */
export const currencyOf = (input: InvoiceInput): string | undefined => input.lines[0]?.unitPrice.currency;

function readyLine(
  line: InvoiceLineInput,
  index: number,
  input: InvoiceInput,
  ground: InvoiceGround,
  currency: string,
): ReadyLine | InvoiceNo {
  const path = (field: string): (string | number)[] => ["lines", index, field];
  if (line.unitPrice.currency !== currency) return { code: "currenciesMixed", facts: { currency }, path: path("unitPrice") };
  const tax = taxOf(line, input, ground.tax);
  if (!tax) return { code: "taxCodeUnknown", facts: { code: line.taxCode, day: taxDay(input) }, path: path("taxCode") };
  const isDeposit = line.depositId !== undefined || input.isDeposit;
  const accountId = line.accountId ?? (isDeposit ? ground.depositId : ground.salesId);
  if (!accountId) return { code: "roleUnassigned", facts: { role: isDeposit ? "customerDeposit" : "sales" } };
  const account = ground.accounts.get(accountId);
  if (!account?.isFit) return { code: "accountUnfit", facts: { account: account?.code ?? "named here" }, path: path("accountId") };
  if (!isServicePeriodFit(line)) return { code: "servicePeriodUnfit", facts: { line: String(index + 1) }, path: path("serviceUntil") };
  const { type: accountType } = account;
  const takes = input.kind === "creditNote" && takesFromHeld({ ...line, toAccountId: accountId }, ground.credited);
  const isHeld = isSpread(line, accountType, input.day) || takes;
  return {
    ...line,
    net: lineNet(line.quantity, line.unitPrice),
    isNet: line.depositId !== undefined,
    accountId,
    accountType,
    held: isHeld ? { role: "deferredIncome" } : undefined,
    taxCodeId: tax.taxCodeId,
    parts: input.taxed ? partsAsTaxed(tax, input.taxed) : tax.parts,
  };
}

/** What is taken back is taxed as it was (§ 17 UStG, Art. 90 of the VAT Directive). */
const taxDay = ({ taxed, day }: InvoiceInput): Day => taxed?.day ?? day;

function taxOf(line: InvoiceLineInput, input: InvoiceInput, ground: InvoiceGround["tax"]): TaxChoice | undefined {
  const day = taxDay(input);
  const isOpen = ground.rules.length > 0 && !line.isTaxChosen;
  const key = `${line.taxCode} ${day}`;
  const chosen = isOpen ? undefined : choicesOf(ground).get(key);
  if (chosen) return chosen;
  const named = ground.codes.find((one) => one.code === line.taxCode);
  if (!named) return undefined;
  const party = isOpen ? ground.parties.find((one) => one.id === input.customerId) : undefined;
  const found = taxOn(ground, ruleFor(ground, named.id, { side: "output", day, party })?.toCodeId ?? named.id, day);
  if (found && !isOpen) choicesOf(ground).set(key, found);
  return found;
}

const partsAsTaxed = ({ parts }: TaxChoice, { percents }: Taxed): TaxPart[] =>
  parts.map((part) => ({ ...part, percent: percents.get(part.taxCodeId) ?? part.percent }));

// The same code on the same day is the same choice, for thousands of lines.
const choices = new WeakMap<object, Map<string, TaxChoice>>();

function choicesOf(ground: object): Map<string, TaxChoice> {
  const known = choices.get(ground) ?? new Map<string, TaxChoice>();
  choices.set(ground, known);
  return known;
}

function termOf(input: InvoiceInput, customer: KnownCustomer, ground: InvoiceGround): { id: Id | null; rule: TermRule } | InvoiceNo {
  if (input.dueDay) return { id: null, rule: netDays(daysBetween(input.day, input.dueDay)) };
  if (input.termsDays !== undefined && !input.paymentTermId) return { id: null, rule: netDays(input.termsDays) };
  const id = input.paymentTermId ?? customer.paymentTermId;
  const term = id ? ground.terms.get(id) : undefined;
  if (input.paymentTermId && (!term || (term.retiredFrom !== null && term.retiredFrom <= input.day))) {
    return { code: "paymentTermUnknown", facts: { day: input.day }, path: ["paymentTermId"] };
  }
  return term ? { id, rule: term.rule } : { id: null, rule: netDays(30) };
}

/** What counts of a limit: as the document says it in that currency, else what the books carry for it. */
const ofLimit = (total: Money, booked: Money, { limit: { currency }, rate }: CreditLimit): Money =>
  total.currency === currency ? total : inBooks(booked, { bookCurrency: currency, rate });

function overLimit(
  { input, totals, customer, exchange }: ReadyInvoice,
  { draft }: Wish,
  options: PrepareOptions,
  used: Map<Id, Money>,
): InvoiceNo | undefined {
  const found = options.limits.get(input.customerId);
  if (!found || input.kind === "creditNote") return undefined;
  const { limit, isHard } = found;
  const before = used.get(input.customerId) ?? found.used;
  const more = ofLimit(totals.total, exchange ? inBooks(totals.total, exchange) : totals.total, found);
  const owed = before.plus(more).minus(draft ? ofLimit(draft.total, draft.booked, found) : Money.zero(limit.currency));
  const mayPass = !isHard && input.overLimitReason !== undefined && (input.author?.isManager ?? options.isManager);
  if (owed.compare(limit) > 0 && !mayPass) {
    const facts = { customer, limit: limit.toString(), owed: owed.toString() };
    return { code: isHard ? "creditLimitReached" : "overLimitReasonMissing", facts, path: isHard ? [] : ["overLimitReason"] };
  }
  used.set(input.customerId, owed);
  return undefined;
}
