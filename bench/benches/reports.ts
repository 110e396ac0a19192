// Reports over HTTP beside the shortest statement a careful hand would write for the same figures.
import type { Bench } from "../bench.ts";
import { booksOf } from "../books.ts";
import { fillBankLines, fillItems } from "../items.ts";
import { timed } from "../pair.ts";
import type { BenchServer } from "../server.ts";
import { benchLines, fillLines } from "../volume.ts";

const times = 20;

/** Milliseconds of one call, on average over a few in a row. */
const over = async (work: (index: number) => Promise<unknown>, count = times): Promise<number> =>
  (await timed(async () => {
    for (let index = 0; index < count; index++) await work(index);
  })) / count;

/** A server that has run for a while: its plans are kept and its code is compiled, on both sides. */
async function warm(...sides: Call[]): Promise<void> {
  for (const side of sides) await over(side, 100);
}

const query = (values: Record<string, string>): string => new URLSearchParams(values).toString();

/** Any month's end of the year, so that no answer is asked for twice in a row. */
const monthEnds = ["01-31", "02-28", "03-31", "04-30", "05-31", "06-30", "07-31", "08-31", "09-30", "10-31", "11-30", "12-31"];
const monthEnd = (index: number): string => `2026-${monthEnds[index % 12]}`;
const midMonth = (index: number): string =>
  `2026-${String(1 + (index % 12)).padStart(2, "0")}-${String(9 + (index % 11)).padStart(2, "0")}`;

const rawBalances = (until: string): string => `
  select b.account_id, a.name, sum(b.debit) as debit, sum(b.credit) as credit from balance b join account a on a.id = b.account_id
  join period p on p.id = b.period_id and p.until_day <= date '${until}' group by 1, 2 order by 1`;

