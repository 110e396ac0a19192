// Credit limits where two invoices meet: issued at the same moment, and in the books of two companies; every figure counted by hand.
import { afterAll, beforeAll, expect, test } from "vitest";
import { addRole, createLegalEntity, createOrganisation } from "../../directory/index.ts";
import { setExchangeRate } from "../currency/rate.operations.ts";
import { createSetup } from "../ledger/setup.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { setCreditLimit } from "./customer.operations.ts";
import { createInvoice, issueInvoice, postInvoice } from "./invoice.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const limited = async (name: string, limit: string) => {
  const owner = await books.house.person("Olga Owner", "owner");
  const { id: customerId } = await run(createOrganisation, { name }, owner);
  await run(addRole, { partyId: customerId, role: "customer", from: "2026-01-01" }, owner);
  await run(setCreditLimit, { customerId, creditLimit: eur(limit), isHardLimit: true }, books.chief);
  return customerId;
};
const wish = (customerId: string, unitPrice: object, more: object = {}) => ({
  customerId,
  day: "2026-11-02",
  lines: [{ description: "Work", unitPrice, taxCode: "exempt" }],
  ...more,
});
const issue = (...wished: Parameters<typeof wish>) => run(issueInvoice, wish(...wished), books.accountant);

test("two invoices at the same moment do not pass a hard limit together", async () => {
  for (let round = 1; round <= 2; round += 1) {
    const customerId = await limited(`Twice ${round}`, "100.00");
    // Somebody else holds the customer, so that both wait at once.
    const held = "with held as materialized (select id from finance.customer where id = $1 for update) select pg_sleep(0.8) from held";
    const holding = books.house.owner.query(held, [customerId]);
    await new Promise((done) => setTimeout(done, 200));
    const results = await Promise.allSettled([issue(customerId, eur("60.00")), issue(customerId, eur("60.00"))]);
    await holding;
    const refused = results.flatMap((result) => (result.status === "rejected" ? [result.reason as object] : []));
    expect(refused).toMatchObject([{ code: "creditLimitReached", facts: { owed: "120.00 EUR", limit: "100.00 EUR" } }]);
  }
  expect(await books.breaks()).toEqual([]);
});

test("a limit holds for what is owed in all books, in its own currency", async () => {
  const owner = await books.house.person("Olga Owner", "owner");
  const entity = { code: "ISL", name: "Island Ltd", country: "GB", currency: "GBP" };
  const { id: legalEntityId } = await run(createLegalEntity, entity, owner);
  const island = { legalEntityId, name: "Island", currency: "GBP", fiscalYearStart: "2026-01-01" };
  const { id: bookId } = await run(createSetup, island, owner);
  const customerId = await limited("Both Sides", "200.00");
  const gbp = (amount: string) => ({ amount, currency: "GBP" });
  await expect(issue(customerId, gbp("90.00"), { bookId })).rejects.toMatchObject({ code: "rateMissing" });
  for (const on of ["2026-11-01", "2026-11-20"]) {
    const rate = on === "2026-11-01" ? "1.00" : "1.20";
    await run(setExchangeRate, { base: "GBP", currency: "EUR", day: on, rate }, books.accountant);
  }
  // 90.00 GBP are 108.00 EUR at the newest rate, which leaves 92.00 EUR in whichever books.
  await issue(customerId, gbp("90.00"), { bookId });
  const over = { code: "creditLimitReached", facts: { owed: "200.01 EUR", limit: "200.00 EUR" } };
  await expect(issue(customerId, eur("92.01"))).rejects.toMatchObject(over);
  await issue(customerId, eur("50.00"));
  await expect(issue(customerId, eur("42.01"), { bookId })).rejects.toMatchObject(over);
  const draft = await run(createInvoice, wish(customerId, eur("42.00"), { bookId }), books.accountant);
  await expect(issue(customerId, eur("0.01"))).rejects.toMatchObject(over);
  await run(postInvoice, { invoiceId: draft.id }, books.accountant);
  await expect(issue(customerId, gbp("0.01"), { bookId })).rejects.toMatchObject({ code: "creditLimitReached" });
  expect(await books.breaks()).toEqual([]);
});
