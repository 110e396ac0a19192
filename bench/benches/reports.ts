// Reports over HTTP beside the shortest statement a careful hand would write for the same figures.
import type { Bench } from "../bench.ts";
import { booksOf } from "../books.ts";
import { timed } from "../pair.ts";
import type { BenchServer } from "../server.ts";
import { fillLines } from "../volume.ts";

const times = 20;

/** Milliseconds of one call, on average over a few in a row. */
const over = async (work: (index: number) => Promise<unknown>, count = times): Promise<number> =>
  (await timed(async () => {
    for (let index = 0; index < count; index++) await work(index);
  })) / count;

const query = (values: Record<string, string>): string => new URLSearchParams(values).toString();

/** Any month's end of the year, so that no answer is asked for twice in a row. */
const monthEnds = ["01-31", "02-28", "03-31", "04-30", "05-31", "06-30", "07-31", "08-31", "09-30", "10-31", "11-30", "12-31"];
const monthEnd = (index: number): string => `2026-${monthEnds[index % 12]}`;
const midMonth = (index: number): string =>
  `2026-${String(1 + (index % 12)).padStart(2, "0")}-${String(9 + (index % 11)).padStart(2, "0")}`;

const rawBalances = (until: string): string => `
  select b.account_id, a.name, sum(b.debit) as debit, sum(b.credit) as credit from balance b join account a on a.id = b.account_id
  join period p on p.id = b.period_id and p.until_day <= date '${until}' group by 1, 2 order by 1`;

const report = (name: string, bound: number, lines: number, says: string, ours: Ours, theirs: Theirs): Bench => ({
  name,
  says,
  prepare: async (server) => {
    await fillLines(server, lines);
    const go = await ours(server);
    const by = await theirs(server);
    return { unit: "ms", moreIsBetter: false, bound, ours: () => over(go), theirs: () => over(by) };
  },
});

type Call = (index: number) => Promise<unknown>;
type Ours = (server: BenchServer) => Promise<Call>;
type Theirs = (server: BenchServer) => Promise<Call>;

const get =
  (path: string, values: (index: number) => Record<string, string>): Ours =>
  async (server) =>
  (index) =>
    server.call("GET", `${path}?${query(values(index))}`);

const sqlOf =
  (statement: (index: number) => string): Theirs =>
  async (server) =>
  (index) =>
    server.raw.query(statement(index));

const midMonthSheet = (until: string): string => `
  select account_id, sum(amount) as amount from (
    select b.account_id, b.debit - b.credit as amount from balance b join period p on p.id = b.period_id and p.until_day <= date '${until}'
    union all
    select l.account_id, l.amount from line l where l.account_id between 1 and 500
      and l.day between date_trunc('month', date '${until}')::date and date '${until}'
  ) x group by 1 order by 1`;

const trialBalance = (name: string, bound: number, lines: number): Bench =>
  report(
    name,
    bound,
    lines,
    `trial balance of any range of months over HTTP at ${lines / 1_000_000}M lines, beside reading a ready balance table`,
    get("/api/v1/finance/trial-balance", (index) => ({ asOf: monthEnd(index) })),
    sqlOf((index) => rawBalances(monthEnd(index))),
  );

const accountLedger = (name: string, limit: number): Bench => ({
  name,
  says: `the ledger of one account, its first ${limit} lines with running balance`,
  prepare: async (server) => {
    await fillLines(server, 1_000_000);
    const { accounts } = await booksOf(server);
    const values = { accountId: accounts[3]!, from: "2026-01-01", to: "2026-12-31", limit: String(limit) };
    const statement = `select l.day, e.text, l.amount, sum(l.amount) over (order by l.day, l.entry_id) as balance
      from line l join entry e on e.id = l.entry_id where l.account_id = 4 and l.day between '2026-01-01' and '2026-12-31'
      order by l.day, l.entry_id limit ${limit}`;
    return {
      unit: "ms",
      moreIsBetter: false,
      bound: 2,
      ours: () => over(() => server.call("GET", `/api/v1/finance/ledger?${query(values)}`)),
      theirs: () => over(() => server.raw.query(statement)),
    };
  },
});

export const reportBenches: readonly Bench[] = [
  trialBalance("trial-balance-1M", 2.5, 1_000_000),
  accountLedger("ledger-first-page", 50),
  trialBalance("trial-balance-10M", 2.5, 10_000_000),
  report(
    "profit-and-loss-12-months-10M",
    2.5,
    10_000_000,
    "profit and loss of twelve months at 10M lines, beside the same from balances by hand",
    get("/api/v1/finance/profit-and-loss", () => ({ from: "2026-01-01", to: "2026-12-31", by: "month" })),
    sqlOf(() => "select account_id, period_id, sum(debit - credit) as amount from balance group by 1, 2 order by 1, 2"),
  ),
  report(
    "balance-sheet-mid-month-10M",
    2.5,
    10_000_000,
    "balance sheet of any mid-month day at 10M lines, beside balances and the cut month's lines by hand",
    get("/api/v1/finance/balance-sheet", (index) => ({ asOf: midMonth(index) })),
    sqlOf((index) => midMonthSheet(midMonth(index))),
  ),
];
