// Payment runs on a real database: proposed, edited, approved by a second person, written, sent, settled, and every refusal.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { payBill, reverseBill } from "../payables/bill.operations.ts";
import { acknowledgeBill, holdBill, releaseBill } from "../payables/bill-care.operations.ts";
import { retireSupplierBankAccount } from "../payables/supplier-bank-account.operations.ts";
import { createBankAccount } from "../ledger/bank-account.operations.ts";
import { allocateOpenItem, recordOnePayment } from "../payments/payment.operations.ts";
import { eur } from "../testing/books.ts";
import { approvePaymentRun, cancelPaymentRun, sendBackPaymentRun, submitPaymentRun } from "./approve.operations.ts";
import { filePaymentRun, sendPaymentRun } from "./file.operations.ts";
import { setPaymentOrigin } from "./origin.operations.ts";
import { createPaymentRun, editPaymentRun, listPaymentRunCandidates, splitPaymentRun } from "./run.operations.ts";
import { iban, openPayingBooks, type PayingBooks } from "./run.testing.ts";
import { returnPaymentOrder, settlePaymentRun } from "./settle.operations.ts";

let books: PayingBooks;
let supplierId: Id;
let counter = 0;
beforeAll(async () => {
  books = await openPayingBooks();
});
afterAll(() => books.house.close());
beforeEach(async () => {
  supplierId = await books.supplier(`Supplier ${++counter}`);
});

const run: PayingBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const draft = (billIds: readonly Id[], more: object = {}) =>
  run(createPaymentRun, { bankAccountId: books.bankAccountId, billIds, ...more }, books.accountant);
const approved = async (billIds: readonly Id[], more: object = {}) => {
  const { id } = await draft(billIds, more);
  await run(submitPaymentRun, { paymentRunId: id }, books.accountant);
  await run(approvePaymentRun, { paymentRunId: id }, books.second);
  return id;
};
const sent = async (billIds: readonly Id[], more: object = {}) => {
  const id = await approved(billIds, more);
  await run(filePaymentRun, { paymentRunId: id }, books.accountant);
  await run(sendPaymentRun, { paymentRunId: id }, books.accountant);
  return id;
};
const rowsOf = async (name: string, filter: object) =>
  ((await books.house.call(name, { filter, limit: 200 }, books.chief)) as { rows: Record<string, unknown>[] }).rows;
const bill = async (id: Id) => (await rowsOf("finance.bill.list", { id }))[0]!;
const orders = (paymentRunId: Id) => rowsOf("finance.paymentOrder.list", { paymentRunId });
const balances = async () => {
  const asked = { limit: 200, asOf: "2026-12-31" };
  const { rows } = (await books.house.call("finance.account.list", asked, books.chief)) as { rows: Record<string, unknown>[] };
  return new Map(rows.map((row) => [row["code"], (row["balance"] as { amount: string }).amount]));
};

