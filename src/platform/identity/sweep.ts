// What has run out is thrown away: old sessions, unanswered links and challenges, counted attempts. At most once an hour in a process.
import type { Pool } from "../database/pool.ts";
import { rowsOn, sql } from "../database/sql.ts";
import { sessionSeconds } from "./session.ts";

const everyMilliseconds = 3_600_000;
/** Longer than any window in which attempts are counted. */
const keepAttemptsMilliseconds = 86_400_000;

export function hourlySweep(pool: Pool): () => Promise<void> {
  const table = rowsOn(pool);
  let sweptAt = 0;
  return async () => {
    const now = Date.now();
    if (now - sweptAt < everyMilliseconds) return;
    sweptAt = now;
    const today = new Date(now);
    await table.run(sql`delete from auth.attempt where began_at < ${new Date(now - keepAttemptsMilliseconds)}`);
    await table.run(sql`delete from auth.verification where expires_at < ${today}`);
    await table.run(sql`
      delete from auth.session where expires_at < ${today} or updated_at < ${new Date(now - sessionSeconds.idle * 1000)}`);
  };
}
