// What is overdue is chased by someone, written off when it will not come, and invoices are printed.
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "../../../kernel/id.ts";
import { day } from "../../../kernel/day.ts";
import { addRole, createOrganisation } from "../../directory/index.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { recordOnePayment, reverseOnePayment } from "../payments/payment.operations.ts";
import { createInvoice, issueInvoice, payInvoice, postInvoice } from "./invoice.operations.ts";
import { setExchangeRate } from "../currency/rate.operations.ts";
import { chaseOverdue } from "./chase.ts";
import { writeOffItem } from "./write-off.operations.ts";
import { printInvoice } from "./print.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const rowsOf = async (name: string, input: object) =>
  ((await books.house.call(name, input, await books.house.person("Olga Owner", "owner"))) as { rows: Record<string, unknown>[] }).rows;
const posted = async (price: string, onDay: string) => {
  const lines = [{ description: "Work #1 with *signs* and a <tag>", quantity: "1.5", unitPrice: eur(price) }];
  const { id } = await run(createInvoice, { customerId: books.customerId, day: onDay, termsDays: 14, lines }, books.accountant);
  await run(postInvoice, { invoiceId: id }, books.accountant);
  return { invoiceId: id, openItemId: (await rowsOf("finance.openItem.list", { filter: { documentId: id } }))[0]!["id"] as string };
};
const chase = () => books.house.funnel.work(books.house.tenantId, chaseOverdue, books.house.today);
const chased = async () => (await rowsOf("office.task.list", { filter: { kind: "chase", state: "open" } })).map((row) => row["title"]);

test("one task for each overdue customer, once, until the oldest item is paid", async () => {
  const oldest = await posted("100.00", "2026-09-01");
  await posted("10.00", "2026-09-02");
  await posted("1.00", "2026-11-10");
  await chase();
  await chase();
  expect(await chased()).toEqual(["Ask Nordlicht AG for 196.35 EUR"]);
  await run(payInvoice, { invoiceId: oldest.invoiceId, bankAccountId: books.bankAccountId }, books.accountant);
  await chase();
  expect(await chased()).toEqual(["Ask Nordlicht AG for 17.85 EUR"]);
});

test("who has as much on account as they owe is not asked", async () => {
  const owner = await books.house.person("Olga Owner", "owner");
  const { id: partyId } = await run(createOrganisation, { name: "Paid Before" }, owner);
  await run(addRole, { partyId, role: "customer", from: "2026-01-01" }, owner);
  const lines = [{ description: "Work", unitPrice: eur("100.00") }];
  await run(issueInvoice, { customerId: partyId, day: "2026-09-01", termsDays: 14, lines }, books.accountant);
  const before = await chased();
  const { bankAccountId } = books;
  const pay = (amount: string) =>
    run(recordOnePayment, { direction: "incoming", partyId, bankAccountId, day: "2026-09-20", amount: eur(amount) }, books.accountant);
  const { id: paymentId } = await pay("119.00");
  await chase();
  expect(await chased()).toEqual(before);
  await run(reverseOnePayment, { paymentId, reason: "Not theirs" }, books.accountant);
  await pay("19.00");
  await chase();
  expect(await chased()).toEqual(expect.arrayContaining([...before, "Ask Paid Before for 100.00 EUR"]));
});

test("a write-off books the loss and settles the item, never more than is owed", async () => {
  const { openItemId } = await posted("200.00", "2026-10-01");
  const wish = { openItemId, reason: "Insolvent" };
  const off = (more: object) => run(writeOffItem, { ...wish, ...more }, books.chief);
  await expect(off({ amount: eur("357.01") })).rejects.toMatchObject({ code: "moreThanOpen" });
  await expect(off({ amount: eur("0.00") })).rejects.toMatchObject({ code: "amountNotPositive" });
  await expect(off({ amount: { amount: "1", currency: "USD" } })).rejects.toMatchObject({ code: "currencyDiffers" });
  await expect(off({ openItemId: newId() })).rejects.toMatchObject({ code: "notFound" });
  await expect(off({ day: day("2019-01-01") })).rejects.toMatchObject({ code: "periodMissing" });
  await expect(off({ day: day("2029-01-01") })).rejects.toMatchObject({ code: "dayAhead" });
  expect(await off({ amount: eur("57.00") })).toMatchObject({ open: { amount: "300.00" } });
  expect(await off({})).toMatchObject({ open: { amount: "0.00" } });
  await expect(off({})).rejects.toMatchObject({ code: "nothingOwed" });
  await expect(run(writeOffItem, wish, books.accountant)).rejects.toMatchObject({ name: "NotPermitted" });
  expect(await books.breaks()).toEqual([]);
});

test("what is owed in dollars is written off at what the books carry for it", async () => {
  await run(setExchangeRate, { base: "EUR", currency: "USD", day: "2026-11-02", rate: "1.25" }, books.accountant);
  const lines = [{ description: "Work", unitPrice: { amount: "500.00", currency: "USD" }, taxCode: "exempt" }];
  const { id: invoiceId } = await run(createInvoice, { customerId: books.customerId, day: "2026-11-02", lines }, books.accountant);
  await run(postInvoice, { invoiceId }, books.accountant);
  const [item] = await rowsOf("finance.openItem.list", { filter: { documentId: invoiceId } });
  const off = (more: object) => run(writeOffItem, { openItemId: item!["id"], reason: "Closed", ...more }, books.chief);
  const loss = async () => (await rowsOf("finance.account.list", { filter: { code: "6550" } }))[0]!["balance"] as { amount: string };
  const before = Number((await loss()).amount);
  await off({ amount: { amount: "100.01", currency: "USD" } });
  // 100.01 / 1.25 = 80.008; then what is left of 400.00.
  expect(Number((await loss()).amount) - before).toBeCloseTo(80.01, 2);
  expect(await off({})).toMatchObject({ open: { amount: "0.00" } });
  expect(Number((await loss()).amount) - before).toBeCloseTo(400, 2);
  expect(await books.breaks()).toEqual([]);
});

test("a posted invoice is printed as a PDF; a draft is not", async () => {
  const { invoiceId } = await posted("33.33", "2026-11-01");
  const { fileId } = await run(printInvoice, { invoiceId }, books.accountant);
  const file = await books.house.funnel.read({ tenantId: books.house.tenantId, actor: books.accountant }, (context) =>
    context.readFile(fileId),
  );
  expect(file).toMatchObject({ mediaType: "application/pdf", name: expect.stringMatching(/^INV-2026-\d{5}\.pdf$/) });
  expect(Buffer.from(file.bytes.slice(0, 5)).toString()).toBe("%PDF-");
  const lines = [{ description: "Later", unitPrice: eur("1.00") }];
  const { id } = await run(createInvoice, { customerId: books.customerId, lines }, books.accountant);
  await expect(run(printInvoice, { invoiceId: id }, books.accountant)).rejects.toMatchObject({ code: "notPosted" });
  await expect(run(printInvoice, { invoiceId: newId() }, books.accountant)).rejects.toMatchObject({ code: "notFound" });
});
