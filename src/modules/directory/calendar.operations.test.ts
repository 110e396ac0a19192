// Working hours on a real database: split shifts and nights, versions by day, exceptions before holidays, and the nearest calendar.
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../kernel/day.ts";
import { newId } from "../../kernel/id.ts";
import type { Actor } from "../../platform/operation/context.ts";
import { compose } from "../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../platform/testing/house.ts";
import { removeCalendarException, removeHoliday } from "./calendar-hours.operations.ts";
import { assignCalendar, calendarMonth, changeCalendar, setCalendarException, setCalendarHours } from "./calendar-hours.operations.ts";
import { hoursOn, hoursText, plainWeek, weekOverlap } from "./calendar.rules.ts";
import { addHolidays, calendarFor, createCalendar, createLegalEntity, createPlace, createUnit, directory, workedDays } from "./index.ts";

let house: TestHouse;
let kim: Actor;
let calendarId: string;

beforeAll(async () => {
  house = await openHouse({ registry: compose([directory]), today: "2026-03-02" });
  kim = await house.person("Kim Keeper", "directory.manager");
  calendarId = (await house.run(createCalendar, { code: "DE-BE", name: "Berlin", zone: "Europe/Berlin" }, kim)).id;
});
afterAll(() => house.close());

const read = <T>(does: Parameters<typeof house.funnel.read<T>>[1]) => house.funnel.read({ tenantId: house.tenantId, actor: kim }, does);
const month = (name: string) => house.run(calendarMonth, { calendarId, month: name }, kim);
const textOn = async (on: string) => (await month(on.slice(0, 7))).days.find((one) => one.day === on)!;
const weekday = (numbers: number[], from: string, until: string) => numbers.map((number) => ({ weekday: number, from, until }));

test("without hours a calendar works nine to five on its weekdays", async () => {
  expect(await month("2026-02")).toMatchObject({ zone: "Europe/Berlin", workedDays: 20, workedMinutes: 20 * 480 });
});

test("hours hold from their day on, with breaks and shifts past midnight", async () => {
  const days = [
    ...weekday([1, 2, 3, 4, 5], "09:00", "12:30"),
    ...weekday([1, 2, 3, 4], "13:30", "18:00"),
    ...weekday([5], "22:00", "06:00"),
  ];
  await house.run(setCalendarHours, { calendarId, from: "2026-03-09", hours: days }, kim);
  expect((await textOn("2026-03-06")).text).toBe("09:00–17:00");
  await house.run(setCalendarHours, { calendarId, from: "2026-01-01", hours: weekday([1, 2, 3, 4, 5], "08:00", "16:00") }, kim);
  expect((await textOn("2026-03-06")).text).toBe("08:00–16:00");
  expect((await textOn("2026-03-09")).text).toBe("09:00–12:30, 13:30–18:00");
  expect((await textOn("2026-03-13")).hours).toEqual([
    { from: "09:00", until: "12:30", minutes: 210 },
    { from: "22:00", until: "06:00", minutes: 480 },
  ]);
  expect(await house.call("directory.calendar.get", { id: calendarId }, kim)).toMatchObject({
    hoursSince: "2026-01-01",
    zone: "Europe/Berlin",
  });
});

test("an exception comes before a holiday, a holiday before the weekday; both can be taken back", async () => {
  await house.run(addHolidays, { calendarId, holidays: [{ day: "2026-04-03", name: "Good Friday" }] }, kim);
  expect(await textOn("2026-04-03")).toMatchObject({ kind: "holiday", name: "Good Friday", text: "" });
  const stock = { calendarId, day: "2026-04-03", name: "Stocktaking", hours: [{ from: "10:00", until: "14:00" }] };
  const { id } = await house.run(setCalendarException, stock, kim);
  expect(await textOn("2026-04-03")).toMatchObject({ kind: "exception", name: "Stocktaking", text: "10:00–14:00" });
  expect(await house.call("directory.calendarException.get", { id }, kim)).toMatchObject({ hours: "10:00–14:00", calendar: "Berlin" });
  await house.run(setCalendarException, { ...stock, hours: [] }, kim);
  expect(await house.call("directory.calendarException.get", { id }, kim)).toMatchObject({ hours: "closed" });
  await house.run(removeCalendarException, { calendarExceptionId: id }, kim);
  expect(await textOn("2026-04-03")).toMatchObject({ kind: "holiday" });
  const { rows } = (await house.call("directory.holiday.list", {}, kim)) as { rows: { id: string }[] };
  await house.run(removeHoliday, { holidayId: rows[0]!.id }, kim);
  expect(await textOn("2026-04-03")).toMatchObject({ kind: "weekday" });
});

