// Profit and loss between two days, beside another range if wished, with the result of each of the last twelve months.
import { lazy, Suspense, useMemo } from "react";
import { EmptyState, Figure, Loaded, LoadingLines, moneyText, PageHeader, useOperation } from "../../kit/index.ts";
import { useQueryFields } from "../../kit/query-state.ts";
import { words } from "./book-words.ts";
import "./finance.css";
import { type Amount, type StatementLine, sumOf } from "./statement.rules.ts";
import {
  changeColumns,
  CompareControl,
  ExportMenu,
  linesPath,
  RangeControls,
  rangeWords,
  StatementFamily,
  Tools,
  UnitControl,
} from "./statement-parts.tsx";
import { statementLines, type StatementRow, topSum } from "./statement-rows.ts";
import { type StatementColumn, StatementTable } from "./statement-table.tsx";

const ResultByMonth = lazy(() => import("./result-by-month.tsx"));

export interface ProfitAndLoss {
  readonly from: string;
  readonly to: string;
  readonly comparedFrom: string | null;
  readonly comparedTo: string | null;
  readonly currency: string;
  readonly rows: readonly StatementRow[];
  readonly income: Amount;
  readonly expense: Amount;
  readonly result: Amount;
  readonly comparedResult: Amount | null;
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

function linesOf(shown: ProfitAndLoss): readonly StatementLine[] {
  const total = (key: string, title: string, amounts: readonly (Amount | null)[]): StatementLine => ({
    key,
    name: title,
    level: 0,
    isGroup: false,
    isTotal: true,
    amounts,
  });
  // One main group says its total itself.
  const part = (type: string, title: string, sum: Amount): readonly StatementLine[] => {
    const lines = statementLines(shown.rows, type);
    return lines.filter((line) => line.level === 0).length > 1 ? [...lines, total(type, title, [sum, comparedSum(shown, type)])] : lines;
  };
  return [
    ...part("income", words.statement.totalIncome, shown.income),
    ...part("expense", words.statement.totalExpense, shown.expense),
    total("result", words.statement.result, [shown.result, shown.comparedResult]),
  ];
}

function columnsOf(shown: ProfitAndLoss, unitId: string | undefined): readonly StatementColumn[] {
  const { comparedFrom, comparedTo } = shown;
  const own: StatementColumn = {
    name: "amount",
    title: words.partyAccount.amount,
    note: rangeWords(shown.from, shown.to),
    to: (account) => linesPath(account, shown.from, shown.to, unitId),
  };
  if (!comparedFrom || !comparedTo) return [own];
  const before: StatementColumn = {
    name: "before",
    short: words.statement.earlier,
    title: words.partyAccount.amount,
    note: rangeWords(comparedFrom, comparedTo),
    isQuiet: true,
    to: (account) => linesPath(account, comparedFrom, comparedTo, unitId),
  };
  return [own, before, ...changeColumns];
}

function Shown({ shown, unitId }: { shown: ProfitAndLoss; unitId: string | undefined }) {
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
        <StatementTable label={words.statement.profitAndLoss} currency={shown.currency} columns={columnsOf(shown, unitId)} lines={lines} />
      )}
      <Suspense fallback={<LoadingLines lines={6} />}>
        <ResultByMonth until={shown.to} unitId={unitId} />
      </Suspense>
    </>
  );
}

export default function ProfitAndLossScreen() {
  const { from, to, compare: asked, unitId } = useQueryFields();
  const compare = asked === "previousYear" || asked === "previousPeriod" ? asked : undefined;
  const found = useOperation<ProfitAndLoss>(name, { from, to, compare, unitId }, { keep: true });
  return (
    <>
      <PageHeader
        title={words.statement.profitAndLoss}
        does={words.statement.profitAndLossDoes}
        crumbs={[{ title: words.finance, to: "/m/finance" }]}
        actions={<ExportMenu operation={name} asked={{ from, to, compare, unitId }} />}
      />
      <StatementFamily here={name} />
      <Tools>
        <RangeControls shown={found.data ?? {}} />
        <CompareControl names={["nothing", "previousYear", "previousPeriod"]} />
        <UnitControl />
      </Tools>
      <div className="hw-report" aria-live="polite" aria-busy={found.isFetching}>
        <Loaded query={found} lines={14}>
          {(shown) => <Shown shown={shown} unitId={unitId} />}
        </Loaded>
      </div>
    </>
  );
}
