// What suppliers took back: a credit note that is taken off the week's payment run, and one that waits for its approval.
import { addDays } from "../../src/kernel/day.ts";
import type { Id } from "../../src/kernel/id.ts";
import { suppliers } from "../company.ts";
import { known, type Story, tell } from "../story.ts";

const accountant = "Tomas Keller";
const head = "Ingrid Sommer";

export async function supplierCreditsChapter(story: Story): Promise<void> {
  const [first, second] = suppliers.map(([name]) => name);
  const supplierCreditNoteId = await enter(story, first!, "GS-204", "Damaged in transport, returned", "38.50");
  await tell(story, "finance.supplierCreditNote.approve", { supplierCreditNoteId }, head);
  await tell(story, "finance.supplierCreditNote.post", { supplierCreditNoteId }, accountant);
  await enter(story, second!, "G-2291", "Bonus for the third quarter", "120.00");
}

async function enter(story: Story, name: string, supplierNumber: string, description: string, net: string): Promise<Id> {
  const lines = [{ description, net: { amount: net, currency: "EUR" } }];
  const input = { supplierId: known(story, `supplier/${name}`), supplierNumber, day: addDays(story.today, -4), lines };
  return (await tell<{ id: Id }>(story, "finance.supplierCreditNote.create", input, accountant)).id;
}
