// Cash: what stood on the accounts week by week, what is due in the weeks after, and the cash that would leave.
import { lazy, Suspense } from "react";
import { AppLink, dayText, EmptyState, Figure, LoadingLines, Section, useOperation, useToday } from "../../../kit/index.ts";
import { registerPath } from "../../../kit/link.tsx";
import { useQueryFields } from "../../../kit/query-state.ts";
import { words as bookWords } from "../book-words.ts";
import { type Amount, isNothing, moneyOf, sumOf } from "../statement.rules.ts";
import { AsOfControls, KnownControl, rangeWords } from "../statement-parts.tsx";
import { StatementScreen } from "../statement-screen.tsx";
import { AmountShown } from "../statement-table.tsx";
import { Explained } from "./explain-parts.tsx";
import { words } from "./words.ts";

const CashChart = lazy(() => import("./cash-chart.tsx"));

const say = words.cash;
const name = "finance.cashForecast.get";

export interface CashForecast {
  readonly asOf: string;
  readonly currency: string;
  readonly accounts: readonly { readonly accountId: string; readonly account: string; readonly balance: Amount }[];
  readonly history: readonly { readonly day: string; readonly total: Amount }[];
  readonly overdueIn: Amount;
  readonly overdueOut: Amount;
  readonly laterIn: Amount;
  readonly laterOut: Amount;
  readonly rows: readonly {
    readonly from: string;
    readonly to: string;
    readonly in: Amount;
    readonly out: Amount;
    readonly balance: Amount;
  }[];
}

function Weeks({ shown }: { shown: CashForecast }) {
  const last = shown.rows.at(-1);
  const due = (from: string, to: string, isFirst: boolean) =>
    registerPath("finance.openItem", { dueDay: isFirst ? `<=${to}` : `>=${from}`, state: "open|overdue|credit" });
  return (
    <div className="hw-statement">
      <table className="hw-statement-table" data-columns={3} aria-label={say.due}>
        <thead>
          <tr>
            <th scope="col">{say.week}</th>
            {[say.in, say.out, say.balance].map((title) => (
              <th key={title} scope="col" data-right>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.rows.map((week, index) => (
            <tr key={week.from}>
              <th scope="row">
                <AppLink to={due(week.from, week.to, index === 0)}>{rangeWords(week.from, week.to)}</AppLink>
              </th>
              <td data-title={say.in}>
                <AmountShown amount={week.in} />
              </td>
              <td data-title={say.out}>
                <AmountShown amount={week.out} />
              </td>
              <td data-title={say.balance}>
                <AmountShown amount={week.balance} />
              </td>
            </tr>
          ))}
          {last && !(isNothing(shown.laterIn) && isNothing(shown.laterOut)) && (
            <tr>
              <th scope="row">
                <AppLink to={due(last.to, last.to, false)}>{say.later}</AppLink>
              </th>
              <td data-title={say.in}>
                <AmountShown amount={shown.laterIn} />
              </td>
              <td data-title={say.out}>
                <AmountShown amount={shown.laterOut} />
              </td>
              <td />
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

function Accounts({ shown, asKnownAt }: { shown: CashForecast; asKnownAt: string | undefined }) {
  return (
    <div className="hw-statement">
      <table className="hw-statement-table" data-columns={1} aria-label={say.accounts}>
        <thead>
          <tr>
            <th scope="col">{say.account}</th>
            <th scope="col" data-right>
              {bookWords.balance}
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.accounts.map((account) => (
            <tr key={account.accountId}>
              <th scope="row">{account.account}</th>
              <td data-title={bookWords.balance}>
                <Explained
                  asked={{ report: "balanceSheet", accountId: account.accountId, to: shown.asOf, asKnownAt }}
                  name={account.account}
                  column={dayText(shown.asOf)}
                >
                  <AmountShown amount={account.balance} />
                </Explained>
              </td>
            </tr>
          ))}
          <tr data-total>
            <th scope="row">{bookWords.total}</th>
            <td data-title={bookWords.balance}>
              <AmountShown
                amount={sumOf(
                  shown.accounts.map(({ balance }) => balance),
                  shown.currency,
                )}
              />
            </td>
          </tr>
        </tbody>
      </table>
    </div>
  );
}

function Shown({ shown, asKnownAt }: { shown: CashForecast; asKnownAt: string | undefined }) {
  const now = shown.history.at(-1)!.total;
  const lowest = shown.rows.toSorted((a, b) => moneyOf(a.balance).compare(moneyOf(b.balance)))[0];
  if (shown.accounts.length === 0) return <EmptyState icon="finance" title={say.empty} says={say.emptySays} />;
  return (
    <>
      <div className="hw-figures hw-figures-broad">
        <Figure title={say.now(dayText(shown.asOf))} value={now} />
        {lowest && <Figure title={say.lowest} value={lowest.balance} note={say.lowestIn(dayText(lowest.to))} />}
        <Figure title={say.overdueIn} value={shown.overdueIn} note={say.overdueSays} to={`/finance/ageing?asOf=${shown.asOf}`} />
        <Figure
          title={say.overdueOut}
          value={shown.overdueOut}
          note={say.overdueSays}
          to={`/finance/ageing?asOf=${shown.asOf}&direction=payable`}
        />
      </div>
      <Section title={say.chart}>
        <p className="hw-dim hw-small">{say.chartSays(shown.currency)}</p>
        <Suspense fallback={<LoadingLines lines={6} />}>
          <CashChart shown={shown} />
        </Suspense>
      </Section>
      <Section title={say.due}>
        <Weeks shown={shown} />
      </Section>
      <Section title={say.accounts}>
        <Accounts shown={shown} asKnownAt={asKnownAt} />
      </Section>
    </>
  );
}

export default function CashScreen() {
  const today = useToday();
  const { asOf = today, asKnownAt } = useQueryFields();
  const asked = { asOf, asKnownAt };
  const found = useOperation<CashForecast>(name, asked, { keep: true });
  return (
    <StatementScreen
      name={name}
      title={say.title}
      does={say.does}
      asked={asked}
      found={found}
      lines={12}
      isAlone
      tools={
        <>
          <AsOfControls />
          <KnownControl />
        </>
      }
    >
      {(shown) => <Shown shown={shown} asKnownAt={asKnownAt} />}
    </StatementScreen>
  );
}
