// What a bank line may be, by evidence: the numbers that stand in it, its amount, whose account it came from, and what is booked already.
// Each candidate carries its score and its reasons in words; only unique and strong evidence is ever posted without a person.
import { daysBetween } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money, sumMoney } from "../../../kernel/money.ts";
import { type BankRule, ruleReasons, rulesFor } from "./bank-rule.rules.ts";
import { combinations } from "./combination.rules.ts";
import {
  type BookedLine,
  type EvidenceKind,
  evidenceKinds,
  type FoundItems,
  itemsFor,
  type MatchGround,
  type MatchItem,
  type MatchLine,
  type MatchParty,
  partyEvidence,
  type PartyEvidence,
  type ReturnedOrder,
} from "./match-ground.rules.ts";
import { nameTheSame } from "./reference.rules.ts";

export interface Share {
  readonly item: MatchItem;
  /** Above zero. */
  readonly amount: Money;
}

export interface Candidate {
  readonly kind: "items" | "booked" | "party" | "rule" | "returned";
  readonly shares: readonly Share[];
  readonly booked: BookedLine | null;
  /** What a rule of the company books it to. */
  readonly rule: BankRule | null;
  /** The payment of ours that came back. */
  readonly returned?: ReturnedOrder;
  /** Null where a batch pays for several parties. */
  readonly party: MatchParty | null;
  /** What stays on the party's account, with the sign of the line. */
  readonly rest: Money;
  /** 0 to 100. */
  readonly score: number;
  /** Evidence by which the house may post without asking, as long as no other candidate has as much. */
  readonly strong: boolean;
  /** A number of its own stands in the text. */
  readonly named: boolean;
  readonly reasons: readonly string[];
}

const bookedDaysMax = 10;
const ruleScore = 65;
const candidatesMax = 20;

type Evidence = ReadonlyMap<Id, PartyEvidence>;

/** The candidates of a line, the best first. */
export function candidatesOf(line: MatchLine, ground: MatchGround): Candidate[] {
  const evidence = partyEvidence(line, ground);
  const found = itemsFor(line, ground, evidence);
  const all = [
    ...bookedCandidates(line, ground, evidence),
    ...namedTogether(line, found, ground, evidence),
    ...singleCandidates(line, found, ground, evidence),
    ...combinedCandidates(line, found, ground, evidence),
    ...partyCandidates(line, found, evidence),
    ...ruleCandidates(line, ground),
  ];
  const order = ground.order ?? evidenceKinds;
  const placeOf = (candidate: Candidate): number => order.indexOf(evidenceOf(candidate));
  const ranked = distinct(all.toSorted((a, b) => b.score - a.score || placeOf(a) - placeOf(b)));
  return [...returnedCandidates(line, ground), ...ranked].slice(0, candidatesMax);
}

/** The bank credits exactly what we sent, under the reference that we gave it. */
export const isReturnOf = (line: MatchLine, order: ReturnedOrder): boolean =>
  order.amount.equals(line.amount) && line.texts.join(" ").toUpperCase().includes(order.code);

/** First of all: nobody else knows our reference. A person takes it, as it opens bills that were paid. */
function returnedCandidates(line: MatchLine, ground: MatchGround): Candidate[] {
  const orders = (ground.returned ?? []).filter((order) => isReturnOf(line, order));
  return orders.map((order): Candidate => ({
    kind: "returned",
    shares: [],
    booked: null,
    rule: null,
    returned: order,
    party: { id: order.supplierId, name: order.supplier, accounts: [] },
    rest: Money.zero(line.amount.currency),
    score: 100,
    strong: false,
    named: true,
    reasons: [
      `The line names our payment ${order.code} to ${order.supplier}, and the amount is exactly that: it came back.`,
      order.isTakenBack
        ? "It was taken back already, so only payments under way are cleared."
        : "Taking it opens its bills again and clears payments under way.",
    ],
  }));
}

function evidenceOf({ booked, rule, shares }: Candidate): EvidenceKind {
  if (rule) return "rule";
  if (booked) return booked.paymentId ? "payment" : "entry";
  return shares.length > 0 && shares.every(({ item }) => item.isOfEntry) ? "entry" : "invoice";
}

/**
 * The candidate that may be posted by itself, or why a person must look. Of several kinds of evidence the first in the order counts:
 * what a payment in the books already is, is not booked once more as an invoice paid. But where the text names what is open, an entry that
 * says nothing of it may be last month's: which of them it is, a person says.
 */
