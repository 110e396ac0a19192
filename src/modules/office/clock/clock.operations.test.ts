// Clocks on a real database: what the helpdesk's vectors say end to end, pauses, a changed priority, policy and calendar, and one warning
// for each stage.
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { type Id, newId } from "../../../kernel/id.ts";
import type { Actor } from "../../../platform/operation/context.ts";
import { compose } from "../../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";
import { directory } from "../../directory/index.ts";
import { office } from "../module.ts";
import { makeLine } from "../office.testing.ts";
import { lab } from "../process/lab.testing.ts";
import {
  clocksInState,
  handClocks,
  pauseClock,
  reopenClock,
  restateClocks,
  resumeClock,
  startClock,
  startClocks,
  stopClock,
} from "./clock.ts";
import { pauseClockByHand, resumeClockByHand } from "./clock.operations.ts";
import { clockLaws } from "./laws.ts";
import { changeServiceLevel, createServiceLevel, retireServiceLevel } from "./service-level.operations.ts";
import { sweepClocks } from "./sweep.ts";

let house: TestHouse;
let boss: Actor;
let bob: Actor;
let lead: Actor;
let calendarId: Id;

// Monday 2 March 2026; the house stands in UTC, and its clock at nine.
beforeAll(async () => {
  house = await openHouse({ registry: compose([directory, office, lab]), today: "2026-03-02" });
  boss = await house.person("Olga Owner", "owner");
  bob = await house.person("Bob Does");
  lead = await house.person("Lena Leads");
  const line = await makeLine(house, boss);
  const above = await line.seat("LEAD", lead);
  await line.seat("DOES", bob, above);
  calendarId = (await house.call("directory.calendar.create", { code: "HD", name: "Helpdesk" }, boss))["id"] as Id;
  const hours = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: "10:00", until: "18:00" }));
  await house.call("directory.calendar.setHours", { calendarId, from: "2026-01-01", hours }, boss);
  await house.call("directory.calendar.assign", { calendarId }, boss);
  await house.settle();
});
afterAll(() => house.close());

const work = <T>(does: Parameters<typeof house.funnel.work<T>>[1]) => house.funnel.work(house.tenantId, does, house.today);
const at = (text: string): Date => new Date(`${text}Z`);
const clock = (id: Id) => house.call("office.clock.get", { id }, boss);
const started: Id[] = [];
const start = async (more: object = {}) => {
  const id = await work((context) =>
    startClock(context, {
      about: { subject: "lab.thing", id: newId() },
      target: "resolution",
      title: "Printer",
      minutes: 120,
      owner: { personId: bob.personId! },
      at: at("2026-03-05T15:00:00"),
      ...more,
    }),
  );
  started.push(id);
  return id;
};
const noticesOf = async (person: Actor): Promise<string[]> => {
  const { rows } = await house.owner.query("select title from platform.notification where person_id = $1 order by id", [person.personId]);
  return rows.map((row: { title: string }) => row.title);
};
const brokenLaws = async (): Promise<string[]> => {
  const call = { tenantId: house.tenantId, actor: boss };
  return (await Promise.all(clockLaws.map((law) => house.funnel.read(call, (context) => law.breaks(context))))).flat();
};

test("an hour on hold puts two hours off to the end of the day, a second more to the next morning", async () => {
  for (const [resumed, due] of [
    ["2026-03-05T16:00:00", "2026-03-05T18:00:00.000Z"],
    ["2026-03-05T16:00:01", "2026-03-06T10:00:01.000Z"],
  ] as const) {
    const clockId = await start();
    expect(await clock(clockId)).toMatchObject({ dueAt: "2026-03-05T17:00:00.000Z" });
    await work((context) => pauseClock(context, { clockId }, "waits for the customer", at("2026-03-05T15:00:00")));
    expect(await clock(clockId)).toMatchObject({ state: "paused", dueAt: null });
    await work((context) => resumeClock(context, { clockId }, "answered", at(resumed)));
    expect(await clock(clockId)).toMatchObject({ dueAt: due });
  }
  expect(await brokenLaws()).toEqual([]);
});

