// The account tree as rows: groups add up, signs follow the type, what is empty is left out.
import { expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { sectionTotal, statementRows, type TreeAccount } from "./statement.rules.ts";
import { trialBalanceRows } from "./trial-balance.rules.ts";

const account = (id: string, type: TreeAccount["type"], parentId: string | null, isGroup = false): TreeAccount => ({
  id: id as Id,
  code: id,
  name: `Account ${id}`,
  type,
  parentId: parentId as Id | null,
  isGroup,
});
const tree = [
  account("4", "income", null, true),
  account("41", "income", "4", true),
  account("411", "income", "41"),
  account("412", "income", "41"),
  account("5", "expense", null, true),
  account("51", "expense", "5"),
  account("52", "expense", "5"),
];
const column = (amounts: Record<string, bigint>) => new Map(Object.entries(amounts) as [Id, bigint][]);

test("groups add up in every column and signs follow the type", () => {
  const rows = statementRows(tree, ["income", "expense"], [column({ 411: -100n, 412: -20n, 51: 70n }), column({ 411: -50n, 51: -5n })]);
  expect(rows.map((row) => [row.level, row.code, ...row.amounts])).toEqual([
    [0, "4", 120n, 50n],
    [1, "41", 120n, 50n],
    [2, "411", 100n, 50n],
    [2, "412", 20n, 0n],
    [0, "5", 70n, -5n],
    [1, "51", 70n, -5n],
  ]);
  expect(sectionTotal(rows, "income", 2)).toEqual([120n, 50n]);
  expect(sectionTotal(rows, "expense", 2)).toEqual([70n, -5n]);
});

test("a group whose accounts cancel out is shown with zero", () => {
  const rows = statementRows(tree, ["income"], [column({ 411: -10n, 412: 10n })]);
  expect(rows.map((row) => [row.code, ...row.amounts])).toEqual([
    ["4", 0n],
    ["41", 0n],
    ["411", 10n],
    ["412", -10n],
  ]);
});

test("the trial balance carries what earlier years earned on retained earnings and adds up to nothing", () => {
  const turnover = (id: string, type: TreeAccount["type"], earlier: bigint, debit: bigint, credit: bigint, isRetainedEarnings = false) => ({
    id: id as Id,
    code: id,
    name: id,
    type,
    isRetainedEarnings,
    earlier,
    debit,
    credit,
  });
  const rows = trialBalanceRows([
    turnover("1", "asset", 300n, 50n, 0n),
    turnover("3", "equity", -100n, 0n, 0n, true),
    turnover("4", "income", -250n, 0n, 50n),
    turnover("5", "expense", 50n, 0n, 0n),
    turnover("6", "expense", 0n, 0n, 0n),
  ]);
  expect(rows.map((row) => [row.code, row.opening, row.closing])).toEqual([
    ["1", 300n, 350n],
    ["3", -300n, -300n],
    ["4", 0n, -50n],
  ]);
  expect(rows.reduce((sum, row) => sum + row.closing, 0n)).toBe(0n);
});
