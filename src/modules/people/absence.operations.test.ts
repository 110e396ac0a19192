// Leave and work: while a line manager is away their stand-in decides, and nobody stands in for their own wish.
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import type { Actor } from "../../platform/operation/context.ts";
import { compose } from "../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../platform/testing/house.ts";
import { directory } from "../directory/index.ts";
import { nameUsualStandIn, office } from "../office/index.ts";
import { buildCompany, type Company } from "./company.testing.ts";
import { approveLeave, cancelLeave, createEmployment, createLeaveRequest, createLeaveType, people } from "./index.ts";

let house: TestHouse;
let company: Company;
let cem: Actor;
let dora: Actor;
let away: Id;

beforeAll(async () => {
  house = await openHouse({ registry: compose([directory, office, people]) });
  company = await buildCompany(house);
  [cem, dora] = [await house.person("Cem Colleague"), await house.person("Dora Deputy")];
  const employ = { personId: cem.personId, positionId: company.seats.first, firstDay: "2026-07-01" };
  await house.run(createEmployment, employ, company.hanna);
  away = (await house.run(createLeaveType, { code: "AWAY", name: "Away", mayGoNegative: true }, company.hanna)).id;
  await house.run(nameUsualStandIn, { standInId: dora.personId }, company.ben);
});
afterAll(() => house.close());

const leave = async (as: Actor, firstDay: string, lastDay: string, more: object = {}): Promise<Id> =>
  (await house.run(createLeaveRequest, { leaveTypeId: away, firstDay, lastDay, ...more }, as)).id;
const standing = async (state: string): Promise<unknown> =>
  (await house.call("office.delegation.list", { filter: { state } }, company.ben))["rows"];
const taskOf = async (aboutId: Id): Promise<unknown> => {
  const owner = await house.person("Olga Owner", "owner");
  return ((await house.call("office.task.list", { filter: { aboutId } }, owner))["rows"] as unknown[])[0];
};

test("approved leave becomes a delegation; the stand-in decides on the leave of the team, and the work goes back", async () => {
  const waiting = await leave(cem, "2026-12-28", "2026-12-30");
  expect(await taskOf(waiting)).toMatchObject({ person: "Ben Head" });
  await expect(house.run(approveLeave, { leaveRequestId: waiting }, dora)).rejects.toMatchObject({ name: "NotPermitted" });

  const absence = await leave(company.ben, "2026-11-21", "2026-12-04");
  await house.run(approveLeave, { leaveRequestId: absence }, company.ada);
  expect(await standing("active")).toMatchObject([
    { label: "Dora Deputy for Ben Head", fromDay: "2026-11-21", untilDay: "2026-12-04", source: "absence" },
  ]);
  expect(await taskOf(waiting)).toMatchObject({ person: "Dora Deputy", principal: "Ben Head" });
  await house.run(approveLeave, { leaveRequestId: waiting }, dora);
  expect(await taskOf(waiting)).toMatchObject({ state: "done", closedBy: "Dora Deputy", closedFor: "Ben Head" });

  const next = await leave(cem, "2027-01-04", "2027-01-05");
  expect(await taskOf(next)).toMatchObject({ person: "Dora Deputy" });
  await house.run(cancelLeave, { leaveRequestId: absence }, company.hanna);
  expect(await standing("active")).toEqual([]);
  expect(await taskOf(next)).toMatchObject({ person: "Ben Head", principal: null });
  await expect(house.run(approveLeave, { leaveRequestId: next }, dora)).rejects.toMatchObject({ name: "NotPermitted" });
});

test("whoever stands in for their own line manager does not decide on their own leave", async () => {
  await house.run(nameUsualStandIn, { standInId: cem.personId }, company.ben);
  house.today = day("2026-12-07");
  const absence = await leave(company.ben, "2026-12-07", "2026-12-11");
  await house.run(approveLeave, { leaveRequestId: absence }, company.ada);
  expect(await standing("active")).toMatchObject([{ label: "Cem Colleague for Ben Head" }]);
  const own = await leave(cem, "2027-02-01", "2027-02-02");
  expect(await taskOf(own)).toMatchObject({ person: "Ben Head", principal: null });
  await expect(house.run(approveLeave, { leaveRequestId: own }, cem)).rejects.toMatchObject({ code: "ownRequest" });
});

test("half a day away leaves the work where it is", async () => {
  const half = await leave(company.ben, "2026-12-14", "2026-12-14", { halfDay: true });
  await house.run(approveLeave, { leaveRequestId: half }, company.ada);
  expect(await standing("future")).toEqual([]);
});
