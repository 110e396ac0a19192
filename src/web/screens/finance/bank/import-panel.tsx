// What a statement file holds, with its proof: opening and entries make the closing, or they do not.
import { Alert, Badge, Button, Loader } from "@mantine/core";
import { useEffect, useRef } from "react";
import { DayText, Icon, MoneyText, moneyText, ProblemAlert, RunButton } from "../../../kit/index.ts";
import type { ImportedStatement } from "./bank.ts";
import type { Importing } from "./use-import.ts";
import { words } from "./words.ts";

function Proof({ statement }: { statement: ImportedStatement }) {
  const { opening, entriesSum, closing, proven } = statement;
  return (
    <div className="hw-import-proof">
      <span>
        <small>{words.opening}</small>
        <MoneyText value={opening} />
      </span>
      <span aria-hidden>+</span>
      <span>
        <small>{words.entries}</small>
        <MoneyText value={entriesSum} />
      </span>
      <span aria-hidden>=</span>
      <span>
        <small>{words.closing}</small>
        <MoneyText value={closing} />
      </span>
      {proven && (
        <Badge color="green" variant="light" leftSection={<Icon name="check" size={12} />}>
          {words.proven}
        </Badge>
      )}
    </div>
  );
}

function Statement({ statement }: { statement: ImportedStatement }) {
  const { added, known, advised, gap, unproven, doubts, replaced } = statement;
  const isAdvice = advised > 0 && statement.opening === null;
  const counts = [
    ...(added > 0 || advised === 0 ? [words.added(added)] : []),
    ...(known > 0 ? [words.known(known)] : []),
    ...(advised > 0 ? [words.advised(advised)] : []),
  ];
  return (
    <li className="hw-import-statement">
      <div className="hw-import-statement-head">
        <strong className="hw-anywhere">{statement.statementId}</strong>
        <span className="hw-dim">
          {statement.format} · <DayText value={statement.from} /> – <DayText value={statement.until} />
        </span>
        <span>{counts.join(" · ")}</span>
      </div>
      <Proof statement={statement} />
      {isAdvice && <p className="hw-dim hw-small">{words.adviceSays}</p>}
      {!isAdvice && unproven && <p className="hw-small">{words.unproven[unproven]}</p>}
      {doubts.map((doubt) => (
        <p key={doubt} className="hw-late hw-small">
          {doubt}
        </p>
      ))}
      {replaced.length > 0 && (
        <div className="hw-small">
          <strong>{words.replacedTitle}</strong>
          {replaced.map((one) => (
            <p key={one}>{one}</p>
          ))}
        </div>
      )}
      {gap && <p className="hw-late hw-small">{words.gap(moneyText(gap))}</p>}
    </li>
  );
}

export function ImportPanel({ importing }: { importing: Importing }) {
  const { shown, busy, problem, name } = importing;
  const next = useRef<HTMLButtonElement>(null);
  const told = shown ?? problem;
  const answered = useRef<typeof told>(undefined);
  // Enter keeps what was read, or closes what was refused. Once for each: whoever keeps it types on elsewhere at once.
  useEffect(() => {
    if (busy || answered.current === told) return;
    answered.current = told;
    next.current?.focus();
  }, [busy, told]);
  if (!busy && !shown && !problem) return null;
  const count = shown ? shown.imported.added + shown.imported.advised : 0;
  const isNew = shown && (count > 0 || shown.imported.known === 0);
  return (
    <section className="hw-import" aria-label={words.check} aria-live="polite">
      <div className="hw-import-head">
        <h2>
          {words.check} {name && <span className="hw-dim hw-anywhere">{name}</span>}
        </h2>
      </div>
      {busy && !shown && (
        <p className="hw-import-busy">
          <Loader size={18} /> {words.reading}
        </p>
      )}
      <ProblemAlert problem={problem} />
      {problem?.code === "mappingMissing" && (
        <div className="hw-import-map">
          <strong>{words.mapTitle}</strong> <span className="hw-dim">{words.mapSays}</span>{" "}
          <RunButton
            size="xs"
            operation="finance.statementMapping.create"
            fields={{ fileId: importing.fileId, bankAccountId: importing.bankAccountId }}
          >
            {words.mapDo}
          </RunButton>
        </div>
      )}
      {shown && (
        <ul className="hw-import-statements">
          {shown.imported.statements.map((statement, place) => (
            <Statement key={place} statement={statement} />
          ))}
        </ul>
      )}
      {shown && shown.imported.leftOut.length > 0 && (
        <Alert color="yellow" title={words.leftOut}>
          {shown.imported.leftOut.map(({ account, currency, statements, next }) => (
            <p key={`${account} ${currency}`} className="hw-anywhere">
              <strong>{words.leftOutLine(account, currency, statements)}</strong> <span className="hw-small">{next}</span>
            </p>
          ))}
        </Alert>
      )}
      {shown && count === 0 && shown.imported.known > 0 && <p>{words.nothingNew}</p>}
      <div className="hw-import-do">
        <Button ref={isNew ? undefined : next} size="xs" variant="default" onClick={importing.close}>
          {count > 0 ? words.cancel : words.close}
        </Button>
        {isNew && (
          <Button ref={next} size="xs" loading={busy} onClick={() => void importing.keep()}>
            {count > 0 ? words.importLines(count) : words.keepStatement}
          </Button>
        )}
      </div>
    </section>
  );
}
