// Suppliers' credit notes on a real database: entered, approved by another, posted, used up, paid back, reversed, with every refusal.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { setExchangeRate } from "../currency/rate.operations.ts";
import { addRole, createOrganisation } from "../../directory/index.ts";
import { getSupplierAccount } from "../receivables/account.operations.ts";
import { undoAllocation } from "../payments/payment.operations.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { changeTaxRate, createTaxCode } from "../tax/tax-code.operations.ts";
import { getTaxReturn } from "../tax/tax-return.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { approveBill, createBill, postBill } from "./bill.operations.ts";
import {
  applySupplierCreditNote,
  approveSupplierCreditNote,
  createSupplierCreditNote,
  declineSupplierCreditNote,
  postSupplierCreditNote,
  refundSupplierCreditNote,
  reverseSupplierCreditNote,
} from "./supplier-credit-note.operations.ts";
import { changeSupplierCreditNote } from "./supplier-credit-change.operations.ts";

let books: TestBooks;
let count = 0;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const line = (net: string, more: object = {}) => ({ description: "Paper", net: eur(net), accountId: books.account("6540"), ...more });
/** A posted bill. */
const bill = async (net: string, more: object = {}) => {
  const input = { supplierId: books.supplierId, supplierNumber: `B-${++count}`, day: "2026-11-03", lines: [line(net)], ...more };
  const { id } = await run(createBill, input, books.accountant);
  await run(approveBill, { billId: id }, books.chief);
  await run(postBill, { billId: id }, books.accountant);
  return id;
};
const enter = async (more: object = {}) => {
  const input = { supplierId: books.supplierId, supplierNumber: `GS-${++count}`, day: "2026-11-10", ...more };
  return { ...(await run(createSupplierCreditNote, input, books.accountant)), supplierNumber: input.supplierNumber };
};
const approved = async (more: object = {}) => {
  const { id } = await enter(more);
  await run(approveSupplierCreditNote, { supplierCreditNoteId: id }, books.chief);
  return id;
};
const posted = async (more: object = {}) => {
  const supplierCreditNoteId = await approved(more);
  return { ...(await run(postSupplierCreditNote, { supplierCreditNoteId }, books.accountant)), supplierCreditNoteId };
};
type Row = Record<string, unknown>;
const got = (subject: string, id: string) => books.house.call(`finance.${subject}.get`, { id }, books.accountant) as Promise<Row>;
const rowsOf = async (name: string, filter: object = {}) =>
  ((await books.house.call(name, { filter, limit: 100 }, books.chief)) as { rows: Row[] }).rows;
const closing = async (...codes: string[]) => {
  const { rows } = await run(getTrialBalance, { asOf: "2026-11-30" }, books.chief);
  return codes.map((code) => rows.find((row) => row.code === code)?.closing.amount ?? "0.00");
};
const november = { from: "2026-11-01", to: "2026-11-30" };

