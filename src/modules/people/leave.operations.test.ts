// Leave and leaving, on a real database: the ledger, the decision of another, and the days of a departure.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import type { Actor, ReadContext } from "../../platform/operation/context.ts";
import { compose } from "../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../platform/testing/house.ts";
import { createLegalEntity, createPosition, createUnit, directory, holderOf, holdPosition } from "../directory/index.ts";
import { office } from "../office/index.ts";
import { buildCompany, type Company, nobody } from "./company.testing.ts";
import {
  adjustLeave,
  approveLeave,
  cancelLeave,
  closeLeaveYear,
  createEmployment,
  createLeaveRequest,
  createLeaveType,
  declineLeave,
  getLeaveCalendar,
  grantLeaveYear,
  hasLeft,
  leaveIsSettled,
  leavingFacts,
  people,
  recordResignation,
  withdrawResignation,
} from "./index.ts";

let house: TestHouse;
let company: Company;
let cem: Actor;
let cemWorks: Id;
let holiday: Id;
let sick: Id;
const code = (wanted: string) => expect.objectContaining({ code: wanted });
const ask = <T>(question: (context: ReadContext) => Promise<T>) =>
  house.funnel.read({ tenantId: house.tenantId, actor: company.hanna, today: house.today }, question);
const request = (input: Record<string, unknown>, as: Actor = cem) =>
  house.run(createLeaveRequest, { leaveTypeId: holiday, firstDay: "2026-12-21", lastDay: "2026-12-27", ...input }, as);
const balance = async (asOf: string, leaveTypeId = holiday) => {
  const filter = { personId: cem.personId!, leaveTypeId };
  const { rows } = (await house.call("people.leaveBalance.list", { filter, asOf }, company.hanna)) as { rows: { balance: string }[] };
  return rows[0]?.balance;
};

beforeAll(async () => {
  house = await openHouse({ registry: compose([directory, office, people]) });
  company = await buildCompany(house);
  cem = await house.person("Cem Colleague");
  const employ = { personId: cem.personId, positionId: company.seats.first, firstDay: "2026-07-01", noticeDays: 28 };
  cemWorks = (await house.run(createEmployment, employ, company.hanna)).id;
  const type = { code: "HOL", name: "Holiday", yearlyDays: "30", carryOverDays: "5" };
  holiday = (await house.run(createLeaveType, type, company.hanna)).id;
  sick = (await house.run(createLeaveType, { code: "SICK", name: "Sick leave", mayGoNegative: true }, company.hanna)).id;
  await expect(house.run(createLeaveType, type, company.hanna)).rejects.toEqual(code("codeTaken"));
});
beforeEach(() => {
  house.today = day("2026-11-21");
});
afterAll(() => house.close());

