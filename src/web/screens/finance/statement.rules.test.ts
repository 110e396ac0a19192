// Statements as they are read: groups add up exactly, folded groups hide what is below, changes in per cent.
import { expect, test } from "vitest";
import { differenceOf, percentOf, type StatementLine, treeOf, unfolded } from "./statement.rules.ts";

const euro = (amount: string) => ({ amount, currency: "EUR" });
const account = (id: string, parentId: string | null, isGroup = false) => ({ id, code: id, name: `Account ${id}`, parentId, isGroup });

const chart = [
  account("1", null, true),
  account("11", "1", true),
  account("111", "11"),
  account("112", "11"),
  account("12", "1"),
  account("2", null, true),
];

test("groups add up what is below, and empty ones are left out", () => {
  const lines = treeOf(
    chart,
    new Map([
      ["111", [euro("0.10"), euro("90071992547409.93")]],
      ["112", [euro("0.20"), euro("-0.02")]],
      ["12", [euro("5.00"), euro("0.00")]],
    ]),
    "EUR",
  );
  expect(lines.map((line) => [line.key, line.level, ...line.amounts.map((amount) => amount?.amount)])).toEqual([
    ["1", 0, "5.30", "90071992547409.91"],
    ["11", 1, "0.30", "90071992547409.91"],
    ["111", 2, "0.10", "90071992547409.93"],
    ["112", 2, "0.20", "-0.02"],
    ["12", 1, "5.00", "0.00"],
  ]);
});

test("a folded group hides what is below, not the totals", () => {
  const line = (key: string, level: number, isTotal = false): StatementLine => ({
    key,
    name: key,
    level,
    isGroup: true,
    isTotal,
    amounts: [],
  });
  const lines = [line("1", 0), line("11", 1), line("111", 2), line("12", 1), line("sum", 1, true), line("2", 0)];
  const keys = (folded: string[]): string[] => unfolded(lines, new Set(folded)).map((one) => one.key);
  expect(keys([])).toEqual(["1", "11", "111", "12", "sum", "2"]);
  expect(keys(["11"])).toEqual(["1", "11", "12", "sum", "2"]);
  expect(keys(["1"])).toEqual(["1", "sum", "2"]);
});

test.each([
  ["110.00", "100.00", "10.0"],
  ["-50.00", "100.00", "-150.0"],
  ["-50.00", "-100.00", "50.0"],
  ["1.00", "3.00", "-66.7"],
  ["2.00", "3.00", "-33.3"],
  ["5.00", "5.00", "0.0"],
  ["5.00", "0.00", null],
])("from %2$s to %1$s is %3$s per cent", (now, before, percent) => expect(percentOf(euro(now), euro(before))).toBe(percent));

test("what changed is exact", () => expect(differenceOf(euro("0.30"), euro("0.10"))).toEqual(euro("0.20")));
