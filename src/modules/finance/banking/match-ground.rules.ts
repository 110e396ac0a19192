// What matching knows: open items, parties and what is booked already, indexed so that a thousand lines find theirs without a search.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import type { Money } from "../../../kernel/money.ts";
import type { BankRule } from "./bank-rule.rules.ts";
import { likeness, wordsOf } from "./name.rules.ts";
import { isTelling, isTellingDigits, keysIn, referenceDigits, referenceKey } from "./reference.rules.ts";

/** What evidence is about: a payment in the books, another entry or an item of one, an invoice or bill, a rule of the company. */
export const evidenceKinds = ["payment", "entry", "invoice", "rule"] as const;
export type EvidenceKind = (typeof evidenceKinds)[number];

export interface MatchLine {
  readonly id: Id;
  readonly day: Day;
  readonly amount: Money;
  /** Everything written on it: text, references, and those of the payments in a batch. */
  readonly texts: readonly string[];
  readonly names: readonly string[];
  /** Plain capitals and digits. */
  readonly accounts: readonly string[];
  /** The code of the ledger account that its bank account is kept on. */
  readonly ledgerAccount: string;
}

export interface MatchItem {
  readonly id: Id;
  readonly direction: "receivable" | "payable";
  readonly partyId: Id;
  readonly reference: string;
  readonly day: Day;
  readonly dueDay: Day;
  /** Debit positive, credit negative. */
  readonly open: Money;
  /** It comes from an entry in the journal and from no invoice, bill or payment. */
  readonly isOfEntry?: boolean;
}

export interface MatchParty {
  readonly id: Id;
  readonly name: string;
  /** Accounts it is known by, from the directory or from payments matched before; plain capitals and digits. */
  readonly accounts: readonly string[];
}

/** A line in the books on the bank's ledger account that no bank line stands for yet. */
export interface BookedLine {
  readonly journalLineId: Id;
  readonly entryId: Id;
  readonly entry: string;
  readonly day: Day;
  readonly amount: Money;
  readonly partyId: Id | null;
  readonly text: string;
  /** The payment it comes from, when it is one. */
  readonly paymentId: Id | null;
}

/** A payment of ours that may come back: the bank has told it, and not its return. */
export interface ReturnedOrder {
  readonly id: Id;
  /** Its end-to-end reference. */
  readonly code: string;
  readonly amount: Money;
  readonly supplierId: Id;
  readonly supplier: string;
  /** Somebody noted by hand that it came back. */
  readonly isTakenBack: boolean;
}

export interface MatchGround {
  readonly parties: ReadonlyMap<Id, MatchParty>;
  readonly booked: readonly BookedLine[];
  readonly itemsByKey: ReadonlyMap<string, readonly MatchItem[]>;
  readonly itemsByAmount: ReadonlyMap<bigint, readonly MatchItem[]>;
  readonly itemsByParty: ReadonlyMap<Id, readonly MatchItem[]>;
  readonly partiesByAccount: ReadonlyMap<string, readonly MatchParty[]>;
  readonly partiesByWord: ReadonlyMap<string, readonly { readonly party: MatchParty; readonly words: readonly string[] }[]>;
  /** What lines before took of an item, debit positive. */
  readonly taken: ReadonlyMap<Id, Money>;
  /** Payments of ours that lines name. */
  readonly returned?: readonly ReturnedOrder[];
  /** The rules that are enabled, in their order. */
  readonly rules?: readonly BankRule[];
  /** Which kind of evidence goes first, where the company wants another order than the usual. */
  readonly order?: readonly EvidenceKind[];
}

/** Words that share their first four letters may be the same word cut off. */
const wordKey = (word: string): string => word.slice(0, 4);

export function groundOf(items: readonly MatchItem[], parties: readonly MatchParty[], booked: readonly BookedLine[]): MatchGround {
  const worded = parties.map((party) => ({ party, words: wordsOf(party.name) }));
  return {
    parties: new Map(parties.map((party) => [party.id, party])),
    booked,
    itemsByKey: grouped(items, (item) => keysOf(item.reference)),
    itemsByAmount: grouped(items, (item) => [item.open.minor]),
    itemsByParty: grouped(items, (item) => [item.partyId]),
    partiesByAccount: grouped(parties, (party) => party.accounts),
    partiesByWord: grouped(worded, ({ words }) => [...new Set(words.map(wordKey))]),
    taken: new Map(),
  };
}

function keysOf(reference: string): string[] {
  const [key, digits] = [referenceKey(reference), referenceDigits(reference)];
  return [...new Set([...(isTelling(key) ? [key] : []), ...(isTellingDigits(digits) ? [digits] : [])])];
}

function grouped<Key, Value>(values: readonly Value[], keysOf_: (value: Value) => readonly Key[]): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) {
    for (const key of keysOf_(value)) {
      const group = groups.get(key);
      if (group) group.push(value);
      else groups.set(key, [value]);
    }
  }
  return groups;
}

/** What is known of one party by a line: its account or its name. */
export interface PartyEvidence {
  readonly party: MatchParty;
  readonly account: string | undefined;
  readonly name: string | undefined;
}

const nameLikenessMin = 0.6;

export function partyEvidence(line: MatchLine, ground: MatchGround): Map<Id, PartyEvidence> {
  const found = new Map<Id, PartyEvidence>();
  for (const name of line.names) {
    const words = wordsOf(name);
    const near = new Set(words.flatMap((word) => ground.partiesByWord.get(wordKey(word)) ?? []));
    for (const { party, words: own } of near) {
      if (likeness(words, own) >= nameLikenessMin) found.set(party.id, { party, name, account: undefined });
    }
  }
  for (const account of line.accounts) {
    for (const party of ground.partiesByAccount.get(account) ?? []) {
      found.set(party.id, { party, account, name: found.get(party.id)?.name });
    }
  }
  return found;
}

export interface FoundItems {
  /** All that the line may settle: named, of the same amount, or of a party it points to; the earliest due first. */
  readonly all: readonly MatchItem[];
  /** Those whose number stands in the text. */
  readonly named: ReadonlySet<Id>;
  /** Of these, those of whose number only the digits stand there: they may be part of another number, such as the payer's order. */
  readonly digitsOnly: ReadonlySet<Id>;
}

export function itemsFor(line: MatchLine, ground: MatchGround, evidence: ReadonlyMap<Id, PartyEvidence>): FoundItems {
  const keys = keysIn(line.texts);
  const named = [...keys].flatMap((key) => ground.itemsByKey.get(key) ?? []);
  const parties = new Set([...evidence.keys(), ...named.map((item) => item.partyId)]);
  const near = [...parties].flatMap((id) => ground.itemsByParty.get(id) ?? []);
  const equal = ground.itemsByAmount.get(line.amount.minor) ?? [];
  const all = [...new Set([...named, ...near, ...equal])]
    .map((item) => ({ ...item, open: item.open.minus(ground.taken.get(item.id) ?? item.open.minus(item.open)) }))
    .filter((item) => item.open.minor * line.amount.minor > 0n)
    .toSorted((a, b) => (a.dueDay === b.dueDay ? (a.id < b.id ? -1 : 1) : a.dueDay < b.dueDay ? -1 : 1));
  const open = new Set(all.map((item) => item.id));
  const whole = new Set(named.filter((item) => keys.has(referenceKey(item.reference))).map((item) => item.id));
  const ids = new Set(named.map((item) => item.id).filter((id) => open.has(id)));
  return { all, named: ids, digitsOnly: new Set([...ids].filter((id) => !whole.has(id))) };
}
