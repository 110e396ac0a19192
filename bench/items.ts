// Open items of two thousand customers, put in by hand: what ageing and matching are measured on. The same items stand in Heartwood's
// tables and in hand-written ones. One in fifty was settled in the middle of the year, so that a day before it reads otherwise than today.
import { keysText } from "../src/modules/finance/banking/reference.rules.ts";
import { booksOf } from "./books.ts";
import { type BenchServer, oncePerServer } from "./server.ts";
import { benchLines, quickly } from "./volume.ts";

/** Sees to it that `benchLines` invoices are, or were, open. */
export const fillItems = oncePerServer(async (server) => {
  const step = 250_000;
  for (let from = 0; from < benchLines; from += step) await addItems(server, from + 1, Math.min(benchLines, from + step));
  await quickly(server.owner, settleOurs);
  await quickly(server.raw, settleRaw);
  for (const pool of [server.owner, server.raw]) await pool.query("vacuum analyze");
});

/** Open items with these numbers, on both sides. */
export async function addItems(server: BenchServer, from: number, until: number): Promise<void> {
  await prepared(server);
  await quickly(server.owner, fillOurs, [from, until]);
  await quickly(server.raw, fillRaw, [from, until]);
}

const prepared = oncePerServer(async (server) => {
  await booksOf(server);
  await quickly(server.owner, parties);
  await quickly(server.owner, itemEntry("ITEMS", 99_999_999));
  await quickly(server.owner, bankAccount);
  await server.raw.query(rawTables);
});

// Names that differ from their first letters on, as those of companies do.
const nameOf = "initcap(translate(substr(md5(i::text), 1, 9), '0123456789', 'ghijklmnop')) || ' ' || i";

const parties = `
  insert into directory.party (tenant_id, id, kind, name, bank_account)
  select t.tenant_id, uuidv7(), 'organisation', ${nameOf}, 'BENCH' || lpad(i::text, 17, '0')
  from platform.tenant_account t cross join generate_series(1, 2000) i`;

/** All items name one entry: neither ageing nor matching reads more of it than that it is there. */
export const itemEntry = (number: string, sequence: number): string => `
  insert into finance.journal_entry (tenant_id, id, book_id, journal_id, period_id, fiscal_year, sequence, number, day, text, total,
    posted_at, by_name)
  select b.tenant_id, uuidv7(), b.id, j.id, p.id, 2026, ${sequence}, '${number}', p.from_day, 'Items', 0, timestamptz '2026-01-01', 'Volume'
  from finance.book b join finance.journal j on j.tenant_id = b.tenant_id and j.book_id = b.id and j.code = 'GEN'
  join finance.period p on p.tenant_id = b.tenant_id and p.book_id = b.id and p.code = '2026-01'`;

const fillOurs = `
  with party as (
    select array_agg(id order by bank_account) as ids from directory.party where bank_account like 'BENCH%'
  )
  insert into finance.open_item (tenant_id, id, book_id, account_id, direction, party_id, entry_id, day, due_day, reference, amount,
    open_amount, currency, currency_amount, open_currency_amount)
  select e.tenant_id, uuidv7(), e.book_id, r.account_id, 'receivable', p.ids[1 + i % 2000], e.id, date '2026-01-01' + (i % 180)::int,
    date '2026-01-31' + (i % 180)::int, 'R-' || i, m.amount, m.amount, 'EUR', m.amount, m.amount
  from generate_series($1::bigint, $2::bigint) i cross join party p cross join lateral (select 100 + (i * 7919 % 1000000) as amount) m
  join finance.journal_entry e on e.number = 'ITEMS'
  join finance.account_role r on r.tenant_id = e.tenant_id and r.book_id = e.book_id and r.role = 'receivable'`;

// Settled on the first of August by one payment, which was used up by it.
const settleOurs = `
  with chosen as (
    select * from finance.open_item where reference like 'R-%' and substr(reference, 3)::bigint % 50 = 0
  ), closed as (
    update finance.open_item o set open_amount = 0, open_currency_amount = 0 from chosen c
    where o.tenant_id = c.tenant_id and o.id = c.id
  ), payment as (
    insert into finance.open_item (tenant_id, id, book_id, account_id, direction, party_id, entry_id, day, due_day, reference, amount,
      open_amount, currency, currency_amount, open_currency_amount)
    select tenant_id, uuidv7(), book_id, account_id, direction, (array_agg(party_id))[1], entry_id, date '2026-08-01', date '2026-08-01',
      'PAID', -sum(amount), 0, 'EUR', -sum(amount), 0
    from chosen group by tenant_id, book_id, account_id, direction, entry_id returning tenant_id, id
  )
  insert into finance.allocation (tenant_id, id, debit_item_id, credit_item_id, day, amount, by_name, at)
  select c.tenant_id, uuidv7(), c.id, p.id, date '2026-08-01', c.amount, 'Volume', timestamptz '2026-08-01'
  from chosen c cross join payment p`;

