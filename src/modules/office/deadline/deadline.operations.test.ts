// Deadlines of laws on a real database: begun by rule, warned once, extended once, paused, submitted with proof, and what follows.
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { type Id, newId } from "../../../kernel/id.ts";
import type { Actor } from "../../../platform/operation/context.ts";
import { compose } from "../../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";
import { directory } from "../../directory/index.ts";
import { office } from "../module.ts";
import { lab } from "../process/lab.testing.ts";
import { openTask } from "../task/task.ts";
import { openDeadline } from "./deadline.ts";
import { deadlineLaws } from "./laws.ts";
import { adoptRegime, createDeadlineRule, retireDeadlineRule, startDeadline } from "./rule.operations.ts";
import { startDeadlinesOn } from "./rule.store.ts";
import { cancelDeadline, extendDeadline, pauseDeadline, resumeDeadline, submitDeadline } from "./submission.operations.ts";
import { sweepDeadlines } from "./sweep.ts";

let house: TestHouse;
let boss: Actor;
let carl: Actor;
let bob: Actor;

beforeAll(async () => {
  house = await openHouse({ registry: compose([directory, office, lab]), today: "2026-03-02" });
  boss = await house.person("Olga Owner", "owner");
  carl = await house.person("Carl Compliance");
  bob = await house.person("Bob Bystander");
  for (const activity of ["governance.compliance", "governance.privacy"]) {
    await house.call("office.responsibility.assign", { activity, personId: carl.personId, from: "2026-01-01" }, boss);
  }
  for (const regime of ["gdpr", "nis2"]) await house.run(adoptRegime, { regime }, carl);
});
afterAll(() => house.close());

const work = <T>(does: Parameters<typeof house.funnel.work<T>>[1]) => house.funnel.work(house.tenantId, does, house.today);
const code = (name: string) => expect.objectContaining({ code: name });
const ruleNamed = async (name: string): Promise<string> =>
  ((await house.call("office.deadlineRule.list", { filter: { code: name } }, boss)) as { rows: { id: string }[] }).rows[0]!.id;
const begin = async (name: string, at: string, more: object = {}): Promise<Id> =>
  (await house.run(startDeadline, { deadlineRuleId: await ruleNamed(name), at, ...more }, carl)).id;
const one = (id: Id, as = carl) => house.call("office.deadline.get", { id }, as);
const eventsOf = async (deadlineId: Id): Promise<string[]> => {
  const listed = (await house.call("office.deadlineEvent.list", { filter: { deadlineId }, sort: "at" }, boss)) as {
    rows: { kind: string }[];
  };
  return listed.rows.map((row) => row.kind);
};

const threeDays =
  "72 hours: with whoever answers, warned once for each step, late with a reason, and the final report follows the notification";
test(threeDays, async () => {
  house.today = day("2026-03-02");
  const id = await begin("nis2-23-notification", "2026-03-01T20:00:00Z", { called: "Mail server" });
  expect(await one(id)).toMatchObject({
    state: "open",
    dueAt: "2026-03-04T20:00:00.000Z",
    due: "2026-03-04",
    person: "Carl Compliance",
    rule: "NIS2 Art. 23(4)(b)",
    can: expect.arrayContaining(["office.deadline.submit"]),
  });
  house.today = day("2026-03-04");
  expect([await work(sweepDeadlines), await work(sweepDeadlines)]).toEqual([1, 0]);
  house.today = day("2026-03-05");
  expect([await work(sweepDeadlines), await work(sweepDeadlines)]).toEqual([1, 0]);
  expect(await one(id)).toMatchObject({ state: "missed", late: true });
  const { late } = await house.run(submitDeadline, { deadlineId: id, reference: "BSI-77" }, carl);
  expect(late).toBe(true);
  expect(await one(id)).toMatchObject({ state: "submitted", submissionReference: "BSI-77", submittedBy: "Carl Compliance" });
  expect(await eventsOf(id)).toEqual(["begun", "warned", "missed", "submitted"]);
  const after = (await house.call("office.deadline.list", { search: "Final report" }, carl)) as { rows: object[] };
  expect(after.rows).toMatchObject([{ title: "Final report on a significant incident: Mail server", due: "2026-04-06", state: "open" }]);
  const gone = await house.call("office.deadline.list", { search: "Mail server" }, bob);
  expect(gone["rows"]).toEqual([]);
});

