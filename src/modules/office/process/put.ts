// Statements of one text, each with its own values, put to the database as one: what varies becomes a table the statement is joined to.
import { groupedBy } from "../../../kernel/group.ts";
import type { Id } from "../../../kernel/id.ts";
import { join, list, type Rows, Sql, sql, textList } from "../../../platform/database/sql.ts";
import { type Asked, idOf, type Member, type Row } from "./asked.ts";

/** The table of what varies; no statement of a department calls one of its own so, or it would stand before this. */
export const batch = "heartwood_batch";

interface Wish {
  readonly asked: Asked;
  readonly places: readonly number[];
}

/** Rows that some of those who ask were answered, by their numbers. */
interface Found {
  readonly rows: readonly Row[];
  readonly askers: readonly number[];
}

/** Answers wishes of one text for all their places. Each place asks for itself, or one for all where all are asked the same. */
export async function putForAll(db: Rows, wishes: readonly Wish[], members: readonly Member[]): Promise<void> {
  const askers: Asked[] = [];
  const placesOf: (number | readonly number[])[] = [];
  const none: readonly Row[] = [];
  for (const { asked, places } of wishes) {
    for (const place of places) asked.keep(place, members[place]!, none);
    for (const place of asked.isOwn ? places : [places]) {
      askers.push(asked);
      placesOf.push(place);
    }
  }
  for (const { rows, askers: those } of await foundBy(db, wishes, members)) {
    for (const asker of those) {
      const places = placesOf[asker]!;
      if (typeof places === "number") askers[asker]!.keep(places, members[places]!, rows);
      else for (const place of places) askers[asker]!.keep(place, members[place]!, rows);
    }
  }
}

/** Texts that answered somebody with several rows: their order would be lost with those who are answered alike put together. */
const severalRows = new Set<string>();

async function foundBy(db: Rows, wishes: readonly Wish[], members: readonly Member[]): Promise<Found[]> {
  const { statement, text } = wishes[0]!.asked;
  const isSame = statement.values.map((value, at) =>
    wishes.every(({ asked }) => asked.owns[at] === undefined && same(asked.statement.values[at], value)),
  );
  if (isSame.every(Boolean)) return [{ rows: await db.rows<Row>(statement), askers: [0] }];
  const types = await typesOf(db, text);
  const table = crossed(wishes, members, isSame, types.values) ?? flat(wishes, members, isSame, types.values);
  const columns = isSame.map((one, at) => (one ? undefined : `${batch}.p${at}`));
  const joined = sql`${table} cross join lateral (${besides(statement, columns, types.values)}) q`;
  const isGrouped = types.columns.length > 0 && !types.columns.some((type) => ungrouped.has(type)) && !severalRows.has(text);
  return (isGrouped && (await alike(db, text, joined, types.columns.length))) || each(db, joined);
}

const ungrouped = new Set(["json", "xml", "point", "box", "path", "polygon", "circle", "line", "lseg"]);

/** Those who are answered alike, each answered with one row; undefined when somebody is answered with several. */
async function alike(db: Rows, text: string, joined: Sql, columns: number): Promise<Found[] | undefined> {
  const places = Array.from({ length: columns }, (_, index) => index + 1).join();
  const rows = await db.rows<Row & { batchPlace: string }>(sql`
    select q.*, array_agg(${word(batch)}.batch_place)::text as batch_place from ${joined} group by ${word(places)}`);
  const seen = new Set<number>();
  let count = 0;
  const found = rows.map((row) => {
    const askers = row.batchPlace
      .slice(1, -1)
      .split(",")
      .map((number) => Number(number) - 1);
    for (const asker of askers) seen.add(asker);
    count += askers.length;
    return { rows: [row], askers };
  });
  if (seen.size === count) return found;
  if (severalRows.size >= mostKnown) severalRows.clear();
  severalRows.add(text);
  return undefined;
}

async function each(db: Rows, joined: Sql): Promise<Found[]> {
  const rows = await db.rows<Row & { batchPlace: number }>(
    sql`select ${word(batch)}.batch_place::integer as batch_place, q.* from ${joined}`,
  );
  return [...groupedBy(rows, (row) => row.batchPlace)].map(([number, those]) => ({ rows: those, askers: [number - 1] }));
}

