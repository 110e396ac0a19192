// Who sits in which seat: taking a seat from a day on, leaving it, and undoing a seat that was not yet taken.
import { z } from "zod";
import { addDays, type Day as KernelDay } from "../../kernel/day.ts";
import type { Id as KernelId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { Day, Id, ref } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";

const seatOfEmployment = "This seat goes with an employment. Change the employment, and its seat follows.";

const taking = {
  seatUnknown: "There is no such seat.",
  personUnknown: "There is no such person.",
  seatNotPlanned: "The seat {position} is not planned for all days from {from}. Plan it longer or choose other days.",
  seatTaken: "{person} sits in {position} from {day}. Choose another seat, or a day after they leave it.",
  personSeated: "{person} sits in {position} from {day}. End that seat first, or choose a later day.",
};

interface Taking {
  readonly positionId: KernelId;
  readonly personId: KernelId;
  readonly from: KernelDay;
  readonly until?: KernelDay;
  /** The holding that is being changed and so is not in its own way. */
  readonly except?: KernelId;
}

/** Takes seat and person in this order and says what stands in the way. */
async function checkFree(context: WriteContext, taking_: Taking): Promise<void> {
  const { tenantId, db } = context;
  const during = sql`daterange(${taking_.from}::date, ${taking_.until ?? null}::date, '[]')`;
  const person = await db.maybe<{ name: string }>(sql`
    select name from directory.party where tenant_id = ${tenantId} and id = ${taking_.personId} and kind = 'person' for update`);
  if (!person) refuse("personUnknown", {}, ["personId"]);
  const seat = await db.maybe<{ code: string; open: boolean }>(sql`
    select p.code, (p.planned @> ${during}) as open from directory.position p
    where p.tenant_id = ${tenantId} and p.id = ${taking_.positionId} for update`);
  if (!seat) refuse("seatUnknown", {}, ["positionId"]);
  if (!seat.open) refuse("seatNotPlanned", { position: seat.code, from: taking_.from }, ["from"]);
  const inTheWay = await db.maybe<{ person: string; position: string; day: KernelDay; same: boolean }>(sql`
    select o.name as person, p.code as position, lower(h.during) as day, h.position_id = ${taking_.positionId} as same
    from directory.holding h
    join directory.party o on o.tenant_id = h.tenant_id and o.id = h.person_id
    join directory.position p on p.tenant_id = h.tenant_id and p.id = h.position_id
    where h.tenant_id = ${tenantId} and h.during && ${during} and h.id is distinct from ${taking_.except ?? null}::uuid
      and (h.position_id = ${taking_.positionId} or h.person_id = ${taking_.personId})
    order by same desc, lower(h.during) limit 1`);
  if (inTheWay) refuse(inTheWay.same ? "seatTaken" : "personSeated", { ...inTheWay }, [inTheWay.same ? "positionId" : "personId"]);
}

export const holdPosition = operation({
  name: "directory.position.hold",
  title: "Seat a person",
  does: "Seats a person in a position from a day on; a day to come reserves the seat.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({
    positionId: ref("directory.position"),
    personId: ref("directory.person"),
    from: Day,
    until: Day.optional().describe("The last day, for a limited time."),
  }),
  output: z.object({ id: Id }),
  when: (position) => position["state"] !== "closed" && position["state"] !== "filled",
  refuses: { untilBeforeFrom: "The last day {until} is before the first day {from}.", ...taking },
  emits: ["directory.position.held"],
  constraints: { holding_one_per_position: "seatTaken", holding_one_per_person: "personSeated" },
  async run(input, context) {
    if (input.until && input.until < input.from) refuse("untilBeforeFrom", { until: input.until, from: input.from }, ["until"]);
    await checkFree(context, input);
    const id = context.newId();
    await context.db.run(sql`
      insert into directory.holding (tenant_id, id, position_id, person_id, during, of_employment)
      values (${context.tenantId}, ${id}, ${input.positionId}, ${input.personId},
        daterange(${input.from}::date, ${input.until ?? null}::date, '[]'), ${isHouse(context)})`);
    context.emit("directory.position.held", { holdingId: id, positionId: input.positionId, personId: input.personId, from: input.from });
    return { id };
  },
});

interface Holding {
  readonly positionId: KernelId;
  readonly personId: KernelId;
  readonly from: KernelDay;
  readonly until: KernelDay | null;
}

/** Of what the directory has, only seats come and go with something else: the house seats whom an employment brings. */
const isHouse = ({ actor }: WriteContext): boolean => actor.kind === "system";

/** By hand, only what was seated by hand. */
async function lockHolding(context: WriteContext, id: KernelId): Promise<Holding> {
  const found = await context.db.maybe<Holding & { ofEmployment: boolean }>(sql`
    select position_id, person_id, lower(during) as from, (upper(during) - 1) as until, of_employment from directory.holding
    where tenant_id = ${context.tenantId} and id = ${id} for update`);
  if (!found) refuse("notFound");
  if (found.ofEmployment && !isHouse(context)) refuse("seatOfEmployment");
  return found;
}

