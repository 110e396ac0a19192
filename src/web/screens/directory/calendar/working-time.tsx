// A month of a business calendar: each day with its hours on a bar of twenty-four, holidays and exceptions by name.
import { ActionIcon } from "@mantine/core";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { addDays, addMonths, dateOf, type Day, isDay, monthOf, startOfMonth } from "../../../../kernel/day.ts";
import { RecordPicker } from "../../../form/record-picker.tsx";
import {
  EmptyState,
  Icon,
  Loaded,
  numberText,
  PageHeader,
  type Row,
  RunButton,
  useMay,
  useOpenForm,
  useOperation,
  usePage,
  useQueryState,
  useToday,
} from "../../../kit/index.ts";
import { longDayText, monthText, weekdayNames, weeksOfMonth } from "../../calendar.ts";
import "../../office/deadline.css";
import "./working-time.css";
import { calendarWords as words } from "./words.ts";

interface WorkedDay {
  readonly day: Day;
  readonly hours: readonly { readonly from: string; readonly until: string; readonly minutes: number }[];
  readonly text: string;
  readonly kind: "weekday" | "holiday" | "exception";
  readonly name: string | null;
}

interface Month {
  readonly zone: string;
  readonly workedDays: number;
  readonly workedMinutes: number;
  readonly days: readonly WorkedDay[];
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
const share = (minutes: number): string => `${(minutes / 1440) * 100}%`;

/** Twenty-four hours from left to right; what runs past midnight ends at the edge. */
function DayBar({ hours }: { hours: WorkedDay["hours"] }) {
  return (
    <span className="hw-hours-bar" aria-hidden>
      {hours.map((span) => {
        const from = minutesOf(span.from);
        return <i key={span.from} style={{ left: share(from), width: share(Math.min(span.minutes, 1440 - from)) }} />;
      })}
    </span>
  );
}

function DayOf({ day, worked, isOther }: { day: Day; worked: WorkedDay | undefined; isOther: boolean }) {
  const today = useToday();
  return (
    <>
      <span className="hw-month-date" data-today={day === today || undefined} data-other={isOther || undefined}>
        {numberText(dateOf(day))}
      </span>
      {worked && (
        <span className="hw-hours" aria-hidden>
          {worked.name && (
            <span className="hw-hours-name" data-kind={worked.kind}>
              {worked.name}
            </span>
          )}
          <span className="hw-hours-text">{worked.hours.length > 0 ? worked.text : words.closed}</span>
          <DayBar hours={worked.hours} />
        </span>
      )}
    </>
  );
}

const steps: Readonly<Record<string, (day: Day) => Day>> = {
  ArrowLeft: (day) => addDays(day, -1),
  ArrowRight: (day) => addDays(day, 1),
  ArrowUp: (day) => addDays(day, -7),
  ArrowDown: (day) => addDays(day, 7),
  PageUp: (day) => addMonths(day, -1),
  PageDown: (day) => addMonths(day, 1),
};

interface GridProps {
  readonly month: Day;
  readonly days: ReadonlyMap<Day, WorkedDay>;
  readonly onMonth: (day: Day) => void;
  readonly onDay: ((day: Day) => void) | undefined;
}

function useDayKeys({ month, onMonth, onDay }: GridProps) {
  const box = useRef<HTMLTableElement>(null);
  const wantsFocus = useRef(false);
  const [at, setAt] = useState<Day>(useToday() as Day);
  const here = monthOf(at) === monthOf(month) && at.slice(0, 4) === month.slice(0, 4) ? at : month;
  useEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    box.current?.querySelector<HTMLElement>(`[data-day="${here}"]`)?.focus();
  }, [here]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = steps[event.key];
    if (step) {
      const next = step(here);
      wantsFocus.current = true;
      setAt(next);
      if (startOfMonth(next) !== month) onMonth(next);
    } else if (event.key === "Enter" && onDay) onDay(here);
    else return;
    event.preventDefault();
  };
  return { box, here, onKeyDown };
}

