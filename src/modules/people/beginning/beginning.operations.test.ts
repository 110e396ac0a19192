// A newcomer's first weeks on a real database: instruction that is wanted until it is recorded, and a probation somebody decides on.
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import type { Actor } from "../../../platform/operation/context.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";
import { buildCompany, type Company, nobody } from "../company.testing.ts";
import { changeFirstDay, createEmployment, createOffer, sendContract, signContract } from "../index.ts";
import { createTraining, decideProbation, endTraining, isInstructed, openTrainings, recordTraining } from "./index.ts";

let house: TestHouse;
let company: Company;
let cem: Actor;
let probationId: Id;

const code = (name: string) => expect.objectContaining({ code: name });
const ask = <T>(question: (context: never) => Promise<T>): Promise<T> =>
  house.funnel.read({ tenantId: house.tenantId, actor: company.hanna }, (context) => question(context as never));

beforeAll(async () => {
  house = await openHouse({ today: "2026-11-21" });
  company = await buildCompany(house);
  cem = await house.person("Cem Newcomer");
  const { hanna, seats } = company;
  const employment = await house.run(
    createEmployment,
    { personId: cem.personId!, positionId: seats.first, firstDay: "2026-12-01", probationMonths: 6 },
    hanna,
  );
  probationId = employment.contractId;
  await house.run(sendContract, { contractId: probationId }, hanna);
  await house.run(signContract, { contractId: probationId }, hanna);
  await house.settle();
});
afterAll(() => house.close());

test("instruction is wanted of everyone or of one job until it is recorded, and ends", async () => {
  const { hanna, ben, jobId } = company;
  const fire = await house.run(createTraining, { name: "Fire and escape routes", withinDays: 5 }, hanna);
  const machines = await house.run(createTraining, { name: "Grinding machines", jobId }, hanna);
  await expect(house.run(createTraining, { name: "Grinding machines" }, hanna)).rejects.toEqual(code("trainingKnown"));
  await expect(house.run(createTraining, { name: "Lifts", jobId: nobody }, hanna)).rejects.toEqual(code("jobUnknown"));
  expect(await ask((context) => openTrainings(context, cem.personId!))).toEqual([fire.id, machines.id]);
  const stranger = await house.person("Sam Seatless");
  expect(await ask((context) => openTrainings(context, stranger.personId!))).toEqual([fire.id]);

  const give = (input: object, as = hanna) => house.run(recordTraining, { trainingId: fire.id, personIds: [cem.personId!], ...input }, as);
  await expect(give({}, cem)).rejects.toMatchObject({ name: "NotPermitted" });
  await expect(give({ on: "2026-11-22" })).rejects.toEqual(code("heldLater"));
  await expect(give({ personIds: [nobody] })).rejects.toEqual(code("personUnknown"));
  await expect(give({ trainingId: nobody })).rejects.toEqual(code("notFound"));
  const both = [cem.personId!, ben.personId!, cem.personId!];
  expect(await give({ personIds: both })).toMatchObject({ recorded: 2 });
  expect(await give({ personIds: both })).toMatchObject({ recorded: 0 });
  expect(await ask((context) => isInstructed(context, cem.personId!))).toBe(false);
  await house.run(endTraining, { trainingId: machines.id }, hanna);
  await expect(house.run(endTraining, { trainingId: machines.id }, hanna)).rejects.toEqual(code("trainingEnded"));
  await expect(house.run(endTraining, { trainingId: nobody }, hanna)).rejects.toEqual(code("notFound"));
  expect(await ask((context) => isInstructed(context, cem.personId!))).toBe(true);
  // On a day when Cem has begun: one sees one's own and those of whoever answers to one, nobody else's.
  house.today = day("2026-12-02");
  const seen = async (as: Actor) => ((await house.call("people.trainingRecord.list", {}, as))["rows"] as { person: string }[]).length;
  expect([await seen(cem), await seen(ben), await seen(stranger)]).toEqual([1, 2, 0]);
});

