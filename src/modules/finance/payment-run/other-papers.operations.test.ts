// Payment runs that take credit notes off, and runs in other currencies, on a real database. Every figure is worked by hand in the test.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { XMLParser } from "fast-xml-parser";
import type { Id } from "../../../kernel/id.ts";
import { camt, storedFile } from "../banking/banking.testing.ts";
import { importBankStatement } from "../banking/import.operations.ts";
import { setExchangeRate } from "../currency/rate.operations.ts";
import { createBankAccount } from "../ledger/bank-account.operations.ts";
import { postOpeningBalance } from "../ledger/opening-balance.operations.ts";
import { applyCredit } from "../payables/bill-proposal.operations.ts";
import {
  applySupplierCreditNote,
  approveSupplierCreditNote,
  createSupplierCreditNote,
  postSupplierCreditNote,
  refundSupplierCreditNote,
} from "../payables/supplier-credit-note.operations.ts";
import { recordOnePayment } from "../payments/payment.operations.ts";
import { eur } from "../testing/books.ts";
import { approvePaymentRun, submitPaymentRun } from "./approve.operations.ts";
import { clearPaymentOrders } from "./clear.operations.ts";
import { filePaymentRun, sendPaymentRun } from "./file.operations.ts";
import { createPaymentRun, editPaymentRun } from "./run.operations.ts";
import { openPayingBooks, ownIban, type PayingBooks } from "./run.testing.ts";
import { returnPaymentOrder, settlePaymentRun } from "./settle.operations.ts";

let books: PayingBooks;
let supplierId: Id;
let counter = 0;
beforeAll(async () => {
  books = await openPayingBooks();
  const rates = [
    ["2026-11-03", "0.90"],
    ["2026-11-20", "0.92"],
    ["2026-11-21", "0.95"],
  ] as const;
  for (const [day, rate] of rates) await run(setExchangeRate, { base: "USD", currency: "EUR", day, rate }, books.accountant);
});
afterAll(() => books.house.close());
beforeEach(async () => {
  supplierId = await books.supplier(`Supplier ${++counter}`);
  await books.payTo(supplierId);
});

const run: PayingBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
type Row = Record<string, unknown>;
const rowsOf = async (name: string, filter: object) =>
  ((await books.house.call(name, { filter, limit: 200 }, books.chief)) as { rows: Row[] }).rows;
const amountOf = (row: Row | undefined, field: string) => (row![field] as { amount: string }).amount;
const usd = (amount: string) => ({ amount, currency: "USD" });
const lines = (net: object, taxCode = "exempt") => [{ description: "Paper", net, taxCode, accountId: books.account("6540") }];
const bill = (net: object, more: object = {}) => books.bill(supplierId, { lines: lines(net), ...more });
const credit = async (net: object, more: object = {}) => {
  const input = { supplierId, supplierNumber: `GS-${++counter}`, day: "2026-11-10", lines: lines(net), ...more };
  const { id } = await run(createSupplierCreditNote, input, books.accountant);
  await run(approveSupplierCreditNote, { supplierCreditNoteId: id }, books.chief);
  await run(postSupplierCreditNote, { supplierCreditNoteId: id }, books.accountant);
  return id;
};
const draft = (billIds: readonly Id[], more: object = {}) =>
  run(createPaymentRun, { bankAccountId: books.bankAccountId, billIds, ...more }, books.accountant);
const send = async (paymentRunId: Id) => {
  await run(submitPaymentRun, { paymentRunId }, books.accountant);
  await run(approvePaymentRun, { paymentRunId }, books.second);
  const { fileId } = await run(filePaymentRun, { paymentRunId }, books.accountant);
  await run(sendPaymentRun, { paymentRunId }, books.accountant);
  return fileId;
};
const orders = (paymentRunId: Id) => rowsOf("finance.paymentOrder.list", { paymentRunId });
const open = async (register: "bill" | "supplierCreditNote", id: Id) =>
  amountOf((await rowsOf(`finance.${register}.list`, { id }))[0], "open");
