// An invoice or a bill as a document: its head, its lines, its sums, and below the total what was paid and what is left.
import type { ReactNode } from "react";
import { amountText, DayText, Loaded, MoneyText, type MoneyValue, numberText, RecordLink } from "../../kit/index.ts";
import { words } from "./book-words.ts";
import "./finance.css";
import { SpanText } from "./line-span.tsx";
import { type PaperLine, type Settlement, usePaperLines, useSettlements, useTaxRates } from "./paper.ts";
import { differenceOf, isNothing, sumOf } from "./statement.rules.ts";

const say = words.paper;

/** What both kinds of documents say of themselves. */
export interface PaperRecord {
  readonly day: string;
  readonly dueDay: string;
  readonly text: string | null;
  readonly net: MoneyValue;
  readonly tax: MoneyValue;
  readonly total: MoneyValue;
  readonly open: MoneyValue;
  readonly state: string;
  readonly itemId: string | null;
  readonly entryId: string | null;
}

export interface Fact {
  readonly title: string;
  readonly value: ReactNode;
}

function Line({ line, hasQuantities }: { line: PaperLine; hasQuantities: boolean }) {
  return (
    <tr>
      <th scope="row">
        {line.description}
        <span className="hw-dim hw-small">
          <RecordLink register="finance.account" id={line.accountId} label={line.account} />
        </span>
        {line.serviceFrom && (
          <span className="hw-dim hw-small">
            <SpanText span={line} />
            {line.deferralId && (
              <>
                {", "}
                <RecordLink register="finance.deferral" id={line.deferralId} label={words.span.spread} />
              </>
            )}
          </span>
        )}
      </th>
      {hasQuantities && (
        <>
          <td data-title={say.quantity}>{line.quantity && numberText(line.quantity)}</td>
          <td data-title={say.unitPrice}>{line.unitPrice && amountText(line.unitPrice.amount)}</td>
        </>
      )}
      <td data-title={say.tax} className="hw-paper-tax">
        {line.taxCode}
      </td>
      <td data-title={say.net}>{amountText(line.net.amount)}</td>
    </tr>
  );
}

function Lines({ lines, currency }: { lines: readonly PaperLine[]; currency: string }) {
  if (lines.length === 0) return <p className="hw-dim">{say.noLines}</p>;
  const hasQuantities = lines.some((line) => line.quantity !== undefined);
  return (
    <table className="hw-paper-lines" aria-label={say.lines}>
      <thead>
        <tr>
          <th scope="col">{say.what}</th>
          {hasQuantities && <th scope="col">{say.quantity}</th>}
          {hasQuantities && <th scope="col">{say.unitPrice}</th>}
          <th scope="col" className="hw-paper-tax">
            {say.tax}
          </th>
          <th scope="col">
            {say.net} <span className="hw-currency">{currency}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <Line key={line.id} line={line} hasQuantities={hasQuantities} />
        ))}
      </tbody>
    </table>
  );
}

function Sum({ title, value, strong }: { title: ReactNode; value: MoneyValue; strong?: boolean }) {
  return (
    <div data-strong={strong || undefined}>
      <dt>{title}</dt>
      <dd>
        <MoneyText value={value} />
      </dd>
    </div>
  );
}

function Sums({ record, lines, settlements }: { record: PaperRecord; lines: readonly PaperLine[]; settlements: readonly Settlement[] }) {
  const { net, tax, total, open } = record;
  const rates = useTaxRates(record.day);
  const codes = [...new Set(lines.map((line) => line.taxCode))];
  const named = codes.flatMap((code) => {
    const percent = rates.get(code);
    return percent ? [say.rate(code, numberText(percent))] : [];
  });
  const rounding = differenceOf(total, sumOf([net, tax], total.currency));
  const isBooked = record.itemId !== null;
  return (
    <dl className="hw-paper-sums">
      <Sum title={say.net} value={net} />
      <Sum title={say.taxTotal(named.join(", "))} value={tax} />
      {!isNothing(rounding) && <Sum title={say.rounding} value={rounding} />}
      <Sum title={say.total} value={total} strong />
      {settlements.map((one) => (
        <Sum
          key={one.id}
          title={
            <>
              <RecordLink register="finance.openItem" id={one.itemId} label={one.item} />{" "}
              <span className="hw-dim">
                <DayText value={one.day} />
              </span>
            </>
          }
          value={differenceOf({ amount: "0", currency: one.amount.currency }, one.amount)}
        />
      ))}
      {isBooked && <Sum title={say.stillOpen} value={open} strong />}
    </dl>
  );
}

interface PaperProps {
  readonly id: string;
  readonly lines: "finance.invoiceLine" | "finance.billLine";
  readonly record: PaperRecord;
  readonly title: string;
  readonly number: string;
  /** Who wrote it. */
  readonly from: ReactNode;
  readonly facts: readonly Fact[];
}

export function Paper({ id, lines: register, record, title, number, from, facts }: PaperProps) {
  const found = usePaperLines(register, id);
  const settlements = useSettlements(record.itemId);
  return (
    <article className="hw-paper" aria-label={`${title} ${number}`}>
      <header className="hw-paper-head">
        <div>
          <p className="hw-paper-title">{title}</p>
          <p className="hw-paper-number">{number}</p>
        </div>
        <p className="hw-paper-from">{from}</p>
      </header>
      <dl className="hw-paper-facts">
        {facts.map((fact) => (
          <div key={fact.title}>
            <dt>{fact.title}</dt>
            <dd>{fact.value}</dd>
          </div>
        ))}
      </dl>
      {record.text && <p className="hw-pre">{record.text}</p>}
      <Loaded query={found} lines={4}>
        {({ rows }) => (
          <>
            <Lines lines={rows} currency={record.total.currency} />
            <Sums record={record} lines={rows} settlements={settlements} />
          </>
        )}
      </Loaded>
    </article>
  );
}