describe("from paper to the bill", () => {
  test("a part of a bill is taken back with its tax, and the bill owes less", async () => {
    // 1000.00 at 19 %: 190.00, owed 1190.00. Taken back: 200.00 at 19 %: 38.00, 238.00. Left: 952.00, cost 800.00, input tax 152.00.
    const billId = await bill("1000.00");
    const { id, ...sums } = await enter({ billId, lines: [line("200.00")] });
    expect([sums.net.amount, sums.tax.amount, sums.total.amount]).toEqual(["200.00", "38.00", "238.00"]);
    await expect(run(postSupplierCreditNote, { supplierCreditNoteId: id }, books.accountant)).rejects.toMatchObject({
      code: "notApproved",
    });
    await run(approveSupplierCreditNote, { supplierCreditNoteId: id }, books.chief);
    const done = await run(postSupplierCreditNote, { supplierCreditNoteId: id }, books.accountant);
    expect(done).toMatchObject({ number: "SCN-2026-00001", open: { amount: "0.00" } });
    expect(await got("supplierCreditNote", id)).toMatchObject({
      state: "settled",
      billId,
      enteredBy: "Arno Accountant",
      approvedBy: "Carla Chief",
    });
    expect(await got("bill", billId)).toMatchObject({ open: eur("952.00"), state: "open" });
    expect(await closing("6540", "1220", "2110")).toEqual(["800.00", "152.00", "-952.00"]);
    expect(await run(getTaxReturn, november, books.chief)).toMatchObject({ input: { amount: "152.00" } });
    expect(await rowsOf("finance.taxLine.list", { documentSubject: "finance.supplierCreditNote" })).toMatchObject([{ documentId: id }]);
    expect(await books.breaks()).toEqual([]);
  });

  test("a bill is taken back whole, with the cents of its paper, and never more of it than that", async () => {
    const billId = await bill("100.00", { total: eur("119.02") });
    const { total } = await enter({ billId });
    expect(total.amount).toBe("119.02");
    await expect(enter({ billId, lines: [line("0.01")] })).rejects.toMatchObject({ code: "moreThanBilled", facts: { left: "0.00 EUR" } });
  });

  test("its tax is what held for the bill, not what holds on its own day", async () => {
    // As in Germany in 2020 (§ 27 UStG): a supply at the old rate is credited at the old rate.
    await run(createTaxCode, { code: "changing", name: "Changing", percent: "16", from: "2026-01-01" }, books.chief);
    const codes = await rowsOf("finance.taxCode.list", { code: "changing" });
    const billId = await bill("100.00", { lines: [line("100.00", { taxCode: "changing" })] });
    await run(changeTaxRate, { taxCodeId: codes[0]!["id"], percent: "19", from: "2026-11-05" }, books.chief);
    const { tax, id } = await enter({ billId });
    expect(tax.amount).toBe("16.00");
    await run(approveSupplierCreditNote, { supplierCreditNoteId: id }, books.chief);
    await run(postSupplierCreditNote, { supplierCreditNoteId: id }, books.accountant);
    expect(await got("bill", billId)).toMatchObject({ state: "paid" });
    expect(await books.breaks()).toEqual([]);
  });

  test("in another currency it leaves the books at what the bill came in with", async () => {
    // 100.00 USD at 0.90 is 90.00 EUR; on the day of the credit note a dollar is 0.95. No difference arises.
    const usd = (amount: string) => ({ amount, currency: "USD" });
    for (const [day, rate] of [
      ["2026-11-03", "0.90"],
      ["2026-11-10", "0.95"],
    ] as const) {
      await run(setExchangeRate, { base: "USD", currency: "EUR", day, rate }, books.accountant);
    }
    const lines = [{ description: "Licence", net: usd("100.00"), taxCode: "exempt", accountId: books.account("6540") }];
    const before = await closing("6540", "2110");
    const billId = await bill("", { lines });
    const { open } = await posted({ billId });
    expect(open).toMatchObject({ amount: "0.00", currency: "USD" });
    expect(await closing("6540", "2110")).toEqual(before);
    expect(await books.breaks()).toEqual([]);
  });
});

