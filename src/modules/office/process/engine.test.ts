// The process engine on a real database, with a small process of its own.
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import type { Actor } from "../../../platform/operation/context.ts";
import { compose } from "../../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";
import { directory } from "../../directory/index.ts";
import { office } from "../module.ts";
import { acceptOffer, clearFact, lab, makeLab, setFact, welcome } from "./lab.testing.ts";
import { processModule } from "./module.ts";

let house: TestHouse;
let boss: Actor;

const registry = compose([directory, office, lab, processModule([welcome])]);

beforeAll(async () => {
  house = await openHouse({ registry, today: "2026-03-01" });
  await makeLab(house);
  await house.person("Olga Owner", "owner");
  await house.person("Ira Equipment", "it.manager");
  await house.person("Pia People", "people.manager");
  boss = await house.person("Olga Owner");
});
afterAll(() => house.close());

interface Timeline {
  run: { id: string; state: string; anchor: string; problem: string | null };
  steps: {
    key: string;
    state: string;
    due: string;
    late: boolean;
    lateSince: string | null;
    owner: string;
    problem: string | null;
    asks: unknown;
  }[];
}

async function newcomer(name: string, firstDay = "2026-04-01"): Promise<Actor> {
  const person = await house.person(name);
  await house.run(acceptOffer, { personId: person.personId, firstDay, event: "lab.offer.accepted" }, boss);
  await house.settle();
  return person;
}

async function timelineOf(person: Actor): Promise<Timeline> {
  const runs = (await house.call("process.run.list", { filter: { personId: person.personId! }, sort: "-startedOn" }, boss)) as {
    rows: { id: string }[];
  };
  return (await house.call("process.run.timeline", { runId: runs.rows[0]!.id }, boss)) as unknown as Timeline;
}

const statesOf = (timeline: Timeline) => Object.fromEntries(timeline.steps.map((step) => [step.key, step.state]));
const stepOf = (timeline: Timeline, key: string) => timeline.steps.find((step) => step.key === key)!;

async function become(person: Actor, ...names: string[]): Promise<void> {
  for (const name of names) await house.run(setFact, { personId: person.personId, name }, boss);
  await house.settle();
}

async function night(): Promise<void> {
  await house.funnel.work(house.tenantId, (context) => registry.schedules.find((one) => one.name === "process.sweep")!.does(context));
}

async function openTasks(person: Actor, about?: string): Promise<{ id: string; title: string; due: string; says: string }[]> {
  const filter = { state: "open", ...(about && { aboutId: about }) };
  const found = await house.call("office.task.list", { filter: { ...filter, personId: person.personId! } }, person);
  return found["rows"] as never;
}

async function breaks(): Promise<string[]> {
  const found: string[] = [];
  for (const law of registry.laws) {
    found.push(...(await house.funnel.read({ tenantId: house.tenantId, actor: boss }, (context) => law.breaks(context))));
  }
  return found;
}

test("an event starts a run: the house does its part, the first steps are open, the others wait", async () => {
  const mara = await newcomer("Mara First");
  const timeline = await timelineOf(mara);
  expect(statesOf(timeline)).toEqual({ contract: "open", laptop: "waiting", payroll: "waiting", badge: "waiting", policies: "open" });
  expect(stepOf(timeline, "contract")).toMatchObject({ due: "2026-03-11", owner: "Pia People" });
  expect(stepOf(timeline, "laptop")).toMatchObject({ due: "2026-04-01", owner: "Ira Equipment" });
  expect(stepOf(timeline, "policies").owner).toBe("Mara First");
  expect(await openTasks(mara)).toMatchObject([{ title: "Policies – Welcome of a newcomer", due: "2026-04-06" }]);

  await become(mara, "signed");
  const ira = await house.person("Ira Equipment");
  const after = await timelineOf(mara);
  expect(statesOf(after)).toMatchObject({ contract: "done", laptop: "open", payroll: "open" });
  expect(stepOf(after, "laptop").asks).toEqual({ operation: "lab.fact.set", input: { personId: mara.personId, name: "laptop" } });
  expect(await openTasks(ira, after.run.id)).toHaveLength(1);
  expect(await openTasks(await house.person("Pia People"), after.run.id)).toMatchObject([{ title: "Payroll – Welcome of a newcomer" }]);
  expect(await breaks()).toEqual([]);
});

test("a task closes by the fact, not by a tick, and the run completes by itself", async () => {
  const person = await newcomer("Nils Second");
  await become(person, "signed");
  const ira = await house.person("Ira Equipment");
  const { run } = await timelineOf(person);
  const [task] = await openTasks(ira, run.id);
  await expect(house.call("office.task.complete", { taskId: task!.id }, ira)).rejects.toMatchObject({ code: "closedByFact" });
  await become(person, "laptop", "enrolled", "policies");
  const done = await timelineOf(person);
  // The badge followed from the laptop without anyone asking.
  expect(statesOf(done)).toEqual({ contract: "done", laptop: "done", payroll: "done", badge: "done", policies: "done" });
  expect(done.run.state).toBe("done");
  expect(await openTasks(ira, run.id)).toEqual([]);
});

test("a step done by other means counts, before its turn", async () => {
  const person = await newcomer("Otto Early");
  await become(person, "laptop");
  expect(statesOf(await timelineOf(person))).toMatchObject({ contract: "open", laptop: "done", badge: "done" });
});

