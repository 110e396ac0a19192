// Devices, systems, accounts, access and licences, on a real database.
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../kernel/day.ts";
import { type Id, newId } from "../../kernel/id.ts";
import { sql } from "../../platform/database/sql.ts";
import { system } from "../../platform/funnel/frame.ts";
import type { Actor, ReadContext } from "../../platform/operation/context.ts";
import { compose } from "../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../platform/testing/house.ts";
import { assets, createAsset, createModel } from "../assets/index.ts";
import {
  addRole,
  createJob,
  createPlace,
  createPosition,
  createUnit,
  createOrganisation,
  directory,
  endRole,
  holdPosition,
} from "../directory/index.ts";
import { office } from "../office/index.ts";
import { endAccess, giveAccess } from "./access.operations.ts";
import { closeAccount, closeAllAccounts, openAccount, openNeededAccounts, resumeAccount, suspendAccount } from "./account.operations.ts";
import {
  createDevice,
  handOverDevice,
  receiveDevice,
  releaseDevice,
  repairDevice,
  reportDeviceLost,
  reserveDevice,
  reserveFreeDevice,
  restoreDevice,
  retireDevice,
  takeBackDevice,
  wipeDevice,
} from "./device.operations.ts";
import {
  accountsAreOpen,
  deviceIsAccepted,
  deviceIsHandedOver,
  deviceIsReserved,
  holdsNoAccount,
  holdsNoDevice,
  noDeviceIsReserved,
} from "./facts.ts";
import { it } from "./index.ts";
import { assignLicence, createLicence, freeLicenceSeat } from "./licence.operations.ts";
import { createEntitlement, createSystem, retireSystem, updateSystem } from "./system.operations.ts";

let house: TestHouse;
let owner: Actor;
let keeper: Actor;
let mara: Actor;
let jon: Actor;
const today = "2026-11-21";

beforeAll(async () => {
  house = await openHouse({ registry: compose([directory, office, assets, it]), today });
  owner = await house.person("Olga Owner", "owner");
  keeper = await house.person("Ian Keeper", "it.manager");
  mara = await house.person("Mara");
  jon = await house.person("Jon");
});
afterAll(() => house.close());

const refused = (code: string, says?: string) => ({ code, ...(says && { message: expect.stringContaining(says) as string }) });
const laptop = async (more: object = {}): Promise<Id> =>
  (await house.run(createDevice, { kind: "laptop", name: "ThinkPad T14", ...more }, keeper)).id;
const handOver = (deviceId: Id, to: Actor = mara, on = today) => house.run(handOverDevice, { deviceId, personId: to.personId, on }, keeper);
const device = (id: Id) => house.call("it.device.get", { id }, keeper);
const ask = <T>(question: (context: ReadContext) => Promise<T>): Promise<T> =>
  house.funnel.read({ tenantId: house.tenantId, actor: system }, question);
let made = 0;
const newSystem = async (more: object = {}): Promise<Id> =>
  (await house.run(createSystem, { name: `System ${++made}`, kind: "application", ...more }, keeper)).id;

test("a device is reserved, handed over, taken back and wiped; the facts follow", async () => {
  const nina = await house.person("Nina Newcomer");
  const id = await laptop();
  const facts = () =>
    ask(async (context) => ({
      reserved: await deviceIsReserved(context, nina.personId!),
      handedOver: await deviceIsHandedOver(context, nina.personId!),
      accepted: await deviceIsAccepted(context, nina.personId!),
      nothing: await holdsNoDevice(context, nina.personId!),
      unreserved: await noDeviceIsReserved(context, nina.personId!),
    }));
  expect(await facts()).toEqual({ reserved: false, handedOver: false, accepted: false, nothing: true, unreserved: true });
  await house.run(reserveDevice, { deviceId: id, personId: nina.personId, from: "2026-12-01" }, keeper);
  expect(await facts()).toEqual({ reserved: true, handedOver: false, accepted: false, nothing: true, unreserved: false });
  expect(await device(id)).toMatchObject({
    state: "reserved",
    can: expect.arrayContaining(["it.device.handOver", "it.device.release"]) as string[],
  });
  const custody = await handOver(id, nina);
  expect(await facts()).toEqual({ reserved: true, handedOver: true, accepted: false, nothing: false, unreserved: true });
  await house.call("assets.custody.accept", { custodyId: custody.id }, nina);
  expect((await facts()).accepted).toBe(true);
  expect(await device(id)).toMatchObject({ state: "inUse", person: "Nina Newcomer", isAccepted: true, toWipe: false });
  await house.run(takeBackDevice, { deviceId: id, on: today, condition: "good" }, keeper);
  expect(await facts()).toMatchObject({ handedOver: false, nothing: true });
  expect(await device(id)).toMatchObject({ state: "inStock", toWipe: true });
  await expect(house.run(retireDevice, { deviceId: id, on: today, note: "Sold" }, keeper)).rejects.toMatchObject(
    refused("notWiped", today),
  );
  await house.run(wipeDevice, { deviceId: id, on: today, method: "NIST 800-88 purge" }, keeper);
  expect(await device(id)).toMatchObject({ toWipe: false, wipedOn: today });
  await house.run(retireDevice, { deviceId: id, on: today, note: "Sold" }, keeper);
});

