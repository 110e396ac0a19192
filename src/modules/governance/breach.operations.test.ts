// Breaches of personal data: every no on the way from the report to the lessons.
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "../../kernel/id.ts";
import type { Actor } from "../../platform/operation/context.ts";
import { assessBreach, closeBreach, containBreach, recordBreach, tellPersons } from "./breach.operations.ts";
import { type Company, openCompany } from "./company.testing.ts";

let company: Company;
let governor: Actor;
let boss: Actor;
beforeAll(async () => {
  company = await openCompany();
  governor = company.governor;
  boss = await company.house.person("Olga Owner", "owner");
});
afterAll(() => company.house.close());

const code = (name: string) => expect.objectContaining({ code: name });
const detectedAt = (): string => `${company.house.today}T06:00:00Z`;
const report = (more: object = {}) => ({
  title: "Lost letter",
  description: "A letter with a diagnosis did not arrive.",
  kinds: ["confidentiality"],
  categories: "Health of one employee",
  detectedAt: detectedAt(),
  ...more,
});
const run = <Operation extends Parameters<typeof company.house.run>[0]>(operation: Operation, input: object) =>
  company.house.run(operation, input, governor);

test("times must be possible", async () => {
  await expect(run(recordBreach, report({ detectedAt: "2199-01-01T00:00:00Z" }))).rejects.toEqual(code("inTheFuture"));
  await expect(run(recordBreach, report({ awareAt: "2020-01-01T00:00:00Z" }))).rejects.toEqual(code("awareBeforeDetected"));
});

test("a breach is closed when it is contained, assessed, notified and told, and not before", async () => {
  const { id: breachId } = (await run(recordBreach, report())) as { id: string };
  const lessons = "Registered mail from now on.";
  await expect(run(closeBreach, { breachId, lessons })).rejects.toEqual(code("notContained"));
  await expect(run(containBreach, { breachId, at: "2199-01-01T00:00:00Z", measures: "x" })).rejects.toEqual(code("inTheFuture"));
  await run(containBreach, { breachId, measures: "The letter was found." });
  await expect(run(containBreach, { breachId, measures: "x" })).rejects.toEqual(code("containedAlready"));
  await expect(run(closeBreach, { breachId, lessons })).rejects.toEqual(code("notAssessed"));
  await run(assessBreach, { breachId, risk: "high", because: "A diagnosis is read by others." });
  await expect(run(closeBreach, { breachId, lessons })).rejects.toEqual(code("notNotified"));
  const { rows } = (await company.house.call("office.deadline.list", { filter: { aboutId: breachId } }, boss)) as {
    rows: { id: string; rule: string }[];
  };
  const notice = rows.find((row) => row.rule === "GDPR Art. 33(1)")!;
  await company.house.call("office.deadline.submit", { deadlineId: notice.id, reference: "A-1" }, boss);
  await expect(run(assessBreach, { breachId, risk: "unlikely", because: "x" })).rejects.toEqual(code("notifiedAlready"));
  await expect(run(closeBreach, { breachId, lessons })).rejects.toEqual(code("notTold"));
  await expect(run(tellPersons, { breachId, at: "2199-01-01T00:00:00Z", how: "x" })).rejects.toEqual(code("inTheFuture"));
  await run(tellPersons, { breachId, how: "By telephone" });
  await expect(run(tellPersons, { breachId, how: "x" })).rejects.toEqual(code("toldAlready"));
  await run(closeBreach, { breachId, lessons });
  await expect(run(closeBreach, { breachId, lessons })).rejects.toEqual(code("closed"));
  expect(await company.house.call("governance.breach.get", { id: breachId }, governor)).toMatchObject({
    state: "closed",
    risk: "high",
    lessons,
  });
});

test("one that is not there", async () => {
  await expect(run(closeBreach, { breachId: newId(), lessons: "x" })).rejects.toEqual(code("notFound"));
});
