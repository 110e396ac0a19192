// Checklists as they are kept: the items of a plan go to each of its work orders.
import { z } from "zod";
import type { Id } from "../../kernel/id.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { Text } from "../../platform/operation/field.ts";
import { itemKinds } from "./checklist.rules.ts";

export const Checklist = z
  .array(
    z.strictObject({
      title: Text(200).describe("What is looked at."),
      kind: z.enum(itemKinds).default("yesNo"),
      unit: Text(20).optional(),
      minimum: z.number().optional().describe("Of a number: the least that is fine."),
      maximum: z.number().optional().describe("Of a number: the most that is fine."),
      required: z.boolean().default(true),
    }),
  )
  .max(100);

export type NewItem = z.output<typeof Checklist>[number];

/** Adds items at the end of the checklist of a work order. */
export async function addItems(context: WriteContext, workOrderId: Id, items: readonly NewItem[]): Promise<void> {
  if (items.length === 0) return;
  await context.db.run(sql`
    insert into facilities.checklist_item (tenant_id, id, work_order_id, place, title, kind, unit, minimum, maximum, is_required)
    select ${context.tenantId}, i.id, ${workOrderId}, last.place + i.place, i.title, i.kind, i.unit, i.minimum, i.maximum, i.is_required
    from unnest(${items.map(() => context.newId())}::uuid[], ${items.map((item) => item.title)}::text[],
      ${items.map((item) => item.kind)}::text[], ${items.map((item) => item.unit ?? null)}::text[],
      ${items.map((item) => item.minimum ?? null)}::numeric[], ${items.map((item) => item.maximum ?? null)}::numeric[],
      ${items.map((item) => item.required)}::boolean[]) with ordinality as i (id, title, kind, unit, minimum, maximum, is_required, place)
    cross join (select coalesce(max(place), 0) as place from facilities.checklist_item
      where tenant_id = ${context.tenantId} and work_order_id = ${workOrderId}) last`);
}
