// Week by week: as lines, and as a table for whoever reads figures or uses no screen.
import { SegmentedControl } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { DayText, Loaded, LoadingLines, Section, useOperation, useCalled } from "../../../kit/index.ts";
import type { Figures } from "./efficiency.ts";
import { columnsOfTable } from "./table.tsx";
import { efficiencyWords as words } from "./words.ts";

const TrendChart = lazy(() => import("./trend-chart.tsx"));

const columns = columnsOfTable<Figures>([
  [words.arrived, (row) => row.arrived],
  [words.finished, (row) => row.finished],
  [words.lead, (row) => words.hours(row.leadHours)],
  [words.onTime, (row) => words.percent(row.onTimePercent)],
]);

const weekTable = (weeks: readonly Figures[]) =>
  columns.table(
    words.trend,
    weeks,
    (row) => row.name,
    (row) => <DayText value={row.name} />,
  );

export function Trend({ by, name, until }: { by: string; name: string; until: string }) {
  const called = useCalled();
  const [as, setAs] = useState("chart");
  const found = useOperation<{ rows: readonly Figures[] }>("office.efficiency.trend", { by, until, ...(name && { name }) }, { keep: true });
  return (
    <Section
      title={name ? `${words.trend}: ${called(name)}` : words.trend}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={words.trendHow}
          value={as}
          onChange={setAs}
          data={[
            { value: "chart", label: words.asChart },
            { value: "table", label: words.asTable },
          ]}
        />
      }
    >
      <Loaded query={found} lines={6}>
        {({ rows }) =>
          as === "table" ? (
            weekTable(rows)
          ) : (
            <Suspense fallback={<LoadingLines lines={6} />}>
              <TrendChart weeks={rows} />
              <div className="hw-hidden">{weekTable(rows)}</div>
            </Suspense>
          )
        }
      </Loaded>
    </Section>
  );
}
