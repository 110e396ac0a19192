// The locks of the months, the exceptions from them, and every entry that came in by one.
import { z } from "zod";
import { sql } from "../../../platform/database/sql.ts";
import { CurrencyCode, Day, Id, Instant, Money, ref } from "../../../platform/operation/field.ts";
import { register } from "../../../platform/operation/register.ts";
import { areas } from "./area.rules.ts";

const may = ["finance.accountant", "finance.manager"];

export const periodLockRegister = register({
  name: "finance.periodLock",
  title: "Locks of periods",
  does: "Every lock that was set on an area of a month, who set it, and who opened it again and why.",
  may,
  inner: true,
  row: z.object({
    id: Id,
    lock: z.string(),
    periodId: ref("finance.period"),
    period: z.string(),
    area: z.enum(areas),
    state: z.enum(["locked", "unlocked"]),
    entries: z.number().int(),
    lockedBy: z.string(),
    lockedAt: Instant,
    unlockedBy: z.string().nullable(),
    unlockedAt: Instant.nullable(),
    reason: z.string().nullable(),
  }),
  label: "lock",
  sort: "-lockedAt",
  from: (context) => sql`
    select l.id, p.code || ' ' || l.area as lock, l.period_id, p.code as period, l.area,
      case when l.unlocked_at is null then 'locked' else 'unlocked' end as state, l.locked_entries::int as entries, l.by_name as locked_by,
      l.at as locked_at, l.unlocked_by_name as unlocked_by, l.unlocked_at, l.unlock_reason as reason
    from finance.period_lock l join finance.period p on p.tenant_id = ${context.tenantId} and p.id = l.period_id
    where l.tenant_id = ${context.tenantId}`,
});

export const lockExceptionRegister = register({
  name: "finance.lockException",
  title: "Exceptions from locks",
  does: "Who may post into which locked area until when and why, and how much came in by it.",
  may,
  row: z.object({
    id: Id,
    exception: z.string(),
    state: z.enum(["active", "expired", "revoked"]),
    periodId: ref("finance.period"),
    period: z.string(),
    area: z.enum(areas),
    personId: ref("directory.person"),
    person: z.string(),
    until: Instant,
    reason: z.string(),
    entries: z.number().int(),
    total: Money,
    currency: CurrencyCode,
    grantedBy: z.string(),
    grantedAt: Instant,
    revokedBy: z.string().nullable(),
    revokedAt: Instant.nullable(),
    revokeReason: z.string().nullable(),
  }),
  label: "exception",
  search: ["exception", "reason"],
  sort: "-grantedAt",
  totals: ["total"],
  from: (context) => sql`
    select x.id, p.code || ' ' || x.area || ', ' || y.name as exception,
      case when x.revoked_at is not null then 'revoked' when x.until > ${context.now} then 'active' else 'expired' end as state,
      x.period_id, p.code as period, x.area, x.person_id, y.name as person, x.until, x.reason, u.entries, u.total, b.currency,
      x.granted_by_name as granted_by, x.granted_at, x.revoked_by_name as revoked_by, x.revoked_at, x.revoke_reason
    from finance.lock_exception x
    join finance.period p on p.tenant_id = ${context.tenantId} and p.id = x.period_id
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = p.book_id
    join directory.party y on y.tenant_id = ${context.tenantId} and y.id = x.person_id
    left join lateral (
      select count(*)::int as entries, coalesce(sum(e.total), 0)::bigint as total
      from finance.lock_exception_use s join finance.journal_entry e on e.tenant_id = ${context.tenantId} and e.id = s.entry_id
      where s.tenant_id = ${context.tenantId} and s.exception_id = x.id) u on true
    where x.tenant_id = ${context.tenantId}`,
});

export const lockExceptionEntryRegister = register({
  name: "finance.lockExceptionEntry",
  title: "Entries by exception",
  does: "Every entry that was posted into a locked area, with the exception that let it in.",
  may,
  inner: true,
  row: z.object({
    id: Id,
    number: z.string(),
    lockExceptionId: ref("finance.lockException"),
    lockException: z.string(),
    entryId: ref("finance.journalEntry"),
    entry: z.string(),
    day: Day,
    text: z.string(),
    total: Money,
    currency: CurrencyCode,
    postedBy: z.string(),
    postedAt: Instant,
  }),
  label: "number",
  sort: "-postedAt",
  totals: ["total"],
  from: (context) => sql`
    select s.id, e.number, s.exception_id as lock_exception_id, p.code || ' ' || x.area as lock_exception, s.entry_id, e.number as entry,
      e.day, e.text, e.total, b.currency, e.by_name as posted_by, e.posted_at
    from finance.lock_exception_use s
    join finance.lock_exception x on x.tenant_id = ${context.tenantId} and x.id = s.exception_id
    join finance.period p on p.tenant_id = ${context.tenantId} and p.id = x.period_id
    join finance.journal_entry e on e.tenant_id = ${context.tenantId} and e.id = s.entry_id
    join finance.book b on b.tenant_id = ${context.tenantId} and b.id = e.book_id
    where s.tenant_id = ${context.tenantId}`,
});
