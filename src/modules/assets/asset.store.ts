// Things as they are kept: taking one for writing, drawing its tag, and what is so about it.
import type { Day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { identifier, join, snake, sql } from "../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../platform/operation/context.ts";
import type { Standing, ThingNow } from "./custody.rules.ts";
import { type AssetKind, readersByRole, tagOf } from "./kind.rules.ts";

export interface Thing extends ThingNow {
  readonly id: Id;
  readonly kind: AssetKind;
  readonly state: string;
  readonly custodyId: Id | null;
  readonly reservationId: Id | null;
  readonly reservedFrom: Day | null;
}

/** Takes a thing until the end of the transaction, so that whoever else wants it waits and then sees what happened. Refuses `notFound`. */
export async function takeThing(context: WriteContext, assetId: Id): Promise<Thing> {
  await context.db.run(sql`select id from assets.asset where tenant_id = ${context.tenantId} and id = ${assetId} for no key update`);
  return (await thingNow(context, assetId)) ?? refuse("notFound", {}, ["assetId"]);
}

export function thingNow(context: ReadContext, assetId: Id): Promise<Thing | undefined> {
  return context.db.maybe<Thing>(sql`
    select t.id, t.kind, t.tag, t.name, t.state, t.standing, t.standing_since, t.custody_id, t.holder_id, h.name as holder, t.held_since,
      t.reservation_id, t.reserved_for_id, f.name as reserved_for, t.reserved_from,
      (select max(c.ended_on) from assets.custody c where c.tenant_id = t.tenant_id and c.asset_id = t.id) as last_ended_on
    from assets.thing t
    left join directory.party h on h.tenant_id = t.tenant_id and h.id = t.holder_id
    left join directory.party f on f.tenant_id = t.tenant_id and f.id = t.reserved_for_id
    where t.tenant_id = ${context.tenantId} and t.id = ${assetId}`);
}

/** The next free tag of the company's series; tags given by hand are skipped. */
export async function drawTag(context: WriteContext): Promise<string> {
  for (;;) {
    const { prefix, number } = await context.db.row<{ prefix: string; number: bigint }>(sql`
      insert into assets.tag_series as s (tenant_id, prefix, last_number) values (${context.tenantId}, 'HW', 1)
      on conflict (tenant_id) do update set last_number = s.last_number + 1
      returning prefix, last_number as number`);
    const tag = tagOf(prefix, number);
    if (!(await context.db.maybe(sql`select id from assets.asset where tenant_id = ${context.tenantId} and tag = ${tag}`))) return tag;
  }
}

export async function setStanding(context: WriteContext, assetId: Id, to: { standing: Standing; on: Day; note?: string }): Promise<void> {
  await context.db.run(sql`
    update assets.asset set standing = ${to.standing}, standing_since = ${to.on}::date, standing_note = ${to.note ?? null}
    where tenant_id = ${context.tenantId} and id = ${assetId}`);
}

/** Sets the given columns; undefined leaves one as it is. */
export async function changeColumns(context: WriteContext, assetId: Id, changes: Readonly<Record<string, unknown>>): Promise<void> {
  const sets = Object.entries(changes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => sql`${identifier(snake(name))} = ${value}`);
  if (sets.length === 0) return;
  await context.db.run(sql`
    update assets.asset set ${join(sets, sql`, `)} where tenant_id = ${context.tenantId} and id = ${assetId}`);
}

/** Refuses `notFound` unless the identifier is a person's; returns their name. */
export async function personName(context: ReadContext, personId: Id): Promise<string> {
  const found = await context.db.maybe<{ name: string }>(sql`
    select name from directory.party where tenant_id = ${context.tenantId} and id = ${personId} and kind = 'person'`);
  return found?.name ?? refuse("notFound", {}, ["personId"]);
}

/** Kinds of which this actor sees every thing, because their department looks after them. */
export const kindsSeen = (context: ReadContext): AssetKind[] =>
  Object.entries(readersByRole).flatMap(([role, kinds]) => (context.holds(role) ? [...kinds] : []));
