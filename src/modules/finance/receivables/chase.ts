// What is overdue is chased: one task for each customer.
import { addDays } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { closeTask, openTask } from "../../office/index.ts";

/** Days after which a customer is asked. */
const patienceDays = 7;

/**
 * Opens one task for each customer who owes more than they have on account and is overdue, named after their oldest item, and closes those
 * whose item was settled.
 */
export async function chaseOverdue(context: WriteContext): Promise<void> {
  const { tenantId, today } = context;
  const settled = await context.db.rows<{ key: string }>(sql`
    select t.key from office.task t
    join finance.open_item o on o.tenant_id = ${tenantId} and t.key = 'finance.chase:' || o.id and o.open_amount = 0
    where t.tenant_id = ${tenantId} and t.state = 'open' and t.kind = 'chase'`);
  for (const { key } of settled) await closeTask(context, { key }, "done", "Paid");
  const overdue = await context.db.rows<{
    itemId: KernelId;
    partyId: KernelId;
    party: string;
    items: number;
    open: bigint;
    currency: string;
  }>(sql`
    select c.*, y.name as party from (
      select (array_agg(o.id order by o.due_day, o.id) filter (where o.open_amount > 0))[1] as item_id, o.party_id,
        (count(*) filter (where o.open_amount > 0))::int as items,
        sum(o.open_amount)::bigint as open, b.currency
      from finance.open_item o join finance.book b on b.tenant_id = ${tenantId} and b.id = o.book_id
      where o.tenant_id = ${tenantId} and o.direction = 'receivable'
        and (o.open_amount < 0 or o.open_amount > 0 and o.due_day < ${addDays(today, -patienceDays)}::date)
      group by o.party_id, o.book_id, b.currency having sum(o.open_amount) > 0) c
    join directory.party y on y.tenant_id = ${tenantId} and y.id = c.party_id
    where not exists (select from office.task t where t.tenant_id = ${tenantId} and t.key = 'finance.chase:' || c.item_id)`);
  for (const { itemId, party, items, open, currency } of overdue) {
    await openTask(context, {
      kind: "chase",
      title: `Ask ${party} for ${new KernelMoney(open, currency).toString()}`,
      says: `${items} of their items are overdue. Call or write, and note what they say. The task closes when the oldest is settled.`,
      owner: { activity: "finance.receivables" },
      due: addDays(today, 3),
      about: { subject: "finance.openItem", id: itemId },
      key: `finance.chase:${itemId}`,
    });
  }
}
