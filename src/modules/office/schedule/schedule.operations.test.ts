// Schedules on a real database: set up, opened once however often the sweep runs, closed by the fact, paused, changed and ended.
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { day } from "../../../kernel/day.ts";
import { type Id, newId } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import { system } from "../../../platform/funnel/frame.ts";
import { refuse } from "../../../kernel/refusal.ts";
import type { Actor, ReadContext } from "../../../platform/operation/context.ts";
import { Day, Id as IdField } from "../../../platform/operation/field.ts";
import { module } from "../../../platform/operation/module.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { compose } from "../../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";
import { addHolidays, createCalendar, directory } from "../../directory/index.ts";
import { office } from "../module.ts";
import { completeTask, createTask } from "../task/task.operations.ts";
import { scheduleLaws } from "./laws.ts";
import { nextOfSchedule, previewSchedule } from "./preview.operations.ts";
import { schedulable } from "./schedulable.ts";
import {
  changeSchedule,
  createSchedule,
  endOne,
  moveOccurrence,
  openDueSchedules,
  pauseSchedule,
  resumeOne,
  skipOne,
} from "./schedule.operations.ts";
import { completeOccurrence, ensureSchedule, tellMeter } from "./schedule.ts";
import { sweepSchedules } from "./sweep.ts";

const counted: { due: string; missedCount: number }[] = [];
let fails = false;
/** Something of another department that the house makes each time. */
const makeVisit = schedulable(
  operation({
    name: "lab.visit.make",
    title: "Make a visit",
    does: "Makes a visit of the engineer.",
    kind: "write",
    may: ["office.manager"],
    input: z.strictObject({ what: z.string(), due: Day, missedCount: z.number() }),
    output: z.object({ id: IdField }),
    refuses: { noEngineer: "No engineer is free." },
    async run({ due, missedCount }, context) {
      if (fails) refuse("noEngineer");
      counted.push({ due, missedCount });
      return { id: context.newId() };
    },
  }),
  "result",
);
schedulable({ ...createTask, name: "lab.task.create" }, "itself");
const lab = module({ name: "lab", title: "Lab", needs: ["office"], roles: {}, registers: [], operations: [makeVisit] });

let house: TestHouse;
let keeper: Actor;
let tom: Actor;
beforeAll(async () => {
  house = await openHouse({ registry: compose([directory, office, lab]), today: "2026-11-20" });
  keeper = await house.person("Ola Office", "office.manager", "directory.manager");
  tom = await house.person("Tom Technician");
});
afterAll(() => house.close());
// Each test tells its own story: what the one before set up comes round no more.
afterEach(async () => {
  await house.owner.query("delete from office.occurrence where state = 'planned'");
  await house.owner.query("update office.schedule set state = 'ended', look_at = null");
});

const refused = (code: string, says?: string) => ({ code, ...(says && { message: expect.stringContaining(says) as string }) });
const at = (today: string) => {
  house.today = day(today);
};
const sweep = () => house.funnel.work(house.tenantId, (context) => sweepSchedules(context));
const ask = <T>(question: (context: ReadContext) => Promise<T>): Promise<T> =>
  house.funnel.read({ tenantId: house.tenantId, actor: system }, question);
const create = (more: object = {}) =>
  house.run(
    createSchedule,
    { title: "First aid", personId: tom.personId, firstDay: "2026-12-01", rule: "FREQ=MONTHLY;BYMONTHDAY=1", ...more },
    keeper,
  );
const times = async (scheduleId: Id, as = keeper) =>
  (await house.call("office.occurrence.list", { filter: { scheduleId }, sort: "scheduled" }, as))["rows"] as {
    id: Id;
    state: string;
    due: string;
    scheduled: string;
    note: string | null;
    resultId: Id;
  }[];
const schedule = (id: Id, as = keeper) => house.call("office.schedule.get", { id }, as);

