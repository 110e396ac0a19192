// What an entry would do, before it is posted: its lines, and where the balance of each account would then stand.
import { Money } from "../../../kernel/money.ts";
import { amountText } from "../../kit/index.ts";
import type { AccountRow } from "./choices.ts";
import { amountOf, isBlank, type LineDraft, minorOf } from "./entry-lines.rules.ts";
import { words } from "./book-words.ts";

interface EntryPreviewProps {
  readonly number: string;
  readonly lines: readonly LineDraft[];
  readonly currency: string;
  readonly accounts: readonly AccountRow[];
}

interface Touched {
  readonly id: string;
  readonly label: string;
  readonly debit: bigint;
  readonly credit: bigint;
}

/** One row for each account, in the order of the lines. */
function touchedBy(lines: readonly LineDraft[], currency: string): readonly Touched[] {
  const touched = new Map<string, Touched>();
  for (const line of lines) {
    if (isBlank(line) || !line.account) continue;
    const { id, label } = line.account;
    const before = touched.get(id) ?? { id, label, debit: 0n, credit: 0n };
    const [debit, credit] = [minorOf(line.debit, currency) ?? 0n, minorOf(line.credit, currency) ?? 0n];
    touched.set(id, { ...before, debit: before.debit + debit, credit: before.credit + credit });
  }
  return [...touched.values()];
}

export function EntryPreview({ number, lines, currency, accounts }: EntryPreviewProps) {
  const shown = (minor: bigint): string => (minor === 0n ? "" : amountText(amountOf(minor, currency)));
  const rows = touchedBy(lines, currency).map((one) => {
    const balance = accounts.find((account) => account.id === one.id)?.balance;
    const now = balance ? Money.parse(balance.amount, balance.currency).minor : 0n;
    return { ...one, now, after: now + one.debit - one.credit };
  });
  return (
    <section className="hw-preview" aria-live="polite" aria-label={words.entry.previewTitle(number)}>
      <div>
        <strong>{words.entry.previewTitle(number)}</strong>
        <p className="hw-dim hw-small">{words.entry.previewSays}</p>
      </div>
      <table className="hw-entry-preview">
        <thead>
          <tr>
            <th scope="col">{words.account}</th>
            {[words.debit, words.credit, words.entry.balanceNow, words.entry.balanceAfter].map((title) => (
              <th key={title} scope="col" data-right>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">{row.label}</th>
              <td data-right data-title={words.debit} data-empty={row.debit === 0n || undefined}>
                {shown(row.debit)}
              </td>
              <td data-right data-title={words.credit} data-empty={row.credit === 0n || undefined}>
                {shown(row.credit)}
              </td>
              <td data-right data-title={words.entry.balanceNow} className="hw-dim">
                {amountText(amountOf(row.now, currency))}
              </td>
              <td data-right data-title={words.entry.balanceAfter}>
                {amountText(amountOf(row.after, currency))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
