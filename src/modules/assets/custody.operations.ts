// Custody: a thing is set aside, handed over, accepted by the person, passed on and taken back.
import { z } from "zod";
import { addDays } from "../../kernel/day.ts";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import { Day, Id, LongText, ref } from "../../platform/operation/field.ts";
import { operation, whoever } from "../../platform/operation/operation.ts";
import { closeTask, openTask } from "../office/index.ts";
import { keepers } from "./asset.register.ts";
import { acceptanceKey, cancelReservation, disputeKey, endCustody, giveCustody, reserve, takeCustody } from "./custody.store.ts";

export const Condition = z.enum(["good", "worn", "damaged", "unusable"]);

/** What an operation that hands a thing over can say. */
const givingRefusals = {
  notFound: "There is no such thing or person.",
  assetNotHereYet: "{tag} is on order and has not arrived. Receive it first.",
  assetRetired: "{tag} was retired on {day}. Choose another.",
  assetLost: "{tag} is lost since {day}. Put it back into use if it was found, or choose another.",
  assetInRepair: "{tag} is in repair since {day}. Put it back into use first, or choose another.",
  assetHeld: "{tag} is held by {by} since {since}. Take it back first, or choose another.",
  reservedForAnother: "{tag} is set aside for {for}. Cancel that reservation first, or choose another.",
  dayToCome: "{from} is still to come. Set it aside until then, and hand it over on the day.",
  heldThen: "{tag} was held by someone until {until}. Choose a day from then on.",
  givenMeanwhile: "Somebody handed it over at this very moment. Look who holds it now.",
};

export const reserveAsset = operation({
  name: "assets.asset.reserve",
  title: "Set a thing aside",
  does: "Sets a thing aside for a person from a day on, so that nobody else is given it.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ assetId: ref("assets.asset"), personId: ref("directory.person"), from: Day }),
  output: z.object({ id: Id }),
  when: (thing) => ["inStock", "ordered", "inRepair"].includes(String(thing["state"])),
  refuses: {
    notFound: givingRefusals.notFound,
    assetRetired: givingRefusals.assetRetired,
    assetLost: givingRefusals.assetLost,
    assetHeld: givingRefusals.assetHeld,
    reservedForAnother: givingRefusals.reservedForAnother,
    reservedMeanwhile: "Somebody set it aside at this very moment. Look for whom, or choose another.",
  },
  emits: ["assets.asset.reserved"],
  constraints: { reservation_one_open: "reservedMeanwhile" },
  run: async (input, context) => ({ id: await reserve(context, input) }),
});

export const cancelAssetReservation = operation({
  name: "assets.reservation.cancel",
  title: "Give up a reservation",
  does: "Makes a thing that was set aside free for others.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ reservationId: ref("assets.reservation") }),
  output: z.object({ id: Id }),
  when: (reservation) => reservation["state"] === "open",
  refuses: { notFound: "There is no such reservation.", reservationEnded: "This reservation of {tag} is over already." },
  emits: ["assets.reservation.cancelled"],
  async run({ reservationId }, context) {
    await cancelReservation(context, reservationId);
    return { id: reservationId };
  },
});

export const giveAsset = operation({
  name: "assets.custody.give",
  title: "Hand a thing over",
  does: "Gives a thing into a person's keeping from a day on. They are asked to accept it.",
  kind: "write",
  may: [...keepers],
  on: "assets.asset",
  input: z.strictObject({
    assetId: ref("assets.asset"),
    personId: ref("directory.person"),
    from: Day,
    condition: Condition.optional(),
    note: LongText(1000).optional(),
  }),
  output: z.object({ id: Id }),
  when: (thing) => thing["state"] === "inStock" || thing["state"] === "reserved",
  refuses: givingRefusals,
  emits: ["assets.custody.given"],
  constraints: { custody_no_overlap: "givenMeanwhile" },
  run: async (input, context) => ({ id: await giveCustody(context, input) }),
});

const holder = whoever<{ custodyId: string }>("whoever received the thing", async (input, context) => {
  if (!context.actor.personId) return false;
  const own = await context.db.maybe(sql`
    select id from assets.custody
    where tenant_id = ${context.tenantId} and id = ${input.custodyId} and person_id = ${context.actor.personId}`);
  return own !== undefined;
});

