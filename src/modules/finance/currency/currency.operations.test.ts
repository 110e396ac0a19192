// Other currencies on a real database: rates, documents, payments and the revaluation at the end of a period.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { storedFile } from "../banking/banking.testing.ts";
import { createAccount } from "../ledger/account.operations.ts";
import { createBankAccount } from "../ledger/bank-account.operations.ts";
import { recordOnePayment, undoAllocation } from "../payments/payment.operations.ts";
import { approveBill, createBill, payBill, postBill } from "../payables/bill.operations.ts";
import { creditInvoice } from "../receivables/credit-note.operations.ts";
import { createInvoice, payInvoice, postInvoice } from "../receivables/invoice.operations.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { getExchangeRate, importExchangeRates, setExchangeRate, setRateDays } from "./rate.operations.ts";
import { previewRevaluation, reverseRevaluation, runRevaluation } from "./revaluation.operations.ts";
import { revaluationIsPosted } from "./revaluation.ts";

const money = (currency: string) => (amount: string) => ({ amount, currency });
const usd = money("USD");

/** The sentences of a test, for one set of books. */
const sayings = (books: () => TestBooks) => {
  const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books().house.run(operation, input, actor, options);
  const rate = (base: string, currency: string, day: string, value: string, kind = "spot") =>
    run(setExchangeRate, { base, currency, day, rate: value, kind }, books().accountant);
  const rowsOf = async (name: string, input: object = {}) =>
    ((await books().house.call(name, input, books().chief)) as { rows: Record<string, unknown>[] }).rows;
  const closing = async (asOf: string, ...codes: string[]) => {
    const { rows } = await run(getTrialBalance, { asOf }, books().chief);
    return codes.map((code) => rows.find((row) => row.code === code)?.closing.amount ?? "0.00");
  };
  const bill = async (supplierNumber: string, day: string, net: object, more: object = {}) => {
    const lines = [{ description: "Licences", net, taxCode: "exempt" }];
    const { id } = await run(createBill, { supplierId: books().supplierId, supplierNumber, day, lines, ...more }, books().accountant);
    await run(approveBill, { billId: id }, books().chief);
    await run(postBill, { billId: id }, books().accountant);
    return id;
  };
  const invoice = async (day: string, lines: object[], more: object = {}) => {
    const { id } = await run(createInvoice, { customerId: books().customerId, day, lines, ...more }, books().accountant);
    return { ...(await run(postInvoice, { invoiceId: id }, books().accountant)), id };
  };
  const itemOf = async (documentId: string) => (await rowsOf("finance.openItem.list", { filter: { documentId } }))[0]!["id"];
  return { run, rate, rowsOf, closing, bill, invoice, itemOf };
};

