// Bills as lists, with who entered and who approved them.
import { z } from "zod";
import { sql } from "../../../platform/database/sql.ts";
import { CurrencyCode, Day, Id, Money, ref } from "../../../platform/operation/field.ts";
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
    entryId: ref("finance.journalEntry").nullable(),
    itemId: ref("finance.openItem").nullable(),
    currency: CurrencyCode,
  }),
  label: "bill",
  search: ["bill", "supplier", "number", "text"],
  sort: "-day",
  totals: ["total", "open"],
  from: (context, asOf) => sql`
    select l.id, l.supplier_number || ' of ' || y.name as bill, l.supplier_number, l.number, l.supplier_id, y.name as supplier, l.day,
      l.due_day, l.text, l.net, l.tax, l.total,
      case l.state when 'posted' then -o.open_amount when 'draft' then l.total when 'approved' then l.total
        else 0 end as open,
      case when l.state <> 'posted' then l.state when o.open_amount = 0 then 'paid' when l.due_day < ${asOf}::date then 'overdue'
        else 'open' end as state,
      l.by_name as entered_by, l.approved_by_name as approved_by, l.alone_reason, l.decline_reason, l.entry_id, l.item_id, b.currency
    from finance.bill l
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = l.book_id
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = l.supplier_id
    left join finance.open_item o on o.tenant_id = ${context.tenantId} and o.id = l.item_id
    where l.tenant_id = ${context.tenantId}`,
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
    net: Money,
    taxCodeId: ref("finance.taxCode"),
    taxCode: z.string(),
    accountId: ref("finance.account"),
    account: z.string(),
    unitId: ref("directory.unit").nullable(),
    currency: CurrencyCode,
  }),
  label: "description",
  search: ["description"],
  sort: "position",
  from: (context) => sql`
    select l.id, l.description, l.bill_id, i.supplier_number as bill, l.position, l.net, l.tax_code_id, t.code as tax_code, l.account_id,
      a.code || ' ' || a.name as account, l.unit_id, b.currency
    from finance.bill_line l
    join finance.bill i on i.tenant_id = ${context.tenantId} and i.id = l.bill_id
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = i.book_id
    join finance.tax_code t on t.tenant_id = ${context.tenantId} and t.id = l.tax_code_id
    join finance.account a on a.tenant_id = ${context.tenantId} and a.id = l.account_id
    where l.tenant_id = ${context.tenantId}`,
});
