// The weeks as lines: how long it took, and how much arrived and was finished. The exact figures stand in the table beside it.
import { BarChart, LineChart } from "@mantine/charts";
import "@mantine/charts/styles.layer.css";
import type { Figures } from "./efficiency.ts";
import { efficiencyWords as words } from "./words.ts";

export default function TrendChart({ weeks }: { weeks: readonly Figures[] }) {
  const drawn = weeks.map((week) => ({
    week: week.name,
    [words.lead]: week.leadHours,
    [words.arrived]: week.arrived,
    [words.finished]: week.finished,
  }));
  const still = { isAnimationActive: false };
  return (
    <div aria-hidden className="hw-chart">
      <LineChart
        h={200}
        data={drawn}
        dataKey="week"
        series={[{ name: words.lead, color: "heartwood.6" }]}
        valueFormatter={(value) => words.days(value)}
        withLegend
        tooltipAnimationDuration={0}
        lineChartProps={{ accessibilityLayer: false }}
        lineProps={still}
      />
      <BarChart
        h={160}
        data={drawn}
        dataKey="week"
        series={[
          { name: words.arrived, color: "gray.5" },
          { name: words.finished, color: "heartwood.6" },
        ]}
        withLegend
        tooltipAnimationDuration={0}
        barChartProps={{ accessibilityLayer: false }}
        barProps={{ ...still, maxBarSize: 28 }}
      />
    </div>
  );
}
