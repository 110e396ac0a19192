// The bills of a draft: left out with one key, paid in part by typing an amount; what stands in the way is said in the line.
import { ActionIcon, TextInput } from "@mantine/core";
import { type KeyboardEvent, memo, useMemo, useState } from "react";
import { readAmount } from "../../../form/amount.ts";
import { amountText, DayText, Icon, MoneyText, RecordLink, useToday } from "../../../kit/index.ts";
import { isNothing, sumOf } from "../statement.rules.ts";
import { accountText, type Item } from "./run.ts";
import { words } from "./words.ts";

const say = words.columns;

export interface BillsProps {
  readonly items: readonly Item[];
  readonly currency: string;
  readonly mayEdit: boolean;
  readonly busy: boolean;
  readonly onLeaveOut: (billId: string) => void;
  readonly onAmount: (billId: string, amount: string) => void;
}

/** Typed and left: an amount that is another one is sent. */
function Amount({ item, busy, onAmount }: Pick<BillsProps, "busy" | "onAmount"> & { item: Item }) {
  const [typed, setTyped] = useState<string>();
  const leave = (): void => {
    const amount = typed === undefined ? undefined : readAmount(typed);
    setTyped(undefined);
    if (amount && amount !== item.amount.amount) onAmount(item.billId!, amount);
  };
  return (
    <TextInput
      size="xs"
      aria-label={words.amountOf(item.bill)}
      classNames={{ input: "hw-number-input" }}
      disabled={busy}
      inputMode="decimal"
      value={typed ?? amountText(item.amount.amount)}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={leave}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
        if (event.key === "Escape") setTyped(undefined);
      }}
    />
  );
}

const Line = memo(function Line({ item, ...props }: Omit<BillsProps, "items" | "currency"> & { item: Item }) {
  const today = useToday();
  // What is taken off follows from what is paid; it is neither typed nor left out by itself.
  const mayEdit = props.mayEdit && item.billId !== null;
  return (
    <tr data-warning={item.warning ? true : undefined} data-bill={item.billId ?? undefined} tabIndex={-1}>
      <th scope="row" data-title={say.bill}>
        {item.billId ? (
          <RecordLink register="finance.bill" id={item.billId} label={item.bill} />
        ) : (
          <RecordLink register="finance.supplierCreditNote" id={item.supplierCreditNoteId!} label={item.bill} />
        )}
        {item.warning && (
          <span className="hw-run-warning">
            <Icon name="alert" size={13} /> {item.warning}
          </span>
        )}
      </th>
      <td data-title={say.due} data-late={item.dueDay < today || undefined}>
        <DayText value={item.dueDay} />
      </td>
      <td data-title={say.open} className="hw-right">
        {amountText(item.open.amount)}
      </td>
      <td data-title={say.discount} className="hw-right" data-empty={isNothing(item.discount) || undefined}>
        {isNothing(item.discount) ? "" : amountText(item.discount.amount)}
      </td>
      <td data-title={say.amount} className="hw-right hw-run-amount">
        {mayEdit ? <Amount item={item} {...props} /> : amountText(item.amount.amount)}
      </td>
      {props.mayEdit && (
        <td className="hw-run-out">
          {item.billId && (
            <ActionIcon
              size={26}
              disabled={props.busy}
              aria-label={words.leaveOutBill(item.bill)}
              title={words.leaveOut}
              onClick={() => props.onLeaveOut(item.billId!)}
            >
              <Icon name="close" size={14} />
            </ActionIcon>
          )}
        </td>
      )}
    </tr>
  );
});

interface Group {
  readonly supplierId: string;
  readonly supplier: string;
  readonly items: readonly Item[];
}

const groupsOf = (items: readonly Item[]): Group[] => {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(item.supplierId, [...(groups.get(item.supplierId) ?? []), item]);
  return [...groups].map(([supplierId, own]) => ({ supplierId, supplier: own[0]!.supplier, items: own }));
};

/** Where the payee's bills go; more than one account where a bill names its own. */
const accountsOf = (items: readonly Item[]): string =>
  [...new Set(items.map((item) => (item.supplierBankAccount ? accountText(item.supplierBankAccount) : words.noAccount)))].join(", ");

/** Arrows go from bill to bill, x leaves out the one one stands on. */
const keysOf =
  ({ mayEdit, busy, onLeaveOut }: BillsProps) =>
  (event: KeyboardEvent<HTMLElement>): void => {
    const target = event.target as HTMLElement;
    if (target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-bill]")];
    const at = rows.findIndex((row) => row.contains(target));
    if (event.key === "ArrowDown") rows[Math.min(rows.length - 1, at + 1)]?.focus();
    else if (event.key === "ArrowUp") rows[Math.max(0, at - 1)]?.focus();
    else if (event.key === "x" && at >= 0 && mayEdit && !busy) {
      rows[at + 1]?.focus();
      onLeaveOut(rows[at]!.dataset["bill"]!);
    } else return;
    event.preventDefault();
  };

export function RunBills(props: BillsProps) {
  const { items, currency, mayEdit } = props;
  const groups = useMemo(() => groupsOf(items), [items]);
  const total = (of: readonly Item[], field: "amount" | "discount") =>
    sumOf(
      of.map((item) => item[field]),
      currency,
    );
  const { items: _, currency: __, ...line } = props;
  const discount = total(items, "discount");
  return (
    <table className="hw-run-bills" aria-label={words.bills} onKeyDown={keysOf(props)} tabIndex={0}>
      <thead>
        <tr>
          <th scope="col">{say.bill}</th>
          <th scope="col">{say.due}</th>
          <th scope="col" className="hw-right">
            {say.open}
          </th>
          <th scope="col" className="hw-right">
            {say.discount}
          </th>
          <th scope="col" className="hw-right">
            {say.amount}
          </th>
          {mayEdit && <th aria-hidden />}
        </tr>
      </thead>
      {groups.map((group) => (
        <tbody key={group.supplierId}>
          <tr className="hw-run-payee">
            <th scope="rowgroup" colSpan={4}>
              <RecordLink register="directory.supplier" id={group.supplierId} label={group.supplier} />
              <span className="hw-run-account">{accountsOf(group.items)}</span>
            </th>
            <td className="hw-right">
              <MoneyText value={total(group.items, "amount")} />
            </td>
            {mayEdit && <td aria-hidden />}
          </tr>
          {group.items.map((item) => (
            <Line key={item.id} item={item} {...line} />
          ))}
        </tbody>
      ))}
      <tfoot>
        <tr>
          <th scope="row" colSpan={3}>
            {say.total}
          </th>
          <td className="hw-right" data-title={say.discount}>
            {isNothing(discount) ? "" : amountText(discount.amount)}
          </td>
          <td className="hw-right" data-title={say.total}>
            <MoneyText value={total(items, "amount")} />
          </td>
          {mayEdit && <td aria-hidden />}
        </tr>
      </tfoot>
    </table>
  );
}
