// What must hold in IT on every day, and the figures it watches.
import { type Sql, sql } from "../../platform/database/sql.ts";
import type { Figure, Law } from "../../platform/operation/module.ts";
import type { ReadContext } from "../../platform/operation/context.ts";
import { deviceRows } from "./device.register.ts";
import { leaversHolding } from "./leaver.register.ts";

const listed = async (context: ReadContext, statement: Sql): Promise<string[]> =>
  (await context.db.rows<{ says: string }>(statement)).map((row) => row.says);

export const laws: readonly Law[] = [
  {
    name: "it.closedAccountAllowsNothing",
    says: "An account that is closed allows nothing from the next day on.",
    breaks: (context) =>
      listed(
        context,
        sql`
          select distinct p.name || ' may still use a closed account on ' || s.name as says
          from it.access_grant g
          join it.account a on a.tenant_id = g.tenant_id and a.id = g.account_id and a.state = 'closed'
          join it.system s on s.tenant_id = a.tenant_id and s.id = a.system_id
          join directory.party p on p.tenant_id = a.tenant_id and p.id = a.person_id
          where g.tenant_id = ${context.tenantId} and g.during && daterange(a.closed_on + 1, null)`,
      ),
  },
  {
    name: "it.accessIsOfItsSystem",
    says: "What is granted belongs to the system of the account it is granted on.",
    breaks: (context) =>
      listed(
        context,
        sql`
          select e.name || ' is granted on an account of another system' as says from it.access_grant g
          join it.account a on a.tenant_id = g.tenant_id and a.id = g.account_id
          join it.entitlement e on e.tenant_id = g.tenant_id and e.id = g.entitlement_id
          where g.tenant_id = ${context.tenantId} and a.system_id <> e.system_id`,
      ),
  },
  {
    name: "it.seatsAreBought",
    says: "No licence has more seats in use than were bought.",
    breaks: (context) =>
      listed(
        context,
        sql`
          select l.name || ' has more seats in use than were bought' as says from it.licence l
          where l.tenant_id = ${context.tenantId} and l.seats < (select count(*) from it.licence_seat t
            where t.tenant_id = l.tenant_id and t.licence_id = l.id and t.ended_on is null)`,
      ),
  },
];

const counted = (name: string, title: string, to: string, from: (context: ReadContext) => Sql): Figure => ({
  name: `it.${name}`,
  title,
  roles: ["it.manager", "office.manager"],
  to: `/r/it/${to}`,
  value: async (context) => {
    const { count } = await context.db.row<{ count: number }>(sql`select count(*)::int as count from (${from(context)}) r`);
    return count;
  },
});

export const figures: readonly Figure[] = [
  counted("leavers", "Leavers who still hold something", "leaver", leaversHolding),
  counted("freeLaptops", "Laptops free", "device?filter[kind]=laptop&filter[state]=inStock", (context) => {
    const devices = deviceRows(context);
    return sql`select d.id from (${devices}) d where d.kind = 'laptop' and d.state = 'inStock'`;
  }),
  counted("toWipe", "Devices to wipe", "device?filter[toWipe]=true", (context) => {
    const devices = deviceRows(context);
    return sql`select d.id from (${devices}) d where d.to_wipe`;
  }),
  counted(
    "notice",
    "Licences to decide on within 30 days",
    "licence",
    (context) => sql`
      select id from it.licence
      where tenant_id = ${context.tenantId} and ended_on is null
        and renews_on - notice_days between ${context.today}::date and ${context.today}::date + 30`,
  ),
  counted(
    "renewals",
    "Licences that renew within 90 days",
    "licence?sort=renewsOn",
    (context) => sql`
      select id from it.licence
      where tenant_id = ${context.tenantId} and ended_on is null
        and renews_on between ${context.today}::date and ${context.today}::date + 90`,
  ),
];
