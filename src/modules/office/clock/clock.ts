// Clocks: how long a record may take until something happens, counted in working time. They start, stand still, go on and stop; when
// the calendar, the priority or what was promised changes, every open clock is counted anew from its segments.
import type { Id } from "../../../kernel/id.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { calendarFor } from "../../directory/index.ts";
import { resolveHolder, type WorkPlace } from "../responsibility/resolve.ts";
import type { TaskOwner } from "../task/task.ts";
import { outcomeOf, type Segment, type Stage, standingOf, toldOf } from "./clock.rules.ts";
import { calendarsOf, type Change, type Clock, levelsInForce, lockedClocks, saveClocks } from "./clock.store.ts";
import { type Facts, levelFor, type ServiceLevel, targetOf } from "./service-level.rules.ts";

interface ClockCommon {
  readonly about: { readonly subject: string; readonly id: Id };
  /** What the record is called in warnings. */
  readonly title?: string;
  /** Fields of the record that service levels look at. */
  readonly facts?: Facts;
  /** A short way to say the fact `priority`. */
  readonly priority?: string;
  /** Where the work is: its calendar holds, unless the service level names another. */
  readonly place?: WorkPlace;
  readonly owner?: TaskOwner;
  /** Warnings then go to nobody but the holder, who else would learn of the record from them. */
  readonly confidential?: boolean;
  /** When it began, if not now. */
  readonly at?: Date;
}

export interface ClockWish extends ClockCommon {
  /** What must happen: `"response"`, `"resolution"`, any name. */
  readonly target: string;
  /** A service level; without one, say `minutes` or `days` of working time. */
  readonly policyId?: Id;
  readonly minutes?: number;
  readonly days?: number;
  /** Null runs round the clock; left out, the service level or the nearest calendar says. */
  readonly calendarId?: Id | null;
  readonly stages?: readonly Stage[];
}

/** One clock of a record, all of them, or one by its identifier. */
export type ClockName =
  | { readonly about: { readonly subject: string; readonly id: Id }; readonly target?: string }
  | { readonly clockId: Id };

const usualStages: readonly Stage[] = [
  { percent: 75, tell: "holder" },
  { percent: 100, tell: "line" },
];

/** Starts one clock. One that is open for that target of the record already goes on as it is. */
export async function startClock(context: WriteContext, wish: ClockWish): Promise<Id> {
  const open = await lockedClocks(context, sql`${named({ about: wish.about, target: wish.target })} and ${isOpen}`);
  if (open[0]) return open[0].id;
  const level = wish.policyId ? (await levelsInForce(context)).find((one) => one.id === wish.policyId) : undefined;
  const started = await clockFrom(context, wish, level, wish.policyId !== undefined);
  await saveClocks(context, [{ clock: started, reason: "started" }]);
  return started.id;
}

/** Starts a clock for every target of the service level that fits the record; none when no level does. */
export async function startClocks(context: WriteContext, wish: ClockCommon): Promise<Id[]> {
  const level = levelFor(await levelsInForce(context), wish.about.subject, factsOf(wish));
  if (!level) return [];
  const open = await lockedClocks(context, sql`${named({ about: wish.about })} and ${isOpen}`);
  const changes: Change[] = [];
  for (const { target } of level.targets.filter((one) => open.every((clock) => clock.target !== one.target))) {
    changes.push({ clock: await clockFrom(context, { ...wish, target }, level, false), reason: "started" });
  }
  await saveClocks(context, changes);
  return changes.map(({ clock }) => clock.id);
}

/** Clocks that run stand still; returns how many. */
export const pauseClock = (context: WriteContext, clock: ClockName, reason = "paused", at?: Date): Promise<number> =>
  mark(context, sql`${named(clock)} and c.state = 'running'`, "paused", reason, at);

/** Clocks that stand still go on with what was left; returns how many. */
export const resumeClock = (context: WriteContext, clock: ClockName, reason = "resumed", at?: Date): Promise<number> =>
  mark(context, sql`${named(clock)} and c.state = 'paused'`, "running", reason, at);

/** What was promised happened, in time or not; or it no longer counts. Returns how many clocks stopped. */
export const stopClock = (
  context: WriteContext,
  clock: ClockName,
  outcome: "done" | "cancelled" = "done",
  reason = outcome === "done" ? "stopped" : "cancelled",
  at?: Date,
): Promise<number> => mark(context, sql`${named(clock)} and ${isOpen}`, "stopped", reason, at, outcome === "cancelled");

