// Revisions are prospective: months before stay as posted, and what is left is spread over what remains (IAS 8.36, IAS 16.55, IAS 36.63).
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { explainFigure } from "../reports/explain.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { createAssetClass } from "./asset-class.operations.ts";
import { capitaliseAsset } from "./capitalise.operations.ts";
import { disposeAsset } from "./dispose.operations.ts";
import { impairAsset, reviseAsset } from "./revise.operations.ts";
import { postDepreciation } from "./run.operations.ts";
import { getSchedule } from "./schedule.operations.ts";
import { reverseDisposal } from "./take-back.operations.ts";

let books: TestBooks;
let classId: string;
let assetBookId: string;
const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const reason = "Looked at again";

beforeAll(async () => {
  books = await openBooks();
  const made = await run(createAssetClass, { code: "MACH", name: "Machines", lifeMonths: 60 }, books.chief);
  classId = made.id;
  assetBookId = made.assetBookId;
});
afterAll(() => books.house.close());

/** 12,000.00 over five years by the month. */
async function machine(acquiredOn: string, more: object): Promise<string> {
  const asset = { assetClassId: classId, name: "Lathe", cost: eur("12000.00"), acquiredOn, plans: [{ assetBookId, ...more }] };
  return (await run(capitaliseAsset, asset, books.accountant)).id;
}
const schedule = async (fixedAssetId: string) => (await run(getSchedule, { fixedAssetId }, books.accountant)).lines;
const amounts = (lines: readonly { amount: { amount: string } }[]): string[] => lines.map((line) => line.amount.amount);
const many = (count: number, amount: string): string[] => Array<string>(count).fill(amount);
const total = (lines: readonly { amount: { amount: string } }[]): string =>
  (lines.reduce((sum, line) => sum + BigInt(line.amount.amount.replace(".", "")), 0n) / 100n).toString();

test("half-year, posted until November: 4,900 that are left over 55 months are 89.09 from December", async () => {
  const id = await machine("2026-01-01", { convention: "halfYear" });
  await run(postDepreciation, { until: "2026-11-30" }, books.accountant);
  books.house.today = day("2026-12-01");
  const { lines } = await run(reviseAsset, { fixedAssetId: id, day: "2026-12-01", residual: eur("6000.00"), reason }, books.accountant);
  expect(lines[0]!.untilDay).toBe("2026-12-31");
  expect(amounts(lines.slice(0, 12))).toEqual(many(12, "89.09"));
  expect([lines.length, total(lines), lines.at(-1)!.untilDay]).toEqual([55, "4900", "2031-06-30"]);
  const all = await schedule(id);
  expect(all.slice(0, 11).map((line) => [line.state, line.amount.amount])).toEqual(Array(11).fill(["posted", "100.00"]));
  books.house.today = day("2026-12-02");
  // Said again without another term, nothing is spread anew.
  const again = await run(reviseAsset, { fixedAssetId: id, day: "2027-03-01", reason }, books.accountant);
  expect(amounts(again.lines.slice(0, 9))).toEqual(many(9, "89.09"));
  expect(await books.breaks()).toEqual([]);
});

test("a line of depreciation says which asset lost it, by which plan, and of what", async () => {
  const range = { report: "profitAndLoss", accountId: books.account("6700"), from: "2026-11-01", to: "2026-12-31" };
  books.house.today = day("2027-01-02");
  await run(postDepreciation, { until: "2026-12-31" }, books.accountant);
  const { rows } = await run(explainFigure, range, books.chief);
  const plan = "straight line, 60 months from 2026-01-01, half-year convention";
  // Booked on the terms before the revision: ten months of 100.00 were behind it.
  expect(rows[0]!.says.at(-1)).toBe(
    `FA-00001 Lathe lost 100.00 EUR from 2026-11-01 until 2026-11-30: ${plan}. ` +
      "Of 12000.00 EUR less 0.00 EUR at the end, 11000.00 EUR was left to lose.",
  );
  expect(rows[1]!.says.at(-1)).toBe(
    `FA-00001 Lathe lost 89.09 EUR from 2026-12-01 until 2026-12-31: ${plan}. ` +
      "Of 12000.00 EUR less 6000.00 EUR at the end, 4900.00 EUR was left to lose over 55 months.",
  );
});

test("half-year from October: 5,200 that are left over 55 months are 94.55 in December, and no month has nothing", async () => {
  const id = await machine("2026-10-01", { convention: "halfYear" });
  // Half of 2,400 on three months; two of them stay.
  expect(amounts((await schedule(id)).slice(0, 3))).toEqual(many(3, "400.00"));
  const { lines } = await run(reviseAsset, { fixedAssetId: id, day: "2026-12-01", residual: eur("6000.00"), reason }, books.accountant);
  expect([lines.length, total(lines), ...amounts(lines.slice(0, 2))]).toEqual([55, "5200", "94.55", "94.55"]);
});

test("declining: 40 percent a year of the 20,640 it stands at are 688.00 a month, and a disposal taken back leaves that", async () => {
  const id = await machine("2026-10-01", { method: "decliningBalance" });
  // 3 x 400.00 in 2026, 360.00 a month of 10,800.00 in 2027: 3,360.00 until June.
  expect(amounts((await schedule(id)).slice(0, 9))).toEqual([...many(3, "400.00"), ...many(6, "360.00")]);
  const wish = { fixedAssetId: id, cost: eur("24000.00"), againstAccountId: books.account("1120"), reason };
  const { lines } = await run(reviseAsset, { ...wish, day: "2027-07-01" }, books.accountant);
  // 20,640.00 less 6 x 688.00 is 16,512.00; 40 percent of it over twelve months.
  expect(amounts(lines.slice(0, 8))).toEqual([...many(6, "688.00"), ...many(2, "550.40")]);
  const whole = amounts(await schedule(id));
  await run(disposeAsset, { fixedAssetId: id, kind: "scrap", on: "2027-09-15", note: "Broken" }, books.accountant);
  await run(reverseDisposal, { fixedAssetId: id, reason }, books.chief);
  expect(amounts(await schedule(id))).toEqual(whole);
  expect(await books.breaks()).toEqual([]);
});

test("written down under half-year: the 6,000 that are left over 55 months are 109.09 from the next month on", async () => {
  const id = await machine("2026-01-01", { convention: "halfYear" });
  const loss = { fixedAssetId: id, day: "2026-11-30", amount: eur("4900.00"), reason };
  const { lines } = await run(impairAsset, loss, books.chief);
  expect([lines.length, total(lines), ...amounts(lines.slice(0, 12))]).toEqual([55, "6000", ...many(12, "109.09")]);
  expect(await books.breaks()).toEqual([]);
});
