// Posting in many batches within one transaction: an import, a whole statement matched.
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";

/** Their lines are summed in a second or two; a statement may take thirty. */
const entriesMax = 200_000;

/**
 * Balances of what `work` posts into a set of books are written once, behind it. Within one transaction PostgreSQL keeps every state of a
 * balance, and finds the last one by walking along all of them; and whoever posts in other series meanwhile waits for none of them.
 * Until then this transaction reads balances as they were. `work` refuses what is not to be kept, before anything is written behind it.
 */
export async function inBulk<T>(context: WriteContext, bookId: Id, work: () => Promise<T>): Promise<T> {
  await context.db.run(sql`select finance.hold_balances(${context.tenantId}, ${bookId})`);
  const result = await work();
  for (let isMore = true; isMore;) {
    ({ isMore } = await context.db.row<{ isMore: boolean }>(sql`
      select finance.write_balances(${context.tenantId}, ${bookId}, ${entriesMax}) as is_more`));
  }
  return result;
}