const balance = async (code: string) => amountOf((await rowsOf("finance.account.list", { code }))[0], "balance");
const textOf = (fileId: Id) =>
  books.house.funnel.work(books.house.tenantId, async (context) => new TextDecoder().decode((await context.readFile(fileId)).bytes));
const xmlOf = async (fileId: Id) =>
  new XMLParser({ ignoreAttributes: false, parseTagValue: false }).parse(await textOf(fileId)).Document.CstmrCdtTrfInitn as {
    GrpHdr: { CtrlSum: string };
    PmtInf: { DbtrAcct: { Id: { IBAN: string } }; PmtTpInf?: object; CdtTrfTxInf: { Amt: { InstdAmt: Record<string, string> } } };
  };
const tell = async (bankAccountId: string, statement: Parameters<typeof camt>[0], currency = "EUR") => {
  const fileId = await storedFile(books, camt(statement).replaceAll("EUR", currency));
  await run(importBankStatement, { fileId, bankAccountId }, books.accountant);
  return run(clearPaymentOrders, { bankAccountId }, books.accountant);
};

describe("what a run does not pay with, and does not pay", () => {
  const onAccount = "40.00 EUR is on account with ";

  test("money on account with a supplier is told with the run and on its bill", async () => {
    const ahead = { direction: "outgoing", partyId: supplierId, amount: eur("40.00"), bankAccountId: books.bankAccountId };
    await run(recordOnePayment, { ...ahead, day: "2026-11-20" }, books.accountant);
    const [first, second] = [await bill(eur("100.00")), await bill(eur("200.00"))];
    const made = await draft([first, second]);
    expect([made.total.amount, made.hints]).toEqual(["300.00", [expect.stringContaining(onAccount)]]);
    const warnings = async () => (await rowsOf("finance.paymentRunItem.list", { paymentRunId: made.id })).map((item) => item["warning"]);
    const told = "Money is on account with the supplier";
    expect(await warnings()).toEqual([told, told]);
    // Left out, a bill takes it; the other has nothing to be told.
    const edit = { paymentRunId: made.id, leaveOut: [first] };
    expect((await run(editPaymentRun, edit, books.accountant)).hints).toHaveLength(1);
    await run(applyCredit, { billId: first }, books.accountant);
    expect((await run(editPaymentRun, { paymentRunId: made.id, take: [first] }, books.accountant)).hints).toEqual([]);
    expect(await warnings()).toEqual([null, null]);
  });

  test("what was brought over is no bill: it is told how to pay it", async () => {
    const line = { accountId: books.account("2110"), partyId: supplierId };
    const brought = { ...line, credit: eur("119.00"), reference: "OLD-77", dueDay: "2026-11-10" };
    await run(postOpeningBalance, { day: "2026-01-01", lines: [brought] }, books.accountant);
    const due = { bankAccountId: books.bankAccountId, supplierIds: [supplierId] };
    const create = () => run(createPaymentRun, due, books.accountant);
    await expect(create()).rejects.toMatchObject({
      code: "nothingToPay",
      message: expect.stringMatching(/OLD-77 of Supplier \d+ over 119\.00 EUR is no bill .*: heartwood finance payment record/) as unknown,
    });
    await bill(eur("100.00"));
    expect((await create()).hints).toEqual([expect.stringContaining("OLD-77"), expect.stringContaining("payment record")]);
    const nothing = run(createPaymentRun, { ...due, supplierIds: [books.customerId] }, books.accountant);
    await expect(nothing).rejects.toMatchObject({
      code: "nothingToPay",
      message: expect.stringMatching(/Choose a later day\.$/) as unknown,
    });
  });
});

