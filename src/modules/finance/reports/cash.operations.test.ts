// Columns of months, cash flow both ways, changes in equity, and cash with what is due: on the quarter of a small company, by hand.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { newId } from "../../../kernel/id.ts";
import { closeFiscalYear } from "../ledger/fiscal-year.operations.ts";
import { closePeriod } from "../ledger/period.operations.ts";
import { openBooks, type TestBooks } from "../testing/books.ts";
import { getCashForecast } from "./cash.operations.ts";
import { getCashFlow, placeInCashFlow } from "./cash-flow.operations.ts";
import { getEquity } from "./equity.operations.ts";
import { explainFigure } from "./explain.operations.ts";
import { postOn, tellQuarter } from "./quarter.testing.ts";
import { getBalanceSheet, getProfitAndLoss } from "./statement.operations.ts";

let books: TestBooks;
const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const range = { from: "2026-01-01", to: "2026-03-31" };

beforeAll(async () => {
  books = await openBooks();
  books.house.today = day("2026-04-02");
  await tellQuarter(books);
});
afterAll(() => books.house.close());

describe("statements in columns", () => {
  test("each month of the profit and loss, the whole beside them", async () => {
    const found = await run(getProfitAndLoss, { ...range, by: "month", compare: "previousYear" }, books.chief);
    expect(found.columns).toEqual([
      { from: "2026-01-01", to: "2026-01-31" },
      { from: "2026-02-01", to: "2026-02-28" },
      { from: "2026-03-01", to: "2026-03-31" },
    ]);
    const sales = found.rows.find((row) => row.code === "4110")!;
    expect([sales.amount, sales.compared, ...sales.amounts].map((amount) => amount?.amount)).toEqual([
      "1500.00",
      "0.00",
      "0.00",
      "1000.00",
      "500.00",
    ]);
    expect(found.sums.map((sum) => sum.result.amount)).toEqual(["0.00", "1000.00", "-600.00"]);
    expect(found.result.amount).toBe("400.00");
  });

  test("quarters that the range cuts", async () => {
    const found = await run(getProfitAndLoss, { from: "2026-02-10", to: "2026-04-15", by: "quarter" }, books.chief);
    expect(found.columns).toEqual([
      { from: "2026-02-10", to: "2026-03-31" },
      { from: "2026-04-01", to: "2026-04-15" },
    ]);
    expect(found.sums.map((sum) => sum.result.amount)).toEqual(["-600.00", "0.00"]);
  });

  test("the ends of the months before in the balance sheet, both sides equal in each", async () => {
    const found = await run(getBalanceSheet, { asOf: "2026-03-31", months: 2 }, books.chief);
    expect(found.columns).toEqual(["2026-01-31", "2026-02-28", "2026-03-31"]);
    const top = (type: string, index: number): bigint =>
      found.rows.filter((row) => row.level === 0 && row.type === type).reduce((sum, row) => sum + row.amounts[index]!.minor, 0n);
    for (const index of found.columns.keys()) {
      expect(top("asset", index)).toBe(top("liability", index) + top("equity", index) + found.results[index]!.minor);
    }
    expect([0, 1, 2].map((index) => top("asset", index))).toEqual([1400000n, 1519000n, 1498500n]);
  });

  test("too many of them", async () => {
    const years = { from: "2020-01-01", to: "2026-12-31", by: "month" };
    await expect(run(getProfitAndLoss, years, books.chief)).rejects.toMatchObject({ code: "tooManyColumns" });
  });
});

// Cash: 10,000 + 4,000 - 2,400 + 595 - 600 = 11,595. Result 400: sales 1,500, rent 600, supplies 300, depreciation 200.
describe("the cash flow statement", () => {
  test("from the result: what moved no cash is taken out, and every account stands once", async () => {
    const found = await run(getCashFlow, range, books.chief);
    expect(found.rows.map((row) => [row.activity, row.kind, row.account.slice(0, 4), row.amount.amount])).toEqual([
      ["operating", "result", "Resu", "400.00"],
      ["operating", "adjustment", "6710", "200.00"],
      ["operating", "change", "1210", "-1190.00"],
      ["operating", "change", "2110", "300.00"],
      ["operating", "change", "2210", "285.00"],
      ["operating", "change", "2420", "4000.00"],
      ["investing", "change", "1510", "-2400.00"],
      ["investing", "change", "1590", "200.00"],
      ["investing", "change", "6710", "-200.00"],
      ["financing", "change", "3110", "10000.00"],
    ]);
    expect(found).toMatchObject({ sums: { change: { amount: "11595.00" }, closing: { amount: "11595.00" } }, difference: { minor: 0n } });
  });

  test("a loan finances the company once someone says so", async () => {
    const place = (activity: string, accountId = books.account("2400")) => run(placeInCashFlow, { accountId, activity }, books.chief);
    await place("financing");
    const found = await run(getCashFlow, { ...range, compare: "previousPeriod" }, books.chief);
    expect([found.sums.operating, found.sums.investing, found.sums.financing].map((sum) => sum.amount)).toEqual([
      "-5.00",
      "-2400.00",
      "14000.00",
    ]);
    expect(found.comparedSums!.change.amount).toBe("0.00");
    await place("byItself");
    expect((await run(getCashFlow, range, books.chief)).sums.financing.amount).toBe("10000.00");
    await place("financing");
    await expect(place("operating", books.account("1120"))).rejects.toMatchObject({ code: "accountIsCash" });
    await expect(place("operating", newId())).rejects.toMatchObject({ code: "notFound" });
  });

  test("from the bank accounts: what came from whom and went where", async () => {
    const found = await run(getCashFlow, { ...range, method: "direct" }, books.chief);
    expect(found.rows.map((row) => [row.activity, row.account.slice(0, 4), row.amount.amount])).toEqual([
      ["operating", "1210", "595.00"],
      ["operating", "6210", "-600.00"],
      ["investing", "1510", "-2400.00"],
      ["financing", "2420", "4000.00"],
      ["financing", "3110", "10000.00"],
    ]);
    expect(found.difference.minor).toBe(0n);
  });

  test("refuses a reversed range and books that are not there", async () => {
    for (const operation of [getCashFlow, getEquity] as const) {
      await expect(run(operation, { from: "2026-03-15", to: "2026-03-14" }, books.chief)).rejects.toMatchObject({ code: "rangeReversed" });
      await expect(run(operation, { bookId: newId() }, books.chief)).rejects.toMatchObject({ code: "booksMissing" });
    }
    await expect(run(getCashForecast, { bookId: newId() }, books.chief)).rejects.toMatchObject({ code: "booksMissing" });
  });
});

