// A bill of a supplier, as it came.
import { Button } from "@mantine/core";
import { filePath } from "../../client.ts";
import { AppLink, DayText, RecordLink, useMay, useMe } from "../../kit/index.ts";
import type { RecordPanelProps } from "../../screen.ts";
import { words } from "./book-words.ts";
import { words as editor } from "./bill/words.ts";
import "./bill/bill.css";
import { type Fact, Paper, type PaperRecord } from "./paper-parts.tsx";

const say = words.paper;

interface BillRecord extends PaperRecord {
  readonly supplierNumber: string;
  readonly number: string | null;
  readonly supplierId: string;
  readonly supplier: string;
  readonly fileId: string | null;
}

/** The supplier's own paper below ours, and the way to the editor while the bill may still be corrected. */
function Original({ id, bill }: { id: string; bill: BillRecord }) {
  const mayChange = useMay("finance.bill.change") && (bill.state === "draft" || bill.state === "approved");
  return (
    <>
      {mayChange && (
        <p className="hw-bill-tools">
          <Button component={AppLink} to={`/finance/bill/change?billId=${id}`} variant="default" size="compact-sm">
            {editor.beside}
          </Button>
        </p>
      )}
      {bill.fileId && (
        <section className="hw-bill-original" aria-label={editor.paper}>
          <iframe src={`${filePath(bill.fileId)}?inline=1`} title={editor.paper} className="hw-bill-shown" />
        </section>
      )}
    </>
  );
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
    <>
      <Original id={id} bill={bill} />
      <Paper
        id={id}
        lines="finance.billLine"
        record={bill}
        title={say.bill}
        number={bill.supplierNumber}
        from={<RecordLink register="directory.supplier" id={bill.supplierId} label={bill.supplier} />}
        facts={facts}
      />
    </>
  );
}