export function decide(
  candidates: readonly Candidate[],
  order: readonly EvidenceKind[] = evidenceKinds,
): { readonly chosen: Candidate } | { readonly left: string } {
  const [best] = candidates;
  if (!best) return { left: "Nothing open or booked fits it." };
  if (best.returned) return { left: `It brings back our payment ${best.returned.code}. A person says so.` };
  const all = candidates.filter((candidate) => candidate.strong);
  const first = order.find((kind) => all.some((candidate) => evidenceOf(candidate) === kind));
  const strong = all.filter((candidate) => evidenceOf(candidate) === first);
  const [chosen] = strong;
  const named = all.find((candidate) => candidate.named && candidate.shares.length > 0);
  if (chosen?.booked && !chosen.named && named) {
    const numbers = [...new Set(named.shares.map(({ item }) => item.reference))].join(", ");
    return { left: `The text names ${numbers}, and ${chosen.booked.entry} booked the same amount without that number.` };
  }
  if (strong.length === 1) return { chosen: strong[0]! };
  if (strong.length > 1) return { left: `${strong.length} candidates have equally strong evidence.` };
  return { left: "The evidence is not strong enough to post without a person." };
}

/** What is open after a candidate was chosen, so that the next line does not settle the same item again. */
export function groundAfter(ground: MatchGround, chosen: Candidate): MatchGround {
  const taken = new Map(ground.taken);
  for (const { item, amount } of chosen.shares) {
    const signed = item.open.minor < 0n ? amount.negated() : amount;
    taken.set(item.id, taken.get(item.id)?.plus(signed) ?? signed);
  }
  return { ...ground, taken, booked: ground.booked.filter((one) => one.journalLineId !== chosen.booked?.journalLineId) };
}

const partyScore = (evidence: PartyEvidence | undefined): number => (evidence?.account ? 25 : evidence?.name ? 15 : 0);

function partyReasons(evidence: PartyEvidence | undefined): string[] {
  if (evidence?.account) return [`The account ${evidence.account} is known as ${evidence.party.name}'s.`];
  return evidence?.name ? [`The name "${evidence.name}" is like ${evidence.party.name}.`] : [];
}

const openOf = (item: MatchItem): Money => item.open.abs();
const restOf = (line: MatchLine, shares: readonly Share[]): Money => {
  const rest = line.amount.abs().minus(
    sumMoney(
      shares.map((share) => share.amount),
      line.amount.currency,
    ),
  );
  return line.amount.minor < 0n ? rest.negated() : rest;
};

/** Two or more items whose numbers stand in the text; strong when together they are the amount. */
function namedTogether(line: MatchLine, found: FoundItems, ground: MatchGround, evidence: Evidence): Candidate[] {
  const items = earliestOf(namedDocuments(found), line.amount.abs().minor);
  if (items.length < 2) return [];
  const parties = new Set(items.map((item) => item.partyId));
  const party = parties.size === 1 ? ground.parties.get(items[0]!.partyId)! : null;
  const shares = items.map((item) => ({ item, amount: openOf(item) }));
  const known = party ? evidence.get(party.id) : undefined;
  const numbers = [...new Set(items.map((item) => item.reference))];
  const reasons = [
    numbers.length === 1 ? `The number ${numbers[0]!} stands in the text.` : `The numbers ${numbers.join(", ")} stand in the text.`,
    `Together they are exactly ${line.amount.abs().toString()}.`,
    ...(items.length < found.named.size ? ["Of what falls due in parts the earliest are paid."] : []),
    ...partyReasons(known),
  ];
  const score = 90 + (known ? 10 : 0);
  const strong = known !== undefined || found.digitsOnly.size === 0;
  return [
    { kind: "items", shares, booked: null, rule: null, party, rest: Money.zero(line.amount.currency), score, strong, named: true, reasons },
  ];
}

const documentOf = (item: MatchItem): string => `${item.partyId} ${item.reference}`;

/** What is open under each number in the text, the earliest due first: a document in instalments has several items. */
function namedDocuments(found: FoundItems): MatchItem[][] {
  const documents = new Map<string, MatchItem[]>();
  for (const item of found.all) {
    if (found.named.has(item.id)) documents.set(documentOf(item), [...(documents.get(documentOf(item)) ?? []), item]);
  }
  return [...documents.values()];
}

const stepsMax = 20_000;

