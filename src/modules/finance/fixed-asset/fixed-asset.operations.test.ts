// Fixed assets on a real database: capitalised, depreciated, revised, written down, moved and disposed of, with every refusal.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAsset } from "../../assets/index.ts";
import { createUnit } from "../../directory/index.ts";
import { approveBill, createBill, postBill, reverseBill } from "../payables/bill.operations.ts";
import { createInvoice, postInvoice } from "../receivables/invoice.operations.ts";
import { getTrialBalance } from "../reports/trial-balance.operations.ts";
import { eur, openBooks, type TestBooks } from "../testing/books.ts";
import { createAssetBook, createAssetClass, setClassPlan } from "./asset-class.operations.ts";
import { bringOverAssets, capitaliseAsset } from "./capitalise.operations.ts";
import { disposeAsset } from "./dispose.operations.ts";
import { addToAssetBook, impairAsset, reviseAsset, transferAsset } from "./revise.operations.ts";
import { postDepreciation, reverseDepreciation } from "./run.operations.ts";
import { getSchedule, previewSchedule } from "./schedule.operations.ts";
import { enterUnits, planByHand } from "./use.operations.ts";

let books: TestBooks;
let classId: string;
let statutoryId: string;
let taxId: string;
let unitId: string;
const why = "Looked at again";
const run: TestBooks["house"]["run"] = (operation, input, actor, options) => books.house.run(operation, input, actor, options);
const no = (code: string) => ({ code });

beforeAll(async () => {
  books = await openBooks();
  const made = await run(createAssetClass, { code: "IT", name: "Office and IT equipment", lifeMonths: 24 }, books.chief);
  classId = made.id;
  statutoryId = made.assetBookId;
  taxId = (await run(createAssetBook, { code: "TAX", name: "Tax" }, books.chief)).id;
  const owner = await books.house.person("Olga Owner", "owner");
  unitId = (await run(createUnit, { code: "WS", name: "Workshop", from: "2026-01-01" } as never, owner)).id;
});
afterAll(() => books.house.close());

/** A class of its own, so that balances of one test are not those of another. */
async function ownClass(
  code: string,
  more: object = {},
): Promise<{ id: string; accounts: { asset: string; lost: string; expense: string } }> {
  const group = books.account("1500");
  const account = async (suffix: string, parentId: string): Promise<string> =>
    ((await books.house.call("finance.account.create", { parentId, code: `${code}.${suffix}`, name: code }, books.chief)) as { id: string })
      .id;
  const asset = await account("A", group);
  const lost = await account("L", group);
  const expense = await account("E", books.account("6700"));
  const accounts = { assetAccountId: asset, accumulatedAccountId: lost, expenseAccountId: expense };
  const { id } = await run(createAssetClass, { code, name: code, lifeMonths: 24, ...accounts, ...more }, books.chief);
  return { id, accounts: { asset: `${code}.A`, lost: `${code}.L`, expense: `${code}.E` } };
}
const plan = (more: object) => [{ assetBookId: statutoryId, ...more }];
const asset = (more: object = {}) => ({ assetClassId: classId, name: "Printer", cost: eur("1000.00"), acquiredOn: "2026-01-01", ...more });
const capitalised = async (more?: object) => (await run(capitaliseAsset, asset(more), books.accountant)).id;
const schedule = (fixedAssetId: string, assetBookId?: string) => run(getSchedule, { fixedAssetId, assetBookId }, books.accountant);
const kept = (id: string) => books.house.call("finance.fixedAsset.get", { id }, books.accountant);
const balance = async (code: string, asOf = "2026-12-31"): Promise<string> =>
  (await run(getTrialBalance, { asOf }, books.chief)).rows.find((row) => row.code === code)?.closing.amount ?? "0.00";
const depreciate = (until: string) => run(postDepreciation, { until }, books.accountant);

