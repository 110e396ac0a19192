// What a read costs, in counts that do not drift with the machine: the statements it sends, and how many rows of each table they look at.
import type pg from "pg";
import type { TestHouse } from "./house.ts";

interface Asked {
  readonly text: string;
  readonly values: unknown[];
}

export interface Reading {
  /** How each statement begins, begin and commit among them. */
  readonly statements: readonly string[];
  /** Rows looked at, by the name of the table. */
  readonly rows: ReadonlyMap<string, number>;
}

/** How a small table is read when everything goes by its indexes, as it does once the table is large. */
const byIndex = "set local enable_seqscan = off; set local enable_bitmapscan = off; set local enable_sort = off";

/** A table that is large in the test itself is read as the planner likes: `settings` is empty. */
export async function readingOf(house: TestHouse, work: () => Promise<unknown>, settings = byIndex): Promise<Reading> {
  const asked = await askedBy(house, work);
  const rows = new Map<string, number>();
  const client = await house.pool.connect();
  try {
    await client.query(`begin read only; set local heartwood.tenant = '${house.tenantId}'`);
    await client.query(settings);
    for (const { text, values } of asked.filter((one) => /^[\s(]*(select|with)\b/.test(one.text))) {
      const explained = await client.query<{ "QUERY PLAN": { Plan: Plan }[] }>(`explain (analyze, format json) ${text}`, values);
      countRows(explained.rows[0]!["QUERY PLAN"][0]!.Plan, rows);
    }
    await client.query("rollback");
  } finally {
    client.release();
  }
  return { statements: asked.map(({ text }) => text.trim().split(/\s+/).slice(0, 2).join(" ")), rows };
}

/** The statements that some work sends to the database, begin and commit among them. */
export async function askedBy(house: TestHouse, work: () => Promise<unknown>): Promise<Asked[]> {
  const asked: Asked[] = [];
  const { pool } = house;
  const connect = pool.connect.bind(pool) as () => Promise<pg.PoolClient>;
  const told = new Map<pg.PoolClient, pg.PoolClient["query"]>();
  pool.connect = (async () => {
    const client = await connect();
    if (told.has(client)) return client;
    const query = client.query.bind(client) as (...given: unknown[]) => unknown;
    told.set(client, client.query);
    client.query = ((...given: unknown[]) => {
      const [one] = given as [string | Asked];
      asked.push(typeof one === "string" ? { text: one, values: [] } : { text: one.text, values: one.values });
      return query(...given);
    }) as never;
    return client;
  }) as never;
  try {
    await work();
  } finally {
    pool.connect = connect as never;
    for (const [client, query] of told) client.query = query;
  }
  return asked;
}

interface Plan {
  readonly "Relation Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly Plans?: readonly Plan[];
}

function countRows(plan: Plan, rows: Map<string, number>): void {
  const name = plan["Relation Name"];
  if (name !== undefined) {
    const looked = (plan["Actual Rows"] + (plan["Rows Removed by Filter"] ?? 0)) * plan["Actual Loops"];
    rows.set(name, (rows.get(name) ?? 0) + Math.round(looked));
  }
  for (const inner of plan.Plans ?? []) countRows(inner, rows);
}
