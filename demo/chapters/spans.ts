// What is for longer than its month: an insurance and a service contract spread over their year; and a till receipt with tax in its prices.
import { addDays, addMonths, startOfMonth } from "../../src/kernel/day.ts";
import type { Id } from "../../src/kernel/id.ts";
import { customers } from "../company.ts";
import { known, type Story, tell } from "../story.ts";

const accountant = "Tomas Keller";
const head = "Ingrid Sommer";
const euro = (amount: string): { amount: string; currency: string } => ({ amount, currency: "EUR" });

export async function spansChapter(story: Story): Promise<void> {
  const day = startOfMonth(story.today);
  const year = { serviceFrom: day, serviceUntil: addDays(addMonths(day, 12), -1) };
  const account = (code: string): Id => known(story, `account/${code}`);
  const insured = { description: "Machine breakdown insurance", net: euro("4800.00"), accountId: account("6530"), ...year };
  const billId = await enter(story, "Hanse Versicherung AG", { supplierNumber: "MB-88120", day, lines: [insured] });
  await tell(story, "finance.bill.approve", { billId }, head);
  await tell(story, "finance.bill.post", { billId }, accountant);
  const bought = [
    { description: "Folders and labels", net: euro("47.60"), accountId: account("6540"), taxCode: "standard" },
    { description: "Coffee", net: euro("10.70"), accountId: account("6420"), taxCode: "reduced" },
  ];
  await enter(story, "Bürowelt Lange GmbH", { supplierNumber: "Bon 4471", day, pricesIncludeTax: true, lines: bought });
  const contract = { description: "Service contract, calibration", unitPrice: euro("3600.00"), ...year };
  await tell(
    story,
    "finance.invoice.issue",
    { customerId: known(story, `customer/${customers[1]![0]}`), day, lines: [contract] },
    accountant,
  );
}

async function enter(story: Story, supplier: string, bill: object): Promise<Id> {
  const input = { supplierId: known(story, `supplier/${supplier}`), ...bill };
  return (await tell<{ id: Id }>(story, "finance.bill.create", input, accountant)).id;
}
