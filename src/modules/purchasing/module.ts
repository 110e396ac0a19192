// Purchasing: from a wish to a paid bill.
import { sql } from "../../platform/database/sql.ts";
import { module } from "../../platform/operation/module.ts";
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
import { matchOperations } from "./match.operations.ts";
import { orderCareOperations } from "./order-care.operations.ts";
import { orderOperations } from "./order.operations.ts";
import { orderRegisters } from "./order.registers.ts";
import { quotationOperations, quotationRegister } from "./quotation.operations.ts";
import { reactions } from "./reactions.ts";
import { receiptOperations } from "./receipt.operations.ts";
import { getSpend } from "./spend.operations.ts";
import { toleranceOperations, toleranceRegister } from "./tolerance.operations.ts";
import { allBills, exceptions } from "./verdict.ts";

export const purchasing = module({
  name: "purchasing",
  title: "Purchasing",
  needs: ["finance", "assets"],
  roles: { "purchasing.manager": "Buyer" },
  activities: { "purchasing.approval": "Deciding on purchases", "purchasing.order": "Ordering what was approved" },
  registers: [requestRegister, quotationRegister, ...orderRegisters, toleranceRegister],
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
    ...quotationOperations,
    ...orderOperations,
    ...orderCareOperations,
    ...receiptOperations,
    ...matchOperations,
    ...toleranceOperations,
    getSpend,
  ],
  reactions,
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
    {
      name: "purchasing.exceptions",
      title: "Bills that differ from their orders",
      roles: ["purchasing.manager", "finance.manager", "finance.accountant"],
      to: "/r/purchasing/matchException?filter[state]=open",
      value: async ({ db, tenantId }) => {
        const { count } = await db.row<{ count: number }>(sql`
          select count(distinct e.bill_id)::int as count from (${exceptions(tenantId, allBills(tenantId))}) e where not e.accepted`);
        return count;
      },
    },
  ],
});