test("what hinders a device is said in words", async () => {
  const held = await laptop();
  await handOver(held);
  await expect(handOver(held, jon)).rejects.toMatchObject(refused("deviceHeld", `held by Mara since ${today}`));
  const reserve = (deviceId: Id) => house.run(reserveDevice, { deviceId, personId: jon.personId, from: today }, keeper);
  await expect(reserve(held)).rejects.toMatchObject(refused("deviceHeld"));
  await expect(house.run(wipeDevice, { deviceId: held, on: today, method: "x" }, keeper)).rejects.toMatchObject(refused("deviceHeld"));
  const reserved = await laptop();
  await house.run(reserveDevice, { deviceId: reserved, personId: mara.personId, from: today }, keeper);
  await expect(handOver(reserved, jon)).rejects.toMatchObject(refused("reservedForAnother", "reserved for Mara"));
  await expect(reserve(reserved)).rejects.toMatchObject(refused("reservedForAnother"));
  await house.run(releaseDevice, { deviceId: reserved }, keeper);
  await expect(house.run(releaseDevice, { deviceId: reserved }, keeper)).rejects.toMatchObject(refused("notReserved"));
  await handOver(reserved, jon);
  const ordered = await laptop({ onOrder: true });
  await expect(handOver(ordered)).rejects.toMatchObject(refused("deviceNotHereYet"));
  await house.run(receiveDevice, { deviceId: ordered, on: today }, keeper);
  await house.run(repairDevice, { deviceId: ordered, note: "Fan" }, keeper);
  await expect(handOver(ordered)).rejects.toMatchObject(refused("deviceInRepair"));
  await house.run(restoreDevice, { deviceId: ordered }, keeper);
  await expect(handOver(ordered, mara, "2026-11-22")).rejects.toMatchObject(refused("dayToCome"));
  await handOver(ordered, mara, "2026-11-01");
  const back = (on: string) => house.run(takeBackDevice, { deviceId: ordered, on, condition: "good", wipe: "purge" }, keeper);
  await expect(back("2026-10-31")).rejects.toMatchObject(refused("endBeforeStart"));
  await expect(back("2026-11-22")).rejects.toMatchObject(refused("dayToCome"));
  await back("2026-11-10");
  expect(await device(ordered)).toMatchObject({ toWipe: false, wipedOn: "2026-11-10" });
  await expect(back(today)).rejects.toMatchObject(refused("notHeld", "in stock"));
  await expect(handOver(ordered, jon, "2026-11-09")).rejects.toMatchObject(refused("heldThen"));
  await expect(house.run(wipeDevice, { deviceId: ordered, on: "2026-12-24", method: "x" }, keeper)).rejects.toMatchObject(
    refused("dayToCome"),
  );
  await house.run(reportDeviceLost, { deviceId: ordered, on: today, note: "Stolen" }, keeper);
  await expect(handOver(ordered)).rejects.toMatchObject(refused("deviceLost"));
  await expect(reserve(ordered)).rejects.toMatchObject(refused("deviceLost"));
  await house.run(retireDevice, { deviceId: ordered, on: today, note: "Stolen" }, keeper);
  await expect(handOver(ordered)).rejects.toMatchObject(refused("deviceRetired"));
  await expect(reserve(ordered)).rejects.toMatchObject(refused("deviceRetired"));
});

