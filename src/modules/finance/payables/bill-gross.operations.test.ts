// Bills as a receipt says them, with the tax in the prices: taken out once for each rate, corrected, credited, in another currency.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { setExchangeRate } from "../currency/rate.operations.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { createTaxCode } from "../tax/tax-code.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { changeBill } from "./bill-care.operations.ts";
import { approveBill, createBill, postBill, reverseBill } from "./bill.operations.ts";
import { proposeBill } from "./bill-proposal.operations.ts";
import { changeSupplierCreditNote } from "./supplier-credit-change.operations.ts";
import { approveSupplierCreditNote, createSupplierCreditNote, postSupplierCreditNote } from "./supplier-credit-note.operations.ts";

let books: TestBooks;
let count = 0;
beforeAll(async () => {
  books = await openBooks();
  const tax = { from: "2026-01-01", percent: "19" };
  await run(createTaxCode, { code: "reverse", name: "Reverse charge", reverseCharge: true, ...tax }, books.chief);
  await run(createTaxCode, { code: "half", name: "Half deductible", deductiblePercent: "50", ...tax }, books.chief);
  await run(setExchangeRate, { base: "USD", currency: "EUR", day: "2026-11-03", rate: "0.9" }, books.accountant);
});
afterAll(() => books.house.close());

const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
type Row = Record<string, unknown>;
type Line = readonly [amount: string, taxCode?: string];
const linesOf = (lines: readonly Line[], currency = "EUR") =>
  lines.map(([amount, taxCode = "standard"]) => ({
    description: "On the receipt",
    net: { amount, currency },
    taxCode,
    accountId: books.account("6420"),
  }));
const receipt = (lines: readonly Line[], more: object = {}) => ({
  supplierId: books.supplierId,
  supplierNumber: `R-${++count}`,
  day: "2026-11-03",
  pricesIncludeTax: true,
  lines: linesOf(lines),
  ...more,
});
const enter = (lines: readonly Line[], more?: object) => run(createBill, receipt(lines, more), books.accountant);
const post = async (billId: string) => {
  await run(approveBill, { billId }, books.chief);
  return run(postBill, { billId }, books.accountant);
};
const sums = (of: Record<"net" | "tax" | "total", { amount: string }>) => [of.net.amount, of.tax.amount, of.total.amount];
const billLines = async (billId: string) =>
  ((await books.house.call("finance.billLine.list", { filter: { billId }, sort: "position" }, books.chief)) as { rows: Row[] }).rows;
const closing = async () => {
  const { rows } = await run(getTrialBalance, { asOf: "2026-11-30" }, books.chief);
  return new Map(rows.map((row) => [row.code, row.closing.minor]));
};
/** What the work changes on accounts, by their codes. */
const booked = async (work: () => Promise<unknown>): Promise<Record<string, string>> => {
  const before = await closing();
  await work();
  const changes = [...(await closing())].map(([code, minor]) => [code, minor - (before.get(code) ?? 0n)] as const);
  return Object.fromEntries(changes.filter(([, minor]) => minor !== 0n).map(([code, minor]) => [code, String(minor)]));
};

