// An electronic invoice as paper: who, to whom, for what, the tax, what is to be paid and where.
import type { ReactNode } from "react";
import { amountText, DayText, numberText } from "../../../kit/index.ts";
import type { DocumentShown, LineShown, PartyShown } from "./document.ts";
import { words } from "./words.ts";

/** A figure as its sender wrote it; what is no number is shown as it stands. */
const figure = (text: string | null): string => (text !== null && /^-?\d+(\.\d+)?$/.test(text) ? amountText(text) : (text ?? "–"));
/** Whether there is something to show: a zero is not. */
const isFigure = (text: string | null): boolean => text !== null && /[1-9]/.test(text);
const count = (text: string): string => (/^-?\d+(\.\d+)?$/.test(text) ? numberText(text) : text);
const dayShown = (day: string | null): ReactNode => (day !== null && /^\d{4}-\d{2}-\d{2}$/.test(day) ? <DayText value={day} /> : day);

function Party({ title, party }: { title: string; party: PartyShown }) {
  const more = [
    (party.vatId ?? party.taxId) ? `${words.taxNumber} ${party.vatId ?? party.taxId}` : null,
    party.registration && `${words.registration} ${party.registration}`,
    party.endpoint && `${words.address} ${party.endpoint}`,
    party.contact.join(" · ") || null,
  ].filter((line) => line !== null);
  return (
    <div className="hw-einvoice-party">
      <span className="hw-dim hw-small">{title}</span>
      <strong>{party.name ?? party.tradingName ?? "–"}</strong>
      {party.address.map((line) => (
        <span key={line}>{line}</span>
      ))}
      {more.map((line) => (
        <span key={line} className="hw-dim hw-small">
          {line}
        </span>
      ))}
    </div>
  );
}

function Facts({ document: it }: { document: DocumentShown }) {
  const facts: readonly (readonly [string, ReactNode])[] = [
    [words.day, dayShown(it.day)],
    [words.due, dayShown(it.dueDay)],
    [words.reference, it.buyerReference],
    [words.order, it.order],
    [words.contract, it.contract],
    [words.period, it.period],
    [words.delivered, dayShown(it.deliveryDay)],
    [words.corrects, it.preceding.join(", ") || null],
  ];
  return (
    <dl className="hw-paper-facts">
      {facts
        .filter(([, value]) => value !== null && value !== "")
        .map(([title, value]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

const taxOf = ({ category, percent }: { readonly category: string | null; readonly percent: string | null }): string =>
  [category, percent === null ? null : `${count(percent)} %`].filter((part) => part !== null).join(" ");

function Line({ line }: { line: LineShown }) {
  return (
    <tr>
      <th scope="row">
        {line.name ?? "–"}
        {(line.description ?? line.period) && <span className="hw-dim hw-small">{line.description ?? line.period}</span>}
      </th>
      <td data-title={words.quantity}>
        {line.quantity && count(line.quantity)} {line.unit && line.unit !== "C62" && <span className="hw-dim">{line.unit}</span>}
      </td>
      <td data-title={words.price}>
        {figure(line.price)} {line.per && line.per !== "1" && <span className="hw-dim">{words.per(count(line.per))}</span>}
      </td>
      <td data-title={words.tax} className="hw-paper-tax">
        {taxOf(line)}
      </td>
      <td data-title={words.net}>{figure(line.net)}</td>
    </tr>
  );
}

function Lines({ document: it }: { document: DocumentShown }) {
  if (it.lines.length === 0) return <p className="hw-dim">{words.noLines}</p>;
  return (
    <table className="hw-paper-lines" aria-label={words.lines}>
      <thead>
        <tr>
          <th scope="col">{words.what}</th>
          <th scope="col">{words.quantity}</th>
          <th scope="col">{words.price}</th>
          <th scope="col" className="hw-paper-tax">
            {words.tax}
          </th>
          <th scope="col">
            {words.net} <span className="hw-currency">{it.currency}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {it.lines.map((line, index) => (
          <Line key={`${index} ${line.id}`} line={line} />
        ))}
      </tbody>
    </table>
  );
}

function Sums({ document: it }: { document: DocumentShown }) {
  const { totals } = it;
  const rows: readonly (readonly [string, string | null, boolean?])[] = [
    ...(it.allowances.length > 0 ? [[words.sumOfLines, totals.lines] as const] : []),
    ...it.allowances.map(
      (one) =>
        [
          (one.isCharge ? words.charge : words.allowance)(one.reason ?? words.withoutReason),
          one.isCharge ? one.amount : one.amount && `-${one.amount}`,
        ] as const,
    ),
    [words.withoutTax, totals.net],
    ...it.taxes.map((row) => [words.taxRow(taxOf(row), row.reason ? ` (${row.reason})` : "", figure(row.base)), row.tax] as const),
    [words.withTax, totals.gross],
    ...(totals.taxInBooks ? [[words.taxInBooks, totals.taxInBooks] as const] : []),
    ...(isFigure(totals.prepaid) ? [[words.paidBefore, `-${totals.prepaid}`] as const] : []),
    ...(isFigure(totals.rounding) ? [[words.rounding, totals.rounding] as const] : []),
    [words.toPay, totals.due, true],
  ];
  return (
    <dl className="hw-paper-sums">
      {rows.map(([title, value, strong], index) => (
        <div key={`${index} ${title}`} data-strong={strong || undefined}>
          <dt>{title}</dt>
          <dd className="hw-number">
            {figure(value)} {strong && <span className="hw-currency">{it.currency}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Foot({ document: it }: { document: DocumentShown }) {
  const rows: readonly (readonly [string, string])[] = [
    ...it.payments.flatMap((means) =>
      means.account
        ? [
            [
              words.payTo,
              [means.account, means.bic, means.remittance && `${words.purpose} ${means.remittance}`].filter(Boolean).join(" "),
            ] as const,
          ]
        : [],
    ),
    ...(it.terms ? [[words.terms, it.terms] as const] : []),
    ...it.notes.map((note) => [words.notes, note] as const),
    ...(it.attachments.length > 0
      ? [[words.attachments, it.attachments.map((one) => one.description ?? one.name ?? "–").join(", ")] as const]
      : []),
  ];
  if (rows.length === 0) return null;
  return (
    <dl className="hw-einvoice-foot">
      {rows.map(([title, value], index) => (
        <div key={`${index} ${title}`}>
          <dt className="hw-dim hw-small">{title}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function DocumentPaper({ document: it }: { document: DocumentShown }) {
  const code = it.typeCode ?? "–";
  return (
    <article className="hw-paper">
      <header className="hw-paper-head">
        <div>
          <div className="hw-paper-title">{words.document[code] ?? words.otherDocument(code)}</div>
          <div className="hw-paper-number">{it.number ?? words.noNumber}</div>
        </div>
      </header>
      <div className="hw-einvoice-parties">
        <Party title={words.from} party={it.seller} />
        <Party title={words.to} party={it.buyer} />
      </div>
      <Facts document={it} />
      <Lines document={it} />
      <Sums document={it} />
      <Foot document={it} />
    </article>
  );
}
