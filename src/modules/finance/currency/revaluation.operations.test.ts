// Values at closing rates, to the cent, on a real database; and what is kept of many items.
import { afterAll, beforeAll, expect, test } from "vitest";
import { getBankReconciliation } from "../banking/reconciliation.operations.ts";
import { createBankAccount } from "../ledger/bank-account.operations.ts";
import { postJournalEntry } from "../ledger/entry.operations.ts";
import { approveBill, createBill, postBill } from "../payables/bill.operations.ts";
import { issueInvoice, payInvoice } from "../receivables/invoice.operations.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { setExchangeRate } from "./rate.operations.ts";
import { previewRevaluation, reverseRevaluation, runRevaluation } from "./revaluation.operations.ts";

const day = "2026-04-10";

/** Books with what is owed to us and by us in other currencies, and closing rates. */
async function booksWith(
  currency: string,
  rates: Record<string, string>,
  owed: readonly { amount: string; currency: string; by: "us" | "them"; rate: string }[],
): Promise<TestBooks> {
  const books = await openBooks(currency);
  const { house, accountant, chief } = books;
  for (const [base, rate] of Object.entries(rates)) {
    await house.run(setExchangeRate, { base, currency, day: "2026-04-30", rate, kind: "closing" }, accountant);
  }
  for (const [place, { amount, currency: code, by, rate }] of owed.entries()) {
    const price = { amount, currency: code };
    if (by === "them") {
      const lines = [{ description: "Advice", unitPrice: price, taxCode: "exempt" }];
      await house.run(issueInvoice, { customerId: books.customerId, day, rate, lines }, accountant);
      continue;
    }
    const lines = [{ description: "Parts", net: price, taxCode: "exempt" }];
    const supplierNumber = `V-${place}`;
    const { id } = await house.run(createBill, { supplierId: books.supplierId, supplierNumber, day, rate, lines }, accountant);
    await house.run(approveBill, { billId: id }, chief);
    await house.run(postBill, { billId: id }, accountant);
  }
  return books;
}

let euro: TestBooks;
let yen: TestBooks;
beforeAll(async () => {
  euro = await booksWith("EUR", { USD: "0.1", JPY: "0.006157", KWD: "3.011" }, [
    { amount: "0.05", currency: "USD", by: "them", rate: "1" },
    { amount: "0.05", currency: "USD", by: "us", rate: "1" },
    { amount: "10000", currency: "JPY", by: "them", rate: "0.006" },
    { amount: "1234.567", currency: "KWD", by: "them", rate: "3" },
  ]);
  yen = await booksWith("JPY", { EUR: "162.42" }, [{ amount: "61.57", currency: "EUR", by: "them", rate: "160" }]);
});
afterAll(() => Promise.all([euro.house.close(), yen.house.close()]));

const valuesOf = async ({ house, accountant }: TestBooks) => {
  const { items } = await house.run(previewRevaluation, { day: "2026-04-30" }, accountant);
  return new Map(items.map((one) => [`${one.kind} ${one.outstanding.amount} ${one.outstanding.currency}`, one.value.amount]));
};

test("amount times rate, rounded half away from zero, between currencies of any decimals", async () => {
  const values = await valuesOf(euro);
  // Half a cent goes up on the one side and down on the other; 10 000 yen x 0.006157; 1 234.567 dinar x 3.011 = 3 717.281237.
  expect(values.get("receivable 0.05 USD")).toBe("0.01");
  expect(values.get("payable -0.05 USD")).toBe("-0.01");
  expect(values.get("receivable 10000 JPY")).toBe("61.57");
  expect(values.get("receivable 1234.567 KWD")).toBe("3717.28");
  // 61.57 euro x 162.42 = 10 000.1994 yen.
  expect((await valuesOf(yen)).get("receivable 61.57 EUR")).toBe("10000");
});

test("the books keep a line for each currency and kind, the run each of its items", async () => {
  const { house, accountant, chief } = euro;
  const done = await house.run(runRevaluation, { day: "2026-04-30" }, accountant);
  const rowsOf = async (name: string, filter: object) =>
    ((await house.call(name, { filter, limit: 50 }, chief)) as { rows: Record<string, { amount: string } | null>[] }).rows;
  const lines = await rowsOf("finance.journalLine.list", { entryId: done.entryId });
  const texts = lines.map((line) => [line["text"], (line["debit"] ?? line["credit"])!.amount]);
  // USD: 0.05 to come became 0.01, 0.05 owed became 0.01. JPY: 61.57 - 60.00. KWD: 3 717.28 - 3 703.70.
  expect(texts.toSorted()).toEqual([
    ["JPY at 0.006157: 1 item", "1.57"],
    ["KWD at 3.011: 1 item", "13.58"],
    ["Not realised yet", "0.04"],
    ["Not realised yet", "15.19"],
    ["USD at 0.1: 1 item", "0.04"],
    ["USD at 0.1: 1 item", "0.04"],
  ]);
  const items = await rowsOf("finance.revaluationItem.list", { revaluationId: done.id });
  expect(items.map((one) => one["difference"]!.amount).toSorted()).toEqual(["-0.04", "0.04", "1.57", "13.58"]);
  expect([done.items, done.gain.amount, done.loss.amount]).toEqual([4, "15.19", "0.04"]);
  expect(await euro.breaks()).toEqual([]);
});

