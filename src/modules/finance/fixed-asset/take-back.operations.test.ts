// A disposal and a loss in value taken back, on a real database; the figures are those of IAS 36.117 and of straight lines worked by hand.
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { createAsset, retireAsset } from "../../assets/index.ts";
import { createAssetClass } from "./asset-class.operations.ts";
import { capitaliseAsset } from "./capitalise.operations.ts";
import { disposeAsset } from "./dispose.operations.ts";
import { impairAsset, reviseAsset } from "./revise.operations.ts";
import { postDepreciation, reverseDepreciation } from "./run.operations.ts";
import { getSchedule } from "./schedule.operations.ts";
import { reverseDisposal, reverseImpairment } from "./take-back.operations.ts";
import { planByHand } from "./use.operations.ts";

let books: TestBooks;
let assetClassId: string;
const why = "It was another machine";
const no = (code: string) => ({ code });
const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
beforeAll(async () => {
  books = await openBooks();
  assetClassId = (await run(createAssetClass, { code: "MA", name: "Machines", lifeMonths: 12 }, books.chief)).id;
});
afterAll(() => books.house.close());

const capitalised = async (cost: string) =>
  (await run(capitaliseAsset, { assetClassId, name: "Lathe", cost: eur(cost), acquiredOn: "2026-01-01" }, books.accountant)).id;
const schedule = async (fixedAssetId: string) => (await run(getSchedule, { fixedAssetId }, books.accountant)).lines;
const balances = async () => {
  const { rows } = await run(getTrialBalance, { asOf: "2026-12-31" }, books.chief);
  return rows.filter((row) => row.closing.minor !== 0n).map((row) => [row.code, row.closing.amount]);
};

test("a disposal that was none leaves the books and the schedule as they were before it", async () => {
  // 1200.00 over twelve months, booked until March. Scrapped in the middle of May; taken back, 100.00 a month go on from April.
  const id = await capitalised("1200.00");
  await run(postDepreciation, { until: "2026-03-31" }, books.accountant);
  const [before, planned] = [await balances(), await schedule(id)];
  const take = { fixedAssetId: id, reason: why };
  await expect(run(reverseDisposal, take, books.chief)).rejects.toMatchObject(no("notDisposed"));
  await run(disposeAsset, { fixedAssetId: id, kind: "scrap", on: "2026-05-15", note: "Broken" }, books.accountant);
  expect(await balances()).not.toEqual(before);
  const { entryNumbers } = await run(reverseDisposal, take, books.chief);
  expect(entryNumbers).toHaveLength(2);
  expect(await balances()).toEqual(before);
  const shape = (lines: typeof planned) => lines.map((line) => [line.untilDay, line.amount.amount, line.state]);
  expect(shape(await schedule(id))).toEqual(shape(planned));
  expect(shape(planned).slice(2, 5)).toEqual([
    ["2026-03-31", "100.00", "posted"],
    ["2026-04-30", "100.00", "planned"],
    ["2026-05-31", "100.00", "planned"],
  ]);
  expect(await books.house.call("finance.fixedAsset.get", { id }, books.chief)).toMatchObject({ state: "inUse", disposedOn: null });
  await expect(run(reverseDisposal, take, books.chief)).rejects.toMatchObject(no("notDisposed"));
  await expect(run(reverseDisposal, { ...take, fixedAssetId: books.supplierId }, books.chief)).rejects.toMatchObject(no("notFound"));
  // It can go again.
  await run(disposeAsset, { fixedAssetId: id, kind: "scrap", on: "2026-06-30", note: "Broken after all" }, books.accountant);
  expect(await books.breaks()).toEqual([]);
});

test("a loss in value is won back up to where the asset would stand without it", async () => {
  // 12000.00 over twelve months. At the end of March 9000.00; 1800.00 written down: 7200.00, so 800.00 a month. At the end of June 4800.00;
  // without the loss 6000.00. At most 1200.00 is won back: 6000.00 over six months are 1000.00 a month again.
  const id = await capitalised("12000.00");
  const back = (more: object = {}) => run(reverseImpairment, { fixedAssetId: id, day: "2026-06-30", reason: why, ...more }, books.chief);
  await expect(back()).rejects.toMatchObject(no("neverImpaired"));
  await run(postDepreciation, { until: "2026-03-31" }, books.accountant);
  await run(impairAsset, { fixedAssetId: id, day: "2026-03-31", amount: eur("1800.00"), reason: why }, books.chief);
  await run(postDepreciation, { until: "2026-06-30" }, books.accountant);
  await expect(back({ day: "2026-05-31" })).rejects.toMatchObject(no("bookedAfter"));
  await expect(back({ amount: eur("1200.01") })).rejects.toMatchObject({
    code: "aboveUnimpaired",
    facts: { value: "6000.00 EUR", most: "1200.00 EUR" },
  });
  await expect(back({ amount: eur("0.00") })).rejects.toMatchObject(no("gainNotPositive"));
  await expect(back({ amount: { amount: "1.00", currency: "USD" } })).rejects.toMatchObject(no("currencyDiffers"));
  await expect(back({ assetBookId: books.supplierId })).rejects.toMatchObject(no("notInBook"));
  const done = await back();
  expect([done.amount.amount, done.bookValue.amount]).toEqual(["1200.00", "6000.00"]);
  expect(done.lines.map((line) => line.amount.amount)).toEqual(Array.from({ length: 6 }, () => "1000.00"));
  await run(postDepreciation, { until: "2026-12-31" }, books.accountant);
  expect((await schedule(id)).at(-1)).toMatchObject({ bookValue: { amount: "0.00" } });
  expect(await books.breaks()).toEqual([]);
  await expect(back({ fixedAssetId: books.supplierId })).rejects.toMatchObject(no("notFound"));
});

