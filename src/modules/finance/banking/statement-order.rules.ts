// In which order the statements of an account follow one another, whichever was read first.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import type { Money } from "../../../kernel/money.ts";
import type { BankStatement } from "./statement.ts";

/** What the bank calls a statement: one format's numbers say nothing about another's. */
export type Numbered = Pick<BankStatement, "format" | "statementId" | "sequence">;

/** A statement as far as its order goes. */
export interface Ordered extends Numbered {
  readonly opening: Money;
  readonly closingDay: Day;
  readonly closing: Money;
}

/** By the day they close; those of one day so that each opens with what the one before closed with. */
export function inOrder<T extends Ordered>(statements: readonly T[]): T[] {
  const days = [...new Set(statements.map((one) => one.closingDay))].toSorted();
  const ordered: T[] = [];
  for (const day of days) {
    const ofDay = statements.filter((one) => one.closingDay === day);
    ordered.push(...inChain(ofDay, ordered.at(-1)?.closing));
  }
  return ordered;
}

/** The place of each among those that close on its day; 1 is the first. */
export function placesOfDay<T extends Ordered & { readonly id: Id }>(ordered: readonly T[]): Map<Id, number> {
  const count = new Map<Day, number>();
  const placed = ordered.map(({ id, closingDay }) => {
    count.set(closingDay, (count.get(closingDay) ?? 0) + 1);
    return [id, count.get(closingDay)!] as const;
  });
  return new Map(placed);
}

/** Where balances leave it open, the bank's numbers decide, then the order that is given. */
function inChain<T extends Ordered>(statements: readonly T[], before: Money | undefined): T[] {
  const rest = statements.toSorted(byNumber);
  const chain: T[] = [];
  while (rest.length > 0) {
    const next = nextOf(rest, chain.at(-1)?.closing ?? before);
    chain.push(...rest.splice(rest.indexOf(next), 1));
  }
  return chain;
}

function nextOf<T extends Ordered>(rest: readonly T[], reached: Money | undefined): T {
  const following = reached ? rest.filter((one) => one.opening.equals(reached)) : [];
  // A balance may be reached twice in a day: first the way that leads on, so that nothing is left behind.
  const leading = following.find((one) => rest.some((other) => other !== one && other.opening.equals(one.closing)));
  const first = (): T | undefined => rest.find((one) => !rest.some((other) => other !== one && other.closing.equals(one.opening)));
  return leading ?? following[0] ?? first() ?? rest[0]!;
}

// An MT940 is numbered by what it is called, and its pages by the sequence.
const numbersOf = ({ format, statementId, sequence = "" }: Numbered): number[] =>
  ((format === "MT940" ? `${statementId}/${sequence}` : sequence).match(/\d+/g) ?? []).map(Number);

function byNumber(one: Numbered, other: Numbered): number {
  if (one.format !== other.format) return 0;
  const numbers = numbersOf(other);
  return numbersOf(one).reduce((found, number, place) => found || number - (numbers[place] ?? number), 0);
}

/** That the bank numbers a statement as the very next: the next page, or the next number with its first page. */
export function isNumberedNext(next: Numbered, last: Numbered): boolean {
  const [numbers, before] = [numbersOf(next), numbersOf(last)];
  const changed = numbers.findIndex((number, place) => number !== before[place]);
  if (next.format !== last.format || changed < 0 || numbers.length !== before.length) return false;
  return numbers[changed] === before[changed]! + 1 && numbers.slice(changed + 1).every((number) => number === 1);
}
