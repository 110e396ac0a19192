// Bills on a real database: entered, approved by another person, posted, paid and reversed, with every refusal.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { getTaxReturn } from "../tax/tax-return.operations.ts";
import { approveBill, createBill, declineBill, payBill, postBill, reverseBill } from "./bill.operations.ts";

let books: TestBooks;
let count = 0;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const draft = (more: object = {}) => ({
  supplierId: books.supplierId,
  supplierNumber: `RE 2026/${++count}`,
  day: "2026-11-03",
  lines: [{ description: "Paper", net: eur("100.00"), accountId: books.account("6540") }],
  ...more,
});
const entered = (more?: object) => run(createBill, draft(more), books.accountant);
const posted = async (more?: object) => {
  const { id } = await entered(more);
  await run(approveBill, { billId: id }, books.chief);
  await run(postBill, { billId: id }, books.accountant);
  return id;
};
const bill = (id: string) => books.house.call("finance.bill.get", { id }, books.accountant);

describe("from paper to payment", () => {
  test("a bill waits for someone else, is posted and paid", async () => {
    const { id, total } = await entered();
    expect(total.amount).toBe("119.00");
    await expect(run(postBill, { billId: id }, books.accountant)).rejects.toMatchObject({ code: "notApproved" });
    await run(approveBill, { billId: id }, books.chief);
    expect(await bill(id)).toMatchObject({ state: "approved", enteredBy: "Arno Accountant", approvedBy: "Carla Chief" });
    expect(await run(postBill, { billId: id }, books.accountant)).toMatchObject({
      number: "BIL-2026-00001",
      entryNumber: "PUR-2026-00001",
    });
    expect(await bill(id)).toMatchObject({ state: "open", dueDay: "2026-12-03", open: eur("119.00") });
    const paid = await run(payBill, { billId: id, bankAccountId: books.bankAccountId, day: "2026-11-20" }, books.accountant);
    expect(paid).toMatchObject({ number: "PMT-2026-00001", open: { amount: "0.00" } });
    expect(await bill(id)).toMatchObject({ state: "paid" });
    const trial = await run(getTrialBalance, { asOf: "2026-11-30" }, books.chief);
    expect(trial.rows.filter((row) => row.closing.minor !== 0n).map((row) => [row.code, row.closing.amount])).toEqual([
      ["1120", "-119.00"],
      ["1220", "19.00"],
      ["6540", "100.00"],
    ]);
    expect(await books.breaks()).toEqual([]);
  });

  test("the supplier's cents may differ a little and are booked as such", async () => {
    const id = await posted({ total: eur("119.02") });
    expect(await bill(id)).toMatchObject({ total: eur("119.02"), open: eur("119.02") });
    await expect(entered({ total: eur("119.06") })).rejects.toMatchObject({ code: "totalDiffers" });
    expect(await books.breaks()).toEqual([]);
  });

  test("a reversed bill leaves neither debt nor input tax, and its number is free again", async () => {
    const range = { from: "2026-11-01", to: "2026-11-30" };
    const before = await run(getTaxReturn, range, books.chief);
    const id = await posted({ supplierNumber: "WRONG-1" });
    const during = await run(getTaxReturn, range, books.chief);
    expect(during.input.minus(before.input).amount).toBe("19.00");
    await run(reverseBill, { billId: id, on: "2026-11-21", reason: "Wrong supplier" }, books.chief);
    expect(await run(getTaxReturn, range, books.chief)).toMatchObject({ input: before.input });
    expect(await bill(id)).toMatchObject({ state: "reversed" });
    await entered({ supplierNumber: "wrong 1" });
    expect(await books.breaks()).toEqual([]);
  });

  test("a paid bill is not reversed before its payment is taken back", async () => {
    const id = await posted();
    await run(payBill, { billId: id, bankAccountId: books.bankAccountId, amount: eur("19.00") }, books.accountant);
    await expect(run(reverseBill, { billId: id, on: "2026-11-21", reason: "Wrong" }, books.chief)).rejects.toMatchObject({
      code: "itemsSettled",
    });
  });
});

