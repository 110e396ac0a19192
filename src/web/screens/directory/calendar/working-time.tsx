// A month of a business calendar: each day with its hours on a bar of twenty-four, holidays and exceptions by name.
import { type Day, isDay, startOfMonth } from "../../../../kernel/day.ts";
import { RecordPicker } from "../../../form/record-picker.tsx";
import {
  EmptyState,
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
import { longDayText } from "../../calendar.ts";
import { MonthStep, MonthTable } from "../../month-table.tsx";
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

function Worked({ worked }: { worked: WorkedDay }) {
  return (
    <span className="hw-hours" aria-hidden>
      {worked.name && (
        <span className="hw-hours-name" data-kind={worked.kind}>
          {worked.name}
        </span>
      )}
      <span className="hw-hours-text">{worked.hours.length > 0 ? worked.text : words.closed}</span>
      <DayBar hours={worked.hours} />
    </span>
  );
}

interface GridProps {
  readonly month: Day;
  readonly days: ReadonlyMap<Day, WorkedDay>;
  readonly onMonth: (day: Day) => void;
  readonly onDay: ((day: Day) => void) | undefined;
}

function Grid({ month, days, onMonth, onDay }: GridProps) {
  const labelOf = (day: Day): string => {
    const worked = days.get(day);
    const said = worked ? [worked.name, worked.hours.length > 0 ? worked.text : words.closed] : [];
    return [longDayText(day), ...said].filter(Boolean).join(", ");
  };
  return (
    <MonthTable
      {...{ month, onMonth, onDay, labelOf }}
      withNeighbours={false}
      className="hw-hours-month"
      isClosed={(day) => days.get(day)?.hours.length === 0}
    >
      {(day) => {
        const worked = days.get(day);
        return worked && <Worked worked={worked} />;
      }}
    </MonthTable>
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
        <MonthStep {...{ month, onMonth, words }} />
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
