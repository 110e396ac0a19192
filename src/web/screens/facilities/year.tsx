// The year of maintenance: a row for each month, a mark for each day on which something is due; on a phone as a list by month.
import { ActionIcon } from "@mantine/core";
import {
  dayText,
  EmptyState,
  Icon,
  Loaded,
  PageHeader,
  RecordLink,
  type Row,
  RunButton,
  StateBadge,
  usePage,
  useQueryState,
  useToday,
} from "../../kit/index.ts";
import { groupBy } from "../group.ts";
import "./facilities.css";
import { words } from "./words.ts";

interface Time extends Row {
  readonly title: string;
  readonly due: string;
  readonly state: keyof typeof words.states;
  readonly scheduleId: string;
  readonly resultId: string | null;
  readonly resultSubject: string | null;
}

/** What stands out most on a day with several. */
const weight = { missed: 4, open: 3, planned: 2, done: 1, skipped: 0 } as const;
const worst = (times: readonly Time[]): string => times.toSorted((a, b) => weight[b.state] - weight[a.state])[0]!.state;
const daysOf = (year: number, month: number): number => new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
const dayIn = (year: number, month: number, date: number): string =>
  `${year}-${String(month + 1).padStart(2, "0")}-${String(date).padStart(2, "0")}`;

function Grid({
  year,
  byDay,
  day,
  onDay,
}: {
  year: number;
  byDay: ReadonlyMap<string, Time[]>;
  day: string;
  onDay: (day: string) => void;
}) {
  const today = useToday();
  return (
    <div className="hw-year" role="group" aria-label={words.yearTitle}>
      {words.months.map((name, month) => (
        <div key={name} className="hw-year-month">
          <span className="hw-dim">{name}</span>
          {Array.from({ length: daysOf(year, month) }, (_, index) => {
            const one = dayIn(year, month, index + 1);
            const times = byDay.get(one);
            const weekend = [0, 6].includes(new Date(`${one}T00:00:00Z`).getUTCDay());
            if (!times) return <i key={one} data-weekend={weekend || undefined} data-today={one === today || undefined} />;
            const label = `${words.onDay(dayText(one), times.length)} ${words.states[worst(times) as Time["state"]]}`;
            return (
              <button
                key={one}
                type="button"
                data-state={worst(times)}
                data-today={one === today || undefined}
                aria-pressed={one === day}
                aria-label={label}
                title={times.map((time) => time.title).join("\n")}
                onClick={() => onDay(one === day ? "" : one)}
              >
                {times.length > 1 ? times.length : index + 1}
              </button>
            );
          })}
        </div>
      ))}
    </div>
  );
}

function Times({ times }: { times: readonly Time[] }) {
  return (
    <ul className="hw-year-list">
      {times.map((time) => (
        <li key={time.id}>
          <span className="hw-number">{dayText(time.due)}</span>
          <span className="hw-anywhere">
            {time.resultSubject === "facilities.workOrder" && time.resultId ? (
              <RecordLink register="facilities.workOrder" id={time.resultId} label={time.title} />
            ) : (
              <RecordLink register="office.schedule" id={time.scheduleId} label={time.title} />
            )}
          </span>
          <StateBadge state={time.state} />
        </li>
      ))}
    </ul>
  );
}

function YearStep({ year, go }: { year: number; go: (year: number) => void }) {
  return (
    <div className="hw-year-step" role="group" aria-label={words.yearTitle}>
      <ActionIcon variant="default" size={30} aria-label={words.previous} onClick={() => go(year - 1)}>
        <span className="hw-year-back">
          <Icon name="chevron" size={14} />
        </span>
      </ActionIcon>
      <h2 aria-live="polite">{year}</h2>
      <ActionIcon variant="default" size={30} aria-label={words.next} onClick={() => go(year + 1)}>
        <Icon name="chevron" size={14} />
      </ActionIcon>
    </div>
  );
}

export default function MaintenanceYear() {
  const today = useToday();
  const [asked, setYear] = useQueryState("year", today.slice(0, 4));
  const [day, setDay] = useQueryState("day");
  const year = /^\d{4}$/.test(asked) ? Number(asked) : Number(today.slice(0, 4));
  const found = usePage<Time>("office.occurrence", { filter: { kind: "workOrder", due: `>=${year}-01-01` }, sort: "due", limit: 1000 });
  return (
    <>
      <PageHeader
        title={words.yearTitle}
        does={words.yearDoes}
        actions={<RunButton operation="facilities.maintenancePlan.create">{words.plan}</RunButton>}
      />
      <YearStep year={year} go={(next) => setYear(String(next))} />
      <Loaded query={found} lines={12}>
        {({ rows }) => {
          const own = rows.filter((row) => row.due.startsWith(String(year)));
          if (own.length === 0) return <EmptyState icon="clock" title={words.nothingYear} says={words.nothingYearSays} />;
          const byDay = groupBy(own, (row) => row.due);
          const listed = day && byDay.has(day) ? byDay.get(day)! : own.filter((row) => row.due >= today || row.state === "open");
          return (
            <>
              <Grid year={year} byDay={byDay} day={day ?? ""} onDay={(one) => setDay(one || undefined)} />
              <p className="hw-year-key">
                {(["planned", "open", "done", "missed"] as const).map((state) => (
                  <span key={state}>
                    <i data-state={state} /> {words.states[state]}
                  </span>
                ))}
              </p>
              <Times times={listed.length > 0 ? listed : own} />
            </>
          );
        }}
      </Loaded>
    </>
  );
}
