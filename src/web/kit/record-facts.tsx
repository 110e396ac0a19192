// The facts of a record as a list of names and values, references by their names.
import type { ColumnEntry, RegisterEntry } from "../catalogue.ts";
import { isState, refNamedBy, shownColumns } from "./columns.tsx";
import { RecordLink } from "./link.tsx";
import type { Row } from "./operation.ts";
import { StateBadge, ValueText } from "./show.tsx";
import { text } from "../text.ts";

function Fact({ column, register, record }: { column: ColumnEntry; register: RegisterEntry; record: Row }) {
  const value = record[column.name];
  const ref = refNamedBy(column, register.columns);
  if (isState(column) && typeof value === "string") return <StateBadge state={value} />;
  if (ref && value) return <RecordLink register={ref.ref ?? ""} id={record[ref.name] as string | null} label={String(value)} />;
  return <ValueText kind={column.kind} value={value} refTo={column.ref} />;
}

const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === "";
/** The header says it already: "PR-00009 Chairs" has the number and the title. */
const isInHeader = (column: ColumnEntry, value: unknown, label: string): boolean =>
  /^(title|name|number|tag|code)$/.test(column.name) && typeof value === "string" && label.includes(value);
const isLong = (value: unknown): boolean => typeof value === "string" && value.length > 90;
const isElsewhere = (column: ColumnEntry): boolean => column.kind === "array" || column.kind === "object" || column.kind === "json";

interface RecordFactsProps {
  readonly register: RegisterEntry;
  readonly record: Row;
  /** Only these columns; otherwise all. The label and the state stand in the header and are left out. */
  readonly only?: readonly string[];
}

export function RecordFacts({ register, record, only }: RecordFactsProps) {
  const shown = shownColumns(register.columns).filter(
    (column) => column.name !== register.label && column.name !== "state" && !isElsewhere(column) && (!only || only.includes(column.name)),
  );
  const about = record["aboutSubject"];
  const aboutId = record["aboutId"];
  const label = String(record[register.label] ?? "");
  const plain = shown.filter((column) => column.name !== "aboutSubject" && !isInHeader(column, record[column.name], label));
  const known = plain.filter((column) => !isEmpty(record[column.name]));
  const empty = only ? [] : plain.filter((column) => !known.includes(column));
  if (known.length + empty.length === 0) return null;
  return (
    <dl className="hw-facts">
      {known.map((column) => (
        <div key={column.name} data-broad={column.kind === "longText" || isLong(record[column.name]) || undefined}>
          <dt>{column.title}</dt>
          <dd>
            <Fact column={column} register={register} record={record} />
          </dd>
        </div>
      ))}
      {typeof about === "string" && typeof aboutId === "string" && (
        <div>
          <dt>{text.record.about}</dt>
          <dd>
            <RecordLink register={about} id={aboutId} />
          </dd>
        </div>
      )}
      {empty.length > 0 && (
        <div data-broad className="hw-facts-empty">
          <dt>{text.record.empty}</dt>
          <dd>{empty.map((column) => column.title).join(" · ")}</dd>
        </div>
      )}
    </dl>
  );
}
