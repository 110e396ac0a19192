// A broken lift from the label on its door to the closed work order, as the people concerned live it.
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../src/kernel/day.ts";
import type { Actor } from "../../src/platform/operation/context.ts";
import { type JourneyCompany, openCompany } from "./company.ts";

let company: JourneyCompany;
let tom: Actor;
let greta: Actor;
let siteId: string;
let liftId: string;
let contractorId: string;

beforeAll(async () => {
  company = await openCompany();
  const { house, does, helene, rosa } = company;
  tom = await house.person("Tom Technician");
  greta = await house.person("Greta Front Office");
  const sites = await house.call("directory.place.list", { filter: { kind: "site" } }, helene);
  siteId = (sites["rows"] as { id: string }[])[0]!.id;
  liftId = String((await does(rosa, "facilities.equipment.create", { kind: "equipment", name: "Passenger lift", placeId: siteId }))["id"]);
  await does(rosa, "facilities.equipment.rate", { equipmentId: liftId, isSafetyCritical: true });
  contractorId = String((await does(helene, "directory.organisation.create", { name: "Aufzug Nord GmbH" }))["id"]);
  await does(helene, "office.requestKind.addUsual", {});
});
afterAll(() => company.house.close());

const lift = () => company.house.call("facilities.equipment.get", { id: liftId }, company.rosa);
const orders = async (as: Actor) =>
  (await company.house.call("facilities.workOrder.list", { filter: { assetId: liftId }, sort: "-number" }, as))["rows"] as {
    id: string;
    state: string;
    urgency: string;
    reporter: string;
    requestId: string;
    cost: { amount: string };
  }[];
const inboxOf = async (as: Actor) =>
  (await company.house.call("office.task.list", { filter: { state: "open", mine: "true" } }, as))["rows"] as { title: string }[];

test("Greta scans the label in the lift; the house takes it out of service before anyone reads her words", async () => {
  const { house, does, steps, rosa } = company;
  const { labels } = (await house.call("facilities.label.get", { equipmentIds: [liftId] }, rosa)) as {
    labels: { path: string; svg: string }[];
  };
  expect(labels[0]!.svg).toMatch(/^<svg/);
  const scanned = new URL(labels[0]!.path, "https://office.example");
  expect(scanned.pathname).toBe("/requests/new");
  const kinds = await house.call("office.requestKind.list", { filter: { code: scanned.searchParams.get("kind")! } }, company.helene);
  const kindId = (kinds["rows"] as { id: string }[])[0]!.id;
  const answers = { asset: scanned.searchParams.get("asset"), place: scanned.searchParams.get("place") };
  await does(greta, "office.request.create", { kindId, title: "The lift is stuck between two floors.", answers });
  const [order] = await orders(greta);
  expect(order).toMatchObject({ state: "open", urgency: "critical", reporter: "Greta Front Office" });
  expect(await lift()).toMatchObject({ service: "outOfService", openWorkOrders: 1 });
  const shown = await house.call("facilities.downtime.list", { filter: { siteId, state: "out" } }, tom);
  expect(shown["rows"]).toMatchObject([{ asset: expect.stringContaining("Passenger lift") as string, untilAt: null }]);
  expect(await steps("broken-lift")).toMatchObject({ outOfService: "done", sent: "open", repaired: "waiting", checked: "waiting" });
  // Whoever answers for maintenance has her request, and one thing to do for it.
  expect((await inboxOf(rosa)).filter((task) => task.title.startsWith("Sent"))).toHaveLength(1);
});