describe("what is taken out of the price", () => {
  test.each<{ name: string; lines: Line[]; is: string[]; books: Record<string, string> }>([
    // 119.00 / 1.19 = 100.00.
    {
      name: "a shop's receipt",
      lines: [["119.00"]],
      is: ["100.00", "19.00", "119.00"],
      books: { "6420": "10000", "1220": "1900", "2110": "-11900" },
    },
    // 10.00 / 1.19 = 8.4034; 19 % of 8.40 = 1.596.
    {
      name: "ten euros",
      lines: [["10.00"]],
      is: ["8.40", "1.60", "10.00"],
      books: { "6420": "840", "1220": "160", "2110": "-1000" },
    },
    // Dishes 53.50 / 1.07 = 50.00; drinks 23.80 / 1.19 = 20.00.
    {
      name: "a restaurant's receipt at two rates",
      lines: [["53.50", "reduced"], ["23.80"]],
      is: ["70.00", "7.30", "77.30"],
      books: { "6420": "7000", "1220": "730", "2110": "-7730" },
    },
    // 29.97 / 1.19 = 25.1849, 25.18; 19 % of it = 4.7842, 4.78; together 29.96: a cent is rounding.
    {
      name: "three lines whose cents do not meet",
      lines: [["9.99"], ["9.99"], ["9.99"]],
      is: ["25.18", "4.78", "29.97"],
      books: { "6420": "2518", "1220": "478", "6590": "1", "2110": "-2997" },
    },
    // The seller charges nothing, so that the price is the net; 19 % of 100.00 is owed and reclaimed.
    {
      name: "reverse charge",
      lines: [["100.00", "reverse"]],
      is: ["100.00", "0.00", "100.00"],
      books: { "6420": "10000", "1220": "1900", "2210": "-1900", "2110": "-10000" },
    },
    // 119.00 is 100.00 and 19.00, of which 9.50 is cost.
    {
      name: "a tax of which half is cost",
      lines: [["119.00", "half"]],
      is: ["100.00", "19.00", "119.00"],
      books: { "6420": "10950", "1220": "950", "2110": "-11900" },
    },
  ])("$name", async ({ lines, is, books: accounts }) => {
    const entered = await enter(lines);
    expect(sums(entered)).toEqual(is);
    expect(await booked(() => post(entered.id))).toEqual(accounts);
    expect(await books.breaks()).toEqual([]);
  });

  test("each line keeps what was typed and its share of the net, to the cent", async () => {
    // 25.18 over three equal lines: 8.3949 each, cut to 8.39; the cent left goes to the first.
    const { id } = await enter([["9.99"], ["9.99"], ["9.99"]]);
    expect(await billLines(id)).toMatchObject(["8.40", "8.39", "8.39"].map((net) => ({ net: eur(net), gross: eur("9.99") })));
    expect(await books.house.call("finance.bill.get", { id }, books.chief)).toMatchObject({ pricesIncludeTax: true });
  });

  test("an amount for each unit comes off before anything else, as many times as there are units", async () => {
    // Three at 5.00 of tax each: 115.00 less 15.00 is 100.00.
    await run(createTaxCode, { code: "deposit", name: "For each bottle", perUnit: "5", from: "2026-01-01" }, books.chief);
    const [line] = linesOf([["115.00", "deposit"]]);
    const entered = await enter([], { lines: [{ ...line, quantity: "3" }] });
    expect(sums(entered)).toEqual(["100.00", "15.00", "115.00"]);
    expect(await booked(() => post(entered.id))).toEqual({ "6420": "10000", "1220": "1500", "2110": "-11500" });
    expect(await books.breaks()).toEqual([]);
  });

  test("in another currency, booked at the day's rate", async () => {
    // 119.00 USD is 100.00 and 19.00; at 0.9: 90.00, 17.10 and 107.10.
    const entered = await enter([], { lines: linesOf([["119.00"]], "USD") });
    expect(sums(entered)).toEqual(["100.00", "19.00", "119.00"]);
    expect(await booked(() => post(entered.id))).toEqual({ "6420": "9000", "1220": "1710", "2110": "-10710" });
    expect(await books.breaks()).toEqual([]);
  });

  test("the form is told the same before anything is entered", async () => {
    const asked = { supplierId: books.supplierId, day: "2026-11-03", pricesIncludeTax: true };
    const { totals } = await run(proposeBill, { ...asked, lines: receipt([["9.99"], ["9.99"], ["9.99"]]).lines.map(typed) }, books.chief);
    expect([...sums(totals!), totals!.rounding.amount]).toEqual(["25.18", "4.78", "29.97", "0.01"]);
    const inDollars = await run(proposeBill, { ...asked, lines: linesOf([["119.00"]], "USD").map(typed) }, books.chief);
    expect(inDollars.totals?.net).toMatchObject({ amount: "100.00", currency: "USD" });
    const mixed = [...linesOf([["1.00"]], "USD"), ...linesOf([["1.00"]])].map(typed);
    await expect(run(proposeBill, { ...asked, lines: mixed }, books.chief)).rejects.toMatchObject({ code: "billCurrenciesMixed" });
  });
});

