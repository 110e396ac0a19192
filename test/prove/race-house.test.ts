// Races in the house: 32 at once for one desk, one device, one seat, the last days of leave, one licence, one decision, on two servers.
// Exactly as many win as there is to win; everybody else gets a worded no. HEARTWOOD_RACE_ROUNDS=300 presses longer.
import { afterAll, beforeAll, expect, test } from "vitest";
import { addDays, day } from "../../src/kernel/day.ts";
import { newId } from "../../src/kernel/id.ts";
import type { Actor } from "../../src/platform/operation/context.ts";
import { type JourneyCompany, openCompany } from "../journeys/company.ts";
import { Barrier, contenders, rounds } from "./barrier.ts";

const minutes = 10 * 60_000;
let company: JourneyCompany;
let barrier: Barrier;
let crowd: Actor[];

const count = async (statement: string, values: unknown[]): Promise<number> => {
  const { rows } = await company.house.owner.query<{ n: number }>(`select count(*)::int as n from ${statement}`, values);
  return rows[0]!.n;
};

const make = async (as: Actor, name: string, input: object): Promise<string> => String((await company.does(as, name, input))["id"]);

/** Employs somebody new in a seat of their own, as many as asked for. */
const employ = async (person: Actor, hire: object = {}): Promise<string> =>
  make(company.nadia, "people.employment.create", {
    personId: person.personId,
    positionId: await newSeat(),
    firstDay: "2026-01-01",
    noticeDays: 28,
    ...hire,
  });

let seats = 0;
const newSeat = async (): Promise<string> => {
  const { jobId, unitId } = await company.house.call("directory.position.get", { id: company.seatId }, company.helene);
  return make(company.helene, "directory.position.create", { code: `RACE-${++seats}`, jobId, unitId, from: "2026-01-01" });
};

beforeAll(async () => {
  company = await openCompany();
  barrier = new Barrier(company.house);
  crowd = [];
  for (let index = 0; index < contenders; index++) crowd.push(await company.house.person(`Crowd ${index}`));
});
afterAll(async () => {
  await company.house.settle();
  const said = (await company.house.call("platform.law.check", {}, company.helene)) as { laws: { name: string; breaks: string[] }[] };
  expect(said.laws.filter((law) => law.breaks.length > 0)).toEqual([]);
  await company.house.close();
}, minutes);

test("a desk for one seats one", { timeout: minutes }, async () => {
  for (let round = 0; round < rounds; round++) {
    const from = addDays(day("2026-11-02"), round);
    const { granted, refused } = await barrier.raceOf((index) => ({
      name: "facilities.desk.assign",
      input: { deskId: company.deskId, personId: crowd[index]!.personId, from },
      as: company.rosa,
    }));
    expect(granted).toHaveLength(1);
    expect(new Set(refused)).toEqual(new Set(["deskTaken"]));
    const { rows } = await company.house.owner.query<{ person_id: string }>(
      "select person_id from facilities.desk_assignment where upper_inf(during)",
    );
    expect(rows).toHaveLength(1);
    await company.does(company.rosa, "facilities.desk.release", { personId: rows[0]!.person_id, lastDay: from });
  }
});

test("a device is handed to one", { timeout: minutes }, async () => {
  for (let round = 0; round < rounds; round++) {
    const deviceId = await make(company.erik, "it.device.create", { kind: "laptop", name: "Laptop", serial: `R${round}` });
    const { granted } = await barrier.raceOf((index) => ({
      name: "it.device.handOver",
      input: { deviceId, personId: crowd[index]!.personId, on: "2026-11-02" },
      as: company.erik,
    }));
    expect(granted).toHaveLength(1);
  }
});

test("a licence gives the seats that were bought", { timeout: minutes }, async () => {
  for (let round = 0; round < rounds; round++) {
    const licenceId = await make(company.erik, "it.licence.create", { name: `Suite ${round}`, seats: 3 });
    const { granted, refused } = await barrier.raceOf((index) => ({
      name: "it.licence.assign",
      input: { licenceId, personId: crowd[index]!.personId, from: "2026-11-02" },
      as: company.erik,
    }));
    expect(granted).toHaveLength(3);
    expect(new Set(refused)).toEqual(new Set(["noSeatFree"]));
  }
});

