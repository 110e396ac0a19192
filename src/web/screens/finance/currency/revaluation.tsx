// Revaluation before it is posted: what is open in other currencies, what it is carried at and worth, and what that gains and loses.
import { Alert, Text } from "@mantine/core";
import { addDays, type Day, startOfMonth } from "../../../../kernel/day.ts";
import { DayField } from "../../../form/day-field.tsx";
import {
  AppLink,
  DataTable,
  EmptyState,
  Figure,
  Loaded,
  PageHeader,
  recordPath,
  registerPath,
  RunButton,
  Section,
  type TableColumn,
  useOperation,
  usePage,
  useToday,
} from "../../../kit/index.ts";
import { useQueryFields, useSetQueryFields } from "../../../kit/query-state.ts";
import "../finance.css";
import "./currency.css";
import { useBook } from "../book-choice.tsx";
import { words as bookWords } from "../book-words.ts";
import { type Amount, differenceOf } from "../statement.rules.ts";
import { AmountShown } from "../statement-table.tsx";
import { shownRate } from "./rates.rules.ts";
import { words } from "./words.ts";

const say = words.revaluation;

interface Worth {
  readonly outstanding: Amount;
  readonly carrying: Amount;
  readonly rate: string;
  readonly value: Amount;
  readonly difference: Amount;
}

interface ValuedItem extends Worth {
  readonly kind: "receivable" | "payable" | "bank";
  readonly subjectId: string;
  readonly party: string | null;
  readonly reference: string;
}

interface Preview {
  readonly day: string;
  readonly count: number;
  readonly gain: Amount;
  readonly loss: Amount;
  readonly currencies: readonly (Worth & { readonly currency: string; readonly items: number })[];
  readonly items: readonly ValuedItem[];
}

type RunRow = { readonly id: string; readonly books: string; readonly entry: string | null; readonly backEntry: string | null };
type ItemRow = ValuedItem & { readonly id: string };
type CurrencyRow = Preview["currencies"][number] & { readonly id: string };

const worthColumns = <R extends Worth & { readonly id: string }>(): readonly TableColumn<R>[] => [
  {
    name: "outstanding",
    title: say.outstanding,
    right: true,
    width: 160,
    cell: (row) => (
      <span className="hw-nowrap">
        <AmountShown amount={row.outstanding} /> {row.outstanding.currency}
      </span>
    ),
  },
  { name: "rate", title: say.rate, right: true, width: 100, cell: (row) => <span className="hw-number">{shownRate(row.rate)}</span> },
  { name: "carrying", title: say.carrying, right: true, width: 130, cell: (row) => <AmountShown amount={row.carrying} /> },
  { name: "value", title: say.value, right: true, width: 130, cell: (row) => <AmountShown amount={row.value} /> },
  { name: "difference", title: say.difference, right: true, width: 120, cell: (row) => <AmountShown amount={row.difference} /> },
];

const currencyColumns: readonly TableColumn<CurrencyRow>[] = [
  { name: "currency", title: say.currency, main: true, width: 110, cell: (row) => row.currency },
  { name: "items", title: say.count, right: true, width: 80, cell: (row) => row.items },
  ...worthColumns<CurrencyRow>(),
];

const itemColumns: readonly TableColumn<ItemRow>[] = [
  {
    name: "reference",
    title: say.item,
    main: true,
    width: 190,
    cell: (row) => (
      <AppLink to={recordPath(row.kind === "bank" ? "finance.bankAccount" : "finance.openItem", row.subjectId)}>{row.reference}</AppLink>
    ),
  },
  { name: "party", title: say.party, width: 200, cell: (row) => row.party ?? say.kinds[row.kind] },
  ...worthColumns<ItemRow>(),
];

function Shown({ shown }: { shown: Preview }) {
  if (shown.count === 0) return <EmptyState icon="check" title={say.empty} says={say.emptySays} />;
  return (
    <>
      <div className="hw-figures hw-figures-broad">
        <Figure title={say.gain} value={shown.gain} />
        <Figure title={say.loss} value={shown.loss} />
        <Figure title={say.items} value={shown.count} />
      </div>
      <Section title={say.currencies}>
        <DataTable
          label={say.currencies}
          rows={shown.currencies.map((row) => ({ ...row, id: row.currency }))}
          columns={currencyColumns}
          foot={{ currency: bookWords.total, difference: <AmountShown amount={differenceOf(shown.gain, shown.loss)} /> }}
        />
      </Section>
      <Section title={say.items} count={shown.count}>
        <DataTable label={say.items} rows={shown.items.map((row) => ({ ...row, id: row.subjectId }))} columns={itemColumns} />
        {shown.count > shown.items.length && (
          <Text size="sm" c="dimmed">
            {say.most(shown.items.length, shown.count)}
          </Text>
        )}
      </Section>
    </>
  );
}

export default function RevaluationScreen() {
  const today = useToday();
  const { day = addDays(startOfMonth(today as Day), -1) } = useQueryFields();
  const change = useSetQueryFields();
  const found = useOperation<Preview>("finance.revaluation.preview", { day }, { keep: true });
  const runs = usePage<RunRow>("finance.revaluation", { filter: { day, state: "posted" }, limit: 200 });
  const book = useBook();
  const run = runs.data?.rows.find(({ books }) => book === undefined || books === book.name);
  return (
    <>
      <PageHeader
        title={say.title}
        does={say.does}
        crumbs={[{ title: words.finance, to: "/m/finance" }]}
        actions={
          !run &&
          (found.data?.count ?? 0) > 0 && (
            <RunButton operation="finance.revaluation.run" fields={{ day }}>
              {say.post}
            </RunButton>
          )
        }
      />
      <div className="hw-tool-line hw-rate-tools">
        <DayField label={say.day} value={day} onChange={(chosen) => change({ day: chosen ?? undefined })} />
        <AppLink to={registerPath("finance.revaluation")}>{say.runs}</AppLink>
      </div>
      {run && (
        <Alert color="green" variant="light" title={say.posted}>
          {run.entry && run.backEntry && say.postedSays(run.entry, run.backEntry)}{" "}
          <AppLink to={recordPath("finance.revaluation", run.id)}>{say.see}</AppLink>
        </Alert>
      )}
      <div className="hw-report" aria-live="polite" aria-busy={found.isFetching}>
        <Loaded query={found} lines={10}>
          {(shown) => <Shown shown={shown} />}
        </Loaded>
      </div>
    </>
  );
}
