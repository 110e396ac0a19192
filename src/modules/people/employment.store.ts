// The employee relationship as it is kept. A change touches employment, seat, contract and pay together or not at all.
import { addDays, addMonths, type Day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";
import type { Money } from "../../kernel/money.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../platform/operation/context.ts";
import { addRole, cancelHolding, changeHoldingStart, continueHolding, endHolding, endRole, holdPosition } from "../directory/index.ts";

export type PayPeriod = "month" | "year" | "hour";

export interface Terms {
  readonly personId: Id;
  readonly positionId: Id;
  readonly entityId: Id | null;
  readonly kind: "employee" | "contractor";
  readonly firstDay: Day;
  readonly lastDay: Day | null;
  readonly hoursWeekly: string;
  readonly noticeDays: number;
  readonly probationMonths: number;
  readonly pay: Money | null;
  readonly payPeriod: PayPeriod;
}

export interface Employment {
  readonly id: Id;
  readonly personId: Id;
  readonly person: string;
  readonly kind: "employee" | "contractor";
  readonly firstDay: Day;
  readonly lastDay: Day | null;
}

/** Takes the employment's row. Refuses `notFound`, also for one that was called off. */
export async function lockEmployment(context: WriteContext, id: Id): Promise<Employment> {
  const found = await context.db.maybe<Employment>(sql`
    select e.id, e.person_id, o.name as person, e.kind, lower(e.during) as first_day, (upper(e.during) - 1) as last_day
    from people.employment e join directory.party o on o.tenant_id = e.tenant_id and o.id = e.person_id
    where e.tenant_id = ${context.tenantId} and e.id = ${id} and e.voided_on is null for update of e`);
  return found ?? refuse("notFound");
}

/** Refusals of everything that takes a seat; the seat itself is the directory's and says no in its own words. */
export const seatRefusals = {
  seatTaken: "The seat is taken on that day. Choose another seat or another day.",
  personSeated: "The person sits in another seat on that day. End that first.",
  seatNotPlanned: "The seat is not planned for all these days. Plan it longer or choose other days.",
  seatUnknown: "There is no such seat.",
};

export const beginRefusals = {
  alreadyEmployed: "{person} is already employed from {day}. End that employment first, or change it.",
  entityUnclear: "The company has several legal entities. Say which one employs.",
  ...seatRefusals,
};

/** Begins an employment on a day to come (or gone by): seat, contract as a draft and pay with it. */
export async function beginEmployment(context: WriteContext, terms: Terms): Promise<{ employmentId: Id; contractId: Id }> {
  const { tenantId, db } = context;
  const entityId = terms.entityId ?? (await employingEntity(context, terms.positionId));
  await checkNotEmployed(context, terms);
  const { personId, positionId, firstDay: from, lastDay } = terms;
  const holding = await context.callAsSystem(holdPosition, { positionId, personId, from, until: lastDay ?? undefined });
  const [employmentId, contractId] = [context.newId(), context.newId()];
  const during = sql`daterange(${from}::date, ${lastDay}::date, '[]')`;
  await db.run(sql`
    with drawn as (
      insert into people.employee_number as n (tenant_id, last) values (${tenantId}, 1)
      on conflict (tenant_id) do update set last = n.last + 1 returning last)
    insert into people.employment (tenant_id, id, number, person_id, entity_id, kind, during)
    select ${tenantId}, ${employmentId}, last, ${personId}, ${entityId}::uuid, ${terms.kind}, ${during} from drawn`);
  await db.run(sql`
    insert into people.assignment (tenant_id, id, employment_id, position_id, holding_id, during)
    values (${tenantId}, ${context.newId()}, ${employmentId}, ${positionId}, ${holding.id}, ${during})`);
  const probationUntil = terms.probationMonths > 0 ? addDays(addMonths(from, terms.probationMonths), -1) : null;
  await db.run(sql`
    insert into people.contract (tenant_id, id, employment_id, first_day, last_day, hours_weekly, notice_days, probation_until, state)
    values (${tenantId}, ${contractId}, ${employmentId}, ${from}, ${lastDay}, ${terms.hoursWeekly}, ${terms.noticeDays},
      ${probationUntil}, 'draft')`);
  if (terms.pay) {
    await db.run(sql`
      insert into people.compensation (tenant_id, id, employment_id, during, pay, currency, pay_period, reason)
      values (${tenantId}, ${context.newId()}, ${employmentId}, ${during}, ${terms.pay.minor}, ${terms.pay.currency},
        ${terms.payPeriod}, 'Hired')`);
  }
  await beginRole(context, personId, terms.kind, from);
  return { employmentId, contractId };
}

async function checkNotEmployed(context: ReadContext, terms: Terms): Promise<void> {
  const other = await context.db.maybe<{ person: string; day: Day }>(sql`
    select o.name as person, lower(e.during) as day from people.employment e
    join directory.party o on o.tenant_id = e.tenant_id and o.id = e.person_id
    where e.tenant_id = ${context.tenantId} and e.person_id = ${terms.personId} and e.voided_on is null
      and e.during && daterange(${terms.firstDay}::date, ${terms.lastDay}::date, '[]')`);
  if (other) refuse("alreadyEmployed", { ...other });
}

/** The legal entity of the seat's unit, or the only one there is; null while the company has none. */
async function employingEntity(context: ReadContext, positionId: Id): Promise<Id | null> {
  const found = await context.db.row<{ own: Id | null; only: Id | null; count: number }>(sql`
    select (select u.entity_id from directory.position_version v
        join directory.unit u on u.tenant_id = v.tenant_id and u.id = v.unit_id
        where v.tenant_id = ${context.tenantId} and v.position_id = ${positionId} order by lower(v.during) desc limit 1) as own,
      (select e.id from directory.legal_entity e where e.tenant_id = ${context.tenantId} limit 1) as only,
      (select count(*)::int from directory.legal_entity e where e.tenant_id = ${context.tenantId}) as count`);
  if (!found.own && found.count > 1) refuse("entityUnclear", {}, ["entityId"]);
  return found.own ?? found.only;
}

/** From the first day an employee; no longer a candidate, so that colleagues can prepare for them. */
async function beginRole(context: WriteContext, personId: Id, role: "employee" | "contractor", from: Day): Promise<void> {
  const held = await context.db.rows<{ role: string; open: boolean }>(sql`
    select role, daterange(from_day, until_day, '[]') && daterange(${from}::date, null) as open from directory.party_role
    where tenant_id = ${context.tenantId} and party_id = ${personId} and role in ('candidate', ${role})
      and (until_day is null or until_day >= ${context.today}::date)`);
  if (held.some((one) => one.role === "candidate")) {
    await context.callAsSystem(endRole, { partyId: personId, role: "candidate", lastDay: addDays(context.today, -1) });
  }
  if (!held.some((one) => one.role === role && one.open)) await context.callAsSystem(addRole, { partyId: personId, role, from });
}

/** Puts the first day of an employment that has not begun earlier or later, with its seat, contract and pay. */
export async function shiftFirstDay(context: WriteContext, employment: Employment, to: Day): Promise<void> {
  const { tenantId, db } = context;
  const mine = sql`tenant_id = ${tenantId} and employment_id = ${employment.id}`;
  const first = sql`lower(during) = ${employment.firstDay}::date`;
  const { changes } = await db.row<{ changes: number }>(sql`
    select (select count(*)::int from people.assignment where ${mine} and not ${first} and lower(during) <= ${to}::date)
      + (select count(*)::int from people.compensation where ${mine} and not ${first} and lower(during) <= ${to}::date) as changes`);
  if (changes > 0) refuse("changesPlanned", { day: to }, ["firstDay"]);
  if (employment.lastDay && employment.lastDay < to) refuse("firstDayAfterEnd", { day: employment.lastDay }, ["firstDay"]);
  const seat = await db.maybe<{ holdingId: Id }>(sql`select holding_id from people.assignment where ${mine} and ${first}`);
  if (seat) await context.callAsSystem(changeHoldingStart, { holdingId: seat.holdingId, from: to });
  const moved = sql`during = daterange(${to}::date, upper(during))`;
  await db.run(sql`update people.employment set ${moved} where tenant_id = ${tenantId} and id = ${employment.id}`);
  await db.run(sql`update people.assignment set ${moved} where ${mine} and ${first}`);
  await db.run(sql`update people.compensation set ${moved} where ${mine} and ${first}`);
  await db.run(sql`
    update people.contract set first_day = ${to}::date,
      probation_until = probation_until + (${to}::date - ${employment.firstDay}::date)
    where ${mine} and state <> 'void' and first_day = ${employment.firstDay}::date`);
  const { personId, kind } = employment;
  await leaveRole(context, personId, kind, addDays(context.today, -1));
  await context.callAsSystem(addRole, { partyId: personId, role: kind, from: to });
}

async function leaveRole(context: WriteContext, personId: Id, role: "employee" | "contractor", lastDay: Day): Promise<void> {
  const held = await context.db.maybe(sql`
    select role from directory.party_role
    where tenant_id = ${context.tenantId} and party_id = ${personId} and role = ${role}
      and (until_day is null or until_day > ${lastDay}::date)`);
  if (held) await context.callAsSystem(endRole, { partyId: personId, role, lastDay });
}

/** Calls an employment off before its first day: the seat is open again, nothing will be paid. */
export async function callOffEmployment(context: WriteContext, employment: Employment): Promise<void> {
  const { tenantId, db } = context;
  const mine = sql`tenant_id = ${tenantId} and employment_id = ${employment.id}`;
  const seats = await db.rows<{ holdingId: Id }>(sql`delete from people.assignment where ${mine} returning holding_id`);
  // One seat as a rule; a second only when a later change was planned already.
  for (const seat of seats) await context.callAsSystem(cancelHolding, { holdingId: seat.holdingId });
  await db.run(sql`delete from people.compensation where ${mine}`);
  await db.run(sql`update people.contract set state = 'void', signed_on = null where ${mine}`);
  await db.run(sql`
    update people.employment set voided_on = ${context.today}::date where tenant_id = ${tenantId} and id = ${employment.id}`);
  await leaveRole(context, employment.personId, employment.kind, addDays(employment.firstDay, -1));
}

/** Sets the last day of an employment that has begun or will; what was planned for later is taken back. */
export async function endEmployment(context: WriteContext, employment: Employment, lastDay: Day): Promise<void> {
  const { tenantId, db } = context;
  const mine = sql`tenant_id = ${tenantId} and employment_id = ${employment.id}`;
  const until = sql`during = daterange(lower(during), ${lastDay}::date, '[]')`;
  const later = await db.rows<{ holdingId: Id }>(sql`
    delete from people.assignment where ${mine} and lower(during) > ${lastDay}::date returning holding_id`);
  for (const seat of later) await context.callAsSystem(cancelHolding, { holdingId: seat.holdingId });
  const seat = await db.maybe<{ holdingId: Id }>(sql`
    update people.assignment set ${until} where ${mine} and during @> ${lastDay}::date returning holding_id`);
  if (seat) await context.callAsSystem(endHolding, { holdingId: seat.holdingId, lastDay });
  await db.run(sql`delete from people.compensation where ${mine} and lower(during) > ${lastDay}::date`);
  await db.run(sql`update people.compensation set ${until} where ${mine} and during @> ${lastDay}::date`);
  await db.run(sql`update people.employment set ${until} where tenant_id = ${tenantId} and id = ${employment.id}`);
  await leaveRole(context, employment.personId, employment.kind, lastDay);
}

/** Takes an end back: everything that ended with the employment goes on, the seat only when nobody was promised it. */
export async function continueEmployment(context: WriteContext, employment: Employment, lastDay: Day | null): Promise<void> {
  const { tenantId, db } = context;
  const mine = sql`tenant_id = ${tenantId} and employment_id = ${employment.id}`;
  const open = sql`during = daterange(lower(during), ${lastDay}::date, '[]')`;
  const last = sql`upper(during) - 1 = ${employment.lastDay}::date`;
  const seat = await db.maybe<{ holdingId: Id }>(sql`
    update people.assignment set ${open} where ${mine} and ${last} returning holding_id`);
  if (seat) await context.callAsSystem(continueHolding, { holdingId: seat.holdingId, lastDay: lastDay ?? undefined });
  await db.run(sql`update people.compensation set ${open} where ${mine} and ${last}`);
  await db.run(sql`update people.employment set ${open} where tenant_id = ${tenantId} and id = ${employment.id}`);
  await beginRole(context, employment.personId, employment.kind, addDays(employment.lastDay!, 1));
}
