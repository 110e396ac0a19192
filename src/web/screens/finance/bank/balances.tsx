// Books and bank side by side, what lies between them, and how far the matching is.
import { Alert, Progress } from "@mantine/core";
import { dayText, Icon, MoneyText, moneyText, numberText } from "../../../kit/index.ts";
import { isZero, type Reconciliation } from "./bank.ts";
import { words } from "./words.ts";

function Side({ title, note, children, tone }: { title: string; note?: string; children: React.ReactNode; tone?: "late" | "good" }) {
  return (
    <div className="hw-balance" data-tone={tone}>
      <dt>{title}</dt>
      <dd>{children}</dd>
      {note && <dd className="hw-dim hw-small">{note}</dd>}
    </div>
  );
}

export function Balances({ told }: { told: Reconciliation }) {
  const { unexplained } = told;
  const done = told.matched + told.posted + told.ignored;
  const all = done + told.open;
  const agrees = unexplained !== null && isZero(unexplained);
  return (
    <div className="hw-balances-box">
      <dl className="hw-balances">
        <Side title={words.bankSays} note={told.statementDay ? words.asOf(dayText(told.statementDay)) : undefined}>
          {told.statementBalance ? <MoneyText value={told.statementBalance} /> : <span className="hw-dim">{words.bankNever}</span>}
        </Side>
        <Side title={words.stillOpen} note={words.lines(told.unmatched.count)}>
          <MoneyText value={told.unmatched.sum} />
        </Side>
        <Side title={words.onlyBooks} note={words.lines(told.booksOnly.count)}>
          <MoneyText value={told.booksOnly.sum} />
        </Side>
        <Side title={words.booksSay} note={words.asOf(dayText(told.asOf))}>
          <MoneyText value={told.bookBalance} />
        </Side>
        {told.bookSide ? (
          <Side title={words.unexplained}>
            <span className="hw-dim">{words.notCompared}</span>
          </Side>
        ) : (
          <Side title={words.unexplained} tone={agrees ? "good" : "late"} note={agrees && told.open === 0 ? words.agree : undefined}>
            <MoneyText value={unexplained} />
          </Side>
        )}
      </dl>
      {told.bookSide && <p className="hw-dim hw-small">{told.bookSide}</p>}
      {all > 0 && (
        <div className="hw-balances-progress">
          <Progress value={(100 * done) / all} aria-label={words.progress(numberText(done), numberText(all))} />
          <span className="hw-number hw-small">{words.progress(numberText(done), numberText(all))}</span>
        </div>
      )}
      {told.gaps.length > 0 && (
        <Alert color="yellow" title={words.gapsTitle} icon={<Icon name="alert" />}>
          {told.gaps.slice(0, 5).map((gap) => (
            <div key={gap.statementId}>{words.gapLine(gap.statement, dayText(gap.day), moneyText(gap.gap))}</div>
          ))}
        </Alert>
      )}
    </div>
  );
}