/** A clock that was stopped goes on with the time it had left, unless a new one has begun since. */
export const reopenClock = (context: WriteContext, clock: ClockName, reason = "reopened", at?: Date): Promise<number> =>
  mark(
    context,
    sql`${named(clock)} and c.state in ('met', 'missed', 'cancelled')
      and not exists (select from office.clock o
        where o.tenant_id = c.tenant_id and o.about_id = c.about_id and o.target = c.target and o.state in ('running', 'paused'))
      and c.started_at = (select max(o.started_at) from office.clock o
        where o.tenant_id = c.tenant_id and o.about_id = c.about_id and o.target = c.target and o.state in ('met', 'missed', 'cancelled'))`,
    "running",
    reason,
    at,
  );

/** Gives the open clocks of a record to whoever has it now: they are warned. */
export async function handClocks(context: WriteContext, about: { readonly id: Id }, personId: Id | null): Promise<void> {
  await context.db.run(sql`
    update office.clock c set person_id = ${personId} where c.tenant_id = ${context.tenantId} and c.about_id = ${about.id} and ${isOpen}`);
}

/** Lets each clock of a record run or stand as its own service level says for a state of it. Returns how many changed. */
export async function clocksInState(
  context: WriteContext,
  about: { readonly subject: string; readonly id: Id },
  state: string,
  at?: Date,
): Promise<number> {
  const pauses = sql`(
    select ${state} = any(v.pause_states) from office.service_level_version v
    where v.tenant_id = c.tenant_id and v.service_level_id = c.service_level_id and v.version = c.version)`;
  const paused = await mark(context, sql`${named({ about })} and c.state = 'running' and ${pauses}`, "paused", state, at);
  return paused + (await mark(context, sql`${named({ about })} and c.state = 'paused' and not ${pauses}`, "running", state, at));
}

export interface Restated {
  readonly about?: { readonly subject: string; readonly id: Id };
  readonly calendarId?: Id;
  /** New fields of the record, e.g. its priority. */
  readonly facts?: Facts;
  readonly reason?: string;
}

const restatedTogether = 5000;

/** Counts open clocks anew: of a record, of a calendar, or all. Returns how many. */
export async function restateClocks(context: WriteContext, which: Restated = {}): Promise<number> {
  const levels = await levelsInForce(context);
  const narrowed = [
    which.about ? sql` and c.about_id = ${which.about.id}` : sql``,
    which.calendarId ? sql` and c.calendar_id = ${which.calendarId}` : sql``,
  ] as const;
  let restated = 0;
  let after = "00000000-0000-0000-0000-000000000000" as Id;
  for (;;) {
    const clocks = await lockedClocks(
      context,
      sql`${isOpen}${narrowed[0]}${narrowed[1]} and c.id in (
        select c.id from office.clock c where c.tenant_id = ${context.tenantId} and ${isOpen}${narrowed[0]}${narrowed[1]}
          and c.id > ${after}
        order by c.id limit ${restatedTogether})`,
    );
    await restate(context, clocks, levels, which);
    restated += clocks.length;
    if (clocks.length < restatedTogether) return restated;
    after = clocks.at(-1)!.id;
  }
}

async function restate(context: WriteContext, clocks: readonly Clock[], levels: readonly ServiceLevel[], which: Restated): Promise<void> {
  const calendars = await nearestCalendars(context, clocks);
  const changes = clocks.map((clock): Change => {
    const facts = which.facts ? { ...clock.facts, ...which.facts } : clock.facts;
    const own = levels.find((level) => level.id === clock.serviceLevelId);
    const chosen = clock.isFixed || !clock.serviceLevelId ? own : levelFor(levels, clock.aboutSubject, facts);
    const level = targetOf(chosen, clock.target) ? chosen : own;
    const promised = targetOf(level, clock.target);
    if (!level || !promised) return { clock: again({ ...clock, facts }, context.now), reason: which.reason ?? "calendar changed" };
    const percents = promised.stages.map((stage) => stage.percent);
    const clockNow: Clock = {
      ...clock,
      facts,
      serviceLevelId: level.id,
      version: level.version,
      amount: promised.amount,
      unit: promised.unit,
      isRoundTheClock: level.isRoundTheClock,
      calendarId: level.isRoundTheClock ? null : (level.calendarId ?? calendars(clock)),
      stagePercents: percents,
      stageTells: promised.stages.map((stage) => stage.tell),
      stagesTold: toldOf(clock.stagePercents, clock.stagesTold, percents),
    };
    return { clock: again(clockNow, context.now), reason: which.reason ?? "counted anew" };
  });
  await saveClocks(context, changes);
}

