// The lists of expenses. A claim is seen by whom it belongs to, by whoever decides on it, and by finance; by nobody else.
import { z } from "zod";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { CurrencyCode, Day, FileId, Id, Money, ref } from "../../../platform/operation/field.ts";
import { anyone, whoever } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { expenseRoles, Kind } from "./policy.operations.ts";

const involved = whoever("whom it belongs to, and whoever decides on it", () => true);
const sees = (context: ReadContext): Sql => sql`${context.actor.personId} in (r.person_id, r.approver_id)`;

/** What there is to look at, as people read it: `over limit`. */
const said = sql`lower(regexp_replace(f, '([a-z])([A-Z])', '\\1 \\2', 'g'))`;

export const claimRegister = register({
  name: "finance.expenseClaim",
  title: "Expense claims",
  does: "What people paid for the company: sent, approved, paid.",
  may: [...expenseRoles, involved],
  row: z.object({
    id: Id,
    label: z.string(),
    number: z.string(),
    title: z.string(),
    personId: ref("directory.person"),
    person: z.string(),
    total: Money,
    open: Money.describe("Still owed to the person."),
    lines: z.number().int(),
    flags: z.string().describe("What to look at."),
    madeOn: Day,
    submittedOn: Day.nullable(),
    approverId: ref("directory.person").nullable(),
    approver: z.string().nullable(),
    rejectReason: z.string().nullable(),
    postedOn: Day.nullable(),
    state: z.enum(["draft", "submitted", "rejected", "approved", "paid"]),
    mine: z.boolean(),
    entryId: ref("finance.journalEntry").nullable(),
    itemId: ref("finance.openItem").nullable(),
    approvalId: ref("office.approval").nullable(),
    currency: CurrencyCode,
  }),
  label: "label",
  search: ["label", "person"],
  sort: "-number",
  totals: ["total", "open"],
  sees,
  from: (context) => sql`
    select c.id, c.number || ' ' || c.title as label, c.number, c.title, c.person_id, y.name as person, l.total, l.lines, l.flags,
      case c.state when 'posted' then -o.open_amount else 0 end as open, c.made_on, c.submitted_on, a.approver_id, p.name as approver,
      c.reject_reason, c.posted_on,
      case when c.state <> 'posted' then c.state when o.open_amount = 0 then 'paid' else 'approved' end as state,
      coalesce(c.person_id = ${context.actor.personId}::uuid, false) as mine, c.entry_id, c.item_id, c.approval_id, b.currency
    from finance.expense_claim c
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = c.book_id
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = c.person_id
    left join finance.open_item o on o.tenant_id = ${context.tenantId} and o.id = c.item_id
    left join office.approval a on a.tenant_id = ${context.tenantId} and a.id = c.approval_id
    left join directory.party p on p.tenant_id = ${context.tenantId} and p.id = a.approver_id
    left join lateral (
      select coalesce(sum(l.amount), 0)::bigint as total, count(*)::int as lines,
        coalesce((select string_agg(distinct ${said}, ', ') from finance.expense_line x, unnest(x.flags) f
          where x.tenant_id = ${context.tenantId} and x.claim_id = c.id), '') as flags
      from finance.expense_line l where l.tenant_id = ${context.tenantId} and l.claim_id = c.id) l on true
    where c.tenant_id = ${context.tenantId}`,
});

export const expenseLineRegister = register({
  name: "finance.expenseLine",
  title: "Expenses",
  does: "Each receipt, distance and day away on a claim, with what to look at.",
  may: [...expenseRoles, involved],
  inner: true,
  row: z.object({
    id: Id,
    description: z.string(),
    expenseClaimId: ref("finance.expenseClaim"),
    expenseClaim: z.string(),
    personId: ref("directory.person"),
    person: z.string(),
    kind: Kind,
    expenseCategoryId: ref("finance.expenseCategory"),
    expenseCategory: z.string(),
    day: Day,
    untilDay: Day,
    amount: Money,
    tax: Money,
    paid: Money.nullable().describe("In the currency it was paid in."),
    rate: z.string().nullable(),
    workedOut: z.string().nullable(),
    fileId: FileId.nullable(),
    noReceiptReason: z.string().nullable(),
    flags: z.string(),
    claimState: z.string(),
    approverId: ref("directory.person").nullable(),
    approver: z.string().nullable(),
    mine: z.boolean(),
    currency: CurrencyCode,
  }),
  label: "description",
  search: ["description"],
  sort: "day",
  totals: ["amount"],
  sees,
  from: (context) => sql`
    select l.id, l.description, l.claim_id as expense_claim_id, c.number as expense_claim, l.person_id, y.name as person, l.kind,
      l.category_id as expense_category_id, k.name as expense_category, l.day, l.until_day, l.amount, l.tax, l.currency_amount as paid,
      l.currency as paid_currency, trim_scale(l.rate)::text as rate, l.worked_out, l.file_id, l.no_receipt_reason,
      (select coalesce(string_agg(${said}, ', '), '') from unnest(l.flags) f) as flags,
      c.state as claim_state, a.approver_id, p.name as approver,
      coalesce(l.person_id = ${context.actor.personId}::uuid, false) as mine, b.currency
    from finance.expense_line l
    join finance.expense_claim c on c.tenant_id = ${context.tenantId} and c.id = l.claim_id
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = c.book_id
    join finance.expense_category k on k.tenant_id = ${context.tenantId} and k.id = l.category_id
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = l.person_id
    left join office.approval a on a.tenant_id = ${context.tenantId} and a.id = c.approval_id
    left join directory.party p on p.tenant_id = ${context.tenantId} and p.id = a.approver_id
    where l.tenant_id = ${context.tenantId}`,
});

