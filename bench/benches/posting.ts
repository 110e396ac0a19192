// Posting journal entries over HTTP, as a program that is signed in does it, beside one hand-written call for each.
import type { Bench } from "../bench.ts";
import { booksOf, numbersFrom } from "../books.ts";
import type { BenchServer } from "../server.ts";
import { benchLines, fillLines } from "../volume.ts";

const seconds = 4;
const path = "/api/v1/finance/journal-entries/post";

const bodyOf = (debit: string, credit: string, cents: number, day: string): string =>
  JSON.stringify({
    day,
    text: "Benchmark entry",
    lines: [
      { accountId: debit, debit: { amount: (cents / 100).toFixed(2), currency: "EUR" } },
      { accountId: credit, credit: { amount: (cents / 100).toFixed(2), currency: "EUR" } },
    ],
  });

/** One request of an entry on any two of 500 accounts, and the call by hand that does the same. */
export async function spreadEntries(
  server: BenchServer,
): Promise<{ readonly ours: () => Promise<number>; readonly theirs: () => Promise<number> }> {
  const sent = await bodies(server, (number) => [number(250), 250 + number(250)]);
  return {
    ours: () => server.press({ method: "POST", path, bodies: sent, clients: 32, seconds }),
    theirs: () => server.pgbench(spread, 16, seconds),
  };
}

async function bodies(server: BenchServer, pairOf: (number: (limit: number) => number) => [number, number]): Promise<string[]> {
  const { accounts } = await booksOf(server);
  const number = numbersFrom(7);
  return Array.from({ length: 1000 }, () => {
    const [debit, credit] = pairOf(number);
    const month = String(1 + number(12)).padStart(2, "0");
    return bodyOf(accounts[debit]!, accounts[credit]!, 1 + number(100_000), `2026-${month}-${String(1 + number(28)).padStart(2, "0")}`);
  });
}

const spread = `\\set debit random(1, 250)
\\set credit random(251, 500)
\\set amount random(1, 100000)
\\set day random(0, 364)
select post(:debit::int, :credit::int, :amount::bigint, date '2026-01-01' + :day::int, 'Benchmark entry');
`;

export const postSpread: Bench = {
  name: "entry-over-http",
  says: "one journal entry a request over HTTP, 32 clients, 500 accounts; pgbench with 16 clients, one hand-written call each",
  prepare: async (server) => ({ unit: "entries/s", moreIsBetter: true, bound: 0.8, ...(await spreadEntries(server)) }),
};

export const postHot: Bench = {
  name: "entry-over-http-hot-pair",
  says: "the same with every entry on one pair of accounts",
  prepare: async (server) => {
    const sent = await bodies(server, () => [0, 1]);
    const hot = spread.replace("random(1, 250)", "1").replace("random(251, 500)", "2");
    return {
      unit: "entries/s",
      moreIsBetter: true,
      bound: 2.5,
      ours: () => server.press({ method: "POST", path, bodies: sent, clients: 32, seconds }),
      theirs: () => server.pgbench(hot, 16, seconds),
    };
  },
};

/** What the same work comes to with years of lines in the books, beside what it came to before they were put in. */
export const postAmongLines: Bench = {
  name: "entry-over-http-among-lines",
  says: `the rate of one journal entry a request over HTTP with ${benchLines} lines in the books, beside itself without them`,
  prepare: async (server) => {
    const { ours: press } = await spreadEntries(server);
    const without: number[] = [];
    for (let round = 0; round <= 5; round++) without.push(await press());
    await fillLines(server, benchLines);
    return { unit: "entries/s", moreIsBetter: true, bound: 0.85, ours: press, theirs: async (round) => without[round]! };
  },
};
