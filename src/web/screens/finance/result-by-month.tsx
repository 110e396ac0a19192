// The result of each of twelve months: as bars, and as a table for whoever reads figures or uses no screen.
import { SegmentedControl } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import type { Day } from "../../../kernel/day.ts";
import { AppLink, LoadingLines, ProblemAlert, Section, useOperation } from "../../kit/index.ts";
import { useInView } from "../../kit/in-view.ts";
import { queryText } from "../../kit/query.ts";
import { words } from "./book-words.ts";
import { monthText } from "./month-text.ts";
import type { ProfitAndLoss } from "./profit-and-loss.tsx";
import { monthsUntil, type Range } from "./range.rules.ts";
import type { Narrowed } from "./statement-parts.tsx";
import { AmountShown } from "./statement-table.tsx";

const ResultChart = lazy(() => import("./result-chart.tsx"));

export interface MonthResult extends Range {
  readonly title: string;
  readonly found: ProfitAndLoss["sums"][number];
}

const name = "finance.profitAndLoss.get";

/** Twelve months in one question. */
function useMonths(until: string, narrowed: Narrowed, enabled: boolean) {
  const ranges = monthsUntil(until as Day);
  const asked = { from: ranges[0]!.from, to: ranges.at(-1)!.to, by: "month", ...narrowed };
  const found = useOperation<ProfitAndLoss>(name, asked, { enabled, keep: true });
  const months = found.data?.sums.flatMap((sums, index): MonthResult[] => {
    const range = ranges[index];
    return range ? [{ ...range, title: monthText(range.from), found: sums }] : [];
  });
  return { problem: found.error, months, currency: found.data?.currency, retry: () => void found.refetch() };
}

const pathOf = ({ from, to }: Range): string =>
  `/finance/profit-and-loss${queryText([
    ["from", from],
    ["to", to],
  ])}`;

function MonthTable({ months }: { months: readonly MonthResult[] }) {
  const columns = ["income", "expense", "result"] as const;
  return (
    <table className="hw-statement-table hw-months" data-columns={3} aria-label={words.months.title}>
      <thead>
        <tr>
          <th scope="col">{words.months.month}</th>
          {columns.map((column) => (
            <th key={column} scope="col" data-right>
              {words.statement[column]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {months.map((month) => (
          <tr key={month.from}>
            <th scope="row">
              <AppLink to={pathOf(month)}>{month.title}</AppLink>
            </th>
            {columns.map((column) => (
              <td key={column} data-title={words.statement[column]}>
                <AmountShown amount={month.found[column]} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export default function ResultByMonth({ until, ...narrowed }: { until: string } & Narrowed) {
  const [mark, seen] = useInView<HTMLDivElement>();
  const [as, setAs] = useState("chart");
  const { months, problem, currency, retry } = useMonths(until, narrowed, seen);
  return (
    <Section
      title={words.months.title}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={words.months.how}
          value={as}
          onChange={setAs}
          data={[
            { value: "chart", label: words.months.asChart },
            { value: "table", label: words.months.asTable },
          ]}
        />
      }
    >
      <div ref={mark} className="hw-months-box">
        {problem && <ProblemAlert problem={problem} retry={retry} />}
        {!problem && !months && <LoadingLines lines={6} />}
        {months && as === "table" && <MonthTable months={months} />}
        {months && as === "chart" && (
          <Suspense fallback={<LoadingLines lines={6} />}>
            <p className="hw-dim hw-small">{words.months.says(currency ?? "")}</p>
            <ResultChart months={months} pathOf={pathOf} />
            <div className="hw-hidden">
              <MonthTable months={months} />
            </div>
          </Suspense>
        )}
      </div>
    </Section>
  );
}
