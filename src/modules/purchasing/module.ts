// Purchasing: from a wish to a paid bill.
import { sql } from "../../platform/database/sql.ts";
import { type HouseEvent, module } from "../../platform/operation/module.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import {
  approveRequest,
  changeRequest,
  createRequest,
  orderRequest,
  requestRegister,
  submitRequest,
  withdrawRequest,
} from "./request.operations.ts";
import { laws } from "./laws.ts";
import { billRequest, capitaliseRequest, closeRequest } from "./delivery.operations.ts";

/** A declined wish goes back to who asked, to be changed or dropped. */
async function decline(event: HouseEvent, context: WriteContext): Promise<void> {
  const { verdict, about } = event.payload as { verdict?: string; about?: { subject: string; id: string } };
  if (verdict !== "decline" || about?.subject !== "purchasing.request") return;
  await context.db.run(sql`
    update purchasing.request set state = 'declined' where tenant_id = ${context.tenantId} and id = ${about.id} and state = 'submitted'`);
}

export const purchasing = module({
  name: "purchasing",
  title: "Purchasing",
  needs: ["finance", "assets"],
  roles: { "purchasing.manager": "Buyer" },
  activities: { "purchasing.approval": "Deciding on purchases", "purchasing.order": "Ordering what was approved" },
  registers: [requestRegister],
  operations: [
    createRequest,
    changeRequest,
    submitRequest,
    approveRequest,
    withdrawRequest,
    orderRequest,
    billRequest,
    capitaliseRequest,
    closeRequest,
  ],
  reactions: [{ to: "office.approval.decided", does: decline }],
  laws,
  figures: [
    {
      name: "purchasing.open",
      title: "Purchases under way",
      roles: ["purchasing.manager", "office.manager", "finance.manager"],
      to: "/r/purchasing/request?filter[state]=submitted|approved|ordered",
      value: async (context) => {
        const { count } = await context.db.row<{ count: number }>(sql`
          select count(*)::int as count from purchasing.request
          where tenant_id = ${context.tenantId} and state in ('submitted', 'approved', 'ordered')`);
        return count;
      },
    },
  ],
});