function Grid(props: GridProps) {
  const { month, days, onDay } = props;
  const { box, here, onKeyDown } = useDayKeys(props);
  return (
    <table className="hw-month hw-hours-month" role="grid" ref={box} aria-label={monthText(month)} onKeyDown={onKeyDown}>
      <thead>
        <tr>
          {weekdayNames().map((name) => (
            <th key={name.long} scope="col" abbr={name.long}>
              {name.short}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOfMonth(month).map((week) => (
          <tr key={week[0]}>
            {week.map((day) => {
              const worked = days.get(day);
              const isOther = monthOf(day) !== monthOf(month);
              const said = worked && [longDayText(day), worked.name, worked.hours.length > 0 ? worked.text : words.closed];
              return (
                <td
                  key={day}
                  role="gridcell"
                  data-day={day}
                  data-other={isOther || undefined}
                  data-closed={(worked && worked.hours.length === 0) || undefined}
                  aria-label={said ? said.filter(Boolean).join(", ") : longDayText(day)}
                  tabIndex={day === here ? 0 : -1}
                  onClick={() => !isOther && onDay?.(day)}
                >
                  <DayOf day={day} worked={worked} isOther={isOther} />
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Unlike({ days }: { days: readonly WorkedDay[] }) {
  const unlike = days.filter((one) => one.kind !== "weekday");
  return (
    <section className="hw-hours-unlike" aria-labelledby="hw-unlike">
      <h2 id="hw-unlike">{words.unlike}</h2>
      {unlike.length === 0 && <p className="hw-dim">{words.unlikeNone}</p>}
      <dl>
        {unlike.map((one) => (
          <div key={one.day}>
            <dt>{longDayText(one.day)}</dt>
            <dd>
              {one.name} – {one.hours.length > 0 ? one.text : words.closed.toLowerCase()}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function MonthStep({ month, onMonth }: { month: Day; onMonth: (day: Day) => void }) {
  return (
    <div className="hw-month-step" role="group" aria-label={words.month}>
      <ActionIcon variant="default" size={30} aria-label={words.previous} onClick={() => onMonth(addMonths(month, -1))}>
        <span className="hw-flip">
          <Icon name="chevron" size={14} />
        </span>
      </ActionIcon>
      <h2 aria-live="polite">{monthText(month)}</h2>
      <ActionIcon variant="default" size={30} aria-label={words.next} onClick={() => onMonth(addMonths(month, 1))}>
        <Icon name="chevron" size={14} />
      </ActionIcon>
    </div>
  );
}

function CalendarMonth({ calendarId, month, onMonth }: { calendarId: string; month: Day; onMonth: (day: Day) => void }) {
  const open = useOpenForm();
  const may = useMay("directory.calendar.setException");
  const query = useOperation<Month>("directory.calendar.month", { calendarId, month: month.slice(0, 7) }, { keep: true });
  return (
    <Loaded query={query} lines={8}>
      {(shown) => (
        <div className="hw-month-page">
          <div>
            <Grid
              month={month}
              days={new Map(shown.days.map((one) => [one.day, one]))}
              onMonth={onMonth}
              onDay={may ? (day) => open("directory.calendar.setException", { calendarId, day }) : undefined}
            />
            {may && <p className="hw-small hw-dim">{words.keys}</p>}
          </div>
          <div>
            <p role="status">{words.worked(shown.workedDays, numberText(Math.round(shown.workedMinutes / 6) / 10))}</p>
            <p className="hw-small hw-dim">{words.zone(shown.zone)}</p>
            <Unlike days={shown.days} />
          </div>
        </div>
      )}
    </Loaded>
  );
}

export default function WorkingTime() {
  const today = useToday() as Day;
  const [asked, setAsked] = useQueryState("month", today.slice(0, 7));
  const [chosen, setChosen] = useQueryState("calendarId");
  const calendars = usePage<Row & { company: boolean }>("directory.calendar", { sort: "name", limit: 200 }, { keep: true });
  const rows = calendars.data?.rows ?? [];
  const calendarId = chosen || (rows.find((row) => row.company) ?? rows[0])?.id;
  const first = `${asked}-01`;
  const month = isDay(first) ? first : startOfMonth(today);
  const onMonth = (day: Day): void => setAsked(day.slice(0, 7));
  return (
    <>
      <PageHeader
        title={words.title}
        does={words.does}
        actions={
          calendarId && (
            <>
              <RunButton operation="directory.calendar.setHours" fields={{ calendarId, from: today }} variant="default">
                {words.hours}
              </RunButton>
              <RunButton operation="directory.calendar.addHolidays" fields={{ calendarId }} variant="default">
                {words.holidays}
              </RunButton>
              <RunButton operation="directory.calendar.assign" fields={{ calendarId }} variant="default">
                {words.assign}
              </RunButton>
            </>
          )
        }
      />
      <div className="hw-toolbar">
        <MonthStep month={month} onMonth={onMonth} />
        <span className="hw-toolbar-gap" />
        <RecordPicker
          register="directory.calendar"
          size="xs"
          aria-label={words.calendar}
          placeholder={words.calendar}
          value={calendarId ?? null}
          onChange={(id) => setChosen(id ?? undefined)}
        />
      </div>
      <Loaded query={calendars} lines={8}>
        {() =>
          calendarId ? (
            <CalendarMonth calendarId={calendarId} month={month} onMonth={onMonth} />
          ) : (
            <EmptyState
              title={words.none}
              says={words.noneSays}
              action={<RunButton operation="directory.calendar.create">{words.create}</RunButton>}
            />
          )
        }
      </Loaded>
    </>
  );
}