describe("from the bill to the scrapyard", () => {
  test("a bill's line becomes an asset once, and its cost stands on the class's account", async () => {
    const own = await ownClass("CAR");
    const line = { description: "Van", net: eur("24000.00"), accountId: books.account("6540"), unitId };
    const bill = { supplierId: books.supplierId, supplierNumber: "VAN-1", day: "2026-03-10", lines: [line] };
    const { id: billId } = await run(createBill, bill, books.accountant);
    const lines = (await books.house.call("finance.billLine.list", { filter: { billId } }, books.accountant)) as { rows: { id: string }[] };
    const billLineId = lines.rows[0]!.id;
    const van = { assetClassId: own.id, name: "Van", billLineId };
    await expect(run(capitaliseAsset, van, books.accountant)).rejects.toMatchObject(no("billLineUnfit"));
    await run(approveBill, { billId }, books.chief);
    await run(postBill, { billId }, books.accountant);
    await expect(run(capitaliseAsset, { ...van, cost: eur("24000.01") }, books.accountant)).rejects.toMatchObject(no("aboveBillLine"));
    const { id } = await run(capitaliseAsset, van, books.accountant);
    await expect(run(capitaliseAsset, van, books.accountant)).rejects.toMatchObject(no("aboveBillLine"));
    expect([await balance(own.accounts.asset), await balance("6540")]).toEqual(["24000.00", "0.00"]);
    expect(await kept(id)).toMatchObject({ state: "inUse", acquiredOn: "2026-03-10", cost: eur("24000.00"), unitId });
    expect((await schedule(id)).lines[0]).toMatchObject({ untilDay: "2026-03-31", state: "planned", amount: { amount: "1000.00" } });
    expect(await books.breaks()).toEqual([]);
  });

  test("what is spread over months is no asset", async () => {
    const own = await ownClass("SPAN");
    const span = { serviceFrom: "2026-03-01", serviceUntil: "2027-02-28" };
    const line = { description: "Warranty", net: eur("240.00"), accountId: books.account("6540"), ...span };
    const bill = { supplierId: books.supplierId, supplierNumber: "WAR-1", day: "2026-03-10", lines: [line] };
    const { id: billId } = await run(createBill, bill, books.accountant);
    await run(approveBill, { billId }, books.chief);
    await run(postBill, { billId }, books.accountant);
    const lines = (await books.house.call("finance.billLine.list", { filter: { billId } }, books.accountant)) as { rows: { id: string }[] };
    const wish = { assetClassId: own.id, name: "Warranty", billLineId: lines.rows[0]!.id };
    await expect(run(capitaliseAsset, wish, books.accountant)).rejects.toMatchObject(no("billLineUnfit"));
    await run(reverseBill, { billId, reason: "Not wanted" }, books.chief);
  });

  test("bought abroad, it costs what the bill stands at in the books", async () => {
    const own = await ownClass("USD");
    const line = { description: "Laser", net: { amount: "1000.00", currency: "USD" }, accountId: books.account("6540"), taxCode: "exempt" };
    const bill = { supplierId: books.supplierId, supplierNumber: "US-1", day: "2026-03-10", rate: "0.9", lines: [line] };
    const { id: billId } = await run(createBill, bill, books.accountant);
    await run(approveBill, { billId }, books.chief);
    await run(postBill, { billId }, books.accountant);
    const lines = (await books.house.call("finance.billLine.list", { filter: { billId } }, books.accountant)) as { rows: { id: string }[] };
    const { id } = await run(capitaliseAsset, { assetClassId: own.id, name: "Laser", billLineId: lines.rows[0]!.id }, books.accountant);
    expect(await kept(id)).toMatchObject({ cost: eur("900.00") });
    expect([await balance(own.accounts.asset), await balance("6540")]).toEqual(["900.00", "0.00"]);
    expect(await books.breaks()).toEqual([]);
  });

  test("a thing of the register and its fixed asset are one identity, and go together", async () => {
    const owner = await books.house.person("Olga Owner", "owner");
    const { id: assetId } = await run(createAsset, { kind: "printer", name: "Laser 9", tag: "HW-7" }, owner);
    expect(await capitalised({ assetId, name: undefined })).toBe(assetId);
    expect(await kept(assetId)).toMatchObject({ name: "Laser 9", asset: "HW-7 Laser 9" });
    await expect(capitalised({ assetId, name: undefined })).rejects.toMatchObject(no("capitalisedAlready"));
    const scrap = { fixedAssetId: assetId, kind: "scrap", on: "2026-06-30", note: "Broken" };
    await run(disposeAsset, scrap, books.accountant);
    expect(await books.house.call("assets.asset.get", { id: assetId }, owner)).toMatchObject({ state: "retired" });
    expect(await books.breaks()).toEqual([]);
  });
});

