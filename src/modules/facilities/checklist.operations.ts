// The checklist of a work order: items are added, and answered one by one by whoever does the work.
import { z } from "zod";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { Id as KernelId } from "../../kernel/id.ts";
import { FileId, Id, Instant, LongText, ref } from "../../platform/operation/field.ts";
import { anyone, operation, whoever } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { fits, isFine, type Item, itemKinds } from "./checklist.rules.ts";
import { addItems, Checklist } from "./checklist.store.ts";
import { keepers } from "./place.store.ts";
import { assignee, offered, siteOfOrder, stepRefusals } from "./work-order.operations.ts";
import { takeWorkOrder } from "./work-order.store.ts";

export const checklistItemRegister = register({
  name: "facilities.checklistItem",
  title: "Checklist",
  does: "What is looked at in the course of a work order, and what was found.",
  may: [...keepers, anyone],
  sees: (context) => sql`r.assignee_id = ${context.actor.personId}::uuid`,
  row: z.object({
    id: Id,
    place: z.number().int(),
    title: z.string(),
    kind: z.enum(itemKinds),
    state: z.enum(["waits", "fine", "notFine"]),
    answerYes: z.boolean().nullable(),
    answerNumber: z.number().nullable(),
    answerText: z.string().nullable(),
    photo: FileId.nullable(),
    unit: z.string().nullable(),
    minimum: z.number().nullable(),
    maximum: z.number().nullable(),
    isRequired: z.boolean(),
    answeredAt: Instant.nullable(),
    workOrderId: ref("facilities.workOrder"),
    workOrder: z.string(),
    orderState: z.string(),
    assigneeId: ref("directory.person").nullable(),
    assignee: z.string().nullable(),
    siteId: ref("directory.place").nullable(),
  }),
  label: "title",
  search: ["title", "workOrder"],
  sort: "place",
  places: { site: "siteId" },
  inner: true,
  from: (context) => sql`
    select i.id, i.place, i.title, i.kind, case when i.is_fine is null then 'waits' when i.is_fine then 'fine' else 'notFine' end as state,
      i.answer_yes, i.answer_number::float8 as answer_number, i.answer_text, i.file_id as photo, i.unit, i.minimum::float8 as minimum,
      i.maximum::float8 as maximum, i.is_required, i.answered_at, i.work_order_id, w.number || ' ' || w.title as work_order,
      w.state as order_state, w.assignee_id, a.name as assignee, w.site_id
    from facilities.checklist_item i
    join facilities.work_order w on w.tenant_id = i.tenant_id and w.id = i.work_order_id
    left join directory.party a on a.tenant_id = w.tenant_id and a.id = w.assignee_id
    where i.tenant_id = ${context.tenantId}`,
});

export const addChecklist = operation({
  name: "facilities.checklistItem.add",
  title: "Add to the checklist",
  does: "Says what else is to be looked at in the course of a work order.",
  kind: "write",
  may: [...keepers, assignee],
  at: siteOfOrder,
  on: "facilities.workOrder",
  input: z.strictObject({ workOrderId: ref("facilities.workOrder"), items: Checklist.min(1) }),
  output: z.object({ id: Id }),
  when: offered("work"),
  refuses: { ...stepRefusals, boundsCrossed: "{title}: the least is more than the most." },
  emits: ["facilities.checklistItem.added"],
  async run({ workOrderId: id, items }, context) {
    await takeWorkOrder(context, id, "work");
    const crossed = items.find((item) => (item.minimum ?? -Infinity) > (item.maximum ?? Infinity));
    if (crossed) refuse("boundsCrossed", { title: crossed.title }, ["items"]);
    await addItems(context, id, items);
    context.emit("facilities.checklistItem.added", { workOrderId: id });
    return { id };
  },
});

interface StoredItem extends Item {
  readonly workOrderId: KernelId;
  readonly title: string;
}

const assigneeOfItem = whoever<{ checklistItemId: KernelId }>("whoever sees to it", async ({ checklistItemId }, context) => {
  if (!context.actor.personId) return false;
  const own = await context.db.maybe(sql`
    select i.id from facilities.checklist_item i
    join facilities.work_order w on w.tenant_id = i.tenant_id and w.id = i.work_order_id
    where i.tenant_id = ${context.tenantId} and i.id = ${checklistItemId} and w.assignee_id = ${context.actor.personId}`);
  return own !== undefined;
});

export const answerItem = operation({
  name: "facilities.checklistItem.answer",
  title: "Answer",
  does: "Says what was found: yes or no, a number, a text or a photo. An answer can be corrected while the work goes on.",
  kind: "write",
  may: [...keepers, assigneeOfItem],
  input: z.strictObject({
    checklistItemId: ref("facilities.checklistItem"),
    yes: z.boolean().optional(),
    number: z.number().min(-1e9).max(1e9).optional(),
    text: LongText(2000).optional(),
    fileId: FileId.optional().describe("A photo."),
  }),
  output: z.object({ id: Id, isFine: z.boolean() }),
  when: (item) => ["assigned", "inProgress", "onHold"].includes(String(item["orderState"])),
  refuses: {
    ...stepRefusals,
    notFound: "There is no such item.",
    answerUnfit: "{title} asks for {kind}. Give that, and nothing else.",
  },
  emits: ["facilities.checklistItem.answered"],
  async run({ checklistItemId: id, ...answer }, context) {
    const item = await context.db.maybe<StoredItem>(sql`
      select work_order_id, title, kind, minimum::float8 as minimum, maximum::float8 as maximum from facilities.checklist_item
      where tenant_id = ${context.tenantId} and id = ${id}`);
    if (!item) refuse("notFound");
    await takeWorkOrder(context, item.workOrderId, "work");
    const words = { yesNo: "yes or no", number: "a number", text: "a text", photo: "a photo" } as const;
    if (!fits(item, answer)) refuse("answerUnfit", { title: item.title, kind: words[item.kind] });
    if (answer.fileId) await context.readFile(answer.fileId);
    const fine = isFine(item, answer);
    await context.db.run(sql`
      update facilities.checklist_item set answer_yes = ${answer.yes ?? null}, answer_number = ${answer.number ?? null}::numeric,
        answer_text = ${answer.text ?? null}, file_id = ${answer.fileId ?? null}, is_fine = ${fine}, answered_at = ${context.now},
        answered_by = ${context.actor.personId}
      where tenant_id = ${context.tenantId} and id = ${id}`);
    context.emit("facilities.checklistItem.answered", { workOrderId: item.workOrderId, checklistItemId: id, isFine: fine });
    return { id, isFine: fine };
  },
});
