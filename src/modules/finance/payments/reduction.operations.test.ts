// What is taken off without being paid: bad debts and discounts given by hand, with tax that was posted and with tax that waits for the
// payment. 1000.00 at 19 % is 1190.00 throughout; two percent of it is 23.80, of which 3.80 is tax (§ 17 UStG, Art. 90 of the VAT
// Directive).
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAccount } from "../ledger/account.operations.ts";
import { approveBill, createBill, payBill, postBill } from "../payables/bill.operations.ts";
import { createInvoice, payInvoice, postInvoice } from "../receivables/invoice.operations.ts";
import { reverseWriteOff, writeOffItem } from "../receivables/write-off.operations.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { createTaxCode } from "../tax/tax-code.operations.ts";
import { getTaxReturn } from "../tax/tax-return.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { allocateOpenItem, recordOnePayment, reverseOnePayment } from "./payment.operations.ts";

let books: TestBooks;
let count = 0;
const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
beforeAll(async () => {
  books = await openBooks();
  const waiting = { parentId: books.account("2200"), code: "2215", name: "Tax not yet due" };
  const { id: pendingAccountId } = await run(createAccount, waiting, books.chief);
  const code = { code: "cash", name: "Due on payment", percent: "19", from: "2026-01-01", cashBasis: true, pendingAccountId };
  await run(createTaxCode, code, books.chief);
});
afterAll(() => books.house.close());

type Row = Record<string, unknown>;
const rowsOf = async (name: string, filter: object) =>
  ((await books.house.call(name, { filter, limit: 100 }, books.chief)) as { rows: Row[] }).rows;
const invoice = async (taxCode: string) => {
  const lines = [{ description: "Work", unitPrice: eur("1000.00"), taxCode }];
  const { id } = await run(createInvoice, { customerId: books.customerId, day: "2026-11-01", lines }, books.accountant);
  await run(postInvoice, { invoiceId: id }, books.accountant);
  return { invoiceId: id, openItemId: (await rowsOf("finance.openItem.list", { documentId: id }))[0]!["id"] as string };
};
const bill = async (taxCode: string) => {
  const lines = [{ description: "Paper", net: eur("1000.00"), taxCode, accountId: books.account("6540") }];
  const input = { supplierId: books.supplierId, supplierNumber: `R-${++count}`, day: "2026-11-01", lines };
  const { id } = await run(createBill, input, books.accountant);
  await run(approveBill, { billId: id }, books.chief);
  await run(postBill, { billId: id }, books.accountant);
  return id;
};
const november = { from: "2026-11-01", to: "2026-11-30" };
/** Balances of these accounts, then what the return owes on sales and reclaims, each as cents since the last look. */
const watch = async (...codes: string[]) => {
  const look = async () => {
    const { rows } = await run(getTrialBalance, { asOf: "2026-11-30" }, books.chief);
    const shown = await run(getTaxReturn, november, books.chief);
    return [...codes.map((code) => rows.find((row) => row.code === code)?.closing.minor ?? 0n), shown.output.minor, shown.input.minor];
  };
  let last = await look();
  return async () => {
    const now = await look();
    const change = now.map((value, index) => Number(value - last[index]!));
    last = now;
    return change;
  };
};
const pay = { bankAccountId: undefined as string | undefined, day: "2026-11-10" };
const paying = () => ({ ...pay, bankAccountId: books.bankAccountId });

