// Employments without an offer before them, and changes to come: another seat, other pay, other hours, each from its day.
import { z } from "zod";
import { addDays, type Day as KernelDay } from "../../kernel/day.ts";
import type { Id as KernelId } from "../../kernel/id.ts";
import type { Money as KernelMoney } from "../../kernel/money.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { Day, Id, Money, ref, Text } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";
import { cancelHolding, continueHolding, endHolding, holdPosition } from "../directory/index.ts";
import { beginEmployment, beginRefusals, type Employment, lockEmployment, type PayPeriod, seatRefusals } from "./employment.store.ts";
import { Hours, Kind, Period } from "./offer.operations.ts";

const manager = ["people.manager"];

export const createEmployment = operation({
  name: "people.employment.create",
  title: "Begin an employment",
  does: "Begins an employment without an offer, for instance of people who were here before Heartwood: seat, contract and pay with it.",
  kind: "write",
  may: manager,
  input: z.strictObject({
    personId: ref("directory.person"),
    positionId: ref("directory.position"),
    firstDay: Day,
    lastDay: Day.optional().describe("For a limited term."),
    kind: Kind.default("employee"),
    hoursWeekly: Hours.default("40"),
    pay: Money.optional(),
    payPeriod: Period.default("month"),
    noticeDays: z.number().int().min(0).max(730).default(30),
    probationMonths: z.number().int().min(0).max(24).default(0),
    entityId: ref("directory.legalEntity").optional(),
  }),
  output: z.object({ id: Id, contractId: Id }),
  refuses: {
    personUnknown: "There is no such person.",
    entityUnknown: "There is no such legal entity.",
    lastDayBeforeFirst: "The last day {lastDay} is before the first day {firstDay}.",
    ...beginRefusals,
  },
  emits: ["people.employment.created"],
  constraints: { employment_once: "alreadyEmployed" },
  async run(input, context) {
    if (input.lastDay && input.lastDay < input.firstDay) {
      refuse("lastDayBeforeFirst", { lastDay: input.lastDay, firstDay: input.firstDay }, ["lastDay"]);
    }
    if (input.entityId) {
      const entity = await context.db.maybe(sql`
        select id from directory.legal_entity where tenant_id = ${context.tenantId} and id = ${input.entityId}`);
      if (!entity) refuse("entityUnknown", {}, ["entityId"]);
    }
    const terms = { ...input, entityId: input.entityId ?? null, lastDay: input.lastDay ?? null, pay: input.pay ?? null };
    const { employmentId, contractId } = await beginEmployment(context, terms);
    const { personId, positionId, firstDay, kind } = input;
    context.emit("people.employment.created", { employmentId, personId, positionId, firstDay, kind });
    return { id: employmentId, contractId };
  },
});

export const changeEmployment = operation({
  name: "people.employment.change",
  title: "Promote, move or change pay",
  does: "Changes seat, pay or hours from a day on, today or to come. What held before stays in history; new hours make a new contract.",
  kind: "write",
  may: manager,
  input: z.strictObject({
    employmentId: ref("people.employment"),
    from: Day,
    positionId: ref("directory.position").optional(),
    pay: Money.optional(),
    payPeriod: Period.optional(),
    hoursWeekly: Hours.optional(),
    reason: Text(300),
  }),
  output: z.object({ id: Id, contractId: Id.nullable() }),
  when: (employment) => ["future", "active", "notice"].includes(String(employment["state"])),
  refuses: {
    notFound: "There is no such employment.",
    nothingChanged: "Say what changes: the seat, the pay or the hours.",
    notEmployed: "{person} is not employed on {day}. Choose a day of the employment.",
    changesPlanned: "Another change is planned from {day}. Take it back first, or choose a later day.",
    contractThere: "A contract from {day} is there already. Choose another day.",
    ...seatRefusals,
  },
  emits: ["people.employment.changed"],
  constraints: { contract_per_day: "contractThere" },
  async run(input, context) {
    const employment = await lockEmployment(context, input.employmentId);
    const { from } = input;
    if (!input.positionId && !input.pay && !input.hoursWeekly) refuse("nothingChanged");
    if (from <= employment.firstDay || (employment.lastDay && from > employment.lastDay)) {
      refuse("notEmployed", { person: employment.person, day: from }, ["from"]);
    }
    if (input.positionId) await changeSeat(context, employment, input.positionId, from);
    if (input.pay) await changePay(context, employment, { ...input, pay: input.pay });
    const contractId = input.hoursWeekly ? await changeHours(context, employment, input.hoursWeekly, from) : null;
    const { positionId, reason } = input;
    context.emit("people.employment.changed", { employmentId: employment.id, personId: employment.personId, positionId, from, reason });
    return { id: employment.id, contractId };
  },
});

async function changeSeat(context: WriteContext, employment: Employment, positionId: KernelId, from: KernelDay): Promise<void> {
  const { tenantId, db } = context;
  const mine = sql`tenant_id = ${tenantId} and employment_id = ${employment.id}`;
  await checkNothingPlanned(context, employment, "assignment", from);
  const before = await db.maybe<{ holdingId: KernelId }>(sql`
    update people.assignment set during = daterange(lower(during), ${from}::date)
    where ${mine} and during @> ${addDays(from, -1)}::date and upper(during) is distinct from ${from}::date returning holding_id`);
  if (before) await context.callAsSystem(endHolding, { holdingId: before.holdingId, lastDay: addDays(from, -1) });
  const { personId, lastDay } = employment;
  const { id } = await context.callAsSystem(holdPosition, { positionId, personId, from, until: lastDay ?? undefined });
  await db.run(sql`
    insert into people.assignment (tenant_id, id, employment_id, position_id, holding_id, during)
    values (${tenantId}, ${context.newId()}, ${employment.id}, ${positionId}, ${id}, daterange(${from}::date, ${lastDay}::date, '[]'))`);
}

