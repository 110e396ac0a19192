// The kinds of work the company knows of.
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { titleOfActivity } from "./activity.rules.ts";

/** Work of a kind nobody named before still appears on the responsibility map. */
export async function knowActivity(context: WriteContext, activity: string): Promise<void> {
  await context.db.run(sql`
    insert into office.activity (tenant_id, name, title) values (${context.tenantId}, ${activity}, ${titleOfActivity(activity)})
    on conflict (tenant_id, name) do nothing`);
}

/** Titles of those that the company knows. */
export async function activityTitles(context: ReadContext, names: readonly string[]): Promise<Map<string, string>> {
  const rows = await context.db.rows<{ name: string; title: string }>(sql`
    select name, title from office.activity where tenant_id = ${context.tenantId} and name = any(${names}::text[]) order by name`);
  return new Map(rows.map((row) => [row.name, row.title]));
}
