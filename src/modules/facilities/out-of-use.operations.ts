// Whether a thing can be used: taken out of service, put back, and how long it was out.
import { z } from "zod";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import { Id, Instant, LongText, ref, Text } from "../../platform/operation/field.ts";
import { anyone, operation } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { takeEquipment } from "./equipment.operations.ts";
import { takeOut } from "./fault.ts";
import { keepers } from "./place.store.ts";

export const downtimeRegister = register({
  name: "facilities.downtime",
  title: "Out of service",
  does: "What cannot be used, since when and why, and what could not be used before.",
  may: [anyone],
  row: z.object({
    id: Id,
    label: z.string(),
    state: z.enum(["out", "over"]),
    assetId: ref("assets.asset"),
    asset: z.string(),
    placeId: ref("directory.place").nullable(),
    place: z.string().nullable(),
    siteId: ref("directory.place").nullable(),
    reason: z.string(),
    isFailure: z.boolean(),
    fromAt: Instant,
    untilAt: Instant.nullable(),
    hours: z.number().nullable(),
  }),
  label: "label",
  search: ["label", "place", "reason"],
  sort: "-fromAt",
  places: { site: "siteId" },
  from: (context) => sql`
    select d.id, a.tag || ' ' || a.name as label, case when d.until_at is null then 'out' else 'over' end as state, d.asset_id,
      a.tag || ' ' || a.name as asset, a.place_id, p.name as place, p.site_id, d.reason, d.is_failure, d.from_at, d.until_at,
      round(extract(epoch from d.until_at - d.from_at) / 3600, 1)::float8 as hours
    from facilities.downtime d
    join assets.asset a on a.tenant_id = d.tenant_id and a.id = d.asset_id
    left join directory.place p on p.tenant_id = a.tenant_id and p.id = a.place_id
    where d.tenant_id = ${context.tenantId}`,
});

export const installationRegister = register({
  name: "facilities.installation",
  title: "Things of the house",
  does: "Lifts, doors, heating and whatever else stands in the house for everyone: where it is and whether it works.",
  may: [anyone],
  row: z.object({
    id: Id,
    label: z.string(),
    state: z.enum(["inService", "outOfService"]),
    placeId: ref("directory.place").nullable(),
    place: z.string().nullable(),
    siteId: ref("directory.place").nullable(),
    site: z.string().nullable(),
    outSince: Instant.nullable(),
    why: z.string().nullable(),
  }),
  label: "label",
  search: ["label", "place"],
  sort: "label",
  from: (context) => sql`
    select t.id, t.name || ' (' || t.tag || ')' as label,
      case when d.id is null then 'inService' else 'outOfService' end as state, t.place_id,
      p.name as place, p.site_id, s.name as site, d.from_at as out_since, d.reason as why
    from assets.thing t
    left join directory.place p on p.tenant_id = t.tenant_id and p.id = t.place_id
    left join directory.place s on s.tenant_id = p.tenant_id and s.id = p.site_id
    left join facilities.downtime d on d.tenant_id = t.tenant_id and d.asset_id = t.id and d.until_at is null
    where t.tenant_id = ${context.tenantId} and t.kind in ('equipment', 'appliance', 'furniture', 'tool') and t.holder_id is null
      and t.standing in ('onHand', 'inRepair')`,
});

const equipmentId = ref("facilities.equipment");
const one = z.object({ id: Id });
const unknown = { notFound: "There is no such equipment." };

export const takeEquipmentOut = operation({
  name: "facilities.equipment.takeOutOfService",
  title: "Take out of service",
  does: "Says that a thing cannot be used from now on, so that everyone who looks for it knows.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({
    equipmentId,
    reason: Text(200),
    isFailure: z.boolean().default(true).describe("It failed; planned service is none."),
  }),
  output: one,
  when: (thing) => thing["service"] === "inService" && thing["state"] !== "retired",
  refuses: { ...unknown, outAlready: "{tag} is out of service already." },
  emits: ["facilities.equipment.outOfService"],
  async run({ equipmentId: id, reason, isFailure }, context) {
    const thing = await takeEquipment(context, id);
    if (!(await takeOut(context, id, reason, { isFailure }))) refuse("outAlready", { tag: thing.tag });
    return { id };
  },
});

export const putEquipmentBack = operation({
  name: "facilities.equipment.putBackInService",
  title: "Put back into service",
  does: "Says that a thing can be used again. One on which people could be hurt must have been checked by a second person.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ equipmentId, note: LongText(1000).optional() }),
  output: one,
  when: (thing) => thing["service"] === "outOfService",
  refuses: {
    ...unknown,
    notOut: "{tag} is in service.",
    checkMissing: "{number} is not checked yet. A second person looks before {tag} is put back.",
  },
  emits: ["facilities.equipment.backInService"],
  async run({ equipmentId: id, note }, context) {
    const thing = await takeEquipment(context, id);
    const out = await context.db.maybe<{ id: string; workOrderId: string | null; number: string | null; isMissing: boolean }>(sql`
      select d.id, d.work_order_id, w.number, coalesce(w.needs_check and w.checked_at is null, false) as is_missing
      from facilities.downtime d
      left join facilities.work_order w on w.tenant_id = d.tenant_id and w.id = d.work_order_id
      where d.tenant_id = ${context.tenantId} and d.asset_id = ${id} and d.until_at is null`);
    if (!out) refuse("notOut", { tag: thing.tag });
    if (out.isMissing) refuse("checkMissing", { number: out.number!, tag: thing.tag });
    await context.db.run(sql`
      update facilities.downtime set until_at = ${context.now} where tenant_id = ${context.tenantId} and id = ${out.id}`);
    context.emit("facilities.equipment.backInService", { assetId: id, workOrderId: out.workOrderId, note: note ?? null });
    return { id };
  },
});

export const rateEquipment = operation({
  name: "facilities.equipment.rate",
  title: "Say whether people could be hurt",
  does: "Marks a thing as one on which people could be hurt: a fault then takes it out of service at once, and a second person checks it.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ equipmentId, isSafetyCritical: z.boolean() }),
  output: one,
  refuses: unknown,
  emits: ["facilities.equipment.rated"],
  async run({ equipmentId: id, isSafetyCritical }, context) {
    await takeEquipment(context, id);
    await context.db.run(sql`
      insert into facilities.equipment_care (tenant_id, asset_id, is_safety_critical)
      values (${context.tenantId}, ${id}, ${isSafetyCritical})
      on conflict (tenant_id, asset_id) do update set is_safety_critical = excluded.is_safety_critical`);
    context.emit("facilities.equipment.rated", { assetId: id, isSafetyCritical });
    return { id };
  },
});
