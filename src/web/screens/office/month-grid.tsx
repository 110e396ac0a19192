// A month as a grid of days with what is due on each; the arrows walk the days, Enter shows one of them.
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { addDays, addMonths, dateOf, type Day, monthOf } from "../../../kernel/day.ts";
import { numberText, useToday } from "../../kit/index.ts";
import { longDayText, monthText, weekdayNames, weeksOfMonth } from "../calendar.ts";
import { type Deadline, isClosed, isKept } from "./deadline.ts";
import { deadlineWords as words } from "./words.ts";

interface MonthGridProps {
  readonly month: Day;
  readonly byDay: ReadonlyMap<Day, readonly Deadline[]>;
  readonly chosen: string;
  readonly onChoose: (day: Day) => void;
  readonly onMonth: (month: Day) => void;
}

const shownAtMost = 3;

function DayCell({ day, deadlines, isOther, isToday }: { day: Day; deadlines: readonly Deadline[]; isOther: boolean; isToday: boolean }) {
  return (
    <>
      <span className="hw-month-date" data-today={isToday || undefined} data-other={isOther || undefined}>
        {numberText(dateOf(day))}
      </span>
      <span className="hw-month-chips" aria-hidden>
        {deadlines.slice(0, shownAtMost).map((one) => (
          <span key={one.id} className="hw-month-chip" data-late={one.late || undefined} data-closed={isClosed(one) || undefined}>
            {one.late ? "▲ " : isKept(one) ? "✓ " : ""}
            {one.title}
          </span>
        ))}
        {deadlines.length > shownAtMost && <span className="hw-month-more">{words.more(deadlines.length - shownAtMost)}</span>}
      </span>
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

/** One day is in the tab order; the arrows take it along, into other months too. */
function useDayKeys({ month, chosen, onChoose, onMonth }: MonthGridProps) {
  const today = useToday() as Day;
  const box = useRef<HTMLTableElement>(null);
  const wantsFocus = useRef(false);
  const [at, setAt] = useState<Day>((chosen || today) as Day);
  const shown = weeksOfMonth(month).flat();
  const here = shown.includes(at) ? at : month;
  useEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    box.current?.querySelector<HTMLElement>(`[data-day="${here}"]`)?.focus();
  }, [here, month]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = steps[event.key];
    if (step) {
      const next = step(here);
      wantsFocus.current = true;
      setAt(next);
      if (!shown.includes(next) || event.key.startsWith("Page")) onMonth(next);
    } else if (event.key === "Enter" || event.key === " ") onChoose(here);
    else return;
    event.preventDefault();
  };
  return { box, here, setAt, onKeyDown };
}

export function MonthGrid(props: MonthGridProps) {
  const { month, byDay, chosen, onChoose } = props;
  const today = useToday();
  const { box, here, setAt, onKeyDown } = useDayKeys(props);
  return (
    <table className="hw-month" role="grid" ref={box} aria-label={monthText(month)} onKeyDown={onKeyDown}>
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
              const deadlines = byDay.get(day) ?? [];
              const late = deadlines.filter((one) => one.late).length;
              return (
                <td
                  key={day}
                  role="gridcell"
                  data-day={day}
                  data-other={monthOf(day) !== monthOf(month) || undefined}
                  data-here={chosen === day || undefined}
                  aria-selected={chosen === day}
                  aria-current={day === today ? "date" : undefined}
                  aria-label={[longDayText(day), words.due(deadlines.length), late > 0 ? words.lateOnes(late) : ""]
                    .filter(Boolean)
                    .join(", ")}
                  tabIndex={day === here ? 0 : -1}
                  onClick={() => {
                    setAt(day);
                    onChoose(day);
                  }}
                >
                  <DayCell day={day} deadlines={deadlines} isOther={monthOf(day) !== monthOf(month)} isToday={day === today} />
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
