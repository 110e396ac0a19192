// A year of payroll: elements with their rates, everyone enrolled, a run each month, and what was owed paid out.
import { addDays, addMonths, endOfMonth, later, startOfMonth } from "../../src/kernel/day.ts";
import { Money } from "../../src/kernel/money.ts";
import { colleagues } from "../company.ts";
import { known, type Story, tell } from "../story.ts";
import { monthsOfBooks } from "./books.ts";
import { firstDayOf } from "./directory.ts";

const clerk = "Miriam Vogt";
const approver = "Ingrid Sommer";

export async function payrollChapter(story: Story): Promise<void> {
  const start = startOfMonth(addMonths(story.today, -monthsOfBooks));
  await elements(story, start);
  for (const colleague of colleagues) {
    const employmentId = known(story, `employment/${colleague.name}`);
    const from = later(start, firstDayOf(story, colleague));
    await tell(story, "payroll.enrolment.create", { employmentId, from, bankAccount: "DE02100100100006820101" }, clerk, from);
  }
  for (let month = start; endOfMonth(month) < story.today; month = addMonths(month, 1)) {
    const payDay = addDays(endOfMonth(month), -1);
    const run = await tell(story, "payroll.run.create", { month: month.slice(0, 7), payDay }, clerk, payDay);
    await tell(story, "payroll.run.calculate", { runId: run.id }, clerk, payDay);
    await tell(story, "payroll.run.submit", { runId: run.id }, clerk, payDay);
    await tell(story, "payroll.run.approve", { runId: run.id }, approver, payDay);
    await payOut(story, endOfMonth(month));
  }
}

async function elements(story: Story, from: string): Promise<void> {
  const element = (code: string, name: string, kind: string, percent: string, more: object = {}) =>
    tell(story, "payroll.element.create", { code, name, kind, percent, from, ...more }, clerk);
  await element("PEN", "Pension insurance", "deduction", "9.3", { lowersTax: true });
  await element("HEA", "Health and care insurance", "deduction", "10.3", { lowersTax: true });
  await element("UNE", "Unemployment insurance", "deduction", "1.3", { lowersTax: true });
  await element("TAX", "Wage tax, flat", "deduction", "17.5", { basis: "taxable" });
  await element("PEN-E", "Pension insurance, employer", "employer", "9.3");
  await element("HEA-E", "Health and care insurance, employer", "employer", "10.3");
}

/** Net pay, and what was withheld, leave the bank on the last day of the month. */
async function payOut(story: Story, day: ReturnType<typeof endOfMonth>): Promise<void> {
  const balance = await tell<{ rows: { code: string; closing: { amount: string; currency: string } }[] }>(
    story,
    "finance.trialBalance.get",
    { asOf: day },
    approver,
    day,
  );
  const owed = balance.rows.filter((row) => row.code === "2310" || row.code === "2320");
  const sums = owed
    .map((row) => ({ code: row.code, amount: Money.parse(row.closing.amount, "EUR").negated() }))
    .filter((row) => row.amount.minor > 0n);
  const total = sums.reduce((sum, row) => sum.plus(row.amount), Money.zero("EUR"));
  if (total.minor === 0n) return;
  const lines = [
    ...sums.map((row) => ({ accountId: known(story, `account/${row.code}`), debit: row.amount.toJSON() })),
    { accountId: known(story, "account/1120"), credit: total.toJSON() },
  ];
  await tell(
    story,
    "finance.journalEntry.post",
    { journal: "BNK", day, text: "Pay, wage tax and social insurance paid out", lines },
    "Tomas Keller",
    day,
  );
}
