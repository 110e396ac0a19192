// Dunning by table: levels one after the other, the pause between letters, what is held back, interest by hand.
import { describe, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { coveredItems, type DunningProcedure, interestOn, levelsRise, type OverdueItem, proposeLetters } from "./dunning.rules.ts";

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
  isCharge: false,
  ...more,
});
const lettersWith = (credit: string, ...items: OverdueItem[]) =>
  proposeLetters(coveredItems(items, [{ customerId: "c" as Id, amount: euro(credit) }]), new Map(), standard, day("2026-11-21"));
const letters = (...items: OverdueItem[]) => lettersWith("0.00", ...items);

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

test("what the customer has in their favour covers the oldest first, never what is disputed", () => {
  const [older, newer] = [item("2026-10-01"), item("2026-10-02", { level: 2, askedOn: day("2026-10-30") })];
  expect(lettersWith("2000.00", newer, older)).toEqual([]);
  const [letter] = lettersWith("1400.00", newer, older);
  // 600.00 are left of the newer, at 5 percent for the 22 days since it was asked for: 1.81.
  expect(letter!.items.map((one) => [one.itemId, one.open.amount, one.interest.amount])).toEqual([["2026-10-02", "1000.00", "1.81"]]);
  expect(letter!.total.amount).toBe("600.00");
  expect(lettersWith("1000.00", item("2026-10-01", { disputed: "Broken lens" }), newer)).toMatchObject([{ heldReason: "Broken lens" }]);
});

test("fees of earlier letters are asked for with the next one, at whatever level they are, and bear no interest", () => {
  const asked = item("2026-10-02", { level: 2, askedOn: day("2026-11-01") });
  const charge = (dueDay: string, more: Partial<OverdueItem> = {}) => item(dueDay, { open: euro("10.25"), isCharge: true, ...more });
  const [letter] = letters(asked, charge("2026-11-18"));
  expect([letter!.total.amount, letter!.items.length]).toEqual(["1010.25", 1]);
  const [late] = letters(asked, charge("2026-10-10", { level: 2, askedOn: day("2026-11-01") }));
  // 1000.00 at 5 percent for 20 days: 2.74.
  expect([late!.total.amount, late!.items.length, late!.interest.amount]).toEqual(["1010.25", 2, "2.74"]);
  expect(letters(charge("2026-11-18"))).toEqual([]);
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
  expect(proposeLetters(coveredItems([item("2026-01-01")], []), new Map(), undefined, day("2026-11-21"))).toEqual([]);
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
