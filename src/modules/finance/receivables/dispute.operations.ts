// Disputes: what a customer contests is not asked for until it is cleared.
import { z } from "zod";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { Day, Id, LongText, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";

const roles = ["finance.accountant", "finance.manager"];
const mayBeDisputed = (record: Readonly<Record<string, unknown>>): boolean =>
  record["direction"] === "receivable" && (record["state"] === "open" || record["state"] === "overdue");

export const disputeItem = operation({
  name: "finance.openItem.dispute",
  title: "Note a dispute",
  does: "Notes why a customer contests what they owe; it is not asked for in reminders until the dispute ends.",
  kind: "write",
  may: roles,
  input: z.strictObject({
    openItemId: ref("finance.openItem"),
    reason: LongText(300).min(3),
    day: Day.optional().describe("By default today."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    notFound: "There is no such open item.",
    nothingOwed: "The customer owes nothing on {reference}.",
    disputedBefore: "{reference} is disputed already: {reason}",
  },
  constraints: { item_dispute_one: "disputedBefore" },
  when: mayBeDisputed,
  emits: ["finance.openItem.disputed"],
  async run(input, context) {
    const { tenantId } = context;
    const item = await context.db.maybe<{ reference: string; isOwed: boolean; reason: string | null }>(sql`
      select o.reference, o.direction = 'receivable' and o.open_amount > 0 as is_owed, d.reason from finance.open_item o
      left join finance.item_dispute d on d.tenant_id = ${tenantId} and d.item_id = o.id and d.until_day is null
      where o.tenant_id = ${tenantId} and o.id = ${input.openItemId}`);
    if (!item) refuse("notFound");
    if (!item.isOwed) refuse("nothingOwed", { reference: item.reference });
    if (item.reason) refuse("disputedBefore", { reference: item.reference, reason: item.reason });
    await context.db.run(sql`
      insert into finance.item_dispute (tenant_id, id, item_id, reason, from_day, person_id, by_name, at)
      values (${tenantId}, ${context.newId()}, ${input.openItemId}, ${input.reason}, ${input.day ?? context.today}::date,
        ${context.actor.personId}, ${context.actor.name}, ${context.now})`);
    context.emit("finance.openItem.disputed", { openItemId: input.openItemId, reason: input.reason });
    return { id: input.openItemId };
  },
});

export const endDispute = operation({
  name: "finance.openItem.endDispute",
  title: "End the dispute",
  does: "Notes how a dispute came out; what is still open is asked for again.",
  kind: "write",
  may: roles,
  input: z.strictObject({
    openItemId: ref("finance.openItem"),
    outcome: LongText(300).min(3),
    day: Day.optional().describe("By default today."),
  }),
  output: z.object({ id: Id }),
  refuses: { notDisputed: "Nobody disputes this item." },
  when: mayBeDisputed,
  async run(input, context) {
    const day = input.day ?? context.today;
    const count = await context.db.run(sql`
      update finance.item_dispute set until_day = greatest(from_day, ${day}::date), outcome = ${input.outcome}
      where tenant_id = ${context.tenantId} and item_id = ${input.openItemId} and until_day is null`);
    if (count === 0) refuse("notDisputed");
    return { id: input.openItemId };
  },
});
