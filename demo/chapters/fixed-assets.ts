// The fixed assets behind the opening balances, a tax view beside the statements, and their depreciation until the month before last.
import { addDays, addMonths, type Day, startOfMonth } from "../../src/kernel/day.ts";
import type { Id } from "../../src/kernel/id.ts";
import { known, type Story, tell } from "../story.ts";
import { monthsOfBooks } from "./books.ts";

const accountant = "Tomas Keller";
const head = "Ingrid Sommer";
const euro = (amount: string): { amount: string; currency: string } => ({ amount, currency: "EUR" });

// name | class | unit | cost | depreciated before | months in use before; the sums are those of the opening balances.
const brought = [
  ["Grinding and coating line", "MACH", "PRO", "144000.00", "48000.00", 40],
  ["Measuring room, Jena", "MACH", "QA", "44000.00", "11000.00", 30],
  ["Furniture and fittings, both sites", "FURN", "FAC", "64000.00", "24000.00", 58],
  ["Delivery van", "CAR", "PRO", "23000.00", "7000.00", 22],
  ["Estate car of sales", "CAR", "SAL", "18000.00", "6000.00", 24],
] as const;

const classes = [
  ["MACH", "Machines and equipment", "1510", 120],
  ["FURN", "Furniture and fittings", "1520", 156],
  ["CAR", "Vehicles", "1530", 72],
] as const;

export async function fixedAssetsChapter(story: Story): Promise<void> {
  const start = startOfMonth(addMonths(story.today, -monthsOfBooks));
  const { id: taxBookId } = await tell(story, "finance.assetBook.create", { code: "TAX", name: "Tax office" }, head, start);
  for (const [code, name, account, lifeMonths] of classes) {
    const assetAccountId = known(story, `account/${account}`);
    const made = await tell(story, "finance.assetClass.create", { code, name, assetAccountId, lifeMonths }, head, start);
    story.known.set(`assetClass/${code}`, made.id);
    const plan = { method: "decliningBalance", factor: "2", convention: "fullMonth", lifeMonths };
    await tell(story, "finance.assetClass.plan", { assetClassId: made.id, assetBookId: taxBookId, ...plan }, head, start);
  }
  await bringOver(story, start);
  const until = addDays(startOfMonth(addMonths(story.today, -1)), -1);
  for (let month = start; month <= until; month = addMonths(month, 1)) {
    const last = addDays(addMonths(month, 1), -1);
    await tell(story, "finance.depreciationRun.post", { until: last }, accountant, last);
  }
}

async function bringOver(story: Story, start: Day): Promise<void> {
  const assets = brought.map(([name, code, unit, cost, accumulated, months]) => ({
    assetClassId: known(story, `assetClass/${code}`),
    name,
    unitId: story.known.get(`unit/${unit}`) as Id,
    cost: euro(cost),
    accumulated: euro(accumulated),
    acquiredOn: addMonths(start, -months),
  }));
  await tell(story, "finance.fixedAsset.bringOver", { untilDay: addDays(start, -1), assets }, head, start);
}
