// What was reported stays reported: the reports of a closed quarter read the same to the byte after it was corrected, when they are asked
// as known then.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { openBooks, type TestBooks } from "../testing/books.ts";
import { invoiceOn, paidOn, postOn, tellQuarter } from "./quarter.testing.ts";

let books: TestBooks;
let told: Awaited<ReturnType<typeof tellQuarter>>;
const call = (name: string, input: object) => books.house.call(name, input, books.chief);
const end = "2026-03-31";

/** Every report of the quarter, as the bytes that go over the wire. */
async function reports(asKnownAt?: string): Promise<Record<string, string>> {
  const asked: readonly [string, string, object][] = [
    ["trial balance", "finance.trialBalance.get", { asOf: end }],
    ["trial balance, mid-month", "finance.trialBalance.get", { asOf: "2026-03-22" }],
    ["profit and loss", "finance.profitAndLoss.get", { from: "2026-01-01", to: end, by: "month", compare: "previousPeriod" }],
    ["balance sheet", "finance.balanceSheet.get", { asOf: end, months: 3, comparedTo: "2026-02-15" }],
    ["cash flow", "finance.cashFlow.get", { from: "2026-01-01", to: end }],
    ["cash flow, direct", "finance.cashFlow.get", { from: "2026-01-01", to: end, method: "direct" }],
    ["equity", "finance.equity.get", { from: "2026-01-01", to: end }],
    ["ledger", "finance.ledger.get", { from: "2026-01-01", to: end }],
    ["ledger of receivables", "finance.ledger.get", { accountCode: "1210", from: "2026-03-01", to: end, limit: 1 }],
    ["ledger as CSV", "finance.ledger.export", { format: "csv", from: "2026-01-01", to: end }],
    ["ledger for hledger", "finance.ledger.export", { format: "hledger", from: "2026-01-01", to: end }],
    ["customer", "finance.customerAccount.get", { partyId: books.customerId, asOf: end }],
    ["supplier", "finance.supplierAccount.get", { partyId: books.supplierId, asOf: end }],
    ["ageing", "finance.ageing.get", { asOf: end }],
    ["ageing of suppliers", "finance.ageing.get", { asOf: end, direction: "payable" }],
    ["tax return", "finance.taxReturn.get", { from: "2026-01-01", to: end }],
    ["cash and what is due", "finance.cashForecast.get", { asOf: end }],
    ["what receivables are", "finance.figure.explain", { report: "balanceSheet", accountId: books.account("1210"), to: end }],
  ];
  const found: Record<string, string> = {};
  for (const [title, name, input] of asked) found[title] = JSON.stringify(await call(name, { ...input, ...(asKnownAt && { asKnownAt }) }));
  return found;
}

const periods = async (): Promise<{ id: string; code: string }[]> =>
  (await call("finance.period.list", { limit: 100 }))["rows"] as { id: string; code: string }[];

let closed: Record<string, string>;
beforeAll(async () => {
  books = await openBooks();
  books.house.today = day("2026-04-02");
  told = await tellQuarter(books);
  for (const code of ["2026-01", "2026-02", "2026-03"]) {
    const { id } = (await periods()).find((period) => period.code === code)!;
    await call("finance.period.close", { periodId: id });
  }
  closed = await reports();
});
afterAll(() => books.house.close());

describe("after a correction in the closed quarter", () => {
  beforeAll(async () => {
    books.house.today = day("2026-04-20");
    const march = (await periods()).find((period) => period.code === "2026-03")!;
    await call("finance.period.reopen", { periodId: march.id, reason: "A bill came late" });
    // Something late on accounts that had nothing, a document, a payment taken apart and set otherwise, another name.
    await postOn(books, "2026-03-28", "Late bill", [
      { account: "6220", amount: "77.77" },
      { account: "2110", amount: "-77.77", partyId: books.supplierId },
    ]);
    await invoiceOn(books, "2026-03-30", "250.00");
    const allocations = await call("finance.allocation.list", {});
    await call("finance.allocation.undo", { allocationId: (allocations["rows"] as { id: string }[])[0]!.id, on: "2026-03-10" });
    await call("finance.openItem.allocate", { openItemId: told.payment.itemId, againstId: told.second.itemId, day: "2026-03-10" });
    await paidOn(books, "2026-03-29", "100.00", told.first.itemId);
    await call("finance.account.rename", { accountId: books.account("6210"), name: "Rent of the office" });
    await call("finance.payment.reverse", { paymentId: told.payment.id, on: "2026-03-31", reason: "It bounced" }).catch(() => undefined);
  });

  test("every report has changed", async () => {
    const now = await reports();
    expect(Object.keys(closed).filter((title) => now[title] === closed[title])).toEqual([]);
  });

  test.each(["2026-04-02", "2026-04-02T09:00:00Z", "2026-04-19"])(
    "as known at %s every report reads as it did, to the byte",
    async (then) => {
      const again = await reports(then);
      for (const title of Object.keys(closed)) expect(again[title], title).toBe(closed[title]);
    },
  );

  test("as known today it reads as it does without", async () => {
    expect(await reports("2026-04-20")).toEqual(await reports());
    expect(await reports("2026-04-20T23:00:00+02:00")).toEqual(await reports());
  });

  test("nothing was known before the first posting", async () => {
    expect(await call("finance.trialBalance.get", { asOf: end, asKnownAt: "2026-04-01" })).toMatchObject({ rows: [] });
    expect(await call("finance.ageing.get", { asOf: end, asKnownAt: "2026-04-01" })).toMatchObject({ rows: [] });
  });

  test("what is neither a day nor a moment is no answer", async () => {
    await expect(call("finance.trialBalance.get", { asKnownAt: "last week" })).rejects.toMatchObject({ name: "InvalidInput" });
  });

  test("the laws hold", async () => {
    expect(await books.breaks()).toEqual([]);
  });
});