test("a moved first day moves every open step and its task", async () => {
  const person = await newcomer("Petra Moved");
  await become(person, "signed");
  await house.run(acceptOffer, { personId: person.personId, firstDay: "2026-05-01", event: "lab.firstDay.changed" }, boss);
  await house.settle();
  const timeline = await timelineOf(person);
  expect(timeline.run.anchor).toBe("2026-05-01");
  expect(stepOf(timeline, "laptop").due).toBe("2026-05-01");
  // What is done keeps the day it had.
  expect(stepOf(timeline, "contract")).toMatchObject({ state: "done", due: "2026-03-11" });
  expect(await openTasks(person)).toMatchObject([{ due: "2026-05-06" }]);
});

test("a step falls away while its exception holds, and comes back when it does not", async () => {
  const person = await newcomer("Quinn Contractor");
  await become(person, "contractor", "signed");
  expect(statesOf(await timelineOf(person))).toMatchObject({ payroll: "skipped", laptop: "open" });
  await house.run(clearFact, { personId: person.personId, name: "contractor" }, boss);
  await house.settle();
  expect(statesOf(await timelineOf(person))).toMatchObject({ payroll: "open" });
});

test("a fact that stops being true opens its step again", async () => {
  const person = await newcomer("Rosa Again");
  await become(person, "signed", "laptop");
  expect(statesOf(await timelineOf(person))).toMatchObject({ laptop: "done" });
  await house.run(clearFact, { personId: person.personId, name: "laptop" }, boss);
  await house.settle();
  const { run, steps } = await timelineOf(person);
  expect(steps.find((step) => step.key === "laptop")).toMatchObject({ state: "open" });
  expect(await openTasks(await house.person("Ira Equipment"), run.id)).toHaveLength(1);
});

test("a rescinded offer unwinds what was begun and cancels the tasks", async () => {
  const person = await newcomer("Sven Rescinded");
  await become(person, "signed", "laptop");
  await house.run(acceptOffer, { personId: person.personId, firstDay: "2026-04-01", event: "lab.offer.rescinded" }, boss);
  await house.settle();
  const timeline = await timelineOf(person);
  expect(timeline.run.state).toBe("ended");
  expect(statesOf(timeline)).toMatchObject({ contract: "undone", laptop: "undone", payroll: "skipped" });
  expect(await openTasks(person)).toEqual([]);
  expect(await breaks()).toEqual([]);
});

test("what the house cannot take back becomes a task and is tried again", async () => {
  const person = await newcomer("Tara Lost");
  await become(person, "signed", "laptop", "lost");
  await house.run(acceptOffer, { personId: person.personId, firstDay: "2026-04-01", event: "lab.offer.rescinded" }, boss);
  await house.settle();
  const ira = await house.person("Ira Equipment");
  const { run } = await timelineOf(person);
  expect(run.state).toBe("unwinding");
  expect(await openTasks(ira, run.id)).toMatchObject([{ title: "Take back: Laptop – Welcome of a newcomer" }]);
  await house.run(clearFact, { personId: person.personId, name: "lost" }, boss);
  await house.settle();
  expect((await timelineOf(person)).run.state).toBe("ended");
  expect(await openTasks(ira, run.id)).toEqual([]);
});

test("what the house cannot do is said on the task, and tried again at the next look", async () => {
  const person = await newcomer("Uwe Printer");
  await become(person, "printerBroken", "signed", "laptop");
  const badge = stepOf(await timelineOf(person), "badge");
  expect(badge).toMatchObject({ state: "open", problem: "A fault of the house: the printer is broken" });
  await house.run(clearFact, { personId: person.personId, name: "printerBroken" }, boss);
  await house.settle();
  expect(stepOf(await timelineOf(person), "badge")).toMatchObject({ state: "done", problem: null });
});

test("two runs at once do not touch each other, and one event starts one run", async () => {
  const vera = await newcomer("Vera One");
  const walter = await newcomer("Walter Two");
  await house.run(acceptOffer, { personId: vera.personId, firstDay: "2026-04-01", event: "lab.offer.accepted" }, boss);
  await house.settle();
  await become(vera, "signed");
  expect(statesOf(await timelineOf(vera))).toMatchObject({ contract: "done", laptop: "open" });
  expect(statesOf(await timelineOf(walter))).toMatchObject({ contract: "open", laptop: "waiting" });
  const runs = await house.call("process.run.list", { filter: { personId: vera.personId! }, count: true }, boss);
  expect(runs).toMatchObject({ count: 1 });
});

test("every night the late are found, and facts that changed without an event are seen", async () => {
  const person = await newcomer("Xenia Late");
  await become(person, "signed");
  house.today = day("2026-04-03");
  await night();
  const timeline = await timelineOf(person);
  expect(stepOf(timeline, "laptop")).toMatchObject({ state: "open", late: true, lateSince: "2026-04-02" });
  await house.owner.query("insert into lab.fact values ($1, $2, 'laptop')", [house.tenantId, person.personId]);
  await night();
  expect(stepOf(await timelineOf(person), "laptop")).toMatchObject({ state: "done", late: false });
  house.today = day("2026-03-01");
});

test("only those who take part see a run", async () => {
  const person = await newcomer("Yara Seen");
  const stranger = await house.person("Zoe Stranger");
  const { run } = await timelineOf(person);
  await expect(house.call("process.run.timeline", { runId: run.id }, stranger)).rejects.toMatchObject({ code: "notFound" });
  expect(await house.call("process.run.timeline", { runId: run.id }, person)).toMatchObject({ run: { id: run.id } });
});
