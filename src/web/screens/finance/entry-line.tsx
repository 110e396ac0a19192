// One line of a journal entry in the grid. It is drawn anew only when it changes itself, so that hundreds of lines stay quick.
import { ActionIcon } from "@mantine/core";
import { type ClipboardEvent, memo, useCallback } from "react";
import { type Currency, currencyDecimals } from "../../../kernel/currency.ts";
import { readAmount } from "../../form/amount.ts";
import { Icon } from "../../kit/index.ts";
import { words } from "./book-words.ts";
import { Cell } from "./cell.tsx";
import { ChoiceCell } from "./choice-cell.tsx";
import { type UseFound, useDimensions, useParties, useUnits } from "./choices.ts";
import { EntryAmount } from "./entry-amount.tsx";
import {
  balanced,
  type Choice,
  isBlank,
  type LineDraft,
  type LineField,
  type Mistake,
  mistakesOf,
  pastedLines,
} from "./entry-lines.rules.ts";
import type { EntryHand } from "./use-entry.ts";

export interface EntryLineProps extends Pick<EntryHand, "changeLine" | "changeLines" | "currency" | "tried"> {
  readonly line: LineDraft;
  readonly number: number;
  readonly accounts: readonly Choice[];
  readonly useAccounts: UseFound;
  /** The company reads its books by a dimension. */
  readonly hasDimensions: boolean;
  /** What the server said no to. */
  readonly refused: Errors | undefined;
}

type Errors = Partial<Record<LineField, string>>;

const saidAtOnce: ReadonlySet<Mistake> = new Set(["amountUnreadable", "bothSides", "negative"]);

function wordsOf(mistake: Mistake, currency: string): string {
  if (mistake === "amountUnreadable") return words.entry.amountUnreadable(currencyDecimals(currency as Currency));
  return words.entry[mistake];
}

/** What stands beside the fields of a line: the server's no first, then what is missing. */
function errorsOf({ line, currency, tried, refused }: EntryLineProps): Errors {
  const own = Object.entries(mistakesOf(line, currency)).filter(([, mistake]) => tried || saidAtOnce.has(mistake));
  return { ...Object.fromEntries(own.map(([field, mistake]) => [field, wordsOf(mistake, currency)])), ...refused };
}

function Amount({ side, errors, ...props }: EntryLineProps & { readonly side: "debit" | "credit"; readonly errors: Errors }) {
  const { line, number, currency, changeLine, changeLines } = props;
  return (
    <td data-title={words[side]} className="hw-entry-amount">
      <EntryAmount
        label={words.entry.cell(words[side], number)}
        column={side}
        currency={currency}
        value={line[side]}
        error={errors[side]}
        onChange={(amount) => changeLine(line.key, side === "debit" ? { debit: amount } : { credit: amount })}
        onFill={() => changeLines((lines) => balanced(lines, line.key, currency))}
      />
    </td>
  );
}

/** A range copied from a spreadsheet and pasted into an account becomes lines. */
function pasting({ line, accounts, currency, changeLines }: EntryLineProps) {
  return (event: ClipboardEvent): void => {
    const copied = event.clipboardData.getData("text/plain");
    if (!copied.includes("\t")) return;
    event.preventDefault();
    changeLines((lines) => {
      const at = lines.findIndex((one) => one.key === line.key);
      const into = { firstKey: 1 + Math.max(...lines.map((one) => one.key)), currency };
      const pasted = pastedLines(copied, accounts, readAmount, into);
      return [...lines.slice(0, at), ...pasted, ...lines.slice(isBlank(line) ? at + 1 : at)];
    });
  };
}

function Choosing({ field, useFound, errors, ...props }: EntryLineProps & ChoosingProps) {
  const { line, number, changeLine } = props;
  const set = useCallback((choice: Choice | null) => changeLine(line.key, { [field]: choice }), [changeLine, field, line.key]);
  return (
    <td data-title={words[field]}>
      <ChoiceCell
        label={words.entry.cell(words[field], number)}
        column={field}
        placeholder={field === "account" ? words.entry.find : undefined}
        value={line[field] ?? null}
        onChange={set}
        useFound={useFound}
        error={errors[field]}
        onPaste={field === "account" ? pasting(props) : undefined}
      />
    </td>
  );
}

interface ChoosingProps {
  readonly field: "account" | "party" | "unit" | "dimension";
  readonly useFound: UseFound;
  readonly errors: Errors;
}

export const EntryLine = memo(function EntryLine(props: EntryLineProps) {
  const { line, number, changeLine, changeLines, useAccounts } = props;
  const errors = errorsOf(props);
  return (
    <tr aria-label={words.entry.line(number)} data-blank={isBlank(line) || undefined}>
      <td className="hw-lines-number">{number}</td>
      <Choosing {...props} field="account" useFound={useAccounts} errors={errors} />
      <td data-title={words.text}>
        <Cell
          aria-label={words.entry.cell(words.text, number)}
          column="text"
          maxLength={200}
          value={line.text}
          error={errors.text}
          onChange={(event) => changeLine(line.key, { text: event.currentTarget.value })}
        />
      </td>
      <Choosing {...props} field="party" useFound={useParties} errors={errors} />
      <Choosing {...props} field="unit" useFound={useUnits} errors={errors} />
      {props.hasDimensions && <Choosing {...props} field="dimension" useFound={useDimensions} errors={errors} />}
      <Amount {...props} side="debit" errors={errors} />
      <Amount {...props} side="credit" errors={errors} />
      <td className="hw-lines-remove">
        {!isBlank(line) && (
          <ActionIcon
            tabIndex={-1}
            size={26}
            aria-label={words.entry.removeLine(number)}
            onClick={() => changeLines((lines) => lines.filter((one) => one.key !== line.key))}
          >
            <Icon name="close" size={14} />
          </ActionIcon>
        )}
      </td>
    </tr>
  );
});