test("another department's thing is no device", async () => {
  const { id } = await house.run(createAsset, { kind: "vehicle", name: "Van" }, owner);
  const model = await house.run(createModel, { kind: "vehicle", maker: "Ford", name: "Transit" }, owner);
  await expect(house.run(createDevice, { modelId: model.id }, keeper)).rejects.toMatchObject(refused("notADevice"));
  const tries = [
    () => handOver(id),
    () => house.run(reserveDevice, { deviceId: id, personId: jon.personId, from: today }, keeper),
    () => house.run(releaseDevice, { deviceId: id }, keeper),
    () => house.run(takeBackDevice, { deviceId: id, on: today, condition: "good" }, keeper),
    () => house.run(wipeDevice, { deviceId: id, on: today, method: "x" }, keeper),
    () => house.run(receiveDevice, { deviceId: id, on: today }, keeper),
    () => house.run(repairDevice, { deviceId: id, note: "x" }, keeper),
    () => house.run(restoreDevice, { deviceId: id }, keeper),
    () => house.run(reportDeviceLost, { deviceId: id, on: today, note: "x" }, keeper),
    () => house.run(retireDevice, { deviceId: id, on: today, note: "x" }, keeper),
  ];
  for (const attempt of tries) await expect(attempt()).rejects.toMatchObject(refused("notFound"));
  await expect(handOver(id, mara)).rejects.toMatchObject(refused("notFound"));
  await expect(house.run(createDevice, { kind: "laptop", name: "X" }, mara)).rejects.toMatchObject({ name: "NotPermitted" });
});

test("any free device: everyone who asks at once gets their own, then none is left", async () => {
  const free = await Promise.all(Array.from({ length: 3 }, () => laptop({ kind: "tablet" })));
  const people = await Promise.all(["A", "B", "C", "D"].map((name) => house.person(`Asker ${name}`)));
  const wish = (person: Actor) => house.run(reserveFreeDevice, { personId: person.personId, from: today, kind: "tablet" }, keeper);
  const results = await Promise.allSettled(people.map(wish));
  const got = results.flatMap((result) => (result.status === "fulfilled" ? [result.value.deviceId] : []));
  expect(got.toSorted()).toEqual(free.toSorted());
  expect(results.filter((result) => result.status === "rejected").map((result) => result.reason as unknown)).toMatchObject([
    refused("noneFree", "tablet"),
  ]);
  await laptop({ kind: "tablet" });
  const nobody = house.run(reserveFreeDevice, { personId: newId(), from: today, kind: "tablet" }, keeper);
  await expect(nobody).rejects.toMatchObject(refused("notFound"));
});

test("of sixteen who hand over one device at once exactly one does", async () => {
  const id = await laptop();
  const people = await Promise.all(Array.from({ length: 16 }, (_, index) => house.person(`Racer ${index}`)));
  const results = await Promise.allSettled(people.map((person) => handOver(id, person)));
  expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
  for (const result of results)
    if (result.status === "rejected") expect(result.reason).toMatchObject(refused("deviceHeld", "held by Racer"));
});

