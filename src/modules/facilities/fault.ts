// A fault becomes a work order. On a thing on which people could be hurt it is critical, and the thing is out of service at once.
import type { Id } from "../../kernel/id.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { facilityKinds } from "../assets/index.ts";
import { dueFor, titleOf, type Urgency } from "./work-order.rules.ts";
import { makeWorkOrder } from "./work-order.store.ts";

export interface Fault {
  readonly text: string;
  readonly urgency: Urgency;
  readonly placeId?: Id;
  readonly assetId?: Id;
  readonly fileId?: Id;
  readonly reporterId: Id | null;
  readonly requestId?: Id;
}

export async function makeFault(context: WriteContext, fault: Fault): Promise<{ id: Id; number: string }> {
  const thing =
    fault.assetId === undefined
      ? undefined
      : await context.db.maybe<{ kind: string; isCritical: boolean }>(sql`
          select a.kind, coalesce(c.is_safety_critical, false) as is_critical from assets.asset a
          left join facilities.equipment_care c on c.tenant_id = a.tenant_id and c.asset_id = a.id
          where a.tenant_id = ${context.tenantId} and a.id = ${fault.assetId}`);
  const isEquipment = thing !== undefined && (facilityKinds as readonly string[]).includes(thing.kind);
  const isCritical = thing?.isCritical ?? false;
  const urgency = isCritical ? "critical" : fault.urgency;
  const order = await makeWorkOrder(context, {
    kind: "fault",
    title: titleOf(fault.text),
    text: fault.text,
    urgency,
    placeId: fault.placeId ?? null,
    assetId: fault.assetId ?? null,
    reporterId: fault.reporterId,
    assigneeId: null,
    due: dueFor(urgency, context.today),
    fileId: fault.fileId ?? null,
    plan: null,
    byProcess: isEquipment,
    needsCheck: isCritical,
    ...(fault.requestId && { requestId: fault.requestId }),
  });
  if (isCritical) await takeOut(context, fault.assetId!, titleOf(fault.text), { workOrderId: order.id });
  if (isEquipment) {
    context.emit("facilities.equipment.broken", { workOrderId: order.id, assetId: fault.assetId, personId: fault.reporterId, isCritical });
  }
  return order;
}

/** Says that a thing cannot be used from now on. False when that was known. */
export async function takeOut(
  context: WriteContext,
  assetId: Id,
  reason: string,
  { workOrderId, isFailure = true }: { workOrderId?: Id; isFailure?: boolean },
): Promise<boolean> {
  const taken = await context.db.run(sql`
    insert into facilities.downtime (tenant_id, id, asset_id, work_order_id, reason, is_failure, from_at)
    values (${context.tenantId}, ${context.newId()}, ${assetId}, ${workOrderId ?? null}, ${reason}, ${isFailure}, ${context.now})
    on conflict (tenant_id, asset_id) where until_at is null do nothing`);
  if (taken > 0) context.emit("facilities.equipment.outOfService", { assetId, workOrderId: workOrderId ?? null, reason });
  return taken > 0;
}
