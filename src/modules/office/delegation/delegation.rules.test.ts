// Who acts for whom, as tables, and every small company there can be: no chain of delegations lets anyone decide on their own wish.
import { describe, expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { chainFrom, covers, type Delegation, depthMax, principalsFor, type Question } from "./delegation.rules.ts";

const id = (text: string): Id => text as Id;
const company = id("company");
const site = id("site");
const anything: Question = { activity: "it.equipment", scopes: [site, company], amount: null };

const delegation = (from: string, to: string, more: Partial<Delegation> = {}): Delegation => ({
  id: id(`${from}>${to}`),
  principalId: id(from),
  standInId: id(to),
  activities: null,
  scopeId: company,
  limit: null,
  passesOn: true,
  ...more,
});

const euro = (amount: string): Money => Money.parse(amount, "EUR");
const upTo = (minor: bigint, currency = "EUR") => ({ limit: { minor, currency } });

describe("what a delegation covers", () => {
  test.each<[string, Partial<Delegation>, Partial<Question>, boolean]>([
    ["everything, anywhere", {}, {}, true],
    ["the kind of work it names", { activities: ["it.equipment"] }, {}, true],
    ["no other kind", { activities: ["it.access"] }, {}, false],
    ["nothing asked by name when it names kinds", { activities: ["it.access"] }, { activity: null }, false],
    ["what was asked by name when it is for everything", {}, { activity: null }, true],
    ["the site it is for", { scopeId: site }, {}, true],
    ["no other site", { scopeId: id("elsewhere") }, {}, false],
    ["an amount within its limit", upTo(50_000n), { amount: euro("500.00") }, true],
    ["no amount above it", upTo(50_000n), { amount: euro("500.01") }, false],
    ["a credit by its size", upTo(50_000n), { amount: euro("-500.01") }, false],
    ["no amount in another currency", upTo(50_000n, "USD"), { amount: euro("1.00") }, false],
    ["work without an amount, whatever its limit", upTo(0n), {}, true],
    ["nothing confidential when it is for everything", {}, { confidential: true }, false],
    ["what is confidential when it is named", { activities: ["it.equipment"] }, { confidential: true }, true],
  ])("%s", (_says, one, question, expected) => {
    expect(covers(delegation("ada", "ben", one), { ...anything, ...question })).toBe(expected);
  });
});

const standIn = (from: string, delegations: Delegation[], more: Partial<Question> = {}) =>
  chainFrom(id(from), delegations, { ...anything, ...more }).at(-1)?.standInId;

test("the nearest scope, then the named work, then the newest delegation", () => {
  const all = delegation("ada", "all", { id: id("1") });
  const named = delegation("ada", "named", { id: id("2"), activities: ["it.equipment"] });
  const here = delegation("ada", "here", { id: id("3"), scopeId: site });
  const newer = delegation("ada", "newer", { id: id("4") });
  expect(standIn("ada", [all, named, here, newer])).toBe("here");
  expect(standIn("ada", [all, named, newer])).toBe("named");
  expect(standIn("ada", [all, newer])).toBe("newer");
  expect(standIn("ada", [delegation("ben", "ada")])).toBeUndefined();
});

test("a chain goes on only where it may be passed on, never in a circle, and never further than it may", () => {
  const row = ["a", "b", "c", "d", "e", "f"];
  const line = row.slice(1).map((to, index) => delegation(row[index]!, to));
  expect(standIn("a", line)).toBe(row[depthMax]);
  expect(standIn("a", [delegation("a", "b", { passesOn: false }), delegation("b", "c")])).toBe("b");
  expect(standIn("a", [delegation("a", "b"), delegation("b", "a")])).toBe("b");
  expect(standIn("a", [delegation("a", "b"), delegation("b", "c"), delegation("c", "a")])).toBe("c");
});

test("for whom someone may act: each with the delegation by which they do, the nearest first", () => {
  const graph = [delegation("a", "b"), delegation("b", "c"), delegation("x", "c", { passesOn: false }), delegation("y", "x")];
  expect(principalsFor(id("c"), graph, anything)).toEqual([
    { personId: "b", delegationId: "b>c" },
    { personId: "x", delegationId: "x>c" },
    { personId: "a", delegationId: "b>c" },
    { personId: "y", delegationId: "x>c" },
  ]);
  expect(principalsFor(id("b"), [delegation("a", "b", { passesOn: false })], anything)).toHaveLength(1);
});

/** All chains of distinct people from one to another, found by trying every one: an oracle that shares no code with the rule. */
function chainsBetween(from: string, to: string, edges: readonly Delegation[], without: readonly string[]): string[][] {
  const found: string[][] = [];
  const walk = (path: string[], lastPasses: boolean): void => {
    const at = path.at(-1)!;
    if (without.includes(at)) return;
    if (at === to && path.length > 1) found.push(path);
    if (path.length > depthMax || !lastPasses) return;
    for (const edge of edges) if (edge.principalId === at && !path.includes(edge.standInId)) walk([...path, edge.standInId], edge.passesOn);
  };
  walk([from], true);
  return found;
}

const subsets = (people: readonly string[]): string[][] =>
  people.reduce<string[][]>((all, one) => [...all, ...all.map((some) => [...some, one])], [[]]);

/** Every way in which people may have delegated to each other, each delegation absent, plain or to be passed on. */
function* everyGraph(people: readonly string[], kinds: readonly (boolean | null)[]): Generator<Delegation[]> {
  const pairs = people.flatMap((from) => people.filter((to) => to !== from).map((to) => [from, to] as const));
  for (let code = 0; code < kinds.length ** pairs.length; code++) {
    const graph: Delegation[] = [];
    let rest = code;
    for (const [from, to] of pairs) {
      const passesOn = kinds[rest % kinds.length]!;
      rest = Math.floor(rest / kinds.length);
      if (passesOn !== null) graph.push(delegation(from, to, { passesOn }));
    }
    yield graph;
  }
}

function checkGraph(graph: readonly Delegation[], people: readonly string[], wishers: readonly string[]): string[] {
  const question = { ...anything, except: wishers.map(id) };
  const wrong: string[] = [];
  for (const actor of people) {
    const acts = principalsFor(id(actor), graph, question).map((one) => one.personId);
    const expected = people.filter((person) => chainsBetween(person, actor, graph, wishers).length > 0);
    if (acts.toSorted().join() !== expected.toSorted().join()) wrong.push(`${actor} acts for ${acts.join()}, not ${expected.join()}`);
    if (acts.some((one) => wishers.includes(one)) || (wishers.includes(actor) && acts.length > 0))
      wrong.push(`${actor} decides for a wisher`);
    const chain = chainFrom(id(actor), graph, question);
    const steps = [actor, ...chain.map((one) => one.standInId as string)];
    if (new Set(steps).size !== steps.length || steps.length > depthMax + 1) wrong.push(`${steps.join(">")} is no chain`);
    if (chain.length > 0 && steps.some((one) => wishers.includes(one))) wrong.push(`${steps.join(">")} runs through a wisher`);
    const last = chain.at(-1)?.standInId;
    if (last && !principalsFor(last, graph, question).some((one) => one.personId === actor)) wrong.push(`${last} may not act for ${actor}`);
  }
  return wrong;
}

test.each<[string, string[], (boolean | null)[], number]>([
  ["two", ["a", "b"], [null, false, true], 9],
  ["three", ["a", "b", "c"], [null, false, true], 729],
  ["four", ["a", "b", "c", "d"], [null, true], 4096],
])("nobody decides on their own wish through any graph of delegations of %s people", (_count, people, kinds, graphs) => {
  let looked = 0;
  const wrong = new Set<string>();
  for (const graph of everyGraph(people, kinds)) {
    looked += 1;
    for (const wishers of subsets(people)) for (const one of checkGraph(graph, people, wishers)) wrong.add(one);
  }
  expect([...wrong]).toEqual([]);
  expect(looked).toBe(graphs);
});
