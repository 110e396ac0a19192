// Offers: what we offer whom, for which seat and from which day; drawn up, sent, declined or lapsed.
import { z } from "zod";
import type { Day as KernelDay } from "../../kernel/day.ts";
import type { Id as KernelId } from "../../kernel/id.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { Day, DecimalText, Id, Money, ref, Text } from "../../platform/operation/field.ts";
import { operation } from "../../platform/operation/operation.ts";
import { register } from "../../platform/operation/register.ts";
import { candidateSelf } from "./relation.ts";

const manager = ["people.manager"];
export const Kind = z.enum(["employee", "contractor"]);
export const Period = z.enum(["month", "year", "hour"]).describe("What the pay is for.");
export const Hours = DecimalText.refine((text) => Number(text) > 0 && Number(text) <= 80, "must be between 0 and 80 hours");

export const offerRegister = register({
  name: "people.offer",
  title: "Offers",
  does: "Offers of employment, with their terms and what became of them.",
  may: [...manager, candidateSelf],
  row: z.object({
    id: Id,
    label: z.string(),
    personId: ref("directory.person"),
    person: z.string(),
    positionId: ref("directory.position"),
    position: z.string(),
    kind: Kind,
    firstDay: Day,
    lastDay: Day.nullable(),
    hoursWeekly: DecimalText,
    noticeDays: z.number().int(),
    pay: Money,
    payPeriod: Period,
    expiresOn: Day.nullable(),
    state: z.enum(["draft", "sent", "accepted", "declined", "rescinded", "expired"]),
    sentOn: Day.nullable(),
    answeredOn: Day.nullable(),
    reason: z.string().nullable(),
    employmentId: ref("people.employment").nullable(),
  }),
  label: "label",
  search: ["person", "position"],
  sort: "-firstDay",
  sees: (context) => sql`r.person_id = ${context.actor.personId}::uuid and r.state <> 'draft'`,
  logged: true,
  from: (context) => sql`
    select f.id, o.name || ' as ' || p.code as label, f.person_id, o.name as person, f.position_id, p.code as position, f.kind, f.first_day,
      f.last_day, f.hours_weekly, f.notice_days, f.pay, f.currency, f.pay_period, f.expires_on, f.sent_on, f.answered_on, f.reason,
      f.employment_id, case when f.state = 'sent' and f.expires_on < ${context.today}::date then 'expired' else f.state end as state
    from people.offer f
    join directory.party o on o.tenant_id = f.tenant_id and o.id = f.person_id
    join directory.position p on p.tenant_id = f.tenant_id and p.id = f.position_id
    where f.tenant_id = ${context.tenantId}`,
});

export interface Offer {
  readonly id: KernelId;
  readonly personId: KernelId;
  readonly person: string;
  readonly positionId: KernelId;
  readonly applicationId: KernelId | null;
  readonly entityId: KernelId | null;
  readonly kind: "employee" | "contractor";
  readonly firstDay: KernelDay;
  readonly lastDay: KernelDay | null;
  readonly hoursWeekly: string;
  readonly noticeDays: number;
  readonly probationMonths: number;
  readonly pay: bigint;
  readonly currency: string;
  readonly payPeriod: "month" | "year" | "hour";
  readonly expiresOn: KernelDay | null;
  readonly state: "draft" | "sent" | "accepted" | "declined" | "rescinded";
  readonly employmentId: KernelId | null;
}

/** Takes the offer's row, so that it is answered once. */
export async function lockOffer(context: WriteContext, id: KernelId): Promise<Offer> {
  const found = await context.db.maybe<Offer>(sql`
    select f.id, f.person_id, o.name as person, f.position_id, f.application_id, f.entity_id, f.kind, f.first_day, f.last_day,
      f.hours_weekly, f.notice_days, f.probation_months, f.pay, f.currency, f.pay_period, f.expires_on, f.state, f.employment_id
    from people.offer f join directory.party o on o.tenant_id = f.tenant_id and o.id = f.person_id
    where f.tenant_id = ${context.tenantId} and f.id = ${id} for update of f`);
  return found ?? refuse("notFound");
}

