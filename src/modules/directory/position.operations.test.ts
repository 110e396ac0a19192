// Units, seats and who sits in them, as of any day, on a real database.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import type { Actor, ReadContext } from "../../platform/operation/context.ts";
import { compose } from "../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../platform/testing/house.ts";
import {
  cancelHolding,
  changeHoldingStart,
  changePosition,
  changeUnit,
  closePosition,
  closeUnit,
  continueHolding,
  createJob,
  createPerson,
  createPosition,
  createUnit,
  directory,
  endHolding,
  getOrgChart,
  holderOf,
  holdPosition,
  isManagerOf,
  managerOf,
  positionOf,
  reportsOf,
  unitOf,
  unitsAbove,
} from "./index.ts";

let house: TestHouse;
let kim: Actor;
const nobody = "00000000-0000-7000-8000-000000000000" as Id;
const ids: Record<string, Id> = {};
const code = (wanted: string) => expect.objectContaining({ code: wanted });
const ask = <T>(question: (context: ReadContext) => Promise<T>) => house.funnel.read({ tenantId: house.tenantId, actor: kim }, question);

// A company of three floors: Ada leads, Ben below her, Cem and Dana below Ben; Finance inside Head office.
beforeAll(async () => {
  house = await openHouse({ registry: compose([directory]) });
  kim = await house.person("Kim Keeper", "directory.manager");
  const from = "2026-01-01";
  ids.head = (await house.run(createUnit, { code: "HEAD", name: "Head office", from }, kim)).id;
  ids.finance = (await house.run(createUnit, { code: "FIN", name: "Finance", parentId: ids.head, from }, kim)).id;
  ids.job = (await house.run(createJob, { code: "ACC", title: "Accountant" }, kim)).id;
  const seat = async (name: string, reportsToId?: Id) => {
    ids[name] = (await house.run(createPosition, { code: name, jobId: ids.job, unitId: ids.finance, reportsToId, from }, kim)).id;
  };
  await seat("P1");
  await seat("P2", ids.P1);
  await seat("P3", ids.P2);
  await seat("P4", ids.P2);
  for (const [name, position] of [
    ["Ada", "P1"],
    ["Ben", "P2"],
    ["Cem", "P3"],
    ["Dana", "P4"],
  ] as const) {
    ids[name] = (await house.run(createPerson, { name }, kim)).id;
    ids[`${name}Sits`] = (await house.run(holdPosition, { positionId: ids[position], personId: ids[name], from }, kim)).id;
  }
  ids.Eve = (await house.run(createPerson, { name: "Eve" }, kim)).id;
});
afterAll(() => house.close());

const on = day("2026-06-01");

describe("the line", () => {
  test("managers, reports and seats on a day", async () => {
    expect(await ask((context) => managerOf(context, ids.Cem!, on))).toBe(ids.Ben);
    expect(await ask((context) => managerOf(context, ids.Ada!, on))).toBeUndefined();
    expect(await ask((context) => isManagerOf(context, ids.Ada!, ids.Cem!, on))).toBe(true);
    expect(await ask((context) => isManagerOf(context, ids.Cem!, ids.Ada!, on))).toBe(false);
    expect(await ask((context) => isManagerOf(context, ids.Cem!, ids.Cem!, on))).toBe(false);
    expect((await ask((context) => reportsOf(context, ids.Ada!, on))).toSorted()).toEqual([ids.Ben]);
    expect((await ask((context) => reportsOf(context, ids.Ada!, on, "all"))).toSorted()).toEqual([ids.Ben, ids.Cem, ids.Dana].toSorted());
    expect(await ask((context) => holderOf(context, ids.P3!, on))).toBe(ids.Cem);
    expect(await ask((context) => positionOf(context, ids.Cem!, on))).toMatchObject({
      positionId: ids.P3,
      unit: "Finance",
      title: "Accountant",
    });
    expect(await ask((context) => unitOf(context, ids.Cem!, on))).toEqual({ unitId: ids.finance, unit: "Finance" });
    expect(await ask((context) => unitsAbove(context, ids.finance!, on))).toEqual([ids.finance, ids.head]);
    expect(await ask((context) => positionOf(context, ids.Cem!, day("2025-06-01")))).toBeUndefined();
  });

  test("an empty seat passes the question up, from the day it is empty", async () => {
    await house.run(endHolding, { holdingId: ids.BenSits, lastDay: "2026-12-31" }, kim);
    expect(await ask((context) => managerOf(context, ids.Cem!, day("2026-12-31")))).toBe(ids.Ben);
    expect(await ask((context) => managerOf(context, ids.Cem!, day("2027-01-01")))).toBe(ids.Ada);
    expect((await ask((context) => reportsOf(context, ids.Ada!, day("2027-01-01")))).toSorted()).toEqual([ids.Cem, ids.Dana].toSorted());
    const chart = await house.run(getOrgChart, { asOf: "2027-01-01" }, kim);
    expect(chart.nodes.find((node) => node.code === "P2")).toMatchObject({ person: null, reportsToId: ids.P1, unit: "Finance" });
    expect(chart.units).toHaveLength(2);
  });
});

