// Tries one piece of work inside the transaction and takes it back alone when it fails, so that one run never stops the others.
import { Refusal } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";

// Serialisation failure and deadlock concern the whole transaction: the funnel runs it again.
const wholeTransaction = new Set(["40001", "40P01"]);

/** Undefined when it went well, else why not, in words. */
export async function attempt(context: WriteContext, does: () => Promise<unknown>): Promise<string | undefined> {
  await context.db.run(sql`savepoint attempt`);
  try {
    await does();
  } catch (error) {
    if (wholeTransaction.has((error as { code?: string }).code ?? "")) throw error;
    await context.db.run(sql`rollback to savepoint attempt`);
    await context.db.run(sql`release savepoint attempt`);
    return sentenceOf(error);
  }
  await context.db.run(sql`release savepoint attempt`);
  return undefined;
}

function sentenceOf(error: unknown): string {
  const { name, message } = error as Error;
  if (error instanceof Refusal) return message || `It was refused: ${error.code}.`;
  if (name === "InvalidInput") return `The house does not know enough to do it: ${message}.`;
  return `A fault of the house: ${message}`.slice(0, 500);
}
