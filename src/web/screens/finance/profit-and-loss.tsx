// Profit and loss between two days, beside another range if wished, with the result of each of the last twelve months.
import { lazy, Suspense, useMemo } from "react";
import { EmptyState, Figure, LoadingLines, moneyText, useOperation } from "../../kit/index.ts";
import { useQueryFields } from "../../kit/query-state.ts";
import { words } from "./book-words.ts";
import type { Day } from "../../../kernel/day.ts";
import { monthText } from "./month-text.ts";
import { words as reportWords } from "./reports/words.ts";
import { type Amount, type StatementLine, sumOf } from "./statement.rules.ts";
import {
  changeColumns,
  ChoiceControl,
  CompareControl,
  explainedIn,
  KnownControl,
  linesPath,
  NarrowControls,
  type Narrowed,
  RangeControls,
  rangeWords,
  useNarrowed,
} from "./statement-parts.tsx";
import { StatementScreen } from "./statement-screen.tsx";
import { statementLines, type StatementRow, topSum } from "./statement-rows.ts";
import { type StatementColumn, StatementTable } from "./statement-table.tsx";

const ResultByMonth = lazy(() => import("./result-by-month.tsx"));

export interface ProfitAndLoss {
  readonly from: string;
  readonly to: string;
  readonly comparedFrom: string | null;
  readonly comparedTo: string | null;
  readonly columns: readonly { readonly from: string; readonly to: string }[];
  readonly currency: string;
  readonly rows: readonly StatementRow[];
  readonly income: Amount;
  readonly expense: Amount;
  readonly result: Amount;
  readonly comparedResult: Amount | null;
  readonly sums: readonly { readonly income: Amount; readonly expense: Amount; readonly result: Amount }[];
}

const name = "finance.profitAndLoss.get";

const comparedSum = (shown: ProfitAndLoss, type: string): Amount | null =>
  shown.comparedResult &&
  sumOf(
    topSum(
      shown.rows.filter((row) => row.type === type),
      "compared",
    ),
    shown.currency,
  );

type Part = "income" | "expense" | "result";

function linesOf(shown: ProfitAndLoss): readonly StatementLine[] {
  const compared = (part: Part): Amount | null => (part === "result" ? shown.comparedResult : comparedSum(shown, part));
  const total = (part: Part, title: string): StatementLine => ({
    key: part,
    name: title,
    level: 0,
    isGroup: false,
    isTotal: true,
    part,
    amounts: shown.sums.length > 0 ? [...shown.sums.map((sum) => sum[part]), shown[part]] : [shown[part], compared(part)],
  });
  // One main group says its total itself.
  const part = (type: "income" | "expense", title: string): readonly StatementLine[] => {
    const lines = statementLines(shown.rows, type);
    return lines.filter((line) => line.level === 0).length > 1 ? [...lines, total(type, title)] : lines;
  };
  return [
    ...part("income", words.statement.totalIncome),
    ...part("expense", words.statement.totalExpense),
    total("result", words.statement.result),
  ];
}

function columnsOf(shown: ProfitAndLoss, narrowed: Narrowed): readonly StatementColumn[] {
  const { comparedFrom, comparedTo } = shown;
  const column = (name_: string, from: string, to: string, title: string = words.partyAccount.amount): StatementColumn => ({
    name: name_,
    title,
    note: rangeWords(from, to),
    to: (account) => linesPath(account, from, to, narrowed),
    explain: explainedIn("profitAndLoss", { from, to, ...narrowed }),
  });
  const own = column("amount", shown.from, shown.to);
  if (shown.columns.length > 0) {
    return [
      ...shown.columns.map(({ from, to }): StatementColumn => ({ ...column(from, from, to, columnText(from, to)), note: undefined })),
      { ...own, title: words.total, note: undefined },
    ];
  }
  if (!comparedFrom || !comparedTo) return [own];
  const before = { ...column("before", comparedFrom, comparedTo), short: words.statement.earlier, isQuiet: true };
  return [own, before, ...changeColumns];
}

/** A whole month by its name, anything else by its days. */
const columnText = (from: string, to: string): string =>
  from.endsWith("-01") && from.slice(0, 7) === to.slice(0, 7) ? monthText(from as Day) : rangeWords(from, to);

function Shown({ shown, narrowed }: { shown: ProfitAndLoss; narrowed: Narrowed }) {
  const lines = useMemo(() => linesOf(shown), [shown]);
  const note = (amount: Amount | null): string | undefined => (amount ? words.statement.before(moneyText(amount)) : undefined);
  return (
    <>
      <div className="hw-figures hw-figures-broad">
        <Figure title={words.statement.income} value={shown.income} note={note(comparedSum(shown, "income"))} />
        <Figure title={words.statement.expense} value={shown.expense} note={note(comparedSum(shown, "expense"))} />
        <Figure title={words.statement.result} value={shown.result} note={note(shown.comparedResult)} />
      </div>
      {shown.rows.every((row) => row.isGroup) ? (
        <EmptyState icon="finance" title={words.statement.empty} says={words.statement.emptySays} />
      ) : (
        <StatementTable
          label={words.statement.profitAndLoss}
          currency={shown.currency}
          columns={columnsOf(shown, narrowed)}
          lines={lines}
        />
      )}
      <Suspense fallback={<LoadingLines lines={6} />}>
        <ResultByMonth until={shown.to} {...narrowed} />
      </Suspense>
    </>
  );
}

export default function ProfitAndLossScreen() {
  const { from, to, compare: beside, by: columns } = useQueryFields();
  const by = columns === "month" || columns === "quarter" ? columns : undefined;
  const compare = !by && (beside === "previousYear" || beside === "previousPeriod") ? beside : undefined;
  const narrowed = useNarrowed();
  const asked = { from, to, compare, by, ...narrowed };
  const found = useOperation<ProfitAndLoss>(name, asked, { keep: true });
  return (
    <StatementScreen
      name={name}
      title={words.statement.profitAndLoss}
      does={words.statement.profitAndLossDoes}
      asked={asked}
      found={found}
      tools={
        <>
          <RangeControls shown={found.data ?? {}} />
          <ChoiceControl
            name="by"
            label={reportWords.columns.label}
            choices={[
              ["total", reportWords.columns.total],
              ["month", reportWords.columns.month],
              ["quarter", reportWords.columns.quarter],
            ]}
          />
          {!by && <CompareControl names={["nothing", "previousYear", "previousPeriod"]} />}
          <NarrowControls />
          <KnownControl />
        </>
      }
    >
      {(shown) => <Shown shown={shown} narrowed={narrowed} />}
    </StatementScreen>
  );
}