test("a pause outside of hours costs nothing; a breach stays one; a reopened clock goes on with what was left", async () => {
  const clockId = await start({ minutes: 240 });
  await work((context) => pauseClock(context, { clockId }, "night", at("2026-03-05T18:00:00")));
  await work((context) => resumeClock(context, { clockId }, "morning", at("2026-03-06T10:00:00")));
  expect(await clock(clockId)).toMatchObject({ dueAt: "2026-03-06T11:00:00.000Z", usedMinutes: 180 });
  await work((context) => stopClock(context, { clockId }, "done", "closed", at("2026-03-06T10:30:00")));
  expect(await clock(clockId)).toMatchObject({ state: "met" });
  await work((context) => reopenClock(context, { clockId }, "came back", at("2026-03-09T10:00:00")));
  expect(await clock(clockId)).toMatchObject({ dueAt: "2026-03-09T10:30:00.000Z" });
  await work((context) => pauseClock(context, { clockId }, "late", at("2026-03-09T11:00:00")));
  expect(await clock(clockId)).toMatchObject({ dueAt: "2026-03-09T10:30:00.000Z" });
  await work((context) => stopClock(context, { clockId }, "done", "closed", at("2026-03-09T11:00:00")));
  expect(await clock(clockId)).toMatchObject({ state: "missed", endedAt: "2026-03-09T11:00:00.000Z" });
});

test("days are worked days at the same time, never 24 hours each", async () => {
  expect(await clock(await start({ minutes: undefined, days: 2 }))).toMatchObject({
    dueAt: "2026-03-09T15:00:00.000Z",
    allowedMinutes: 960,
  });
  // What comes on Saturday comes on Monday at ten; a day of work later Monday is over.
  const weekend = await start({ minutes: undefined, days: 1, at: at("2026-03-07T08:00:00") });
  expect(await clock(weekend)).toMatchObject({ dueAt: "2026-03-09T18:00:00.000Z" });
  expect(await clock(await start({ calendarId: null, minutes: 72 * 60 }))).toMatchObject({ dueAt: "2026-03-08T15:00:00.000Z" });
});

test("a service level fits by its conditions; a changed priority, level and calendar counts open clocks anew", async () => {
  const level = (name: string, rank: number, minutes: number, priority?: string) => ({
    name,
    subject: "lab.ticket",
    rank,
    conditions: priority ? [{ field: "priority", is: [priority] }] : [],
    targets: [{ target: "response", amount: minutes }, { target: "resolution", amount: minutes * 4 }], // prettier-ignore
    pauseStates: ["pending"],
  });
  const urgent = await house.run(createServiceLevel, level("Urgent", 1, 30, "urgent"), boss);
  await house.run(createServiceLevel, level("Others", 9, 60), boss);
  const about = { subject: "lab.ticket", id: newId() };
  const wish = { about, title: "Mail is down", priority: "high", owner: { personId: bob.personId! }, at: at("2026-03-02T11:00:00") };
  const [response, resolution] = await work((context) => startClocks(context, wish));
  expect(await clock(response!)).toMatchObject({ serviceLevel: "Others", dueAt: "2026-03-02T12:00:00.000Z" });
  expect(await clock(resolution!)).toMatchObject({ dueAt: "2026-03-02T15:00:00.000Z" });
  expect(await work((context) => startClocks(context, wish))).toEqual([]);
  expect(await work((context) => startClocks(context, { ...wish, about: { ...about, subject: "lab.other" } }))).toEqual([]);

  await work((context) => restateClocks(context, { about, facts: { priority: "urgent" } }));
  expect(await clock(resolution!)).toMatchObject({ serviceLevel: "Urgent", dueAt: "2026-03-02T13:00:00.000Z" });
  await house.run(
    changeServiceLevel,
    { serviceLevelId: urgent.id, targets: [{ target: "resolution", amount: 8 * 60 }], pauseStates: ["pending"] },
    boss,
  );
  expect(await clock(resolution!)).toMatchObject({ dueAt: "2026-03-03T11:00:00.000Z" });
  // Levels without this target leave a clock with what it was promised.
  expect(await clock(response!)).toMatchObject({ dueAt: "2026-03-02T11:30:00.000Z" });
  await house.call("directory.calendar.setException", { calendarId, day: "2026-03-03", name: "Closed", hours: [] }, boss);
  await house.settle();
  expect(await clock(resolution!)).toMatchObject({ dueAt: "2026-03-04T11:00:00.000Z" });
  expect(await brokenLaws()).toEqual([]);

  expect(await work((context) => clocksInState(context, about, "pending", at("2026-03-02T11:10:00")))).toBe(2);
  expect(await work((context) => clocksInState(context, about, "assigned", at("2026-03-02T11:20:00")))).toBe(2);
  const { rows } = (await house.call("office.clockSegment.list", { filter: { clockId: resolution! }, sort: "number" }, boss)) as {
    rows: { reason: string }[];
  };
  expect(rows.map((row) => row.reason)).toEqual([
    "started",
    "counted anew",
    "service level changed",
    "calendar changed",
    "pending",
    "assigned",
  ]);
  await house.run(retireServiceLevel, { serviceLevelId: urgent.id }, boss);
  expect(await clock(resolution!)).toMatchObject({ serviceLevel: "Others" });
  await work((context) => stopClock(context, { about }));
});

