// What must hold between payment runs, bills and the books at all times.
import { sql } from "../../../platform/database/sql.ts";
import type { Law } from "../../../platform/operation/module.ts";

export const paymentRunLaws: readonly Law[] = [
  {
    name: "finance.paymentRunsAreFourEyes",
    says: "A run that was approved was approved by someone who neither prepared nor submitted it, or the owner said why.",
    breaks: async (context) => {
      const found = await context.db.rows<{ code: string }>(sql`
        select r.code from finance.payment_run r
        where r.tenant_id = ${context.tenantId} and r.approved_by_id is not null and r.alone_reason is null
          and (r.approved_by_id = r.submitted_by_id or r.approved_by_id = r.person_id)`);
      return found.map((row) => `Payment run ${row.code} was approved by who prepared it.`);
    },
  },
  {
    name: "finance.billsWaitInOneRun",
    says: "What waits in a run is a bill of an unsettled run, and every payment is the sum of its bills.",
    breaks: async (context) => {
      const { tenantId } = context;
      const stray = await context.db.rows<{ code: string; number: string }>(sql`
        select r.code, l.supplier_number as number from finance.payment_run_item i
        join finance.payment_run r on r.tenant_id = ${tenantId} and r.id = i.run_id
        join finance.bill l on l.tenant_id = ${tenantId} and l.id = i.bill_id
        where i.tenant_id = ${tenantId} and i.is_live and r.state in ('settled', 'cancelled')`);
      const sums = await context.db.rows<{ code: string; amount: bigint; bills: bigint }>(sql`
        select p.code, p.amount, coalesce(sum(i.amount), 0)::bigint as bills from finance.payment_order p
        left join finance.payment_run_item i on i.tenant_id = ${tenantId} and i.order_id = p.id
        where p.tenant_id = ${tenantId} group by p.id, p.code, p.amount having p.amount <> coalesce(sum(i.amount), 0)`);
      return [
        ...stray.map((row) => `Bill ${row.number} waits in run ${row.code}, which is over.`),
        ...sums.map((row) => `Payment ${row.code} is over ${row.amount}, its bills over ${row.bills} minor units.`),
      ];
    },
  },
  {
    name: "finance.paymentsUnderWay",
    says: "A payment of a run that succeeded stands in the books over its amount, and one that did not has none that holds.",
    breaks: async (context) => {
      const { tenantId } = context;
      const found = await context.db.rows<{ code: string; state: string }>(sql`
        select p.code, p.state from finance.payment_order p
        left join finance.payment m on m.tenant_id = ${tenantId} and m.id = p.payment_id and m.state = 'posted'
        where p.tenant_id = ${tenantId}
          and case when p.state = 'succeeded' then m.amount is distinct from p.amount else m.id is not null end`);
      return found.map((row) => `Payment ${row.code} is ${row.state}, and the books say otherwise.`);
    },
  },
];
