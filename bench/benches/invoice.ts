// Whole invoices: one a request over HTTP, and many from a file, beside the same work by hand.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "../bench.ts";
import { booksOf, numbersFrom } from "../books.ts";
import { timed } from "../pair.ts";
import { type BenchServer, oncePerServer } from "../server.ts";

const seconds = 4;

/** A hundred customers on our side, and the hand-written tables on the other. */
export const customersOf = oncePerServer(async (server): Promise<readonly string[]> => {
  await booksOf(server);
  await server.raw.query(readFileSync(join(import.meta.dirname, "../raw/invoice.sql"), "utf8"));
  const ids: string[] = [];
  for (let index = 0; index < 100; index++) {
    const { id } = await server.call<{ id: string }>("POST", "/api/v1/directory/organisations", { name: `Customer ${index}` });
    await server.call("POST", `/api/v1/directory/parties/${id}/add-role`, { role: "customer", from: "2026-01-01" });
    ids.push(id);
  }
  return ids;
});

/** One request of a whole invoice, pressed by many; invoices a second. */
export async function pressInvoices(server: BenchServer): Promise<() => Promise<number>> {
  const customers = await customersOf(server);
  const number = numbersFrom(11);
  const bodies = Array.from({ length: 1000 }, () =>
    JSON.stringify({
      customerId: customers[number(100)],
      day: `2026-${String(1 + number(12)).padStart(2, "0")}-${String(1 + number(28)).padStart(2, "0")}`,
      lines: [
        {
          description: "Advice",
          quantity: String(1 + number(9)),
          unitPrice: { amount: (1 + number(50_000) / 100).toFixed(2), currency: "EUR" },
          taxCode: "standard",
        },
      ],
    }),
  );
  return () => server.press({ method: "POST", path: "/api/v1/finance/invoices/issue", bodies, clients: 32, seconds });
}

export const invoiceOverHttp: Bench = {
  name: "invoice-over-http",
  says: "one whole invoice a request over HTTP, 32 clients; pgbench with 16 clients, one hand-written call each, numbers without gaps",
  prepare: async (server) => {
    const script = `\\set customer random(1, 100)
\\set price random(100, 50000)
\\set quantity random(1, 9)
\\set day random(0, 364)
select issue(:customer::int, date '2026-01-01' + :day::int, :price::bigint, :quantity::numeric, 'Advice');
`;
    return {
      unit: "invoices/s",
      moreIsBetter: true,
      bound: 2,
      ours: await pressInvoices(server),
      theirs: () => server.pgbench(script, 16, seconds),
    };
  },
};

/** How many of an hundred thousand are brought in; the whole is what the issue asks for, a part is for a quick look. */
export const fileInvoices = Number(process.env["BENCH_INVOICES"] ?? 100_000);

const rawImport = `
  with numbered as (
    update series set last = last + $1 where id = 1 returning last - $1 as before
  ), made as (
    select i, (select before from numbered) + i as number, (1 + i % 100)::int as customer, date '2026-01-01' + (i % 365)::int as day,
      (100 + i % 50000)::bigint as price, (1 + i % 9)::numeric as quantity
    from generate_series(1, $1) i
  ), priced as (
    select *, round(price * quantity)::bigint as net, round(round(price * quantity) * 0.19)::bigint as tax, 2000000000 + number as id
      from made
  ), entry_made as (
    insert into entry (id, period_id, day, text, posted_at) overriding system value
    select id, extract(month from day)::int, day, 'Advice', now() from priced
  ), lines as (
    insert into line select p.id, s.n, s.n, p.day, case s.n when 1 then p.net + p.tax when 2 then -p.net else -p.tax end
    from priced p cross join generate_series(1, 3) as s (n)
  ), header as (
    insert into invoice (id, number, customer_id, day, due_day, net, tax, entry_id) overriding system value
    select id, number, customer, day, day + 30, net, tax, id from priced
  ), header_line as (
    insert into invoice_line select id, 1, 'Advice', quantity, price, net, 2 from priced
  ), tax_made as (
    insert into tax_line select id, 1, net, tax from priced
  ), item as (
    insert into open_item (id, invoice_id, customer_id, due_day, amount, open) overriding system value
    select id, id, customer, day + 30, net + tax, net + tax from priced
  )
  insert into balance as b
  select x.account_id, extract(month from p.day)::int, sum(greatest(x.amount, 0)), sum(greatest(-x.amount, 0))
  from priced p cross join lateral (values (1, p.net + p.tax), (2, -p.net), (3, -p.tax)) as x (account_id, amount)
  group by 1, 2
  on conflict (account_id, period_id) do update set debit = b.debit + excluded.debit, credit = b.credit + excluded.credit`;

/** Milliseconds that a file of invoices takes from request to answer; every round has numbers of its own. */
export async function importInvoices(server: BenchServer, round: number, count: number): Promise<number> {
  const rows = Array.from({ length: count }, (_, index) => {
    const day = new Date(Date.UTC(2026, 0, 1 + (index % 365))).toISOString().slice(0, 10);
    const price = ((100 + (index % 50_000)) / 100).toFixed(2);
    return `F${round}-${index},Customer ${index % 100},${day},Advice,${1 + (index % 9)},${price},standard`;
  });
  const text = `invoice,customer,day,description,quantity,unitPrice,tax\n${rows.join("\n")}\n`;
  const fileId = await server.upload(`invoices-${round}.csv`, text);
  return timed(() => server.call("POST", "/api/v1/finance/imports/table", { kind: "invoices", fileId }));
}

export const invoicesFromFile: Bench = {
  name: "invoices-from-file",
  says: `${fileInvoices} invoices from a CSV file imported and posted, beside set-based SQL that makes them of nothing`,
  prepare: async (server) => {
    await customersOf(server);
    return {
      unit: "ms",
      moreIsBetter: false,
      bound: 2.5,
      ours: (round) => importInvoices(server, round, fileInvoices),
      theirs: () => timed(() => server.raw.query(rawImport, [fileInvoices])),
    };
  },
};