describe("from open bills to the bank", () => {
  test("a run is proposed, approved by another person, written, sent and posted payment by payment", async () => {
    const other = await books.supplier("Other");
    await books.payTo(supplierId);
    await books.payTo(other, { iban: "NL91ABNA0417164300" });
    const net = (amount: string) => ({ lines: [{ description: "Paper", net: eur(amount) }] });
    const ids = [
      await books.bill(supplierId, net("100.00")),
      await books.bill(supplierId, net("200.00")),
      await books.bill(other, net("50.00")),
    ];
    const before = await balances();
    const made = await draft(ids, { payDay: "2026-11-23" });
    expect(made).toMatchObject({ bills: 3, skipped: [] });
    expect(made.total.amount).toBe("416.50");
    const id = made.id;
    expect(await bill(ids[0]!)).toMatchObject({ paymentRun: made.code });
    await run(submitPaymentRun, { paymentRunId: id }, books.accountant);
    await run(approvePaymentRun, { paymentRunId: id }, books.second);
    const filed = await run(filePaymentRun, { paymentRunId: id }, books.accountant);
    expect(filed).toMatchObject({ payments: 2 });
    await run(sendPaymentRun, { paymentRunId: id }, books.accountant);
    // Nothing is in the books while the bank has not paid.
    expect((await balances()).get("1180")).toBe(before.get("1180"));
    const [first, second] = await orders(id);
    const settled = await run(
      settlePaymentRun,
      { paymentRunId: id, failed: [{ paymentOrderId: second!["id"], reason: "Account closed" }] },
      books.accountant,
    );
    expect(settled).toMatchObject({ succeeded: 1, failed: 1, waiting: 0 });
    const isFirst = first!["supplierId"] === supplierId;
    expect(await bill(ids[0]!)).toMatchObject({ state: isFirst ? "paid" : "open", paymentRun: null });
    expect(await bill(ids[2]!)).toMatchObject({ state: isFirst ? "open" : "paid", paymentRun: null });
    expect(await rowsOf("finance.paymentRun.list", { id })).toMatchObject([{ state: "settled", succeeded: 1, failed: 1, bills: 3 }]);
    expect(await books.breaks()).toEqual([]);
  });

  test("the proposal takes what is due, and says why others are left out", async () => {
    const homeless = await books.supplier("No account");
    const cooling = await books.supplier("New account");
    await books.payTo(supplierId);
    await books.payTo(cooling, { iban: "FR1420041010050500013M02606" }, true);
    const due = await books.bill(supplierId);
    const later = await books.bill(supplierId, { dueDay: "2027-02-01" });
    const discounted = await books.bill(supplierId, { dueDay: "2027-02-01", discountDay: "2026-11-27", discountPercent: "2" });
    const held = await books.bill(supplierId);
    await run(holdBill, { billId: held, reason: "Wrong paper delivered" }, books.accountant);
    await books.bill(homeless);
    await books.bill(cooling);
    const supplierIds = [supplierId, homeless, cooling];
    const made = await run(createPaymentRun, { bankAccountId: books.bankAccountId, supplierIds, payDay: "2026-11-23" }, books.accountant);
    expect(made.skipped.map((one) => one.reason).toSorted()).toEqual(["accountMissing", "coolingOff", "onHold"]);
    const items = await rowsOf("finance.paymentRunItem.list", { paymentRunId: made.id });
    expect(items.map((item) => item["billId"]).toSorted()).toEqual([due, discounted].toSorted());
    expect(await bill(later)).toMatchObject({ paymentRun: null });
    await run(cancelPaymentRun, { paymentRunId: made.id, reason: "Only a test" }, books.accountant);
    expect(await bill(due)).toMatchObject({ paymentRun: null, state: "open" });
  });

  test("a discount is taken within its days, with its tax, and given back when the payment returns", async () => {
    await books.payTo(supplierId);
    const lines = [{ description: "Machine", net: eur("1000.00"), accountId: books.account("6540") }];
    const id = await books.bill(supplierId, { lines, discountDay: "2026-11-27", discountPercent: "2" });
    const runId = await sent([id], { payDay: "2026-11-23" });
    // 2 % of 1,190.00 is 23.80: 20.00 discount received and 3.80 input tax.
    expect(await rowsOf("finance.paymentRun.list", { id: runId })).toMatchObject([{ total: eur("1166.20"), discount: eur("23.80") }]);
    const before = await balances();
    const change = async (code: string) => Number((await balances()).get(code)) - Number(before.get(code));
    await run(settlePaymentRun, { paymentRunId: runId }, books.accountant);
    expect(await bill(id)).toMatchObject({ state: "paid", open: eur("0.00") });
    expect(await change("5190")).toBeCloseTo(-20, 2);
    expect(await change("1220")).toBeCloseTo(-3.8, 2);
    expect(await change("1180")).toBeCloseTo(-1166.2, 2);
    expect(await books.breaks()).toEqual([]);
    const [order] = await orders(runId);
    await run(returnPaymentOrder, { paymentOrderId: order!["id"], on: "2026-11-25", reason: "Returned by the bank" }, books.accountant);
    expect(await bill(id)).toMatchObject({ state: "open", open: eur("1190.00") });
    expect([await change("5190"), await change("1220"), await change("1180")]).toEqual([0, 0, 0]);
    expect(await books.breaks()).toEqual([]);
    const again = run(returnPaymentOrder, { paymentOrderId: order!["id"], reason: "Twice" }, books.accountant);
    await expect(again).rejects.toMatchObject({ code: "notSucceeded" });
  });

  test("the file is there to be fetched, and pays what was approved", async () => {
    await books.payTo(supplierId);
    const lines = [{ description: "Paper", net: eur("80.00"), accountId: books.account("6540") }];
    const runId = await approved([await books.bill(supplierId, { lines, paymentReference: "RF18 5390 0754 7034" })]);
    const { fileId } = await run(filePaymentRun, { paymentRunId: runId }, books.accountant);
    const file = await books.house.funnel.work(books.house.tenantId, (context) => context.readFile(fileId));
    const text = new TextDecoder().decode(file.bytes);
    expect(text).toContain(`<IBAN>${iban}</IBAN>`);
    expect(text).toContain('<InstdAmt Ccy="EUR">95.20</InstdAmt>');
    expect(text).toContain("<Ref>RF18539007547034</Ref>");
  });
});

