// Invoices on a real database: drafted, posted, credited and paid, with every refusal.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { changeCreditNote, creditInvoice, draftCreditNote } from "./credit-note.operations.ts";
import { cancelInvoice, changeInvoice, createInvoice, payInvoice, postInvoice } from "./invoice.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const draft = (price = "100.00", more: object = {}) => ({
  customerId: books.customerId,
  day: "2026-11-02",
  lines: [{ description: "Consulting", quantity: "10", unitPrice: eur(price) }],
  ...more,
});
const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const posted = async (price?: string) => {
  const { id } = await run(createInvoice, draft(price), books.accountant);
  return run(postInvoice, { invoiceId: id }, books.accountant);
};
const invoice = (id: string) => books.house.call("finance.invoice.get", { id }, books.accountant);

describe("from draft to paid", () => {
  test("posting gives number, tax, open item and entry at once", async () => {
    const { id, total } = await run(createInvoice, draft(), books.accountant);
    expect(total.amount).toBe("1190.00");
    expect(await invoice(id)).toMatchObject({ state: "draft", number: null });
    const done = await run(postInvoice, { invoiceId: id }, books.accountant);
    expect(done).toMatchObject({ number: "INV-2026-00001", entryNumber: "SAL-2026-00001" });
    expect(await invoice(id)).toMatchObject({ state: "open", dueDay: "2026-12-02", open: eur("1190.00") });
    const trial = await run(getTrialBalance, { asOf: "2026-11-02" }, books.chief);
    expect(trial.rows.map((row) => [row.code, row.closing.amount])).toEqual([
      ["1210", "1190.00"],
      ["2210", "-190.00"],
      ["4110", "-1000.00"],
    ]);
    expect(await books.breaks()).toEqual([]);
  });

  test("a part payment leaves the rest open, the second closes it, too much stays on account", async () => {
    const { id } = await posted("50.00");
    const { bankAccountId } = books;
    const first = await run(payInvoice, { invoiceId: id, bankAccountId, day: "2026-11-10", amount: eur("200.00") }, books.accountant);
    expect(first.open.amount).toBe("395.00");
    await run(payInvoice, { invoiceId: id, bankAccountId, day: "2026-11-20", amount: eur("400.00") }, books.accountant);
    expect(await invoice(id)).toMatchObject({ state: "paid", open: eur("0.00") });
    await expect(run(payInvoice, { invoiceId: id, bankAccountId }, books.accountant)).rejects.toMatchObject({ code: "nothingOpen" });
    const credits = (await books.house.call("finance.openItem.list", { filter: { state: "credit" } }, books.accountant)) as {
      rows: object[];
    };
    expect(credits.rows).toMatchObject([{ open: eur("-5.00"), direction: "receivable" }]);
    // Seen as of the 15th, the second payment had not come.
    const before = (await books.house.call(
      "finance.openItem.list",
      { asOf: "2026-11-15", filter: { documentId: id } },
      books.accountant,
    )) as {
      rows: object[];
    };
    expect(before.rows).toMatchObject([{ open: eur("395.00") }]);
    expect(await books.breaks()).toEqual([]);
  });

  test("a credit note takes the invoice back in whole or in part, never more", async () => {
    const { id } = await posted("10.00");
    const part = {
      invoiceId: id,
      reason: "Two hours less",
      lines: [{ description: "Consulting", quantity: "2", unitPrice: eur("10.00") }],
    };
    const note = await run(creditInvoice, part, books.accountant);
    expect(note).toMatchObject({ number: "CRN-2026-00001", total: { amount: "23.80" } });
    expect(await invoice(id)).toMatchObject({ open: eur("95.20") });
    await expect(run(creditInvoice, { invoiceId: id, reason: "All of it" }, books.accountant)).rejects.toMatchObject({
      code: "moreThanInvoiced",
      facts: { left: "95.20 EUR" },
    });
    await expect(run(creditInvoice, { invoiceId: note.id, reason: "Again" }, books.accountant)).rejects.toMatchObject({
      code: "notPosted",
    });
    await expect(run(creditInvoice, { ...part, day: "2026-11-01" }, books.accountant)).rejects.toMatchObject({ code: "dayBeforeInvoice" });
    expect(await books.breaks()).toEqual([]);
  });

  test("a drafted credit note is changed, then posted and set against its invoice; another is cancelled", async () => {
    // 10 hours at 10.00 are 119.00 with tax; two of them 23.80, three 35.70.
    const { id: invoiceId } = await posted("10.00");
    const hours = (quantity: string) => [{ description: "Hours", quantity, unitPrice: eur("10.00") }];
    const first = await run(draftCreditNote, { invoiceId, reason: "Two hours less", lines: hours("2") }, books.accountant);
    expect(first.total.amount).toBe("23.80");
    expect(await invoice(first.id)).toMatchObject({ kind: "creditNote", state: "draft", number: null, correctsId: invoiceId });
    expect(await invoice(invoiceId)).toMatchObject({ open: eur("119.00") });
    const change = (more: object = {}) => run(changeCreditNote, { invoiceId: first.id, reason: "Three", ...more }, books.accountant);
    expect((await change({ lines: hours("3") })).total.amount).toBe("35.70");
    await expect(change({ lines: hours("11") })).rejects.toMatchObject({ code: "moreThanInvoiced", facts: { left: "119.00 EUR" } });
    await expect(change({ day: "2026-11-01" })).rejects.toMatchObject({ code: "dayBeforeInvoice" });
    const whole = await run(draftCreditNote, { invoiceId, reason: "All of it" }, books.accountant);
    expect(whole.total.amount).toBe("119.00");
    const note = await run(postInvoice, { invoiceId: first.id }, books.accountant);
    expect(note).toMatchObject({ number: expect.stringMatching(/^CRN-2026-/), total: { amount: "35.70" } });
    expect(await invoice(invoiceId)).toMatchObject({ open: eur("83.30") });
    expect(await invoice(first.id)).toMatchObject({ state: "paid", text: "Three" });
    // What was right when it was drafted is too much now.
    await expect(run(postInvoice, { invoiceId: whole.id }, books.accountant)).rejects.toMatchObject({
      code: "moreThanInvoiced",
      facts: { left: "83.30 EUR" },
    });
    await run(cancelInvoice, { invoiceId: whole.id }, books.accountant);
    await expect(change()).rejects.toMatchObject({ code: "notDraft" });
    expect(await books.breaks()).toEqual([]);
  });

  test("a credit note is not changed as an invoice, nor the other way round", async () => {
    const { id: invoiceId } = await posted("10.00");
    const { id } = await run(draftCreditNote, { invoiceId, reason: "All of it" }, books.accountant);
    const { id: draftId } = await run(createInvoice, draft(), books.accountant);
    await expect(run(changeInvoice, { invoiceId: id, ...draft() }, books.accountant)).rejects.toMatchObject({ code: "kindDiffers" });
    const change = (changed: string) => run(changeCreditNote, { invoiceId: changed, reason: "All of it" }, books.accountant);
    await expect(change(draftId)).rejects.toMatchObject({ code: "kindDiffers" });
    await expect(change(books.customerId)).rejects.toMatchObject({ code: "notFound" });
    await expect(run(draftCreditNote, { invoiceId: draftId, reason: "All of it" }, books.accountant)).rejects.toMatchObject({
      code: "notPosted",
    });
    const nothing = run(draftCreditNote, { invoiceId: books.customerId, reason: "All of it" }, books.accountant);
    await expect(nothing).rejects.toMatchObject({ code: "notFound" });
  });

  test("a dry run shows the number and leaves nothing", async () => {
    const { id } = await run(createInvoice, draft(), books.accountant);
    const shown = await run(postInvoice, { invoiceId: id }, books.accountant, { dryRun: true });
    expect(shown.number).toMatch(/^INV-2026-/);
    expect(await invoice(id)).toMatchObject({ state: "draft" });
    await run(cancelInvoice, { invoiceId: id }, books.accountant);
    expect(await invoice(id)).toMatchObject({ state: "cancelled", open: eur("0.00") });
  });
});

