// The inbox on a real database: asking, doing, handing on, and chasing what is late.
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { newId } from "../../../kernel/id.ts";
import type { Actor } from "../../../platform/operation/context.ts";
import { compose } from "../../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";
import { directory } from "../../directory/index.ts";
import { closeDeadline, moveDeadline, openDeadline } from "../deadline/deadline.ts";
import { office } from "../module.ts";
import { makeLine } from "../office.testing.ts";
import { lab } from "../process/lab.testing.ts";
import { chaseLateTasks } from "./chase.ts";
import { cancelTask, completeTask, createTask, reassignTask } from "./task.operations.ts";
import { closeTask, moveTaskDue, openTask, type TaskWish } from "./task.ts";

let house: TestHouse;
let boss: Actor;
let ann: Actor;
let bob: Actor;

beforeAll(async () => {
  house = await openHouse({ registry: compose([directory, office, lab]), today: "2026-03-01" });
  boss = await house.person("Olga Owner", "owner");
  ann = await house.person("Ann Asks");
  bob = await house.person("Bob Does");
});
afterAll(() => house.close());

const open = (wish: Partial<TaskWish>) =>
  house.funnel.work(
    house.tenantId,
    (context) => openTask(context, { kind: "test", title: "Do it", owner: { personId: bob.personId! }, due: context.today, ...wish }),
    house.today,
  );
const work = <T>(does: Parameters<typeof house.funnel.work<T>>[1]) => house.funnel.work(house.tenantId, does, house.today);
const noticesOf = async (person: Actor): Promise<string[]> => {
  const found = await house.owner.query("select title from platform.notification where person_id = $1 order by id", [person.personId]);
  return found.rows.map((row: { title: string }) => row.title);
};

test("a colleague asks, is told nothing about their own wish, and sees what came of it", async () => {
  const { id } = await house.run(createTask, { title: "Order coffee", due: "2026-03-05", personId: bob.personId }, ann);
  expect(await noticesOf(bob)).toEqual(["New task: Order coffee"]);
  expect(await house.call("office.task.get", { id }, bob)).toMatchObject({
    person: "Bob Does",
    late: false,
    can: expect.arrayContaining(["office.task.complete"]),
  });
  await house.run(completeTask, { taskId: id, outcome: "Two kilos" }, bob);
  expect(await house.call("office.task.get", { id }, ann)).toMatchObject({ state: "done", outcome: "Two kilos", can: [] });
  await expect(house.run(completeTask, { taskId: id }, bob)).rejects.toMatchObject({ code: "taskClosed" });
});

test("everyone sees their own tasks, the office manager sees all but the confidential", async () => {
  const stranger = await house.person("Sam Stranger");
  const manager = await house.person("Mo Manager", "office.manager");
  const [plain, secret] = [await open({ title: "Plain" }), await open({ title: "Secret", confidential: true })];
  const seenBy = async (actor: Actor) => {
    const { rows } = (await house.call("office.task.list", { limit: 500 }, actor)) as { rows: { id: string }[] };
    return [rows.some((row) => row.id === plain), rows.some((row) => row.id === secret)];
  };
  expect([await seenBy(bob), await seenBy(stranger), await seenBy(manager), await seenBy(boss)]).toEqual([
    [true, true],
    [false, false],
    [true, false],
    [true, true],
  ]);
});

test("one key is one task, whatever became of it", async () => {
  const first = await open({ key: "k" });
  expect(await open({ key: "k" })).toBe(first);
  expect(await work((context) => closeTask(context, { key: "k" }))).toBe(true);
  expect(await work((context) => closeTask(context, { key: "k" }))).toBe(false);
  expect(await open({ key: "k" })).toBe(first);
});

test("a task that asks for something is closed by the fact and cannot be ticked or cancelled by hand", async () => {
  const taskId = await open({ asks: { operation: "lab.fact.set", input: { name: "x" } } });
  expect(await house.call("office.task.get", { id: taskId }, bob)).toMatchObject({
    asks: { operation: "lab.fact.set", input: { name: "x" } },
  });
  await expect(house.run(completeTask, { taskId }, bob)).rejects.toMatchObject({ code: "closedByFact" });
  await expect(house.run(cancelTask, { taskId, reason: "No" }, boss)).rejects.toMatchObject({ code: "closedByFact" });
  await work((context) => closeTask(context, { taskId }));
  expect(await house.call("office.task.get", { id: taskId }, bob)).toMatchObject({ state: "done" });
});

test("handing on gives it to someone else with the reason, and they are told", async () => {
  const taskId = await open({ title: "Hand me on" });
  const cara = await house.person("Cara Next");
  const hand = (input: object, as: Actor) => house.run(reassignTask, { taskId, personId: cara.personId, reason: "On leave", ...input }, as);
  await expect(hand({}, ann)).rejects.toMatchObject({ name: "NotPermitted" });
  await expect(hand({ personId: newId() }, bob)).rejects.toMatchObject({ code: "personUnknown" });
  await hand({}, bob);
  expect(await house.call("office.task.get", { id: taskId }, cara)).toMatchObject({ via: "handed on by Bob Does: On leave" });
  expect(await noticesOf(cara)).toEqual(["Now with you: Hand me on"]);
  await expect(hand({}, cara)).rejects.toMatchObject({ code: "samePerson" });
  const gone = await house.person("Gus Gone");
  await house.owner.query("update identity.member set disabled_at = now() where user_id = $1", [gone.userId]);
  await expect(hand({ personId: gone.personId }, cara)).rejects.toMatchObject({ code: "personAway" });
  await house.run(completeTask, { taskId }, cara);
  await expect(hand({ personId: bob.personId }, boss)).rejects.toMatchObject({ code: "taskClosed" });
  const decision = await open({ key: `approval:${newId()}` });
  await expect(house.run(reassignTask, { taskId: decision, personId: cara.personId, reason: "x" }, bob)).rejects.toMatchObject({
    code: "approverFixed",
  });
});

