// What a revaluation posts, from what its items come to.
import { expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { resultOf, revaluationEntries, type ValuedSum } from "./revaluation.rules.ts";

const run = { id: "run" as Id, day: day("2026-03-31"), backDay: day("2026-04-01"), currency: "INR" };
// frappe/erpnext 56648: 388.00 USD owed and carried at 36 623.32 are worth 36 445.81 at 93.9325; 100.00 USD to come at 9 500.00 are
// 9 393.25.
const payable = { kind: "payable", currency: "USD", rate: "93.9325", items: 1, outstanding: -38800n, carrying: -3662332n } as const;
const sums: readonly ValuedSum[] = [
  { ...payable, value: -3644581n, gain: 17751n, loss: 0n },
  { ...payable, kind: "receivable", items: 2, outstanding: 10000n, carrying: 950000n, value: 939325n, gain: 25n, loss: 10700n },
];

test("a bill that became cheaper is a gain, a receivable that became less a loss; the next day takes both back", () => {
  expect(resultOf(sums)).toEqual({ items: 3, gain: 17776n, loss: 10700n });
  const [entry, back] = revaluationEntries(sums, run)!;
  expect(entry.lines.map((line) => [line.account, line.amount.amount, line.text])).toEqual([
    [{ role: "payableValuation" }, "177.51", "USD at 93.9325: 1 item"],
    [{ role: "receivableValuation" }, "-106.75", "USD at 93.9325: 2 items"],
    [{ role: "exchangeGain" }, "-177.76", "Not realised yet"],
    [{ role: "exchangeLoss" }, "107.00", "Not realised yet"],
  ]);
  expect([back.day, ...back.lines.map((line) => line.amount.amount)]).toEqual(["2026-04-01", "-177.51", "106.75", "177.76", "-107.00"]);
});

test("what gains as much as it loses is a gain and a loss, and changes no valuation", () => {
  const [entry] = revaluationEntries([{ ...sums[1]!, value: 950000n, gain: 500n, loss: 500n }], run)!;
  expect(entry.lines.map((line) => line.amount.amount)).toEqual(["-5.00", "5.00"]);
});

test("nothing differs, nothing is posted", () => {
  expect(revaluationEntries([], run)).toBeUndefined();
  expect(revaluationEntries([{ ...payable, value: -3662332n, gain: 0n, loss: 0n }], run)).toBeUndefined();
});
