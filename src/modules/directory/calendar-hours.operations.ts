// What a calendar works: its hours from a day on, days that are unlike the others, and who follows it.
import { z } from "zod";
import { addDays, day, type Day as KernelDay, endOfMonth } from "../../kernel/day.ts";
import type { Id as KernelId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { Day, Id, ref, Text } from "../../platform/operation/field.ts";
import { anyone, operation } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { type Hours, hoursOf, hoursOn, hoursText, isZone, overlapOf, timeText, weekOverlap } from "./calendar.rules.ts";
import { calendarsNamed, rangesText } from "./calendar.store.ts";

const Time = z.string().describe("Like 09:00; 24:00 is the end of the day.");
const Span = { from: Time, until: Time.describe("When it is no later than the beginning, it is on the next day.") };

const notFound = "There is no such calendar.";
const timeMalformed = "{time} is not a time of day. Write it like 09:00.";
const hoursOverlap = "The hours from {from} lie upon others. Make them one, or leave a gap.";
const weekdayNames = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

export const calendarExceptionRegister = register({
  name: "directory.calendarException",
  title: "Exceptional days",
  does: "Days on which a calendar works other hours than its weekday, or none.",
  may: [anyone],
  row: z.object({
    id: Id,
    name: z.string(),
    day: Day,
    hours: z.string(),
    calendarId: ref("directory.calendar"),
    calendar: z.string(),
  }),
  label: "name",
  search: ["name", "calendar"],
  sort: "-day",
  from: (context) => sql`
    select x.id, x.name, x.day, x.calendar_id, c.name as calendar,
      case when isempty(x.hours) then 'closed' else (
        select string_agg(to_char(interval '1 minute' * lower(h), 'HH24:MI') || '–' ||
          to_char(interval '1 minute' * (upper(h) % 1440), 'HH24:MI'), ', ')
        from unnest(x.hours) h) end as hours
    from directory.calendar_exception x
    join directory.calendar c on c.tenant_id = x.tenant_id and c.id = x.calendar_id
    where x.tenant_id = ${context.tenantId}`,
});

export const setCalendarHours = operation({
  name: "directory.calendar.setHours",
  title: "Set working hours",
  does: "Says which hours are worked on each weekday from a day on, with breaks and shifts past midnight. What was before stays on record.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({
    calendarId: ref("directory.calendar"),
    from: Day.describe("The first day they hold."),
    hours: z
      .array(z.strictObject({ weekday: z.number().int().min(1).max(7).describe("1 is Monday."), ...Span }))
      .min(1)
      .max(70),
  }),
  output: z.object({ id: Id }),
  refuses: { notFound, timeMalformed, hoursOverlap: "On {weekday} the hours from {from} lie upon others. Make them one, or leave a gap." },
  emits: ["directory.calendar.changed"],
  async run(input, context) {
    await lockCalendar(context, input.calendarId);
    const hours = input.hours.map((span, index) => ({ weekday: span.weekday, ...hoursFrom(span, ["hours", index]) }));
    const overlap = weekOverlap([1, 2, 3, 4, 5, 6, 7].map((weekday) => hours.filter((span) => span.weekday === weekday)));
    if (overlap) refuse("hoursOverlap", { weekday: weekdayNames[overlap.weekday - 1], from: timeText(overlap.hours.from) }, ["hours"]);
    const weekdays = [...new Set(hours.map((span) => span.weekday))].toSorted();
    const ranges = weekdays.map((weekday) => rangesText(hours.filter((span) => span.weekday === weekday)));
    await context.db.run(sql`
      delete from directory.calendar_week
      where tenant_id = ${context.tenantId} and calendar_id = ${input.calendarId} and from_day = ${input.from}`);
    await context.db.run(sql`
      insert into directory.calendar_week (tenant_id, calendar_id, from_day, weekday, hours)
      select ${context.tenantId}, ${input.calendarId}, ${input.from}, w.weekday, w.hours::int4multirange
      from unnest(${weekdays}::int[], ${ranges}::text[]) as w (weekday, hours)`);
    context.emit("directory.calendar.changed", { calendarId: input.calendarId });
    return { id: input.calendarId };
  },
});