test("who opened a task takes it back; nobody else", async () => {
  const { id } = await house.run(createTask, { title: "Never mind", due: "2026-03-05", personId: bob.personId }, ann);
  await expect(house.run(cancelTask, { taskId: id, reason: "x" }, bob)).rejects.toMatchObject({ name: "NotPermitted" });
  await house.run(cancelTask, { taskId: id, reason: "Found some" }, ann);
  await expect(house.run(cancelTask, { taskId: id, reason: "x" }, ann)).rejects.toMatchObject({ code: "taskClosed" });
  await expect(house.run(completeTask, { taskId: newId() }, boss)).rejects.toMatchObject({ code: "notFound" });
});

test("asking is refused without anyone asked", async () => {
  const wish = { title: "x", due: "2026-03-05" };
  await expect(house.run(createTask, wish, ann)).rejects.toMatchObject({ code: "nobodyAsked" });
  await expect(house.run(createTask, { ...wish, personId: newId() }, ann)).rejects.toMatchObject({ code: "personUnknown" });
  await expect(house.run(createTask, { ...wish, activity: "all" }, ann)).rejects.toMatchObject({ code: "activityUnknown" });
  const { id } = await house.run(createTask, { ...wish, activity: "office.supplies" }, ann);
  expect(await house.call("office.task.get", { id }, boss)).toMatchObject({ person: "Mo Manager", via: "holds the role office.manager" });
});

test("the late are reminded by mail, and the second time their line knows", async () => {
  const line = await makeLine(house, boss);
  const [lena, late] = [await house.person("Lena Leads"), await house.person("Lou Late")];
  await line.seat("BELOW", late, await line.seat("ABOVE", lena));
  await open({ title: "Overdue", owner: { personId: late.personId! }, due: day("2026-03-02") });
  const chaseOn = async (on: string) => {
    house.today = day(on);
    await work(chaseLateTasks);
    return [(await noticesOf(late)).length, (await noticesOf(lena)).length];
  };
  expect(await chaseOn("2026-03-02")).toEqual([1, 0]);
  expect(await chaseOn("2026-03-03")).toEqual([2, 0]);
  expect(await chaseOn("2026-03-04")).toEqual([2, 0]);
  expect(await chaseOn("2026-03-06")).toEqual([3, 1]);
  const mail = await house.owner.query("select subject from platform.mail where to_address = 'lou.late@example.test'");
  expect(mail.rows).toEqual([{ subject: "Late: Overdue" }, { subject: "Late: Overdue" }]);
  house.today = day("2026-03-01");
});

test("deadlines, tasks and moved days stand in one list", async () => {
  const dora = await house.person("Dora Deadline");
  const owner = { personId: dora.personId! };
  const taskId = await open({ title: "B task", owner, due: day("2026-03-10") });
  const wish = { title: "A return", owner, due: day("2026-03-20"), key: "return" };
  const id = await work((context) => openDeadline(context, wish));
  await work((context) => moveTaskDue(context, { taskId }, day("2026-03-25")));
  expect(await work((context) => openDeadline(context, { ...wish, due: day("2026-03-21") }))).toBe(id);
  const listed = async () => ((await house.call("office.deadline.list", { filter: { state: "open" } }, dora)) as { rows: unknown[] }).rows;
  expect(await listed()).toMatchObject([
    { title: "A return", due: "2026-03-21", source: "deadline", late: false },
    { title: "B task", due: "2026-03-25", source: "task" },
  ]);
  await work((context) => moveDeadline(context, { key: "return" }, day("2026-02-01")));
  expect(await listed()).toMatchObject([{ title: "A return", late: true }, {}]);
  expect(await work((context) => closeDeadline(context, { key: "return" }))).toBe(true);
  expect(await work((context) => closeDeadline(context, { deadlineId: id }))).toBe(false);
  expect(await listed()).toMatchObject([{ title: "B task" }]);
});

test("everyone's figures count what is theirs, and no law is broken", async () => {
  const fay = await house.person("Fay Figures");
  const owner = { personId: fay.personId! };
  await open({ owner });
  await open({ owner, due: day("2026-02-01") });
  const values: Record<string, unknown> = {};
  for (const { name, value } of office.figures!) {
    values[name] = await house.funnel.read({ tenantId: house.tenantId, actor: fay }, (context) => value(context, house.today));
  }
  const mine = { "office.myOpenTasks": 2, "office.myLateTasks": 1, "office.waitingForMyDecision": 0 };
  expect(values).toMatchObject({ ...mine, "office.allOpenTasks": 8, "office.allLateTasks": 1 });
  expect(await house.call("office.task.list", { filter: { mine: "true", late: "true" }, count: true }, fay)).toMatchObject({ count: 1 });
  for (const law of office.laws!) {
    expect(await house.funnel.read({ tenantId: house.tenantId, actor: boss }, (context) => law.breaks(context))).toEqual([]);
  }
});
