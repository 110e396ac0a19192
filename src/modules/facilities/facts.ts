// Questions that processes ask facilities about a person: do they have a desk on a day, do they hold a key or a badge still?
import type { Day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import { type Sql, sql } from "../../platform/database/sql.ts";
import type { ReadContext } from "../../platform/operation/context.ts";
import { facilityKinds, holdingsOf } from "../assets/index.ts";

export interface SeatAt {
  readonly deskId: Id;
  readonly desk: string;
  readonly siteId: Id;
}

/** Where someone sits on a day. */
export function deskOf(context: ReadContext, personId: Id, on: Day): Promise<SeatAt | undefined> {
  return context.db.maybe<SeatAt>(sql`
    select a.desk_id, d.code as desk, d.site_id from facilities.desk_assignment a
    join directory.place d on d.tenant_id = a.tenant_id and d.id = a.desk_id
    where a.tenant_id = ${context.tenantId} and a.person_id = ${personId} and a.during @> ${on}::date`);
}

/** The person has a desk on that day. */
export const hasDesk = async (context: ReadContext, personId: Id, on: Day): Promise<boolean> =>
  (await deskOf(context, personId, on)) !== undefined;

/** The person has a desk on that day at that site. */
export const hasDeskAt = async (context: ReadContext, personId: Id, siteId: Id, on: Day): Promise<boolean> =>
  (await deskOf(context, personId, on))?.siteId === siteId;

/** From that day on the person has no desk, neither then nor planned for later. */
export async function hasNoDesk(context: ReadContext, personId: Id, from: Day): Promise<boolean> {
  const left = await context.db.maybe(sql`
    select id from facilities.desk_assignment
    where tenant_id = ${context.tenantId} and person_id = ${personId} and during && daterange(${from}::date, null) limit 1`);
  return left === undefined;
}

/** The person holds no key, badge, vehicle or other equipment of the house. */
export const holdsNoEquipment = async (context: ReadContext, personId: Id): Promise<boolean> =>
  (await holdingsOf(context, personId, facilityKinds)).length === 0;

/** What was reported is done. */
export async function workOrderIsDone(context: ReadContext, workOrderId: Id): Promise<boolean> {
  const done = await context.db.maybe(sql`
    select id from facilities.work_order where tenant_id = ${context.tenantId} and id = ${workOrderId} and state in ('done', 'closed')`);
  return done !== undefined;
}

/** Somebody was sent, or it is settled already. */
export async function workOrderIsAssigned(context: ReadContext, workOrderId: Id): Promise<boolean> {
  const assigned = await context.db.maybe(sql`
    select id from facilities.work_order where tenant_id = ${context.tenantId} and id = ${workOrderId} and state <> 'open'`);
  return assigned !== undefined;
}

/** A thing on which people could be hurt: a second person looks before it is put back. */
export const workNeedsCheck = (context: ReadContext, workOrderId: Id): Promise<boolean> => is(context, workOrderId, sql`w.needs_check`);

/** The thing was taken out of service because of it. */
export const thingWasTakenOut = (context: ReadContext, workOrderId: Id): Promise<boolean> =>
  is(context, workOrderId, sql`exists (select from facilities.downtime d where d.tenant_id = w.tenant_id and d.work_order_id = w.id)`);

/** Nothing is out of service because of it any more. */
export const thingIsBack = (context: ReadContext, workOrderId: Id): Promise<boolean> =>
  is(
    context,
    workOrderId,
    sql`exists (select from facilities.downtime d where d.tenant_id = w.tenant_id and d.work_order_id = w.id)
      and not exists (select from facilities.downtime d where d.tenant_id = w.tenant_id and d.work_order_id = w.id and d.until_at is null)`,
  );

export const contractorIsCalled = (context: ReadContext, workOrderId: Id): Promise<boolean> =>
  is(context, workOrderId, sql`w.contractor_id is not null`);

export const workIsChecked = (context: ReadContext, workOrderId: Id): Promise<boolean> =>
  is(context, workOrderId, sql`w.checked_at is not null`);

export const workOrderIsClosed = (context: ReadContext, workOrderId: Id): Promise<boolean> =>
  is(context, workOrderId, sql`w.state = 'closed'`);

export const costIsRecorded = (context: ReadContext, workOrderId: Id): Promise<boolean> =>
  is(context, workOrderId, sql`w.cost_recorded_at is not null`);

/** Whoever asked for it by a request was told that it is done; so is whoever reported it without one. */
export const requesterIsTold = (context: ReadContext, workOrderId: Id): Promise<boolean> =>
  is(
    context,
    workOrderId,
    sql`w.state in ('done', 'closed') and not exists (select from office.request r
      where r.tenant_id = w.tenant_id and r.id = w.request_id and r.state not in ('solved', 'closed', 'cancelled'))`,
  );

async function is(context: ReadContext, workOrderId: Id, condition: Sql): Promise<boolean> {
  const found = await context.db.maybe(sql`
    select w.id from facilities.work_order w where w.tenant_id = ${context.tenantId} and w.id = ${workOrderId} and ${condition}`);
  return found !== undefined;
}
