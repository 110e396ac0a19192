// How an invoice comes into the books: its entry, what each of its lines came to there, and the rate its tax came in at.
//
// | posting           | Dr                                                      | Cr                                           |
// |-------------------|---------------------------------------------------------|----------------------------------------------|
// | invoice           | receivable, of the customer: each instalment            | sales of each line: net; output tax: tax     |
// | deposit invoice   | receivable, of the customer                             | customers' deposits: net; output tax         |
// | deposit drawn     | customers' deposits: net; output tax                    | (within the invoice that draws it)           |
// | a later span      |                                                         | deferred income, in place of sales           |
// | credit note       | sales of each line; output tax                          | receivable, of the customer: total           |
//
// A deposit in another currency is drawn at what it came in with: the sale it paid for is worth what was paid (IFRIC 22), its tax was due
// with it (VAT Directive, Art. 65 and 91), and only the rest has the rate of the invoice.
import { decimal } from "../../../kernel/decimal.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Money, sumMoney } from "../../../kernel/money.ts";
import { amountsInBooks, type Exchange, inBooks } from "../currency/convert.rules.ts";
import type { SpreadLine } from "../ledger/deferral.rules.ts";
import { type JournalEntryDraft, type JournalLineDraft, mirrored } from "../ledger/entry.rules.ts";
import type { TaxAmount } from "../tax/document.rules.ts";
import { taxLines } from "../tax/tax-posting.rules.ts";
import type { ReadyInvoice } from "./invoice.rules.ts";

/** Its first lines are the instalments, in their order. A credit note is an invoice turned round. */
export function entryOf(ready: ReadyInvoice, id: Id): JournalEntryDraft {
  const { input, exchange } = ready;
  const { said, amounts } = bookedLines(ready);
  const booked = exchange ? said.map((line, index) => ({ ...line, foreign: line.amount, amount: amounts[index]! })) : said;
  const lines = [...booked, ...gapOf(amounts, exchange)].filter((line) => line.amount.minor !== 0n);
  return {
    journal: "SAL",
    day: input.day,
    text: entryText(ready),
    reference: "{number}",
    draws: input.kind === "creditNote" ? "CRN" : "INV",
    document: { subject: "finance.invoice", id },
    author: input.author,
    lines: input.kind === "creditNote" ? mirrored(lines) : lines,
  };
}

/** The lines that are spread over the months they are for. */
export const spreadLines = ({ lines }: ReadyInvoice, number: string): SpreadLine[] =>
  lines.flatMap(({ held, description, accountType, accountId, unitId, serviceFrom, serviceUntil }, index) => {
    if (!held || !serviceFrom || !serviceUntil) return [];
    const kind = accountType === "income" ? "income" : "expense";
    const text = `${description}, ${number}`;
    return [{ held, position: index + 1, text, kind, toAccountId: accountId, unitId, serviceFrom, serviceUntil }];
  });

/** What each line came to in the books; nothing where the invoice is in their currency. */
export function bookNets(ready: ReadyInvoice): readonly (bigint | null)[] {
  if (!ready.exchange) return ready.lines.map(() => null);
  const { amounts } = bookedLines(ready);
  return ready.lines.map((_, place) => -amounts[ready.instalments.length + place]!.minor);
}

/** The rate at which a tax of the invoice comes into the books: that of the deposits where they take off more than is charged. */
export function taxExchange(ready: ReadyInvoice, tax: TaxAmount): Exchange | undefined {
  const { exchange, lines, totals } = ready;
  if (!exchange || tax.base.minor >= 0n) return exchange;
  const places = [...tax.byLine().keys()].filter((place) => lines[place]!.bookNet !== undefined);
  const drawn = sumMoney(
    places.map((place) => totals.nets[place]!),
    ready.currency,
  );
  if (drawn.minor === 0n) return exchange;
  const worth = sumMoney(
    places.map((place) => lines[place]!.bookNet!),
    exchange.bookCurrency,
  );
  return { ...exchange, rate: decimal(worth.amount).dividedBy(decimal(drawn.amount)).toDecimalPlaces(12).toFixed() };
}

/** The lines as the invoice says them, what is owed before what is charged for, and what each comes to in the books. */
function bookedLines(ready: ReadyInvoice): { readonly said: readonly JournalLineDraft[]; readonly amounts: readonly Money[] } {
  const { input, totals, lines, exchange } = ready;
  const due = ready.instalments.map(({ amount, dueDay }): JournalLineDraft => ({
    account: { role: "receivable" },
    amount,
    partyId: input.customerId,
    dueDay,
  }));
  const sales = lines.map((line, index): JournalLineDraft => ({
    account: line.held ?? { id: line.accountId },
    amount: totals.nets[index]!.negated(),
    unitId: line.unitId,
    text: line.description,
    // What is held for a customer is known by customer.
    partyId: input.isDeposit || line.depositId || line.held ? input.customerId : undefined,
  }));
  const rounding: JournalLineDraft = { account: { role: "roundingDifference" }, amount: totals.rounding.negated(), text: "Rounding" };
  const taxes = totals.taxes.map((tax) => ({ own: taxExchange(ready, tax), lines: taxLines("output", [tax], []) }));
  const said = [...due, ...sales, ...taxes.flatMap((tax) => tax.lines), rounding];
  if (!exchange) return { said, amounts: said.map((line) => line.amount) };
  const fixed = new Set([...due, ...taxes.flatMap((tax) => tax.lines)]);
  const known = new Map(
    taxes.filter(({ own }) => own !== exchange).flatMap(({ own, lines: of }) => of.map((line) => [line, inBooks(line.amount, own!)])),
  );
  sales.forEach((line, index) => {
    const worth = lines[index]!.bookNet;
    if (worth) known.set(line, worth.negated());
  });
  return { said, amounts: amountsInBooks(said, exchange, (line) => fixed.has(line), known) };
}

/** The cent that is left where every line has its amount already: a deposit credited after a part of it was drawn. */
function gapOf(amounts: readonly Money[], exchange: Exchange | undefined): JournalLineDraft[] {
  if (!exchange) return [];
  const gap = sumMoney(amounts, exchange.bookCurrency);
  return gap.minor === 0n ? [] : [{ account: { role: "roundingDifference" }, amount: gap.negated(), text: "Rounding" }];
}

function entryText({ input, customer }: ReadyInvoice): string {
  const title = input.kind === "creditNote" ? "Credit note" : input.isDeposit ? "Deposit invoice" : "Invoice";
  return `${title} {number} to ${customer}`;
}