describe("what is refused", () => {
  test.each([
    ["someone who is no customer", () => draft("1.00", { customerId: books.supplierId }), "notCustomer"],
    [
      "another currency",
      () => draft("1.00", { lines: [{ description: "x", unitPrice: { amount: "1", currency: "USD" } }] }),
      "rateMissing",
    ],
    [
      "a group account",
      () => draft("1.00", { lines: [{ description: "x", unitPrice: eur("1"), accountId: books.account("4100") }] }),
      "accountUnfit",
    ],
    [
      "an unknown tax code",
      () => draft("1.00", { lines: [{ description: "x", unitPrice: eur("1"), taxCode: "luxury" }] }),
      "taxCodeUnknown",
    ],
    ["a total of nothing", () => draft("0.00"), "totalNotPositive"],
    [
      "more than books hold",
      () => draft("1.00", { lines: [{ description: "x", quantity: "999999999", unitPrice: eur("99999999999.99") }] }),
      "amountTooLarge",
    ],
    ["books that are not there", () => draft("1.00", { bookId: books.customerId }), "booksMissing"],
  ])("a draft for %s", async (_, input, code) => {
    await expect(run(createInvoice, input(), books.accountant)).rejects.toMatchObject({ code });
  });

  test("posting twice, cancelling what is posted, and what is not there", async () => {
    const { id } = await posted();
    await expect(run(postInvoice, { invoiceId: id }, books.accountant)).rejects.toMatchObject({ code: "notDraft" });
    await expect(run(cancelInvoice, { invoiceId: id }, books.accountant)).rejects.toMatchObject({ code: "notDraft" });
    for (const operation of [postInvoice, cancelInvoice]) {
      await expect(run(operation, { invoiceId: books.customerId }, books.accountant)).rejects.toMatchObject({ code: "notFound" });
    }
    const nobody = await books.house.person("Nobody Special");
    await expect(run(postInvoice, { invoiceId: id }, nobody)).rejects.toMatchObject({ name: "NotPermitted" });
  });

  test("a day without a period", async () => {
    const { id } = await run(createInvoice, draft("1.00", { day: "2029-01-01" }), books.accountant);
    await expect(run(postInvoice, { invoiceId: id }, books.accountant)).rejects.toMatchObject({ code: "periodMissing" });
  });
});
