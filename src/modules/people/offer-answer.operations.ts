// What follows from an answered offer: a yes makes the employment in one step, a moved first day shifts it, a rescission undoes it.
import { z } from "zod";
import { Money } from "../../kernel/money.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import { Day, Id, ref, Text } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";
import { beginEmployment, beginRefusals, callOffEmployment, lockEmployment, seatRefusals, shiftFirstDay } from "./employment.store.ts";
import { lockOffer } from "./offer.operations.ts";
import { candidateSelf } from "./relation.ts";

const manager = ["people.manager"];

export const acceptOffer = operation({
  name: "people.offer.accept",
  title: "Accept the offer",
  does: "Notes the candidate's yes: employment, seat, contract and pay are made from the first day on, all in one step.",
  kind: "write",
  may: [...manager, candidateSelf],
  input: z.strictObject({ offerId: ref("people.offer") }),
  output: z.object({ id: Id, employmentId: Id, contractId: Id }),
  when: (offer) => offer["state"] === "sent",
  refuses: {
    notFound: "There is no such offer.",
    offerNotSent: "The offer is {state}. Only an offer that was sent can be accepted.",
    offerExpired: "The offer expired on {day}. Draw up a new one.",
    ...beginRefusals,
  },
  emits: ["people.offer.accepted"],
  constraints: { employment_once: "alreadyEmployed" },
  async run(input, context) {
    const { tenantId, db } = context;
    const offer = await lockOffer(context, input.offerId);
    if (offer.state !== "sent") refuse("offerNotSent", { state: offer.state });
    if (offer.expiresOn && offer.expiresOn < context.today) refuse("offerExpired", { day: offer.expiresOn });
    const made = await beginEmployment(context, { ...offer, pay: new Money(offer.pay, offer.currency) });
    await db.run(sql`
      update people.offer set state = 'accepted', answered_on = ${context.today}, employment_id = ${made.employmentId}
      where tenant_id = ${tenantId} and id = ${offer.id}`);
    await db.run(sql`
      update people.application set stage = 'hired', closed_on = ${context.today}
      where tenant_id = ${tenantId} and id = ${offer.applicationId}::uuid`);
    const { personId, positionId, firstDay, kind } = offer;
    context.emit("people.offer.accepted", { offerId: offer.id, employmentId: made.employmentId, personId, positionId, firstDay, kind });
    return { id: offer.id, ...made };
  },
});

export const changeFirstDay = operation({
  name: "people.offer.changeFirstDay",
  title: "Change the first day",
  does: "Puts the first day earlier or later. Once the offer is accepted, employment, seat, contract and pay go with it.",
  kind: "write",
  may: manager,
  input: z.strictObject({ offerId: ref("people.offer"), firstDay: Day }),
  output: z.object({ id: Id }),
  when: (offer) => ["draft", "sent", "accepted"].includes(String(offer["state"])),
  refuses: {
    notFound: "There is no such offer.",
    offerClosed: "The offer is {state}. Draw up a new one.",
    alreadyBegun: "The employment began on {day}. A first day that has been stays as it is.",
    firstDayPast: "The day {day} is over. Choose a day to come.",
    firstDayAfterEnd: "The term ends on {day}. Choose an earlier first day.",
    changesPlanned: "Other changes are planned before {day}. Take them back first.",
    ...seatRefusals,
  },
  emits: ["people.firstDay.changed"],
  async run(input, context) {
    const offer = await lockOffer(context, input.offerId);
    if (!["draft", "sent", "accepted"].includes(offer.state)) refuse("offerClosed", { state: offer.state });
    if (input.firstDay <= context.today) refuse("firstDayPast", { day: input.firstDay }, ["firstDay"]);
    if (offer.lastDay && offer.lastDay < input.firstDay) refuse("firstDayAfterEnd", { day: offer.lastDay }, ["firstDay"]);
    if (offer.employmentId) {
      const employment = await lockEmployment(context, offer.employmentId);
      if (employment.firstDay <= context.today) refuse("alreadyBegun", { day: employment.firstDay });
      if (employment.firstDay !== input.firstDay) await shiftFirstDay(context, employment, input.firstDay);
    }
    await context.db.run(sql`
      update people.offer set first_day = ${input.firstDay} where tenant_id = ${context.tenantId} and id = ${offer.id}`);
    if (offer.employmentId) {
      const { personId, positionId, employmentId, firstDay: before } = offer;
      context.emit("people.firstDay.changed", { offerId: offer.id, employmentId, personId, positionId, before, firstDay: input.firstDay });
    }
    return { id: offer.id };
  },
});

export const rescindOffer = operation({
  name: "people.offer.rescind",
  title: "Rescind the offer",
  does: "Takes the offer back before the first day. What its acceptance made is undone: employment void, seat open, nothing to be paid.",
  kind: "write",
  may: manager,
  input: z.strictObject({ offerId: ref("people.offer"), reason: Text(500) }),
  output: z.object({ id: Id }),
  when: (offer) => ["draft", "sent", "accepted"].includes(String(offer["state"])),
  refuses: {
    notFound: "There is no such offer.",
    offerClosed: "The offer is {state}. Nothing is to be taken back.",
    alreadyBegun: "The employment began on {day}. End it with notice instead.",
  },
  emits: ["people.offer.rescinded"],
  async run(input, context) {
    const { tenantId, db } = context;
    const offer = await lockOffer(context, input.offerId);
    if (!["draft", "sent", "accepted"].includes(offer.state)) refuse("offerClosed", { state: offer.state });
    if (offer.employmentId) {
      const employment = await lockEmployment(context, offer.employmentId);
      if (employment.firstDay <= context.today) refuse("alreadyBegun", { day: employment.firstDay });
      await callOffEmployment(context, employment);
    }
    await db.run(sql`
      update people.offer set state = 'rescinded', answered_on = ${context.today}, reason = ${input.reason}
      where tenant_id = ${tenantId} and id = ${offer.id}`);
    await db.run(sql`
      update people.application set stage = 'rejected', closed_on = ${context.today}, reason = ${input.reason}
      where tenant_id = ${tenantId} and id = ${offer.applicationId}::uuid and stage in ('offer', 'hired')`);
    const { personId, positionId, employmentId } = offer;
    context.emit("people.offer.rescinded", { offerId: offer.id, employmentId, personId, positionId });
    return { id: offer.id };
  },
});