describe("leave", () => {
  test("a year is granted once, by the part of it employed", async () => {
    expect(await house.run(grantLeaveYear, { year: 2026 }, company.hanna)).toEqual({ granted: 3 });
    expect(await house.run(grantLeaveYear, { year: 2026 }, company.hanna)).toEqual({ granted: 0 });
    expect(await balance("2026-12-31")).toBe("15.5");
    expect(await balance("2026-06-30")).toBe("0");
    const adjust = { employmentId: cemWorks, leaveTypeId: holiday, days: "-3.5", text: "Brought over" };
    await house.run(adjustLeave, adjust, company.hanna);
    await expect(house.run(adjustLeave, { ...adjust, employmentId: nobody }, company.hanna)).rejects.toEqual(code("notFound"));
    await expect(house.run(adjustLeave, { ...adjust, leaveTypeId: nobody }, company.hanna)).rejects.toEqual(code("leaveTypeUnknown"));
    expect(await balance("2026-12-31")).toBe("12");
  });

  test("leave is asked for, lands with the line manager, and is never decided by oneself", async () => {
    const { id } = await request({});
    const tasks = (await house.call("office.task.list", { filter: { state: "open" } }, company.ben)) as { rows: { title: string }[] };
    expect(tasks.rows.map((task) => task.title)).toContain("Leave of Cem Colleague, 2026-12-21 to 2026-12-27");
    await expect(house.run(approveLeave, { leaveRequestId: id }, cem)).rejects.toEqual(code("ownRequest"));
    await expect(house.run(declineLeave, { leaveRequestId: id, reason: "x" }, cem)).rejects.toEqual(code("ownRequest"));
    const stranger = await house.person("Sam Stranger");
    await expect(house.run(approveLeave, { leaveRequestId: id }, stranger)).rejects.toMatchObject({ name: "NotPermitted" });
    await house.run(approveLeave, { leaveRequestId: id }, company.ben);
    await expect(house.run(approveLeave, { leaveRequestId: id }, company.ben)).rejects.toEqual(code("requestDecided"));
    await expect(house.run(declineLeave, { leaveRequestId: id, reason: "x" }, company.ben)).rejects.toEqual(code("requestDecided"));
    expect(await balance("2026-12-31")).toBe("7");
    expect(await balance("2026-12-20")).toBe("12");
    const { rows } = (await house.call("office.task.list", { filter: { state: "open" } }, company.ben)) as { rows: unknown[] };
    expect(rows).toEqual([]);
    // Ada stands above Ben and may decide too; a stranger sees that Cem is away, not why.
    const calendar = await house.run(getLeaveCalendar, { from: "2026-12-01", until: "2026-12-31", unitId: company.unitId }, stranger);
    expect(calendar.absences).toMatchObject([{ person: "Cem Colleague", leaveType: null, unit: "Everyone" }]);
    expect((await house.run(getLeaveCalendar, { from: "2026-12-01", until: "2026-12-31" }, company.ada)).absences[0]).toMatchObject({
      leaveType: "Holiday",
    });
    await expect(house.run(getLeaveCalendar, { from: "2026-12-01", until: "2026-11-01" }, cem)).rejects.toEqual(code("spanTooLong"));
    expect(await house.call("people.leaveRequest.list", { count: true }, stranger)).toMatchObject({ count: 0 });
  });

  test("what cannot be asked for is said at once", async () => {
    await expect(request({ firstDay: "2026-12-24", lastDay: "2026-12-29" })).rejects.toEqual(code("leaveOverlaps"));
    await expect(request({ firstDay: "2026-12-12", lastDay: "2026-12-13" })).rejects.toEqual(code("nothingWorked"));
    await expect(request({ firstDay: "2026-12-12", lastDay: "2026-12-11" })).rejects.toEqual(code("daysReversed"));
    await expect(request({ firstDay: "2026-12-10", lastDay: "2026-12-11", halfDay: true })).rejects.toEqual(code("halfOfSeveral"));
    await expect(request({ firstDay: "2026-12-01", lastDay: "2026-12-18" })).rejects.toMatchObject({ code: "balanceShort" });
    await expect(request({ leaveTypeId: nobody, firstDay: "2026-12-01" })).rejects.toEqual(code("leaveTypeUnknown"));
    await expect(request({ employmentId: nobody }, company.hanna)).rejects.toEqual(code("notFound"));
    await expect(request({}, company.hanna)).rejects.toEqual(code("notEmployedNow"));
    const before = { employmentId: cemWorks, firstDay: "2026-06-25", lastDay: "2026-07-03" };
    await expect(request(before)).rejects.toEqual(code("notEmployed"));
    for (const operation of [approveLeave, declineLeave, cancelLeave]) {
      const input = { leaveRequestId: nobody, ...(operation === declineLeave && { reason: "x" }) };
      await expect(house.run(operation, input, company.hanna)).rejects.toEqual(code("notFound"));
    }
  });

  test("what is asked for but not decided counts, and a shrunk balance stops the approval", async () => {
    const { id } = await request({ firstDay: "2026-12-07", lastDay: "2026-12-11" });
    await expect(request({ firstDay: "2026-12-14", lastDay: "2026-12-16" })).rejects.toEqual(code("balanceShort"));
    const adjust = { employmentId: cemWorks, leaveTypeId: holiday, text: "Mistake" };
    await house.run(adjustLeave, { ...adjust, days: "-4" }, company.hanna);
    await expect(house.run(approveLeave, { leaveRequestId: id }, company.ben)).rejects.toEqual(code("balanceShort"));
    await house.run(adjustLeave, { ...adjust, days: "4" }, company.hanna);
    await house.run(declineLeave, { leaveRequestId: id, reason: "Year end" }, company.ben);
    await expect(house.run(cancelLeave, { leaveRequestId: id }, cem)).rejects.toEqual(code("requestClosed"));
    const half = await request({ firstDay: "2026-12-07", lastDay: "2026-12-07", halfDay: true });
    expect(half.days).toBe("0.5");
    await house.run(approveLeave, { leaveRequestId: half.id }, company.hanna);
    expect(await balance("2026-12-31")).toBe("6.5");
    await house.run(cancelLeave, { leaveRequestId: half.id }, cem);
    expect(await balance("2026-12-31")).toBe("7");
    const ill = await request({ leaveTypeId: sick, firstDay: "2026-11-18", lastDay: "2026-11-20" });
    await house.run(approveLeave, { leaveRequestId: ill.id }, company.ben);
    await expect(house.run(cancelLeave, { leaveRequestId: ill.id }, cem)).rejects.toEqual(code("leaveBegun"));
    expect(await balance("2026-12-31", sick)).toBe("-3");
  });

  test("days beyond what is carried over lapse when the year is over", async () => {
    await expect(house.run(closeLeaveYear, { year: 2026 }, company.hanna)).rejects.toEqual(code("yearNotOver"));
    house.today = day("2027-01-02");
    expect(await house.run(closeLeaveYear, { year: 2026 }, company.hanna)).toEqual({ lapsed: 3 });
    expect(await house.run(closeLeaveYear, { year: 2026 }, company.hanna)).toEqual({ lapsed: 0 });
    expect(await balance("2027-01-02")).toBe("5");
  });
});

