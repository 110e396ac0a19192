// Work in the field, meters, labels, safety and reliability, on a real database.
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../kernel/day.ts";
import { type Id, newId } from "../../kernel/id.ts";
import type { Actor } from "../../platform/operation/context.ts";
import { compose } from "../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../platform/testing/house.ts";
import { assets } from "../assets/index.ts";
import { addHolidays, createCalendar, createOrganisation, createPlace, directory } from "../directory/index.ts";
import { office, sweepSchedules } from "../office/index.ts";
import { addChecklist, answerItem } from "./checklist.operations.ts";
import { recordLabour, recordPart } from "./effort.operations.ts";
import { createEquipment } from "./equipment.operations.ts";
import { facilities } from "./index.ts";
import { getReportLabel, printReportLabel } from "./label.operations.ts";
import { createMaintenancePlan } from "./maintenance.operations.ts";
import { addMeter, readMeter } from "./meter.operations.ts";
import { reportReliability } from "./reliability.operations.ts";
import { putEquipmentBack, rateEquipment, takeEquipmentOut } from "./out-of-use.operations.ts";
import { callContractor, checkWorkOrder, holdWorkOrder, recordCost, resumeWorkOrder } from "./work-order-care.operations.ts";
import {
  assignWorkOrder,
  cancelWorkOrder,
  closeWorkOrder,
  completeWorkOrder,
  reportFault,
  startWorkOrder,
} from "./work-order.operations.ts";

let house: TestHouse;
let owner: Actor;
let keeper: Actor;
let tom: Actor;
let mara: Actor;
let site: Id;
let contractor: Id;
const today = "2026-11-20";
const euro = (amount: string) => ({ amount, currency: "EUR" });

beforeAll(async () => {
  house = await openHouse({ registry: compose([directory, office, assets, facilities]), today });
  owner = await house.person("Olga Owner", "owner");
  keeper = await house.person("Fay Keeper", "facilities.manager", "directory.manager");
  tom = await house.person("Tom Technician");
  mara = await house.person("Mara");
  site = (await house.run(createPlace, { kind: "site", code: "BER", name: "Berlin" }, owner)).id;
  contractor = (await house.run(createOrganisation, { name: "Aufzug Nord GmbH" }, owner)).id;
});
afterAll(() => house.close());

const refused = (code: string, says?: string) => ({ code, ...(says && { message: expect.stringContaining(says) as string }) });
const thing = async (name: string): Promise<Id> =>
  (await house.run(createEquipment, { kind: "equipment", name, placeId: site }, keeper)).id;
const order = (id: Id, as = keeper) => house.call("facilities.workOrder.get", { id }, as);
const rows = async (register: string, filter: object, as = keeper) =>
  (await house.call(`${register}.list`, { filter }, as))["rows"] as Record<string, unknown>[];
async function given(more: object = {}, to = tom): Promise<Id> {
  const { id } = await house.run(reportFault, { placeId: site, text: "Door sticks.", ...more }, mara);
  await house.run(assignWorkOrder, { workOrderId: id, personId: to.personId }, keeper);
  return id;
}
const at = (on: string) => {
  house.today = day(on);
};

test("work waits for material and goes on; what has begun is not cancelled", async () => {
  const workOrderId = await given();
  await house.run(holdWorkOrder, { workOrderId, reason: "material", note: "The hinge comes on Monday." }, tom);
  expect(await order(workOrderId, mara)).toMatchObject({ state: "onHold", holdReason: "material" });
  const early = house.run(completeWorkOrder, { workOrderId, note: "x" }, tom);
  await expect(early).rejects.toMatchObject(refused("wrongState", "on hold. It waits. Resume it first."));
  await expect(house.run(holdWorkOrder, { workOrderId, reason: "access" }, tom)).rejects.toMatchObject(refused("wrongState"));
  await house.run(resumeWorkOrder, { workOrderId }, tom);
  await expect(house.run(resumeWorkOrder, { workOrderId }, tom)).rejects.toMatchObject(refused("wrongState"));
  expect(await order(workOrderId)).toMatchObject({ state: "inProgress", holdReason: null });
  await expect(house.run(cancelWorkOrder, { workOrderId, reason: "x" }, mara)).rejects.toMatchObject(refused("wrongState", "in progress"));
});

