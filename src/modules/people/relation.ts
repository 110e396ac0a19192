// How the one who asks stands to the one a record is about: the person themself, their line manager, or nobody in particular.
import type { Id } from "../../kernel/id.ts";
import { type Sql, sql } from "../../platform/database/sql.ts";
import type { ReadContext } from "../../platform/operation/context.ts";
import { type May, whoever } from "../../platform/operation/operation.ts";
import { isManagerOf, managerOf, reportsBelow } from "../directory/index.ts";
import { principalsOf } from "../office/index.ts";

/** The candidate an offer is made to; a list of offers narrows itself. */
export const candidateSelf: May = whoever<{ offerId?: Id }>("the candidate themself", async (input, context) =>
  input.offerId ? context.actor.personId === (await personOf(context, sql`people.offer`, input.offerId)) : context.actor.personId !== null,
);

/** The person of an employment; a list narrows itself to them. */
export const employeeSelf: May = whoever<{ employmentId?: Id }>("the person themself", async (input, context) =>
  input.employmentId
    ? context.actor.personId === (await personOf(context, sql`people.employment`, input.employmentId))
    : context.actor.personId !== null,
);

/** Everyone signed in as a person: what they see is narrowed to themself and those who answer to them. */
export const selfOrLine: May = whoever(
  "the person themself and those they answer to",
  (_input, context) => context.actor.personId !== null,
);

export function personOf(context: ReadContext, table: Sql, id: Id): Promise<Id | undefined> {
  return context.db
    .maybe<{ personId: Id }>(sql`select person_id from ${table} where tenant_id = ${context.tenantId} and id = ${id}`)
    .then((found) => found?.personId);
}

/** Rows about the one who asks, or about someone who answers to them today. */
export const ownOrBelow = (context: ReadContext): Sql => sql`
  (r.person_id = ${context.actor.personId}::uuid or r.person_id in (${reportsBelow(context, context.actor.personId, context.today)}))`;

/** Whether the one who asks leads the person, or stands in for their line manager; the person themself passes nothing on. */
export async function leads(context: ReadContext, personId: Id, activity: string): Promise<boolean> {
  const me = context.actor.personId;
  if (!me) return false;
  if (await isManagerOf(context, me, personId, context.today)) return true;
  const leader = await managerOf(context, personId, context.today);
  if (!leader) return false;
  const principals = await principalsOf(context, me, { activity, except: [personId] });
  return principals.some((one) => one.personId === leader);
}
