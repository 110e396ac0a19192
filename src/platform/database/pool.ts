// Connections to PostgreSQL, with the parsers that keep days days and amounts exact.
import type { Writable } from "node:stream";
import pg from "pg";

const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.DATE, (text) => text);
types.setTypeParser(pg.types.builtins.INT8, (text) => BigInt(text));
const arrayOf = (text: string): string[] => (text === "{}" ? [] : text.slice(1, -1).split(","));
types.setTypeParser(1182 as number, arrayOf);
types.setTypeParser(1016 as number, (text) => arrayOf(text).map(BigInt));
types.setTypeParser(2951 as number, arrayOf);

export type Pool = pg.Pool;

/**
 * A pool of connections. Statements that take longer than 30 s, wait longer than 5 s for a lock, or leave a transaction idle for 15 s
 * are ended by the database, so that one stuck caller never holds the others. Who gets no connection in 15 s, or no answer in 40 s
 * because the network swallowed it, is told so.
 */
export function openPool(config: pg.PoolConfig, limit = 16): Pool {
  const pool = new pg.Pool({
    ...config,
    max: limit,
    types,
    connectionTimeoutMillis: 15_000,
    query_timeout: 40_000,
    keepAlive: true,
    // What is asked of one connection goes out at once and is answered in turn, each for itself.
    pipeline: true,
    options: "-c statement_timeout=30000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=15000 -c timezone=UTC",
  });
  // A pool without a listener ends the process when the server closes an idle connection.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => {
    client.on("error", () => undefined);
    writeTogether(client);
  });
  return pool;
}

/** What is asked of a connection in one turn leaves in one write: the beginning with the first statements, the last with the commit. */
function writeTogether(client: pg.PoolClient): void {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Writable } }).connection;
  const query = client.query.bind(client) as (...asked: unknown[]) => unknown;
  let isHeld = false;
  client.query = ((...asked: unknown[]) => {
    if (!isHeld) {
      isHeld = true;
      stream.cork();
      process.nextTick(() => {
        isHeld = false;
        stream.uncork();
      });
    }
    return query(...asked);
  }) as typeof client.query;
}
