// Who answers for what, on a real database: assigned, by seat, by preset, and the work that follows.
import { afterAll, beforeAll, expect, test } from "vitest";
import { addDays, day } from "../../../kernel/day.ts";
import { type Id, newId } from "../../../kernel/id.ts";
import type { Actor } from "../../../platform/operation/context.ts";
import { compose } from "../../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";
import { createPlace, createUnit, directory } from "../../directory/index.ts";
import { office } from "../module.ts";
import { type Line, makeLine } from "../office.testing.ts";
import { lab } from "../process/lab.testing.ts";
import { openTask } from "../task/task.ts";
import { applyPreset, responsibilityMap } from "./preset.operations.ts";
import { resolveHolder, type WorkPlace } from "./resolve.ts";
import { assignResponsibility, endResponsibility, nameActivities } from "./responsibility.operations.ts";

let house: TestHouse;
let boss: Actor;
let line: Line;
const from = "2026-02-01";

beforeAll(async () => {
  house = await openHouse({ registry: compose([directory, office, lab]), today: "2026-03-01" });
  boss = await house.person("Olga Owner", "owner");
  await house.person("Mo Manager", "office.manager");
  await house.person("Ira Equipment", "it.manager");
  line = await makeLine(house, boss);
});
afterAll(() => house.close());

const ask = (activity: string, place?: WorkPlace) =>
  house.funnel.read({ tenantId: house.tenantId, actor: boss }, (context) => resolveHolder(context, activity, place));
const assign = (more: Record<string, unknown>) => house.run(assignResponsibility, { from, ...more }, boss);

test("without anyone assigned the preset answers, and the owner when nobody holds its roles", async () => {
  expect(await ask("it.network")).toMatchObject({
    personId: (await house.person("Ira Equipment")).personId,
    via: "holds the role it.manager",
  });
  expect(await ask("payroll.run")).toMatchObject({ personId: (await house.person("Mo Manager")).personId });
  expect(await ask("finance.close")).toMatchObject({ personId: (await house.person("Mo Manager")).personId });
  expect(await ask("unheard.of")).toMatchObject({ personId: boss.personId, via: "owner of the company" });
});

test("the accountable answers; a new one ends whoever was before; one day, one holder", async () => {
  const [ann, bob] = [await house.person("Ann First"), await house.person("Bob Second")];
  await assign({ activity: "it.phones", personId: ann.personId });
  await assign({ activity: "it.phones", personId: bob.personId, from: "2026-03-01" });
  expect(await ask("it.phones")).toMatchObject({ personId: bob.personId, via: "answers for it" });
  const rows = await house.call("office.responsibility.list", { filter: { activity: "it.phones" }, sort: "fromDay" }, ann);
  expect(rows["rows"]).toMatchObject([
    { person: "Ann First", untilDay: "2026-02-28", state: "ended", label: "It phones: Ann First" },
    { person: "Bob Second", untilDay: null, state: "active" },
  ]);
  await expect(assign({ activity: "it.phones", personId: ann.personId, from: "2026-03-01" })).rejects.toMatchObject({
    code: "plannedAlready",
  });
  // Any number may be informed.
  await assign({ activity: "it.phones", part: "informed", personId: ann.personId });
  await assign({ activity: "it.phones", part: "informed", personId: bob.personId });
});

test("an empty seat passes the work up its line", async () => {
  const chief = await house.person("Cleo Chief");
  const top = await line.seat("CHIEF", chief);
  const empty = await line.seat("EMPTY", undefined, top);
  await assign({ activity: "it.servers", positionId: empty });
  expect(await ask("it.servers")).toEqual({ personId: chief.personId, via: "stands above the empty seat that answers for it" });
});

test("the nearest scope answers: desk to site, unit to the unit above, then everywhere", async () => {
  const [here, there, all] = [await house.person("Hedy Here"), await house.person("Theo There"), await house.person("Alma All")];
  const site = await house.run(createPlace, { kind: "site", code: "S1", name: "Site" }, boss);
  const building = await house.run(createPlace, { kind: "building", code: "B1", name: "House", parentId: site.id }, boss);
  const below = await house.run(createUnit, { code: "U2", name: "Below", parentId: line.unitId, from: "2026-01-01" }, boss);
  await assign({ activity: "facilities.repair", personId: all.personId });
  await assign({ activity: "facilities.repair", personId: here.personId, scopeKind: "place", scopeId: site.id });
  await assign({ activity: "facilities.repair", personId: there.personId, scopeKind: "unit", scopeId: line.unitId });
  expect(await ask("facilities.repair", { kind: "place", id: building.id })).toMatchObject({ personId: here.personId });
  expect(await ask("facilities.repair", { kind: "site", id: site.id })).toMatchObject({ personId: here.personId });
  expect(await ask("facilities.repair", { kind: "unit", id: below.id })).toMatchObject({ personId: there.personId });
  expect(await ask("facilities.repair")).toMatchObject({ personId: all.personId });
});

