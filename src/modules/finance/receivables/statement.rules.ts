// What a statement of account says: a section for each currency, as the documents say it.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";

export interface StatementItem {
  readonly reference: string;
  readonly day: Day;
  readonly dueDay: Day;
  readonly currency: string;
  readonly amount: bigint;
  readonly open: bigint;
}

interface Section {
  readonly currency: string;
  readonly opening: Money;
  readonly closing: Money;
  readonly overdue: Money;
  readonly rows: readonly {
    readonly reference: string;
    readonly day: Day;
    readonly dueDay: Day;
    readonly amount: Money;
    readonly balance: Money;
  }[];
}

export interface Statement {
  readonly customerId: Id;
  readonly sections: readonly Section[];
}

interface StatementSpan {
  readonly from: Day;
  readonly until: Day;
  /** Of the books: its section comes first, and alone where nothing is owed and nothing moved. */
  readonly currency: string;
}

/** Of items by their days; currencies in which nothing was open and nothing moved are left out. */
export function statementOf(customerId: Id, items: readonly StatementItem[], span: StatementSpan): Statement {
  const others = new Set(items.map((item) => item.currency).filter((currency) => currency !== span.currency));
  const all = [span.currency, ...[...others].toSorted()].map((currency) => sectionOf(items, currency, span));
  const sections = all.filter(({ opening, rows, overdue }) => opening.minor !== 0n || rows.length > 0 || overdue.minor !== 0n);
  return { customerId, sections: sections.length > 0 ? sections : all.slice(0, 1) };
}

function sectionOf(items: readonly StatementItem[], currency: string, { from, until }: StatementSpan): Section {
  const own = items.filter((item) => item.currency === currency);
  const money = (minor: bigint): Money => new Money(minor, currency);
  const opening = own.filter((item) => item.day < from).reduce((total, item) => total + item.amount, 0n);
  let balance = opening;
  const rows = own
    .filter((item) => item.day >= from)
    .map(({ reference, day, dueDay, amount }) => ({
      reference,
      day,
      dueDay,
      amount: money(amount),
      balance: money((balance += amount)),
    }));
  const overdue = own.filter((item) => item.open > 0n && item.dueDay < until).reduce((total, item) => total + item.open, 0n);
  return { currency, opening: money(opening), closing: money(balance), overdue: money(overdue), rows };
}
