// Desks: who sits where on any day. A person has one desk at a time; a desk has one person at a time.
import { z } from "zod";
import { addDays, type Day as KernelDay } from "../../kernel/day.ts";
import type { Id as KernelId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { Day, Id, ref } from "../../platform/operation/field.ts";
import { anyone, operation } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { hindersSeating, type Seated } from "./desk.rules.ts";
import { keepers, personName, type Place, siteOf, takePerson, takePlace } from "./place.store.ts";

export const deskRegister = register({
  name: "facilities.desk",
  title: "Desks",
  does: "Every desk, and who sits at it on a day.",
  may: [anyone],
  row: z.object({
    id: Id,
    code: z.string(),
    name: z.string(),
    state: z.enum(["free", "taken", "booked", "retired"]).describe("Booked: for that day only."),
    personId: ref("directory.person").nullable(),
    person: z.string().nullable(),
    fromDay: Day.nullable(),
    untilDay: Day.nullable(),
    placeId: ref("directory.place").nullable(),
    place: z.string().nullable().describe("The room or floor it is on."),
    siteId: ref("directory.site"),
    site: z.string(),
  }),
  label: "code",
  search: ["code", "name", "person", "place"],
  dated: true,
  places: { site: "siteId" },
  from: (context, asOf) => sql`
    select d.id, d.code, d.name,
      case when d.retired_from <= ${asOf}::date then 'retired' when a.is_day then 'booked'
        when a.id is not null then 'taken' else 'free' end as state,
      a.person_id, p.name as person, lower(a.during) as from_day, (upper(a.during) - 1) as until_day,
      d.parent_id as place_id, r.name as place, d.site_id, s.name as site
    from directory.place d
    join directory.place s on s.tenant_id = d.tenant_id and s.id = d.site_id
    left join directory.place r on r.tenant_id = d.tenant_id and r.id = d.parent_id
    left join facilities.desk_assignment a on a.tenant_id = d.tenant_id and a.desk_id = d.id and a.during @> ${asOf}::date
    left join directory.party p on p.tenant_id = a.tenant_id and p.id = a.person_id
    where d.tenant_id = ${context.tenantId} and d.kind = 'desk'`,
});

const FreeDesk = z.object({ deskId: Id, code: z.string(), name: z.string(), place: z.string().nullable(), site: z.string() });

export const freeDesks = operation({
  name: "facilities.desk.free",
  title: "Free desks",
  does: "Lists the desks at which nobody sits on a day, or from that day on.",
  kind: "read",
  may: [anyone],
  input: z.strictObject({
    day: Day,
    siteId: ref("directory.site").optional(),
    forGood: z.boolean().optional().describe("Only desks that nobody has on any later day either."),
  }),
  output: z.object({ desks: z.array(FreeDesk) }),
  example: { day: "2026-12-01" },
  async run({ day, siteId, forGood }, context) {
    const wanted = forGood ? sql`daterange(${day}::date, null)` : sql`daterange(${day}::date, ${day}::date, '[]')`;
    return {
      desks: await context.db.rows<z.output<typeof FreeDesk>>(sql`
        select d.id as desk_id, d.code, d.name, r.name as place, s.name as site from directory.place d
        join directory.place s on s.tenant_id = d.tenant_id and s.id = d.site_id
        left join directory.place r on r.tenant_id = d.tenant_id and r.id = d.parent_id
        where d.tenant_id = ${context.tenantId} and d.kind = 'desk' and (d.retired_from is null or d.retired_from > ${day}::date)
          and (${siteId ?? null}::uuid is null or d.site_id = ${siteId ?? null}::uuid)
          and not exists (select from facilities.desk_assignment a
            where a.tenant_id = d.tenant_id and a.desk_id = d.id and a.during && ${wanted})
        order by s.name, d.code limit 500`),
    };
  },
});

const seating = {
  notFound: "There is no such desk or person.",
  deskRetired: "Desk {desk} is retired from {day}. Choose another: facilities desk free.",
  deskTaken: "Desk {desk} is taken by {by} on {day}. Choose another: facilities desk free --day {day}.",
  alreadyThere: "{by} sits at desk {desk} already from {day}. Nothing is to be done.",
  deskTakenMeanwhile: "Somebody took this desk at this very moment. Look which desks are free and choose another.",
  seatedMeanwhile: "This person was seated somewhere else at this very moment. Look where, and try again if it should be here.",
};

const lost = { desk_one_person: "deskTakenMeanwhile", desk_one_per_person: "seatedMeanwhile" } as const;

/** Takes the desk and the person, and says what stands in the way of sitting there in the wanted days. */
async function checkFree(
  context: WriteContext,
  wish: { deskId: KernelId; personId: KernelId; from: KernelDay; until?: KernelDay },
): Promise<Place> {
  const desk = await takePlace(context, "desk", wish.deskId);
  await takePerson(context, wish.personId);
  const inTheWay = await context.db.rows<Seated>(sql`
    select a.person_id, p.name as person, greatest(lower(a.during), ${wish.from}::date) as day from facilities.desk_assignment a
    join directory.party p on p.tenant_id = a.tenant_id and p.id = a.person_id
    where a.tenant_id = ${context.tenantId} and a.desk_id = ${wish.deskId}
      and a.during && daterange(${wish.from}::date, ${wish.until ?? null}::date, '[]')
    order by a.during`);
  const hindered = hindersSeating({ desk: desk.code, retiredFrom: desk.retiredFrom, personId: wish.personId, from: wish.from }, inTheWay);
  if (hindered) refuse(hindered.code, hindered.facts, ["deskId"]);
  return desk;
}

export const assignDesk = operation({
  name: "facilities.desk.assign",
  title: "Assign a desk",
  does: "Seats a person at a desk from a day on and ends where they sat before.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ deskId: ref("facilities.desk"), personId: ref("directory.person"), from: Day }),
  output: z.object({ id: Id, until: Day.nullable().describe("The last day before the desk is retired.") }),
  at: (input, context) => siteOf(context, input.deskId),
  when: (desk) => desk["state"] === "free" || desk["state"] === "booked",
  refuses: seating,
  emits: ["facilities.desk.assigned", "facilities.desk.released"],
  constraints: lost,
  async run(input, context) {
    const { tenantId, db } = context;
    const desk = await checkFree(context, input);
    await endSeats(context, input.personId, input.from);
    const id = context.newId();
    await db.run(sql`
      insert into facilities.desk_assignment (tenant_id, id, desk_id, person_id, during, is_day)
      values (${tenantId}, ${id}, ${input.deskId}, ${input.personId}, daterange(${input.from}::date, ${desk.retiredFrom}::date), false)`);
    context.emit("facilities.desk.assigned", { deskId: input.deskId, personId: input.personId, from: input.from, siteId: desk.siteId });
    return { id, until: desk.retiredFrom && addDays(desk.retiredFrom, -1) };
  },
});

/** From that day on the person sits nowhere; what was planned for later never begins. Returns the desks that become free. */
async function endSeats(context: WriteContext, personId: KernelId, from: KernelDay): Promise<KernelId[]> {
  const { tenantId, db } = context;
  const never = await db.rows<{ deskId: KernelId }>(sql`
    delete from facilities.desk_assignment
    where tenant_id = ${tenantId} and person_id = ${personId} and lower(during) >= ${from}::date returning desk_id`);
  const ended = await db.rows<{ deskId: KernelId }>(sql`
    update facilities.desk_assignment set during = daterange(lower(during), ${from}::date)
    where tenant_id = ${tenantId} and person_id = ${personId} and during @> ${from}::date and lower(during) < ${from}::date
      returning desk_id`);
  const desks = [...new Set([...ended, ...never].map((row) => row.deskId))];
  for (const deskId of desks) context.emit("facilities.desk.released", { deskId, personId, from });
  return desks;
}

export const releaseDesk = operation({
  name: "facilities.desk.release",
  title: "Release someone's desk",
  does: "Says until which day a person sits at their desk; from the next day it is free.",
  kind: "write",
  may: [...keepers],
  on: "directory.person",
  input: z.strictObject({ personId: ref("directory.person"), lastDay: Day }),
  output: z.object({ deskIds: z.array(Id) }),
  refuses: { notFound: "There is no such person.", notSeated: "{person} has no desk after {day}. Nothing is to be done." },
  emits: ["facilities.desk.released"],
  async run({ personId, lastDay }, context) {
    const person = await personName(context, personId);
    const deskIds = await endSeats(context, personId, addDays(lastDay, 1));
    if (deskIds.length === 0) refuse("notSeated", { person, day: lastDay });
    return { deskIds };
  },
});

export const bookDesk = operation({
  name: "facilities.desk.book",
  title: "Book a desk for a day",
  does: "Keeps a free desk for yourself on one day.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({ deskId: ref("facilities.desk"), day: Day }),
  output: z.object({ id: Id }),
  when: (desk) => desk["state"] === "free",
  refuses: {
    ...seating,
    noPerson: "You are not in the directory as a person, so no desk can be kept for you. Ask whoever keeps the directory.",
    dayPast: "{day} is over. Choose today or a day to come.",
    seatedElsewhere: "You have desk {desk} on that day. Use it, or give it up first.",
  },
  emits: ["facilities.desk.booked"],
  constraints: lost,
  async run({ deskId, day }, context) {
    const personId = context.actor.personId ?? refuse("noPerson");
    if (day < context.today) refuse("dayPast", { day }, ["day"]);
    await checkFree(context, { deskId, personId, from: day, until: day });
    const elsewhere = await context.db.maybe<{ code: string }>(sql`
      select d.code from facilities.desk_assignment a join directory.place d on d.tenant_id = a.tenant_id and d.id = a.desk_id
      where a.tenant_id = ${context.tenantId} and a.person_id = ${personId} and a.during @> ${day}::date`);
    if (elsewhere) refuse("seatedElsewhere", { desk: elsewhere.code });
    const id = context.newId();
    await context.db.run(sql`
      insert into facilities.desk_assignment (tenant_id, id, desk_id, person_id, during, is_day)
      values (${context.tenantId}, ${id}, ${deskId}, ${personId}, daterange(${day}::date, ${day}::date, '[]'), true)`);
    context.emit("facilities.desk.booked", { deskId, personId, day });
    return { id };
  },
});

export const giveUpDesk = operation({
  name: "facilities.desk.giveUp",
  title: "Give up a booked day",
  does: "Frees a desk that you had booked for one day.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({ deskId: ref("facilities.desk"), day: Day }),
  output: z.object({ id: Id }),
  when: (desk) => desk["state"] === "booked",
  refuses: { notBooked: "You have not booked this desk for {day}." },
  emits: ["facilities.desk.released"],
  async run({ deskId, day }, context) {
    const freed = await context.db.run(sql`
      delete from facilities.desk_assignment
      where tenant_id = ${context.tenantId} and desk_id = ${deskId} and person_id = ${context.actor.personId}::uuid and is_day
        and lower(during) = ${day}::date`);
    if (freed === 0) refuse("notBooked", { day });
    context.emit("facilities.desk.released", { deskId, personId: context.actor.personId, from: day });
    return { id: deskId };
  },
});