describe("editing a draft", () => {
  test("bills go out and come in, parts are paid, and the day moves the discount", async () => {
    await books.payTo(supplierId);
    const lines = [{ description: "Paper", net: eur("1000.00"), accountId: books.account("6540") }];
    const first = await books.bill(supplierId, { lines, discountDay: "2026-11-27", discountPercent: "3" });
    const second = await books.bill(supplierId);
    const { id } = await draft([first, second], { payDay: "2026-11-23" });
    const edit = (more: object) => run(editPaymentRun, { paymentRunId: id, ...more }, books.accountant);
    expect((await edit({ leaveOut: [second] })).total.amount).toBe("1154.30");
    const { bills } = await run(listPaymentRunCandidates, { paymentRunId: id, limit: 500 }, books.accountant);
    expect(bills.find((one) => one.billId === second)).toMatchObject({ reason: null, says: null });
    expect(bills.some((one) => one.billId === first)).toBe(false);
    expect((await edit({ payDay: "2026-11-30" })).total.amount).toBe("1190.00");
    expect((await edit({ payDay: "2026-11-27" })).discount.amount).toBe("35.70");
    const part = await edit({ amounts: [{ billId: first, amount: eur("500.00") }] });
    expect([part.total.amount, part.discount.amount]).toEqual(["500.00", "0.00"]);
    expect((await edit({ take: [second] })).bills).toBe(2);
    await expect(edit({ amounts: [{ billId: first, amount: eur("1190.01") }] })).rejects.toMatchObject({ code: "amountUnfit" });
    await expect(edit({ amounts: [{ billId: supplierId, amount: eur("1.00") }] })).rejects.toMatchObject({ code: "billNotHere" });
    await expect(edit({ take: [supplierId] })).rejects.toMatchObject({ code: "billUnfit" });
    await expect(edit({ payDay: "2026-11-01" })).rejects.toMatchObject({ code: "payDayPast" });
    await run(submitPaymentRun, { paymentRunId: id }, books.accountant);
    await expect(edit({ leaveOut: [first] })).rejects.toMatchObject({ code: "notDraft" });
    await run(approvePaymentRun, { paymentRunId: id }, books.second);
    await run(filePaymentRun, { paymentRunId: id }, books.accountant);
    await run(sendPaymentRun, { paymentRunId: id }, books.accountant);
    await run(settlePaymentRun, { paymentRunId: id }, books.accountant);
    expect(await bill(first)).toMatchObject({ open: eur("690.00") });
    expect(await books.breaks()).toEqual([]);
  });

  test("some are paid from another bank account", async () => {
    await books.payTo(supplierId);
    const bills = [await books.bill(supplierId), await books.bill(supplierId)];
    const { id: otherBank } = await run(
      createBankAccount,
      { code: "SECOND", name: "Second bank", number: "DE75512108001245126199" },
      books.chief,
    );
    const { id } = await draft(bills);
    const split = { paymentRunId: id, bankAccountId: otherBank, billIds: [bills[1]] };
    const made = await run(splitPaymentRun, split, books.accountant);
    expect(made.bills).toBe(1);
    expect(await bill(bills[1]!)).toMatchObject({ paymentRun: made.code });
    await expect(run(splitPaymentRun, split, books.accountant)).rejects.toMatchObject({ code: "billNotHere" });
  });
});

