// Every deadline of the company in a month, with what is overdue first; on a narrow screen as a list only.
import { Button, Checkbox, Select } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useMemo } from "react";
import { type Day, endOfMonth, isDay, startOfMonth } from "../../../kernel/day.ts";
import { RecordPicker } from "../../form/record-picker.tsx";
import {
  AppLink,
  EmptyState,
  Icon,
  LoadingLines,
  PageHeader,
  ProblemAlert,
  registerPath,
  RunButton,
  useCatalogue,
  useMe,
  usePage,
  useQueryState,
  useToday,
} from "../../kit/index.ts";
import { useSetQueryFields } from "../../kit/query-state.ts";
import { weeksOfMonth } from "../calendar.ts";
import { groupBy } from "../group.ts";
import { MonthStep } from "../month-table.tsx";
import { Agenda, OneDay } from "./agenda.tsx";
import { type Deadline, openFilter, within } from "./deadline.ts";
import "./deadline.css";
import { MonthGrid } from "./month-grid.tsx";
import { deadlineWords as words, mapWords } from "./words.ts";

function useWish() {
  const me = useMe();
  const today = useToday() as Day;
  const change = useSetQueryFields();
  const [asked] = useQueryState("month", today.slice(0, 7));
  const [day, setDay] = useQueryState("day");
  const [department, setDepartment] = useQueryState("department");
  const [personId, setPersonId] = useQueryState("personId");
  const [met, setMet] = useQueryState("met");
  const first = `${asked}-01`;
  const month = isDay(first) ? first : startOfMonth(today);
  const filter: Record<string, string> = {
    ...(met ? {} : { state: openFilter }),
    ...(department ? { activity: `~${department}.` } : {}),
    ...(personId ? { personId } : {}),
  };
  const setMonth = (next: Day): void => change({ month: next.slice(0, 7), day: undefined });
  return { me, today, month, setMonth, day, setDay, department, setDepartment, personId, setPersonId, met, setMet, filter };
}

type Wish = ReturnType<typeof useWish>;

function Tools({ wish }: { wish: Wish }) {
  const { month, setMonth, today } = wish;
  const { modules } = useCatalogue();
  const departments = modules.filter((one) => !["platform", "identity", "process"].includes(one.name));
  return (
    <div className="hw-toolbar">
      <MonthStep month={month} onMonth={setMonth} words={words}>
        {startOfMonth(today) !== month && (
          <Button variant="default" onClick={() => setMonth(startOfMonth(today))}>
            {words.thisMonth}
          </Button>
        )}
      </MonthStep>
      <span className="hw-toolbar-gap" />
      <Select
        size="xs"
        aria-label={mapWords.department}
        placeholder={mapWords.everyDepartment}
        clearable
        data={departments.map((one) => ({ value: one.name, label: one.title }))}
        value={wish.department || null}
        onChange={(value) => wish.setDepartment(value ?? undefined)}
      />
      <RecordPicker
        register="directory.person"
        size="xs"
        aria-label={words.owner}
        placeholder={words.owner}
        value={wish.personId || null}
        onChange={(id) => wish.setPersonId(id ?? undefined)}
      />
      {wish.me.personId && (
        <Checkbox
          size="xs"
          label={words.mine}
          checked={wish.personId === wish.me.personId}
          onChange={(event) => wish.setPersonId(event.currentTarget.checked ? (wish.me.personId ?? undefined) : undefined)}
        />
      )}
      <Checkbox
        size="xs"
        label={words.withMet}
        checked={Boolean(wish.met)}
        onChange={(event) => wish.setMet(event.currentTarget.checked ? "1" : undefined)}
      />
    </div>
  );
}

function Shown({ wish, overdue, upcoming }: { wish: Wish; overdue: readonly Deadline[]; upcoming: readonly Deadline[] }) {
  const narrow = useMediaQuery("(max-width: 62em)", false, { getInitialValueInEffect: false });
  const { month, day } = wish;
  const byDay = useMemo(() => groupBy(upcoming, (one) => one.due), [upcoming]);
  const ofMonth = within(upcoming, month, endOfMonth(month)).filter((one) => !one.late);
  const chosen = isDay(day) ? day : undefined;
  const list = (
    <div className="hw-agenda" role="region" aria-label={words.agenda}>
      {chosen ? (
        <OneDay day={chosen} deadlines={byDay.get(chosen) ?? []} onClear={() => wish.setDay(undefined)} />
      ) : (
        <>
          <Agenda overdue={overdue} deadlines={ofMonth} />
          {ofMonth.length === 0 && <EmptyState icon="today" title={words.nothing} says={words.nothingSays} compact={overdue.length > 0} />}
        </>
      )}
    </div>
  );
  if (narrow) return list;
  return (
    <div className="hw-month-page">
      <div>
        <MonthGrid
          month={month}
          byDay={byDay}
          chosen={day}
          onChoose={(one) => wish.setDay(one === day ? undefined : one)}
          onMonth={wish.setMonth}
        />
        <p className="hw-listfoot">{words.keys}</p>
      </div>
      {list}
    </div>
  );
}

export default function DeadlineCalendar() {
  const wish = useWish();
  const title = useCatalogue().modules.find((one) => one.name === "office")?.title ?? "";
  const weeks = weeksOfMonth(wish.month);
  const from = weeks[0]?.[0] ?? wish.month;
  const until = weeks.at(-1)?.at(-1) ?? endOfMonth(wish.month);
  const late = usePage<Deadline>("office.deadline", { filter: { ...wish.filter, late: "true" }, sort: "due", limit: 200 }, { keep: true });
  const month = usePage<Deadline>(
    "office.deadline",
    { filter: { ...wish.filter, due: `>=${from}` }, sort: "due", limit: 1000 },
    { keep: true },
  );
  const problem = month.error ?? late.error;
  const rows = within(month.data?.rows ?? [], from, until);
  const isCut = Boolean(month.data?.next) && (month.data?.rows.at(-1)?.due ?? "") <= until;
  return (
    <>
      <PageHeader
        title={words.title}
        does={words.does}
        crumbs={[{ title, to: "/m/office" }]}
        actions={
          <>
            <RunButton operation="office.calendarFeed.create" variant="default">
              {words.subscribe}
            </RunButton>
            <Button variant="default" component={AppLink} to={registerPath("office.deadline")} leftSection={<Icon name="list" size={14} />}>
              {words.asList}
            </Button>
          </>
        }
      />
      <Tools wish={wish} />
      {isCut && <p className="hw-late">{words.tooMany}</p>}
      {problem && !month.data && (
        <ProblemAlert
          problem={problem}
          retry={() => {
            void month.refetch();
            void late.refetch();
          }}
        />
      )}
      {!month.data && !problem && <LoadingLines lines={12} />}
      {month.data && <Shown wish={wish} overdue={late.data?.rows ?? []} upcoming={rows} />}
    </>
  );
}
