// Many things batch by batch: written in one transaction, while PostgreSQL learns how full its tables become, or only walked through.
import { setImmediate } from "node:timers/promises";
import { batchesOf } from "../../kernel/group.ts";
import { type Rows, sql } from "./sql.ts";

/**
 * Has those tables counted that more than doubled since they were, the rows of this transaction among them; called between the first
 * batch of many and the second, because in a new house no table was. Plans made for empty tables are made anew afterwards.
 */
async function countGrownTables(db: Rows): Promise<void> {
  await db.run(sql`select platform.count_grown_tables()`);
}

/**
 * Writes things `size` at a time; `from` is the place of a batch's first. The next batch is made ready while PostgreSQL writes the one
 * before, so that one does not read what the other writes; one that must can wait for `before`. Others are answered in between.
 * Statements of up to 200 KB wait in the socket; of larger ones PostgreSQL would get the rest only when Node has done with the next batch.
 * When one fails the other is waited for: nothing is asked behind the rollback.
 */
export async function inBatches<T>(
  db: Rows,
  things: Iterable<T>,
  size: number,
  write: (batch: readonly T[], from: number, before: Promise<unknown>) => Promise<unknown>,
): Promise<void> {
  let before: Promise<unknown> = Promise.resolve();
  let now = before;
  let from = 0;
  try {
    for (const batch of batchesOf(things, size)) {
      if (from === size) {
        await now;
        await countGrownTables(db);
      }
      [before, now] = [now, write(batch, from, now)];
      now.catch(() => undefined);
      from += batch.length;
      await before;
      await setImmediate();
    }
    await now;
  } catch (error) {
    await Promise.allSettled([before, now]);
    throw error;
  }
}

/** Things `size` at a time; others are answered in between. */
export async function* inTurns<T>(things: Iterable<T>, size: number): AsyncGenerator<readonly T[]> {
  for (const batch of batchesOf(things, size)) {
    yield batch;
    await setImmediate();
  }
}

/** All things, asked for `size` at a time; others are answered in between. */
export async function allInTurns<T>(things: Iterable<T>, size: number): Promise<T[]> {
  const all: T[] = [];
  for await (const batch of inTurns(things, size)) all.push(...batch);
  return all;
}
