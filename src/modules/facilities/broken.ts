// What the house does when something is broken: a request becomes a work order, and whoever asked is told when it is well again.
import type { Day } from "../../kernel/day.ts";
import { type Id, isId } from "../../kernel/id.ts";
import { sql } from "../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../platform/operation/context.ts";
import type { Reaction } from "../../platform/operation/module.ts";
import { solveRequest } from "../office/index.ts";
import { makeFault } from "./fault.ts";
import { askToDo } from "./work-order.store.ts";

interface BrokenRequest {
  readonly id: Id;
  readonly title: string;
  readonly says: string | null;
  readonly hazard: string | null;
  readonly danger: string | null;
  readonly requesterId: Id;
  readonly assetId: Id | null;
  readonly placeId: Id | null;
}

/** A request for something broken that has no work order yet. */
const brokenRequest = (context: ReadContext, requestId: Id): Promise<BrokenRequest | undefined> =>
  context.db.maybe<BrokenRequest>(sql`
    select r.id, r.title, r.says, r.answers ->> 'hazard' as hazard, r.answers ->> 'danger' as danger, r.requester_id,
      a.id as asset_id, p.id as place_id
    from office.request r
    join office.request_kind k on k.tenant_id = r.tenant_id and k.id = r.kind_id and k.code = 'broken-thing'
    left join assets.asset a on a.tenant_id = r.tenant_id and a.id::text = r.answers ->> 'asset'
    left join directory.place p on p.tenant_id = r.tenant_id and p.id::text = r.answers ->> 'place'
    where r.tenant_id = ${context.tenantId} and r.id = ${requestId} and num_nonnulls(a.id, p.id) > 0
      and r.state not in ('solved', 'closed', 'cancelled')
      and not exists (select from facilities.work_order w where w.tenant_id = r.tenant_id and w.request_id = r.id)
    for update of r`);

export const brokenReactions: readonly Reaction[] = [
  {
    to: "office.request.filed",
    does: async ({ payload: { requestId } }, context) => {
      const request = typeof requestId === "string" && isId(requestId) ? await brokenRequest(context, requestId) : undefined;
      if (!request) return;
      const text = [request.title, request.says, request.hazard].filter((part) => part !== null && part !== "").join("\n\n");
      await makeFault(context, {
        text,
        urgency: request.danger === "true" || request.danger === "yes" ? "critical" : "normal",
        reporterId: request.requesterId,
        requestId: request.id,
        ...(request.assetId && { assetId: request.assetId }),
        ...(request.placeId && { placeId: request.placeId }),
      });
    },
  },
];

interface Order {
  readonly id: Id;
  readonly number: string;
  readonly title: string;
  readonly due: Day;
  readonly note: string | null;
  readonly assigneeId: Id | null;
  readonly requestId: Id | null;
  readonly siteId: Id | null;
}

const orderById = (context: ReadContext, workOrderId: Id): Promise<Order | undefined> =>
  context.db.maybe<Order>(sql`
    select id, number, title, due, note, assignee_id, request_id, site_id from facilities.work_order
    where tenant_id = ${context.tenantId} and id = ${workOrderId}`);

/** What a fault is called on the timeline, where it is, and when it is due. */
export async function faultById(
  context: ReadContext,
  workOrderId: Id,
): Promise<Pick<Order, "number" | "title" | "due" | "siteId"> | undefined> {
  return orderById(context, workOrderId);
}

/** Whoever was sent has it in their inbox. */
export async function askRepair(context: WriteContext, workOrderId: Id): Promise<void> {
  const order = await orderById(context, workOrderId);
  if (!order?.assigneeId) return;
  const asked = await context.db.maybe(sql`
    select id from office.task where tenant_id = ${context.tenantId} and about_id = ${workOrderId} and state = 'open'
      and asks_operation = 'facilities.workOrder.complete'`);
  if (!asked) await askToDo(context, order, order.assigneeId);
}

/** The request that asked for it is solved, by what was done. */
export async function tellRequester(context: WriteContext, workOrderId: Id): Promise<void> {
  const order = await orderById(context, workOrderId);
  if (order?.requestId)
    await context.callAsSystem(solveRequest, { requestId: order.requestId, text: order.note ?? `${order.number} is done.` });
}
