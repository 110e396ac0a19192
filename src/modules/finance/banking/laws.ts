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
        join finance.book b on b.tenant_id = ${tenantId} and b.id = k.book_id
        left join lateral (
          select count(distinct m.id)::int as matches, coalesce(sum(case when k.currency = b.currency then j.amount
            when j.currency = k.currency then j.currency_amount end), 0)::bigint as booked
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
    name: "finance.bankRulesWereTried",
    says: "No rule books anything that was not tried on what happened, and what it booked names it.",
    breaks: async (context) => {
      const found = await context.db.rows<{ name: string }>(sql`
        select distinct u.name from finance.bank_rule u
        where u.tenant_id = ${context.tenantId} and u.state = 'enabled' and u.tried_at is null`);
      return found.map((row) => `The rule ${row.name} is enabled and was never tried.`);
    },
  },
  {
    name: "finance.replacedLinesHaveTheirTwin",
    says: "What was told ahead and is booked otherwise names the booked line that took its place, and is not posted itself.",
    breaks: async (context) => {
      const { tenantId } = context;
      const found = await context.db.rows<{ day: string; text: string }>(sql`
        select l.day, l.text from finance.bank_line l
        left join finance.bank_line b on b.tenant_id = ${tenantId} and b.id = l.replaced_by_id and b.bank_account_id = l.bank_account_id
        where l.tenant_id = ${tenantId} and l.state = 'replaced' and (b.id is null or b.state in ('advised', 'replaced')
          or exists (select from finance.bank_match m where m.tenant_id = ${tenantId} and m.bank_line_id = l.id and m.ended_at is null))`);
      return found.map((row) => `The line of ${row.day} told ahead (${row.text}) has no booked twin, or is posted itself.`);
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
