// The lines of a journal entry as a grid that is typed through; on a phone each line is a card.
import { useCallback } from "react";
import { amountText } from "../../kit/index.ts";
import { words } from "./book-words.ts";
import { foundIn, useDimensions } from "./choices.ts";
import { EntryLine } from "./entry-line.tsx";
import { amountOf, type Choice } from "./entry-lines.rules.ts";
import type { EntryHand } from "./use-entry.ts";

function Totals({ entry, before }: { entry: EntryHand; before: number }) {
  const { sums, currency } = entry;
  return (
    <tfoot>
      <tr>
        <th scope="row" colSpan={before}>
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

const plain = ["account", "text", "party", "unit", "debit", "credit"] as const;
const withDimension = ["account", "text", "party", "unit", "dimension", "debit", "credit"] as const;

export function EntryGrid({ entry, accounts }: { entry: EntryHand; accounts: readonly Choice[] }) {
  const useAccounts = useCallback((asked: string | undefined) => foundIn(accounts, asked), [accounts]);
  const hasDimensions = useDimensions(undefined).choices.length > 0;
  const columns = hasDimensions ? withDimension : plain;
  const { draft, placed, changeLine, changeLines, currency, tried } = entry;
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
        {draft.lines.map((line, index) => (
          <EntryLine
            key={line.key}
            line={line}
            number={index + 1}
            accounts={accounts}
            useAccounts={useAccounts}
            hasDimensions={hasDimensions}
            refused={placed.lines.get(line.key)}
            {...{ changeLine, changeLines, currency, tried }}
          />
        ))}
      </tbody>
      <Totals entry={entry} before={columns.length - 1} />
    </table>
  );
}
