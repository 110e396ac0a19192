// Devices come in, are set aside for someone, handed over, taken back, wiped, repaired and retired.
import { z } from "zod";
import type { Day as KernelDay } from "../../kernel/day.ts";
import type { Id as KernelId } from "../../kernel/id.ts";
import { Refusal, refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { Day, Id, LongText, Money, ref, Text } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";
import {
  cancelReservation,
  Condition,
  createAsset,
  endCustody,
  giveCustody,
  itKinds,
  receiveAsset,
  repairAsset,
  reportAssetLost,
  reserve,
  restoreAsset,
  retireAsset,
  takeThing,
  type Thing,
  type Wording,
} from "../assets/index.ts";
import { DeviceKind, deviceRows, keepers } from "./device.register.ts";

const deviceId = ref("it.device");

const wording: Wording = {
  retired: "deviceRetired",
  lost: "deviceLost",
  inRepair: "deviceInRepair",
  notHereYet: "deviceNotHereYet",
  held: "deviceHeld",
  reservedForAnother: "reservedForAnother",
  dayToCome: "dayToCome",
  heldThen: "heldThen",
};

const sentences = {
  notFound: "There is no such device or person.",
  deviceNotHereYet: "{tag} is on order and has not arrived. Receive it first, or choose another.",
  deviceRetired: "{tag} was retired on {day}. Choose another device.",
  deviceLost: "{tag} is lost since {day}. Put it back into use if it was found, or choose another.",
  deviceInRepair: "{tag} is in repair since {day}. Put it back into use first, or choose another.",
  deviceHeld: "{tag} is held by {by} since {since}. Take it back first, or choose another device.",
  reservedForAnother: "{tag} is reserved for {for}. Give that reservation up first, or choose another device.",
  dayToCome: "{from} is still to come. Reserve it until then, and hand it over on the day.",
  heldThen: "{tag} was held by someone until {until}. Choose a day from then on.",
};

/** Takes a device for writing. Another department's thing is no device. Refuses `notFound`. */
async function takeDevice(context: WriteContext, id: KernelId): Promise<Thing> {
  const thing = await takeThing(context, id);
  if (!(itKinds as readonly string[]).includes(thing.kind)) refuse("notFound", {}, ["deviceId"]);
  return thing;
}

export const createDevice = operation({
  name: "it.device.create",
  title: "Add a device",
  does: "Puts a device into the register under its own tag, arrived or still on order.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({
    kind: DeviceKind.optional().describe("Not needed when the model is named."),
    modelId: ref("assets.model").optional(),
    name: Text(200).optional(),
    serial: Text(80).optional(),
    tag: Text(40).optional().describe("What is written on it already; by default the next number of the series."),
    placeId: ref("directory.place").optional(),
    onOrder: z.boolean().optional(),
    boughtOn: Day.optional(),
    cost: Money.optional(),
    warrantyUntil: Day.optional(),
  }),
  output: z.object({ id: Id, tag: z.string() }),
  refuses: { notADevice: "The model is no device. Choose a model of a device, or ask facilities to add it." },
  emits: ["assets.asset.created"],
  example: { kind: "laptop", name: "ThinkPad T14", serial: "PF3ABCDE" },
  async run(input, context) {
    const made = await context.callAsSystem(createAsset, input);
    const { kind } = await context.db.row<{ kind: string }>(sql`
      select kind from assets.asset where tenant_id = ${context.tenantId} and id = ${made.id}`);
    if (!(itKinds as readonly string[]).includes(kind)) refuse("notADevice", {}, ["modelId"]);
    return made;
  },
});

export const reserveDevice = operation({
  name: "it.device.reserve",
  title: "Reserve a device",
  does: "Reserves a device for a person from a day on, so that it is there when they come.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ deviceId, personId: ref("directory.person"), from: Day }),
  output: z.object({ id: Id }),
  when: (device) => ["inStock", "ordered", "inRepair"].includes(String(device["state"])),
  refuses: {
    notFound: sentences.notFound,
    deviceRetired: sentences.deviceRetired,
    deviceLost: sentences.deviceLost,
    deviceHeld: sentences.deviceHeld,
    reservedForAnother: sentences.reservedForAnother,
    reservedMeanwhile: "Somebody reserved it at this very moment. Look for whom, or choose another.",
  },
  emits: ["assets.asset.reserved", "it.device.reserved"],
  constraints: { reservation_one_open: "reservedMeanwhile" },
  async run({ deviceId: assetId, personId, from }, context) {
    await takeDevice(context, assetId);
    const id = await reserve(context, { assetId, personId, from }, wording);
    context.emit("it.device.reserved", { deviceId: assetId, personId, from, reservationId: id });
    return { id };
  },
});

