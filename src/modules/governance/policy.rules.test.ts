// When a version of a policy may take force, as a table.
import { expect, test } from "vitest";
import { day } from "../../kernel/day.ts";
import { nextVersion, publishingRefused } from "./policy.rules.ts";

const usual = {
  today: day("2026-11-21"),
  from: day("2026-11-21"),
  latest: undefined,
  drafter: "a",
  publisher: "b",
  aloneBecause: undefined,
};
const first = { number: 1, fromDay: day("2026-12-01"), attestedFrom: 1 };

test.each([
  ["a first version from today, by someone else", usual, undefined],
  ["from later", { ...usual, from: day("2027-01-01") }, undefined],
  ["from yesterday", { ...usual, from: day("2026-11-20") }, "inThePast"],
  ["before the version that is planned", { ...usual, latest: first }, "beforeEarlierVersion"],
  ["on the day of the version before", { ...usual, from: day("2026-12-01"), latest: first }, undefined],
  ["by the drafter", { ...usual, publisher: "a" }, "ownDraft"],
  ["by the drafter with a reason", { ...usual, publisher: "a", aloneBecause: "We are two." }, undefined],
  ["by the house", { ...usual, drafter: null, publisher: null }, undefined],
] as const)("%s", (_says, publishing, code) => {
  expect(publishingRefused(publishing)?.code).toBe(code);
});

test("a change of wording keeps the attestations of the version before", () => {
  expect(nextVersion(undefined, false)).toEqual({ number: 1, attestedFrom: 1 });
  expect(nextVersion(first, false)).toEqual({ number: 2, attestedFrom: 1 });
  expect(nextVersion({ ...first, number: 2 }, true)).toEqual({ number: 3, attestedFrom: 3 });
});
