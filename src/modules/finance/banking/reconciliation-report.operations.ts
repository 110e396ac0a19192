// The month-end reconciliation: the book balance, what only the bank has, what only the books have, and the bank's balance, to the cent.
// It is told as of a day: what was matched or booked after it stands among the outstanding; and as known at a moment: what the bank told,
// was booked, matched or unmatched later does not count, so that what was signed comes out again.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney, sumMoney } from "../../../kernel/money.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Day, FileId, Id, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { type BankAccount, bankAccountOf, bankAccountUnknown } from "../ledger/bank-account.operations.ts";
import { andPostedBy, AsKnownAt, knownUntil } from "../reports/known.ts";
import { bankAmountOf } from "./match.store.ts";
import { reconciliationPdf } from "./reconciliation.document.ts";
import { andToldBy, statementBalance, type Until } from "./reconciliation.operations.ts";

const may = ["finance.accountant", "finance.manager"];
const rowsMax = 5000;

const Outstanding = z.object({
  id: Id,
  side: z.enum(["bank", "books"]).describe("Who has it and the other has not."),
  day: Day,
  text: z.string(),
  party: z.string().nullable(),
  amount: Money.describe("With the sign by which it moves the account."),
  state: z.string().describe("Of the bank line; posted for what only the books have."),
  entry: z.string().nullable(),
});
type OutstandingRow = z.output<typeof Outstanding>;

const Report = z.object({
  bankAccount: z.string(),
  asOf: Day,
  bookBalance: Money,
  bankOnly: Money.describe("Told by the bank and not in the books."),
  booksOnly: Money.describe("In the books and not told by the bank."),
  expected: Money.describe("Book balance + only at the bank − only in the books."),
  bankBalance: Money.nullable(),
  statementDay: Day.nullable(),
  difference: Money.nullable().describe("What is not explained: zero when all is reconciled."),
  agrees: z.boolean(),
  rows: z.array(Outstanding).describe("At most 5,000 of each side."),
});
type ReportOutput = z.output<typeof Report>;

export const reportBankReconciliation = operation({
  name: "finance.bankReconciliation.report",
  title: "Month-end bank reconciliation",
  does: "Proves the bank's balance from the books' on a day: every payment that only one of them has, and what is left unexplained.",
  kind: "read",
  may,
  input: z.strictObject({ bankAccountId: ref("finance.bankAccount"), asOf: Day.optional(), asKnownAt: AsKnownAt }),
  output: Report,
  refuses: { bankAccountUnknown },
  run: (input, context) => reportOf(context, input),
});

export const printBankReconciliation = operation({
  name: "finance.bankReconciliation.print",
  title: "Print the bank reconciliation",
  does: "Makes the month-end reconciliation of a bank account as a PDF, to be signed and filed.",
  kind: "write",
  may,
  on: "finance.bankAccount",
  input: z.strictObject({ bankAccountId: ref("finance.bankAccount"), asOf: Day.optional(), asKnownAt: AsKnownAt }),
  output: z.object({ fileId: FileId, agrees: z.boolean() }),
  refuses: { bankAccountUnknown },
  async run(input, context) {
    const report = await reportOf(context, input);
    const amountOf = (money: KernelMoney | null): string => money?.amount ?? "not known";
    const paper = {
      title: "Bank reconciliation",
      bankAccount: report.bankAccount,
      asOf: report.asOf as string,
      currency: report.bookBalance.currency as string,
      bookBalance: amountOf(report.bookBalance),
      bankOnly: amountOf(report.bankOnly),
      booksOnly: amountOf(report.booksOnly.negated()),
      expected: amountOf(report.expected),
      bankBalance: amountOf(report.bankBalance),
      difference: amountOf(report.difference),
      by: context.actor.name,
      rows: report.rows.map((row) => ({ ...row, party: row.party ?? "", amount: row.amount.amount, entry: row.entry ?? "" })),
    };
    const fileId = await context.writeFile(`reconciliation-${report.asOf}.pdf`, "application/pdf", reconciliationPdf(paper));
    return { fileId, agrees: report.agrees };
  },
});

interface Question {
  readonly bankAccountId: KernelId;
  readonly asOf?: KernelDay;
  readonly asKnownAt?: string;
}

async function reportOf(context: ReadContext, question: Question): Promise<ReportOutput> {
  const account = await bankAccountOf(context, question.bankAccountId);
  const { asOf = context.today } = question;
  const until: Until = { asOf, knownAt: await knownUntil(context, question.asKnownAt) };
  const money = (minor: bigint): KernelMoney => new KernelMoney(minor, account.currency);
  const told = await statementBalance(context, account.id, until);
  const inBooks = await bookSide(context, account, until);
  const bank = await onlyAtBank(context, account, until);
  const books = told ? await onlyInBooks(context, account, until, told.firstDay) : [];
  const rows = [...bank, ...books];
  const sumOf = (side: OutstandingRow["side"]): KernelMoney =>
    sumMoney(
      rows.filter((row) => row.side === side).map((row) => row.amount),
      account.currency,
    );
  const [bankOnly, booksOnly] = [sumOf("bank"), sumOf("books")];
  const expected = money(inBooks.balance).plus(bankOnly).minus(booksOnly);
  const bankBalance = told ? money(told.balance) : null;
  const difference = bankBalance?.minus(expected) ?? null;
  const cut = (side: OutstandingRow["side"]): OutstandingRow[] => rows.filter((row) => row.side === side).slice(0, rowsMax);
  return {
    bankAccount: inBooks.name,
    asOf,
    bookBalance: money(inBooks.balance),
    bankOnly,
    booksOnly,
    expected,
    bankBalance,
    statementDay: told?.closingDay ?? null,
    difference,
    agrees: difference?.minor === 0n,
    rows: [...cut("bank"), ...cut("books")],
  };
}