test("the checklist of a plan goes to its work order and must be answered by its sort", async () => {
  const { id: planId } = await house.run(
    createMaintenancePlan,
    {
      title: "Fire doors",
      placeId: site,
      firstDay: today,
      everyMonths: 6,
      personId: tom.personId,
      legalBasis: "ArbStättV § 4",
      checklist: [
        { title: "Closes by itself" },
        { title: "Seconds", kind: "number", minimum: 3, maximum: 20 },
        { title: "Remarks", kind: "text", required: false },
      ],
    },
    keeper,
  );
  expect(await house.call("facilities.maintenancePlan.get", { id: planId }, keeper)).toMatchObject({
    isStatutory: true,
    legalBasis: "ArbStättV § 4",
    state: "running",
  });
  await house.funnel.work(house.tenantId, (context) => sweepSchedules(context));
  const [made] = await rows("facilities.workOrder", { planId });
  const workOrderId = made!["id"] as Id;
  const items = (await rows("facilities.checklistItem", { workOrderId }, tom)) as { id: Id; title: string }[];
  expect(items.map((item) => item.title)).toEqual(["Closes by itself", "Seconds", "Remarks"]);
  await expect(house.run(answerItem, { checklistItemId: items[0]!.id, yes: true }, mara)).rejects.toMatchObject({ name: "NotPermitted" });
  const unfit = house.run(answerItem, { checklistItemId: items[1]!.id, yes: true }, tom);
  await expect(unfit).rejects.toMatchObject(refused("answerUnfit", "Seconds asks for a number"));
  await expect(house.run(answerItem, { checklistItemId: newId(), yes: true }, keeper)).rejects.toMatchObject(refused("notFound"));
  const open = house.run(completeWorkOrder, { workOrderId, note: "x" }, tom);
  await expect(open).rejects.toMatchObject(refused("checklistOpen", "2 items"));
  expect(await house.run(answerItem, { checklistItemId: items[0]!.id, yes: true }, tom)).toMatchObject({ isFine: true });
  expect(await house.run(answerItem, { checklistItemId: items[1]!.id, number: 25 }, tom)).toMatchObject({ isFine: false });
  const crossed = house.run(addChecklist, { workOrderId, items: [{ title: "Gap", kind: "number", minimum: 3, maximum: 2 }] }, tom);
  await expect(crossed).rejects.toMatchObject(refused("boundsCrossed", "Gap"));
  await house.run(addChecklist, { workOrderId, items: [{ title: "Closer adjusted" }] }, tom);
  const added = (await rows("facilities.checklistItem", { workOrderId, title: "Closer adjusted" }, tom))[0]!;
  expect(added).toMatchObject({ place: 4, state: "waits" });
  await house.run(answerItem, { checklistItemId: added["id"], yes: true }, tom);
  await house.run(completeWorkOrder, { workOrderId, note: "Adjusted." }, tom);
  const late = house.run(answerItem, { checklistItemId: items[0]!.id, yes: false }, tom);
  await expect(late).rejects.toMatchObject(refused("wrongState", "done"));
  // What the schedule opened is done, by the fact.
  const [schedule] = await rows("office.schedule", { aboutId: planId });
  expect(await rows("office.occurrence", { scheduleId: schedule!["id"], due: today })).toMatchObject([{ state: "done", closedOn: today }]);
  await expect(house.run(addChecklist, { workOrderId: newId(), items: [{ title: "x" }] }, keeper)).rejects.toMatchObject(
    refused("notFound"),
  );
});

