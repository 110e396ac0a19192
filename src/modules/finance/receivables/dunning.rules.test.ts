// Dunning by table: levels one after the other, the pause between letters, what is held back, interest by hand.
import { describe, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { type DunningProcedure, interestOn, levelsRise, type OverdueItem, proposeLetters } from "./dunning.rules.ts";

const euro = (amount: string): Money => Money.parse(amount, "EUR");
const level = (number: number, daysOverdue: number, fee: string) => ({
  level: number,
  daysOverdue,
  fee: euro(fee),
  interestPercent: number === 3 ? "5" : "0",
  title: `Level ${number}`,
  text: "",
});
const standard: DunningProcedure = {
  id: "p" as Id,
  pauseDays: 7,
  levels: [level(1, 5, "0.00"), level(2, 20, "5.00"), level(3, 40, "10.00")],
};
const item = (dueDay: string, more: Partial<OverdueItem> = {}): OverdueItem => ({
  itemId: dueDay as Id,
  customerId: "c" as Id,
  dueDay: day(dueDay),
  open: euro("1000.00"),
  level: 0,
  askedOn: null,
  disputed: null,
  procedureId: null,
  noDunningReason: null,
  ...more,
});
const letters = (...items: OverdueItem[]) => proposeLetters(items, new Map(), standard, day("2026-11-21"));

describe("the level of an item on 21 November", () => {
  test.each([
    ["four days late", item("2026-11-17"), undefined],
    ["five days late", item("2026-11-16"), 1],
    ["long overdue and never asked for: the first step first", item("2026-01-01"), 1],
    ["asked once, twenty days late", item("2026-11-01", { level: 1, askedOn: day("2026-11-06") }), 2],
    ["asked once, nineteen days late", item("2026-11-02", { level: 1, askedOn: day("2026-11-07") }), undefined],
    ["asked six days ago", item("2026-10-01", { level: 1, askedOn: day("2026-11-15") }), undefined],
    ["asked seven days ago", item("2026-10-01", { level: 1, askedOn: day("2026-11-14") }), 2],
    ["asked at the last level", item("2026-01-01", { level: 3, askedOn: day("2026-03-01") }), undefined],
  ])("%s", (_, one, expected) => {
    expect(letters(one)[0]?.level).toBe(expected);
  });
});

test("one letter for a customer, at the highest level, with one fee and what is free of dispute", () => {
  const asked = { level: 1, askedOn: day("2026-11-01") };
  const [letter, ...others] = letters(
    item("2026-11-10"),
    item("2026-10-01", asked),
    item("2026-10-02", { ...asked, disputed: "Broken lens" }),
  );
  expect(others).toEqual([]);
  expect(letter).toMatchObject({ level: 2, title: "Level 2", heldReason: null });
  expect([letter!.fee.amount, letter!.total.amount]).toEqual(["5.00", "2000.00"]);
  expect(letter!.items.map((one) => [one.level, one.heldReason])).toEqual([
    [1, null],
    [2, null],
    [2, "Broken lens"],
  ]);
});

test("a letter with nothing but disputes is held, without a fee", () => {
  const [letter] = letters(item("2026-10-01", { disputed: "Wrong price" }));
  expect(letter).toMatchObject({ heldReason: "Wrong price" });
  expect([letter!.fee.amount, letter!.total.amount]).toEqual(["0.00", "0.00"]);
  expect(letters(item("2026-10-01", { noDunningReason: "Public authority" }))[0]!.heldReason).toBe("Public authority");
});

test("dollars are asked for in a letter of their own, and without a fee in euro", () => {
  const asked = { level: 1, askedOn: day("2026-11-01") };
  const found = letters(item("2026-10-01", asked), item("2026-10-02", { ...asked, open: Money.parse("10.00", "USD") }));
  expect(found.map((letter) => [letter.currency, letter.fee.toString()])).toEqual([
    ["EUR", "5.00 EUR"],
    ["USD", "0.00 USD"],
  ]);
});

test("without a procedure nobody is reminded", () => {
  expect(proposeLetters([item("2026-01-01")], new Map(), undefined, day("2026-11-21"))).toEqual([]);
});

test.each([
  ["1000.00", "5", 73, "10.00"],
  ["1190.00", "9", 30, "8.80"],
  ["0.10", "5", 1, "0.00"],
  ["100.00", "0", 400, "0.00"],
])("interest on %s at %s percent for %i days is %s", (open, percent, days, interest) => {
  expect(interestOn(euro(open), percent, days).amount).toBe(interest);
});

test("levels come one after the other", () => {
  expect(levelsRise(standard.levels)).toBe(true);
  expect(levelsRise([level(1, 10, "0.00"), level(2, 10, "0.00")])).toBe(false);
});
