// As known at: a report as it read at an earlier moment. What was posted, allocated or renamed after it does not count, so that the
// report of a closed period comes out the same to the byte, whatever was corrected since.
import { z } from "zod";
import { addDays, type Day, isDay } from "../../../kernel/day.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";

const isInstant = (text: string): boolean => z.iso.datetime({ offset: true }).safeParse(text).success;

export const AsKnownAt = z
  .string()
  .max(40)
  .refine((text) => isDay(text) || isInstant(text), "must be a day like 2026-11-21, or a moment like 2026-11-21T17:30:00Z")
  .optional()
  .describe("Reads as it read then: only what was posted until this moment counts; a day means until its end. By default now.");

/** The last moment that counts; nothing when it is now. A day ends at midnight where the company is. */
export async function knownUntil(context: ReadContext, asked: string | undefined): Promise<Date | undefined> {
  if (asked === undefined) return undefined;
  const until = isDay(asked) ? await endOf(context, asked) : new Date(asked);
  return until >= context.now ? undefined : until;
}

async function endOf(context: ReadContext, day: Day): Promise<Date> {
  const { midnight } = await context.db.row<{ midnight: Date }>(sql`
    select (${addDays(day, 1)}::date::timestamp at time zone t.zone) as midnight
    from platform.tenant_account t where t.tenant_id = ${context.tenantId}`);
  return new Date(midnight.getTime() - 1);
}

/** Goes on in a WHERE: that an entry was posted until then; nothing when it is now. */
export const andPostedBy = (context: ReadContext, entryId: Sql, knownAt: Date | undefined): Sql =>
  knownAt
    ? sql`and exists (select from finance.journal_entry known
        where known.tenant_id = ${context.tenantId} and known.id = ${entryId} and known.posted_at <= ${knownAt})`
    : sql``;
