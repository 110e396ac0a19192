// Things and their custody, on a real database: every refusal, the race for one thing, and the laws.
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../kernel/day.ts";
import { type Id, newId } from "../../kernel/id.ts";
import { sql } from "../../platform/database/sql.ts";
import { system } from "../../platform/funnel/frame.ts";
import type { Actor } from "../../platform/operation/context.ts";
import { compose } from "../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../platform/testing/house.ts";
import { createPlace, directory } from "../directory/index.ts";
import { office } from "../office/index.ts";
import { createAsset, createModel, findAsset, setTagSeries, updateAsset } from "./asset.operations.ts";
import {
  acceptCustody,
  cancelAssetReservation,
  disputeCustody,
  giveAsset,
  passOnAsset,
  reserveAsset,
  takeBackAsset,
} from "./custody.operations.ts";
import { assets, holdingsOf, reservationsOf } from "./index.ts";
import { getLabel, printLabel } from "./label.operations.ts";
import { receiveAsset, reinstateAsset, repairAsset, reportAssetLost, restoreAsset, retireAsset } from "./standing.operations.ts";

let house: TestHouse;
let keeper: Actor;
let mara: Actor;
let jon: Actor;
const today = "2026-11-21";

beforeAll(async () => {
  house = await openHouse({ registry: compose([directory, office, assets]), today });
  keeper = await house.person("Kim Keeper", "assets.manager");
  mara = await house.person("Mara");
  jon = await house.person("Jon");
});
afterAll(() => house.close());

const laptop = async (more: object = {}): Promise<Id> =>
  (await house.run(createAsset, { kind: "laptop", name: "ThinkPad T14", ...more }, keeper)).id;
const give = async (assetId: Id, to: Actor = mara, from = today): Promise<Id> =>
  (await house.run(giveAsset, { assetId, personId: to.personId, from }, keeper)).id;
const refused = (code: string, says?: string) => ({ code, ...(says && { message: expect.stringContaining(says) as string }) });
const asset = (id: Id, as = keeper) => house.call("assets.asset.get", { id }, as);

test("a thing gets the next tag of the series; its model gives it its name", async () => {
  const model = await house.run(createModel, { kind: "laptop", maker: "Lenovo", name: "ThinkPad T14", lifeMonths: 48 }, keeper);
  const wish = { modelId: model.id, boughtOn: "2026-01-31", cost: { amount: "1249.00", currency: "EUR" } };
  const first = await house.run(createAsset, wish, keeper);
  const second = await house.run(createAsset, { modelId: model.id, onOrder: true }, keeper);
  expect(first.tag).toMatch(/^HW-\d{5}$/);
  expect(Number(second.tag.slice(3))).toBe(Number(first.tag.slice(3)) + 1);
  expect(await asset(first.id)).toMatchObject({ name: "Lenovo ThinkPad T14", state: "inStock", cost: wish.cost, replaceBy: "2030-01-31" });
  expect(await asset(second.id)).toMatchObject({ state: "ordered" });
  const list = await house.call("assets.asset.list", { count: true, filter: { modelId: model.id } }, keeper);
  expect(list).toMatchObject({ count: 2, totals: [{ column: "cost", amount: "1249.00", currency: "EUR" }] });
  await expect(house.run(createModel, { kind: "laptop", maker: "Lenovo", name: "ThinkPad T14" }, keeper)).rejects.toMatchObject(
    refused("modelKnown"),
  );
  await expect(house.run(createAsset, { modelId: model.id, kind: "phone" }, keeper)).rejects.toMatchObject(
    refused("kindDiffers", "laptop"),
  );
});

