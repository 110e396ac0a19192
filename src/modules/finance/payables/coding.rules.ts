// What a bill of a supplier is usually booked on, learned from the bills before: by the words of a line, else by what was chosen most.
import type { Id } from "../../../kernel/id.ts";

export interface CodedLine {
  readonly description: string;
  readonly accountId: Id;
  readonly account: string;
  readonly taxCode: string;
  readonly unitId: Id | null;
  /** How many bills of this supplier came after it: 0 is the latest. */
  readonly age: number;
}

export interface Coding {
  readonly accountId: Id;
  readonly account: string;
  readonly taxCode: string;
  readonly unitId: Id | null;
  readonly reason: string;
}

const wordsOf = (text: string): Set<string> =>
  new Set(
    text
      .normalize("NFKC")
      .toLowerCase()
      .split(/[^\p{L}]+/u)
      .filter((word) => word.length > 2),
  );

/** Of the words of both, the share that both have; numbers do not count, because they change from bill to bill. */
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  const shared = [...a].filter((word) => b.has(word)).length;
  return (2 * shared) / (a.size + b.size);
}

const likeEnough = 0.5;
const keyOf = (line: CodedLine): string => `${line.accountId} ${line.taxCode} ${line.unitId ?? ""}`;

/** The coding for a line with these words, or for any line when nothing is written yet. */
export function codingFor(description: string, history: readonly CodedLine[]): Coding | undefined {
  const words = wordsOf(description);
  const like = history
    .map((line) => ({ line, score: likeness(words, wordsOf(line.description)) }))
    .filter(({ score }) => score >= likeEnough)
    .toSorted((a, b) => b.score - a.score || a.line.age - b.line.age);
  if (like[0]) return codingOf(like[0].line, `Like "${like[0].line.description}" before.`);
  const counts = new Map<string, { readonly line: CodedLine; count: number }>();
  for (const line of history.toSorted((a, b) => a.age - b.age)) {
    const known = counts.get(keyOf(line));
    if (known) known.count += 1;
    else counts.set(keyOf(line), { line, count: 1 });
  }
  // Of equals the one used last: the map keeps the order in which they were met.
  const best = [...counts.values()].reduce<{ line: CodedLine; count: number } | undefined>(
    (top, one) => (top && top.count >= one.count ? top : one),
    undefined,
  );
  return best && codingOf(best.line, `Chosen for ${best.count} of ${history.length} lines of this supplier before.`);
}

const codingOf = ({ accountId, account, taxCode, unitId }: CodedLine, reason: string): Coding => ({
  accountId,
  account,
  taxCode,
  unitId,
  reason,
});

/** The term a supplier usually gives: the middle one of the days from bill to due day. */
export function usualDays(days: readonly number[]): number | undefined {
  return days.toSorted((a, b) => a - b)[Math.floor((days.length - 1) / 2)];
}
