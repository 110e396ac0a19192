// Desks, rooms and visitors, on a real database: every refusal, the races, and the facts.
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../kernel/day.ts";
import { type Id, newId } from "../../kernel/id.ts";
import { sql } from "../../platform/database/sql.ts";
import { system } from "../../platform/funnel/frame.ts";
import type { Actor, ReadContext } from "../../platform/operation/context.ts";
import { compose } from "../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../platform/testing/house.ts";
import { assets } from "../assets/index.ts";
import { createPlace, directory, retirePlace } from "../directory/index.ts";
import { office } from "../office/index.ts";
import { assignDesk, bookDesk, freeDesks, giveUpDesk, releaseDesk } from "./desk.operations.ts";
import { deskOf, hasDesk, hasDeskAt, hasNoDesk } from "./facts.ts";
import { facilities } from "./index.ts";
import { bookRoom, cancelBooking, freeRooms } from "./room.operations.ts";
import { announceVisit, arriveVisit, leaveVisit } from "./visit.operations.ts";

let house: TestHouse;
let owner: Actor;
let keeper: Actor;
let mara: Actor;
let jon: Actor;
let site: Id;
const today = "2026-11-21";

beforeAll(async () => {
  house = await openHouse({ registry: compose([directory, office, assets, facilities]), today });
  owner = await house.person("Olga Owner", "owner");
  keeper = await house.person("Fay Keeper", "facilities.manager");
  mara = await house.person("Mara");
  jon = await house.person("Jon");
  site = (await house.run(createPlace, { kind: "site", code: "BER", name: "Berlin", zone: "Europe/Berlin" }, owner)).id;
});
afterAll(() => house.close());

let made = 0;
const place = async (kind: "desk" | "room", more: object = {}): Promise<Id> =>
  (await house.run(createPlace, { kind, code: `${kind}-${++made}`, name: `${kind} ${made}`, parentId: site, ...more }, owner)).id;
const seat = (deskId: Id, person: Actor = mara, from = today) => house.run(assignDesk, { deskId, personId: person.personId, from }, keeper);
const refused = (code: string, says?: string) => ({ code, ...(says && { message: expect.stringContaining(says) as string }) });
const ask = <T>(question: (context: ReadContext) => Promise<T>): Promise<T> =>
  house.funnel.read({ tenantId: house.tenantId, actor: system }, question);
const desk = (id: Id, asOf = today) => house.call("facilities.desk.get", { id, asOf }, jon);

/** Somebody else's write that is not yet committed when ours begins. */
async function clash(insert: ReturnType<typeof sql>, wish: () => Promise<unknown>): Promise<unknown> {
  let outcome: Promise<unknown> = Promise.resolve();
  await house.funnel.work(house.tenantId, async (context) => {
    await context.db.run(insert);
    outcome = wish().catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 200));
  });
  return outcome;
}

test("a person is seated, moved to another desk and released; the facts follow the days", async () => {
  const [first, second] = [await place("desk"), await place("desk")];
  const nina = await house.person("Nina Newcomer");
  const has = (on: string) => ask((context) => hasDesk(context, nina.personId!, day(on)));
  await seat(first, nina, "2026-12-01");
  expect([await has(today), await has("2026-12-01")]).toEqual([false, true]);
  expect(await ask((context) => hasDeskAt(context, nina.personId!, site, day("2026-12-01")))).toBe(true);
  await seat(second, nina, "2027-01-15");
  expect(await desk(first, "2027-01-14")).toMatchObject({ state: "taken", person: "Nina Newcomer", untilDay: "2027-01-14" });
  expect(await desk(first, "2027-01-15")).toMatchObject({ state: "free", person: null });
  expect(await ask((context) => deskOf(context, nina.personId!, day("2027-01-15")))).toMatchObject({ deskId: second });
  expect(await ask((context) => hasNoDesk(context, nina.personId!, day(today)))).toBe(false);
  const released = await house.run(releaseDesk, { personId: nina.personId, lastDay: "2026-12-31" }, keeper);
  expect(released.deskIds.toSorted()).toEqual([first, second].toSorted());
  expect([await has("2026-12-31"), await has("2027-01-01")]).toEqual([true, false]);
  expect(await ask((context) => hasNoDesk(context, nina.personId!, day("2027-01-01")))).toBe(true);
  const again = house.run(releaseDesk, { personId: nina.personId, lastDay: "2026-12-31" }, keeper);
  await expect(again).rejects.toMatchObject(refused("notSeated", "Nina Newcomer has no desk"));
  await expect(house.run(releaseDesk, { personId: newId(), lastDay: today }, keeper)).rejects.toMatchObject(refused("notFound"));
});