/** A row for each that asks. */
function flat(wishes: readonly Wish[], members: readonly Member[], isSame: readonly boolean[], types: readonly string[]): Sql {
  const varying = isSame.flatMap((one, at) => (one ? [] : [at]));
  const values = (at: number): unknown[] =>
    wishes.flatMap(({ asked, places }) => {
      const own = asked.owns[at];
      const value = asked.statement.values[at];
      if (own === undefined) return asked.isOwn ? places.map(() => value) : [value];
      return places.map((place) => idOf(members[place]!, own));
    });
  const names = varying.map((at) => `p${at}`).join();
  const isId = (at: number): boolean => wishes.every(({ asked }) => asked.owns[at] !== undefined);
  const columns = join(
    varying.map((at) => (isId(at) ? idColumn(types[at]!, values(at) as Id[]) : column(types[at]!, values(at)))),
    word(", "),
  );
  return sql`unnest(${columns}) with ordinality as ${word(batch)} (${word(names)}, batch_place)`;
}

/** The same places ask several things: their own identifiers once, beside what differs from one thing to the next. */
function crossed(
  wishes: readonly Wish[],
  members: readonly Member[],
  isSame: readonly boolean[],
  types: readonly string[],
): Sql | undefined {
  const [{ asked: first, places }] = wishes as [Wish];
  const isAlike = (one: Wish): boolean =>
    one.places === places && one.asked.isOwn && one.asked.owns.every((own, at) => own === first.owns[at]);
  if (wishes.length === 1 || !wishes.every(isAlike)) return undefined;
  const own = first.owns.flatMap((name, at) => (name === undefined ? [] : [{ name, at }]));
  const other = isSame.flatMap((one, at) => (one || first.owns[at] !== undefined ? [] : [at]));
  const ids = own.map(({ name, at }) =>
    idColumn(
      types[at]!,
      places.map((place) => idOf(members[place]!, name)),
    ),
  );
  const values = other.map((at) =>
    column(
      types[at]!,
      wishes.map(({ asked }) => asked.statement.values[at]),
    ),
  );
  return sql`(
    select r.*, c.*, (c.wish - 1) * ${places.length}::integer + r.place as batch_place
    from unnest(${join(ids, word(", "))}) with ordinality as r (${word(own.map(({ at }) => `p${at}`).join())}, place)
    cross join unnest(${join(values, word(", "))}) with ordinality as c (${word(other.map((at) => `p${at}`).join())}, wish)
  ) ${word(batch)}`;
}

export const same = (one: unknown, other: unknown): boolean =>
  one === other || (one instanceof Date && other instanceof Date && one.getTime() === other.getTime());

/** Text of our own declarations, spliced in as it is. */
export const word = (text: string): Sql => new Sql([text], []);

/** Identifiers as a column of a table. */
const idColumn = (type: string, ids: readonly Id[]): Sql => sql`${list(ids)}::${word(`${type}[]`)}`;

/** Values as a list of one type, to be made a column of a table. */
export function column(type: string, values: readonly unknown[]): Sql {
  // An array in an array would be taken apart with it; as text it stays whole.
  if (type.endsWith("[]")) return sql`${values.map((one) => (one === null ? null : literal(one as readonly unknown[])))}::text[]`;
  return sql`${values}::${word(`${type}[]`)}`;
}

/** The statement, whose values named in `columns` are taken from a table beside it, and the others are values. */
export function besides(statement: Sql, columns: readonly (string | undefined)[], types: readonly string[]): Sql {
  const { strings, values } = statement;
  return strings.slice(1).reduce((before, after, place) => {
    const value = columns[place] ? word(`${columns[place]}::${types[place]!}`) : sql`${values[place]}::${word(types[place]!)}`;
    return sql`${before}${value}${word(after)}`;
  }, word(strings[0]!));
}

const literal = (values: readonly unknown[]): string => textList(values.map((value) => (value === null ? null : String(value))));

/** The types of a statement's values and of the columns it answers with. */
interface Types {
  readonly values: readonly string[];
  readonly columns: readonly string[];
}

const knownTypes = new Map<string, Types>();
const mostKnown = 500;
let learnt = 0;

/** The types of a statement, as the database itself reads them; a text is always read the same. */
export async function typesOf(db: Rows, text: string): Promise<Types> {
  const known = knownTypes.get(text);
  if (known) return known;
  // Several texts are learnt at once on one connection.
  const name = `heartwood_gathered_${(learnt += 1)}`;
  await db.run(word(`prepare ${name} as ${text}`));
  // What a statement answers with is told from PostgreSQL 16 on.
  const types = await db.row<Types>(sql`
    select p.parameter_types::text[] as values, array(select jsonb_array_elements_text(to_jsonb(p) -> 'result_types')) as columns
    from pg_prepared_statements p where p.name = ${name}`);
  await db.run(word(`deallocate ${name}`));
  if (knownTypes.size >= mostKnown) knownTypes.clear();
  knownTypes.set(text, types);
  return types;
}