test("tags given by hand are kept and skipped by the series; the letters can be chosen", async () => {
  const { tag } = await house.run(createAsset, { kind: "key", name: "Key 1" }, keeper);
  const next = `HW-${String(Number(tag.slice(3)) + 1).padStart(5, "0")}`;
  await house.run(createAsset, { kind: "key", name: "Key 2", tag: next }, keeper);
  await expect(house.run(createAsset, { kind: "key", name: "Key 3", tag: next }, keeper)).rejects.toMatchObject(refused("tagTaken"));
  const skipped = await house.run(createAsset, { kind: "key", name: "Key 3" }, keeper);
  expect(Number(skipped.tag.slice(3))).toBe(Number(next.slice(3)) + 1);
  await house.run(setTagSeries, { prefix: "NB" }, keeper);
  expect((await house.run(createAsset, { kind: "key", name: "Key 4" }, keeper)).tag).toMatch(/^NB-/);
  await house.run(setTagSeries, { prefix: "HW" }, keeper);
});

test("a thing is refused that lacks what it needs", async () => {
  await laptop({ serial: "SN-1" });
  const cases: [object, string][] = [
    [{ name: "What" }, "kindMissing"],
    [{ kind: "laptop" }, "kindMissing"],
    [{ modelId: newId() }, "modelUnknown"],
    [{ kind: "laptop", name: "X", serial: "sn-1" }, "serialTaken"],
    [{ kind: "laptop", name: "X", placeId: newId() }, "placeUnknown"],
    [{ kind: "laptop", name: "X", parentId: newId() }, "parentUnknown"],
  ];
  for (const [input, code] of cases) await expect(house.run(createAsset, input, keeper)).rejects.toMatchObject(refused(code));
  await expect(house.run(createAsset, { kind: "laptop", name: "X" }, mara)).rejects.toMatchObject({ name: "NotPermitted" });
});

test("what is known of a thing is corrected", async () => {
  const [dock, part] = [await laptop({ serial: "SN-2" }), await laptop()];
  const site = await house.run(
    createPlace,
    { kind: "site", code: "BER", name: "Berlin" },
    { ...keeper, grants: [{ role: "directory.manager", scope: null }] },
  );
  await house.run(updateAsset, { assetId: part, parentId: dock, placeId: site.id, name: "Dock" }, keeper);
  expect(await asset(part)).toMatchObject({ name: "Dock", place: "Berlin", siteId: site.id, parentId: dock });
  await expect(house.run(updateAsset, { assetId: dock, parentId: part }, keeper)).rejects.toMatchObject(refused("insideItself"));
  await expect(house.run(updateAsset, { assetId: part, serial: "sn-2" }, keeper)).rejects.toMatchObject(refused("serialTaken"));
  await expect(house.run(updateAsset, { assetId: part, placeId: newId() }, keeper)).rejects.toMatchObject(refused("placeUnknown"));
  await expect(house.run(updateAsset, { assetId: part, parentId: newId() }, keeper)).rejects.toMatchObject(refused("parentUnknown"));
  await expect(house.run(updateAsset, { assetId: newId(), name: "X" }, keeper)).rejects.toMatchObject(refused("notFound"));
});

test("anyone finds a thing by tag, serial number or scanned label", async () => {
  const { id, tag } = await house.run(createAsset, { kind: "printer", name: "Printer", serial: "P-77" }, keeper);
  for (const code of [tag.toLowerCase(), "p-77", `/r/assets/asset/${id}`, `https://house.example/r/assets/asset/${id}`]) {
    expect(await house.run(findAsset, { code }, mara)).toMatchObject({ assetId: id, tag });
  }
  await laptop({ serial: "P-77" });
  await expect(house.run(findAsset, { code: "P-77" }, mara)).rejects.toMatchObject(refused("codeAmbiguous"));
  await expect(house.run(findAsset, { code: "nothing" }, mara)).rejects.toMatchObject(refused("codeUnknown"));
});

