// Dunning from the proposal to the mail: once at a level, held back while disputed, charged when wished.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Id, newId } from "../../../kernel/id.ts";
import { updateOrganisation } from "../../directory/index.ts";
import { day } from "../../../kernel/day.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { setCustomerDunning } from "./customer.operations.ts";
import { disputeItem, endDispute } from "./dispute.operations.ts";
import { cancelDunningRun, changeLetter, createDunningRun, excludeLetter, sendDunningRun } from "./dunning.operations.ts";
import { changeDunningProcedure, createDunningProcedure } from "./dunning-procedure.operations.ts";
import { issueInvoice, payInvoice } from "./invoice.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const rowsOf = async (name: string, input: object) =>
  ((await books.house.call(name, input, books.chief)) as { rows: Record<string, unknown>[] }).rows;
const levels = [
  { daysOverdue: 5, title: "Reminder", text: "It may have slipped your mind." },
  { daysOverdue: 20, title: "Second reminder", text: "We are still waiting.", fee: eur("5.00"), interestPercent: "9" },
];
const invoice = async (price: string, onDay: string): Promise<{ id: Id; itemId: Id }> => {
  const lines = [{ description: "Lens", unitPrice: eur(price) }];
  const { id } = await run(issueInvoice, { customerId: books.customerId, day: onDay, termsDays: 0, lines }, books.accountant);
  return { id, itemId: (await rowsOf("finance.openItem.list", { filter: { documentId: id } }))[0]!["id"] as Id };
};
const propose = (on: string, more: object = {}) => run(createDunningRun, { day: on, ...more }, books.accountant);
const send = (dunningRunId: string, more: object = {}) => run(sendDunningRun, { dunningRunId, ...more }, books.accountant);
const letters = (dunningRunId: string) => rowsOf("finance.dunningLetter.list", { filter: { dunningRunId } });

test("procedures, with each refusal", async () => {
  await expect(propose("2026-11-21")).rejects.toMatchObject({ code: "procedureMissing" });
  const add = (more: object) => run(createDunningProcedure, { code: "STD", name: "Standard", levels, ...more }, books.chief);
  const { id: dunningProcedureId } = await add({});
  await expect(add({})).rejects.toMatchObject({ code: "codeTaken" });
  const wrong = (level: object) => add({ code: "X", levels: [{ ...levels[0], ...level }] });
  await expect(wrong({ fee: { amount: "5", currency: "USD" } })).rejects.toMatchObject({ code: "currencyDiffers" });
  await expect(wrong({ fee: eur("-1.00") })).rejects.toMatchObject({ code: "feeNegative" });
  await expect(wrong({ interestPercent: "101" })).rejects.toMatchObject({ code: "interestOutOfRange" });
  await expect(add({ code: "X", levels: [levels[1], levels[0]] })).rejects.toMatchObject({ code: "levelsNotRising" });
  const change = { dunningProcedureId, name: "Standard", isStandard: true, levels };
  await run(changeDunningProcedure, change, books.chief);
  await expect(run(changeDunningProcedure, { ...change, dunningProcedureId: newId() }, books.chief)).rejects.toMatchObject({
    code: "notFound",
  });
  expect(await rowsOf("finance.dunningLevel.list", { filter: { dunningProcedureId } })).toHaveLength(2);
});

test("from the first letter to the fee, and no item twice at a level", async () => {
  await expect(propose("2026-11-21")).rejects.toMatchObject({ code: "nothingToAsk" });
  const owner = await books.house.person("Olga Owner", "owner");
  await run(updateOrganisation, { organisationId: books.customerId, email: "pay@nordlicht.example" }, owner);
  const first = await invoice("1000.00", "2026-10-01");
  const { id, letters: count } = await propose("2026-10-10");
  expect(count).toBe(1);
  await expect(propose("2026-10-10")).rejects.toMatchObject({ code: "runWaiting" });
  expect(await send(id)).toMatchObject({ sent: 1, mailed: 1, charged: 0, dropped: 0 });
  expect(await letters(id)).toMatchObject([{ state: "sent", level: 1, mailedTo: "pay@nordlicht.example", total: eur("1190.00") }]);
  await expect(send(id)).rejects.toMatchObject({ code: "notProposed" });
  await expect(propose("2026-10-12")).rejects.toMatchObject({ code: "nothingToAsk" });
  await expect(propose("2026-10-18")).rejects.toMatchObject({ code: "nothingToAsk" });
  const second = await propose("2026-10-31");
  // 1190.00 at 9 % for the 21 days since the first letter: 6.16.
  expect(await letters(second.id)).toMatchObject([{ level: 2, fee: eur("5.00"), interest: eur("6.16") }]);
  expect(await send(second.id)).toMatchObject({ sent: 1, charged: 1 });
  const [account] = await rowsOf("finance.account.list", { filter: { code: "4850" } });
  expect(account!["balance"]).toEqual(eur("-11.16"));
  expect(await rowsOf("finance.dunningItem.list", { filter: { openItemId: first.itemId } })).toMatchObject([{ level: 2 }, { level: 1 }]);
  const { rows } = await books.house.owner.query<{ subject: string; has: boolean }>(
    "select subject, file_id is not null as has from platform.mail where to_address = 'pay@nordlicht.example' order by id",
  );
  expect(rows).toEqual([
    { subject: "Reminder", has: true },
    { subject: "Second reminder", has: true },
  ]);
  expect(await books.breaks()).toEqual([]);
  await run(payInvoice, { invoiceId: first.id, bankAccountId: books.bankAccountId, day: "2026-11-01" }, books.accountant);
});

