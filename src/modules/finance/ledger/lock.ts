// What is locked in a period, who may post in spite of it, and the first day that is open after a day.
// A lock stands on the period's own row, which a posting holds `for share` and a locking `for update`: neither slips past the other.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Refusal, word } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { type Area, type KnownLock, type LockPass, passThrough } from "./area.rules.ts";
import { postingRefusals } from "./entry.rules.ts";

/** An entry that is to stand in a locked area, and who posts it. */
export interface LockedPosting {
  readonly entryId: Id;
  readonly periodId: Id;
  readonly period: string;
  readonly area: Area;
  readonly personId: Id | null;
}

/** The first day from `day` on that takes entries of these areas. */
export async function firstOpenDay(context: ReadContext, bookId: Id, day: Day, areas: readonly Area[]): Promise<Day | undefined> {
  const found = await context.db.maybe<{ day: Day }>(sql`
    select greatest(from_day, ${day}::date) as day from finance.period
    where tenant_id = ${context.tenantId} and book_id = ${bookId} and state = 'open' and until_day >= ${day}::date
      and not locked_areas && ${areas}::text[]
    order by from_day limit 1`);
  return found?.day;
}

/** The locks of areas of periods, with who may pass them now. One statement, asked only when something named is locked. */
export async function locksOf(
  context: ReadContext,
  asked: readonly { readonly periodId: Id; readonly area: Area; readonly personId: Id | null }[],
): Promise<KnownLock[]> {
  if (asked.length === 0) return [];
  const { tenantId } = context;
  const persons = [...new Set(asked.map((one) => one.personId))];
  return context.db.rows<KnownLock>(sql`
    select l.id, l.period_id, l.area, coalesce((select min(q.from_day)::text from finance.period q
        where q.tenant_id = ${tenantId} and q.book_id = p.book_id and q.state = 'open' and q.from_day > p.from_day
          and not q.locked_areas @> array[l.area]), 'the next fiscal year') as open_from,
      coalesce((select json_agg(json_build_object('id', x.id, 'personId', x.person_id) order by x.id) from finance.lock_exception x
        where x.tenant_id = ${tenantId} and x.period_id = l.period_id and x.area = l.area and x.revoked_at is null
          and x.until > ${context.now} and x.person_id = any(${persons}::uuid[])), '[]'::json) as exceptions
    from finance.period_lock l
    join finance.period p on p.tenant_id = ${tenantId} and p.id = l.period_id
    where l.tenant_id = ${tenantId} and l.unlocked_at is null and l.period_id = any(${asked.map((one) => one.periodId)}::uuid[])`);
}

/** Notes by which exceptions entries stand in locked areas. */
export async function recordPasses(
  context: WriteContext,
  passes: readonly { readonly entryId: Id; readonly pass: LockPass }[],
): Promise<void> {
  if (passes.length === 0) return;
  await context.db.run(sql`
    insert into finance.lock_exception_use (tenant_id, id, lock_id, entry_id, exception_id)
    select ${context.tenantId}, u.* from unnest(${passes.map(() => context.newId())}::uuid[],
      ${passes.map((one) => one.pass.lockId)}::uuid[], ${passes.map((one) => one.entryId)}::uuid[],
      ${passes.map((one) => one.pass.exceptionId)}::uuid[]) as u`);
}

/**
 * For entries whose area shows only after they were posted: notes by which exception each of them stands there. Refuses `areaLocked` in
 * words of its own for the first without one.
 */
export async function passLocks(context: WriteContext, postings: readonly LockedPosting[]): Promise<void> {
  const locks = await locksOf(context, postings);
  const passes = postings.map(({ entryId, period, ...asked }) => {
    const pass = passThrough(asked, locks);
    if ("openFrom" in pass) throw areaLocked(period, asked.area, pass.openFrom);
    return { entryId, pass };
  });
  await recordPasses(context, passes);
}

export function areaLocked(period: string, area: Area, open: string, field = "day"): Refusal {
  const facts = { period, area, open };
  return new Refusal("areaLocked", word(postingRefusals.areaLocked, facts), facts, [field]);
}

/** Of these days those on which the actor may not post to tax, and what they are told. */
export async function daysLockedForTax(context: ReadContext, bookId: Id, days: readonly Day[]): Promise<Map<Day, Refusal>> {
  if (days.length === 0) return new Map();
  const { personId } = context.actor;
  const places = await context.db.rows<{ day: Day; periodId: Id; period: string }>(sql`
    select distinct d.day, p.id as period_id, p.code as period
    from unnest(${days}::date[]) as d (day)
    join finance.period p on p.tenant_id = ${context.tenantId} and p.book_id = ${bookId} and d.day between p.from_day and p.until_day
    where 'tax' = any(p.locked_areas)`);
  const asked = places.map((place) => ({ ...place, area: "tax" as const, personId }));
  const locks = await locksOf(context, asked);
  return new Map(
    asked.flatMap(({ day, period, ...one }) => {
      const pass = passThrough(one, locks);
      return "openFrom" in pass ? [[day, areaLocked(period, one.area, pass.openFrom)] as const] : [];
    }),
  );
}

/** Whether the actor holds an exception for the general ledger of this period now. */
export async function holdsLedgerException(context: WriteContext, periodId: Id): Promise<boolean> {
  const found = await context.db.maybe(sql`
    select id from finance.lock_exception
    where tenant_id = ${context.tenantId} and period_id = ${periodId} and area = 'ledger' and person_id = ${context.actor.personId}
      and revoked_at is null and until > ${context.now}`);
  return found !== undefined;
}
