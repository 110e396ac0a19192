// Parties as they are kept: persons and organisations share one table, so that anyone may become a customer or a supplier.
import type { Day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import { identifier, join, snake, sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";

/** Sets the given columns; returns false when there is no such party of that kind. */
export async function changeParty(
  context: WriteContext,
  kind: "person" | "organisation",
  id: Id,
  changes: Readonly<Record<string, string | null | undefined>>,
): Promise<boolean> {
  const sets = Object.entries(changes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => sql`${identifier(snake(name))} = ${value}`);
  const touched = await context.db.run(sql`
    update directory.party set ${join([sql`kind = kind`, ...sets], sql`, `)}
    where tenant_id = ${context.tenantId} and id = ${id} and kind = ${kind}`);
  return touched === 1;
}

/** Gives a party a role; returns false when it has it already at some time from then on. */
export async function giveRole(context: WriteContext, partyId: Id, role: string, from: Day): Promise<boolean> {
  const touched = await context.db.run(sql`
    insert into directory.party_role (tenant_id, party_id, role, from_day)
    select ${context.tenantId}, ${partyId}, ${role}, ${from}::date
    where not exists (select from directory.party_role
      where tenant_id = ${context.tenantId} and party_id = ${partyId} and role = ${role}
        and daterange(from_day, until_day, '[]') && daterange(${from}::date, null))`);
  return touched === 1;
}
