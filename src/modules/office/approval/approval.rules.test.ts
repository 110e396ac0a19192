// Who of a line may decide.
import { expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { type Candidate, deciders } from "./approval.rules.ts";

const [clerk, chief, owner] = ["clerk", "chief", "owner"] as Id[] as [Id, Id, Id];
const eur = (minor: bigint) => new Money(minor, "EUR");
const line: Candidate[] = [
  { personId: clerk, via: "", limit: { minor: 100_00n, currency: "EUR" } },
  { personId: chief, via: "", limit: { minor: 1_000_00n, currency: "EUR" } },
  { personId: owner, via: "", limit: null },
];

test.each<[string, Money | null, (Id | null)[], Id[]]>([
  ["within every limit", eur(100_00n), [null], [clerk, chief, owner]],
  ["one cent above the first", eur(100_01n), [null], [chief, owner]],
  ["above all limits", eur(5_000_00n), [null], [owner]],
  ["a credit counts by its size", eur(-5_000_00n), [null], [owner]],
  ["another currency is never within a limit", new Money(1n, "USD"), [null], [owner]],
  ["without an amount", null, [null], [clerk, chief, owner]],
  ["never the one who wishes", eur(1n), [clerk, null], [chief, owner]],
  ["nor whoever acted for them", eur(1n), [clerk, chief], [owner]],
  ["nobody is left", eur(5_000_00n), [owner], []],
])("%s", (_, amount, wishers, expected) => {
  expect(deciders(line, amount, wishers).map((one) => one.personId)).toEqual(expected);
});