interface PayChange {
  readonly from: KernelDay;
  readonly pay: KernelMoney;
  readonly payPeriod?: PayPeriod;
  readonly reason: string;
}

async function changePay(context: WriteContext, employment: Employment, change: PayChange): Promise<void> {
  const { tenantId, db } = context;
  await checkNothingPlanned(context, employment, "compensation", change.from);
  const before = await db.maybe<{ payPeriod: PayPeriod }>(sql`
    update people.compensation set during = daterange(lower(during), ${change.from}::date)
    where tenant_id = ${tenantId} and employment_id = ${employment.id} and during @> ${change.from}::date returning pay_period`);
  await db.run(sql`
    insert into people.compensation (tenant_id, id, employment_id, during, pay, currency, pay_period, reason)
    values (${tenantId}, ${context.newId()}, ${employment.id}, daterange(${change.from}::date, ${employment.lastDay}::date, '[]'),
      ${change.pay.minor}, ${change.pay.currency}, ${change.payPeriod ?? before?.payPeriod ?? "month"}, ${change.reason})`);
}

/** New hours are a new contract, which has to be sent and signed like the first. */
async function changeHours(context: WriteContext, employment: Employment, hoursWeekly: string, from: KernelDay): Promise<KernelId> {
  const there = await context.db.maybe(sql`
    select id from people.contract
    where tenant_id = ${context.tenantId} and employment_id = ${employment.id} and first_day = ${from}::date and state <> 'void'`);
  if (there) refuse("contractThere", { day: from }, ["from"]);
  const id = context.newId();
  await context.db.run(sql`
    insert into people.contract (tenant_id, id, employment_id, first_day, last_day, hours_weekly, notice_days, state)
    select tenant_id, ${id}, employment_id, ${from}::date, ${employment.lastDay}::date, ${hoursWeekly}::numeric, notice_days, 'draft'
    from people.contract where tenant_id = ${context.tenantId} and employment_id = ${employment.id} and state <> 'void'
      and first_day < ${from}::date order by first_day desc limit 1`);
  return id;
}

async function checkNothingPlanned(
  context: WriteContext,
  employment: Employment,
  table: "assignment" | "compensation",
  from: KernelDay,
): Promise<void> {
  const planned = await context.db.maybe<{ day: KernelDay }>(sql`
    select lower(during) as day from ${table === "assignment" ? sql`people.assignment` : sql`people.compensation`}
    where tenant_id = ${context.tenantId} and employment_id = ${employment.id} and lower(during) >= ${from}::date
    order by 1 limit 1`);
  if (planned) refuse("changesPlanned", { day: planned.day }, ["from"]);
}

export const withdrawChange = operation({
  name: "people.employment.withdrawChange",
  title: "Take back a planned change",
  does: "Takes back changes of seat, pay and hours that have not begun; what holds today goes on.",
  kind: "write",
  may: manager,
  input: z.strictObject({ employmentId: ref("people.employment") }),
  output: z.object({ id: Id, taken: z.number().int() }),
  when: (employment) => employment["state"] === "active",
  refuses: {
    notFound: "There is no such employment.",
    nothingPlanned: "No change to come is planned for {person}.",
    notBegun: "The employment of {person} begins on {day}. Rescind the offer, or change the first day instead.",
    ...seatRefusals,
  },
  emits: ["people.employment.changeWithdrawn"],
  async run(input, context) {
    const { tenantId, db } = context;
    const employment = await lockEmployment(context, input.employmentId);
    if (employment.firstDay > context.today) refuse("notBegun", { person: employment.person, day: employment.firstDay });
    const mine = sql`tenant_id = ${tenantId} and employment_id = ${employment.id}`;
    const future = sql`lower(during) > ${context.today}::date`;
    const open = sql`during = daterange(lower(during), ${employment.lastDay}::date, '[]')`;
    const seats = await db.rows<{ holdingId: KernelId }>(
      sql`delete from people.assignment where ${mine} and ${future} returning holding_id`,
    );
    const pays = await db.run(sql`delete from people.compensation where ${mine} and ${future}`);
    const contracts = await db.run(sql`
      update people.contract set state = 'void', signed_on = null
      where ${mine} and state <> 'void' and first_day > ${context.today}::date`);
    const taken = seats.length + pays + contracts;
    if (taken === 0) refuse("nothingPlanned", { person: employment.person });
    if (pays > 0) await db.run(sql`update people.compensation set ${open} where ${mine} and during @> ${context.today}::date`);
    if (seats.length > 0)
      await takeSeatBack(
        context,
        employment,
        seats.map((seat) => seat.holdingId),
      );
    context.emit("people.employment.changeWithdrawn", { employmentId: employment.id, personId: employment.personId });
    return { id: employment.id, taken };
  },
});

/** Gives up the seats that were reserved and keeps the present one, unless somebody else was promised it. */
async function takeSeatBack(context: WriteContext, employment: Employment, holdingIds: readonly KernelId[]): Promise<void> {
  for (const holdingId of holdingIds) await context.callAsSystem(cancelHolding, { holdingId });
  const present = await context.db.maybe<{ holdingId: KernelId }>(sql`
    update people.assignment set during = daterange(lower(during), ${employment.lastDay}::date, '[]')
    where tenant_id = ${context.tenantId} and employment_id = ${employment.id} and during @> ${context.today}::date returning holding_id`);
  if (!present) return;
  await context.callAsSystem(continueHolding, { holdingId: present.holdingId, lastDay: employment.lastDay ?? undefined });
}
