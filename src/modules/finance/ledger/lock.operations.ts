// Locking a month for one area, and exceptions: for one person, until one moment, with a reason that stays and a list of what it let in.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Id, Instant, LongText, ref } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { type Area, areas } from "./area.rules.ts";
import { lockPeriod, type PeriodRow } from "./period.ts";

const AreaOrAll = z.enum([...areas, "all"]).describe("One area, or all of them.");
const areasOf = (area: Area | "all"): readonly Area[] => (area === "all" ? areas : [area]);
const Reason = LongText(500).min(5, "says why, in a few words");

export const lockOnePeriod = operation({
  name: "finance.period.lock",
  title: "Lock an area",
  does: "Locks a month for one area, so that nothing of it can be posted there without an exception.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({ periodId: ref("finance.period"), area: AreaOrAll }),
  output: z.object({ id: Id, lockedAreas: z.array(z.enum(areas)) }),
  refuses: {
    notFound: "There is no such period.",
    alreadyClosed: "The period {period} is closed already.",
    alreadyLocked: "The period {period} is locked for {area} already.",
  },
  constraints: { period_lock_once: "alreadyLocked" },
  when: (record) => record["state"] === "open",
  emits: ["finance.period.locked"],
  async run(input, context) {
    const period = await lockPeriod(context, input.periodId);
    if (period.state === "closed") refuse("alreadyClosed", { period: period.code });
    const wanted = areasOf(input.area).filter((area) => !period.lockedAreas.includes(area));
    if (wanted.length === 0) refuse("alreadyLocked", { period: period.code, area: input.area });
    await insertLocks(context, period, wanted);
    const lockedAreas = await setLocked(context, period.id, [...period.lockedAreas, ...wanted]);
    context.emit("finance.period.locked", { periodId: period.id, code: period.code, areas: wanted });
    return { id: period.id, lockedAreas };
  },
});

/** With what stands in each area now, which a law compares from here on. */
async function insertLocks(context: WriteContext, period: PeriodRow, wanted: readonly Area[]): Promise<void> {
  const { tenantId } = context;
  const ofPeriod = sql`e.book_id = ${period.bookId} and e.day between ${period.fromDay}::date and ${period.untilDay}::date`;
  await context.db.run(sql`
    insert into finance.period_lock (tenant_id, id, period_id, area, locked_entries, locked_debit, person_id, by_name, at)
    select ${tenantId}, w.id, ${period.id}, w.area, count(e.id), coalesce(sum(e.total), 0)::bigint, ${context.actor.personId},
      ${context.actor.name}, ${context.now}
    from unnest(${wanted.map(() => context.newId())}::uuid[], ${wanted}::text[]) as w (id, area)
    left join (
      select e.id, e.total, j.area from finance.journal_entry e
      join finance.journal j on j.tenant_id = ${tenantId} and j.id = e.journal_id
      where e.tenant_id = ${tenantId} and ${ofPeriod}
      union all
      select e.id, e.total, 'tax' from finance.journal_entry e
      where e.tenant_id = ${tenantId} and ${ofPeriod} and e.id in (
        select t.entry_id from finance.tax_line t
        where t.tenant_id = ${tenantId} and t.day between ${period.fromDay}::date and ${period.untilDay}::date)
    ) e on e.area = w.area
    group by w.id, w.area`);
}

async function setLocked(context: WriteContext, periodId: KernelId, locked: readonly Area[]): Promise<Area[]> {
  const ordered = areas.filter((area) => locked.includes(area));
  await context.db.run(sql`
    update finance.period set locked_areas = ${ordered}::text[] where tenant_id = ${context.tenantId} and id = ${periodId}`);
  return ordered;
}

