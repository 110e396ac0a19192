// The bill of a contractor: once the work is done it is expected, and stands among the deadlines until it is there.
import { addDays } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { closeDeadline, openDeadline } from "../office/index.ts";
import type { WorkOrder } from "./work-order.store.ts";

const billKey = (id: Id): string => `facilities.workOrder:${id}:bill`;
const billDays = 30;

/** The contractor's bill is expected: whoever keeps the books sees the day it should be there. */
export async function expectBill(context: WriteContext, order: WorkOrder): Promise<void> {
  if (!order.contractorId) return;
  await openDeadline(context, {
    title: `Bill for ${order.number}: ${order.title}`,
    due: addDays(context.today, billDays),
    owner: { activity: "finance.bookkeeping" },
    about: { subject: "facilities.workOrder", id: order.id },
    key: billKey(order.id),
  });
}

export const billCame = (context: WriteContext, workOrderId: Id): Promise<boolean> => closeDeadline(context, { key: billKey(workOrderId) });