export const endHolding = operation({
  name: "directory.holding.end",
  title: "Leave a seat",
  does: "Says until which day someone sits in a seat; from the next day it is open.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({ holdingId: ref("directory.holding"), lastDay: Day }),
  output: z.object({ id: Id }),
  when: (holding) => holding["state"] !== "ended" && !holding["ofEmployment"],
  refuses: {
    notFound: "There is no such seating.",
    seatOfEmployment,
    notYetSeated: "The seat is taken only from {from}. Take the seating back instead.",
    ...taking,
  },
  emits: ["directory.holding.ended"],
  constraints: { holding_one_per_position: "seatTaken", holding_one_per_person: "personSeated" },
  async run(input, context) {
    const holding = await lockHolding(context, input.holdingId);
    if (input.lastDay < holding.from) refuse("notYetSeated", { from: holding.from }, ["lastDay"]);
    // A later last day reaches into days that somebody else may have been promised.
    if (holding.until && input.lastDay > holding.until) {
      await checkFree(context, { ...holding, from: addDays(holding.until, 1), until: input.lastDay, except: input.holdingId });
    }
    await context.db.run(sql`
      update directory.holding set during = daterange(lower(during), ${input.lastDay}::date, '[]')
      where tenant_id = ${context.tenantId} and id = ${input.holdingId}`);
    const { positionId, personId } = holding;
    context.emit("directory.holding.ended", { holdingId: input.holdingId, positionId, personId, lastDay: input.lastDay });
    return { id: input.holdingId };
  },
});

export const continueHolding = operation({
  name: "directory.holding.continue",
  title: "Keep a seat longer",
  does: "Takes back the last day in a seat, or puts it later, when nobody else was promised the seat.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({ holdingId: ref("directory.holding"), lastDay: Day.optional().describe("Without it, until further notice.") }),
  output: z.object({ id: Id }),
  when: (holding) => holding["lastDay"] !== null && !holding["ofEmployment"],
  refuses: {
    notFound: "There is no such seating.",
    seatOfEmployment,
    notLonger: "The seat is held until {until}. Choose a later day, or end it earlier.",
    ...taking,
  },
  emits: ["directory.holding.continued"],
  constraints: { holding_one_per_position: "seatTaken", holding_one_per_person: "personSeated" },
  async run(input, context) {
    const holding = await lockHolding(context, input.holdingId);
    if (!holding.until || (input.lastDay && input.lastDay <= holding.until)) {
      refuse("notLonger", { until: holding.until ?? "further notice" }, ["lastDay"]);
    }
    await checkFree(context, { ...holding, from: addDays(holding.until, 1), until: input.lastDay, except: input.holdingId });
    await context.db.run(sql`
      update directory.holding set during = daterange(lower(during), ${input.lastDay ?? null}::date, '[]')
      where tenant_id = ${context.tenantId} and id = ${input.holdingId}`);
    const { positionId, personId } = holding;
    context.emit("directory.holding.continued", { holdingId: input.holdingId, positionId, personId });
    return { id: input.holdingId };
  },
});

export const changeHoldingStart = operation({
  name: "directory.holding.changeStart",
  title: "Change when a seat is taken",
  does: "Puts the first day in a seat earlier or later, as long as it has not begun.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({ holdingId: ref("directory.holding"), from: Day }),
  output: z.object({ id: Id }),
  when: (holding) => holding["state"] === "future" && !holding["ofEmployment"],
  refuses: {
    notFound: "There is no such seating.",
    seatOfEmployment,
    alreadySeated: "The seat is taken since {from}. What has been cannot be changed.",
    untilBeforeFrom: "The last day {until} is before the first day {from}.",
    ...taking,
  },
  emits: ["directory.holding.startChanged"],
  constraints: { holding_one_per_position: "seatTaken", holding_one_per_person: "personSeated" },
  async run(input, context) {
    const holding = await lockHolding(context, input.holdingId);
    if (holding.from <= context.today) refuse("alreadySeated", { from: holding.from });
    if (holding.until && holding.until < input.from) refuse("untilBeforeFrom", { until: holding.until, from: input.from }, ["from"]);
    await checkFree(context, { ...holding, from: input.from, until: holding.until ?? undefined, except: input.holdingId });
    await context.db.run(sql`
      update directory.holding set during = daterange(${input.from}::date, upper(during))
      where tenant_id = ${context.tenantId} and id = ${input.holdingId}`);
    const { positionId, personId } = holding;
    context.emit("directory.holding.startChanged", { holdingId: input.holdingId, positionId, personId, from: input.from });
    return { id: input.holdingId };
  },
});

export const cancelHolding = operation({
  name: "directory.holding.cancel",
  title: "Take back a seating",
  does: "Takes back a seating that has not begun, so that the seat is open again.",
  kind: "write",
  may: ["directory.manager"],
  input: z.strictObject({ holdingId: ref("directory.holding") }),
  output: z.object({ id: Id }),
  when: (holding) => holding["state"] === "future" && !holding["ofEmployment"],
  refuses: {
    notFound: "There is no such seating.",
    seatOfEmployment,
    alreadySeated: "The seat is taken since {from}. End it with a last day instead.",
  },
  emits: ["directory.holding.cancelled"],
  async run(input, context) {
    const holding = await lockHolding(context, input.holdingId);
    if (holding.from <= context.today) refuse("alreadySeated", { from: holding.from });
    await context.db.run(sql`delete from directory.holding where tenant_id = ${context.tenantId} and id = ${input.holdingId}`);
    const { positionId, personId } = holding;
    context.emit("directory.holding.cancelled", { holdingId: input.holdingId, positionId, personId });
    return { id: input.holdingId };
  },
});
