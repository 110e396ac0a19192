// The lines of an order on its record: how much of each was ordered, came and is billed, and whether the bills agree.
import { amountText, EmptyState, Loaded, moneyText, type MoneyValue, RecordLink, type Row, usePage } from "../../kit/index.ts";
import type { RecordPanelProps } from "../../screen.ts";
import "./purchasing.css";
import { words } from "./words.ts";

interface OrderLine extends Row {
  readonly description: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly amount: MoneyValue;
  readonly received: string;
  readonly billed: string;
  readonly verdict: string;
}

/** The bar is drawn, the count is read; the mark stands where all that was ordered has come. */
function Bar({ what, count, line }: { what: "received" | "billed"; count: string; line: OrderLine }) {
  // For drawing only.
  const [ordered, here] = [Number(line.quantity), Number(count)];
  const most = Math.max(ordered, Number(line.received), Number(line.billed));
  return (
    <div className="hw-order-bar">
      <span className="hw-dim">{words[what]}</span>
      <span className="hw-order-track" role="img" aria-label={words.of(words[what], count, line.quantity)}>
        <span data-what={what} data-over={here > ordered || undefined} style={{ width: `${(Math.max(here, 0) / most) * 100}%` }} />
        {ordered < most && <i style={{ left: `${(ordered / most) * 100}%` }} />}
      </span>
      <span className="hw-number" aria-hidden>
        {count}
      </span>
    </div>
  );
}

function Verdict({ line }: { line: OrderLine }) {
  const all = line.verdict === "agrees" && line.billed === "0" ? [words.noBill] : line.verdict.split(", ");
  return (
    <ul className="hw-order-verdict">
      {all.map((one) => (
        <li key={one} data-verdict={one === words.noBill ? "none" : one}>
          {one}
        </li>
      ))}
    </ul>
  );
}

/** A price may have more decimals than amounts, and never shows fewer. */
function priceText(price: string, { amount, currency }: MoneyValue): string {
  const decimals = amount.split(".")[1]?.length ?? 0;
  const [whole = "", rest = ""] = price.split(".");
  const shown = rest.padEnd(decimals, "0");
  return moneyText({ amount: shown === "" ? whole : `${whole}.${shown}`, currency });
}

export default function OrderPanel({ id }: RecordPanelProps) {
  const lines = usePage<OrderLine>("purchasing.orderLine", { filter: { orderId: id }, sort: "position", limit: 500 });
  return (
    <Loaded query={lines} lines={4}>
      {({ rows }) =>
        rows.length === 0 ? (
          <EmptyState title={words.empty} says={words.emptySays} />
        ) : (
          <ul className="hw-order-lines" aria-label={words.lines}>
            {rows.map((line) => (
              <li key={String(line["id"])}>
                <div className="hw-order-what">
                  <RecordLink register="purchasing.orderLine" id={String(line["id"])} label={line.description} />
                  <span className="hw-dim">{words.each(line.quantity, priceText(line.unitPrice, line.amount))}</span>
                </div>
                <div className="hw-order-bars">
                  <Bar what="received" count={line.received} line={line} />
                  <Bar what="billed" count={line.billed} line={line} />
                </div>
                <Verdict line={line} />
                <span className="hw-number hw-order-amount">{amountText(line.amount.amount)}</span>
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}
