// The order of statements of one day: by balances, then by the bank's numbers, whichever was read first.
import { describe, expect, it } from "vitest";
import { newId } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { inOrder, isNumberedNext, type Ordered, placesOfDay } from "./statement-order.rules.ts";

const of = (statementId: string, opening: bigint, closing: bigint, sequence?: string, closingDay = "2026-11-05"): Ordered => ({
  format: "camt.053",
  statementId,
  sequence,
  opening: new Money(opening, "EUR"),
  closing: new Money(closing, "EUR"),
  closingDay: closingDay as Ordered["closingDay"],
});
const names = (...statements: readonly Ordered[]) => inOrder(statements).map((one) => one.statementId);

describe("the order of statements", () => {
  it("is that in which each opens with what the one before closed with", () => {
    expect(names(of("c", 120n, 130n), of("b", 150n, 120n), of("a", 100n, 150n), of("z", 90n, 100n, "9", "2026-11-04"))).toEqual([
      "z",
      "a",
      "b",
      "c",
    ]);
  });

  it("reaches a balance twice and leaves nothing behind", () => {
    const before = of("z", 5n, 0n, undefined, "2026-11-04");
    expect(names(before, of("c", 0n, 50n), of("a", 0n, 100n), of("b", 100n, 0n))).toEqual(["z", "a", "b", "c"]);
  });

  it("is the bank's where balances leave it open, else the one given", () => {
    expect(names(of("b", 0n, 0n, "10"), of("a", 0n, 0n, "9"))).toEqual(["a", "b"]);
    expect(names(of("b", 10n, 20n, "2"), of("a", 50n, 60n, "1"))).toEqual(["a", "b"]);
    expect(names(of("b", 0n, 0n), of("a", 0n, 0n))).toEqual(["b", "a"]);
  });

  it("counts the places of each day", () => {
    const [a, b, c] = [newId(), newId(), newId()];
    const ordered = inOrder([
      { ...of("a", 0n, 1n), id: a },
      { ...of("b", 1n, 2n), id: b },
      { ...of("c", 2n, 3n, undefined, "2026-11-06"), id: c },
    ]);
    expect([...placesOfDay(ordered).values()]).toEqual([1, 2, 1]);
  });
});

describe("the very next number", () => {
  const mt940 = (statementId: string, sequence?: string) => ({ format: "MT940" as const, statementId, sequence });
  const camt = (sequence?: string) => ({ format: "camt.053" as const, statementId: "X", sequence });
  it.each([
    [mt940("00042", "002"), mt940("00042", "001"), true],
    [mt940("43", "1"), mt940("42", "3"), true],
    [mt940("43", "2"), mt940("42", "3"), false],
    [mt940("307"), mt940("45"), false],
    [camt("8"), camt("7"), true],
    [camt("7"), camt("7"), false],
    [camt(), camt(), false],
    [mt940("8"), camt("7"), false],
  ])("%j after %j: %s", (next, last, is) => {
    expect(isNumberedNext(next, last)).toBe(is);
  });
});