describe("IAS 21 as frappe/erpnext 56648 asks for it, in rupees", () => {
  let books: TestBooks;
  const { run, rate, closing, bill } = sayings(() => books);
  beforeAll(async () => {
    books = await openBooks("INR");
    await rate("USD", "INR", "2026-02-15", "94.39");
    await rate("USD", "INR", "2026-02-28", "93.9325", "closing");
    await rate("USD", "INR", "2026-03-10", "94.125");
  });
  afterAll(() => books.house.close());

  test("a bill of 388 USD: booked, revalued, paid; the control account ends at zero", async () => {
    const billId = await bill("US-1", "2026-02-15", usd("388.00"));
    expect(await closing("2026-02-28", "2110")).toEqual(["-36623.32"]);
    const shown = await run(previewRevaluation, { day: "2026-02-28" }, books.accountant);
    expect(shown).toMatchObject({ count: 1, gain: { amount: "177.51" }, loss: { amount: "0.00" } });
    expect(shown.items).toMatchObject([
      { kind: "payable", outstanding: { amount: "-388.00" }, carrying: { amount: "-36623.32" }, value: { amount: "-36445.81" } },
    ]);
    const done = await run(runRevaluation, { day: "2026-02-28" }, books.accountant);
    expect(done).toMatchObject({ items: 1, gain: { amount: "177.51" }, backDay: "2026-03-01" });
    // On the day the bill is carried at 36 445.81, on the next morning at what it was.
    expect(await closing("2026-02-28", "2110", "2115", "4840")).toEqual(["-36623.32", "177.51", "-177.51"]);
    expect(await closing("2026-03-01", "2110", "2115", "4840")).toEqual(["-36623.32", "0.00", "0.00"]);
    await run(payBill, { billId, bankAccountId: books.bankAccountId, day: "2026-03-10" }, books.accountant);
    // 388 x 94.125 = 36 520.50: against 36 623.32 a gain of 102.82, against the closing value a loss of 74.69.
    expect(await closing("2026-03-10", "1120", "2110", "2115", "4840", "6730")).toEqual(["-36520.50", "0.00", "0.00", "-102.82", "0.00"]);
    expect(await books.breaks()).toEqual([]);
  });

  test("a rate that is too old is not used until somebody says so", async () => {
    const look = (day: string) => run(getExchangeRate, { from: "USD", day }, books.accountant);
    expect(await look("2026-03-20")).toMatchObject({ to: "INR", rate: "94.125", day: "2026-03-10", way: "direct" });
    await expect(look("2026-03-21")).rejects.toMatchObject({ code: "rateStale", facts: { latest: "2026-03-10" } });
    const [book] = (await books.house.call("finance.book.list", {}, books.chief))["rows"] as { id: string }[];
    await run(setRateDays, { bookId: book!.id, days: 11 }, books.chief);
    expect(await look("2026-03-21")).toMatchObject({ rate: "94.125" });
    await expect(run(setRateDays, { bookId: books.customerId, days: 1 }, books.chief)).rejects.toMatchObject({ code: "notFound" });
    await expect(run(getExchangeRate, { from: "EUR", bookId: books.customerId }, books.chief)).rejects.toMatchObject({
      code: "booksMissing",
    });
  });
});

