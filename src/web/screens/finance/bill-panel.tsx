// A bill of a supplier, as it came.
import { DayText, RecordLink, useMe } from "../../kit/index.ts";
import type { RecordPanelProps } from "../../screen.ts";
import { words } from "./book-words.ts";
import { type Fact, Paper, type PaperRecord } from "./paper-parts.tsx";

const say = words.paper;

interface BillRecord extends PaperRecord {
  readonly supplierNumber: string;
  readonly number: string | null;
  readonly supplierId: string;
  readonly supplier: string;
}

export default function BillPanel({ id, record }: RecordPanelProps) {
  const bill = record as unknown as BillRecord;
  const { tenant } = useMe();
  const facts: readonly Fact[] = [
    { title: say.to, value: tenant.name },
    { title: say.day, value: <DayText value={bill.day} /> },
    { title: say.due, value: <DayText value={bill.dueDay} /> },
    ...(bill.number ? [{ title: say.ownNumber, value: bill.number }] : []),
    ...(bill.entryId ? [{ title: say.entry, value: <RecordLink register="finance.journalEntry" id={bill.entryId} /> }] : []),
  ];
  return (
    <Paper
      id={id}
      lines="finance.billLine"
      record={bill}
      title={say.bill}
      number={bill.supplierNumber}
      from={<RecordLink register="directory.supplier" id={bill.supplierId} label={bill.supplier} />}
      facts={facts}
    />
  );
}
