// Who is named as the holder of something: a seat, whoever sits in it, or one person.
import type { Id } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { isActivity } from "./activity.rules.ts";

export interface NamedHolder {
  readonly positionId: Id | null;
  readonly personId: Id | null;
}

/** Refuses `holderMissing`, `personUnknown`, `positionUnknown` and `activityUnknown`. */
export async function needHolder(
  context: ReadContext,
  input: { readonly activity: string; readonly positionId?: Id; readonly personId?: Id },
): Promise<NamedHolder> {
  if ((input.positionId === undefined) === (input.personId === undefined)) refuse("holderMissing");
  if (!isActivity(input.activity)) refuse("activityUnknown", { activity: input.activity }, ["activity"]);
  const [table, kind] = input.personId ? [sql`directory.party`, sql`and kind = 'person'`] : [sql`directory.position`, sql``];
  const id = input.personId ?? input.positionId!;
  const found = await context.db.maybe(sql`select id from ${table} where tenant_id = ${context.tenantId} and id = ${id} ${kind}`);
  if (!found) refuse(input.personId ? "personUnknown" : "positionUnknown", {}, [input.personId ? "personId" : "positionId"]);
  return { positionId: input.positionId ?? null, personId: input.personId ?? null };
}