describe("in books kept in euro", () => {
  let books: TestBooks;
  let dollarsId: string;
  const { run, rate, rowsOf, closing, bill, invoice, itemOf } = sayings(() => books);
  beforeAll(async () => {
    books = await openBooks();
    const { id } = await run(createAccount, { parentId: books.account("1100"), code: "1130", name: "Dollars" }, books.chief);
    dollarsId = (await run(createBankAccount, { code: "USD", name: "Dollars", accountId: id, currency: "USD" }, books.chief)).id;
    await rate("EUR", "USD", "2026-04-01", "1.25");
    await rate("EUR", "USD", "2026-04-10", "1.20");
    await rate("EUR", "USD", "2026-04-30", "1.10", "closing");
    await rate("EUR", "GBP", "2026-04-01", "0.8");
  });
  afterAll(() => books.house.close());

  describe("rates", () => {
    test("are told, corrected, and read from the file of the central bank", async () => {
      await rate("EUR", "CHF", "2026-01-05", "0.94");
      await rate("EUR", "CHF", "2026-01-05", "0.95");
      expect(await rowsOf("finance.exchangeRate.list", { filter: { currency: "CHF" } })).toMatchObject([{ rate: "0.95", kind: "spot" }]);
      const xml = [
        '<Envelope><Cube><Cube time="2026-01-06">',
        '<Cube currency="CHF" rate="0.96"/><Cube currency="JPY" rate="162.4"/>',
        "</Cube></Cube></Envelope>",
      ].join("");
      const file = async (text: string) => run(importExchangeRates, { fileId: await storedFile(books, text) }, books.accountant);
      expect(await file(xml)).toEqual({ rates: 2, from: "2026-01-06", to: "2026-01-06" });
      expect(await run(getExchangeRate, { from: "CHF", to: "JPY", day: "2026-01-07" }, books.chief)).toMatchObject({ way: "cross" });
      await expect(file("day,rate\n2026-01-06,x\n")).rejects.toMatchObject({ code: "rateFileUnreadable", facts: { line: 2 } });
    });

    test.each([
      ["nothing", "EUR", "USD", "0"],
      ["too many decimals", "EUR", "USD", "1.0000000000001"],
      ["one currency", "EUR", "EUR", "1"],
    ])("%s is no rate", async (_, base, currency, value) => {
      await expect(rate(base, currency, "2026-01-01", value)).rejects.toMatchObject({ code: "rateUnfit" });
    });
  });

  describe("an invoice in dollars", () => {
    test("is owed in dollars and carried in euro, tax and all", async () => {
      const lines = [1, 2, 3].map((place) => ({ description: `Part ${place}`, unitPrice: usd("33.33"), taxCode: "standard" }));
      const one = await invoice("2026-04-01", lines);
      // 99.99 and 19.00 are 118.99 USD; at 0.8 that is 95.19 (95.192), the tax 15.20, so 79.99 are shared: 26.67, 26.66, 26.66.
      expect(one.total).toMatchObject({ amount: "118.99", currency: "USD" });
      const posted = await rowsOf("finance.journalLine.list", { filter: { entryId: one.entryId } });
      expect(posted.map((row) => [String(row["account"]).slice(0, 4), row["debit"] ?? row["credit"], row["foreign"]])).toEqual([
        ["1210", eur("95.19"), usd("118.99")],
        ["4110", eur("26.66"), usd("-33.33")],
        ["4110", eur("26.66"), usd("-33.33")],
        ["4110", eur("26.67"), usd("-33.33")],
        ["2210", eur("15.20"), usd("-19.00")],
      ]);
      expect(await rowsOf("finance.invoice.list", { filter: { id: one.id } })).toMatchObject([{ open: usd("118.99"), rate: "0.8" }]);
      expect(await rowsOf("finance.taxLine.list", { filter: { documentId: one.id } })).toMatchObject([
        { base: eur("79.99"), tax: eur("15.20") },
      ]);
      expect(await books.breaks()).toEqual([]);
    });

    test("is paid in parts, into accounts in dollars and euro; each part realises its difference, undone it is taken back", async () => {
      const one = await invoice("2026-04-01", [{ description: "Work", unitPrice: usd("100.00"), taxCode: "exempt" }]);
      const pay = (more: object) =>
        run(payInvoice, { invoiceId: one.id, bankAccountId: dollarsId, day: "2026-04-10", ...more }, books.accountant);
      const before = await closing("2026-04-10", "1120", "1130", "4840");
      // 25 USD were 20.00 EUR and are 20.83; 75 USD were 60.00 and bring 61.00.
      const first = await pay({ amount: usd("25.00") });
      expect(first.open).toMatchObject({ amount: "75.00", currency: "USD" });
      await pay({ amount: usd("75.00"), bankAccountId: books.bankAccountId, bankAmount: eur("61.00") });
      expect(await closing("2026-04-10", "1120", "1130", "4840")).toEqual([
        String((Number(before[0]) + 61).toFixed(2)),
        String((Number(before[1]) + 20.83).toFixed(2)),
        String((Number(before[2]) - 1.83).toFixed(2)),
      ]);
      const [match] = await rowsOf("finance.allocation.list", { filter: { debitItemId: await itemOf(one.id) }, sort: "id" });
      await run(undoAllocation, { allocationId: match!["id"], on: "2026-04-11" }, books.accountant);
      expect(await closing("2026-04-11", "4840")).toEqual([String((Number(before[2]) - 1).toFixed(2))]);
      expect(await rowsOf("finance.payment.list", { filter: { id: first.paymentId } })).toMatchObject([
        { amount: usd("25.00"), unallocated: usd("25.00") },
      ]);
      expect(await books.breaks()).toEqual([]);
    });

    test("credited, it leaves the books at what it came in with", async () => {
      const one = await invoice("2026-04-01", [{ description: "Work", unitPrice: usd("50.00"), taxCode: "exempt" }]);
      const gains = await closing("2026-04-10", "4840", "6730");
      await run(creditInvoice, { invoiceId: one.id, day: "2026-04-10", reason: "Not delivered" }, books.accountant);
      expect(await rowsOf("finance.invoice.list", { filter: { id: one.id } })).toMatchObject([{ state: "paid", open: usd("0.00") }]);
      expect(await closing("2026-04-10", "4840", "6730")).toEqual(gains);
      expect(await books.breaks()).toEqual([]);
    });

    test("each refusal", async () => {
      const line = (unitPrice: object) => ({ description: "x", unitPrice, taxCode: "exempt" });
      const draft = (lines: object[], more: object = {}) =>
        run(createInvoice, { customerId: books.customerId, day: "2026-04-01", lines, ...more }, books.accountant);
      await expect(draft([line(usd("1.00")), line(eur("1.00"))])).rejects.toMatchObject({ code: "currenciesMixed" });
      await expect(draft([line(money("SEK")("1.00"))])).rejects.toMatchObject({ code: "rateMissing" });
      await expect(draft([line(usd("1.00"))], { day: "2026-06-01" })).rejects.toMatchObject({ code: "rateStale" });
      for (const rate of ["0", "-1.2", "0.0000000000001"]) {
        await expect(draft([line(usd("1.00"))], { rate })).rejects.toMatchObject({
          code: "rateUnfit",
          message: `${rate} is no rate. A rate is above zero.`,
        });
      }
      await expect(bill("ZERO-1", "2026-04-01", usd("1.00"), { rate: "0" })).rejects.toMatchObject({ code: "rateUnfit", path: ["rate"] });
      // 100 dong at 0.00004 are 0.004 EUR.
      const dong = { description: "x", unitPrice: money("VND")("100"), taxCode: "exempt" };
      await expect(invoice("2026-04-01", [dong], { rate: "0.00004" })).rejects.toMatchObject({
        code: "nothingInBooks",
        message: "This comes to nothing in EUR, so there is nothing to book. Correct the amount or the rate.",
      });
      const agreed = await draft([line(money("SEK")("100.00"))], { rate: "0.09" });
      expect(await rowsOf("finance.invoice.list", { filter: { id: agreed.id } })).toMatchObject([
        { total: money("SEK")("100.00"), rate: "0.09" },
      ]);
    });
  });

  test("Tryton: a payable of 50.00 for 90 of the other currency, paid with 45.00, leaves 5.00 as a gain", async () => {
    const before = Number((await closing("2026-04-10", "4840"))[0]);
    const billId = await bill("ALT-1", "2026-04-02", usd("90.00"), { rate: "0.555555555556" });
    expect(await rowsOf("finance.openItem.list", { filter: { documentId: billId } })).toMatchObject([
      { open: usd("90.00"), carrying: eur("50.00") },
    ]);
    await run(payBill, { billId, bankAccountId: books.bankAccountId, day: "2026-04-10", bankAmount: eur("45.00") }, books.accountant);
    expect(await closing("2026-04-10", "2110", "4840")).toEqual(["0.00", (before - 5).toFixed(2)]);
    expect(await books.breaks()).toEqual([]);
  });

  describe("payments", () => {
    const pay = (amount: object, more: object = {}) =>
      run(
        recordOnePayment,
        { direction: "incoming", partyId: books.customerId, amount, bankAccountId: dollarsId, day: "2026-04-10", ...more },
        books.accountant,
      );

    test("pounds into the account in dollars, carried in euro", async () => {
      // 8 GBP are 10 EUR and 12 USD.
      const paid = await pay(money("GBP")("8.00"));
      const lines = await rowsOf("finance.journalLine.list", { filter: { entryId: paid.entryId } });
      expect(lines.map((row) => [row["debit"] ?? row["credit"], row["foreign"]])).toEqual([
        [eur("10.00"), usd("12.00")],
        [eur("10.00"), money("GBP")("-8.00")],
      ]);
      expect(await books.breaks()).toEqual([]);
    });

    test("each refusal", async () => {
      await expect(pay(eur("1.00"), { bankAmount: eur("1.00") })).rejects.toMatchObject({ code: "bankCurrencyDiffers" });
      await expect(pay(usd("1.00"), { bankAmount: usd("2.00") })).rejects.toMatchObject({ code: "bankAmountDiffers" });
      const one = await invoice("2026-04-01", [{ description: "Work", unitPrice: usd("10.00"), taxCode: "exempt" }]);
      const allocations = [{ openItemId: await itemOf(one.id), amount: usd("10.00") }];
      await expect(pay(eur("8.00"), { allocations })).rejects.toMatchObject({ code: "allocationCurrencyDiffers" });
      await expect(pay(money("SEK")("8.00"))).rejects.toMatchObject({ code: "rateMissing" });
    });
  });

  describe("revaluation", () => {
    const runOn = (day: string) => run(runRevaluation, { day }, books.accountant);

    test("values items and the bank account at the closing rate as of the day, and is posted once", async () => {
      const facts = await books.house.funnel.read({ tenantId: books.house.tenantId, actor: books.chief }, async (context) => {
        const [book] = await rowsOf("finance.book.list");
        return revaluationIsPosted(context, { bookId: book!["id"] as never, untilDay: "2026-04-30" as never });
      });
      expect(facts).toBe(false);
      await expect(run(previewRevaluation, { day: "2026-04-30" }, books.accountant)).rejects.toMatchObject({ code: "rateStale" });
      await rate("EUR", "GBP", "2026-04-30", "0.8");
      const shown = await run(previewRevaluation, { day: "2026-04-30" }, books.accountant);
      // By hand: every item at 1 / 1.10, less what it is carried at.
      for (const item of shown.items.filter((one) => one.outstanding.currency === "USD")) {
        const value = Math.sign(Number(item.outstanding.minor)) * Math.round(Math.abs(Number(item.outstanding.minor)) / 1.1);
        expect(Number(item.value.minor)).toBe(value);
      }
      expect(new Set(shown.items.map((item) => item.kind))).toEqual(new Set(["receivable", "bank"]));
      const done = await runOn("2026-04-30");
      expect([done.gain, done.loss]).toEqual([shown.gain, shown.loss]);
      const values = (kind: string) =>
        (shown.items.filter((item) => item.kind === kind).reduce((sum, item) => sum + Number(item.difference.minor), 0) / 100).toFixed(2);
      expect(await closing("2026-04-30", "1215", "1125")).toEqual([values("receivable"), values("bank")]);
      expect(await closing("2026-05-01", "1215", "1125")).toEqual(["0.00", "0.00"]);
      await expect(runOn("2026-04-30")).rejects.toMatchObject({ code: "alreadyRevalued", facts: { day: "2026-04-30" } });
      expect(await books.breaks()).toEqual([]);
      // What is settled later changes nothing of what was open on the day.
      expect((await run(previewRevaluation, { day: "2026-04-30" }, books.accountant)).items).toEqual(shown.items);
    });

    test("reversed, it leaves nothing and may be run again", async () => {
      const [one] = await rowsOf("finance.revaluation.list", { filter: { state: "posted" } });
      const back = { revaluationId: one!["id"], reason: "The rate was of the wrong day" };
      await run(reverseRevaluation, back, books.chief);
      expect(await closing("2026-04-30", "1215", "1125")).toEqual(["0.00", "0.00"]);
      await expect(run(reverseRevaluation, back, books.chief)).rejects.toMatchObject({ code: "alreadyReversed" });
      await expect(run(reverseRevaluation, { ...back, revaluationId: books.customerId }, books.chief)).rejects.toMatchObject({
        code: "notFound",
      });
      await runOn("2026-04-30");
      expect(await books.breaks()).toEqual([]);
    });

    test("days to come and days without a period are refused", async () => {
      await expect(runOn("2026-12-31")).rejects.toMatchObject({ code: "dayAhead" });
      await expect(runOn("2025-12-31")).rejects.toMatchObject({ code: "periodMissing" });
    });
  });

  test("a bill in two currencies is refused", async () => {
    const lines = [usd("1.00"), eur("1.00")].map((net) => ({ description: "x", net, taxCode: "exempt" }));
    const mixed = run(createBill, { supplierId: books.supplierId, supplierNumber: "MIX-1", day: "2026-04-01", lines }, books.accountant);
    await expect(mixed).rejects.toMatchObject({ code: "billCurrenciesMixed" });
  });
});
