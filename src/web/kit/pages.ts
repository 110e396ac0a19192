// The rows of a register as they came, page by page. Only the pages looked at last are kept as records; the others stay the text they
// came as: whenever the browser frees memory it walks through every record that is alive, and stops for it, but not through a text.
import type { MoneyValue } from "./format.ts";

export type Row = Readonly<Record<string, unknown>> & { readonly id: string };

export interface Total extends MoneyValue {
  readonly column: string;
}

export interface Page<R extends Row = Row> {
  readonly rows: readonly R[];
  readonly next: string | null;
  readonly count: number | null;
  readonly totals: readonly Total[];
}

/** What a table asks of its rows: any array will do. */
export interface RowList<R> extends Iterable<R> {
  readonly length: number;
  at(index: number): R | undefined;
}

interface PagedRows<R> extends RowList<R> {
  /** Those of these identifiers, in their order. */
  pick(ids: ReadonlySet<string>): readonly R[];
}

export interface PageText extends Omit<Page, "rows"> {
  readonly text: string;
  readonly size: number;
}

const mostRead = 8;
/** The pages looked at last, the latest at the end. */
const read = new Map<PageText, readonly Row[]>();

function rowsOf(page: PageText, known = read.get(page)): readonly Row[] {
  const rows = known ?? (JSON.parse(page.text) as Page).rows;
  read.delete(page);
  read.set(page, rows);
  if (read.size > mostRead) read.delete(read.keys().next().value!);
  return rows;
}

/** Noted only once somebody chooses rows. */
const noted = new WeakMap<PageText, readonly string[]>();

function idsOf(page: PageText): readonly string[] {
  const ids = noted.get(page) ?? rowsOf(page).map((row) => row.id);
  noted.set(page, ids);
  return ids;
}

export function pageOf(text: string): PageText {
  const { rows, next, count, totals } = JSON.parse(text) as Page;
  const page = { text, next, count, totals, size: rows.length };
  rowsOf(page, rows);
  return page;
}

export function rowsIn<R extends Row>(pages: readonly PageText[]): PagedRows<R> {
  const starts: number[] = [];
  let length = 0;
  for (const page of pages) {
    starts.push(length);
    length += page.size;
  }
  const of = (page: PageText): readonly R[] => rowsOf(page) as readonly R[];
  return {
    length,
    at(index) {
      const place = starts.findLastIndex((start) => start <= index);
      return pages[place] && of(pages[place])[index - starts[place]!];
    },
    pick: (ids) =>
      ids.size === 0
        ? []
        : pages.flatMap((page) => (idsOf(page).some((id) => ids.has(id)) ? of(page).filter((row) => ids.has(row.id)) : [])),
    *[Symbol.iterator]() {
      for (const page of pages) yield* of(page);
    },
  };
}
