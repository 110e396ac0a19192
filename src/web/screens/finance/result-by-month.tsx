// The result of each of twelve months: as bars, and as a table for whoever reads figures or uses no screen.
import { locale } from "../../kit/format.ts";
import { SegmentedControl } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import type { Day } from "../../../kernel/day.ts";
import { type Problem, readOperation } from "../../client.ts";
import { AppLink, LoadingLines, ProblemAlert, Section, useCatalogue } from "../../kit/index.ts";
import { useInView } from "../../kit/in-view.ts";
import { operationOf } from "../../kit/operation.ts";
import { queryText } from "../../kit/query.ts";
import { words } from "./book-words.ts";
import type { ProfitAndLoss } from "./profit-and-loss.tsx";
import { monthsUntil, type Range } from "./range.rules.ts";
import { AmountShown } from "./statement-table.tsx";

const ResultChart = lazy(() => import("./result-chart.tsx"));

export interface MonthResult extends Range {
  readonly title: string;
  readonly found: ProfitAndLoss;
}

const monthFormat = new Intl.DateTimeFormat(locale, { month: "short", year: "2-digit", timeZone: "UTC" });
const monthText = (day: Day): string => monthFormat.format(new Date(`${day}T00:00:00Z`));

const name = "finance.profitAndLoss.get";

function useMonths(until: string, unitId: string | undefined, enabled: boolean) {
  const catalogue = useCatalogue();
  const ranges = monthsUntil(until as Day);
  const found = useQueries({
    queries: ranges.map(({ from, to }) => {
      const input = { from, to, ...(unitId ? { unitId } : {}) };
      return {
        queryKey: ["operation", name, input],
        queryFn: ({ signal }: { signal: AbortSignal }) => readOperation<ProfitAndLoss>(operationOf(catalogue, name), input, signal),
        enabled,
      };
    }),
  });
  const problem = found.find((one) => one.error)?.error as Problem | undefined;
  const months = ranges.flatMap((range, index): MonthResult[] => {
    const own = found[index]?.data;
    return own ? [{ ...range, title: monthText(range.from), found: own }] : [];
  });
  return { problem, months: months.length === ranges.length ? months : undefined, retry: () => found.forEach((one) => void one.refetch()) };
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

export default function ResultByMonth({ until, unitId }: { until: string; unitId: string | undefined }) {
  const [mark, seen] = useInView<HTMLDivElement>();
  const [as, setAs] = useState("chart");
  const { months, problem, retry } = useMonths(until, unitId, seen);
  const currency = months?.[0]?.found.currency;
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
