// Payments and allocations on a real database, with every refusal.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { settleCustomer } from "../receivables/customer.operations.ts";
import { createInvoice, postInvoice } from "../receivables/invoice.operations.ts";
import { reverseWriteOff, writeOffItem } from "../receivables/write-off.operations.ts";
import { grantLockException, lockOnePeriod } from "../ledger/lock.operations.ts";
import { closePeriod } from "../ledger/period.operations.ts";
import { createBankAccount, identifyBankAccount } from "../ledger/bank-account.operations.ts";
import { createAccount } from "../ledger/account.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { allocateOpenItem, recordOnePayment, reverseOnePayment, undoAllocation } from "./payment.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const rowsOf = async (name: string, input: object) =>
  ((await books.house.call(name, input, books.chief)) as { rows: Record<string, unknown>[] }).rows;

/** Posts an invoice over the net price and 19 percent, and returns its open item. */
async function item(price: string, day = "2026-11-02"): Promise<Id> {
  const lines = [{ description: "Work", unitPrice: eur(price) }];
  const { id } = await run(createInvoice, { customerId: books.customerId, day, lines }, books.accountant);
  await run(postInvoice, { invoiceId: id }, books.accountant);
  return (await rowsOf("finance.openItem.list", { filter: { documentId: id } }))[0]!["id"] as Id;
}
const payment = (amount: string, more: object = {}) =>
  run(
    recordOnePayment,
    {
      direction: "incoming",
      partyId: books.customerId,
      amount: eur(amount),
      bankAccountId: books.bankAccountId,
      day: "2026-11-10",
      ...more,
    },
    books.accountant,
  );
const open = async (id: Id) => (await rowsOf("finance.openItem.list", { filter: { id } }))[0]!["open"];

describe("payments", () => {
  test("oldest first settles what is due first and keeps the rest on account", async () => {
    const [older, newer] = [await item("100.00", "2026-10-01"), await item("100.00", "2026-11-01")];
    const first = await payment("150.00", { oldestFirst: true });
    expect(first.unallocated.amount).toBe("0.00");
    expect([await open(older), await open(newer)]).toEqual([eur("0.00"), eur("88.00")]);
    const second = await payment("100.00", { oldestFirst: true });
    expect(second.unallocated.amount).toBe("12.00");
    expect(await books.breaks()).toEqual([]);
  });

  test("taken back, everything it settled is open again, and it stays in the books", async () => {
    const one = await item("200.00");
    const paid = await payment("238.00", { allocations: [{ openItemId: one, amount: eur("238.00") }] });
    expect(await open(one)).toEqual(eur("0.00"));
    const back = { paymentId: paid.id, on: "2026-11-12", reason: "Returned by the bank" };
    await run(reverseOnePayment, back, books.accountant);
    expect(await open(one)).toEqual(eur("238.00"));
    const asOf = async (day: string) =>
      (await rowsOf("finance.openItem.list", { asOf: day, filter: { id: one } })).map((row) => row["open"]);
    expect([await asOf("2026-11-09"), await asOf("2026-11-11"), await asOf("2026-11-12")]).toEqual([
      [eur("238.00")],
      [eur("0.00")],
      [eur("238.00")],
    ]);
    await expect(run(reverseOnePayment, back, books.accountant)).rejects.toMatchObject({ code: "alreadyReversed" });
    expect(await books.breaks()).toEqual([]);
  });

  test("not before it was made", async () => {
    const { id } = await payment("20.00");
    const back = { paymentId: id, on: "2026-11-09", reason: "Entered twice" };
    const early = run(reverseOnePayment, back, books.accountant);
    await expect(early).rejects.toMatchObject({ code: "beforeEntry", facts: { day: "2026-11-10" }, path: ["on"] });
    await run(reverseOnePayment, { ...back, on: "2026-11-10" }, books.accountant);
  });

  test("a refund goes out against the customer's credit", async () => {
    const paid = await payment("30.00");
    const refund = await payment("30.00", {
      direction: "outgoing",
      against: "receivable",
      allocations: [{ openItemId: paid.itemId, amount: eur("30.00") }],
    });
    expect(refund.unallocated.amount).toBe("0.00");
    expect(await open(paid.itemId)).toEqual(eur("0.00"));
    expect(await books.breaks()).toEqual([]);
  });

  test.each([
    ["an amount of nothing", () => payment("0.00"), "amountNotPositive"],
    ["another currency", () => payment("1.00", { amount: { amount: "1", currency: "USD" } }), "rateMissing"],
    ["an unknown bank account", () => payment("1.00", { bankAccountId: books.customerId }), "bankAccountUnknown"],
    ["an unknown party", () => payment("1.00", { partyId: books.bankAccountId }), "partyUnknown"],
    ["a day without a period", () => payment("1.00", { day: "2029-01-01" }), "periodMissing"],
    ["an unknown item", () => payment("1.00", { allocations: [{ openItemId: books.customerId, amount: eur("1") }] }), "itemUnknown"],
    [
      "what is not there",
      () => run(reverseOnePayment, { paymentId: books.customerId, on: "2026-11-12", reason: "Wrong" }, books.chief),
      "notFound",
    ],
  ])("refuse %s", async (_, attempt, code) => {
    await expect(attempt()).rejects.toMatchObject({ code });
  });
});