test("Rosa sends Tom and calls the contractor; Tom works through the checklist on his phone", async () => {
  const { house, does, steps, rosa, helene } = company;
  const [order] = await orders(rosa);
  const workOrderId = order!.id;
  await does(rosa, "facilities.workOrder.assign", { workOrderId, personId: tom.personId });
  expect(await steps("broken-lift")).toMatchObject({ sent: "done", contractor: "open", repaired: "open" });
  const expectedCost = { amount: "800.00", currency: "EUR" };
  await does(rosa, "facilities.workOrder.callContractor", {
    workOrderId,
    organisationId: contractorId,
    expectedCost,
    note: "Comes at noon.",
  });
  expect((await inboxOf(tom)).map((task) => task.title)).toEqual([expect.stringContaining("stuck")]);
  await does(tom, "facilities.workOrder.start", { workOrderId });
  await does(tom, "facilities.checklistItem.add", {
    workOrderId,
    items: [{ title: "Door lock closes" }, { title: "Levelling", kind: "number", unit: "mm", maximum: 10 }],
  });
  const early = house.call("facilities.workOrder.complete", { workOrderId, note: "Done." }, tom);
  await expect(early).rejects.toMatchObject({ code: "checklistOpen" });
  const items = (await house.call("facilities.checklistItem.list", { filter: { workOrderId }, sort: "place" }, tom))["rows"] as {
    id: string;
  }[];
  await does(tom, "facilities.checklistItem.answer", { checklistItemId: items[0]!.id, yes: true });
  expect(await does(tom, "facilities.checklistItem.answer", { checklistItemId: items[1]!.id, number: 4 })).toMatchObject({ isFine: true });
  await does(tom, "facilities.labour.record", { workOrderId, minutes: 90, cost: { amount: "75.00", currency: "EUR" } });
  await does(tom, "facilities.partUsed.record", { workOrderId, name: "Door relay", cost: { amount: "42.50", currency: "EUR" } });
  house.today = day("2026-11-03");
  await does(tom, "facilities.workOrder.complete", { workOrderId, note: "New door relay." });
  expect(await steps("broken-lift")).toMatchObject({
    contractor: "done",
    repaired: "done",
    checked: "open",
    backInService: "waiting",
    cost: "open",
  });
  // The contractor's bill is expected: it stands among the deadlines.
  const deadlines = await house.call("office.deadline.list", { filter: { source: "deadline" }, search: "Bill for WO" }, helene);
  expect(deadlines["rows"]).toMatchObject([{ state: "open", due: "2026-12-03" }]);
});

test("nobody puts it back unchecked; Rosa checks, it runs again, Greta is told and closes it, the cost is known", async () => {
  const { house, does, steps, rosa, helene } = company;
  const [order] = await orders(rosa);
  const workOrderId = order!.id;
  const unchecked = house.call("facilities.equipment.putBackInService", { equipmentId: liftId }, rosa);
  await expect(unchecked).rejects.toMatchObject({ code: "checkMissing" });
  await does(rosa, "facilities.workOrder.check", { workOrderId, note: "Ten rides without fault." });
  await does(rosa, "facilities.equipment.putBackInService", { equipmentId: liftId });
  expect(await lift()).toMatchObject({ service: "inService" });
  expect(await steps("broken-lift")).toMatchObject({ backInService: "done", told: "done", confirmed: "open" });
  expect(await house.call("office.request.get", { id: order!.requestId }, greta)).toMatchObject({ state: "solved" });
  await does(greta, "facilities.workOrder.close", { workOrderId });
  // 800 and 75 and 42.50 are 917.50.
  const cost = await does(rosa, "facilities.workOrder.recordCost", { workOrderId, cost: { amount: "800.00", currency: "EUR" } });
  expect(cost).toMatchObject({ cost: { amount: "917.50", currency: "EUR" } });
  const states = await steps("broken-lift");
  expect(Object.values(states).filter((state) => state !== "done")).toEqual([]);
  const open = await house.call("office.deadline.list", { filter: { source: "deadline", state: "open" }, search: "Bill for WO" }, helene);
  expect(open["rows"]).toEqual([]);
  const report = await house.call("facilities.reliability.report", { from: "2026-11-01", until: "2026-11-03" }, rosa);
  // Out from nine on the second to nine on the third; looked at until now, 57 hours, of which 24 were lost.
  expect(report["rows"]).toEqual([
    {
      equipmentId: liftId,
      equipment: expect.stringContaining("Passenger lift") as string,
      failures: 1,
      downHours: 24,
      betweenFailuresHours: 33,
      toRepairHours: 24,
      availability: 0.5789,
    },
  ]);
  const laws = (await house.call("platform.law.check", {}, helene)) as { laws: { name: string; breaks: string[] }[] };
  expect(laws.laws.filter((law) => law.breaks.length > 0)).toEqual([]);
});
