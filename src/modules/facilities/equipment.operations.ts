// Equipment of the house: furniture, keys, badges, vehicles and machines. They are things of the assets register that facilities gives out.
import { z } from "zod";
import type { Id as KernelId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { Day, Id, LongText, Money, ref, Text } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import {
  Condition,
  createAsset,
  facilityKinds,
  giveAsset,
  repairAsset,
  reportAssetLost,
  restoreAsset,
  retireAsset,
  takeBackAsset,
  takeThing,
  type Thing,
  updateAsset,
} from "../assets/index.ts";
import { keepers } from "./place.store.ts";

const Kind = z.enum(facilityKinds);

export const equipmentRegister = register({
  name: "facilities.equipment",
  title: "Equipment",
  does: "Furniture, keys, badges, vehicles and machines: where each is, who holds it and what was done to it.",
  may: [...keepers, "assets.manager"],
  row: z.object({
    id: Id,
    label: z.string(),
    tag: z.string(),
    name: z.string(),
    kind: Kind,
    state: z.enum(["ordered", "inStock", "reserved", "inUse", "inRepair", "lost", "retired"]),
    personId: ref("directory.person").nullable(),
    person: z.string().nullable(),
    since: Day.nullable(),
    placeId: ref("directory.place").nullable(),
    place: z.string().nullable(),
    siteId: ref("directory.site").nullable(),
    serial: z.string().nullable(),
    boughtOn: Day.nullable(),
    cost: Money.nullable(),
    warrantyUntil: Day.nullable(),
    service: z.enum(["inService", "outOfService"]),
    isSafetyCritical: z.boolean(),
    openWorkOrders: z.number().int(),
    nextMaintenance: Day.nullable(),
    assetId: ref("assets.asset"),
  }),
  label: "label",
  search: ["label", "serial", "person", "place"],
  sort: "tag",
  places: { site: "siteId" },
  totals: ["cost"],
  from: (context) => sql`
    select t.id, t.tag || ' ' || t.name as label, t.tag, t.name, t.kind, t.state, t.holder_id as person_id, h.name as person,
      t.held_since as since,
      t.place_id, p.name as place, p.site_id, t.serial, t.bought_on, t.cost_minor as cost, t.cost_currency as currency, t.warranty_until,
      (select count(*)::int from facilities.work_order w
        where w.tenant_id = t.tenant_id and w.asset_id = t.id
          and w.state in ('open', 'assigned', 'inProgress', 'onHold')) as open_work_orders,
      (select min(o.due) from facilities.maintenance_plan m
        join office.schedule s on s.tenant_id = m.tenant_id and s.key = 'facilities.maintenancePlan:' || m.id
        join office.occurrence o on o.tenant_id = s.tenant_id and o.schedule_id = s.id and o.state in ('planned', 'open')
        where m.tenant_id = t.tenant_id and m.asset_id = t.id) as next_maintenance,
      case when exists (select from facilities.downtime d
        where d.tenant_id = t.tenant_id and d.asset_id = t.id and d.until_at is null) then 'outOfService' else 'inService' end as service,
      coalesce(c.is_safety_critical, false) as is_safety_critical,
      t.id as asset_id
    from assets.thing t
    left join directory.party h on h.tenant_id = t.tenant_id and h.id = t.holder_id
    left join directory.place p on p.tenant_id = t.tenant_id and p.id = t.place_id
    left join facilities.equipment_care c on c.tenant_id = t.tenant_id and c.asset_id = t.id
    where t.tenant_id = ${context.tenantId} and t.kind = any(${facilityKinds}::text[])`,
});

const equipmentId = ref("facilities.equipment");
const one = z.object({ id: Id });
const unknown = { notFound: "There is no such equipment." };

/** Takes a piece of equipment. Another department's thing is none. Refuses `notFound`. */
export async function takeEquipment(context: WriteContext, id: KernelId): Promise<Thing> {
  const thing = await takeThing(context, id);
  if (!(facilityKinds as readonly string[]).includes(thing.kind)) refuse("notFound", {}, ["equipmentId"]);
  return thing;
}

export const createEquipment = operation({
  name: "facilities.equipment.create",
  title: "Add equipment",
  does: "Puts furniture, a key, a badge, a vehicle or a machine into the register under its own tag.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({
    kind: Kind,
    name: Text(200),
    tag: Text(40).optional().describe("What is written on it already; by default the next number of the series."),
    serial: Text(80).optional(),
    placeId: ref("directory.place").optional(),
    parentId: ref("assets.asset").optional().describe("The larger thing it is part of."),
    boughtOn: Day.optional(),
    cost: Money.optional(),
    warrantyUntil: Day.optional(),
  }),
  output: z.object({ id: Id, tag: z.string() }),
  emits: ["assets.asset.created"],
  example: { kind: "key", name: "Key to the archive" },
  run: (input, context) => context.callAsSystem(createAsset, input),
});

