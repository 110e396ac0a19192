// "We hired a facility manager", who answered for what on a past day, and the parts besides the accountable.
import { afterAll, beforeAll, expect, test } from "vitest";
import { addDays, day } from "../../../kernel/day.ts";
import { type Id, newId } from "../../../kernel/id.ts";
import type { Actor } from "../../../platform/operation/context.ts";
import { compose } from "../../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";
import { createPlace, directory } from "../../directory/index.ts";
import { createDelegation } from "../delegation/delegation.operations.ts";
import { office } from "../module.ts";
import { type Line, makeLine } from "../office.testing.ts";
import { lab } from "../process/lab.testing.ts";
import { completeTask, createTask } from "../task/task.operations.ts";
import { answeredOn } from "./answered.operations.ts";
import { handOverResponsibility } from "./hand-over.operations.ts";
import { assignResponsibility, nameActivities } from "./responsibility.operations.ts";

let house: TestHouse;
let boss: Actor;
let mo: Actor;
let fay: Actor;
let line: Line;
let siteId: Id;
const today = day("2026-03-02");
const [repair, space] = ["facilities.repair", "facilities.space"];

beforeAll(async () => {
  house = await openHouse({ registry: compose([directory, office, lab]), today });
  boss = await house.person("Olga Owner", "owner");
  mo = await house.person("Mo Manager", "office.manager");
  fay = await house.person("Fay Facility");
  line = await makeLine(house, boss);
  siteId = (await house.run(createPlace, { kind: "site", code: "S1", name: "Kiel" }, boss)).id;
  const named = [
    { name: repair, title: "Repairs" },
    { name: space, title: "Rooms" },
  ];
  await house.run(nameActivities, { activities: named }, boss);
});
afterAll(() => house.close());

const handOver = (more: Record<string, unknown> = {}, dryRun = false) =>
  house.run(handOverResponsibility, { activities: [repair, space], personId: fay.personId, from: today, ...more }, mo, { dryRun });
const ask = (title: string, activity = repair) => house.run(createTask, { title, due: today, activity }, boss);
const taskOf = (id: Id, as = boss) => house.call("office.task.get", { id }, as);
const answered = (input: Record<string, unknown>) => house.run(answeredOn, input, fay);
const noticesOf = async (person: Actor): Promise<string[]> => {
  const found = await house.owner.query("select title from platform.notification where person_id = $1 order by id", [person.personId]);
  return found.rows.map((row: { title: string }) => row.title);
};

test("a facility manager is hired: seen beforehand, done in one step, open work follows, history stays", async () => {
  const [open, done] = [await ask("Lamp"), await ask("Door")];
  await house.run(completeTask, { taskId: done.id }, mo);
  const seen = await handOver({}, true);
  expect(seen).toEqual({
    rows: [
      {
        activity: repair,
        title: "Repairs",
        beforeId: mo.personId,
        before: "Mo Manager",
        beforeVia: "holds the role office.manager",
        afterId: fay.personId,
        after: "Fay Facility",
        afterVia: "answers for it",
        openTasks: 1,
      },
      expect.objectContaining({ activity: space, before: "Mo Manager", after: "Fay Facility", openTasks: 0 }),
    ],
    rerouted: 1,
    lacks: ["facilities.manager"],
  });
  expect(await taskOf(open.id)).toMatchObject({ person: "Mo Manager" });
  expect(await handOver()).toEqual(seen);
  expect(await taskOf(open.id)).toMatchObject({ person: "Fay Facility" });
  expect(await taskOf(done.id)).toMatchObject({ person: "Mo Manager", closedBy: "Mo Manager" });
  await expect(handOver()).rejects.toMatchObject({ code: "nothingChanges" });
  const yesterday = await answered({ on: addDays(today, -1), activity: repair });
  expect(yesterday.rows).toMatchObject([{ person: "Mo Manager", why: "holds the role office.manager", scope: "the whole company" }]);
  expect((await answered({ activity: repair })).rows).toMatchObject([{ person: "Fay Facility", why: "answers for it" }]);
});