test("it is written down ahead, opens once with its lead, and closes by the fact", async () => {
  const { id, nextDue } = await create({ leadDays: 7, horizonDays: 60 });
  expect(nextDue).toBe("2026-12-01");
  expect((await times(id)).map((time) => [time.due, time.state])).toEqual([
    ["2026-12-01", "planned"],
    ["2027-01-01", "planned"],
  ]);
  // The calendar of everything due has the times still to come, and so has the feed of whoever it is for.
  const { rows: due } = await house.call("office.deadline.list", { filter: { source: "occurrence" } }, tom);
  expect(due).toMatchObject([
    { title: "First aid", due: "2026-12-01", aboutId: id },
    { title: "First aid", due: "2027-01-01" },
  ]);
  expect((await house.call("office.calendarFeed.read", {}, tom))["text"]).toMatch(/SUMMARY:First aid[^]*20261201[^]*20270101/);
  at("2026-11-23");
  await sweep();
  expect(await times(id)).toMatchObject([{ state: "planned" }, { state: "planned" }]);
  at("2026-11-24");
  await Promise.all([sweep(), sweep(), sweep()]);
  const [first] = await times(id);
  expect(first).toMatchObject({ state: "open", due: "2026-12-01" });
  const tasks = await house.call("office.task.list", { filter: { title: "First aid" } }, tom);
  expect(tasks["rows"]).toMatchObject([{ state: "open", due: "2026-12-01" }]);
  await house.run(completeTask, { taskId: first!.resultId }, tom);
  await house.settle();
  expect(await times(id)).toMatchObject([{ state: "done" }, { state: "planned" }]);
  expect(await schedule(id)).toMatchObject({ state: "running", nextDue: "2027-01-01", openNow: 0 });
  // Those it is not for see neither.
  const other = await house.person("Nosy");
  await expect(schedule(id, other)).rejects.toMatchObject(refused("notFound"));
  await expect(house.run(nextOfSchedule, { scheduleId: id }, other)).rejects.toMatchObject(refused("notFound"));
  const next = await house.run(nextOfSchedule, { scheduleId: id, limit: 3 }, tom);
  expect(next.times.map((time) => time.due)).toEqual(["2027-01-01", "2027-02-01", "2027-03-01"]);
  await house.run(endOne, { scheduleId: id, lastDay: "2026-12-31" }, keeper);
  expect(await schedule(id)).toMatchObject({ state: "ended", nextDue: null });
});

test("after a month without power everything is caught up once: by default one serves for all", async () => {
  at("2026-11-20");
  const { id } = await create({ title: "Water plants", rule: "FREQ=WEEKLY;BYDAY=MO", firstDay: "2026-11-23" });
  at("2026-12-22");
  expect(await sweep()).toMatchObject([{ scheduleId: id, due: "2026-12-21" }]);
  expect(await sweep()).toEqual([]);
  const found = (await times(id)).filter((time) => time.state !== "planned");
  expect(found.map((time) => [time.due, time.state])).toEqual([
    ["2026-11-23", "skipped"],
    ["2026-11-30", "skipped"],
    ["2026-12-07", "skipped"],
    ["2026-12-14", "skipped"],
    ["2026-12-21", "open"],
  ]);
  expect(found.at(-1)!.note).toBe("Serves also for 4 earlier ones that were missed.");
});

test("a completion anchor counts from the day it was done", async () => {
  at("2027-01-04");
  const { id } = await create({ title: "Descale", firstDay: "2027-01-04", rule: "FREQ=WEEKLY;INTERVAL=2", anchor: "completion" });
  await sweep();
  at("2027-01-13");
  expect(await sweep()).toEqual([]);
  const [open] = await times(id);
  await house.run(completeTask, { taskId: open!.resultId }, tom);
  await house.settle();
  expect(await times(id)).toMatchObject([{ state: "done" }, { state: "planned", due: "2027-01-27" }]);
});

test("the shift follows a calendar and its holidays; one time can be moved or left out", async () => {
  at("2027-02-01");
  const calendar = await house.run(createCalendar, { code: "X", name: "Company" }, keeper);
  await house.run(addHolidays, { calendarId: calendar.id, holidays: [{ day: "2027-05-03", name: "Company day" }] }, keeper);
  // 1 May 2027 is a Saturday, Monday the third a holiday.
  const { id, nextDue } = await create({ firstDay: "2027-05-01", shift: "forward", calendarId: calendar.id, horizonDays: 120 });
  expect(nextDue).toBe("2027-05-04");
  const [may, june] = await times(id);
  await house.run(moveOccurrence, { occurrenceId: may!.id, due: "2027-05-10" }, keeper);
  await house.run(skipOne, { occurrenceId: june!.id, reason: "Closed for building work" }, keeper);
  const again = house.run(skipOne, { occurrenceId: june!.id, reason: "x" }, keeper);
  await expect(again).rejects.toMatchObject(refused("occurrenceClosed", "skipped"));
  expect(await times(id)).toMatchObject([{ scheduled: "2027-05-01", due: "2027-05-10" }, { state: "skipped" }]);
  at("2027-05-10");
  await sweep();
  const late = house.run(moveOccurrence, { occurrenceId: may!.id, due: "2027-05-11" }, keeper);
  await expect(late).rejects.toMatchObject(refused("alreadyOpen"));
  await house.run(skipOne, { occurrenceId: may!.id, reason: "Not needed" }, keeper);
  expect((await times(id))[0]).toMatchObject({ state: "skipped", note: "Not needed" });
  await expect(house.run(moveOccurrence, { occurrenceId: newId(), due: "2027-05-11" }, keeper)).rejects.toMatchObject(refused("notFound"));
});