test("a thing is set aside, handed over, accepted and taken back; its history stays", async () => {
  const id = await laptop();
  await house.run(reserveAsset, { assetId: id, personId: mara.personId, from: "2026-12-01" }, keeper);
  expect(await asset(id)).toMatchObject({ state: "reserved", reservedFor: "Mara" });
  expect(await house.funnel.read({ tenantId: house.tenantId, actor: system }, (c) => reservationsOf(c, mara.personId!))).toHaveLength(1);
  const custodyId = await give(id);
  expect(await asset(id)).toMatchObject({ state: "inUse", holder: "Mara", reservedFor: null });
  const mine = await house.call("assets.myEquipment.list", {}, mara);
  expect(mine).toMatchObject({ rows: [{ custodyId, state: "given" }] });
  expect(await house.call("assets.myEquipment.list", {}, jon)).toMatchObject({ rows: [] });
  expect(await house.call("assets.custody.get", { id: custodyId }, mara)).toMatchObject({
    can: expect.arrayContaining(["assets.custody.accept", "assets.custody.dispute"]) as string[],
  });
  const tasks = () =>
    house.funnel.read({ tenantId: house.tenantId, actor: system }, (context) =>
      context.db.rows(sql`
        select kind, state, person_id from office.task where tenant_id = ${house.tenantId} and about_id = ${custodyId} order by id`),
    );
  expect(await tasks()).toEqual([{ kind: "acceptance", state: "open", personId: mara.personId }]);
  await house.run(disputeCustody, { custodyId, reason: "The charger is missing." }, mara);
  expect(await tasks()).toMatchObject([
    { kind: "acceptance", state: "cancelled" },
    { kind: "dispute", state: "open" },
  ]);
  expect(await house.call("assets.custody.get", { id: custodyId }, keeper)).toMatchObject({ state: "disputed" });
  await house.run(acceptCustody, { custodyId }, mara);
  expect(await tasks()).toMatchObject([{ state: "cancelled" }, { state: "done" }]);
  await expect(house.run(acceptCustody, { custodyId }, mara)).rejects.toMatchObject(refused("alreadyAccepted"));
  await expect(house.run(disputeCustody, { custodyId, reason: "No" }, mara)).rejects.toMatchObject(refused("alreadyAccepted"));
  expect(
    await house.funnel.read({ tenantId: house.tenantId, actor: system }, (c) => holdingsOf(c, mara.personId!, ["laptop"])),
  ).toMatchObject([{ assetId: id }]);
  await house.run(takeBackAsset, { custodyId, on: today, condition: "worn" }, keeper);
  await expect(house.run(takeBackAsset, { custodyId, on: today }, keeper)).rejects.toMatchObject(refused("custodyEnded"));
  await expect(house.run(acceptCustody, { custodyId }, mara)).rejects.toMatchObject(refused("custodyEnded"));
  await expect(house.run(disputeCustody, { custodyId, reason: "No" }, mara)).rejects.toMatchObject(refused("custodyEnded"));
  await give(id, jon);
  expect(await house.call("assets.custody.list", { filter: { assetId: id }, count: true }, keeper)).toMatchObject({ count: 2 });
  expect(await house.call("assets.custody.list", { filter: { assetId: id }, count: true }, mara)).toMatchObject({ count: 1 });
});

test("only the person accepts, not even the owner of the company for them", async () => {
  const custodyId = await give(await laptop());
  const owner = await house.person("Olga Owner", "owner");
  await expect(house.run(acceptCustody, { custodyId }, jon)).rejects.toMatchObject({ name: "NotPermitted" });
  await expect(house.run(acceptCustody, { custodyId }, owner)).rejects.toMatchObject(refused("notTheHolder", "Mara"));
  await expect(house.run(disputeCustody, { custodyId, reason: "No" }, owner)).rejects.toMatchObject(refused("notTheHolder"));
  await expect(house.run(acceptCustody, { custodyId: newId() }, owner)).rejects.toMatchObject(refused("notFound"));
});

