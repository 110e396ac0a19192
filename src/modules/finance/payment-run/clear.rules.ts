// Which payments of runs a line of the bank tells of: by the code that comes back with it, by the run's code, or by the whole of a day's
// file.
import { daysBetween, type Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Money, sumMoney } from "../../../kernel/money.ts";

export interface UnderWay {
  readonly id: Id;
  readonly code: string;
  readonly runCode: string;
  readonly day: Day;
  /** In its own currency, which need not be the bank account's. */
  readonly amount: Money;
}

export interface ToldLine {
  readonly id: Id;
  readonly day: Day;
  /** Below zero: it left the account. */
  readonly amount: Money;
  readonly texts: readonly string[];
}

export interface Clearing {
  readonly lineId: Id;
  readonly orders: readonly UnderWay[];
  readonly reason: string;
}

const daysMax = 5;
const isSum = (orders: readonly UnderWay[], line: ToldLine): boolean =>
  orders.length > 0 &&
  orders.every((order) => order.amount.currency === line.amount.currency) &&
  sumMoney(
    orders.map((order) => order.amount),
    line.amount.currency,
  ).equals(line.amount.abs());

/** What was asked for in another currency: what the bank took for it is known only from the line. */
const isExchanged = (orders: readonly UnderWay[], line: ToldLine): boolean =>
  orders.length > 0 && orders.every((order) => order.amount.currency !== line.amount.currency);

/** Each payment is told once, so what a line takes is gone for the next; lines that fit nothing, or two things, are left to a person. */
export function clearings(lines: readonly ToldLine[], underWay: readonly UnderWay[]): Clearing[] {
  const left = new Map(underWay.map((order) => [order.id, order]));
  const found: Clearing[] = [];
  for (const line of lines) {
    const clearing = clearingOf(line, [...left.values()]);
    if (!clearing) continue;
    for (const order of clearing.orders) left.delete(order.id);
    found.push(clearing);
  }
  return found;
}

function clearingOf(line: ToldLine, orders: readonly UnderWay[]): Clearing | undefined {
  const told = line.texts.join(" ").toUpperCase();
  const named = orders.filter((order) => told.includes(order.code));
  if (isSum(named, line)) {
    const codes = named.map((order) => order.code).join(", ");
    return { lineId: line.id, orders: named, reason: `The line names ${codes}, and the amount is exactly that.` };
  }
  if (isExchanged(named, line)) {
    const asked = named.map((order) => `${order.code}, asked for as ${order.amount.toString()}`).join(", ");
    return { lineId: line.id, orders: named, reason: `The line names ${asked}.` };
  }
  const exchanged = filesOf(orders).filter((file) => isExchanged(file, line) && told.includes(file[0]!.runCode));
  if (exchanged.length === 1) {
    const { runCode, amount } = exchanged[0]![0]!;
    return { lineId: line.id, orders: exchanged[0]!, reason: `The line names run ${runCode}, which pays in ${amount.currency}.` };
  }
  const files = filesOf(orders).filter((file) => isSum(file, line));
  const ofRun = files.filter((file) => told.includes(file[0]!.runCode));
  if (ofRun.length === 1)
    return { lineId: line.id, orders: ofRun[0]!, reason: `The line names run ${ofRun[0]![0]!.runCode}, and the amount is its whole.` };
  const near = files.filter((file) => Math.abs(daysBetween(file[0]!.day, line.day)) <= daysMax);
  if (near.length !== 1) return undefined;
  return {
    lineId: line.id,
    orders: near[0]!,
    reason: `The amount is the whole of run ${near[0]![0]!.runCode}, and of nothing else near by.`,
  };
}

/** What a bank books in one sum: the payments of a run on one day. */
function filesOf(orders: readonly UnderWay[]): UnderWay[][] {
  const files = new Map<string, UnderWay[]>();
  for (const order of orders) {
    const key = `${order.runCode} ${order.day}`;
    files.set(key, [...(files.get(key) ?? []), order]);
  }
  return [...files.values()];
}