describe("two people", () => {
  test("who prepared, submitted or entered does not approve; who approved a bill does not submit", async () => {
    await books.payTo(supplierId);
    const bills = [await books.bill(supplierId)];
    const { id } = await run(createPaymentRun, { bankAccountId: books.bankAccountId, billIds: bills }, books.second);
    await expect(run(approvePaymentRun, { paymentRunId: id }, books.second)).rejects.toMatchObject({ code: "notSubmitted" });
    // The chief approved the bill.
    await expect(run(submitPaymentRun, { paymentRunId: id }, books.chief)).rejects.toMatchObject({ code: "approverPays" });
    await run(submitPaymentRun, { paymentRunId: id }, books.second);
    await expect(run(submitPaymentRun, { paymentRunId: id }, books.second)).rejects.toMatchObject({ code: "notDraft" });
    await expect(run(approvePaymentRun, { paymentRunId: id }, books.second)).rejects.toMatchObject({ code: "selfApproval" });
    const accountant = { ...books.accountant, grants: [...books.accountant.grants, { role: "finance.manager", scope: null }] };
    await expect(run(approvePaymentRun, { paymentRunId: id }, accountant)).rejects.toMatchObject({ code: "enteredByApprover" });
    await run(approvePaymentRun, { paymentRunId: id }, books.chief);
    await run(sendBackPaymentRun, { paymentRunId: id, reason: "Another day" }, books.second);
    expect(await rowsOf("finance.paymentRun.list", { id })).toMatchObject([{ state: "draft", approvedBy: null, note: "Another day" }]);
    await expect(run(sendBackPaymentRun, { paymentRunId: id, reason: "Twice" }, books.second)).rejects.toMatchObject({
      code: "notWaiting",
    });
    // Handed in again, it is asked for again.
    await run(submitPaymentRun, { paymentRunId: id }, books.second);
    const tasks = await rowsOf("office.task.list", { aboutId: id });
    expect(tasks.map((task) => task["state"]).toSorted()).toEqual(["done", "open"]);
  });

  test("an owner without colleagues says why, and it stands there", async () => {
    await books.payTo(supplierId);
    const { id } = await run(
      createPaymentRun,
      { bankAccountId: books.bankAccountId, billIds: [await books.bill(supplierId)] },
      books.owner,
    );
    await run(submitPaymentRun, { paymentRunId: id }, books.owner);
    await expect(run(approvePaymentRun, { paymentRunId: id }, books.owner)).rejects.toMatchObject({ code: "selfApproval" });
    await run(approvePaymentRun, { paymentRunId: id, aloneReason: "I am the only one working here" }, books.owner);
    expect(await rowsOf("finance.paymentRun.list", { id })).toMatchObject([{ aloneReason: "I am the only one working here" }]);
    expect(await books.breaks()).toEqual([]);
  });

  test("when a supplier's account ends, what was approved is void", async () => {
    const accountId = await books.payTo(supplierId);
    const id = await approved([await books.bill(supplierId)]);
    const ended = { supplierBankAccountId: accountId, reason: "They moved to another bank" };
    const { voided } = await run(retireSupplierBankAccount, ended, books.accountant);
    expect(voided).toHaveLength(1);
    expect(await rowsOf("finance.paymentRun.list", { id })).toMatchObject([{ state: "draft", approvedBy: null }]);
    await expect(run(submitPaymentRun, { paymentRunId: id }, books.accountant)).rejects.toMatchObject({ code: "accountMissing" });
    const filedAccount = await books.payTo(supplierId, { iban: "NL91ABNA0417164300" });
    const filed = await approved([await books.bill(supplierId)]);
    await run(filePaymentRun, { paymentRunId: filed }, books.accountant);
    await run(retireSupplierBankAccount, { ...ended, supplierBankAccountId: filedAccount }, books.accountant);
    await expect(run(sendPaymentRun, { paymentRunId: filed }, books.accountant)).rejects.toMatchObject({ code: "accountEnded" });
  });

  test("what has lost its account is paid to the one that took its place, once that may be paid to", async () => {
    const submit = (paymentRunId: Id) => run(submitPaymentRun, { paymentRunId }, books.accountant);
    /** A draft whose supplier has ended the account it was to be paid to. */
    const homeless = async () => {
      const payee = await books.supplier(`Moved ${++counter}`);
      const supplierBankAccountId = await books.payTo(payee);
      const { id } = await draft([await books.bill(payee)]);
      await run(retireSupplierBankAccount, { supplierBankAccountId, reason: "Another bank" }, books.accountant);
      return { id, payee };
    };
    const iban = "NL91ABNA0417164300";
    // Approved on the 21st, the new account cools off until the 24th.
    const cooling = await homeless();
    await books.payTo(cooling.payee, { iban }, true);
    await expect(submit(cooling.id)).rejects.toMatchObject({
      code: "coolingOff",
      message: expect.stringContaining("2026-11-24"),
      facts: { day: "2026-11-24" },
    });
    await run(editPaymentRun, { paymentRunId: cooling.id, payDay: "2026-11-24" }, books.accountant);
    await submit(cooling.id);
    const cooled = await homeless();
    const next = await books.payTo(cooled.payee, { iban });
    await submit(cooled.id);
    expect(await rowsOf("finance.paymentRunItem.list", { paymentRunId: cooled.id })).toMatchObject([{ supplierBankAccountId: next }]);
    const unreachable = await homeless();
    await books.payTo(unreachable.payee, { routing: "021000021", account: "12345678", accountType: "checking" });
    await expect(submit(unreachable.id)).rejects.toMatchObject({ code: "accountUnfit" });
  });
});