const taskOf = async (as: Actor) =>
  ((await house.call("office.task.list", { filter: { state: "open", kind: "decision" } }, as))["rows"] as Record<string, unknown>[])[0];

test("whoever leads the newcomer is asked in good time; the day moves with the first one, and goes when it was decided", async () => {
  const { hanna, ben, ada, seats } = company;
  // 1 December and six months end on 31 May; two weeks before, so that notice can still be given.
  expect(await taskOf(ben)).toMatchObject({ title: "Probation of Cem Newcomer", due: "2027-05-17", person: "Ben Head" });
  const decide = (input: object, as = ben) => house.run(decideProbation, { probationId, outcome: "passed", ...input } as never, as);
  await expect(decide({}, cem)).rejects.toMatchObject({ name: "NotPermitted" });
  await expect(decide({ probationId: nobody }, hanna)).rejects.toEqual(code("notFound"));
  await expect(decide({ outcome: "longer" })).rejects.toEqual(code("reasonMissing"));
  await expect(decide({ outcome: "longer", reason: "Was ill for weeks." })).rejects.toEqual(code("untilNotLater"));
  await decide({ outcome: "longer", until: "2027-06-30", reason: "Was ill for weeks." });
  expect(await taskOf(ben)).toMatchObject({ due: "2027-06-16" });
  expect(await house.call("people.probation.get", { id: probationId }, ben)).toMatchObject({ state: "open", untilDay: "2027-06-30" });
  await expect(house.call("people.probation.get", { id: probationId }, await house.person("Sam Seatless"))).rejects.toEqual(
    code("notFound"),
  );

  await decide({ outcome: "failed", reason: "The work was not what we agreed." }, ada);
  await expect(decide({})).rejects.toEqual(code("probationDecided"));
  expect(await taskOf(ben)).toBeUndefined();
  const { rows } = await house.call("office.task.list", { filter: { state: "open", kind: "departure" } }, hanna);
  expect(rows).toMatchObject([{ person: "Hanna People", title: "Probation of Cem Newcomer was not passed" }]);

  // People themselves are not above it.
  const own = await house.run(
    createEmployment,
    { personId: hanna.personId!, positionId: seats.second, firstDay: "2026-12-01", probationMonths: 3 },
    hanna,
  );
  await expect(decide({ probationId: own.contractId }, hanna)).rejects.toEqual(code("ownProbation"));
});

test("a first day that moves moves the question", async () => {
  const { hanna, ben, jobId, unitId, seats } = company;
  house.today = day("2026-12-03");
  const keeper = await house.person("Kim Keeper");
  const seat = { code: "THIRD", jobId, unitId, reportsToId: seats.head, from: "2020-01-01" };
  const positionId = (await house.call("directory.position.create", seat, keeper))["id"] as Id;
  const { personId } = (await house.call("people.candidate.create", { name: "Nora Later", email: "nora@example.test" }, hanna)) as never;
  const pay = { amount: "4000.00", currency: "EUR" };
  const { id: offerId } = await house.run(
    createOffer,
    { personId, positionId, firstDay: "2027-01-01", probationMonths: 3, pay } as never,
    hanna,
  );
  await house.call("people.offer.send", { offerId }, hanna);
  const { contractId } = (await house.call("people.offer.accept", { offerId }, hanna)) as never;
  await house.settle();
  // The hire sent the contract by itself.
  await house.run(signContract, { contractId }, hanna);
  await house.settle();
  expect(await taskOf(ben)).toMatchObject({ title: "Probation of Nora Later", due: "2027-03-17" });
  await house.run(changeFirstDay, { offerId, firstDay: "2027-01-11" }, hanna);
  await house.settle();
  expect(await taskOf(ben)).toMatchObject({ due: "2027-03-27" });
  await house.call("people.offer.rescind", { offerId, reason: "The order was cancelled." }, hanna);
  await house.settle();
  expect(await taskOf(ben)).toBeUndefined();
});
