// Payment runs as lists: the runs, the bills in them, and the payments they became.
import { z } from "zod";
import { sql } from "../../../platform/database/sql.ts";
import { CurrencyCode, Day, FileId, Id, Instant, Money, ref } from "../../../platform/operation/field.ts";
import { register } from "../../../platform/operation/register.ts";
import { isOnAccount } from "./hint.ts";

const roles = ["finance.accountant", "finance.manager"];

export const paymentRunRegister = register({
  name: "finance.paymentRun",
  title: "Payment runs",
  does: "Bills picked to be paid together: proposed, approved by a second person, sent to the bank and settled payment by payment.",
  may: roles,
  row: z.object({
    id: Id,
    code: z.string(),
    payDay: Day,
    bankAccountId: ref("finance.bankAccount"),
    bankAccount: z.string(),
    bills: z.number().int(),
    total: Money,
    discount: Money.describe("Taken off for paying early."),
    state: z.enum(["draft", "submitted", "approved", "filed", "sent", "settled", "cancelled"]),
    payments: z.number().int(),
    succeeded: z.number().int(),
    failed: z.number().int(),
    whenDue: z.boolean(),
    takesDiscount: z.boolean(),
    fileId: FileId.nullable(),
    preparedBy: z.string(),
    submittedBy: z.string().nullable(),
    approvedBy: z.string().nullable(),
    aloneReason: z.string().nullable().describe("Why one person prepared and approved it."),
    note: z.string().nullable(),
    sentBy: z.string().nullable(),
    sentAt: Instant.nullable(),
    currency: CurrencyCode,
  }),
  label: "code",
  search: ["code", "bankAccount", "preparedBy"],
  sort: "-payDay",
  from: (context) => sql`
    select r.id, r.code, r.pay_day, r.bank_account_id, k.name as bank_account, coalesce(i.bills, 0)::int as bills,
      coalesce(i.total, 0)::bigint as total, coalesce(i.discount, 0)::bigint as discount, r.state, coalesce(o.payments, 0)::int as payments,
      coalesce(o.succeeded, 0)::int as succeeded, coalesce(o.failed, 0)::int as failed, r.when_due, r.takes_discount, r.file_id,
      r.by_name as prepared_by, r.submitted_by_name as submitted_by, r.approved_by_name as approved_by, r.alone_reason, r.note,
      r.sent_by_name as sent_by, r.sent_at, r.currency
    from finance.payment_run r
    join finance.bank_account k on k.tenant_id = ${context.tenantId} and k.id = r.bank_account_id
    left join lateral (
      select count(*) as bills, sum(x.amount) as total, sum(x.discount) as discount from finance.payment_run_item x
      where x.tenant_id = ${context.tenantId} and x.run_id = r.id and (x.is_live or x.order_id is not null)) i on true
    left join lateral (
      select count(*) as payments, count(*) filter (where p.state = 'succeeded') as succeeded,
        count(*) filter (where p.state = 'failed') as failed
      from finance.payment_order p where p.tenant_id = ${context.tenantId} and p.run_id = r.id) o on true
    where r.tenant_id = ${context.tenantId}`,
});

