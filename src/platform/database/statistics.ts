// What PostgreSQL knows of how full its tables are.
import { type Rows, sql } from "./sql.ts";

/**
 * Has those tables counted that more than doubled since they were, the rows of this transaction among them; called between the first
 * batch of many and the second, because in a new house no table was. Plans made for empty tables are made anew afterwards.
 */
export async function countGrownTables(db: Rows): Promise<void> {
  await db.run(sql`select platform.count_grown_tables()`);
}
