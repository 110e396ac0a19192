// What the accounts of a plain-text journal hold as it goes on, kept only to hold it to its own word: an asserted balance is checked, and
// an amount that is left out beside one is what brings the account there.
import { Decimal } from "../../../kernel/decimal.ts";
import type { Day } from "../../../kernel/day.ts";
import { type AssertedBalance, currencyOf } from "./journal-amount.rules.ts";
import type { ImportedLine } from "./journal-draft.rules.ts";
import type { JournalEntryText, JournalMistake, JournalPosting } from "./journal-text.rules.ts";

export class JournalBalances {
  private readonly own: string;
  private readonly held = new Map<string, Map<string, Decimal>>();
  /** Until which day an amount was found from a balance, by account. */
  private readonly foundUntil = new Map<string, Day>();
  /** Accounts with lines in brackets: Ledger leaves those out of a balance, hledger does not. */
  private readonly bracketed = new Set<string>();
  private readonly failed: JournalMistake[] = [];
  private last = "";
  private isInOrder = true;

  constructor(own: string) {
    this.own = own;
  }

  /** The entry with the amounts that its balances tell. */
  settled(entry: JournalEntryText): JournalEntryText | JournalMistake {
    if (!entry.postings.some((posting) => posting.asserted && !posting.amount)) return entry;
    // hledger goes by the days, Ledger by the lines: only where both go the same way is a balance one amount.
    if (entry.day < this.last) return unordered(entry.line);
    const before = new Map<string, Decimal>();
    const postings: JournalPosting[] = [];
    for (const { account, isBracketed } of entry.postings) if (isBracketed) this.bracketed.add(account);
    for (const posting of entry.postings) {
      const found = posting.amount || !posting.asserted ? posting : this.found(posting, posting.asserted, before);
      if ("says" in found) return found;
      postings.push(found);
      if (!posting.amount && posting.asserted) this.foundUntil.set(posting.account, entry.day);
      if (!found.amount) continue;
      const key = `${found.account}\n${this.codeOf(found.amount.commodity)}`;
      before.set(key, (before.get(key) ?? new Decimal(0)).plus(found.amount.quantity));
    }
    return { ...entry, postings };
  }

  private found(posting: JournalPosting, asserted: AssertedBalance, before: Map<string, Decimal>): JournalPosting | JournalMistake {
    const { account, line } = posting;
    if (this.bracketed.has(account)) {
      return { line, says: `${account} has lines in brackets, so its balance is not one amount. Write the amount instead.` };
    }
    const code = this.codeOf(asserted.commodity);
    const others = [...this.totals(account, asserted.isWithSubaccounts)].filter(([one, held]) => one !== code && !held.isZero());
    if (others.length > 0 && (asserted.isSole || asserted.commodity === "")) {
      return { line, says: `${account} holds ${others[0]![0]} too, so its balance is not one amount. Write the amount instead.` };
    }
    let held = this.totals(account, asserted.isWithSubaccounts).get(code) ?? new Decimal(0);
    for (const [key, quantity] of before) {
      const [name, commodity] = key.split("\n") as [string, string];
      if (commodity === code && isOf(name, account, asserted.isWithSubaccounts)) held = held.plus(quantity);
    }
    const quantity = new Decimal(asserted.quantity).minus(held).toFixed();
    return { ...posting, amount: { quantity, commodity: asserted.commodity } };
  }

  /** Takes what an entry brings; its lines are what is made of it. */
  take(entry: JournalEntryText, lines: readonly ImportedLine[]): JournalMistake | undefined {
    if (entry.day < this.last) this.isInOrder = false;
    else this.last = entry.day;
    for (const posting of entry.postings) {
      const { account, amount, asserted, line, isBracketed } = posting;
      if (isBracketed) this.bracketed.add(account);
      if (entry.day < (this.foundUntil.get(account) ?? "")) return unordered(entry.line);
      if (amount) this.add(account, this.codeOf(amount.commodity), new Decimal(amount.quantity));
      // What was left out is the line of its own that no amount stands in.
      else
        for (const one of lines)
          if (one.line === line && one.account === account) this.add(account, this.own, new Decimal(one.amount.amount));
      if (asserted) this.check(account, asserted, line);
    }
    return undefined;
  }

  /** Balances that were not met; and whether the journal could mean others, because its entries do not follow their days. */
  end(): { readonly mistakes: readonly JournalMistake[]; readonly skipped: readonly string[] } {
    if (this.isInOrder) return { mistakes: this.failed, skipped: [] };
    const skipped = this.failed.length > 0 ? ["balances asserted in a journal whose entries do not follow their days: hledger check"] : [];
    return { mistakes: [], skipped };
  }

  private check(account: string, asserted: AssertedBalance, line: number): void {
    if (this.bracketed.has(account)) return;
    const code = this.codeOf(asserted.commodity);
    const totals = this.totals(account, asserted.isWithSubaccounts);
    const held = totals.get(code) ?? new Decimal(0);
    if (!held.equals(asserted.quantity)) {
      this.failed.push({ line, says: `${account} then holds ${held.toFixed()} ${code}, not ${asserted.quantity} as the journal asserts.` });
    }
    const other = asserted.isSole ? [...totals].find(([one, more]) => one !== code && !more.isZero()) : undefined;
    if (other) this.failed.push({ line, says: `${account} then holds ${other[1].toFixed()} ${other[0]} too, which the journal denies.` });
  }

  private codeOf(commodity: string): string {
    return currencyOf(commodity, this.own) ?? commodity;
  }

  private add(account: string, code: string, quantity: Decimal): void {
    const held = this.held.get(account) ?? new Map<string, Decimal>();
    held.set(code, (held.get(code) ?? new Decimal(0)).plus(quantity));
    this.held.set(account, held);
  }

  private totals(account: string, isWithSubaccounts: boolean): Map<string, Decimal> {
    if (!isWithSubaccounts) return this.held.get(account) ?? new Map();
    const totals = new Map<string, Decimal>();
    for (const [name, held] of this.held) {
      if (!isOf(name, account, true)) continue;
      for (const [code, quantity] of held) totals.set(code, (totals.get(code) ?? new Decimal(0)).plus(quantity));
    }
    return totals;
  }
}

const isOf = (name: string, account: string, isWithSubaccounts: boolean): boolean =>
  name === account || (isWithSubaccounts && name.startsWith(`${account}:`));

const unordered = (line: number): JournalMistake => ({
  line,
  says: "An amount is left out beside a balance, and the entries do not follow their days. Write it: hledger print -x > whole.journal",
});
