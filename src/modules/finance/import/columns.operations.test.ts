// What we say a table may hold is what looking through one takes.
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBooks, type TestBooks } from "../testing/books.ts";
import { listColumns } from "./columns.operations.ts";
import { checkTable } from "./table.operations.ts";

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.house.close());

test("a heading of all columns is understood, under other names too, and each needed one is missed", async () => {
  const check = async (kind: string, names: readonly string[]) => {
    const text = Buffer.from(`${names.join(",")}\n`);
    const fileId = await books.house.funnel.work(books.house.tenantId, (context) => context.writeFile("table.csv", "text/csv", text));
    return books.house.run(checkTable, { kind, fileId }, books.chief);
  };
  const { kinds } = await books.house.run(listColumns, {}, books.chief);
  expect(kinds.map(({ kind }) => kind).toSorted()).toEqual(["bills", "entries", "invoices", "openItems", "parties"]);
  for (const { kind, columns } of kinds) {
    expect(
      await check(
        kind,
        columns.map(({ name }) => name),
      ),
    ).toMatchObject({ ignored: [], mistakes: [] });
    expect(
      await check(
        kind,
        columns.map(({ name, also }) => also[0] ?? name),
      ),
    ).toMatchObject({ ignored: [], mistakes: [] });
    const needed = columns.filter(({ isNeeded }) => isNeeded).map(({ name }) => name);
    expect(needed).not.toEqual([]);
    for (const left of needed) {
      const { mistakes } = await check(
        kind,
        needed.filter((name) => name !== left),
      );
      expect(mistakes.map(({ column }) => column)).toEqual([left]);
    }
  }
});
