// A bank account's lines matched all at once with what is open, posted or only looked at, beside the same by sets.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "../bench.ts";
import { addItems, fillBankLines } from "../items.ts";
import { timed } from "../pair.ts";
import { type BenchServer, oncePerServer } from "../server.ts";
import { fillLines } from "../volume.ts";

const lines = Number(process.env["BENCH_BANK_LINES"] ?? 100_000);
/** Far from the items that the reading benches stand on. */
const firstItem = 100_000_000;

const filled = new WeakMap<BenchServer, Set<number>>();

/** The bank account on our side, and the hand-written tables on the other. */
const accountOf = oncePerServer(async (server) => {
  // A house with so many invoices has entries: of a table that it counted with one row PostgreSQL knows nothing.
  await fillLines(server, 100_000);
  await addItems(server, firstItem, firstItem);
  await server.raw.query(readFileSync(join(import.meta.dirname, "../raw/match.sql"), "utf8"));
  const { rows } = await server.owner.query<{ id: string }>("select id from finance.bank_account where code = 'BENCH'");
  return rows[0]!.id;
});

/** Items and lines of a round, on both sides, once. */
async function fillRound(server: BenchServer, round: number): Promise<void> {
  const rounds = filled.get(server) ?? new Set();
  filled.set(server, rounds);
  if (rounds.has(round)) return;
  rounds.add(round);
  const from = firstItem + 1 + round * lines;
  await addItems(server, from, from + lines - 1);
  await fillBankLines(
    server,
    Array.from({ length: lines }, (_, index) => from + index),
  );
  await server.raw.query(rawLines, [round, from, from + lines - 1]);
  for (const pool of [server.owner, server.raw]) await pool.query("vacuum analyze");
}

const rawLines = `
  insert into bank_line (id, round, day, amount, keys)
  select i.id, $1, date '2026-09-15', i.amount, array[i.reference] from item i where i.id between $2 and $3`;

interface Matched {
  readonly matched: number;
}

const matchAll = (server: BenchServer, bankAccountId: string): Promise<Matched> =>
  server.call<Matched>("POST", `/api/v1/finance/bank-lines/match-all`, { bankAccountId, limit: lines });

const proposals = (server: BenchServer, bankAccountId: string): Promise<Matched> =>
  server.call<Matched>("GET", `/api/v1/finance/bank-lines/proposals?bankAccountId=${bankAccountId}`);

function expectAll(matched: number): void {
  if (matched !== lines) throw new Error(`${matched} of ${lines} lines were matched`);
}

export const matchAndPost: Bench = {
  name: "match-and-post",
  says: `${lines} bank lines matched with as many open items and posted in one request, beside the same by sets`,
  prepare: async (server) => {
    const bankAccountId = await accountOf(server);
    return {
      unit: "ms",
      moreIsBetter: false,
      bound: 2.5,
      ours: async (round) => {
        await fillRound(server, round);
        return timed(async () => expectAll((await matchAll(server, bankAccountId)).matched));
      },
      theirs: (round) =>
        timed(async () => {
          const { rows } = await server.raw.query<{ count: string }>("select match_all($1) as count", [round]);
          expectAll(Number(rows[0]!.count));
        }),
    };
  },
};

export const matchPreview: Bench = {
  name: "match-preview",
  says: `what ${lines} bank lines would settle among as many open items, beside the same by sets`,
  prepare: async (server) => {
    const bankAccountId = await accountOf(server);
    const round = 1000;
    await fillRound(server, round);
    return {
      unit: "ms",
      moreIsBetter: false,
      bound: 3,
      ours: () => timed(async () => expectAll((await proposals(server, bankAccountId)).matched)),
      theirs: () =>
        timed(async () => {
          const { rows } = await server.raw.query<{ count: string }>("select count(*) from matched($1)", [round]);
          expectAll(Number(rows[0]!.count));
        }),
    };
  },
};