export const advanceRegister = register({
  name: "finance.expenseAdvance",
  title: "Advances",
  does: "Money given to people before they spent it for the company, and what of it is in hand.",
  may: [...expenseRoles, involved],
  row: z.object({
    id: Id,
    label: z.string(),
    number: z.string(),
    reason: z.string(),
    personId: ref("directory.person"),
    person: z.string(),
    amount: Money,
    inHand: Money,
    wantedBy: Day,
    approverId: ref("directory.person").nullable(),
    approver: z.string().nullable(),
    rejectReason: z.string().nullable(),
    state: z.enum(["requested", "approved", "rejected", "paid", "settled"]),
    mine: z.boolean(),
    paymentId: ref("finance.payment").nullable(),
    itemId: ref("finance.openItem").nullable(),
    approvalId: ref("office.approval").nullable(),
    currency: CurrencyCode,
  }),
  label: "label",
  search: ["label", "person"],
  sort: "-number",
  totals: ["amount", "inHand"],
  sees,
  from: (context) => sql`
    select v.id, v.number || ' ' || v.reason as label, v.number, v.reason, v.person_id, y.name as person, v.amount,
      greatest(coalesce(o.open_amount, 0), 0)::bigint as in_hand, v.wanted_by, a.approver_id, p.name as approver, v.reject_reason,
      case when v.state <> 'paid' then v.state when m.state = 'reversed' then 'approved' when o.open_amount = 0 then 'settled'
        else 'paid' end as state,
      coalesce(v.person_id = ${context.actor.personId}::uuid, false) as mine, v.payment_id, v.item_id, v.approval_id, b.currency
    from finance.expense_advance v
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = v.book_id
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = v.person_id
    left join finance.open_item o on o.tenant_id = ${context.tenantId} and o.id = v.item_id
    left join finance.payment m on m.tenant_id = ${context.tenantId} and m.id = v.payment_id
    left join office.approval a on a.tenant_id = ${context.tenantId} and a.id = v.approval_id
    left join directory.party p on p.tenant_id = ${context.tenantId} and p.id = a.approver_id
    where v.tenant_id = ${context.tenantId}`,
});

export const categoryRegister = register({
  name: "finance.expenseCategory",
  title: "Expense categories",
  does: "Kinds of expense: the account each is booked on, its limit, and whether a receipt is wanted.",
  may: [anyone],
  row: z.object({
    id: Id,
    name: z.string(),
    code: z.string(),
    kind: Kind,
    accountId: ref("finance.account"),
    account: z.string(),
    taxCodeId: ref("finance.taxCode").nullable(),
    taxCode: z.string().nullable(),
    limit: Money.nullable(),
    wantsReceipt: z.boolean(),
    state: z.enum(["inUse", "retired"]),
    retiredFrom: Day.nullable(),
    bookId: ref("finance.book"),
    currency: CurrencyCode,
  }),
  label: "name",
  search: ["name", "code"],
  sort: "code",
  from: (context, asOf) => sql`
    select k.id, k.name, k.code, k.kind, k.account_id, a.code || ' ' || a.name as account, k.tax_code_id, t.code as tax_code,
      k.limit_amount as "limit", k.wants_receipt, case when k.retired_from <= ${asOf}::date then 'retired' else 'inUse' end as state,
      k.retired_from, k.book_id, b.currency
    from finance.expense_category k
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = k.book_id
    join finance.account a on a.tenant_id = ${context.tenantId} and a.id = k.account_id
    left join finance.tax_code t on t.tenant_id = ${context.tenantId} and t.id = k.tax_code_id
    where k.tenant_id = ${context.tenantId}`,
});

export const mileageRateRegister = register({
  name: "finance.mileageRate",
  title: "Mileage rates",
  does: "What a distance is worth, by vehicle, day and what was driven in the year.",
  may: [anyone],
  row: z.object({
    id: Id,
    label: z.string(),
    vehicle: z.string(),
    unit: z.enum(["km", "mi"]),
    fromDay: Day,
    above: z.string(),
    perUnit: z.string(),
    yearBegins: z.string(),
  }),
  label: "label",
  search: ["label"],
  sort: "-fromDay",
  from: (context) => sql`
    select m.id, m.vehicle || ' from ' || m.from_day || case when m.above > 0 then ' above ' || trim_scale(m.above) else '' end as label,
      m.vehicle, m.unit, m.from_day, trim_scale(m.above)::text as above, trim_scale(m.per_unit)::text as per_unit, m.year_begins
    from finance.mileage_rate m where m.tenant_id = ${context.tenantId}`,
});

export const perDiemRateRegister = register({
  name: "finance.perDiemRate",
  title: "Daily allowances",
  does: "What a day away is worth, by country and day.",
  may: [anyone],
  row: z.object({
    id: Id,
    label: z.string(),
    country: z.string(),
    fromDay: Day,
    wholeDay: Money,
    partDay: Money,
    breakfastPercent: z.string(),
    lunchPercent: z.string(),
    dinnerPercent: z.string(),
    currency: CurrencyCode,
  }),
  label: "label",
  search: ["country"],
  sort: "country",
  from: (context) => sql`
    select p.id, p.country || ' from ' || p.from_day as label, p.country, p.from_day, p.whole_day, p.part_day,
      trim_scale(p.breakfast_percent)::text as breakfast_percent, trim_scale(p.lunch_percent)::text as lunch_percent,
      trim_scale(p.dinner_percent)::text as dinner_percent, b.currency
    from finance.per_diem_rate p join finance.book b on b.tenant_id = ${context.tenantId} and b.id = p.book_id
    where p.tenant_id = ${context.tenantId}`,
});
