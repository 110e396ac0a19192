// How customers pay: terms with a discount, a limit, reminders, a deposit, and a contract that is charged every month.
import { addDays, addMonths, startOfMonth } from "../../src/kernel/day.ts";
import type { Id } from "../../src/kernel/id.ts";
import { customers } from "../company.ts";
import { known, type Story, tell } from "../story.ts";

const accountant = "Tomas Keller";
const head = "Ingrid Sommer";
const euro = (amount: string): { amount: string; currency: string } => ({ amount, currency: "EUR" });

export async function receivablesChapter(story: Story): Promise<void> {
  const customer = (place: number): Id => known(story, `customer/${customers[place]![0]}`);
  const terms = (code: string, name: string, instalments: object[], discounts: object[] = []): Promise<{ id: Id }> =>
    tell(story, "finance.paymentTerm.create", { code, name, instalments, discounts }, accountant);
  await terms("N30", "30 days", [{ days: 30 }]);
  const early = await terms("N30-2", "30 days, 2 % in 10", [{ days: 30 }], [{ percent: "2", days: 10 }]);
  const parts = await terms("3P", "A third at once, a third in 30 days, the rest in 60", [
    { percent: "33.33" },
    { percent: "33.33", days: 30 },
    { days: 60 },
  ]);
  await terms("EOM", "10 days after the end of the month", [{ monthEnd: "beforeDays", days: 10 }]);
  await tell(story, "finance.customer.setTerms", { customerId: customer(0), paymentTermId: early.id }, accountant);
  await tell(story, "finance.customer.setCreditLimit", { customerId: customer(1), creditLimit: euro("60000.00") }, head);
  await tell(story, "finance.dunningProcedure.create", { code: "STD", name: "Three letters", isStandard: true, levels }, head);
  const today = addDays(story.today, -1);
  const line = (description: string, price: string) => [{ description, unitPrice: euro(price) }];
  await tell(
    story,
    "finance.invoice.issue",
    {
      customerId: customer(2),
      day: today,
      isDeposit: true,
      termsDays: 7,
      lines: line("Deposit: telecentric objective, made to order", "5000.00"),
    },
    accountant,
  );
  const lens = line("Measuring station, delivered and set up", "24000.00");
  await tell(story, "finance.invoice.issue", { customerId: customer(3), day: today, paymentTermId: parts.id, lines: lens }, accountant);
  const startDay = addMonths(startOfMonth(story.today), 1);
  const care = line("Care and calibration {period}", "480.00").map((one) => ({ ...one, charged: "inAdvance" }));
  await tell(
    story,
    "finance.recurringInvoice.create",
    { name: "Care contract", customerId: customer(0), every: "month", startDay, posts: true, lines: care },
    accountant,
  );
  await tell(story, "finance.dunningRun.create", {}, accountant);
}

const levels = [
  { daysOverdue: 7, title: "Reminder", text: "It may have slipped your mind: these invoices are still open with us." },
  {
    daysOverdue: 21,
    title: "Second reminder",
    text: "We have not received your payment yet. Please pay within a week.",
    fee: euro("5.00"),
  },
  {
    daysOverdue: 40,
    title: "Last reminder",
    text: "This is our last reminder before we hand the matter over.",
    fee: euro("15.00"),
    interestPercent: "9",
  },
];
