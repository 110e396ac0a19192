// Many asking the same at once: statements of one text that come in the same moment, each with its own values, are put to the database as
// one. What is written for one subject, such as the facts of a process, is so answered for ten thousand in one statement.
import { type Rows, Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";

interface Asked {
  readonly statement: Sql;
  readonly answer: (rows: Promise<unknown[]>) => void;
}

/** The same context for those who read together; nobody of them may write by it. */
export function gathered(context: ReadContext): ReadContext {
  let waiting = new Map<string, Asked[]>();
  const putAll = (): void => {
    const all = waiting;
    waiting = new Map();
    for (const [text, asked] of all) {
      const rows = answersTo(context.db, text, asked);
      asked.forEach(({ answer }, place) => answer(rows.then((found) => found[place]!)));
    }
  };
  const rows = <Row>(statement: Sql): Promise<Row[]> =>
    new Promise((answer) => {
      if (waiting.size === 0) setImmediate(putAll);
      const { text } = statement;
      const asked = { statement, answer: answer as Asked["answer"] };
      const others = waiting.get(text);
      if (others) others.push(asked);
      else waiting.set(text, [asked]);
    });
  const db: Rows = {
    rows,
    maybe: async <Row>(statement: Sql) => (await rows<Row>(statement))[0],
    row: async <Row>(statement: Sql) => {
      const found = await rows<Row>(statement);
      if (found.length !== 1) throw new Error(`expected one row, found ${found.length}: ${statement.text.slice(0, 200)}`);
      return found[0]!;
    },
    run: () => Promise.reject(new Error("who reads together does not write")),
  };
  return { ...context, db };
}

/** For each that asked, its rows. Values that all share stay values; the others become a table that the statement is joined to. */
async function answersTo(db: Rows, text: string, asked: readonly Asked[]): Promise<unknown[][]> {
  const { strings, values } = asked[0]!.statement;
  const columns = values.map((value, place) => {
    const all = asked.map((one) => one.statement.values[place]);
    return all.every((one) => same(one, value)) ? undefined : all;
  });
  if (columns.every((column) => column === undefined)) {
    const rows = await db.rows<unknown>(asked[0]!.statement);
    return asked.map(() => rows);
  }
  const types = await typesOf(db, text);
  const varying = columns.flatMap((column, place) => (column ? [{ column, place }] : []));
  // An array in an array would be taken apart with it; as text it stays whole.
  const isList = (place: number): boolean => types[place]!.endsWith("[]");
  const tables = varying.map(({ column, place }) => {
    const list = isList(place) ? column.map((one) => (one === null ? null : literal(one as readonly unknown[]))) : column;
    return sql`${list}::${word(isList(place) ? "text[]" : `${types[place]!}[]`)}`;
  });
  const names = varying.map(({ place }) => `p${place}`);
  const put = strings.slice(1).reduce((before, after, place) => {
    const value = columns[place] ? word(`b.p${place}::${types[place]!}`) : sql`${values[place]}::${word(types[place]!)}`;
    return sql`${before}${value}${word(after)}`;
  }, word(strings[0]!));
  const table = tables.reduce((before, one) => sql`${before}, ${one}`);
  const found = await db.rows<{ batchPlace: bigint | number | string }>(sql`
    select b.batch_place, q.* from unnest(${table}) with ordinality as b (${word(names.join(", "))}, batch_place)
    cross join lateral (${put}) q`);
  const answers: unknown[][] = asked.map(() => []);
  for (const row of found) answers[Number(row.batchPlace) - 1]!.push(row);
  return answers;
}

/** Text of our own declarations, spliced in as it is. */
const word = (text: string): Sql => new Sql([text], []);

const same = (one: unknown, other: unknown): boolean =>
  one === other || (one instanceof Date && other instanceof Date && one.getTime() === other.getTime());

const literal = (values: readonly unknown[]): string =>
  `{${values.map((value) => (value === null ? "null" : `"${String(value).replace(/["\\]/g, "\\$&")}"`)).join(",")}}`;

const knownTypes = new Map<string, readonly string[]>();
const mostKnown = 500;
let learnt = 0;

/** The types of a statement's values, as the database itself reads them; a text is always read the same. */
async function typesOf(db: Rows, text: string): Promise<readonly string[]> {
  const known = knownTypes.get(text);
  if (known) return known;
  // Several texts are learnt at once on one connection.
  const name = `heartwood_gathered_${(learnt += 1)}`;
  await db.run(word(`prepare ${name} as ${text}`));
  const { types } = await db.row<{ types: string[] }>(sql`
    select parameter_types::text[] as types from pg_prepared_statements where name = ${name}`);
  await db.run(word(`deallocate ${name}`));
  if (knownTypes.size >= mostKnown) knownTypes.clear();
  knownTypes.set(text, types);
  return types;
}
