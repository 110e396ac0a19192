// The line of a bill that an asset was bought with, on a real database: what it cost with its tax, and that its bill stays while it does.
import { afterAll, beforeAll, expect, test } from "vitest";
import { approveBill, createBill, postBill, reverseBill } from "../payables/bill.operations.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { createTaxCode } from "../tax/tax-code.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { createAssetClass } from "./asset-class.operations.ts";
import { capitaliseAsset } from "./capitalise.operations.ts";
import { disposeAsset } from "./dispose.operations.ts";

let books: TestBooks;
let assetClassId: string;
const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const no = (code: string) => ({ code });

beforeAll(async () => {
  books = await openBooks();
  assetClassId = (await run(createAssetClass, { code: "CAR", name: "Cars", lifeMonths: 60 }, books.chief)).id;
  const half = { code: "half", name: "Half deductible", from: "2026-01-01", percent: "19", deductiblePercent: "50" };
  await run(createTaxCode, half, books.chief);
});
afterAll(() => books.house.close());

/** A posted bill, and its lines in their order. */
async function posted(supplierNumber: string, ...lines: [net: string, taxCode: string][]): Promise<{ billId: string; lineIds: string[] }> {
  const accountId = books.account("6540");
  const said = lines.map(([net, taxCode], index) => ({ description: `Car ${index}`, net: eur(net), taxCode, accountId }));
  const bill = { supplierId: books.supplierId, supplierNumber, day: "2026-03-10", lines: said };
  const { id: billId } = await run(createBill, bill, books.accountant);
  await run(approveBill, { billId }, books.chief);
  await run(postBill, { billId }, books.accountant);
  const found = (await books.house.call("finance.billLine.list", { filter: { billId } }, books.accountant)) as {
    rows: { id: string; description: string }[];
  };
  const byText = found.rows.toSorted((a, b) => (a.description < b.description ? -1 : 1));
  return { billId, lineIds: byText.map((line) => line.id) };
}

const capitalised = async (billLineId: string, more: object = {}): Promise<string> =>
  (await run(capitaliseAsset, { assetClassId, name: "Car", billLineId, ...more }, books.accountant)).id;
const costOf = async (id: string): Promise<unknown> =>
  ((await books.house.call("finance.fixedAsset.get", { id }, books.accountant)) as { cost: unknown }).cost;
const balances = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await run(getTrialBalance, { asOf: "2026-12-31" }, books.chief)).rows.flatMap((row) =>
      row.code && row.closing.amount !== "0.00" ? [[row.code, row.closing.amount]] : [],
    ),
  );

test("tax that may not be reclaimed is part of what an asset cost, and nothing of it stays behind", async () => {
  const { lineIds } = await posted("CAR-1", ["100.00", "half"]);
  // 19.00 of tax, half of it cost.
  expect((await balances())["6540"]).toBe("109.50");
  await expect(capitalised(lineIds[0]!, { cost: eur("109.51") })).rejects.toMatchObject(no("aboveBillLine"));
  expect(await costOf(await capitalised(lineIds[0]!))).toEqual(eur("109.50"));
  expect((await balances())["6540"]).toBeUndefined();
  expect(await books.breaks()).toEqual([]);
});

test("lines of one account share it by the tax of each; one whose tax is reclaimed has none of it", async () => {
  const { lineIds } = await posted("CAR-2", ["100.00", "half"], ["200.00", "standard"], ["50.00", "half"]);
  // 19 % of 150.00 is 28.50, half of it 14.25: 9.50 and 4.75.
  const costs = [];
  for (const id of lineIds) costs.push(await costOf(await capitalised(id)));
  expect(costs).toEqual([eur("109.50"), eur("200.00"), eur("54.75")]);
  expect((await balances())["6540"]).toBeUndefined();
  expect(await books.breaks()).toEqual([]);
});

test("a bill is not reversed under an asset that has its cost from it; once that is gone nothing of either stays", async () => {
  const before = await balances();
  const { billId, lineIds } = await posted("CAR-3", ["1200.00", "half"]);
  const fixedAssetId = await capitalised(lineIds[0]!);
  const reverse = () => run(reverseBill, { billId, reason: "Not ours" }, books.chief);
  await expect(reverse()).rejects.toMatchObject({ code: "isAssetCost", facts: { account: "6540" } });
  const proceeds = { proceeds: eur("1314.00"), proceedsAccountId: books.account("6540") };
  const gone = { fixedAssetId, kind: "sale", on: "2026-03-10", note: "Bill was not ours", ...proceeds };
  expect(await run(disposeAsset, gone, books.accountant)).toMatchObject({ result: { amount: "0.00" } });
  await reverse();
  expect(await balances()).toEqual(before);
  expect(await books.breaks()).toEqual([]);
});