describe("leaving", () => {
  const record = (input: Record<string, unknown> = {}, as: Actor = company.hanna) =>
    house.run(recordResignation, { employmentId: cemWorks, receivedOn: "2027-03-01", ...input }, as);

  test("a departure has five days, ends seat and pay, and cuts leave to come", async () => {
    house.today = day("2027-03-01");
    await house.run(grantLeaveYear, { year: 2027 }, company.hanna);
    expect(await balance("2027-12-31")).toBe("35");
    const late = await request({ firstDay: "2027-04-05", lastDay: "2027-04-09" });
    await house.run(approveLeave, { leaveRequestId: late.id }, company.ben);
    const across = await request({ firstDay: "2027-03-25", lastDay: "2027-03-31" });
    await house.run(approveLeave, { leaveRequestId: across.id }, company.ben);
    await expect(record({ kind: "dismissal" }, cem)).rejects.toEqual(code("onlyResignation"));
    await expect(record({ receivedOn: "2027-03-02" })).rejects.toEqual(code("receivedLater"));
    await expect(record({ receivedOn: "2026-06-01", lastDay: "2026-06-30" })).rejects.toEqual(code("endBeforeStart"));
    await expect(record({ lastDay: "2027-02-28" })).rejects.toEqual(code("endBeforeNotice"));
    await expect(record({ lastWorkingDay: "2027-04-30" })).rejects.toEqual(code("workAfterEnd"));
    await expect(record({ employmentId: nobody })).rejects.toEqual(code("notFound"));
    await expect(record({ employmentId: company.employments.ben }, cem)).rejects.toMatchObject({ name: "NotPermitted" });
    const made = await record({ lastWorkingDay: "2027-03-19" }, cem);
    expect(made).toMatchObject({
      lastWorkingDay: "2027-03-19",
      lastDay: "2027-03-29",
      accessCutOff: "2027-03-19",
      finalPayDay: "2027-03-31",
    });
    expect(await ask((context) => leavingFacts(context, cemWorks))).toMatchObject({ lastDay: "2027-03-29" });
    await expect(record()).rejects.toEqual(code("alreadyEnding"));
    expect(await house.call("people.employment.get", { id: cemWorks }, company.hanna)).toMatchObject({
      state: "notice",
      lastDay: "2027-03-29",
    });
    expect(await ask((context) => holderOf(context, company.seats.first, day("2027-03-29")))).toBe(cem.personId);
    expect(await ask((context) => holderOf(context, company.seats.first, day("2027-03-30")))).toBeUndefined();
    expect(await house.call("people.leaveRequest.get", { id: late.id }, company.hanna)).toMatchObject({ state: "cancelled" });
    expect(await house.call("people.leaveRequest.get", { id: across.id }, company.hanna)).toMatchObject({
      lastDay: "2027-03-29",
      days: "3",
    });
    // 5 carried over, 7.5 of 30 for 88 of 365 days, less 3 taken.
    expect(await balance("2027-03-29")).toBe("9.5");
    expect(await ask((context) => leaveIsSettled(context, cemWorks))).toBe(false);
    const leaver = await house.call("people.leaver.get", { id: cemWorks }, company.hanna);
    expect(leaver).toMatchObject({ state: "on notice", daysLeft: 28, stillSeated: false, leads: 0 });
    expect(await ask((context) => hasLeft(context, cemWorks))).toBe(false);
  });

  test("a departure is withdrawn while there is time, unless the seat was promised", async () => {
    house.today = day("2027-03-05");
    const { rows } = (await house.call("people.resignation.list", {}, company.hanna)) as { rows: { id: Id }[] };
    const withdraw = (resignationId = rows[0]!.id) => house.run(withdrawResignation, { resignationId, reason: "Stays" }, company.hanna);
    await expect(withdraw(nobody)).rejects.toEqual(code("notFound"));
    await withdraw();
    await expect(withdraw()).rejects.toEqual(code("alreadyWithdrawn"));
    expect(await house.call("people.employment.get", { id: cemWorks }, company.hanna)).toMatchObject({ state: "active", lastDay: null });
    expect(await balance("2027-12-31")).toBe("32");
    const { id } = await record({ noticeDays: 10 });
    const keeper = await house.person("Kim Keeper");
    const next = await house.person("Nia Next");
    await house.run(holdPosition, { positionId: company.seats.first, personId: next.personId, from: "2027-04-01" }, keeper);
    await expect(withdraw(id)).rejects.toEqual(code("seatTaken"));
    house.today = day("2027-03-12");
    await expect(withdraw(id)).rejects.toEqual(code("alreadyLeft"));
    expect(await ask((context) => hasLeft(context, cemWorks))).toBe(true);
    expect(await house.call("people.leaver.get", { id: cemWorks }, company.hanna)).toMatchObject({ state: "left", daysLeft: -1 });
  });

  test("a limited term ends by itself, and its end cannot be put later by a notice", async () => {
    house.today = day("2027-03-12");
    const temp = await house.person("Tia Temp");
    const employ = { personId: temp.personId, positionId: company.seats.second, firstDay: "2027-01-01", lastDay: "2027-03-31" };
    const { id } = await house.run(createEmployment, employ, company.hanna);
    const end = { employmentId: id, kind: "end of term" };
    await expect(record({ ...end, lastDay: "2027-04-30" })).rejects.toEqual(code("endAfterTerm"));
    await record({ ...end, lastDay: "2027-03-31" });
    expect(await house.call("people.leaver.get", { id }, company.hanna)).toMatchObject({ state: "on notice" });
  });

  test("with several legal entities one has to be named, unless the unit says it", async () => {
    const keeper = await house.person("Kim Keeper");
    const { id: entityId } = await house.run(
      createLegalEntity,
      { code: "FR1", name: "Exemple SAS", country: "FR", currency: "EUR" },
      keeper,
    );
    const { id: unitId } = await house.run(createUnit, { code: "FREE", name: "Between" }, keeper);
    const { id: positionId } = await house.run(createPosition, { code: "FREE", jobId: company.jobId, unitId, from: "2026-11-21" }, keeper);
    const uma = await house.person("Uma Unclear");
    const employ = { personId: uma.personId, positionId, firstDay: "2027-05-01" };
    await expect(house.run(createEmployment, employ, company.hanna)).rejects.toEqual(code("entityUnclear"));
    const { id } = await house.run(createEmployment, { ...employ, entityId }, company.hanna);
    expect(await house.call("people.employment.get", { id }, company.hanna)).toMatchObject({ entity: "Exemple SAS" });
  });
});

