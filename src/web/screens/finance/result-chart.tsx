// The results of months as bars. Numbers here are for drawing only; the exact amounts stand in the tooltip and the table.
import { locale } from "../../kit/format.ts";
import { BarChart } from "@mantine/charts";
import "@mantine/charts/styles.layer.css";
import { moneyText, useGo } from "../../kit/index.ts";
import { words } from "./book-words.ts";
import type { Range } from "./range.rules.ts";
import type { MonthResult } from "./result-by-month.tsx";

const short = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });

interface ResultChartProps {
  readonly months: readonly MonthResult[];
  readonly pathOf: (range: Range) => string;
}

function Tip({ month }: { month: MonthResult | undefined }) {
  if (!month) return null;
  return (
    <div className="hw-charttip">
      <strong>{month.title}</strong>
      {(["income", "expense", "result"] as const).map((part) => (
        <span key={part} className="hw-number">
          {words.statement[part]} <b>{moneyText(month.found[part])}</b>
        </span>
      ))}
    </div>
  );
}

export default function ResultChart({ months, pathOf }: ResultChartProps) {
  const go = useGo();
  const drawn = months.map((month) => ({ month: month.title, result: Number(month.found.result.amount) }));
  const of = (title: unknown): MonthResult | undefined => months.find((month) => month.title === title);
  return (
    <div aria-hidden className="hw-chart">
      <BarChart
        h={240}
        data={drawn}
        dataKey="month"
        series={[{ name: "result", color: "heartwood.6" }]}
        getBarColor={(value) => (value < 0 ? "red.6" : "heartwood.6")}
        valueFormatter={(value) => short.format(value)}
        withLegend={false}
        referenceLines={[{ y: 0, color: "gray.6" }]}
        tooltipAnimationDuration={0}
        tooltipProps={{ content: ({ label }) => <Tip month={of(label)} /> }}
        barChartProps={{
          accessibilityLayer: false,
          onClick: ({ activeLabel }) => {
            const month = of(activeLabel);
            if (month) go(pathOf(month));
          },
        }}
        barProps={{ isAnimationActive: false, maxBarSize: 44, cursor: "pointer" }}
      />
    </div>
  );
}
