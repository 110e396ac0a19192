// Deposits in another currency on a real database: drawn at what they came in with (IFRIC 22, VAT Directive Art. 65 and 91), every figure
// worked out by hand from the two rates.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { setExchangeRate } from "../currency/rate.operations.ts";
import { runRevaluation } from "../currency/revaluation.operations.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { getTaxReturn } from "../tax/tax-return.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { creditInvoice } from "./credit-note.operations.ts";
import { cancelInvoice, createInvoice, issueInvoice, payInvoice, postInvoice } from "./invoice.operations.ts";

let books: TestBooks;
const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const usd = (amount: string) => ({ amount, currency: "USD" });
const rowsOf = async (name: string, input: object) =>
  ((await books.house.call(name, input, books.chief)) as { rows: Record<string, unknown>[] }).rows;

beforeAll(async () => {
  books = await openBooks();
  // A dollar is 0.90 EUR when the deposit is asked for, 0.92 when it is paid, 0.95 at delivery, 0.96 when the rest is paid.
  for (const [day, rate] of [
    ["2026-03-02", "0.90"],
    ["2026-03-10", "0.92"],
    ["2026-05-04", "0.95"],
    ["2026-05-20", "0.96"],
  ]) {
    for (const kind of ["spot", "closing"]) {
      await run(setExchangeRate, { base: "USD", currency: "EUR", day, rate, kind }, books.accountant);
    }
  }
});
afterAll(() => books.house.close());

const issue = (day: string, price: string, more: object = {}) =>
  run(
    issueInvoice,
    { customerId: books.customerId, day, lines: [{ description: "Machine", unitPrice: usd(price), taxCode: "standard" }], ...more },
    books.accountant,
  );
const pay = (invoiceId: string, day: string, euros: string) =>
  run(payInvoice, { invoiceId, bankAccountId: books.bankAccountId, day, bankAmount: eur(euros) }, books.accountant);
const posted = async (entryId: string) =>
  (await rowsOf("finance.journalLine.list", { filter: { entryId }, sort: "position" })).map((row) => [
    String(row["account"]).slice(0, 4),
    row["debit"] ?? `-${(row["credit"] as { amount: string }).amount}`,
  ]);
const closing = async (asOf: string, ...codes: string[]) => {
  const { rows } = await run(getTrialBalance, { asOf }, books.chief);
  return codes.map((code) => rows.find((row) => row.code === code)?.closing.amount ?? "0.00");
};
const payable = async (from: string, to: string) => (await run(getTaxReturn, { from, to }, books.chief)).payable.amount;

describe("a deposit of 1000 USD on a machine of 3000 USD", () => {
  let depositId: string;
  let finalId: string;

  test("stands at the rate it was asked for; what its payment brings more is realised with it", async () => {
    const deposit = await issue("2026-03-02", "1000.00", { isDeposit: true });
    depositId = deposit.id;
    expect(await posted(deposit.entryId)).toEqual([
      ["1210", eur("1071.00")],
      ["2480", "-900.00"],
      ["2210", "-171.00"],
    ]);
    expect(await rowsOf("finance.deposit.list", { filter: { id: depositId } })).toMatchObject([{ left: usd("1000.00"), currency: "USD" }]);
    // 1190 USD at 0.92 are 1094.80: 23.80 more than they stood at.
    await pay(depositId, "2026-03-10", "1094.80");
    expect(await closing("2026-03-10", "1210", "2480", "4840")).toEqual(["0.00", "-900.00", "-23.80"]);
    // What is owed in goods is not revalued (IAS 21.16).
    expect(await run(runRevaluation, { day: "2026-03-12" }, books.accountant)).toMatchObject({ items: 0 });
  });

  test("the final invoice takes it off at that rate, and has its own rate on the rest", async () => {
    // Owed: 2000 and 380 of tax at 0.95. The sale: 1000 at 0.90 and 2000 at 0.95.
    const last = await issue("2026-05-04", "3000.00", { deposits: [{ depositId }] });
    finalId = last.id;
    expect(last).toMatchObject({ net: usd("2000.00"), tax: usd("380.00"), total: usd("2380.00") });
    expect(await posted(last.entryId)).toEqual([
      ["1210", eur("2261.00")],
      ["4110", "-2800.00"],
      ["2480", eur("900.00")],
      ["2210", "-361.00"],
    ]);
    expect(await closing("2026-05-04", "2480", "4110", "2210")).toEqual(["0.00", "-2800.00", "-532.00"]);
    expect(await rowsOf("finance.deposit.list", { filter: { id: depositId } })).toMatchObject([{ left: usd("0.00"), state: "drawn" }]);
    // The tax of March is that of the deposit, the tax of May that of the rest.
    expect(await payable("2026-03-01", "2026-03-31")).toBe("171.00");
    expect(await payable("2026-05-01", "2026-05-31")).toBe("361.00");
    expect(await books.breaks()).toEqual([]);
  });

  test("paid, it realises the difference on the rest alone, and the control account ends at zero", async () => {
    // 2380 USD at 0.96 are 2284.80: 23.80 more.
    await pay(finalId, "2026-05-20", "2284.80");
    expect(await closing("2026-05-20", "1210", "2480", "4840", "6730")).toEqual(["0.00", "0.00", "-47.60", "0.00"]);
    expect(await books.breaks()).toEqual([]);
  });
});

