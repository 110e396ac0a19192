// What PostgreSQL knows of how full its tables are, while many rows are written in one transaction.
import { type Rows, sql } from "./sql.ts";

/**
 * Has those tables counted that more than doubled since they were, the rows of this transaction among them; called between the first
 * batch of many and the second, because in a new house no table was. Plans made for empty tables are made anew afterwards.
 */
export async function countGrownTables(db: Rows): Promise<void> {
  await db.run(sql`select platform.count_grown_tables()`);
}

/**
 * Writes things `size` at a time; `from` is the place of a batch's first. The next batch is begun while PostgreSQL writes the one before,
 * so that one does not read what the other writes. When one fails the other is waited for: nothing is asked behind the rollback.
 */
export async function inBatches<T>(
  db: Rows,
  things: readonly T[],
  size: number,
  write: (batch: readonly T[], from: number) => Promise<unknown>,
): Promise<void> {
  let before: Promise<unknown> = Promise.resolve();
  for (let from = 0; from < things.length; from += size) {
    if (from === size) {
      await before;
      await countGrownTables(db);
    }
    const now = write(things.slice(from, from + size), from);
    now.catch(() => undefined);
    try {
      await before;
    } catch (error) {
      await Promise.allSettled([now]);
      throw error;
    }
    before = now;
  }
  await before;
}