test("what hinders a handing over is said in words", async () => {
  const held = await laptop();
  await give(held);
  await expect(give(held, jon)).rejects.toMatchObject(refused("assetHeld", `held by Mara since ${today}`));
  const reserved = await laptop();
  await house.run(reserveAsset, { assetId: reserved, personId: mara.personId, from: today }, keeper);
  await expect(give(reserved, jon)).rejects.toMatchObject(refused("reservedForAnother", "Mara"));
  await expect(give(await laptop({ onOrder: true }))).rejects.toMatchObject(refused("assetNotHereYet"));
  await expect(give(await laptop(), mara, "2026-11-22")).rejects.toMatchObject(refused("dayToCome"));
  await expect(give(newId())).rejects.toMatchObject(refused("notFound"));
  await expect(house.run(giveAsset, { assetId: await laptop(), personId: newId(), from: today }, keeper)).rejects.toMatchObject(
    refused("notFound"),
  );
  const returned = await laptop();
  const custodyId = await give(returned, mara, "2026-11-01");
  await expect(house.run(takeBackAsset, { custodyId, on: "2026-10-31" }, keeper)).rejects.toMatchObject(refused("endBeforeStart"));
  await expect(house.run(takeBackAsset, { custodyId, on: "2026-11-22" }, keeper)).rejects.toMatchObject(refused("dayToCome"));
  await house.run(takeBackAsset, { custodyId, on: "2026-11-10" }, keeper);
  await expect(give(returned, jon, "2026-11-09")).rejects.toMatchObject(refused("heldThen", "2026-11-10"));
  await give(returned, jon, "2026-11-10");
  for (const assetId of [held, reserved]) {
    const code = assetId === held ? "assetHeld" : "reservedForAnother";
    await expect(house.run(reserveAsset, { assetId, personId: jon.personId, from: today }, keeper)).rejects.toMatchObject(refused(code));
  }
});

test("repair, loss, return and retirement", async () => {
  const id = await laptop();
  const custodyId = await give(id);
  await house.run(repairAsset, { assetId: id, note: "Screen" }, keeper);
  expect(await asset(id)).toMatchObject({ state: "inRepair", holder: "Mara" });
  await expect(house.run(repairAsset, { assetId: id, note: "Screen" }, keeper)).rejects.toMatchObject(refused("wrongState", "in repair"));
  await house.run(restoreAsset, { assetId: id }, keeper);
  await expect(house.run(restoreAsset, { assetId: id }, keeper)).rejects.toMatchObject(refused("wrongState", "in use"));
  await expect(house.run(retireAsset, { assetId: id, on: today, note: "Sold" }, keeper)).rejects.toMatchObject(refused("assetHeld"));
  await expect(house.run(reportAssetLost, { assetId: id, on: "2026-11-01", note: "Train" }, mara)).rejects.toMatchObject(
    refused("endBeforeStart"),
  );
  await expect(house.run(reportAssetLost, { assetId: id, on: "2026-12-01", note: "Train" }, mara)).rejects.toMatchObject(
    refused("dayToCome"),
  );
  await expect(house.run(reportAssetLost, { assetId: id, on: today, note: "Train" }, jon)).rejects.toMatchObject({ name: "NotPermitted" });
  await house.run(reportAssetLost, { assetId: id, on: today, note: "Left in a train." }, mara);
  expect(await house.call("assets.custody.get", { id: custodyId }, keeper)).toMatchObject({ state: "ended", conditionIn: "lost" });
  await expect(give(id)).rejects.toMatchObject(refused("assetLost"));
  const lost = house.run(reserveAsset, { assetId: id, personId: jon.personId, from: today }, keeper);
  await expect(lost).rejects.toMatchObject(refused("assetLost"));
  await expect(house.run(reportAssetLost, { assetId: id, on: today, note: "Again" }, keeper)).rejects.toMatchObject(refused("wrongState"));
  await house.run(restoreAsset, { assetId: id, note: "Found" }, keeper);
  await expect(house.run(retireAsset, { assetId: id, on: "2026-12-01", note: "Sold" }, keeper)).rejects.toMatchObject(refused("dayToCome"));
  const reservation = await house.run(reserveAsset, { assetId: id, personId: jon.personId, from: today }, keeper);
  await expect(house.run(retireAsset, { assetId: id, on: today, note: "Sold" }, keeper)).rejects.toMatchObject(
    refused("reservedForAnother"),
  );
  await house.run(cancelAssetReservation, { reservationId: reservation.id }, keeper);
  const again = house.run(cancelAssetReservation, { reservationId: reservation.id }, keeper);
  await expect(again).rejects.toMatchObject(refused("reservationEnded"));
  await expect(house.run(cancelAssetReservation, { reservationId: newId() }, keeper)).rejects.toMatchObject(refused("notFound"));
  await house.run(retireAsset, { assetId: id, on: today, note: "Sold" }, keeper);
  await expect(house.run(retireAsset, { assetId: id, on: today, note: "Sold" }, keeper)).rejects.toMatchObject(
    refused("wrongState", "retired"),
  );
  await expect(give(id)).rejects.toMatchObject(refused("assetRetired"));
  const retired = house.run(reserveAsset, { assetId: id, personId: jon.personId, from: today }, keeper);
  await expect(retired).rejects.toMatchObject(refused("assetRetired"));
  const back = (assetId: string) => house.run(reinstateAsset, { assetId, note: "It was another one" }, keeper);
  await back(id);
  expect(await asset(id)).toMatchObject({ state: "inStock" });
  await expect(back(id)).rejects.toMatchObject(refused("wrongState", "in stock"));
  await expect(back(newId())).rejects.toMatchObject(refused("notFound"));
  for (const [gone, code] of [[await laptop(), "assetInRepair"]] as const) {
    await house.run(repairAsset, { assetId: gone, note: "Fan" }, keeper);
    await expect(give(gone)).rejects.toMatchObject(refused(code));
  }
});

