// Faults, work orders, maintenance and equipment, on a real database.
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../kernel/day.ts";
import { type Id, newId } from "../../kernel/id.ts";
import { sql } from "../../platform/database/sql.ts";
import { system } from "../../platform/funnel/frame.ts";
import type { Actor, ReadContext } from "../../platform/operation/context.ts";
import { compose } from "../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../platform/testing/house.ts";
import { assets, createAsset } from "../assets/index.ts";
import { createPlace, directory } from "../directory/index.ts";
import { office, sweepSchedules } from "../office/index.ts";
import {
  createEquipment,
  handOverEquipment,
  placeEquipment,
  repairEquipment,
  reportEquipmentLost,
  restoreEquipment,
  retireEquipment,
  takeBackEquipment,
} from "./equipment.operations.ts";
import { holdsNoEquipment, workOrderIsAssigned, workOrderIsDone } from "./facts.ts";
import { facilities } from "./index.ts";
import { createMaintenancePlan, endMaintenancePlan, makeDueMaintenance, openPlannedWorkOrder } from "./maintenance.operations.ts";
import {
  assignWorkOrder,
  cancelWorkOrder,
  closeWorkOrder,
  completeWorkOrder,
  reopenWorkOrder,
  reportFault,
  startWorkOrder,
} from "./work-order.operations.ts";

let house: TestHouse;
let keeper: Actor;
let mara: Actor;
let tom: Actor;
let site: Id;
const today = "2026-11-21";

beforeAll(async () => {
  house = await openHouse({ registry: compose([directory, office, assets, facilities]), today });
  const owner = await house.person("Olga Owner", "owner");
  keeper = await house.person("Fay Keeper", "facilities.manager");
  mara = await house.person("Mara");
  tom = await house.person("Tom Technician");
  site = (await house.run(createPlace, { kind: "site", code: "BER", name: "Berlin" }, owner)).id;
});
afterAll(() => house.close());

const refused = (code: string, says?: string) => ({ code, ...(says && { message: expect.stringContaining(says) as string }) });
const ask = <T>(question: (context: ReadContext) => Promise<T>): Promise<T> =>
  house.funnel.read({ tenantId: house.tenantId, actor: system }, question);
const report = (more: object = {}, as = mara) =>
  house.run(reportFault, { placeId: site, text: "The lift is stuck.\nSecond floor.", ...more }, as);
const assign = (workOrderId: Id, as = tom) => house.run(assignWorkOrder, { workOrderId, personId: as.personId }, keeper);
const order = (id: Id, as = keeper) => house.call("facilities.workOrder.get", { id }, as);
const tasks = (about: Id) =>
  ask((context) =>
    context.db.rows<{ state: string; personId: Id | null; asksOperation: string }>(sql`
      select state, person_id, asks_operation from office.task where tenant_id = ${house.tenantId} and about_id = ${about}
        order by opened_at, id`),
  );

