// Meters on equipment: what they show, and what they have counted in all. A reading may bring maintenance forward.
import { z } from "zod";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import { Id, Instant, ref, Text } from "../../platform/operation/field.ts";
import { anyone, operation } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { tellMeter } from "../office/index.ts";
import { takeEquipment } from "./equipment.operations.ts";
import { totalAfter } from "./meter.rules.ts";
import { keepers } from "./place.store.ts";

export const meterRegister = register({
  name: "facilities.meter",
  title: "Meters",
  does: "What things have counted: hours, trips, kilometres.",
  may: [...keepers],
  row: z.object({
    id: Id,
    label: z.string(),
    name: z.string(),
    unit: z.string(),
    total: z.number(),
    lastReading: z.number(),
    readAt: Instant,
    equipmentId: ref("facilities.equipment"),
    equipment: z.string(),
  }),
  label: "label",
  search: ["label"],
  sort: "label",
  inner: true,
  from: (context) => sql`
    select m.id, a.name || ': ' || m.name as label, m.name, m.unit, m.total::float8 as total,
      m.last_reading::float8 as last_reading, m.read_at,
      m.asset_id as equipment_id, a.tag || ' ' || a.name as equipment
    from facilities.meter m join assets.asset a on a.tenant_id = m.tenant_id and a.id = m.asset_id
    where m.tenant_id = ${context.tenantId}`,
});

export const meterReadingRegister = register({
  name: "facilities.meterReading",
  title: "Meter readings",
  does: "What each meter showed and when.",
  may: [...keepers],
  row: z.object({
    id: Id,
    meter: z.string(),
    meterId: ref("facilities.meter"),
    reading: z.number(),
    total: z.number(),
    isReset: z.boolean(),
    readAt: Instant,
    personId: ref("directory.person").nullable(),
    person: z.string().nullable(),
  }),
  label: "meter",
  sort: "-readAt",
  inner: true,
  from: (context) => sql`
    select r.id, m.name as meter, r.meter_id, r.reading::float8 as reading, r.total::float8 as total, r.is_reset, r.read_at, r.person_id,
      p.name as person
    from facilities.meter_reading r
    join facilities.meter m on m.tenant_id = r.tenant_id and m.id = r.meter_id
    left join directory.party p on p.tenant_id = r.tenant_id and p.id = r.person_id
    where r.tenant_id = ${context.tenantId}`,
});

const Reading = z.number().min(0).max(1e12).multipleOf(0.001);

export const addMeter = operation({
  name: "facilities.meter.create",
  title: "Add a meter",
  does: "Says that a thing counts something, such as hours or trips, and what it shows today.",
  kind: "write",
  may: [...keepers],
  on: "facilities.equipment",
  input: z.strictObject({
    equipmentId: ref("facilities.equipment"),
    name: Text(80).describe("What it counts, e.g. Trips."),
    unit: Text(20).describe("Such as h or km."),
    reading: Reading.default(0),
  }),
  output: z.object({ id: Id }),
  refuses: { notFound: "There is no such equipment.", meterThere: "This thing has a meter called {name} already." },
  emits: ["facilities.meter.created"],
  constraints: { meter_once: "meterThere" },
  async run({ equipmentId, name, unit, reading }, context) {
    await takeEquipment(context, equipmentId);
    const there = await context.db.maybe(sql`
      select id from facilities.meter where tenant_id = ${context.tenantId} and asset_id = ${equipmentId} and name = ${name}`);
    if (there) refuse("meterThere", { name }, ["name"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into facilities.meter (tenant_id, id, asset_id, name, unit, total, last_reading, read_at)
      values (${context.tenantId}, ${id}, ${equipmentId}, ${name}, ${unit}, ${reading}, ${reading}, ${context.now})`);
    await context.db.run(sql`
      insert into facilities.meter_reading (tenant_id, id, meter_id, reading, total, is_reset, read_at, person_id)
      values (${context.tenantId}, ${context.newId()}, ${id}, ${reading}, ${reading}, false, ${context.now}, ${context.actor.personId})`);
    context.emit("facilities.meter.created", { meterId: id, assetId: equipmentId });
    return { id };
  },
});

export const readMeter = operation({
  name: "facilities.meterReading.record",
  title: "Read a meter",
  does: "Says what a meter shows now. Maintenance that goes by it may become due.",
  kind: "write",
  may: [...keepers, anyone],
  on: "facilities.meter",
  input: z.strictObject({
    meterId: ref("facilities.meter"),
    reading: Reading,
    isReset: z.boolean().default(false).describe("It was changed or set back to nothing since it was last read."),
  }),
  output: z.object({ id: Id, total: z.number() }),
  refuses: { notFound: "There is no such meter.", readingLower: "It showed {last} before. Look again, or say that it was set back." },
  emits: ["facilities.meterReading.recorded"],
  async run({ meterId, reading, isReset }, context) {
    const meter = await context.db.maybe<{ lastReading: number; total: number }>(sql`
      select last_reading::float8 as last_reading, total::float8 as total from facilities.meter
      where tenant_id = ${context.tenantId} and id = ${meterId} for update`);
    if (!meter) refuse("notFound");
    const total = totalAfter(meter, reading, isReset) ?? refuse("readingLower", { last: meter.lastReading }, ["reading"]);
    const id = context.newId();
    await context.db.run(sql`
      insert into facilities.meter_reading (tenant_id, id, meter_id, reading, total, is_reset, read_at, person_id)
      values (${context.tenantId}, ${id}, ${meterId}, ${reading}, ${total}, ${isReset}, ${context.now}, ${context.actor.personId})`);
    await context.db.run(sql`
      update facilities.meter set total = ${total}, last_reading = ${reading}, read_at = ${context.now}
      where tenant_id = ${context.tenantId} and id = ${meterId}`);
    await tellMeter(context, meterId, total);
    context.emit("facilities.meterReading.recorded", { meterId, meterReadingId: id, total });
    return { id, total };
  },
});
