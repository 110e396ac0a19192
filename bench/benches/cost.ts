// What an entry costs PostgreSQL when it comes over HTTP with its trail, beside the raw call: log written and time of processors, which say
// the same on a busy machine as on a quiet one.
import type { Bench } from "../bench.ts";
import type { BenchServer } from "../server.ts";
import { spreadEntries } from "./posting.ts";

type Counter = (server: BenchServer) => Promise<number>;

const bytesOfLog: Counter = async ({ owner }) => {
  const { rows } = await owner.query<{ bytes: string }>("select pg_current_wal_insert_lsn() - '0/0' as bytes");
  return Number(rows[0]!.bytes);
};
const microseconds: Counter = async (server) => server.databaseSeconds() * 1e6;
const ourEntries: Counter = async ({ owner }) => {
  const { rows } = await owner.query<{ count: string }>("select coalesce(sum(last_number), 0) as count from finance.number_head");
  return Number(rows[0]!.count);
};
const theirEntries: Counter = async ({ raw }) => {
  const { rows } = await raw.query<{ count: string }>("select coalesce(pg_sequence_last_value('entry_id_seq'), 0) as count");
  return Number(rows[0]!.count);
};

const costOf = (name: string, unit: string, says: string, cost: Counter): Bench => ({
  name,
  says,
  prepare: async (server) => {
    const { ours, theirs } = await spreadEntries(server);
    const each = async (work: () => Promise<number>, entries: Counter): Promise<number> => {
      const [cost0, entries0] = [await cost(server), await entries(server)];
      await work();
      return ((await cost(server)) - cost0) / ((await entries(server)) - entries0);
    };
    return { unit, moreIsBetter: false, bound: 1.6, ours: () => each(ours, ourEntries), theirs: () => each(theirs, theirEntries) };
  },
});

export const costBenches: readonly Bench[] = [
  costOf("entry-log", "B", "log written for an entry over HTTP, whole pages included, beside the raw call", bytesOfLog),
  costOf("entry-processor", "µs", "processor time of PostgreSQL for an entry over HTTP, beside the raw call", microseconds),
];
