// SQL as a value: a statement with its parameters, made by a template so that no value is ever spliced into the text.
import { createHash } from "node:crypto";
import type { QueryResult } from "pg";

export class Sql {
  readonly strings: readonly string[];
  readonly values: readonly unknown[];
  /** Whether each connection keeps its plan. */
  readonly isPrepared: boolean;

  constructor(strings: readonly string[], values: readonly unknown[], isPrepared = false) {
    this.strings = strings;
    this.values = values;
    this.isPrepared = isPrepared;
  }

  /** The statement with `$1…` places. */
  get text(): string {
    return this.strings.reduce((text, part, index) => text + (index === 0 ? "" : `$${index}`) + part, "");
  }
}

/** `` sql`select … where id = ${id}` ``; a fragment made by `sql` may be a value of another, and is merged in place. */
export function sql(strings: TemplateStringsArray, ...values: unknown[]): Sql {
  const parts: string[] = [strings[0]!];
  const merged: unknown[] = [];
  values.forEach((value, index) => {
    const after = strings[index + 1]!;
    if (value instanceof Sql) {
      append(parts, merged, value);
      parts[parts.length - 1] += after;
    } else {
      merged.push(value);
      parts.push(after);
    }
  });
  return new Sql(parts, merged);
}

/** Puts a fragment behind the last of the parts, with its values behind theirs. */
function append(parts: string[], values: unknown[], fragment: Sql): void {
  parts[parts.length - 1] += fragment.strings[0]!;
  fragment.values.forEach((value, place) => {
    values.push(value);
    parts.push(fragment.strings[place + 1]!);
  });
}

/** Keeps the plan of a statement on each connection: for one that runs often and has few texts, whatever its values. */
export const prepared = (statement: Sql): Sql => new Sql(statement.strings, statement.values, true);

const usualFrom = 3;

/** Remembers how often each text was asked; a text is asked again and again, or hardly ever. `usualMax` of them are kept at most. */
export function planKeeper(usualMax = 100): (statement: Sql) => Sql {
  const timesAsked = new Map<string, number>();
  return (statement) => {
    const { text } = statement;
    const times = (timesAsked.get(text) ?? 0) + 1;
    if (times > usualFrom) return prepared(statement);
    if (timesAsked.size >= usualMax && !timesAsked.has(text)) {
      const rare = [...timesAsked].find(([, count]) => count < usualFrom);
      if (!rare) return statement;
      timesAsked.delete(rare[0]);
    }
    timesAsked.set(text, times);
    return times === usualFrom ? prepared(statement) : statement;
  };
}

/**
 * The same for statements that are put together from what someone filters and sorts by: only what is asked often is kept, and of so many
 * texts at most, because a kept plan costs each connection memory for good.
 */
export const preparedWhenUsual = planKeeper();

/**
 * An array of identifiers, days or whole numbers as PostgreSQL reads it: nothing in it needs quotes, so the driver need not look at each.
 */
export function list(values: readonly (string | number | bigint | null)[]): string {
  let text = "";
  for (const value of values) text += `,${value ?? "NULL"}`;
  return `{${text.slice(1)}}`;
}

const needsEscape = /["\\]/;

/** An array of texts as PostgreSQL reads it. The driver would do the same at four times the cost. */
export function textList(values: readonly (string | null)[]): string {
  let text = "";
  for (const value of values) {
    if (value === null) text += ",NULL";
    else text += `,"${needsEscape.test(value) ? value.replaceAll(/["\\]/g, "\\$&") : value}"`;
  }
  return `{${text.slice(1)}}`;
}

/** A column or table name from our own declarations, never from input. */
export function identifier(name: string): Sql {
  if (!/^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/.test(name)) throw new RangeError(`"${name}" is not a name`);
  return new Sql([name], []);
}

/** A whole number in the text, for what a kept plan must know beforehand: how few rows are wanted. */
export function whole(count: number): Sql {
  if (!Number.isSafeInteger(count)) throw new RangeError(`${count} is not a whole number`);
  return new Sql([String(count)], []);
}

export function join(parts: readonly Sql[], separator: Sql): Sql {
  const strings = [""];
  const values: unknown[] = [];
  parts.forEach((part, index) => {
    if (index > 0) append(strings, values, separator);
    append(strings, values, part);
  });
  return new Sql(strings, values);
}

/** Reads and writes inside one transaction. Result columns arrive in camelCase: `first_day` as `firstDay`. */
export interface Rows {
  /** All rows of a statement. */
  rows<Row>(statement: Sql): Promise<Row[]>;
  /** The first row, or undefined. */
  maybe<Row>(statement: Sql): Promise<Row | undefined>;
  /** The one row that must be there; anything else is a fault. */
  row<Row>(statement: Sql): Promise<Row>;
  /** Runs a statement and says how many rows it touched. */
  run(statement: Sql): Promise<number>;
}

export interface Queryable {
  query(query: { text: string; values: unknown[]; rowMode: "array"; name?: string }): Promise<QueryResult<unknown[]>>;
}

const camelNames = new Map<string, string>();

export function camel(name: string): string {
  let known = camelNames.get(name);
  if (known === undefined) {
    known = name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    camelNames.set(name, known);
  }
  return known;
}

export const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const planNames = new Map<string, string>();

/** PostgreSQL cuts names at 63 bytes, so a text is named by its hash. */
function planName(text: string): string {
  const known = planNames.get(text) ?? createHash("sha256").update(text).digest("base64url");
  planNames.set(text, known);
  return known;
}

/** All ways to read, made of one that reads rows. */
export const rowsBy = (rows: Rows["rows"], run: Rows["run"]): Rows => ({
  rows,
  maybe: async <Row>(statement: Sql) => (await rows<Row>(statement))[0],
  row: async <Row>(statement: Sql) => {
    const found = await rows<Row>(statement);
    if (found.length !== 1) throw new Error(`expected one row, found ${found.length}: ${statement.text.slice(0, 200)}`);
    return found[0]!;
  },
  run,
});

export function rowsOn(client: Queryable): Rows {
  const query = (statement: Sql) => {
    const { text } = statement;
    const asked = { text, values: statement.values as unknown[], rowMode: "array" as const };
    return client.query(statement.isPrepared ? { ...asked, name: planName(text) } : asked);
  };
  const rows = async <Row>(statement: Sql): Promise<Row[]> => {
    const result = await query(statement);
    const names = result.fields.map((field) => camel(field.name));
    return result.rows.map((values) => {
      const row: Record<string, unknown> = {};
      for (let index = 0; index < names.length; index++) row[names[index]!] = values[index];
      return row as Row;
    });
  };
  return rowsBy(rows, async (statement) => (await query(statement)).rowCount ?? 0);
}