test("what hinders a seating is said in words, with what to do", async () => {
  const [taken, old, closing] = [await place("desk"), await place("desk"), await place("desk")];
  await seat(taken, mara, "2026-12-01");
  await expect(seat(taken, jon)).rejects.toMatchObject(refused("deskTaken", "taken by Mara on 2026-12-01. Choose another"));
  await expect(seat(taken, mara)).rejects.toMatchObject(refused("alreadyThere", "Mara sits at desk"));
  await house.run(retirePlace, { placeId: old, from: today }, owner);
  await expect(seat(old, jon)).rejects.toMatchObject(refused("deskRetired", today));
  await house.run(retirePlace, { placeId: closing, from: "2027-01-01" }, owner);
  expect(await seat(closing, jon)).toMatchObject({ until: "2026-12-31" });
  await expect(seat(newId())).rejects.toMatchObject(refused("notFound"));
  await expect(seat(await place("room"))).rejects.toMatchObject(refused("notFound"));
  await expect(house.run(assignDesk, { deskId: taken, personId: newId(), from: today }, keeper)).rejects.toMatchObject(refused("notFound"));
  await expect(house.run(assignDesk, { deskId: taken, personId: jon.personId, from: today }, mara)).rejects.toMatchObject({
    name: "NotPermitted",
  });
  const here = { ...jon, grants: [{ role: "facilities.manager", scope: { kind: "site" as const, id: site } }] };
  await house.run(assignDesk, { deskId: await place("desk"), personId: jon.personId, from: today }, here);
  const elsewhere = { ...jon, grants: [{ role: "facilities.manager", scope: { kind: "site" as const, id: newId() } }] };
  const denied = house.run(assignDesk, { deskId: await place("desk"), personId: jon.personId, from: today }, elsewhere);
  await expect(denied).rejects.toMatchObject({ name: "NotPermitted" });
});

test("free desks of a day, and free for good", async () => {
  const id = await place("desk");
  await seat(id, await house.person("Later"), "2027-06-01");
  const free = async (input: object) => (await house.run(freeDesks, input, jon)).desks.map((row) => row.deskId);
  expect(await free({ day: today, siteId: site })).toContain(id);
  expect(await free({ day: today, forGood: true })).not.toContain(id);
  expect(await free({ day: "2027-06-01" })).not.toContain(id);
  expect(await free({ day: today, siteId: newId() })).toEqual([]);
});

test("anyone without a desk books one for a day and gives it up again", async () => {
  const [id, other] = [await place("desk"), await place("desk")];
  const guest = await house.person("Gast");
  const book = (deskId: Id, on: string, as = guest) => house.run(bookDesk, { deskId, day: on }, as);
  await book(id, today);
  expect(await desk(id)).toMatchObject({ state: "booked", person: "Gast", untilDay: today });
  await expect(book(id, today)).rejects.toMatchObject(refused("alreadyThere"));
  await expect(book(other, today)).rejects.toMatchObject(refused("seatedElsewhere"));
  await expect(book(other, "2026-11-20")).rejects.toMatchObject(refused("dayPast"));
  await expect(book(id, today, mara)).rejects.toMatchObject(refused("deskTaken", "Gast"));
  await expect(book(id, today, { ...guest, personId: null })).rejects.toMatchObject(refused("noPerson"));
  await expect(book(newId(), today)).rejects.toMatchObject(refused("notFound"));
  await expect(seat(id, jon)).rejects.toMatchObject(refused("deskTaken"));
  const old = await place("desk");
  await house.run(retirePlace, { placeId: old, from: today }, owner);
  await expect(book(old, "2026-11-22")).rejects.toMatchObject(refused("deskRetired"));
  await house.run(giveUpDesk, { deskId: id, day: today }, guest);
  await expect(house.run(giveUpDesk, { deskId: id, day: today }, guest)).rejects.toMatchObject(refused("notBooked"));
  expect(await desk(id)).toMatchObject({ state: "free" });
});

test("of sixteen seated at one desk at once exactly one gets it, and the others are told by whom it is taken", async () => {
  const id = await place("desk");
  const people = await Promise.all(Array.from({ length: 16 }, (_, index) => house.person(`Racer ${index}`)));
  const results = await Promise.allSettled(people.map((person) => seat(id, person)));
  expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
  for (const result of results)
    if (result.status === "rejected") expect(result.reason).toMatchObject(refused("deskTaken", "taken by Racer"));
});