/** The same state from now on, so that its segments tell of the change. */
const again = (clock: Clock, now: Date): Clock => ({ ...clock, segments: withSegment(clock, clock.segments.at(-1)!.state, now) });

async function nearestCalendars(context: WriteContext, clocks: readonly Clock[]): Promise<(clock: Clock) => Id | null> {
  const keyOf = (clock: Clock): string => `${clock.scopeKind ?? ""}:${clock.scopeId ?? ""}`;
  const found = new Map<string, Id | null>();
  // One question for each place where work waits, not for each clock.
  for (const [key, clock] of new Map(clocks.map((one) => [keyOf(one), one]))) {
    const scope = clock.scopeKind && clock.scopeId ? { kind: clock.scopeKind, id: clock.scopeId } : undefined;
    found.set(key, (await calendarFor(context, scope)).calendarId);
  }
  return (clock) => found.get(keyOf(clock)) ?? null;
}

async function mark(
  context: WriteContext,
  which: Sql,
  state: Segment["state"],
  reason: string,
  at: Date | undefined,
  isCancelled = false,
): Promise<number> {
  const clocks = await lockedClocks(context, which);
  const calendarOf = await calendarsOf(context, clocks);
  const changes = clocks.map((clock): Change => {
    const segments = withSegment(clock, state, at ?? context.now);
    if (state !== "stopped") return { clock: { ...clock, state, endedAt: null, segments }, reason };
    const stopped = segments.at(-1)!.from;
    const outcome = outcomeOf(standingOf(calendarOf(clock), clock, segments, []), stopped);
    return { clock: { ...clock, state: isCancelled ? "cancelled" : outcome, endedAt: new Date(stopped), segments }, reason };
  });
  await saveClocks(context, changes);
  return changes.length;
}

/** Time goes forward: what is told late counts from the segment before at the earliest. */
const withSegment = (clock: Clock, state: Segment["state"], at: Date): Segment[] => [
  ...clock.segments,
  { state, from: Math.max(at.getTime(), clock.segments.at(-1)?.from ?? 0) },
];

async function clockFrom(context: WriteContext, wish: ClockWish, level: ServiceLevel | undefined, isFixed: boolean): Promise<Clock> {
  const promised = targetOf(level, wish.target);
  const amount = wish.minutes ?? wish.days ?? promised?.amount;
  if (amount === undefined) throw new Error(`Nobody says how long ${wish.target} may take`);
  const stages = wish.stages ?? promised?.stages ?? usualStages;
  const at = wish.at ?? context.now;
  const isRoundTheClock = wish.calendarId === null || (wish.calendarId === undefined && level?.isRoundTheClock === true);
  const calendarId = isRoundTheClock ? null : (wish.calendarId ?? level?.calendarId ?? (await calendarFor(context, wish.place)).calendarId);
  const owner = wish.owner;
  const activity = owner && "activity" in owner ? (owner.activity ?? null) : null;
  const personId =
    owner && ("personId" in owner ? owner.personId : (await resolveHolder(context, owner.activity, owner.place ?? wish.place)).personId);
  return {
    id: context.newId(),
    aboutSubject: wish.about.subject,
    aboutId: wish.about.id,
    target: wish.target,
    title: wish.title ?? wish.target,
    state: "running",
    serviceLevelId: level?.id ?? null,
    version: level?.version ?? null,
    isFixed,
    amount,
    unit: wish.minutes !== undefined ? "minutes" : wish.days !== undefined ? "days" : promised!.unit,
    calendarId,
    isRoundTheClock,
    facts: factsOf(wish),
    scopeKind: wish.place?.kind ?? null,
    scopeId: wish.place?.id ?? null,
    personId: personId ?? null,
    activity,
    isConfidential: wish.confidential ?? false,
    startedAt: at,
    endedAt: null,
    stagePercents: stages.map((stage) => stage.percent),
    stageTells: stages.map((stage) => stage.tell),
    stagesTold: 0,
    segments: [{ state: "running", from: at.getTime() }],
  };
}

const factsOf = (wish: ClockCommon): Facts => ({ ...wish.facts, ...(wish.priority !== undefined && { priority: wish.priority }) });

const isOpen = sql`c.state in ('running', 'paused')`;

const named = (clock: ClockName): Sql =>
  "clockId" in clock
    ? sql`c.id = ${clock.clockId}`
    : sql`c.about_subject = ${clock.about.subject} and c.about_id = ${clock.about.id}${
        clock.target === undefined ? sql`` : sql` and c.target = ${clock.target}`
      }`;
