// The months are closed until the last but one; the close of the last one is under way, with what recurs, is accrued or spread over a year.
import { addDays, addMonths, type Day, startOfMonth, startOfYear } from "../../src/kernel/day.ts";
import type { Id } from "../../src/kernel/id.ts";
import { known, type Story, tell } from "../story.ts";

const accountant = "Tomas Keller";
const head = "Ingrid Sommer";
const euro = (amount: string): { amount: string; currency: string } => ({ amount, currency: "EUR" });

interface Period {
  readonly id: Id;
  readonly code: string;
  readonly untilDay: Day;
}

export async function closeChapter(story: Story): Promise<void> {
  const thisMonth = startOfMonth(story.today);
  const lastMonth = addMonths(thisMonth, -1);
  const account = (code: string): Id => known(story, `account/${code}`);
  await insurance(story, lastMonth);
  await tell(
    story,
    "finance.accrual.post",
    {
      day: addDays(thisMonth, -1),
      text: "Audit of the year, share of the month",
      lines: [
        { accountId: account("6520"), debit: euro("1250.00") },
        { accountId: account("2120"), credit: euro("1250.00") },
      ],
    },
    accountant,
  );
  await tell(
    story,
    "finance.entryTemplate.create",
    {
      name: "Interest on the loan",
      text: "Interest on the machine loan",
      amount: euro("486.00"),
      rhythm: "quarterly",
      onDate: 31,
      from: thisMonth,
      lines: [
        { accountId: account("6720"), debitPercent: "100" },
        { accountId: account("2420"), creditPercent: "100" },
      ],
    },
    accountant,
  );
  const { rows } = await tell<{ rows: Period[] }>(story, "finance.period.list", { sort: "fromDay", limit: 200 });
  for (const period of rows.filter((one) => one.untilDay < lastMonth)) {
    await tell(story, "finance.period.close", { periodId: period.id }, head);
  }
  await beginClose(story, rows.find((one) => one.code === lastMonth.slice(0, 7))!.id);
}

/** Paid in January for the year, recognised month by month; the last month waits for its close. */
async function insurance(story: Story, lastMonth: Day): Promise<void> {
  const from = startOfYear(lastMonth);
  const text = `Business insurance ${from.slice(0, 4)}`;
  const [prepaid, cost] = [known(story, "account/1230"), known(story, "account/6530")];
  const lines = [
    { accountId: prepaid, debit: euro("7380.00") },
    { accountId: cost, credit: euro("7380.00") },
  ];
  await tell(story, "finance.journalEntry.post", { day: from, text: `${text}: to be spread over the year`, lines }, accountant);
  await tell(
    story,
    "finance.deferral.create",
    {
      text,
      amount: euro("7380.00"),
      fromAccountId: prepaid,
      toAccountId: cost,
      from,
      until: addDays(addMonths(from, 12), -1),
      by: "months",
    },
    accountant,
  );
  if (lastMonth > from) await tell(story, "finance.deferral.recognise", { until: addDays(lastMonth, -1) }, accountant);
}

async function beginClose(story: Story, periodId: Id): Promise<void> {
  await tell(story, "finance.period.beginClose", { periodId }, head);
  const tick = async (...keys: string[]): Promise<void> => {
    const { tasks } = await tell<{ tasks: { id: Id; key: string; factHolds: boolean | null; blockedBy: string[] }[] }>(
      story,
      "finance.closeBoard.get",
      { periodId },
      head,
    );
    for (const task of tasks.filter((one) => keys.includes(one.key) && one.factHolds !== false && one.blockedBy.length === 0)) {
      await tell(story, "finance.closeTask.complete", { closeTaskId: task.id }, accountant);
    }
  };
  await tick("bank", "invoices", "recurring", "earlier");
  await tell(story, "finance.period.lock", { periodId, area: "sales" }, head);
  await tick("lockSales");
}
