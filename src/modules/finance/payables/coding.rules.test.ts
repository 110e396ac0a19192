// What a supplier's bill is usually booked on: by its words, by what was chosen most, and by nothing when there is nothing to learn from.
import { expect, test } from "vitest";
import { newId } from "../../../kernel/id.ts";
import { type CodedLine, codingFor, usualDays } from "./coding.rules.ts";

const [hosting, phone] = [newId(), newId()];
const line = (description: string, accountId = hosting, age = 0): CodedLine => ({
  description,
  accountId,
  account: accountId === hosting ? "6310 Software" : "6320 Telephone",
  taxCode: "standard",
  unitId: null,
  age,
});
const history = [
  line("Hosting October 2026", hosting, 0),
  line("Telephone October 2026", phone, 0),
  line("Hosting September 2026", hosting, 1),
];

test.each([
  ["Hosting November 2026", hosting],
  ["telephone, November", phone],
  ["Something else", hosting],
  ["", hosting],
])("%s", (description, accountId) => {
  expect(codingFor(description, history)).toMatchObject({ accountId });
});

test("says from what it was learned", () => {
  expect(codingFor("Hosting November 2026", history)?.reason).toBe('Like "Hosting October 2026" before.');
  expect(codingFor("x", history)?.reason).toBe("Chosen for 2 of 3 lines of this supplier before.");
  expect(codingFor("x", [])).toBeUndefined();
});

test("the usual term is the middle one", () => {
  expect(usualDays([30, 14, 30])).toBe(30);
  expect(usualDays([10, 20])).toBe(10);
  expect(usualDays([])).toBeUndefined();
});
