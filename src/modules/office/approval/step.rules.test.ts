// The truth table of a step, derived by hand, and who may sit where: over every small graph of delegations nobody decides for who wishes.
import { describe, expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { type Delegation, principalsFor } from "../delegation/delegation.rules.ts";
import { chairOf, outcomeOf, seatAll } from "./step.rules.ts";

describe("a step of three", () => {
  // approved, declined → all of 3, any of 3 (quorum 1), 2 of 3
  test.each([
    [0, 0, "open", "open", "open"],
    [1, 0, "open", "approved", "open"],
    [2, 0, "open", "approved", "approved"],
    [3, 0, "approved", "approved", "approved"],
    [0, 1, "declined", "declined", "declined"],
    [1, 1, "declined", "declined", "declined"],
    [2, 1, "declined", "declined", "declined"],
  ] as const)("with %d for and %d against: all %s, any %s, two of three %s", (approved, declined, all, any, two) => {
    const outcome = (quorum: number | null) => outcomeOf({ quorum, seats: 3, approved, declined });
    expect([outcome(null), outcome(1), outcome(2)]).toEqual([all, any, two]);
  });

  test("is never approved by nobody, and not by fewer than asked", () => {
    expect(outcomeOf({ quorum: null, seats: 0, approved: 0, declined: 0 })).toBe("open");
    expect(outcomeOf({ quorum: 2, seats: 1, approved: 1, declined: 0 })).toBe("open");
  });
});

const id = (name: string): Id => name as Id;
const [anna, bert, cora, wish] = ["anna", "bert", "cora", "wish"].map(id) as [Id, Id, Id, Id];
const seat = (name: string, personId: Id, ...beside: Id[]) => ({ id: id(name), personId, beside });
const stands = (personId: Id) => ({ personId, delegationId: id(`for-${personId}`) });

describe("a chair", () => {
  const seats = [seat("s1", anna, cora), seat("s2", bert)];
  test.each([
    ["one's own seat first", anna, [stands(bert)], { seatId: "s1", principalId: "anna", delegationId: null }],
    ["then that of whom one stands in for", cora, [stands(bert)], { seatId: "s2", principalId: "bert", delegationId: "for-bert" }],
    ["then beside who is asked", cora, [], { seatId: "s1", principalId: "cora", delegationId: null }],
    ["else none", wish, [], undefined],
  ])("%s", (_, actor, principals, chair) => {
    expect(chairOf(actor, principals, seats, [])).toEqual(chair);
  });

  test("is not for who wishes or has voted, nor for whoever would sit there in their place", () => {
    expect(chairOf(anna, [], seats, [anna])).toBeUndefined();
    expect(chairOf(cora, [stands(bert)], [seat("s2", bert)], [bert])).toBeUndefined();
  });
});

test("over all graphs of delegations among four people nobody decides as, or for, who wishes", () => {
  const people = [anna, bert, cora, wish];
  const edges = people.flatMap((from) => people.filter((to) => to !== from).map((to) => [from, to] as const));
  let chairs = 0;
  for (let graph = 0; graph < 2 ** edges.length; graph += 1) {
    const delegations = edges
      .filter((_, index) => (graph >> index) & 1)
      .map(([principalId, standInId], index): Delegation => ({
        id: id(`d${index}`),
        principalId,
        standInId,
        activities: null,
        scopeId: id("all"),
        limit: null,
        passesOn: true,
      }));
    for (const actor of people) {
      const question = { activity: "office.approval", scopes: [id("all")], amount: null, except: [wish] };
      const chair = chairOf(actor, principalsFor(actor, delegations, question), [seat("s1", anna), seat("s2", wish)], [wish]);
      if (!chair) continue;
      chairs += 1;
      if (actor === wish || chair.principalId === wish) expect.fail(`graph ${graph}: ${actor} for ${chair.principalId}`);
    }
  }
  // Anna always sits at her own seat; in half of the graphs Bert stands in for her, in half Cora, and through one another in more.
  expect(chairs).toBeGreaterThan(2 ** edges.length * 2);
});

test("nobody is seated twice, and what nobody can fill stays empty", () => {
  const one = (personId: Id) => ({ personId });
  expect(seatAll([[one(anna)], [one(anna), one(bert)], [one(bert)]], [])).toEqual([one(anna), one(bert), undefined]);
  expect(seatAll([[one(anna), one(bert)]], [anna])).toEqual([one(bert)]);
});