test("a fault is reported, given to someone, seen to, looked at again and closed", async () => {
  const { id, number } = await report({ urgency: "high" });
  expect(number).toMatch(/^WO-\d{5}$/);
  expect(await order(id, mara)).toMatchObject({
    title: "The lift is stuck.",
    state: "open",
    due: "2026-11-22",
    site: "Berlin",
    reporter: "Mara",
  });
  await expect(order(id, tom)).rejects.toMatchObject(refused("notFound"));
  expect(await tasks(id)).toMatchObject([{ state: "open", asksOperation: "facilities.workOrder.assign" }]);
  await expect(house.run(startWorkOrder, { workOrderId: id }, keeper)).rejects.toMatchObject(
    refused("wrongState", "open. Assign it to someone first."),
  );
  await assign(id);
  expect(await tasks(id)).toMatchObject([
    { state: "done" },
    { state: "open", personId: tom.personId, asksOperation: "facilities.workOrder.complete" },
  ]);
  expect(await ask((context) => workOrderIsAssigned(context, id))).toBe(true);
  await expect(house.run(startWorkOrder, { workOrderId: id }, mara)).rejects.toMatchObject({ name: "NotPermitted" });
  await house.run(startWorkOrder, { workOrderId: id }, tom);
  await expect(house.run(startWorkOrder, { workOrderId: id }, tom)).rejects.toMatchObject(refused("wrongState", "in progress"));
  await expect(house.run(closeWorkOrder, { workOrderId: id }, mara)).rejects.toMatchObject(refused("wrongState"));
  await expect(house.run(reopenWorkOrder, { workOrderId: id, reason: "x" }, mara)).rejects.toMatchObject(refused("wrongState"));
  await house.run(completeWorkOrder, { workOrderId: id, note: "Reset." }, tom);
  expect(await ask((context) => workOrderIsDone(context, id))).toBe(true);
  expect(await order(id, mara)).toMatchObject({
    state: "done",
    can: expect.arrayContaining(["facilities.workOrder.close", "facilities.workOrder.reopen"]) as string[],
  });
  await house.run(reopenWorkOrder, { workOrderId: id, reason: "Stuck again." }, mara);
  expect(await order(id)).toMatchObject({ state: "assigned", note: "Reset.\n\nNot right: Stuck again.", doneAt: null });
  expect((await tasks(id)).at(-1)).toMatchObject({ state: "open", personId: tom.personId });
  await house.run(completeWorkOrder, { workOrderId: id, note: "New relay." }, tom);
  await expect(house.run(completeWorkOrder, { workOrderId: id, note: "x" }, tom)).rejects.toMatchObject(refused("wrongState", "done"));
  await house.run(closeWorkOrder, { workOrderId: id }, mara);
  await expect(assign(id)).rejects.toMatchObject(refused("wrongState", "closed"));
  await expect(house.run(cancelWorkOrder, { workOrderId: id, reason: "x" }, mara)).rejects.toMatchObject(refused("wrongState"));
  expect((await tasks(id)).filter((task) => task.state === "open")).toEqual([]);
});

test("work goes from one to another, and is called off", async () => {
  const { id } = await report();
  await assign(id);
  await assign(id, mara);
  expect(await tasks(id)).toMatchObject([
    { state: "done" },
    { state: "cancelled", personId: tom.personId },
    { state: "open", personId: mara.personId },
  ]);
  await house.run(cancelWorkOrder, { workOrderId: id, reason: "It works again." }, mara);
  expect(await order(id)).toMatchObject({ state: "cancelled", note: "It works again." });
  expect((await tasks(id)).filter((task) => task.state === "open")).toEqual([]);
});

test("a report is refused that names nothing, or what is not there", async () => {
  await expect(report({ placeId: undefined })).rejects.toMatchObject(refused("nothingNamed"));
  await expect(report({ placeId: newId() })).rejects.toMatchObject(refused("notFound"));
  await expect(report({ placeId: undefined, assetId: newId() })).rejects.toMatchObject(refused("notFound"));
  const fileId = await house.funnel.work(house.tenantId, (context) => context.writeFile("a.png", "image/png", Buffer.from("x")));
  await expect(report({ fileId })).rejects.toMatchObject(refused("fileNotFound"));
  await expect(report({ text: " \n" })).rejects.toMatchObject({ name: "InvalidInput" });
  const { id } = await report();
  await expect(house.run(assignWorkOrder, { workOrderId: id, personId: newId() }, keeper)).rejects.toMatchObject(refused("notFound"));
  const nothing = newId();
  for (const attempt of [
    () => assign(nothing),
    () => house.run(startWorkOrder, { workOrderId: nothing }, keeper),
    () => house.run(completeWorkOrder, { workOrderId: nothing, note: "x" }, keeper),
    () => house.run(closeWorkOrder, { workOrderId: nothing }, keeper),
    () => house.run(reopenWorkOrder, { workOrderId: nothing, reason: "x" }, keeper),
    () => house.run(cancelWorkOrder, { workOrderId: nothing, reason: "x" }, keeper),
  ]) {
    await expect(attempt()).rejects.toMatchObject(refused("notFound"));
  }
});

const plan = (more: object = {}) =>
  house.run(
    createMaintenancePlan,
    { title: "Service of the lift", placeId: site, firstDay: "2026-12-01", everyMonths: 6, ...more },
    keeper,
  );
