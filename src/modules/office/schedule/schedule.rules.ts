// What a schedule has to do by now: which times are written down ahead, which open, which are served by another, missed or come next. Pure.
import { addDays, type Day, monthOf } from "../../../kernel/day.ts";
import { monthsRule, occurrencesOf, readRule, type Recurrence } from "./recurrence.rules.ts";
import { instantOf, wallAt } from "./wall.rules.ts";
import type { Wall } from "./week-year.rules.ts";

export const kinds = ["task", "workOrder", "controlTest", "review", "filing", "operation"] as const;
export const anchors = ["fixed", "completion"] as const;
export const missedPolicies = ["skip", "once", "all"] as const;
export const shifts = ["none", "forward", "back", "modifiedFollowing"] as const;
export type Shift = (typeof shifts)[number];

export interface Meter {
  readonly every: number;
  /** `or`: by date or by meter, whichever comes first; `and`: once both are reached. */
  readonly combine: "or" | "and";
  /** The total when it was last done. */
  readonly base: number;
  readonly total: number;
}

export interface Terms extends Recurrence {
  readonly zone: string;
  /** `fixed`: every time of the rule comes. `completion`: the next one is counted from the day this one was done. */
  readonly anchor: (typeof anchors)[number];
  readonly leadDays: number;
  readonly horizonDays: number;
  /** Of several that nobody opened in time: none, the last for all of them, or up to `missedMax` of them. */
  readonly missed: (typeof missedPolicies)[number];
  readonly missedMax: number;
  readonly shift: Shift;
  readonly lastDay: Day | null;
  readonly meter: Meter | null;
}

export interface Time {
  readonly scheduled: Wall;
  readonly due: Day;
  /** In milliseconds since 1970. */
  readonly opensAt: number;
}

type IsWorked = (day: Day) => boolean;

const dayOf = (wall: Wall): Day => wall.slice(0, 10) as Day;
const endOf = (day: Day): Wall => `${day}T23:59:59`;
/** No run of days without work is longer. */
const daysTried = 60;

/** The day it is due when the planned one is not worked. Modified following goes forward, but back rather than into another month. */
export function shiftDay(day: Day, shift: Shift, isWorked: IsWorked): Day {
  if (shift === "none" || isWorked(day)) return day;
  const nearest = (step: 1 | -1): Day => {
    for (let count = 1; count <= daysTried; count++) if (isWorked(addDays(day, step * count))) return addDays(day, step * count);
    return day;
  };
  if (shift === "back") return nearest(-1);
  const after = nearest(1);
  return shift === "modifiedFollowing" && monthOf(after) !== monthOf(day) ? nearest(-1) : after;
}

export function timeOf(terms: Terms, scheduled: Wall, isWorked: IsWorked): Time {
  const due = shiftDay(dayOf(scheduled), terms.shift, isWorked);
  const hour = scheduled.slice(10) || "T00:00:00";
  return { scheduled, due, opensAt: instantOf(`${addDays(due, -terms.leadDays)}${hour}`, terms.zone) };
}

/** The times that come after one, whatever becomes of them: for looking ahead. Of a completion anchor, as if each were done on its day. */
export function nextTimes(terms: Terms, after: Wall | undefined, limit: number, isWorked: IsWorked): Time[] {
  const until = terms.lastDay === null ? {} : { until: endOf(terms.lastDay) };
  if (terms.anchor === "fixed") {
    return occurrencesOf(terms, { ...(after !== undefined && { after }), ...until, limit }).map((wall) => timeOf(terms, wall, isWorked));
  }
  const found: Time[] = [];
  let from = after;
  while (found.length < limit) {
    const next = from === undefined ? occurrencesOf(terms, { ...until, limit: 1 })[0] : afterDone(terms, dayOf(from));
    if (next === undefined) break;
    found.push(timeOf(terms, next, isWorked));
    from = next;
  }
  return found;
}

/** The next time when it was done on a day: the rule begun anew on that day, at the hour it always has. */
function afterDone(terms: Terms, done: Day): Wall | undefined {
  const start = `${done}${terms.start.slice(10)}`;
  const months = Number(readRule(terms.rule ?? "")?.get("INTERVAL") ?? 1);
  const rule = terms.rule === monthsRule(terms.start, months) ? monthsRule(start, months) : terms.rule;
  const until = terms.lastDay === null ? {} : { until: endOf(terms.lastDay) };
  return occurrencesOf({ ...terms, start, rule }, { after: endOf(done), ...until, limit: 1 })[0];
}

/** What stands written down of a schedule. */
export interface Standing {
  readonly planned: readonly Time[];
  readonly openCount: number;
  /** The last time that was written down, or the end of the day it was last done; undefined before the first. */
  readonly after: Wall | undefined;
}

export interface Look {
  /** Times to write down. */
  readonly add: readonly Time[];
  readonly open: readonly (Time & { readonly servesFor: number })[];
  /** Served by one that opens instead. */
  readonly skipped: readonly Wall[];
  readonly missed: readonly Wall[];
  readonly after: Wall | undefined;
  readonly lookAt: number | null;
  readonly isEnded: boolean;
}

const behindMax = 400;
const aheadMax = 100;
const walkMax = 20_000;

