// A table of records for small and very large lists: real table semantics, rows drawn only where one looks, worked by keyboard.
import { Checkbox } from "@mantine/core";
import { useCallbackRef, useMediaQuery } from "@mantine/hooks";
import { useVirtualizer, useWindowVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, memo, type ReactNode, type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { text } from "../text.ts";
import type { TableColumn } from "./columns.tsx";
import type { RowList } from "./pages.ts";

export interface DataTableProps<R extends { readonly id: string }> {
  /** What the table holds, for assistive tools. */
  readonly label: string;
  readonly rows: RowList<R>;
  readonly columns: readonly TableColumn<R>[];
  /** A column name, `-` before it for descending. */
  readonly sort?: string;
  readonly onSort?: (sort: string) => void;
  /** Enter or a click on a row. */
  readonly onOpen?: (row: R) => void;
  readonly selected?: ReadonlySet<string>;
  readonly onSelect?: (selected: ReadonlySet<string>) => void;
  /** Asks for more rows when the end comes near. */
  readonly onEnd?: () => void;
  /** The table fills its parent and scrolls inside; otherwise it is as tall as its rows. */
  readonly fill?: boolean;
  /** A last line under the rows, by column name. */
  readonly foot?: Readonly<Record<string, ReactNode>>;
}

const rowHeight = 36;

/** A column that wants so much holds sentences: a card says them whole, across its width. */
const sentenceWidth = 480;

/** From so many cards on only those in sight are drawn. */
const longList = 150;
const cardGap = 8;

/** Which cards are drawn, and the room that the others take. */
function useCardsInSight(count: number, list: RefObject<HTMLUListElement | null>) {
  const isLong = count > longList;
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    if (list.current) setTop(list.current.getBoundingClientRect().top + window.scrollY);
  }, [isLong, list]);
  const virtual = useWindowVirtualizer({
    count,
    enabled: isLong,
    estimateSize: () => 150,
    overscan: 8,
    gap: cardGap,
    scrollMargin: top,
  });
  if (!isLong) return { places: Array.from({ length: count }, (_, index) => index), room: undefined, measure: undefined };
  const items = virtual.getVirtualItems();
  const above = Math.max(0, (items[0]?.start ?? top) - top);
  const below = Math.max(0, virtual.getTotalSize() - ((items.at(-1)?.end ?? top) - top));
  return {
    places: items.map(({ index }) => index),
    room: { paddingTop: above, paddingBottom: below },
    measure: virtual.measureElement,
  };
}

/** Asks for more once the end of what is there comes near. */
function useEnd(onEnd: (() => void) | undefined, count: number): RefObject<HTMLDivElement | null> {
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!onEnd || !end.current) return undefined;
    const watch = new IntersectionObserver((seen) => seen[0]?.isIntersecting && onEnd(), { rootMargin: "600px" });
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [onEnd, count]);
  return end;
}

