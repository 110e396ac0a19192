// Twenty virtual years. A failing seed is printed with the fewest deeds that still fail; HEARTWOOD_SEEDS=7,9 or 1-1000 lives those years,
// HEARTWOOD_DEEDS=250 makes them busier. `npm run prove -- year --seeds 1000` is the nightly form.
import { afterAll, beforeAll, expect, test } from "vitest";
import { openHouse, type TestHouse } from "../../src/platform/testing/house.ts";
import { shrink } from "./shrink.ts";
import { liveYear } from "./year.ts";

const seeds = seedsFrom(process.env["HEARTWOOD_SEEDS"] ?? "1-20");
const deedsPerYear = Number(process.env["HEARTWOOD_DEEDS"] ?? 60);
const minutes = 60_000;

function seedsFrom(text: string): number[] {
  return text.split(",").flatMap((part) => {
    const [from = 1, until = from] = part.split("-").map(Number);
    return Array.from({ length: until - from + 1 }, (_, index) => from + index);
  });
}

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

let done = 0;
let refused = 0;
test.each(seeds)("seed %i: nobody meets a fault, and every law holds at the end of the year", { timeout: 10 * minutes }, async (seed) => {
  const places = Array.from({ length: deedsPerYear }, (_, place) => place);
  const lived = await liveYear(house, seed, places);
  done += lived.done;
  refused += lived.refused;
  if (!lived.fault) return;
  const shortest = await shrink(places, async (fewer) => (await liveYear(house, seed, fewer)).fault !== undefined, 40);
  const { fault, story = [] } = await liveYear(house, seed, shortest);
  const said = fault ? `${fault}\n  ${story.join("\n  ")}` : "it did not fail when it was lived again: look for a race";
  expect.fail(`seed ${seed} fails with ${shortest.length} of ${deedsPerYear} deeds: ${said}\nat first: ${lived.fault}`);
});

test("much of what was tried has worked", () => {
  expect(done).toBeGreaterThan(refused / 4);
});