export const placeEquipment = operation({
  name: "facilities.equipment.place",
  title: "Say where equipment is",
  does: "Says at which place a piece of equipment stands from now on.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ equipmentId, placeId: ref("directory.place") }),
  output: one,
  refuses: unknown,
  emits: ["assets.asset.updated"],
  async run({ equipmentId: assetId, placeId }, context) {
    await takeEquipment(context, assetId);
    return context.callAsSystem(updateAsset, { assetId, placeId });
  },
});

export const handOverEquipment = operation({
  name: "facilities.equipment.handOver",
  title: "Hand equipment over",
  does: "Gives a key, a badge, a vehicle or the like into a person's keeping. They are asked to accept it.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ equipmentId, personId: ref("directory.person"), on: Day, condition: Condition.optional() }),
  output: one,
  when: (thing) => thing["state"] === "inStock" || thing["state"] === "reserved",
  refuses: unknown,
  emits: ["assets.custody.given"],
  async run({ equipmentId: assetId, personId, on, condition }, context) {
    await takeEquipment(context, assetId);
    return context.callAsSystem(giveAsset, { assetId, personId, from: on, condition });
  },
});

export const takeBackEquipment = operation({
  name: "facilities.equipment.takeBack",
  title: "Take equipment back",
  does: "Takes a piece of equipment back from whoever holds it, and keeps in which state it came.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ equipmentId, on: Day, condition: Condition, note: LongText(1000).optional() }),
  output: one,
  when: (thing) => thing["personId"] !== null,
  refuses: { ...unknown, notHeld: "{tag} is held by nobody." },
  emits: ["assets.custody.ended"],
  async run({ equipmentId: id, ...ending }, context) {
    const thing = await takeEquipment(context, id);
    if (!thing.custodyId) refuse("notHeld", { tag: thing.tag });
    await context.callAsSystem(takeBackAsset, { custodyId: thing.custodyId, ...ending });
    return { id };
  },
});

export const repairEquipment = operation({
  name: "facilities.equipment.repair",
  title: "Send equipment into repair",
  does: "Takes a piece of equipment out of use while it is repaired.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ equipmentId, note: LongText(1000) }),
  output: one,
  when: (thing) => ["inStock", "inUse", "reserved"].includes(String(thing["state"])),
  refuses: unknown,
  emits: ["assets.asset.inRepair"],
  async run({ equipmentId: assetId, note }, context) {
    await takeEquipment(context, assetId);
    return context.callAsSystem(repairAsset, { assetId, note });
  },
});

export const restoreEquipment = operation({
  name: "facilities.equipment.restore",
  title: "Put equipment back into use",
  does: "Says that a piece of equipment is repaired or was found again.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ equipmentId, note: LongText(1000).optional() }),
  output: one,
  when: (thing) => thing["state"] === "inRepair" || thing["state"] === "lost",
  refuses: unknown,
  emits: ["assets.asset.restored"],
  async run({ equipmentId: assetId, note }, context) {
    await takeEquipment(context, assetId);
    return context.callAsSystem(restoreAsset, { assetId, note });
  },
});

export const reportEquipmentLost = operation({
  name: "facilities.equipment.reportLost",
  title: "Report equipment lost",
  does: "Says that a key, a badge or another piece of equipment is lost; whoever held it holds it no longer.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ equipmentId, on: Day, note: LongText(1000) }),
  output: one,
  when: (thing) => !["lost", "retired", "ordered"].includes(String(thing["state"])),
  refuses: unknown,
  emits: ["assets.asset.lost"],
  async run({ equipmentId: assetId, on, note }, context) {
    await takeEquipment(context, assetId);
    return context.callAsSystem(reportAssetLost, { assetId, on, note });
  },
});

export const retireEquipment = operation({
  name: "facilities.equipment.retire",
  title: "Retire equipment",
  does: "Takes a piece of equipment out of use for good. Its history stays.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ equipmentId, on: Day, note: LongText(1000).describe("What became of it.") }),
  output: one,
  when: (thing) => !["inUse", "reserved", "retired"].includes(String(thing["state"])),
  refuses: unknown,
  emits: ["assets.asset.retired"],
  async run({ equipmentId: assetId, on, note }, context) {
    await takeEquipment(context, assetId);
    return context.callAsSystem(retireAsset, { assetId, on, note });
  },
});