test("the database's own no is worded too", async () => {
  const [one, two] = [await laptop(), await laptop()];
  const clash = async (insert: ReturnType<typeof sql>, wish: () => Promise<unknown>) => {
    let outcome: Promise<unknown> = Promise.resolve();
    await house.funnel.work(house.tenantId, async (context) => {
      await context.db.run(insert);
      outcome = wish().catch((error: unknown) => error);
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
    return outcome;
  };
  const custody = sql`insert into assets.custody (tenant_id, id, asset_id, person_id, from_day)
    values (${house.tenantId}, ${newId()}, ${one}, ${jon.personId}, ${today}::date)`;
  expect(await clash(custody, () => handOver(one))).toMatchObject(refused("givenMeanwhile"));
  const promise = sql`insert into assets.reservation (tenant_id, id, asset_id, person_id, from_day, made_at)
    values (${house.tenantId}, ${newId()}, ${two}, ${jon.personId}, ${today}::date, ${new Date()})`;
  const wish = () => house.run(reserveDevice, { deviceId: two, personId: mara.personId, from: today }, keeper);
  expect(await clash(promise, wish)).toMatchObject(refused("reservedMeanwhile"));
});

test("systems are added, changed and retired", async () => {
  const id = await newSystem({ ownerId: mara.personId, url: "https://mail.example.com" });
  const { name } = (await house.call("it.system.get", { id }, jon)) as { name: string };
  const again = house.run(createSystem, { name, kind: "application" }, keeper);
  await expect(again).rejects.toMatchObject(refused("nameTaken"));
  await expect(newSystem({ ownerId: newId() })).rejects.toMatchObject(refused("notFound"));
  await expect(newSystem({ jobIds: [newId()] })).rejects.toMatchObject(refused("jobUnknown"));
  const other = await newSystem();
  await expect(house.run(updateSystem, { systemId: other, name }, keeper)).rejects.toMatchObject(refused("nameTaken"));
  await expect(house.run(updateSystem, { systemId: other, jobIds: [newId()] }, keeper)).rejects.toMatchObject(refused("jobUnknown"));
  await expect(house.run(updateSystem, { systemId: newId() }, keeper)).rejects.toMatchObject(refused("notFound"));
  await house.run(updateSystem, { systemId: other, name: "Wiki", forEveryone: false }, keeper);
  expect(await house.call("it.system.get", { id: other }, jon)).toMatchObject({ name: "Wiki", state: "active" });
  const account = await house.run(openAccount, { systemId: other, personId: jon.personId }, keeper);
  await expect(house.run(retireSystem, { systemId: other, on: today }, keeper)).rejects.toMatchObject(
    refused("accountsLeft", "1 accounts"),
  );
  await house.run(closeAccount, { accountId: account.id }, keeper);
  await house.run(retireSystem, { systemId: other, on: today }, keeper);
  await expect(house.run(retireSystem, { systemId: other, on: today }, keeper)).rejects.toMatchObject(refused("systemRetired"));
  await expect(house.run(retireSystem, { systemId: newId(), on: today }, keeper)).rejects.toMatchObject(refused("notFound"));
  const late = house.run(openAccount, { systemId: other, personId: jon.personId }, keeper);
  await expect(late).rejects.toMatchObject(refused("systemRetired"));
});

test("an account is opened, suspended, resumed and closed", async () => {
  const systemId = await newSystem();
  const open = (personId: unknown, login?: string) => house.run(openAccount, { systemId, personId, login }, keeper);
  const { id: accountId } = await open(mara.personId);
  expect(await house.call("it.account.get", { id: accountId }, mara)).toMatchObject({ login: "mara@example.test", state: "open" });
  await expect(house.call("it.account.get", { id: accountId }, jon)).rejects.toMatchObject(refused("notFound"));
  await expect(open(mara.personId)).rejects.toMatchObject(refused("accountExists", "mara@example.test"));
  await expect(open(jon.personId, "MARA@example.test")).rejects.toMatchObject(refused("loginTaken"));
  await expect(open(newId())).rejects.toMatchObject(refused("notFound"));
  await house.run(suspendAccount, { accountId, note: "Long leave" }, keeper);
  await expect(house.run(suspendAccount, { accountId, note: "Again" }, keeper)).rejects.toMatchObject(refused("notOpen", "suspended"));
  await house.run(resumeAccount, { accountId }, keeper);
  await expect(house.run(resumeAccount, { accountId }, keeper)).rejects.toMatchObject(refused("notSuspended"));
  await expect(house.run(closeAccount, { accountId, on: "2026-11-20" }, keeper)).rejects.toMatchObject(refused("beforeOpened"));
  await expect(house.run(closeAccount, { accountId, on: "2026-11-22" }, keeper)).rejects.toMatchObject(refused("dayToCome"));
  await house.run(closeAccount, { accountId }, keeper);
  await expect(house.run(closeAccount, { accountId }, keeper)).rejects.toMatchObject(refused("accountClosed"));
  for (const attempt of [
    () => house.run(suspendAccount, { accountId: newId(), note: "x" }, keeper),
    () => house.run(resumeAccount, { accountId: newId() }, keeper),
    () => house.run(closeAccount, { accountId: newId() }, keeper),
  ]) {
    await expect(attempt()).rejects.toMatchObject(refused("notFound"));
  }
});

test("someone's accounts are open when every system of everyone and of their job has one", async () => {
  const unit = await house.run(createUnit, { code: "OPS", name: "Operations", from: "2026-01-01" }, owner);
  const job = await house.run(createJob, { code: "ENG", title: "Engineer" }, owner);
  const [mail, code] = [await newSystem({ forEveryone: true }), await newSystem({ jobIds: [job.id] })];
  const emil = await house.person("Emil Engineer");
  const position = await house.run(
    createPosition,
    { code: "ENG-1", title: "Engineer", jobId: job.id, unitId: unit.id, from: "2026-01-01" },
    owner,
  );
  await house.run(holdPosition, { positionId: position.id, personId: emil.personId, from: "2026-12-01" }, owner);
  const are = (person: Actor) => ask((context) => accountsAreOpen(context, person.personId!));
  expect(await are(emil)).toBe(false);
  await house.run(openAccount, { systemId: mail, personId: emil.personId }, keeper);
  expect(await are(emil)).toBe(false);
  const { accountIds } = await house.run(openNeededAccounts, { personId: emil.personId }, keeper);
  expect(accountIds).toHaveLength(1);
  expect(await are(emil)).toBe(true);
  expect(await ask((context) => holdsNoAccount(context, emil.personId!))).toBe(false);
  await house.run(suspendAccount, { accountId: accountIds[0], note: "x" }, keeper);
  expect(await are(emil)).toBe(false);
  expect(await house.run(closeAllAccounts, { personId: emil.personId }, keeper)).toEqual({ closed: 2, seats: 0 });
  expect(await ask((context) => holdsNoAccount(context, emil.personId!))).toBe(true);
  await house.run(openAccount, { systemId: code, personId: jon.personId, login: "emil.engineer@example.test" }, keeper);
  await expect(house.run(openNeededAccounts, { personId: emil.personId }, keeper)).rejects.toMatchObject(refused("loginTaken"));
  for (const operation of [openNeededAccounts, closeAllAccounts]) {
    await expect(house.run(operation, { personId: newId() }, keeper)).rejects.toMatchObject(refused("notFound"));
  }
  await house.run(updateSystem, { systemId: mail, forEveryone: false }, keeper);
  await house.run(openAccount, { systemId: mail, personId: emil.personId }, keeper);
  await expect(house.run(closeAllAccounts, { personId: emil.personId, on: "2026-11-20" }, keeper)).rejects.toMatchObject(
    refused("beforeOpened"),
  );
  await expect(house.run(closeAllAccounts, { personId: emil.personId, on: "2026-11-22" }, keeper)).rejects.toMatchObject(
    refused("dayToCome"),
  );
});

test("access is granted on an open account, with a reason, and ends with it", async () => {
  const systemId = await newSystem({ ownerId: jon.personId });
  const { id: entitlementId } = await house.run(createEntitlement, { systemId, name: "Administrator", isPrivileged: true }, keeper);
  await expect(house.run(createEntitlement, { systemId, name: "Administrator" }, keeper)).rejects.toMatchObject(refused("nameTaken"));
  await expect(house.run(createEntitlement, { systemId: newId(), name: "X" }, keeper)).rejects.toMatchObject(refused("notFound"));
  const give = (person: Actor, more: object = {}) =>
    house.run(giveAccess, { entitlementId, personId: person.personId, from: today, reason: "Runs it", ...more }, keeper);
  await expect(give(mara)).rejects.toMatchObject(refused("noAccount", "Mara has no open account"));
  await expect(give(keeper)).rejects.toMatchObject(refused("selfGrant"));
  await expect(give(mara, { until: "2026-01-01" })).rejects.toMatchObject(refused("untilBeforeFrom"));
  await expect(give(mara, { entitlementId: newId() })).rejects.toMatchObject(refused("notFound"));
  await expect(give(mara, { personId: newId() })).rejects.toMatchObject(refused("notFound"));
  const account = await house.run(openAccount, { systemId, personId: mara.personId }, keeper);
  const { id } = await give(mara);
  await expect(give(mara, { from: "2026-12-01" })).rejects.toMatchObject(refused("accessGiven", today));
  expect(await house.call("it.accessGrant.get", { id }, jon)).toMatchObject({
    state: "running",
    isPrivileged: true,
    grantedBy: "Ian Keeper",
  });
  await house.run(endAccess, { accessGrantId: id, lastDay: today }, keeper);
  await expect(house.run(endAccess, { accessGrantId: id, lastDay: today }, keeper)).rejects.toMatchObject(refused("accessEnded"));
  await expect(house.run(endAccess, { accessGrantId: newId(), lastDay: today }, keeper)).rejects.toMatchObject(refused("notFound"));
  const planned = await give(mara, { from: "2027-01-01" });
  await house.run(endAccess, { accessGrantId: planned.id, lastDay: today }, keeper);
  await expect(house.call("it.accessGrant.get", { id: planned.id }, keeper)).rejects.toMatchObject(refused("notFound"));
  const running = await give(mara, { from: "2026-11-22", until: "2027-11-22" });
  await house.run(closeAccount, { accountId: account.id }, keeper);
  await expect(house.call("it.accessGrant.get", { id: running.id }, keeper)).rejects.toMatchObject(refused("notFound"));
});

test("a licence gives no more seats than were bought, however many ask at once", async () => {
  const supplier = await house.run(createOrganisation, { name: "Softworks", roles: ["supplier"] }, owner);
  const wish = {
    name: "Design suite",
    seats: 2,
    supplierId: supplier.id,
    cost: { amount: "480.00", currency: "EUR" },
    renewsOn: "2027-01-15",
    noticeDays: 45,
  };
  const { id: licenceId } = await house.run(createLicence, wish, keeper);
  await expect(house.run(createLicence, wish, keeper)).rejects.toMatchObject(refused("nameTaken"));
  await expect(house.run(createLicence, { name: "X", seats: 1, systemId: newId() }, keeper)).rejects.toMatchObject(refused("notFound"));
  const assign = (personId: unknown) => house.run(assignLicence, { licenceId, personId, from: today }, keeper);
  const people = await Promise.all(Array.from({ length: 6 }, (_, index) => house.person(`User ${index}`)));
  const results = await Promise.allSettled(people.map((person) => assign(person.personId)));
  const seats = results.flatMap((result) => (result.status === "fulfilled" ? [result.value.id] : []));
  expect(seats).toHaveLength(2);
  for (const result of results) if (result.status === "rejected") expect(result.reason).toMatchObject(refused("noSeatFree", "All 2 seats"));
  expect(await house.call("it.licence.get", { id: licenceId }, keeper)).toMatchObject({
    used: 2,
    free: 0,
    noticeBy: "2026-12-01",
    supplier: "Softworks",
  });
  await expect(house.run(freeLicenceSeat, { licenceSeatId: seats[0], on: "2026-11-20" }, keeper)).rejects.toMatchObject(
    refused("endBeforeStart"),
  );
  await house.run(freeLicenceSeat, { licenceSeatId: seats[0], on: today }, keeper);
  await expect(house.run(freeLicenceSeat, { licenceSeatId: seats[0], on: today }, keeper)).rejects.toMatchObject(refused("seatEnded"));
  await expect(house.run(freeLicenceSeat, { licenceSeatId: newId(), on: today }, keeper)).rejects.toMatchObject(refused("notFound"));
  const kept = people[results.findIndex((result) => result.status === "fulfilled" && result.value.id === seats[1])]!;
  await expect(assign(kept.personId)).rejects.toMatchObject(refused("seatGiven"));
  await expect(assign(newId())).rejects.toMatchObject(refused("notFound"));
  await assign(mara.personId);
  expect(await house.run(closeAllAccounts, { personId: mara.personId }, keeper)).toMatchObject({ seats: 1 });
});

test("whoever has left and still holds something stands on the list until they hold nothing", async () => {
  const lea = await house.person("Lea Leaver");
  await house.run(addRole, { partyId: lea.personId, role: "employee", from: "2026-01-01" }, owner);
  const laptopId = await laptop();
  await handOver(laptopId, lea);
  await house.run(openAccount, { systemId: await newSystem(), personId: lea.personId }, keeper);
  const list = () => house.call("it.leaver.list", { search: "Lea" }, keeper) as unknown as Promise<{ rows: object[] }>;
  expect((await list()).rows).toEqual([]);
  await house.run(endRole, { partyId: lea.personId, role: "employee", lastDay: "2026-11-20" }, owner);
  expect((await list()).rows).toMatchObject([{ person: "Lea Leaver", lastDay: "2026-11-20", things: 1, accounts: 1 }]);
  await house.run(takeBackDevice, { deviceId: laptopId, on: today, condition: "good" }, keeper);
  await house.run(closeAllAccounts, { personId: lea.personId }, keeper);
  expect((await list()).rows).toEqual([]);
});

test("every law holds, and every figure is a number", async () => {
  await house.run(createPlace, { kind: "site", code: "HH", name: "Hamburg" }, owner);
  await ask(async (context) => {
    for (const law of [...assets.laws!, ...it.laws!]) expect(await law.breaks(context)).toEqual([]);
    for (const figure of it.figures!) expect(await figure.value(context, day(today))).toBeTypeOf("number");
  });
});
