// Bills as lists, with who entered and who approved them.
import { z } from "zod";
import { sql } from "../../../platform/database/sql.ts";
import { CurrencyCode, Day, DecimalText, FileId, Id, Money, ref } from "../../../platform/operation/field.ts";
import { register } from "../../../platform/operation/register.ts";

export const billRegister = register({
  name: "finance.bill",
  title: "Bills",
  does: "Bills from suppliers: what waits for approval, what is owed and what is paid.",
  may: ["finance.accountant", "finance.manager"],
  row: z.object({
    id: Id,
    bill: z.string(),
    supplierNumber: z.string(),
    number: z.string().nullable(),
    supplierId: ref("directory.supplier"),
    supplier: z.string(),
    day: Day,
    dueDay: Day,
    text: z.string().nullable(),
    net: Money,
    tax: Money,
    total: Money,
    open: Money,
    state: z.enum(["draft", "approved", "open", "overdue", "paid", "declined", "reversed"]),
    enteredBy: z.string(),
    approvedBy: z.string().nullable(),
    aloneReason: z.string().nullable().describe("Why one person entered and approved it."),
    declineReason: z.string().nullable(),
    paymentReference: z.string().nullable(),
    discountDay: Day.nullable(),
    discountPercent: DecimalText.nullable(),
    supplierBankAccountId: ref("finance.supplierBankAccount").nullable(),
    supplierBankAccount: z.string().nullable(),
    holdReason: z.string().nullable().describe("Why it is not to be paid now."),
    holdUntil: Day.nullable(),
    heldBy: z.string().nullable(),
    alikeId: ref("finance.bill").nullable(),
    alike: z.string().nullable().describe("Another bill of the same amount near by."),
    alikeNote: z.string().nullable().describe("Why the two are not one."),
    paymentRunId: ref("finance.paymentRun").nullable(),
    paymentRun: z.string().nullable().describe("The unsettled run it waits in."),
    fileId: FileId.nullable(),
    entryId: ref("finance.journalEntry").nullable(),
    itemId: ref("finance.openItem").nullable(),
    pricesIncludeTax: z.boolean(),
    currency: CurrencyCode,
    rate: DecimalText.nullable().describe("What one unit of its currency was worth in the books'."),
  }),
  label: "bill",
  search: ["bill", "supplier", "number", "text"],
  grows: "supplierNumber",
  sort: "-day",
  totals: ["total", "open"],
  from: (context, asOf) => sql`
    select l.id, l.supplier_number || ' of ' || y.name as bill, l.supplier_number, l.number, l.supplier_id, y.name as supplier, l.day,
      l.due_day, l.text, l.net, l.tax, l.total,
      case l.state when 'posted' then -o.open_currency_amount when 'draft' then l.total when 'approved' then l.total
        else 0 end as open,
      case when l.state <> 'posted' then l.state when o.open_amount = 0 then 'paid' when l.due_day < ${asOf}::date then 'overdue'
        else 'open' end as state,
      l.by_name as entered_by, l.approved_by_name as approved_by, l.alone_reason, l.decline_reason, l.payment_reference, l.discount_day,
      trim_scale(l.discount_percent)::text as discount_percent, l.supplier_bank_account_id, a.number as supplier_bank_account,
      case when l.hold_until is null or l.hold_until > ${asOf}::date then l.hold_reason end as hold_reason, l.hold_until,
      l.held_by_name as held_by, l.like_id as alike_id, k.supplier_number as alike, l.like_note as alike_note, r.id as payment_run_id,
      r.code as payment_run, l.file_id, l.entry_id, l.item_id, l.prices_include_tax, coalesce(l.currency, b.currency) as currency,
      trim_scale(l.rate)::text as rate
    from finance.bill l
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = l.book_id
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = l.supplier_id
    left join finance.open_item o on o.tenant_id = ${context.tenantId} and o.id = l.item_id
    left join finance.supplier_bank_account a on a.tenant_id = ${context.tenantId} and a.id = l.supplier_bank_account_id
    left join finance.bill k on k.tenant_id = ${context.tenantId} and k.id = l.like_id
    left join finance.payment_run_item i on i.tenant_id = ${context.tenantId} and i.open_item_id = l.item_id and i.is_live
    left join finance.payment_run r on r.tenant_id = ${context.tenantId} and r.id = i.run_id
    where l.tenant_id = ${context.tenantId} and l.kind = 'bill'`,
});

export const billLineRegister = register({
  name: "finance.billLine",
  title: "Bill lines",
  does: "What each bill is for, and the account it is booked on.",
  may: ["finance.accountant", "finance.manager"],
  inner: true,
  row: z.object({
    id: Id,
    description: z.string(),
    billId: ref("finance.bill"),
    bill: z.string(),
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
    currency: CurrencyCode,
  }),
  label: "description",
  search: ["description"],
  sort: "position",
  from: (context) => sql`
    select l.id, l.description, l.bill_id, i.supplier_number as bill, l.position,
      trim_scale(l.quantity)::text as quantity, l.net, l.gross, l.tax_code_id, t.code as tax_code, l.account_id,
      a.code || ' ' || a.name as account, l.unit_id, l.service_from, l.service_until, d.id as deferral_id, d.text as deferral,
      coalesce(i.currency, b.currency) as currency
    from finance.bill_line l
    join finance.bill i on i.tenant_id = ${context.tenantId} and i.id = l.bill_id and i.kind = 'bill'
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = i.book_id
    join finance.tax_code t on t.tenant_id = ${context.tenantId} and t.id = l.tax_code_id
    join finance.account a on a.tenant_id = ${context.tenantId} and a.id = l.account_id
    left join finance.deferral d on d.tenant_id = ${context.tenantId} and d.bill_line_id = l.id
    where l.tenant_id = ${context.tenantId}`,
});
