// When maintenance comes round: every so many months from a first day, or by a rule of RFC 5545. Pure.
import { RRuleTemporal } from "rrule-temporal";
import { Temporal } from "temporal-polyfill";
import { addDays, addMonths, type Day, later } from "../../kernel/day.ts";

export interface Rhythm {
  readonly firstDay: Day;
  readonly everyMonths: number | null;
  /** Such as `FREQ=WEEKLY;BYDAY=MO`. */
  readonly rule: string | null;
}

const dayRule = /^(RRULE:)?FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;[A-Z]+=[A-Z0-9,+-]+)*$/;

const ruleOf = (rhythm: Rhythm): RRuleTemporal => {
  const start = rhythm.firstDay.replaceAll("-", "");
  return new RRuleTemporal({ rruleString: `DTSTART;TZID=UTC:${start}T000000\nRRULE:${rhythm.rule!.replace(/^RRULE:/, "")}` });
};

/** Whether a rule can be followed: by days or slower, and understood. */
export function isRule(rule: string, firstDay: Day): boolean {
  if (!dayRule.test(rule)) return false;
  try {
    ruleOf({ firstDay, everyMonths: null, rule });
    return true;
  } catch {
    return false;
  }
}

/** The first day on or after `from` on which it comes round; null when it never does again. */
export function nextOccurrence(rhythm: Rhythm, from: Day): Day | null {
  const start = later(rhythm.firstDay, from);
  if (rhythm.rule !== null) {
    // `next` is exclusive, so that the day before finds the day itself.
    const found = ruleOf(rhythm).next(Temporal.ZonedDateTime.from(`${addDays(start, -1)}T00:00:00[UTC]`), false);
    return found ? (found.toString().slice(0, 10) as Day) : null;
  }
  // Counted from the first day each time, so that the 31st does not become the 28th for good.
  let count = 0;
  let day = rhythm.firstDay;
  while (day < start) day = addMonths(rhythm.firstDay, ++count * rhythm.everyMonths!);
  return day;
}

export interface Due {
  /** The occurrence to make a work order for. */
  readonly day: Day;
  /** Earlier ones that nobody made: one visit of the engineer serves for all. */
  readonly missed: number;
  readonly next: Day | null;
}

/** What is to be made now of a plan whose next occurrence is `nextDue`; undefined when it is not yet time. */
export function dueNow(rhythm: Rhythm, nextDue: Day, until: Day): Due | undefined {
  if (nextDue > until) return undefined;
  let day = nextDue;
  let missed = 0;
  for (;;) {
    const next = nextOccurrence(rhythm, addDays(day, 1));
    if (next === null || next > until) return { day, missed, next };
    day = next;
    missed += 1;
  }
}