describe("Tryton's scenario on a real ledger", () => {
  let id: string;
  let own: Awaited<ReturnType<typeof ownClass>>;
  beforeAll(async () => {
    own = await ownClass("TRY");
    id = await capitalised({ assetClassId: own.id, fromAccountId: books.account("1120"), plans: plan({ residual: eur("100.00") }) });
  });

  test("three months are 112.50, booked in three entries for all assets", async () => {
    const before = await run(getTrialBalance, { asOf: "2026-03-31" }, books.chief);
    expect(before.rows.find((row) => row.code === own.accounts.lost)?.closing.amount ?? "0.00").toBe("0.00");
    const posted = await depreciate("2026-03-31");
    expect(posted.entries).toHaveLength(3);
    expect([await balance(own.accounts.lost), await balance(own.accounts.expense)]).toEqual(["-112.50", "112.50"]);
    await expect(depreciate("2026-03-31")).rejects.toMatchObject(no("nothingDue"));
    expect(await books.breaks()).toEqual([]);
  });

  test("revised to 1,100 the lines to come are 42.26, the last 42.30; what is booked stays", async () => {
    const wish = { fixedAssetId: id, cost: eur("1100.00"), againstAccountId: books.account("1120"), reason: why };
    await expect(run(reviseAsset, { ...wish, day: "2026-03-31" }, books.accountant)).rejects.toMatchObject(no("bookedAfter"));
    const { lines } = await run(reviseAsset, { ...wish, day: "2026-04-01" }, books.accountant);
    expect(lines.map((line) => line.amount.amount)).toEqual([...Array<string>(20).fill("42.26"), "42.30"]);
    const shown = await schedule(id);
    expect(shown.lines.slice(0, 3).map((line) => [line.state, line.amount.amount])).toEqual(Array(3).fill(["posted", "37.50"]));
    expect(shown.revisions).toMatchObject([{ reason: why, costBefore: { amount: "1000.00" }, costAfter: { amount: "1100.00" } }]);
    expect(await balance(own.accounts.asset)).toBe("1100.00");
    expect(await books.breaks()).toEqual([]);
  });

  test("sold for 600 after six months: 860.72 goes, 260.72 is lost", async () => {
    const sale = {
      fixedAssetId: id,
      kind: "sale",
      on: "2026-06-30",
      proceeds: eur("600.00"),
      proceedsAccountId: books.account("1120"),
      note: "Sold",
    };
    const sold = await run(disposeAsset, sale, books.accountant);
    expect(sold).toMatchObject({ depreciated: { amount: "126.78" }, bookValue: { amount: "860.72" }, result: { amount: "-260.72" } });
    expect([await balance(own.accounts.asset), await balance(own.accounts.lost)]).toEqual(["0.00", "0.00"]);
    expect(await kept(id)).toMatchObject({ state: "disposed", bookValue: eur("0.00"), result: eur("-260.72") });
    await expect(run(disposeAsset, sale, books.accountant)).rejects.toMatchObject(no("disposedAlready"));
    expect(await books.breaks()).toEqual([]);
  });
});

