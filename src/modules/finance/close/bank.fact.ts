// The fact of the close that the bank is reconciled: what an accountant looks at before signing the month.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { reconciled } from "../banking/outstanding.store.ts";
import { bankAccountOf } from "../ledger/bank-account.operations.ts";
import type { ClosedMonth, CloseFact } from "./fact.ts";

interface MovedAccount {
  readonly id: Id;
  readonly name: string;
  /** The day with which its statements begin. */
  readonly firstDay: Day | null;
  /** Whether the statements reach the end of the month. */
  readonly isTold: boolean;
  /** Lines of the bank that nobody has decided on: not matched, or waiting for an answer. */
  readonly open: number;
}

/** That the statements of account `k` tell of a day: one goes over it, or the one after opens with what the one before closed with. */
function isToldOn({ tenantId }: ReadContext, day: Day): Sql {
  const own = sql`s.tenant_id = ${tenantId} and s.bank_account_id = k.id and not s.is_advice`;
  const begins = sql`coalesce(s.opening_day, s.from_day)`;
  return sql`(exists (select from finance.bank_statement s
      where ${own} and ${begins} <= ${day}::date and greatest(s.until_day, s.closing_day) >= ${day}::date)
    or coalesce((select s.closing from finance.bank_statement s
        where ${own} and s.closing_day <= ${day}::date order by s.closing_day desc, s.day_place desc, s.id desc limit 1)
      = (select s.opening from finance.bank_statement s
        where ${own} and ${begins} > ${day}::date order by ${begins}, s.closing_day, s.day_place, s.id limit 1), false))`;
}

/** Accounts with movement in the month, in the books or at the bank, and those with a line from before that nobody has decided on. */
const movedAccounts = (context: ReadContext, { bookId, fromDay, untilDay }: ClosedMonth): Promise<MovedAccount[]> =>
  context.db.rows<MovedAccount>(sql`
    select * from (
      select k.id, k.name, ${isToldOn(context, untilDay)} as is_told,
        (select min(coalesce(s.opening_day, s.from_day)) from finance.bank_statement s
          where s.tenant_id = ${context.tenantId} and s.bank_account_id = k.id and not s.is_advice) as first_day,
        (select count(*)::int from finance.bank_line l where l.tenant_id = ${context.tenantId} and l.bank_account_id = k.id
          and l.state in ('unmatched', 'held') and l.day <= ${untilDay}::date) as open,
        exists (select from finance.journal_line j where j.tenant_id = ${context.tenantId} and j.account_id = k.account_id
          and j.day between ${fromDay}::date and ${untilDay}::date)
        or exists (select from finance.bank_line l where l.tenant_id = ${context.tenantId} and l.bank_account_id = k.id
          and l.state not in ('advised', 'replaced') and l.day between ${fromDay}::date and ${untilDay}::date) as moved
      from finance.bank_account k where k.tenant_id = ${context.tenantId} and k.book_id = ${bookId}) m
    where m.moved or m.open > 0 order by m.name, m.id`);

async function missingOf(context: ReadContext, account: MovedAccount, { untilDay }: ClosedMonth): Promise<string | undefined> {
  const { id, name, firstDay } = account;
  const bank = await bankAccountOf(context, id);
  if (!account.isTold) {
    // The statements begin after the month: what they open with proves what it left behind, where the books have the same.
    const isProven = firstDay !== null && firstDay > untilDay && (await reconciled(context, bank, { asOf: firstDay })).difference === 0n;
    return isProven ? undefined : `${name}: no statement reaches ${untilDay} yet. Import it.`;
  }
  if (account.open > 0) return `${name}: lines of the bank that are not matched yet, or wait for an answer: ${account.open}.`;
  const { difference } = await reconciled(context, bank, { asOf: untilDay });
  if (difference === null) return `${name}: no statement tells a balance, so that nothing proves the books' on ${untilDay}.`;
  if (difference === 0n) return undefined;
  return `${name}: ${new Money(difference, bank.currency).toString()} are not explained on ${untilDay}. See its reconciliation.`;
}

export const bankIsReconciled: CloseFact = {
  key: "bankIsReconciled",
  says: "A statement of every bank account reaches the end of the month, its lines are posted or set aside, and books and bank agree.",
  holds: async (context, period) => {
    // As many as the company has accounts at banks.
    for (const account of await movedAccounts(context, period)) {
      const missing = await missingOf(context, account, period);
      if (missing !== undefined) return missing;
    }
    return true;
  },
};
