// The task of approving a bill: one for each bill, asked anew when what was approved has changed.
import { addDays } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import type { Money } from "../../../kernel/money.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { openTask } from "../../office/index.ts";

export const approvalTask = (billId: Id): { key: string } => ({ key: `finance.bill.approval:${billId}` });

export async function askApproval(context: WriteContext, billId: Id, supplierNumber: string, total: Money): Promise<void> {
  await openTask(context, {
    kind: "approval",
    title: `Approve bill ${supplierNumber} over ${total.toString()}`,
    says: "Look at the bill and approve it or decline it with a reason.",
    owner: { activity: "finance.billApproval" },
    due: addDays(context.today, 5),
    about: { subject: "finance.bill", id: billId },
    asks: { operation: "finance.bill.approve", input: { billId } },
    ...approvalTask(billId),
  });
}