describe("several books", () => {
  test("the tax book follows the tables of the tax office and posts nothing", async () => {
    const own = await ownClass("TAX5");
    const macrs = { method: "decliningBalance", convention: "halfYear", rhythm: "year", lifeMonths: 60, percentDecimals: 2 };
    await run(setClassPlan, { assetClassId: own.id, assetBookId: taxId, ...macrs }, books.chief);
    const id = await capitalised({ assetClassId: own.id, cost: eur("10000.00"), acquiredOn: "2026-05-05" });
    const amounts = (await schedule(id, taxId)).lines.map((line) => line.amount.amount);
    expect(amounts).toEqual(["2000.00", "3200.00", "1920.00", "1152.00", "1152.00", "576.00"]);
    const before = await balance(own.accounts.lost);
    await run(postDepreciation, { until: "2026-12-31", assetBookId: taxId }, books.accountant);
    expect(await balance(own.accounts.lost)).toBe(before);
    expect(await schedule(id, taxId)).toMatchObject({ accumulated: { amount: "2000.00" }, bookValue: { amount: "8000.00" } });
    expect(await schedule(id)).toMatchObject({ accumulated: { amount: "0.00" }, books: [{ name: "Statements" }, { name: "Tax" }] });
    expect(await books.breaks()).toEqual([]);
  });

  test("sold on the last day of the year it still has half of that year, as the law of the convention has it", async () => {
    const own = await ownClass("TAX6");
    const macrs = { method: "decliningBalance", convention: "halfYear", rhythm: "year", lifeMonths: 60, percentDecimals: 2 };
    await run(setClassPlan, { assetClassId: own.id, assetBookId: taxId, ...macrs }, books.chief);
    const id = await capitalised({ assetClassId: own.id, cost: eur("10000.00"), acquiredOn: "2026-05-05" });
    await run(postDepreciation, { until: "2026-12-31", assetBookId: taxId }, books.accountant);
    await run(disposeAsset, { fixedAssetId: id, kind: "scrap", on: "2027-12-31", note: "Broken" }, books.accountant);
    // Half of the second year's 3,200.00 (26 CFR 1.168(d)-1(b)(3)).
    expect((await schedule(id, taxId)).lines.map((line) => [line.untilDay, line.amount.amount])).toEqual([
      ["2026-12-31", "2000.00"],
      ["2027-12-31", "1600.00"],
    ]);
    expect(await books.breaks()).toEqual([]);
  });

  test("an asset is put into a further book later, and only once", async () => {
    const id = await capitalised();
    await expect(schedule(id, taxId)).rejects.toMatchObject(no("notInBook"));
    const wish = { fixedAssetId: id, assetBookId: taxId, method: "sumOfYears", convention: "fullMonth", rhythm: "year", lifeMonths: 36 };
    const { lines } = await run(addToAssetBook, { ...wish, cost: eur("600.00") }, books.accountant);
    expect(lines.map((line) => line.amount.amount)).toEqual(["300.00", "200.00", "100.00"]);
    await expect(run(addToAssetBook, wish, books.accountant)).rejects.toMatchObject(no("inBookAlready"));
    const other = await capitalised();
    const bad = (more: object) => expect(run(addToAssetBook, { ...wish, fixedAssetId: other, ...more }, books.accountant)).rejects;
    await bad({ assetBookId: unitId }).toMatchObject(no("assetBookUnknown"));
    await bad({ cost: { amount: "1", currency: "USD" } }).toMatchObject(no("currencyDiffers"));
    await bad({ residual: eur("1000.01") }).toMatchObject(no("residualAboveCost"));
    await bad({ factor: "0.5" }).toMatchObject(no("factorOutOfRange"));
  });

  test("a plan is seen before anything is on the books", async () => {
    const asked = { cost: eur("1000.00"), residual: eur("100.00"), startDay: "2026-01-01", lifeMonths: 24 };
    const { lines, total } = await run(previewSchedule, asked, books.accountant);
    expect([lines.length, lines[0]!.amount.amount, lines.at(-1)!.bookValue.amount, total.amount]).toEqual([
      24,
      "37.50",
      "100.00",
      "900.00",
    ]);
    await expect(run(previewSchedule, { ...asked, residual: eur("1000.01") }, books.accountant)).rejects.toMatchObject(
      no("residualAboveCost"),
    );
    await expect(run(previewSchedule, { ...asked, factor: "11" }, books.accountant)).rejects.toMatchObject(no("factorOutOfRange"));
    await expect(run(previewSchedule, { ...asked, bookId: unitId }, books.accountant)).rejects.toMatchObject(no("booksMissing"));
  });
});

describe("what was there before", () => {
  test("an asset brought over loses only what is left, and can be booked with its past", async () => {
    const own = await ownClass("OLD");
    const old = { assetClassId: own.id, name: "Press", cost: eur("2400.00"), accumulated: eur("1000.00"), acquiredOn: "2025-03-01" };
    const { assets } = await run(bringOverAssets, { untilDay: "2026-01-31", isBooked: false, assets: [old] }, books.chief);
    expect([await balance(own.accounts.asset), await balance(own.accounts.lost)]).toEqual(["2400.00", "-1000.00"]);
    const shown = await schedule(assets[0]!.id);
    expect(shown).toMatchObject({ accumulated: { amount: "1000.00" }, bookValue: { amount: "1400.00" } });
    // 13 of 24 months are left: 1,400 / 13 = 107.69, the last one takes the rest.
    expect(shown.lines.map((line) => line.amount.amount)).toEqual([...Array<string>(12).fill("107.69"), "107.72"]);
    expect(await books.breaks()).toEqual([]);
    const bad = { ...old, accumulated: eur("2400.01") };
    await expect(run(bringOverAssets, { untilDay: "2026-01-31", assets: [bad] }, books.chief)).rejects.toMatchObject(
      no("residualAboveCost"),
    );
  });
});

