// The chain of custody: handing a thing over, taking it back, setting it aside. Other departments use these in their own operations.
import { addDays, type Day, later } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../platform/operation/context.ts";
import { closeTask, openTask } from "../office/index.ts";
import { personName, setStanding, takeThing, type Thing } from "./asset.store.ts";
import { type Hindrance, hindersGiving, hindersReserving } from "./custody.rules.ts";

/** Which refusal of the calling operation says each hindrance. */
export type Wording = Readonly<Record<Hindrance, string>>;

export const assetWording: Wording = {
  retired: "assetRetired",
  lost: "assetLost",
  inRepair: "assetInRepair",
  notHereYet: "assetNotHereYet",
  held: "assetHeld",
  reservedForAnother: "reservedForAnother",
  dayToCome: "dayToCome",
  heldThen: "heldThen",
};

const daysToAccept = 7;

/** The task of the person who received a thing. */
export const acceptanceKey = (custodyId: Id): string => `assets.custody:${custodyId}:accept`;
/** The task of whoever looks into what the person says is not right. */
export const disputeKey = (custodyId: Id): string => `assets.custody:${custodyId}:dispute`;

export interface Giving {
  readonly assetId: Id;
  readonly personId: Id;
  readonly from: Day;
  readonly condition?: string;
  readonly note?: string;
}

/** Hands a thing to a person and closes the reservation that was made for them. Refuses in the caller's words. */
export async function giveCustody(context: WriteContext, giving: Giving, wording: Wording = assetWording): Promise<Id> {
  const thing = await takeThing(context, giving.assetId);
  const person = await personName(context, giving.personId);
  const hindered = hindersGiving(thing, giving, context.today);
  if (hindered) refuse(wording[hindered.why], hindered.facts);
  const id = context.newId();
  await context.db.run(sql`
    insert into assets.custody (tenant_id, id, asset_id, person_id, from_day, given_by, condition_out, note)
    values (${context.tenantId}, ${id}, ${giving.assetId}, ${giving.personId}, ${giving.from}::date, ${context.actor.personId},
      ${giving.condition ?? null}, ${giving.note ?? null})`);
  if (thing.reservationId) await closeReservation(context, thing.reservationId, "handedOver");
  await openTask(context, {
    kind: "acceptance",
    title: `Accept ${thing.tag} ${thing.name}`,
    says: `It was handed to ${person} on ${giving.from}. Look whether it is so and accept it, or say what is not right.`,
    owner: { personId: giving.personId },
    due: addDays(later(giving.from, context.today), daysToAccept),
    about: { subject: "assets.custody", id },
    asks: { operation: "assets.custody.accept", input: { custodyId: id } },
    key: acceptanceKey(id),
  });
  context.emit("assets.custody.given", {
    custodyId: id,
    assetId: giving.assetId,
    kind: thing.kind,
    personId: giving.personId,
    from: giving.from,
  });
  return id;
}

export interface Custody {
  readonly id: Id;
  readonly assetId: Id;
  readonly personId: Id;
  readonly fromDay: Day;
  readonly endedOn: Day | null;
  readonly acceptedAt: Date | null;
}

/** Takes the thing and then its custody, in this order everywhere. Refuses `notFound`. */
export async function takeCustody(context: WriteContext, custodyId: Id): Promise<{ custody: Custody; thing: Thing }> {
  const named = await context.db.maybe<{ assetId: Id }>(sql`
    select asset_id from assets.custody where tenant_id = ${context.tenantId} and id = ${custodyId}`);
  if (!named) refuse("notFound", {}, ["custodyId"]);
  const thing = await takeThing(context, named.assetId);
  const custody = await context.db.row<Custody>(sql`
    select id, asset_id, person_id, from_day, ended_on, accepted_at from assets.custody
    where tenant_id = ${context.tenantId} and id = ${custodyId}`);
  return { custody, thing };
}

export interface Ending {
  readonly custodyId: Id;
  readonly on: Day;
  readonly condition?: string;
  readonly note?: string;
}

/** Takes a thing back from whoever holds it. Refuses `custodyEnded`, `endBeforeStart` and `dayToCome`. */
export async function endCustody(context: WriteContext, ending: Ending): Promise<Custody> {
  const { custody, thing } = await takeCustody(context, ending.custodyId);
  if (custody.endedOn) refuse("custodyEnded", { tag: thing.tag, day: custody.endedOn });
  if (ending.on < custody.fromDay) refuse("endBeforeStart", { tag: thing.tag, from: custody.fromDay }, ["on"]);
  if (ending.on > context.today) refuse("dayToCome", { tag: thing.tag, from: ending.on }, ["on"]);
  await context.db.run(sql`
    update assets.custody set ended_on = ${ending.on}::date, condition_in = ${ending.condition ?? null},
      note = coalesce(${ending.note ?? null}, note)
    where tenant_id = ${context.tenantId} and id = ${ending.custodyId}`);
  // Nothing is left to accept or to look into.
  await closeTask(context, { key: acceptanceKey(ending.custodyId) }, "cancelled", `Taken back on ${ending.on}.`);
  await closeTask(context, { key: disputeKey(ending.custodyId) }, "done", `Taken back on ${ending.on}.`);
  context.emit("assets.custody.ended", {
    custodyId: ending.custodyId,
    assetId: custody.assetId,
    kind: thing.kind,
    personId: custody.personId,
    on: ending.on,
    condition: ending.condition ?? null,
  });
  return custody;
}

