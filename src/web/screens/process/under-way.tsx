// Processes under way, by kind, the late ones first, each with how far it is.
import { Badge, Button, Checkbox, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useMemo, useState } from "react";
import {
  DataTable,
  DayText,
  EmptyState,
  Icon,
  LoadingLines,
  PageHeader,
  ProblemAlert,
  RecordLink,
  recordPath,
  Section,
  StateBadge,
  type TableColumn,
  useCalled,
  useCatalogue,
  useGo,
  useQueryState,
  useRows,
} from "../../kit/index.ts";
import { ExportMenu } from "../../derived/list-tools.tsx";
import "./process.css";
import { groupBy } from "../group.ts";
import { Progress } from "./progress.tsx";
import type { RunRow } from "./run.ts";
import { words } from "./words.ts";

const states = [
  { value: "open|unwinding", label: words.underWay },
  { value: "done", label: words.finished },
  { value: "ended", label: words.calledOff },
  { value: "any", label: words.all },
];

function Late({ row }: { row: RunRow }) {
  if (row.late === 0) return <span className="hw-dim">{row.state === "open" ? words.onTime : "—"}</span>;
  return (
    <Badge color="red" variant="light" leftSection={<span aria-hidden>▲</span>}>
      {words.late(row.late)}
    </Badge>
  );
}

const always: readonly TableColumn<RunRow>[] = [
  { name: "title", title: words.title, width: 330, cell: (row) => <RecordLink register="process.run" id={row.id} label={row.title} /> },
  {
    name: "progress",
    title: words.progress,
    width: 210,
    cell: (row) => <Progress settled={row.settled} steps={row.steps} late={row.late} />,
  },
  { name: "late", title: words.lateLabel, width: 110, cell: (row) => <Late row={row} /> },
];
const person: TableColumn<RunRow> = {
  name: "person",
  title: words.person,
  width: 150,
  cell: (row) => <RecordLink register="directory.person" id={row.personId} label={row.person} />,
};
const started: TableColumn<RunRow> = {
  name: "started",
  title: words.started,
  width: 110,
  cell: (row) => <DayText value={row.startedOn} />,
};
const running: readonly TableColumn<RunRow>[] = [
  ...always,
  { name: "nextDue", title: words.nextDue, width: 110, cell: (row) => <DayText value={row.nextDue} /> },
  person,
  started,
];
const closed: readonly TableColumn<RunRow>[] = [
  ...always.slice(0, 2),
  { name: "state", title: words.state, width: 120, cell: (row) => <StateBadge state={row.state} /> },
  person,
  started,
  { name: "closedOn", title: words.finishedOn, width: 110, cell: (row) => <DayText value={row.closedOn} /> },
];

/** Late ones first, then by what is due next. */
const inOrder = (a: RunRow, b: RunRow): number =>
  b.late - a.late || (a.nextDue ?? "9999").localeCompare(b.nextDue ?? "9999") || a.title.localeCompare(b.title);

function Groups({ rows, columns }: { rows: readonly RunRow[]; columns: readonly TableColumn<RunRow>[] }) {
  const go = useGo();
  const called = useCalled();
  const groups = useMemo(() => [...groupBy(rows, (row) => row.process)].toSorted(([a], [b]) => a.localeCompare(b)), [rows]);
  return groups.map(([process, some]) => (
    <Section key={process} title={called(process)} count={some.length}>
      <DataTable
        label={called(process)}
        rows={some.toSorted(inOrder)}
        columns={columns}
        onOpen={(row) => go(recordPath("process.run", row.id))}
      />
    </Section>
  ));
}

function useAsked() {
  const [state, setState] = useQueryState("filter[state]", "open|unwinding");
  const [process, setProcess] = useQueryState("filter[process]");
  const [late, setLate] = useQueryState("late");
  const [search, setSearch] = useQueryState("search");
  const [typed, setTyped] = useState(search);
  const [settledText] = useDebouncedValue(typed, 200);
  useEffect(() => setSearch(settledText || undefined), [settledText, setSearch]);
  const filter: Record<string, string> = {
    ...(state === "any" ? {} : { state }),
    ...(process ? { process } : {}),
    ...(late ? { late: ">=1" } : {}),
  };
  return { state, setState, process, setProcess, late, setLate, search, typed, setTyped, filter };
}

type Asked = ReturnType<typeof useAsked>;

function Tools({ asked, processes }: { asked: Asked; processes: readonly string[] }) {
  const catalogue = useCatalogue();
  const called = useCalled();
  const register = catalogue.register("process.run");
  const list = catalogue.operation("process.run.list");
  return (
    <div className="hw-toolbar" role="group" aria-label={words.state}>
      <SegmentedControl size="xs" data={states} value={asked.state} onChange={asked.setState} aria-label={words.state} />
      {processes.length > 1 && (
        <Select
          size="xs"
          aria-label={words.process}
          placeholder={words.anyProcess}
          clearable
          data={processes.map((value) => ({ value, label: called(value) }))}
          value={asked.process || null}
          onChange={(value) => asked.setProcess(value ?? undefined)}
        />
      )}
      <Checkbox
        size="xs"
        label={words.lateOnly}
        checked={Boolean(asked.late)}
        onChange={(event) => asked.setLate(event.currentTarget.checked ? "1" : undefined)}
      />
      <span className="hw-toolbar-gap" />
      <TextInput
        size="xs"
        className="hw-list-search"
        aria-label={words.search}
        placeholder={words.search}
        leftSection={<Icon name="search" size={14} />}
        value={asked.typed}
        onChange={(event) => asked.setTyped(event.currentTarget.value)}
      />
      {register && list && (
        <ExportMenu register={register} list={list} asked={{ filter: asked.filter, search: asked.search || undefined, sort: "-late" }} />
      )}
    </div>
  );
}

export default function UnderWay() {
  const asked = useAsked();
  const found = useRows<RunRow>("process.run", { filter: asked.filter, search: asked.search || undefined, sort: "-late" });
  const every = useRows<RunRow>("process.run", { filter: {}, limit: 200 });
  const processes = useMemo(() => [...new Set((every.rows ?? []).map((row) => row.process))].toSorted(), [every.rows]);
  const { rows } = found;
  const untouched = !asked.search && !asked.late && !asked.process && asked.state === "open|unwinding";
  return (
    <>
      <PageHeader title={words.runs} does={words.runsDoes} />
      <Tools asked={asked} processes={processes} />
      {found.error && !rows && <ProblemAlert problem={found.error} retry={() => void found.refetch()} />}
      {!rows && !found.error && <LoadingLines lines={8} />}
      {rows?.length === 0 && (
        <EmptyState
          icon="process"
          title={untouched ? words.none : words.noneFound}
          says={untouched ? words.noneSays : words.noneFoundSays}
        />
      )}
      {rows && rows.length > 0 && <Groups rows={rows} columns={asked.state === "open|unwinding" ? running : closed} />}
      {found.hasNextPage && (
        <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {words.more}
        </Button>
      )}
    </>
  );
}