export const acceptCustody = operation({
  name: "assets.custody.accept",
  title: "Accept what you received",
  does: "The person confirms that they hold the thing, in the state it was handed over.",
  kind: "write",
  may: [holder],
  input: z.strictObject({ custodyId: ref("assets.custody") }),
  output: z.object({ id: Id }),
  when: (custody) => custody["state"] === "given" || custody["state"] === "disputed",
  refuses: {
    notFound: "There is no such handing over.",
    notTheHolder: "{tag} was handed to {person}. Only they can accept it.",
    custodyEnded: "{tag} was taken back on {day}. There is nothing left to accept.",
    alreadyAccepted: "{tag} is accepted already.",
  },
  emits: ["assets.custody.accepted"],
  async run({ custodyId }, context) {
    const { custody, thing } = await takeCustody(context, custodyId);
    // Nobody accepts in another's name, not the owner of the company either: the acceptance is the person's own word.
    if (custody.personId !== context.actor.personId) refuse("notTheHolder", { tag: thing.tag, person: thing.holder ?? "someone else" });
    if (custody.endedOn) refuse("custodyEnded", { tag: thing.tag, day: custody.endedOn });
    if (custody.acceptedAt) refuse("alreadyAccepted", { tag: thing.tag });
    await context.db.run(sql`
      update assets.custody set accepted_at = ${context.now}, disputed_reason = null
      where tenant_id = ${context.tenantId} and id = ${custodyId}`);
    await closeTask(context, { key: acceptanceKey(custodyId) });
    await closeTask(context, { key: disputeKey(custodyId) }, "done", "Accepted after all.");
    context.emit("assets.custody.accepted", { custodyId, assetId: custody.assetId, kind: thing.kind, personId: custody.personId });
    return { id: custodyId };
  },
});

const daysToSettle = 3;

export const disputeCustody = operation({
  name: "assets.custody.dispute",
  title: "Say that it is not right",
  does: "The person says that they did not receive the thing, or not in that state.",
  kind: "write",
  may: [holder],
  input: z.strictObject({ custodyId: ref("assets.custody"), reason: LongText(1000) }),
  output: z.object({ id: Id }),
  when: (custody) => custody["state"] === "given",
  refuses: {
    notFound: "There is no such handing over.",
    notTheHolder: "{tag} was handed to {person}. Only they can say what is wrong with it.",
    custodyEnded: "{tag} was taken back on {day}. There is nothing left to dispute.",
    alreadyAccepted: "You have accepted {tag}. Ask whoever gave it to you to take it back.",
  },
  emits: ["assets.custody.disputed"],
  async run({ custodyId, reason }, context) {
    const { custody, thing } = await takeCustody(context, custodyId);
    if (custody.personId !== context.actor.personId) refuse("notTheHolder", { tag: thing.tag, person: thing.holder ?? "someone else" });
    if (custody.endedOn) refuse("custodyEnded", { tag: thing.tag, day: custody.endedOn });
    if (custody.acceptedAt) refuse("alreadyAccepted", { tag: thing.tag });
    await context.db.run(sql`
      update assets.custody set disputed_reason = ${reason} where tenant_id = ${context.tenantId} and id = ${custodyId}`);
    await closeTask(context, { key: acceptanceKey(custodyId) }, "cancelled", reason);
    await openTask(context, {
      kind: "dispute",
      title: `${thing.holder ?? "Someone"} says that ${thing.tag} ${thing.name} is not right`,
      says: `${reason}\n\nSettle it with them: they accept it, or you take it back.`,
      owner: { activity: "assets.register" },
      due: addDays(context.today, daysToSettle),
      about: { subject: "assets.custody", id: custodyId },
      key: disputeKey(custodyId),
    });
    context.emit("assets.custody.disputed", { custodyId, assetId: custody.assetId, kind: thing.kind, personId: custody.personId, reason });
    return { id: custodyId };
  },
});

const endingRefusals = {
  custodyEnded: "{tag} was taken back on {day} already.",
  endBeforeStart: "{tag} was handed over on {from}. It cannot come back before.",
  dayToCome: "{from} is still to come. Take it back on the day itself.",
};

export const takeBackAsset = operation({
  name: "assets.custody.end",
  title: "Take a thing back",
  does: "Ends someone's custody on the day the thing came back, and keeps in which state.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ custodyId: ref("assets.custody"), on: Day, condition: Condition.optional(), note: LongText(1000).optional() }),
  output: z.object({ id: Id }),
  when: (custody) => custody["state"] !== "ended",
  refuses: { notFound: "There is no such handing over.", ...endingRefusals },
  emits: ["assets.custody.ended"],
  async run(input, context) {
    await endCustody(context, input);
    return { id: input.custodyId };
  },
});

export const passOnAsset = operation({
  name: "assets.custody.passOn",
  title: "Pass a thing on",
  does: "Takes a thing from one person and gives it to another on the same day, in one step.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ custodyId: ref("assets.custody"), personId: ref("directory.person"), on: Day, condition: Condition.optional() }),
  output: z.object({ id: Id }),
  when: (custody) => custody["state"] !== "ended",
  refuses: {
    ...givingRefusals,
    ...endingRefusals,
  },
  emits: ["assets.custody.ended", "assets.custody.given"],
  constraints: { custody_no_overlap: "givenMeanwhile" },
  async run({ custodyId, personId, on, condition }, context) {
    const ended = await endCustody(context, { custodyId, on, condition });
    return { id: await giveCustody(context, { assetId: ended.assetId, personId, from: on, condition }) };
  },
});
