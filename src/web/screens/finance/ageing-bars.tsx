// How old open items are: five buckets, each with its amount and a bar; the bar is drawn, the amount is read.
import { amountText } from "../../kit/index.ts";
import { words } from "./book-words.ts";
import { type Amount, isNegative } from "./statement.rules.ts";

export const buckets = ["notDue", "upTo30", "upTo60", "upTo90", "over90"] as const;

export type Ageing = Readonly<Record<(typeof buckets)[number] | "total", Amount>>;

export function AgeingBars({ ageing }: { ageing: Ageing }) {
  // For drawing only.
  const sizes = buckets.map((bucket) => Math.abs(Number(ageing[bucket].amount)));
  const most = Math.max(...sizes, 0.01);
  return (
    <table className="hw-ageing" aria-label={words.partyAccount.ageing}>
      <thead className="hw-hidden">
        <tr>
          <th scope="col">{words.partyAccount.bucket}</th>
          <th scope="col">{words.partyAccount.amount}</th>
        </tr>
      </thead>
      <tbody>
        {buckets.map((bucket, index) => (
          <tr key={bucket}>
            <th scope="row">{words.partyAccount.buckets[bucket]}</th>
            <td>
              <span className="hw-ageing-line">
                <span className="hw-ageing-track" aria-hidden>
                  <span
                    data-bucket={bucket}
                    data-credit={isNegative(ageing[bucket]) || undefined}
                    style={{ width: `${((sizes[index] ?? 0) / most) * 100}%` }}
                  />
                </span>
                <span className="hw-number">{amountText(ageing[bucket].amount)}</span>
              </span>
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{words.total}</th>
          <td className="hw-number">{amountText(ageing.total.amount)}</td>
        </tr>
      </tfoot>
    </table>
  );
}