test("of sixteen desks given to one person at once they have exactly one in the end", async () => {
  const person = await house.person("Everywhere");
  const desks = await Promise.all(Array.from({ length: 16 }, () => place("desk")));
  const results = await Promise.allSettled(desks.map((id) => seat(id, person)));
  expect(results.some((result) => result.status === "fulfilled")).toBe(true);
  for (const result of results) if (result.status === "rejected") expect(result.reason).toMatchObject(refused("seatedMeanwhile"));
  const { count } = await ask((context) =>
    context.db.row<{ count: number }>(sql`
      select count(*)::int as count from facilities.desk_assignment where tenant_id = ${house.tenantId}
        and person_id = ${person.personId}`),
  );
  expect(count).toBe(1);
});

test("the database's own no about desks is worded", async () => {
  const [one, two, three] = [await place("desk"), await place("desk"), await place("desk")];
  const put = (deskId: Id, person: Actor) => sql`
    insert into facilities.desk_assignment (tenant_id, id, desk_id, person_id, during, is_day)
    values (${house.tenantId}, ${newId()}, ${deskId}, ${person.personId}, daterange(${today}::date, null), false)`;
  const [ada, bob] = [await house.person("Ada"), await house.person("Bob")];
  expect(await clash(put(one, ada), () => seat(one, bob))).toMatchObject(refused("deskTakenMeanwhile"));
  expect(await clash(put(two, bob), () => seat(three, bob))).toMatchObject(refused("seatedMeanwhile"));
  const [cleo, dan] = [await house.person("Cleo"), await house.person("Dan")];
  const four = await place("desk");
  const book = (deskId: Id, as: Actor) => house.run(bookDesk, { deskId, day: today }, as);
  expect(await clash(put(four, cleo), () => book(four, dan))).toMatchObject(refused("deskTakenMeanwhile"));
  expect(await clash(put(three, dan), () => book(four, dan))).toMatchObject(refused("deskTaken", "Cleo"));
  const five = await place("desk");
  const emma = await house.person("Emma");
  expect(await clash(put(await place("desk"), emma), () => book(five, emma))).toMatchObject(refused("seatedMeanwhile"));
});

const at = (hour: number, minute = 0): string => `2026-11-23T${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}:00+01:00`;
const book = (roomId: Id, from: string, until: string, as = mara) => house.run(bookRoom, { roomId, from, until, title: "Planning" }, as);

test("a room is booked from one moment to another and never twice", async () => {
  const roomId = await place("room", { seats: 6 });
  const { id } = await book(roomId, at(9), at(10));
  await book(roomId, at(10), at(11), jon);
  await expect(book(roomId, at(9, 30), at(10, 30), jon)).rejects.toMatchObject(
    refused("roomTaken", "from 2026-11-23 09:00 to 2026-11-23 10:00 by Mara"),
  );
  await expect(book(roomId, at(12), at(12))).rejects.toMatchObject(refused("badPeriod"));
  await expect(book(roomId, at(12), "2026-11-24T12:00:01+01:00")).rejects.toMatchObject(refused("tooLong", "24 hours"));
  await expect(book(roomId, "2026-11-20T09:00:00Z", "2026-11-20T10:00:00Z")).rejects.toMatchObject(refused("timePast"));
  await expect(book(newId(), at(9), at(10))).rejects.toMatchObject(refused("notFound"));
  await expect(book(roomId, at(14), at(15), { ...mara, personId: null })).rejects.toMatchObject(refused("noPerson"));
  const old = await place("room");
  await house.run(retirePlace, { placeId: old, from: "2026-11-22" }, owner);
  await expect(book(old, at(9), at(10))).rejects.toMatchObject(refused("roomRetired"));
  const free = async (input: object) => (await house.run(freeRooms, { siteId: site, ...input }, jon)).rooms.map((row) => row.roomId);
  expect(await free({ from: at(9), until: at(10) })).not.toContain(roomId);
  expect(await free({ from: at(11), until: at(12), seats: 6 })).toContain(roomId);
  expect(await free({ from: at(11), until: at(12), seats: 7 })).not.toContain(roomId);
  await expect(free({ from: at(11), until: at(11) })).rejects.toMatchObject(refused("badPeriod"));
  await expect(house.run(cancelBooking, { bookingId: id }, jon)).rejects.toMatchObject({ name: "NotPermitted" });
  await house.run(cancelBooking, { bookingId: id }, mara);
  await expect(house.run(cancelBooking, { bookingId: id }, mara)).rejects.toMatchObject(refused("alreadyCancelled"));
  await expect(house.run(cancelBooking, { bookingId: newId() }, keeper)).rejects.toMatchObject(refused("notFound"));
  const replaced = await book(roomId, at(9, 30), at(10), jon);
  const list = await house.call("facilities.booking.list", { filter: { roomId }, sort: "beginsAt" }, mara);
  expect(list).toMatchObject({ rows: [{ state: "cancelled" }, { state: "planned", person: "Jon" }, { state: "planned" }] });
  house.today = day("2026-11-24");
  await expect(house.run(cancelBooking, { bookingId: replaced.id }, jon)).rejects.toMatchObject(refused("timePast"));
  house.today = day(today);
});