test("in the middle of a period it is taken back the next day, so that a payment in the same month counts once", async () => {
  const books = await openBooks();
  const { house, accountant, chief } = books;
  const closing = async (asOf: string, ...codes: string[]) => {
    const { rows } = await house.run(getTrialBalance, { asOf }, chief);
    return codes.map((code) => rows.find((row) => row.code === code)?.closing.amount ?? "0.00");
  };
  try {
    for (const [on, rate] of [
      ["2026-04-02", "1.00"],
      ["2026-04-16", "0.80"],
      ["2026-04-30", "0.80"],
    ]) {
      await house.run(setExchangeRate, { base: "EUR", currency: "SEK", day: on, rate }, accountant);
    }
    const lines = [{ description: "Advice", unitPrice: { amount: "1000.00", currency: "SEK" }, taxCode: "exempt" }];
    const { id: invoiceId } = await house.run(issueInvoice, { customerId: books.customerId, day: "2026-04-02", lines }, accountant);
    // 1 000 SEK came in at 1 000.00 EUR and are worth 1 250.00 at 0.80.
    const first = await house.run(runRevaluation, { day: "2026-04-16" }, accountant);
    expect(first).toMatchObject({ gain: { amount: "250.00" }, backDay: "2026-04-17" });
    expect(await closing("2026-04-16", "1215", "4840")).toEqual(["250.00", "-250.00"]);
    const again = house.run(runRevaluation, { day: "2026-04-16" }, accountant);
    await expect(again).rejects.toMatchObject({ code: "alreadyRevalued", facts: { day: "2026-04-16" } });
    const { bankAccountId } = books;
    await house.run(payInvoice, { invoiceId, bankAccountId, day: "2026-04-20", bankAmount: eur("1250.00") }, accountant);
    // IAS 21.28: in all, 1 250.00 came for 1 000.00; erpnext 56648 is about counting it twice.
    expect(await closing("2026-04-30", "1210", "1215", "4840")).toEqual(["0.00", "0.00", "-250.00"]);
    expect(await house.run(runRevaluation, { day: "2026-04-30" }, accountant)).toMatchObject({ items: 0, backDay: "2026-05-01" });
    expect(await books.breaks()).toEqual([]);
    await house.run(reverseRevaluation, { revaluationId: first.id, reason: "The rate was of the wrong day" }, chief);
    expect(await closing("2026-04-16", "1215", "4840")).toEqual(["0.00", "0.00"]);
    await house.run(runRevaluation, { day: "2026-04-16" }, accountant);
    expect(await books.breaks()).toEqual([]);
  } finally {
    await house.close();
  }
});

test("a bank account is carried at all that is posted on it, in whatever currency a line says it", async () => {
  const books = await openBooks();
  const { house, accountant, chief } = books;
  const post = (accountId: string, side: "debit" | "credit", amount: string, foreign?: { amount: string; currency: string }) => {
    const other = { accountId: books.account("6730"), [side === "debit" ? "credit" : "debit"]: eur(amount) };
    const lines = [{ accountId, [side]: eur(amount), ...(foreign && { foreign }) }, other];
    return house.run(postJournalEntry, { day, text: "Bank", lines }, accountant);
  };
  const opened = (currency: string) => house.run(createBankAccount, { code: currency, name: currency, currency }, chief);
  try {
    for (const [currency, rate] of [
      ["CHF", "2.00"],
      ["USD", "1.60"],
    ]) {
      await house.run(setExchangeRate, { base: "EUR", currency, day: "2026-04-30", rate }, accountant);
    }
    // In at 1.00, out at 2.00: nothing is left, and the 500.00 that were lost are booked, in euro alone.
    const francs = await opened("CHF");
    await post(francs.accountId, "debit", "1000.00", { amount: "1000.00", currency: "CHF" });
    await post(francs.accountId, "credit", "500.00", { amount: "1000.00", currency: "CHF" });
    const shown = async () => (await house.run(previewRevaluation, { day: "2026-04-30" }, accountant)).items;
    expect(await shown()).toMatchObject([{ outstanding: { amount: "0.00" }, carrying: { amount: "500.00" }, value: { amount: "0.00" } }]);
    await post(francs.accountId, "credit", "500.00");
    expect(await shown()).toEqual([]);
    // IAS 21.23: 350.98 USD are 219.36 at 0.625, whatever the books have come to carry for them.
    const dollars = await opened("USD");
    await post(dollars.accountId, "debit", "219.36", { amount: "350.98", currency: "USD" });
    await post(dollars.accountId, "debit", "5.00");
    await post(dollars.accountId, "debit", "5.00", { amount: "4.00", currency: "GBP" });
    expect(await shown()).toMatchObject([
      { outstanding: { amount: "350.98" }, carrying: { amount: "229.36" }, value: { amount: "219.36" }, difference: { amount: "-10.00" } },
    ]);
    const { bookBalance } = await house.run(getBankReconciliation, { bankAccountId: dollars.id, asOf: "2026-04-30" }, accountant);
    expect(bookBalance.amount).toBe("229.36");
    expect(await house.run(runRevaluation, { day: "2026-04-30" }, accountant)).toMatchObject({ items: 1, loss: { amount: "10.00" } });
    expect(await books.breaks()).toEqual([]);
  } finally {
    await house.close();
  }
});
