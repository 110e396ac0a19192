// The payments of a file: each with what became of it; at the bank, what was not paid is marked and the rest settled in one go.
import { Button, Checkbox, TextInput } from "@mantine/core";
import { useState } from "react";
import { DayField } from "../../../form/day-field.tsx";
import {
  DayText,
  Loaded,
  MoneyText,
  ProblemAlert,
  RecordLink,
  RunButton,
  Section,
  StateBadge,
  useMay,
  usePage,
  useRun,
} from "../../../kit/index.ts";
import { accountText, type Order, type Run } from "./run.ts";
import { words } from "./words.ts";

const say = words.columns;

interface Marks {
  /** By payment: why the bank did not pay it. */
  readonly failed: ReadonlyMap<string, string>;
  readonly set: (id: string, reason: string | undefined) => void;
}

function Outcome({ order, marks }: { order: Order; marks: Marks | undefined }) {
  if (order.state !== "pending") {
    return (
      <span className="hw-run-outcome">
        <StateBadge state={order.state} />
        {order.failure && <small className="hw-dim">{order.failure}</small>}
        {order.paymentId && order.state === "succeeded" && (
          <RecordLink register="finance.payment" id={order.paymentId} label={order.payment} />
        )}
        {order.state === "succeeded" && (
          <RunButton operation="finance.paymentOrder.return" fields={{ paymentOrderId: order.id }} size="compact-xs" variant="subtle" />
        )}
      </span>
    );
  }
  if (!marks) return <StateBadge state={order.state} />;
  const reason = marks.failed.get(order.id);
  return (
    <span className="hw-run-outcome">
      <Checkbox
        size="xs"
        label={words.notPaid}
        aria-label={words.notPaidOf(order.supplier)}
        checked={reason !== undefined}
        onChange={(event) => marks.set(order.id, event.currentTarget.checked ? "" : undefined)}
      />
      {reason !== undefined && (
        <TextInput
          size="xs"
          aria-label={words.whyOf(order.supplier)}
          placeholder={words.why}
          value={reason}
          maxLength={300}
          onChange={(event) => marks.set(order.id, event.currentTarget.value)}
        />
      )}
    </span>
  );
}

function Payments({ orders, marks }: { orders: readonly Order[]; marks: Marks | undefined }) {
  return (
    <table className="hw-run-bills" aria-label={words.payments}>
      <thead>
        <tr>
          <th scope="col">{say.supplier}</th>
          <th scope="col">{say.account}</th>
          <th scope="col">{say.reference}</th>
          <th scope="col">{say.payDay}</th>
          <th scope="col" className="hw-right">
            {say.amount}
          </th>
          <th scope="col">{say.state}</th>
        </tr>
      </thead>
      <tbody>
        {orders.map((order) => (
          <tr key={order.id}>
            <th scope="row">
              <RecordLink register="directory.supplier" id={order.supplierId} label={order.supplier} />
              <small className="hw-dim hw-run-code">{order.code}</small>
            </th>
            <td data-title={say.account} className="hw-run-account">
              {accountText(order.account)}
            </td>
            <td data-title={say.reference} className="hw-anywhere">
              {order.reference}
            </td>
            <td data-title={say.payDay}>
              <DayText value={order.day} />
            </td>
            <td data-title={say.amount} className="hw-right">
              <MoneyText value={order.amount} />
            </td>
            <td data-title={say.state}>
              <Outcome order={order} marks={marks} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function useMarks(): Marks {
  const [failed, setFailed] = useState<ReadonlyMap<string, string>>(new Map());
  const set = (id: string, reason: string | undefined): void =>
    setFailed((now) => {
      const next = new Map(now);
      if (reason === undefined) next.delete(id);
      else next.set(id, reason);
      return next;
    });
  return { failed, set };
}

export function RunPayments({ run }: { run: Run }) {
  const found = usePage<Order>("finance.paymentOrder", { filter: { paymentRunId: run.id }, sort: "position", limit: 1000 });
  const settle = useRun("finance.paymentRun.settle", words.settled);
  const marks = useMarks();
  const [on, setOn] = useState<string | null>(null);
  const maySettle = useMay("finance.paymentRun.settle") && run.state === "sent";
  const waiting = (found.data?.rows ?? []).filter((order) => order.state === "pending").length;
  const failed = [...marks.failed].map(([paymentOrderId, reason]) => ({ paymentOrderId, reason: reason.trim() }));
  const isReady = failed.every((one) => one.reason.length >= 3);
  return (
    <Section title={words.payments} count={found.data?.rows.length}>
      <Loaded query={found} lines={5}>
        {({ rows }) => <Payments orders={rows} marks={maySettle ? marks : undefined} />}
      </Loaded>
      {maySettle && waiting > 0 && (
        <div className="hw-run-settle">
          <p className="hw-dim">{words.settleSays}</p>
          <DayField label={words.paidOn} placeholder={words.eachItsDay} value={on} onChange={setOn} size="xs" />
          <Button
            loading={settle.pending}
            disabled={!isReady}
            onClick={() => void settle.run({ paymentRunId: run.id, failed, ...(on ? { on } : {}) })}
          >
            {words.settleAll(waiting)}
          </Button>
        </div>
      )}
      {settle.problem && <ProblemAlert problem={settle.problem} />}
    </Section>
  );
}
