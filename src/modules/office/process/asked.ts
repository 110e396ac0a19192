// What a crowd has been asked and what each in it was answered. Equal answers are kept once.
import type { Id } from "../../../kernel/id.ts";
import type { Sql } from "../../../platform/database/sql.ts";
import type { Subject } from "./process.ts";

/** A run among many: its identifier and what it is about. */
export interface Member {
  readonly id: Id;
  readonly subject: Subject;
}

export interface Answer {
  readonly rows: readonly unknown[];
  /** An identifier of the subject's own stands inside a longer text, where it cannot be told from the text. */
  readonly isOdd: boolean;
}

export type Row = Readonly<Record<string, unknown>>;

/** The name by which a run's own identifier is asked for, beside the names of its subject. */
const itself = "";

export const idOf = (member: Member, name: string): Id => (name === itself ? member.id : member.subject[name]!);

export const keyOf = (statement: Sql): string => `${statement.text} ${statement.values.map(markOf).join(" ")}`;

export class Asked {
  readonly key: string;
  readonly statement: Sql;
  readonly text: string;
  /** For each value of the statement the name of the stand-in's identifier that it is. */
  readonly owns: readonly (string | undefined)[];
  /** Whether each is asked something of its own; else all are asked the same. */
  readonly isOwn: boolean;
  /** The stand-in's identifiers stand where they cannot be told apart. */
  readonly isOdd: boolean;
  readonly answers: (Answer | undefined)[];
  underway: Promise<void> | undefined;
  private readonly ids: readonly (readonly [id: Id, name: string])[];
  private readonly distinct = new Map<string, Answer>();
  private last: { readonly rows: readonly Row[]; readonly key: string } = { rows: [], key: "" };

  constructor(key: string, statement: Sql, standIn: Member, count: number) {
    this.key = key;
    this.answers = Array.from<Answer | undefined>({ length: count });
    this.statement = statement;
    this.text = statement.text;
    this.ids = [...Object.entries(standIn.subject), [itself, standIn.id] as const].map(([name, id]) => [id, name]);
    this.owns = statement.values.map((value) => this.ids.find(([id]) => id === value)?.[1]);
    this.isOwn = this.owns.some((own) => own !== undefined);
    this.isOdd = statement.values.some(
      (value, place) => this.owns[place] === undefined && this.ids.some(([id]) => markOf(value).includes(id)),
    );
  }

  keep(place: number, member: Member, rows: readonly Row[]): void {
    // Many in a row are answered with the same.
    if (rows !== this.last.rows) this.last = { rows, key: keyOfRows(rows) };
    const { key } = this.last;
    const isNamed = key.length > 36 && this.ids.some(([, name]) => key.includes(idOf(member, name)));
    this.answers[place] = isNamed ? this.answerOf(member, rows) : this.answer(key, rows);
  }

  /** The answer as the stand-in would be given it. */
  private answerOf(member: Member, rows: readonly Row[]): Answer {
    const names = new Map(this.ids.map(([id, name]) => [idOf(member, name), id]));
    const renamed = rows.map((row) => renamedIn(row, names) as Row);
    const key = keyOfRows(renamed);
    return this.answer(
      key,
      renamed,
      [...names.keys()].some((id) => key.includes(id)),
    );
  }

  private answer(key: string, rows: readonly Row[], isOdd = false): Answer {
    let answer = this.distinct.get(key);
    if (!answer) {
      answer = { rows: rows.map(({ batchPlace: _, ...row }) => row), isOdd };
      this.distinct.set(key, answer);
    }
    return answer;
  }

  /** The places by what they were answered. */
  byAnswer(places: readonly number[]): Iterable<readonly [Answer, readonly number[]]> {
    const first = this.answers[places[0]!]!;
    if (places.every((place) => this.answers[place] === first)) return [[first, places]];
    const groups = new Map<Answer, number[]>();
    for (const place of places) {
      const answer = this.answers[place]!;
      const group = groups.get(answer);
      if (group) group.push(place);
      else groups.set(answer, [place]);
    }
    return groups;
  }
}

function keyOfRows(rows: readonly Row[]): string {
  let key = "";
  for (const row of rows) {
    key += "|";
    for (const name in row) if (name !== "batchPlace") key += ` ${markOf(row[name])}`;
  }
  return key;
}

/** A value as text that no other value has. */
function markOf(value: unknown): string {
  if (typeof value === "string") return `"${value.length}:${value}`;
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Date) return `at ${value.getTime()}`;
  if (typeof value !== "object" || value === null) return String(value);
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? `${inner}n` : inner));
}

/** The same with other identifiers in the place of some. */
export function renamedIn(value: unknown, names: ReadonlyMap<string, Id>): unknown {
  if (typeof value === "string") return names.get(value) ?? value;
  if (typeof value !== "object" || value === null || value instanceof Date || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map((one) => renamedIn(one, names));
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, renamedIn(one, names)]));
}