describe("allocations", () => {
  test("a credit on account is set against an invoice, and undone", async () => {
    const one = await item("100.00");
    const paid = await payment("50.00");
    const done = await run(allocateOpenItem, { openItemId: paid.itemId, againstId: one }, books.accountant);
    expect(done.amount.amount).toBe("50.00");
    expect(await open(one)).toEqual(eur("69.00"));
    const [row] = await rowsOf("finance.allocation.list", { filter: { creditItemId: paid.itemId } });
    await run(undoAllocation, { allocationId: row!["id"] }, books.accountant);
    expect(await open(one)).toEqual(eur("119.00"));
    await expect(run(undoAllocation, { allocationId: row!["id"] }, books.accountant)).rejects.toMatchObject({ code: "notHolding" });
    expect(await books.breaks()).toEqual([]);
  });

  test("each refusal", async () => {
    const [one, other] = [await item("100.00"), await item("10.00")];
    const paid = await payment("50.00");
    const supplier = await payment("5.00", { direction: "outgoing", partyId: books.supplierId });
    const wish = (againstId: Id, amount?: string) =>
      run(allocateOpenItem, { openItemId: one, againstId, ...(amount && { amount: eur(amount) }) }, books.accountant);
    await expect(wish(other)).rejects.toMatchObject({ code: "sameSide" });
    await expect(wish(paid.itemId, "50.01")).rejects.toMatchObject({ code: "moreThanOpen" });
    await expect(wish(paid.itemId, "0.00")).rejects.toMatchObject({ code: "allocationZero" });
    await expect(wish(supplier.itemId, "1.00")).rejects.toMatchObject({ code: "itemOfOther" });
    await expect(wish(books.customerId)).rejects.toMatchObject({ code: "itemUnknown" });
  });
});