test("someone who cannot sign in any more answers for nothing", async () => {
  const gone = await house.person("Gus Gone");
  await assign({ activity: "it.backup", personId: gone.personId });
  await house.owner.query("update identity.member set disabled_at = now() where user_id = $1", [gone.userId]);
  expect(await ask("it.backup")).toMatchObject({ via: "holds the role it.manager" });
});

async function openIn(activity: string, key: string, personId?: Id): Promise<Id> {
  const owner = personId ? { personId } : { activity };
  return house.funnel.work(
    house.tenantId,
    (context) => openTask(context, { kind: "test", title: key, owner, due: context.today, key }),
    house.today,
  );
}

async function holderOfTask(id: Id): Promise<string> {
  return String((await house.call("office.task.get", { id }, boss))["person"]);
}

test("choosing another preset re-routes open work and changes nothing else", async () => {
  const [open, named] = [
    await openIn("it.licences", "follows"),
    await openIn("", "stays", (await house.person("Ira Equipment")).personId!),
  ];
  expect(await holderOfTask(open)).toBe("Ira Equipment");
  expect(await house.run(applyPreset, { size: "small" }, boss, { dryRun: true })).toMatchObject({ rerouted: 1 });
  expect(await holderOfTask(open)).toBe("Ira Equipment");
  expect(await house.run(applyPreset, { size: "small" }, boss)).toEqual({ size: "small", rerouted: 1 });
  expect([await holderOfTask(open), await holderOfTask(named)]).toEqual(["Olga Owner", "Ira Equipment"]);
  await expect(house.run(applyPreset, { size: "small" }, boss)).rejects.toMatchObject({ code: "presetInForce" });
  house.today = addDays(house.today, 1);
  await house.run(applyPreset, { size: "large" }, boss);
  expect(await holderOfTask(open)).toBe("Ira Equipment");
  house.today = day("2026-03-01");
});

test("the map shows who answers by the preset of a day, and how it would be with another", async () => {
  await house.run(nameActivities, { activities: [{ name: "it.licences", title: "Software licences" }] }, boss);
  const seen = await house.person("Ann First");
  const now = await house.run(responsibilityMap, {}, seen);
  expect(now).toMatchObject({ size: "small", inForce: "small" });
  expect(now.rows.find((row) => row.activity === "it.licences")).toMatchObject({
    title: "Software licences",
    person: "Olga Owner",
    openTasks: 1,
  });
  const before = await house.run(responsibilityMap, { asOf: "2026-02-28" }, seen);
  expect(before.inForce).toBe("medium");
  const large = await house.run(responsibilityMap, { size: "large" }, seen);
  expect(large.rows.find((row) => row.activity === "it.licences")).toMatchObject({
    person: "Ira Equipment",
    via: "holds the role it.manager",
  });
  const phones = now.rows.find((row) => row.activity === "it.phones")!;
  expect(phones.assigned.map((one) => one.part).toSorted()).toEqual(["accountable", "informed", "informed"]);
});

test("a responsibility ends after its last day, and its open work goes on to the next", async () => {
  const [eve, task] = [await house.person("Eve Ending"), "ends"];
  const { id } = await assign({ activity: "facilities.keys", personId: eve.personId });
  const open = await openIn("facilities.keys", task);
  expect(await holderOfTask(open)).toBe("Eve Ending");
  await expect(house.run(endResponsibility, { responsibilityId: id, lastDay: "2026-01-01" }, boss)).rejects.toMatchObject({
    code: "beforeStart",
  });
  expect(await house.run(endResponsibility, { responsibilityId: id, lastDay: "2026-02-28" }, boss)).toMatchObject({ rerouted: 1 });
  expect(await holderOfTask(open)).toBe("Mo Manager");
  await expect(house.run(endResponsibility, { responsibilityId: id, lastDay: "2026-03-31" }, boss)).rejects.toMatchObject({
    code: "endedAlready",
  });
  await expect(house.run(endResponsibility, { responsibilityId: newId(), lastDay: from }, boss)).rejects.toMatchObject({
    code: "notFound",
  });
});

test.each([
  ["holderMissing", { activity: "it.x" }],
  ["holderMissing", { activity: "it.x", personId: newId(), positionId: newId() }],
  ["activityUnknown", { activity: "Everything", personId: newId() }],
  ["personUnknown", { activity: "it.x", personId: newId() }],
  ["positionUnknown", { activity: "it.x", positionId: newId() }],
])("assigning is refused: %s", async (code, input) => {
  await expect(assign(input)).rejects.toMatchObject({ code });
});

test("a scope must exist, and the activities must be named well", async () => {
  const ann = await house.person("Ann First");
  const wrong = { activity: "it.x", personId: ann.personId, scopeKind: "unit", scopeId: newId() };
  await expect(assign(wrong)).rejects.toMatchObject({ code: "scopeUnknown" });
  await expect(house.run(nameActivities, { activities: [{ name: "odd", title: "Odd" }] }, boss)).rejects.toMatchObject({
    code: "activityUnknown",
  });
  await expect(house.run(assignResponsibility, { activity: "it.x", personId: ann.personId, from }, ann)).rejects.toMatchObject({
    name: "NotPermitted",
  });
});
