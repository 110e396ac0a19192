// Electronic invoices as a list: what left and what came, with the verdict on each.
import { z } from "zod";
import { sql } from "../../../platform/database/sql.ts";
import { CurrencyCode, Day, FileId, Id, Instant, Money, ref } from "../../../platform/operation/field.ts";
import { register } from "../../../platform/operation/register.ts";

export const eInvoiceRegister = register({
  name: "finance.eInvoice",
  title: "E-invoices",
  does: "Electronic invoices issued and received, whether the rules hold, and which invoice, bill or credit note each belongs to.",
  may: ["finance.accountant", "finance.manager"],
  row: z.object({
    id: Id,
    document: z.string(),
    direction: z.enum(["out", "in"]),
    state: z.enum(["issued", "received", "entered", "declined"]),
    verdict: z.enum(["valid", "warnings", "invalid"]),
    kind: z.enum(["invoice", "creditNote"]),
    number: z.string(),
    partyId: ref("directory.party").nullable(),
    party: z.string().nullable(),
    otherSide: z.string().describe("As the document names it."),
    day: Day.nullable(),
    dueDay: Day.nullable(),
    total: Money.nullable(),
    syntax: z.enum(["UBL", "CII"]),
    specification: z.string().nullable(),
    broken: z.number().int().describe("Rules it breaks."),
    invoiceId: ref("finance.invoice").nullable(),
    invoice: z.string().nullable(),
    billId: ref("finance.bill").nullable(),
    bill: z.string().nullable(),
    supplierCreditNoteId: ref("finance.supplierCreditNote").nullable(),
    supplierCreditNote: z.string().nullable(),
    fileId: FileId,
    reason: z.string().nullable(),
    by: z.string().meta({ title: "Judged by" }),
    at: Instant.meta({ title: "Recorded" }),
    currency: CurrencyCode.nullable(),
  }),
  label: "document",
  search: ["number", "party", "otherSide"],
  grows: true,
  sort: "-at",
  from: (context) => sql`
    select e.id, e.number || case e.direction when 'out' then ' to ' else ' of ' end || coalesce(p.name, e.party_name) as document,
      e.direction, e.state,
      case when not e.is_valid then 'invalid' when jsonb_path_exists(e.findings, '$[*] ? (@.severity == "warning")') then 'warnings'
        else 'valid' end as verdict,
      e.kind, e.number, e.party_id, p.name as party, e.party_name as other_side, e.day, e.due_day, e.total,
      upper(e.syntax) as syntax, e.specification,
      jsonb_array_length(e.findings) as broken, e.invoice_id, i.number as invoice, 
      case when l.kind = 'bill' then l.id end as bill_id, case when l.kind = 'bill' then l.supplier_number end as bill,
      case when l.kind = 'creditNote' then l.id end as supplier_credit_note_id,
      case when l.kind = 'creditNote' then l.supplier_number end as supplier_credit_note, e.file_id,
      e.reason, e.by_name as by, e.at, e.currency
    from finance.e_invoice e
    left join directory.party p on p.tenant_id = ${context.tenantId} and p.id = e.party_id
    left join finance.invoice i on i.tenant_id = ${context.tenantId} and i.id = e.invoice_id
    left join finance.bill l on l.tenant_id = ${context.tenantId} and l.id = e.bill_id
    where e.tenant_id = ${context.tenantId}`,
});
