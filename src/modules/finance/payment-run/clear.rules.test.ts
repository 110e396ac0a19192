// Lines of the bank and the payments they tell of: by code, by run, by the whole of a file, and left alone when two things fit.
import { expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { newId } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { clearings, type ToldLine, type UnderWay } from "./clear.rules.ts";

const euro = (amount: string): Money => Money.parse(amount, "EUR");
const order = (code: string, runCode: string, amount: string): UnderWay => ({
  id: newId(),
  code,
  runCode,
  day: day("2026-11-25"),
  amount: euro(amount),
});
const line = (amount: string, text = "", on = "2026-11-25"): ToldLine => ({
  id: newId(),
  day: day(on),
  amount: euro(amount),
  texts: [text],
});
const shown = (lines: readonly ToldLine[], orders: readonly UnderWay[]) =>
  clearings(lines, orders).map((one) => one.orders.map((each) => each.code));

const [a, b, c] = [
  order("HW0000000000AA", "HWR1", "10.00"),
  order("HW0000000000BB", "HWR1", "20.00"),
  order("HW0000000000CC", "HWR2", "30.00"),
];

test.each([
  ["the code comes back", [line("-10.00", "E2E hw0000000000aa")], [["HW0000000000AA"]]],
  ["the code with another amount proves nothing", [line("-11.00", "HW0000000000AA")], []],
  ["two codes in one line", [line("-40.00", "HW0000000000AA HW0000000000CC")], [["HW0000000000AA", "HW0000000000CC"]]],
  ["the whole of a run that is named", [line("-30.00", "HWR1-1")], [["HW0000000000AA", "HW0000000000BB"]]],
  ["the same amount of two files is left", [line("-30.00")], []],
  [
    "what one line took is gone for the next",
    [line("-30.00", "HWR2"), line("-30.00")],
    [["HW0000000000CC"], ["HW0000000000AA", "HW0000000000BB"]],
  ],
  ["days later is too far", [line("-30.00", "HWR2", "2026-11-25"), line("-30.00", "", "2026-12-24")], [["HW0000000000CC"]]],
])("%s", (_, lines, expected) => expect(shown(lines, [a, b, c])).toEqual(expected));