describe("for no bill", () => {
  test("it stays in our favour, is set against bills, the earliest due first, and the rest is paid back", async () => {
    // 500.00 and 19 %: 595.00. Set against 119.00, then 100.00 of 238.00: 376.00 left, paid back.
    const [supplierId] = [books.supplierId];
    const { supplierCreditNoteId, open } = await posted({ lines: [line("500.00")] });
    expect(open.amount).toBe("595.00");
    const first = await bill("100.00", { dueDay: "2026-11-20" });
    const second = await bill("200.00", { dueDay: "2026-11-30" });
    const account = await run(getSupplierAccount, { partyId: supplierId, asOf: "2026-11-30" }, books.chief);
    expect(account.rows.find((row) => row.documentSubject === "finance.supplierCreditNote" && row.open.minor !== 0n)).toMatchObject({
      amount: { amount: "-595.00" },
      open: { amount: "-595.00" },
    });
    const bills = [{ billId: first }, { billId: second, amount: eur("100.00") }];
    const used = await run(applySupplierCreditNote, { supplierCreditNoteId, bills }, books.accountant);
    expect([used.applied.amount, used.open.amount]).toEqual(["219.00", "376.00"]);
    expect(await got("bill", first)).toMatchObject({ state: "paid" });
    expect(await got("bill", second)).toMatchObject({ open: eur("138.00") });
    const pay = { supplierCreditNoteId, bankAccountId: books.bankAccountId, day: "2026-11-20" };
    const part = await run(refundSupplierCreditNote, { ...pay, amount: eur("76.00") }, books.accountant);
    expect(part).toMatchObject({ open: { amount: "300.00" } });
    expect(await run(refundSupplierCreditNote, pay, books.accountant)).toMatchObject({ open: { amount: "0.00" } });
    expect(await closing("1120")).toEqual(["376.00"]);
    expect(await got("supplierCreditNote", supplierCreditNoteId)).toMatchObject({ state: "settled" });
    await expect(run(refundSupplierCreditNote, pay, books.accountant)).rejects.toMatchObject({ code: "nothingOpen" });
    expect(await books.breaks()).toEqual([]);
  });

  test("without a choice it takes what there is", async () => {
    const other = await posted({ lines: [line("10.00")] });
    const { applied, open } = await run(applySupplierCreditNote, { supplierCreditNoteId: other.supplierCreditNoteId }, books.accountant);
    expect([applied.amount, open.amount]).toEqual(["11.90", "0.00"]);
  });

  test("a reversed one leaves neither claim nor tax, and its number is free again", async () => {
    const before = await run(getTaxReturn, november, books.chief);
    const { supplierCreditNoteId } = await posted({ supplierNumber: "WRONG", lines: [line("100.00")] });
    const during = await run(getTaxReturn, november, books.chief);
    expect(during.input.minus(before.input).amount).toBe("-19.00");
    await bill("30.00");
    await run(applySupplierCreditNote, { supplierCreditNoteId, on: "2026-11-20" }, books.accountant);
    const wrong = { supplierCreditNoteId, reason: "Wrong supplier" };
    await expect(run(reverseSupplierCreditNote, wrong, books.chief)).rejects.toMatchObject({ code: "itemsSettled" });
    const held = (await rowsOf("finance.allocation.list", { state: "holds" })).filter((row) => String(row["allocation"]).includes("WRONG"));
    for (const row of held) await run(undoAllocation, { allocationId: row["id"] }, books.accountant);
    await run(reverseSupplierCreditNote, { supplierCreditNoteId, on: "2026-11-21", reason: "Wrong supplier" }, books.chief);
    // The bill of 30.00 in between is 5.70 of input tax.
    const after = await run(getTaxReturn, november, books.chief);
    expect(after.input.minus(before.input).amount).toBe("5.70");
    expect(await got("supplierCreditNote", supplierCreditNoteId)).toMatchObject({ state: "reversed" });
    await enter({ supplierNumber: "wrong", lines: [line("1.00")] });
    expect(await books.breaks()).toEqual([]);
  });
});

