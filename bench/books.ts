// The books that benches post into: 500 accounts that take postings, one year, open.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { oncePerServer } from "./server.ts";

export interface BenchBooks {
  /** Identifiers of accounts that take postings and are no control accounts. */
  readonly accounts: readonly string[];
}

export const booksOf = oncePerServer(async (server): Promise<BenchBooks> => {
  await server.call("POST", "/api/v1/finance/setups", { currency: "EUR", fiscalYearStart: "2026-01-01" });
  await server.raw.query(readFileSync(join(import.meta.dirname, "raw/post.sql"), "utf8"));
  // Accounts are put in by hand: four hundred requests would measure nothing.
  await server.owner.query(`
    insert into finance.account (tenant_id, id, book_id, code, name, type, parent_id, is_group)
    select a.tenant_id, gen_random_uuid(), a.book_id, 'B' || i, 'Bench account ' || i, a.type, a.parent_id, false
    from finance.account a cross join generate_series(1, 500) i where a.code = '6540'`);
  const { rows } = await server.owner.query<{ id: string }>("select id from finance.account where code ~ '^B[0-9]+$' order by id");
  await server.owner.query("analyze");
  return { accounts: rows.map((row) => row.id) };
});

/** A repeatable sequence of numbers below a limit, so that two runs press on the same accounts. */
export function numbersFrom(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
