// Settling open items, as tables.
import { describe, expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { checkAllocations, type KnownItem, shareOldestFirst } from "./open-item.rules.ts";

const eur = (amount: string): Money => Money.parse(amount, "EUR");
const item = (id: string, openAmount: bigint, more: Partial<KnownItem> = {}): KnownItem => ({
  id: id as Id,
  partyId: "p" as Id,
  accountId: "a" as Id,
  reference: id.toUpperCase(),
  openAmount,
  openCurrencyAmount: openAmount,
  currency: "EUR",
  ...more,
});
const items = [
  item("invoice", 10_000n),
  item("second", 5_000n),
  item("payment", -12_000n),
  item("other", -100n, { partyId: "q" as Id }),
  item("payable", -100n, { accountId: "b" as Id }),
  item("settled", 0n),
  // 100.00 USD carried at 94.39, and two payments carried at other rates.
  item("dollars", 9_439n, { openCurrencyAmount: 10_000n, currency: "USD" }),
  item("dearer", -9_500n, { openCurrencyAmount: -10_000n, currency: "USD" }),
  item("cheaper", -9_001n, { openCurrencyAmount: -10_000n, currency: "USD" }),
];
const dollars = (itemId: string, againstId: string, amount: string) => ({
  itemId: itemId as Id,
  againstId: againstId as Id,
  amount: Money.parse(amount, "USD"),
});
const wish = (itemId: string, againstId: string, amount: string) => ({
  itemId: itemId as Id,
  againstId: againstId as Id,
  amount: eur(amount),
});

test("either order gives the debit item and the credit item", () => {
  const expected = {
    matches: [{ debitId: "invoice", creditId: "payment", minor: 1_000n, currencyMinor: 1_000n, difference: 0n }],
  };
  expect(checkAllocations([wish("invoice", "payment", "10")], items)).toEqual(expected);
  expect(checkAllocations([wish("payment", "invoice", "10")], items)).toEqual(expected);
});

describe("in another currency", () => {
  const matched = (...wishes: ReturnType<typeof dollars>[]) => {
    const checked = checkAllocations(wishes, items);
    return "code" in checked
      ? checked.code
      : checked.matches.map(({ minor, currencyMinor, difference }) => [minor, currencyMinor, difference]);
  };

  test("the smaller carrying amount leaves both sides, the rest is the difference", () => {
    expect(matched(dollars("dollars", "dearer", "100"))).toEqual([[9_439n, 10_000n, -61n]]);
    expect(matched(dollars("cheaper", "dollars", "100"))).toEqual([[9_001n, 10_000n, 438n]]);
  });

  test("a part takes its share, and the last part all that is left", () => {
    // A third of 94.39 is 31.4633, of 90.01 is 30.0033; what remains is 62.93 and 60.01.
    expect(matched(dollars("dollars", "cheaper", "33.33"), dollars("dollars", "cheaper", "66.67"))).toEqual([
      [3_000n, 3_333n, 146n],
      [6_001n, 6_667n, 292n],
    ]);
  });

  test("currencies are not mixed", () => {
    expect(matched(dollars("dollars", "payment", "10"))).toBe("currenciesDiffer");
    expect(matched(wish("dollars", "dearer", "10"))).toBe("allocationZero");
  });
});

describe("refused", () => {
  test.each([
    ["an unknown item", [wish("nothing", "payment", "1")], "itemUnknown"],
    ["nothing", [wish("invoice", "payment", "0")], "allocationZero"],
    ["less than nothing", [wish("invoice", "payment", "-1")], "allocationZero"],
    ["another party", [wish("invoice", "other", "1")], "itemOfOther"],
    ["another control account", [wish("invoice", "payable", "1")], "itemOfOther"],
    ["the same side", [wish("invoice", "second", "1")], "sameSide"],
    ["more than the invoice", [wish("invoice", "payment", "100.01")], "moreThanOpen"],
    ["a settled item", [wish("settled", "payment", "1")], "moreThanOpen"],
    // Each fits alone; together they exceed the payment.
    ["two wishes that exceed it together", [wish("invoice", "payment", "100"), wish("second", "payment", "20.01")], "moreThanOpen"],
  ])("%s", (_, wishes, code) => {
    expect(checkAllocations(wishes, items)).toMatchObject({ code });
  });
});

test.each([
  ["50", [["a", "50.00"]]],
  ["100", [["a", "100.00"]]],
  [
    "120",
    [
      ["a", "100.00"],
      ["b", "20.00"],
    ],
  ],
  [
    "500",
    [
      ["a", "100.00"],
      ["b", "30.00"],
    ],
  ],
  ["0", []],
])("%s is shared oldest first as %j", (amount, expected) => {
  const open = [
    { id: "a" as Id, open: eur("100") },
    { id: "b" as Id, open: eur("30") },
  ];
  expect(shareOldestFirst(eur(amount), open).map((share) => [share.itemId, share.amount.amount])).toEqual(expected);
});
