// Statements of bank accounts and cards in OFX, both versions. Brokers' statements are read too, and marked: they are not imported.
import { type Currency, isCurrency } from "../../../kernel/currency.ts";
import type { Day } from "../../../kernel/day.ts";
import { Money } from "../../../kernel/money.ts";
import { childOf, childrenOf, findElement, type MarkupElement, textOf } from "./markup.rules.ts";
import { readAmount, readDay, refusalAt, shown } from "./statement-text.rules.ts";
import type { EntryDraft, StatementBalance, StatementDraft, StatementFault } from "./statement.ts";

/**
 * Every statement below `<OFX>`. @throws Refusal when the bank answered with an error instead of a statement, when there is none
 * (the facts then say what the bank answered: `signon`, `accounts`), or when a field is wrong.
 */
export function draftOfx(root: MarkupElement, formatVersion?: string): StatementDraft[] {
  refuseErrors(root);
  const statements = descendants(root, /^(?:CC|INV)?STMTRS$/);
  if (statements.length === 0) throw noStatement(root);
  return statements.map(({ element, parent }) => ({ ...draftStatement(element, textOf(parent, "TRNUID")), formatVersion }));
}

interface Found {
  readonly element: MarkupElement;
  readonly parent: MarkupElement;
}

function descendants(parent: MarkupElement, name: RegExp): Found[] {
  return parent.children.flatMap((element) => [...(name.test(element.name) ? [{ element, parent }] : []), ...descendants(element, name)]);
}

function refuseErrors(root: MarkupElement): void {
  const failed = descendants(root, /^STATUS$/).find(({ element }) => textOf(element, "SEVERITY") === "ERROR");
  if (!failed) return;
  const status = statusOf(failed.element);
  const said = status.message ?? "no reason given";
  const reason = `the bank answered with error ${status.code} instead of a statement: ${said}. Fetch the file again.`;
  throw refusalAt("bankReportedError", failed.element.line, reason, { status });
}

const statusOf = (status: MarkupElement) => ({
  code: textOf(status, "CODE") ?? "",
  severity: textOf(status, "SEVERITY") ?? "",
  message: textOf(status, "MESSAGE"),
});

function noStatement(root: MarkupElement) {
  const signon = childOf(findElement(root, /^SONRS$/), "STATUS");
  const accounts = descendants(root, /^ACCTINFO$/).map(({ element }) => ({
    accountIdentification: textOf(findElement(element, /ACCTFROM$/), "ACCTID"),
    bankIdentification: textOf(findElement(element, /ACCTFROM$/), "BANKID"),
    description: textOf(element, "DESC"),
  }));
  const listed = accounts.length > 0 ? `It lists ${accounts.length} accounts and no entries. ` : "";
  const reason = `the file holds no statement. ${listed}Ask the bank for the entries of a period.`;
  return refusalAt("statementMissing", root.line, reason, { signon: signon && statusOf(signon), accounts });
}

function draftStatement(statement: MarkupElement, messageId: string | undefined): StatementDraft {
  const account = statement.children.find(({ name }) => name.endsWith("ACCTFROM"));
  const list = statement.children.find(({ name }) => name.endsWith("TRANLIST"));
  const currency = textOf(statement, "CURDEF") ?? onlyCurrencyOf(list) ?? "";
  if (!isCurrency(currency)) {
    throw refusalAt(
      "currencyUnknown",
      statement.line,
      `<CURDEF> is ${shown(currency)}, which is not a currency of ISO 4217. Ask the bank for a correct file.`,
    );
  }
  const closingBalance = balanceOf(statement, "LEDGERBAL", currency);
  const available = balanceOf(statement, "AVAILBAL", currency);
  const period = list && ["DTSTART", "DTEND"].map((name) => dayIn(list, name));
  const accountIdentification = textOf(account, "ACCTID")?.replace(/\s+/g, "");
  const isBroker = statement.name === "INVSTMTRS";
  return {
    format: "OFX",
    line: statement.line,
    messageId,
    // OFX numbers no statement: its period, or the day of its balance, is what names it.
    statementId: period?.every(Boolean) ? period.join("/") : (closingBalance?.day ?? messageId ?? ""),
    accountIdentification,
    bankIdentification: textOf(account, "BANKID") ?? textOf(account, "BROKERID"),
    currency,
    closingBalance,
    otherBalances: [...(available ? [available] : []), ...(isBroker ? brokerBalances(statement, currency) : [])],
    entries: (list?.children ?? []).filter(isEntry).map((entry, index) => entryOf(entry, index, currency)),
    faults: faultsOf(statement, accountIdentification),
  };
}

/** Of a list in which each entry names its currency, and all the same: what an empty `<CURDEF>` leaves out. */
function onlyCurrencyOf(list: MarkupElement | undefined): string | undefined {
  const [first, ...others] = childrenOf(list, "STMTTRN").map((entry) => textOf(entry, "CURRENCY", "CURSYM"));
  return others.every((one) => one === first) ? first : undefined;
}