test("a seat may answer, at one place, from a day to come", async () => {
  const seat = await line.seat("FM", fay);
  const later = addDays(today, 30);
  const here = { scopeKind: "place", scopeId: siteId };
  const { rows, lacks, rerouted } = await handOver({ ...here, personId: undefined, positionId: seat, activities: [space], from: later });
  expect([rows[0]!.before, rows[0]!.after, lacks, rerouted]).toEqual(["Fay Facility", "Fay Facility", ["facilities.manager"], 0]);
  await expect(handOver({ ...here, activities: [space, repair] })).rejects.toMatchObject({ code: "plannedAlready" });
  expect((await answered({ activity: space })).rows).toHaveLength(1);
  const then = await answered({ activity: space, on: later });
  expect(then.rows).toMatchObject([{ scope: "the whole company" }, { scope: "Kiel", scopeKind: "place", scopeId: siteId }]);
});

test("who stood in on that day is named beside who answered, with the reason why", async () => {
  const ben = await house.person("Ben Stand");
  const given = { standInId: ben.personId, from: today, until: addDays(today, 4), reason: "Holiday" };
  const { id } = await house.run(createDelegation, given, fay);
  const why = "stands in for Fay Facility, who answers for it";
  const whole = { person: "Fay Facility", standIn: "Ben Stand", why, delegationId: id };
  expect((await answered({ activity: repair })).rows).toMatchObject([whole]);
  expect((await answered({ personId: ben.personId })).rows.map((row) => row.activity)).toEqual([repair, space]);
  expect((await answered({ personId: ben.personId, on: addDays(today, 5) })).rows).toEqual([]);
  await house.call("office.delegation.end", { delegationId: id }, ben);
});

test("the responsible does the work, the consulted hear of it before, the informed when it is done", async () => {
  const [rita, carl, ida] = [await house.person("Rita Does"), await house.person("Carl Asked"), await house.person("Ida Told")];
  const give = (part: string, who: Actor, more: Record<string, unknown> = {}) =>
    house.run(assignResponsibility, { activity: repair, part, personId: who.personId, from: today, ...more }, boss);
  await give("responsible", rita);
  await give("consulted", carl);
  await give("consulted", rita);
  await give("informed", ida);
  await give("informed", carl, { scopeKind: "place", scopeId: siteId });
  const { id } = await ask("Window");
  expect(await taskOf(id)).toMatchObject({ person: "Rita Does", via: "does this work" });
  expect((await answered({ activity: repair })).rows[0]).toMatchObject({ person: "Fay Facility" });
  expect(await noticesOf(carl)).toEqual(["You are consulted: Window"]);
  expect(await noticesOf(ida)).toEqual([]);
  // Whoever has a part in the work may read what it is about; nobody else may.
  expect(await taskOf(id, carl)).toMatchObject({ title: "Window" });
  await expect(taskOf(id, await house.person("Nina Nobody"))).rejects.toMatchObject({ code: "notFound" });
  await house.run(completeTask, { taskId: id }, rita);
  expect(await noticesOf(ida)).toEqual(["Done: Window"]);
  expect(await noticesOf(carl)).toEqual(["You are consulted: Window"]);
});

test.each<[string, Record<string, unknown>]>([
  ["holderMissing", { personId: undefined }],
  ["activityUnknown", { activities: [repair, "facilities.unheard"] }],
  ["personUnknown", { personId: newId() }],
  ["positionUnknown", { personId: undefined, positionId: newId() }],
  ["scopeUnknown", { scopeKind: "place", scopeId: newId() }],
])("handing over is refused: %s", async (code, more) => {
  await expect(handOver(more)).rejects.toMatchObject({ code });
});

test("every law of the office holds", async () => {
  for (const law of office.laws!) {
    expect(await house.funnel.read({ tenantId: house.tenantId, actor: boss }, (context) => law.breaks(context))).toEqual([]);
  }
});
