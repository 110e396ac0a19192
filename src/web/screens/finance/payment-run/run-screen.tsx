// One payment run: where it stands, what it pays to whom, what stands in the way; edited while it is a draft, settled when it is at the
// bank.
import { Button } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { filePath } from "../../../client.ts";
import { DayField } from "../../../form/day-field.tsx";
import {
  DayText,
  EmptyState,
  Icon,
  Loaded,
  MoneyText,
  PageHeader,
  ProblemAlert,
  type Row,
  RunButton,
  Section,
  StateBadge,
  useMay,
  usePage,
  useRecord,
  useRun,
} from "../../../kit/index.ts";
import { isNothing } from "../statement.rules.ts";
import "./payment-run.css";
import type { Item, Run } from "./run.ts";
import { RunBills } from "./run-bills.tsx";
import { RunOthers } from "./run-others.tsx";
import { RunPayments } from "./run-payments.tsx";
import { RunSteps } from "./run-steps.tsx";
import { words } from "./words.ts";

type Shown = Run & Row & { readonly can: readonly string[] };

/** What can be done now, the next step last and in colour. */
function Actions({ run }: { run: Shown }) {
  const next = ["finance.paymentRun.submit", "finance.paymentRun.approve", "finance.paymentRun.file", "finance.paymentRun.send"] as const;
  const others = [
    "finance.paymentRun.cancel",
    "finance.paymentRun.sendBack",
    "finance.paymentRun.split",
    "finance.paymentRun.advise",
  ] as const;
  const fields = { paymentRunId: run.id };
  return (
    <>
      {others
        .filter((name) => run.can.includes(name))
        .map((name) => (
          <RunButton key={name} operation={name} fields={fields} variant="default">
            {words.actions[name]}
          </RunButton>
        ))}
      {run.fileId && (
        <Button component="a" href={filePath(run.fileId)} variant="default" leftSection={<Icon name="file" size={14} />}>
          {words.download}
        </Button>
      )}
      {next
        .filter((name) => run.can.includes(name))
        .map((name) => (
          <RunButton key={name} operation={name} fields={fields}>
            {words.actions[name]}
          </RunButton>
        ))}
    </>
  );
}

function Figures({ run, items }: { run: Run; items: readonly Item[] }) {
  const warnings = items.filter((item) => item.warning).length;
  const payees = new Set(items.map((item) => item.supplierId)).size;
  return (
    <dl className="hw-run-figures">
      <div>
        <dt>{words.figures.total}</dt>
        <dd>
          <MoneyText value={run.total} />
        </dd>
        <dd className="hw-dim hw-small">{words.billsOf(run.bills)}</dd>
      </div>
      <div>
        <dt>{words.figures.payees}</dt>
        <dd className="hw-number">{payees}</dd>
        <dd className="hw-dim hw-small">
          {run.bankAccount} · <DayText value={run.payDay} />
        </dd>
      </div>
      <div>
        <dt>{words.figures.discount}</dt>
        <dd>{isNothing(run.discount) ? <span className="hw-dim">—</span> : <MoneyText value={run.discount} />}</dd>
      </div>
      <div data-tone={warnings > 0 ? "late" : undefined}>
        <dt>{words.figures.warnings}</dt>
        <dd className="hw-number">{warnings}</dd>
        {warnings === 0 && <dd className="hw-dim hw-small">{words.noWarnings}</dd>}
      </div>
    </dl>
  );
}

function Bills({ run, items }: { run: Run; items: readonly Item[] }) {
  const edit = useRun("finance.paymentRun.edit");
  const mayEdit = useMay("finance.paymentRun.edit") && run.state === "draft";
  const change = (input: object): void => void edit.run({ paymentRunId: run.id, ...input });
  const list = (
    <Section
      title={words.bills}
      count={items.length}
      actions={
        mayEdit && (
          <DayField
            size="xs"
            aria-label={words.payDay}
            required
            value={run.payDay}
            disabled={edit.pending}
            onChange={(payDay) => payDay && payDay !== run.payDay && change({ payDay })}
          />
        )
      }
    >
      {edit.problem && <ProblemAlert problem={edit.problem} />}
      {items.length === 0 ? (
        <EmptyState icon="finance" title={words.empty} says={words.emptySays} />
      ) : (
        <RunBills
          items={items}
          currency={run.currency}
          mayEdit={mayEdit}
          busy={edit.pending}
          onLeaveOut={(billId) => change({ leaveOut: [billId] })}
          onAmount={(billId, amount) => change({ amounts: [{ billId, amount: { amount, currency: run.currency } }] })}
        />
      )}
    </Section>
  );
  if (!mayEdit) return list;
  return (
    <div className="hw-run-panes">
      {list}
      <RunOthers paymentRunId={run.id} busy={edit.pending} onTake={(billId) => change({ take: [billId] })} />
    </div>
  );
}

const crumbs = [
  { title: words.finance, to: "/m/finance" },
  { title: words.title, to: "/finance/payment-runs" },
];

function Body({ run }: { run: Shown }) {
  const filter = { paymentRunId: run.id, state: "waiting|succeeded|failed" };
  const found = usePage<Item>("finance.paymentRunItem", { filter, sort: "supplier", limit: 1000 });
  return (
    <>
      <PageHeader title={run.code} crumbs={crumbs} beside={<StateBadge state={run.state} />} actions={<Actions run={run} />} />
      <RunSteps run={run} />
      {run.note && (
        <p className="hw-run-note" role="note">
          <Icon name="alert" size={15} /> {run.state === "cancelled" ? words.cancelled : words.note}: {run.note}
        </p>
      )}
      <Loaded query={found} lines={8}>
        {({ rows }) => (
          <>
            <Figures run={run} items={rows} />
            {run.payments > 0 && <RunPayments key={run.state} run={run} />}
            <Bills run={run} items={rows} />
          </>
        )}
      </Loaded>
    </>
  );
}

export default function RunScreen() {
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  const found = useRecord("finance.paymentRun", id);
  if (found.data) return <Body run={found.data as unknown as Shown} />;
  return (
    <>
      <PageHeader title={words.title} crumbs={crumbs} />
      <Loaded query={found} lines={10}>
        {() => null}
      </Loaded>
    </>
  );
}
