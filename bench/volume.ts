// Years of postings, put in by hand: what reports, lists and matching are measured on. The same lines stand in Heartwood's tables and in
// hand-written ones; balances are what the lines add up to on both sides.
import type pg from "pg";
import { booksOf } from "./books.ts";
import type { BenchServer } from "./server.ts";

/** How many lines or open items the reading benches stand on: a million, or what `BENCH_LINES` says. */
export const benchLines = Number(process.env["BENCH_LINES"] ?? 1_000_000);

const filled = new WeakMap<BenchServer, number>();

/** Sees to it that the books hold at least so many lines of the year, two for each entry, on 500 accounts. */
export async function fillLines(server: BenchServer, lines: number): Promise<void> {
  await booksOf(server);
  const already = filled.get(server) ?? 0;
  if (already >= lines) return;
  filled.set(server, lines);
  const step = 250_000;
  await withoutIndexes(server.owner, ["finance.journal_entry", "finance.journal_line"], async () => {
    for (let from = already / 2; from < lines / 2; from += step) {
      const range = [from + 1, Math.min(lines / 2, from + step)];
      await quickly(server.owner, fillOurs, range);
      await quickly(server.raw, fillRaw, range);
    }
  });
  await quickly(server.owner, rebuildBalances);
  await quickly(server.owner, rebuildDays);
  await quickly(server.raw, rebuildRaw);
  for (const pool of [server.owner, server.raw]) await pool.query("vacuum analyze");
}

/** Builds the indexes of these tables anew after the work, but for keys: row by row they would cost more than all else. */
async function withoutIndexes(pool: pg.Pool, tables: readonly string[], work: () => Promise<void>): Promise<void> {
  const { rows } = await pool.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
     where i.indrelid = any($1::regclass[]) and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
    [tables],
  );
  for (const { name } of rows) await pool.query(`drop index ${name}`);
  await work();
  for (const { definition } of rows) await pool.query(definition);
}

/** What is put in is known to refer to what is there, and may be put in again: no look at each row's references, no wait for the disk. */
export async function quickly(pool: pg.Pool, statement: string, values: readonly unknown[] = []): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin; set local session_replication_role = replica; set local synchronous_commit = off");
    await client.query(statement, [...values]);
    await client.query("commit");
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}

// Entry i lies on the day i of the year in turn, from an account of the first half to one of the second.
const fillOurs = `
  with base as (
    select b.tenant_id, b.id as book_id, j.id as journal_id,
      (select array_agg(id order by id) from finance.account where code ~ '^B[0-9]+$') as accounts
    from finance.book b join finance.journal j on j.tenant_id = b.tenant_id and j.book_id = b.id and j.code = 'GEN'
  ), made as (
    select i, uuidv7() as id, date '2026-01-01' + (i % 365)::int as day, 1 + (i * 7919 % 100000) as amount,
      1 + (i * 31 % 250) as debit, 251 + (i * 17 % 250) as credit
    from generate_series($1::bigint, $2::bigint) i
  ), entry as (
    insert into finance.journal_entry (tenant_id, id, book_id, journal_id, period_id, fiscal_year, sequence, number, day, text, total,
      posted_at, by_name)
    select b.tenant_id, m.id, b.book_id, b.journal_id, p.id, 2026, 100000000 + m.i, 'VOL-2026-' || m.i, m.day, 'Volume ' || m.i, m.amount,
      timestamptz '2026-01-01' + m.i * interval '1 second', 'Volume'
    from made m cross join base b
    join finance.period p on p.tenant_id = b.tenant_id and p.book_id = b.book_id and m.day between p.from_day and p.until_day
  )
  insert into finance.journal_line (tenant_id, id, entry_id, position, account_id, day, amount)
  select b.tenant_id, uuidv7(), m.id, s.position, b.accounts[case s.position when 1 then m.debit else m.credit end], m.day,
    case s.position when 1 then m.amount else -m.amount end
  from made m cross join base b cross join (values (1), (2)) as s (position)`;

const fillRaw = `
  with made as (
    select i, date '2026-01-01' + (i % 365)::int as day, 1 + (i * 7919 % 100000) as amount, (1 + (i * 31 % 250))::int as debit,
      (251 + (i * 17 % 250))::int as credit
    from generate_series($1::bigint, $2::bigint) i
  ), entry as (
    insert into entry (id, period_id, day, text, posted_at) overriding system value
    select 1000000000 + i, extract(month from day)::int, day, 'Volume ' || i, now() from made returning id
  )
  insert into line (entry_id, line_no, account_id, day, amount)
  select 1000000000 + m.i, s.n, case s.n when 1 then m.debit else m.credit end, m.day, case s.n when 1 then m.amount else -m.amount end
  from made m cross join (values (1), (2)) as s (n)`;

const rebuildBalances = `
  insert into finance.balance (tenant_id, account_id, period_id, unit_id, set_id, debit, credit)
  select l.tenant_id, l.account_id, e.period_id, coalesce(l.unit_id, '00000000-0000-0000-0000-000000000000'),
    coalesce(l.set_id, '00000000-0000-0000-0000-000000000000'), sum(greatest(l.amount, 0)), sum(greatest(-l.amount, 0))
  from finance.journal_line l join finance.journal_entry e on e.tenant_id = l.tenant_id and e.id = l.entry_id
  group by 1, 2, 3, 4, 5
  on conflict (tenant_id, account_id, period_id, unit_id, set_id) do update set debit = excluded.debit, credit = excluded.credit`;

// What is put in lies beyond the numbers that were given, so days are made of all lines and counted up to the last number.
const rebuildDays = `
  with marked as (
    insert into finance.day_turnover_mark (tenant_id, journal_id, fiscal_year, counted)
    select h.tenant_id, j.id, h.fiscal_year, h.last_number from finance.number_head h
    join finance.journal j on j.tenant_id = h.tenant_id and j.book_id = h.book_id and j.code = h.series
    on conflict (tenant_id, journal_id, fiscal_year) do update set counted = excluded.counted
  )
  insert into finance.day_turnover (tenant_id, account_id, day, unit_id, set_id, debit, credit)
  select l.tenant_id, l.account_id, l.day, coalesce(l.unit_id, '00000000-0000-0000-0000-000000000000'),
    coalesce(l.set_id, '00000000-0000-0000-0000-000000000000'), sum(greatest(l.amount, 0)), sum(greatest(-l.amount, 0))
  from finance.journal_line l group by 1, 2, 3, 4, 5
  on conflict (tenant_id, account_id, day, unit_id, set_id) do update set debit = excluded.debit, credit = excluded.credit`;

const rebuildRaw = `
  insert into balance (account_id, period_id, debit, credit)
  select account_id, extract(month from day)::int, sum(greatest(amount, 0)), sum(greatest(-amount, 0)) from line group by 1, 2
  on conflict (account_id, period_id) do update set debit = excluded.debit, credit = excluded.credit`;
