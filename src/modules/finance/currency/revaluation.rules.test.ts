// Values at closing rates, to the cent.
import { expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Exposure, resultOf, revaluationEntries, valueAt, valued } from "./revaluation.rules.ts";

test.each([
  ["388.00 USD at 93.9325 INR (frappe/erpnext 56648)", 38800n, "93.9325", 2, 2, 3644581n],
  ["half a cent goes away from zero", 5n, "0.1", 2, 2, 1n],
  ["and so on the other side", -5n, "0.1", 2, 2, -1n],
  ["yen to euro", 10000n, "0.006157", 0, 2, 6157n],
  ["euro to yen", 6157n, "162.42", 2, 0, 10000n],
  ["dinar of three decimals", 1234567n, "3.011", 3, 2, 371728n],
])("%s", (_, amount, rate, from, to, value) => {
  expect(valueAt(amount, rate, { from, to })).toBe(value);
});

test("a bill that became cheaper is a gain, a receivable that became less a loss; the next day takes both back", () => {
  const one = (more: Partial<Exposure>): Exposure => ({
    kind: "payable",
    subjectId: "item" as Id,
    partyId: "party" as Id,
    party: "Papier",
    reference: "US-1",
    currency: "USD",
    currencyAmount: -38800n,
    carrying: -3662332n,
    ...more,
  });
  const items = valued(
    [one({}), one({ kind: "receivable", currencyAmount: 10000n, carrying: 950000n })],
    new Map([["USD", "93.9325"]]),
    "INR",
  );
  expect(items.map((item) => item.difference)).toEqual([17751n, -10675n]);
  expect(resultOf(items)).toEqual({ gain: 17751n, loss: 10675n });
  const [entry, back] = revaluationEntries(items, {
    id: "run" as Id,
    day: day("2026-03-31"),
    backDay: day("2026-04-01"),
    currency: "INR",
  })!;
  expect(entry.lines.map((line) => line.amount.amount)).toEqual(["177.51", "-106.75", "-177.51", "106.75"]);
  expect([back.day, ...back.lines.map((line) => line.amount.amount)]).toEqual(["2026-04-01", "-177.51", "106.75", "177.51", "-106.75"]);
});

test("nothing differs, nothing is posted", () => {
  expect(revaluationEntries([], { id: "run" as Id, day: day("2026-03-31"), backDay: day("2026-04-01"), currency: "EUR" })).toBeUndefined();
});