describe("a bill in an unsettled run", () => {
  test("is not picked again, nor paid by hand, nor held", async () => {
    await books.payTo(supplierId);
    const id = await books.bill(supplierId);
    await draft([id]);
    await expect(draft([id])).rejects.toMatchObject({ code: "inOtherRun" });
    const pay = run(payBill, { billId: id, bankAccountId: books.bankAccountId }, books.accountant);
    await expect(pay).rejects.toMatchObject({ code: "inOtherRun" });
    await expect(run(holdBill, { billId: id, reason: "Wait" }, books.accountant)).rejects.toMatchObject({ code: "inOtherRun" });
    const { itemId } = (await bill(id)) as { itemId: Id };
    const record = {
      direction: "outgoing",
      partyId: supplierId,
      amount: eur("5.00"),
      bankAccountId: books.bankAccountId,
      day: "2026-11-21",
      allocations: [{ openItemId: itemId, amount: eur("5.00") }],
    };
    await expect(run(recordOnePayment, record, books.accountant)).rejects.toMatchObject({ code: "inOtherRun" });
  });

  test("is neither reversed nor settled by what is on account: the bank may have paid it already", async () => {
    await books.payTo(supplierId);
    const id = await books.bill(supplierId);
    const ahead = { direction: "outgoing", partyId: supplierId, amount: eur("5.00"), day: "2026-11-21" };
    const { itemId: aheadId } = await run(recordOnePayment, { ...ahead, bankAccountId: books.bankAccountId }, books.accountant);
    await sent([id]);
    await expect(run(reverseBill, { billId: id, reason: "Wrong amount" }, books.chief)).rejects.toMatchObject({ code: "inOtherRun" });
    const { itemId } = (await bill(id)) as { itemId: Id };
    for (const [openItemId, againstId] of [
      [itemId, aheadId],
      [aheadId, itemId],
    ]) {
      const allocate = run(allocateOpenItem, { openItemId, againstId }, books.accountant);
      await expect(allocate).rejects.toMatchObject({ code: "inOtherRun" });
    }
  });

  test("is taken by one of sixteen runs that want it at the same moment", async () => {
    await books.payTo(supplierId);
    const ids = [await books.bill(supplierId), await books.bill(supplierId), await books.bill(supplierId)];
    const wishes = Array.from({ length: 16 }, (_, index) =>
      index % 4 === 3
        ? run(payBill, { billId: ids[index % 3], bankAccountId: books.bankAccountId, amount: eur("1.00") }, books.accountant)
        : run(createPaymentRun, { bankAccountId: books.bankAccountId, supplierIds: [supplierId] }, books.accountant),
    );
    const results = await Promise.allSettled(wishes);
    const codes = results.filter((one) => one.status === "rejected").map((one) => (one as { reason: { code: string } }).reason.code);
    expect(codes.filter((code) => code !== "nothingToPay" && code !== "inOtherRun")).toEqual([]);
    const items = await rowsOf("finance.paymentRunItem.list", { supplierId, state: "waiting" });
    expect(items.map((item) => item["billId"]).toSorted()).toEqual(ids.toSorted());
    expect(await books.breaks()).toEqual([]);
  });
});

