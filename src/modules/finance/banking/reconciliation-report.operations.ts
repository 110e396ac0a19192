// The month-end reconciliation: the book balance, what only the bank has, what only the books have, and the bank's balance, to the cent.
// It is told as of a day and as known at a moment, so that what was signed comes out again.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Money as KernelMoney } from "../../../kernel/money.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Day, FileId, Id, Money, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { bankAccountOf, bankAccountUnknown } from "../ledger/bank-account.operations.ts";
import { AsKnownAt, knownUntil } from "../reports/known.ts";
import { reconciled, type Until } from "./outstanding.store.ts";
import { reconciliationPdf } from "./reconciliation.document.ts";

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
  const { told, bookBalance, bankOnly, booksOnly, difference, rows } = await reconciled(context, account, until);
  const listed = async (side: Sql): Promise<OutstandingRow[]> => {
    const found = await context.db.rows<Omit<OutstandingRow, "amount"> & { amount: bigint }>(sql`
      select o.id, o.side, o.day, o.text, o.party, o.amount, o.state, o.entry from (${side}) o order by o.day, o.id limit ${rowsMax}`);
    return found.map((row) => ({ ...row, amount: money(row.amount) }));
  };
  return {
    bankAccount: await nameOf(context, account.id),
    asOf,
    bookBalance: money(bookBalance),
    bankOnly: money(bankOnly.sum),
    booksOnly: money(booksOnly.sum),
    expected: money(bookBalance + bankOnly.sum - booksOnly.sum),
    bankBalance: told ? money(told.balance) : null,
    statementDay: told?.closingDay ?? null,
    difference: difference === null ? null : money(difference),
    agrees: difference === 0n,
    rows: [...(await listed(rows.bank)), ...(await listed(rows.books))],
  };
}

async function nameOf(context: ReadContext, bankAccountId: KernelId): Promise<string> {
  const { name } = await context.db.row<{ name: string }>(sql`
    select name from finance.bank_account where tenant_id = ${context.tenantId} and id = ${bankAccountId}`);
  return name;
}