const rawTables = `
  create table item (id bigint primary key, party_id int not null, day date not null, due_day date not null, reference text not null,
    amount bigint not null, open_amount bigint not null);
  create table settled (id bigint generated always as identity primary key, item_id bigint not null, day date not null,
    amount bigint not null);
  create table party (id int primary key, name text not null, bank_account text not null unique);
  create index on item (party_id, due_day) include (day, open_amount) where open_amount <> 0;
  create index on item (reference) where open_amount <> 0;
  create index on item (open_amount) where open_amount <> 0;
  create index on settled (day)`;

const fillRaw = `
  with party as (
    insert into party select i - 1, ${nameOf}, 'BENCH' || lpad(i::text, 17, '0') from generate_series(1, 2000) i on conflict do nothing
  )
  insert into item
  select i, i % 2000, date '2026-01-01' + (i % 180)::int, date '2026-01-31' + (i % 180)::int, 'R-' || i, 100 + (i * 7919 % 1000000),
    100 + (i * 7919 % 1000000)
  from generate_series($1::bigint, $2::bigint) i`;

const settleRaw = `
  with closed as (update item set open_amount = 0 where id % 50 = 0 returning id, amount)
  insert into settled (item_id, day, amount) select id, date '2026-08-01', amount from closed order by id`;

/** Lines of a bank account, one for each of these items: paid by its customer with its reference in the text. Their identifiers. */
export async function fillBankLines(server: BenchServer, items: readonly number[]): Promise<string[]> {
  await quickly(server.owner, bankLines, [items]);
  const { rows } = await server.owner.query<{ id: string; texts: string[] }>(
    `select l.id, array[l.counterparty_name, l.text] as texts from unnest($1::bigint[]) with ordinality as w (item, place)
     join finance.bank_line l on l.key = 'bench-' || w.item order by w.place`,
    [items],
  );
  const ids = rows.map((row) => row.id);
  // As import does.
  await quickly(server.owner, bankLineKeys, [ids, rows.map((row) => keysText(row.texts))]);
  return ids;
}

const bankAccount = `
  with account as (
    insert into finance.bank_account (tenant_id, id, book_id, code, name, number, account_id, currency)
    select a.tenant_id, uuidv7(), a.book_id, 'BENCH', 'Bench bank', 'DE02120300000000202051', a.id, 'EUR'
    from finance.account a where a.code = 'B500'
    returning tenant_id, id
  )
  insert into finance.bank_statement (tenant_id, id, bank_account_id, key, format, statement_id, file_id, position, from_day, until_day,
    entries_sum, proven, is_advice, by_name, at)
  select tenant_id, uuidv7(), id, 'bench', 'csv', 'bench', uuidv7(), 1, '2026-09-01', '2026-09-30', 0, false, false, 'Volume', now()
  from account`;

const bankLineKeys = `
  update finance.bank_line l set reference_keys = string_to_array(k.keys, ' ') from unnest($1::uuid[], $2::text[]) as k (id, keys)
  where l.id = k.id`;

const bankLines = `
  insert into finance.bank_line (tenant_id, id, bank_account_id, statement_id, position, key, alike, state, day, amount, counterparty_name,
    counterparty_account, text, payments, reference_keys)
  select s.tenant_id, uuidv7(), s.bank_account_id, s.id, w.place, 'bench-' || w.item, 'bench-' || w.item, 'unmatched', '2026-09-15',
    o.amount, y.name, y.bank_account, 'Invoice ' || o.reference || ' of ' || o.day, '[]', '{}'
  from unnest($1::bigint[]) with ordinality as w (item, place)
  join finance.open_item o on o.reference = 'R-' || w.item
  join directory.party y on y.tenant_id = o.tenant_id and y.id = o.party_id
  join finance.bank_statement s on s.tenant_id = o.tenant_id and s.key = 'bench'`;