test("drawn in parts that do not come out even, to the last cent; a credit note gives back what was drawn", async () => {
  // 100.01 USD at 0.90 are 90.01 EUR. A third is 33.34 USD: 30.01 by its share; the next 30.00 ...; the last takes what is left.
  const { id: depositId } = await issue("2026-03-02", "100.01", {
    isDeposit: true,
    lines: [{ description: "Ahead", unitPrice: usd("100.01"), taxCode: "exempt" }],
  });
  const sale = (net?: string) =>
    issue("2026-05-04", "0", {
      lines: [{ description: "Part", unitPrice: usd("50.00"), taxCode: "exempt" }],
      deposits: [{ depositId, ...(net && { net: usd(net) }) }],
    });
  const first = await sale("33.34");
  await sale("33.34");
  expect(await closing("2026-05-04", "2480")).toEqual(["-30.00"]);
  await run(creditInvoice, { invoiceId: first.id, reason: "Not delivered", day: "2026-05-05" }, books.accountant);
  expect(await closing("2026-05-05", "2480")).toEqual(["-60.01"]);
  // What no invoice drew is credited with exactly what it stands at.
  await expect(run(creditInvoice, { invoiceId: depositId, reason: "All" }, books.accountant)).rejects.toMatchObject({
    code: "depositDrawn",
    facts: { left: "66.67 USD" },
  });
  const lines = [{ description: "Not wanted", unitPrice: usd("66.67"), taxCode: "exempt" }];
  await run(creditInvoice, { invoiceId: depositId, reason: "Not wanted", day: "2026-05-06", lines }, books.accountant);
  expect(await closing("2026-05-06", "2480")).toEqual(["0.00"]);
  expect(await books.breaks()).toEqual([]);
});

test("a draft keeps what it draws, and posts it so", async () => {
  const { id: depositId } = await issue("2026-03-02", "10.00", { isDeposit: true });
  const lines = [{ description: "Machine", unitPrice: usd("30.00"), taxCode: "standard" }];
  const draft = { customerId: books.customerId, day: "2026-05-04", lines, deposits: [{ depositId }] };
  const kept = await run(createInvoice, draft, books.accountant);
  await expect(issue("2026-05-04", "30.00", { deposits: [{ depositId }] })).rejects.toMatchObject({ code: "depositSpent" });
  const { entryId } = await run(postInvoice, { invoiceId: kept.id }, books.accountant);
  expect((await posted(entryId)).slice(1, 3)).toEqual([
    ["4110", "-28.00"],
    ["2480", eur("9.00")],
  ]);
  expect(await closing("2026-05-06", "2480")).toEqual(["0.00"]);
  expect(await books.breaks()).toEqual([]);
});

test("where another tax holds at delivery, the tax of the deposit is taken back at the deposit's rate", async () => {
  // Asked for with 19 percent: 190 USD, 171.00 EUR. Delivered without tax: the same 171.00 come back.
  const { id: depositId } = await issue("2026-03-02", "1000.00", { isDeposit: true });
  const { entryId } = await issue("2026-05-04", "0", {
    lines: [{ description: "Export", unitPrice: usd("3000.00"), taxCode: "exempt" }],
    deposits: [{ depositId }],
  });
  // Owed: 3000 less 1190 at 0.95. The sale is what is owed, the deposit and its tax: 1719.50 + 900 + 171.
  expect(await posted(entryId)).toEqual([
    ["1210", eur("1719.50")],
    ["4110", "-2790.50"],
    ["2480", eur("900.00")],
    ["2210", eur("171.00")],
  ]);
  expect(await books.breaks()).toEqual([]);
});

test("a deposit in dollars is drawn by an invoice in dollars", async () => {
  const { id: depositId } = await issue("2026-03-02", "10.00", { isDeposit: true });
  const lines = [{ description: "Machine", unitPrice: eur("30.00"), taxCode: "standard" }];
  await expect(issue("2026-05-04", "0", { lines, deposits: [{ depositId }] })).rejects.toMatchObject({
    code: "depositCurrencyDiffers",
    facts: { currency: "USD" },
  });
  const some = { deposits: [{ depositId, net: eur("1.00") }] };
  await expect(issue("2026-05-04", "30.00", some)).rejects.toMatchObject({ code: "depositCurrencyDiffers" });
});

test("cancelled, a draft leaves the deposit to others", async () => {
  const { id: depositId } = await issue("2026-03-02", "20.00", { isDeposit: true });
  const lines = [{ description: "Machine", unitPrice: usd("30.00"), taxCode: "standard" }];
  const draft = { customerId: books.customerId, day: "2026-05-04", lines, deposits: [{ depositId }] };
  const { id } = await run(createInvoice, draft, books.accountant);
  await run(cancelInvoice, { invoiceId: id }, books.accountant);
  expect(await rowsOf("finance.deposit.list", { filter: { id: depositId } })).toMatchObject([{ left: usd("20.00"), state: "open" }]);
});
