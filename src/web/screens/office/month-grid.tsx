// A month of deadlines: what is due stands on its day, at most three of a day by name.
import type { Day } from "../../../kernel/day.ts";
import { longDayText } from "../calendar.ts";
import { MonthTable } from "../month-table.tsx";
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

function Chips({ deadlines }: { deadlines: readonly Deadline[] }) {
  return (
    <span className="hw-month-chips" aria-hidden>
      {deadlines.slice(0, shownAtMost).map((one) => (
        <span key={one.id} className="hw-month-chip" data-late={one.late || undefined} data-closed={isClosed(one) || undefined}>
          {one.late ? "▲ " : isKept(one) ? "✓ " : ""}
          {one.title}
        </span>
      ))}
      {deadlines.length > shownAtMost && <span className="hw-month-more">{words.more(deadlines.length - shownAtMost)}</span>}
    </span>
  );
}

export function MonthGrid({ month, byDay, chosen, onChoose, onMonth }: MonthGridProps) {
  const dueOn = (day: Day): readonly Deadline[] => byDay.get(day) ?? [];
  const labelOf = (day: Day): string => {
    const late = dueOn(day).filter((one) => one.late).length;
    return [longDayText(day), words.due(dueOn(day).length), late > 0 ? words.lateOnes(late) : ""].filter(Boolean).join(", ");
  };
  return (
    <MonthTable {...{ month, chosen, onMonth, labelOf }} onDay={onChoose} withNeighbours>
      {(day) => <Chips deadlines={dueOn(day)} />}
    </MonthTable>
  );
}
