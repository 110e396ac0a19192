// Every account stands in one place of the cash flow statement, and the rows always explain the change of cash.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import type { AccountRole } from "../ledger/role.ts";
import { type CashPlace, cashPlacesOf, directRows, indirectRows } from "./cash-flow.rules.ts";
import type { TreeAccount } from "./statement.rules.ts";

const account = (code: string, type: TreeAccount["type"], parentId: string | null, isGroup = false): TreeAccount => ({
  id: code as Id,
  code,
  name: code,
  type,
  parentId: parentId as Id | null,
  isGroup,
});
const tree = [
  account("1", "asset", null, true),
  account("11", "asset", "1"),
  account("12", "asset", "1"),
  account("15", "asset", "1", true),
  account("151", "asset", "15"),
  account("152", "asset", "15"),
  account("2", "liability", null, true),
  account("21", "liability", "2"),
  account("24", "liability", "2", true),
  account("241", "liability", "24"),
  account("3", "equity", null, true),
  account("31", "equity", "3"),
  account("4", "income", null, true),
  account("41", "income", "4"),
  account("5", "expense", null, true),
  account("51", "expense", "5"),
  account("52", "expense", "5"),
];
const ground = {
  roles: new Map<Id, AccountRole[]>([
    ["11" as Id, ["bank"]],
    ["151" as Id, ["fixedAsset"]],
    ["52" as Id, ["depreciation"]],
  ]),
  bankAccountIds: new Set<Id>(),
  given: new Map([["24" as Id, "financing" as const]]),
};

test.each<[string, CashPlace]>([
  ["11", "cash"],
  ["12", "operating"],
  ["151", "investing"],
  // Beside an account for things.
  ["152", "investing"],
  ["21", "operating"],
  // Where its group was put.
  ["241", "financing"],
  ["31", "financing"],
  ["41", "operating"],
  ["51", "operating"],
  ["52", "investing"],
])("account %s belongs to %s", (code, place) => {
  expect(cashPlacesOf(tree, ground).get(code as Id)).toBe(place);
});

test("a bank account is cash wherever it was put", () => {
  const given = new Map([["12" as Id, "financing" as const]]);
  expect(cashPlacesOf(tree, { ...ground, given, bankAccountIds: new Set(["12" as Id]) }).get("12" as Id)).toBe("cash");
});

test("whatever balanced entries there were, the rows add up to the change of cash", () => {
  const leaves = tree.filter((one) => !one.isGroup).map((one) => one.id);
  const places = cashPlacesOf(tree, ground);
  const entry = fc.tuple(fc.constantFrom(...leaves), fc.constantFrom(...leaves), fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }));
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      const column = new Map<Id, bigint>();
      const add = (id: Id, amount: bigint): unknown => column.set(id, (column.get(id) ?? 0n) + amount);
      for (const [debit, credit, amount] of entries) {
        add(debit, amount);
        add(credit, -amount);
      }
      const sum = indirectRows(tree, places, [column]).reduce((total, row) => total + row.amounts[0]!, 0n);
      expect(sum).toBe(column.get("11" as Id) ?? 0n);
    }),
  );
});

test("counterparts stand under their activity", () => {
  const column = new Map([
    ["12" as Id, 100n],
    ["241" as Id, 50n],
  ]);
  const rows = directRows(tree, cashPlacesOf(tree, ground), [column]);
  expect(rows.map((row) => [row.activity, row.account!.code, row.amounts])).toEqual([
    ["operating", "12", [100n]],
    ["financing", "241", [50n]],
  ]);
});
