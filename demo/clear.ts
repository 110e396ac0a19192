// Clears away a company whose set-up was interrupted, so that the next start begins it anew.
import type { Id } from "../src/kernel/id.ts";
import type { Pool } from "../src/platform/database/pool.ts";
import { identifier, rowsOn, sql } from "../src/platform/database/sql.ts";

/** Removes every row of companies that never became ready. Only the owner of an embedded database may do this. */
export async function clearUnready(owner: Pool): Promise<number> {
  const unready = await rowsOn(owner).rows<{ tenantId: Id }>(sql`select tenant_id from platform.tenant_account where ready_at is null`);
  if (unready.length === 0) return 0;
  const client = await owner.connect();
  try {
    const db = rowsOn(client);
    await client.query("begin");
    // Nothing of it was ever real: the books' own guards are set aside for this one transaction.
    await client.query("set local session_replication_role = replica");
    const tables = await db.rows<{ name: string }>(sql`
      select n.nspname || '.' || c.relname as name from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
      where c.relkind = 'r' and n.nspname not like 'pg\\_%'`);
    const ids = unready.map((row) => row.tenantId);
    for (const table of tables) await db.run(sql`delete from ${identifier(table.name)} where tenant_id = any(${ids}::uuid[])`);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
  return unready.length;
}
