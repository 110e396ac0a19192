// Fiscal years on a real database: opened in any length, closed with and without an entry, and what statements say after it.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { newId } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { getBalanceSheet, getProfitAndLoss } from "../reports/statement.operations.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { postJournalEntry, reverseJournalEntry } from "./entry.operations.ts";
import { closeFiscalYear, createFiscalYear, reopenFiscalYear } from "./fiscal-year.operations.ts";
import { grantLockException, lockOnePeriod } from "./lock.operations.ts";
import { closePeriod, reopenPeriod } from "./period.operations.ts";
import { postEntries } from "./posting.ts";
import { createSetup } from "./setup.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const rowsOf = async (register: string, filter: object, sort?: string) =>
  ((await books.house.call(`${register}.list`, { filter, sort, limit: 500 }, books.chief)) as { rows: Record<string, unknown>[] }).rows;
const period = async (code: string) => (await rowsOf("finance.period", { code }))[0]!["id"] as string;
const post = (onDay: string, debit: string, credit: string, amount: string, more: object = {}, head: object = {}) =>
  run(
    postJournalEntry,
    {
      ...head,
      day: onDay,
      text: "A test",
      lines: [
        { accountId: books.account(debit), debit: eur(amount), ...more },
        { accountId: books.account(credit), credit: eur(amount) },
      ],
    },
    books.accountant,
  );
const months = (year: number) => Array.from({ length: 12 }, (_, index) => `${year}-${String(index + 1).padStart(2, "0")}`);
const yearId = async (fiscalYear: number) => (await rowsOf("finance.fiscalYear", { fiscalYear: String(fiscalYear) }))[0]!["id"] as string;
const statements = async (year: number) => {
  const [asOf, from] = [`${year}-12-31`, `${year}-01-01`];
  const result = await run(getProfitAndLoss, { from, to: asOf }, books.chief);
  const sheet = await run(getBalanceSheet, { asOf }, books.chief);
  return {
    result: result.result.amount,
    income: result.income.amount,
    expense: result.expense.amount,
    assets: sheet.assets.amount,
    equity: sheet.equity.amount,
    difference: sheet.difference.amount,
  };
};

describe("opening", () => {
  test("a short year, a long one by quarters, and one that begins on any day", async () => {
    const short = await run(createFiscalYear, { until: "2028-03-31" }, books.chief);
    expect(short).toMatchObject({ fiscalYear: 2028, fromDay: "2028-01-01", untilDay: "2028-03-31", periods: 3 });
    const long = await run(createFiscalYear, { until: "2029-06-05", months: 3, endDate: 31 }, books.chief);
    // April to June, and so on; the last one is cut on 5 June.
    expect(long).toMatchObject({ fiscalYear: 2029, fromDay: "2028-04-01", periods: 5 });
    expect(await rowsOf("finance.period", { fiscalYear: "2029" }, "fromDay")).toMatchObject([
      { code: "2028-04-P01", untilDay: "2028-06-30" },
      {},
      {},
      { code: "2028-04-P04", untilDay: "2029-03-31" },
      { code: "2028-04-P05", fromDay: "2029-04-01", untilDay: "2029-06-05" },
    ]);
    await expect(run(createFiscalYear, {}, books.chief)).rejects.toMatchObject({ code: "farAhead" });
    expect(await books.breaks()).toEqual([]);
  });

  test("ends after it begins, within two years", async () => {
    const fresh = await openBooks();
    try {
      for (const until of ["2028-01-01", "2027-06-30", "2030-01-02"]) {
        await expect(fresh.house.run(createFiscalYear, { until }, fresh.chief)).rejects.toMatchObject({ code: "yearLength" });
      }
      await expect(fresh.house.run(createFiscalYear, { bookId: newId() }, fresh.chief)).rejects.toMatchObject({ code: "booksMissing" });
    } finally {
      await fresh.house.close();
    }
  });

  test("books that begin on 6 April have years from 6 April on, and reports follow them", async () => {
    const owner = await books.house.person("Olga Owner", "owner");
    const entity = (await books.house.call(
      "directory.legalEntity.create",
      { code: "ISL", name: "Island Ltd", country: "GB", currency: "GBP" },
      owner,
    )) as { id: string };
    const { id: bookId } = await run(
      createSetup,
      { legalEntityId: entity.id, name: "Island", currency: "GBP", fiscalYearStart: "2026-04-06" },
      owner,
    );
    const sheet = (asOf: string) => run(getBalanceSheet, { asOf, bookId }, books.chief);
    expect((await sheet("2027-04-05")).yearStart).toBe("2026-04-06");
    expect((await sheet("2027-04-06")).yearStart).toBe("2027-04-06");
    expect((await sheet("2026-04-05")).yearStart).toBe("2025-04-06");
  });
});

