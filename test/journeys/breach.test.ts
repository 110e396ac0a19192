// A breach of personal data and its 72 hours, as the people concerned live it: whoever noticed it, IT, and whoever answers for
// personal data.
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../src/kernel/day.ts";
import type { Actor } from "../../src/platform/operation/context.ts";
import { type JourneyCompany, openCompany } from "./company.ts";

let company: JourneyCompany;
let jonas: Actor;
let bystander: Actor;

beforeAll(async () => {
  company = await openCompany();
  jonas = await company.house.person("Jonas Sales");
  bystander = await company.house.person("Bea Bystander");
});
afterAll(() => company.house.close());

type Rows = { rows: Record<string, unknown>[] };
const listed = async (name: string, input: object, as: Actor): Promise<Record<string, unknown>[]> =>
  ((await company.house.call(name, input, as)) as unknown as Rows).rows;
const open = { state: "open|extended|paused|missed" };
const tasksOf = async (as: Actor): Promise<string[]> =>
  (await listed("office.task.list", { filter: { state: "open", mine: "true" }, search: "breach" }, as)).map((row) => String(row["title"]));
const report = (more: object = {}) => ({
  title: "Payslips sent to all of sales",
  description: "Forty payslips went to the wrong list.",
  kinds: ["confidentiality"],
  categories: "Pay of employees",
  detectedAt: "2026-11-02T08:30:00Z",
  personsAffected: 40,
  ...more,
});

test("Jonas reports it, and the clock runs: 72 hours to the minute, with whoever answers for personal data", async () => {
  const { does, house, daniel, erik, helene, steps } = company;
  await does(helene, "office.responsibility.assign", { activity: "governance.privacy", personId: daniel.personId, from: "2026-01-01" });
  await does(helene, "office.responsibility.assign", { activity: "it.security", personId: erik.personId, from: "2026-01-01" });
  await does(jonas, "governance.breach.record", report());
  const [notice] = await listed("office.deadline.list", { search: "supervisory authority" }, daniel);
  expect(notice).toMatchObject({
    dueAt: "2026-11-05T08:30:00.000Z",
    due: "2026-11-05",
    rule: "GDPR Art. 33(1)",
    person: "Daniel Governance",
  });
  expect(await steps("breach")).toEqual({
    contained: "open",
    assessed: "open",
    authority: "waiting",
    persons: "waiting",
    lessons: "waiting",
  });
  expect((await tasksOf(erik)).length).toBe(1);
  // Nobody without need learns of it: not in lists, search, deadlines or the calendar.
  expect(await listed("governance.breach.list", {}, bystander)).toEqual([]);
  expect(await listed("office.deadline.list", { search: "breach" }, bystander)).toEqual([]);
  expect(await listed("office.deadline.list", { search: "supervisory" }, company.rosa)).toEqual([]);
  expect(await listed("governance.breach.list", {}, jonas)).toMatchObject([{ title: "Payslips sent to all of sales", state: "open" }]);
  expect(await listed("governance.breach.list", {}, erik)).toMatchObject([{ state: "open" }]);
  void house;
});

test("Erik contains it, Daniel finds the risk high, notifies the authority in time with its receipt, and tells the persons", async () => {
  const { does, house, daniel, erik, steps } = company;
  const [breach] = await listed("governance.breach.list", {}, daniel);
  const breachId = breach!["id"];
  await does(erik, "governance.breach.contain", {
    breachId,
    measures: "Mail recalled, list corrected, receipt of deletion from 38 of 40.",
  });
  await expect(house.call("governance.breach.assess", { breachId, risk: "high", because: "x" }, erik)).rejects.toMatchObject({
    name: "NotPermitted",
  });
  house.today = day("2026-11-03");
  await does(daniel, "governance.breach.assess", { breachId, risk: "high", because: "Pay and bank accounts are known to colleagues." });
  expect(await steps("breach")).toMatchObject({
    contained: "done",
    assessed: "done",
    authority: "open",
    persons: "open",
    lessons: "waiting",
  });
  const duties = await listed("office.deadline.list", { filter: { ...open, aboutId: String(breachId) }, sort: "title" }, daniel);
  expect(duties.map((row) => row["rule"])).toEqual(["GDPR Art. 33(1)", "GDPR Art. 34(1)"]);
  await expect(house.call("governance.breach.close", { breachId, lessons: "x" }, daniel)).rejects.toMatchObject({ code: "notNotified" });

  await does(daniel, "office.deadline.submit", {
    deadlineId: duties[0]!["id"],
    reference: "LfDI 2026/1187",
    note: "By the form of the authority.",
  });
  await expect(house.call("governance.breach.close", { breachId, lessons: "x" }, daniel)).rejects.toMatchObject({ code: "notTold" });
  await does(daniel, "governance.breach.tellPersons", { breachId, how: "Letter of 3 November to all forty" });
  expect(await listed("office.deadline.list", { filter: { aboutId: String(breachId) }, sort: "title" }, daniel)).toMatchObject([
    { state: "submitted", submissionReference: "LfDI 2026/1187", late: false },
    { state: "submitted", submissionReference: "Letter of 3 November to all forty" },
  ]);
  house.today = day("2026-11-20");
  await does(daniel, "governance.breach.close", { breachId, lessons: "Lists for pay are kept by people alone." });
  expect(Object.values(await steps("breach"))).toEqual(["done", "done", "done", "done", "done"]);
  const told = await listed("office.deadlineEvent.list", { filter: { deadlineId: String(duties[0]!["id"]) }, sort: "at" }, daniel);
  expect(told.map((row) => row["kind"])).toEqual(["begun", "submitted"]);
});

const unlikelyAtFirst =
  "where harm is unlikely the authority need not know: the reason is kept, and when it turns out worse the first clock is due again";
test(unlikelyAtFirst, async () => {
  const { does, house, daniel, steps } = company;
  house.today = day("2026-11-23");
  const { id: breachId } = await does(
    jonas,
    "governance.breach.record",
    report({ title: "Lost laptop", detectedAt: "2026-11-23T07:00:00Z" }),
  );
  await does(daniel, "governance.breach.assess", { breachId, risk: "unlikely", because: "The disk is encrypted and the key is safe." });
  const ofIt = () => listed("office.deadline.list", { filter: { aboutId: String(breachId) } }, daniel);
  expect(await ofIt()).toMatchObject([{ state: "cancelled", rule: "GDPR Art. 33(1)" }]);
  expect(await steps("breach")).toMatchObject({ authority: "done", persons: "skipped" });
  await does(daniel, "governance.breach.assess", { breachId, risk: "likely", because: "The key was in the bag." });
  expect(await ofIt()).toMatchObject([{ state: "open", dueAt: "2026-11-26T07:00:00.000Z" }]);
});

test("a company in scope of NIS2 has the early warning and the notification too", async () => {
  const { does, house, daniel } = company;
  await does(daniel, "office.deadlineRule.adopt", { regime: "nis2" });
  house.today = day("2026-11-24");
  const { id } = await does(jonas, "governance.breach.record", report({ title: "Servers encrypted", detectedAt: "2026-11-24T06:00:00Z" }));
  const due = await listed("office.deadline.list", { filter: { aboutId: String(id) }, sort: "due" }, company.helene);
  expect(due.map((row) => [row["rule"], row["dueAt"]]).toSorted()).toEqual([
    ["GDPR Art. 33(1)", "2026-11-27T06:00:00.000Z"],
    ["NIS2 Art. 23(4)(a)", "2026-11-25T06:00:00.000Z"],
    ["NIS2 Art. 23(4)(b)", "2026-11-27T06:00:00.000Z"],
  ]);
});
