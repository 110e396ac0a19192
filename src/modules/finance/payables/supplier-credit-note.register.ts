// Suppliers' credit notes as lists, with what is left of each.
import { z } from "zod";
import { sql } from "../../../platform/database/sql.ts";
import { CurrencyCode, Day, DecimalText, FileId, Id, Money, ref } from "../../../platform/operation/field.ts";
import { register } from "../../../platform/operation/register.ts";

export const supplierCreditNoteRegister = register({
  name: "finance.supplierCreditNote",
  title: "Suppliers' credit notes",
  does: "What suppliers took back: what waits for approval, and what is left to set against bills or to be paid back.",
  may: ["finance.accountant", "finance.manager"],
  row: z.object({
    id: Id,
    creditNote: z.string(),
    supplierNumber: z.string(),
    number: z.string().nullable(),
    supplierId: ref("directory.supplier"),
    supplier: z.string(),
    day: Day,
    billId: ref("finance.bill").nullable(),
    bill: z.string().nullable().describe("The bill that it takes back."),
    text: z.string().nullable(),
    net: Money,
    tax: Money,
    total: Money,
    open: Money.describe("Not set against a bill and not paid back."),
    state: z.enum(["draft", "approved", "open", "settled", "declined", "reversed"]),
    enteredBy: z.string(),
    approvedBy: z.string().nullable(),
    aloneReason: z.string().nullable().describe("Why one person entered and approved it."),
    declineReason: z.string().nullable(),
    paymentRunId: ref("finance.paymentRun").nullable(),
    paymentRun: z.string().nullable().describe("The unsettled run that takes it off."),
    fileId: FileId.nullable(),
    entryId: ref("finance.journalEntry").nullable(),
    itemId: ref("finance.openItem").nullable(),
    pricesIncludeTax: z.boolean(),
    currency: CurrencyCode,
    rate: DecimalText.nullable().describe("What one unit of its currency was worth in the books'."),
  }),
  label: "creditNote",
  search: ["creditNote", "supplier", "number", "text"],
  grows: "supplierNumber",
  sort: "-day",
  totals: ["total", "open"],
  from: (context) => sql`
    select l.id, l.supplier_number || ' of ' || y.name as credit_note, l.supplier_number, l.number, l.supplier_id, y.name as supplier,
      l.day, l.corrects_id as bill_id, k.supplier_number as bill, l.text, l.net, l.tax, l.total,
      case l.state when 'posted' then o.open_currency_amount when 'draft' then l.total when 'approved' then l.total else 0 end as open,
      case when l.state <> 'posted' then l.state when o.open_currency_amount = 0 then 'settled' else 'open' end as state,
      l.by_name as entered_by, l.approved_by_name as approved_by, l.alone_reason, l.decline_reason, r.id as payment_run_id,
      r.code as payment_run, l.file_id, l.entry_id, l.item_id, l.prices_include_tax, coalesce(l.currency, b.currency) as currency,
      trim_scale(l.rate)::text as rate
    from finance.bill l
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = l.book_id
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = l.supplier_id
    left join finance.bill k on k.tenant_id = ${context.tenantId} and k.id = l.corrects_id
    left join finance.open_item o on o.tenant_id = ${context.tenantId} and o.id = l.item_id
    left join finance.payment_run_item i on i.tenant_id = ${context.tenantId} and i.open_item_id = l.item_id and i.is_live
    left join finance.payment_run r on r.tenant_id = ${context.tenantId} and r.id = i.run_id
    where l.tenant_id = ${context.tenantId} and l.kind = 'creditNote'`,
});

export const supplierCreditNoteLineRegister = register({
  name: "finance.supplierCreditNoteLine",
  title: "Lines of suppliers' credit notes",
  does: "What each credit note takes back, and the account it is taken off.",
  may: ["finance.accountant", "finance.manager"],
  inner: true,
  row: z.object({
    id: Id,
    description: z.string(),
    supplierCreditNoteId: ref("finance.supplierCreditNote"),
    supplierCreditNote: z.string(),
    position: z.number().int(),
    quantity: DecimalText.nullable(),
    net: Money,
    taxCodeId: ref("finance.taxCode"),
    taxCode: z.string(),
    accountId: ref("finance.account"),
    account: z.string(),
    unitId: ref("directory.unit").nullable(),
    gross: Money.nullable().describe("With the tax in it, where prices include tax."),
    serviceFrom: Day.nullable(),
    serviceUntil: Day.nullable(),
    deferralId: ref("finance.deferral").nullable(),
    deferral: z.string().nullable().describe("What spreads it over the months it is for."),
    billLineId: ref("finance.billLine").nullable(),
    billLine: z.string().nullable().describe("The line of the bill that it takes back."),
    currency: CurrencyCode,
  }),
  label: "description",
  search: ["description"],
  sort: "position",
  from: (context) => sql`
    select l.id, l.description, l.bill_id as supplier_credit_note_id, i.supplier_number as supplier_credit_note, l.position,
      trim_scale(l.quantity)::text as quantity, l.net, l.gross, l.tax_code_id, t.code as tax_code, l.account_id,
      a.code || ' ' || a.name as account, l.unit_id, l.service_from, l.service_until, d.id as deferral_id, d.text as deferral,
      l.corrects_line_id as bill_line_id, k.description as bill_line, coalesce(i.currency, b.currency) as currency
    from finance.bill_line l
    join finance.bill i on i.tenant_id = ${context.tenantId} and i.id = l.bill_id and i.kind = 'creditNote'
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = i.book_id
    join finance.tax_code t on t.tenant_id = ${context.tenantId} and t.id = l.tax_code_id
    join finance.account a on a.tenant_id = ${context.tenantId} and a.id = l.account_id
    left join finance.deferral d on d.tenant_id = ${context.tenantId} and d.bill_line_id = l.id
    left join finance.bill_line k on k.tenant_id = ${context.tenantId} and k.id = l.corrects_line_id
    where l.tenant_id = ${context.tenantId}`,
});
