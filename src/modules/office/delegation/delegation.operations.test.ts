// Standing in, on a real database: made by hand and by absence, open work goes and comes back, and both names are kept.
import { afterAll, beforeAll, expect, test } from "vitest";
import { addDays, type Day, day } from "../../../kernel/day.ts";
import { type Id, newId } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import type { Actor, ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { compose } from "../../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";
import { directory } from "../../directory/index.ts";
import { office } from "../module.ts";
import { lab } from "../process/lab.testing.ts";
import { assignResponsibility } from "../responsibility/responsibility.operations.ts";
import { resolveHolder } from "../responsibility/resolve.ts";
import { routeTasks } from "../responsibility/route.ts";
import { completeTask, createTask, reassignTask } from "../task/task.operations.ts";
import { openTask, type TaskWish } from "../task/task.ts";
import { beginAbsence, endAbsence } from "./absence.ts";
import { createDelegation, endOneDelegation } from "./delegation.operations.ts";
import { principalsOf, standIns } from "./delegation.ts";
import { nameUsualStandIn, removeUsualStandIn } from "./usual.operations.ts";

let house: TestHouse;
let boss: Actor;
let ada: Actor;
let ben: Actor;
let cleo: Actor;
const monday = day("2026-03-02");
const friday = day("2026-03-06");

beforeAll(async () => {
  house = await openHouse({ registry: compose([directory, office, lab]), today: monday });
  boss = await house.person("Olga Owner", "owner");
  ada = await house.person("Ada Away", "it.manager");
  ben = await house.person("Ben Stand", "it.manager");
  cleo = await house.person("Cleo Third");
  await house.run(assignResponsibility, { activity: "it.equipment", personId: ada.personId, from: "2026-01-01" }, boss);
});
afterAll(() => house.close());

const ask = <T>(reads: (context: ReadContext) => Promise<T>, as = boss): Promise<T> =>
  house.funnel.read({ tenantId: house.tenantId, actor: as }, reads);
const work = <T>(does: (context: WriteContext) => Promise<T>): Promise<T> => house.funnel.work(house.tenantId, does, house.today);
const open = (wish: Partial<TaskWish>): Promise<Id> =>
  work((context) => openTask(context, { kind: "test", title: "Work", owner: { activity: "it.equipment" }, due: house.today, ...wish }));
const taskOf = (id: Id, as = boss) => house.call("office.task.get", { id }, as);
const leave = (more: Record<string, unknown> = {}, as = ada) =>
  house.run(createDelegation, { standInId: ben.personId, from: monday, until: friday, reason: "Holiday", ...more }, as);
const nightly = () => work((context) => routeTasks(context));

async function without(...delegations: Id[]): Promise<void> {
  for (const delegationId of delegations) await house.run(endOneDelegation, { delegationId }, boss);
}

test("open work goes to the stand-in for these days and comes back after them", async () => {
  const equipment = await open({});
  const asked = await house.run(createTask, { title: "Call me", due: friday, personId: ada.personId }, boss);
  const attest = await open({ owner: { personId: ada.personId! }, byFact: true, title: "Read the policy" });
  const secret = await open({ owner: { personId: ada.personId! }, confidential: true, title: "Secret" });
  const { id, rerouted, lacks } = await leave();
  expect([rerouted, lacks]).toEqual([2, []]);
  expect(await taskOf(equipment)).toMatchObject({
    person: "Ben Stand",
    principal: "Ada Away",
    via: "stands in for Ada Away, who answers for it",
  });
  expect(await taskOf(asked.id)).toMatchObject({ person: "Ben Stand", principal: "Ada Away" });
  // Only Ada herself can read a policy, and what is confidential follows only when it is named.
  expect([(await taskOf(attest))["person"], (await taskOf(secret))["person"]]).toEqual(["Ada Away", "Ada Away"]);
  expect(await taskOf(await open({ title: "New work" }))).toMatchObject({ person: "Ben Stand", principal: "Ada Away" });
  expect(await taskOf(equipment, ada)).toMatchObject({ mine: false, person: "Ben Stand" });

  await house.run(completeTask, { taskId: asked.id }, ben);
  expect(await taskOf(asked.id)).toMatchObject({ closedBy: "Ben Stand", closedFor: "Ada Away", state: "done" });

  house.today = addDays(friday, 1);
  await nightly();
  expect(await taskOf(equipment)).toMatchObject({ person: "Ada Away", principal: null, via: "answers for it" });
  expect(await taskOf(asked.id)).toMatchObject({ closedBy: "Ben Stand", closedFor: "Ada Away" });
  house.today = monday;
  await without(id);
});

test("who answered on a past day names both, also when it was ended since", async () => {
  await house.run(assignResponsibility, { activity: "it.access", personId: ada.personId, from: "2026-01-01" }, boss);
  const answered = (on?: Day) => ask((context) => resolveHolder(context, "it.access", undefined, on));
  const { id } = await leave({ activities: ["it.access"] });
  const byBen = { personId: ben.personId, principalId: ada.personId, delegationId: id };
  expect(await answered(addDays(monday, 1))).toEqual({ ...byBen, via: "stands in for Ada Away, who answers for it" });
  expect(await answered(addDays(friday, 1))).toMatchObject({ personId: ada.personId });
  house.today = addDays(monday, 2);
  await without(id);
  expect(await answered(monday)).toMatchObject(byBen);
  expect(await answered()).toMatchObject({ personId: ada.personId });
  house.today = monday;
});

test("what is confidential goes only to a stand-in named for that work; either of the two may end it", async () => {
  const secret = await open({ confidential: true, title: "Secret equipment" });
  const all = await leave();
  expect((await taskOf(secret))["person"]).toBe("Ada Away");
  const named = await leave({ activities: ["it.equipment"] });
  expect((await taskOf(secret))["person"]).toBe("Ben Stand");
  await expect(house.run(endOneDelegation, { delegationId: named.id }, cleo)).rejects.toMatchObject({ name: "NotPermitted" });
  expect(await house.run(endOneDelegation, { delegationId: named.id }, ben)).toMatchObject({ rerouted: 1 });
  expect((await taskOf(secret))["person"]).toBe("Ada Away");
  await house.run(endOneDelegation, { delegationId: all.id }, ada);
  await expect(house.run(endOneDelegation, { delegationId: all.id }, ada)).rejects.toMatchObject({ code: "delegationOver" });
  await expect(house.run(endOneDelegation, { delegationId: newId() }, boss)).rejects.toMatchObject({ code: "notFound" });
});

test("resolved at the moment of decision: amount, place, time and whoever wishes", async () => {
  const euro = (amount: string) => Money.parse(amount, "EUR");
  const first = await leave({ limit: { amount: "500.00", currency: "EUR" }, passesOn: true });
  const second = await leave({ standInId: cleo.personId }, ben);
  const activity = "it.equipment";
  const acting = (actor: Actor, more: Partial<Parameters<typeof principalsOf>[2]> = {}) =>
    ask((context) => principalsOf(context, actor.personId!, { activity, ...more }));
  const forAda = { personId: ada.personId };
  expect(await acting(ben, { amount: euro("500.00") })).toMatchObject([forAda]);
  expect(await acting(ben, { amount: euro("500.01") })).toEqual([]);
  expect(await acting(cleo)).toMatchObject([{ personId: ben.personId, delegationId: second.id }, forAda]);
  expect(await acting(cleo, { except: [ben.personId] })).toEqual([]);
  expect(await acting(cleo, { except: [ada.personId] })).toMatchObject([{ personId: ben.personId }]);
  expect(await acting(cleo, { on: addDays(friday, 1) })).toEqual([]);
  const found = await ask((context) => standIns(context, [ada.personId!, boss.personId!], { activity }));
  const cleoForAda = { personId: cleo.personId, delegationId: second.id, via: "stands in for Ben Stand, who stands in for Ada Away" };
  expect([...found]).toEqual([[ada.personId, cleoForAda]]);
  await house.owner.query("update identity.member set disabled_at = now() where user_id = $1", [cleo.userId]);
  expect((await ask((context) => standIns(context, [ada.personId!], { activity }))).get(ada.personId!)).toMatchObject({
    personId: ben.personId,
  });
  await house.owner.query("update identity.member set disabled_at = null where user_id = $1", [cleo.userId]);
  await without(first.id, second.id);
});

test("an approved absence leaves the work to the usual stand-in, and gives it back when it is called off", async () => {
  const absenceId = newId();
  const absence = { absenceId, personId: ada.personId!, firstDay: monday, lastDay: friday };
  const standing = () => house.call("office.delegation.list", { filter: { state: "active" } }, ada);
  await work((context) => beginAbsence(context, absence));
  expect((await standing())["rows"]).toEqual([]);
  const told = await house.owner.query("select title from platform.notification where person_id = $1 order by id desc limit 1", [
    ada.personId,
  ]);
  expect(told.rows).toEqual([{ title: "Who stands in for you from 2026-03-02 to 2026-03-06?" }]);

  await house.run(nameUsualStandIn, { standInId: ben.personId }, ada);
  const equipment = await open({ title: "During the leave" });
  await work((context) => beginAbsence(context, absence));
  await work((context) => beginAbsence(context, absence));
  expect((await standing())["rows"]).toMatchObject([
    { label: "Ben Stand for Ada Away", work: "everything", source: "absence", reason: "Absence", untilDay: friday, passesOn: true },
  ]);
  expect((await taskOf(equipment))["person"]).toBe("Ben Stand");
  await house.run(reassignTask, { taskId: equipment, personId: cleo.personId, reason: "She is quicker" }, ben);
  expect(await taskOf(equipment)).toMatchObject({ person: "Cleo Third", principal: null });
  await work((context) => endAbsence(context, absenceId));
  await work((context) => endAbsence(context, absenceId));
  expect((await standing())["rows"]).toEqual([]);

  expect(await house.call("office.usualStandIn.list", {}, cleo)).toMatchObject({ rows: [{ label: "Ben Stand for Ada Away" }] });
  await expect(house.run(removeUsualStandIn, { usualStandInId: ada.personId }, ben)).rejects.toMatchObject({ name: "NotPermitted" });
  await house.run(removeUsualStandIn, { usualStandInId: ada.personId }, ada);
  await expect(house.run(removeUsualStandIn, { usualStandInId: ada.personId }, ada)).rejects.toMatchObject({ code: "notFound" });
});

test("the office manager may do it for someone; what the stand-in lacks is said; nobody does it for a colleague", async () => {
  const mo = await house.person("Mo Manager", "office.manager");
  const given = await leave({ principalId: ada.personId, standInId: cleo.personId }, mo);
  expect(given.lacks).toEqual(["it.manager"]);
  await without(given.id);
  await expect(leave({ principalId: ada.personId }, cleo)).rejects.toMatchObject({ name: "NotPermitted" });
  expect(await house.call("office.delegation.list", {}, await house.person("Nina Nobody"))).toMatchObject({ rows: [] });
});

test.each<[string, Record<string, unknown>]>([
  ["personUnknown", { standInId: newId() }],
  ["periodReversed", { until: "2026-03-01" }],
  ["periodOver", { from: "2026-02-01", until: "2026-02-27" }],
  ["activityUnknown", { activities: ["it.unheard"] }],
  ["scopeUnknown", { scopeKind: "unit", scopeId: newId() }],
])("standing in is refused: %s", async (code, more) => {
  await expect(leave(more)).rejects.toMatchObject({ code });
});

test("nobody stands in for themself, and nobody who cannot sign in or does already", async () => {
  await expect(leave({ standInId: ada.personId })).rejects.toMatchObject({ code: "standInSelf" });
  await expect(house.run(nameUsualStandIn, { standInId: ada.personId }, ada)).rejects.toMatchObject({ code: "standInSelf" });
  const gone = await house.person("Gus Gone");
  await house.owner.query("update identity.member set disabled_at = now() where user_id = $1", [gone.userId]);
  await expect(leave({ standInId: gone.personId })).rejects.toMatchObject({ code: "standInAway" });
  await expect(house.run(nameUsualStandIn, { standInId: gone.personId }, ada)).rejects.toMatchObject({ code: "standInAway" });
  await expect(house.run(nameUsualStandIn, { standInId: newId() }, ada)).rejects.toMatchObject({ code: "personUnknown" });
  const { id } = await leave();
  await expect(leave({ from: friday, until: "2026-03-20" })).rejects.toMatchObject({ code: "delegatedAlready" });
  await without(id);
});

test("every law of the office holds", async () => {
  for (const law of office.laws!) expect({ [law.name]: await ask((context) => law.breaks(context)) }).toEqual({ [law.name]: [] });
});