test("the authority asks for the reasons of a delay", async () => {
  house.today = day("2026-03-06");
  const id = await begin("gdpr-33", "2026-03-02T09:00:00Z");
  const proof = { deadlineId: id, reference: "LDI-1" };
  await expect(house.run(submitDeadline, proof, carl)).rejects.toEqual(code("lateReasonMissing"));
  await expect(house.run(submitDeadline, { ...proof, at: "2026-03-07T09:00:00Z" }, carl)).rejects.toEqual(code("inTheFuture"));
  // Sent in time, recorded afterwards.
  expect(await house.run(submitDeadline, { ...proof, at: "2026-03-05T08:59:00Z" }, carl)).toMatchObject({ late: false });
  await expect(house.run(submitDeadline, proof, carl)).rejects.toEqual(code("closed"));
});

test("a subject's request: paused while identity is verified, extended once by two months", async () => {
  house.today = day("2026-03-02");
  const id = await begin("gdpr-12-3", "2026-03-02T08:00:00Z");
  expect(await one(id)).toMatchObject({ due: "2026-04-02", extensible: true, pausable: true });
  await expect(house.run(resumeDeadline, { deadlineId: id }, carl)).rejects.toEqual(code("notPaused"));
  await house.run(pauseDeadline, { deadlineId: id, why: "asked for a copy of the card" }, carl);
  await expect(house.run(pauseDeadline, { deadlineId: id, why: "x" }, carl)).rejects.toEqual(code("pausedAlready"));
  expect(await one(id)).toMatchObject({ state: "paused" });
  house.today = day("2026-03-09");
  expect(await house.run(resumeDeadline, { deadlineId: id }, carl)).toMatchObject({ dueDay: "2026-04-09" });
  const wish = { deadlineId: id, reason: "Forty mailboxes", told: true };
  await expect(house.run(extendDeadline, { ...wish, told: false }, carl)).rejects.toEqual(code("notTold"));
  // Three months from 2 March and seven days: 9 June.
  expect(await house.run(extendDeadline, wish, carl)).toMatchObject({ dueDay: "2026-06-09" });
  expect(await one(id)).toMatchObject({ state: "extended", extensible: false });
  await expect(house.run(extendDeadline, wish, carl)).rejects.toEqual(code("extendedAlready"));
  const calendar = await house.call("directory.calendar.create", { code: "CO", name: "Company" }, boss);
  await house.call("directory.calendar.assign", { calendarId: calendar["id"] }, boss);
  await house.call(
    "directory.calendar.addHolidays",
    { calendarId: calendar["id"], holidays: [{ day: "2026-06-09", name: "Local" }] },
    boss,
  );
  await house.settle();
  expect(await one(id)).toMatchObject({ due: "2026-06-10" });
  expect(await eventsOf(id)).toEqual(["begun", "paused", "resumed", "extended"]);
  await house.run(cancelDeadline, { deadlineId: id, why: "Withdrawn by the person" }, boss);
  await expect(house.run(cancelDeadline, { deadlineId: id, why: "x" }, boss)).rejects.toEqual(code("closed"));
});

