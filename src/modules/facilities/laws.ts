// What must hold in the house on every day, and the figures facilities watches.
import { type Sql, sql } from "../../platform/database/sql.ts";
import type { Figure, Law } from "../../platform/operation/module.ts";
import type { ReadContext } from "../../platform/operation/context.ts";

const listed = async (context: ReadContext, statement: Sql): Promise<string[]> =>
  (await context.db.rows<{ says: string }>(statement)).map((row) => row.says);

export const laws: readonly Law[] = [
  {
    name: "facilities.oneDeskOnePerson",
    says: "On any day nobody sits at two desks and no desk has two people.",
    breaks: (context) =>
      listed(
        context,
        sql`
          select distinct d.code || ' and ' || e.code || ': two seatings overlap' as says from facilities.desk_assignment a
          join facilities.desk_assignment b on b.tenant_id = a.tenant_id and b.id > a.id and b.during && a.during
            and (b.desk_id = a.desk_id or b.person_id = a.person_id)
          join directory.place d on d.tenant_id = a.tenant_id and d.id = a.desk_id
          join directory.place e on e.tenant_id = b.tenant_id and e.id = b.desk_id
          where a.tenant_id = ${context.tenantId}`,
      ),
  },
  {
    name: "facilities.deskIsInUse",
    says: "Nobody sits at a desk that is retired.",
    breaks: (context) =>
      listed(
        context,
        sql`
          select p.name || ' sits at the retired desk ' || d.code as says from facilities.desk_assignment a
          join directory.place d on d.tenant_id = a.tenant_id and d.id = a.desk_id
          join directory.party p on p.tenant_id = a.tenant_id and p.id = a.person_id
          where a.tenant_id = ${context.tenantId} and d.retired_from <= ${context.today}::date and a.during @> ${context.today}::date`,
      ),
  },
  {
    name: "facilities.roomIsBookedOnce",
    says: "No room is booked twice for the same time.",
    breaks: (context) =>
      listed(
        context,
        sql`
          select r.name || ': ' || a.title || ' and ' || b.title as says from facilities.booking a
          join facilities.booking b on b.tenant_id = a.tenant_id and b.room_id = a.room_id and b.id > a.id
            and tstzrange(a.begins_at, a.ends_at) && tstzrange(b.begins_at, b.ends_at)
          join directory.place r on r.tenant_id = a.tenant_id and r.id = a.room_id
          where a.tenant_id = ${context.tenantId} and a.cancelled_at is null and b.cancelled_at is null`,
      ),
  },
  {
    name: "facilities.planHasSchedule",
    says: "Every maintenance plan has its schedule.",
    breaks: (context) =>
      listed(
        context,
        sql`
          select m.title || ' has no schedule' as says from facilities.maintenance_plan m
          where m.tenant_id = ${context.tenantId} and not exists (select from office.schedule s
            where s.tenant_id = m.tenant_id and s.key = 'facilities.maintenancePlan:' || m.id)`,
      ),
  },
  {
    name: "facilities.criticalIsOut",
    says: "A thing on which people could be hurt is out of service while a fault on it is not checked.",
    breaks: (context) =>
      listed(
        context,
        sql`
          select w.number || ': the thing is in use and not checked' as says from facilities.work_order w
          where w.tenant_id = ${context.tenantId} and w.needs_check and w.checked_at is null and w.asset_id is not null
            and w.state not in ('closed', 'cancelled') and not exists (select from facilities.downtime d
              where d.tenant_id = w.tenant_id and d.asset_id = w.asset_id and d.until_at is null)`,
      ),
  },
];

const counted = (name: string, title: string, to: string, roles: readonly string[], from: (context: ReadContext) => Sql): Figure => ({
  name: `facilities.${name}`,
  title,
  roles,
  to: `/r/facilities/${to}`,
  value: async (context) => {
    const { count } = await context.db.row<{ count: number }>(sql`select count(*)::int as count from ${from(context)}`);
    return count;
  },
});

const watchers = ["facilities.manager", "office.manager"];
const running = sql`w.state in ('open', 'assigned', 'inProgress', 'onHold')`;

export const figures: readonly Figure[] = [
  counted(
    "openFaults",
    "Open work orders",
    "workOrder?filter[state]=open|assigned|inProgress|onHold",
    watchers,
    (context) => sql`facilities.work_order w where w.tenant_id = ${context.tenantId} and ${running}`,
  ),
  counted(
    "lateWork",
    "Work orders overdue",
    "workOrder?sort=due&filter[state]=open|assigned|inProgress|onHold",
    watchers,
    (context) => sql`facilities.work_order w where w.tenant_id = ${context.tenantId} and ${running} and w.due < ${context.today}::date`,
  ),
  counted(
    "freeDesks",
    "Desks free today",
    "desk?filter[state]=free",
    watchers,
    (context) =>
      sql`directory.place d where d.tenant_id = ${context.tenantId} and d.kind = 'desk'
      and (d.retired_from is null or d.retired_from > ${context.today}::date)
      and not exists (select from facilities.desk_assignment a
        where a.tenant_id = d.tenant_id and a.desk_id = d.id and a.during @> ${context.today}::date)`,
  ),
  counted(
    "visitors",
    "Visitors in the house",
    "visit?filter[state]=here",
    watchers,
    (context) => sql`facilities.visit v where v.tenant_id = ${context.tenantId} and v.arrived_at is not null and v.left_at is null`,
  ),
  counted(
    "visitorsToday",
    "Visitors expected today",
    "visit?filter[state]=expected",
    watchers,
    (context) => sql`facilities.visit v
      where v.tenant_id = ${context.tenantId} and v.day = ${context.today}::date and v.arrived_at is null`,
  ),
  counted(
    "bookingsToday",
    "Rooms booked today",
    "booking",
    watchers,
    (context) => sql`facilities.booking b
      join platform.tenant_account t on t.tenant_id = b.tenant_id
      where b.tenant_id = ${context.tenantId} and b.cancelled_at is null
        and tstzrange(b.begins_at, b.ends_at) && tstzrange(${context.today}::date::timestamp at time zone t.zone,
          (${context.today}::date + 1)::timestamp at time zone t.zone)`,
  ),
  counted(
    "outOfService",
    "Out of service",
    "downtime?filter[state]=out",
    watchers,
    (context) => sql`facilities.downtime d where d.tenant_id = ${context.tenantId} and d.until_at is null`,
  ),
];