test("changes in equity: paid in, earned, and carried when the year ends", async () => {
  const quarter = await run(getEquity, range, books.chief);
  const shown = (found: typeof quarter) =>
    found.rows.map((row) => [row.account.slice(0, 4), row.opening, row.result, row.carried, row.posted, row.closing].map(String));
  expect(shown(quarter)).toEqual([
    ["3110", "0.00 EUR", "0.00 EUR", "0.00 EUR", "10000.00 EUR", "10000.00 EUR"],
    ["Resu", "0.00 EUR", "400.00 EUR", "0.00 EUR", "0.00 EUR", "400.00 EUR"],
  ]);
  await postOn(books, "2027-01-10", "Sale", [
    { account: "1120", amount: "50" },
    { account: "4110", amount: "-50" },
  ]);
  const overYears = await run(getEquity, { from: "2026-03-01", to: "2027-01-31" }, books.chief);
  expect(shown(overYears)).toEqual([
    ["3110", "10000.00 EUR", "0.00 EUR", "0.00 EUR", "0.00 EUR", "10000.00 EUR"],
    ["3200", "0.00 EUR", "0.00 EUR", "400.00 EUR", "0.00 EUR", "400.00 EUR"],
    ["Resu", "1000.00 EUR", "-550.00 EUR", "-400.00 EUR", "0.00 EUR", "50.00 EUR"],
  ]);
  const { totals } = overYears;
  expect([totals.opening, totals.result, totals.carried, totals.posted, totals.closing].map((sum) => sum.amount)).toEqual([
    "11000.00",
    "-550.00",
    "0.00",
    "0.00",
    "10450.00",
  ]);
});

test("a closing entry at the year's end carries the result and changes nothing else", async () => {
  const list = async (register: string, sort: string) =>
    ((await books.house.call(`${register}.list`, { filter: { fiscalYear: "2026" }, sort }, books.chief)) as { rows: { id: string }[] })
      .rows;
  const months = await list("finance.period", "fromDay");
  for (const { id } of months.slice(0, 11)) await run(closePeriod, { periodId: id, early: true }, books.chief);
  const [{ id: fiscalYearId } = { id: "" }] = await list("finance.fiscalYear", "fromDay");
  const closed = await run(closeFiscalYear, { fiscalYearId, withEntry: true, early: true }, books.chief);
  // 1,500 of sales less rent 600, supplies 300 and depreciation 200.
  expect(closed.result.amount).toBe("400.00");
  const year = { from: "2026-01-01", to: "2026-12-31" };
  const equity = await run(getEquity, year, books.chief);
  expect(equity.rows.map((row) => [row.account.slice(0, 4), row.result, row.carried, row.posted, row.closing].map(String))).toEqual([
    ["3110", "0.00 EUR", "0.00 EUR", "10000.00 EUR", "10000.00 EUR"],
    ["3200", "0.00 EUR", "400.00 EUR", "0.00 EUR", "400.00 EUR"],
    ["Resu", "400.00 EUR", "-400.00 EUR", "0.00 EUR", "0.00 EUR"],
  ]);
  const cash = await run(getCashFlow, year, books.chief);
  expect(cash).toMatchObject({ sums: { operating: { amount: "-5.00" }, financing: { amount: "14000.00" } }, difference: { minor: 0n } });
  const result = { report: "profitAndLoss", part: "result", ...year };
  const explained = await run(explainFigure, result, books.chief);
  expect([explained.total.minor, explained.rows.reduce((sum, row) => sum + row.amount.minor, 0n)]).toEqual([40000n, 40000n]);
});

test("cash week by week, and what is due after it", async () => {
  // Invoices are due 30 days after their day: 4 March (595 left) and 2 April (595); the supplies on 25 March.
  const found = await run(getCashForecast, { asOf: "2026-03-31", weeksBefore: 4, weeksAfter: 2 }, books.chief);
  expect(found.accounts).toMatchObject([{ account: "1120 Current account at the bank", balance: { amount: "11595.00" } }]);
  expect(found.history.map((point) => [point.day, point.total.amount])).toEqual([
    ["2026-03-03", "11600.00"],
    ["2026-03-10", "12195.00"],
    ["2026-03-17", "12195.00"],
    ["2026-03-24", "11595.00"],
    ["2026-03-31", "11595.00"],
  ]);
  expect([found.overdueIn.amount, found.overdueOut.amount, found.laterIn.amount]).toEqual(["595.00", "300.00", "0.00"]);
  expect(found.rows.map((week) => [week.from, week.to, week.in.amount, week.out.amount, week.balance.amount])).toEqual([
    ["2026-04-01", "2026-04-07", "1190.00", "300.00", "12485.00"],
    ["2026-04-08", "2026-04-14", "0.00", "0.00", "12485.00"],
  ]);
  expect(await books.breaks()).toEqual([]);
});