describe("a debt written off", () => {
  test("takes its tax back where the law allows it, and brings it again when it is paid after all", async () => {
    const { openItemId } = await invoice("standard");
    const since = await watch("6550", "2210", "1210");
    const off = { openItemId, day: "2026-11-15", reason: "Insolvent", relievesTax: true };
    expect(await run(writeOffItem, off, books.chief)).toMatchObject({ open: { amount: "0.00" } });
    expect(await since()).toEqual([100000, 19000, -119000, -19000, 0]);
    expect(await books.breaks()).toEqual([]);
    const [kept] = await rowsOf("finance.writeOff.list", { openItemId });
    expect(kept).toMatchObject({ state: "writtenOff", amount: eur("1190.00"), reason: "Insolvent" });
    const back = { writeOffId: kept!["id"], on: "2026-11-16", reason: "They found money" };
    await run(reverseWriteOff, back, books.chief);
    expect(await since()).toEqual([-100000, -19000, 119000, 19000, 0]);
    expect(await rowsOf("finance.openItem.list", { id: openItemId })).toMatchObject([{ open: eur("1190.00") }]);
    await expect(run(reverseWriteOff, back, books.chief)).rejects.toMatchObject({ code: "reversedBefore" });
    await expect(run(reverseWriteOff, { ...back, writeOffId: openItemId }, books.chief)).rejects.toMatchObject({ code: "notFound" });
    // Without relief the loss is the whole.
    await run(writeOffItem, { ...off, relievesTax: false }, books.chief);
    expect(await since()).toEqual([119000, 0, -119000, 0, 0]);
    expect(await books.breaks()).toEqual([]);
  });

  test("of which the tax waits never lets it fall due, and half of it was due with half of the payment", async () => {
    const { invoiceId, openItemId } = await invoice("cash");
    const since = await watch("6550", "2215");
    await run(payInvoice, { invoiceId, ...paying(), amount: eur("595.00") }, books.accountant);
    expect(await since()).toEqual([0, 9500, 9500, 0]);
    await run(writeOffItem, { openItemId, day: "2026-11-15", reason: "Insolvent" }, books.chief);
    expect(await since()).toEqual([50000, 9500, 0, 0]);
    expect(await books.breaks()).toEqual([]);
    const [kept] = await rowsOf("finance.writeOff.list", { openItemId });
    await run(reverseWriteOff, { writeOffId: kept!["id"], on: "2026-11-16", reason: "They pay" }, books.chief);
    expect(await since()).toEqual([-50000, -9500, 0, 0]);
    await run(payInvoice, { invoiceId, ...paying() }, books.accountant);
    expect(await since()).toEqual([0, 9500, 9500, 0]);
    expect(await books.breaks()).toEqual([]);
  });
});

describe("what is taken back on a day before it was booked", () => {
  // 1190.00 came on the 10th and was set against the invoice on the 15th: its 190.00 of tax fell due on the 15th (Art. 66 of the VAT
  // Directive), so they wait again from the 15th on, and the return until the 14th knows nothing of either.
  test("a payment that was set against its invoice later: its tax waits again on the day it had fallen due", async () => {
    const { openItemId } = await invoice("cash");
    const due = async (from: string, to: string) => (await run(getTaxReturn, { from, to }, books.chief)).output.minor;
    const [early, late] = [await due("2026-11-01", "2026-11-14"), await due("2026-11-15", "2026-11-30")];
    const direct = { direction: "incoming", partyId: books.customerId, amount: eur("1190.00"), ...paying() };
    const paid = await run(recordOnePayment, direct, books.accountant);
    const wish = { openItemId: paid.itemId, againstId: openItemId, day: "2026-11-15" };
    await run(allocateOpenItem, wish, books.accountant);
    expect(await due("2026-11-15", "2026-11-30")).toBe(late + 19000n);
    await run(reverseOnePayment, { paymentId: paid.id, reason: "It bounced" }, books.accountant);
    expect([await due("2026-11-01", "2026-11-14"), await due("2026-11-15", "2026-11-30")]).toEqual([early, late]);
    expect(await books.breaks()).toEqual([]);
  });

  test("a write-off stays until its own day", async () => {
    const { openItemId } = await invoice("standard");
    await run(writeOffItem, { openItemId, day: "2026-11-15", reason: "Insolvent" }, books.chief);
    const [kept] = await rowsOf("finance.writeOff.list", { openItemId });
    const back = { writeOffId: kept!["id"], on: "2026-11-14", reason: "They pay" };
    await expect(run(reverseWriteOff, back, books.chief)).rejects.toMatchObject({ code: "beforeEntry", facts: { day: "2026-11-15" } });
    await run(reverseWriteOff, { ...back, on: "2026-11-15" }, books.chief);
    expect(await books.breaks()).toEqual([]);
  });
});

