// Payment runs: what is under way by bank account and currency, each run with where it stands, and what was paid before.
import { useMemo } from "react";
import {
  DataTable,
  DayText,
  EmptyState,
  Loaded,
  MoneyText,
  PageHeader,
  recordPath,
  RunButton,
  Section,
  StateBadge,
  type TableColumn,
  type Row,
  useGo,
  usePage,
  useRows,
} from "../../../kit/index.ts";
import { Books } from "../book-choice.tsx";
import "./payment-run.css";
import { isOver, type Run, sumsByAccount } from "./run.ts";
import { words } from "./words.ts";

const say = words.columns;

const columns: readonly TableColumn<Run>[] = [
  { name: "code", title: say.run, width: 170, cell: (run) => <strong className="hw-nowrap">{run.code}</strong> },
  { name: "state", title: say.state, width: 120, cell: (run) => <StateBadge state={run.state} /> },
  { name: "payDay", title: say.payDay, width: 130, cell: (run) => <DayText value={run.payDay} /> },
  { name: "bankAccount", title: say.bank, cell: (run) => run.bankAccount },
  { name: "bills", title: say.bills, right: true, width: 80, cell: (run) => <span className="hw-number">{run.bills}</span> },
  { name: "total", title: say.total, right: true, width: 170, cell: (run) => <MoneyText value={run.total} /> },
  { name: "preparedBy", title: say.by, width: 180, cell: (run) => run.preparedBy },
];

function Sums({ runs }: { runs: readonly Run[] }) {
  const sums = useMemo(() => sumsByAccount(runs), [runs]);
  return (
    <dl className="hw-runsums" aria-label={words.byAccount}>
      {sums.map((sum) => (
        <div key={sum.key}>
          <dt>{sum.bankAccount}</dt>
          <dd className="hw-runsums-total">
            <MoneyText value={sum.total} />
          </dd>
          <dd className="hw-dim hw-small">{words.billsOf(sum.bills)}</dd>
        </div>
      ))}
    </dl>
  );
}

interface BankRow extends Row {
  readonly state: "open" | "retired";
}

/** A run is paid from a bank account, and by it belongs to that account's books. */
function List({ banks }: { banks: readonly BankRow[] }) {
  const go = useGo();
  const found = useRows<Run>("finance.paymentRun", { sort: "-payDay", filter: { bankAccountId: banks.map(({ id }) => id).join("|") } });
  const bankAccountId = banks.find(({ state }) => state === "open")?.id;
  const open = (run: Run): void => go(recordPath("finance.paymentRun", run.id));
  return (
    <>
      <PageHeader
        title={words.title}
        does={words.does}
        crumbs={[{ title: words.finance, to: "/m/finance" }]}
        actions={
          <RunButton operation="finance.paymentRun.create" fields={{ bankAccountId }}>
            {words.prepare}
          </RunButton>
        }
      />
      <Loaded query={{ ...found, data: found.rows }} lines={8}>
        {(runs) => {
          const [live, over] = [runs.filter((run) => !isOver(run)), runs.filter(isOver)];
          return (
            <>
              <Section title={words.underWay} count={live.length}>
                {live.length === 0 ? (
                  <EmptyState icon="finance" title={words.noRuns} says={words.noRunsSays} />
                ) : (
                  <>
                    <Sums runs={live} />
                    <DataTable label={words.underWay} rows={live} columns={columns} onOpen={open} />
                  </>
                )}
              </Section>
              <Section title={words.done}>
                {over.length === 0 ? (
                  <p className="hw-dim">{words.noRunsDone}</p>
                ) : (
                  <DataTable label={words.done} rows={over} columns={columns} onOpen={open} onEnd={found.more} />
                )}
              </Section>
            </>
          );
        }}
      </Loaded>
    </>
  );
}

function OfBooks() {
  const banks = usePage<BankRow>("finance.bankAccount", { sort: "id", limit: 200 });
  return (
    <Loaded query={banks} lines={8}>
      {({ rows }) => <List banks={rows} />}
    </Loaded>
  );
}

export default function RunList() {
  return (
    <Books>
      <OfBooks />
    </Books>
  );
}
