// Bringing in a file: what it holds, the file, what it would make and what stands in its way; then all of it or nothing.
import { Alert, Button, Checkbox, Loader, NativeSelect } from "@mantine/core";
import { useLocation } from "@tanstack/react-router";
import { useState } from "react";
import { DayField } from "../../../form/day-field.tsx";
import { FileField } from "../../../form/file-field.tsx";
import { AppLink, Icon, PageHeader, ProblemAlert, registerPath, useMay, useOperation, useQueryState, useRun } from "../../../kit/index.ts";
import { useBook } from "../book-choice.tsx";
import "./import.css";
import { ColumnTable } from "./column-table.tsx";
import { countedOf, type DayOrder, dayOrders, isKind, type Kind, kinds, listOf, type LookedJournal, type LookedTable } from "./kinds.ts";
import { JournalLooked, TableLooked } from "./looked.tsx";
import { words } from "./words.ts";

interface Asked {
  readonly kind: Kind;
  readonly fileId: string;
  readonly day: string | null;
  readonly dayOrder: DayOrder;
}

/** As the operations of tables and of journals want it. */
function inputOf({ kind, fileId, day, dayOrder }: Asked): Readonly<Record<string, unknown>> {
  return kind === "journal" ? { fileId } : { fileId, kind, ...(day && { day }), ...(dayOrder !== "told" && { dayOrder }) };
}

interface DoneProps {
  readonly kind: Kind;
  readonly records: number;
  readonly onOther: () => void;
}

function Done({ kind, records, onOther }: DoneProps) {
  return (
    <Alert color="green" icon={<Icon name="check" />} title={words.done(countedOf(kind, records))} role="status">
      <div className="hw-bring-do">
        <Button component={AppLink} to={listOf[kind]} size="xs">
          {words.see}
        </Button>
        <Button size="xs" variant="default" onClick={onOther}>
          {words.other}
        </Button>
      </div>
    </Alert>
  );
}

/** What the file would make, and the button that makes it. */
function Looked({ asked, onDone }: { asked: Asked; onDone: (records: number) => void }) {
  const isJournal = asked.kind === "journal";
  const input = inputOf(asked);
  const check = isJournal ? "finance.import.checkJournal" : "finance.import.checkTable";
  const { error, refetch, data } = useOperation<LookedTable | LookedJournal>(check, input);
  const run = useRun<{ records?: number; entries?: number }>(isJournal ? "finance.import.journal" : "finance.import.table");
  const [again, setAgain] = useState(false);
  if (error) return <ProblemAlert problem={error} retry={() => void refetch()} />;
  if (!data) {
    return (
      <p className="hw-bring-busy" role="status">
        <Loader size={18} /> {words.reading}
      </p>
    );
  }
  const count = "records" in data ? data.records : data.entries;
  const isRepeated = run.problem?.code === "importedBefore";
  const bring = async (): Promise<void> => {
    const made = await run.run({ ...input, ...(again && { again }) });
    if (made) onDone(made.records ?? made.entries ?? count);
  };
  return (
    <>
      {"records" in data ? <TableLooked kind={asked.kind} looked={data} /> : <JournalLooked kind={asked.kind} looked={data} />}
      <ProblemAlert problem={run.problem} />
      {data.mistakes.length === 0 && count > 0 && (
        <div className="hw-bring-do">
          {(isRepeated || again) && (
            <Checkbox label={words.again} checked={again} onChange={(event) => setAgain(event.currentTarget.checked)} />
          )}
          <Button loading={run.pending} disabled={isRepeated && !again} onClick={() => void bring()}>
            {words.bring(countedOf(asked.kind, count))}
          </Button>
        </div>
      )}
    </>
  );
}

export default function ImportScreen() {
  const isJournal = useLocation({ select: ({ pathname }) => pathname.endsWith("/journal") });
  const [named, setKind] = useQueryState("kind", isJournal ? "journal" : "openItems");
  const tables = useMay("finance.import.table");
  const open = kinds.filter((one) => tables || one === "journal");
  const kind = isKind(named) && open.includes(named) ? named : open[0]!;
  const [fileId, setFileId] = useState<string | null>(null);
  const [day, setDay] = useState<string | null>(null);
  const [dayOrder, setDayOrder] = useState<DayOrder>("told");
  const bookId = useBook()?.id;
  const [done, setDone] = useState<number>();
  const begin = (next: string | null): void => {
    setFileId(next);
    setDone(undefined);
  };
  const imports = (
    <Button component={AppLink} to={registerPath("finance.import")} variant="default">
      {words.imports}
    </Button>
  );
  return (
    <>
      <PageHeader title={words.title} does={words.does} crumbs={[{ title: words.finance, to: "/m/finance" }]} actions={imports} />
      <div className="hw-bring-ask">
        <NativeSelect
          label={words.kind}
          value={kind}
          data={open.map((one) => ({ value: one, label: words.kinds[one] }))}
          onChange={(event) => {
            setKind(event.currentTarget.value);
            setDone(undefined);
          }}
        />
        {(kind === "openItems" || kind === "parties") && (
          <DayField label={kind === "parties" ? words.since : words.day} value={day} onChange={setDay} />
        )}
        {kind !== "parties" && kind !== "journal" && (
          <NativeSelect
            label={words.dayOrder}
            value={dayOrder}
            data={dayOrders.map((one) => ({ value: one, label: words.dayOrders[one] }))}
            onChange={(event) => setDayOrder(event.currentTarget.value as DayOrder)}
          />
        )}
        <div className="hw-bring-file">
          <FileField label={words.file} value={fileId} onChange={begin} />
        </div>
      </div>
      {fileId && done === undefined && (
        <Looked key={`${kind} ${fileId} ${day} ${dayOrder} ${bookId}`} asked={{ kind, fileId, day, dayOrder }} onDone={setDone} />
      )}
      {done !== undefined && <Done kind={kind} records={done} onOther={() => begin(null)} />}
      {!fileId && (kind === "journal" ? <p className="hw-dim">{words.journalSays}</p> : <ColumnTable kind={kind} />)}
    </>
  );
}
