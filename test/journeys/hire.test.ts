// A hire and a departure, as the people concerned live them: each step is done by its owner, and the house follows the facts.
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../src/kernel/day.ts";
import type { Actor } from "../../src/platform/operation/context.ts";
import { type JourneyCompany, openCompany } from "./company.ts";

let company: JourneyCompany;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.house.close());

const firstDay = "2026-12-01";
const pay = { amount: "4800.00", currency: "EUR" };

async function offered(name: string, on = firstDay): Promise<{ offerId: string; personId: string }> {
  const { does, nadia, seatId } = company;
  const email = `${name.toLowerCase().replace(" ", ".")}@example.test`;
  const candidate = await does(nadia, "people.candidate.create", { name, email });
  const personId = String(candidate["personId"] ?? candidate["id"]);
  const offer = await does(nadia, "people.offer.create", { personId, positionId: seatId, firstDay: on, pay });
  await does(nadia, "people.offer.send", { offerId: offer["id"] });
  return { offerId: String(offer["id"]), personId };
}

test("Mara is hired: every owner does their step, and the hire is complete by facts", async () => {
  const { does, steps, house, nadia, erik, rosa, laptopIds, deskId, policyId } = company;
  const { offerId, personId } = await offered("Mara Lindqvist");

  const accepted = await does(nadia, "people.offer.accept", { offerId });
  // The contract went out by itself and waits for the signature; nothing else may begin before it.
  expect(await steps("hire")).toMatchObject({ contract: "open", laptop: "waiting", desk: "waiting" });
  const seat = await house.call("directory.holding.list", { filter: { personId } }, nadia);
  expect(seat["rows"]).toMatchObject([{ personId }]);

  await does(nadia, "people.contract.sign", { contractId: accepted["contractId"] });
  expect(await steps("hire")).toMatchObject({
    contract: "done",
    laptop: "open",
    accounts: "open",
    desk: "open",
    signIn: "done",
    policies: "open",
  });
  const reserved = await house.call("it.device.get", { id: laptopIds[0] }, erik);
  expect(reserved).toMatchObject({ state: "reserved", reservedForId: personId });

  await does(rosa, "facilities.desk.assign", { deskId, personId, from: firstDay });
  await does(erik, "it.account.openNeeded", { personId });
  expect(await steps("hire")).toMatchObject({ desk: "done", accounts: "done" });

  // IT hands over another laptop than the one reserved: the step follows the fact that nothing reserved is left waiting.
  house.today = day(firstDay);
  await does(erik, "it.device.handOver", { deviceId: laptopIds[0], personId, on: firstDay });
  expect(await steps("hire")).toMatchObject({ laptop: "done" });

  const mara = await memberActor(personId, "Mara Lindqvist");
  await does(mara, "governance.policy.attest", { policyId });
  const done = await steps("hire");
  expect(Object.entries(done).filter(([key, state]) => key !== "payroll" && state !== "done" && state !== "skipped")).toEqual([]);
});

async function memberActor(personId: string, name: string): Promise<Actor> {
  const members = await company.house.call("identity.member.list", { filter: { personId } }, company.helene);
  const userId = (members["rows"] as { id: Actor["userId"] }[])[0]!.id;
  return { kind: "person", userId, personId: personId as Actor["personId"], name, grants: [] };
}

test("Mara resigns: what she holds comes back, nothing is asked that was never given", async () => {
  const { does, steps, house, nadia, erik, rosa, laptopIds, helene } = company;
  house.today = day("2026-12-15");
  const employments = await house.call("people.employment.list", { search: "Mara" }, nadia);
  const employment = (employments["rows"] as { id: string; personId: string }[])[0]!;
  const { personId } = employment;
  const left = await does(nadia, "people.resignation.record", {
    employmentId: employment.id,
    receivedOn: "2026-12-15",
    lastDay: "2026-12-31",
  });
  expect(left).toMatchObject({ lastDay: "2026-12-31" });
  expect(await steps("leave")).toMatchObject({ devices: "open", accounts: "open", desk: "open", equipment: "done" });

  house.today = day("2026-12-31");
  await does(erik, "it.device.takeBack", { deviceId: laptopIds[0], on: "2026-12-31", condition: "good" });
  await does(erik, "it.account.closeAll", { personId });
  await does(rosa, "facilities.desk.release", { personId, lastDay: String(left["lastWorkingDay"]) });
  // Her access ends today: the house itself shut her out.
  expect(await steps("leave")).toMatchObject({ devices: "done", accounts: "done", desk: "done", signIn: "done" });

  const laws = (await house.call("platform.law.check", {}, helene)) as { laws: { name: string; breaks: string[] }[] };
  expect(laws.laws.filter((law) => law.breaks.length > 0)).toEqual([]);
});

test("a moved first day moves the open steps; a rescinded offer unwinds what was begun", async () => {
  const { does, steps, house, nadia, erik, laptopIds } = company;
  house.today = day("2027-01-04");
  const { offerId, personId } = await offered("Noor Haddad", "2027-03-01");
  const accepted = await does(nadia, "people.offer.accept", { offerId });
  await does(nadia, "people.contract.sign", { contractId: accepted["contractId"] });

  const due = async (): Promise<Record<string, string>> => {
    const runs = await house.call("process.run.list", { search: "Noor", limit: 1 }, company.helene);
    const line = await house.call("process.run.timeline", { runId: (runs["rows"] as { id: string }[])[0]!.id }, company.helene);
    return Object.fromEntries((line["steps"] as { key: string; due: string }[]).map((step) => [step.key, step.due]));
  };
  expect(await due()).toMatchObject({ laptop: "2027-03-01", desk: "2027-02-27" });
  await does(nadia, "people.offer.changeFirstDay", { offerId, firstDay: "2027-03-15" });
  expect(await due()).toMatchObject({ laptop: "2027-03-15", desk: "2027-03-13" });

  await does(nadia, "people.offer.rescind", { offerId, reason: "The order was cancelled." });
  const states = Object.values(await steps("hire"));
  expect(states).not.toContain("open");
  expect(await house.call("it.device.get", { id: laptopIds[0] }, erik)).toMatchObject({ state: "inStock", reservedForId: null });
  const holding = await house.call("directory.holding.list", { filter: { personId }, asOf: "2027-03-20" }, nadia);
  expect((holding["rows"] as { state?: string }[]).filter((row) => row.state !== "ended" && row.state !== "cancelled")).toEqual([]);
});
