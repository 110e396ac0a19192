// The kinds of work the company knows of.
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { titleOfActivity } from "./activity.rules.ts";

/** Work of a kind nobody named before still appears on the responsibility map. */
export async function knowActivity(context: WriteContext, activity: string): Promise<void> {
  await context.db.run(sql`
    insert into office.activity (tenant_id, name, title) values (${context.tenantId}, ${activity}, ${titleOfActivity(activity)})
    on conflict (tenant_id, name) do nothing`);
}