test("what is disputed is held, what is left out keeps its level, what was paid meanwhile is dropped", async () => {
  const [held, free] = [await invoice("10.00", "2026-11-05"), await invoice("20.00", "2026-11-06")];
  await run(disputeItem, { openItemId: held.itemId, reason: "Broken lens" }, books.accountant);
  await expect(run(disputeItem, { openItemId: held.itemId, reason: "Again" }, books.accountant)).rejects.toMatchObject({
    code: "disputedBefore",
  });
  await expect(run(disputeItem, { openItemId: newId(), reason: "What" }, books.accountant)).rejects.toMatchObject({ code: "notFound" });
  const { id } = await propose("2026-11-15");
  const [letter] = await letters(id);
  expect(letter).toMatchObject({ total: expect.objectContaining({ amount: "34.96" }), items: 2 });
  const items = await rowsOf("finance.dunningItem.list", { filter: { dunningLetterId: letter!["id"] as string } });
  expect(items.find((item) => item["openItemId"] === held.itemId)).toMatchObject({ state: "held", heldReason: "Broken lens" });
  const change = (more: object) => run(changeLetter, { dunningLetterId: letter!["id"], ...more }, books.accountant);
  await change({ text: "Dear all" });
  await expect(change({ fee: eur("-1.00") })).rejects.toMatchObject({ code: "chargeNegative" });
  await expect(change({ fee: { amount: "1", currency: "USD" } })).rejects.toMatchObject({ code: "currencyDiffers" });
  await run(excludeLetter, { dunningLetterId: letter!["id"], reason: "They called" }, books.accountant);
  await expect(change({ text: "Late" })).rejects.toMatchObject({ code: "notProposed" });
  await expect(run(excludeLetter, { dunningLetterId: newId(), reason: "None" }, books.accountant)).rejects.toMatchObject({
    code: "notFound",
  });
  await send(id);
  const again = await propose("2026-11-16");
  await run(payInvoice, { invoiceId: free.id, bankAccountId: books.bankAccountId, day: "2026-11-16" }, books.accountant);
  await run(cancelDunningRun, { dunningRunId: again.id }, books.accountant);
  await expect(run(cancelDunningRun, { dunningRunId: newId() }, books.accountant)).rejects.toMatchObject({ code: "notFound" });
  await expect(run(disputeItem, { openItemId: free.itemId, reason: "Paid" }, books.accountant)).rejects.toMatchObject({
    code: "nothingOwed",
  });
  await run(endDispute, { openItemId: held.itemId, outcome: "Lens was fine" }, books.accountant);
  await expect(run(endDispute, { openItemId: held.itemId, outcome: "Twice" }, books.accountant)).rejects.toMatchObject({
    code: "notDisputed",
  });
});

test("a customer who is never reminded is held with the reason", async () => {
  books.house.today = day("2026-12-20");
  const set = (more: object) => run(setCustomerDunning, { customerId: books.customerId, ...more }, books.accountant);
  await set({ noDunningReason: "Public authority" });
  await expect(set({ dunningProcedureId: newId() })).rejects.toMatchObject({ code: "procedureUnknown" });
  await expect(set({ customerId: newId() })).rejects.toMatchObject({ code: "notFound" });
  const { id, letters: count, held } = await propose("2026-12-20");
  expect([count, held]).toEqual([0, 1]);
  expect(await letters(id)).toMatchObject([{ state: "held", reason: "Public authority" }]);
  expect(await books.breaks()).toEqual([]);
});