describe("value lost otherwise", () => {
  test("an impairment is booked at once, and what is left is spread over the months to come", async () => {
    const own = await ownClass("IMP");
    const id = await capitalised({ assetClassId: own.id, cost: eur("2400.00"), acquiredOn: "2026-07-01" });
    const impair = { fixedAssetId: id, day: "2026-09-30", amount: eur("1050.00"), reason: "Flooded" };
    await expect(run(impairAsset, { ...impair, amount: eur("2100.01") }, books.chief)).rejects.toMatchObject(no("belowResidual"));
    await expect(run(impairAsset, { ...impair, amount: eur("0") }, books.chief)).rejects.toMatchObject(no("lossNotPositive"));
    const usd = { amount: "1", currency: "USD" };
    await expect(run(impairAsset, { ...impair, amount: usd }, books.chief)).rejects.toMatchObject(no("currencyDiffers"));
    const done = await run(impairAsset, impair, books.chief);
    // 2,400 less three months of 100 less 1,050 is 1,050 over 21 months.
    expect(done.bookValue.amount).toBe("1050.00");
    expect(new Set(done.lines.map((line) => line.amount.amount))).toEqual(new Set(["50.00"]));
    expect(await balance(own.accounts.lost)).toBe("-1050.00");
    await depreciate("2026-10-31");
    await expect(run(impairAsset, { ...impair, amount: eur("1.00") }, books.chief)).rejects.toMatchObject(no("bookedAfter"));
    expect(await balance(own.accounts.lost)).toBe("-1400.00");
    expect(await books.breaks()).toEqual([]);
  });

  test("by the meter: what it gave is its line", async () => {
    const own = await ownClass("KM", { method: "units" });
    const more = { assetClassId: own.id, cost: eur("9000.00"), plans: plan({ residual: eur("1000.00") }) };
    const id = await capitalised({ ...more, unitName: "km", expectedUnits: "10000" });
    const entered = (day: string, units: string) => run(enterUnits, { fixedAssetId: id, day, units }, books.accountant);
    expect((await entered("2026-11-10", "2500")).amount.amount).toBe("2000.00");
    await expect(entered("2026-11-10", "1")).rejects.toMatchObject(no("dayNotAfter"));
    await expect(entered("2026-11-11", "0")).rejects.toMatchObject(no("unitsNotPositive"));
    expect((await entered("2026-11-20", "9000")).amount.amount).toBe("6000.00");
    await expect(entered("2026-11-21", "1")).rejects.toMatchObject(no("nothingLeft"));
    const silent = await capitalised({ ...more, name: "Silent" });
    await expect(run(enterUnits, { fixedAssetId: silent, day: "2026-11-10", units: "1" }, books.accountant)).rejects.toMatchObject(
      no("unitsUnknown"),
    );
    const ruled = await capitalised();
    await expect(run(enterUnits, { fixedAssetId: ruled, day: "2026-11-10", units: "1" }, books.accountant)).rejects.toMatchObject(
      no("notByUnits"),
    );
    await expect(capitalised({ ...more, expectedUnits: "0" })).rejects.toMatchObject(no("unitsNotPositive"));
    expect(await books.breaks()).toEqual([]);
  });

  test("by hand: the lines come to what is left", async () => {
    const own = await ownClass("HAND", { method: "manual" });
    const id = await capitalised({ assetClassId: own.id });
    const planned = (fixedAssetId: string, ...lines: [string, string][]) =>
      run(planByHand, { fixedAssetId, lines: lines.map(([day, amount]) => ({ day, amount: eur(amount) })) }, books.accountant);
    await planned(id, ["2026-12-31", "700.00"], ["2027-12-31", "300.00"]);
    await expect(planned(id, ["2026-12-31", "700.00"])).rejects.toMatchObject(no("sumDiffers"));
    await expect(planned(id, ["2026-12-31", "700.00"], ["2026-12-31", "300.00"])).rejects.toMatchObject(no("dayNotAfter"));
    await expect(planned(id, ["2026-12-31", "0.00"])).rejects.toMatchObject(no("amountNotPositive"));
    await expect(planned(await capitalised(), ["2026-12-31", "1000.00"])).rejects.toMatchObject(no("notByHand"));
    const usd = [{ day: "2026-12-31", amount: { amount: "1", currency: "USD" } }];
    await expect(run(planByHand, { fixedAssetId: id, lines: usd }, books.accountant)).rejects.toMatchObject(no("currencyDiffers"));
    expect((await schedule(id)).lines.map((line) => line.bookValue.amount)).toEqual(["300.00", "0.00"]);
  });
});

