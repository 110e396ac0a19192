// The invoice beside the form, as the customer will see it; what is not typed yet stands as a gap.
import { type Currency, currencyDecimals } from "../../../../kernel/currency.ts";
import { amountText, dayText, type MoneyValue, useMe, useRecord } from "../../../kit/index.ts";
import { isBlank, lineAmount } from "./invoice-draft.ts";
import type { InvoiceHand } from "./use-invoice.ts";
import { SpanText } from "../line-span.tsx";
import { words } from "./words.ts";

const say = words.paper;

interface Address {
  readonly name: string;
  readonly street?: string | null;
  readonly postcode?: string | null;
  readonly city?: string | null;
  readonly country?: string | null;
}

function To({ customerId }: { customerId: string }) {
  const found = useRecord("directory.customer", customerId);
  const party = found.data as unknown as Address | undefined;
  if (!party) return <p className="hw-dim">…</p>;
  const town = [party.postcode, party.city].filter(Boolean).join(" ");
  return (
    <address className="hw-invoice-to">
      <strong>{party.name}</strong>
      {[party.street, town, party.country].filter(Boolean).map((line) => (
        <span key={line}>{line}</span>
      ))}
    </address>
  );
}

function PaperLines({ invoice }: { invoice: InvoiceHand }) {
  const { draft, currency } = invoice;
  const filled = draft.lines.filter((line) => !isBlank(line));
  if (filled.length === 0) return <p className="hw-dim hw-invoice-gap">{say.empty}</p>;
  const decimals = currencyDecimals(currency as Currency);
  return (
    <table className="hw-invoice-paper-lines">
      <thead>
        <tr>
          <th scope="col">{words.description}</th>
          <th scope="col">{words.quantity}</th>
          <th scope="col">{words.unitPrice}</th>
          <th scope="col">{currency}</th>
        </tr>
      </thead>
      <tbody>
        {filled.map((line) => (
          <tr key={line.key}>
            <th scope="row">
              {line.description || "…"}
              {line.serviceFrom && line.serviceUntil && (
                <span className="hw-dim hw-small hw-invoice-for">
                  <SpanText span={line} />
                </span>
              )}
            </th>
            <td>{line.quantity}</td>
            <td>{amountText(lineAmount("1", line.unitPrice, decimals) ?? "…")}</td>
            <td>{amountText(lineAmount(line.quantity, line.unitPrice, decimals) ?? "…")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const isNothing = (value: MoneyValue): boolean => /^-?0(\.0+)?$/.test(value.amount);

function Sum({ title, value, strong }: { title: string; value: MoneyValue; strong?: boolean }) {
  return (
    <div data-strong={strong || undefined}>
      <dt>{title}</dt>
      <dd className="hw-number">{amountText(value.amount)}</dd>
    </div>
  );
}

function Sums({ counted }: { counted: NonNullable<InvoiceHand["counted"]> }) {
  const { net, taxes, rounding, total } = counted;
  return (
    <dl className="hw-paper-sums">
      <Sum title={say.net} value={net} />
      {taxes.map((tax) => (
        <Sum key={tax.code} title={say.taxOn(tax.percent, amountText(tax.base.amount))} value={tax.tax} />
      ))}
      {!isNothing(rounding) && <Sum title={say.rounding} value={rounding} />}
      <Sum title={`${say.total} ${total.currency}`} value={total} strong />
    </dl>
  );
}

function Due({ counted }: { counted: NonNullable<InvoiceHand["counted"]> }) {
  const { instalments, discounts, total } = counted;
  const off = (amount: string): MoneyValue => ({ amount: differenceOf(total.amount, amount), currency: total.currency });
  return (
    <div className="hw-invoice-due">
      {instalments.length > 1 && (
        <dl className="hw-paper-sums">
          {instalments.map((one, index) => (
            <Sum key={`${one.dueDay} ${index}`} title={`${say.instalment(index + 1)}, ${dayText(one.dueDay)}`} value={one.amount} />
          ))}
        </dl>
      )}
      {instalments.length === 1 &&
        discounts.map((one) => (
          <p key={one.untilDay}>
            {say.discount(dayText(one.untilDay), amountText(one.amount.amount), amountText(off(one.amount.amount).amount))}
          </p>
        ))}
    </div>
  );
}

/** Of two amounts with the same decimals, as text. */
function differenceOf(whole: string, part: string): string {
  const decimals = whole.split(".")[1]?.length ?? 0;
  const minor = BigInt(whole.replace(".", "")) - BigInt(part.replace(".", ""));
  const digits = minor.toString().padStart(decimals + 1, "0");
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

export function InvoicePreview({ invoice }: { invoice: InvoiceHand }) {
  const { draft, counted, isCounting } = invoice;
  const { tenant } = useMe();
  const due = counted?.instalments.at(-1)?.dueDay;
  return (
    <article className="hw-paper hw-invoice-paper" aria-label={say.region} aria-busy={isCounting || undefined}>
      <p className="hw-paper-from">{tenant.name}</p>
      {draft.customerId ? <To customerId={draft.customerId} /> : <p className="hw-dim">{say.noCustomer}</p>}
      <header>
        <p className="hw-paper-number">
          {draft.isDeposit ? say.deposit : say.invoice} <span className="hw-dim">{say.draft}</span>
        </p>
        <dl className="hw-paper-facts">
          <div>
            <dt>{say.day}</dt>
            <dd>{draft.day ? dayText(draft.day) : "…"}</dd>
          </div>
          <div>
            <dt>{say.due}</dt>
            <dd>{due ? dayText(due) : "…"}</dd>
          </div>
        </dl>
      </header>
      {draft.text && <p className="hw-pre">{draft.text}</p>}
      <PaperLines invoice={invoice} />
      {counted && <Sums counted={counted} />}
      {counted && <Due counted={counted} />}
      {!counted && isCounting && <p className="hw-dim">{say.counting}</p>}
    </article>
  );
}