test("hours, parts and the contractor make the cost, in one currency", async () => {
  const workOrderId = await given();
  await house.run(recordLabour, { workOrderId, minutes: 30, cost: euro("25.00") }, tom);
  await house.run(recordPart, { workOrderId, name: "Hinge", quantity: "2", cost: euro("18.40") }, tom);
  await house.run(recordLabour, { workOrderId, minutes: 15 }, tom);
  const dollars = { amount: "1.00", currency: "USD" };
  await expect(house.run(recordPart, { workOrderId, name: "Oil", cost: dollars }, tom)).rejects.toMatchObject(
    refused("otherCurrency", "EUR"),
  );
  await expect(house.run(recordLabour, { workOrderId, minutes: 5, cost: dollars }, tom)).rejects.toMatchObject(refused("otherCurrency"));
  await expect(house.run(recordLabour, { workOrderId, minutes: 5, cost: euro("-1.00") }, tom)).rejects.toMatchObject(
    refused("costNegative"),
  );
  await expect(house.run(recordPart, { workOrderId, name: "Oil", cost: euro("-1.00") }, tom)).rejects.toMatchObject(
    refused("costNegative"),
  );
  await expect(house.run(recordPart, { workOrderId, name: "Oil", quantity: "0" }, tom)).rejects.toMatchObject(
    refused("quantityNotAboveZero"),
  );
  await expect(house.run(recordLabour, { workOrderId, minutes: 5, day: "2026-11-21" }, tom)).rejects.toMatchObject(refused("inTheFuture"));
  await expect(house.run(recordLabour, { workOrderId, minutes: 5, personId: newId() }, tom)).rejects.toMatchObject(refused("notFound"));
  const tooSoon = house.run(recordCost, { workOrderId, cost: euro("100.00") }, keeper);
  await expect(tooSoon).rejects.toMatchObject(refused("notDone"));
  const unknown = house.run(callContractor, { workOrderId, organisationId: newId() }, keeper);
  await expect(unknown).rejects.toMatchObject(refused("contractorUnknown"));
  const below = house.run(callContractor, { workOrderId, organisationId: contractor, expectedCost: euro("-5.00") }, keeper);
  await expect(below).rejects.toMatchObject(refused("costNegative"));
  await house.run(callContractor, { workOrderId, organisationId: contractor, expectedCost: euro("90.00") }, keeper);
  await house.run(completeWorkOrder, { workOrderId, note: "New hinges." }, tom);
  expect(await rows("office.deadline", { aboutId: workOrderId, source: "deadline" }, owner)).toMatchObject([
    { state: "open", due: "2026-12-20" },
  ]);
  const otherwise = house.run(recordCost, { workOrderId, cost: dollars }, keeper);
  await expect(otherwise).rejects.toMatchObject(refused("otherCurrency"));
  await expect(house.run(recordCost, { workOrderId, cost: euro("-1.00") }, keeper)).rejects.toMatchObject(refused("costNegative"));
  await expect(house.run(recordCost, { workOrderId: newId(), cost: euro("1.00") }, keeper)).rejects.toMatchObject(refused("notFound"));
  // 25.00 and 18.40 and 96.60.
  await house.run(recordCost, { workOrderId, cost: euro("96.60") }, keeper);
  expect(await order(workOrderId)).toMatchObject({ cost: euro("140.00"), contractor: "Aufzug Nord GmbH", expectedCost: euro("90.00") });
  expect(await rows("office.deadline", { aboutId: workOrderId, source: "deadline" }, owner)).toMatchObject([{ state: "met" }]);
  expect(await rows("facilities.partUsed", { workOrderId }, tom)).toMatchObject([{ name: "Hinge", quantity: "2" }]);
});

