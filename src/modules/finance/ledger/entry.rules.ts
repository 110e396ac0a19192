// What makes a journal entry fit to be posted: it balances, its accounts take postings, its period is open.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { type Area, type JournalArea, type KnownLock, type LockPass, passThrough } from "./area.rules.ts";
import type { AccountRole } from "./role.ts";

/** What it books is no income and no expense: it carries the year's result to equity. Only the closing of a year writes there. */
export const closingJournal = "CLS";
/** The record that its entries belong to. */
export const closingSubject = "finance.fiscalYear";

/** An account by its code, by the job it does, or by its identifier. */
export type AccountChoice = string | { readonly role: AccountRole } | { readonly id: Id };

export interface JournalLineDraft {
  readonly account: AccountChoice;
  /** Debit positive, credit negative. */
  readonly amount: Money;
  /** The customer or supplier; a control account (receivable, payable) wants one. */
  readonly partyId?: Id;
  /** The cost centre: an org unit. */
  readonly unitId?: Id;
  /** Values of dimensions by their codes, `{ project: "P-12" }`, or by their identifiers. */
  readonly dimensions?: Readonly<Record<string, string>> | readonly Id[];
  /** What the document says in its own currency, with the sign of the amount; an open item is owed in it. */
  readonly foreign?: Money;
  readonly text?: string;
  /** When a line on a control account falls due; by default the day of the entry. */
  readonly dueDay?: Day;
}

export interface JournalEntryDraft {
  /** The journal by its code, e.g. `GEN`. */
  readonly journal: string;
  readonly day: Day;
  readonly text: string;
  readonly reference?: string;
  /** A number of this series is drawn for its document and put where text and reference say `{number}`. */
  readonly draws?: string;
  /** The record it comes from, to drill into. */
  readonly document?: { readonly subject: string; readonly id: Id };
  readonly reversesId?: Id;
  /** Who posts it, when wishes of several people are posted together; by default who acts. */
  readonly author?: { readonly personId: Id | null; readonly name: string };
  readonly lines: readonly JournalLineDraft[];
}

export interface KnownAccount {
  readonly id: Id;
  readonly code: string;
  readonly name: string;
  readonly isGroup: boolean;
  readonly control: "receivable" | "payable" | null;
  readonly retiredFrom: Day | null;
  readonly roles: readonly string[];
}

export interface KnownJournal {
  readonly id: Id;
  readonly code: string;
  readonly area: JournalArea;
}

export interface KnownPeriod {
  readonly id: Id;
  readonly code: string;
  readonly state: "open" | "closed";
  readonly lockedAreas: readonly Area[];
  readonly fromDay: Day;
  readonly untilDay: Day;
}

export interface KnownDimensionValue {
  readonly id: Id;
  readonly dimensionId: Id;
  readonly dimension: string;
  readonly code: string;
  readonly retiredFrom: Day | null;
}

/** What the books know that a draft names. */
export interface PostingGround {
  /** Who acts. */
  readonly personId: Id | null;
  readonly currency: string;
  readonly journals: readonly KnownJournal[];
  readonly periods: readonly KnownPeriod[];
  /** Of the periods and areas that entries are meant for and that are locked. */
  readonly locks: readonly KnownLock[];
  readonly accounts: readonly KnownAccount[];
  /** Those of the parties and cost centres named that exist. */
  readonly parties: ReadonlySet<string>;
  readonly units: ReadonlySet<string>;
  readonly dimensionValues: readonly KnownDimensionValue[];
}

export interface CheckedLine extends JournalLineDraft {
  readonly known: KnownAccount;
  /** The values of its dimensions, in the order of their identifiers. */
  readonly values: readonly KnownDimensionValue[];
}

export interface CheckedEntry {
  readonly draft: JournalEntryDraft;
  readonly journalId: Id;
  readonly periodId: Id;
  /** By which exception it stands in a locked area. */
  readonly pass: LockPass | undefined;
  readonly total: Money;
  readonly lines: readonly CheckedLine[];
}

/** A no with its facts and the place in the input it belongs to; the words are in `postingRefusals`. */
export interface PostingNo {
  readonly code: keyof typeof postingRefusals;
  readonly facts: Readonly<Record<string, string>>;
  readonly path?: readonly (string | number)[];
}

