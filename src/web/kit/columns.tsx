// The columns of a register as a table shows them: identifiers hidden, a reference shown by its name, its name not shown twice.
import type { ReactNode } from "react";
import type { ColumnEntry, RegisterEntry } from "../catalogue.ts";
import { RecordLink } from "./link.tsx";
import type { Row } from "./operation.ts";
import { isRightAligned, StateBadge, ValueText } from "./show.tsx";

export interface TableColumn<R> {
  readonly name: string;
  readonly title: string;
  /** Names the row; the others say something of it. */
  readonly main?: boolean;
  /** Right-aligned with tabular figures. */
  readonly right?: boolean;
  /** Width in px it wants; the columns share what is left. */
  readonly width?: number;
  readonly sortable?: boolean;
  readonly cell: (row: R) => ReactNode;
  /** Left out of the narrow form when true. */
  readonly isEmpty?: (row: R) => boolean;
}

/** The text column that names the record an `xId` column points at: `x` or `xName`. */
export function siblingOf(column: ColumnEntry, columns: readonly ColumnEntry[]): ColumnEntry | undefined {
  if (column.kind !== "ref" || !column.name.endsWith("Id")) return undefined;
  const bare = column.name.slice(0, -2);
  return columns.find((one) => one.kind !== "ref" && (one.name === bare || one.name === `${bare}Name` || one.name === `${bare}Label`));
}

export const isState = (column: ColumnEntry): boolean => /^(state|status)$/i.test(column.name) || /State$|Status$/.test(column.name);

/** Columns worth showing: no identifiers, no currency beside its amount, no reference whose name stands beside it. */
export function shownColumns(columns: readonly ColumnEntry[]): readonly ColumnEntry[] {
  const hasMoney = columns.some((column) => column.kind === "money");
  return columns.filter((column) => {
    if (column.name === "id" || column.kind === "id" || column.kind === "json" || column.kind === "object") return false;
    if (hasMoney && column.kind === "currency") return false;
    return !siblingOf(column, columns);
  });
}

/** The reference column that a text column is the name of. */
export const refNamedBy = (column: ColumnEntry, columns: readonly ColumnEntry[]): ColumnEntry | undefined =>
  columns.find((one) => siblingOf(one, columns)?.name === column.name);

const widths: Readonly<Record<string, number>> = {
  money: 150,
  day: 118,
  instant: 164,
  boolean: 80,
  integer: 96,
  number: 96,
  decimal: 104,
  enum: 132,
  file: 100,
};

function widthOf(column: ColumnEntry, columns: readonly ColumnEntry[]): number {
  if (isState(column)) return 128;
  if (column.kind === "ref" || refNamedBy(column, columns)) return 168;
  if (/mail$/i.test(column.name)) return 200;
  if (/^(code|number)$/.test(column.name)) return 104;
  return widths[column.kind] ?? (column.kind === "longText" ? 240 : 134);
}

export function cellOf(register: RegisterEntry, column: ColumnEntry, row: Row): ReactNode {
  const value = row[column.name];
  if (isState(column) && typeof value === "string") return <StateBadge state={value} />;
  if (column.name === register.label && value) return <RecordLink register={register.name} id={row.id} label={String(value)} />;
  const ref = refNamedBy(column, register.columns);
  if (ref && value) return <RecordLink register={ref.ref ?? ""} id={row[ref.name] as string | null} label={String(value)} />;
  return <ValueText kind={column.kind} value={value} refTo={column.ref} oneLine />;
}

/** The table columns of a register, in its order, with the label first. */
export function columnsOf(register: RegisterEntry, only?: readonly string[]): TableColumn<Row>[] {
  const shown = shownColumns(register.columns);
  const label = shown.find((column) => column.name === register.label);
  const ordered = label ? [label, ...shown.filter((column) => column !== label)] : shown;
  const chosen = only ? only.flatMap((name) => ordered.find((column) => column.name === name) ?? []) : ordered;
  return chosen.map((column) => ({
    name: column.name,
    main: column === label,
    title: column.title,
    right: isRightAligned(column.kind),
    width: column === label ? 244 : widthOf(column, register.columns),
    sortable: true,
    cell: (row) => cellOf(register, column, row),
    isEmpty: (row) => row[column.name] === null || row[column.name] === "" || row[column.name] === undefined,
  }));
}