describe("a credit note in a run", () => {
  test("is taken off what the supplier is paid, and settles its bills with the money", async () => {
    // 100.00 and 200.00 less 120.00: 180.00 leaves. The credit note settles 100.00 and 20.00, the money 180.00.
    const [first, second] = [await bill(eur("100.00")), await bill(eur("200.00"))];
    const note = await credit(eur("120.00"));
    const made = await draft([first, second]);
    expect([made.bills, made.total.amount, made.credit.amount]).toEqual([2, "180.00", "120.00"]);
    const items = await rowsOf("finance.paymentRunItem.list", { paymentRunId: made.id });
    expect(items.map((item) => amountOf(item, "amount")).toSorted()).toEqual(["-120.00", "100.00", "200.00"]);
    expect(items.find((item) => item["billId"] === null)).toMatchObject({ supplierCreditNoteId: note, warning: null });
    const bank = { bankAccountId: books.bankAccountId };
    for (const operation of [applySupplierCreditNote, refundSupplierCreditNote]) {
      await expect(
        run(operation, { supplierCreditNoteId: note, ...(operation === refundSupplierCreditNote ? bank : {}) }, books.chief),
      ).rejects.toMatchObject({ code: "inOtherRun" });
    }
    const [held] = await rowsOf("finance.openItem.list", { documentId: note });
    const allocations = [{ openItemId: held!["id"], amount: eur("120.00") }];
    const refund = { ...bank, direction: "incoming", against: "payable", partyId: supplierId, amount: eur("120.00"), day: "2026-11-21" };
    await expect(run(recordOnePayment, { ...refund, allocations }, books.chief)).rejects.toMatchObject({ code: "inOtherRun" });
    const fileId = await send(made.id);
    expect((await xmlOf(fileId)).GrpHdr.CtrlSum).toBe("180.00");
    const before = await balance("1180");
    await run(settlePaymentRun, { paymentRunId: made.id, on: "2026-11-21" }, books.accountant);
    expect([await open("bill", first), await open("bill", second), await open("supplierCreditNote", note)]).toEqual([
      "0.00",
      "0.00",
      "0.00",
    ]);
    expect(Number(await balance("1180")) - Number(before)).toBeCloseTo(-180, 2);
    expect(await books.breaks()).toEqual([]);
    // It came back: all three are open again.
    const [order] = await orders(made.id);
    await run(returnPaymentOrder, { paymentOrderId: order!["id"], on: "2026-11-21", reason: "Account closed" }, books.accountant);
    expect([await open("bill", first), await open("bill", second), await open("supplierCreditNote", note)]).toEqual([
      "100.00",
      "200.00",
      "120.00",
    ]);
    expect(await balance("1180")).toBe(before);
    expect(await books.breaks()).toEqual([]);
  });

  test("larger than what is paid stays out, and comes in when the run grows", async () => {
    const [first, second] = [await bill(eur("100.00")), await bill(eur("200.00"))];
    await credit(eur("150.00"));
    const made = await draft([first]);
    expect([made.total.amount, made.credit.amount]).toEqual(["100.00", "0.00"]);
    const edit = (more: object) => run(editPaymentRun, { paymentRunId: made.id, ...more }, books.accountant);
    const grown = await edit({ take: [second] });
    expect([grown.total.amount, grown.credit.amount]).toEqual(["150.00", "150.00"]);
    const without = await edit({ deductsCredit: false });
    expect([without.total.amount, without.credit.amount]).toEqual(["300.00", "0.00"]);
    const shrunk = await edit({ deductsCredit: true, leaveOut: [second] });
    expect([shrunk.total.amount, shrunk.credit.amount]).toEqual(["100.00", "0.00"]);
    expect(await books.breaks()).toEqual([]);
  });
});

