// Credit notes over invoices of which something was taken off before: what is owed and its tax go once (Art. 90 of the VAT Directive,
// § 17 UStG). Two percent of 119.00 is 2.38, of which 0.38 is tax.
import { afterAll, beforeAll, expect, test } from "vitest";
import { createOrganisation, addRole } from "../../directory/index.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { creditInvoice, draftCreditNote } from "./credit-note.operations.ts";
import { issueInvoice, payInvoice, postInvoice } from "./invoice.operations.ts";
import { writeOffItem } from "./write-off.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const rowsOf = async (name: string, filter: object) =>
  ((await books.house.call(name, { filter }, books.chief)) as { rows: Record<string, unknown>[] }).rows;
const customer = async (name: string) => {
  const owner = await books.house.person("Olga Owner", "owner");
  const { id } = await run(createOrganisation, { name }, owner);
  await run(addRole, { partyId: id, role: "customer", from: "2026-01-01" }, owner);
  return id;
};
const issue = async (customerId: string, ...lines: [price: string, taxCode: string][]) => {
  const wished = lines.map(([price, taxCode]) => ({ description: "Work", unitPrice: eur(price), taxCode }));
  return (await run(issueInvoice, { customerId, day: "2026-11-02", lines: wished }, books.accountant)).id;
};
const pay = (invoiceId: string, amount: string, discount: string) =>
  run(
    payInvoice,
    { invoiceId, bankAccountId: books.bankAccountId, day: "2026-11-05", amount: eur(amount), discount: eur(discount) },
    books.accountant,
  );
const credit = (invoiceId: string, more: object = {}) =>
  run(creditInvoice, { invoiceId, day: "2026-11-10", reason: "All wrong", ...more }, books.accountant);
const line = (price: string, taxCode = "standard") => [{ description: "Work", unitPrice: eur(price), taxCode }];
const balances = async (...codes: string[]) => {
  const { rows } = await run(getTrialBalance, { asOf: "2026-11-30" }, books.chief);
  return codes.map((code) => rows.find((row) => row.code === code)?.closing.amount ?? "0.00");
};
const openOf = async (partyId: string) =>
  (await rowsOf("finance.openItem.list", { partyId }))
    .map((item) => (item["open"] as { amount: string }).amount)
    .filter((open) => open !== "0.00");

test("what was written off with its tax is not credited again, unless the write-off is taken back", async () => {
  const customerId = await customer("Insolvent Ltd");
  const invoiceId = await issue(customerId, ["1000.00", "standard"]);
  const draft = await run(draftCreditNote, { invoiceId, day: "2026-11-10", reason: "Later" }, books.accountant);
  const [item] = await rowsOf("finance.openItem.list", { documentId: invoiceId });
  const off = { openItemId: item!["id"], day: "2026-11-12", reason: "Insolvent", relievesTax: true };
  await run(writeOffItem, off, books.chief);
  const nothingLeft = { code: "moreThanLeft", facts: { reduced: "1190.00 EUR", left: "0.00 EUR" } };
  await expect(credit(invoiceId)).rejects.toMatchObject(nothingLeft);
  await expect(run(postInvoice, { invoiceId: draft.id }, books.accountant)).rejects.toMatchObject(nothingLeft);
  await credit(invoiceId, { takesBackReductions: true });
  expect(await balances("1210", "2210", "4110", "6550")).toEqual(["0.00", "0.00", "0.00", "0.00"]);
  expect(await openOf(customerId)).toEqual([]);
  expect(await rowsOf("finance.writeOff.list", { partyId: customerId })).toMatchObject([{ state: "reversed" }]);
  expect(await books.breaks()).toEqual([]);
});

test("who paid with a discount gets back what they paid", async () => {
  const customerId = await customer("Early Bird");
  const invoiceId = await issue(customerId, ["100.00", "standard"]);
  await pay(invoiceId, "116.62", "2.38");
  await expect(credit(invoiceId)).rejects.toMatchObject({ code: "moreThanLeft", facts: { reduced: "2.38 EUR", left: "116.62 EUR" } });
  await credit(invoiceId, { lines: line("98.00") });
  expect(await openOf(customerId)).toEqual(["-116.62"]);
  // 19.00 less 0.38 less 18.62.
  expect(await balances("2210")).toEqual(["0.00"]);
  const second = await issue(customerId, ["100.00", "standard"]);
  await pay(second, "116.62", "2.38");
  await credit(second, { takesBackReductions: true });
  expect(await openOf(customerId)).toEqual(["-116.62", "-116.62"]);
  expect(await balances("2210")).toEqual(["0.00"]);
  expect(await books.breaks()).toEqual([]);
});

test("two discounts leave each tax code its own share", async () => {
  const customerId = await customer("Two Rates");
  // 119.00 and 107.00; twice 2.26 off, each time 1.19 and 1.07.
  const invoiceId = await issue(customerId, ["100.00", "standard"], ["100.00", "reduced"]);
  await pay(invoiceId, "110.74", "2.26");
  await pay(invoiceId, "110.74", "2.26");
  await expect(credit(invoiceId, { lines: line("98.01") })).rejects.toMatchObject({
    code: "moreThanLeftAtCode",
    facts: { left: "98.00 EUR", reduced: "4.52 EUR", code: "standard" },
  });
  await credit(invoiceId, { lines: line("50.00") });
  await expect(credit(invoiceId, { lines: line("48.01") })).rejects.toMatchObject({ facts: { left: "48.00 EUR" } });
  await credit(invoiceId, { lines: [...line("48.00"), ...line("98.00", "reduced")] });
  expect(await balances("2210")).toEqual(["0.00"]);
  expect(await books.breaks()).toEqual([]);
});
