// What must hold for electronic invoices at all times.
import { sql } from "../../../platform/database/sql.ts";
import type { Law } from "../../../platform/operation/module.ts";

export const eInvoiceLaws: readonly Law[] = [
  {
    name: "finance.eInvoicesAgree",
    says: "What was issued tells the total and the day of its invoice, and belongs to one that is posted.",
    breaks: async (context) => {
      const { tenantId } = context;
      const rows = await context.db.rows<{ says: string }>(sql`
        select 'e-invoice ' || e.number || ' tells ' || coalesce(e.total::text, 'nothing') || ' of ' || coalesce(e.day::text, 'no day')
          || ', the invoice ' || i.total || ' of ' || i.day || ' (' || i.state || ')' as says
        from finance.e_invoice e
        join finance.invoice i on i.tenant_id = ${tenantId} and i.id = e.invoice_id
        where e.tenant_id = ${tenantId}
          and (i.state <> 'posted' or e.total is distinct from i.total or e.day is distinct from i.day
            or e.number is distinct from i.number)`);
      return rows.map((row) => row.says);
    },
  },
  {
    name: "finance.eInvoiceBillsAgree",
    says: "A bill made of a received document has its file, its number and its day.",
    breaks: async (context) => {
      const { tenantId } = context;
      const rows = await context.db.rows<{ says: string }>(sql`
        select 'bill ' || l.supplier_number || ' does not hold the e-invoice ' || e.number || ' it was made of' as says
        from finance.e_invoice e
        join finance.bill l on l.tenant_id = ${tenantId} and l.id = e.bill_id
        where e.tenant_id = ${tenantId} and l.state in ('draft', 'approved', 'posted') and l.file_hash is distinct from e.file_hash`);
      return rows.map((row) => row.says);
    },
  },
];
