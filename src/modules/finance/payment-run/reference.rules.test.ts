// References of payments: the examples of ISO 11649 and of the Swiss implementation guidelines for the QR-bill.
import { expect, test } from "vitest";
import { readReference } from "./reference.rules.ts";

test.each([
  ["RF18 5390 0754 7034", "rf", "RF18539007547034"],
  ["RF18000000000539007547034", "rf", "RF18000000000539007547034"],
  ["21 00000 00003 13947 14300 09017", "qrr", "210000000003139471430009017"],
  ["RF19539007547034", "text", "RF19539007547034"],
  ["210000000003139471430009018", "text", "210000000003139471430009018"],
  [" Your bill 77 ", "text", "Your bill 77"],
])("%s is %s", (text, kind, reference) => {
  expect(readReference(text)).toEqual({ kind, reference });
});
