// One database transaction for one company, tried again when PostgreSQL asks for it.
import type { Id } from "../../kernel/id.ts";
import type { Pool } from "../database/pool.ts";
import { type Rows, rowsOn } from "../database/sql.ts";

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

/** `gated` also asks for the stamp of the company's gate, in the same round trip. */
export type TransactionKind = "read" | "write" | "gated";

type Work<T> = (db: Rows, stamp: string | null) => Promise<T>;

/** @throws whatever `work` throws, after a rollback. */
export async function inTransaction<T>(pool: Pool, tenantId: Id, kind: TransactionKind, work: Work<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(pool, tenantId, kind, work);
    } catch (error) {
      if (attempt >= attemptsMax || !isWhole(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * 2 ** attempt));
    }
  }
}

async function once<T>(pool: Pool, tenantId: Id, kind: TransactionKind, work: Work<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    // One round trip. The tenant is a checked UUID, so it can stand in the text; SET takes no parameters.
    const stamp = kind === "gated" ? `; select stamp from platform.gate where tenant_id = '${checked(tenantId)}'` : "";
    const begun = await client.query(
      `begin ${kind === "read" ? "read only" : ""}; set local heartwood.tenant = '${checked(tenantId)}'${stamp}`,
    );
    try {
      const result = await work(rowsOn(client as never), stamp ? stampIn(begun) : null);
      await client.query("commit");
      return result;
    } catch (error) {
      await client.query("rollback").catch((failure: Error) => {
        broken = failure;
      });
      throw error;
    }
  } finally {
    client.release(broken);
  }
}

/** Several statements in one text are answered by several results. */
const stampIn = (results: unknown): string | null => (results as { rows: { stamp: string }[] }[]).at(-1)?.rows[0]?.stamp ?? null;

function checked(tenantId: string): string {
  if (!/^[0-9a-f-]{36}$/.test(tenantId)) throw new RangeError("a tenant is a UUID");
  return tenantId;
}
