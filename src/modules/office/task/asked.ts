// Who was asked for something: a person with an open task about a record may do what they were asked, and see what it takes.
import type { Id } from "../../../kernel/id.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";

/** Identifiers of the records that the actor's open tasks ask about, by the name of the field in what they ask: a SELECT of one column. */
export const askedAbout = (context: ReadContext, field: string): Sql => sql`
  select (t.asks_input ->> ${field})::uuid from office.task t
  where t.tenant_id = ${context.tenantId} and t.state = 'open' and t.person_id = ${context.actor.personId}
    and t.asks_input ->> ${field} is not null`;

/** Whether the actor has an open task that asks for that operation on that record. */
export async function wasAsked(context: ReadContext, operation: string, field: string, id: Id): Promise<boolean> {
  const found = await context.db.maybe(sql`
    select t.id from office.task t
    where t.tenant_id = ${context.tenantId} and t.state = 'open' and t.person_id = ${context.actor.personId}
      and t.asks_operation = ${operation} and t.asks_input ->> ${field} = ${id} limit 1`);
  return found !== undefined;
}
