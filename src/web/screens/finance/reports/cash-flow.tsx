// The cash flow statement: from the result or from the bank accounts, each activity with its sum, and the proof against the cash accounts.
import { useMemo } from "react";
import { amountText, EmptyState, Figure, useOperation } from "../../../kit/index.ts";
import { useQueryFields } from "../../../kit/query-state.ts";
import { words as bookWords } from "../book-words.ts";
import { type Amount, isNothing, type StatementLine } from "../statement.rules.ts";
import { changeColumns, ChoiceControl, CompareControl, KnownControl, Proof, RangeControls, rangeWords } from "../statement-parts.tsx";
import { StatementScreen } from "../statement-screen.tsx";
import { type StatementColumn, StatementTable } from "../statement-table.tsx";
import type { ExplainAsked } from "./explain-parts.tsx";
import { words } from "./words.ts";

const say = words.cashFlow;
const name = "finance.cashFlow.get";
const activities = ["operating", "investing", "financing"] as const;

type Sums = Readonly<Record<(typeof activities)[number] | "change" | "opening" | "closing", Amount>>;

interface CashFlow {
  readonly from: string;
  readonly to: string;
  readonly comparedFrom: string | null;
  readonly comparedTo: string | null;
  readonly currency: string;
  readonly rows: readonly {
    readonly activity: (typeof activities)[number];
    readonly kind: keyof typeof say.kinds;
    readonly accountId: string | null;
    readonly account: string;
    readonly amount: Amount;
    readonly compared: Amount | null;
  }[];
  readonly sums: Sums;
  readonly comparedSums: Sums | null;
  readonly difference: Amount;
}

function linesOf(shown: CashFlow): readonly StatementLine[] {
  const sum = (key: keyof Sums, title: string, isTotal: boolean): StatementLine => ({
    key,
    name: title,
    level: 0,
    isGroup: !isTotal,
    isTotal,
    part: isTotal ? undefined : key,
    amounts: [shown.sums[key], shown.comparedSums?.[key] ?? null],
  });
  const rowsOf = (activity: (typeof activities)[number]): readonly StatementLine[] =>
    shown.rows
      .filter((row) => row.activity === activity)
      .map((row) => ({
        key: `${row.kind} ${row.accountId ?? "result"}`,
        name: `${row.account}${say.kinds[row.kind]}`,
        level: 1,
        isGroup: false,
        amounts: [row.amount, row.compared],
      }));
  return [
    ...activities.flatMap((activity) => {
      const rows = rowsOf(activity);
      return rows.length > 0 ? [sum(activity, say.activities[activity], false), ...rows] : [];
    }),
    sum("change", say.change, true),
    sum("opening", say.opening, true),
    sum("closing", say.closing, true),
  ];
}

/** A row is asked by its account; the result by its own statement, and a sum of one method is explained by that method. */
function explainedBy(isDirect: boolean, range: ExplainAsked) {
  return (line: StatementLine): ExplainAsked | undefined => {
    const report = isDirect ? "directCashFlow" : "cashFlow";
    if (line.isTotal) return undefined;
    if (line.part) return isDirect ? { report, part: line.part, ...range } : undefined;
    const [kind, accountId] = line.key.split(" ");
    if (kind === "result") return { report: "profitAndLoss", part: "result", ...range };
    return { report: kind === "adjustment" ? "profitAndLoss" : report, accountId, ...range };
  };
}

function columnsOf(shown: CashFlow, isDirect: boolean, asKnownAt: string | undefined): readonly StatementColumn[] {
  const column = (key: string, from: string, to: string): StatementColumn => ({
    name: key,
    title: say.amount,
    note: rangeWords(from, to),
    explain: explainedBy(isDirect, { from, to, asKnownAt }),
  });
  const own = column("amount", shown.from, shown.to);
  const { comparedFrom, comparedTo } = shown;
  if (!comparedFrom || !comparedTo) return [own];
  return [own, { ...column("before", comparedFrom, comparedTo), short: bookWords.statement.earlier, isQuiet: true }, ...changeColumns];
}

function Shown({ shown, isDirect, asKnownAt }: { shown: CashFlow; isDirect: boolean; asKnownAt: string | undefined }) {
  const lines = useMemo(() => linesOf(shown), [shown]);
  if (shown.rows.length === 0) {
    return <EmptyState icon="finance" title={bookWords.statement.empty} says={bookWords.statement.emptySays} />;
  }
  const holds = isNothing(shown.difference);
  const money = (amount: Amount): string => `${amountText(amount.amount)} ${amount.currency}`;
  return (
    <>
      <div className="hw-figures hw-figures-broad">
        {activities.map((activity) => (
          <Figure key={activity} title={say.activities[activity]} value={shown.sums[activity]} />
        ))}
        <Figure title={say.closing} value={shown.sums.closing} />
      </div>
      <Proof holds={holds} says={holds ? say.agrees(money(shown.sums.change)) : say.differs(money(shown.difference))} />
      <StatementTable label={say.title} currency={shown.currency} columns={columnsOf(shown, isDirect, asKnownAt)} lines={lines} />
    </>
  );
}

export default function CashFlowScreen() {
  const { from, to, compare: beside, method, asKnownAt } = useQueryFields();
  const isDirect = method === "direct";
  const compare = beside === "previousYear" || beside === "previousPeriod" ? beside : undefined;
  const asked = { from, to, compare, method: isDirect ? "direct" : undefined, asKnownAt };
  const found = useOperation<CashFlow>(name, asked, { keep: true });
  return (
    <StatementScreen
      name={name}
      title={say.title}
      does={say.does}
      asked={asked}
      found={found}
      tools={
        <>
          <RangeControls shown={found.data ?? {}} />
          <ChoiceControl
            name="method"
            label={say.method}
            choices={[
              ["indirect", say.indirect],
              ["direct", say.direct],
            ]}
          />
          <CompareControl names={["nothing", "previousYear", "previousPeriod"]} />
          <KnownControl />
        </>
      }
    >
      {(shown) => <Shown shown={shown} isDirect={isDirect} asKnownAt={asKnownAt} />}
    </StatementScreen>
  );
}
