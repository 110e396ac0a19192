// Many asking the same at once: statements of one text that come in the same moment, each with its own values, are put to the database as
// one. What is written for one subject, such as the facts of a process, is so answered for ten thousand in one statement.
import { join, type Rows, rowsBy, type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { batch, besides, column, same, typesOf, word } from "./put.ts";

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
  return { ...context, db: rowsBy(rows, () => Promise.reject(new Error("who reads together does not write"))) };
}

/** For each that asked, its rows. Values that all share stay values; the others become a table that the statement is joined to. */
async function answersTo(db: Rows, text: string, asked: readonly Asked[]): Promise<unknown[][]> {
  const { statement } = asked[0]!;
  const columns = statement.values.map((value, place) => {
    const all = asked.map((one) => one.statement.values[place]);
    return all.every((one) => same(one, value)) ? undefined : all;
  });
  if (columns.every((column) => column === undefined)) {
    const rows = await db.rows<unknown>(statement);
    return asked.map(() => rows);
  }
  const { values: types } = await typesOf(db, text);
  const varying = columns.flatMap((values, place) => (values ? [{ values, place }] : []));
  const names = columns.map((values, place) => values && `${batch}.p${place}`);
  const labels = word(varying.map(({ place }) => `p${place}`).join(", "));
  const tables = join(
    varying.map(({ values, place }) => column(types[place]!, values)),
    word(", "),
  );
  const found = await db.rows<{ batchPlace: bigint | number | string }>(sql`
    select ${word(batch)}.batch_place, q.* from unnest(${tables}) with ordinality as ${word(batch)} (${labels}, batch_place)
    cross join lateral (${besides(statement, names, types)}) q`);
  const answers: unknown[][] = asked.map(() => []);
  for (const { batchPlace, ...row } of found) answers[Number(batchPlace) - 1]!.push(row);
  return answers;
}
