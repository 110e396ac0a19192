// How the customer stands while one writes to them: what they owe, what is late, what they may still owe, deposits to take off.
import { Checkbox, Textarea } from "@mantine/core";
import { amountText, Icon, type MoneyValue, type Row, useMay, useOperation, usePage } from "../../../kit/index.ts";
import type { InvoiceHand } from "./use-invoice.ts";
import { words } from "./words.ts";

interface Standing extends Row {
  readonly open: MoneyValue;
  readonly overdue: MoneyValue;
  readonly left: MoneyValue | null;
  readonly isHardLimit: boolean;
  readonly paymentTerm: string | null;
}

interface DepositRow extends Row {
  readonly deposit: string;
  readonly invoice: string;
  readonly left: MoneyValue;
}

export function useStanding(customerId: string | null): Standing | undefined {
  const may = useMay("finance.customer.get");
  return useOperation<Standing>("finance.customer.get", { id: customerId }, { enabled: may && customerId !== null }).data;
}

const minor = (value: MoneyValue): bigint => BigInt(value.amount.replace(".", ""));

/** Whether this invoice would pass what the customer may still owe. */
export const passesLimit = (standing: Standing | undefined, total: MoneyValue | undefined): boolean =>
  Boolean(standing?.left && total && total.currency === standing.left.currency && minor(total) > minor(standing.left));

function Fact({ title, value, late }: { title: string; value: string; late?: boolean }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd className={late ? "hw-number hw-late" : "hw-number"}>{value}</dd>
    </div>
  );
}

const shown = (value: MoneyValue): string => `${amountText(value.amount)} ${value.currency}`;

export function CustomerGlance({ standing }: { standing: Standing | undefined }) {
  if (!standing) return null;
  const { open, overdue, left } = standing;
  return (
    <dl className="hw-invoice-glance">
      <Fact title={words.owes} value={shown(open)} />
      <Fact title={words.overdue} value={shown(overdue)} late={minor(overdue) > 0n} />
      <Fact title={words.limitLeft} value={left ? shown(left) : words.noLimit} late={left !== null && minor(left) < 0n} />
    </dl>
  );
}

/** Said before the server says it: the limit is passed, and what may be done. */
export function LimitNotice({ invoice, standing }: { invoice: InvoiceHand; standing: Standing | undefined }) {
  if (!passesLimit(standing, invoice.counted?.total)) return null;
  return (
    <div className="hw-invoice-limit" role="status">
      <p className="hw-late">
        <Icon name="alert" size={16} /> {words.wouldPass} {standing!.isHardLimit && words.hardLimit}
      </p>
      {!standing!.isHardLimit && (
        <Textarea
          label={words.reason}
          description={words.reasonHint}
          autosize
          minRows={1}
          maxLength={300}
          value={invoice.reason}
          onChange={(event) => invoice.setReason(event.currentTarget.value)}
        />
      )}
    </div>
  );
}

export function Deposits({ invoice }: { invoice: InvoiceHand }) {
  const { customerId, depositIds, isDeposit } = invoice.draft;
  const may = useMay("finance.deposit.list");
  const enabled = may && customerId !== null && !isDeposit;
  const found = usePage<DepositRow>(
    "finance.deposit",
    { filter: { customerId: customerId ?? "", state: "open", currency: invoice.currency }, sort: "day" },
    { enabled },
  );
  const rows = enabled ? (found.data?.rows ?? []) : [];
  if (rows.length === 0) return null;
  return (
    <fieldset className="hw-invoice-deposits">
      <legend>{words.deposits}</legend>
      {rows.map((row) => (
        <Checkbox
          key={row.id}
          label={words.takeDeposit(row.invoice, row.left)}
          checked={depositIds.includes(row.id)}
          onChange={(event) =>
            invoice.change({ depositIds: event.currentTarget.checked ? [...depositIds, row.id] : depositIds.filter((id) => id !== row.id) })
          }
        />
      ))}
    </fieldset>
  );
}