test("each stage is told once: the holder before, the line after; also when the sweep comes late or twice", async () => {
  for (const clockId of started) await work((context) => stopClock(context, { clockId }));
  const clockId = await start({ title: "Lift", minutes: 60, at: at("2026-03-13T17:10:00") });
  const quiet = await start({ title: "Secret", minutes: 60, at: at("2026-03-13T17:10:00"), confidential: true });
  const [before, above] = [(await noticesOf(bob)).length, (await noticesOf(lead)).length];
  house.today = day("2026-03-15");
  // Fifty of sixty minutes were used on Friday evening: 75 % have passed, the deadline is on Monday at 10:10.
  expect(await work(sweepClocks)).toBeGreaterThanOrEqual(2);
  expect(await work(sweepClocks)).toBe(0);
  house.today = day("2026-03-17");
  await work(sweepClocks);
  await work(sweepClocks);
  expect((await noticesOf(bob)).slice(before)).toEqual(["Runs out soon: 2 promises", "Not kept in time: Secret (resolution)"]);
  expect((await noticesOf(lead)).slice(above)).toEqual(["Not kept in time: Lift (resolution)"]);
  const { rows } = await house.owner.query("select percent from office.clock_warning where clock_id = any($1) order by percent", [
    [clockId, quiet],
  ]);
  expect(rows.map((row: { percent: number }) => row.percent)).toEqual([75, 75, 100, 100]);
});

test("everyone sees their own clocks, nobody else a confidential one; the holder may pause it by hand", async () => {
  const clockId = await start({ confidential: true });
  await expect(house.call("office.clock.get", { id: clockId }, lead)).rejects.toMatchObject({ code: "notFound" });
  const keeper = await house.person("Kim Office", "office.manager");
  await expect(house.run(pauseClockByHand, { clockId, why: "x" }, keeper)).rejects.toMatchObject({ code: "notFound" });
  await expect(house.run(resumeClockByHand, { clockId }, bob)).rejects.toMatchObject({ code: "notPaused" });
  await house.run(pauseClockByHand, { clockId, why: "waits for a part" }, bob);
  await expect(house.run(pauseClockByHand, { clockId, why: "again" }, bob)).rejects.toMatchObject({ code: "notRunning" });
  await house.run(resumeClockByHand, { clockId }, bob);
  await expect(house.run(resumeClockByHand, { clockId: newId() }, boss)).rejects.toMatchObject({ code: "notFound" });
  const about = { subject: "lab.thing", id: newId() };
  const other = await start({ about });
  await work((context) => handClocks(context, about, lead.personId));
  expect(await house.call("office.clock.get", { id: other }, lead)).toMatchObject({ person: "Lena Leads" });
});

test("what cannot be promised is refused in words", async () => {
  const promise = { name: "P", targets: [{ target: "response", amount: 10 }] };
  const code = (name: string) => expect.objectContaining({ code: name });
  const { id } = await house.run(createServiceLevel, promise, boss);
  await expect(house.run(createServiceLevel, promise, boss)).rejects.toEqual(code("nameTaken"));
  const twice = { name: "T", targets: [promise.targets[0], promise.targets[0]] };
  await expect(house.run(createServiceLevel, twice, boss)).rejects.toEqual(code("targetTwice"));
  const stages = [{ percent: 90, tell: "holder" }, { percent: 50, tell: "line" }]; // prettier-ignore
  const unsorted = { name: "U", targets: [{ target: "response", amount: 10, stages }] };
  await expect(house.run(createServiceLevel, unsorted, boss)).rejects.toEqual(code("stagesUnsorted"));
  await expect(house.run(createServiceLevel, { ...promise, name: "C", calendarId, isRoundTheClock: true }, boss)).rejects.toEqual(
    code("calendarOrClock"),
  );
  await expect(house.run(createServiceLevel, { ...promise, name: "N", calendarId: newId() }, boss)).rejects.toEqual(
    code("calendarUnknown"),
  );
  await expect(house.run(changeServiceLevel, { serviceLevelId: newId(), targets: promise.targets }, boss)).rejects.toEqual(
    code("notFound"),
  );
  await house.run(retireServiceLevel, { serviceLevelId: id }, boss);
  await expect(house.run(retireServiceLevel, { serviceLevelId: id }, boss)).rejects.toEqual(code("retired"));
});