const report = (name: string, bound: number, says: string, ours: Ours, theirs: Theirs): Bench => ({
  name,
  says,
  prepare: async (server) => {
    await fillLines(server, benchLines);
    const go = await ours(server);
    const by = await theirs(server);
    await warm(go, by);
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

const size = `${benchLines / 1_000_000}M`;

const trialBalance: Bench = report(
  `trial-balance-${size}`,
  2.5,
  `trial balance of any range of months over HTTP at ${size} lines, beside reading a ready balance table`,
  get("/api/v1/finance/trial-balance", (index) => ({ asOf: monthEnd(index) })),
  sqlOf((index) => rawBalances(monthEnd(index))),
);

/** One account is every two hundred and fiftieth of each side: four thousand lines of a million. */
const accountLedger = (name: string, limit: number): Bench => ({
  name,
  says: `the ledger of one account over HTTP, its first ${limit} lines with running balance, beside the same by hand`,
  prepare: async (server) => {
    await fillLines(server, benchLines);
    const { accounts } = await booksOf(server);
    const values = { accountId: accounts[3]!, from: "2026-01-01", to: "2026-12-31", limit: String(limit) };
    const statement = `select l.day, e.text, l.amount, sum(l.amount) over (order by l.day, l.entry_id) as balance
      from line l join entry e on e.id = l.entry_id where l.account_id = 4 and l.day between '2026-01-01' and '2026-12-31'
      order by l.day, l.entry_id limit ${limit}`;
    const go = () => server.call("GET", `/api/v1/finance/ledger?${query(values)}`);
    const by = () => server.raw.query(statement);
    await warm(go, by);
    return { unit: "ms", moreIsBetter: false, bound: 2, ours: () => over(go), theirs: () => over(by) };
  },
});

const among = (
  name: string,
  bound: number,
  says: string,
  prepare: (server: BenchServer) => Promise<{ ours: Call; theirs: Call }>,
  count = times,
): Bench => ({
  name,
  says,
  prepare: async (server) => {
    const { ours, theirs } = await prepare(server);
    await warm(ours, theirs);
    return { unit: "ms", moreIsBetter: false, bound, ours: () => over(ours, count), theirs: () => over(theirs, count) };
  },
});

const pastDay = (index: number): string => `2026-0${1 + (index % 7)}-17`;

const ageingByHand = (day: string): string => `
  select p.name, sum(x.amount) as total, sum(x.amount) filter (where x.due_day >= date '${day}') as not_due,
    sum(x.amount) filter (where x.due_day < date '${day}' and x.due_day >= date '${day}' - 30) as up_to_30,
    sum(x.amount) filter (where x.due_day < date '${day}' - 30 and x.due_day >= date '${day}' - 60) as up_to_60,
    sum(x.amount) filter (where x.due_day < date '${day}' - 60 and x.due_day >= date '${day}' - 90) as up_to_90,
    sum(x.amount) filter (where x.due_day < date '${day}' - 90) as over_90
  from (
    select party_id, due_day, open_amount as amount from item where open_amount <> 0 and day <= date '${day}'
    union all
    select i.party_id, i.due_day, s.amount from settled s join item i on i.id = s.item_id and i.day <= date '${day}'
    where s.day > date '${day}'
  ) x join party p on p.id = x.party_id group by p.name order by p.name`;

const ageing = among(
  "ageing-past-day",
  2,
  `ageing at a past day of ${size} open items, beside the same by hand`,
  async (server) => {
    await fillItems(server);
    return {
      ours: (index) => server.call("GET", `/api/v1/finance/ageing?${query({ asOf: pastDay(index) })}`),
      theirs: (index) => server.raw.query(ageingByHand(pastDay(index))),
    };
  },
  5,
);

// The items that the lines pay, spread over all of them; none was settled.
const paid = Array.from({ length: 40 }, (_, index) => 1 + 50 * Math.floor((index * benchLines) / 50 / 41));

const candidatesByHand = `
  with payer as (select id from party where bank_account = $1)
  select i.*, p.name from (
    select * from item where open_amount <> 0 and reference = $2
    union
    select * from item where open_amount <> 0 and open_amount = $3
    union
    (select * from item where open_amount <> 0 and party_id = (select id from payer) order by due_day limit 50)
  ) i join party p on p.id = i.party_id
  order by (i.reference = $2) desc, (i.open_amount = $3) desc, i.due_day limit 20`;

const candidates = among(
  "bank-line-candidates",
  3,
  `what one bank line may be among ${size} open items, ranked with reasons, beside one indexed query`,
  async (server) => {
    await fillItems(server);
    const lines = await fillBankLines(server, paid);
    const { rows } = await server.raw.query<{ account: string; reference: string; amount: string }>(
      `select p.bank_account as account, i.reference, i.amount from unnest($1::bigint[]) with ordinality as w (id, place)
       join item i on i.id = w.id join party p on p.id = i.party_id order by w.place`,
      [paid],
    );
    return {
      ours: (index) => server.call("GET", `/api/v1/finance/bank-lines/${lines[index % lines.length]!}/candidates`),
      theirs: (index) => {
        const { account, reference, amount } = rows[index % rows.length]!;
        return server.raw.query(candidatesByHand, [account, reference, amount]);
      },
    };
  },
);

const list = among("list-50", 2.5, `50 of ${benchLines / 2} entries by filter and sort, beside the same by hand`, async (server) => {
  await fillLines(server, benchLines);
  await server.raw.query("create index if not exists entry_day on entry (day, id)");
  return {
    ours: (index) =>
      server.call("GET", `/api/v1/finance/journal-entries?${query({ "filter[day]": `<=${midMonth(index)}`, sort: "-day", limit: "50" })}`),
    theirs: (index) =>
      server.raw.query(
        `select e.*, p.from_day from entry e join period p on p.id = e.period_id where e.day <= $1 order by e.day desc, e.id desc limit 50`,
        [midMonth(index)],
      ),
  };
});

export const reportBenches: readonly Bench[] = [
  trialBalance,
  accountLedger("ledger-first-page", 50),
  accountLedger("ledger-whole", 1000),
  report(
    `profit-and-loss-12-months-${size}`,
    2.5,
    `profit and loss of twelve months at ${size} lines, beside the same from balances by hand`,
    get("/api/v1/finance/profit-and-loss", () => ({ from: "2026-01-01", to: "2026-12-31", by: "month" })),
    sqlOf(() => "select account_id, period_id, sum(debit - credit) as amount from balance group by 1, 2 order by 1, 2"),
  ),
  report(
    `balance-sheet-mid-month-${size}`,
    2.5,
    `balance sheet of any mid-month day at ${size} lines, beside balances and the cut month's lines by hand`,
    get("/api/v1/finance/balance-sheet", (index) => ({ asOf: midMonth(index) })),
    sqlOf((index) => midMonthSheet(midMonth(index))),
  ),
  list,
  ageing,
  candidates,
];