test("a fault where people could be hurt takes the thing out at once; a second person checks before it is back", async () => {
  const lift = await thing("Lift");
  await house.run(rateEquipment, { equipmentId: lift, isSafetyCritical: true }, keeper);
  const workOrderId = await given({ assetId: lift, urgency: "low" }, keeper);
  const equipment = () => house.call("facilities.equipment.get", { id: lift }, keeper);
  expect(await equipment()).toMatchObject({ service: "outOfService", isSafetyCritical: true });
  expect(await order(workOrderId)).toMatchObject({ urgency: "critical", outOfService: true, needsCheck: true });
  // Everyone sees it on the place, for they would wait at its door.
  expect(await rows("facilities.downtime", { state: "out", placeId: site }, mara)).toMatchObject([
    { assetId: lift, reason: "Door sticks." },
  ]);
  const again = house.run(takeEquipmentOut, { equipmentId: lift, reason: "x" }, keeper);
  await expect(again).rejects.toMatchObject(refused("outAlready"));
  await house.run(startWorkOrder, { workOrderId }, keeper);
  await house.run(completeWorkOrder, { workOrderId, note: "Reset." }, keeper);
  const unchecked = house.run(putEquipmentBack, { equipmentId: lift }, keeper);
  await expect(unchecked).rejects.toMatchObject(refused("checkMissing"));
  await expect(house.run(checkWorkOrder, { workOrderId }, keeper)).rejects.toMatchObject(refused("ownWork"));
  const closed = house.run(closeWorkOrder, { workOrderId }, keeper);
  await expect(closed).rejects.toMatchObject(refused("stillOutOfService"));
  const second = await house.person("Sven Second", "facilities.manager");
  await house.run(checkWorkOrder, { workOrderId, note: "Ten rides." }, second);
  await expect(house.run(checkWorkOrder, { workOrderId }, second)).rejects.toMatchObject(refused("checkedAlready"));
  await house.run(putEquipmentBack, { equipmentId: lift }, keeper);
  await expect(house.run(putEquipmentBack, { equipmentId: lift }, keeper)).rejects.toMatchObject(refused("notOut"));
  await house.run(closeWorkOrder, { workOrderId }, mara);
  expect(await equipment()).toMatchObject({ service: "inService" });
  const none = { equipmentId: newId() };
  for (const attempt of [
    () => house.run(takeEquipmentOut, { ...none, reason: "x" }, keeper),
    () => house.run(putEquipmentBack, none, keeper),
    () => house.run(rateEquipment, { ...none, isSafetyCritical: true }, keeper),
    () => house.run(addMeter, { ...none, name: "Trips", unit: "x" }, keeper),
  ]) {
    await expect(attempt()).rejects.toMatchObject(refused("notFound"));
  }
  const nothing = { workOrderId: newId() };
  for (const attempt of [
    () => house.run(holdWorkOrder, { ...nothing, reason: "other" }, keeper),
    () => house.run(resumeWorkOrder, nothing, keeper),
    () => house.run(checkWorkOrder, nothing, keeper),
    () => house.run(callContractor, { ...nothing, organisationId: contractor }, keeper),
    () => house.run(recordPart, { ...nothing, name: "x" }, keeper),
  ]) {
    await expect(attempt()).rejects.toMatchObject(refused("notFound"));
  }
});

test("a meter only goes up unless it is set back, and brings maintenance forward", async () => {
  const pump = await thing("Pump");
  const { id: meterId } = await house.run(addMeter, { equipmentId: pump, name: "Hours", unit: "h", reading: 1000 }, keeper);
  await expect(house.run(addMeter, { equipmentId: pump, name: "Hours", unit: "h" }, keeper)).rejects.toMatchObject(refused("meterThere"));
  const plan = { title: "Oil", assetId: pump, firstDay: "2027-06-01", everyMonths: 12, leadDays: 3, meter: { meterId, every: 500 } };
  const { id: planId } = await house.run(createMaintenancePlan, plan, keeper);
  const foreign = house.run(createMaintenancePlan, { ...plan, assetId: undefined, placeId: site }, keeper);
  await expect(foreign).rejects.toMatchObject(refused("meterUnknown"));
  const crossed = { ...plan, checklist: [{ title: "Level", kind: "number", minimum: 2, maximum: 1 }] };
  await expect(house.run(createMaintenancePlan, crossed, keeper)).rejects.toMatchObject(refused("boundsCrossed", "Level"));
  const sweep = () => house.funnel.work(house.tenantId, (context) => sweepSchedules(context, "workOrder"));
  await house.run(readMeter, { meterId, reading: 1400 }, tom);
  const lower = house.run(readMeter, { meterId, reading: 1399 }, tom);
  await expect(lower).rejects.toMatchObject(refused("readingLower", "1400"));
  await expect(house.run(readMeter, { meterId: newId(), reading: 1 }, tom)).rejects.toMatchObject(refused("notFound"));
  expect(await sweep()).toEqual([]);
  // Changed for a new one that shows 100: 400 before and 100 since are 500.
  expect(await house.run(readMeter, { meterId, reading: 100, isReset: true }, tom)).toMatchObject({ total: 1500 });
  expect(await sweep()).toHaveLength(1);
  const [made] = await rows("facilities.workOrder", { planId });
  expect(made).toMatchObject({ due: "2026-11-23", state: "open" });
  expect(await rows("facilities.meterReading", { meterId })).toHaveLength(3);
  const only = { title: "Filter", assetId: pump, firstDay: today, meter: { meterId, every: 50 } };
  expect(await house.run(createMaintenancePlan, only, keeper)).toMatchObject({ nextDue: null });
});

