// The register of things, of their models, and what each person finds under "my equipment".
import { z } from "zod";
import { sql } from "../../platform/database/sql.ts";
import { Day, Id, Instant, Money, ref } from "../../platform/operation/field.ts";
import { anyone } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { reportsBelow } from "../directory/index.ts";
import { kindsSeen } from "./asset.store.ts";
import { assetKinds } from "./kind.rules.ts";

export const Kind = z.enum(assetKinds);

export const keepers = ["assets.manager", "office.manager"];

/** Also the departments that look after kinds of thing. */
export const lookedAfterBy = [...keepers, "it.manager", "facilities.manager"];

export const modelRegister = register({
  name: "assets.model",
  title: "Models",
  does: "Makes and models the company buys, and how long one is expected to serve.",
  may: [anyone],
  row: z.object({
    id: Id,
    label: z.string(),
    kind: Kind,
    maker: z.string(),
    name: z.string(),
    lifeMonths: z.number().int().nullable(),
    things: z.number().int(),
  }),
  label: "label",
  search: ["label"],
  from: (context) => sql`
    select m.id, trim(m.maker || ' ' || m.name) as label, m.kind, m.maker, m.name, m.life_months,
      (select count(*)::int from assets.asset a
        where a.tenant_id = m.tenant_id and a.model_id = m.id and a.standing not in ('lost', 'retired')) as things
    from assets.model m where m.tenant_id = ${context.tenantId}`,
});

export const assetRegister = register({
  name: "assets.asset",
  title: "Things",
  does: "Every thing the company owns or rents, in one register: where it is, who holds it and what state it is in.",
  may: [...keepers, anyone],
  // Departments see the kinds they look after; everyone else what they hold or what is set aside for them.
  sees: (context) => sql`
    (r.kind = any(${kindsSeen(context)}::text[]) or r.holder_id = ${context.actor.personId}::uuid
      or r.reserved_for_id = ${context.actor.personId}::uuid)`,
  row: z.object({
    id: Id,
    label: z.string(),
    tag: z.string(),
    name: z.string(),
    kind: Kind,
    state: z.enum(["ordered", "inStock", "reserved", "inUse", "inRepair", "lost", "retired"]),
    holderId: ref("directory.person").nullable(),
    holder: z.string().nullable(),
    heldSince: Day.nullable(),
    reservedForId: ref("directory.person").nullable(),
    reservedFor: z.string().nullable(),
    reservedFrom: Day.nullable(),
    placeId: ref("directory.place").nullable(),
    place: z.string().nullable(),
    siteId: ref("directory.site").nullable(),
    modelId: ref("assets.model").nullable(),
    model: z.string().nullable(),
    serial: z.string().nullable(),
    parentId: ref("assets.asset").nullable(),
    parent: z.string().nullable(),
    boughtOn: Day.nullable(),
    cost: Money.nullable(),
    warrantyUntil: Day.nullable(),
    replaceBy: Day.nullable().describe("When it has served as long as its model is expected to."),
    note: z.string().nullable(),
  }),
  label: "label",
  search: ["label", "serial", "holder", "place"],
  sort: "tag",
  places: { site: "siteId" },
  secret: { cost: [...keepers, "it.manager", "facilities.manager", "finance.accountant", "finance.manager"] },
  totals: ["cost"],
  from: (context) => sql`
    select t.id, t.tag || ' ' || t.name as label, t.tag, t.name, t.kind, t.state, t.holder_id, h.name as holder, t.held_since,
      t.reserved_for_id, f.name as reserved_for, t.reserved_from, t.place_id, p.name as place, p.site_id,
      t.model_id, trim(t.maker || ' ' || t.model) as model, t.serial, t.parent_id, q.tag || ' ' || q.name as parent,
      t.bought_on, t.cost_minor as cost, t.cost_currency as currency, t.warranty_until,
      (t.bought_on + make_interval(months => t.life_months))::date as replace_by, t.standing_note as note
    from assets.thing t
    left join directory.party h on h.tenant_id = t.tenant_id and h.id = t.holder_id
    left join directory.party f on f.tenant_id = t.tenant_id and f.id = t.reserved_for_id
    left join directory.place p on p.tenant_id = t.tenant_id and p.id = t.place_id
    left join assets.asset q on q.tenant_id = t.tenant_id and q.id = t.parent_id
    where t.tenant_id = ${context.tenantId}`,
});