test("a seat is filled by one offer", { timeout: minutes }, async () => {
  const { nadia, house } = company;
  // Each needs people who work nowhere yet: two offers a round, accepted sixteen times each.
  for (let round = 0; round < rounds; round++) {
    const positionId = await newSeat();
    const offers: string[] = [];
    for (const place of [0, 1]) {
      const wish = { name: `Hopeful ${round}-${place}`, email: `${newId()}@example.test` };
      const candidate = await house.call("people.candidate.create", wish, nadia);
      const personId = String(candidate["personId"] ?? candidate["id"]);
      const pay = { amount: "4000.00", currency: "EUR" };
      const offer = await house.call("people.offer.create", { personId, positionId, firstDay: "2027-01-01", pay }, nadia);
      await house.call("people.offer.send", { offerId: offer["id"] }, nadia);
      offers.push(String(offer["id"]));
    }
    const { granted } = await barrier.raceOf((index) => ({
      name: "people.offer.accept",
      input: { offerId: offers[index % 2] },
      as: nadia,
    }));
    expect(granted).toHaveLength(1);
    expect(await count("people.employment e join people.offer o on o.id = any($1::uuid[]) and e.person_id = o.person_id", [offers])).toBe(
      1,
    );
  }
});

test("the last days of leave are given once", { timeout: minutes }, async () => {
  const { nadia, house } = company;
  const leaveTypeId = await make(nadia, "people.leaveType.create", { code: "HOL", name: "Holiday", yearlyDays: "30" });
  for (let round = 0; round < rounds; round++) {
    const person = await house.person(`Tired ${round}`);
    const employmentId = await employ(person);
    await house.call("people.leaveBalance.adjust", { employmentId, leaveTypeId, days: "5", text: "Five days" }, nadia);
    // Thirty-two single days, Mondays to Thursdays, and five to give.
    const { granted, refused } = await barrier.raceOf((index) => {
      const on = addDays(day("2026-11-16"), Math.floor(index / 4) * 7 + (index % 4));
      return { name: "people.leaveRequest.create", input: { leaveTypeId, employmentId, firstDay: on, lastDay: on }, as: nadia };
    });
    const approved = await barrier.race(
      granted.flatMap((answer) =>
        [company.helene, company.helene].map((as) => ({
          name: "people.leaveRequest.approve",
          input: { leaveRequestId: answer["id"] },
          as,
        })),
      ),
    );
    expect(approved.granted.length).toBeLessThanOrEqual(5);
    expect(granted.length + refused.length).toBe(contenders);
    const { rows } = await house.owner.query<{ left: string }>(
      "select coalesce(sum(days), 0)::float8::text as left from people.leave_entry where employment_id = $1",
      [employmentId],
    );
    expect(Number(rows[0]!.left)).toBe(5 - approved.granted.length);
  }
});

test("a wish is decided once, whoever decides", { timeout: minutes }, async () => {
  const { house, erik, helene } = company;
  const supplierId = await make(helene, "directory.organisation.create", { name: "Supplier", roles: ["supplier"] });
  for (let round = 0; round < rounds; round++) {
    const wish = { title: "Chairs", kind: "supplies", supplierId, amount: { amount: "900.00", currency: "EUR" }, wantedBy: "2026-12-01" };
    const { id: requestId } = await house.call("purchasing.request.create", wish, erik);
    const { approvalId } = await house.call("purchasing.request.submit", { requestId }, erik);
    const { granted } = await barrier.raceOf((index) => ({
      name: "office.approval.decide",
      input: { approvalId, verdict: index % 2 === 0 ? "approve" : "decline", reason: "So be it." },
      as: helene,
    }));
    expect(granted).toHaveLength(1);
  }
});
