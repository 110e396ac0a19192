// Changes in equity: each account from its opening to its closing, what was earned beside what was paid in or taken out.
import { EmptyState, useOperation } from "../../../kit/index.ts";
import { useQueryFields } from "../../../kit/query-state.ts";
import { words as bookWords } from "../book-words.ts";
import type { Amount, StatementLine } from "../statement.rules.ts";
import { KnownControl, RangeControls } from "../statement-parts.tsx";
import { StatementScreen } from "../statement-screen.tsx";
import { type StatementColumn, StatementTable } from "../statement-table.tsx";
import type { ExplainAsked } from "./explain-parts.tsx";
import { words } from "./words.ts";

const say = words.equity;
const name = "finance.equity.get";
const columns = ["opening", "result", "carried", "posted", "closing"] as const;

type EquityRow = Readonly<Record<(typeof columns)[number], Amount>> & { readonly accountId: string | null; readonly account: string };

interface Equity {
  readonly from: string;
  readonly to: string;
  readonly currency: string;
  readonly rows: readonly EquityRow[];
  readonly totals: Readonly<Record<(typeof columns)[number], Amount>>;
}

const titles: Readonly<Record<(typeof columns)[number], string>> = {
  opening: bookWords.statement.opening,
  result: say.result,
  carried: say.carried,
  posted: say.posted,
  closing: bookWords.statement.closing,
};

function linesOf({ rows, totals }: Equity): readonly StatementLine[] {
  const line = (key: string, name_: string, of: Readonly<Record<(typeof columns)[number], Amount>>): StatementLine => ({
    key,
    name: name_,
    level: 0,
    isGroup: false,
    amounts: columns.map((column) => of[column]),
  });
  return [
    ...rows.map((row) => line(row.accountId ?? "result", row.account, row)),
    { ...line("total", bookWords.total, totals), isTotal: true },
  ];
}

function columnsOf({ from, to }: Equity, asKnownAt: string | undefined): readonly StatementColumn[] {
  const asked = (column: (typeof columns)[number], line: StatementLine): ExplainAsked | undefined => {
    if (line.isTotal || column === "opening" || column === "carried") return undefined;
    if (line.key === "result")
      return { report: column === "closing" ? "balanceSheet" : "profitAndLoss", part: "result", from, to, asKnownAt };
    return { report: "balanceSheet", accountId: line.key, from, to, asKnownAt };
  };
  return columns.map((column) => ({ name: column, title: titles[column], explain: (line) => asked(column, line) }));
}

export default function EquityScreen() {
  const { from, to, asKnownAt } = useQueryFields();
  const asked = { from, to, asKnownAt };
  const found = useOperation<Equity>(name, asked, { keep: true });
  return (
    <StatementScreen
      name={name}
      title={say.title}
      does={say.does}
      asked={asked}
      found={found}
      lines={8}
      tools={
        <>
          <RangeControls shown={found.data ?? {}} />
          <KnownControl />
        </>
      }
    >
      {(shown) =>
        shown.rows.length === 0 ? (
          <EmptyState icon="finance" title={bookWords.statement.empty} says={bookWords.statement.emptySays} />
        ) : (
          <StatementTable label={say.title} currency={shown.currency} columns={columnsOf(shown, asKnownAt)} lines={linesOf(shown)} />
        )
      }
    </StatementScreen>
  );
}