test("what a rule does not allow is refused", async () => {
  house.today = day("2026-03-02");
  const hours = await begin("nis2-23-warning", "2026-03-02T08:00:00Z");
  await expect(house.run(extendDeadline, { deadlineId: hours, reason: "x", told: true }, carl)).rejects.toEqual(code("notExtensible"));
  await expect(house.run(pauseDeadline, { deadlineId: hours, why: "x" }, carl)).rejects.toEqual(code("notPausable"));
  const request = await begin("gdpr-12-3", "2026-01-02T08:00:00Z");
  await expect(house.run(extendDeadline, { deadlineId: request, reason: "x", told: true }, carl)).rejects.toEqual(code("tooLate"));
  await expect(house.run(submitDeadline, { deadlineId: newId(), reference: "x" }, boss)).rejects.toEqual(code("notFound"));
  const own = await work((context) => openDeadline(context, { title: "Own", due: day("2026-03-05"), owner: { personId: carl.personId! } }));
  await expect(house.run(submitDeadline, { deadlineId: own, reference: "x" }, carl)).rejects.toEqual(code("notByRule"));
  await expect(house.run(adoptRegime, { regime: "gdpr" }, carl)).rejects.toEqual(code("adoptedAlready"));
  const start = { deadlineRuleId: await ruleNamed("gdpr-33") };
  await expect(house.run(startDeadline, { ...start, at: "2027-01-01T00:00:00Z" }, carl)).rejects.toEqual(code("inTheFuture"));
  await expect(house.run(startDeadline, { ...start, aboutSubject: "lab.thing" }, carl)).rejects.toEqual(code("aboutHalf"));
  await expect(house.run(startDeadline, { deadlineRuleId: newId() }, carl)).rejects.toEqual(code("notFound"));
});

test("a rule of one's own, begun by an event of a department, once for a record", async () => {
  const rule = {
    code: "lab-fact",
    title: "Look at the fact",
    reference: "Contract 7.2",
    trigger: "A fact is set",
    unit: "businessDays",
    amount: 3,
  };
  const refused = (more: object) => expect(house.run(createDeadlineRule, { ...rule, ...more }, carl)).rejects;
  await refused({ amount: undefined }).toEqual(code("amountOdd"));
  await refused({ extensionAmount: 2 }).toEqual(code("extensionOdd"));
  await refused({ activity: "nothing" }).toEqual(code("activityMalformed"));
  await refused({ calendarId: newId() }).toEqual(code("calendarUnknown"));
  const { id } = await house.run(createDeadlineRule, { ...rule, startsOn: "lab.thing.seen" }, carl);
  await refused({}).toEqual(code("codeTaken"));
  const about = { subject: "lab.thing", id: newId() };
  const at = new Date("2026-03-06T10:00:00Z");
  expect(await work((context) => startDeadlinesOn(context, "lab.thing.seen", { about, at }))).toBe(1);
  await work((context) => startDeadlinesOn(context, "lab.thing.seen", { about, at }));
  const listed = (await house.call("office.deadline.list", { filter: { aboutId: about.id } }, boss)) as { rows: object[] };
  expect(listed.rows).toMatchObject([{ due: "2026-03-11", title: "Look at the fact" }]);
  await house.run(retireDeadlineRule, { deadlineRuleId: id }, carl);
  await expect(house.run(retireDeadlineRule, { deadlineRuleId: id }, carl)).rejects.toEqual(code("notFound"));
  expect(await work((context) => startDeadlinesOn(context, "lab.thing.seen", { at }))).toBe(0);
});

test("a deadline and the task that asks for it stand in the list once", async () => {
  const owner = { personId: bob.personId! };
  await work(async (context) => {
    await openDeadline(context, { title: "VAT return", due: day("2026-03-10"), owner, key: "obligation:1" });
    await openTask(context, { kind: "obligation", title: "VAT return", due: day("2026-03-10"), owner, key: "obligation:1" });
  });
  const { rows } = (await house.call("office.deadline.list", { search: "VAT return" }, bob)) as { rows: { source: string }[] };
  expect(rows.map((row) => row.source)).toEqual(["deadline"]);
});

test("no law of deadlines is broken", async () => {
  const call = { tenantId: house.tenantId, actor: boss };
  const broken = await Promise.all(deadlineLaws.map((law) => house.funnel.read(call, (context) => law.breaks(context))));
  expect(broken.flat()).toEqual([]);
});
