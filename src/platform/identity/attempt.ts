// Attempts to sign in, counted in the database so that a restart or a second process gives nobody fresh tries.
import { createHmac } from "node:crypto";
import { rowsOn, sql } from "../database/sql.ts";
import type { Pool } from "../database/pool.ts";

/** At most `max` attempts in `window` seconds, counted from the first of them. */
export interface AttemptLimit {
  readonly max: number;
  readonly window: number;
}

export interface Attempts {
  /** Counts one attempt, whether it will succeed or not. `waitSeconds` is 0 when it may go ahead. */
  take(key: string, limit: AttemptLimit): Promise<{ waitSeconds: number }>;
  /** Forgets the attempts under a key, after a success. */
  clear(key: string): Promise<void>;
}

export function attemptsIn(pool: Pool, secret: string): Attempts {
  const table = rowsOn(pool);
  // Keys name people and addresses; the table only has to recognise them.
  const blind = (key: string) => createHmac("sha256", secret).update(`attempt:${key}`).digest("base64url");
  return {
    async take(key, limit) {
      const now = new Date();
      const oldest = new Date(now.getTime() - limit.window * 1000);
      // The count stops one above the limit: it says "over", and a flood cannot overflow it.
      const { count, beganAt } = await table.row<{ count: number; beganAt: Date }>(sql`
        insert into auth.attempt as a (key, count, began_at) values (${blind(key)}, 1, ${now})
        on conflict (key) do update set
          count = case when a.began_at <= ${oldest}::timestamptz then 1 else least(a.count + 1, ${limit.max + 1}::integer) end,
          began_at = case when a.began_at <= ${oldest}::timestamptz then excluded.began_at else a.began_at end
        returning count, began_at`);
      if (count <= limit.max) return { waitSeconds: 0 };
      return { waitSeconds: Math.max(1, Math.ceil((beganAt.getTime() + limit.window * 1000 - now.getTime()) / 1000)) };
    },
    async clear(key) {
      await table.run(sql`delete from auth.attempt where key = ${blind(key)}`);
    },
  };
}