test("maintenance falls on a worked day of its calendar", async () => {
  const calendar = await house.run(createCalendar, { code: "B", name: "Berlin" }, keeper);
  await house.run(addHolidays, { calendarId: calendar.id, holidays: [{ day: "2026-12-25", name: "Christmas" }] }, keeper);
  const plan = { title: "Boiler", placeId: site, firstDay: "2026-12-25", everyMonths: 12, shift: "forward", calendarId: calendar.id };
  // Friday is a holiday, then comes the weekend.
  expect(await house.run(createMaintenancePlan, plan, keeper)).toMatchObject({ nextDue: "2026-12-28" });
});

test("labels open the report of a fault with the thing and its place filled in", async () => {
  const gate = await thing("Gate");
  const { labels } = await house.run(
    getReportLabel,
    { equipmentIds: [gate], placeIds: [site], address: "https://office.example.com/" },
    keeper,
  );
  expect(labels.map((label) => label.path).toSorted()).toEqual([
    `https://office.example.com/requests/new?kind=broken-thing&asset=${gate}&place=${site}`,
    `https://office.example.com/requests/new?kind=broken-thing&place=${site}`,
  ]);
  expect(labels[0]!.svg).toMatch(/^<svg/);
  // Without another address the square leads to the house itself: a path alone is nothing to a camera.
  const own = await house.run(getReportLabel, { placeIds: [site] }, keeper);
  expect(own.labels[0]!.path).toBe(`http://127.0.0.1:4400/requests/new?kind=broken-thing&place=${site}`);
  const { fileId } = await house.run(printReportLabel, { equipmentIds: [gate] }, keeper);
  const kept = await house.funnel.read({ tenantId: house.tenantId, actor: keeper }, (context) => context.readFile(fileId));
  expect(Buffer.from(kept.bytes).subarray(0, 4).toString()).toBe("%PDF");
  expect(await house.run(getReportLabel, {}, keeper)).toEqual({ labels: [] });
  await expect(house.run(printReportLabel, {}, keeper)).rejects.toMatchObject(refused("nothingNamed"));
  for (const operation of [getReportLabel, printReportLabel]) {
    await expect(house.run(operation, { placeIds: [newId()] }, keeper)).rejects.toMatchObject(refused("notFound"));
  }
});

test("reliability follows from when things were out", async () => {
  const crane = await thing("Crane");
  at("2026-12-05");
  await house.run(takeEquipmentOut, { equipmentId: crane, reason: "Brake" }, keeper);
  at("2026-12-06");
  await house.run(putEquipmentBack, { equipmentId: crane }, keeper);
  at("2026-12-20");
  await house.run(takeEquipmentOut, { equipmentId: crane, reason: "Yearly service", isFailure: false }, keeper);
  at("2026-12-21");
  await house.run(putEquipmentBack, { equipmentId: crane }, keeper);
  at("2027-01-15");
  const { rows: found } = await house.run(reportReliability, { from: "2026-12-01", until: "2026-12-31", equipmentId: crane }, keeper);
  // December has 744 hours, 48 of them out, for one failure of 24: 696 between failures, 696 / 744 = 0.9355.
  expect(found).toMatchObject([{ failures: 1, downHours: 48, betweenFailuresHours: 696, toRepairHours: 24, availability: 0.9355 }]);
  const crossed = house.run(reportReliability, { from: "2027-01-02", until: "2027-01-01" }, keeper);
  await expect(crossed).rejects.toMatchObject(refused("spanCrossed"));
});
