// What belongs to a record: every register with a column that points at it, a few rows each, left out when there are none.
import { Anchor } from "@mantine/core";
import { useInView } from "../kit/in-view.ts";
import { type ColumnEntry, moduleOf, type RegisterEntry } from "../catalogue.ts";
import { columnsOf, siblingOf, type TableColumn } from "../kit/columns.tsx";
import { DataTable } from "../kit/data-table.tsx";
import { numberText } from "../kit/format.ts";
import { AppLink, recordPath, registerPath, RunButton, useGo } from "../kit/link.tsx";
import { type Row, usePage } from "../kit/operation.ts";
import { Section } from "../kit/page.tsx";
import { useCatalogue } from "../kit/session.tsx";
import { text } from "../text.ts";
import { usualOf } from "../kit/usual-columns.ts";

const rowsShown = 8;
const widthShown = 740;

/** The first columns that fit beside the aside without scrolling; the name and what it comes to are always among them. */
function fitting(columns: readonly TableColumn<Row>[], amount: string | undefined): readonly TableColumn<Row>[] {
  const isKept = (column: TableColumn<Row>): boolean => column.main === true || column.name === amount;
  const widthOf = (column: TableColumn<Row>): number => column.width ?? 160;
  let width = columns.filter(isKept).reduce((sum, column) => sum + widthOf(column), 0);
  return columns.filter((column) => {
    if (isKept(column)) return true;
    const wanted = width + widthOf(column);
    if (wanted > widthShown) return false;
    width = wanted;
    return true;
  });
}

interface RelatedProps {
  readonly register: RegisterEntry;
  readonly column: ColumnEntry;
  readonly id: string;
  /** Several columns of one register may point here; then the title says by which. */
  readonly ambiguous: boolean;
}

function Related({ register, column, id, ambiguous }: RelatedProps) {
  const catalogue = useCatalogue();
  const go = useGo();
  const [mark, seen] = useInView<HTMLDivElement>();
  const filter = { [column.name]: id };
  const page = usePage<Row>(register.name, { filter, limit: rowsShown, count: true }, { enabled: seen });
  const rows = page.data?.rows ?? [];
  if (!page.data || rows.length === 0) return <div ref={mark} />;
  const own = siblingOf(column, register.columns)?.name;
  const usual = usualOf(register).filter((name) => name !== column.name && name !== own);
  const amount = usual.find((name) => register.columns.some((one) => one.name === name && one.kind === "money"));
  const columns = fitting(columnsOf(register, usual), amount);
  const create = catalogue.creating(register.name).find((one) => one.input.properties?.[column.name]);
  const count = page.data.count ?? rows.length;
  return (
    <Section
      title={ambiguous ? `${register.title} (${column.title.toLowerCase()})` : register.title}
      count={numberText(count)}
      actions={
        <>
          {create && <RunButton operation={create.name} fields={filter} variant="subtle" size="compact-xs" />}
          {count > rows.length && (
            <Anchor component={AppLink} to={registerPath(register.name, filter)} size="sm">
              {text.record.seeAll}
            </Anchor>
          )}
        </>
      }
    >
      <DataTable label={register.title} rows={rows} columns={columns} onOpen={(row) => go(recordPath(register.name, row.id))} />
    </Section>
  );
}

/** Registers whose records are shown in their own place on the page. */
const shownElsewhere = new Set(["office.comment", "office.attachment", "platform.notification"]);

interface RelatedRegistersProps {
  readonly register: RegisterEntry;
  readonly id: string;
  /** What a part made by hand shows already. */
  readonly except: readonly string[];
}

export function RelatedRegisters({ register, id, except }: RelatedRegistersProps) {
  const pointing = useCatalogue()
    .pointingAt(register.name)
    .filter((one) => !shownElsewhere.has(one.register.name) && !except.includes(one.register.name));
  // Lines of the record itself come first, then other documents, last the lines of other departments' documents.
  const place = (one: RegisterEntry): number => (!one.inner ? 1 : moduleOf(one.name) === moduleOf(register.name) ? 0 : 2);
  const ordered = pointing.toSorted((a, b) => place(a.register) - place(b.register));
  return (
    <>
      {ordered.map((one) => (
        <Related
          key={`${one.register.name}.${one.column.name}`}
          register={one.register}
          column={one.column}
          id={id}
          ambiguous={pointing.filter((other) => other.register === one.register).length > 1}
        />
      ))}
    </>
  );
}