describe("what is refused", () => {
  test.each([
    ["someone who is no supplier", () => ({ supplierId: books.customerId, lines: [line("1.00")] }), "notSupplier"],
    ["a number without letter or digit", () => ({ supplierNumber: "--", lines: [line("1.00")] }), "numberUnreadable"],
    ["neither lines nor a bill", () => ({}), "linesMissing"],
    ["a line of no bill", () => ({ lines: [line("1.00", { billLineId: books.customerId })] }), "lineUnknown"],
    ["a total of nothing", () => ({ lines: [line("0.00")] }), "totalNotPositive"],
    ["a total that differs", () => ({ lines: [line("1.00")], total: eur("2.00") }), "totalDiffers"],
    ["a bill that is not there", () => ({ billId: books.customerId }), "notFound"],
    ["two currencies", () => ({ lines: [line("1.00")], total: { amount: "1.19", currency: "USD" } }), "billCurrenciesMixed"],
    ["a currency without a rate", () => ({ lines: [{ ...line("1.00"), net: { amount: "1.00", currency: "SEK" } }] }), "rateMissing"],
    ["a control account", () => ({ lines: [line("1.00", { accountId: books.account("2110") })] }), "accountUnfit"],
    ["an unknown tax code", () => ({ lines: [line("1.00", { taxCode: "luxury" })] }), "taxCodeUnknown"],
    ["books that are not there", () => ({ lines: [line("1.00")], bookId: books.customerId }), "booksMissing"],
  ])("%s", async (_, more, code) => {
    await expect(enter(more())).rejects.toMatchObject({ code });
  });

  test("the same one twice, while a bill may have its number", async () => {
    const { supplierNumber } = await enter({ lines: [line("1.00")] });
    await expect(enter({ supplierNumber: supplierNumber.toLowerCase(), lines: [line("2.00")] })).rejects.toMatchObject({
      code: "enteredBefore",
    });
    await bill("5.00", { supplierNumber });
  });

  test("a bill that does not fit", async () => {
    const billId = await bill("77.00");
    const usd = { amount: "1.00", currency: "USD" };
    for (const [more, code] of [
      [{ day: "2026-11-02" }, "dayBeforeBill"],
      [{ lines: [{ ...line("1.00"), net: usd }] }, "billCurrencyDiffers"],
      [{ lines: [line("1.00", { billLineId: books.customerId })] }, "lineUnknown"],
      [{ lines: [line("77.01")] }, "moreThanBilled"],
    ] as const) {
      await expect(enter({ billId, ...more })).rejects.toMatchObject({ code });
    }
    const draft = await run(
      createBill,
      { supplierId: books.supplierId, supplierNumber: "D-1", day: "2026-11-03", lines: [line("1.00")] },
      books.accountant,
    );
    await expect(enter({ billId: draft.id })).rejects.toMatchObject({ code: "billUnfit" });
    const owner = await books.house.person("Olga Owner", "owner");
    const { id: elsewhere } = await run(createOrganisation, { name: "Other GmbH" }, owner);
    await run(addRole, { partyId: elsewhere, role: "supplier", from: "2026-01-01" }, owner);
    await expect(enter({ supplierId: elsewhere, billId })).rejects.toMatchObject({ code: "billOfOther" });
    await expect(
      posted({ supplierId: elsewhere, lines: [line("1.00")] }).then(({ supplierCreditNoteId }) =>
        run(applySupplierCreditNote, { supplierCreditNoteId }, books.chief),
      ),
    ).rejects.toMatchObject({ code: "noBillOpen" });
  });

  test("four eyes, and what was decided before", async () => {
    const { id } = await run(
      createSupplierCreditNote,
      { supplierId: books.supplierId, supplierNumber: "OWN", day: "2026-11-10", lines: [line("1.00")] },
      books.chief,
    );
    const note = { supplierCreditNoteId: id };
    await expect(run(approveSupplierCreditNote, note, books.chief)).rejects.toMatchObject({ code: "selfApproval" });
    await expect(run(reverseSupplierCreditNote, { ...note, reason: "Wrong" }, books.chief)).rejects.toMatchObject({ code: "notPosted" });
    await run(declineSupplierCreditNote, { ...note, reason: "Never agreed" }, books.chief);
    await expect(run(approveSupplierCreditNote, note, books.chief)).rejects.toMatchObject({ code: "notDraft" });
    await expect(run(declineSupplierCreditNote, { ...note, reason: "Again" }, books.chief)).rejects.toMatchObject({
      code: "alreadyPosted",
    });
    const missing = { supplierCreditNoteId: books.customerId };
    for (const [operation, more] of [
      [approveSupplierCreditNote, {}],
      [declineSupplierCreditNote, { reason: "None" }],
      [postSupplierCreditNote, {}],
      [applySupplierCreditNote, {}],
      [refundSupplierCreditNote, { bankAccountId: books.bankAccountId }],
      [reverseSupplierCreditNote, { reason: "None" }],
    ] as const) {
      await expect(run(operation, { ...missing, ...more }, books.chief)).rejects.toMatchObject({ code: "notFound" });
    }
  });

  test("using more than there is, or a bill that is not open", async () => {
    const { supplierCreditNoteId } = await posted({ lines: [line("100.00")] });
    const paid = await bill("10.00");
    const apply = (bills: object[]) => run(applySupplierCreditNote, { supplierCreditNoteId, bills }, books.accountant);
    await expect(apply([{ billId: paid, amount: eur("119.01") }])).rejects.toMatchObject({ code: "moreThanOpen" });
    await expect(apply([{ billId: paid, amount: eur("12.00") }])).rejects.toMatchObject({ code: "billNotOpen" });
    await expect(apply([{ billId: books.customerId }])).rejects.toMatchObject({ code: "billNotOpen" });
    const pay = { supplierCreditNoteId, bankAccountId: books.bankAccountId };
    await expect(
      run(refundSupplierCreditNote, { ...pay, amount: { amount: "1.00", currency: "USD" } }, books.accountant),
    ).rejects.toMatchObject({ code: "currencyDiffers" });
  });
});

