// Places as facilities needs them: a desk or room taken for writing, the site something is at, and times as people there read them.
import { z } from "zod";
import type { Day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { type Sql, sql } from "../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../platform/operation/context.ts";

export const keepers = ["facilities.manager", "office.manager"];

/** A moment with its zone, such as `2026-11-23T09:00:00+01:00`. */
export const Moment = z.iso
  .datetime({ offset: true })
  .meta({ format: "date-time", "x-kind": "instant" })
  .transform((text) => new Date(text)) as unknown as z.ZodType<Date, string>;

export interface Place {
  readonly id: Id;
  readonly code: string;
  readonly name: string;
  readonly siteId: Id;
  readonly retiredFrom: Day | null;
}

/** Takes a place until the end of the transaction, so that whoever else wants it waits and then sees who got it. Refuses `notFound`. */
export async function takePlace(context: WriteContext, kind: "desk" | "room", id: Id): Promise<Place> {
  const found = await context.db.maybe<Place>(sql`
    select id, code, name, site_id, retired_from from directory.place
    where tenant_id = ${context.tenantId} and id = ${id} and kind = ${kind} for no key update`);
  return found ?? refuse("notFound", {}, [`${kind}Id`]);
}

/** Where grants at one site are matched: the site of a place. */
export async function siteOf(context: ReadContext, placeId: Id): Promise<{ kind: "site"; id: Id }[]> {
  const found = await context.db.maybe<{ siteId: Id }>(sql`
    select site_id from directory.place where tenant_id = ${context.tenantId} and id = ${placeId}`);
  return found ? [{ kind: "site", id: found.siteId }] : [];
}

/** Refuses `notFound` unless the identifier is a person's; returns their name. */
export async function personName(context: ReadContext, personId: Id, field = "personId"): Promise<string> {
  const found = await context.db.maybe<{ name: string }>(sql`
    select name from directory.party where tenant_id = ${context.tenantId} and id = ${personId} and kind = 'person'`);
  return found?.name ?? refuse("notFound", {}, [field]);
}

/** Takes a person until the end of the transaction: whoever seats them at the same moment waits. Refuses `notFound`. */
export async function takePerson(context: WriteContext, personId: Id): Promise<void> {
  const found = await context.db.run(sql`
    select from directory.party where tenant_id = ${context.tenantId} and id = ${personId} and kind = 'person' for no key update`);
  if (found === 0) refuse("notFound", {}, ["personId"]);
}

/** A moment as a clock on the wall of a site shows it. */
export const wallTime = (context: ReadContext, moment: Sql, siteId: Sql): Sql => sql`
  to_char(${moment} at time zone coalesce(
    (select w.zone from directory.place w where w.tenant_id = ${context.tenantId} and w.id = ${siteId}),
    (select t.zone from platform.tenant_account t where t.tenant_id = ${context.tenantId})), 'YYYY-MM-DD HH24:MI')`;