/** Sets a thing aside for a person from a day on. Refuses in the caller's words. */
export async function reserve(
  context: WriteContext,
  wish: { readonly assetId: Id; readonly personId: Id; readonly from: Day },
  wording: Wording = assetWording,
): Promise<Id> {
  const thing = await takeThing(context, wish.assetId);
  await personName(context, wish.personId);
  const hindered = hindersReserving(thing);
  if (hindered) refuse(wording[hindered.why], hindered.facts);
  const id = context.newId();
  await context.db.run(sql`
    insert into assets.reservation (tenant_id, id, asset_id, person_id, from_day, made_at)
    values (${context.tenantId}, ${id}, ${wish.assetId}, ${wish.personId}, ${wish.from}::date, ${context.now})`);
  const { assetId, personId, from } = wish;
  context.emit("assets.asset.reserved", { reservationId: id, assetId, kind: thing.kind, personId, from });
  return id;
}

/** Gives up a reservation, so that the thing is free for others. Refuses `notFound` and `reservationEnded`. */
export async function cancelReservation(context: WriteContext, reservationId: Id): Promise<Thing> {
  const named = await context.db.maybe<{ assetId: Id; personId: Id }>(sql`
    select asset_id, person_id from assets.reservation where tenant_id = ${context.tenantId} and id = ${reservationId}`);
  if (!named) refuse("notFound", {}, ["reservationId"]);
  const thing = await takeThing(context, named.assetId);
  if (thing.reservationId !== reservationId) refuse("reservationEnded", { tag: thing.tag });
  await closeReservation(context, reservationId, "cancelled");
  context.emit("assets.reservation.cancelled", { reservationId, assetId: named.assetId, kind: thing.kind, personId: named.personId });
  return thing;
}

async function closeReservation(context: WriteContext, reservationId: Id, outcome: "handedOver" | "cancelled"): Promise<void> {
  await context.db.run(sql`
    update assets.reservation set ended_on = ${context.today}::date, outcome = ${outcome}
    where tenant_id = ${context.tenantId} and id = ${reservationId}`);
}

/** Nobody keeps or is promised a thing that is gone: its custody ends and its reservation is given up. */
export async function releaseGone(
  context: WriteContext,
  thing: Thing,
  gone: { readonly on: Day; readonly standing: "lost" | "retired"; readonly note?: string },
): Promise<void> {
  if (thing.custodyId) await endCustody(context, { custodyId: thing.custodyId, on: gone.on, condition: gone.standing, note: gone.note });
  if (thing.reservationId) await cancelReservation(context, thing.reservationId);
  await setStanding(context, thing.id, gone);
}

export interface Holding {
  readonly custodyId: Id;
  readonly assetId: Id;
  readonly tag: string;
  readonly name: string;
  readonly kind: string;
  readonly from: Day;
  readonly acceptedAt: Date | null;
}

/** What a person holds now, oldest first; only of some kinds when asked. */
export function holdingsOf(context: ReadContext, personId: Id, kinds?: readonly string[]): Promise<Holding[]> {
  return context.db.rows<Holding>(sql`
    select c.id as custody_id, c.asset_id, a.tag, a.name, a.kind, c.from_day as from, c.accepted_at
    from assets.custody c join assets.asset a on a.tenant_id = c.tenant_id and a.id = c.asset_id
    where c.tenant_id = ${context.tenantId} and c.person_id = ${personId} and c.ended_on is null
      and (${kinds ?? null}::text[] is null or a.kind = any(${kinds ?? null}::text[]))
    order by c.from_day, a.tag`);
}

/** What is set aside for a person now; only of some kinds when asked. */
export function reservationsOf(
  context: ReadContext,
  personId: Id,
  kinds?: readonly string[],
): Promise<{ reservationId: Id; assetId: Id; tag: string; name: string; from: Day }[]> {
  return context.db.rows(sql`
    select r.id as reservation_id, r.asset_id, a.tag, a.name, r.from_day as from
    from assets.reservation r join assets.asset a on a.tenant_id = r.tenant_id and a.id = r.asset_id
    where r.tenant_id = ${context.tenantId} and r.person_id = ${personId} and r.ended_on is null
      and (${kinds ?? null}::text[] is null or a.kind = any(${kinds ?? null}::text[]))
    order by r.from_day, a.tag`);
}