/** From each document its earliest items, one at least, that together are the total; nothing unless there is one way only. */
function earliestOf(documents: readonly (readonly MatchItem[])[], total: bigint): MatchItem[] {
  const ways: MatchItem[][] = [];
  let steps = 0;
  const search = (place: number, left: bigint, chosen: readonly MatchItem[]): void => {
    const document = documents[place];
    if (!document) {
      if (left === 0n) ways.push([...chosen]);
      return;
    }
    let rest = left;
    for (let count = 1; count <= document.length; count++) {
      rest -= openOf(document[count - 1]!).minor;
      if (rest < 0n || ways.length > 1 || ++steps > stepsMax) return;
      search(place + 1, rest, [...chosen, ...document.slice(0, count)]);
    }
  };
  if (documents.length > 0) search(0, total, []);
  return ways.length === 1 && steps <= stepsMax ? ways[0]! : [];
}

function singleCandidates(line: MatchLine, found: FoundItems, ground: MatchGround, evidence: Evidence): Candidate[] {
  const amount = line.amount.abs();
  const equal = found.all.filter((item) => openOf(item).equals(amount));
  return found.all.flatMap((item): Candidate[] => {
    const isNamed = found.named.has(item.id);
    const isDigits = found.digitsOnly.has(item.id);
    const isExact = openOf(item).equals(amount);
    if (!isNamed && !isExact) return [];
    const known = evidence.get(item.partyId);
    const shares = [{ item, amount: openOf(item).compare(amount) < 0 ? openOf(item) : amount }];
    // The amount alone decides nothing while the same party owes it twice.
    const isOnly = equal.filter((one) => one.partyId === item.partyId).length === 1;
    const reasons = [
      ...(isNamed ? [`${isDigits ? "The digits of" : "The number"} ${item.reference} ${isDigits ? "stand" : "stands"} in the text.`] : []),
      ...amountReason(line, item, isExact),
      ...partyReasons(known),
    ];
    const nameScore = isDigits ? 45 : isNamed ? 60 : 0;
    const score = Math.min(100, nameScore + (isExact ? 30 : 0) + partyScore(known) + (isExact && !isNamed && isOnly ? 15 : 0));
    const strong = isExact && (isNamed ? isSureNumber(found, item, known) : isSureParty(found, isOnly, known));
    const party = ground.parties.get(item.partyId)!;
    return [{ kind: "items", shares, booked: null, rule: null, party, rest: restOf(line, shares), score, strong, named: isNamed, reasons }];
  });
}

/**
 * The only number in the text, and whole; of a number without its letters the party must be known besides. Of equal instalments under one
 * number the earliest is meant.
 */
function isSureNumber(found: FoundItems, item: MatchItem, known: PartyEvidence | undefined): boolean {
  const [own, ...others] = namedDocuments(found);
  const isMeant = others.length === 0 && own!.find((one) => openOf(one).equals(openOf(item)))!.id === item.id;
  return isMeant && (known !== undefined || !found.digitsOnly.has(item.id));
}

/** The money came from the party's own account, the party owes the amount once, and no number says otherwise. */
const isSureParty = (found: FoundItems, isOnly: boolean, known: PartyEvidence | undefined): boolean =>
  known?.account !== undefined && isOnly && found.named.size === 0;

function amountReason(line: MatchLine, item: MatchItem, isExact: boolean): string[] {
  const [open, paid] = [openOf(item), line.amount.abs()];
  if (isExact) return [`The amount is exactly what is open: ${open.toString()}.`];
  if (open.compare(paid) < 0) return [`It is ${paid.minus(open).toString()} more than the ${open.toString()} open.`];
  return [`It is ${open.minus(paid).toString()} less than the ${open.toString()} open.`];
}

/** Items of one party whose sum is the amount, for parties that the line points to. */
function combinedCandidates(line: MatchLine, found: FoundItems, ground: MatchGround, evidence: Evidence): Candidate[] {
  const amount = line.amount.abs();
  const parties = new Set([...evidence.keys(), ...found.all.filter((item) => found.named.has(item.id)).map((item) => item.partyId)]);
  return [...parties].flatMap((partyId) => {
    const known = evidence.get(partyId);
    const own = found.all.filter((item) => item.partyId === partyId);
    // Among many items some always add up to an amount by chance: next to one that is exactly it, a sum is no evidence.
    const hasSingle = own.some((item) => openOf(item).equals(amount));
    const sets = combinations(
      own.map((item) => openOf(item).minor),
      amount.minor,
      3,
    );
    return sets.map((places): Candidate => {
      const shares = places.map((place) => ({ item: own[place]!, amount: openOf(own[place]!) }));
      const hits = shares.filter((share) => found.named.has(share.item.id));
      const isOnly = sets.length === 1;
      const reasons = [
        `These ${shares.length} open items together are exactly ${amount.toString()}.`,
        ...(isOnly ? [] : ["Other sets of items make the same amount."]),
        ...hits.map((share) => `The number ${share.item.reference} stands in the text.`),
        ...partyReasons(known),
      ];
      const score = Math.min(95, 40 + partyScore(known) + (isOnly ? 10 : 0) + (hits.length > 0 ? 15 : 0));
      const strong = isOnly && !hasSingle && known?.account !== undefined && hits.length === found.named.size;
      const party = ground.parties.get(partyId)!;
      const rest = Money.zero(amount.currency);
      return { kind: "items", shares, booked: null, rule: null, party, rest, score, strong, named: hits.length > 0, reasons };
    });
  });
}

