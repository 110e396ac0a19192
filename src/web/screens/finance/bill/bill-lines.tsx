// The lines of a bill as a grid that is typed through, with what is usual filled in and marked.
import { ActionIcon } from "@mantine/core";
import { useCallback, useMemo } from "react";
import { Icon, type Row, usePage } from "../../../kit/index.ts";
import { Cell } from "../cell.tsx";
import { ChoiceCell } from "../choice-cell.tsx";
import { type AccountRow, accountChoices, foundIn, type UseFound, useUnits } from "../choices.ts";
import { EntryAmount } from "../entry-amount.tsx";
import type { Choice } from "../entry-lines.rules.ts";
import { SpanFields } from "../line-span.tsx";
import { type BillLine, isBlankLine, mistakesIn } from "./bill-draft.rules.ts";
import type { BillHand } from "./use-bill.ts";
import { words } from "./words.ts";

interface TaxRow extends Row {
  readonly code: string;
  readonly name: string;
}

/** Taxes are known by their code, so the code is what is sent. */
function useTaxes(): readonly Choice[] {
  const found = usePage<TaxRow>("finance.taxCode", { limit: 200, sort: "code" });
  return useMemo(() => (found.data?.rows ?? []).map(({ code, name }) => ({ id: code, label: code, hint: name })), [found.data]);
}

interface LineProps {
  readonly line: BillLine;
  readonly number: number;
  readonly bill: BillHand;
  readonly useAccounts: UseFound;
  readonly useTaxCodes: UseFound;
}

interface ChoosingProps {
  readonly field: "account" | "tax" | "unit";
  readonly line: BillLine;
  readonly number: number;
  readonly useFound: UseFound;
  readonly error?: string;
  readonly set: (part: Partial<BillLine>) => void;
}

/** What was filled in from before looks different, and says why; a choice of one's own ends that. */
function Choosing({ field, line, number, useFound, error, set }: ChoosingProps) {
  const isUsual = field !== "unit" && line.usual !== undefined;
  return (
    <td data-title={words[field]} data-usual={isUsual || undefined} title={isUsual ? line.usual : undefined}>
      <ChoiceCell
        label={words.cell(words[field], number)}
        column={field}
        value={line[field]}
        onChange={(choice) => set(field === "account" ? { account: choice, usual: undefined } : { [field]: choice })}
        useFound={useFound}
        error={error}
      />
    </td>
  );
}

/** What stands in the column of amounts. */
const amountTitle = ({ draft }: BillHand): string => (draft.pricesIncludeTax ? words.gross : words.net);

function Line({ line, number, bill, useAccounts, useTaxCodes }: LineProps) {
  const { changeLines, currency, tried } = bill;
  const amount = amountTitle(bill);
  const set = (part: Partial<BillLine>): void =>
    changeLines((lines) => lines.map((one) => (one.key === line.key ? { ...one, ...part } : one)));
  const wrong = tried ? mistakesIn(line, currency) : {};
  const says = (field: keyof typeof wrong): string | undefined => wrong[field] && words[wrong[field]];
  return (
    <tr aria-label={words.line(number)} data-blank={isBlankLine(line) || undefined}>
      <td className="hw-lines-number">{number}</td>
      <td data-title={words.description} className="hw-span-cell">
        <Cell
          aria-label={words.cell(words.description, number)}
          column="description"
          maxLength={300}
          value={line.description}
          error={says("description")}
          onChange={(event) => set({ description: event.currentTarget.value })}
        />
        {!isBlankLine(line) && <SpanFields span={line} number={number} onChange={set} error={says("serviceUntil")} />}
      </td>
      <Choosing field="account" useFound={useAccounts} error={says("account")} {...{ line, number, set }} />
      <Choosing field="tax" useFound={useTaxCodes} {...{ line, number, set }} />
      <Choosing field="unit" useFound={useUnits} {...{ line, number, set }} />
      <td data-title={amount} className="hw-entry-amount">
        <EntryAmount
          label={words.cell(amount, number)}
          column="net"
          currency={currency}
          value={line.net}
          error={says("net")}
          onChange={(net) => set({ net })}
          onFill={() => undefined}
        />
      </td>
      <td className="hw-lines-remove">
        {!isBlankLine(line) && (
          <ActionIcon
            tabIndex={-1}
            size={26}
            aria-label={words.removeLine(number)}
            onClick={() => changeLines((lines) => lines.filter((one) => one.key !== line.key))}
          >
            <Icon name="close" size={14} />
          </ActionIcon>
        )}
      </td>
    </tr>
  );
}

const columns = ["description", "account", "tax", "unit", "net"] as const;

export function BillLines({ bill, accounts }: { bill: BillHand; accounts: readonly AccountRow[] }) {
  const choices = useMemo(() => accountChoices(accounts).filter((choice) => !choice.control), [accounts]);
  const taxes = useTaxes();
  const useAccounts = useCallback((asked: string | undefined) => foundIn(choices, asked), [choices]);
  const useTaxCodes = useCallback((asked: string | undefined) => foundIn(taxes, asked), [taxes]);
  return (
    <table className="hw-lines hw-entry-grid hw-bill-lines" aria-label={words.lines}>
      <thead>
        <tr>
          <th aria-hidden />
          {columns.map((column) => (
            <th key={column} scope="col" data-col-head={column} data-right={column === "net" || undefined}>
              {column === "net" ? amountTitle(bill) : words[column]}
            </th>
          ))}
          <th aria-hidden />
        </tr>
      </thead>
      <tbody>
        {bill.draft.lines.map((line, index) => (
          <Line key={line.key} line={line} number={index + 1} {...{ bill, useAccounts, useTaxCodes }} />
        ))}
      </tbody>
    </table>
  );
}
