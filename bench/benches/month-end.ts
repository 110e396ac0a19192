// A month's end as a whole: depreciation of all assets, accruals, revaluation of what is open in another currency, close and proof, beside
// the same steps by hand. Each round ends one month of the year, so there are twelve at most.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "../bench.ts";
import { booksOf } from "../books.ts";
import { itemEntry } from "../items.ts";
import { timed } from "../pair.ts";
import type { BenchServer } from "../server.ts";
import { quickly } from "../volume.ts";

const assets = Number(process.env["BENCH_ASSETS"] ?? 10_000);
const items = Number(process.env["BENCH_ITEMS"] ?? 50_000);
const accruals = 20;

const monthEnds = ["01-31", "02-28", "03-31", "04-30", "05-31", "06-30", "07-31", "08-31", "09-30", "10-31"].map((day) => `2026-${day}`);
const rateOf = (month: number): string => (0.9 + month / 200).toFixed(4);

export const monthEnd: Bench = {
  name: "month-end",
  says: `${assets} depreciations, ${accruals} accruals, revaluation of ${items} items, close and proof over HTTP, beside the same by sets`,
  prepare: async (server) => {
    const { accounts } = await booksOf(server);
    await fill(server);
    const { rows: periods } = await server.owner.query<{ id: string }>("select id from finance.period order by from_day");
    return {
      unit: "ms",
      moreIsBetter: false,
      bound: 4,
      ours: (round) => timed(() => endMonth(server, accounts, periods[round]!.id, round)),
      theirs: (round) =>
        timed(async () => {
          const { rows } = await server.raw.query<{ fits: boolean }>("select month_end($1, $2, $3) as fits", [
            round + 1,
            accruals,
            rateOf(round),
          ]);
          if (!rows[0]!.fits) throw new Error("the balances by hand are not what the lines add up to");
        }),
    };
  },
};

async function endMonth(server: BenchServer, accounts: readonly string[], periodId: string, round: number): Promise<void> {
  const day = monthEnds[round]!;
  await server.call("POST", "/api/v1/finance/depreciation-runs/post", { until: day });
  for (let place = 1; place <= accruals; place++) {
    const amount = { amount: ((1000 + place) / 100).toFixed(2), currency: "EUR" };
    await server.call("POST", "/api/v1/finance/accruals/post", {
      day,
      text: `Accrual ${place}`,
      lines: [
        { accountId: accounts[0], debit: amount },
        { accountId: accounts[1], credit: amount },
      ],
    });
  }
  await server.call("POST", "/api/v1/finance/revaluations/run", { day });
  await server.call("POST", `/api/v1/finance/periods/${periodId}/close`, {});
  const { rows } = await server.owner.query(proof);
  if (rows.length > 0) throw new Error("the balances are not what the lines add up to");
}

// What the law finance.balances says, over all history.
const proof = `
  select from (select tenant_id, account_id, sum(debit - credit) as amount from finance.balance group by 1, 2) b
  full join (select tenant_id, account_id, sum(amount) as amount from finance.journal_line group by 1, 2) l using (tenant_id, account_id)
  where coalesce(b.amount, 0) <> coalesce(l.amount, 0) limit 1`;

/** Assets of one class with a year planned, and items in dollars, put in by hand on both sides. */
async function fill(server: BenchServer): Promise<void> {
  const { id: classId } = await server.call<{ id: string }>("POST", "/api/v1/finance/asset-classes", {
    code: "BENCH",
    name: "Bench assets",
    lifeMonths: 12,
  });
  const { id: partyId } = await server.call<{ id: string }>("POST", "/api/v1/directory/organisations", { name: "Foreign customer" });
  for (const [round, day] of monthEnds.entries()) {
    const given = { day, base: "USD", currency: "EUR", rate: rateOf(round), kind: "closing" };
    await server.call("POST", "/api/v1/finance/exchange-rates/set", given);
  }
  await quickly(server.owner, fillAssets, [classId, assets]);
  await quickly(server.owner, fillLines);
  await quickly(server.owner, itemEntry("FOREIGN", 99_999_998));
  await quickly(server.owner, fillItems, [partyId, items]);
  await server.raw.query(readFileSync(join(import.meta.dirname, "../raw/month-end.sql"), "utf8"));
  await server.raw.query(rawDepreciation, [assets]);
  await server.raw.query(rawItems, [items]);
  for (const pool of [server.owner, server.raw]) await pool.query("vacuum analyze");
}

const rawDepreciation = `
  insert into depreciation select a, m, 1000 + a % 777 from generate_series(1, $1::int) a cross join generate_series(1, 12) m`;

const rawItems = `
  insert into foreign_item
  select i, date '2026-01-01', 10000 + i % 5000, round((10000 + i % 5000) * 0.92) from generate_series(1, $1::int) i`;

const fillAssets = `
  with made as (
    insert into finance.fixed_asset (tenant_id, id, book_id, class_id, number, name, acquired_on, cost, opening, by_name, at)
    select c.tenant_id, uuidv7(), c.book_id, c.id, 'BENCH-' || i, 'Bench asset ' || i, date '2026-01-01', 12 * (1000 + i % 777), true,
      'Volume', timestamptz '2026-01-01'
    from finance.asset_class c cross join generate_series(1, $2::int) i where c.id = $1
    returning tenant_id, id, cost
  )
  insert into finance.asset_plan (tenant_id, id, fixed_asset_id, asset_book_id, method, convention, rhythm, life_months, start_day, factor,
    cost, residual, opening_accumulated)
  select m.tenant_id, uuidv7(), m.id, k.id, 'straightLine', 'fullMonth', 'month', 12, date '2026-01-01', 1, m.cost, 0, 0
  from made m join finance.asset_book k on k.tenant_id = m.tenant_id and k.posts`;

const fillLines = `
  insert into finance.depreciation_line (tenant_id, id, plan_id, asset_book_id, from_day, until_day, amount, kind, state)
  select p.tenant_id, uuidv7(), p.id, p.asset_book_id, d.day::date, (d.day + interval '1 month - 1 day')::date, p.cost / 12, 'depreciation',
    'planned'
  from finance.asset_plan p cross join generate_series(timestamp '2026-01-01', timestamp '2026-12-01', interval '1 month') as d (day)`;

const fillItems = `
  insert into finance.open_item (tenant_id, id, book_id, account_id, direction, party_id, entry_id, day, due_day, reference, amount,
    open_amount, currency, currency_amount, open_currency_amount)
  select e.tenant_id, uuidv7(), e.book_id, r.account_id, 'receivable', $1::uuid, e.id, date '2026-01-01', date '2026-01-31', 'F-' || i,
    m.carrying, m.carrying, 'USD', m.amount, m.amount
  from generate_series(1, $2::int) i
  cross join lateral (select 10000 + i % 5000 as amount, round((10000 + i % 5000) * 0.92)::bigint as carrying) m
  join finance.journal_entry e on e.number = 'FOREIGN'
  join finance.account_role r on r.tenant_id = e.tenant_id and r.book_id = e.book_id and r.role = 'receivable'`;
