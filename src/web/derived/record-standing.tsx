// Where a record stands: the process it is in and how far that is, who is asked to agree, and what must be done for it by when.
import type { ReactNode } from "react";
import { daysFromText, numberText } from "../kit/format.ts";
import { AppLink, recordPath } from "../kit/link.tsx";
import { type Row, usePage } from "../kit/operation.ts";
import { Section } from "../kit/page.tsx";
import { useCatalogue, useToday } from "../kit/session.tsx";
import { DayText, InstantText, StateBadge } from "../kit/show.tsx";
import { text } from "../text.ts";

const said = text.standing;

interface RunRow extends Row {
  readonly title: string;
  readonly state: string;
  readonly steps: number;
  readonly settled: number;
  readonly late: number;
  readonly nextDue: string | null;
}

interface ApprovalRow extends Row {
  readonly title: string;
  readonly state: string;
  readonly waitsFor: string | null;
  readonly step: string | null;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
}

interface DeadlineRow extends Row {
  readonly title: string;
  readonly state: string;
  readonly due: string;
  readonly dueAt: string | null;
  readonly person: string | null;
  readonly submittedAt: string | null;
}

interface LineProps {
  readonly register: string;
  readonly row: Row & { readonly title: string; readonly state: string };
  /** What it is called where its own title is that of the record. */
  readonly called?: string;
  readonly children: ReactNode;
}

function Line({ register, row, called, children }: LineProps) {
  return (
    <li>
      <span className="hw-standing-head">
        <AppLink to={recordPath(register, row.id)} className="hw-quiet hw-anywhere">
          {called ?? row.title}
        </AppLink>
        <StateBadge state={row.state} />
      </span>
      <span className="hw-small hw-dim">{children}</span>
    </li>
  );
}

function Run({ row }: { row: RunRow }) {
  const today = useToday();
  return (
    <Line register="process.run" row={row}>
      {said.steps(numberText(row.settled), numberText(row.steps))}
      {row.nextDue && ` · ${said.due} ${daysFromText(row.nextDue, today)}`}
      {row.late > 0 && <span className="hw-late"> · {said.late(numberText(row.late))}</span>}
    </Line>
  );
}

function Approval({ row }: { row: ApprovalRow }) {
  return (
    <Line register="office.approval" row={row} called={said.approval}>
      {row.waitsFor && said.waitsFor(row.waitsFor)}
      {row.waitsFor && row.step && !row.step.endsWith("of 1") && ` · ${said.step(row.step)}`}
      {row.decidedBy && (
        <>
          {said.decided(row.decidedBy)} · <InstantText value={row.decidedAt} />
        </>
      )}
    </Line>
  );
}

const hour = 3_600_000;

/** A clock of hours says how many are left; a day far off is only named. */
function Left({ dueAt }: { dueAt: string }) {
  const hours = Math.floor((Date.parse(dueAt) - Date.now()) / hour);
  if (hours < 0 || hours > 96) return null;
  return <strong className={hours < 24 ? "hw-late" : undefined}> · {said.hoursLeft(numberText(hours))}</strong>;
}

function Deadline({ row }: { row: DeadlineRow }) {
  const isOver = row.submittedAt !== null || row.state === "cancelled";
  return (
    <Line register="office.deadline" row={row}>
      {row.submittedAt ? (
        <>
          {said.submitted} <InstantText value={row.submittedAt} />
        </>
      ) : (
        <>
          {said.due} {row.dueAt ? <InstantText value={row.dueAt} /> : <DayText value={row.due} />}
        </>
      )}
      {!isOver && row.dueAt && <Left dueAt={row.dueAt} />}
      {row.person && ` · ${said.with(row.person)}`}
    </Line>
  );
}

/** Nothing at all for a record that nobody waits for. */
export function Standing({ recordId }: { recordId: string }) {
  const catalogue = useCatalogue();
  const there = (name: string): { enabled: boolean } => ({ enabled: Boolean(catalogue.register(name)) });
  const filter = { aboutId: recordId };
  const runs = usePage<RunRow>("process.run", { filter, limit: 5 }, there("process.run")).data?.rows ?? [];
  const approvals = usePage<ApprovalRow>("office.approval", { filter, limit: 5 }, there("office.approval")).data?.rows ?? [];
  const duties = { filter: { ...filter, source: "deadline" }, sort: "due", limit: 8 };
  const deadlines = usePage<DeadlineRow>("office.deadline", duties, there("office.deadline")).data?.rows ?? [];
  if (runs.length + approvals.length + deadlines.length === 0) return null;
  return (
    <Section title={said.title}>
      <ul className="hw-standing">
        {deadlines.map((row) => (
          <Deadline key={row.id} row={row} />
        ))}
        {approvals.map((row) => (
          <Approval key={row.id} row={row} />
        ))}
        {runs.map((row) => (
          <Run key={row.id} row={row} />
        ))}
      </ul>
    </Section>
  );
}
