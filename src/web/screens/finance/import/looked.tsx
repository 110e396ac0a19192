// What looking through a file found: how much it makes, what is left alone, and every place that stands in its way.
import { Alert } from "@mantine/core";
import { DataTable, EmptyState, Figure, Icon, numberText, Says, Section, type TableColumn } from "../../../kit/index.ts";
import { countedOf, type Kind, type LookedJournal, type LookedTable, type Mistake } from "./kinds.ts";
import { spanText } from "../month-text.ts";
import { words } from "./words.ts";

/** So many are told at most. */
const toldMax = 200;

type Told = Mistake & { readonly id: string };

const rowColumn: TableColumn<Told> = { name: "row", title: words.row, width: 100, cell: ({ row }) => words.inRow(row ?? 1) };
const lineColumn: TableColumn<Told> = { name: "line", title: words.line, width: 100, cell: ({ line }) => words.inLine(line ?? 1) };
const columnColumn: TableColumn<Told> = { name: "column", title: words.column, width: 160, cell: (one) => one.column };
const saysColumn: TableColumn<Told> = {
  name: "says",
  title: words.says,
  main: true,
  width: 620,
  cell: (one) => <Says words={one.says} />,
};

function Mistakes({ mistakes }: { mistakes: readonly Mistake[] }) {
  if (mistakes.length === 0) return null;
  const isTable = mistakes[0]!.row !== undefined;
  return (
    <Section title={words.mistakes} count={mistakes.length >= toldMax ? `${toldMax}+` : mistakes.length}>
      <p className="hw-late hw-bring-says">
        {words.mistakesSay} {mistakes.length >= toldMax && words.mistakesMore}
      </p>
      <DataTable
        label={words.mistakes}
        rows={mistakes.map((one, place): Told => ({ ...one, id: String(place) }))}
        columns={isTable ? [rowColumn, columnColumn, saysColumn] : [lineColumn, saysColumn]}
      />
    </Section>
  );
}

function Names({ title, names }: { title: string; names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <Alert color="gray" title={title} icon={<Icon name="list" />} className="hw-bring-names">
      <span className="hw-anywhere">{names.join(", ")}</span>
    </Alert>
  );
}

interface LookedProps<T> {
  readonly kind: Kind;
  readonly looked: T;
}

export function TableLooked({ kind, looked: { rows, records, ignored, mistakes } }: LookedProps<LookedTable>) {
  return (
    <>
      {mistakes.length === 0 && (
        <div className="hw-figures">
          <Figure title={words.rows} value={numberText(rows)} />
          <Figure title={words.makes} value={countedOf(kind, records)} />
        </div>
      )}
      {rows === 0 && mistakes.length === 0 && <EmptyState title={words.nothing} says={words.nothingSays} />}
      <Names title={words.ignored} names={ignored} />
      <Mistakes mistakes={mistakes} />
    </>
  );
}

export function JournalLooked({ kind, looked }: LookedProps<LookedJournal>) {
  const { entries, from, to, newAccounts, skipped, mistakes } = looked;
  return (
    <>
      {mistakes.length === 0 && (
        <div className="hw-figures">
          <Figure title={words.makes} value={countedOf(kind, entries)} />
          {from && to && <Figure title={words.range} value={spanText(from, to)} />}
        </div>
      )}
      {entries === 0 && mistakes.length === 0 && <EmptyState title={words.nothing} says={words.nothingSays} />}
      <Names title={words.newAccounts} names={newAccounts} />
      <Names title={words.skipped} names={skipped} />
      <Mistakes mistakes={mistakes} />
    </>
  );
}