describe("what is refused", () => {
  test("bills that may not be paid now", async () => {
    const id = await books.bill(supplierId);
    await expect(draft([id])).rejects.toMatchObject({ code: "accountMissing" });
    await books.payTo(supplierId, { iban }, true);
    await expect(draft([id])).rejects.toMatchObject({ code: "coolingOff", facts: { day: "2026-11-24" } });
    expect((await draft([id], { payDay: "2026-11-24" })).bills).toBe(1);
    const held = await books.bill(supplierId);
    await run(holdBill, { billId: held, reason: "Wrong delivery" }, books.accountant);
    await expect(draft([held], { payDay: "2026-11-24" })).rejects.toMatchObject({ code: "onHold" });
    await run(releaseBill, { billId: held }, books.accountant);
    const [one, two] = [await books.bill(supplierId, twin("T-1")), await books.bill(supplierId, twin("T-2"))];
    await expect(draft([two], { payDay: "2026-11-24" })).rejects.toMatchObject({ code: "alikeUnanswered" });
    await run(acknowledgeBill, { billId: two, note: "Two deliveries, two papers" }, books.accountant);
    expect((await draft([one, two], { payDay: "2026-11-24" })).bills).toBe(2);
  });
  const twin = (supplierNumber: string) => ({
    supplierNumber,
    lines: [{ description: "Rent", net: eur("777.00"), accountId: books.account("6210") }],
  });

  test("runs that may not go on", async () => {
    const accountId = await books.payTo(supplierId);
    const bills = [await books.bill(supplierId), await books.bill(supplierId)];
    const create = (more: object) => run(createPaymentRun, { bankAccountId: books.bankAccountId, ...more }, books.accountant);
    await expect(create({ payDay: "2026-11-20" })).rejects.toMatchObject({ code: "payDayPast" });
    await expect(create({ bankAccountId: supplierId })).rejects.toMatchObject({ code: "bankAccountUnknown" });
    await expect(create({ billIds: [supplierId] })).rejects.toMatchObject({ code: "billUnfit" });
    await expect(create({ supplierIds: [books.supplierId] })).rejects.toMatchObject({ code: "nothingToPay" });
    const { id: dollars } = await run(createBankAccount, { code: "USD", name: "Dollars", currency: "USD" }, books.chief);
    const american = { format: "nacha", routing: "021000021", bankName: "First", companyNumber: "1234567890" };
    await run(setPaymentOrigin, { bankAccountId: dollars, ...american }, books.chief);
    await expect(create({ bankAccountId: dollars, currency: "EUR" })).rejects.toMatchObject({ code: "bankAccountForeign" });
    const { id: bare } = await run(createBankAccount, { code: "BARE", name: "No number" }, books.chief);
    await expect(create({ bankAccountId: bare })).rejects.toMatchObject({ code: "originMissing" });
    const missing = { paymentRunId: supplierId };
    for (const operation of [submitPaymentRun, filePaymentRun, sendPaymentRun, settlePaymentRun, editPaymentRun] as const) {
      await expect(run(operation, missing, books.accountant)).rejects.toMatchObject({ code: "notFound" });
    }
    const { id } = await draft(bills);
    const on = { paymentRunId: id };
    await expect(run(filePaymentRun, on, books.accountant)).rejects.toMatchObject({ code: "notApproved" });
    await expect(run(sendPaymentRun, on, books.accountant)).rejects.toMatchObject({ code: "notFiled" });
    await expect(run(settlePaymentRun, on, books.accountant)).rejects.toMatchObject({ code: "notSent" });
    await run(editPaymentRun, { ...on, leaveOut: bills }, books.accountant);
    await expect(run(submitPaymentRun, on, books.accountant)).rejects.toMatchObject({ code: "runEmpty" });
    const filed = await sent(bills);
    const wrong = run(settlePaymentRun, { paymentRunId: filed, succeeded: [id] }, books.accountant);
    await expect(wrong).rejects.toMatchObject({ code: "orderUnfit" });
    await expect(run(cancelPaymentRun, { paymentRunId: filed, reason: "Late" }, books.accountant)).rejects.toMatchObject({
      code: "atTheBank",
    });
    expect(accountId).toBeTruthy();
  });

  test("a payment larger than a SEPA transfer can be", async () => {
    const large = await books.supplier("Large works");
    await books.payTo(large);
    const lines = (net: string) => ({
      lines: [{ description: "Yard", net: eur(net), accountId: books.account("6210"), taxCode: "exempt" }],
    });
    const [whole, cent] = [await books.bill(large, lines("999999999.99")), await books.bill(large, lines("0.01"))];
    const too = await approved([whole, cent]);
    await expect(run(filePaymentRun, { paymentRunId: too }, books.accountant)).rejects.toMatchObject({
      code: "paymentTooLarge",
      facts: { supplier: "Large works", amount: "1000000000.00 EUR", most: "999999999.99 EUR" },
    });
    const most = await approved([await books.bill(large, lines("999999999.98"))]);
    expect(await run(filePaymentRun, { paymentRunId: most }, books.accountant)).toMatchObject({ payments: 1 });
  });

  test("a file of what has changed since it was approved", async () => {
    await books.payTo(supplierId);
    const id = await approved([await books.bill(supplierId)], { payDay: "2026-11-22" });
    const today = books.house.today;
    books.house.today = "2026-11-23" as typeof today;
    await expect(run(filePaymentRun, { paymentRunId: id }, books.accountant)).rejects.toMatchObject({
      code: "payDayPast",
      facts: { day: "2026-11-22" },
    });
    books.house.today = today;
    const owner = (text: string, values: unknown[]) =>
      books.house.owner.query(`set heartwood.tenant = '${books.house.tenantId}'`).then(() => books.house.owner.query(text, values));
    await owner("update finance.supplier_bank_account set usable_from = '2026-12-24' where supplier_id = $1", [supplierId]);
    await expect(run(filePaymentRun, { paymentRunId: id }, books.accountant)).rejects.toMatchObject({ code: "coolingOff" });
    await owner("update finance.supplier_bank_account set usable_from = '2026-11-01' where supplier_id = $1", [supplierId]);
    await owner("update finance.payment_run_item set amount = amount + 1 where run_id = $1", [id]);
    await expect(run(filePaymentRun, { paymentRunId: id }, books.accountant)).rejects.toMatchObject({ code: "openChanged" });
    await owner("update finance.payment_run_item set amount = amount - 1 where run_id = $1", [id]);
    await owner("update finance.bill set hold_reason = 'x', held_by_name = 'x' where supplier_id = $1", [supplierId]);
    await expect(run(filePaymentRun, { paymentRunId: id }, books.accountant)).rejects.toMatchObject({ code: "onHold" });
    await owner("update finance.bill set hold_reason = null, held_by_name = null where supplier_id = $1", [supplierId]);
    const toNacha = `
      insert into finance.payment_origin (tenant_id, bank_account_id, format, name, routing, bank_name, company_number)
      select tenant_id, id, 'nacha', 'X', '091000019', 'X', '1' from finance.bank_account
      on conflict (tenant_id, bank_account_id) do update
        set format = 'nacha', routing = '091000019', bank_name = 'X', company_number = '1'`;
    await owner(toNacha, []);
    await expect(run(filePaymentRun, { paymentRunId: id }, books.accountant)).rejects.toMatchObject({ code: "bankChanged" });
    await owner("update finance.payment_origin set format = 'pain.001.001.09'", []);
    await run(filePaymentRun, { paymentRunId: id }, books.accountant);
  });

  test("files a bank account cannot have", async () => {
    const set = (more: object) => run(setPaymentOrigin, { bankAccountId: books.bankAccountId, format: "nacha", ...more }, books.chief);
    await expect(set({})).rejects.toMatchObject({ code: "currencyUnfit" });
    const { id } = await run(createBankAccount, { code: "US", name: "US bank", currency: "USD" }, books.chief);
    const us = { bankAccountId: id };
    await expect(set(us)).rejects.toMatchObject({ code: "numbersMissing" });
    const numbers = { ...us, bankName: "First", companyNumber: "1234567890" };
    await expect(set({ ...numbers, routing: "123456789" })).rejects.toMatchObject({ code: "routingWrong" });
    expect(await set({ ...numbers, routing: "021000021" })).toMatchObject({ format: "nacha" });
    await expect(set({ ...us, format: "pain.001.001.09" })).rejects.toMatchObject({ code: "ibanMissing" });
    await expect(set({ bankAccountId: supplierId })).rejects.toMatchObject({ code: "bankAccountUnknown" });
    const usOnly = await books.supplier("US only");
    await books.payTo(usOnly, { routing: "021000021", account: "12345678" });
    await expect(draft([await books.bill(usOnly)])).rejects.toMatchObject({ code: "accountUnfit" });
  });
});
