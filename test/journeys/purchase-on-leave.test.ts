// A purchase while the one who decides is on leave: the stand-in decides within the limit, above it the line does, and both names stand.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "../../src/platform/operation/context.ts";
import { openHouse, type TestHouse } from "../../src/platform/testing/house.ts";
import { buildCompany, type Company } from "../../src/modules/people/company.testing.ts";

let house: TestHouse;
let company: Company;
let helene: Actor;
let cem: Actor;
let dora: Actor;
let supplierId: unknown;

beforeAll(async () => {
  house = await openHouse({ today: "2026-11-02" });
  helene = await house.person("Helene Founder", "owner");
  company = await buildCompany(house);
  [cem, dora] = [await house.person("Cem Colleague"), await house.person("Dora Deputy")];
  supplierId = (await does(helene, "directory.organisation.create", { name: "Handwerk Nord GmbH" }))["id"];
  await does(helene, "directory.party.addRole", { partyId: supplierId, role: "supplier", from: "2026-01-01" });
  const { ada, ben, hanna, seats } = company;
  await does(hanna, "people.employment.create", { personId: cem.personId, positionId: seats.first, firstDay: "2026-01-01" });
  const away = await does(hanna, "people.leaveType.create", { code: "AWAY", name: "Away", mayGoNegative: true });
  const from = "2026-01-01";
  await does(helene, "office.responsibility.assign", {
    activity: "purchasing.approval",
    part: "accountable",
    positionId: seats.head,
    from,
  });
  const limit = (positionId: string, amount: string) =>
    does(helene, "office.approvalLimit.set", { activity: "purchasing.approval", positionId, amount: { amount, currency: "EUR" }, from });
  await limit(seats.head, "5000.00");
  await limit(seats.lead, "50000.00");
  await does(ben, "office.usualStandIn.name", { standInId: dora.personId });
  const asked = await does(ben, "people.leaveRequest.create", { leaveTypeId: away["id"], firstDay: "2026-11-02", lastDay: "2026-11-13" });
  await does(ada, "people.leaveRequest.approve", { leaveRequestId: asked["id"] });
});
afterAll(() => house.close());

async function does(as: Actor, name: string, input: object): Promise<Record<string, unknown>> {
  const output = await house.call(name, input, as);
  await house.settle();
  return output;
}

async function wished(title: string, amount: string): Promise<{ requestId: string; approvalId: string }> {
  const wish = { title, kind: "service", supplierId, amount: { amount, currency: "EUR" }, wantedBy: "2026-11-30" };
  const requestId = String((await does(cem, "purchasing.request.create", wish))["id"]);
  const { approvalId } = await does(cem, "purchasing.request.submit", { requestId });
  return { requestId, approvalId: String(approvalId) };
}

const taskFor = async (title: string) => {
  const { rows } = await house.call("office.task.list", { search: title, filter: { kind: "approval" } }, helene);
  return (rows as Record<string, unknown>[])[0];
};

test("within the limit of whoever is away their stand-in decides, for them", async () => {
  const { requestId, approvalId } = await wished("Cleaning of the windows", "3000.00");
  expect(await taskFor("Cleaning of the windows")).toMatchObject({ person: "Dora Deputy", principal: "Ben Head" });
  // Neither whoever wished nor anybody else decides.
  for (const other of [cem, company.hanna]) {
    await expect(house.call("office.approval.decide", { approvalId, verdict: "approve" }, other)).rejects.toThrow();
  }
  await does(dora, "office.approval.decide", { approvalId, verdict: "approve" });
  expect(await house.call("purchasing.request.get", { id: requestId }, cem)).toMatchObject({ state: "approved" });
  const chain = await house.call("office.approval.chain", { approvalId }, helene);
  expect(chain["steps"]).toMatchObject([{ seats: [{ vote: { by: "Dora Deputy", for: "Ben Head", verdict: "approve" } }] }]);
});

test("above it the line decides, and the stand-in may not", async () => {
  const { requestId, approvalId } = await wished("New roof of the shed", "8000.00");
  expect(await taskFor("New roof of the shed")).toMatchObject({ person: "Ada Lead" });
  await expect(house.call("office.approval.decide", { approvalId, verdict: "approve" }, dora)).rejects.toThrow();
  await does(company.ada, "office.approval.decide", { approvalId, verdict: "approve" });
  expect(await house.call("purchasing.request.get", { id: requestId }, cem)).toMatchObject({ state: "approved" });
});
