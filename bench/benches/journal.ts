// A plain-text journal brought in and asked for its balances, beside COPY into tables made by hand, and beside the programs that read such
// journals, where they are installed.
import { execFile, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import type { Bench } from "../bench.ts";
import { booksOf } from "../books.ts";
import { timed } from "../pair.ts";
import type { BenchServer } from "../server.ts";
import { fillLines } from "../volume.ts";

export const entries = Number(process.env["BENCH_ENTRIES"] ?? 1_000_000);

/** Every round another year's worth of text, so that no file is brought in twice. */
function journal(round: number, count: number): string {
  const rows: string[] = [];
  for (let index = 0; index < count; index++) {
    const day = new Date(Date.UTC(2026, 0, 1 + (index % 365))).toISOString().slice(0, 10);
    const amount = ((1 + ((index * 7919) % 100_000)) / 100).toFixed(2);
    rows.push(`${day} Entry ${round}-${index}\n  assets:a${(index * 31) % 250}  ${amount} EUR\n  income:i${(index * 17) % 250}\n`);
  }
  return rows.join("\n");
}

/** A journal brought to the server, ready to be imported; the identifier of the file. */
export const uploadJournal = (server: BenchServer, round: number, count: number): Promise<string> =>
  server.upload(`journal-${round}.journal.gz`, gzipSync(journal(round, count), { level: 1 }));

const byHand = (round: number): string => `
  drop table if exists copied;
  create table copied as
  select i::bigint as id, date '2026-01-01' + i % 365 as day, 'Entry ${round}-' || i as text from generate_series(0, ${entries - 1}) i;
  drop table if exists copied_line;
  create table copied_line as
  select c.id, s.n, case s.n when 1 then (c.id * 31 % 250) else 250 + (c.id * 17 % 250) end as account_id, c.day,
    case s.n when 1 then 1 else -1 end * (1 + (c.id * 7919 % 100000)) as amount
  from copied c cross join (values (1), (2)) as s (n);
  alter table copied add primary key (id);
  alter table copied_line add primary key (id, n);
  create index on copied_line (account_id, day);
  create temp table totals as select account_id, extract(month from day) as month, sum(amount) from copied_line group by 1, 2;
  drop table totals`;

export const journalImport: Bench = {
  name: "journal-import",
  says: `${entries} entries of a plain-text journal imported, then the trial balance, beside tables, keys and sums made by hand`,
  prepare: async (server) => {
    await booksOf(server);
    return {
      unit: "ms",
      moreIsBetter: false,
      bound: 2,
      ours: async (round) => {
        const fileId = await uploadJournal(server, round, entries);
        return timed(async () => {
          await server.call("POST", "/api/v1/finance/imports/journal", { fileId });
          await server.call("GET", "/api/v1/finance/trial-balance?asOf=2026-12-31");
        });
      },
      theirs: (round) => timed(() => server.raw.query(byHand(round))),
    };
  },
};

/** The entries of `fillLines`, as a journal that other programs read. */
function volumeJournal(): string {
  const rows: string[] = [];
  for (let index = 1; index <= entries; index++) {
    const day = new Date(Date.UTC(2026, 0, 1 + (index % 365))).toISOString().slice(0, 10);
    const amount = ((1 + ((index * 7919) % 100_000)) / 100).toFixed(2);
    rows.push(`${day} Volume ${index}\n  B${1 + ((index * 31) % 250)}  ${amount} EUR\n  B${251 + ((index * 17) % 250)}\n`);
  }
  return rows.join("\n");
}

export const ledgerBalances: Bench = {
  name: "balances-beside-ledger",
  says: `the balances of ${entries} entries that are in the books, beside the program ledger reading the same entries as text`,
  prepare: async (server) => {
    if (spawnSync("ledger", ["--version"]).status !== 0)
      throw new Error("ledger is not installed. It comes with Debian's package of that name.");
    await fillLines(server, 2 * entries);
    const file = join(server.folder, "whole.journal");
    writeFileSync(file, volumeJournal());
    const run = promisify(execFile);
    const times = 10;
    return {
      unit: "ms",
      moreIsBetter: false,
      bound: 1 / 500,
      // Ledger is slower by so much that one round of ours would measure the first connection.
      ours: async () =>
        (await timed(async () => {
          for (let index = 0; index < times; index++) await server.call("GET", "/api/v1/finance/trial-balance?asOf=2026-12-31");
        })) / times,
      theirs: () => timed(() => run("ledger", ["-f", file, "balance"], { maxBuffer: 1 << 26 })),
    };
  },
};