export const createOffer = operation({
  name: "people.offer.create",
  title: "Draw up an offer",
  does: "Draws up an offer to a candidate: the seat, the first day, the hours and the pay.",
  kind: "write",
  may: manager,
  input: z.strictObject({
    personId: ref("people.candidate"),
    applicationId: ref("people.application").optional(),
    positionId: ref("directory.position"),
    firstDay: Day,
    lastDay: Day.optional().describe("For a limited term."),
    kind: Kind.default("employee"),
    hoursWeekly: Hours.default("40"),
    pay: Money,
    payPeriod: Period.default("month"),
    noticeDays: z.number().int().min(0).max(730).default(30),
    probationMonths: z.number().int().min(0).max(24).default(0),
    expiresOn: Day.optional().describe("The last day on which it may be accepted."),
    entityId: ref("directory.legalEntity").optional().describe("Who employs; by default the entity of the unit."),
  }),
  output: z.object({ id: Id }),
  refuses: {
    personUnknown: "There is no such person. Add them as a candidate first.",
    seatUnknown: "There is no such seat.",
    applicationUnknown: "There is no such application of this person.",
    entityUnknown: "There is no such legal entity.",
    lastDayBeforeFirst: "The last day {lastDay} is before the first day {firstDay}.",
    offerOpen: "{person} has an open offer already. Decide on that one first.",
  },
  emits: ["people.offer.created"],
  async run(input, context) {
    const { tenantId, db } = context;
    const person = await db.maybe<{ name: string }>(sql`
      select name from directory.party where tenant_id = ${tenantId} and id = ${input.personId} and kind = 'person' for update`);
    if (!person) refuse("personUnknown", {}, ["personId"]);
    await checkNamed(context, input);
    if (input.lastDay && input.lastDay < input.firstDay) {
      refuse("lastDayBeforeFirst", { lastDay: input.lastDay, firstDay: input.firstDay }, ["lastDay"]);
    }
    const open = await db.maybe(sql`
      select id from people.offer where tenant_id = ${tenantId} and person_id = ${input.personId}
        and (state = 'draft' or state = 'sent' and (expires_on is null or expires_on >= ${context.today}::date))`);
    if (open) refuse("offerOpen", { person: person.name });
    const id = context.newId();
    await db.run(sql`
      insert into people.offer (tenant_id, id, person_id, application_id, position_id, entity_id, kind, first_day, last_day, hours_weekly,
        notice_days, probation_months, pay, currency, pay_period, expires_on, state)
      values (${tenantId}, ${id}, ${input.personId}, ${input.applicationId ?? null}, ${input.positionId}, ${input.entityId ?? null},
        ${input.kind}, ${input.firstDay}, ${input.lastDay ?? null}, ${input.hoursWeekly}, ${input.noticeDays}, ${input.probationMonths},
        ${input.pay.minor}, ${input.pay.currency}, ${input.payPeriod}, ${input.expiresOn ?? null}, 'draft')`);
    if (input.applicationId) {
      await db.run(sql`
        update people.application set stage = 'offer'
        where tenant_id = ${tenantId} and id = ${input.applicationId} and stage in ('applied', 'screening', 'interview')`);
    }
    context.emit("people.offer.created", { offerId: id, personId: input.personId });
    return { id };
  },
});

interface Named {
  readonly personId: KernelId;
  readonly positionId: KernelId;
  readonly applicationId?: KernelId;
  readonly entityId?: KernelId;
}

async function checkNamed(context: WriteContext, input: Named): Promise<void> {
  const { seat, application, entity } = await context.db.row<{ seat: boolean; application: boolean; entity: boolean }>(sql`
    select exists (select from directory.position where tenant_id = ${context.tenantId} and id = ${input.positionId}) as seat,
      exists (select from people.application where tenant_id = ${context.tenantId} and id = ${input.applicationId ?? null}::uuid
        and person_id = ${input.personId}) as application,
      exists (select from directory.legal_entity
        where tenant_id = ${context.tenantId} and id = ${input.entityId ?? null}::uuid) as entity`);
  if (!seat) refuse("seatUnknown", {}, ["positionId"]);
  if (input.applicationId && !application) refuse("applicationUnknown", {}, ["applicationId"]);
  if (input.entityId && !entity) refuse("entityUnknown", {}, ["entityId"]);
}

export const sendOffer = operation({
  name: "people.offer.send",
  title: "Send the offer",
  does: "Sends the offer to the candidate; from then on it may be accepted or declined.",
  kind: "write",
  may: manager,
  input: z.strictObject({ offerId: ref("people.offer"), expiresOn: Day.optional().describe("The last day on which it may be accepted.") }),
  output: z.object({ id: Id }),
  when: (offer) => offer["state"] === "draft",
  refuses: {
    notFound: "There is no such offer.",
    offerNotDraft: "The offer is {state} and cannot be sent. Draw up a new one.",
    expiryPast: "The offer would have expired on {day} already. Choose a later day.",
  },
  emits: ["people.offer.sent"],
  async run(input, context) {
    const offer = await lockOffer(context, input.offerId);
    if (offer.state !== "draft") refuse("offerNotDraft", { state: offer.state });
    const expiresOn = input.expiresOn ?? offer.expiresOn;
    if (expiresOn && expiresOn < context.today) refuse("expiryPast", { day: expiresOn }, ["expiresOn"]);
    await context.db.run(sql`
      update people.offer set state = 'sent', sent_on = ${context.today}, expires_on = ${expiresOn}
      where tenant_id = ${context.tenantId} and id = ${input.offerId}`);
    await context.notify({
      personId: offer.personId,
      title: "We have sent you an offer",
      about: { subject: "people.offer", id: offer.id },
      event: "people.contract.ready",
      mail: true,
    });
    context.emit("people.offer.sent", { offerId: offer.id, personId: offer.personId });
    return { id: offer.id };
  },
});

export const declineOffer = operation({
  name: "people.offer.decline",
  title: "Decline the offer",
  does: "Notes that the candidate says no.",
  kind: "write",
  may: [...manager, candidateSelf],
  input: z.strictObject({ offerId: ref("people.offer"), reason: Text(500).optional() }),
  output: z.object({ id: Id }),
  when: (offer) => offer["state"] === "sent",
  refuses: { notFound: "There is no such offer.", offerNotSent: "The offer is {state}. Only an offer that was sent can be declined." },
  emits: ["people.offer.declined"],
  async run(input, context) {
    const offer = await lockOffer(context, input.offerId);
    if (offer.state !== "sent") refuse("offerNotSent", { state: offer.state });
    await context.db.run(sql`
      update people.offer set state = 'declined', answered_on = ${context.today}, reason = ${input.reason ?? null}
      where tenant_id = ${context.tenantId} and id = ${offer.id}`);
    await context.db.run(sql`
      update people.application set stage = 'withdrawn', closed_on = ${context.today}, reason = ${input.reason ?? "Declined the offer"}
      where tenant_id = ${context.tenantId} and id = ${offer.applicationId}::uuid and stage = 'offer'`);
    context.emit("people.offer.declined", { offerId: offer.id, personId: offer.personId });
    return { id: offer.id };
  },
});