describe("a run in another currency", () => {
  test("from an account in dollars: the file is in dollars, and payables, clearing and bank agree to the cent", async () => {
    // 388.00 USD booked at 0.90: 349.20. Paid at 0.95: 368.60. A loss of 19.40; nothing is left on payables or on the clearing account.
    const { id: dollars } = await run(
      createBankAccount,
      { code: `USD${counter}`, name: "Dollars", currency: "USD", number: "GB29NWBK60161331926819" },
      books.chief,
    );
    const [payable, clearing, loss] = [await balance("2110"), await balance("1180"), await balance("6730")];
    const made = await draft([await bill(usd("388.00"))], { bankAccountId: dollars });
    expect(made.total).toMatchObject({ amount: "388.00", currency: "USD" });
    const xml = await xmlOf(await send(made.id));
    expect(xml.PmtInf.CdtTrfTxInf.Amt.InstdAmt).toMatchObject({ "@_Ccy": "USD", "#text": "388.00" });
    expect(xml.PmtInf.PmtTpInf).toBeUndefined();
    const [order] = await orders(made.id);
    const told = await tell(
      dollars,
      {
        id: "U1",
        iban: "GB29NWBK60161331926819",
        opening: "1000.00",
        closing: "612.00",
        openingDay: "2026-11-20",
        closingDay: "2026-11-21",
        entries: [{ amount: "-388.00", day: "2026-11-21", text: `EREF ${String(order!["code"])}` }],
      },
      "USD",
    );
    expect([told.lines, told.payments]).toEqual([1, 1]);
    expect([await balance("2110"), await balance("1180")]).toEqual([payable, clearing]);
    expect(Number(await balance("6730")) - Number(loss)).toBeCloseTo(19.4, 2);
    // As the ledger has it: 388.00 USD at 0.95.
    expect(await rowsOf("finance.bankAccount.list", { id: dollars })).toMatchObject([{ balance: eur("-368.60") }]);
    expect(await books.breaks()).toEqual([]);
  });

  test("settled by hand before the bank tells it, nothing stays on the clearing account either", async () => {
    // Posted at 0.92 on the 20th, told on the 21st at 0.95: the bank's line stands at what the payment left there, 92.00.
    const number = "NL91ABNA0417164300";
    const { id: dollars } = await run(createBankAccount, { code: `USD${counter}`, name: "Dollars", currency: "USD", number }, books.chief);
    const clearing = await balance("1180");
    const made = await draft([await bill(usd("100.00"))], { bankAccountId: dollars });
    await send(made.id);
    await run(settlePaymentRun, { paymentRunId: made.id, on: "2026-11-20" }, books.accountant);
    expect(Number(await balance("1180")) - Number(clearing)).toBeCloseTo(-92, 2);
    const [order] = await orders(made.id);
    const entries = [{ amount: "-100.00", day: "2026-11-21", text: `EREF ${String(order!["code"])}` }];
    await tell(
      dollars,
      { id: "U2", iban: number, opening: "500.00", closing: "400.00", openingDay: "2026-11-20", closingDay: "2026-11-21", entries },
      "USD",
    );
    expect(await balance("1180")).toBe(clearing);
    expect(await books.breaks()).toEqual([]);
  });

  test("from an account in the books' currency: what the bank took is known from its line", async () => {
    // 200.00 USD booked at 0.90: 180.00. The bank takes 191.50 EUR: a loss of 11.50.
    const [payable, clearing, loss] = [await balance("2110"), await balance("1180"), await balance("6730")];
    const made = await draft([await bill(usd("200.00"))], { currency: "USD" });
    const xml = await xmlOf(await send(made.id));
    expect(xml.PmtInf.CdtTrfTxInf.Amt.InstdAmt).toMatchObject({ "@_Ccy": "USD", "#text": "200.00" });
    expect(xml.PmtInf.DbtrAcct.Id.IBAN).toBe(ownIban);
    const [order] = await orders(made.id);
    const entries = [{ amount: "-191.50", day: "2026-11-21", text: `EREF ${String(order!["code"])}` }];
    const told = await tell(books.bankAccountId, {
      id: "E1",
      iban: ownIban,
      opening: "1000.00",
      closing: "808.50",
      openingDay: "2026-11-20",
      closingDay: "2026-11-21",
      entries,
    });
    expect(told.payments).toBe(1);
    expect([await balance("2110"), await balance("1180")]).toEqual([payable, clearing]);
    expect(Number(await balance("6730")) - Number(loss)).toBeCloseTo(11.5, 2);
    expect(await books.breaks()).toEqual([]);
  });

  test("settled by hand at the day's rate, what the bank took more is a difference of currencies", async () => {
    // 200.00 USD booked at 0.90: 180.00. By hand at 0.95: 190.00, a loss of 10.00. The bank took 191.50: 1.50 more.
    const [clearing, loss] = [await balance("1180"), await balance("6730")];
    const made = await draft([await bill(usd("200.00"))], { currency: "USD" });
    await send(made.id);
    await run(settlePaymentRun, { paymentRunId: made.id, on: "2026-11-21" }, books.accountant);
    const [order] = await orders(made.id);
    await tell(books.bankAccountId, {
      id: "E2",
      iban: ownIban,
      opening: "808.50",
      closing: "617.00",
      openingDay: "2026-11-21",
      closingDay: "2026-11-21",
      entries: [{ amount: "-191.50", day: "2026-11-21", text: `EREF ${String(order!["code"])}` }],
    });
    expect(await balance("1180")).toBe(clearing);
    expect(Number(await balance("6730")) - Number(loss)).toBeCloseTo(11.5, 2);
    expect(await books.breaks()).toEqual([]);
  });

  test("an early discount is what the books carry for it, with its tax in their currency", async () => {
    // 100.00 USD and 19 % at 0.90: 107.10, tax 17.10. Two percent off: 2.38 USD, carried at 2.14; of it tax 0.34, the rest 1.80.
    // 116.62 USD is paid at 0.95: 110.79, carried at 104.96: a loss of 5.83.
    const [payable, tax, received, loss] = [await balance("2110"), await balance("1220"), await balance("5190"), await balance("6730")];
    const terms = { discountDay: "2026-11-25", discountPercent: "2" };
    const made = await draft([await bill(usd("100.00"), { lines: lines(usd("100.00"), "standard"), ...terms })], { currency: "USD" });
    expect([made.total.amount, made.discount.amount]).toEqual(["116.62", "2.38"]);
    await send(made.id);
    const [order] = await orders(made.id);
    const bankAmounts = [{ paymentOrderId: order!["id"], amount: eur("110.79") }];
    await run(settlePaymentRun, { paymentRunId: made.id, on: "2026-11-21", bankAmounts }, books.accountant);
    const change = async (code: string, before: string) => (Number(await balance(code)) - Number(before)).toFixed(2);
    expect(await balance("2110")).toBe(payable);
    expect([await change("1220", tax), await change("5190", received), await change("6730", loss)]).toEqual(["16.76", "-1.80", "5.83"]);
    expect(await books.breaks()).toEqual([]);
  });
});

test("a prepayment in dollars is drawn by a bill of another rate, and payables end at zero", async () => {
  // 100.00 USD paid at 0.90: 90.00. A bill of 100.00 USD at 0.92: 92.00. The prepayment settles it: a gain of 2.00.
  const [payable, gain] = [await balance("2110"), await balance("4840")];
  const pay = { direction: "outgoing", partyId: supplierId, amount: usd("100.00"), bankAccountId: books.bankAccountId, day: "2026-11-03" };
  await run(recordOnePayment, { ...pay, bankAmount: eur("90.00") }, books.accountant);
  const billId = await bill(usd("100.00"), { day: "2026-11-20", dueDay: "2026-11-30" });
  expect(await run(applyCredit, { billId, on: "2026-11-21" }, books.accountant)).toMatchObject({ open: { amount: "0.00" } });
  expect(await balance("2110")).toBe(payable);
  expect(Math.abs(Number(await balance("4840")) - Number(gain))).toBeCloseTo(2, 2);
  expect(await books.breaks()).toEqual([]);
});