test("what is gone wins nothing back", async () => {
  const id = await capitalised("600.00");
  await run(disposeAsset, { fixedAssetId: id, kind: "scrap", on: "2026-12-31", note: "Broken" }, books.accountant);
  const late = { fixedAssetId: id, day: "2026-12-31", reason: why };
  await expect(run(reverseImpairment, late, books.chief)).rejects.toMatchObject(no("disposedAlready"));
});

test("the thing is back in the asset register, unless it is said to stay retired", async () => {
  const keeper = await books.house.person("Kim Keeper", "assets.manager");
  const { id: assetId } = await run(createAsset, { kind: "tool", name: "Press" }, keeper);
  const thing = () => books.house.call("assets.asset.get", { id: assetId }, keeper);
  await run(capitaliseAsset, { assetClassId, assetId, cost: eur("1200.00"), acquiredOn: "2026-01-01" }, books.accountant);
  const scrap = () => run(disposeAsset, { fixedAssetId: assetId, kind: "scrap", on: "2026-11-20", note: "Broken" }, books.accountant);
  await scrap();
  expect(await thing()).toMatchObject({ state: "retired" });
  await run(reverseDisposal, { fixedAssetId: assetId, reason: why }, books.chief);
  expect(await thing()).toMatchObject({ state: "inStock" });
  expect(await books.house.call("finance.fixedAsset.get", { id: assetId }, books.chief)).toMatchObject({ assetId, state: "inUse" });
  // What somebody retired for a reason of their own stays so.
  await run(retireAsset, { assetId, on: "2026-11-21", note: "Given away" }, keeper);
  await scrap();
  await run(reverseDisposal, { fixedAssetId: assetId, reason: why, returns: false }, books.chief);
  expect(await thing()).toMatchObject({ state: "retired" });
  expect(await books.breaks()).toEqual([]);
});

test("lines planned by hand come back as they were", async () => {
  const byHand = { code: "HA", name: "Moulds", lifeMonths: 12, method: "manual" };
  const { id: classId } = await run(createAssetClass, byHand, books.chief);
  const input = { assetClassId: classId, name: "Mould", cost: eur("900.00"), acquiredOn: "2026-01-01" };
  books.house.today = day("2026-03-01");
  const { id } = await run(capitaliseAsset, input, books.accountant);
  const lines = ["2026-03-31", "2026-06-30", "2026-09-30"].map((one, index) => ({ day: one, amount: eur(`${index + 2}00.00`) }));
  await run(planByHand, { fixedAssetId: id, lines }, books.accountant);
  const shape = async () => (await schedule(id)).map((line) => [line.untilDay, line.amount.amount, line.state]);
  const before = await shape();
  books.house.today = day("2026-05-04");
  await run(disposeAsset, { fixedAssetId: id, kind: "scrap", on: "2026-05-04", note: "Worn" }, books.accountant);
  expect(await shape()).toEqual([["2026-03-31", "200.00", "posted"]]);
  books.house.today = day("2026-05-05");
  await run(reverseDisposal, { fixedAssetId: id, reason: why }, books.chief);
  expect(await shape()).toEqual(before);
  expect(await books.breaks()).toEqual([]);
});

test("a schedule reads as it was known then, whatever was planned, booked, disposed of and taken back since", async () => {
  const at = (moment: string) => (books.house.today = day(moment));
  at("2026-01-05");
  const id = await capitalised("1200.00");
  const read = async (asKnownAt?: string) =>
    JSON.stringify(await run(getSchedule, { fixedAssetId: id, ...(asKnownAt && { asKnownAt }) }, books.accountant));
  const told = new Map([["2026-01-05", await read()]]);
  const then = async (moment: string, does: () => Promise<unknown>) => {
    at(moment);
    await does();
    told.set(moment, await read());
  };
  const reason = why;
  await then("2026-04-02", () => run(postDepreciation, { until: "2026-03-31" }, books.accountant));
  await then("2026-04-10", () => run(reviseAsset, { fixedAssetId: id, day: "2026-04-01", lifeMonths: 18, reason }, books.accountant));
  await then("2026-05-02", () => run(postDepreciation, { until: "2026-04-30" }, books.accountant));
  await then("2026-05-04", () => run(impairAsset, { fixedAssetId: id, day: "2026-05-03", amount: eur("280.00"), reason }, books.chief));
  await then("2026-06-10", () =>
    run(disposeAsset, { fixedAssetId: id, kind: "scrap", on: "2026-06-10", note: "Broken" }, books.accountant),
  );
  await then("2026-06-20", () => run(reverseDisposal, { fixedAssetId: id, reason }, books.chief));
  let depreciationRunId: string | undefined;
  await then("2026-07-02", async () => {
    depreciationRunId = (await run(postDepreciation, { until: "2026-06-30" }, books.accountant)).id;
  });
  await then("2026-07-03", () => run(reverseDepreciation, { depreciationRunId, reason }, books.chief));
  // A run that was taken back leaves the plan as it was; all else changed what one reads.
  expect(told.get("2026-07-03")).toBe(told.get("2026-06-20"));
  expect(new Set(told.values()).size).toBe(told.size - 1);
  at("2026-11-21");
  for (const [moment, bytes] of told) expect(await read(moment)).toBe(bytes);
  // By hand: 300.00 booked until March; the other 900.00 over the fifteen months that are left are 60.00 in April.
  const april = JSON.parse(told.get("2026-05-02")!) as { bookValue: { amount: string } };
  expect(april.bookValue.amount).toBe("840.00");
  await expect(read("2026-01-04")).rejects.toMatchObject(no("notYetKept"));
  expect(await books.breaks()).toEqual([]);
});
