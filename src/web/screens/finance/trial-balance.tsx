// The trial balance: every account under its groups with opening, turnover and closing, and the proof that debit equals credit.
import { useMemo } from "react";
import type { Day } from "../../../kernel/day.ts";
import { amountText, dayText, EmptyState, Loaded, useOperation, useToday } from "../../kit/index.ts";
import { useQueryFields } from "../../kit/query-state.ts";
import { words } from "./book-words.ts";
import { type AccountRow, useChart } from "./choices.ts";
import { dayBefore } from "./range.rules.ts";
import { type Amount, type StatementLine, treeOf } from "./statement.rules.ts";
import {
  AsOfControls,
  CompareControl,
  explainedIn,
  KnownControl,
  linesPath,
  NarrowControls,
  type Narrowed,
  Proof,
  useNarrowed,
} from "./statement-parts.tsx";
import { StatementScreen } from "./statement-screen.tsx";
import { type StatementColumn, StatementTable } from "./statement-table.tsx";

interface TrialBalance {
  readonly asOf: string;
  readonly yearStart: string;
  readonly currency: string;
  readonly rows: readonly TrialRow[];
  readonly totals: { readonly opening: Amount; readonly debit: Amount; readonly credit: Amount; readonly closing: Amount };
}

interface TrialRow {
  readonly accountId: string;
  readonly opening: Amount;
  readonly debit: Amount;
  readonly credit: Amount;
  readonly closing: Amount;
}

const name = "finance.trialBalance.get";
const sides = ["opening", "debit", "credit", "closing"] as const;

function linesOf(chart: readonly AccountRow[], shown: TrialBalance, before: TrialBalance | undefined): readonly StatementLine[] {
  const nothing = { amount: "0.00", currency: shown.currency };
  const earlier = new Map(before?.rows.map((row) => [row.accountId, row.closing]));
  const later = new Map(shown.rows.map((row) => [row.accountId, row]));
  const ids = new Set([...later.keys(), ...earlier.keys()]);
  const amounts = new Map(
    [...ids].map((id) => {
      const row = later.get(id);
      const own = sides.map((side) => row?.[side] ?? nothing);
      return [id, before ? [...own, earlier.get(id) ?? nothing] : own];
    }),
  );
  const total = sides.map((side) => shown.totals[side]);
  const totals: StatementLine = {
    key: "total",
    name: words.total,
    level: 0,
    isGroup: false,
    isTotal: true,
    amounts: before ? [...total, before.totals.closing] : total,
  };
  return [...treeOf(chart, amounts, shown.currency), totals];
}

function columnsOf(shown: TrialBalance, before: TrialBalance | undefined, narrowed: Narrowed): readonly StatementColumn[] {
  const to = (account: StatementLine): string => linesPath(account, shown.yearStart, shown.asOf, narrowed);
  const explain = explainedIn("trialBalance", { from: shown.yearStart, to: shown.asOf, ...narrowed });
  const column = (side: (typeof sides)[number], title: string, note?: string): StatementColumn => ({ name: side, title, note, to });
  return [
    column("opening", words.statement.opening, dayText(shown.yearStart)),
    column("debit", words.debit),
    column("credit", words.credit),
    { ...column("closing", words.statement.closing, dayText(shown.asOf)), explain },
    ...(before
      ? [
          {
            name: "before",
            short: words.statement.earlier,
            title: words.statement.closing,
            note: dayText(before.asOf),
            isQuiet: true,
            to: (account: StatementLine) => linesPath(account, before.yearStart, before.asOf, narrowed),
            explain: explainedIn("trialBalance", { from: before.yearStart, to: before.asOf, ...narrowed }),
          },
        ]
      : []),
  ];
}

interface ShownProps {
  readonly chart: readonly AccountRow[];
  readonly shown: TrialBalance;
  readonly before: TrialBalance | undefined;
  readonly narrowed: Narrowed;
}

function Shown({ chart, shown, before, narrowed }: ShownProps) {
  const lines = useMemo(() => linesOf(chart, shown, before), [chart, shown, before]);
  const { debit, credit } = shown.totals;
  const isEqual = debit.amount === credit.amount;
  if (lines.length < 2) return <EmptyState icon="finance" title={words.statement.empty} says={words.statement.emptySays} />;
  return (
    <>
      <Proof
        holds={isEqual}
        says={
          isEqual
            ? words.statement.equalTurnover(`${amountText(debit.amount)} ${debit.currency}`)
            : words.statement.unequalTurnover(amountText(debit.amount), amountText(credit.amount))
        }
      />
      <StatementTable
        label={words.statement.trialBalance}
        currency={shown.currency}
        columns={columnsOf(shown, before, narrowed)}
        lines={lines}
      />
    </>
  );
}

export default function TrialBalanceScreen() {
  const today = useToday();
  const { asOf = today, compare } = useQueryFields();
  const narrowed = useNarrowed();
  const chart = useChart();
  const asked = { asOf, ...narrowed };
  const found = useOperation<TrialBalance>(name, asked, { keep: true });
  const isCompared = compare === "previousYear" || compare === "previousMonth";
  const earlier = isCompared ? dayBefore(asOf as Day, compare) : undefined;
  const before = useOperation<TrialBalance>(name, { ...asked, asOf: earlier }, { enabled: isCompared, keep: true });
  return (
    <StatementScreen
      name={name}
      title={words.statement.trialBalance}
      does={words.statement.trialBalanceDoes}
      asked={asked}
      found={{ ...found, isFetching: found.isFetching || before.isFetching }}
      tools={
        <>
          <AsOfControls />
          <CompareControl names={["nothing", "previousYear", "previousMonth"]} />
          <NarrowControls />
          <KnownControl />
        </>
      }
    >
      {(shown) => (
        <Loaded query={chart} lines={14}>
          {(accounts) => <Shown chart={accounts} shown={shown} before={isCompared ? before.data : undefined} narrowed={narrowed} />}
        </Loaded>
      )}
    </StatementScreen>
  );
}