test("what was ordered arrives", async () => {
  const id = await laptop({ onOrder: true });
  await expect(house.run(receiveAsset, { assetId: id, on: "2026-12-01" }, keeper)).rejects.toMatchObject(refused("dayToCome"));
  await expect(house.run(receiveAsset, { assetId: id, on: today, placeId: newId() }, keeper)).rejects.toMatchObject(
    refused("placeUnknown"),
  );
  await house.run(receiveAsset, { assetId: id, on: today }, keeper);
  expect(await asset(id)).toMatchObject({ state: "inStock" });
  await expect(house.run(receiveAsset, { assetId: id, on: today }, keeper)).rejects.toMatchObject(refused("wrongState", "in stock"));
});

test("a thing is passed on in one step, or not at all", async () => {
  const id = await laptop();
  const custodyId = await give(id, mara, "2026-11-02");
  await house.run(passOnAsset, { custodyId, personId: jon.personId, on: today }, keeper);
  expect(await asset(id)).toMatchObject({ holder: "Jon", heldSince: today });
  await expect(house.run(passOnAsset, { custodyId, personId: jon.personId, on: today }, keeper)).rejects.toMatchObject(
    refused("custodyEnded"),
  );
  const other = await give(await laptop());
  await expect(house.run(passOnAsset, { custodyId: other, personId: newId(), on: today }, keeper)).rejects.toMatchObject(
    refused("notFound"),
  );
  expect(await house.call("assets.custody.get", { id: other }, keeper)).toMatchObject({ state: "given" });
});

test("departments see the kinds they look after, everyone what they hold", async () => {
  const id = await laptop();
  const it = { ...jon, grants: [{ role: "it.manager", scope: null }] };
  const facilities = { ...jon, grants: [{ role: "facilities.manager", scope: null }] };
  expect(await asset(id, it)).toMatchObject({ id });
  await expect(asset(id, facilities)).rejects.toMatchObject(refused("notFound"));
  await expect(asset(id, mara)).rejects.toMatchObject(refused("notFound"));
  await give(id);
  expect(await asset(id, mara)).toMatchObject({ id, cost: null });
});

