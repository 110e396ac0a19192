// Ageing of all customers or all suppliers: who owes what, for how long, the most first; each line leads to the account.
import { NativeSelect } from "@mantine/core";
import {
  amountText,
  AppLink,
  DataTable,
  EmptyState,
  Loaded,
  PageHeader,
  type TableColumn,
  useGo,
  useOperation,
  useToday,
} from "../../kit/index.ts";
import { useQueryFields, useSetQueryFields } from "../../kit/query-state.ts";
import { type Ageing, AgeingBars, buckets } from "./ageing-bars.tsx";
import { words } from "./book-words.ts";
import "./finance.css";
import { moneyOf } from "./statement.rules.ts";
import { queryText } from "../../kit/query.ts";
import { Explained } from "./reports/explain-parts.tsx";
import { ExplainPanel } from "./reports/explain-panel.tsx";
import { AsOfControls, ExportMenu, KnownControl, Tools } from "./statement-parts.tsx";

const say = words.ageing;
const name = "finance.ageing.get";

type Side = "receivable" | "payable";

interface AgeingRow extends Ageing {
  readonly partyId: string;
  readonly party: string;
}

interface AllAges {
  readonly asOf: string;
  readonly currency: string;
  readonly rows: readonly AgeingRow[];
  readonly totals: Ageing;
}

type Shown = AgeingRow & { readonly id: string };

interface Then {
  readonly asOf: string;
  readonly asKnownAt: string | undefined;
}

const pathOf = (side: Side, partyId: string, then: Then): string =>
  `/finance/${side === "payable" ? "supplier" : "customer"}-account${queryText([["partyId", partyId], ...Object.entries(then)])}`;

/** How the sum of one party lies in the buckets; drawn only, the amounts stand beside it. */
function Share({ row }: { row: AgeingRow }) {
  const sizes = buckets.map((bucket) => Math.max(0, Number(row[bucket].amount)));
  const all = sizes.reduce((sum, size) => sum + size, 0) || 1;
  return (
    <span className="hw-ageing-share" aria-hidden>
      {buckets.map((bucket, index) => (
        <span key={bucket} data-bucket={bucket} style={{ width: `${((sizes[index] ?? 0) / all) * 100}%` }} />
      ))}
    </span>
  );
}

const shown = (amount: Ageing["total"]) => (
  <span data-zero={/^-?[0.]+$/.test(amount.amount) || undefined}>{amountText(amount.amount)}</span>
);

function columnsFor(side: Side, then: Then): readonly TableColumn<Shown>[] {
  const explained = (row: Shown, bucket?: (typeof buckets)[number]) => (
    <Explained
      asked={{ report: "ageing", direction: side, partyId: row.partyId, bucket, to: then.asOf, asKnownAt: then.asKnownAt }}
      name={row.party}
      column={bucket ? words.partyAccount.buckets[bucket] : words.total}
    >
      {shown(row[bucket ?? "total"])}
    </Explained>
  );
  return [
    {
      name: "party",
      title: say.partyTitle[side],
      main: true,
      width: 230,
      cell: (row) => <AppLink to={pathOf(side, row.partyId, then)}>{row.party}</AppLink>,
    },
    { name: "total", title: words.total, right: true, width: 130, cell: (row) => explained(row) },
    ...buckets.map((bucket) => ({
      name: bucket,
      title: words.partyAccount.buckets[bucket],
      right: true,
      width: 118,
      isEmpty: (row: Shown) => moneyOf(row[bucket]).minor === 0n,
      cell: (row: Shown) => explained(row, bucket),
    })),
    { name: "share", title: say.share, width: 120, isEmpty: () => true, cell: (row) => <Share row={row} /> },
  ];
}

function Parties({ side, ages, asKnownAt }: { side: Side; ages: AllAges; asKnownAt: string | undefined }) {
  const go = useGo();
  const then = { asOf: ages.asOf, asKnownAt };
  const rows = ages.rows.map((row): Shown => ({ ...row, id: row.partyId })).toSorted((a, b) => moneyOf(b.total).compare(moneyOf(a.total)));
  if (rows.length === 0) return <EmptyState icon="check" title={say.empty} says={say.emptySays} />;
  const foot = Object.fromEntries([...buckets, "total" as const].map((bucket) => [bucket, amountText(ages.totals[bucket].amount)]));
  return (
    <>
      <div className="hw-ageing-all">
        <AgeingBars ageing={ages.totals} />
      </div>
      <DataTable
        label={say.title}
        rows={rows}
        columns={columnsFor(side, then)}
        foot={{ party: words.amountsIn(ages.currency), ...foot }}
        onOpen={(row) => go(pathOf(side, row.partyId, then))}
      />
    </>
  );
}

export default function AgeingScreen() {
  const today = useToday();
  const { asOf = today, direction, asKnownAt } = useQueryFields();
  const change = useSetQueryFields();
  const side: Side = direction === "payable" ? "payable" : "receivable";
  const found = useOperation<AllAges>(name, { direction: side, asOf, asKnownAt }, { keep: true });
  return (
    <>
      <PageHeader
        title={say.title}
        does={say.does}
        crumbs={[{ title: words.finance, to: "/m/finance" }]}
        actions={<ExportMenu operation={name} asked={{ direction: side, asOf, asKnownAt }} />}
      />
      <Tools>
        <NativeSelect
          label={say.direction}
          value={side}
          onChange={(event) => change({ direction: event.currentTarget.value === "payable" ? "payable" : undefined })}
          data={[
            { value: "receivable", label: say.receivable },
            { value: "payable", label: say.payable },
          ]}
        />
        <AsOfControls />
        <KnownControl />
      </Tools>
      <div className="hw-report" aria-live="polite" aria-busy={found.isFetching}>
        <Loaded query={found} lines={12}>
          {(ages) => <Parties side={side} ages={ages} asKnownAt={asKnownAt} />}
        </Loaded>
      </div>
      <ExplainPanel />
    </>
  );
}
