// Small rests written off on both sides, to the cent: of a bill, of what a customer paid too much, of what a supplier was paid too much.
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAccount } from "../ledger/account.operations.ts";
import { approveBill, createBill, payBill, postBill } from "../payables/bill.operations.ts";
import { recordOnePayment } from "../payments/payment.operations.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { createTaxCode } from "../tax/tax-code.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { creditInvoice } from "./credit-note.operations.ts";
import { issueInvoice, payInvoice } from "./invoice.operations.ts";
import { reverseWriteOff, writeOffItem } from "./write-off.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const rowsOf = async (name: string, filter: object) =>
  ((await books.house.call(name, { filter }, books.chief)) as { rows: Record<string, unknown>[] }).rows;
const off = (openItemId: unknown, more: object = {}) =>
  run(writeOffItem, { openItemId, day: "2026-11-15", reason: "A rest", ...more }, books.chief);
const balances = async (...codes: string[]) => {
  const { rows } = await run(getTrialBalance, { asOf: "2026-11-30" }, books.chief);
  return codes.map((code) => rows.find((row) => row.code === code)?.closing.amount ?? "0.00");
};
const pay = (direction: string, partyId: string, amount: string) =>
  run(
    recordOnePayment,
    { direction, partyId, amount: eur(amount), bankAccountId: books.bankAccountId, day: "2026-11-10" },
    books.accountant,
  );
const openOf = async (id: unknown) => (await rowsOf("finance.openItem.list", { id: id as string }))[0]!["open"];

async function bill(number: string) {
  const lines = [{ description: "Paper", net: eur("100.00"), accountId: books.account("6540") }];
  const wish = { supplierId: books.supplierId, supplierNumber: number, day: "2026-11-02", lines };
  const { id: billId } = await run(createBill, wish, books.accountant);
  await run(approveBill, { billId }, books.chief);
  await run(postBill, { billId }, books.accountant);
  await run(payBill, { billId, bankAccountId: books.bankAccountId, day: "2026-11-10", amount: eur("118.98") }, books.accountant);
  return (await rowsOf("finance.openItem.list", { documentId: billId }))[0]!["id"];
}

test("two cents left on a bill go to the rounding differences, and come back with their write-off", async () => {
  const itemId = await bill("AL-1");
  await expect(off(itemId, { amount: eur("0.03") })).rejects.toMatchObject({ code: "moreThanOpen" });
  expect(await off(itemId)).toMatchObject({ open: eur("0.00") });
  expect(await balances("6590", "2110", "1220")).toEqual(["-0.02", "0.00", "19.00"]);
  await expect(off(itemId)).rejects.toMatchObject({ code: "nothingOwed" });
  const [kept] = await rowsOf("finance.writeOff.list", { openItemId: itemId });
  expect(kept).toMatchObject({ state: "writtenOff", amount: eur("0.02") });
  await run(reverseWriteOff, { writeOffId: kept!["id"], on: "2026-11-16", reason: "They insist" }, books.chief);
  expect(await balances("6590", "2110")).toEqual(["0.00", "-0.02"]);
  // With its tax: two cents are 0.017 and 0.003, so the whole of it is net.
  await off(itemId, { relievesTax: true });
  expect(await balances("2110", "6590", "1220")).toEqual(["0.00", "-0.02", "19.00"]);
  expect(await books.breaks()).toEqual([]);
});

test("what a customer paid too much, and what a supplier was, is settled", async () => {
  const before = Number((await balances("6590"))[0]);
  const { itemId } = await pay("incoming", books.customerId, "0.05");
  await expect(off(itemId, { relievesTax: true })).rejects.toMatchObject({ code: "taxNotRelieved" });
  expect(await off(itemId, { amount: eur("0.03") })).toMatchObject({ open: eur("0.02") });
  expect(await off(itemId)).toMatchObject({ open: eur("0.00") });
  expect(await openOf(itemId)).toEqual(eur("0.00"));
  expect(Number((await balances("6590"))[0]) - before).toBeCloseTo(-0.05, 5);
  const { itemId: ours } = await pay("outgoing", books.supplierId, "0.04");
  await off(ours);
  expect(Number((await balances("6590"))[0]) - before).toBeCloseTo(-0.01, 5);
  expect(await balances("1210", "2110")).toEqual(["0.00", "0.00"]);
  expect(await books.breaks()).toEqual([]);
});

test("what a customer keeps of a credit note whose tax waits takes its tax with it", async () => {
  const account = { parentId: books.account("2200"), code: "2215", name: "Tax not yet due" };
  const { id: pendingAccountId } = await run(createAccount, account, books.chief);
  const code = { code: "cash", name: "Due on payment", percent: "19", from: "2026-01-01", cashBasis: true, pendingAccountId };
  await run(createTaxCode, code, books.chief);
  const lines = [{ description: "Work", unitPrice: eur("100.00"), taxCode: "cash" }];
  const { id: invoiceId } = await run(issueInvoice, { customerId: books.customerId, day: "2026-11-02", lines }, books.accountant);
  await run(payInvoice, { invoiceId, bankAccountId: books.bankAccountId, day: "2026-11-05" }, books.accountant);
  const credit = await run(creditInvoice, { invoiceId, day: "2026-11-06", reason: "Wrong" }, books.accountant);
  const [item] = await rowsOf("finance.openItem.list", { documentId: credit.id });
  const [before] = await balances("6590");
  await off(item!["id"]);
  expect(await balances("1210", "2215")).toEqual(["0.00", "0.00"]);
  expect(Number((await balances("6590"))[0]) - Number(before)).toBeCloseTo(-100, 5);
  expect(await books.breaks()).toEqual([]);
});