describe("closing", () => {
  test("without an entry: the months are done, the statements carry the result by themselves", async () => {
    // Revenue 42, of which 21 was paid (the case of Tryton's close of a fiscal year), and 5 of costs.
    await post("2026-03-10", "1210", "4110", "42.00", { partyId: books.customerId });
    await post("2026-04-10", "6540", "1120", "5.00");
    const before = await statements(2026);
    expect(before).toMatchObject({ result: "37.00", income: "42.00", expense: "5.00", assets: "37.00", equity: "37.00" });
    const id = await yearId(2026);
    const close = (input: object = {}) => run(closeFiscalYear, { fiscalYearId: id, early: true, ...input }, books.chief);
    await expect(run(closeFiscalYear, { fiscalYearId: newId() }, books.chief)).rejects.toMatchObject({ code: "notFound" });
    await expect(run(closeFiscalYear, { fiscalYearId: await yearId(2027) }, books.chief)).rejects.toMatchObject({
      code: "earlierYearOpen",
    });
    for (const code of months(2026).slice(0, 11)) await run(closePeriod, { periodId: await period(code), early: true }, books.chief);
    await expect(close()).rejects.toMatchObject({ code: "periodsOpen", message: expect.stringContaining("2026-12") });
    await expect(close({ early: false })).rejects.toMatchObject({ code: "notOver", facts: { what: 2026, untilDay: "2026-12-31" } });
    await run(lockOnePeriod, { periodId: await period("2026-12"), area: "all" }, books.chief);
    expect(await close()).toMatchObject({ entryId: null, entryNumber: null });
    expect(await statements(2026)).toEqual(before);
    await expect(close()).rejects.toMatchObject({ code: "alreadyClosed" });
    expect(await rowsOf("finance.fiscalYear", { id })).toMatchObject([{ state: "closed", openPeriods: 1, closedBy: "Carla Chief" }]);
    expect(await books.breaks()).toEqual([]);
  });

  test("of its months none is reopened without an exception for the ledger", async () => {
    const june = { periodId: await period("2026-06"), reason: "A bill came late" };
    await expect(run(reopenPeriod, june, books.chief)).rejects.toMatchObject({ code: "yearClosed" });
    const grant = {
      periodId: june.periodId,
      area: "ledger",
      personId: books.chief.personId,
      until: "2026-11-30",
      reason: "The auditor asked",
    };
    await run(grantLockException, grant, books.chief);
    await run(reopenPeriod, june, books.chief);
    await run(closePeriod, { periodId: june.periodId, early: true }, books.chief);
  });

  test("with an entry: income and expenses go to retained earnings once, and no statement counts them twice", async () => {
    await post("2027-02-10", "1120", "4110", "100.00");
    await post("2027-02-11", "6210", "1120", "30.00");
    await post("2027-02-12", "6540", "1120", "8.00");
    const before = await statements(2027);
    expect(before).toMatchObject({ result: "62.00", income: "100.00", expense: "38.00", equity: "99.00", difference: "0.00" });
    await run(closePeriod, { periodId: await period("2026-12"), early: true }, books.chief);
    for (const code of months(2027).slice(0, 11)) await run(closePeriod, { periodId: await period(code), early: true }, books.chief);
    const wish = { fiscalYearId: await yearId(2027), withEntry: true, early: true };
    const shown = await run(closeFiscalYear, wish, books.chief, { dryRun: true });
    expect(shown.result.amount).toBe("62.00");
    const closed = await run(closeFiscalYear, wish, books.chief);
    expect(closed.entryNumber).toBe("CLS-2027-00001");
    const lines = await rowsOf("finance.journalLine", { entryId: closed.entryId! }, "position");
    expect(lines.map((line) => [line["account"], line["debit"], line["credit"]])).toEqual([
      ["4110 Sales of services", eur("100.00"), null],
      ["6210 Rent", null, eur("30.00")],
      ["6540 Office supplies and other expenses", null, eur("8.00")],
      ["3200 Retained earnings", null, eur("62.00")],
    ]);
    expect(await statements(2027)).toEqual(before);
    const trial = await run(getTrialBalance, { asOf: "2027-12-31" }, books.chief);
    const closings = new Map(trial.rows.map((row) => [row.code, row.closing.amount]));
    // 37 of 2026, carried without an entry, and 62 of 2027.
    expect(closings.get("3200")).toBe("-99.00");
    expect(trial.totals.closing.minor).toBe(0n);
    const next = await run(getBalanceSheet, { asOf: "2028-01-15" }, books.chief);
    expect([next.equity.amount, next.result.amount, next.difference.amount]).toEqual(["99.00", "0.00", "0.00"]);
    expect(await rowsOf("finance.period", { code: "2027-12" })).toMatchObject([{ state: "closed" }]);
    expect(await books.breaks()).toEqual([]);
  });

  test("its entry is not reversed like any other, and nobody else posts into its journal", async () => {
    const closing = (await rowsOf("finance.journalEntry", { number: "CLS-2027-00001" }))[0]!;
    expect(closing).toMatchObject({ documentSubject: "finance.fiscalYear", documentId: await yearId(2027) });
    const reverse = { journalEntryId: closing["id"] as string, reason: "The closing was wrong" };
    await expect(run(reverseJournalEntry, reverse, books.accountant)).rejects.toMatchObject({
      code: "belongsToClosing",
      message: expect.stringContaining("CLS-2027-00001 belongs to the closing of the fiscal year 2027"),
    });
    await expect(post("2028-01-10", "6210", "1120", "777.00", {}, { journal: "CLS" })).rejects.toMatchObject({
      code: "journalKept",
      message: expect.stringContaining("GEN"),
    });
    expect(await rowsOf("finance.journalEntry", { journal: "Closing of the year" })).toHaveLength(1);
  });

  test("reopened the latest first, its entry is mirrored on its own day, and it closes anew although its months are closed", async () => {
    const reopen = async (year: number) =>
      run(reopenFiscalYear, { fiscalYearId: await yearId(year), reason: "The auditor found a bill" }, books.chief);
    await expect(reopen(2026)).rejects.toMatchObject({ code: "laterYearClosed", message: expect.stringContaining("2027") });
    await expect(run(reopenFiscalYear, { fiscalYearId: newId(), reason: "No such year" }, books.chief)).rejects.toMatchObject({
      code: "notFound",
    });
    const before = await statements(2027);
    const balancesOn = async (asOf: string) => {
      const { rows } = await run(getTrialBalance, { asOf }, books.chief);
      return ["3200", "4110", "6210", "6540"].map((code) => rows.find((row) => row.code === code)?.closing.amount ?? "0.00");
    };
    expect(await balancesOn("2027-12-31")).toEqual(["-99.00", "0.00", "0.00", "0.00"]);
    expect(await reopen(2027)).toMatchObject({ entryNumber: "CLS-2027-00002" });
    expect(await rowsOf("finance.journalEntry", { number: "CLS-2027-00002" })).toMatchObject([
      { day: "2027-12-31", reverses: "CLS-2027-00001", state: "posted" },
    ]);
    // As before the closing: 37 of 2026 are carried by themselves, and 2027 earned 100 - 30 - 8.
    expect(await balancesOn("2027-12-31")).toEqual(["-37.00", "-100.00", "30.00", "8.00"]);
    expect(await balancesOn("2028-01-15")).toEqual(["-99.00", "0.00", "0.00", "0.00"]);
    expect(await statements(2027)).toEqual(before);
    expect(await rowsOf("finance.fiscalYear", { id: await yearId(2027) })).toMatchObject([
      { state: "open", openPeriods: 0, closingEntry: null, closedBy: null },
    ]);
    await expect(reopen(2027)).rejects.toMatchObject({ code: "yearOpen" });
    const mirror = (await rowsOf("finance.journalEntry", { number: "CLS-2027-00002" }))[0]!;
    const back = { journalEntryId: mirror["id"] as string, reason: "The closing was right" };
    await expect(run(reverseJournalEntry, back, books.accountant)).rejects.toMatchObject({ code: "belongsToClosing" });
    expect(await books.breaks()).toEqual([]);
    // No exception is needed for the months of an open year. 2 more of rent: 2027 earned 60, and 97 are kept.
    const december = await period("2027-12");
    await run(reopenPeriod, { periodId: december, reason: "The auditor found a bill" }, books.chief);
    await post("2027-12-30", "6210", "1120", "2.00");
    await run(closePeriod, { periodId: december, early: true }, books.chief);
    const closed = await run(closeFiscalYear, { fiscalYearId: await yearId(2027), withEntry: true, early: true }, books.chief);
    expect([closed.entryNumber, closed.result.amount]).toEqual(["CLS-2027-00003", "60.00"]);
    expect(await balancesOn("2027-12-31")).toEqual(["-97.00", "0.00", "0.00", "0.00"]);
    expect(await statements(2027)).toMatchObject({ result: "60.00", expense: "40.00", equity: "97.00", difference: "0.00" });
    expect(await rowsOf("finance.period", { code: "2027-12" })).toMatchObject([
      { state: "closed", lastReason: "Closing of the fiscal year 2027" },
    ]);
    await expect(post("2027-12-31", "6210", "1120", "1.00")).rejects.toMatchObject({ code: "periodClosed" });
    expect(await books.breaks()).toEqual([]);
  });

  test("what stands in its journal beside it is found", async () => {
    await books.house.funnel.work(books.house.tenantId, (context) =>
      postEntries(context, [
        {
          journal: "CLS",
          day: day("2028-01-10"),
          text: "Of no closing",
          document: { subject: "finance.fiscalYear", id: newId() },
          lines: [
            { account: "6210", amount: Money.parse("777", "EUR") },
            { account: "1120", amount: Money.parse("-777", "EUR") },
          ],
        },
      ]),
    );
    expect(await books.breaks()).toEqual([
      "Account 1120 has -77700 in journal CLS of 2028, the closing of that year says 0",
      "Account 6210 has 77700 in journal CLS of 2028, the closing of that year says 0",
    ]);
  });
});