const typed = ({ description, net, taxCode }: ReturnType<typeof linesOf>[number]) => ({ description, net, taxCode });

describe("corrected and taken back", () => {
  test("prices found to have the tax in them are read anew, and approved anew", async () => {
    // 119.00 without tax are 141.61; with the tax in it they are 119.00.
    const { id, ...first } = await enter([["119.00"]], { pricesIncludeTax: false });
    expect(sums(first)).toEqual(["119.00", "22.61", "141.61"]);
    await run(approveBill, { billId: id }, books.chief);
    const changed = await run(changeBill, { billId: id, pricesIncludeTax: true }, books.accountant);
    expect([...sums(changed), changed.approvalVoid]).toEqual(["100.00", "19.00", "119.00", true]);
    // A change of anything else begins from what was typed.
    const again = await run(changeBill, { billId: id, text: "Lunch" }, books.accountant);
    expect(sums(again)).toEqual(["100.00", "19.00", "119.00"]);
    const back = await run(changeBill, { billId: id, pricesIncludeTax: false }, books.accountant);
    expect(sums(back)).toEqual(["119.00", "22.61", "141.61"]);
  });

  test("new lines are read as the bill's were", async () => {
    const { id } = await enter([["119.00"]]);
    const changed = await run(changeBill, { billId: id, lines: linesOf([["10.00"]]) }, books.accountant);
    expect(sums(changed)).toEqual(["8.40", "1.60", "10.00"]);
  });

  test("a credit note for the whole takes back the rounding too; one for a part is said as the paper says it", async () => {
    const { id: whole } = await enter([["9.99"], ["9.99"], ["9.99"]]);
    const { id: part } = await enter([["119.00"]]);
    const credit = async (billId: string, more: object = {}) => {
      const note = { supplierId: books.supplierId, supplierNumber: `GS-${++count}`, day: "2026-11-10", billId, ...more };
      const { id: supplierCreditNoteId, ...own } = await run(createSupplierCreditNote, note, books.accountant);
      expect(sums(own)).toEqual(more === none ? ["25.18", "4.78", "29.97"] : ["8.40", "1.60", "10.00"]);
      return supplierCreditNoteId;
    };
    const none = {};
    const posted = async (supplierCreditNoteId: string) => {
      await run(approveSupplierCreditNote, { supplierCreditNoteId }, books.chief);
      await run(postSupplierCreditNote, { supplierCreditNoteId }, books.accountant);
    };
    expect(await booked(async () => [await post(whole), await posted(await credit(whole, none))])).toEqual({});
    await post(part);
    const id = await credit(part, { pricesIncludeTax: true, lines: linesOf([["10.00"]]) });
    const change = (more: object) => run(changeSupplierCreditNote, { supplierCreditNoteId: id, ...more }, books.accountant);
    expect(sums(await change({ pricesIncludeTax: false }))).toEqual(["10.00", "1.90", "11.90"]);
    expect(sums(await change({ pricesIncludeTax: true }))).toEqual(["8.40", "1.60", "10.00"]);
    expect(await booked(() => posted(id))).toEqual({ "6420": "-840", "1220": "-160", "2110": "1000" });
    expect(await books.breaks()).toEqual([]);
  });

  test("a reversed receipt leaves nothing", async () => {
    const { id } = await enter([["9.99"], ["9.99"], ["9.99"]]);
    const reversed = async () => [await post(id), await run(reverseBill, { billId: id, reason: "Private" }, books.chief)];
    expect(await booked(reversed)).toEqual({});
    expect(await books.breaks()).toEqual([]);
  });
});