const night = (on: string) => {
  house.today = day(on);
  return house.funnel.work(house.tenantId, (context) => sweepSchedules(context));
};
const made = async (planId: Id) =>
  (await house.call("facilities.workOrder.list", { filter: { planId }, sort: "number" }, keeper))["rows"] as {
    due: string;
    assignee: string | null;
    text: string | null;
  }[];

test("the night makes each work order once, as early as the plan says, however often it runs", async () => {
  const { id, nextDue } = await plan({ personId: tom.personId, leadDays: 7 });
  expect(nextDue).toBe("2026-12-01");
  await night("2026-11-23");
  expect(await made(id)).toEqual([]);
  await Promise.all([night("2026-11-24"), night("2026-11-24"), night("2026-11-24")]);
  expect(await made(id)).toMatchObject([{ due: "2026-12-01", assignee: "Tom Technician" }]);
  await night("2026-11-25");
  await night("2027-05-25");
  expect(await made(id)).toMatchObject([{ due: "2026-12-01" }, { due: "2027-06-01" }]);
  house.today = day(today);
  const skipped = await plan({ firstDay: "2026-01-01", everyMonths: 1, leadDays: 0 });
  const { workOrderIds } = await house.run(makeDueMaintenance, {}, keeper);
  expect(workOrderIds).toHaveLength(1);
  expect(await made(skipped.id)).toMatchObject([{ due: "2026-11-01", text: "Serves also for 10 earlier ones that were missed." }]);
  expect(await house.run(makeDueMaintenance, {}, keeper)).toEqual({ workOrderIds: [] });
});

test("the work order of one time can be made by hand, once", async () => {
  const { id } = await plan({ title: "Ladders", firstDay: "2027-03-01" });
  const wish = { maintenancePlanId: id, scheduledOn: "2027-03-01", due: "2027-02-20" };
  await house.run(openPlannedWorkOrder, wish, keeper);
  expect(await made(id)).toMatchObject([{ due: "2027-02-20" }]);
  await expect(house.run(openPlannedWorkOrder, wish, keeper)).rejects.toMatchObject(refused("madeAlready", "2027-03-01"));
  const none = house.run(openPlannedWorkOrder, { ...wish, maintenancePlanId: newId() }, keeper);
  await expect(none).rejects.toMatchObject(refused("notFound"));
});

test("a plan by rule runs out, one that is ended makes no more", async () => {
  const twice = await plan({ everyMonths: undefined, rule: "FREQ=WEEKLY;BYDAY=MO;COUNT=2", leadDays: 0 });
  expect(twice.nextDue).toBe("2026-12-07");
  const ended = await plan({ firstDay: "2026-12-01", everyMonths: 1, leadDays: 0 });
  await house.run(endMaintenancePlan, { maintenancePlanId: ended.id, lastDay: "2026-12-31" }, keeper);
  const again = house.run(endMaintenancePlan, { maintenancePlanId: ended.id, lastDay: "2027-01-01" }, keeper);
  await expect(again).rejects.toMatchObject(refused("planEnded", "2026-12-31"));
  await expect(house.run(endMaintenancePlan, { maintenancePlanId: newId(), lastDay: today }, keeper)).rejects.toMatchObject(
    refused("notFound"),
  );
  for (const on of ["2026-12-07", "2026-12-14", "2026-12-21", "2027-02-01"]) await night(on);
  house.today = day(today);
  expect((await made(twice.id)).map((row) => row.due)).toEqual(["2026-12-07", "2026-12-14"]);
  expect((await made(ended.id)).map((row) => row.due)).toEqual(["2026-12-01"]);
  expect(await house.call("facilities.maintenancePlan.get", { id: twice.id }, keeper)).toMatchObject({ state: "ended", nextDue: null });
});

