// What stands beside the paper: the verdict rule by rule, who may have sent it, and the bill it becomes.
import { amountText, DayText, MoneyText, RecordLink, RunButton } from "../../../kit/index.ts";
import type { EInvoiceShown, FindingShown, VerdictShown } from "./document.ts";
import { words } from "./words.ts";

function Finding({ finding }: { finding: FindingShown }) {
  return (
    <li data-severity={finding.severity}>
      <div className="hw-einvoice-rule">
        <span className="hw-einvoice-sign">{words.severities[finding.severity]}</span>
        <code>{finding.rule}</code>
      </div>
      <div>{finding.says}</div>
      {finding.places.length > 0 && <div className="hw-dim hw-small">{finding.places.join(" · ")}</div>}
    </li>
  );
}

export function Verdict({ verdict }: { verdict: VerdictShown }) {
  const { findings, rules, isValid } = verdict;
  const fatal = findings.filter((one) => one.severity === "fatal").length;
  const says = !isValid ? words.invalid(fatal, rules) : findings.length > 0 ? words.warned(findings.length, rules) : words.valid(rules);
  return (
    <section className="hw-einvoice-card" aria-label={words.verdict}>
      <h3 data-tone={isValid ? "good" : "bad"}>
        <span aria-hidden>{isValid ? "✓" : "✕"}</span> {says}
      </h3>
      <p className="hw-dim hw-small">{words.judgedBy(words.and(verdict.books.map((book) => words.books[book] ?? book)))}</p>
      {findings.length > 0 && (
        <ul className="hw-einvoice-findings">
          {findings.map((finding) => (
            <Finding key={finding.rule} finding={finding} />
          ))}
        </ul>
      )}
    </section>
  );
}

export function Sender({ candidates }: Pick<EInvoiceShown, "candidates">) {
  return (
    <section className="hw-einvoice-card" aria-label={words.sender}>
      <h3>{words.sender}</h3>
      {candidates.length === 0 && <p>{words.nobody}</p>}
      {candidates.map((one) => (
        <p key={one.id}>
          <RecordLink register="directory.organisation" id={one.id} label={one.name} />{" "}
          <span className="hw-dim">{[words.foundBy(one.by), one.isSupplier ? null : words.notSupplier].filter(Boolean).join(", ")}</span>
        </p>
      ))}
    </section>
  );
}

export function Draft({ shown }: { shown: EInvoiceShown }) {
  const { draft, candidates } = shown;
  if (!draft) return null;
  const [first] = candidates;
  const supplier = first?.isSupplier ? { supplierId: first.id } : {};
  return (
    <section className="hw-einvoice-card" aria-label={words.draft[draft.kind]}>
      <h3>{words.draft[draft.kind]}</h3>
      {draft.problems.map((problem) => (
        <p key={problem}>{problem}</p>
      ))}
      {draft.lines.length > 0 && (
        <table className="hw-einvoice-draft">
          <tbody>
            {draft.lines.map((line) => (
              <tr key={line.line}>
                <th scope="row">{line.description}</th>
                <td className="hw-dim">{line.taxCode ?? words.noCode}</td>
                <td className="hw-number">{amountText(line.net.amount)}</td>
              </tr>
            ))}
          </tbody>
          {draft.total && (
            <tfoot>
              <tr>
                <th scope="row" colSpan={2}>
                  {words.total}
                </th>
                <td className="hw-number">
                  <MoneyText value={draft.total} />
                </td>
              </tr>
              {draft.rate && (
                <tr>
                  <th scope="row" colSpan={2}>
                    {words.inBooks}
                  </th>
                  <td className="hw-number">
                    <MoneyText value={draft.rate.total} />
                  </td>
                </tr>
              )}
            </tfoot>
          )}
        </table>
      )}
      {draft.rate && draft.total && (
        <p className="hw-dim hw-small">
          {words.rate(draft.total.currency, draft.rate.rate)}
          <DayText value={draft.rate.day} />
          {draft.rate.source && ` (${draft.rate.source})`}
        </p>
      )}
      <div className="hw-einvoice-actions">
        {draft.lines.length > 0 && (
          <RunButton operation="finance.eInvoice.enter" fields={{ eInvoiceId: shown.id, ...supplier }}>
            {words.enter[draft.kind]}
          </RunButton>
        )}
        <RunButton operation="finance.eInvoice.decline" fields={{ eInvoiceId: shown.id }} variant="default">
          {words.sendBack}
        </RunButton>
      </div>
    </section>
  );
}

export function Outcome({ shown }: { shown: EInvoiceShown }) {
  if (shown.state === "received" || (!shown.billId && !shown.supplierCreditNoteId && !shown.reason)) return null;
  return (
    <section className="hw-einvoice-card">
      {shown.billId && (
        <p>
          {words.entered}: <RecordLink register="finance.bill" id={shown.billId} />
        </p>
      )}
      {shown.supplierCreditNoteId && (
        <p>
          {words.credited}: <RecordLink register="finance.supplierCreditNote" id={shown.supplierCreditNoteId} />
        </p>
      )}
      {shown.reason && (
        <p>
          {words.reason}: {shown.reason}
        </p>
      )}
    </section>
  );
}
