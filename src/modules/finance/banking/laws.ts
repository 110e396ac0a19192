// What must hold between the bank and the books at all times.
import { sql } from "../../../platform/database/sql.ts";
import type { Law } from "../../../platform/operation/module.ts";

export const bankingLaws: readonly Law[] = [
  {
    name: "finance.bankLinesAreMatchedOnce",
    says: "A bank line that is settled has one match that holds, and what it posted in the books is exactly its amount.",
    breaks: async (context) => {
      const { tenantId } = context;
      const found = await context.db.rows<{ day: string; line: string; matches: number; amount: bigint; booked: bigint }>(sql`
        select l.day, coalesce(l.counterparty_name, l.text) as line, m.matches, l.amount, m.booked
        from finance.bank_line l
        join finance.bank_account k on k.tenant_id = ${tenantId} and k.id = l.bank_account_id
        left join lateral (
          select count(distinct m.id)::int as matches, coalesce(sum(j.amount), 0)::bigint as booked
          from finance.bank_match m
          left join finance.bank_match_part q on q.tenant_id = ${tenantId} and q.match_id = m.id and q.is_live
          left join finance.journal_line j on j.tenant_id = ${tenantId} and j.id = q.journal_line_id and j.account_id = k.account_id
          where m.tenant_id = ${tenantId} and m.bank_line_id = l.id and m.ended_at is null) m on true
        where l.tenant_id = ${tenantId} and case when l.state in ('matched', 'posted') then m.matches <> 1 or m.booked <> l.amount
          else m.matches > 0 end`);
      return found.map((row) => `${row.day} ${row.line}: ${row.matches} matches, ${row.booked} booked of ${row.amount} minor units.`);
    },
  },
  {
    name: "finance.bankStatementsAddUp",
    says: "Opening and entries of every proven statement make its closing.",
    breaks: async (context) => {
      const found = await context.db.rows<{ statementId: string }>(sql`
        select statement_id from finance.bank_statement
        where tenant_id = ${context.tenantId} and proven and closing is distinct from opening + entries_sum`);
      return found.map((row) => `Statement ${row.statementId} does not add up.`);
    },
  },
  {
    name: "finance.foreignBankLinesAreNotPosted",
    says: "Nothing stands in the books for a line of a bank account in another currency than theirs.",
    breaks: async (context) => {
      const { tenantId } = context;
      const found = await context.db.rows<{ day: string; code: string; currency: string }>(sql`
        select l.day, k.code, k.currency from finance.bank_line l
        join finance.bank_account k on k.tenant_id = ${tenantId} and k.id = l.bank_account_id
        join finance.book b on b.tenant_id = ${tenantId} and b.id = k.book_id and b.currency <> k.currency
        where l.tenant_id = ${tenantId} and l.state in ('matched', 'posted')`);
      return found.map((row) => `A line of ${row.day} on ${row.code} is in ${row.currency} and posted.`);
    },
  },
  {
    name: "finance.endedMatchesLeaveNothing",
    says: "What an ended match had posted is taken back in the books.",
    breaks: async (context) => {
      const { tenantId } = context;
      const found = await context.db.rows<{ number: string }>(sql`
        select e.number from finance.bank_match_part q
        join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = q.entry_id
        where q.tenant_id = ${tenantId} and q.is_own and not q.is_live
          and not exists (select from finance.journal_entry x where x.tenant_id = ${tenantId} and x.reverses_id = e.id)`);
      return found.map((row) => `Entry ${row.number} was posted by a match that ended, and is not reversed.`);
    },
  },
];
