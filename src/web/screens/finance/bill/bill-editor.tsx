// Entering a bill with its paper beside the form; also correcting one that is not posted.
import { Button, Checkbox, TextInput } from "@mantine/core";
import { DayField } from "../../../form/day-field.tsx";
import { RecordPicker } from "../../../form/record-picker.tsx";
import { readAmount } from "../../../form/amount.ts";
import { amountText, dayText, Icon, moneyText, ProblemAlert } from "../../../kit/index.ts";
import { CurrencyChoice } from "../currency-choice.tsx";
import { EntryAmount } from "../entry-amount.tsx";
import { entryKeys, hasKeyboard } from "../entry-keys.ts";
import type { AccountRow } from "../choices.ts";
import { differenceOf, isNothing } from "../statement.rules.ts";
import { amountOf, minorOf } from "../entry-lines.rules.ts";
import "../finance.css";
import "./bill.css";
import { BillLines } from "./bill-lines.tsx";
import { BillPaper } from "./bill-paper.tsx";
import type { BillDraft } from "./bill-draft.rules.ts";
import { type BillHand, useBill } from "./use-bill.ts";
import { words } from "./words.ts";

const optional = (label: string) => (
  <>
    {label} <span className="hw-optional">{words.optional}</span>
  </>
);

function Head({ bill }: { bill: BillHand }) {
  const { draft, change, tried, currency } = bill;
  const needed = (isMissing: boolean): string | undefined => (tried && isMissing ? words.needed : undefined);
  return (
    <div className="hw-bill-head">
      <RecordPicker
        register="directory.supplier"
        label={words.supplier}
        required
        autoFocus={hasKeyboard()}
        value={draft.supplierId}
        onChange={(supplierId) => change({ supplierId })}
        error={needed(draft.supplierId === null)}
        className="hw-bill-wide"
      />
      <TextInput
        label={words.number}
        required
        data-col="number"
        maxLength={60}
        value={draft.supplierNumber}
        onChange={(event) => change({ supplierNumber: event.currentTarget.value })}
        error={needed(draft.supplierNumber.trim() === "")}
      />
      <DayField
        label={words.day}
        required
        data-col="day"
        value={draft.day}
        onChange={(day) => change({ day })}
        error={needed(!draft.day)}
      />
      <DayField label={optional(words.due)} data-col="due" value={draft.dueDay} onChange={(dueDay) => change({ dueDay })} />
      <CurrencyChoice currency={currency} bookCurrency={bill.bookCurrency} day={draft.day} rate={draft.rate ?? ""} onChange={change} />
      <div className="hw-bill-asked">
        <span className="hw-bill-label">{optional(words.asked)}</span>
        <EntryAmount
          label={words.asked}
          column="asked"
          currency={currency}
          value={draft.total}
          onChange={(total) => change({ total })}
          onFill={() => undefined}
        />
      </div>
    </div>
  );
}

function Paying({ bill }: { bill: BillHand }) {
  const { draft, change } = bill;
  return (
    <details className="hw-bill-paying" open={Boolean(draft.paymentReference || draft.discountDay)}>
      <summary>{words.payment}</summary>
      <div className="hw-bill-head">
        <TextInput
          label={words.reference}
          placeholder={words.referenceSays}
          className="hw-bill-wide"
          maxLength={140}
          data-col="reference"
          value={draft.paymentReference}
          onChange={(event) => change({ paymentReference: event.currentTarget.value })}
        />
        <DayField
          label={words.discountDay}
          data-col="discountDay"
          value={draft.discountDay}
          onChange={(discountDay) => change({ discountDay })}
        />
        <TextInput
          label={words.discountPercent}
          inputMode="decimal"
          data-col="discountPercent"
          value={draft.discountPercent}
          onChange={(event) => change({ discountPercent: event.currentTarget.value.replace(/[^\d.,]/g, "") })}
        />
        <TextInput
          label={words.text}
          className="hw-bill-wide"
          maxLength={2000}
          data-col="text"
          value={draft.text}
          onChange={(event) => change({ text: event.currentTarget.value })}
        />
      </div>
    </details>
  );
}

/** What the house knows: doubles first, then where it is paid and what was paid before. */
function Known({ bill }: { bill: BillHand }) {
  const { proposal, draft } = bill;
  if (!proposal) return null;
  const { account } = proposal;
  const today = bill.today;
  const paid = !account
    ? words.noAccount
    : account.usableFrom && account.usableFrom > today
      ? words.paidFrom(account.number, dayText(account.usableFrom))
      : words.paidTo(account.number);
  return (
    <div className="hw-bill-known" aria-live="polite">
      {proposal.warnings.map((warning) => (
        <p key={warning} className="hw-bill-warning">
          <Icon name="alert" size={15} /> {warning}
        </p>
      ))}
      {draft.supplierId && <p className="hw-dim hw-small">{paid}</p>}
      {proposal.credit && <p className="hw-small">{words.credit(moneyText(proposal.credit))}</p>}
    </div>
  );
}

function Sums({ bill }: { bill: BillHand }) {
  const { totals, draft, currency } = bill;
  if (!totals) return <div className="hw-bill-sums" aria-live="polite" />;
  const said = [
    [words.sumNet, totals.net],
    [words.sumTax, totals.tax],
    ...(isNothing(totals.rounding) ? [] : [[words.sumRounding, totals.rounding] as const]),
    [words.sumTotal, totals.total],
  ] as const;
  const minor = draft.total === "" ? undefined : minorOf(readAmount(draft.total), currency);
  const difference = minor === undefined ? undefined : differenceOf({ amount: amountOf(minor, currency), currency }, totals.total);
  return (
    <div className="hw-bill-sums" aria-live="polite">
      <dl>
        {said.map(([title, value]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{amountText(value.amount)}</dd>
          </div>
        ))}
      </dl>
      {difference && (
        <p data-equal={isNothing(difference) || undefined}>
          <Icon name={isNothing(difference) ? "check" : "alert"} size={15} />{" "}
          {isNothing(difference) ? words.agrees : words.differs(moneyText({ ...difference, amount: difference.amount.replace(/^-/, "") }))}
        </p>
      )}
    </div>
  );
}

interface EditorProps {
  readonly first: BillDraft;
  readonly billId?: string;
  readonly bookCurrency: string;
  readonly accounts: readonly AccountRow[];
}

export function BillEditor({ first, billId, bookCurrency, accounts }: EditorProps) {
  const bill = useBill(first, bookCurrency, billId);
  const { running, send } = bill;
  return (
    <div className="hw-bill">
      <BillPaper fileId={bill.draft.fileId} onFile={(fileId) => bill.change({ fileId })} />
      <div className="hw-entry hw-bill-form" onKeyDown={entryKeys({ onBalance: () => undefined, onPost: () => void send() })}>
        <Head bill={bill} />
        <Known bill={bill} />
        <BillLines bill={bill} accounts={accounts} />
        <Checkbox
          label={words.pricesIncludeTax}
          checked={bill.draft.pricesIncludeTax}
          onChange={(event) => bill.change({ pricesIncludeTax: event.currentTarget.checked })}
        />
        <Sums bill={bill} />
        <Paying bill={bill} />
        {running.problem && <ProblemAlert problem={running.problem} />}
        <div className="hw-form-foot">
          <span className="hw-dim hw-small hw-bill-keys">{words.keys}</span>
          <Button loading={running.pending} onClick={() => void send()} aria-keyshortcuts="Control+Enter">
            {billId ? words.save : words.enter}
          </Button>
        </div>
      </div>
    </div>
  );
}
