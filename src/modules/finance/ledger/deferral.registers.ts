// Deferrals and their schedules: what is scheduled, what is posted.
import { z } from "zod";
import { sql } from "../../../platform/database/sql.ts";
import { CurrencyCode, Day, Id, Money, ref } from "../../../platform/operation/field.ts";
import { register } from "../../../platform/operation/register.ts";

const may = ["finance.accountant", "finance.manager"];

export const deferralRegister = register({
  name: "finance.deferral",
  title: "Deferrals",
  does: "Amounts that belong to several months, with what is recognised of them and what is left.",
  may,
  row: z.object({
    id: Id,
    text: z.string(),
    state: z.enum(["scheduled", "running", "recognised", "stopped", "reversed"]),
    kind: z.enum(["expense", "income"]),
    amount: Money,
    recognised: Money,
    rest: Money,
    fromDay: Day,
    untilDay: Day,
    by: z.enum(["days", "months"]),
    fromAccountId: ref("finance.account"),
    fromAccount: z.string(),
    toAccountId: ref("finance.account"),
    toAccount: z.string(),
    partyId: ref("directory.party").nullable(),
    party: z.string().nullable(),
    billId: ref("finance.bill").nullable(),
    bill: z.string().nullable().describe("The bill it began with."),
    supplierCreditNoteId: ref("finance.supplierCreditNote").nullable(),
    supplierCreditNote: z.string().nullable().describe("The supplier's credit note it began with."),
    invoiceId: ref("finance.invoice").nullable(),
    invoice: z.string().nullable().describe("The invoice or credit note it began with."),
    stoppedOn: Day.nullable(),
    stopReason: z.string().nullable(),
    currency: CurrencyCode,
    bookId: ref("finance.book"),
  }),
  label: "text",
  search: ["text"],
  sort: "-fromDay",
  totals: ["amount", "recognised", "rest"],
  from: (context) => sql`
    select d.id, d.text, case when d.reversed_on is not null then 'reversed' when d.stopped_on is not null then 'stopped'
        when l.recognised = d.amount then 'recognised'
        when l.recognised <> 0 then 'running' else 'scheduled' end as state,
      d.kind, d.amount, l.recognised, d.amount - l.recognised as rest, d.from_day, d.until_day, d.by, d.from_account_id,
      f.code || ' ' || f.name as from_account, d.to_account_id, t.code || ' ' || t.name as to_account, d.party_id, y.name as party,
      case n.kind when 'bill' then n.id end as bill_id, case n.kind when 'bill' then n.supplier_number end as bill,
      case n.kind when 'creditNote' then n.id end as supplier_credit_note_id,
      case n.kind when 'creditNote' then n.supplier_number end as supplier_credit_note, i.id as invoice_id, i.number as invoice,
      d.stopped_on, d.stop_reason, b.currency, d.book_id
    from finance.deferral d
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = d.book_id
    join finance.account f on f.tenant_id = ${context.tenantId} and f.id = d.from_account_id
    join finance.account t on t.tenant_id = ${context.tenantId} and t.id = d.to_account_id
    left join directory.party y on y.tenant_id = ${context.tenantId} and y.id = d.party_id
    left join finance.bill_line bl on bl.tenant_id = ${context.tenantId} and bl.id = d.bill_line_id
    left join finance.bill n on n.tenant_id = ${context.tenantId} and n.id = bl.bill_id
    left join finance.invoice_line il on il.tenant_id = ${context.tenantId} and il.id = d.invoice_line_id
    left join finance.invoice i on i.tenant_id = ${context.tenantId} and i.id = il.invoice_id
    left join lateral (
      select coalesce(sum(l.amount) filter (where l.entry_id is not null and d.reversed_on is null), 0)::bigint as recognised
      from finance.deferral_line l
      where l.tenant_id = ${context.tenantId} and l.deferral_id = d.id) l on true
    where d.tenant_id = ${context.tenantId}`,
});

export const deferralLineRegister = register({
  name: "finance.deferralLine",
  title: "Deferral schedule",
  does: "The parts of deferrals month by month, scheduled or posted.",
  may,
  inner: true,
  row: z.object({
    id: Id,
    line: z.string(),
    deferralId: ref("finance.deferral"),
    deferral: z.string(),
    state: z.enum(["scheduled", "posted", "stopped", "reversed"]),
    fromDay: Day,
    untilDay: Day,
    amount: Money,
    postedDay: Day.nullable(),
    entryId: ref("finance.journalEntry").nullable(),
    entry: z.string().nullable(),
    currency: CurrencyCode,
  }),
  label: "line",
  sort: "untilDay",
  totals: ["amount"],
  from: (context) => sql`
    select l.id, d.text || ' / ' || l.position as line, l.deferral_id, d.text as deferral,
      case when l.entry_id is not null and d.reversed_on is not null then 'reversed' when l.entry_id is not null then 'posted'
        when d.stopped_on is not null then 'stopped' else 'scheduled' end as state,
      l.from_day, l.until_day, l.amount, l.posted_day, l.entry_id, e.number as entry, b.currency
    from finance.deferral_line l
    join finance.deferral d on d.tenant_id = ${context.tenantId} and d.id = l.deferral_id
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = d.book_id
    left join finance.journal_entry e on e.tenant_id = ${context.tenantId} and e.id = l.entry_id
    where l.tenant_id = ${context.tenantId}`,
});
