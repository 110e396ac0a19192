// Clocks in the database: read with their segments and a lock, written many at a time.
import type { Id } from "../../../kernel/id.ts";
import { type Sql, snake, sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { type BusinessCalendar, calendarsNamed, plainCalendar, roundTheClock } from "../../directory/index.ts";
import type { WorkPlace } from "../responsibility/resolve.ts";
import { type Segment, standingOf } from "./clock.rules.ts";
import type { Facts, ServiceLevel } from "./service-level.rules.ts";

export interface Clock {
  readonly id: Id;
  readonly aboutSubject: string;
  readonly aboutId: Id;
  readonly target: string;
  readonly title: string;
  readonly state: "running" | "paused" | "met" | "missed" | "cancelled";
  readonly serviceLevelId: Id | null;
  readonly version: number | null;
  readonly isFixed: boolean;
  readonly amount: number;
  readonly unit: "minutes" | "days";
  readonly calendarId: Id | null;
  readonly isRoundTheClock: boolean;
  readonly facts: Facts;
  readonly scopeKind: WorkPlace["kind"] | null;
  readonly scopeId: Id | null;
  readonly personId: Id | null;
  readonly activity: string | null;
  readonly isConfidential: boolean;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly stagePercents: readonly number[];
  readonly stageTells: readonly string[];
  readonly stagesTold: number;
  readonly segments: readonly Segment[];
}

/** A clock as it is to become, and the segment that says so. */
export interface Change {
  readonly clock: Clock;
  readonly reason: string;
}

export async function lockedClocks(context: WriteContext, which: Sql): Promise<Clock[]> {
  return clocksThat(context, sql`${which} order by c.id for update of c`);
}

export function clocksThat(context: ReadContext, which: Sql): Promise<Clock[]> {
  return context.db.rows<Clock>(sql`
    select c.id, c.about_subject, c.about_id, c.target, c.title, c.state, c.service_level_id, c.version, c.is_fixed, c.amount, c.unit,
      c.calendar_id, c.is_round_the_clock, c.facts, c.scope_kind, c.scope_id, c.person_id, c.activity, c.is_confidential, c.started_at,
      c.ended_at, c.stage_percents, c.stage_tells, c.stages_told, s.segments
    from office.clock c
    join lateral (
      select json_agg(json_build_object('state', g.state, 'from', floor(extract(epoch from g.from_at) * 1000)::bigint) order by g.number)
        as segments
      from office.clock_segment g where g.tenant_id = c.tenant_id and g.clock_id = c.id) s on true
    where c.tenant_id = ${context.tenantId} and ${which}`);
}

export async function levelsInForce(context: ReadContext): Promise<ServiceLevel[]> {
  return context.db.rows<ServiceLevel>(sql`
    select l.id, l.subject, l.rank, v.version, v.conditions, v.targets, v.pause_states, v.calendar_id, v.is_round_the_clock
    from office.service_level l
    join lateral (
      select * from office.service_level_version v
      where v.tenant_id = l.tenant_id and v.service_level_id = l.id order by v.version desc limit 1) v on true
    where l.tenant_id = ${context.tenantId} and l.state = 'in force' order by l.rank, l.id`);
}

/** The calendars that clocks are counted in, each read once. */
export async function calendarsOf(context: ReadContext, clocks: readonly Clock[]): Promise<(clock: Clock) => BusinessCalendar> {
  const ids = [...new Set(clocks.flatMap((clock) => (clock.calendarId ? [clock.calendarId] : [])))];
  const named = await calendarsNamed(context, ids);
  const needsPlain = clocks.some((clock) => !clock.calendarId && !clock.isRoundTheClock);
  const plain = needsPlain ? await plainCalendar(context) : roundTheClock;
  return (clock) => (clock.isRoundTheClock ? roundTheClock : clock.calendarId ? named.get(clock.calendarId)! : plain);
}

/** Writes clocks with what follows from their segments, and the newest segment of each: one statement, however many. */
export async function saveClocks(context: WriteContext, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  const calendarOf = await calendarsOf(
    context,
    changes.map((change) => change.clock),
  );
  const rows = changes.map((change) => rowOf(change, calendarOf(change.clock)));
  await context.db.run(sql`
    with given as materialized (
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as g (
        id uuid, about_subject text, about_id uuid, target text, title text, state text, service_level_id uuid,
        version int, is_fixed boolean,
        amount int, unit text, calendar_id uuid, is_round_the_clock boolean, facts jsonb, scope_kind text, scope_id uuid, person_id uuid,
        activity text, is_confidential boolean, started_at timestamptz, ended_at timestamptz, budget bigint,
        used bigint, due_at timestamptz,
        stage_percents int[], stage_tells text[], stage_at timestamptz[], stages_told int, warn_at timestamptz,
        number int, segment_state text, from_at timestamptz, reason text)
    ), kept as (
      insert into office.clock (tenant_id, id, about_subject, about_id, target, title, state, service_level_id, version,
        is_fixed, amount, unit,
        calendar_id, is_round_the_clock, facts, scope_kind, scope_id, person_id, activity, is_confidential, started_at, ended_at,
        budget_milliseconds, used_milliseconds, due_at, stage_percents, stage_tells, stage_at, stages_told, warn_at)
      select ${context.tenantId}, id, about_subject, about_id, target, title, state, service_level_id, version, is_fixed, amount, unit,
        calendar_id, is_round_the_clock, facts, scope_kind, scope_id, person_id, activity, is_confidential, started_at, ended_at,
        budget, used, due_at, stage_percents, stage_tells, stage_at, stages_told, warn_at
      from given
      on conflict (tenant_id, id) do update set state = excluded.state, service_level_id = excluded.service_level_id,
        version = excluded.version, amount = excluded.amount, unit = excluded.unit, calendar_id = excluded.calendar_id,
        is_round_the_clock = excluded.is_round_the_clock, facts = excluded.facts, scope_kind = excluded.scope_kind,
        scope_id = excluded.scope_id, ended_at = excluded.ended_at, budget_milliseconds = excluded.budget_milliseconds,
        used_milliseconds = excluded.used_milliseconds, due_at = excluded.due_at, stage_percents = excluded.stage_percents,
        stage_tells = excluded.stage_tells, stage_at = excluded.stage_at, stages_told = excluded.stages_told, warn_at = excluded.warn_at)
    insert into office.clock_segment (tenant_id, clock_id, number, state, from_at, reason, calendar_id, service_level_id, version, amount,
      unit, by_name, at)
    select ${context.tenantId}, id, number, segment_state, from_at, reason, calendar_id, service_level_id, version, amount, unit,
      ${context.actor.name}, ${context.now}
    from given`);
}

function rowOf({ clock, reason }: Change, calendar: BusinessCalendar): Record<string, unknown> {
  const standing = standingOf(calendar, clock, clock.segments, clock.stagePercents);
  const last = clock.segments.at(-1)!;
  const stageAt = standing.stageAt.map(instantText);
  // A stage that was reached without being told is told by the next sweep, unless the clock stands still.
  const next = clock.state === "running" ? (standing.stageAt[clock.stagesTold] ?? null) : null;
  return {
    ...snakeOf(clock),
    facts: clock.facts,
    budget: standing.budget,
    used: standing.used,
    due_at: instantText(standing.dueAt),
    stage_at: stageAt,
    warn_at: instantText(next),
    number: clock.segments.length,
    segment_state: last.state,
    from_at: instantText(last.from),
    reason,
  };
}

function snakeOf(clock: Clock): Record<string, unknown> {
  const { segments: _, ...fields } = clock;
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [snake(name), value]));
}

const instantText = (instant: number | null): string | null => (instant === null ? null : new Date(instant).toISOString());
