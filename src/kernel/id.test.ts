// Identifiers are unique, sort by the order in which they were made, and keep that order when the clock jumps back.
import { expect, test } from "vitest";
import { isId, newId } from "./id.ts";
import { refuse, Refusal, word } from "./refusal.ts";

test("ten thousand identifiers are unique and sorted", () => {
  const made = Array.from({ length: 10_000 }, () => newId());
  expect(new Set(made).size).toBe(made.length);
  expect(made.toSorted()).toEqual(made);
  expect(made.every(isId)).toBe(true);
  expect(made.every((id) => id[14] === "7" && "89ab".includes(id[19]!))).toBe(true);
});

test("a clock that jumps back does not bring back old identifiers", () => {
  const before = newId(Date.now() + 10_000);
  expect(newId(Date.now() - 10_000) > before).toBe(true);
});

test("a refusal carries its code, facts and place, and its words are filled in", () => {
  const said = (): never => refuse("deskTaken", { desk: "A-1" }, ["deskId"]);
  expect(said).toThrow(Refusal);
  expect(word("Desk {desk} is taken on {day}.", { desk: "A-1" })).toBe("Desk A-1 is taken on {day}.");
});
