// Settling the oldest first, by hand: every debt and every credit is used up in turn, and never more than there is.
import { expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { settledPairs } from "./settle.rules.ts";

const item = (id: string, amount: string, currency = "EUR") => ({ id: id as Id, open: Money.parse(amount, currency) });
const shown = (...items: ReturnType<typeof item>[]) =>
  settledPairs(items).map(({ debtId, creditId, amount }) => `${creditId} on ${debtId}: ${amount.toString()}`);

test("the oldest debt takes the oldest credit, the rest goes on", () => {
  expect(shown(item("a", "100.00"), item("b", "50.00"), item("x", "-70.00"), item("y", "-60.00"))).toEqual([
    "x on a: 70.00 EUR",
    "y on a: 30.00 EUR",
    "y on b: 30.00 EUR",
  ]);
});

test("currencies never meet", () => {
  expect(shown(item("a", "100.00"), item("b", "10.00", "USD"), item("x", "-30.00", "USD"))).toEqual(["x on b: 10.00 USD"]);
});

test("without a credit nothing is settled", () => {
  expect(shown(item("a", "100.00"), item("b", "5.00"))).toEqual([]);
});
