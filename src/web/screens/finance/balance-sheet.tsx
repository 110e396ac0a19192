// The balance sheet: what the company owns and owes on a day, beside another day if wished; both sides are proven equal.
import { useMemo } from "react";
import type { Day } from "../../../kernel/day.ts";
import { amountText, dayText, EmptyState, Figure, Loaded, PageHeader, useOperation, useToday } from "../../kit/index.ts";
import { queryText } from "../../kit/query.ts";
import { useQueryFields } from "../../kit/query-state.ts";
import { words } from "./book-words.ts";
import "./finance.css";
import { dayBefore } from "./range.rules.ts";
import { type Amount, isNothing, type StatementLine, sumOf } from "./statement.rules.ts";
import { AsOfControls, changeColumns, CompareControl, ExportMenu, linesPath, Proof, StatementFamily, Tools } from "./statement-parts.tsx";
import { statementLines, type StatementRow, topSum } from "./statement-rows.ts";
import { type StatementColumn, StatementTable } from "./statement-table.tsx";

interface BalanceSheet {
  readonly asOf: string;
  readonly comparedTo: string | null;
  readonly yearStart: string;
  readonly currency: string;
  readonly rows: readonly StatementRow[];
  readonly assets: Amount;
  readonly liabilities: Amount;
  readonly equity: Amount;
  readonly result: Amount;
  readonly comparedResult: Amount | null;
  readonly difference: Amount;
}

const name = "finance.balanceSheet.get";

const resultPath = (shown: BalanceSheet): string =>
  `/finance/profit-and-loss${queryText([
    ["from", shown.yearStart],
    ["to", shown.asOf],
  ])}`;

function linesOf(shown: BalanceSheet): readonly StatementLine[] {
  const { rows, currency } = shown;
  const others = rows.filter((row) => row.type !== "asset");
  const compared = shown.comparedResult ? sumOf([...topSum(others, "compared"), shown.comparedResult], currency) : null;
  const line = (key: string, words_: string, amounts: readonly (Amount | null)[]): StatementLine => ({
    key,
    name: words_,
    level: key === "result" ? 1 : 0,
    isGroup: false,
    isTotal: true,
    amounts,
  });
  return [
    ...statementLines(rows, "asset"),
    ...statementLines(rows, "liability"),
    ...statementLines(rows, "equity"),
    { ...line("result", words.statement.yearResult, [shown.result, shown.comparedResult]), isTotal: false, to: resultPath(shown) },
    line("both", words.statement.totalBoth, [sumOf([shown.liabilities, shown.equity], currency), compared]),
  ];
}

function columnsOf(shown: BalanceSheet): readonly StatementColumn[] {
  const own: StatementColumn = {
    name: "amount",
    title: words.balance,
    note: dayText(shown.asOf),
    to: (account) => linesPath(account, shown.yearStart, shown.asOf),
  };
  const { comparedTo } = shown;
  if (!comparedTo) return [own];
  const before: StatementColumn = {
    name: "before",
    short: words.statement.earlier,
    title: words.balance,
    note: dayText(comparedTo),
    isQuiet: true,
    to: (account) => linesPath(account, dayBefore(comparedTo as Day, "previousYear"), comparedTo),
  };
  return [own, before, ...changeColumns];
}

function Shown({ shown }: { shown: BalanceSheet }) {
  const lines = useMemo(() => linesOf(shown), [shown]);
  const says = isNothing(shown.difference)
    ? words.statement.equalSides(`${amountText(shown.assets.amount)} ${shown.currency}`)
    : words.statement.unequalSides(`${amountText(shown.difference.amount)} ${shown.currency}`);
  if (shown.rows.every((row) => row.isGroup))
    return <EmptyState icon="finance" title={words.statement.empty} says={words.statement.emptySays} />;
  return (
    <>
      <div className="hw-figures hw-figures-broad">
        <Figure title={words.statement.assets} value={shown.assets} />
        <Figure title={words.statement.liabilities} value={shown.liabilities} />
        <Figure title={words.statement.equity} value={shown.equity} note={words.statement.withResult} />
        <Figure title={words.statement.yearResult} value={shown.result} to={resultPath(shown)} />
      </div>
      <Proof holds={isNothing(shown.difference)} says={says} />
      <StatementTable label={words.statement.balanceSheet} currency={shown.currency} columns={columnsOf(shown)} lines={lines} />
    </>
  );
}

export default function BalanceSheetScreen() {
  const today = useToday();
  const { asOf = today, compare, comparedTo: given } = useQueryFields();
  const isNamed = compare === "previousYear" || compare === "previousMonth";
  const comparedTo = isNamed ? dayBefore(asOf as Day, compare) : given;
  const found = useOperation<BalanceSheet>(name, { asOf, comparedTo }, { keep: true });
  return (
    <>
      <PageHeader
        title={words.statement.balanceSheet}
        does={words.statement.balanceSheetDoes}
        crumbs={[{ title: words.finance, to: "/m/finance" }]}
        actions={<ExportMenu operation={name} asked={{ asOf, comparedTo }} />}
      />
      <StatementFamily here={name} />
      <Tools>
        <AsOfControls />
        <CompareControl names={["nothing", "previousYear", "previousMonth"]} />
      </Tools>
      <div className="hw-report" aria-live="polite" aria-busy={found.isFetching}>
        <Loaded query={found} lines={14}>
          {(shown) => <Shown shown={shown} />}
        </Loaded>
      </div>
    </>
  );
}
