// The days of a departure: notice, last working day, end of employment, access cut-off and final pay, and what contradicts them.
import { addDays, type Day, endOfMonth, later } from "../../kernel/day.ts";

export interface Notice {
  readonly receivedOn: Day;
  readonly noticeDays: number;
  /** Days agreed otherwise; each takes the place of the computed one. */
  readonly lastDay?: Day;
  readonly lastWorkingDay?: Day;
  readonly accessCutOff?: Day;
  readonly finalPayDay?: Day;
}

export interface LeavingDays {
  readonly lastWorkingDay: Day;
  readonly lastDay: Day;
  readonly accessCutOff: Day;
  readonly finalPayDay: Day;
}

/** Notice runs from the day after it was received; access ends with the last working day, pay with the month, unless agreed otherwise. */
export function leavingDays(notice: Notice): LeavingDays {
  const lastDay = notice.lastDay ?? addDays(notice.receivedOn, notice.noticeDays);
  const lastWorkingDay = notice.lastWorkingDay ?? lastDay;
  return {
    lastDay,
    lastWorkingDay,
    accessCutOff: notice.accessCutOff ?? lastWorkingDay,
    finalPayDay: notice.finalPayDay ?? endOfMonth(later(lastDay, lastWorkingDay)),
  };
}

/** What contradicts itself in the days of a departure, first found; undefined when they fit. */
export function contradiction(
  days: LeavingDays,
  employment: { readonly firstDay: Day; readonly termEnd: Day | null; readonly receivedOn: Day },
): "endBeforeStart" | "endBeforeNotice" | "endAfterTerm" | "workAfterEnd" | undefined {
  if (days.lastDay < employment.firstDay) return "endBeforeStart";
  if (days.lastDay < employment.receivedOn) return "endBeforeNotice";
  if (employment.termEnd && days.lastDay > employment.termEnd) return "endAfterTerm";
  return days.lastWorkingDay > days.lastDay ? "workAfterEnd" : undefined;
}