describe("the day something is settled on by hand", () => {
  const periodId = async (code: string) => (await rowsOf("finance.period.list", { filter: { code } }))[0]!["id"] as Id;
  const ahead = "2026-11-22";

  test("has come: what is open is kept as of today, and a later day would settle it at once", async () => {
    expect(books.house.today).toBe("2026-11-21");
    const one = await item("100.00");
    const paid = await payment("19.00");
    const wish = { openItemId: paid.itemId, againstId: one };
    await expect(run(allocateOpenItem, { ...wish, day: ahead }, books.accountant)).rejects.toMatchObject({ code: "dayAhead" });
    const settle = run(settleCustomer, { customerId: books.customerId, day: ahead }, books.accountant);
    await expect(settle).rejects.toMatchObject({ code: "dayAhead" });
    await run(allocateOpenItem, wish, books.accountant);
    const [row] = await rowsOf("finance.allocation.list", { filter: { creditItemId: paid.itemId } });
    const undo = run(undoAllocation, { allocationId: row!["id"], on: ahead }, books.accountant);
    await expect(undo).rejects.toMatchObject({ code: "dayAhead" });
    const writeOff = { openItemId: one, reason: "Insolvent" };
    await expect(run(writeOffItem, { ...writeOff, day: ahead }, books.chief)).rejects.toMatchObject({ code: "dayAhead" });
    await run(writeOffItem, writeOff, books.chief);
    const [kept] = await rowsOf("finance.writeOff.list", { filter: { openItemId: one } });
    const back = { writeOffId: kept!["id"], reason: "It came after all" };
    await expect(run(reverseWriteOff, { ...back, on: ahead }, books.chief)).rejects.toMatchObject({ code: "dayAhead" });
    await run(reverseWriteOff, back, books.chief);
    expect(await books.breaks()).toEqual([]);
  });

  test("lies in an open period, so that what was open at the end of a closed month stays what was told", async () => {
    const [one, paid] = [await item("100.00", "2026-02-02"), await payment("50.00", { day: "2026-02-03" })];
    const [other, more] = [await item("100.00", "2026-02-02"), await payment("50.00", { day: "2026-02-03" })];
    const settle = (day?: string) => run(allocateOpenItem, { openItemId: paid.itemId, againstId: one, day }, books.accountant);
    const early = await run(allocateOpenItem, { openItemId: more.itemId, againstId: other, day: "2026-02-03" }, books.accountant);
    const [row] = await rowsOf("finance.allocation.list", { filter: { creditItemId: early.id } });
    const undo = (on?: string) => run(undoAllocation, { allocationId: row!["id"], on }, books.accountant);
    const february = await periodId("2026-02");
    await run(lockOnePeriod, { periodId: february, area: "ledger" }, books.chief);
    // Days before both items count as the later of their days: that is in the locked month too.
    for (const day of ["2026-01-31", "2026-02-28"]) {
      await expect(settle(day)).rejects.toMatchObject({ code: "areaLocked" });
      await expect(undo(day)).rejects.toMatchObject({ code: "areaLocked" });
    }
    const exception = { periodId: february, area: "ledger", until: "2026-11-21T23:00:00Z", reason: "One payment came late" };
    await run(grantLockException, { ...exception, personId: books.accountant.personId }, books.chief);
    await settle("2026-02-28");
    await run(closePeriod, { periodId: await periodId("2026-01") }, books.chief);
    await run(closePeriod, { periodId: february }, books.chief);
    await expect(undo("2026-02-28")).rejects.toMatchObject({ code: "periodClosed" });
    await undo("2026-03-01");
    books.house.today = day("2029-01-01");
    await expect(run(allocateOpenItem, { openItemId: more.itemId, againstId: other }, books.accountant)).rejects.toMatchObject({
      code: "periodMissing",
    });
    books.house.today = day("2026-11-21");
    expect(await books.breaks()).toEqual([]);
  });
});

describe("bank accounts", () => {
  const add = (more: object) =>
    run(createBankAccount, { code: "SAVINGS", name: "Savings", accountId: books.account("1190"), ...more }, books.chief);

  test("each is kept on a ledger account of its own", async () => {
    await expect(add({ accountId: books.account("1120") })).rejects.toMatchObject({ code: "ledgerAccountTaken" });
    await expect(add({ accountId: books.account("4110") })).rejects.toMatchObject({ code: "accountNotAsset" });
    await expect(add({ accountId: books.customerId })).rejects.toMatchObject({ code: "notFound" });
    await expect(add({ code: "BANK" })).rejects.toMatchObject({ code: "codeTaken" });
    const number = "DE89 3704 0044 0532 0130 00";
    await run(identifyBankAccount, { bankAccountId: books.bankAccountId, number }, books.chief);
    await expect(add({ number: "de89370400440532013000" })).rejects.toMatchObject({ code: "numberTaken" });
    const { id } = await add({});
    await expect(run(identifyBankAccount, { bankAccountId: id, number }, books.chief)).rejects.toMatchObject({ code: "numberTaken" });
    await expect(run(identifyBankAccount, { bankAccountId: books.customerId, number }, books.chief)).rejects.toMatchObject({
      code: "bankAccountUnknown",
    });
  });

  test("accounts are added below groups only, and once", async () => {
    const below = (code: string, more: object) =>
      run(createAccount, { parentId: books.account(code), code: "1130", name: "Deposit", ...more }, books.chief);
    await below("1100", {});
    await expect(below("1100", {})).rejects.toMatchObject({ code: "codeTaken" });
    await expect(below("1120", { code: "1131" })).rejects.toMatchObject({ code: "parentNotGroup" });
  });
});
