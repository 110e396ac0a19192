// Statements in ISO 20022 messages: camt.053 (a day's statement), camt.052 (a report during the day), camt.054 (a notice of entries).
// All versions differ in where they put a name or a status, not in what they say, so one mapper reads them all.
import { type Currency, isCurrency } from "../../../kernel/currency.ts";
import { amountOf, draftCamtEntry, identificationOf, signed } from "./camt-entry.rules.ts";
import { childOf, childrenOf, findElement, type MarkupElement, textOf } from "./markup.rules.ts";
import { readAmount, readDay, refusalAt, shown } from "./statement-text.rules.ts";
import type {
  EntryDraft,
  StatedTotal,
  StatedTotals,
  StatementBalance,
  StatementDraft,
  StatementFault,
  StatementFormat,
} from "./statement.ts";

const messagePattern = /^BkToCstmr(Stmt|AcctRpt|DbtCdtNtfctn)(?:V\d+)?$/;
const kinds: Readonly<Record<string, { readonly format: StatementFormat; readonly part: string }>> = {
  Stmt: { format: "camt.053", part: "Stmt" },
  AcctRpt: { format: "camt.052", part: "Rpt" },
  DbtCdtNtfctn: { format: "camt.054", part: "Ntfctn" },
};

/** All statements of a message. @throws Refusal when the root holds no such message, the message no statement, or a field is wrong. */
export function draftCamt(root: MarkupElement, formatVersion?: string): StatementDraft[] {
  const message = findElement(root, messagePattern);
  if (!message) {
    const reason = `<${root.name}> holds no camt.052, camt.053 or camt.054 message. Ask the bank for its account statement file.`;
    throw refusalAt("statementFormatUnknown", root.line, reason);
  }
  const { format, part } = kinds[messagePattern.exec(message.name)![1]!]!;
  const parts = childrenOf(message, part);
  if (parts.length === 0) {
    throw refusalAt(
      "statementMissing",
      message.line,
      `<${message.name}> holds no <${part}>, so there is nothing to import. Ask the bank for a complete file.`,
    );
  }
  const messageId = textOf(message, "GrpHdr", "MsgId");
  return parts.map((statement) => ({ ...draftStatement(statement, format !== "camt.053"), format, formatVersion, messageId }));
}

function draftStatement(statement: MarkupElement, isNotice: boolean): Omit<StatementDraft, "format"> {
  const statementId = textOf(statement, "Id");
  if (!statementId) {
    throw refusalAt("statementMalformed", statement.line, `<${statement.name}> has no <Id>. Ask the bank for a correct file.`);
  }
  const accountIdentification = identificationOf(childOf(statement, "Acct"));
  const reportDay = reportDayOf(statement);
  const entries = childrenOf(statement, "Ntry")
    .map((entry, index) => draftCamtEntry(entry, index, accountIdentification))
    // What is only told ahead may have no day yet; it stands on the day of the report.
    .map((entry) => (entry.status === "booked" || entry.bookingDay ? entry : { ...entry, bookingDay: entry.valueDay ?? reportDay }));
  const balances = childrenOf(statement, "Bal").map(balanceOf);
  const currency = currencyOf(statement, balances, entries);
  // PRCD is yesterday's closing balance: where a bank sends it instead of OPBD it opens this statement.
  const balanceNamed = (name: string) => {
    const all = balances.filter(({ code }) => code === name);
    return all.find(({ amount }) => amount.currency === currency) ?? all[0];
  };
  const openingBalance = balanceNamed("OPBD") ?? balanceNamed("PRCD");
  const closingBalance = balanceNamed("CLBD");
  return {
    line: statement.line,
    statementId,
    sequence: sequenceOf(statement),
    accountIdentification,
    currency,
    openingBalance,
    closingBalance,
    otherBalances: balances.filter((balance) => balance !== openingBalance && balance !== closingBalance),
    entries,
    statedTotals: statedTotalsOf(childOf(statement, "TxsSummry"), currency),
    // The booking day is optional (ISO 20022, BookgDt); only where entries are posted it must be told.
    noticeDay: isNotice ? reportDay : undefined,
    faults: faultsOf(statement, accountIdentification, isNotice && reportDay ? [] : entries),
  };
}

function faultsOf(statement: MarkupElement, account: string | undefined, entries: readonly EntryDraft[]): StatementFault[] {
  const undated = entries.filter((entry) => !entry.bookingDay && !entry.valueDay);
  return [
    ...(account ? [] : [{ code: "accountMissing", line: statement.line, reason: "the statement names no account." }]),
    ...undated.map(({ line }) => ({ code: "bookingDayMissing", line, reason: "an entry has neither a booking nor a value day." })),
  ];
}

function reportDayOf(statement: MarkupElement) {
  const created = childOf(statement, "CreDtTm");
  return created?.text ? readDay(created.text, created.line) : undefined;
}

// Pages of one statement share its number, so the page is part of the sequence.
function sequenceOf(statement: MarkupElement): string | undefined {
  const number = textOf(statement, "ElctrncSeqNb") ?? textOf(statement, "LglSeqNb");
  const page = textOf(statement, `${statement.name}Pgntn`, "PgNb");
  return page ? `${number ?? ""}/${page}` : number;
}

function balanceOf(balance: MarkupElement): StatementBalance {
  const kind = childOf(balance, "Tp", "CdOrPrtry") ?? childOf(balance, "Tp");
  const code = textOf(kind, "Cd") ?? textOf(kind, "Prtry");
  const day = textOf(balance, "Dt", "Dt") ?? textOf(balance, "Dt", "DtTm");
  if (!code || !day) {
    throw refusalAt("statementMalformed", balance.line, "a balance lacks its type or its day. Ask the bank for a correct file.");
  }
  return { code, amount: signed(balance, amountOf(balance)), day: readDay(day, balance.line) };
}

function currencyOf(statement: MarkupElement, balances: readonly StatementBalance[], entries: readonly EntryDraft[]): Currency | undefined {
  const stated = textOf(statement, "Acct", "Ccy");
  if (!stated) return balances[0]?.amount.currency ?? entries[0]?.amount.currency;
  if (!isCurrency(stated)) {
    const reason = `${shown(stated)} is not a currency of ISO 4217. Ask the bank which currency is meant.`;
    throw refusalAt("currencyUnknown", statement.line, reason);
  }
  return stated;
}

function statedTotalsOf(summary: MarkupElement | undefined, currency: Currency | undefined): StatedTotals | undefined {
  if (!summary || !currency) return undefined;
  const total = (name: string): StatedTotal | undefined => {
    const element = childOf(summary, name);
    if (!element) return undefined;
    const count = textOf(element, "NbOfNtries");
    const sum = childOf(element, "Sum");
    return {
      count: count && /^\d{1,15}$/.test(count) ? BigInt(count) : undefined,
      sum: sum && readAmount(sum.text, currency, sum.line).abs(),
    };
  };
  return { line: summary.line, all: total("TtlNtries"), credit: total("TtlCdtNtries"), debit: total("TtlDbtNtries") };
}