/** The party is known and nothing fits exactly: what is due first is settled, and what is left stays on account. */
function partyCandidates(line: MatchLine, found: FoundItems, evidence: Evidence): Candidate[] {
  const direction = line.amount.minor > 0n ? "receivable" : "payable";
  return [...evidence.values()].map((known): Candidate => {
    const own = found.all.filter((item) => item.partyId === known.party.id && item.direction === direction);
    const shares: Share[] = [];
    let left = line.amount.abs();
    for (const item of own) {
      if (left.minor === 0n) break;
      const amount = openOf(item).compare(left) < 0 ? openOf(item) : left;
      shares.push({ item, amount });
      left = left.minus(amount);
    }
    const then = shares.length > 0 ? "What is due first would be settled." : "Nothing is open, so all of it would stay on account.";
    const reasons = [...partyReasons(known), then];
    const score = 10 + partyScore(known);
    return {
      kind: "party",
      shares,
      booked: null,
      rule: null,
      party: known.party,
      rest: restOf(line, shares),
      score,
      strong: false,
      named: false,
      reasons,
    };
  });
}

/** The first rule that fits; strong unless one after it would book otherwise. */
function ruleCandidates(line: MatchLine, ground: MatchGround): Candidate[] {
  const { first: rule, others } = rulesFor(ground.rules ?? [], line);
  if (!rule) return [];
  const reasons = [
    ...ruleReasons(rule),
    ...others.slice(0, 3).map((other) => `The rule ${other.name} fits too and would book it to ${other.account}.`),
  ];
  const party = rule.partyId ? (ground.parties.get(rule.partyId) ?? null) : null;
  const rest = Money.zero(line.amount.currency);
  return [
    { kind: "rule", shares: [], booked: null, rule, party, rest, score: ruleScore, strong: others.length === 0, named: false, reasons },
  ];
}

/** Booked by hand or by a payment run before the bank told it. */
function bookedCandidates(line: MatchLine, ground: MatchGround, evidence: Evidence): Candidate[] {
  const near = ground.booked.filter((one) => one.amount.equals(line.amount) && Math.abs(daysBetween(one.day, line.day)) <= bookedDaysMax);
  return near.map((one): Candidate => {
    const days = daysBetween(one.day, line.day);
    const known = one.partyId ? evidence.get(one.partyId) : undefined;
    const hits = nameTheSame(line.texts, [one.text]);
    const when =
      days === 0 ? "on the same day" : `${Math.abs(days)} day${Math.abs(days) === 1 ? "" : "s"} ${days > 0 ? "earlier" : "later"}`;
    return {
      kind: "booked",
      shares: [],
      booked: one,
      rule: null,
      party: one.partyId ? (ground.parties.get(one.partyId) ?? null) : null,
      rest: Money.zero(line.amount.currency),
      score: Math.min(100, 45 + (days === 0 ? 10 : 0) + partyScore(known) + (hits ? 40 : 0) + (near.length === 1 ? 10 : 0)),
      strong: near.length === 1 && (hits || known !== undefined),
      named: hits,
      reasons: [
        `Entry ${one.entry} booked exactly this amount ${when}.`,
        ...(hits ? ["Both name the same number."] : []),
        ...partyReasons(known),
        ...(near.length > 1 ? [`${near.length} entries in the books have this amount.`] : []),
      ],
    };
  });
}

/** The same items by another way are the same candidate; the better one stays. */
function distinct(candidates: readonly Candidate[]): Candidate[] {
  const seen = new Set<string>();
  return candidates.filter((candidate) => {
    const shares = candidate.shares.map((share) => `${share.item.id} ${share.amount.minor}`).toSorted();
    const key =
      candidate.booked?.journalLineId ?? candidate.rule?.id ?? `${candidate.party?.id ?? ""} ${shares.join()} ${candidate.rest.minor}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}