describe("seats and units", () => {
  test("a seat is taken once, and a person sits once", async () => {
    const hold = (input: Record<string, unknown>) =>
      house.run(holdPosition, { positionId: ids.P2, personId: ids.Eve, from: "2027-02-01", ...input }, kim);
    await expect(hold({ from: "2026-12-01" })).rejects.toEqual(code("seatTaken"));
    await expect(hold({ personId: ids.Cem })).rejects.toEqual(code("personSeated"));
    await expect(hold({ positionId: nobody })).rejects.toEqual(code("seatUnknown"));
    await expect(hold({ personId: nobody })).rejects.toEqual(code("personUnknown"));
    await expect(hold({ from: "2025-01-01", until: "2025-02-01" })).rejects.toEqual(code("seatNotPlanned"));
    await expect(hold({ until: "2027-01-01" })).rejects.toEqual(code("untilBeforeFrom"));
    const { id } = await hold({});
    expect(await house.call("directory.position.get", { id: ids.P2 }, kim)).toMatchObject({ state: "filled", person: "Ben" });
    expect(await house.call("directory.position.get", { id: ids.P2, asOf: "2027-01-15" }, kim)).toMatchObject({ state: "committed" });
    await house.run(changeHoldingStart, { holdingId: id, from: "2027-03-01" }, kim);
    await expect(house.run(changeHoldingStart, { holdingId: id, from: "2026-12-31" }, kim)).rejects.toEqual(code("seatTaken"));
    await expect(house.run(changeHoldingStart, { holdingId: nobody, from: "2026-12-31" }, kim)).rejects.toEqual(code("notFound"));
    await expect(house.run(changeHoldingStart, { holdingId: ids.CemSits, from: "2026-12-31" }, kim)).rejects.toEqual(code("alreadySeated"));
    await expect(house.run(cancelHolding, { holdingId: ids.CemSits }, kim)).rejects.toEqual(code("alreadySeated"));
    await expect(house.run(endHolding, { holdingId: ids.CemSits, lastDay: "2025-12-31" }, kim)).rejects.toEqual(code("notYetSeated"));
    await expect(house.run(endHolding, { holdingId: ids.BenSits, lastDay: "2027-03-01" }, kim)).rejects.toEqual(code("seatTaken"));
    await house.run(endHolding, { holdingId: id, lastDay: "2027-06-30" }, kim);
    await expect(house.run(changeHoldingStart, { holdingId: id, from: "2027-07-01" }, kim)).rejects.toEqual(code("untilBeforeFrom"));
    await expect(house.run(continueHolding, { holdingId: id, lastDay: "2027-06-01" }, kim)).rejects.toEqual(code("notLonger"));
    await expect(house.run(continueHolding, { holdingId: nobody }, kim)).rejects.toEqual(code("notFound"));
    await expect(house.run(continueHolding, { holdingId: ids.BenSits }, kim)).rejects.toEqual(code("seatTaken"));
    await house.run(continueHolding, { holdingId: id }, kim);
    await house.run(cancelHolding, { holdingId: id }, kim);
    await expect(house.run(cancelHolding, { holdingId: id }, kim)).rejects.toEqual(code("notFound"));
    await expect(house.run(endHolding, { holdingId: id, lastDay: "2027-03-01" }, kim)).rejects.toEqual(code("notFound"));
  });

  test("a seat that an employment brought follows it, and nobody changes it by hand", async () => {
    const input = { positionId: ids.P2, personId: ids.Eve, from: day("2027-02-01"), until: day("2027-05-31") };
    const { id: holdingId } = await house.funnel.work(house.tenantId, (context) => context.callAsSystem(holdPosition, input as never));
    expect(await house.call("directory.holding.get", { id: holdingId }, kim)).toMatchObject({ ofEmployment: true });
    for (const [operation, more] of [
      [endHolding, { lastDay: "2027-03-31" }],
      [changeHoldingStart, { from: "2027-03-01" }],
      [continueHolding, {}],
      [cancelHolding, {}],
    ] as const) {
      await expect(house.run(operation, { holdingId, ...more }, kim)).rejects.toEqual(code("seatOfEmployment"));
    }
    await house.funnel.work(house.tenantId, (context) => context.callAsSystem(cancelHolding, { holdingId }));
    expect(await house.call("directory.holding.get", { id: ids.BenSits }, kim)).toMatchObject({ ofEmployment: false });
  });

  test("two who take one seat at once: one has it, the other is told", async () => {
    const { id: positionId } = await house.run(createPosition, { code: "P9", jobId: ids.job, unitId: ids.finance }, kim);
    const people = await Promise.all(["Fay", "Gus"].map((name) => house.run(createPerson, { name }, kim)));
    const tries = await Promise.allSettled(
      people.map(({ id }) => house.run(holdPosition, { positionId, personId: id, from: "2027-01-01" }, kim)),
    );
    expect(tries.map((one) => one.status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(tries.find((one) => one.status === "rejected")).toMatchObject({ reason: { code: "seatTaken" } });
  });

  test("a seat changes from a day on, and cannot report to itself", async () => {
    await house.run(changePosition, { positionId: ids.P4, from: "2027-01-01", title: "Controller", reportsToId: ids.P3 }, kim);
    expect(await ask((context) => managerOf(context, ids.Dana!, day("2027-01-01")))).toBe(ids.Cem);
    expect(await ask((context) => managerOf(context, ids.Dana!, day("2026-12-31")))).toBe(ids.Ben);
    const change = (input: Record<string, unknown>) => house.run(changePosition, { positionId: ids.P3, from: "2026-12-01", ...input }, kim);
    // In December the circle is not there yet; from January on it would be.
    await expect(change({ reportsToId: ids.P4 })).rejects.toEqual(code("lineCircle"));
    await expect(change({ reportsToId: ids.P3 })).rejects.toEqual(code("lineCircle"));
    await expect(change({ reportsToId: nobody })).rejects.toEqual(code("lineNotThere"));
    await expect(change({ unitId: nobody })).rejects.toEqual(code("unitNotThere"));
    await expect(change({ jobId: nobody })).rejects.toEqual(code("jobUnknown"));
    await expect(change({ siteId: nobody })).rejects.toEqual(code("siteUnknown"));
    await expect(change({ from: "2025-01-01" })).rejects.toEqual(code("notFound"));
    const create = (input: Record<string, unknown>) =>
      house.run(createPosition, { code: "P8", jobId: ids.job, unitId: ids.finance, ...input }, kim);
    await expect(create({ code: "P1" })).rejects.toEqual(code("codeTaken"));
    await expect(create({ from: "2027-01-02", until: "2027-01-01" })).rejects.toEqual(code("untilBeforeFrom"));
    await expect(create({ unitId: nobody })).rejects.toEqual(code("unitNotThere"));
    await expect(create({ jobId: nobody })).rejects.toEqual(code("jobUnknown"));
    await expect(create({ siteId: nobody })).rejects.toEqual(code("siteUnknown"));
    await expect(create({ reportsToId: nobody })).rejects.toEqual(code("lineNotThere"));
    await expect(house.run(createJob, { code: "ACC", title: "A" }, kim)).rejects.toEqual(code("codeTaken"));
  });

  test("a seat closes when nobody needs it", async () => {
    await expect(house.run(closePosition, { positionId: ids.P3, lastDay: "2026-12-31" }, kim)).rejects.toEqual(code("seatHeld"));
    await expect(house.run(closePosition, { positionId: ids.P2, lastDay: "2027-12-31" }, kim)).rejects.toEqual(code("seatLeads"));
    await expect(house.run(closePosition, { positionId: nobody, lastDay: "2027-12-31" }, kim)).rejects.toEqual(code("notFound"));
    await house.run(endHolding, { holdingId: ids.DanaSits, lastDay: "2027-01-31" }, kim);
    await house.run(closePosition, { positionId: ids.P4, lastDay: "2027-01-31" }, kim);
    expect(await house.call("directory.position.get", { id: ids.P4, asOf: "2027-02-01" }, kim)).toMatchObject({
      state: "closed",
      lastDay: "2027-01-31",
    });
  });

  test("units are renamed, regrouped and closed from a day on", async () => {
    await house.run(changeUnit, { unitId: ids.finance, from: "2027-01-01", name: "Money", parentId: null }, kim);
    expect(await house.call("directory.unit.get", { id: ids.finance }, kim)).toMatchObject({ name: "Finance", parent: "Head office" });
    expect(await house.call("directory.unit.get", { id: ids.finance, asOf: "2027-01-01" }, kim)).toMatchObject({
      name: "Money",
      parent: null,
    });
    const change = (input: Record<string, unknown>) => house.run(changeUnit, { unitId: ids.head, from: "2026-06-01", ...input }, kim);
    await expect(change({ parentId: ids.finance })).rejects.toEqual(code("unitCircle"));
    await expect(change({ parentId: ids.head })).rejects.toEqual(code("unitCircle"));
    await expect(change({ parentId: nobody })).rejects.toEqual(code("parentNotThere"));
    await expect(change({ from: "2025-06-01" })).rejects.toEqual(code("notFound"));
    await expect(house.run(createUnit, { code: "FIN", name: "F" }, kim)).rejects.toEqual(code("codeTaken"));
    await expect(house.run(createUnit, { code: "F2", name: "F", parentId: nobody }, kim)).rejects.toEqual(code("parentNotThere"));
    await expect(house.run(createUnit, { code: "F2", name: "F", entityId: nobody }, kim)).rejects.toEqual(code("entityUnknown"));
    await expect(house.run(closeUnit, { unitId: ids.finance, lastDay: "2027-12-31" }, kim)).rejects.toEqual(code("unitInUse"));
    await expect(house.run(closeUnit, { unitId: nobody, lastDay: "2027-12-31" }, kim)).rejects.toEqual(code("notFound"));
    await house.run(closeUnit, { unitId: ids.head, lastDay: "2027-12-31" }, kim);
    expect(await house.call("directory.unit.get", { id: ids.head, asOf: "2028-01-01" }, kim)).toMatchObject({ state: "closed" });
  });

  test("every law of the directory holds, registers read, and another company sees nothing", async () => {
    for (const law of directory.laws ?? []) expect(await ask(law.breaks)).toEqual([]);
    for (const figure of directory.figures ?? []) expect(await ask((context) => figure.value(context, context.today))).toBe(0);
    const otherTenant = await house.otherCompany();
    for (const register of directory.registers) {
      await house.call(`${register.name}.list`, { count: true, search: "a" }, kim);
      const other = await house.funnel.run(`${register.name}.list`, { count: true }, { tenantId: otherTenant, actor: kim });
      expect(other).toMatchObject({ count: 0 });
    }
  });
});
