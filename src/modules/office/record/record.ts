// What hangs on a record is as open as the record: comments and files ask the record's own register who may read it.
import { type Id, isId } from "../../../kernel/id.ts";
import { identifier, join, snake, type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { type May, whoever } from "../../../platform/operation/operation.ts";

export interface RecordName {
  readonly subject: string;
  readonly recordId: Id;
}

interface Asked {
  readonly id?: string;
  readonly filter?: Readonly<Record<string, string>>;
}

/**
 * For a register of what hangs on records: `may` finds out which records the question is about and which of them the asker may read,
 * `sees` lets through the rows of those. It stands in the register's own SELECT too, where not even the owner of the company passes by it.
 */
export function asOpenAsTheRecord(table: string, columns: readonly string[]): { may: May; sees: (context: ReadContext) => Sql } {
  // Kept for one question only: `sees` is asked with the same context as `may`.
  const readable = new WeakMap<ReadContext, readonly RecordName[]>();
  const may = whoever<Asked>("whoever may read the record", async (input, context) => {
    const found: RecordName[] = [];
    for (const record of await recordsAsked(context, table, columns, input)) {
      if (await context.mayRead(record.subject, record.recordId)) found.push(record);
    }
    readable.set(context, found);
    // Nobody is turned away: who asks about nothing they may read sees an empty list.
    return true;
  });
  const sees = (context: ReadContext): Sql => {
    if (context.actor.kind === "system") return sql`true`;
    const records = readable.get(context) ?? [];
    if (records.length === 0) return sql`false`;
    return join(
      records.map((one) => sql`(r.subject = ${one.subject} and r.record_id = ${one.recordId})`),
      sql` or `,
    );
  };
  return { may, sees };
}

/** The records that a question names by identifier: the rows' own, their record's, or their file's. */
async function recordsAsked(context: ReadContext, table: string, columns: readonly string[], asked: Asked): Promise<RecordName[]> {
  const conditions: Sql[] = [];
  if (asked.id !== undefined) conditions.push(sql`id = ${asked.id}`);
  for (const column of columns) {
    const value = asked.filter?.[column];
    if (value !== undefined && isId(value)) conditions.push(sql`${identifier(snake(column))} = ${value}`);
  }
  if (conditions.length === 0) return [];
  return context.db.rows<RecordName>(sql`
    select distinct subject, record_id from ${identifier(table)}
    where tenant_id = ${context.tenantId} and ${join(conditions, sql` and `)} limit 100`);
}