export const setCalendarException = operation({
  name: "directory.calendar.setException",
  title: "Set an exceptional day",
  does: "Says that one day is closed or works other hours, whatever weekday or holiday it is.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({
    calendarId: ref("directory.calendar"),
    day: Day,
    name: Text(100).describe("Why, e.g. Stocktaking."),
    hours: z.array(z.strictObject(Span)).max(10).default([]).describe("None is closed."),
  }),
  output: z.object({ id: Id }),
  refuses: { notFound, timeMalformed, hoursOverlap },
  emits: ["directory.calendar.changed"],
  async run(input, context) {
    await lockCalendar(context, input.calendarId);
    const hours = input.hours.map((span, index) => hoursFrom(span, ["hours", index]));
    const overlap = overlapOf(hours);
    if (overlap) refuse("hoursOverlap", { from: timeText(overlap.from) }, ["hours"]);
    const kept = await context.db.row<{ id: KernelId }>(sql`
      insert into directory.calendar_exception (tenant_id, id, calendar_id, day, name, hours)
      values (${context.tenantId}, ${context.newId()}, ${input.calendarId}, ${input.day}, ${input.name},
        ${rangesText(hours)}::int4multirange)
      on conflict (tenant_id, calendar_id, day) do update set name = excluded.name, hours = excluded.hours
      returning id`);
    context.emit("directory.calendar.changed", { calendarId: input.calendarId });
    return { id: kept.id };
  },
});

export const removeCalendarException = operation({
  name: "directory.calendarException.remove",
  title: "Take back an exceptional day",
  does: "The day is again what its weekday and the holidays say.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({ calendarExceptionId: ref("directory.calendarException") }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There is no such exceptional day." },
  emits: ["directory.calendar.changed"],
  async run({ calendarExceptionId }, context) {
    const gone = await context.db.maybe<{ calendarId: KernelId }>(sql`
      delete from directory.calendar_exception where tenant_id = ${context.tenantId} and id = ${calendarExceptionId}
      returning calendar_id`);
    if (!gone) refuse("notFound");
    context.emit("directory.calendar.changed", { calendarId: gone.calendarId });
    return { id: calendarExceptionId };
  },
});

export const removeHoliday = operation({
  name: "directory.holiday.remove",
  title: "Remove a holiday",
  does: "Takes a day off the holidays of a calendar: it is worked as its weekday is.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({ holidayId: ref("directory.holiday") }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There is no such holiday." },
  emits: ["directory.calendar.changed"],
  async run({ holidayId }, context) {
    const gone = await context.db.maybe<{ calendarId: KernelId }>(sql`
      delete from directory.holiday where tenant_id = ${context.tenantId} and id = ${holidayId} returning calendar_id`);
    if (!gone) refuse("notFound");
    context.emit("directory.calendar.changed", { calendarId: gone.calendarId });
    return { id: holidayId };
  },
});

export const changeCalendar = operation({
  name: "directory.calendar.change",
  title: "Change a calendar",
  does: "Corrects the name or the time zone of a calendar. Fields left out stay as they are.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({
    calendarId: ref("directory.calendar"),
    name: Text(100).optional(),
    zone: Text(60).optional().describe("Like Europe/Berlin; left out it is the company's."),
  }),
  output: z.object({ id: Id }),
  refuses: { notFound, zoneUnknown: "There is no time zone {zone}. Write it like Europe/Berlin." },
  emits: ["directory.calendar.changed"],
  async run({ calendarId, name, zone }, context) {
    await lockCalendar(context, calendarId);
    if (zone !== undefined && !isZone(zone)) refuse("zoneUnknown", { zone }, ["zone"]);
    await context.db.run(sql`
      update directory.calendar set name = coalesce(${name ?? null}, name), zone = coalesce(${zone ?? null}, zone)
      where tenant_id = ${context.tenantId} and id = ${calendarId}`);
    context.emit("directory.calendar.changed", { calendarId });
    return { id: calendarId };
  },
});

