// What a bank line may be: tables of evidence, and what may never be posted without a person.
import { describe, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { type Id, newId } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { combinations } from "./combination.rules.ts";
import { candidatesOf, decide, groundAfter } from "./match.rules.ts";
import { type BookedLine, groundOf, type MatchItem, type MatchLine, type MatchParty } from "./match-ground.rules.ts";
import { likeness, wordsOf } from "./name.rules.ts";
import { keysIn } from "./reference.rules.ts";

const eur = (amount: string): Money => Money.parse(amount, "EUR");
const party = (name: string, ...accounts: string[]): MatchParty => ({ id: newId(), name, accounts });
const item = (of: MatchParty, reference: string, open: string, dueDay = "2026-11-01"): MatchItem => ({
  id: newId(),
  direction: "receivable",
  partyId: of.id,
  reference,
  day: day("2026-10-01"),
  dueDay: day(dueDay),
  open: eur(open),
});
const line = (amount: string, more: Partial<MatchLine> = {}): MatchLine => ({
  id: newId(),
  day: day("2026-11-10"),
  amount: eur(amount),
  texts: [],
  names: [],
  accounts: [],
  ledgerAccount: "1120",
  ...more,
});
const booked = (amount: string, on: string, text = "", partyId: Id | null = null): BookedLine => ({
  journalLineId: newId(),
  entryId: newId(),
  entry: "BNK-2026-00001",
  day: day(on),
  amount: eur(amount),
  partyId,
  text,
  paymentId: null,
});

const acme = party("Acme Tools GmbH", "DE89370400440532013000");
const other = party("Beta Bau AG");
const one = item(acme, "SAL-2026-00012", "119.00");
const two = item(acme, "SAL-2026-00013", "238.00", "2026-11-05");
const foreign = item(other, "SAL-2026-00120", "119.00");
const ground = groundOf([one, two, foreign], [acme, other], []);
const best = (of: MatchLine, on = ground) => candidatesOf(of, on)[0];
const referencesOf = (of: MatchLine, on = ground) => best(of, on)?.shares.map((share) => share.item.reference);

describe("numbers in a text", () => {
  test.each([
    ["Invoice SAL-2026-00012 thank you", true],
    ["sal 2026/00012", true],
    ["SAL202600012", true],
    ["RG.NR.2026-00012", true],
    ["SAL-2026-000129", false],
    ["PO-2026-000120", false],
    ["12", false],
    ["RF18SAL202600012", true],
  ])("%s: %s", (text, found) => {
    const first = candidatesOf(line("119.00", { texts: [text] }), ground).find((candidate) => candidate.shares[0]!.item.id === one.id);
    expect(first!.reasons[0]!.includes("SAL-2026-00012")).toBe(found);
  });

  test("a long text costs no more than its length", () => {
    expect(keysIn([`${"A1 ".repeat(2000)}`]).size).toBeLessThan(10);
  });
});

describe("what is strong enough to post without a person", () => {
  test.each([
    ["the number and the amount", line("119.00", { texts: ["SAL-2026-00012"] }), ["SAL-2026-00012"], true],
    ["the party's account and the amount", line("238.00", { accounts: acme.accounts }), ["SAL-2026-00013"], true],
    [
      "two numbers and their sum",
      line("357.00", { texts: ["SAL-2026-00012 + SAL-2026-00013"] }),
      ["SAL-2026-00012", "SAL-2026-00013"],
      true,
    ],
    [
      "numbers of two parties and their sum",
      line("238.00", { texts: ["SAL-2026-00012, SAL-2026-00120"] }),
      ["SAL-2026-00012", "SAL-2026-00120"],
      true,
    ],
    ["the party's account and a sum", line("357.00", { accounts: acme.accounts }), ["SAL-2026-00012", "SAL-2026-00013"], true],
    ["the name and the amount", line("238.00", { names: ["ACME TOOLS"] }), ["SAL-2026-00013"], false],
    ["the amount alone", line("238.00"), ["SAL-2026-00013"], false],
    ["the number with too little paid", line("100.00", { texts: ["SAL-2026-00012"] }), ["SAL-2026-00012"], false],
    ["the number with too much paid", line("130.00", { texts: ["SAL-2026-00012"] }), ["SAL-2026-00012"], false],
    ["only the digits, which may be another number", line("119.00", { texts: ["PO 2026-00012"] }), ["SAL-2026-00012"], false],
    ["only the digits from the party", line("119.00", { texts: ["2026-00012"], names: ["Acme Tools"] }), ["SAL-2026-00012"], true],
    ["the party alone", line("50.00", { accounts: acme.accounts }), ["SAL-2026-00012"], false],
  ])("%s", (_, of, references, strong) => {
    expect(referencesOf(of)).toEqual(references);
    expect("chosen" in decide(candidatesOf(of, ground))).toBe(strong);
    expect(best(of)!.reasons.length).toBeGreaterThan(0);
  });

  test("an amount that two parties owe is left, with both shown", () => {
    const candidates = candidatesOf(line("119.00"), ground);
    expect(candidates.map((candidate) => candidate.party)).toEqual([acme, other]);
    expect(decide(candidates)).toEqual({ left: "The evidence is not strong enough to post without a person." });
  });

  test("an amount that the party owes twice is left", () => {
    const twin = groundOf([one, item(acme, "SAL-2026-00044", "119.00")], [acme], []);
    expect("left" in decide(candidatesOf(line("119.00", { accounts: acme.accounts }), twin))).toBe(true);
    expect("chosen" in decide(candidatesOf(line("119.00", { texts: ["SAL-2026-00044"] }), twin))).toBe(true);
  });

  test("two sets of items that make the amount are left", () => {
    const items = ["10.00", "20.00", "15.00", "15.00"].map((amount, index) => item(acme, `SAL-2026-0010${index}`, amount));
    expect("left" in decide(candidatesOf(line("30.00", { accounts: acme.accounts }), groundOf(items, [acme], [])))).toBe(true);
  });

  test("nothing at all is left", () => {
    expect(decide(candidatesOf(line("77.77"), ground))).toEqual({ left: "Nothing open or booked fits it." });
  });

  test("the next line does not settle the same item again", () => {
    const of = line("119.00", { texts: ["SAL-2026-00012"] });
    const verdict = decide(candidatesOf(of, ground));
    if (!("chosen" in verdict)) throw new Error("not chosen");
    expect(candidatesOf(of, groundAfter(ground, verdict.chosen)).map((candidate) => candidate.shares[0]?.item.reference)).toEqual([
      "SAL-2026-00120",
    ]);
  });
});

describe("money that goes out", () => {
  const bill = { ...item(other, "RE 4711-26", "-80.00"), direction: "payable" as const };
  const own = groundOf([bill, one], [acme, other], []);
  test("settles bills, never invoices", () => {
    expect(referencesOf(line("-80.00", { texts: ["RE4711-26"] }), own)).toEqual(["RE 4711-26"]);
    expect(candidatesOf(line("-119.00", { texts: ["SAL-2026-00012"] }), own)).toEqual([]);
  });
});

describe("booked already", () => {
  test("the same amount and number is the entry itself", () => {
    const own = groundOf([], [acme], [booked("119.00", "2026-11-08", "PMT-2026-00007 for SAL-2026-00012")]);
    const [first] = candidatesOf(line("119.00", { texts: ["SAL-2026-00012"] }), own);
    expect(first).toMatchObject({
      kind: "booked",
      strong: true,
      reasons: ["Entry BNK-2026-00001 booked exactly this amount 2 days earlier.", "Both name the same number."],
    });
  });
  test("this month's rent is not last month's: an entry without the number that the text gives is left to a person", () => {
    const lastMonth = booked("119.00", "2026-11-01", "SAL-2026-00011", acme.id);
    const own = groundOf([one, two], [acme], [lastMonth]);
    const left = (texts: string[]) => decide(candidatesOf(line("119.00", { accounts: acme.accounts, texts }), own));
    const why = "The text names SAL-2026-00012, and BNK-2026-00001 booked the same amount without that number.";
    expect(left(["Your invoice SAL-2026-00012"])).toEqual({ left: why });
    expect(left(["Thank you"])).toMatchObject({ chosen: { kind: "booked" } });
    expect(left(["SAL-2026-00012 and SAL-2026-00011"])).toMatchObject({ chosen: { kind: "booked" } });
  });
  test("two entries of the amount are left", () => {
    const own = groundOf([], [acme], [booked("5.00", "2026-11-10", "", acme.id), booked("5.00", "2026-11-09", "", acme.id)]);
    expect("left" in decide(candidatesOf(line("5.00", { accounts: acme.accounts }), own))).toBe(true);
  });
  test("an entry too far away is none", () => {
    expect(candidatesOf(line("5.00"), groundOf([], [], [booked("5.00", "2026-10-10")]))).toEqual([]);
  });
});

test("over- and underpayment say by how much, and what stays on account", () => {
  const over = best(line("130.00", { texts: ["SAL-2026-00012"] }))!;
  expect([over.reasons[1], over.rest.toString()]).toEqual(["It is 11.00 EUR more than the 119.00 EUR open.", "11.00 EUR"]);
  const under = best(line("100.00", { texts: ["SAL-2026-00012"] }))!;
  expect([under.reasons[1], under.rest.toString(), under.shares[0]!.amount.toString()]).toEqual([
    "It is 19.00 EUR less than the 119.00 EUR open.",
    "0.00 EUR",
    "100.00 EUR",
  ]);
});

test.each([
  ["ACME TOOLS GMBH", "Acme Tools GmbH", 1],
  ["Tools Acme", "Acme Tools GmbH", 1],
  ["MÜLLER & SÖHNE", "Mueller und Soehne KG", 1],
  ["Nordlich", "Nordlicht AG", 1],
  ["Beta Bau", "Acme Tools", 0],
])("names: %s and %s", (name, known, expected) => {
  expect(likeness(wordsOf(name), wordsOf(known))).toBe(expected);
});

test("combinations are exact, bounded and quick", () => {
  expect(combinations([10n, 20n, 30n], 50n, 3)).toEqual([[1, 2]]);
  expect(combinations([50n], 50n, 3)).toEqual([]);
  const began = performance.now();
  combinations(
    Array.from({ length: 1000 }, (_, index) => BigInt(1000 + index * 2)),
    7001n,
    3,
  );
  expect(performance.now() - began).toBeLessThan(200);
});

describe("a document in instalments", () => {
  const first = item(acme, "SAL-2026-00030", "595.00", "2026-11-01");
  const second = item(acme, "SAL-2026-00030", "595.00", "2026-12-01");
  const last = item(acme, "SAL-2026-00030", "600.00", "2027-01-01");
  const repair = item(acme, "SAL-2026-00031", "178.50", "2026-11-20");
  const parts = groundOf([last, second, first, repair], [acme], []);
  const chosen = (amount: string, ...texts: string[]) => {
    const found = decide(candidatesOf(line(amount, { texts }), parts));
    return "chosen" in found ? found.chosen.shares.map((share) => share.item.id) : found.left;
  };

  test("its number and the amount of one mean the one due first", () => {
    expect(chosen("595.00", "SAL-2026-00030")).toEqual([first.id]);
    expect(chosen("600.00", "SAL-2026-00030")).toEqual([last.id]);
  });

  test("several are paid in their order, alone and together with another number", () => {
    expect(chosen("1190.00", "SAL-2026-00030")).toEqual([first.id, second.id]);
    expect(chosen("773.50", "SAL-2026-00030 and SAL-2026-00031").toString()).toBe([first.id, repair.id].toString());
    expect(chosen("1968.50", "SAL-2026-00031, SAL-2026-00030")).toHaveLength(4);
  });

  test("what skips one, and what another number would explain as well, is left to a person", () => {
    expect(chosen("1195.00", "SAL-2026-00030")).toMatch(/^The evidence/);
    const twin = [item(acme, "SAL-2026-00040", "595.00"), item(acme, "SAL-2026-00040", "595.00", "2026-12-01")];
    const of = line("1785.00", { texts: ["SAL-2026-00030 SAL-2026-00040"] });
    expect(decide(candidatesOf(of, groundOf([first, second, ...twin], [acme], [])))).toHaveProperty("left");
  });
});
