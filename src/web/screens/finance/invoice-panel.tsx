// An invoice or credit note to a customer, as the customer sees it.
import { DayText, RecordLink, useMe } from "../../kit/index.ts";
import type { RecordPanelProps } from "../../screen.ts";
import { words } from "./book-words.ts";
import { type Fact, Paper, type PaperRecord } from "./paper-parts.tsx";

const say = words.paper;

interface InvoiceRecord extends PaperRecord {
  readonly number: string | null;
  readonly kind: "invoice" | "creditNote";
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
    ...(invoice.correctsId
      ? [{ title: say.corrects, value: <RecordLink register="finance.invoice" id={invoice.correctsId} label={invoice.corrects} /> }]
      : []),
    ...(invoice.entryId ? [{ title: say.entry, value: <RecordLink register="finance.journalEntry" id={invoice.entryId} /> }] : []),
  ];
}

export default function InvoicePanel({ id, record }: RecordPanelProps) {
  const invoice = record as unknown as InvoiceRecord;
  const { tenant } = useMe();
  return (
    <Paper
      id={id}
      lines="finance.invoiceLine"
      record={invoice}
      title={invoice.kind === "creditNote" ? say.creditNote : say.invoice}
      number={invoice.number ?? say.draft}
      from={tenant.name}
      facts={factsOf(invoice)}
    />
  );
}