function faultsOf(statement: MarkupElement, account: string | undefined): StatementFault[] {
  const corrections = descendants(statement, /^CORRECTFITID$/).map(({ element }) => ({
    code: "correctionUnsupported",
    line: element.line,
    reason: "an entry corrects an earlier one, which must be done by hand.",
  }));
  const { line } = statement;
  const broker = {
    code: "investmentStatement",
    line,
    reason: "this is a broker's statement of trades; only bank and card accounts are imported.",
  };
  const unnamed = { code: "accountMissing", line, reason: "the statement names no account." };
  return [...(statement.name === "INVSTMTRS" ? [broker] : []), ...(account ? [] : [unnamed]), ...corrections];
}

const isEntry = ({ name, children }: MarkupElement): boolean => children.length > 0 && !/^(DTSTART|DTEND)$/.test(name);

function entryOf(holder: MarkupElement, index: number, currency: Currency): EntryDraft {
  const payment = findElement(holder, /^STMTTRN$/);
  const entry = payment ?? findElement(holder, /^INVTRAN$/) ?? holder;
  const posted = payment ? dayIn(entry, "DTPOSTED") : dayIn(entry, "DTTRADE");
  if (!posted) throw refusalAt("dayMalformed", entry.line, `<${entry.name}> has no booking day. Ask the bank for a correct file.`);
  const name = textOf(entry, "NAME") ?? textOf(entry, "PAYEE", "NAME");
  const account = childOf(entry, "BANKACCTTO") ?? childOf(entry, "CCACCTTO");
  return {
    position: index + 1,
    line: entry.line,
    status: "booked",
    bookingDay: posted,
    valueDay: dayIn(entry, "DTAVAIL") ?? dayIn(entry, "DTSETTLE"),
    amount: payment ? entryAmount(payment, currency) : tradeAmount(holder, currency),
    isReversal: false,
    bankReference: textOf(entry, "FITID"),
    customerReference: textOf(entry, "CHECKNUM") ?? textOf(entry, "REFNUM"),
    counterpartyName: name,
    counterpartyAccount: textOf(account, "ACCTID")?.replace(/\s+/g, ""),
    remittanceText: textOf(entry, "MEMO") ?? name ?? "",
    transactionCode: textOf(entry, "TRNTYPE") ?? holder.name,
    details: [],
  };
}

// <CURRENCY> says that the amount itself is in another currency; <ORIGCURRENCY> only tells what it was converted from.
function entryAmount(entry: MarkupElement, currency: Currency): Money {
  const amount = childOf(entry, "TRNAMT");
  if (!amount) throw refusalAt("amountMissing", entry.line, "<STMTTRN> has no <TRNAMT>. Ask the bank for a correct file.");
  return readAmount(amount.text, textOf(entry, "CURRENCY", "CURSYM") ?? currency, amount.line);
}

// A trade that only moves securities has no total and moves no money.
function tradeAmount(trade: MarkupElement, currency: Currency): Money {
  const total = findElement(trade, /^TOTAL$/);
  return total ? readAmount(total.text, currency, total.line) : Money.zero(currency);
}

function balanceOf(statement: MarkupElement, name: string, currency: Currency): StatementBalance | undefined {
  const balance = childOf(statement, name);
  // Banks that keep no balance leave both empty, or fill them up with zeroes.
  const [amountText, dayText] = [textOf(balance, "BALAMT"), textOf(balance, "DTASOF")];
  const isLeftOut = amountText === undefined && dayText === undefined;
  if (!balance || isLeftOut || (/^0+$/.test(dayText ?? "") && /^[+-]?0*[.,]?0*$/.test(amountText ?? ""))) return undefined;
  const [amount, day] = [childOf(balance, "BALAMT"), dayIn(balance, "DTASOF")];
  if (!amount || !day)
    throw refusalAt("balanceMalformed", balance.line, `<${name}> lacks its amount or its day. Ask the bank for a correct file.`);
  return { code: name, amount: readAmount(amount.text, currency, amount.line), day };
}

function brokerBalances(statement: MarkupElement, currency: Currency): StatementBalance[] {
  const day = dayIn(statement, "DTASOF");
  const balances = childOf(statement, "INVBAL");
  if (!day || !balances) return [];
  const cash = childOf(balances, "AVAILCASH");
  const money = childrenOf(childOf(balances, "BALLIST"), "BAL").filter((balance) => textOf(balance, "BALTYPE") === "DOLLAR");
  return [
    ...(cash ? [{ code: "AVAILCASH", amount: readAmount(cash.text, currency, cash.line), day }] : []),
    ...money.map((balance) => ({
      code: textOf(balance, "NAME") ?? "BAL",
      amount: readAmount(textOf(balance, "VALUE") ?? "", currency, balance.line),
      day: dayIn(balance, "DTASOF") ?? day,
    })),
  ];
}

// 20261121, also with a time and a zone behind it: the day is the one in the zone the bank writes.
function dayIn(element: MarkupElement, name: string): Day | undefined {
  const found = childOf(element, name);
  if (!found?.text) return undefined;
  const parts = /^(\d{4})(\d{2})(\d{2})(?:\d{2,6}(?:\.\d+)?)?(?:\[.*\])?$/.exec(found.text);
  return readDay(parts ? `${parts[1]}-${parts[2]}-${parts[3]}` : found.text, found.line);
}
