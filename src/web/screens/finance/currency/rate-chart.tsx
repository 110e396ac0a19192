// Rates of a pair as a line. Numbers here are for drawing only; the rates stand in the table.
import { LineChart } from "@mantine/charts";
import "@mantine/charts/styles.layer.css";
import { dayText } from "../../../kit/index.ts";
import { locale } from "../../../kit/format.ts";

export interface RatePoint {
  readonly day: string;
  readonly rate: string;
}

const short = new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 });

/** A little air above and below, so that the line is not pressed to the frame. */
function domainOf(rates: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...rates), Math.max(...rates)];
  const air = (high - low || high || 1) * 0.08;
  return [low - air, high + air];
}

export default function RateChart({ points, name }: { points: readonly RatePoint[]; name: string }) {
  const drawn = points.map(({ day, rate }) => ({ title: dayText(day), rate: Number(rate), text: rate }));
  return (
    <div aria-hidden className="hw-chart">
      <LineChart
        h={240}
        data={drawn}
        dataKey="title"
        series={[{ name: "rate", label: name, color: "heartwood.6" }]}
        curveType="linear"
        withDots={drawn.length < 40}
        valueFormatter={(value) => short.format(value)}
        yAxisProps={{ domain: domainOf(drawn.map((one) => one.rate)), width: 60 }}
        tooltipAnimationDuration={0}
        xAxisProps={{ minTickGap: 28 }}
        lineChartProps={{ accessibilityLayer: false }}
        lineProps={{ isAnimationActive: false }}
      />
    </div>
  );
}