test("a label's square opens the record; a sheet of labels is a PDF", async () => {
  const [a, b] = [await laptop({ name: "*Ž* #1 [x]" }), await laptop()];
  const { labels } = await house.run(getLabel, { assetIds: [b, a], address: "https://house.example/" }, keeper);
  expect(labels.map((label) => label.path)).toEqual([
    `https://house.example/r/assets/asset/${b}`,
    `https://house.example/r/assets/asset/${a}`,
  ]);
  expect(labels[0]!.svg).toMatch(/^<svg /);
  const { fileId } = await house.run(printLabel, { assetIds: [a, b] }, keeper);
  const file = await house.funnel.read({ tenantId: house.tenantId, actor: keeper }, (context) => context.readFile(fileId));
  expect([file.mediaType, Buffer.from(file.bytes).subarray(0, 5).toString()]).toEqual(["application/pdf", "%PDF-"]);
  await expect(house.run(getLabel, { assetIds: [newId()] }, keeper)).rejects.toMatchObject(refused("notFound"));
  await expect(house.run(printLabel, { assetIds: [newId()] }, keeper)).rejects.toMatchObject(refused("notFound"));
});

test("of sixteen who hand over one thing at once exactly one does, and the others are told who holds it", async () => {
  const id = await laptop();
  const people = await Promise.all(Array.from({ length: 16 }, (_, index) => house.person(`Racer ${index}`)));
  const results = await Promise.allSettled(people.map((person) => give(id, person)));
  expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
  for (const result of results) {
    if (result.status === "rejected") expect(result.reason).toMatchObject(refused("assetHeld", "is held by Racer"));
  }
});

test("the database itself refuses a second holder or a second promise, and its no is worded", async () => {
  const clash = async (insert: ReturnType<typeof sql>, wish: () => Promise<unknown>) => {
    let outcome: Promise<unknown> = Promise.resolve();
    await house.funnel.work(house.tenantId, async (context) => {
      await context.db.run(insert);
      outcome = wish().catch((error: unknown) => error);
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
    return outcome;
  };
  const [one, two] = [await laptop(), await laptop()];
  const held = await clash(
    sql`insert into assets.custody (tenant_id, id, asset_id, person_id, from_day)
        values (${house.tenantId}, ${newId()}, ${one}, ${jon.personId}, ${today}::date)`,
    () => give(one),
  );
  expect(held).toMatchObject(refused("givenMeanwhile"));
  const promised = await clash(
    sql`insert into assets.reservation (tenant_id, id, asset_id, person_id, from_day, made_at)
        values (${house.tenantId}, ${newId()}, ${two}, ${jon.personId}, ${today}::date, ${new Date()})`,
    () => house.run(reserveAsset, { assetId: two, personId: mara.personId, from: today }, keeper),
  );
  expect(promised).toMatchObject(refused("reservedMeanwhile"));
});

test("every law holds, and says so when it is broken", async () => {
  const breaks = () =>
    house.funnel.read({ tenantId: house.tenantId, actor: system, today: day(today) }, async (context) => {
      const found: string[] = [];
      for (const law of assets.laws!) found.push(...(await law.breaks(context)));
      for (const figure of assets.figures!) expect(await figure.value(context, day(today))).toBeTypeOf("number");
      return found;
    });
  expect(await breaks()).toEqual([]);
  const id = await laptop();
  await give(id);
  await house.funnel.work(house.tenantId, (context) =>
    context.db.run(sql`update assets.asset set standing = 'retired' where tenant_id = ${house.tenantId} and id = ${id}`),
  );
  expect(await breaks()).toHaveLength(1);
});
