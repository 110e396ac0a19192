// Asked for ahead and taken back: a deposit in dollars and the draft of the invoice that takes it off, and a credit note that is drafted.
import { addDays } from "../../src/kernel/day.ts";
import type { Id } from "../../src/kernel/id.ts";
import { customers } from "../company.ts";
import { known, type Story, tell } from "../story.ts";

const accountant = "Tomas Keller";

export async function depositsChapter(story: Story): Promise<void> {
  const [abroad, near] = [customers[13]![0], customers[6]![0]].map((name) => known(story, `customer/${name}`));
  const line = (description: string, amount: string, currency: string) => [{ description, unitPrice: { amount, currency } }];
  const day = addDays(story.today, -1);
  const ahead = { customerId: abroad, day, isDeposit: true, rate: "0.92", termsDays: 7 };
  const lines = line("Deposit: survey camera, made to order", "18000.00", "USD");
  const { id: depositId } = await tell<{ id: Id }>(story, "finance.invoice.issue", { ...ahead, lines }, accountant);
  const camera = line("Survey camera, calibrated", "60000.00", "USD");
  const last = { customerId: abroad, day: story.today, rate: "0.94", lines: camera, deposits: [{ depositId }] };
  await tell(story, "finance.invoice.create", last, accountant);
  const work = { customerId: near, day, lines: line("Calibration on site", "1800.00", "EUR") };
  const { id: invoiceId } = await tell<{ id: Id }>(story, "finance.invoice.issue", work, accountant);
  const less = { invoiceId, day: story.today, reason: "Two hours less than agreed", lines: line("Calibration on site", "240.00", "EUR") };
  await tell(story, "finance.invoice.draftCreditNote", less, accountant);
}
