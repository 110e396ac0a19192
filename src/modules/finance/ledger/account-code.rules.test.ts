// The code a new account gets.
import { expect, test } from "vitest";
import { nextFreeCode } from "./account-code.rules.ts";

const numbers = (from: number, until: number) => Array.from({ length: until - from + 1 }, (_, place) => String(from + place));

test.each([
  ["by tens", "1120", ["1110", "1120", "1190"], ["1200"], "1130"],
  ["past what is taken", "1120", ["1120", "1130", "1140"], ["1200"], "1150"],
  ["between the tens once they are used up", "1120", numbers(112, 119).map((ten) => `${ten}0`), ["1200"], "1121"],
  ["before the next group, wherever it begins", "1120", ["1120"], ["1125"], "1121"],
  ["below the account, when the group is full", "1120", numbers(1120, 1199), ["1200"], "1120.1"],
  ["and then the next one", "1120", [...numbers(1120, 1199), "1120.1"], ["1200"], "1120.2"],
  ["below the account, when codes are words", "BANK", ["BANK"], [], "BANK.1"],
])("goes on %s", (_, beside, taken, foreign, code) => {
  expect(nextFreeCode(beside, new Set(taken), foreign)).toBe(code);
});