/** Every no that posting can give; an operation that posts spreads them into its own `refuses`. */
export const postingRefusals = {
  booksMissing: "There are no books yet. Set them up first: heartwood finance setup create",
  journalUnknown: "There is no journal {journal}. Journals: {journals}",
  journalKept: "Only the closing of a year posts into the journal {journal}. Choose another one: {journals}",
  periodMissing: "The books have no period for {day}. Open the fiscal year first: heartwood finance fiscal-year create",
  periodClosed: "The period {period} is closed. Choose a day in an open period, or have it reopened with a reason.",
  areaLocked:
    "The period {period} is locked for {area}. Choose a day from {open} on, or get an exception: heartwood finance lock-exception grant",
  nothingInBooks: "This comes to nothing in {currency}, so there is nothing to book. Correct the amount or the rate.",
  linesTooFew: "An entry has at least two lines. Add the other side.",
  accountUnknown: "There is no account {account} in these books. Look it up: heartwood finance account list",
  roleUnassigned: "No account does the job {role} yet. Name one: heartwood finance account-role set",
  accountIsGroup: "Account {account} only gathers others. Choose one of the accounts below it.",
  accountRetired: "Account {account} was retired on {day}. Choose another account.",
  partyMissing: "Account {account} is kept for each customer or supplier. Say which one.",
  partyUnknown: "There is no such customer, supplier or person. Look it up: heartwood directory party list",
  unitUnknown: "There is no such cost centre. Look it up: heartwood directory unit list",
  dimensionUnknown: "{dimension} has no value {value} on {day}. Look it up: heartwood finance dimension-value list",
  dimensionTwice: "A line has one value of {dimension}: {value} or {other}, not both. Split the line.",
  foreignUnfit: "An amount in another currency stands on the same side as its amount in {currency}, and is in another currency.",
  amountZero: "A line needs an amount, in debit or in credit.",
  currencyDiffers: "These books are kept in {currency}. Enter the amount in {currency}.",
  entryUnbalanced: "Debits and credits differ by {difference}. Correct a line until they are equal.",
} as const;

export const isPostingNo = (result: CheckedEntry | PostingNo): result is PostingNo => "code" in result;

export function checkEntry(draft: JournalEntryDraft, ground: PostingGround): CheckedEntry | PostingNo {
  const place = placeOf(draft, ground);
  if ("code" in place) return place;
  const { journal, period, pass } = place;
  // Of a document in another currency the lines that come to nothing are left out.
  if (draft.lines.length === 0) return { code: "nothingInBooks", facts: { currency: ground.currency }, path: ["lines"] };
  if (draft.lines.length < 2) return { code: "linesTooFew", facts: {}, path: ["lines"] };
  const lines: CheckedLine[] = [];
  for (const [index, line] of draft.lines.entries()) {
    const checked = checkLine(line, index, draft.day, ground);
    if ("code" in checked) return checked;
    lines.push(checked);
  }
  // All are in the books' currency, as each line was found to be.
  let debit = 0n;
  let difference = 0n;
  for (const { amount } of draft.lines) {
    difference += amount.minor;
    if (amount.minor > 0n) debit += amount.minor;
  }
  const money = (minor: bigint): Money => new Money(minor, ground.currency);
  if (difference !== 0n) return { code: "entryUnbalanced", facts: { difference: money(difference).abs().toString() }, path: ["lines"] };
  return { draft, journalId: journal.id, periodId: period.id, pass, total: money(debit), lines };
}

type Asked = Pick<JournalEntryDraft, "journal" | "day" | "author" | "document" | "reversesId">;
type PlaceGround = Pick<PostingGround, "journals" | "periods" | "locks" | "personId">;

interface Place {
  readonly journal: KnownJournal;
  readonly period: KnownPeriod;
  readonly pass: LockPass | undefined;
}

/** The journal and the period an entry belongs to, when they take it. */
export function placeOf(asked: Asked, ground: PlaceGround): Place | PostingNo {
  const journal = ground.journals.find((known) => known.code === asked.journal);
  const isKept = asked.journal === closingJournal && asked.document?.subject !== closingSubject && asked.reversesId === undefined;
  if (!journal || isKept) {
    const journals = journalsForAll(ground.journals.map((one) => one.code));
    return { code: journal ? "journalKept" : "journalUnknown", facts: { journal: asked.journal, journals }, path: ["journal"] };
  }
  const period = ground.periods.find((one) => one.fromDay <= asked.day && asked.day <= one.untilDay);
  if (!period) return { code: "periodMissing", facts: { day: asked.day }, path: ["day"] };
  if (period.state === "closed") return { code: "periodClosed", facts: { period: period.code }, path: ["day"] };
  const pass = passOf(asked, journal, period, ground);
  return pass && "code" in pass ? pass : { journal, period, pass };
}

/** Those that anybody may choose. */
export const journalsForAll = (codes: readonly string[]): string => codes.filter((code) => code !== closingJournal).join(", ");

/** Nothing where the area is open. */
function passOf(
  asked: Asked,
  { area }: KnownJournal,
  period: KnownPeriod,
  { locks, personId }: PlaceGround,
): LockPass | PostingNo | undefined {
  if (!period.lockedAreas.includes(area)) return undefined;
  const pass = passThrough({ periodId: period.id, area, personId: asked.author ? asked.author.personId : personId }, locks);
  if ("lockId" in pass) return pass;
  return { code: "areaLocked", facts: { period: period.code, area, open: pass.openFrom }, path: ["day"] };
}