describe("cost centres", () => {
  test("each bears an asset for its days, and the history stays", async () => {
    const own = await ownClass("UNIT");
    const id = await capitalised({ assetClassId: own.id, acquiredOn: "2026-11-01" });
    await run(transferAsset, { fixedAssetId: id, unitId, from: "2026-12-01", reason: why }, books.accountant);
    await depreciate("2026-12-31");
    const lines = (await books.house.call(
      "finance.journalLine.list",
      { filter: { account: `~${own.accounts.expense}` }, sort: "day" },
      books.accountant,
    )) as {
      rows: { day: string; unitId: string | null }[];
    };
    expect(lines.rows.map((line) => [line.day, line.unitId])).toEqual([
      ["2026-11-30", null],
      ["2026-12-31", unitId],
    ]);
    const late = { fixedAssetId: id, from: "2026-12-01", reason: why };
    await expect(run(transferAsset, late, books.accountant)).rejects.toMatchObject(no("bookedAfter"));
    const nowhere = { ...late, unitId: books.supplierId, from: "2027-01-01" };
    await expect(run(transferAsset, nowhere, books.accountant)).rejects.toMatchObject(no("unitUnknown"));
    expect(await books.breaks()).toEqual([]);
  });
});

describe("taking a run back", () => {
  test("only the last one, and once", async () => {
    const own = await ownClass("BACK");
    const id = await capitalised({ assetClassId: own.id, acquiredOn: "2026-12-01" });
    const first = await depreciate("2026-12-31");
    const second = await depreciate("2027-01-31");
    const back = (depreciationRunId: string) => run(reverseDepreciation, { depreciationRunId, reason: why }, books.chief);
    await expect(back(first.id)).rejects.toMatchObject(no("laterBooked"));
    await back(second.id);
    expect((await back(first.id)).lines).toBe(first.lines);
    await expect(back(first.id)).rejects.toMatchObject(no("runReversed"));
    await expect(back(unitId)).rejects.toMatchObject(no("notFound"));
    expect(await balance(own.accounts.lost, "2027-01-31")).toBe("0.00");
    expect(await books.breaks()).toEqual([]);
    const again = await depreciate("2027-01-31");
    expect(again.lines).toBe(first.lines + second.lines);
    await run(disposeAsset, { fixedAssetId: id, kind: "scrap", on: "2027-01-31", note: "Broken" }, books.accountant);
    await expect(back(again.id)).rejects.toMatchObject(no("laterBooked"));
    expect(await books.breaks()).toEqual([]);
  });
});