export const reserveFreeDevice = operation({
  name: "it.device.reserveFree",
  title: "Reserve any free device",
  does: "Reserves for a person the free device of a kind that has been in stock longest.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({
    personId: ref("directory.person"),
    from: Day,
    kind: DeviceKind.optional().describe("A laptop unless said otherwise."),
  }),
  output: z.object({ id: Id, deviceId: Id }),
  refuses: { notFound: sentences.notFound, noneFree: "No {kind} is free. Order one, add it as on order and reserve that." },
  emits: ["assets.asset.reserved", "it.device.reserved"],
  run: ({ kind = "laptop", ...wish }, context) => reserveAny({ kind, ...wish }, context),
});

interface Wanted {
  readonly personId: KernelId;
  readonly from: KernelDay;
  readonly kind: string;
}

async function reserveAny(wish: Wanted, context: WriteContext): Promise<{ id: KernelId; deviceId: KernelId }> {
  const { personId, from, kind } = wish;
  // Whoever asks at the same moment is given the next one instead of waiting for this.
  const free = await context.db.maybe<{ id: KernelId }>(sql`
    select a.id from assets.asset a
    where a.tenant_id = ${context.tenantId} and a.kind = ${kind} and a.standing = 'onHand'
      and not exists (select from assets.custody c where c.tenant_id = a.tenant_id and c.asset_id = a.id and c.ended_on is null)
      and not exists (select from assets.reservation r where r.tenant_id = a.tenant_id and r.asset_id = a.id and r.ended_on is null)
    order by a.standing_since, a.tag limit 1 for no key update skip locked`);
  if (!free) refuse("noneFree", { kind });
  const id = await reserve(context, { assetId: free.id, personId, from }, wording).catch((error: unknown) => {
    // Somebody reserved it while this one looked; the next look sees that.
    if (error instanceof Refusal && error.code === "reservedForAnother") return undefined;
    throw error;
  });
  if (id === undefined) return reserveAny(wish, context);
  context.emit("it.device.reserved", { deviceId: free.id, personId, from, reservationId: id });
  return { id, deviceId: free.id };
}

export const releaseDevice = operation({
  name: "it.device.release",
  title: "Give up a device's reservation",
  does: "Makes a reserved device free for others.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ deviceId }),
  output: z.object({ id: Id }),
  when: (device) => device["reservedForId"] !== null,
  refuses: { notFound: "There is no such device.", notReserved: "{tag} is reserved for nobody." },
  emits: ["assets.reservation.cancelled"],
  async run({ deviceId: id }, context) {
    const device = await takeDevice(context, id);
    if (!device.reservationId) refuse("notReserved", { tag: device.tag });
    await cancelReservation(context, device.reservationId);
    return { id };
  },
});

export const handOverDevice = operation({
  name: "it.device.handOver",
  title: "Hand a device over",
  does: "Gives a device into a person's keeping and closes its reservation. They are asked to accept it.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ deviceId, personId: ref("directory.person"), on: Day, condition: Condition.optional() }),
  output: z.object({ id: Id }),
  when: (device) => device["state"] === "inStock" || device["state"] === "reserved",
  refuses: { ...sentences, givenMeanwhile: "Somebody handed it over at this very moment. Look who holds it now." },
  emits: ["assets.custody.given", "it.device.handedOver"],
  constraints: { custody_no_overlap: "givenMeanwhile" },
  async run({ deviceId: assetId, personId, on, condition }, context) {
    await takeDevice(context, assetId);
    const id = await giveCustody(context, { assetId, personId, from: on, condition }, wording);
    context.emit("it.device.handedOver", { deviceId: assetId, personId, on, custodyId: id });
    return { id };
  },
});

export const takeBackDevice = operation({
  name: "it.device.takeBack",
  title: "Take a device back",
  does: "Takes a device back from whoever holds it, keeps in which state it came, and whether it was wiped.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({
    deviceId,
    on: Day,
    condition: Condition,
    wipe: Text(200).optional().describe("How it was wiped, when it was wiped at once."),
    note: LongText(1000).optional(),
  }),
  output: z.object({ id: Id }),
  when: (device) => device["personId"] !== null,
  refuses: {
    notFound: "There is no such device.",
    notHeld: "{tag} is held by nobody. It is {state}.",
    endBeforeStart: "{tag} was handed over on {from}. It cannot come back before.",
    dayToCome: "{from} is still to come. Take it back on the day itself.",
  },
  emits: ["assets.custody.ended", "it.device.takenBack"],
  async run({ deviceId: id, on, condition, wipe, note }, context) {
    const device = await takeDevice(context, id);
    if (!device.custodyId) refuse("notHeld", { tag: device.tag, state: device.state === "inStock" ? "in stock" : device.state });
    const custody = await endCustody(context, { custodyId: device.custodyId, on, condition, note });
    if (wipe !== undefined) await keepWipe(context, id, on, wipe);
    context.emit("it.device.takenBack", { deviceId: id, personId: custody.personId, on, condition, wiped: wipe !== undefined });
    return { id };
  },
});

