// Deadlines as a list: what is overdue first, then week by week.
import { Badge } from "@mantine/core";
import type { Day } from "../../../kernel/day.ts";
import { addDays } from "../../../kernel/day.ts";
import { daysFromText, InstantText, RecordLink, Section, StateBadge, useCatalogue, useToday } from "../../kit/index.ts";
import { longDayText, shortDayText, startOfWeek } from "../calendar.ts";
import { type Deadline, isClosed, isKept, recordOf, type Week, weeksOf } from "./deadline.ts";
import { deadlineWords as words } from "./words.ts";

function Line({ deadline, withDay }: { deadline: Deadline; withDay: boolean }) {
  const today = useToday();
  const catalogue = useCatalogue();
  const record = recordOf(deadline, (register) => Boolean(catalogue.register(register)));
  const closed = isClosed(deadline);
  return (
    <li className="hw-deadline" data-late={deadline.late || undefined} data-closed={closed || undefined}>
      <span className="hw-deadline-title">
        {record ? <RecordLink register={record.register} id={record.id} label={deadline.title} /> : deadline.title}
      </span>
      <span className="hw-deadline-facts">
        {withDay && (
          <span className={deadline.late ? "hw-late" : undefined}>
            {deadline.late && <span aria-hidden>▲ </span>}
            <time dateTime={deadline.due}>{shortDayText(deadline.due)}</time>, {daysFromText(deadline.due, today)}
          </span>
        )}
        <span>
          {deadline.person ? <RecordLink register="directory.person" id={deadline.personId} label={deadline.person} /> : words.nobody}
        </span>
        <span className="hw-dim">{words.source[deadline.source]}</span>
        {deadline.dueAt && !closed && <InstantText value={deadline.dueAt} />}
        {closed && (
          <Badge variant="light" color={isKept(deadline) ? "green" : "gray"}>
            {deadline.state === "submitted" ? words.submitted : deadline.state === "met" ? words.met : words.cancelled}
          </Badge>
        )}
        {(deadline.state === "extended" || deadline.state === "paused") && <StateBadge state={deadline.state} />}
      </span>
    </li>
  );
}

function titleOf(week: Week, today: Day): string {
  const now = startOfWeek(today);
  if (week.from === now) return words.thisWeek;
  if (week.from === addDays(now, 7)) return words.nextWeek;
  return words.week(shortDayText(week.from), shortDayText(week.until));
}

interface AgendaProps {
  readonly overdue: readonly Deadline[];
  readonly deadlines: readonly Deadline[];
}

export function Overdue({ overdue }: Pick<AgendaProps, "overdue">) {
  if (overdue.length === 0) return null;
  return (
    <Section
      title={
        <span className="hw-late">
          <span aria-hidden>▲ </span>
          {words.overdue}
        </span>
      }
      count={overdue.length}
    >
      <ul className="hw-deadlines" data-overdue>
        {overdue.map((one) => (
          <Line key={one.id} deadline={one} withDay />
        ))}
      </ul>
    </Section>
  );
}

export function Agenda({ overdue, deadlines }: AgendaProps) {
  const today = useToday() as Day;
  return (
    <>
      <Overdue overdue={overdue} />
      {weeksOf(deadlines).map((week) => (
        <Section key={week.from} title={titleOf(week, today)} count={week.days.reduce((sum, one) => sum + one.deadlines.length, 0)}>
          <div className="hw-deadlines">
            {week.days.map(({ day, deadlines: some }) => (
              <div key={day} className="hw-deadline-day">
                <h3 data-today={day === today || undefined}>
                  {longDayText(day)}
                  {day === today && ` · ${words.today}`}
                </h3>
                <ul>
                  {some.map((one) => (
                    <Line key={one.id} deadline={one} withDay={false} />
                  ))}
                </ul>
              </div>
            ))}
          </div>
        </Section>
      ))}
    </>
  );
}

/** What is due on one day. */
export function OneDay({ day, deadlines, onClear }: { day: Day; deadlines: readonly Deadline[]; onClear: () => void }) {
  return (
    <Section
      title={longDayText(day)}
      count={deadlines.length}
      actions={
        <button type="button" className="hw-textbutton" onClick={onClear}>
          {words.wholeMonth}
        </button>
      }
    >
      {deadlines.length === 0 ? (
        <p className="hw-dim">{words.nothingDay}</p>
      ) : (
        <ul className="hw-deadlines">
          {deadlines.map((one) => (
            <Line key={one.id} deadline={one} withDay={false} />
          ))}
        </ul>
      )}
    </Section>
  );
}
