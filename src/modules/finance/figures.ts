// What finance shows on the Today page.
import { startOfMonth } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import { Money } from "../../kernel/money.ts";
import { type Sql, sql } from "../../platform/database/sql.ts";
import type { ReadContext } from "../../platform/operation/context.ts";
import type { Figure } from "../../platform/operation/module.ts";
import { maybeBook } from "./ledger/book.ts";
import { turnoverOf } from "./ledger/turnover.ts";

const roles = ["owner", "finance.manager", "finance.accountant"];

/** A sum over the main books; a dash while there are none. */
async function sumOf(context: ReadContext, minor: (bookId: Id) => Sql): Promise<string | { amount: string; currency: string }> {
  const book = await maybeBook(context);
  if (!book) return "–";
  const { sum } = await context.db.row<{ sum: bigint }>(minor(book.id));
  return new Money(sum, book.currency).toJSON();
}

export const financeFigures: readonly Figure[] = [
  {
    name: "finance.cash",
    title: "Cash and bank",
    roles,
    to: "/r/finance/bankAccount",
    value: (context, today) =>
      sumOf(
        context,
        (bookId) => sql`
        select coalesce(sum(t.debit - t.credit), 0)::bigint as sum from (${turnoverOf(context, { bookId, until: today })}) t
        where t.account_id in (select account_id from finance.bank_account where tenant_id = ${context.tenantId} and book_id = ${bookId}
          union select account_id from finance.account_role where tenant_id = ${context.tenantId} and book_id = ${bookId}
            and role = 'cash')`,
      ),
  },
  {
    name: "finance.receivablesOverdue",
    title: "Overdue from customers",
    roles,
    to: "/r/finance/invoice?filter[state]=overdue",
    value: (context, today) =>
      sumOf(
        context,
        (bookId) => sql`
        select coalesce(sum(open_amount), 0)::bigint as sum from finance.open_item
        where tenant_id = ${context.tenantId} and book_id = ${bookId} and direction = 'receivable' and open_amount > 0
          and due_day < ${today}::date`,
      ),
  },
  {
    name: "finance.billsWaiting",
    title: "Bills waiting for approval",
    roles,
    to: "/r/finance/bill?filter[state]=draft",
    value: async (context) => {
      const { count } = await context.db.row<{ count: number }>(sql`
        select count(*)::int as count from finance.bill
        where tenant_id = ${context.tenantId} and kind = 'bill' and state = 'draft'`);
      return count;
    },
  },
  {
    name: "finance.resultThisMonth",
    title: "Result this month",
    roles: ["owner", "finance.manager"],
    to: "/finance/profit-and-loss",
    value: (context, today) =>
      sumOf(
        context,
        (bookId) => sql`
        select coalesce(sum(t.credit - t.debit), 0)::bigint as sum
        from (${turnoverOf(context, { bookId, from: startOfMonth(today), until: today, beforeClosing: true })}) t
        join finance.account a on a.tenant_id = ${context.tenantId} and a.id = t.account_id and a.type in ('income', 'expense')`,
      ),
  },
  {
    name: "finance.payablesSoon",
    title: "To pay within 7 days",
    roles: ["finance.manager", "finance.accountant"],
    to: "/finance/payment-runs",
    value: (context, today) =>
      sumOf(
        context,
        (bookId) => sql`
        select coalesce(-sum(open_amount), 0)::bigint as sum from finance.open_item
        where tenant_id = ${context.tenantId} and book_id = ${bookId} and direction = 'payable' and open_amount < 0
          and due_day <= ${today}::date + 7`,
      ),
  },
  {
    name: "finance.closeOpen",
    title: "Open steps of the close",
    roles: ["finance.manager", "finance.accountant"],
    to: "/finance/close",
    value: async (context) => {
      const { count } = await context.db.row<{ count: number }>(sql`
        select count(*)::int as count from finance.close_task where tenant_id = ${context.tenantId} and state = 'open'`);
      return count;
    },
  },
  {
    name: "finance.bankUnmatched",
    title: "Bank lines to match",
    roles: ["finance.manager", "finance.accountant"],
    to: "/finance/reconciliation",
    value: async (context) => {
      const { count } = await context.db.row<{ count: number }>(sql`
        select count(*)::int as count from finance.bank_line where tenant_id = ${context.tenantId} and state = 'unmatched'`);
      return count;
    },
  },
];