export const wipeDevice = operation({
  name: "it.device.wipe",
  title: "Record a wipe",
  does: "Keeps the proof that what was on a device is gone: when, how and by whom.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ deviceId, on: Day, method: Text(200) }),
  output: z.object({ id: Id }),
  when: (device) => device["personId"] === null,
  refuses: {
    notFound: "There is no such device.",
    deviceHeld: "{tag} is held by {by} since {since}. Take it back first.",
    dayToCome: "{from} is still to come. Record it when it is done.",
  },
  emits: ["it.device.wiped"],
  async run({ deviceId: id, on, method }, context) {
    const device = await takeDevice(context, id);
    if (device.custodyId) refuse("deviceHeld", { tag: device.tag, by: device.holder, since: device.heldSince });
    if (on > context.today) refuse("dayToCome", { from: on }, ["on"]);
    await keepWipe(context, id, on, method);
    context.emit("it.device.wiped", { deviceId: id, on });
    return { id };
  },
});

async function keepWipe(context: WriteContext, id: KernelId, on: string, method: string): Promise<void> {
  await context.db.run(sql`
    insert into it.wipe (tenant_id, id, device_id, wiped_on, method, wiped_by)
    values (${context.tenantId}, ${context.newId()}, ${id}, ${on}::date, ${method}, ${context.actor.personId})`);
}

const gone = { notFound: "There is no such device." };
const one = z.object({ id: Id });

export const receiveDevice = operation({
  name: "it.device.receive",
  title: "Receive a device",
  does: "Says that an ordered device has arrived and where it is kept.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ deviceId, on: Day, placeId: ref("directory.place").optional() }),
  output: one,
  when: (device) => device["state"] === "ordered",
  refuses: gone,
  emits: ["assets.asset.received"],
  async run({ deviceId: assetId, ...rest }, context) {
    await takeDevice(context, assetId);
    return context.callAsSystem(receiveAsset, { assetId, ...rest });
  },
});

export const repairDevice = operation({
  name: "it.device.repair",
  title: "Send a device into repair",
  does: "Takes a device out of use while it is repaired. Whoever holds it goes on holding it.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ deviceId, note: LongText(1000) }),
  output: one,
  when: (device) => ["inStock", "inUse", "reserved"].includes(String(device["state"])),
  refuses: gone,
  emits: ["assets.asset.inRepair"],
  async run({ deviceId: assetId, note }, context) {
    await takeDevice(context, assetId);
    return context.callAsSystem(repairAsset, { assetId, note });
  },
});

export const restoreDevice = operation({
  name: "it.device.restore",
  title: "Put a device back into use",
  does: "Says that a device is repaired or was found again and can be used.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ deviceId, note: LongText(1000).optional() }),
  output: one,
  when: (device) => device["state"] === "inRepair" || device["state"] === "lost",
  refuses: gone,
  emits: ["assets.asset.restored"],
  async run({ deviceId: assetId, note }, context) {
    await takeDevice(context, assetId);
    return context.callAsSystem(restoreAsset, { assetId, note });
  },
});

export const reportDeviceLost = operation({
  name: "it.device.reportLost",
  title: "Report a device lost",
  does: "Says that a device is lost or stolen: its custody ends, and those who must act are told.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ deviceId, on: Day, note: LongText(1000) }),
  output: one,
  when: (device) => !["lost", "retired", "ordered"].includes(String(device["state"])),
  refuses: gone,
  emits: ["assets.asset.lost"],
  async run({ deviceId: assetId, on, note }, context) {
    await takeDevice(context, assetId);
    return context.callAsSystem(reportAssetLost, { assetId, on, note });
  },
});

export const retireDevice = operation({
  name: "it.device.retire",
  title: "Retire a device",
  does: "Takes a device out of use for good, once it is wiped. Its history stays.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ deviceId, on: Day, note: LongText(1000).describe("What became of it.") }),
  output: one,
  when: (device) => !["inUse", "reserved", "retired"].includes(String(device["state"])),
  refuses: { ...gone, notWiped: "{tag} came back on {day} and has not been wiped since. Record the wipe first." },
  emits: ["assets.asset.retired"],
  async run({ deviceId: assetId, on, note }, context) {
    const device = await takeDevice(context, assetId);
    if (device.standing !== "lost") await mustBeWiped(context, device);
    return context.callAsSystem(retireAsset, { assetId, on, note });
  },
});

async function mustBeWiped(context: WriteContext, device: Thing): Promise<void> {
  const unwiped = await context.db.maybe(sql`
    select id from (${deviceRows(context)}) r where r.id = ${device.id} and r.to_wipe`);
  if (unwiped) refuse("notWiped", { tag: device.tag, day: device.lastEndedOn });
}