const custodyColumns = sql`
  c.id, a.tag || ' ' || a.name || ', ' || o.name as label, c.asset_id, a.tag || ' ' || a.name as asset, a.kind, c.person_id,
    o.name as person,
  c.from_day as since, c.ended_on as until,
  case when c.ended_on is not null then 'ended' when c.disputed_reason is not null then 'disputed'
    when c.accepted_at is not null then 'accepted' else 'given' end as state,
  c.accepted_at, c.disputed_reason, c.condition_out, c.condition_in, c.note`;

const custodyRow = z.object({
  id: Id,
  label: z.string(),
  assetId: ref("assets.asset"),
  asset: z.string(),
  kind: Kind,
  personId: ref("directory.person"),
  person: z.string(),
  since: Day,
  until: Day.nullable().describe("The day it came back."),
  state: z.enum(["given", "accepted", "disputed", "ended"]),
  acceptedAt: Instant.nullable(),
  disputedReason: z.string().nullable(),
  conditionOut: z.string().nullable(),
  conditionIn: z.string().nullable(),
  note: z.string().nullable(),
});

export const custodyRegister = register({
  name: "assets.custody",
  title: "Custody",
  does: "Who held which thing from when to when, and whether they accepted it. Line managers see what their people hold.",
  may: [...keepers, anyone],
  sees: (context) => sql`
    (r.kind = any(${kindsSeen(context)}::text[]) or r.person_id = ${context.actor.personId}::uuid
      or r.person_id in (${reportsBelow(context, context.actor.personId, context.today)}))`,
  row: custodyRow,
  label: "label",
  search: ["label"],
  sort: "-since",
  from: (context) => sql`
    select ${custodyColumns}
    from assets.custody c
    join assets.asset a on a.tenant_id = c.tenant_id and a.id = c.asset_id
    join directory.party o on o.tenant_id = c.tenant_id and o.id = c.person_id
    where c.tenant_id = ${context.tenantId}`,
});

export const myEquipmentRegister = register({
  name: "assets.myEquipment",
  title: "My equipment",
  does: "What you hold now. Accept what was handed to you, or say that something is not right.",
  may: [anyone],
  row: z.object({
    ...custodyRow.omit({ personId: true, person: true, until: true, conditionIn: true }).shape,
    custodyId: ref("assets.custody"),
  }),
  label: "asset",
  sort: "asset",
  from: (context) => sql`
    select ${custodyColumns}, c.id as custody_id
    from assets.custody c
    join assets.asset a on a.tenant_id = c.tenant_id and a.id = c.asset_id
    join directory.party o on o.tenant_id = c.tenant_id and o.id = c.person_id
    where c.tenant_id = ${context.tenantId} and c.person_id = ${context.actor.personId}::uuid and c.ended_on is null`,
});

export const reservationRegister = register({
  name: "assets.reservation",
  title: "Reservations",
  does: "Things set aside for someone until they are handed over.",
  may: [...keepers, anyone],
  sees: (context) => sql`(r.kind = any(${kindsSeen(context)}::text[]) or r.person_id = ${context.actor.personId}::uuid)`,
  row: z.object({
    id: Id,
    label: z.string(),
    assetId: ref("assets.asset"),
    asset: z.string(),
    kind: Kind,
    personId: ref("directory.person"),
    person: z.string(),
    fromDay: Day,
    state: z.enum(["open", "handedOver", "cancelled"]),
  }),
  label: "label",
  search: ["label"],
  sort: "-fromDay",
  from: (context) => sql`
    select r.id, a.tag || ' for ' || o.name as label, r.asset_id, a.tag || ' ' || a.name as asset, a.kind, r.person_id, o.name as person,
      r.from_day, coalesce(r.outcome, 'open') as state
    from assets.reservation r
    join assets.asset a on a.tenant_id = r.tenant_id and a.id = r.asset_id
    join directory.party o on o.tenant_id = r.tenant_id and o.id = r.person_id
    where r.tenant_id = ${context.tenantId}`,
});
