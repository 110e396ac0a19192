// The lines of a journal entry as a grid that is typed through; on a phone each line is a card.
import { ActionIcon, TextInput } from "@mantine/core";
import { type ClipboardEvent, useCallback } from "react";
import { readAmount } from "../../form/money-field.tsx";
import { amountText, Icon } from "../../kit/index.ts";
import { ChoiceCell } from "./choice-cell.tsx";
import { foundIn, type UseFound, useParties, useUnits } from "./choices.ts";
import { EntryAmount } from "./entry-amount.tsx";
import { amountOf, balanced, type Choice, isBlank, type LineDraft, type LineField, type Mistake, mistakesOf, pastedLines } from "./entry-lines.rules.ts";
import type { EntryHand } from "./use-entry.ts";
import { currencyDecimals, type Currency } from "../../../kernel/currency.ts";
import { words } from "./book-words.ts";

const saidAtOnce: ReadonlySet<Mistake> = new Set(["amountUnreadable", "bothSides", "negative"]);

function wordsOf(mistake: Mistake, currency: string): string {
  if (mistake === "amountUnreadable") return words.entry.amountUnreadable(currencyDecimals(currency as Currency));
  return words.entry[mistake];
}

/** What stands beside the fields of a line: the server's no first, then what is missing. */
function errorsOf(line: LineDraft, entry: EntryHand): Partial<Record<LineField, string>> {
  const own = Object.entries(mistakesOf(line, entry.currency)).filter(([, mistake]) => entry.tried || saidAtOnce.has(mistake));
  return { ...Object.fromEntries(own.map(([field, mistake]) => [field, wordsOf(mistake, entry.currency)])), ...entry.placed.lines.get(line.key) };
}

interface LineProps {
  readonly entry: EntryHand;
  readonly line: LineDraft;
  readonly number: number;
  readonly accounts: readonly Choice[];
  readonly useAccounts: UseFound;
}

function Amounts({ entry, line, number, errors }: LineProps & { errors: Partial<Record<LineField, string>> }) {
  const fill = (): void => entry.changeLines((lines) => balanced(lines, line.key, entry.currency));
  const cell = (side: "debit" | "credit") => (
    <td data-title={words[side]} className="hw-entry-amount">
      <EntryAmount
        label={words.entry.cell(words[side], number)}
        column={side}
        currency={entry.currency}
        value={line[side]}
        error={errors[side]}
        onChange={(amount) => entry.changeLine(line.key, side === "debit" ? { debit: amount } : { credit: amount })}
        onFill={fill}
      />
    </td>
  );
  return (
    <>
      {cell("debit")}
      {cell("credit")}
    </>
  );
}

/** A range copied from a spreadsheet and pasted into an account becomes lines. */
function usePasting({ entry, line, accounts }: LineProps) {
  return (event: ClipboardEvent): void => {
    const copied = event.clipboardData.getData("text/plain");
    if (!/\t/.test(copied)) return;
    event.preventDefault();
    entry.changeLines((lines) => {
      const at = lines.findIndex((one) => one.key === line.key);
      const first = 1 + Math.max(...lines.map((one) => one.key));
      const kept = lines.filter((one) => !isBlank(one) || one.key < line.key);
      return [...kept.slice(0, at), ...pastedLines(copied, accounts, readAmount, first), ...kept.slice(at)];
    });
  };
}

function Line(props: LineProps) {
  const { entry, line, number, useAccounts } = props;
  const errors = errorsOf(line, entry);
  const { changeLine, changeLines } = entry;
  const { key } = line;
  const set = useCallback((field: "account" | "party" | "unit") => (choice: Choice | null) => changeLine(key, { [field]: choice }), [changeLine, key]);
  const onPaste = usePasting(props);
  const choice = (field: "account" | "party" | "unit", useFound: UseFound) => (
    <td data-title={words[field]}>
      <ChoiceCell
        variant="unstyled"
        aria-label={words.entry.cell(words[field], number)}
        data-col={field}
        placeholder={field === "account" ? words.entry.find : undefined}
        value={line[field]}
        onChange={set(field)}
        useFound={useFound}
        error={errors[field]}
        onPaste={field === "account" ? onPaste : undefined}
      />
    </td>
  );
  return (
    <tr aria-label={words.entry.line(number)} data-blank={isBlank(line) || undefined}>
      <td className="hw-lines-number">{number}</td>
      {choice("account", useAccounts)}
      <td data-title={words.text}>
        <TextInput
          variant="unstyled"
          aria-label={words.entry.cell(words.text, number)}
          data-col="text"
          maxLength={200}
          autoComplete="off"
          value={line.text}
          error={errors.text}
          onChange={(event) => changeLine(key, { text: event.currentTarget.value })}
        />
      </td>
      {choice("party", useParties)}
      {choice("unit", useUnits)}
      <Amounts {...props} errors={errors} />
      <td className="hw-lines-remove">
        <ActionIcon
          tabIndex={-1}
          size={26}
          aria-label={words.entry.removeLine(number)}
          disabled={isBlank(line)}
          onClick={() => changeLines((lines) => lines.filter((one) => one.key !== key))}
        >
          <Icon name="close" size={14} />
        </ActionIcon>
      </td>
    </tr>
  );
}

function Totals({ entry }: { entry: EntryHand }) {
  const { sums, currency } = entry;
  return (
    <tfoot>
      <tr>
        <th scope="row" colSpan={5}>
          {words.total}
        </th>
        <td data-title={words.debit} className="hw-entry-sum">
          {amountText(amountOf(sums.debit, currency))}
        </td>
        <td data-title={words.credit} className="hw-entry-sum">
          {amountText(amountOf(sums.credit, currency))}
        </td>
        <td aria-hidden />
      </tr>
    </tfoot>
  );
}

const columns = ["account", "text", "party", "unit", "debit", "credit"] as const;

export function EntryGrid({ entry, accounts }: { entry: EntryHand; accounts: readonly Choice[] }) {
  const useAccounts = useCallback((asked: string | undefined) => foundIn(accounts, asked), [accounts]);
  return (
    <table className="hw-lines hw-entry-grid" aria-label={words.entry.lines}>
      <thead>
        <tr>
          <th aria-hidden />
          {columns.map((column) => (
            <th key={column} scope="col" data-col-head={column} data-right={column === "debit" || column === "credit" || undefined}>
              {words[column]}
            </th>
          ))}
          <th aria-hidden />
        </tr>
      </thead>
      <tbody>
        {entry.draft.lines.map((line, index) => (
          <Line key={line.key} entry={entry} line={line} number={index + 1} accounts={accounts} useAccounts={useAccounts} />
        ))}
      </tbody>
      <Totals entry={entry} />
    </table>
  );
}