test("the house runs an operation each time; what it could not do it tries again, and says why", async () => {
  at("2027-06-01");
  const visits = { personId: undefined, operation: "lab.visit.make", kind: "operation", firstDay: "2027-06-01", rule: "FREQ=WEEKLY" };
  const { id } = await create({ ...visits, title: "Lift", input: { what: "lift" } });
  fails = true;
  expect(await sweep()).toEqual([]);
  expect(await times(id)).toMatchObject([{ state: "planned", note: "No engineer is free." }, {}, {}, {}, {}, {}, {}, {}, {}]);
  fails = false;
  at("2027-06-02");
  expect(await sweep()).toMatchObject([{ subject: "lab.visit" }]);
  expect(counted).toEqual([{ due: "2027-06-01", missedCount: 0 }]);
  const [open] = await times(id);
  const skip = house.run(skipOne, { occurrenceId: open!.id, reason: "x" }, keeper);
  await expect(skip).rejects.toMatchObject(refused("calledOffThere"));
  const done = (of: Id) => house.funnel.work(house.tenantId, (context) => completeOccurrence(context, { subject: "lab.visit", id: of }));
  expect(await done(newId())).toBe(false);
  expect(await done(open!.resultId)).toBe(true);
  expect((await times(id))[0]).toMatchObject({ state: "done" });
  const alone = await create({
    ...visits,
    title: "By itself",
    operation: "lab.task.create",
    input: { title: "x", due: "2027-07-01", activity: "office.supplies" },
  });
  expect(await house.run(openDueSchedules, {}, keeper)).toEqual({ opened: 1 });
  expect((await times(alone.id))[0]).toMatchObject({ state: "done" });
});

test("paused it is silent, taken up it goes on without what would have come, changed it is planned anew", async () => {
  at("2027-07-01");
  const { id } = await create({ firstDay: "2027-07-05", rule: "FREQ=WEEKLY", horizonDays: 10 });
  const notYet = house.run(resumeOne, { scheduleId: id }, keeper);
  await expect(notYet).rejects.toMatchObject(refused("notPaused"));
  await house.run(pauseSchedule, { scheduleId: id }, keeper);
  await expect(house.run(pauseSchedule, { scheduleId: id }, keeper)).rejects.toMatchObject(refused("paused"));
  at("2027-07-20");
  expect(await sweep()).toEqual([]);
  await house.run(resumeOne, { scheduleId: id }, keeper);
  expect(await times(id)).toMatchObject([{ due: "2027-07-26", state: "planned" }]);
  await house.run(changeSchedule, { scheduleId: id, rule: "FREQ=WEEKLY;BYDAY=FR", leadDays: 2 }, keeper);
  expect((await times(id)).filter((time) => time.state === "planned").at(-1)).toMatchObject({ due: "2027-07-30" });
  await house.run(endOne, { scheduleId: id, lastDay: "2027-07-21" }, keeper);
  for (const attempt of [
    () => house.run(changeSchedule, { scheduleId: id, leadDays: 1 }, keeper),
    () => house.run(pauseSchedule, { scheduleId: id }, keeper),
    () => house.run(resumeOne, { scheduleId: id }, keeper),
    () => house.run(endOne, { scheduleId: id, lastDay: "2027-07-22" }, keeper),
  ]) {
    await expect(attempt()).rejects.toMatchObject(refused("scheduleEnded"));
  }
  const nothing = { scheduleId: newId() };
  for (const attempt of [
    () => house.run(changeSchedule, nothing, keeper),
    () => house.run(pauseSchedule, nothing, keeper),
    () => house.run(resumeOne, nothing, keeper),
    () => house.run(endOne, { ...nothing, lastDay: "2027-07-22" }, keeper),
    () => house.run(nextOfSchedule, nothing, keeper),
  ]) {
    await expect(attempt()).rejects.toMatchObject(refused("notFound"));
  }
});

