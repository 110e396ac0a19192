// Devices: the things of the company that IT gives out, with their state, their holder and whether they still hold someone's work.
import { z } from "zod";
import { type Sql, sql } from "../../platform/database/sql.ts";
import type { ReadContext } from "../../platform/operation/context.ts";
import { Day, Id, Money, ref } from "../../platform/operation/field.ts";
import { register } from "../../platform/operation/register.ts";
import { itKinds } from "../assets/index.ts";

export const keepers = ["it.manager", "office.manager"];

export const DeviceKind = z.enum(itKinds);

/** Devices that keep what people worked on, and so are wiped before they go to the next person or out of the house. */
export const rememberingKinds = ["laptop", "desktop", "phone", "tablet", "server"];

export const deviceRegister = register({
  name: "it.device",
  title: "Devices",
  does: "Laptops, phones, screens and whatever else IT gives out: who holds each, and which are free.",
  may: [...keepers, "assets.manager"],
  row: z.object({
    id: Id,
    label: z.string(),
    tag: z.string(),
    name: z.string(),
    kind: DeviceKind,
    state: z.enum(["ordered", "inStock", "reserved", "inUse", "inRepair", "lost", "retired"]),
    personId: ref("directory.person").nullable(),
    person: z.string().nullable(),
    since: Day.nullable(),
    isAccepted: z.boolean().nullable().describe("Whether the person has confirmed that they hold it."),
    reservedForId: ref("directory.person").nullable(),
    reservedFor: z.string().nullable(),
    reservedFrom: Day.nullable(),
    toWipe: z.boolean().describe("It came back and has not been wiped since."),
    wipedOn: Day.nullable(),
    siteId: ref("directory.site").nullable(),
    place: z.string().nullable(),
    serial: z.string().nullable(),
    boughtOn: Day.nullable(),
    cost: Money.nullable(),
    warrantyUntil: Day.nullable(),
    replaceBy: Day.nullable(),
    assetId: ref("assets.asset"),
  }),
  label: "label",
  search: ["label", "serial", "person"],
  sort: "tag",
  places: { site: "siteId" },
  totals: ["cost"],
  from: deviceRows,
});

/** Every device as a SELECT, one row each. */
export function deviceRows(context: ReadContext): Sql {
  return sql`
    select t.id, t.tag || ' ' || t.name as label, t.tag, t.name, t.kind, t.state, t.holder_id as person_id, h.name as person,
      t.held_since as since,
      case when t.custody_id is not null then t.accepted_at is not null end as is_accepted,
      t.reserved_for_id, f.name as reserved_for, t.reserved_from,
      (t.kind = any(${rememberingKinds}::text[]) and t.custody_id is null and t.standing in ('onHand', 'inRepair')
        and back.ended_on is not null and (w.wiped_on is null or w.wiped_on < back.ended_on)) as to_wipe,
      w.wiped_on, p.site_id, p.name as place, t.serial, t.bought_on, t.cost_minor as cost, t.cost_currency as currency, t.warranty_until,
      (t.bought_on + make_interval(months => t.life_months))::date as replace_by, t.id as asset_id
    from assets.thing t
    left join directory.party h on h.tenant_id = t.tenant_id and h.id = t.holder_id
    left join directory.party f on f.tenant_id = t.tenant_id and f.id = t.reserved_for_id
    left join directory.place p on p.tenant_id = t.tenant_id and p.id = t.place_id
    left join lateral (select max(c.ended_on) as ended_on from assets.custody c
      where c.tenant_id = t.tenant_id and c.asset_id = t.id) back on true
    left join lateral (select max(v.wiped_on) as wiped_on from it.wipe v
      where v.tenant_id = t.tenant_id and v.device_id = t.id) w on true
    where t.tenant_id = ${context.tenantId} and t.kind = any(${itKinds}::text[])`;
}
