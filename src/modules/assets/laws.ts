// What must hold for things on every day, and the figures their keepers watch.
import { type Sql, sql } from "../../platform/database/sql.ts";
import type { Figure, Law } from "../../platform/operation/module.ts";
import type { ReadContext } from "../../platform/operation/context.ts";
import { kindsSeen } from "./asset.store.ts";

const tags = async (context: ReadContext, statement: Sql, sentence: (tag: string) => string): Promise<string[]> =>
  (await context.db.rows<{ tag: string }>(statement)).map((row) => sentence(row.tag));

export const laws: readonly Law[] = [
  {
    name: "assets.oneOpenCustody",
    says: "A thing is held by at most one person on any day.",
    breaks: (context) =>
      tags(
        context,
        sql`
          select distinct a.tag from assets.custody c
          join assets.custody d on d.tenant_id = c.tenant_id and d.asset_id = c.asset_id and d.id > c.id
            and daterange(c.from_day, c.ended_on, '[)') && daterange(d.from_day, d.ended_on, '[)')
          join assets.asset a on a.tenant_id = c.tenant_id and a.id = c.asset_id
          where c.tenant_id = ${context.tenantId}`,
        (tag) => `${tag} is held by two people on one day.`,
      ),
  },
  {
    name: "assets.goneIsHeldByNobody",
    says: "Nobody holds a thing that is on order, lost or retired.",
    breaks: (context) =>
      tags(
        context,
        sql`select tag from assets.thing
          where tenant_id = ${context.tenantId} and custody_id is not null and standing in ('ordered', 'lost', 'retired')`,
        (tag) => `${tag} is gone or has not come, and yet somebody holds it.`,
      ),
  },
  {
    name: "assets.heldIsPromisedToNobody",
    says: "A thing that somebody holds, or that is gone, is set aside for nobody.",
    breaks: (context) =>
      tags(
        context,
        sql`select tag from assets.thing
          where tenant_id = ${context.tenantId} and reservation_id is not null
            and (custody_id is not null or standing in ('lost', 'retired'))`,
        (tag) => `${tag} is set aside for somebody who cannot get it.`,
      ),
  },
];

const counted = (name: string, title: string, to: string, condition: Sql): Figure => ({
  name: `assets.${name}`,
  title,
  roles: ["assets.manager", "office.manager", "it.manager", "facilities.manager"],
  to: `/r/assets/asset?${to}`,
  value: async (context) => {
    const all = context.holds("assets.manager") || context.holds("office.manager");
    const { count } = await context.db.row<{ count: number }>(sql`
      select count(*)::int as count from assets.thing t
      where t.tenant_id = ${context.tenantId} and (${all} or t.kind = any(${kindsSeen(context)}::text[])) and ${condition}`);
    return count;
  },
});

export const figures: readonly Figure[] = [
  counted("inStock", "Things in stock", "filter[state]=inStock", sql`t.state = 'inStock'`),
  counted("notAccepted", "Handed over, not accepted", "filter[state]=inUse", sql`t.custody_id is not null and t.accepted_at is null`),
  counted("lost", "Things lost", "filter[state]=lost", sql`t.state = 'lost'`),
  counted("inRepair", "Things under repair", "filter[state]=inRepair", sql`t.state = 'inRepair'`),
  {
    name: "assets.mine",
    title: "To accept by me",
    roles: ["anyone"],
    to: "/r/assets/myEquipment",
    value: async (context) => {
      const { count } = await context.db.row<{ count: number }>(sql`
        select count(*)::int as count from assets.custody
        where tenant_id = ${context.tenantId} and person_id = ${context.actor.personId}::uuid and ended_on is null
          and accepted_at is null`);
      return count;
    },
  },
  {
    name: "assets.withMe",
    title: "Things with me",
    roles: ["anyone"],
    to: "/r/assets/myEquipment",
    value: async (context) => {
      const { count } = await context.db.row<{ count: number }>(sql`
        select count(*)::int as count from assets.custody
        where tenant_id = ${context.tenantId} and person_id = ${context.actor.personId}::uuid and ended_on is null`);
      return count;
    },
  },
];