/** The sums of the narrow form: above the cards, where they are seen however long the list is. */
function CardSums<R>({ columns, foot }: { columns: readonly TableColumn<R>[]; foot: DataTableProps<never>["foot"] }) {
  const [first, ...summed] = columns.filter((column, index) => index === 0 || foot?.[column.name] !== undefined);
  if (!first || summed.length === 0) return null;
  return (
    <div className="hw-card hw-card-sums">
      <div className="hw-card-title">{foot?.[first.name] ?? text.list.sums}</div>
      <dl className="hw-card-facts">
        {summed.map((column) => (
          <div key={column.name}>
            <dt>{column.title}</dt>
            <dd>{foot?.[column.name]}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** The narrow form of the table: each row as a card with its first columns. */
function Cards<R extends { readonly id: string }>({ label, rows, columns, onOpen, onEnd, foot }: DataTableProps<R>) {
  const list = useRef<HTMLUListElement>(null);
  const end = useEnd(onEnd, rows.length);
  const { places, room, measure } = useCardsInSight(rows.length, list);
  const openLatest = useCallbackRef(onOpen);
  return (
    <>
      <CardSums columns={columns} foot={foot} />
      <ul ref={list} className="hw-cards" aria-label={label} style={room}>
        {places.map((index) => {
          const row = rows.at(index);
          return (
            row && (
              <Card key={row.id} row={row} index={index} columns={columns} measure={measure} onOpen={onOpen ? openLatest : undefined} />
            )
          );
        })}
      </ul>
      <div ref={end} />
    </>
  );
}

interface CardProps<R> {
  readonly row: R;
  readonly columns: readonly TableColumn<R>[];
  readonly index: number;
  /** Tells how high it came out, where only those in sight are drawn. */
  readonly measure: ((card: HTMLLIElement | null) => void) | undefined;
  readonly onOpen: ((row: R) => void) | undefined;
}

function CardDrawn<R>({ row, index, columns, measure, onOpen }: CardProps<R>) {
  const [first, ...others] = columns;
  return (
    <li ref={measure} data-index={index} className="hw-card" onClick={onOpen && (() => onOpen(row))}>
      <div className="hw-card-title">{first?.cell(row)}</div>
      <dl className="hw-card-facts">
        {others
          .filter((column) => !column.isEmpty?.(row))
          .slice(0, 6)
          .map((column) => (
            <div key={column.name} data-whole={(column.width ?? 0) >= sentenceWidth || undefined}>
              <dt>{column.title}</dt>
              <dd>{column.cell(row)}</dd>
            </div>
          ))}
      </dl>
    </li>
  );
}

// When the next page comes, the cards before it are not drawn again.
const Card = memo(CardDrawn) as typeof CardDrawn;

function HeadCell<R>({ column, sort, onSort }: { column: TableColumn<R>; sort?: string; onSort?: (sort: string) => void }) {
  const direction = sort === column.name ? "ascending" : sort === `-${column.name}` ? "descending" : "none";
  const sortable = onSort && column.sortable;
  return (
    <th scope="col" aria-sort={sortable ? direction : undefined} data-right={column.right || undefined}>
      {sortable ? (
        <button type="button" className="hw-sort" onClick={() => onSort(direction === "ascending" ? `-${column.name}` : column.name)}>
          <span className="hw-sort-words">{column.title}</span>
          <span className="hw-sort-sign" aria-hidden data-on={direction !== "none" || undefined}>
            {direction === "descending" ? "↓" : "↑"}
          </span>
        </button>
      ) : (
        column.title
      )}
    </th>
  );
}

/** Moves among rows with the arrows, opens with Enter, selects with x. */
function useRowKeys<R extends { readonly id: string }>(props: DataTableProps<R>, reveal: (index: number) => void) {
  const { rows, onOpen, onSelect, selected } = props;
  const [at, setAt] = useState(-1);
  const toggle = (id: string): void => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect?.(next);
  };
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: 1,
    j: 1,
    ArrowUp: -1,
    k: -1,
    PageDown: 12,
    PageUp: -12,
    Home: -1e9,
    End: 1e9,
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    if (event.metaKey || event.ctrlKey || event.altKey || target.matches("input:not([type=checkbox]), textarea, select")) return;
    const row = at < 0 ? undefined : rows.at(at);
    const step = steps[event.key];
    if (step !== undefined && rows.length > 0) {
      const next = Math.min(rows.length - 1, Math.max(0, at + step));
      setAt(next);
      reveal(next);
    } else if (event.key === "Enter" && row && onOpen && !target.matches("a, button, input")) onOpen(row);
    else if (event.key === "x" && row && onSelect) toggle(row.id);
    else return;
    event.preventDefault();
  };
  return { at, setAt, toggle, onKeyDown };
}

interface LineProps<R extends { readonly id: string }> {
  readonly row: R;
  readonly index: number;
  readonly columns: readonly TableColumn<R>[];
  readonly here: boolean;
  /** Undefined where rows are not selected. */
  readonly chosen: boolean | undefined;
  readonly opens: boolean;
  readonly onOpen: (row: R) => void;
  readonly toggle: (id: string) => void;
}

function LineDrawn<R extends { readonly id: string }>({ row, index, columns, here, chosen, opens, onOpen, toggle }: LineProps<R>) {
  return (
    <tr
      aria-rowindex={index + 2}
      aria-selected={chosen}
      data-here={here || undefined}
      data-chosen={chosen || undefined}
      data-opens={opens || undefined}
      onClick={(event) => {
        if (!(event.target as HTMLElement).closest("a, button, input, label")) onOpen(row);
      }}
    >
      {chosen !== undefined && (
        <td className="hw-pick">
          <Checkbox size="xs" tabIndex={-1} checked={chosen} onChange={() => toggle(row.id)} aria-label={text.selectRow(index + 1)} />
        </td>
      )}
      {columns.map((column) => (
        <td key={column.name} data-right={column.right || undefined} data-main={column.main || undefined}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

// While one scrolls, a row that stays is not drawn again.
const Line = memo(LineDrawn) as typeof LineDrawn;

function Head<R extends { readonly id: string }>({ table }: { table: DataTableProps<R> }) {
  const { rows, selected, onSelect } = table;
  const all = useMemo(() => {
    if (!selected || selected.size < rows.length || rows.length === 0) return false;
    for (const row of rows) if (!selected.has(row.id)) return false;
    return true;
  }, [rows, selected]);
  return (
    <thead>
      <tr aria-rowindex={1}>
        {onSelect && (
          <th scope="col" className="hw-pick">
            <Checkbox
              size="xs"
              checked={all}
              indeterminate={!all && (selected?.size ?? 0) > 0}
              onChange={() => onSelect(all ? new Set() : new Set(Array.from(rows, (row) => row.id)))}
              aria-label={text.selectAll}
            />
          </th>
        )}
        {table.columns.map((column) => (
          <HeadCell key={column.name} column={column} sort={table.sort} onSort={table.onSort} />
        ))}
      </tr>
    </thead>
  );
}

function Foot<R extends { readonly id: string }>({ table }: { table: DataTableProps<R> }) {
  if (!table.foot) return null;
  return (
    <tfoot>
      <tr>
        {table.onSelect && <td className="hw-pick" />}
        {table.columns.map((column) => (
          <td key={column.name} data-right={column.right || undefined}>
            {table.foot?.[column.name]}
          </td>
        ))}
      </tr>
    </tfoot>
  );
}

interface BodyProps<R extends { readonly id: string }> {
  readonly table: DataTableProps<R>;
  readonly items: readonly { readonly index: number }[];
  /** Height of the rows that are not drawn. */
  readonly above: number;
  readonly below: number;
  readonly at: number;
  readonly toggle: (id: string) => void;
}

function Body<R extends { readonly id: string }>({ table, items, above, below, at, toggle }: BodyProps<R>) {
  const { rows, columns, onSelect, selected } = table;
  const toggleLatest = useCallbackRef(toggle);
  const openLatest = useCallbackRef(table.onOpen);
  const span = columns.length + (onSelect ? 1 : 0);
  const gap = (height: number): ReactNode =>
    height > 0 && (
      <tr aria-hidden style={{ height }}>
        <td colSpan={span} />
      </tr>
    );
  return (
    <tbody>
      {gap(above)}
      {items.map(({ index }) => {
        const row = rows.at(index);
        return (
          row && (
            <Line
              key={row.id}
              row={row}
              index={index}
              columns={columns}
              here={index === at}
              chosen={onSelect && (selected?.has(row.id) ?? false)}
              opens={table.onOpen !== undefined}
              onOpen={openLatest}
              toggle={toggleLatest}
            />
          )
        );
      })}
      {gap(below)}
    </tbody>
  );
}

function Wide<R extends { readonly id: string }>(props: DataTableProps<R>) {
  const { rows, columns, fill, onEnd, onSelect } = props;
  const box = useRef<HTMLDivElement>(null);
  const end = useEnd(fill ? undefined : onEnd, rows.length);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    enabled: fill ?? false,
  });
  const keys = useRowKeys(props, (index) => {
    if (fill) virtual.scrollToIndex(index);
    else box.current?.querySelectorAll("tbody tr")[index]?.scrollIntoView({ block: "nearest" });
  });
  const { at, setAt, onKeyDown } = keys;
  const items = fill ? virtual.getVirtualItems() : Array.from({ length: rows.length }, (_, index) => ({ index, start: 0, end: 0 }));
  const lastSeen = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (fill && rows.length > 0 && lastSeen >= rows.length - 60) onEnd?.();
  }, [fill, lastSeen, rows.length, onEnd]);
  const above = fill ? (items[0]?.start ?? 0) : 0;
  const below = fill ? virtual.getTotalSize() - (items.at(-1)?.end ?? 0) : 0;
  const wanted = columns.reduce((sum, column) => sum + (column.width ?? 160), 0);
  return (
    <div
      ref={box}
      className="hw-tablebox"
      data-fill={fill || undefined}
      tabIndex={0}
      role="group"
      aria-label={text.tableHint(props.label)}
      onKeyDown={onKeyDown}
      onFocus={(event) => event.target === box.current && at < 0 && rows.length > 0 && setAt(0)}
    >
      <table
        className="hw-table"
        aria-label={props.label}
        aria-rowcount={rows.length + 1}
        style={{ minWidth: wanted + (onSelect ? 40 : 0) }}
      >
        <colgroup>
          {onSelect && <col style={{ width: 40 }} />}
          {columns.map((column) => (
            <col key={column.name} style={{ width: `${((column.width ?? 160) / wanted) * 100}%` }} />
          ))}
        </colgroup>
        <Head table={props} />
        <Body table={props} items={items} above={above} below={below} at={at} toggle={keys.toggle} />
        <Foot table={props} />
      </table>
      <div ref={end} />
    </div>
  );
}

/** A table of records; on a narrow screen the same rows as cards. */
export function DataTable<R extends { readonly id: string }>(props: DataTableProps<R>) {
  const narrow = useMediaQuery("(max-width: 40em)", false, { getInitialValueInEffect: false });
  return narrow ? <Cards {...props} /> : <Wide {...props} />;
}
