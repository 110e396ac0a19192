// What people paid for the company: the rates, a claim that was paid, one that waits for the line manager, and one still being collected.
import { addDays, addMonths, type Day, startOfMonth } from "../../src/kernel/day.ts";
import type { Id } from "../../src/kernel/id.ts";
import { known, type Story, tell } from "../story.ts";

const accountant = "Tomas Keller";
const head = "Ingrid Sommer";
const leader = "Mats Eriksen";
const euro = (amount: string): { amount: string; currency: string } => ({ amount, currency: "EUR" });

export async function expensesChapter(story: Story): Promise<void> {
  await tell(story, "finance.expenseCategory.open", {}, head);
  const from = startOfMonth(addMonths(story.today, -24));
  await tell(story, "finance.mileageRate.set", { from, perUnit: "0.30" }, head);
  for (const [country, whole, part] of [
    ["DE", "28.00", "14.00"],
    ["FR", "53.00", "36.00"],
    ["IT", "42.00", "28.00"],
  ] as const) {
    await tell(story, "finance.perDiemRate.set", { country, from, wholeDay: euro(whole), partDay: euro(part) }, head);
  }
  const { rows } = await tell<{ rows: { id: Id; code: string }[] }>(story, "finance.expenseCategory.list", {}, head);
  const travel = rows.find((row) => row.code === "TRAVEL")!.id;
  await paid(story, travel);
  await waiting(story, travel);
  await collecting(story);
}

const noReceiptReason = "The machine gave none";

async function claimed(story: Story, who: string, title: string, day: Day): Promise<Id> {
  return (await tell(story, "finance.expenseClaim.create", { title }, who, day)).id;
}

async function paid(story: Story, travel: Id): Promise<void> {
  const who = "Anna Lauritzen";
  const day = addDays(startOfMonth(story.today), -18);
  const expenseClaimId = await claimed(story, who, "Calibration at Helios, Munich", day);
  const trip = { day: addDays(day, -3), untilDay: addDays(day, -1), country: "DE", breakfasts: 2 };
  await tell(story, "finance.expenseLine.addPerDiem", { ...trip, description: "Munich", expenseClaimId }, who, day);
  const train = {
    expenseCategoryId: travel,
    amount: euro("178.40"),
    day: addDays(day, -3),
    description: "Train Hamburg to Munich and back",
  };
  await tell(story, "finance.expenseLine.addReceipt", { ...train, noReceiptReason, expenseClaimId }, who, day);
  const sent = await tell<{ approvalId: Id }>(story, "finance.expenseClaim.submit", { expenseClaimId }, who, day);
  await tell(story, "office.approval.decide", { approvalId: sent.approvalId, verdict: "approve" }, leader, addDays(day, 1));
  const pay = { expenseClaimId, bankAccountId: known(story, "bank"), day: addDays(day, 4) };
  await tell(story, "finance.expenseClaim.pay", pay, accountant, addDays(day, 4));
}

async function waiting(story: Story, travel: Id): Promise<void> {
  const who = "Carla Mendes";
  const day = addDays(story.today, -2);
  const expenseClaimId = await claimed(story, who, "Fabrica Ottica, Padova", day);
  const hotel = { expenseCategoryId: travel, amount: { amount: "264.00", currency: "CHF" }, rate: "1.0642", day: addDays(day, -6) };
  const why = { description: "Night in Lugano, on the way", noReceiptReason: "The hotel sends it later" };
  await tell(story, "finance.expenseLine.addReceipt", { ...hotel, ...why, expenseClaimId }, who, day);
  const drive = { day: addDays(day, -6), distance: "412", description: "Lugano to Padova, the sample case was too heavy for the train" };
  await tell(story, "finance.expenseLine.addMileage", { ...drive, expenseClaimId }, who, day);
  await tell(story, "finance.expenseClaim.submit", { expenseClaimId }, who, day);
}

async function collecting(story: Story): Promise<void> {
  const who = "Anna Lauritzen";
  const day = addDays(story.today, -1);
  await tell(story, "finance.expenseLine.addMileage", { day, distance: "86", description: "Customer visit in Lüneburg" }, who);
  await tell(
    story,
    "finance.expenseAdvance.request",
    { amount: euro("400.00"), reason: "Trade fair in Lyon", wantedBy: addDays(story.today, 10) },
    who,
  );
}
