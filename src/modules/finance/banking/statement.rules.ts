// What is asked of a bank statement before it is imported: is it complete, does it add up, and which of its entries are new.
import type { Currency } from "../../../kernel/currency.ts";
import { type Money, sumMoney } from "../../../kernel/money.ts";
import { isNumberedNext, type Numbered } from "./statement-order.rules.ts";
import { refusalAt } from "./statement-text.rules.ts";
import type { BankEntry, BankStatement, StatedTotal, StatementDraft } from "./statement.ts";

/** @throws Refusal with the first fault of the draft. A booked entry without a booking day is booked on its value day. */
export function completeStatement(draft: StatementDraft): BankStatement {
  const { faults, accountIdentification, currency, entries, noticeDay, ...rest } = draft;
  const [fault] = faults.toSorted((a, b) => a.line - b.line);
  if (fault) throw refusalAt(fault.code, fault.line, `${fault.reason} The file is refused whole; ask the bank for a correct one.`);
  if (!accountIdentification)
    throw refusalAt("accountMissing", draft.line, "the statement names no account. Ask the bank for a correct file.");
  if (!currency) throw refusalAt("currencyMissing", draft.line, "the statement names no currency. Ask the bank for a correct file.");
  const dated = entries.map((entry) => {
    const bookingDay = entry.bookingDay ?? entry.valueDay ?? noticeDay;
    if (!bookingDay) throw refusalAt("bookingDayMissing", entry.line, "an entry has no booking day. Ask the bank for a correct file.");
    return { ...entry, bookingDay };
  });
  return { ...rest, accountIdentification, currency, entries: dated };
}

interface StatementProof {
  readonly opening?: Money;
  /** Booked entries only; missing where one is in another currency than the balances. */
  readonly entriesSum?: Money;
  readonly closing?: Money;
  /** Closing balance less opening balance and entries. */
  readonly difference?: Money;
  /** Both balances are there, in the currency of all entries, and opening + entries = closing; and the stated totals agree. */
  readonly proven: boolean;
  /** Why nothing can be proven either way: OFX and notices have no opening balance. */
  readonly unprovable?: "openingMissing" | "closingMissing" | "currenciesDiffer" | "totalsDiffer";
  /** Counts and sums that the bank states about its entries and that the entries contradict, as sentences. */
  readonly totalFaults: readonly string[];
}

export function proveStatement(statement: BankStatement): StatementProof {
  const opening = statement.openingBalance?.amount;
  const closing = statement.closingBalance?.amount;
  const booked = statement.entries.filter((entry) => entry.status === "booked").map((entry) => entry.amount);
  const currency = opening?.currency ?? closing?.currency ?? statement.currency;
  const totalFaults = totalFaultsOf(statement);
  const isOneCurrency = [...booked, ...(closing ? [closing] : [])].every((amount) => amount.currency === currency);
  const entriesSum = booked.every((amount) => amount.currency === currency) ? sumMoney(booked, currency) : undefined;
  const figures = { opening, entriesSum, closing, totalFaults };
  if (!opening) return { ...figures, proven: false, unprovable: "openingMissing" };
  if (!closing) return { ...figures, proven: false, unprovable: "closingMissing" };
  if (!isOneCurrency || !entriesSum) return { ...figures, proven: false, unprovable: "currenciesDiffer" };
  const difference = closing.minus(opening.plus(entriesSum));
  if (difference.minor === 0n && (statement.doubts ?? []).length > 0)
    return { ...figures, difference, proven: false, unprovable: "totalsDiffer" };
  return { ...figures, difference, proven: difference.minor === 0n && totalFaults.length === 0 };
}

/**
 * @throws Refusal `statementDoesNotAddUp` naming the figures when the balances or the bank's own totals contradict the entries, or
 * when both balances are there in different currencies. A statement that merely lacks a balance passes: it is unproven, not wrong.
 */
export function assertStatementAddsUp(statement: BankStatement): StatementProof {
  const proof = proveStatement(statement);
  const opening = proof.opening?.toString();
  const entriesSum = proof.entriesSum?.toString();
  const closing = proof.closing?.toString();
  const difference = proof.difference?.toString();
  const faults = [...proof.totalFaults];
  if (proof.unprovable === "currenciesDiffer") {
    const sum = entriesSum ? `its entries make ${entriesSum}` : "its entries are in several currencies";
    faults.unshift(`it opens with ${opening}, ${sum}, and it closes with ${closing}, which are not one currency`);
  }
  if (proof.closing && proof.difference && proof.difference.minor !== 0n) {
    const reached = proof.closing.minus(proof.difference).toString();
    const sentence = `opening ${opening} and entries ${entriesSum} make ${reached}, but it closes with ${closing}`;
    faults.unshift(`${sentence}, a difference of ${difference}`);
  }
  if (faults.length === 0) return proof;
  const { line, statementId, accountIdentification } = statement;
  const name = `statement ${statementId} of account ${accountIdentification}`;
  const reason = `${name} does not add up: ${faults.join("; ")}. Nothing was imported; ask the bank for a correct file.`;
  const facts = { statementId, opening, entriesSum, closing, difference, totalFaults: proof.totalFaults };
  throw refusalAt("statementDoesNotAddUp", line, reason, facts);
}

// Banks count pending entries in these totals too. ISO 20022 lets the sum over both sides be gross or net, so either is right.
function totalFaultsOf({ entries, statedTotals, currency }: BankStatement): string[] {
  if (!statedTotals) return [];
  const credits = entries.filter(({ amount }) => amount.minor >= 0n);
  const debits = entries.filter(({ amount }) => amount.minor < 0n);
  const sumOf = (some: readonly BankEntry[]) =>
    sumIfOne(
      some.map(({ amount }) => amount),
      currency,
    );
  const gross = sumIfOne(
    entries.map(({ amount }) => amount.abs()),
    currency,
  );
  return [
    ...totalFault("entries", statedTotals.all, entries.length, [gross, sumOf(entries)]),
    ...totalFault("credits", statedTotals.credit, credits.length, [sumOf(credits)]),
    ...totalFault("debits", statedTotals.debit, debits.length, [sumOf(debits)]),
  ];
}