export const unlockPeriod = operation({
  name: "finance.period.unlock",
  title: "Unlock an area",
  does: "Opens a month for one area again, for everyone; the reason stands beside the lock for good.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({ periodId: ref("finance.period"), area: AreaOrAll, reason: Reason }),
  output: z.object({ id: Id, lockedAreas: z.array(z.enum(areas)) }),
  refuses: { notFound: "There is no such period.", notLocked: "The period {period} is not locked for {area}." },
  when: (record) => record["lockedAreas"] !== "",
  emits: ["finance.period.unlocked"],
  async run(input, context) {
    const period = await lockPeriod(context, input.periodId);
    const wanted = areasOf(input.area).filter((area) => period.lockedAreas.includes(area));
    if (wanted.length === 0) refuse("notLocked", { period: period.code, area: input.area });
    await context.db.run(sql`
      update finance.period_lock set unlocked_at = ${context.now}, unlocked_by_id = ${context.actor.personId},
        unlocked_by_name = ${context.actor.name}, unlock_reason = ${input.reason}
      where tenant_id = ${context.tenantId} and period_id = ${period.id} and area = any(${wanted}::text[]) and unlocked_at is null`);
    const left = period.lockedAreas.filter((area) => !wanted.includes(area));
    const lockedAreas = await setLocked(context, period.id, left);
    context.emit("finance.period.unlocked", { periodId: period.id, code: period.code, areas: wanted, reason: input.reason });
    return { id: period.id, lockedAreas };
  },
});

export const grantLockException = operation({
  name: "finance.lockException.grant",
  title: "Grant an exception",
  does: "Lets one person post into one locked area of one month until a moment; everything they post there is listed with it.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({
    periodId: ref("finance.period"),
    area: z.enum(areas),
    personId: ref("directory.person"),
    until: Instant.describe("The moment it ends; a day alone means its end."),
    reason: Reason,
  }),
  output: z.object({ id: Id, until: Instant }),
  refuses: {
    notFound: "There is no such period.",
    personUnknown: "There is no such person.",
    untilUnreadable: "The end of an exception is a day like 2026-11-30 or a moment like 2026-11-30T17:00:00Z.",
    untilPast: "An exception ends in the future. Choose a later moment.",
  },
  emits: ["finance.lockException.granted"],
  async run(input, context) {
    const period = await lockPeriod(context, input.periodId);
    const person = await context.db.maybe<{ id: KernelId }>(sql`
      select id from directory.party where tenant_id = ${context.tenantId} and id = ${input.personId} and kind = 'person'`);
    if (!person) refuse("personUnknown", {}, ["personId"]);
    const until = momentOf(input.until);
    if (Number.isNaN(until.getTime())) refuse("untilUnreadable", {}, ["until"]);
    if (until <= context.now) refuse("untilPast", {}, ["until"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into finance.lock_exception (tenant_id, id, period_id, area, person_id, until, reason, granted_by_id, granted_by_name,
        granted_at)
      values (${context.tenantId}, ${id}, ${period.id}, ${input.area}, ${input.personId}, ${until}, ${input.reason},
        ${context.actor.personId}, ${context.actor.name}, ${context.now})`);
    context.emit("finance.lockException.granted", { lockExceptionId: id, periodId: period.id, area: input.area, personId: input.personId });
    return { id, until };
  },
});

/** A day alone lasts until its end. */
function momentOf(until: Date | string): Date {
  const text = String(until);
  return new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T23:59:59.999Z` : until);
}

export const revokeLockException = operation({
  name: "finance.lockException.revoke",
  title: "Revoke an exception",
  does: "Ends an exception before its time; what was posted under it stays, and stays listed.",
  kind: "write",
  may: ["finance.manager"],
  input: z.strictObject({ lockExceptionId: ref("finance.lockException"), reason: Reason }),
  output: z.object({ id: Id, state: z.literal("revoked") }),
  refuses: { notFound: "There is no such exception.", alreadyRevoked: "This exception was revoked before." },
  when: (record) => record["state"] === "active",
  emits: ["finance.lockException.revoked"],
  async run(input, context) {
    const { tenantId } = context;
    const found = await context.db.maybe<{ periodId: KernelId }>(sql`
      select period_id from finance.lock_exception where tenant_id = ${tenantId} and id = ${input.lockExceptionId}`);
    if (!found) refuse("notFound");
    // A posting that relies on it holds the period; it is over before the exception is.
    await lockPeriod(context, found.periodId);
    const revoked = await context.db.run(sql`
      update finance.lock_exception set revoked_at = ${context.now}, revoked_by_name = ${context.actor.name},
        revoke_reason = ${input.reason}
      where tenant_id = ${tenantId} and id = ${input.lockExceptionId} and revoked_at is null`);
    if (revoked === 0) refuse("alreadyRevoked");
    context.emit("finance.lockException.revoked", { lockExceptionId: input.lockExceptionId, reason: input.reason });
    return { id: input.lockExceptionId, state: "revoked" as const };
  },
});
