// People by name.
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";

export async function personNames(context: ReadContext, personIds: readonly (Id | null)[]): Promise<Map<Id, string>> {
  const rows = await context.db.rows<{ id: Id; name: string }>(sql`
    select id, name from directory.party
    where tenant_id = ${context.tenantId} and id = any(${personIds.filter((id) => id !== null)}::uuid[])`);
  return new Map(rows.map((row) => [row.id, row.name]));
}
