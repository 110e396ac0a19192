// What must hold of purchases at all times.
import { sql } from "../../platform/database/sql.ts";
import type { Law } from "../../platform/operation/module.ts";

export const laws: readonly Law[] = [
  {
    name: "purchasing.ordersAreApproved",
    says: "Nothing was ordered that a second person had not approved.",
    breaks: async (context) => {
      const found = await context.db.rows<{ number: number; title: string }>(sql`
        select q.number, q.title from purchasing.request q
        where q.tenant_id = ${context.tenantId} and q.state in ('approved', 'ordered', 'closed') and not exists (
          select from office.approval a where a.tenant_id = q.tenant_id and a.id = q.approval_id and a.state = 'approved'
            and a.decided_by is distinct from q.requester_id)
        order by q.number limit 20`);
      return found.map((row) => `Request ${row.number} (${row.title}) was released without the approval of a second person.`);
    },
  },
  {
    name: "purchasing.assetsCarryTheirCost",
    says: "What was bought as equipment stands in the asset register with the cost of its bill.",
    breaks: async (context) => {
      const found = await context.db.rows<{ number: number; tag: string }>(sql`
        select q.number, a.tag from purchasing.request q
        join assets.asset a on a.tenant_id = q.tenant_id and a.id = q.asset_id
        join finance.bill b on b.tenant_id = q.tenant_id and b.id = q.bill_id
        where q.tenant_id = ${context.tenantId} and a.cost_minor is distinct from b.net order by q.number limit 20`);
      return found.map((row) => `Thing ${row.tag} of request ${row.number} does not carry the cost of its bill.`);
    },
  },
];
