// A month as a table of days: one day is in the tab order, the arrows take it along into other months too, Enter takes the day.
import { ActionIcon } from "@mantine/core";
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { addDays, addMonths, dateOf, type Day, startOfMonth } from "../../kernel/day.ts";
import { Icon, numberText, useToday } from "../kit/index.ts";
import { monthText, weekdayNames, weeksOfMonth } from "./calendar.ts";
import "./month.css";

interface MonthTableProps {
  readonly month: Day;
  readonly onMonth: (month: Day) => void;
  readonly onDay: ((day: Day) => void) | undefined;
  /** Whether the days of neighbouring months that fill the first and last week are days like the others. */
  readonly withNeighbours: boolean;
  readonly chosen?: string;
  /** What is said of a day to whoever does not see it. */
  readonly labelOf: (day: Day) => string;
  readonly isClosed?: (day: Day) => boolean;
  readonly className?: string;
  readonly children: (day: Day) => ReactNode;
}

const steps: Readonly<Record<string, (day: Day) => Day>> = {
  ArrowLeft: (day) => addDays(day, -1),
  ArrowRight: (day) => addDays(day, 1),
  ArrowUp: (day) => addDays(day, -7),
  ArrowDown: (day) => addDays(day, 7),
  PageUp: (day) => addMonths(day, -1),
  PageDown: (day) => addMonths(day, 1),
};

function useDayKeys({ month, chosen, onMonth, onDay, withNeighbours }: MonthTableProps) {
  const today = useToday() as Day;
  const box = useRef<HTMLTableElement>(null);
  const wantsFocus = useRef(false);
  const [at, setAt] = useState<Day>((chosen || today) as Day);
  const isDayHere = (day: Day): boolean =>
    withNeighbours ? weeksOfMonth(month).some((week) => week.includes(day)) : startOfMonth(day) === month;
  const here = isDayHere(at) ? at : month;
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
      if (!isDayHere(next) || event.key.startsWith("Page")) onMonth(next);
    } else if ((event.key === "Enter" || event.key === " ") && onDay) onDay(here);
    else return;
    event.preventDefault();
  };
  return { box, here, setAt, onKeyDown };
}

export function MonthTable(props: MonthTableProps) {
  const { month, onDay, withNeighbours, chosen, labelOf, isClosed, className = "", children } = props;
  const today = useToday();
  const { box, here, setAt, onKeyDown } = useDayKeys(props);
  const cell = (day: Day) => {
    const isOther = startOfMonth(day) !== month;
    const take = onDay && (withNeighbours || !isOther) ? onDay : undefined;
    return (
      <td
        key={day}
        role="gridcell"
        data-day={day}
        data-other={isOther || undefined}
        data-here={chosen === day || undefined}
        data-closed={isClosed?.(day) || undefined}
        aria-selected={chosen === undefined ? undefined : chosen === day}
        aria-current={day === today ? "date" : undefined}
        aria-label={labelOf(day)}
        tabIndex={day === here ? 0 : -1}
        onClick={() => {
          setAt(day);
          take?.(day);
        }}
      >
        <span className="hw-month-date" data-today={day === today || undefined} data-other={isOther || undefined}>
          {numberText(dateOf(day))}
        </span>
        {children(day)}
      </td>
    );
  };
  return (
    <table className={`hw-month ${className}`} role="grid" ref={box} aria-label={monthText(month)} onKeyDown={onKeyDown}>
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
          <tr key={week[0]}>{week.map(cell)}</tr>
        ))}
      </tbody>
    </table>
  );
}

interface MonthStepProps {
  readonly month: Day;
  readonly onMonth: (month: Day) => void;
  readonly words: { readonly month: string; readonly previous: string; readonly next: string };
  readonly children?: ReactNode;
}

/** The month that is shown, with the one before and the one after. */
export function MonthStep({ month, onMonth, words, children }: MonthStepProps) {
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
      {children}
    </div>
  );
}
