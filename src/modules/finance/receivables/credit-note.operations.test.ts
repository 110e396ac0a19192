// Credit notes over invoices of which something was taken off before: what is owed and its tax go once (Art. 90 of the VAT Directive,
// § 17 UStG). Two percent of 119.00 is 2.38, of which 0.38 is tax.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createOrganisation, addRole } from "../../directory/index.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { changeTaxRate, createTaxCode, setTaxRounding } from "../tax/tax-code.operations.ts";
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

describe("what is taken back is taxed as it was", () => {
  const sums = async (id: string) => {
    const [row] = await rowsOf("finance.invoice.list", { id });
    return ["net", "tax", "total"].map((key) => (row![key] as { amount: string }).amount);
  };
  const codeOf = async (code: string) => (await rowsOf("finance.taxCode.list", { code }))[0]!["id"];

  test("at another tax code than the invoice's nothing is credited", async () => {
    const invoiceId = await issue(await customer("One Rate"), ["100.00", "standard"]);
    await expect(credit(invoiceId, { lines: line("100.00", "reduced") })).rejects.toMatchObject({
      code: "taxCodeNotInvoiced",
      facts: { code: "reduced", codes: "standard" },
    });
    await credit(invoiceId, { lines: line("60.00") });
    await expect(credit(invoiceId, { lines: line("40.01") })).rejects.toMatchObject({ code: "moreThanInvoiced" });
    await credit(invoiceId, { lines: line("40.00") });
    const both = await issue(await customer("Two Codes"), ["100.00", "standard"], ["100.00", "reduced"]);
    await expect(credit(both, { lines: line("100.01") })).rejects.toMatchObject({
      code: "moreThanInvoicedAtCode",
      facts: { left: "100.00 EUR", code: "standard" },
    });
    expect(await books.breaks()).toEqual([]);
  });

  test("a rate that changed between, or was put right for the past, does not count", async () => {
    await run(createTaxCode, { code: "changing", name: "Changing", percent: "16", from: "2026-01-01" }, books.chief);
    const customerId = await customer("Two Times");
    const before = await issue(customerId, ["100.00", "changing"]);
    const waiting = await run(
      draftCreditNote,
      { invoiceId: before, day: "2026-11-10", reason: "Later", lines: line("40.00", "changing") },
      books.accountant,
    );
    await run(changeTaxRate, { taxCodeId: await codeOf("changing"), percent: "19", from: "2026-11-01" }, books.chief);
    expect(await sums(await issue(customerId, ["100.00", "changing"]))).toEqual(["100.00", "19.00", "119.00"]);
    expect(await sums((await credit(before, { lines: line("60.00", "changing") })).id)).toEqual(["60.00", "9.60", "69.60"]);
    await run(postInvoice, { invoiceId: waiting.id }, books.accountant);
    expect(await sums(waiting.id)).toEqual(["40.00", "6.40", "46.40"]);
    expect(await rowsOf("finance.taxLine.list", { documentId: waiting.id })).toMatchObject([{ base: eur("-40.00"), tax: eur("-6.40") }]);
    expect((await rowsOf("finance.openItem.list", { documentId: before }))[0]).toMatchObject({ open: eur("0.00") });
    expect(await books.breaks()).toEqual([]);
  });

  test("an invoice that was rounded by line is taken back to the cent", async () => {
    const [book] = await rowsOf("finance.book.list", {});
    const round = (rounding: string) => run(setTaxRounding, { bookId: book!["id"], rounding }, books.chief);
    const customerId = await customer("Many Cents");
    const lines = ["99.99", "99.99", "99.99"].map((price): [string, string] => [price, "quarter"]);
    await run(createTaxCode, { code: "quarter", name: "25 %", percent: "25", from: "2026-01-01" }, books.chief);
    await round("line");
    const byLine = await issue(customerId, ...lines);
    await round("document");
    const byDocument = await issue(customerId, ...lines);
    expect(await sums((await credit(byLine)).id)).toEqual(["299.97", "74.99", "374.97"]);
    await round("line");
    expect(await sums((await credit(byDocument)).id)).toEqual(["299.97", "74.99", "374.96"]);
    // 0.12, 0.02 of tax and 0.02 of rounding, for four times 0.01 a line.
    const before = await balances("2210", "6590");
    const cents = await issue(customerId, ...Array.from({ length: 4 }, (): [string, string] => ["0.03", "standard"]));
    expect(await sums(cents)).toEqual(["0.12", "0.02", "0.16"]);
    await round("document");
    for (let part = 0; part < 4; part++) await credit(cents, { lines: line("0.03") });
    expect(await balances("2210", "6590")).toEqual(before);
    expect(await openOf(customerId)).toEqual([]);
    expect(await books.breaks()).toEqual([]);
  });

  test("in parts, all of the net takes all of the tax with it", async () => {
    const customerId = await customer("Small Change");
    const before = await balances("2210", "6590");
    const cents = await issue(customerId, ...Array.from({ length: 10 }, (): [string, string] => ["0.02", "standard"]));
    expect(await sums(cents)).toEqual(["0.20", "0.04", "0.24"]);
    for (let part = 0; part < 10; part++) await credit(cents, { lines: line("0.02") });
    const pieces = await issue(customerId, ["33.35", "standard"], ["33.35", "standard"], ["33.35", "standard"]);
    const back = [];
    for (let part = 0; part < 3; part++) back.push(await sums((await credit(pieces, { lines: line("33.35") })).id));
    // 33.35 x 19 % is 6.34 and 66.70 x 19 % is 12.67; of 19.01 the last takes 6.34.
    expect(back.map(([, tax, total]) => [tax, total])).toEqual([
      ["6.34", "39.69"],
      ["6.33", "39.68"],
      ["6.34", "39.69"],
    ]);
    const halves = await issue(customerId, ["1.00", "standard"]);
    for (let part = 0; part < 2; part++) await credit(halves, { lines: line("0.50") });
    expect(await openOf(customerId)).toEqual([]);
    expect(await balances("2210", "6590")).toEqual(before);
    expect(await books.breaks()).toEqual([]);
  });

  test("prices with the tax in them are credited in thirds, and with a deposit that was drawn", async () => {
    const customerId = await customer("Gross Prices");
    const wish = { customerId, day: "2026-11-02", pricesIncludeTax: true };
    const priced = (price: string, code: string) => ({ description: "Work", unitPrice: eur(price), taxCode: code });
    const start = await balances("2210", "4110");
    const { id } = await run(issueInvoice, { ...wish, lines: [priced("100.00", "standard")] }, books.accountant);
    // 33.33 / 1.19 is 28.01 and 66.66 / 1.19 is 56.01 (of 84.03: 56.0144); the last takes what is left.
    const thirds = [];
    for (const price of ["33.33", "33.33", "33.34"]) thirds.push(await sums((await credit(id, { lines: line(price) })).id));
    expect(thirds).toEqual([
      ["28.01", "5.32", "33.33"],
      ["28.00", "5.33", "33.33"],
      ["28.02", "5.32", "33.34"],
    ]);
    expect(await balances("2210", "4110")).toEqual(start);
    const before = await balances("2210", "4110");
    const deposit = await run(issueInvoice, { ...wish, isDeposit: true, lines: [priced("33.33", "standard")] }, books.accountant);
    const drawn = await run(
      issueInvoice,
      { ...wish, lines: [priced("49.99", "standard"), priced("19.99", "reduced")], deposits: [{ depositId: deposit.id }] },
      books.accountant,
    );
    const note = await credit(drawn.id);
    expect(await sums(note.id)).toEqual(await sums(drawn.id));
    await credit(deposit.id);
    expect(await openOf(customerId)).toEqual([]);
    expect(await balances("2210", "4110")).toEqual(before);
    expect(await books.breaks()).toEqual([]);
  });
});