describe("a discount given by hand", () => {
  test("on a receipt corrects the tax on sales, and goes with the payment", async () => {
    const { invoiceId } = await invoice("standard");
    const since = await watch("4190", "2210");
    const paid = await run(payInvoice, { invoiceId, ...paying(), discount: eur("23.80") }, books.accountant);
    expect(paid.open.amount).toBe("0.00");
    expect(await since()).toEqual([2000, 380, -380, 0]);
    const [taken] = await rowsOf("finance.discount.list", { state: "taken" });
    expect(taken).toMatchObject({ amount: eur("23.80") });
    expect(await rowsOf("finance.payment.list", { id: paid.paymentId })).toMatchObject([{ amount: eur("1166.20") }]);
    await run(reverseOnePayment, { paymentId: paid.paymentId, on: "2026-11-11", reason: "It bounced" }, books.accountant);
    expect(await since()).toEqual([-2000, -380, 380, 0]);
    expect(await books.breaks()).toEqual([]);
  });

  test("of which the tax waits: what is paid falls due, what is taken off never", async () => {
    const { invoiceId } = await invoice("cash");
    const since = await watch("2215");
    const paid = await run(payInvoice, { invoiceId, ...paying(), discount: eur("23.80") }, books.accountant);
    expect(await since()).toEqual([19000, 18620, 0]);
    expect(await books.breaks()).toEqual([]);
    await run(reverseOnePayment, { paymentId: paid.paymentId, on: "2026-11-11", reason: "It bounced" }, books.accountant);
    expect(await since()).toEqual([-19000, -18620, 0]);
    expect(await books.breaks()).toEqual([]);
  });

  test.each([
    ["standard", [-2000, -380, 0, -380]],
    ["cash", [-2000, 18620, 0, 18620]],
  ])("on a payment of a bill with tax %s corrects what is reclaimed, and goes with the payment", async (taxCode, expected) => {
    const billId = await bill(taxCode);
    const since = await watch("5190", "1220");
    const paid = await run(payBill, { billId, ...paying(), discount: eur("23.80") }, books.accountant);
    expect(paid.open.amount).toBe("0.00");
    expect(await since()).toEqual(expected);
    expect(await books.breaks()).toEqual([]);
    await run(reverseOnePayment, { paymentId: paid.paymentId, on: "2026-11-11", reason: "It came back" }, books.accountant);
    expect(await since()).toEqual(expected.map((value) => 0 - value));
    expect(await books.breaks()).toEqual([]);
  });

  test("is at most what is left", async () => {
    const { invoiceId, openItemId } = await invoice("standard");
    const wish = { invoiceId, ...paying(), amount: eur("1180.00") };
    await expect(run(payInvoice, { ...wish, discount: eur("10.01") }, books.accountant)).rejects.toMatchObject({ code: "discountUnfit" });
    await expect(run(payInvoice, { ...wish, discount: eur("0.00") }, books.accountant)).rejects.toMatchObject({ code: "discountUnfit" });
    const usd = { amount: "1.00", currency: "USD" };
    await expect(run(payInvoice, { ...wish, discount: usd }, books.accountant)).rejects.toMatchObject({ code: "discountUnfit" });
    const allocations = [{ openItemId, amount: eur("1180.00"), discount: eur("10.00") }];
    const direct = { direction: "incoming", partyId: books.customerId, amount: eur("1180.00"), ...paying(), allocations };
    expect(await run(recordOnePayment, direct, books.accountant)).toMatchObject({ discount: { amount: "10.00" } });
    expect(await rowsOf("finance.openItem.list", { id: openItemId })).toMatchObject([{ state: "settled" }]);
    expect(await books.breaks()).toEqual([]);
  });
});
