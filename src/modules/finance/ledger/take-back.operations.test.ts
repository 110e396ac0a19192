// Accruals and deferrals taken back: nothing of them is left on any account, closed periods stay closed, and each only once.
import { afterAll, beforeAll, expect, test } from "vitest";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { postAccrual, reverseAccrual } from "./accrual.operations.ts";
import { createDeferral, recogniseDeferrals, reverseDeferral } from "./deferral.operations.ts";
import { closePeriod } from "./period.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

const reason = "It was another month";
const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
type Row = Record<string, unknown>;
const rowsOf = async (name: string, filter: object = {}) =>
  ((await books.house.call(name, { filter, limit: 100 }, books.chief)) as { rows: Row[] }).rows;
const balances = async (asOf: string) => {
  const { rows } = await run(getTrialBalance, { asOf }, books.chief);
  return Object.fromEntries(rows.filter((row) => row.closing.minor !== 0n).map((row) => [row.code, row.closing.amount]));
};

test("an accrual goes with its mirror, each on its own day", async () => {
  const lines = [
    { accountId: books.account("6540"), debit: eur("500.00") },
    { accountId: books.account("2120"), credit: eur("500.00") },
  ];
  const { id } = await run(postAccrual, { day: "2026-10-31", text: "Telephone of October", lines }, books.accountant);
  expect(await balances("2026-10-31")).toEqual({ "6540": "500.00", "2120": "-500.00" });
  const back = { accrualId: id, reason };
  const { entryNumbers } = await run(reverseAccrual, back, books.accountant);
  expect(entryNumbers).toHaveLength(2);
  expect([await balances("2026-10-31"), await balances("2026-11-30")]).toEqual([{}, {}]);
  expect(await rowsOf("finance.accrual.list", { id })).toMatchObject([{ state: "reversed" }]);
  await expect(run(reverseAccrual, back, books.accountant)).rejects.toMatchObject({ code: "alreadyReversed" });
  await expect(run(reverseAccrual, { ...back, accrualId: books.customerId }, books.accountant)).rejects.toMatchObject({ code: "notFound" });
  expect(await books.breaks()).toEqual([]);
});

test("a deferral goes with the parts that were recognised; a closed month keeps its own, and the next open day takes it back", async () => {
  // 1200.00 for the year by months, recognised until October: 1000.00. January is closed: its 100.00 are taken back on 1 February.
  const spread = {
    text: "Insurance",
    amount: eur("1200.00"),
    fromAccountId: books.account("1230"),
    toAccountId: books.account("6540"),
    from: "2026-01-01",
    until: "2026-12-31",
    by: "months",
  };
  const { id } = await run(createDeferral, spread, books.accountant);
  await run(recogniseDeferrals, { until: "2026-10-31" }, books.accountant);
  expect(await balances("2026-10-31")).toMatchObject({ "6540": "1000.00" });
  const [january] = await rowsOf("finance.period.list", { code: "2026-01" });
  await run(closePeriod, { periodId: january!["id"] }, books.chief);
  const back = { deferralId: id, reason };
  const done = await run(reverseDeferral, back, books.accountant);
  expect([done.parts, done.amount.amount]).toEqual([10, "1000.00"]);
  expect((await balances("2026-01-31"))["6540"]).toBe("100.00");
  expect([await balances("2026-02-28"), await balances("2026-10-31")]).toEqual([{}, {}]);
  expect(await rowsOf("finance.deferral.list", { id })).toMatchObject([{ state: "reversed", recognised: eur("0.00") }]);
  expect((await rowsOf("finance.deferralLine.list", { deferralId: id })).filter((row) => row["state"] === "reversed")).toHaveLength(10);
  await expect(run(recogniseDeferrals, { until: "2026-12-31" }, books.accountant)).rejects.toMatchObject({ code: "nothingScheduled" });
  await expect(run(reverseDeferral, back, books.accountant)).rejects.toMatchObject({ code: "reversedBefore" });
  const missing = { ...back, deferralId: books.customerId };
  await expect(run(reverseDeferral, missing, books.accountant)).rejects.toMatchObject({ code: "notFound" });
  expect(await books.breaks()).toEqual([]);
});

test("a deferral taken back on a day: what was recognised after it goes on its own day", async () => {
  // 400.00 from March to June. On 10 May March and April are taken back, 200.00; May and June on their last days, as they were recognised.
  const spread = {
    text: "Rent",
    amount: eur("400.00"),
    fromAccountId: books.account("1230"),
    toAccountId: books.account("6540"),
    from: "2026-03-01",
    until: "2026-06-30",
    by: "months",
  };
  const { id } = await run(createDeferral, spread, books.accountant);
  await run(recogniseDeferrals, { until: "2026-06-30" }, books.accountant);
  await run(reverseDeferral, { deferralId: id, on: "2026-05-10", reason }, books.accountant);
  expect((await balances("2026-05-09"))["6540"]).toBe("200.00");
  expect(await Promise.all(["2026-05-10", "2026-05-31", "2026-06-30"].map(balances))).toEqual([{}, {}, {}]);
  expect(await books.breaks()).toEqual([]);
});
