// An invoice or credit note to a customer, as the customer sees it.
import { AppLink, DayText, RecordLink, useMay, useMe } from "../../kit/index.ts";
import type { RecordPanelProps } from "../../screen.ts";
import { words } from "./book-words.ts";
import { words as editor } from "./invoice/words.ts";
import { type Fact, Paper, type PaperRecord } from "./paper-parts.tsx";

const say = words.paper;

interface InvoiceRecord extends PaperRecord {
  readonly number: string | null;
  readonly kind: "invoice" | "creditNote";
  readonly isDeposit: boolean;
  readonly paymentTerm: string | null;
  readonly customerId: string;
  readonly customer: string;
  readonly correctsId: string | null;
  readonly corrects: string | null;
}

function factsOf(invoice: InvoiceRecord): readonly Fact[] {
  return [
    { title: say.to, value: <RecordLink register="directory.customer" id={invoice.customerId} label={invoice.customer} /> },
    { title: say.day, value: <DayText value={invoice.day} /> },
    { title: say.due, value: <DayText value={invoice.dueDay} /> },
    ...(invoice.paymentTerm ? [{ title: editor.terms, value: invoice.paymentTerm }] : []),
    ...(invoice.correctsId
      ? [{ title: say.corrects, value: <RecordLink register="finance.invoice" id={invoice.correctsId} label={invoice.corrects} /> }]
      : []),
    ...(invoice.entryId ? [{ title: say.entry, value: <RecordLink register="finance.journalEntry" id={invoice.entryId} /> }] : []),
  ];
}

export default function InvoicePanel({ id, record }: RecordPanelProps) {
  const invoice = record as unknown as InvoiceRecord;
  const { tenant } = useMe();
  const mayChange = useMay("finance.invoice.change") && invoice.number === null && invoice.kind === "invoice";
  return (
    <>
      {mayChange && record["state"] === "draft" && (
        <p>
          <AppLink to={`/finance/invoice?id=${id}`}>{editor.open}</AppLink>
        </p>
      )}
      <Paper
        id={id}
        lines="finance.invoiceLine"
        record={invoice}
        title={invoice.kind === "creditNote" ? say.creditNote : invoice.isDeposit ? editor.paper.deposit : say.invoice}
        number={invoice.number ?? say.draft}
        from={tenant.name}
        facts={factsOf(invoice)}
      />
    </>
  );
}
