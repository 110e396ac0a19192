// The balance sheet: what the company owns and owes on a day, beside another day if wished; both sides are proven equal.
import { useMemo } from "react";
import type { Day } from "../../../kernel/day.ts";
import { amountText, dayText, EmptyState, Figure, useOperation, useToday } from "../../kit/index.ts";
import { queryText } from "../../kit/query.ts";
import { useQueryFields } from "../../kit/query-state.ts";
import { words } from "./book-words.ts";
import { dayBefore } from "./range.rules.ts";
import { type Amount, isNothing, type StatementLine, sumOf } from "./statement.rules.ts";
import {
  AsOfControls,
  changeColumns,
  ChoiceControl,
  CompareControl,
  explainedIn,
  KnownControl,
  linesPath,
  Proof,
} from "./statement-parts.tsx";
import { StatementScreen } from "./statement-screen.tsx";
import { words as reportWords } from "./reports/words.ts";
import { statementLines, type StatementRow, topSum } from "./statement-rows.ts";
import { type StatementColumn, StatementTable } from "./statement-table.tsx";

interface BalanceSheet {
  readonly asOf: string;
  readonly comparedTo: string | null;
  readonly columns: readonly string[];
  readonly yearStart: string;
  readonly currency: string;
  readonly rows: readonly StatementRow[];
  readonly assets: Amount;
  readonly liabilities: Amount;
  readonly equity: Amount;
  readonly result: Amount;
  readonly comparedResult: Amount | null;
  readonly results: readonly Amount[];
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
  const both = sumOf([shown.liabilities, shown.equity], currency);
  const columns = shown.results.map((result, index) => sumOf([...topSum(others, index), result], currency));
  const isWide = columns.length > 0;
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
    {
      ...line("result", words.statement.yearResult, isWide ? [...shown.results, shown.result] : [shown.result, shown.comparedResult]),
      isTotal: false,
      part: "result",
      to: resultPath(shown),
    },
    line("both", words.statement.totalBoth, isWide ? [...columns, both] : [both, compared]),
  ];
}

function columnsOf(shown: BalanceSheet, asKnownAt: string | undefined): readonly StatementColumn[] {
  const own: StatementColumn = {
    name: "amount",
    title: words.balance,
    note: dayText(shown.asOf),
    to: (account) => linesPath(account, shown.yearStart, shown.asOf),
    explain: explainedIn("balanceSheet", { to: shown.asOf, asKnownAt }),
  };
  if (shown.columns.length > 0) {
    // The last column is the day itself; it stands once.
    return [...shown.columns.slice(0, -1), shown.asOf].map((day) => ({
      name: day,
      title: dayText(day),
      explain: explainedIn("balanceSheet", { to: day, asKnownAt }),
    }));
  }
  const { comparedTo } = shown;
  if (!comparedTo) return [own];
  const before: StatementColumn = {
    name: "before",
    short: words.statement.earlier,
    title: words.balance,
    note: dayText(comparedTo),
    isQuiet: true,
    to: (account) => linesPath(account, dayBefore(comparedTo as Day, "previousYear"), comparedTo),
    explain: explainedIn("balanceSheet", { to: comparedTo, asKnownAt }),
  };
  return [own, before, ...changeColumns];
}

/** Where month-ends are shown the day itself is the last of them, so it is left out of the whole. */
const withoutDouble = (lines: readonly StatementLine[], isWide: boolean): readonly StatementLine[] =>
  isWide ? lines.map((line) => ({ ...line, amounts: [...line.amounts.slice(0, -2), line.amounts.at(-1) ?? null] })) : lines;

function Shown({ shown, asKnownAt }: { shown: BalanceSheet; asKnownAt: string | undefined }) {
  const lines = useMemo(() => withoutDouble(linesOf(shown), shown.columns.length > 0), [shown]);
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
      <StatementTable label={words.statement.balanceSheet} currency={shown.currency} columns={columnsOf(shown, asKnownAt)} lines={lines} />
    </>
  );
}

export default function BalanceSheetScreen() {
  const today = useToday();
  const { asOf = today, compare, comparedTo: given, columns, asKnownAt } = useQueryFields();
  const months = columns === "six" ? 6 : columns === "twelve" ? 12 : undefined;
  const isNamed = compare === "previousYear" || compare === "previousMonth";
  const beside = isNamed ? dayBefore(asOf as Day, compare) : given;
  const asked = { asOf, comparedTo: months ? undefined : beside, months, asKnownAt };
  const found = useOperation<BalanceSheet>(name, asked, { keep: true });
  return (
    <StatementScreen
      name={name}
      title={words.statement.balanceSheet}
      does={words.statement.balanceSheetDoes}
      asked={asked}
      found={found}
      tools={
        <>
          <AsOfControls />
          <ChoiceControl
            name="columns"
            label={reportWords.columns.label}
            choices={[
              ["only", reportWords.columns.only],
              ["six", reportWords.columns.six],
              ["twelve", reportWords.columns.twelve],
            ]}
          />
          {!months && <CompareControl names={["nothing", "previousYear", "previousMonth"]} />}
          <KnownControl />
        </>
      }
    >
      {(shown) => <Shown shown={shown} asKnownAt={asKnownAt} />}
    </StatementScreen>
  );
}
