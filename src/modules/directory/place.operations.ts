// Places: sites, their buildings, floors, rooms and desks.
import { z } from "zod";
import type { Day as KernelDay } from "../../kernel/day.ts";
import type { Id as KernelId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { type Sql, sql } from "../../platform/database/sql.ts";
import { Day, Id, ref, Text } from "../../platform/operation/field.ts";
import { anyone, operation } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { mayStandIn, placeKinds } from "./place.rules.ts";

const Kind = z.enum(placeKinds);

const row = z.object({
  id: Id,
  code: z.string(),
  name: z.string(),
  kind: Kind,
  parentId: ref("directory.place").nullable(),
  parent: z.string().nullable(),
  siteId: ref("directory.site"),
  site: z.string(),
  seats: z.number().int().nullable(),
  zone: z.string().nullable(),
  calendarId: ref("directory.calendar").nullable(),
  state: z.enum(["in use", "retired"]),
  retiredFrom: Day.nullable(),
});

const places = (name: string, title: string, does: string, kind: Sql) =>
  register({
    name,
    title,
    does,
    may: [anyone],
    row,
    label: "name",
    search: ["name", "code"],
    sort: "code",
    dated: true,
    inner: name === "directory.site" || name === "directory.desk" || name === "directory.room",
    from: (context, asOf) => sql`
      select p.id, p.code, p.name, p.kind, p.parent_id, a.name as parent, p.site_id, s.name as site, p.seats, p.zone, p.calendar_id,
        case when p.retired_from <= ${asOf}::date then 'retired' else 'in use' end as state, p.retired_from
      from directory.place p
      left join directory.place a on a.tenant_id = p.tenant_id and a.id = p.parent_id
      join directory.place s on s.tenant_id = p.tenant_id and s.id = p.site_id
      where p.tenant_id = ${context.tenantId} and ${kind}`,
  });

export const placeRegister = places("directory.place", "Places", "Sites, buildings, floors, rooms and desks.", sql`true`);
export const siteRegister = places("directory.site", "Sites", "The company's locations.", sql`p.kind = 'site'`);
export const roomRegister = places("directory.room", "Rooms", "Rooms at every site.", sql`p.kind = 'room'`);
export const deskRegister = places("directory.desk", "Desks", "Desks at every site.", sql`p.kind = 'desk'`);

export const createPlace = operation({
  name: "directory.place.create",
  title: "Add a place",
  does: "Adds a site, or a building, floor, room or desk inside another place.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({
    kind: Kind,
    code: Text(40),
    name: Text(200),
    parentId: ref("directory.place").optional().describe("The place it is in; a site is in none."),
    seats: z.number().int().min(1).max(10_000).optional(),
    zone: Text(60).optional().describe("Time zone of a site, e.g. Europe/Berlin."),
    calendarId: ref("directory.calendar").optional().describe("The business calendar a site follows."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    codeTaken: "The code {code} is used by another place. Choose another.",
    siteStandsAlone: "A site is inside no other place. Leave the place above it out.",
    placeNeedsParent: "A {kind} is inside another place. Say which.",
    placeWrongParent: "A {kind} cannot be inside a {parentKind}. The order is site, building, floor, room, desk.",
    parentUnknown: "There is no such place to put it in, or it is retired.",
    calendarUnknown: "There is no such calendar.",
  },
  emits: ["directory.place.created"],
  example: { kind: "site", code: "BER", name: "Berlin", zone: "Europe/Berlin" },
  constraints: { place_tenant_id_code_key: "codeTaken" },
  async run(input, context) {
    const { tenantId, db } = context;
    if (await db.maybe(sql`select id from directory.place where tenant_id = ${tenantId} and code = ${input.code}`)) {
      refuse("codeTaken", { code: input.code }, ["code"]);
    }
    if (input.kind === "site" && input.parentId) refuse("siteStandsAlone", {}, ["parentId"]);
    if (input.kind !== "site" && !input.parentId) refuse("placeNeedsParent", { kind: input.kind }, ["parentId"]);
    const parent = input.parentId
      ? ((await db.maybe<{ kind: (typeof placeKinds)[number]; siteId: KernelId }>(sql`
          select kind, site_id from directory.place where tenant_id = ${tenantId} and id = ${input.parentId}
            and (retired_from is null or retired_from > ${context.today}::date)`)) ?? refuse("parentUnknown", {}, ["parentId"]))
      : undefined;
    if (parent && !mayStandIn(input.kind, parent.kind)) {
      refuse("placeWrongParent", { kind: input.kind, parentKind: parent.kind }, ["parentId"]);
    }
    if (input.calendarId) {
      const calendar = await db.maybe(sql`select id from directory.calendar where tenant_id = ${tenantId} and id = ${input.calendarId}`);
      if (!calendar) refuse("calendarUnknown", {}, ["calendarId"]);
    }
    const id = context.newId();
    await db.run(sql`
      insert into directory.place (tenant_id, id, kind, code, name, parent_id, site_id, seats, zone, calendar_id)
      values (${tenantId}, ${id}, ${input.kind}, ${input.code}, ${input.name}, ${input.parentId ?? null}, ${parent?.siteId ?? id},
        ${input.seats ?? null}, ${input.zone ?? null}, ${input.calendarId ?? null})`);
    context.emit("directory.place.created", { placeId: id, kind: input.kind });
    return { id };
  },
});

export const updatePlace = operation({
  name: "directory.place.update",
  title: "Change a place",
  does: "Corrects the name, number of seats, time zone or calendar of a place. Fields left out stay as they are.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({
    placeId: ref("directory.place"),
    name: Text(200).optional(),
    seats: z.number().int().min(1).max(10_000).optional(),
    zone: Text(60).optional(),
    calendarId: ref("directory.calendar").optional(),
  }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There is no such place.", calendarUnknown: "There is no such calendar." },
  emits: ["directory.place.updated"],
  async run(input, context) {
    if (input.calendarId) {
      const calendar = await context.db.maybe(sql`
        select id from directory.calendar where tenant_id = ${context.tenantId} and id = ${input.calendarId}`);
      if (!calendar) refuse("calendarUnknown", {}, ["calendarId"]);
    }
    const touched = await context.db.run(sql`
      update directory.place set name = coalesce(${input.name ?? null}, name), seats = coalesce(${input.seats ?? null}::int, seats),
        zone = coalesce(${input.zone ?? null}, zone), calendar_id = coalesce(${input.calendarId ?? null}::uuid, calendar_id)
      where tenant_id = ${context.tenantId} and id = ${input.placeId}`);
    if (touched === 0) refuse("notFound");
    context.emit("directory.place.updated", { placeId: input.placeId });
    return { id: input.placeId };
  },
});