describe("corrected before it is posted", () => {
  const change = (supplierCreditNoteId: string, more: object = {}) =>
    run(changeSupplierCreditNote, { supplierCreditNoteId, ...more }, books.accountant);

  test("what was approved otherwise is approved anew; words are not", async () => {
    // 100.00 and 19.00 of tax; 40.00 and 7.60.
    const billId = await bill("100.00");
    const id = await approved({ billId });
    expect(await change(id, { text: "As agreed on the phone" })).toMatchObject({ approvalVoid: false, total: eur("119.00") });
    expect(await got("supplierCreditNote", id)).toMatchObject({ state: "approved", text: "As agreed on the phone", billId });
    expect(await change(id, { lines: [line("40.00")] })).toMatchObject({ approvalVoid: true, total: eur("47.60") });
    expect(await got("supplierCreditNote", id)).toMatchObject({ state: "draft", approvedBy: null, total: eur("47.60") });
    await expect(change(id, { lines: [line("100.01")] })).rejects.toMatchObject({ code: "moreThanBilled" });
    await expect(change(id, { day: "2026-11-02" })).rejects.toMatchObject({ code: "dayBeforeBill" });
    await run(approveSupplierCreditNote, { supplierCreditNoteId: id }, books.chief);
    await run(postSupplierCreditNote, { supplierCreditNoteId: id }, books.accountant);
    expect(await got("bill", billId)).toMatchObject({ open: eur("71.40") });
    await expect(change(id)).rejects.toMatchObject({ code: "alreadyPosted", facts: { state: "posted" } });
    expect(await books.breaks()).toEqual([]);
  });

  test("the bill it takes back can be said later", async () => {
    const billId = await bill("50.00");
    const { id } = await enter({ lines: [line("20.00")] });
    expect(await change(id, { billId })).toMatchObject({ total: eur("59.50") });
    expect(await change(id, { lines: [line("20.00")] })).toMatchObject({ total: eur("23.80") });
    expect(await got("supplierCreditNote", id)).toMatchObject({ billId, total: eur("23.80") });
    const { supplierNumber } = await enter({ lines: [line("1.00")] });
    await expect(change(id, { supplierNumber })).rejects.toMatchObject({ code: "enteredBefore" });
    await expect(change(books.customerId)).rejects.toMatchObject({ code: "notFound" });
  });
});