export const paymentRunItemRegister = register({
  name: "finance.paymentRunItem",
  title: "Bills in payment runs",
  does: "What each run pays of which bill and takes off as which credit note, to which account, and what has changed since it was picked.",
  may: roles,
  inner: true,
  row: z.object({
    id: Id,
    bill: z.string(),
    paymentRunId: ref("finance.paymentRun"),
    paymentRun: z.string(),
    billId: ref("finance.bill").nullable(),
    supplierCreditNoteId: ref("finance.supplierCreditNote").nullable().describe("What is taken off: its amount is below zero."),
    supplierId: ref("directory.supplier"),
    supplier: z.string(),
    dueDay: Day,
    discountDay: Day.nullable(),
    open: Money,
    amount: Money,
    discount: Money,
    supplierBankAccountId: ref("finance.supplierBankAccount").nullable(),
    supplierBankAccount: z.string().nullable(),
    usableFrom: Day.nullable(),
    reference: z.string().nullable(),
    paymentOrderId: ref("finance.paymentOrder").nullable(),
    state: z.enum(["waiting", "succeeded", "failed", "left"]),
    warning: z.string().nullable(),
    currency: CurrencyCode,
  }),
  label: "bill",
  search: ["bill", "supplier"],
  sort: "supplier",
  totals: ["amount", "discount"],
  from: (context, asOf) => sql`
    select i.id, l.supplier_number as bill, i.run_id as payment_run_id, r.code as payment_run,
      case l.kind when 'bill' then l.id end as bill_id, case l.kind when 'creditNote' then l.id end as supplier_credit_note_id,
      l.supplier_id, y.name as supplier,
      l.due_day, l.discount_day, -o.open_currency_amount as open, i.amount, i.discount, i.supplier_bank_account_id,
      case when a.routing is null then a.number else a.routing || ' / ' || a.number end as supplier_bank_account, a.usable_from,
      l.payment_reference as reference, i.order_id as payment_order_id,
      case when p.state in ('succeeded', 'failed') then p.state when i.is_live then 'waiting' else 'left' end as state,
      case when not i.is_live then null
        when l.hold_reason is not null and (l.hold_until is null or l.hold_until > ${asOf}::date) then 'On hold: ' || l.hold_reason
        when i.supplier_bank_account_id is null or a.state <> 'approved' then 'No approved bank account'
        when a.usable_from > r.pay_day then 'The bank account cools off until ' || a.usable_from
        when i.amount < 0 and -o.open_currency_amount > i.amount then 'Less of it is left than is to be taken off'
        when i.amount > 0 and -o.open_currency_amount < i.amount + i.discount then 'Less is open than is to be paid'
        when i.amount > 0 and exists (select from finance.open_item o where o.tenant_id = ${context.tenantId} and o.book_id = r.book_id
          and o.party_id = l.supplier_id and o.currency = r.currency and o.open_amount <> 0 and ${isOnAccount(context.tenantId)})
          then 'Money is on account with the supplier'
        when i.discount = 0 and l.discount_day >= r.pay_day
          and -o.open_currency_amount = l.total then 'The discount is not taken' end as warning,
      r.currency
    from finance.payment_run_item i
    join finance.payment_run r on r.tenant_id = ${context.tenantId} and r.id = i.run_id
    join finance.bill l on l.tenant_id = ${context.tenantId} and l.id = i.bill_id
    join finance.open_item o on o.tenant_id = ${context.tenantId} and o.id = i.open_item_id
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = l.supplier_id
    left join finance.supplier_bank_account a on a.tenant_id = ${context.tenantId} and a.id = i.supplier_bank_account_id
    left join finance.payment_order p on p.tenant_id = ${context.tenantId} and p.id = i.order_id
    where i.tenant_id = ${context.tenantId}`,
});

export const paymentOrderRegister = register({
  name: "finance.paymentOrder",
  title: "Payments sent to the bank",
  does: "Each payment of a run as the bank sees it: payee, account, day, reference, and what became of it.",
  may: roles,
  inner: true,
  row: z.object({
    id: Id,
    code: z.string(),
    paymentRunId: ref("finance.paymentRun"),
    paymentRun: z.string(),
    position: z.number().int(),
    supplierId: ref("directory.supplier"),
    supplier: z.string(),
    account: z.string(),
    day: Day,
    amount: Money,
    reference: z.string(),
    state: z.enum(["pending", "succeeded", "failed", "cancelled"]),
    failure: z.string().nullable(),
    settledDay: Day.nullable(),
    paymentId: ref("finance.payment").nullable(),
    payment: z.string().nullable(),
    trace: z.string().nullable(),
    advisedAt: Instant.nullable(),
    currency: CurrencyCode,
  }),
  label: "code",
  search: ["code", "supplier", "reference"],
  sort: "position",
  totals: ["amount"],
  from: (context) => sql`
    select p.id, p.code, p.run_id as payment_run_id, r.code as payment_run, p.position, p.supplier_id, y.name as supplier,
      case when a.routing is null then a.number else a.routing || ' / ' || a.number end as account, p.day, p.amount, p.reference, p.state,
      p.failure, p.settled_day, p.payment_id, m.number as payment, p.trace, p.advised_at, r.currency
    from finance.payment_order p
    join finance.payment_run r on r.tenant_id = ${context.tenantId} and r.id = p.run_id
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = p.supplier_id
    join finance.supplier_bank_account a on a.tenant_id = ${context.tenantId} and a.id = p.supplier_bank_account_id
    left join finance.payment m on m.tenant_id = ${context.tenantId} and m.id = p.payment_id
    where p.tenant_id = ${context.tenantId}`,
});