export const retirePlace = operation({
  name: "directory.place.retire",
  title: "Retire a place",
  does: "Takes a place and everything inside it out of use from a day on.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({ placeId: ref("directory.place"), from: Day }),
  output: z.object({ id: Id, retired: z.number().int() }),
  when: (place) => place["state"] === "in use",
  refuses: { notFound: "There is no such place.", placeRetired: "It is already retired from {day}." },
  emits: ["directory.place.retired"],
  async run(input, context) {
    const there = await context.db.maybe<{ retiredFrom: KernelDay | null }>(sql`
      select retired_from from directory.place where tenant_id = ${context.tenantId} and id = ${input.placeId} for update`);
    if (!there) refuse("notFound");
    if (there.retiredFrom && there.retiredFrom <= input.from) refuse("placeRetired", { day: there.retiredFrom });
    const retired = await context.db.run(sql`
      with recursive inside (id) as (
        select ${input.placeId}::uuid
        union all
        select p.id from inside i join directory.place p on p.tenant_id = ${context.tenantId} and p.parent_id = i.id)
      update directory.place set retired_from = ${input.from}::date
      where tenant_id = ${context.tenantId} and id in (select id from inside)
        and (retired_from is null or retired_from > ${input.from}::date)`);
    context.emit("directory.place.retired", { placeId: input.placeId, from: input.from });
    return { id: input.placeId, retired };
  },
});
