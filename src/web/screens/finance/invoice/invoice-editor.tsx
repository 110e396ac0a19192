// The invoice editor: the form on the left, the document on the right; drafted, issued or mailed from one place.
import { Button, Checkbox, Textarea } from "@mantine/core";
import { useMemo } from "react";
import { DayField } from "../../../form/day-field.tsx";
import { RecordPicker } from "../../../form/record-picker.tsx";
import { EmptyState, LoadingLines, PageHeader, ProblemAlert, useMay, useQueryState } from "../../../kit/index.ts";
import { Books, BooksOfAccount, useBook } from "../book-choice.tsx";
import { CurrencyChoice } from "../currency-choice.tsx";
import { entryKeys, hasKeyboard } from "../entry-keys.ts";
import "../finance.css";
import { CustomerGlance, Deposits, LimitNotice, useStanding } from "./customer-glance.tsx";
import type { InvoiceDraft } from "./invoice-draft.ts";
import { isBlank } from "./invoice-draft.ts";
import { InvoiceLines } from "./invoice-lines.tsx";
import { InvoicePreview } from "./invoice-preview.tsx";
import "./invoice.css";
import { type InvoiceHand, useInvoice, useSavedDraft } from "./use-invoice.ts";
import { words } from "./words.ts";

/** Where the server's no belongs: beside a field of a line, or above all. */
function useRefused({ refused, draft }: InvoiceHand) {
  return useMemo(() => {
    const filled = draft.lines.filter((line) => !isBlank(line));
    const said = refused ? (refused.mistakes.length > 0 ? refused.mistakes : [{ path: refused.path ?? [], message: refused.detail }]) : [];
    const lines = new Map<number, Record<string, string>>();
    const head: Record<string, string> = {};
    for (const { path, message } of said) {
      const line = path[0] === "lines" && typeof path[1] === "number" ? filled[path[1]] : undefined;
      if (line) lines.set(line.key, { ...lines.get(line.key), [String(path[2] ?? "description")]: message });
      else if (typeof path[0] === "string" && ["customerId", "day", "paymentTermId", "rate"].includes(path[0])) head[path[0]] = message;
    }
    return { lines, head, isLoose: said.length > lines.size + Object.keys(head).length };
  }, [refused, draft.lines]);
}

function Head({ invoice, head }: { invoice: InvoiceHand; head: Readonly<Record<string, string>> }) {
  const { draft, change, tried, currency, bookCurrency } = invoice;
  const standing = useStanding(draft.customerId);
  return (
    <div className="hw-invoice-head">
      <RecordPicker
        register="directory.customer"
        label={words.customer}
        required
        autoFocus={hasKeyboard()}
        className="hw-invoice-customer"
        value={draft.customerId}
        onChange={(customerId) => change({ customerId, depositIds: [] })}
        error={head["customerId"] ?? (tried && !draft.customerId ? words.customerNeeded : undefined)}
      />
      <DayField label={words.day} required value={draft.day} onChange={(day) => change({ day, rate: "" })} error={head["day"]} />
      <RecordPicker
        register="finance.paymentTerm"
        filter={{ state: "used" }}
        label={words.terms}
        placeholder={standing?.paymentTerm ?? words.termsHint}
        value={draft.paymentTermId}
        onChange={(paymentTermId) => change({ paymentTermId })}
        error={head["paymentTermId"]}
      />
      <CurrencyChoice
        currency={currency}
        bookCurrency={bookCurrency}
        day={draft.day}
        rate={draft.rate ?? ""}
        onChange={(part) => change({ ...part, ...(part.currency && { depositIds: [] }) })}
        error={head["rate"]}
      />
      <CustomerGlance standing={standing} />
    </div>
  );
}

function Foot({ invoice }: { invoice: InvoiceHand }) {
  const { pending, save, issue, issueAndMail, clear } = invoice;
  const [mayIssue, mayMail] = [useMay("finance.invoice.issue"), useMay("finance.invoice.send")];
  return (
    <div className="hw-form-foot hw-invoice-foot">
      <Button variant="subtle" color="gray" size="sm" onClick={clear} title={words.kept}>
        {words.clear}
      </Button>
      <Button variant="default" size="sm" disabled={pending} onClick={save}>
        {words.saveDraft}
      </Button>
      {mayIssue && mayMail && (
        <Button variant="default" size="sm" disabled={pending} onClick={() => void issueAndMail()}>
          {words.issueAndMail}
        </Button>
      )}
      {mayIssue && (
        <Button size="sm" loading={pending} onClick={issue} aria-keyshortcuts="Control+Enter">
          {words.issue}
        </Button>
      )}
    </div>
  );
}

function Editor({ currency, invoiceId, saved }: { currency: string; invoiceId?: string; saved?: InvoiceDraft }) {
  const invoice = useInvoice(currency, invoiceId, saved);
  const { draft, change, tried } = invoice;
  const refused = useRefused(invoice);
  const standing = useStanding(draft.customerId);
  return (
    <div className="hw-invoice" onKeyDown={entryKeys({ onBalance: () => undefined, onPost: invoice.issue })}>
      <div className="hw-invoice-form">
        <Head invoice={invoice} head={refused.head} />
        <Textarea
          label={
            <>
              {words.text} <span className="hw-optional">{words.optional}</span>
            </>
          }
          autosize
          minRows={1}
          maxRows={6}
          maxLength={2000}
          value={draft.text}
          onChange={(event) => change({ text: event.currentTarget.value })}
        />
        <InvoiceLines invoice={invoice} refused={refused.lines} />
        {tried && draft.lines.every(isBlank) && <p className="hw-late">{words.linesNeeded}</p>}
        <div className="hw-invoice-choices">
          <Checkbox
            label={words.pricesIncludeTax}
            checked={draft.pricesIncludeTax}
            onChange={(event) => change({ pricesIncludeTax: event.currentTarget.checked })}
          />
          <Checkbox
            label={words.isDeposit}
            checked={draft.isDeposit}
            onChange={(event) => change({ isDeposit: event.currentTarget.checked })}
          />
        </div>
        <Deposits invoice={invoice} />
        <p className="hw-dim hw-small hw-invoice-keys">{words.keys}</p>
        <LimitNotice invoice={invoice} standing={standing} />
        {invoice.refused && refused.isLoose && <ProblemAlert problem={invoice.refused} />}
        <Foot invoice={invoice} />
      </div>
      <aside className="hw-invoice-side">
        <InvoicePreview invoice={invoice} />
      </aside>
    </div>
  );
}

function Page({ id, saved }: { id?: string; saved?: InvoiceDraft }) {
  const book = useBook();
  return (
    <>
      <PageHeader title={id ? words.change : words.title} does={words.does} crumbs={[{ title: words.finance, to: "/m/finance" }]} />
      {book ? (
        <Editor key={book.id} currency={book.currency} invoiceId={id} saved={saved} />
      ) : (
        <EmptyState icon="finance" title={words.title} says={words.customerNeeded} />
      )}
    </>
  );
}

function SavedPage({ id }: { id: string }) {
  const saved = useSavedDraft(id);
  const accountId = saved?.lines[0]?.accountId;
  if (!saved || !accountId) return <LoadingLines lines={8} />;
  return (
    <BooksOfAccount accountId={accountId}>
      <Page id={id} saved={saved} />
    </BooksOfAccount>
  );
}

export default function InvoiceEditor() {
  const [id] = useQueryState("id", "");
  if (id) return <SavedPage key={id} id={id} />;
  return (
    <Books>
      <Page />
    </Books>
  );
}