test("a plan is refused whose rhythm is unclear", async () => {
  await expect(plan({ placeId: undefined })).rejects.toMatchObject(refused("nothingNamed"));
  await expect(plan({ personId: newId() })).rejects.toMatchObject(refused("notFound"));
  await expect(plan({ everyMonths: undefined })).rejects.toMatchObject(refused("rhythmUnclear"));
  await expect(plan({ rule: "FREQ=DAILY" })).rejects.toMatchObject(refused("rhythmUnclear"));
  await expect(plan({ everyMonths: undefined, rule: "FREQ=MINUTELY" })).rejects.toMatchObject(refused("ruleUnreadable", "FREQ=MINUTELY"));
  const never = plan({ everyMonths: undefined, rule: "FREQ=DAILY;UNTIL=20200101T000000Z" });
  await expect(never).rejects.toMatchObject(refused("neverDue"));
});

test("equipment is handed over, taken back, repaired, lost, found and retired", async () => {
  const { id: equipmentId } = await house.run(createEquipment, { kind: "key", name: "Key to the archive" }, keeper);
  await house.run(placeEquipment, { equipmentId, placeId: site }, keeper);
  const none = () => ask((context) => holdsNoEquipment(context, tom.personId!));
  expect(await none()).toBe(true);
  await house.run(handOverEquipment, { equipmentId, personId: tom.personId, on: today }, keeper);
  expect(await none()).toBe(false);
  expect(await house.call("facilities.equipment.get", { id: equipmentId }, keeper)).toMatchObject({
    state: "inUse",
    person: "Tom Technician",
    place: "Berlin",
  });
  const second = house.run(handOverEquipment, { equipmentId, personId: mara.personId, on: today }, keeper);
  await expect(second).rejects.toMatchObject(refused("assetHeld", "Tom Technician"));
  await report({ placeId: undefined, assetId: equipmentId });
  expect(await house.call("facilities.equipment.get", { id: equipmentId }, keeper)).toMatchObject({ openWorkOrders: 1 });
  await house.run(takeBackEquipment, { equipmentId, on: today, condition: "good" }, keeper);
  const nobody = house.run(takeBackEquipment, { equipmentId, on: today, condition: "good" }, keeper);
  await expect(nobody).rejects.toMatchObject(refused("notHeld"));
  await house.run(repairEquipment, { equipmentId, note: "Bent" }, keeper);
  await house.run(restoreEquipment, { equipmentId }, keeper);
  await house.run(reportEquipmentLost, { equipmentId, on: today, note: "Gone" }, keeper);
  await house.run(restoreEquipment, { equipmentId }, keeper);
  await house.run(retireEquipment, { equipmentId, on: today, note: "Lock changed" }, keeper);
  const laptop = await house.run(
    createAsset,
    { kind: "laptop", name: "ThinkPad" },
    { ...keeper, grants: [{ role: "assets.manager", scope: null }] },
  );
  const wrong = { equipmentId: laptop.id };
  for (const attempt of [
    () => house.run(placeEquipment, { ...wrong, placeId: site }, keeper),
    () => house.run(handOverEquipment, { ...wrong, personId: tom.personId, on: today }, keeper),
    () => house.run(takeBackEquipment, { ...wrong, on: today, condition: "good" }, keeper),
    () => house.run(repairEquipment, { ...wrong, note: "x" }, keeper),
    () => house.run(restoreEquipment, wrong, keeper),
    () => house.run(reportEquipmentLost, { ...wrong, on: today, note: "x" }, keeper),
    () => house.run(retireEquipment, { ...wrong, on: today, note: "x" }, keeper),
  ]) {
    await expect(attempt()).rejects.toMatchObject(refused("notFound"));
  }
});

test("every law holds, and a plan that is behind breaks one", async () => {
  const breaks = () =>
    ask(async (context) => {
      const found: string[] = [];
      for (const law of [...office.laws!, ...facilities.laws!]) found.push(...(await law.breaks(context)));
      return found;
    });
  expect(await breaks()).toEqual([]);
  await plan({ title: "Fire drill", firstDay: "2026-06-01" });
  // The next look is due and opens it; days later nobody has looked.
  expect(await breaks()).toEqual([]);
  await house.owner.query(
    `update office.schedule set look_at = look_at - interval '3 days' where title = 'Fire drill' and tenant_id = '${house.tenantId}'`,
  );
  expect(await breaks()).toEqual(["Fire drill is due on 2026-06-01 and was not opened"]);
});