const sumIfOne = (amounts: readonly Money[], currency: Currency): Money | undefined =>
  amounts.every((amount) => amount.currency === currency) ? sumMoney(amounts, currency).abs() : undefined;

function totalFault(what: string, stated: StatedTotal | undefined, count: number, sums: readonly (Money | undefined)[]): string[] {
  const faults: string[] = [];
  if (stated?.count !== undefined && stated.count !== BigInt(count))
    faults.push(`the bank counts ${stated.count} ${what} and the file has ${count}`);
  const sum = stated?.sum;
  if (sum && sums.every((own) => own && !own.equals(sum)))
    faults.push(`the bank sums its ${what} to ${sum.toString()} and the file to ${sums[0]!.toString()}`);
  return faults;
}

/**
 * What makes an entry the same entry in another file, as one text (hash it before storing it under a unique key).
 * With a bank reference: account, booking day, amount and that reference; texts are left out, because banks word the same entry
 * differently during the day and at its end, and the amount stays in, because some banks give one reference to a payment and its
 * fee. Without one: everything the bank tells about the entry except its place in the file.
 * `occurrence` counts equal entries from 0, so that two equal payments of one day are two entries: see `statementEntryKeys`.
 */
export function entryKey(accountIdentification: string, entry: BankEntry, occurrence = 0): string {
  const always = [accountIdentification, entry.bookingDay, entry.amount.currency, entry.amount.minor.toString()];
  const telling = entry.bankReference
    ? [entry.bankReference]
    : [
        "",
        entry.valueDay,
        entry.customerReference,
        entry.endToEndId,
        entry.counterpartyName,
        entry.counterpartyAccount,
        entry.structuredReference,
        entry.remittanceText,
        entry.transactionCode,
      ];
  return JSON.stringify([...always, ...telling.map((text) => text?.replace(/\s+/g, " ").trim() ?? ""), occurrence]);
}

/** Where earlier files of an account ended: their last statement, and how many entries are stored by `entryKey` of occurrence 0. */
export interface ImportedSoFar {
  readonly last: Numbered & Pick<BankStatement, "closingBalance">;
  readonly counts: ReadonlyMap<string, number>;
}

/**
 * The keys of all entries of a file, by statement. An entry whose key is already stored is already imported.
 * Equal entries of one statement and booking day get the occurrences 0, 1, 2…: read again, or in an overlapping statement, each
 * meets its own key and adds nothing, while two equal real payments keep two keys. A statement that goes on from all before it on
 * the account (the next page, the next hour; see `goesOn`) cannot repeat their entries, so there the count goes on.
 * `imported` tells, by account, where earlier files ended; without it each file is numbered for itself.
 */
export function statementEntryKeys(
  statements: readonly BankStatement[],
  imported: ReadonlyMap<string, ImportedSoFar> = new Map(),
): string[][] {
  const reached = new Map(imported);
  return statements.map((statement) => {
    const account = statement.accountIdentification;
    const before = reached.get(account);
    const stored = (first: string): number => before?.counts.get(first) ?? 0;
    const own = new Map<string, number>();
    const told = statement.entries.map((entry) => {
      const first = entryKey(account, entry);
      const occurrence = own.get(first) ?? 0;
      own.set(first, occurrence + 1);
      return { entry, first, occurrence };
    });
    const known = told.filter(({ first, occurrence }) => occurrence < stored(first)).map(({ entry }) => entry);
    const isNext = before !== undefined && goesOn(statement, before.last, known);
    const counted = [...own].map(([first, count]) => [first, isNext ? stored(first) + count : Math.max(stored(first), count)] as const);
    // What only tells again, or tells of earlier days, is not where the account ends.
    const isLast = !before || isNext || (known.length < told.length && !isEarlier(statement, before.last));
    const last = isLast && statement.closingBalance ? statement : before?.last;
    if (last) reached.set(account, { last, counts: new Map([...(before?.counts ?? []), ...counted]) });
    return told.map(({ entry, first, occurrence }) => entryKey(account, entry, occurrence + (isNext ? stored(first) : 0)));
  });
}

/**
 * It opens with the balance the other closed with and books nothing earlier than that close. Two things then speak for an overlap all
 * the same: entries that look stored have the bank's own reference, or they leave the balance as it was, as all that is told twice
 * between equal balances must. One of them is outweighed by the bank's numbering this statement as the very next.
 * @param known its entries that look like stored ones.
 */
function goesOn(statement: BankStatement, last: ImportedSoFar["last"], known: readonly BankEntry[]): boolean {
  const [opening, closed] = [statement.openingBalance, last.closingBalance];
  if (!opening || !closed || !opening.amount.equals(closed.amount)) return false;
  if (statement.entries.some(({ bookingDay }) => bookingDay < closed.day)) return false;
  if (known.length === 0) return true;
  const isReferenced = known.some((entry) => entry.bankReference !== undefined);
  const isNothing = known.reduce((sum, entry) => sum + entry.amount.minor, 0n) === 0n;
  if (!isReferenced && !isNothing) return true;
  return !(isReferenced && isNothing) && isNumberedNext(statement, last);
}

const isEarlier = ({ closingBalance }: BankStatement, last: ImportedSoFar["last"]): boolean =>
  closingBalance !== undefined && last.closingBalance !== undefined && closingBalance.day < last.closingBalance.day;