test("every law of People holds, figures count, registers read for everyone, another company sees nothing", async () => {
  house.today = day("2027-03-26");
  for (const law of people.laws ?? []) expect([law.name, await ask(law.breaks)]).toEqual([law.name, []]);
  const figures: unknown[] = [];
  for (const figure of people.figures ?? []) figures.push(await ask((context) => figure.value(context, context.today)));
  // The last two: Cem's departure within 60 days, and Hanna, who asks, has no employment of her own.
  expect(figures).toEqual([3, 0, 0, 0, 0, 1, "–"]);
  const otherTenant = await house.otherCompany();
  const reader = await house.person("Hanna People");
  for (const register of people.registers) {
    await house.call(`${register.name}.list`, { count: true }, reader);
    expect(await house.funnel.run(`${register.name}.list`, { count: true }, { tenantId: otherTenant, actor: reader })).toMatchObject({
      count: 0,
    });
  }
});

test("the night grants what is due", async () => {
  await house.funnel.work(house.tenantId, (context) => people.schedules![0]!.does(context), day("2028-01-01"));
  const filter = { personId: company.ben.personId!, leaveTypeId: holiday };
  const { rows } = (await house.call("people.leaveEntry.list", { filter }, company.ben)) as { rows: { day: string }[] };
  expect(rows[0]).toMatchObject({ day: "2028-01-01", kind: "grant", days: "30.00" });
});
