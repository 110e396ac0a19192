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
];
const wish = (itemId: string, againstId: string, amount: string) => ({
  itemId: itemId as Id,
  againstId: againstId as Id,
  amount: eur(amount),
});

test("either order gives the debit item and the credit item", () => {
  const expected = { pairs: [{ debitId: "invoice", creditId: "payment", minor: 1_000n }] };
  expect(checkAllocations([wish("invoice", "payment", "10")], items)).toEqual(expected);
  expect(checkAllocations([wish("payment", "invoice", "10")], items)).toEqual(expected);
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