describe("what is refused", () => {
  test("classes and asset books", async () => {
    const made = (more: object) => run(createAssetClass, { code: "X1", name: "X", lifeMonths: 12, ...more }, books.chief);
    await expect(made({ code: "IT" })).rejects.toMatchObject(no("classCodeTaken"));
    await expect(made({ factor: "0.9" })).rejects.toMatchObject(no("factorOutOfRange"));
    await expect(made({ residualPercent: "100.1" })).rejects.toMatchObject(no("percentOutOfRange"));
    await expect(made({ assetAccountId: books.account("1210") })).rejects.toMatchObject(no("accountUnfit"));
    await expect(made({ bookId: unitId })).rejects.toMatchObject(no("booksMissing"));
    await expect(run(createAssetBook, { code: "TAX", name: "Again" }, books.chief)).rejects.toMatchObject(no("assetBookTaken"));
    const wish = { assetClassId: classId, assetBookId: taxId, lifeMonths: 12 };
    await expect(run(setClassPlan, { ...wish, assetClassId: unitId }, books.chief)).rejects.toMatchObject(no("notFound"));
    await expect(run(setClassPlan, { ...wish, assetBookId: unitId }, books.chief)).rejects.toMatchObject(no("assetBookUnknown"));
  });

  test.each([
    ["an unknown class", () => ({ assetClassId: unitId }), "classUnknown"],
    ["neither name nor thing", () => ({ name: undefined }), "nameMissing"],
    ["a thing that is not there", () => ({ name: undefined, assetId: unitId }), "thingUnknown"],
    ["no cost", () => ({ cost: undefined }), "costMissing"],
    ["a cost of nothing", () => ({ cost: eur("0") }), "costNotPositive"],
    ["another currency", () => ({ cost: { amount: "1", currency: "USD" } }), "currencyDiffers"],
    ["an unknown cost centre", () => ({ unitId: books.supplierId }), "unitUnknown"],
    ["more left than it cost", () => ({ plans: plan({ residual: eur("1000.01") }) }), "residualAboveCost"],
    ["an asset book its class is not in", () => ({ plans: [{ assetBookId: taxId }] }), "assetBookUnknown"],
    ["a factor below one", () => ({ plans: plan({ factor: "0.1" }) }), "factorOutOfRange"],
  ])("capitalising %s", async (_, more, code) => {
    await expect(capitalised(more())).rejects.toMatchObject(no(code));
  });

  test("revisions and disposals that cannot be", async () => {
    const id = await capitalised({ acquiredOn: "2026-02-01" });
    const revise = (more: object) =>
      expect(run(reviseAsset, { fixedAssetId: id, day: "2027-03-01", reason: why, ...more }, books.accountant)).rejects;
    await depreciate("2027-02-28");
    await revise({ startDay: "2026-03-01" }).toMatchObject(no("startedAlready"));
    await revise({ cost: eur("500.00") }).toMatchObject(no("belowBooked"));
    await revise({ lifeMonths: 12 }).toMatchObject(no("lifeOver"));
    await revise({ assetBookId: taxId }).toMatchObject(no("notInBook"));
    await revise({ fixedAssetId: unitId }).toMatchObject(no("notFound"));
    await revise({ residual: { amount: "1", currency: "USD" } }).toMatchObject(no("currencyDiffers"));
    const dispose = (more: object) =>
      expect(run(disposeAsset, { fixedAssetId: id, kind: "sale", on: "2027-03-10", note: "Sold", ...more }, books.accountant)).rejects;
    await dispose({ on: "2026-01-31" }).toMatchObject(no("beforeStart"));
    await dispose({ on: "2027-02-27", kind: "scrap" }).toMatchObject(no("bookedAfter"));
    await dispose({}).toMatchObject(no("proceedsUnclear"));
    await dispose({ kind: "scrap", proceeds: eur("1") }).toMatchObject(no("proceedsUnclear"));
    await dispose({ proceeds: { amount: "1", currency: "USD" }, proceedsAccountId: books.account("1120") }).toMatchObject(
      no("currencyDiffers"),
    );
    await dispose({ invoiceLineId: unitId }).toMatchObject(no("invoiceLineUnfit"));
    await expect(run(postDepreciation, { until: "2026-12-31", assetBookId: unitId }, books.accountant)).rejects.toMatchObject(
      no("assetBookUnknown"),
    );
  });

  test("sold on an invoice: its line brings the proceeds, and a gain stays", async () => {
    const own = await ownClass("SOLD");
    const id = await capitalised({ assetClassId: own.id, acquiredOn: "2027-03-01" });
    const line = { description: "Used printer", quantity: "1", unitPrice: eur("1200.00"), accountId: books.account("4810") };
    const { id: invoiceId } = await run(
      createInvoice,
      { customerId: books.customerId, day: "2027-03-15", lines: [line] } as never,
      books.accountant,
    );
    const lines = (await books.house.call("finance.invoiceLine.list", { filter: { invoiceId } }, books.accountant)) as {
      rows: { id: string }[];
    };
    const sale = { fixedAssetId: id, kind: "sale", on: "2027-03-15", note: "Sold", invoiceLineId: lines.rows[0]!.id };
    await run(postInvoice, { invoiceId }, books.accountant);
    // The month of the disposal does not count in full months.
    expect(await run(disposeAsset, sale, books.accountant)).toMatchObject({
      bookValue: { amount: "1000.00" },
      result: { amount: "200.00" },
    });
    expect(await balance("4810", "2027-03-31")).toBe("0.00");
    expect(await books.breaks()).toEqual([]);
  });
});
