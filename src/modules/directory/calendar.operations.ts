// Business calendars: worked weekdays and holidays by region. A site follows one; without one Monday to Friday is worked.
import { z } from "zod";
import type { Id as KernelId } from "../../kernel/id.ts";
import { addDays, type Day as KernelDay } from "../../kernel/day.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { ReadContext } from "../../platform/operation/context.ts";
import { Day, Id, ref, Text } from "../../platform/operation/field.ts";
import { anyone, operation } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { isWorked, isZone } from "./calendar.rules.ts";
import { calendarFor } from "./calendar.store.ts";

export const calendarRegister = register({
  name: "directory.calendar",
  title: "Business calendars",
  does: "Which weekdays are worked where.",
  may: [anyone],
  row: z.object({
    id: Id,
    code: z.string(),
    name: z.string(),
    weekdays: z.string(),
    zone: z.string(),
    company: z.boolean().describe("It holds wherever no nearer calendar does."),
    holidays: z.number().int(),
    hoursSince: Day.nullable().describe("Since when its hours hold; without hours, nine to five."),
  }),
  label: "name",
  search: ["name", "code"],
  from: (context) => sql`
    select c.id, c.code, c.name, coalesce(c.zone, t.zone) as zone, c.is_company as company, w.from_day as hours_since,
      array_to_string(array(
        select (array['Mon','Tue','Wed','Thu','Fri','Sat','Sun'])[d] from unnest(coalesce(w.weekdays, c.weekdays)) d order by d), ' ')
        as weekdays,
      (select count(*)::int from directory.holiday h where h.tenant_id = c.tenant_id and h.calendar_id = c.id) as holidays
    from directory.calendar c
    join platform.tenant_account t on t.tenant_id = c.tenant_id
    left join lateral (
      select w.from_day, array_agg(w.weekday) as weekdays from directory.calendar_week w
      where w.tenant_id = c.tenant_id and w.calendar_id = c.id and w.from_day <= ${context.today}::date
      group by w.from_day order by w.from_day desc limit 1) w on true
    where c.tenant_id = ${context.tenantId}`,
});

export const holidayRegister = register({
  name: "directory.holiday",
  title: "Holidays",
  does: "Days on which nobody works, by calendar.",
  may: [anyone],
  row: z.object({ id: Id, name: z.string(), day: Day, calendarId: ref("directory.calendar"), calendar: z.string() }),
  label: "name",
  search: ["name", "calendar"],
  sort: "day",
  from: (context) => sql`
    select h.id, h.name, h.day, h.calendar_id, c.name as calendar
    from directory.holiday h join directory.calendar c on c.tenant_id = h.tenant_id and c.id = h.calendar_id
    where h.tenant_id = ${context.tenantId}`,
});

export const createCalendar = operation({
  name: "directory.calendar.create",
  title: "Add a business calendar",
  does: "Says which weekdays are worked in a region.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({
    code: Text(20),
    name: Text(100),
    weekdays: z.array(z.number().int().min(1).max(7)).min(1).max(7).default([1, 2, 3, 4, 5]).describe("1 is Monday."),
    zone: Text(60).optional().describe("Like Europe/Berlin; left out it is the company's."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    codeTaken: "The code {code} is used by another calendar. Choose another.",
    zoneUnknown: "There is no time zone {zone}. Write it like Europe/Berlin.",
  },
  emits: ["directory.calendar.created"],
  example: { code: "DE-BE", name: "Berlin" },
  constraints: { calendar_tenant_id_code_key: "codeTaken" },
  async run(input, context) {
    const taken = await context.db.maybe(sql`
      select id from directory.calendar where tenant_id = ${context.tenantId} and code = ${input.code}`);
    if (taken) refuse("codeTaken", { code: input.code }, ["code"]);
    if (input.zone !== undefined && !isZone(input.zone)) refuse("zoneUnknown", { zone: input.zone }, ["zone"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into directory.calendar (tenant_id, id, code, name, weekdays, zone)
      values (${context.tenantId}, ${id}, ${input.code}, ${input.name}, ${[...new Set(input.weekdays)]}::int[], ${input.zone ?? null})`);
    context.emit("directory.calendar.created", { calendarId: id });
    return { id };
  },
});

export const addHolidays = operation({
  name: "directory.calendar.addHolidays",
  title: "Add holidays",
  does: "Adds days on which nobody works to a calendar; a day that is there already takes the new name.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({
    calendarId: ref("directory.calendar"),
    holidays: z
      .array(z.strictObject({ day: Day, name: Text(100) }))
      .min(1)
      .max(200),
  }),
  output: z.object({ added: z.number().int() }),
  refuses: { notFound: "There is no such calendar.", dayTwice: "The day {day} stands there twice. Name each day once." },
  emits: ["directory.calendar.holidaysAdded"],
  async run(input, context) {
    const there = await context.db.maybe(sql`
      select id from directory.calendar where tenant_id = ${context.tenantId} and id = ${input.calendarId} for update`);
    if (!there) refuse("notFound");
    const days = input.holidays.map((holiday) => holiday.day);
    const twice = days.find((day, index) => days.indexOf(day) !== index);
    if (twice) refuse("dayTwice", { day: twice }, ["holidays"]);
    const added = await context.db.run(sql`
      insert into directory.holiday (tenant_id, id, calendar_id, day, name)
      select ${context.tenantId}, h.id, ${input.calendarId}, h.day, h.name
      from unnest(${days.map(() => context.newId())}::uuid[], ${days}::date[], ${input.holidays.map((holiday) => holiday.name)}::text[])
        as h (id, day, name)
      on conflict (tenant_id, calendar_id, day) do update set name = excluded.name`);
    context.emit("directory.calendar.holidaysAdded", { calendarId: input.calendarId, days });
    return { added };
  },
});

/** Days worked at a site (or by the calendar of the company) from one day to another, both included, in order. */
export async function workedDays(context: ReadContext, siteId: KernelId | null, from: KernelDay, until: KernelDay): Promise<KernelDay[]> {
  const { calendar } = await calendarFor(context, siteId ? { kind: "site", id: siteId } : undefined);
  const worked: KernelDay[] = [];
  for (let day = from; day <= until; day = addDays(day, 1)) if (isWorked(calendar, day)) worked.push(day);
  return worked;
}