export const assignCalendar = operation({
  name: "directory.calendar.assign",
  title: "Say who follows a calendar",
  does: "Lets a place, a unit or a legal entity follow a calendar, with all in it that follow no other; without one, the whole company.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({
    calendarId: ref("directory.calendar"),
    placeId: ref("directory.place").optional(),
    unitId: ref("directory.unit").optional(),
    legalEntityId: ref("directory.legalEntity").optional(),
  }),
  output: z.object({ id: Id }),
  refuses: {
    notFound,
    tooMany: "Name one: a place, a unit or a legal entity. For the whole company name none.",
    scopeUnknown: "There is no such {kind} in the directory. Choose one from the list.",
  },
  emits: ["directory.calendar.assigned"],
  async run({ calendarId, placeId, unitId, legalEntityId }, context) {
    await lockCalendar(context, calendarId);
    if ([placeId, unitId, legalEntityId].filter(Boolean).length > 1) refuse("tooMany");
    const { tenantId } = context;
    if (!placeId && !unitId && !legalEntityId) {
      await context.db.run(sql`update directory.calendar set is_company = false where tenant_id = ${tenantId} and is_company`);
      await context.db.run(sql`update directory.calendar set is_company = true where tenant_id = ${tenantId} and id = ${calendarId}`);
    } else {
      const [kind, change] = placeId
        ? ["place", sql`update directory.place set calendar_id = ${calendarId} where tenant_id = ${tenantId} and id = ${placeId}`]
        : unitId
          ? ["unit", sql`update directory.unit set calendar_id = ${calendarId} where tenant_id = ${tenantId} and id = ${unitId}`]
          : ["legal entity", sql`update directory.legal_entity set calendar_id = ${calendarId}
              where tenant_id = ${tenantId} and id = ${legalEntityId}`]; // prettier-ignore
      if ((await context.db.run(change as ReturnType<typeof sql>)) === 0) refuse("scopeUnknown", { kind });
    }
    context.emit("directory.calendar.assigned", { calendarId });
    return { id: calendarId };
  },
});

export const calendarMonth = operation({
  name: "directory.calendar.month",
  title: "A month of a calendar",
  does: "Shows day by day what a calendar works in a month, and why a day is unlike the others.",
  kind: "read",
  may: [anyone],
  input: z.strictObject({
    calendarId: ref("directory.calendar"),
    month: z
      .string()
      .regex(/^\d{4}-(0[1-9]|1[0-2])$/, "must be a month like 2026-03")
      .describe("Like 2026-03."),
  }),
  output: z.object({
    zone: z.string(),
    workedDays: z.number().int(),
    workedMinutes: z.number().int(),
    days: z.array(
      z.object({
        day: Day,
        hours: z.array(z.object({ from: z.string(), until: z.string(), minutes: z.number().int() })),
        text: z.string(),
        kind: z.enum(["weekday", "holiday", "exception"]),
        name: z.string().nullable(),
      }),
    ),
  }),
  refuses: { notFound },
  async run({ calendarId, month }, context) {
    const calendar = (await calendarsNamed(context, [calendarId])).get(calendarId);
    if (!calendar) refuse("notFound");
    const first = day(`${month}-01`);
    const names = await context.db.rows<{ day: KernelDay; name: string; kind: "holiday" | "exception" }>(sql`
      select day, name, 'holiday' as kind from directory.holiday
      where tenant_id = ${context.tenantId} and calendar_id = ${calendarId} and day between ${first} and ${endOfMonth(first)}
      union all
      select day, name, 'exception' from directory.calendar_exception
      where tenant_id = ${context.tenantId} and calendar_id = ${calendarId} and day between ${first} and ${endOfMonth(first)}
      order by kind desc`);
    // An exception comes last and wins.
    const named = new Map(names.map((one) => [one.day, one]));
    const days = [];
    for (let on = first; on <= endOfMonth(first); on = addDays(on, 1)) {
      const hours = hoursOn(calendar, on);
      const why = named.get(on);
      days.push({
        day: on,
        hours: hours.map((span) => ({ from: timeText(span.from), until: timeText(span.until), minutes: span.until - span.from })),
        text: hoursText(hours),
        kind: why?.kind ?? ("weekday" as const),
        name: why?.name ?? null,
      });
    }
    return {
      zone: calendar.zone,
      workedDays: days.filter((one) => one.hours.length > 0).length,
      workedMinutes: days.reduce((sum, one) => sum + one.hours.reduce((inner, span) => inner + span.minutes, 0), 0),
      days,
    };
  },
});

async function lockCalendar(context: WriteContext, calendarId: KernelId): Promise<void> {
  const there = await context.db.maybe(sql`
    select id from directory.calendar where tenant_id = ${context.tenantId} and id = ${calendarId} for update`);
  if (!there) refuse("notFound");
}

function hoursFrom(span: { from: string; until: string }, path: readonly (string | number)[]): Hours {
  const hours = hoursOf(span.from, span.until);
  return hours ?? refuse("timeMalformed", { time: hoursOf(span.from, "24:00") ? span.until : span.from }, path);
}