test("a meter opens it early, and counts anew once it is done", async () => {
  at("2027-08-02");
  const meterId = newId();
  const work = <T>(does: Parameters<typeof house.funnel.work<T>>[1]) => house.funnel.work(house.tenantId, does);
  const id = await work((context) =>
    ensureSchedule(context, {
      key: "lab:oil",
      title: "Oil",
      kind: "task",
      personId: tom.personId!,
      start: "2028-01-03",
      rule: "FREQ=YEARLY",
      leadDays: 3,
      horizonDays: 400,
      meter: { id: meterId, every: 500, combine: "or", total: 1000 },
    }),
  );
  await work((context) => tellMeter(context, meterId, 1499));
  expect(await sweep()).toEqual([]);
  await work((context) => tellMeter(context, meterId, 1510));
  expect(await sweep()).toMatchObject([{ scheduleId: id, due: "2027-08-05" }]);
  await work((context) => tellMeter(context, meterId, 2100));
  expect(await sweep()).toEqual([]);
  const [open] = await times(id);
  expect(open).toMatchObject({ scheduled: "2028-01-03", state: "open" });
  await house.run(completeTask, { taskId: open!.resultId }, tom);
  // The sweep sees the closed task too, before any event was told.
  await sweep();
  expect((await times(id))[0]).toMatchObject({ state: "done" });
  await work((context) => tellMeter(context, meterId, 2599));
  expect(await sweep()).toEqual([]);
  await work((context) => tellMeter(context, meterId, 2600));
  expect(await sweep()).toHaveLength(1);
});

test("what a rule means is told before it is saved", async () => {
  at("2026-11-20");
  const seen = await house.run(
    previewSchedule,
    { firstDay: "2026-01-31", rule: "FREQ=MONTHLY;BYMONTHDAY=-1", shift: "back", clock: "09:00" },
    tom,
  );
  // 31 January 2027 is a Sunday, 28 February too.
  expect(seen.times.map((time) => [time.scheduled, time.due])).toEqual([
    ["2026-11-30 09:00", "2026-11-30"],
    ["2026-12-31 09:00", "2026-12-31"],
    ["2027-01-31 09:00", "2027-01-29"],
    ["2027-02-28 09:00", "2027-02-26"],
    ["2027-03-31 09:00", "2027-03-31"],
  ]);
  expect(seen.words).toMatch(/month/);
  const bad = house.run(previewSchedule, { firstDay: "2026-01-31", rule: "now and then" }, tom);
  await expect(bad).rejects.toMatchObject(refused("ruleUnreadable", "now and then"));
});

test("a schedule is refused that cannot be followed or asks nobody", async () => {
  await expect(create({ rule: "FREQ=HOURLY" })).rejects.toMatchObject(refused("ruleUnreadable", "FREQ=HOURLY"));
  await expect(create({ rule: "FREQ=DAILY;COUNT=3", anchor: "completion" })).rejects.toMatchObject(refused("countWithCompletion"));
  await expect(create({ personId: undefined })).rejects.toMatchObject(refused("nobodyAsked"));
  await expect(create({ activity: "office.supplies" })).rejects.toMatchObject(refused("nobodyAsked"));
  await expect(create({ personId: undefined, activity: "coffee" })).rejects.toMatchObject(refused("activityUnknown", "coffee"));
  await expect(create({ personId: undefined, operation: "people.everyone.fire" })).rejects.toMatchObject(refused("operationUnknown"));
  await expect(create({ personId: newId() })).rejects.toMatchObject(refused("unknownNamed", "person"));
  await expect(create({ siteId: newId() })).rejects.toMatchObject(refused("unknownNamed", "place"));
  await expect(create({ calendarId: newId() })).rejects.toMatchObject(refused("unknownNamed", "calendar"));
  await expect(create({ rule: "FREQ=DAILY;UNTIL=20200101T000000Z" })).rejects.toMatchObject(refused("neverDue", "2026-12-01"));
  await expect(create({ zone: "Mars/Olympus" })).rejects.toMatchObject({ name: "InvalidInput" });
});

test("every law holds, and what nobody opens breaks one", async () => {
  const breaks = () =>
    ask(async (context) => {
      const found: string[] = [];
      for (const law of scheduleLaws) found.push(...(await law.breaks(context)));
      return found;
    });
  expect(await breaks()).toEqual([]);
  at("2026-11-20");
  const { id } = await create({ title: "Fire drill", firstDay: "2026-11-21", rule: "FREQ=YEARLY" });
  at("2026-11-24");
  expect(await breaks()).toEqual(["Fire drill is due on 2026-11-21 and was not opened"]);
  const tenant = house.tenantId;
  await house.owner.query(`update office.schedule set state = 'paused', look_at = null where id = '${id}' and tenant_id = '${tenant}'`);
  expect(await breaks()).toEqual(["Fire drill is paused and still plans"]);
  await ask((context) => context.db.rows(sql`select id from office.schedule where tenant_id = ${context.tenantId}`));
});
