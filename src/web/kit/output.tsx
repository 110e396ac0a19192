// Any operation's answer, shown by its schema: facts as a list, lists of objects as tables, amounts as amounts.
import { Table, Title } from "@mantine/core";
import { type ColumnEntry, type JsonSchema, kindOf, present, titleOf, wordsOf } from "../catalogue.ts";
import { text } from "../text.ts";
import { isState, refNamedBy, shownColumns, siblingOf } from "./columns.tsx";
import { RecordLink } from "./link.tsx";
import { isRightAligned, StateBadge, ValueText } from "./show.tsx";

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

const columnsFrom = (schema: JsonSchema): ColumnEntry[] =>
  Object.entries(present(schema).properties ?? {}).map(([name, field]) => ({
    name,
    title: titleOf(name, field),
    kind: kindOf(field),
    ref: present(field)["x-ref"] ?? null,
  }));

/** Without a schema (an answer of any shape) the first line says what there is. */
const columnsLike = (line: unknown): ColumnEntry[] =>
  isFields(line) ? Object.keys(line).map((name) => ({ name, title: wordsOf(name), kind: "json" })) : [];

function ValueOf({ column, columns, fields }: { column: ColumnEntry; columns: readonly ColumnEntry[]; fields: Fields }) {
  const value = fields[column.name];
  if (isState(column) && typeof value === "string") return <StateBadge state={value} />;
  const ref = refNamedBy(column, columns);
  if (ref && value) return <RecordLink register={ref.ref ?? ""} id={fields[ref.name] as string | null} label={String(value)} />;
  return <ValueText kind={column.kind} value={value} refTo={column.ref} />;
}

function LinesShown({ schema, lines, title }: { schema: JsonSchema; lines: readonly unknown[]; title: string }) {
  const all = columnsFrom(schema);
  const columns = shownColumns(all.length > 0 ? all : columnsLike(lines[0])).concat(
    all.filter((one) => one.kind === "object" || one.kind === "array"),
  );
  if (lines.length === 0) return <p className="hw-dim">{text.output.nothing}</p>;
  if (columns.length === 0) return <ValueText kind="json" value={lines} />;
  return (
    <div className="hw-scroll" tabIndex={0} role="group" aria-label={title}>
      <Table className="hw-output-table" aria-label={title} verticalSpacing={6} striped={lines.length > 6 ? "even" : false}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column.name} data-right={isRightAligned(column.kind) || undefined}>
                {column.title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map((line, index) => (
            <Table.Tr key={index}>
              {columns.map((column) => (
                <Table.Td key={column.name} data-right={isRightAligned(column.kind) || undefined}>
                  {isFields(line) && isNested(column, line) ? (
                    <OutputShown schema={present(schema).properties?.[column.name] ?? {}} value={line[column.name]} title={column.title} />
                  ) : (
                    <ValueOf column={column} columns={all} fields={isFields(line) ? line : {}} />
                  )}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

const isNested = (column: ColumnEntry, fields: Fields): boolean =>
  (column.kind === "object" && isFields(fields[column.name])) ||
  (column.kind === "array" && Array.isArray(fields[column.name]) && (fields[column.name] as unknown[]).some((one) => isFields(one)));

/** Sentences, such as warnings, of which there are none. */
const isSilent = (schema: JsonSchema, { name }: ColumnEntry, fields: Fields): boolean => {
  const value = fields[name];
  const { items } = present(present(schema).properties?.[name] ?? {});
  return Array.isArray(value) && value.length === 0 && items !== undefined && kindOf(items) === "text";
};

function FactsShown({ schema, fields, level }: { schema: JsonSchema; fields: Fields; level: 2 | 3 }) {
  const declared = columnsFrom(schema);
  const all = declared.length > 0 ? declared : columnsLike(fields);
  const shown = all.filter(
    (column) => column.name !== "id" && column.name !== "can" && !siblingOf(column, all) && !isSilent(schema, column, fields),
  );
  const nested = shown.filter((column) => isNested(column, fields) || (column.kind === "array" && Array.isArray(fields[column.name])));
  const facts = shown.filter((column) => !nested.includes(column));
  return (
    <div className="hw-output">
      {facts.length > 0 && (
        <dl className="hw-facts">
          {facts.map((column) => (
            <div key={column.name}>
              <dt>{column.title}</dt>
              <dd>
                <ValueOf column={column} columns={all} fields={fields} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {nested.map((column) => (
        <div key={column.name} className="hw-output-part">
          <Title order={level} size="h5">
            {column.title}
          </Title>
          <OutputShown schema={present(schema).properties?.[column.name] ?? {}} value={fields[column.name]} title={column.title} />
        </div>
      ))}
    </div>
  );
}

interface OutputShownProps {
  readonly schema: JsonSchema;
  readonly value: unknown;
  readonly title: string;
  /** The level of the headings inside, one below what stands above. */
  readonly level?: 2 | 3;
}

/** Shows an answer by its schema. */
export function OutputShown({ schema, value, title, level = 3 }: OutputShownProps) {
  if (Array.isArray(value) && (value.length === 0 || value.some(isFields))) {
    return <LinesShown schema={present(schema).items ?? {}} lines={value as unknown[]} title={title} />;
  }
  if (isFields(value) && kindOf(schema) !== "money") return <FactsShown schema={present(schema)} fields={value} level={level} />;
  return <ValueText kind={kindOf(schema)} value={value} refTo={present(schema)["x-ref"]} />;
}