test("what cannot be is refused in words", async () => {
  const nobody = newId();
  const hours = weekday([1], "09:00", "12:00");
  const code = (name: string) => expect.objectContaining({ code: name });
  await expect(house.run(setCalendarHours, { calendarId: nobody, from: "2026-05-01", hours }, kim)).rejects.toEqual(code("notFound"));
  const odd = [{ weekday: 1, from: "9", until: "12:00" }];
  await expect(house.run(setCalendarHours, { calendarId, from: "2026-05-01", hours: odd }, kim)).rejects.toEqual(code("timeMalformed"));
  const twice = [...hours, ...weekday([1], "11:00", "13:00")];
  await expect(house.run(setCalendarHours, { calendarId, from: "2026-05-01", hours: twice }, kim)).rejects.toEqual(code("hoursOverlap"));
  const night = [...weekday([7], "22:00", "06:00"), ...weekday([1], "05:00", "12:00")];
  await expect(house.run(setCalendarHours, { calendarId, from: "2026-05-01", hours: night }, kim)).rejects.toEqual(code("hoursOverlap"));
  const overlapping = [{ from: "09:00", until: "12:00" }, { from: "10:00", until: "11:00" }]; // prettier-ignore
  const exception = { calendarId, day: "2026-05-01", name: "x", hours: overlapping };
  await expect(house.run(setCalendarException, exception, kim)).rejects.toEqual(code("hoursOverlap"));
  await expect(house.run(changeCalendar, { calendarId, zone: "Europe/Nowhere" }, kim)).rejects.toEqual(code("zoneUnknown"));
  await expect(house.run(createCalendar, { code: "X", name: "X", zone: "Mars" }, kim)).rejects.toEqual(code("zoneUnknown"));
  await expect(house.run(assignCalendar, { calendarId, placeId: nobody }, kim)).rejects.toEqual(code("scopeUnknown"));
  await expect(house.run(assignCalendar, { calendarId, placeId: nobody, unitId: nobody }, kim)).rejects.toEqual(code("tooMany"));
  await expect(house.run(calendarMonth, { calendarId: nobody, month: "2026-01" }, kim)).rejects.toEqual(code("notFound"));
  await expect(house.run(removeHoliday, { holidayId: nobody }, kim)).rejects.toEqual(code("notFound"));
  await expect(house.run(removeCalendarException, { calendarExceptionId: nobody }, kim)).rejects.toEqual(code("notFound"));
});

test("the nearest calendar holds: place, then site; unit, then those above, then its entity; then the company's", async () => {
  const made = async (code: string) => (await house.run(createCalendar, { code, name: code }, kim)).id;
  const [company, ofSite, ofUnit, ofEntity] = [await made("CO"), await made("SITE"), await made("UNIT"), await made("ENT")];
  const entity = await house.run(createLegalEntity, { code: "E", name: "E", country: "DE", currency: "EUR" }, kim);
  const top = await house.run(createUnit, { code: "T", name: "Top", from: "2026-01-01", entityId: entity.id }, kim);
  const below = await house.run(createUnit, { code: "B", name: "Below", from: "2026-01-01", parentId: top.id }, kim);
  const site = await house.run(createPlace, { kind: "site", code: "S", name: "Site" }, kim);
  const building = await house.run(createPlace, { kind: "building", code: "S1", name: "House", parentId: site.id }, kim);
  const found = async (kind: "unit" | "place", id: string) =>
    (await read((context) => calendarFor(context, { kind, id: id as never }))).calendarId;

  expect(await read(async (context) => (await calendarFor(context)).calendarId)).toBeNull();
  await house.run(assignCalendar, { calendarId: ofSite }, kim);
  await house.run(assignCalendar, { calendarId: company }, kim);
  expect([await found("unit", below.id), await found("place", building.id)]).toEqual([company, company]);
  await house.run(assignCalendar, { calendarId: ofEntity, legalEntityId: entity.id }, kim);
  await house.run(assignCalendar, { calendarId: ofSite, placeId: site.id }, kim);
  expect([await found("unit", below.id), await found("place", building.id)]).toEqual([ofEntity, ofSite]);
  await house.run(assignCalendar, { calendarId: ofUnit, unitId: top.id }, kim);
  expect(await found("unit", below.id)).toBe(ofUnit);
  await house.run(
    setCalendarException,
    { calendarId: ofSite, day: "2026-03-07", name: "Open day", hours: [{ from: "10:00", until: "12:00" }] },
    kim,
  );
  expect(await read((context) => workedDays(context, site.id as never, day("2026-03-06"), day("2026-03-08")))).toEqual([
    "2026-03-06",
    "2026-03-07",
  ]);
});

test("hours of a week, by rule", () => {
  expect(hoursText([{ from: 1320, until: 1800 }])).toBe("22:00–06:00");
  const plain = { zone: "UTC", weeks: [plainWeek([6])], holidays: new Set<never>(), exceptions: new Map() };
  expect([hoursOn(plain, day("2026-03-07")).length, hoursOn(plain, day("2026-03-08")).length]).toEqual([1, 0]);
  expect(weekOverlap([[], [{ from: 0, until: 60 }], [], [], [], [], []])).toBeUndefined();
});
