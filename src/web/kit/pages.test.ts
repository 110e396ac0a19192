// A long list page by page: any row by its place, those of some identifiers, all in order; far pages are read again from their text.
import { expect, test } from "vitest";
import { pageOf, type Row, rowsIn } from "./pages.ts";

const sizes = [100, ...Array.from({ length: 11 }, () => 500)];
const rowAt = (place: number): Row => ({ id: `row-${place}`, place, amount: { amount: `${place}.00`, currency: "EUR" } });

function texts(): string[] {
  let start = 0;
  return sizes.map((size, page) => {
    const rows = Array.from({ length: size }, (_, index) => rowAt(start + index));
    start += size;
    return JSON.stringify({ rows, next: page === sizes.length - 1 ? null : String(start), count: page === 0 ? 5600 : null, totals: [] });
  });
}

test("every row stands at its place, also at the borders of pages, and nothing beyond the ends", () => {
  const rows = rowsIn(texts().map(pageOf));
  expect(rows.length).toBe(5600);
  for (const place of [0, 99, 100, 599, 600, 5599]) expect(rows.at(place)).toEqual(rowAt(place));
  expect([rows.at(5600), rows.at(-1), rowsIn([]).at(0)]).toEqual([undefined, undefined, undefined]);
  expect(Array.from(rows, (row) => row["place"])).toEqual(Array.from({ length: 5600 }, (_, place) => place));
});

test("a page near by gives the same records again, one far away equal ones", () => {
  const rows = rowsIn(texts().map(pageOf));
  const first = rows.at(0);
  expect(rows.at(0)).toBe(first);
  for (const row of rows) expect(row.id).toBeTypeOf("string");
  expect(rows.at(0)).toEqual(first);
  expect(rows.at(0)).not.toBe(first);
});

test("some are picked by their identifiers, in the order of the list", () => {
  const rows = rowsIn(texts().map(pageOf));
  expect(rows.pick(new Set(["row-5000", "row-7", "row-nowhere"]))).toEqual([rowAt(7), rowAt(5000)]);
  expect(rows.pick(new Set())).toEqual([]);
});

test("what came with a page is told of it", () => {
  const [first, second] = texts().map(pageOf);
  expect([first?.next, first?.count, second?.next, second?.count]).toEqual(["100", 5600, "600", null]);
});
