// Bills that wait in an unsettled payment run are paid by it and by nothing else.
import type { Id } from "../../../kernel/id.ts";
import { Refusal, word } from "../../../kernel/refusal.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";

export const inOtherRun = "{reference} waits in payment run {run} already. Take it out of that run first, or let the run pay it.";

/** Of open items `o`: those that wait in no run. What a run pays is settled by the run, and then told by the bank. */
export const notInRun = (tenantId: Id): Sql => sql`not exists (select from finance.payment_run_item i
  where i.tenant_id = ${tenantId} and i.open_item_id = o.id and i.is_live)`;

/** Refuses `inOtherRun` in words of its own. The caller has locked the items, so that no run takes one meanwhile. */
export async function refuseInRun(context: ReadContext, openItemIds: readonly Id[]): Promise<void> {
  if (openItemIds.length === 0) return;
  const found = await context.db.maybe<{ run: string; reference: string }>(sql`
    select r.code as run, o.reference from finance.payment_run_item i
    join finance.payment_run r on r.tenant_id = ${context.tenantId} and r.id = i.run_id
    join finance.open_item o on o.tenant_id = ${context.tenantId} and o.id = i.open_item_id
    where i.tenant_id = ${context.tenantId} and i.is_live and i.open_item_id = any(${openItemIds}::uuid[]) order by o.reference limit 1`);
  if (found) throw new Refusal("inOtherRun", word(inOtherRun, { ...found }), { ...found });
}
