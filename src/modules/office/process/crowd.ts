// One question put to thousands of runs at once. A question is written for one subject; here it is asked for a stand-in whose identifiers
// are nobody's, and each statement it makes is put for all whom it stands for. Those who are answered alike go on together. A question
// hands identifiers on and compares them, but never looks into one: so what is found for the stand-in is true of each. Whether it does is
// seen by asking it for other stand-ins as well, of which one has identifiers that differ in every place and follow each other the other
// way round: a question that then goes another way has looked, and is asked one by one.
import { randomInt } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { type Id, newId } from "../../../kernel/id.ts";
import { rowsBy, type Sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { groupedBy } from "../../../kernel/group.ts";
import { type Answer, Asked, keyOf, type Member, renamedIn } from "./asked.ts";
import { gathered } from "./gathered.ts";
import type { Subject } from "./process.ts";
import { putForAll } from "./put.ts";

export type Question<T> = (context: ReadContext, subject: Subject, runId: Id) => Promise<T> | T;

/** Those of the crowd, by their places, who are answered the same; in the value the stand-in's identifiers stand for their own. */
export interface Answered<T> {
  readonly value: T;
  readonly places: readonly number[];
}

/** Places that were answered alike so far. */
interface Group {
  readonly places: readonly number[];
  readonly known: ReadonlyMap<string, Answer>;
}

interface Attempted<T> {
  outcome?: { readonly value: T };
  /** It did something else than asking the database about a subject. */
  isOdd: boolean;
  /** What it waits to be answered, by the keys the stand-in would ask it by. */
  readonly missing: Map<string, Sql>;
}

/** What subjects must have in common to be one crowd: the names of their identifiers, and which of them are the same. */
export function likeness(subject: Subject): string {
  const ids = Object.values(subject);
  return Object.keys(subject)
    .map((name, place) => `${name}:${ids.indexOf(ids[place]!)}`)
    .join();
}

/** Another identifier of the same kind, each of its letters made by one of the first. */
const remade = (id: Id, letterFor: (letter: number) => number): Id =>
  id.replace(/[0-9a-f]/g, (letter, place: number) =>
    place === kindAt || place === variantAt ? letter : letterFor(Number.parseInt(letter, 16)).toString(16),
  ) as Id;
const [kindAt, variantAt] = [14, 19];
const others = [(letter: number) => 15 - letter, ...[1, 2].map(() => () => randomInt(16))];

/** Another stand-in, with whose identifier stands for whose. */
class Other {
  readonly member: Member;
  private readonly theirs: ReadonlyMap<Id, Id>;
  private readonly back: ReadonlyMap<Id, Id>;

  constructor({ id, subject }: Member, letterFor: (letter: number) => number) {
    this.theirs = new Map([id, ...Object.values(subject)].map((one) => [one, remade(one, letterFor)]));
    this.back = new Map([...this.theirs].map(([one, other]) => [other, one]));
    const named = Object.entries(subject).map(([name, one]) => [name, this.theirs.get(one)!]);
    this.member = { id: this.theirs.get(id)!, subject: Object.fromEntries(named) };
  }

  /** What the first stand-in was answered, as this one is. */
  told(rows: readonly unknown[]): readonly unknown[] {
    return renamedIn(rows, this.theirs) as readonly unknown[];
  }

  /** The key by which the first stand-in asks the same. */
  keyOf(statement: Sql): string {
    let key = keyOf(statement);
    for (const [other, one] of this.back) key = key.replaceAll(other, one);
    return key;
  }

  /** Whether this one was led the same way as the first. */
  isAlike(first: Attempted<unknown>, attempt: Attempted<unknown>): boolean {
    return (
      !attempt.isOdd &&
      isDeepStrictEqual(renamedIn(first.outcome, this.back), renamedIn(attempt.outcome, this.back)) &&
      isDeepStrictEqual([...first.missing.keys()].toSorted(), [...attempt.missing.keys()].toSorted())
    );
  }
}

export class Crowd {
  /** Questions that looked into an identifier. */
  readonly looked = new Set<unknown>();
  readonly members: readonly Member[];
  private readonly context: ReadContext;
  private readonly gathered: ReadContext;
  private readonly standIn: Member;
  private readonly others: readonly Other[];
  private readonly asked = new Map<string, Asked>();
  private wishes: { asked: Asked; places: readonly number[] }[] = [];
  private leaving: Promise<void> = Promise.resolve();

  /** All members are of one likeness. */
  constructor(context: ReadContext, members: readonly Member[]) {
    this.context = context;
    this.gathered = gathered(context);
    this.members = members;
    const ids = new Map<Id, Id>();
    const nobody = (id: Id): Id => ids.get(id) ?? ids.set(id, newId()).get(id)!;
    const subject = Object.fromEntries(Object.entries(members[0]!.subject).map(([name, id]) => [name, nobody(id)]));
    this.standIn = { id: newId(), subject };
    this.others = others.map((letterFor) => new Other(this.standIn, letterFor));
  }

  async ask<T>(question: Question<T>, places: readonly number[]): Promise<Answered<T>[]> {
    const answered: Answered<T>[] = [];
    let groups: Group[] = places.length > 0 ? [{ places, known: new Map() }] : [];
    while (groups.length > 0) {
      const attempts = groups.map((group) => ({
        group,
        attempt: this.attempt(question, group),
        again: this.others.map((other) => this.attempt(question, group, other)),
      }));
      await nextTurn();
      const next = attempts.map(async ({ group, attempt, again }) => {
        const missing = this.askedOf(attempt);
        const isOdd = attempt.isOdd || missing.some((asked) => asked.isOdd) || (!attempt.outcome && missing.length === 0);
        const looks = !isOdd && !this.others.every((other, place) => other.isAlike(attempt, again[place]!));
        if (looks) this.looked.add(question);
        if (isOdd || looks) {
          answered.push(...(await this.oneByOne(question, group.places)));
          return [];
        }
        if (!attempt.outcome) return this.split(question, group, missing, answered);
        answered.push({ value: attempt.outcome.value, places: group.places });
        return [];
      });
      groups = (await Promise.all(next)).flat();
    }
    return answered;
  }

  private askedOf({ missing }: Attempted<unknown>): Asked[] {
    return [...missing].map(([key, statement]) => {
      const asked = this.asked.get(key) ?? new Asked(key, statement, this.standIn, this.members.length);
      this.asked.set(key, asked);
      return asked;
    });
  }

  /** Asks for a stand-in as far as the answers are known; what is not known yet is never answered here, but asked for and tried anew. */
  private attempt<T>(question: Question<T>, group: Group, other?: Other): Attempted<T> {
    const attempt: Attempted<T> = { isOdd: false, missing: new Map() };
    const rows = <Row>(statement: Sql): Promise<Row[]> => {
      const key = other ? other.keyOf(statement) : keyOf(statement);
      const known = group.known.get(key);
      if (known) return Promise.resolve([...(other ? other.told(known.rows) : known.rows)] as Row[]);
      attempt.missing.set(key, statement);
      return new Promise(() => undefined);
    };
    const odd = (): never => {
      attempt.isOdd = true;
      throw new Error("only statements are asked for many at once");
    };
    const { tenantId, actor, today, now, requestId, address, holds, operationNamed } = this.context;
    const only = { tenantId, actor, today, now, requestId, address, holds, operationNamed };
    const context = { ...only, db: rowsBy(rows, odd), readFile: odd, can: odd, mayRead: odd, allowed: odd };
    const { id, subject } = other?.member ?? this.standIn;
    void (async () => {
      try {
        attempt.outcome = { value: await question(context, subject, id) };
      } catch {
        attempt.isOdd = true;
      }
    })();
    return attempt;
  }

  private async split<T>(question: Question<T>, group: Group, missing: readonly Asked[], answered: Answered<T>[]): Promise<Group[]> {
    await Promise.all(missing.map((asked) => this.answer(asked, group.places)));
    let parts: Group[] = [group];
    for (const asked of missing) {
      parts = parts.flatMap((part) =>
        [...asked.byAnswer(part.places)].map(([answer, places]) => ({ places, known: new Map(part.known).set(asked.key, answer) })),
      );
    }
    const isOdd = (part: Group): boolean => [...part.known.values()].some((answer) => answer.isOdd);
    const odd = parts.filter(isOdd).flatMap((part) => part.places);
    if (odd.length > 0) answered.push(...(await this.oneByOne(question, odd)));
    return parts.filter((part) => !isOdd(part));
  }

  private async answer(asked: Asked, places: readonly number[]): Promise<void> {
    while (asked.underway) await asked.underway;
    const open = places.some((place) => asked.answers[place] !== undefined)
      ? places.filter((place) => asked.answers[place] === undefined)
      : places;
    if (open.length === 0) return;
    if (this.wishes.length === 0) this.leaving = nextTurn().then(() => this.putAll());
    this.wishes.push({ asked, places: open });
    asked.underway = this.leaving;
    await this.leaving;
    asked.underway = undefined;
  }

  private async putAll(): Promise<void> {
    const byText = groupedBy(this.wishes, ({ asked }) => asked.text);
    this.wishes = [];
    await Promise.all([...byText.values()].map((wishes) => putForAll(this.context.db, wishes, this.members)));
  }

  /** As each would be asked alone, for what cannot be asked of a stand-in. */
  private async oneByOne<T>(question: Question<T>, places: readonly number[]): Promise<Answered<T>[]> {
    return Promise.all(
      places.map(async (place) => {
        const { id, subject } = this.members[place]!;
        return { value: await question(this.gathered, subject, id), places: [place] };
      }),
    );
  }
}