test("of sixteen bookings of one room at once exactly one is made", async () => {
  const roomId = await place("room");
  const people = await Promise.all(Array.from({ length: 16 }, (_, index) => house.person(`Racer ${index}`)));
  const results = await Promise.allSettled(people.map((person, index) => book(roomId, at(9, index), at(10, index), person)));
  expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
  for (const result of results) {
    if (result.status === "rejected") expect(result.reason).toMatchObject(refused("roomTaken"));
    if (result.status === "rejected") expect((result.reason as Error).message).not.toContain("{");
  }
});

test("the database's own no about rooms is worded", async () => {
  const roomId = await place("room");
  const insert = sql`
    insert into facilities.booking (tenant_id, id, room_id, person_id, title, begins_at, ends_at)
    values (${house.tenantId}, ${newId()}, ${roomId}, ${jon.personId}, 'First', ${new Date(at(9))}, ${new Date(at(10))})`;
  expect(await clash(insert, () => book(roomId, at(9), at(10)))).toMatchObject(refused("roomTakenMeanwhile"));
});

test("a visitor is announced, received and seen off", async () => {
  const announce = (more: object = {}, as = mara) =>
    house.run(announceVisit, { visitor: "Vera Visitor", siteId: site, day: today, ...more }, as);
  const { id } = await announce();
  await expect(announce({ day: "2026-11-20" })).rejects.toMatchObject(refused("dayPast"));
  await expect(announce({ siteId: newId() })).rejects.toMatchObject(refused("notFound"));
  await expect(announce({ hostId: newId() })).rejects.toMatchObject(refused("notFound"));
  await expect(announce({}, { ...mara, personId: null })).rejects.toMatchObject(refused("noHost"));
  expect(await house.call("facilities.visit.list", {}, jon)).toMatchObject({ rows: [] });
  await expect(house.run(leaveVisit, { visitId: id }, keeper)).rejects.toMatchObject(refused("notHere"));
  await house.run(arriveVisit, { visitId: id, badge: "V1" }, keeper);
  expect(await house.call("facilities.visit.get", { id }, mara)).toMatchObject({
    state: "here",
    badge: "V1",
    can: ["facilities.visit.leave"],
  });
  await expect(house.run(arriveVisit, { visitId: id }, mara)).rejects.toMatchObject(refused("alreadyHere"));
  const second = await announce({ visitor: "Victor" }, jon);
  await expect(house.run(arriveVisit, { visitId: second.id, badge: "V1" }, keeper)).rejects.toMatchObject(refused("badgeTaken"));
  await expect(house.run(arriveVisit, { visitId: second.id }, mara)).rejects.toMatchObject({ name: "NotPermitted" });
  const tomorrow = await announce({ day: "2026-11-22" });
  await expect(house.run(arriveVisit, { visitId: tomorrow.id }, keeper)).rejects.toMatchObject(refused("otherDay", "2026-11-22"));
  await house.run(leaveVisit, { visitId: id }, mara);
  await house.run(arriveVisit, { visitId: second.id, badge: "V1" }, keeper);
  for (const operation of [arriveVisit, leaveVisit]) {
    await expect(house.run(operation, { visitId: newId() }, keeper)).rejects.toMatchObject(refused("notFound"));
  }
});

test("every law holds, and every figure is a number", async () => {
  await ask(async (context) => {
    for (const law of facilities.laws!) expect(await law.breaks(context)).toEqual([]);
    for (const figure of facilities.figures!) expect(await figure.value(context, day(today))).toBeTypeOf("number");
  });
});
