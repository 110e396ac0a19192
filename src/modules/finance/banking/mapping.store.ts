// Saved mappings of CSV statements, read and written.
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { type ColumnMeaning, columnMeanings, type CsvMapping } from "./csv.rules.ts";

export interface SavedMapping extends CsvMapping {
  readonly id: Id;
  readonly name: string;
  readonly bankAccountId: Id | null;
}

const isMeaning = (text: string): text is ColumnMeaning => (columnMeanings as readonly string[]).includes(text);

/** Those that may serve a bank account and are not retired, its own before the common ones. */
export async function mappingsFor(context: ReadContext, bankAccountId: Id): Promise<SavedMapping[]> {
  const rows = await context.db.rows<Omit<SavedMapping, "columns"> & { columns: string[] }>(sql`
    select id, name, bank_account_id, separator, encoding, skip, header, day_order, decimal_mark, columns, debit_words, is_reversed
    from finance.statement_mapping
    where tenant_id = ${context.tenantId} and (bank_account_id is null or bank_account_id = ${bankAccountId})
      and (retired_from is null or retired_from > ${context.today}::date)
    order by bank_account_id nulls last, at desc, id`);
  return rows.map((row) => ({ ...row, columns: row.columns.map((one) => (isMeaning(one) ? one : null)) }));
}

export async function insertMapping(context: WriteContext, id: Id, name: string, bankAccountId: Id | undefined, mapping: CsvMapping) {
  await context.db.run(sql`
    insert into finance.statement_mapping (tenant_id, id, bank_account_id, name, separator, encoding, skip, header, day_order, decimal_mark,
      columns, debit_words, is_reversed, person_id, by_name, at)
    values (${context.tenantId}, ${id}, ${bankAccountId ?? null}, ${name}, ${mapping.separator}, ${mapping.encoding}, ${mapping.skip},
      ${mapping.header}, ${mapping.dayOrder}, ${mapping.decimalMark}, ${mapping.columns.map((one) => one ?? "")}, ${mapping.debitWords},
      ${mapping.isReversed}, ${context.actor.personId}, ${context.actor.name}, ${context.now})`);
}
