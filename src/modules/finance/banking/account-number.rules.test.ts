// The same account in the ways that banks write it, and accounts that only look alike.
import { expect, test } from "vitest";
import { isSameAccount } from "./account-number.rules.ts";

test.each([
  ["DE89370400440532013000", "DE89 3704 0044 0532 0130 00", true],
  ["DE89370400440532013000", "37040044/532013000", true],
  ["37040044/0532013000", "DE89370400440532013000", true],
  ["DE89370400440532013000", "50880050/532013000", false],
  ["NL26VAYB8060476890", "NL26VAYB8060476890EUR", true],
  ["NL26VAYB8060476890", "8060476890", true],
  ["NL26VAYB8060476890", "NL56AGDH9619008421", false],
  ["12300000012312300", "12300000012312300", true],
  ["12300000012312300", "12300000012312301", false],
  ["DE89370400440532013000", "3000", false],
])("%s and %s: %s", (known, told, same) => {
  expect(isSameAccount(known, told)).toBe(same);
});