describe("four eyes", () => {
  test("who entered a bill does not approve it, not even as chief", async () => {
    const { id } = await run(createBill, draft(), books.chief);
    await expect(run(approveBill, { billId: id }, books.chief)).rejects.toMatchObject({ code: "selfApproval" });
    const alone = { billId: id, aloneReason: "I am the only one working here" };
    await expect(run(approveBill, alone, books.chief)).rejects.toMatchObject({ code: "selfApproval" });
    await expect(run(approveBill, { billId: id }, books.accountant)).rejects.toMatchObject({ name: "NotPermitted" });
  });

  test("an owner without colleagues says why, and it stands there", async () => {
    const owner = await books.house.person("Olga Owner", "owner");
    const { id } = await run(createBill, draft(), owner);
    await expect(run(approveBill, { billId: id }, owner)).rejects.toMatchObject({ code: "selfApproval" });
    await run(approveBill, { billId: id, aloneReason: "I am the only one working here" }, owner);
    expect(await bill(id)).toMatchObject({ state: "approved", aloneReason: "I am the only one working here" });
  });

  test("a declined bill is not approved any more, and its number is free", async () => {
    const { id } = await entered({ supplierNumber: "DECLINE-1" });
    await run(declineBill, { billId: id, reason: "Never ordered" }, books.chief);
    await expect(run(approveBill, { billId: id }, books.chief)).rejects.toMatchObject({ code: "notDraft" });
    await expect(run(declineBill, { billId: id, reason: "Never ordered" }, books.chief)).rejects.toMatchObject({ code: "alreadyPosted" });
    await entered({ supplierNumber: "DECLINE-1" });
  });
});

describe("what is refused", () => {
  test.each([
    ["someone who is no supplier", () => ({ supplierId: books.customerId }), "notSupplier"],
    ["a number without letter or digit", () => ({ supplierNumber: "---" }), "numberUnreadable"],
    ["a due day before its day", () => ({ dueDay: "2026-11-02" }), "dueBeforeDay"],
    ["another currency", () => ({ lines: [{ description: "x", net: { amount: "1", currency: "USD" } }] }), "rateMissing"],
    ["a total in another currency", () => ({ total: { amount: "119", currency: "USD" } }), "billCurrenciesMixed"],
    ["a control account", () => ({ lines: [{ description: "x", net: eur("1"), accountId: books.account("2110") }] }), "accountUnfit"],
    ["an unknown tax code", () => ({ lines: [{ description: "x", net: eur("1"), taxCode: "luxury" }] }), "taxCodeUnknown"],
    ["a total of nothing", () => ({ lines: [{ description: "x", net: eur("0") }] }), "totalNotPositive"],
    ["books that are not there", () => ({ bookId: books.customerId }), "booksMissing"],
  ])("a bill with %s", async (_, more, code) => {
    await expect(entered(more())).rejects.toMatchObject({ code });
  });

  test("the same bill twice, however it is typed", async () => {
    await entered({ supplierNumber: "AB-77 / 2026" });
    await expect(entered({ supplierNumber: "ab 77/2026", day: "2026-10-01" })).rejects.toMatchObject({ code: "enteredBefore" });
    // Series are named by letters of every alphabet: these are two bills, and a third is one of them again.
    await entered({ supplierNumber: "А-12" });
    await entered({ supplierNumber: "Б-12" });
    await expect(entered({ supplierNumber: "б 12" })).rejects.toMatchObject({ code: "enteredBefore" });
  });

  test("what is not there, not posted, or not owed", async () => {
    const { id } = await entered();
    const on = { on: "2026-11-21", reason: "Wrong" };
    await expect(run(reverseBill, { billId: id, ...on }, books.chief)).rejects.toMatchObject({ code: "notPosted" });
    const pay = { bankAccountId: books.bankAccountId };
    await expect(run(payBill, { billId: id, ...pay }, books.accountant)).rejects.toMatchObject({ code: "nothingOpen" });
    const missing = { billId: books.customerId };
    for (const [operation, more] of [
      [approveBill, {}],
      [postBill, {}],
      [payBill, pay],
      [reverseBill, on],
      [declineBill, { reason: "No such" }],
    ] as const) {
      await expect(run(operation, { ...missing, ...more }, books.chief)).rejects.toMatchObject({ code: "notFound" });
    }
  });
});
