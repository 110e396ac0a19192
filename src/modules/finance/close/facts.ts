// The facts of the close that the books themselves can tell.
import { sql } from "../../../platform/database/sql.ts";
import type { Area } from "../ledger/area.rules.ts";
import { bankIsReconciled } from "./bank.fact.ts";
import { type ClosedMonth, type CloseFact, none } from "./fact.ts";
import { revaluationIsPosted } from "../currency/revaluation.ts";

const locked = (area: Area, title: string): CloseFact => ({
  key: `${area}IsLocked`,
  says: `${title} is locked.`,
  holds: async (_context, period) => period.state === "closed" || period.lockedAreas.includes(area) || `${title} is not locked yet.`,
});

const inMonth = (period: ClosedMonth) => sql`between ${period.fromDay}::date and ${period.untilDay}::date`;

export const closeFacts: readonly CloseFact[] = [
  bankIsReconciled,
  none(
    "invoicesArePosted",
    "No invoice of the month is a draft.",
    "Invoices of the month that are drafts",
    (context, period) => sql`
    select id from finance.invoice
    where tenant_id = ${context.tenantId} and book_id = ${period.bookId} and state = 'draft' and day ${inMonth(period)}`,
  ),
  none(
    "billsArePosted",
    "No bill of the month waits to be approved or posted.",
    "Bills of the month that are not posted yet",
    (context, period) => sql`
    select id from finance.bill
    where tenant_id = ${context.tenantId} and book_id = ${period.bookId} and state in ('draft', 'approved') and day ${inMonth(period)}`,
  ),
  none(
    "recurringIsPosted",
    "Every recurring entry that was due is posted or left out on purpose.",
    "Recurring entries that are due and not posted",
    (context, period) => sql`
    select t.id from finance.entry_template t
    where t.tenant_id = ${context.tenantId} and t.book_id = ${period.bookId} and t.next_day <= ${period.untilDay}::date
    union all
    select r.id from finance.entry_template_run r
    join finance.entry_template t on t.tenant_id = ${context.tenantId} and t.id = r.template_id and t.book_id = ${period.bookId}
    where r.tenant_id = ${context.tenantId} and r.state = 'skipped' and r.day <= ${period.untilDay}::date`,
  ),
  none(
    "deferralsAreRecognised",
    "Every part of a deferral that ended in the month is recognised.",
    "Parts of deferrals that wait to be recognised",
    (context, period) => sql`
    select l.id from finance.deferral_line l
    join finance.deferral d on d.tenant_id = ${context.tenantId} and d.id = l.deferral_id and d.book_id = ${period.bookId}
      and d.stopped_on is null
    where l.tenant_id = ${context.tenantId} and l.entry_id is null and l.until_day <= ${period.untilDay}::date`,
  ),
  none(
    "depreciationIsPosted",
    "The depreciation of every asset until the end of the month is posted.",
    "Parts of depreciation that are planned and not posted",
    (context, period) => sql`
    select l.id from finance.depreciation_line l
    join finance.asset_book b on b.tenant_id = ${context.tenantId} and b.id = l.asset_book_id and b.book_id = ${period.bookId} and b.posts
    where l.tenant_id = ${context.tenantId} and l.state = 'planned' and l.until_day <= ${period.untilDay}::date`,
  ),
  {
    key: "revaluationIsPosted",
    says: "What is open in other currencies is revalued at the end of the month.",
    holds: async (context, period) =>
      (await revaluationIsPosted(context, period)) || "What is open in other currencies is not revalued at the end of the month.",
  },
  {
    key: "taxReturnIsFiled",
    says: "The tax of the month is filed.",
    holds: async (context, period) => {
      const unfiled = await context.db.maybe(sql`
        select t.id from finance.tax_line t
        join finance.tax_code c on c.tenant_id = ${context.tenantId} and c.id = t.tax_code_id and c.book_id = ${period.bookId}
        where t.tenant_id = ${context.tenantId} and t.day ${inMonth(period)}
          and not exists (select from finance.tax_return r
            where r.tenant_id = ${context.tenantId} and r.book_id = ${period.bookId} and r.until_day >= ${period.untilDay}::date) limit 1`);
      return unfiled === undefined || "The tax return of the month is not filed yet.";
    },
  },
  {
    key: "subledgerAgrees",
    says: "What customers and suppliers owe equals the control accounts to the cent.",
    holds: async (context, period) => {
      const off = await context.db.maybe<{ code: string; difference: bigint }>(sql`
        select a.code, (coalesce(k.balance, 0) - coalesce(o.open, 0))::bigint as difference
        from finance.account a
        left join (select account_id, sum(debit - credit) as balance from finance.balance
          where tenant_id = ${context.tenantId} group by account_id) k on k.account_id = a.id
        left join (select account_id, sum(open_amount) as open from finance.open_item
          where tenant_id = ${context.tenantId} and open_amount <> 0 group by account_id) o on o.account_id = a.id
        where a.tenant_id = ${context.tenantId} and a.book_id = ${period.bookId} and a.control is not null
          and coalesce(k.balance, 0) <> coalesce(o.open, 0) limit 1`);
      return off === undefined || `Account ${off.code} and its open items differ by ${off.difference} minor units.`;
    },
  },
  none(
    "suspenseIsClear",
    "Nothing is left on the account for what is to be clarified.",
    "Accounts to be clarified that have a balance",
    (context, period) => sql`
    select r.account_id from finance.account_role r
    join finance.balance k on k.tenant_id = ${context.tenantId} and k.account_id = r.account_id
    join finance.period p on p.tenant_id = ${context.tenantId} and p.id = k.period_id and p.until_day <= ${period.untilDay}::date
    where r.tenant_id = ${context.tenantId} and r.book_id = ${period.bookId} and r.role = 'suspense'
    group by r.account_id having sum(k.debit - k.credit) <> 0`,
  ),
  locked("sales", "Sales"),
  locked("purchase", "Purchasing"),
  locked("payroll", "Payroll"),
  locked("tax", "Tax"),
  locked("ledger", "The ledger"),
  {
    key: "earlierIsClosed",
    says: "The months before are closed.",
    holds: async (context, period) => {
      const earlier = await context.db.maybe<{ code: string }>(sql`
        select code from finance.period
        where tenant_id = ${context.tenantId} and book_id = ${period.bookId} and state = 'open' and from_day < ${period.fromDay}
        order by from_day limit 1`);
      return earlier === undefined || `The month ${earlier.code} is still open.`;
    },
  },
  {
    key: "periodIsClosed",
    says: "The month is closed.",
    holds: async (_context, period) => period.state === "closed" || "The month is not closed yet.",
  },
];

export const factOf = (key: string): CloseFact | undefined => closeFacts.find((fact) => fact.key === key);
