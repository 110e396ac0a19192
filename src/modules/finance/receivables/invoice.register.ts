// Invoices and credit notes as lists, with what became of them.
import { z } from "zod";
import { sql } from "../../../platform/database/sql.ts";
import { CurrencyCode, Day, DecimalText, Id, Money, ref } from "../../../platform/operation/field.ts";
import { register } from "../../../platform/operation/register.ts";

export const invoiceRegister = register({
  name: "finance.invoice",
  title: "Invoices",
  does: "Invoices and credit notes to customers: drafts, what is open, overdue and paid.",
  may: ["finance.accountant", "finance.manager"],
  row: z.object({
    id: Id,
    invoice: z.string(),
    number: z.string().nullable(),
    kind: z.enum(["invoice", "creditNote"]),
    customerId: ref("directory.customer"),
    customer: z.string(),
    day: Day,
    dueDay: Day,
    text: z.string().nullable(),
    net: Money,
    tax: Money,
    total: Money,
    open: Money,
    instalments: z.number().int(),
    isDeposit: z.boolean(),
    pricesIncludeTax: z.boolean(),
    paymentTermId: ref("finance.paymentTerm").nullable(),
    paymentTerm: z.string().nullable(),
    state: z.enum(["draft", "open", "overdue", "paid", "cancelled"]),
    correctsId: ref("finance.invoice").nullable(),
    corrects: z.string().nullable(),
    entryId: ref("finance.journalEntry").nullable(),
    itemId: ref("finance.openItem").nullable(),
    createdBy: z.string(),
    currency: CurrencyCode,
    rate: DecimalText.nullable().describe("What one unit of its currency was worth in the books'."),
  }),
  label: "invoice",
  search: ["invoice", "customer", "text"],
  grows: "number",
  sort: "-day",
  totals: ["total", "open"],
  from: (context, asOf) => sql`
    select i.id, coalesce(i.number, 'Draft for ' || y.name) as invoice, i.number, i.kind, i.customer_id, y.name as customer, i.day,
      i.due_day, i.text, i.net, i.tax, i.total,
      abs(case i.state when 'posted' then p.open when 'draft' then i.total else 0 end) as open, i.instalments, i.is_deposit,
      i.prices_include_tax,
      i.payment_term_id, t.name as payment_term,
      case when i.state <> 'posted' then i.state when p.open = 0 then 'paid'
        when i.kind = 'invoice' and p.due_day < ${asOf}::date then 'overdue' else 'open' end as state,
      i.corrects_id, c.number as corrects, i.entry_id, i.item_id, i.by_name as created_by, coalesce(i.currency, b.currency) as currency,
      trim_scale(i.rate)::text as rate
    from finance.invoice i
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = i.book_id
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = i.customer_id
    left join finance.payment_term t on t.tenant_id = ${context.tenantId} and t.id = i.payment_term_id
    left join finance.open_item o on o.tenant_id = ${context.tenantId} and o.id = i.item_id
    left join lateral (
      select sum(s.open_currency_amount)::bigint as open, min(s.due_day) filter (where s.open_amount <> 0) as due_day
      from finance.open_item s
      where i.instalments > 1 and s.tenant_id = ${context.tenantId} and s.document_id = i.id and s.entry_id = i.entry_id
    ) s on i.instalments > 1
    cross join lateral (select coalesce(s.open, o.open_currency_amount, 0) as open, coalesce(s.due_day, i.due_day) as due_day) p
    left join finance.invoice c on c.tenant_id = ${context.tenantId} and c.id = i.corrects_id
    where i.tenant_id = ${context.tenantId}`,
});

export const invoiceLineRegister = register({
  name: "finance.invoiceLine",
  title: "Invoice lines",
  does: "What each invoice charges for.",
  may: ["finance.accountant", "finance.manager"],
  inner: true,
  row: z.object({
    id: Id,
    description: z.string(),
    invoiceId: ref("finance.invoice"),
    invoice: z.string().nullable(),
    position: z.number().int(),
    quantity: DecimalText,
    unitPrice: Money,
    net: Money,
    taxCodeId: ref("finance.taxCode"),
    taxCode: z.string(),
    accountId: ref("finance.account"),
    account: z.string(),
    unitId: ref("directory.unit").nullable(),
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
    select l.id, l.description, l.invoice_id, i.number as invoice, l.position, trim_scale(l.quantity)::text as quantity, l.unit_price,
      l.net,
      l.tax_code_id, t.code as tax_code, l.account_id, a.code || ' ' || a.name as account, l.unit_id,
      l.service_from, l.service_until, d.id as deferral_id, d.text as deferral,
      coalesce(i.currency, b.currency) as currency
    from finance.invoice_line l
    join finance.invoice i on i.tenant_id = ${context.tenantId} and i.id = l.invoice_id
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = i.book_id
    join finance.tax_code t on t.tenant_id = ${context.tenantId} and t.id = l.tax_code_id
    join finance.account a on a.tenant_id = ${context.tenantId} and a.id = l.account_id
    left join finance.deferral d on d.tenant_id = ${context.tenantId} and d.invoice_line_id = l.id
    where l.tenant_id = ${context.tenantId}`,
});