function checkLine(line: JournalLineDraft, index: number, day: Day, ground: PostingGround): CheckedLine | PostingNo {
  const path = (field: string): (string | number)[] => ["lines", index, field];
  const known = findAccount(line.account, ground.accounts);
  if (!known) {
    if (typeof line.account === "object" && "role" in line.account) {
      return { code: "roleUnassigned", facts: { role: line.account.role }, path: path("account") };
    }
    return { code: "accountUnknown", facts: { account: choiceText(line.account) }, path: path("account") };
  }
  const account = `${known.code} ${known.name}`;
  if (known.isGroup) return { code: "accountIsGroup", facts: { account }, path: path("account") };
  if (known.retiredFrom !== null && known.retiredFrom <= day) {
    return { code: "accountRetired", facts: { account, day: known.retiredFrom }, path: path("account") };
  }
  if (known.control !== null && line.partyId === undefined) return { code: "partyMissing", facts: { account }, path: path("partyId") };
  if (line.partyId !== undefined && !ground.parties.has(line.partyId)) return { code: "partyUnknown", facts: {}, path: path("partyId") };
  if (line.unitId !== undefined && !ground.units.has(line.unitId)) return { code: "unitUnknown", facts: {}, path: path("unitId") };
  if (line.amount.minor === 0n) return { code: "amountZero", facts: {}, path: path("amount") };
  if (line.amount.currency !== ground.currency)
    return { code: "currencyDiffers", facts: { currency: ground.currency }, path: path("amount") };
  if (line.foreign && (line.foreign.currency === ground.currency || line.foreign.minor * line.amount.minor < 0n)) {
    return { code: "foreignUnfit", facts: { currency: ground.currency }, path: path("foreign") };
  }
  const values = line.dimensions ? dimensionValues(line.dimensions, day, ground) : noValues;
  return "code" in values ? { ...values, path: path("dimensions") } : { ...line, known, values };
}

const noValues: readonly KnownDimensionValue[] = [];

function dimensionValues(
  wanted: NonNullable<JournalLineDraft["dimensions"]>,
  day: Day,
  ground: PostingGround,
): readonly KnownDimensionValue[] | PostingNo {
  const wishes = Array.isArray(wanted)
    ? wanted.map((id: Id) => ["", id] as const)
    : Object.entries(wanted as Readonly<Record<string, string>>);
  const found = new Map<Id, KnownDimensionValue>();
  for (const [dimension, value] of wishes) {
    const known = ground.dimensionValues.find((one) => one.id === value || (one.dimension === dimension && one.code === value));
    if (!known || (known.retiredFrom !== null && known.retiredFrom <= day)) {
      return { code: "dimensionUnknown", facts: { dimension: known?.dimension ?? dimension, value: known?.code ?? value, day } };
    }
    const other = found.get(known.dimensionId);
    if (other && other.id !== known.id) {
      return { code: "dimensionTwice", facts: { dimension: known.dimension, value: other.code, other: known.code } };
    }
    found.set(known.dimensionId, known);
  }
  return [...found.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

interface AccountIndex {
  readonly codes: ReadonlyMap<string, KnownAccount>;
  readonly ids: ReadonlyMap<string, KnownAccount>;
  readonly roles: ReadonlyMap<string, KnownAccount>;
}

/** Worked out once for a chart, which is searched for every line. */
const indexes = new WeakMap<readonly KnownAccount[], AccountIndex>();

function indexOf(accounts: readonly KnownAccount[]): AccountIndex {
  const known = indexes.get(accounts);
  if (known) return known;
  const index = {
    codes: new Map(accounts.map((account) => [account.code, account])),
    ids: new Map(accounts.map((account) => [account.id, account])),
    roles: new Map(accounts.flatMap((account) => account.roles.map((role) => [role, account] as const))),
  };
  indexes.set(accounts, index);
  return index;
}

function findAccount(choice: AccountChoice, accounts: readonly KnownAccount[]): KnownAccount | undefined {
  const { codes, ids, roles } = indexOf(accounts);
  if (typeof choice === "string") return codes.get(choice);
  return "id" in choice ? ids.get(choice.id) : roles.get(choice.role);
}

const choiceText = (choice: AccountChoice): string => (typeof choice === "string" ? choice : "id" in choice ? choice.id : choice.role);

/** The mirror of an entry: the same accounts, parties and units with the sides exchanged. */
export const mirrored = (lines: readonly JournalLineDraft[]): JournalLineDraft[] =>
  lines.map((line) => ({ ...line, amount: line.amount.negated(), foreign: line.foreign?.negated() }));
