// What waits for a decision too long, in worked days of whoever is asked; and whom a policy would ask, before it is one.
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../../kernel/day.ts";
import { type Id, newId } from "../../../kernel/id.ts";
import type { WaitsForApproval } from "../../../platform/funnel/gate.ts";
import type { Actor } from "../../../platform/operation/context.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";
import { makeLine } from "../office.testing.ts";
import { chaseLateTasks } from "../task/chase.ts";
import { careForApprovals } from "./care.ts";

let house: TestHouse;
let olga: Actor;
let cleo: Actor;
let mo: Actor;
let fin: Actor;

beforeAll(async () => {
  // A Monday.
  house = await openHouse({ today: "2026-03-02" });
  olga = await house.person("Olga Owner", "owner");
  cleo = await house.person("Cleo Chief");
  mo = await house.person("Mo Manager", "office.manager");
  fin = await house.person("Fin One", "finance.manager");
  const line = await makeLine(house, olga);
  const chief = await line.seat("CHIEF", cleo, await line.seat("TOP", olga));
  await line.seat("MO", mo, chief);
  await line.seat("FIN", fin, chief);
});
afterAll(() => house.close());

const role = { kind: "role", role: "finance.manager" };
const step = (approvers: object[], more: object = {}) => ({ approvers, ...more });
const look = (on: string) => house.funnel.work(house.tenantId, careForApprovals, day(on));

/** A policy of these days for a wish that waits under it, on a day. */
async function waiting(on: string, more: object): Promise<Id> {
  const name = `From ${on}`;
  const steps = [step([{ kind: "person", personId: fin.personId }], more)];
  const operation = "office.approvalLimit.set";
  const { id: approvalPolicyId } = await house.call(
    "office.approvalPolicy.create",
    { name, operation, steps, conditions: [], from: on },
    olga,
  );
  house.today = day(on);
  const from = on.replace("-03-", "-05-");
  const wish = { activity: "office.supplies", personId: cleo.personId, amount: { amount: "5000.00", currency: "EUR" }, from };
  const answer: unknown = await house.call(operation, wish, mo).catch((error: unknown) => error);
  await house.owner.query("update office.approval_policy set during = '[2020-01-01,2020-01-02)' where id = $1", [approvalPolicyId]);
  await house.owner.query("update platform.gate set stamp = gen_random_uuid()");
  return (answer as WaitsForApproval).facts.record!.id;
}

test("a reminder and a step up the line, each once, whoever looks; the chase of late tasks says it no second time", async () => {
  const id = await waiting("2026-03-02", { remindDays: 2, escalateDays: 4 });
  const decide = (as: Actor) => house.call("office.approval.decide", { approvalId: id, verdict: "approve" }, as);
  expect(await look("2026-03-03")).toEqual({ reminded: 0, escalated: 0 });
  const two = await Promise.all([look("2026-03-04"), look("2026-03-04")]);
  expect(two.map((one) => one.reminded).toSorted()).toEqual([0, 1]);
  await expect(decide(cleo)).rejects.toMatchObject({ code: "notFound" });
  expect(await look("2026-03-06")).toEqual({ reminded: 0, escalated: 1 });
  expect(await look("2026-03-07")).toEqual({ reminded: 0, escalated: 0 });
  await house.funnel.work(house.tenantId, chaseLateTasks, day("2026-03-09"));
  const told = await house.owner.query(
    "select title from platform.notification where person_id = $1 and (title like 'Still to decide%' or title like 'Late:%')",
    [fin.personId],
  );
  expect(told.rows).toHaveLength(1);
  expect(await decide(cleo)).toMatchObject({ state: "approved" });
});

test("days are those that whoever is asked works: over a weekend nobody is reminded, nor on a holiday of theirs", async () => {
  const keeper = await house.person("Kim Calendar", "directory.manager");
  const calendar = { code: "WORKS", name: "Works", weekdays: [1, 2, 3, 4] };
  const { id: calendarId } = await house.call("directory.calendar.create", calendar, keeper);
  const holidays = [{ day: "2026-03-10", name: "Founding day" }];
  await house.call("directory.calendar.addHolidays", { calendarId, holidays }, keeper);
  await house.call("directory.calendar.assign", { calendarId }, keeper);
  await waiting("2026-03-05", { remindDays: 2, escalateDays: 3 });
  // From Thursday on: Monday is the first worked day, Tuesday a holiday, Wednesday the second, Thursday the third.
  expect(await look("2026-03-10")).toEqual({ reminded: 0, escalated: 0 });
  expect(await look("2026-03-11")).toEqual({ reminded: 1, escalated: 0 });
  expect(await look("2026-03-12")).toEqual({ reminded: 0, escalated: 1 });
});

test("a policy says whom it would ask for whose wish, and when there are too few", async () => {
  const who = async (steps: object[], more: object = {}, as = olga) =>
    (await house.call("office.approvalPolicy.who", { steps, personId: mo.personId, ...more }, as))["steps"] as {
      enough: boolean;
      people: { person: string; via: string; standIn: string | null }[];
    }[];
  const found = await who([step([{ kind: "lineManager" }]), step([role], { quorum: 1 })], { amount: { amount: "9.00", currency: "EUR" } });
  expect(found.map((one) => one.people.map((two) => two.person))).toEqual([["Cleo Chief"], ["Fin One"]]);
  // Whoever agrees at one step is not asked again at the next, and nobody agrees with themselves; then an owner is left, then nobody.
  const thrice = await who([step([role]), step([role]), step([role])]);
  expect(thrice.map((one) => [one.enough, one.people.map((two) => two.person)])).toEqual([
    [true, ["Fin One"]],
    [true, ["Olga Owner"]],
    [false, []],
  ]);
  expect((await who([step([role])], { personId: fin.personId }))[0]!.people.map((one) => one.person)).toEqual(["Olga Owner"]);
  await expect(who([step([role])], { personId: newId() })).rejects.toMatchObject({ code: "personUnknown" });
  await expect(who([step([role])], {}, fin)).rejects.toMatchObject({ name: "NotPermitted" });
});