/** What is to be done at a moment. Told again at the same moment, of what it left, it finds nothing more to do. */
export function look(terms: Terms, standing: Standing, now: number, isWorked: IsWorked): Look {
  const ahead = timesAhead(terms, standing, now, isWorked);
  const all = [...standing.planned, ...ahead.add].toSorted((a, b) => (a.scheduled < b.scheduled ? -1 : 1));
  const waits = terms.meter !== null && standing.openCount > 0;
  const ripe = waits ? [] : ripeOf(terms, all, now, isWorked);
  const sorted = triage(terms, ripe, now);
  const made = ripe.filter((time) => !all.some((one) => one.scheduled === time.scheduled));
  const left = all.filter((time) => !ripe.some((one) => one.scheduled === time.scheduled));
  const isReached = terms.meter === null || terms.meter.combine === "or" || hasReached(terms.meter);
  const moments = [
    ...(waits || !isReached ? [] : left.map((time) => time.opensAt)),
    ...(ahead.nextLook === undefined ? [] : [ahead.nextLook]),
  ];
  const opens = sorted.open.length;
  // What is open of a completion anchor brings the next one; a fixed one that has run out is over, whatever is still open.
  const mayCome = left.length > 0 || ahead.nextLook !== undefined || (terms.anchor === "completion" && opens + standing.openCount > 0);
  // By the meter it comes round until its last day; what was skipped or missed of a completion anchor comes round from then.
  const byMeter = terms.meter !== null && (terms.lastDay === null || terms.lastDay >= dayOf(wallAt(now, terms.zone)));
  const stalled = terms.anchor === "completion" && opens === 0 && ripe.length > 0;
  return {
    ...sorted,
    add: [...ahead.add, ...made],
    after: ahead.after,
    lookAt: stalled ? now : (moments.toSorted((a, b) => a - b)[0] ?? null),
    isEnded: !mayCome && !byMeter && !stalled,
  };
}

interface Ahead {
  readonly add: readonly Time[];
  readonly after: Wall | undefined;
  /** When the next time after those comes within the horizon. */
  readonly nextLook: number | undefined;
}

function timesAhead(terms: Terms, { planned, openCount, after }: Standing, now: number, isWorked: IsWorked): Ahead {
  const nothing = { add: [], after, nextLook: undefined };
  if (terms.rule === null && (terms.also ?? []).length === 0) return nothing;
  if (terms.anchor === "completion") {
    const add = planned.length + openCount > 0 ? [] : nextTimes(terms, after, 1, isWorked);
    return { add, after: add[0]?.scheduled ?? after, nextLook: undefined };
  }
  const wallNow = wallAt(now, terms.zone);
  const horizon = endOf(addDays(dayOf(wallNow), Math.max(terms.horizonDays, terms.leadDays)));
  const until = terms.lastDay !== null && endOf(terms.lastDay) < horizon ? endOf(terms.lastDay) : horizon;
  const times = occurrencesOf(terms, { ...(after !== undefined && { after }), until, limit: walkMax });
  const behind = times.filter((wall) => wall <= wallNow).slice(-behindMax);
  const coming = times.filter((wall) => wall > wallNow).slice(0, aheadMax);
  const add = [...behind, ...coming].map((wall) => timeOf(terms, wall, isWorked));
  const last = add.at(-1)?.scheduled ?? after;
  const [next] = nextTimes(terms, last, 1, isWorked);
  const days = Math.max(terms.horizonDays, terms.leadDays);
  const nextLook = next && Math.max(now, instantOf(`${addDays(dayOf(next.scheduled), -days)}T00:00:00`, terms.zone));
  return { add, after: last, nextLook };
}

const hasReached = (meter: Meter): boolean => meter.total - meter.base >= meter.every;

/** Those that are to be opened or judged now. By the meter the next time opens early; without one, this moment is its time. */
function ripeOf(terms: Terms, all: readonly Time[], now: number, isWorked: IsWorked): readonly Time[] {
  const byDate = all.filter((time) => time.opensAt <= now);
  if (terms.meter === null) return byDate;
  if (terms.meter.combine === "and") return hasReached(terms.meter) ? byDate : [];
  if (byDate.length > 0 || !hasReached(terms.meter)) return byDate;
  const wallNow = wallAt(now, terms.zone);
  const latest = shiftDay(addDays(dayOf(wallNow), terms.leadDays), terms.shift, isWorked);
  const first = all[0];
  if (!first) return [{ scheduled: wallNow, due: latest, opensAt: now }];
  return [{ ...first, due: first.due < latest ? first.due : latest }];
}

function triage(terms: Terms, ripe: readonly Time[], now: number): Pick<Look, "open" | "skipped" | "missed"> {
  const today = dayOf(wallAt(now, terms.zone));
  const late = ripe.filter((time) => time.due < today);
  const timely = ripe.filter((time) => time.due >= today);
  const once = (time: Time) => ({ ...time, servesFor: 0 });
  const names = (times: readonly Time[]): Wall[] => times.map((time) => time.scheduled);
  if (late.length === 0 || terms.missed === "skip") return { open: timely.map(once), skipped: [], missed: names(late) };
  if (terms.missed === "all") {
    const kept = late.slice(-terms.missedMax);
    return { open: [...kept, ...timely].map(once), skipped: [], missed: names(late.slice(0, -kept.length)) };
  }
  // The first that is still in time serves for those that are late; when all are, the last of them does.
  const server = timely[0] ?? late.at(-1)!;
  const served = late.filter((time) => time !== server);
  const others = timely.filter((time) => time !== server);
  return { open: [{ ...server, servesFor: served.length }, ...others.map(once)], skipped: names(served), missed: [] };
}
