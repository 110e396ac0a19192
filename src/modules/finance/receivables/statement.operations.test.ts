// A statement of account in the currencies of its documents; every figure counted by hand.
import { afterAll, beforeAll, expect, test } from "vitest";
import { setExchangeRate } from "../currency/rate.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { issueInvoice, payInvoice } from "./invoice.operations.ts";
import { printStatement, sendStatements } from "./statement.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const usd = (amount: string) => ({ amount, currency: "USD" });

test("what is owed in dollars is told in dollars, and what the books gain on them is not", async () => {
  const { customerId } = books;
  for (const [day, rate] of [
    ["2026-11-02", "0.90"],
    ["2026-11-10", "0.95"],
  ]) {
    await run(setExchangeRate, { base: "USD", currency: "EUR", day, rate }, books.accountant);
  }
  const issue = (day: string, unitPrice: object, termsDays: number) =>
    run(issueInvoice, { customerId, day, termsDays, lines: [{ description: "Work", unitPrice, taxCode: "exempt" }] }, books.accountant);
  const paid = await issue("2026-11-02", usd("200.00"), 0);
  await issue("2026-11-03", usd("600.00"), 0);
  await issue("2026-11-04", eur("500.00"), 30);
  // Carried at 180.00 EUR and paid with 190.00: 10.00 EUR of gain, which is ours.
  const pay = { invoiceId: paid.id, bankAccountId: books.bankAccountId, day: "2026-11-10", bankAmount: eur("190.00") };
  await run(payInvoice, pay, books.accountant);
  const { sections } = await run(printStatement, { customerId, from: "2026-11-03", until: "2026-11-20" }, books.accountant);
  expect(sections).toMatchObject([
    { opening: eur("0.00"), closing: eur("500.00"), overdue: eur("0.00"), rows: 1 },
    { opening: usd("200.00"), closing: usd("600.00"), overdue: usd("600.00"), rows: 2 },
  ]);
  // Whoever owes only in dollars owes something.
  expect(await run(sendStatements, { until: "2026-11-20" }, books.accountant)).toMatchObject({
    sent: 0,
    withoutAddress: [{ id: customerId }],
  });
});
