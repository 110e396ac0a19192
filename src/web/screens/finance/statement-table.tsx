// A statement as a table: accounts under their groups, groups fold, every amount leads to the lines behind it.
import { Button } from "@mantine/core";
import { type KeyboardEvent, type ReactNode, useState } from "react";
import { amountText, AppLink, Icon } from "../../kit/index.ts";
import { words } from "./book-words.ts";
import { type ExplainAsked, Explained } from "./reports/explain-parts.tsx";
import { type Amount, isNothing, type StatementLine, unfolded } from "./statement.rules.ts";

export interface StatementColumn {
  readonly name: string;
  readonly title: string;
  /** What it is called where there is no room for its days. */
  readonly short?: string;
  /** Under the title: the days it is about. */
  readonly note?: string;
  /** Where an account's amount in this column leads. */
  readonly to?: (account: StatementLine) => string;
  /** What is asked to explain an amount in this column; nothing where there is nothing to explain. */
  readonly explain?: (line: StatementLine) => ExplainAsked | undefined;
  /** Computed from other columns; not an amount of the line. */
  readonly cell?: (line: StatementLine) => ReactNode;
  readonly isQuiet?: boolean;
}

interface StatementTableProps {
  readonly label: string;
  readonly currency: string;
  readonly columns: readonly StatementColumn[];
  readonly lines: readonly StatementLine[];
}

export function AmountShown({ amount }: { amount: Amount | null | undefined }) {
  if (!amount) return null;
  return (
    <span className="hw-number" data-zero={isNothing(amount) || undefined}>
      {amountText(amount.amount)}
    </span>
  );
}

interface LineProps {
  readonly line: StatementLine;
  readonly columns: readonly StatementColumn[];
  readonly isFolded: boolean;
  readonly onFold: (key: string) => void;
}

function Name({ line, columns, isFolded, onFold }: LineProps) {
  const words_ = (
    <>
      {line.code && <span className="hw-statement-code">{line.code}</span>} {line.name}
    </>
  );
  const to = placeOf(line, columns[0], 0);
  return (
    <th scope="row" style={{ "--hw-level": line.level } as React.CSSProperties}>
      {line.isGroup ? (
        <button type="button" className="hw-statement-fold" data-line={line.key} aria-expanded={!isFolded} onClick={() => onFold(line.key)}>
          <Icon name="chevron" size={13} />
          <span>{words_}</span>
        </button>
      ) : to ? (
        <AppLink to={to} data-line={line.key}>
          {words_}
        </AppLink>
      ) : (
        words_
      )}
    </th>
  );
}

/** Where an amount of the line leads. */
function placeOf(line: StatementLine, column: StatementColumn | undefined, index: number): string | undefined {
  if (line.to) return index === 0 ? line.to : undefined;
  return line.code && !line.isGroup ? column?.to?.(line) : undefined;
}

function Cell({ line, columns, index }: { line: StatementLine; columns: readonly StatementColumn[]; index: number }) {
  const column = columns[index]!;
  if (column.cell) return <>{column.cell(line)}</>;
  const amount = line.amounts[index];
  const asked = amount && !isNothing(amount) ? column.explain?.(line) : undefined;
  if (asked) {
    return (
      <Explained asked={asked} name={line.name} column={column.note ?? column.title}>
        <AmountShown amount={amount} />
      </Explained>
    );
  }
  const to = placeOf(line, column, index);
  if (!amount || !to) return <AmountShown amount={amount} />;
  // The name of the line leads to the same place as its first amount; one stop for the Tab key is enough.
  const isSame = to === placeOf(line, columns[0], 0);
  return (
    <AppLink
      to={to}
      tabIndex={isSame ? -1 : undefined}
      aria-label={`${amountText(amount.amount)}: ${words.statement.drill(line.name, column.title)}`}
    >
      <AmountShown amount={amount} />
    </AppLink>
  );
}

function Line(props: LineProps) {
  const { line, columns } = props;
  return (
    <tr data-group={line.isGroup || undefined} data-total={line.isTotal || undefined} data-level={line.level}>
      <Name {...props} />
      {columns.map((column, index) => (
        <td key={column.name} data-title={column.short ?? column.title} data-quiet={column.isQuiet || undefined}>
          <Cell line={line} columns={columns} index={index} />
        </td>
      ))}
    </tr>
  );
}

/** Up and down among the rows; left folds and right unfolds the group one stands on. */
function onKeys(event: KeyboardEvent<HTMLTableElement>, fold: (key: string, isFolded: boolean) => void): void {
  const here = event.target as HTMLElement;
  const { line } = here.dataset;
  if (!line || event.altKey || event.ctrlKey || event.metaKey) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-line]")];
  const at = all.indexOf(here);
  if (event.key === "ArrowDown") all[at + 1]?.focus();
  else if (event.key === "ArrowUp") all[at - 1]?.focus();
  else if (event.key === "ArrowLeft" && here.hasAttribute("aria-expanded")) fold(line, true);
  else if (event.key === "ArrowRight" && here.hasAttribute("aria-expanded")) fold(line, false);
  else return;
  event.preventDefault();
}

function useFolding(lines: readonly StatementLine[]) {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const set = (key: string, isFolded: boolean): void => {
    const next = new Set(folded);
    if (isFolded) next.add(key);
    else next.delete(key);
    setFolded(next);
  };
  // The main groups stay open, so that something is left to read.
  const foldable = lines.filter((line) => line.isGroup && line.level > 0).map((line) => line.key);
  const areAll = foldable.length > 0 && foldable.every((key) => folded.has(key));
  return { folded, set, areAll, all: () => setFolded(new Set(areAll ? [] : foldable)), hasSome: foldable.length > 0 };
}

export function StatementTable({ label, currency, columns, lines }: StatementTableProps) {
  const folding = useFolding(lines);
  const { folded, set } = folding;
  return (
    <div className="hw-statement" data-wide={columns.length > 5 || undefined}>
      <div className="hw-statement-top">
        <span className="hw-dim hw-small">{words.amountsIn(currency)}</span>
        {folding.hasSome && (
          <Button variant="subtle" size="compact-xs" onClick={folding.all}>
            {folding.areAll ? words.statement.unfoldAll : words.statement.foldAll}
          </Button>
        )}
      </div>
      <div className={columns.length > 5 ? "hw-statement-wide" : undefined} tabIndex={columns.length > 5 ? 0 : undefined}>
        <table
          className="hw-statement-table"
          data-columns={columns.length > 5 ? 1 : columns.length}
          aria-label={label}
          onKeyDown={(event) => onKeys(event, set)}
        >
          <thead>
            <tr>
              <th scope="col">{words.account}</th>
              {columns.map((column) => (
                <th key={column.name} scope="col" data-right>
                  {column.title}
                  {column.note && <span className="hw-statement-note">{column.note}</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {unfolded(lines, folded).map((line) => (
              <Line
                key={line.key}
                line={line}
                columns={columns}
                isFolded={folded.has(line.key)}
                onFold={(key) => set(key, !folded.has(key))}
              />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
