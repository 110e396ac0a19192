// Cash as a line: what was, and dashed what is expected. Numbers here are for drawing only; the amounts stand in the tooltip and the
// tables.
import { LineChart } from "@mantine/charts";
import "@mantine/charts/styles.layer.css";
import { locale } from "../../../kit/format.ts";
import { dayText, moneyText } from "../../../kit/index.ts";
import type { Amount } from "../statement.rules.ts";
import type { CashForecast } from "./cash.tsx";
import { words } from "./words.ts";

const say = words.cash;
const short = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });

interface Point {
  readonly day: string;
  readonly amount: Amount;
  readonly was?: number;
  readonly expected?: number;
}

function pointsOf(shown: CashForecast): readonly Point[] {
  const history = shown.history.map(({ day, total }): Point => ({ day, amount: total, was: Number(total.amount) }));
  const now = history.at(-1);
  return [
    ...history.slice(0, -1),
    ...(now ? [{ ...now, expected: now.was }] : []),
    ...shown.rows.map(({ to, balance }): Point => ({ day: to, amount: balance, expected: Number(balance.amount) })),
  ];
}

function Tip({ point }: { point: Point | undefined }) {
  if (!point) return null;
  return (
    <div className="hw-charttip">
      <strong>{dayText(point.day)}</strong>
      <span className="hw-number">
        {point.was === undefined ? say.expected : say.balanceName} <b>{moneyText(point.amount)}</b>
      </span>
    </div>
  );
}

export default function CashChart({ shown }: { shown: CashForecast }) {
  const points = pointsOf(shown);
  return (
    <div aria-hidden className="hw-chart">
      <LineChart
        h={260}
        data={points.map((point) => ({ ...point, title: dayText(point.day) }))}
        dataKey="title"
        series={[
          { name: "was", label: say.balanceName, color: "heartwood.6" },
          { name: "expected", label: say.expected, color: "heartwood.4", strokeDasharray: "5 5" },
        ]}
        curveType="linear"
        withLegend
        legendProps={{ verticalAlign: "bottom" }}
        withDots={false}
        valueFormatter={(value) => short.format(value)}
        referenceLines={[{ y: 0, color: "gray.6" }]}
        tooltipAnimationDuration={0}
        tooltipProps={{ content: ({ label }) => <Tip point={points.find((point) => dayText(point.day) === label)} /> }}
        xAxisProps={{ minTickGap: 28 }}
        lineChartProps={{ accessibilityLayer: false }}
        lineProps={{ isAnimationActive: false }}
      />
    </div>
  );
}
