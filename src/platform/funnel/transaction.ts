// One database transaction for one company, tried again when PostgreSQL asks for it.
import type { PoolClient } from "pg";
import type { Id } from "../../kernel/id.ts";
import type { Pool } from "../database/pool.ts";
import { type Rows, rowsOn, type Sql } from "../database/sql.ts";

const attemptsMax = 6;
// Serialisation failure and deadlock: the database undid everything, so trying again is safe.
const again = new Set(["40001", "40P01"]);

/** Whether an error asks for the whole transaction to be run again. */
export const isWhole = (error: unknown): boolean => again.has((error as { code?: string }).code ?? "");

// What the driver says, which has no codes.
const lostConnection =
  /^(Connection terminated|Query read timeout|Client (has encountered a connection error|was closed) and is not queryable)/;

/** Whether the driver has lost its connection. */
export const isConnectionLost = (error: unknown): boolean => lostConnection.test((error as Error).message ?? "");

/** Whether the database was lost on the way, so that nobody knows what became of the transaction. */
export const isOutage = (error: unknown): boolean => {
  const code = (error as { code?: string }).code ?? "";
  return /^(08|57P0|XX000|ECONN|EPIPE)/.test(code) || isConnectionLost(error);
};

/** A standby that leads in a moment, or led until a moment ago, takes no writes: that is as good as away. */
function asAway(error: unknown): unknown {
  if ((error as { code?: string }).code !== "25006") return error;
  return Object.assign(new Error("the database does not lead, and takes no writes", { cause: error }), { code: "57P03" });
}

/**
 * `planned` is a read whose plans are kept whatever the values; `gated` also asks for the stamp of the company's gate, in the same round
 * trip.
 */
export type TransactionKind = "read" | "planned" | "write" | "gated";

const isRead = (kind: TransactionKind): boolean => kind === "read" || kind === "planned";

/** Reads and writes inside one transaction, and what goes out with its commit. */
export interface Transacted extends Rows {
  /** Sends a last statement without waiting for it; the commit leaves right behind it, and takes place only when it was done. */
  send(statement: Sql): void;
}

/** The stamp is on its way while the work begins; who needs it waits for it. */
type Work<T> = (db: Transacted, stamp: Promise<string | null>) => Promise<T>;

/** @throws whatever `work` throws, after a rollback. */
export async function inTransaction<T>(pool: Pool, tenantId: Id, kind: TransactionKind, work: Work<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(pool, tenantId, kind, work);
    } catch (error) {
      if (attempt >= attemptsMax || !isWhole(error)) throw isRead(kind) ? error : asAway(error);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * 2 ** attempt));
    }
  }
}

/**
 * The connection is a pipeline: the beginning leaves together with the first statement, the commit together with the last ones. When one
 * of them fails PostgreSQL refuses all that follow it, so nothing is ever done outside the transaction or half.
 */
async function once<T>(pool: Pool, tenantId: Id, kind: TransactionKind, work: Work<T>): Promise<T> {
  const beginning = begin(kind, tenantId);
  const client = await pool.connect();
  const begun = client.query(beginning);
  const stamped = begun.then((results) => (kind === "gated" ? stampIn(results) : null));
  const sent: Promise<unknown>[] = [];
  // All are waited for at the end; until then a failure is nobody's yet.
  const later = (promise: Promise<unknown>): void => {
    promise.catch(() => undefined);
    sent.push(promise);
  };
  later(stamped);
  const rows = rowsOn(client as never);
  try {
    const result = await work({ ...rows, send: (statement) => later(rows.run(statement)) }, stamped);
    const ended = client.query("commit");
    // A read has nothing to lose: only the connection waits for its end.
    if (isRead(kind)) await Promise.all(sent);
    else committed((await Promise.all([ended, ...sent]))[0]);
    release(client, ended);
    return result;
  } catch (error) {
    release(client, client.query("rollback"));
    // After the first failure PostgreSQL refuses everything, so that what was only sent may be the cause of what was seen.
    const cause = (await Promise.allSettled(sent)).find((one) => one.status === "rejected");
    throw cause ? cause.reason : error;
  }
}

function begin(kind: TransactionKind, tenantId: Id): string {
  // The tenant is a checked UUID, so it can stand in the text; SET takes no parameters.
  const fenced = `begin ${isRead(kind) ? "read only" : ""}; set local heartwood.tenant = '${checked(tenantId)}'`;
  if (kind === "planned") return `${fenced}; set local plan_cache_mode = force_generic_plan`;
  return kind === "gated" ? `${fenced}; select stamp from platform.gate where tenant_id = '${tenantId}'` : fenced;
}

function committed({ command }: { readonly command: string }): void {
  if (command !== "COMMIT") throw new Error("the transaction was undone instead of committed: a failure in it was passed over");
}

/** Gives the connection back once its transaction is over; one that does not end is closed. */
function release(client: PoolClient, ended: Promise<unknown>): void {
  void ended.then(
    () => client.release(),
    (failure: Error) => client.release(failure),
  );
}

/** Several statements in one text are answered by several results. */
const stampIn = (results: unknown): string | null => (results as { rows: { stamp: string }[] }[]).at(-1)?.rows[0]?.stamp ?? null;

function checked(tenantId: string): string {
  if (!/^[0-9a-f-]{36}$/.test(tenantId)) throw new RangeError("a tenant is a UUID");
  return tenantId;
}
