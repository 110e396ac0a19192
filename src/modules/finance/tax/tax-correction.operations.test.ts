// A filed return is corrected: by what was posted for its days afterwards, and by nothing else. Figures worked by hand.
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { addRole, createOrganisation } from "../../directory/index.ts";
import { unlockPeriod } from "../ledger/lock.operations.ts";
import { createInvoice, postInvoice } from "../receivables/invoice.operations.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { getEcSalesList } from "./ec-sales-list.operations.ts";
import { createTaxCode } from "./tax-code.operations.ts";
import { correctFiledReturn } from "./tax-correction.operations.ts";
import { listReturnLines } from "./tax-drill.operations.ts";
import { fileTaxReturn, getTaxReturn } from "./tax-return.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
type Row = Record<string, unknown>;
const rowsOf = async (name: string, filter: object = {}) =>
  ((await books.house.call(name, { filter, limit: 100 }, books.chief)) as { rows: Row[] }).rows;
const invoice = async (day: string, price: string, { taxCode = "standard", customerId = books.customerId } = {}) => {
  const lines = [{ description: "Work", quantity: "1", unitPrice: eur(price), taxCode }];
  const { id } = await run(createInvoice, { customerId, day, lines }, books.accountant);
  return run(postInvoice, { invoiceId: id }, books.accountant);
};
const unlock = async (code: string) => {
  const [period] = await rowsOf("finance.period.list", { code });
  await run(unlockPeriod, { periodId: period!["id"], area: "tax", reason: "An invoice was found" }, books.chief);
};
const payable = async (from: string, to: string) => (await run(getTaxReturn, { from, to }, books.chief)).payable.amount;
const settled = async () => {
  const { rows } = await run(getTrialBalance, { asOf: "2026-12-31" }, books.chief);
  const [account] = await rowsOf("finance.account.list", { name: "~settlement" });
  return rows.find((row) => row.code === account!["code"])?.closing.amount ?? "0.00";
};

test("what came late is filed as a correction, once, and the next return has it no more", async () => {
  // September: 100.00 at 19 %, filed with 19.00. Afterwards 200.00 for September and 300.00 for October: 38.00 and 57.00.
  await invoice("2026-09-10", "100.00");
  const filed = await run(fileTaxReturn, { from: "2026-01-01", to: "2026-09-30" }, books.chief);
  expect(filed.payable.amount).toBe("19.00");
  const correct = (more: object = {}) =>
    run(correctFiledReturn, { filedReturnId: filed.id, reason: "An invoice was found", ...more }, books.chief);
  await expect(correct()).rejects.toMatchObject({ code: "nothingLate" });
  await expect(correct({ filedReturnId: books.customerId })).rejects.toMatchObject({ code: "notFound" });
  await unlock("2026-09");
  await invoice("2026-09-20", "200.00");
  await invoice("2026-10-05", "300.00");
  const october = ["2026-10-01", "2026-10-31"] as const;
  expect(await payable(...october)).toBe("95.00");
  const before = await settled();
  const done = await correct({ reference: "T-77" });
  expect([done.lines, done.output.amount, done.input.amount, done.payable.amount]).toEqual([1, "38.00", "0.00", "38.00"]);
  expect(Number(await settled()) - Number(before)).toBe(-38);
  expect(await payable(...october)).toBe("57.00");
  const drill = await run(listReturnLines, { from: october[0], to: october[1] }, books.chief);
  expect([drill.count, drill.tax.amount]).toEqual([1, "57.00"]);
  expect(await rowsOf("finance.correctionReturn.list", { filedReturnId: filed.id })).toMatchObject([
    { reason: "An invoice was found", reference: "T-77", payable: eur("38.00") },
  ]);
  expect(await rowsOf("finance.taxLine.list", { correctionReturnId: done.id })).toMatchObject([{ tax: eur("38.00"), day: "2026-09-20" }]);
  await expect(correct()).rejects.toMatchObject({ code: "nothingLate" });
  // What is filed for October afterwards is October's alone.
  expect((await run(fileTaxReturn, { to: "2026-10-31" }, books.chief)).payable.amount).toBe("57.00");
  expect(await books.breaks()).toEqual([]);
});

test("a sale in the EU that came late is in the list of its own month, and what was known before the correction stays", async () => {
  await run(createTaxCode, { code: "eu-goods", name: "EU", percent: "0", ecSupply: "goods", from: "2026-01-01" }, books.chief);
  const owner = await books.house.person("Otto Owner", "owner");
  const customerId = (await run(createOrganisation, { name: "Van der Berg", country: "NL", taxNumber: "NL123456789B01" }, owner)).id;
  await run(addRole, { partyId: customerId, role: "customer", from: "2026-01-01" }, owner);
  await unlock("2026-10");
  // October is filed: 5,000.00 of goods and 19.00 of tax on 100.00 come late; 7,560.00 are November's own.
  await invoice("2026-10-20", "5000.00", { taxCode: "eu-goods", customerId });
  await invoice("2026-10-20", "100.00");
  await invoice("2026-11-03", "7560.00", { taxCode: "eu-goods", customerId });
  const [october, november] = [
    { from: "2026-10-01", to: "2026-10-31" },
    { from: "2026-11-01", to: "2026-11-30" },
  ] as const;
  // Art. 262 and 263 of Directive 2006/112/EC: a list has the supplies that became chargeable in its month.
  const lists = () =>
    Promise.all(
      [october, november, { from: "2026-01-01", to: "2026-12-31" }].map(async (days) => {
        const { total, rows } = await run(getEcSalesList, days, books.accountant);
        return [total.amount, rows.reduce((sum, row) => sum + row.late, 0)];
      }),
    );
  const listed = [
    ["5000.00", 1],
    ["7560.00", 0],
    ["12560.00", 1],
  ];
  expect(await lists()).toEqual(listed);
  const told = (asKnownAt?: string) =>
    Promise.all([
      run(getTaxReturn, { ...november, asKnownAt }, books.chief),
      run(listReturnLines, { ...november, asKnownAt }, books.chief),
      run(getEcSalesList, { ...november, asKnownAt }, books.chief),
      books.house.call("finance.figure.explain", { report: "taxReturn", ...november, asKnownAt }, books.chief),
    ]);
  const before = await told();
  expect([before[0].output.amount, before[0].rows.map((row) => row.base.amount)]).toEqual(["19.00", ["12560.00", "100.00"]]);
  books.house.today = day("2026-11-23");
  const [filed] = await rowsOf("finance.filedReturn.list", { fromDay: "2026-10-01" });
  await run(correctFiledReturn, { filedReturnId: filed!["id"], reason: "Two invoices were found" }, books.chief);
  expect(await lists()).toEqual(listed);
  expect((await told())[0].rows.map((row) => row.base.amount)).toEqual(["7560.00"]);
  expect(JSON.stringify(await told("2026-11-22"))).toBe(JSON.stringify(before));
  books.house.today = day("2026-11-21");
  expect(await books.breaks()).toEqual([]);
});