async function bookSide(context: ReadContext, account: BankAccount, { asOf, knownAt }: Until): Promise<{ balance: bigint; name: string }> {
  return context.db.row(sql`
    select k.name, coalesce((select sum(${bankAmountOf(account)}) from finance.journal_line l
      where l.tenant_id = ${context.tenantId} and l.account_id = k.account_id and l.day <= ${asOf}::date
        ${andPostedBy(context, sql`l.entry_id`, knownAt)}), 0)::bigint as balance
    from finance.bank_account k where k.tenant_id = ${context.tenantId} and k.id = ${account.id}`);
}

interface Found extends Omit<OutstandingRow, "amount"> {
  amount: bigint;
}

const withMoney = (rows: readonly Found[], account: BankAccount): OutstandingRow[] =>
  rows.map((row) => ({ ...row, amount: new KernelMoney(row.amount, account.currency) }));

/** Whether a match `m` with its part `q` held: now, or at the moment that is asked about. */
const held = (knownAt: Date | undefined): Sql =>
  knownAt ? sql`m.at <= ${knownAt} and (m.ended_at is null or m.ended_at > ${knownAt})` : sql`m.ended_at is null and q.is_live`;

/** Lines of the bank until the day, less what stood for them in the books on that day. */
async function onlyAtBank(context: ReadContext, account: BankAccount, { asOf, knownAt }: Until): Promise<OutstandingRow[]> {
  const { tenantId } = context;
  const rows = await context.db.rows<Found>(sql`
    select * from (
      select b.id, 'bank' as side, b.day, coalesce(nullif(b.text, ''), b.structured_reference, '') as text, b.counterparty_name as party,
        (b.amount - coalesce(j.booked, 0))::bigint as amount,
        ${knownAt ? sql`case when j.booked is null and b.state in ('matched', 'posted') then 'unmatched' else b.state end` : sql`b.state`}
          as state,
        null::text as entry
      from finance.bank_line b
      left join (
        select m.bank_line_id, sum(${bankAmountOf(account)}) as booked
        from finance.bank_match m
        join finance.bank_match_part q on q.tenant_id = ${tenantId} and q.match_id = m.id
        join finance.journal_line l on l.tenant_id = ${tenantId} and l.id = q.journal_line_id and l.day <= ${asOf}::date
        where m.tenant_id = ${tenantId} and ${held(knownAt)} group by m.bank_line_id) j on j.bank_line_id = b.id
      where b.tenant_id = ${tenantId} and b.bank_account_id = ${account.id} and b.state not in ('advised', 'replaced')
        and b.day <= ${asOf}::date ${andToldBy(context, sql`b.statement_id`, knownAt)}) o
    where o.amount <> 0 order by o.day, o.id`);
  return withMoney(rows, account);
}

/** Lines in the books until the day that the bank had not told by then; an entry and its mirror, both by then, are nothing. */
async function onlyInBooks(
  context: ReadContext,
  account: BankAccount,
  { asOf, knownAt }: Until,
  firstDay: KernelDay | null,
): Promise<OutstandingRow[]> {
  const { tenantId } = context;
  const toldFor = (line: Sql): Sql => sql`exists (select from finance.bank_match_part q
    join finance.bank_match m on m.tenant_id = ${tenantId} and m.id = q.match_id
    join finance.bank_line b on b.tenant_id = ${tenantId} and b.id = m.bank_line_id and b.day <= ${asOf}::date
    where q.tenant_id = ${tenantId} and ${held(knownAt)} and q.journal_line_id = ${line})`;
  const rows = await context.db.rows<Found>(sql`
    select l.id, 'books' as side, l.day, coalesce(l.text, e.text) as text, y.name as party, (${bankAmountOf(account)})::bigint as amount,
      'posted' as state, e.number as entry
    from finance.journal_line l
    join finance.journal_entry e on e.tenant_id = ${tenantId} and e.id = l.entry_id ${knownAt ? sql`and e.posted_at <= ${knownAt}` : sql``}
    left join directory.party y on y.tenant_id = ${tenantId} and y.id = l.party_id
    where l.tenant_id = ${tenantId} and l.account_id = ${account.accountId} and l.day <= ${asOf}::date and l.day > ${firstDay}::date
      and (${bankAmountOf(account)}) <> 0 and not ${toldFor(sql`l.id`)}
      and not exists (select from finance.journal_entry x
        where x.tenant_id = ${tenantId} and x.reverses_id = e.id and x.day <= ${asOf}::date
          ${knownAt ? sql`and x.posted_at <= ${knownAt}` : sql``})
      and (e.reverses_id is null or exists (select from finance.journal_line o
        where o.tenant_id = ${tenantId} and o.entry_id = e.reverses_id and o.account_id = l.account_id
          and (o.day > ${asOf}::date or ${toldFor(sql`o.id`)})))
    order by l.day, l.id`);
  return withMoney(rows, account);
}
