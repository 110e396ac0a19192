// Rooms: booked for a time, never twice.
import { z } from "zod";
import type { Id as KernelId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import { Id, Instant, ref, Text } from "../../platform/operation/field.ts";
import { anyone, operation, whoever } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { keepers, Moment, takePlace, wallTime } from "./place.store.ts";

export const roomRegister = register({
  name: "facilities.room",
  title: "Meeting rooms",
  does: "Every room, and whether it is in use right now.",
  may: [anyone],
  row: z.object({
    id: Id,
    code: z.string(),
    name: z.string(),
    state: z.enum(["free", "booked", "retired"]),
    seats: z.number().int().nullable(),
    nowBooked: z.string().nullable().describe("What it is used for right now."),
    siteId: ref("directory.site"),
    site: z.string(),
  }),
  label: "name",
  search: ["name", "code"],
  from: (context) => sql`
    select r.id, r.code, r.name, r.seats, b.title as now_booked, r.site_id, s.name as site,
      case when r.retired_from <= ${context.today}::date then 'retired' when b.id is not null then 'booked' else 'free' end as state
    from directory.place r
    join directory.place s on s.tenant_id = r.tenant_id and s.id = r.site_id
    left join facilities.booking b on b.tenant_id = r.tenant_id and b.room_id = r.id and b.cancelled_at is null
      and tstzrange(b.begins_at, b.ends_at) @> ${context.now}::timestamptz
    where r.tenant_id = ${context.tenantId} and r.kind = 'room'`,
});

export const bookingRegister = register({
  name: "facilities.booking",
  title: "Room bookings",
  does: "Which room is booked when, by whom and for what.",
  may: [anyone],
  row: z.object({
    id: Id,
    label: z.string(),
    roomId: ref("facilities.room"),
    room: z.string(),
    siteId: ref("directory.site"),
    title: z.string(),
    personId: ref("directory.person"),
    person: z.string(),
    beginsAt: Instant,
    endsAt: Instant,
    state: z.enum(["planned", "running", "over", "cancelled"]),
  }),
  label: "label",
  search: ["title", "room", "person"],
  grows: true,
  sort: "-beginsAt",
  from: (context) => sql`
    select b.id, r.name || ': ' || b.title as label, b.room_id, r.name as room, r.site_id, b.title, b.person_id, p.name as person,
      b.begins_at, b.ends_at,
      case when b.cancelled_at is not null then 'cancelled' when b.ends_at <= ${context.now}::timestamptz then 'over'
        when b.begins_at <= ${context.now}::timestamptz then 'running' else 'planned' end as state
    from facilities.booking b
    join directory.place r on r.tenant_id = b.tenant_id and r.id = b.room_id
    join directory.party p on p.tenant_id = b.tenant_id and p.id = b.person_id
    where b.tenant_id = ${context.tenantId}`,
});

const hourMilliseconds = 3_600_000;
const hoursMax = 24;

const FreeRoom = z.object({ roomId: Id, code: z.string(), name: z.string(), seats: z.number().int().nullable(), site: z.string() });

export const freeRooms = operation({
  name: "facilities.room.free",
  title: "Free rooms",
  does: "Lists the rooms that nobody has booked in a time, the smallest that suffices first.",
  kind: "read",
  may: [anyone],
  input: z.strictObject({
    from: Moment,
    until: Moment,
    seats: z.number().int().min(1).max(10_000).optional(),
    siteId: ref("directory.site").optional(),
  }),
  output: z.object({ rooms: z.array(FreeRoom) }),
  refuses: { badPeriod: "It ends before it begins. Give a later end." },
  async run({ from, until, seats, siteId }, context) {
    if (until <= from) refuse("badPeriod", {}, ["until"]);
    return {
      rooms: await context.db.rows<z.output<typeof FreeRoom>>(sql`
        select r.id as room_id, r.code, r.name, r.seats, s.name as site from directory.place r
        join directory.place s on s.tenant_id = r.tenant_id and s.id = r.site_id
        where r.tenant_id = ${context.tenantId} and r.kind = 'room' and (r.retired_from is null or r.retired_from > ${until}::timestamptz)
          and (${seats ?? null}::int is null or r.seats >= ${seats ?? null}::int)
          and (${siteId ?? null}::uuid is null or r.site_id = ${siteId ?? null}::uuid)
          and not exists (select from facilities.booking b
            where b.tenant_id = r.tenant_id and b.room_id = r.id and b.cancelled_at is null
              and tstzrange(b.begins_at, b.ends_at) && tstzrange(${from}::timestamptz, ${until}::timestamptz))
        order by r.seats nulls last, r.code limit 500`),
    };
  },
});

export const bookRoom = operation({
  name: "facilities.room.book",
  title: "Book a room",
  does: "Books a room for yourself from one moment to another.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({ roomId: ref("facilities.room"), from: Moment, until: Moment, title: Text(200) }),
  output: z.object({ id: Id }),
  when: (room) => room["state"] !== "retired",
  refuses: {
    notFound: "There is no such room.",
    noPerson: "You are not in the directory as a person, so nothing can be booked for you. Ask whoever keeps the directory.",
    badPeriod: "It ends before it begins. Give a later end.",
    tooLong: "A room is booked for {hours} hours at most. Book several times.",
    timePast: "That time is over. Choose one that is still to come.",
    roomRetired: "{room} is retired from {day}. Choose another room: facilities room free.",
    roomTaken: "{room} is booked from {begins} to {ends} by {by}. Choose another time, or another room: facilities room free.",
    roomTakenMeanwhile: "Somebody booked this room at this very moment. Choose another time, or another room: facilities room free.",
  },
  emits: ["facilities.room.booked"],
  constraints: { booking_no_overlap: "roomTakenMeanwhile" },
  async run({ roomId, from, until, title }, context) {
    const { tenantId, db } = context;
    const personId = context.actor.personId ?? refuse("noPerson");
    if (until <= from) refuse("badPeriod", {}, ["until"]);
    if (until.getTime() - from.getTime() > hoursMax * hourMilliseconds) refuse("tooLong", { hours: hoursMax }, ["until"]);
    if (until <= context.now) refuse("timePast", {}, ["from"]);
    const room = await takePlace(context, "room", roomId);
    const { retired } = await db.row<{ retired: boolean }>(sql`
      select coalesce(${room.retiredFrom}::date <= ${until}::timestamptz, false) as retired`);
    if (retired) refuse("roomRetired", { room: room.name, day: room.retiredFrom });
    const taken = await db.maybe<{ begins: string; ends: string; by: string }>(sql`
      select ${wallTime(context, sql`b.begins_at`, sql`${room.siteId}`)} as begins,
        ${wallTime(context, sql`b.ends_at`, sql`${room.siteId}`)} as ends,
        p.name as by
      from facilities.booking b join directory.party p on p.tenant_id = b.tenant_id and p.id = b.person_id
      where b.tenant_id = ${tenantId} and b.room_id = ${roomId} and b.cancelled_at is null
        and tstzrange(b.begins_at, b.ends_at) && tstzrange(${from}::timestamptz, ${until}::timestamptz)
      order by b.begins_at limit 1`);
    if (taken) refuse("roomTaken", { room: room.name, ...taken });
    const id = context.newId();
    await db.run(sql`
      insert into facilities.booking (tenant_id, id, room_id, person_id, title, begins_at, ends_at)
      values (${tenantId}, ${id}, ${roomId}, ${personId}, ${title}, ${from}, ${until})`);
    context.emit("facilities.room.booked", { bookingId: id, roomId, personId, from, until });
    return { id };
  },
});

export const cancelBooking = operation({
  name: "facilities.booking.cancel",
  title: "Cancel a booking",
  does: "Frees a room that was booked.",
  kind: "write",
  may: [
    ...keepers,
    whoever<{ bookingId: string }>("whoever booked it", async (input, context) => {
      if (!context.actor.personId) return false;
      const own = await context.db.maybe(sql`
        select id from facilities.booking
        where tenant_id = ${context.tenantId} and id = ${input.bookingId} and person_id = ${context.actor.personId}`);
      return own !== undefined;
    }),
  ],
  input: z.strictObject({ bookingId: ref("facilities.booking") }),
  output: z.object({ id: Id }),
  when: (booking) => booking["state"] === "planned" || booking["state"] === "running",
  refuses: {
    notFound: "There is no such booking.",
    alreadyCancelled: "It is cancelled already.",
    timePast: "That time is over. There is nothing left to cancel.",
  },
  emits: ["facilities.booking.cancelled"],
  async run({ bookingId }, context) {
    const booking = await context.db.maybe<{ roomId: KernelId; endsAt: Date; cancelledAt: Date | null }>(sql`
      select room_id, ends_at, cancelled_at from facilities.booking
      where tenant_id = ${context.tenantId} and id = ${bookingId} for update`);
    if (!booking) refuse("notFound");
    if (booking.cancelledAt) refuse("alreadyCancelled");
    if (booking.endsAt <= context.now) refuse("timePast");
    await context.db.run(sql`
      update facilities.booking set cancelled_at = ${context.now} where tenant_id = ${context.tenantId} and id = ${bookingId}`);
    context.emit("facilities.booking.cancelled", { bookingId, roomId: booking.roomId });
    return { id: bookingId };
  },
});
