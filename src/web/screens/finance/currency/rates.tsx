// Rates of other currencies: one pair over time as a line, and the list as it was told.
import { Button, NativeSelect, SegmentedControl } from "@mantine/core";
import { lazy, Suspense } from "react";
import {
  AppLink,
  DataTable,
  dayText,
  EmptyState,
  Figure,
  Loaded,
  LoadingLines,
  PageHeader,
  registerPath,
  RunButton,
  Section,
  type TableColumn,
  usePage,
  useRows,
} from "../../../kit/index.ts";
import { useQueryFields, useSetQueryFields } from "../../../kit/query-state.ts";
import "../finance.css";
import "./currency.css";
import { compareRates, shownRate, turned } from "./rates.rules.ts";
import { words } from "./words.ts";

const RateChart = lazy(() => import("./rate-chart.tsx"));
const say = words.rates;
const kinds = ["spot", "average", "closing"] as const;

type RateRow = {
  readonly id: string;
  readonly day: string;
  readonly kind: string;
  readonly base: string;
  readonly currency: string;
  readonly rate: string;
  readonly source: string;
  readonly enteredBy: string;
};

const pairOf = (row: RateRow): string => `${row.base}/${row.currency}`;

function columnsFor(isTurned: boolean): readonly TableColumn<RateRow>[] {
  return [
    { name: "day", title: say.day, main: true, width: 130, cell: (row) => dayText(row.day) },
    {
      name: "rate",
      title: say.rate,
      right: true,
      width: 150,
      cell: (row) => <span className="hw-number">{shownRate(isTurned ? turned(row.rate) : row.rate)}</span>,
    },
    { name: "source", title: say.source, width: 220, cell: (row) => row.source },
    { name: "by", title: say.by, width: 180, cell: (row) => row.enteredBy },
  ];
}

function Pair({ pair, kind, isTurned }: { pair: string; kind: string; isTurned: boolean }) {
  const [base = "", currency = ""] = pair.split("/");
  const found = useRows<RateRow>("finance.exchangeRate", { filter: { base, currency, kind }, sort: "-day", limit: 200 });
  if (!found.rows) return <Loaded query={{ ...found, data: undefined }}>{() => null}</Loaded>;
  const rows = found.rows;
  const points = rows.map((row) => ({ day: row.day, rate: isTurned ? turned(row.rate) : row.rate }));
  const [latest] = points;
  const ranked = points.toSorted((a, b) => compareRates(a.rate, b.rate));
  const name = isTurned ? say.one(currency, base) : say.one(base, currency);
  if (!latest) return <EmptyState icon="finance" title={say.emptyPair} says={say.emptyPairSays} />;
  return (
    <>
      <div className="hw-figures hw-figures-broad">
        <Figure title={`${say.latest}: ${name}`} value={shownRate(latest.rate)} note={say.of(dayText(latest.day))} />
        <Figure title={say.lowest} value={shownRate(ranked[0]!.rate)} note={say.of(dayText(ranked[0]!.day))} />
        <Figure title={say.highest} value={shownRate(ranked.at(-1)!.rate)} note={say.of(dayText(ranked.at(-1)!.day))} />
      </div>
      {points.length > 1 && (
        <Section title={say.chart(name)}>
          <Suspense fallback={<LoadingLines lines={6} />}>
            <RateChart points={points.toReversed()} name={name} />
          </Suspense>
        </Section>
      )}
      <Section title={say.list} count={found.count ?? undefined}>
        <DataTable label={say.list} rows={rows} columns={columnsFor(isTurned)} onEnd={found.more} />
      </Section>
    </>
  );
}

export default function RatesScreen() {
  const { pair, kind = "spot", turned: isTurned } = useQueryFields();
  const change = useSetQueryFields();
  // The latest days name every pair that is kept up to date.
  const latest = usePage<RateRow>("finance.exchangeRate", { sort: "-day", limit: 500 });
  return (
    <>
      <PageHeader
        title={say.title}
        does={say.does}
        crumbs={[{ title: words.finance, to: "/m/finance" }]}
        actions={
          <>
            <RunButton operation="finance.exchangeRate.import" variant="default">
              {say.import}
            </RunButton>
            <RunButton operation="finance.exchangeRate.set">{say.enter}</RunButton>
          </>
        }
      />
      <Loaded query={latest} lines={10}>
        {({ rows }) => {
          const pairs = [...new Set(rows.map(pairOf))].toSorted();
          const shown = pair && pairs.includes(pair) ? pair : pairs[0];
          if (!shown) return <EmptyState icon="finance" title={say.empty} says={say.emptySays} />;
          return (
            <>
              <div className="hw-tool-line hw-rate-tools">
                <NativeSelect
                  label={say.pair}
                  value={shown}
                  data={pairs}
                  onChange={(event) => change({ pair: event.currentTarget.value })}
                />
                <SegmentedControl
                  aria-label={say.kind}
                  value={kind}
                  onChange={(chosen) => change({ kind: chosen === "spot" ? undefined : chosen })}
                  data={kinds.map((value) => ({ value, label: say.kinds[value]! }))}
                />
                <Button
                  variant={isTurned ? "light" : "default"}
                  aria-pressed={Boolean(isTurned)}
                  onClick={() => change({ turned: isTurned ? undefined : "yes" })}
                >
                  {say.inverse}
                </Button>
                <AppLink to={registerPath("finance.exchangeRate")}>{say.all}</AppLink>
              </div>
              <div className="hw-report">
                <Pair pair={shown} kind={kind} isTurned={Boolean(isTurned)} />
              </div>
            </>
          );
        }}
      </Loaded>
    </>
  );
}
