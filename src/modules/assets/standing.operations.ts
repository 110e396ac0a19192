// What becomes of a thing: it arrives, goes into repair, comes back, is lost or is retired.
import { z } from "zod";
import { refuse } from "../../kernel/refusal.ts";
import { sql } from "../../platform/database/sql.ts";
import type { WriteContext } from "../../platform/operation/context.ts";
import { Day, Id, LongText, ref } from "../../platform/operation/field.ts";
import { operation, whoever } from "../../platform/operation/operation.ts";
import { keepers } from "./asset.register.ts";
import { changeColumns, setStanding, takeThing, type Thing } from "./asset.store.ts";
import { releaseGone } from "./custody.store.ts";

const note = LongText(1000).optional();
const wrongState = "{tag} is {state}, so this cannot be done now. {next}";

function mustStand(thing: Thing, wanted: readonly string[], next: string): void {
  if (!wanted.includes(thing.standing)) refuse("wrongState", { tag: thing.tag, state: stateWords[thing.state] ?? thing.state, next });
}

const stateWords: Readonly<Record<string, string>> = { inStock: "in stock", inUse: "in use", inRepair: "in repair", ordered: "on order" };

function notToCome(context: WriteContext, on: string): void {
  if (on > context.today) refuse("dayToCome", { from: on }, ["on"]);
}

export const receiveAsset = operation({
  name: "assets.asset.receive",
  title: "Receive a thing",
  does: "Says that an ordered thing has arrived and where it is kept.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ assetId: ref("assets.asset"), on: Day, placeId: ref("directory.place").optional() }),
  output: z.object({ id: Id }),
  when: (thing) => thing["state"] === "ordered",
  refuses: {
    notFound: "There is no such thing.",
    wrongState,
    dayToCome: "{from} is still to come. Receive it on the day it arrives.",
    placeUnknown: "There is no such place.",
  },
  emits: ["assets.asset.received"],
  async run(input, context) {
    const thing = await takeThing(context, input.assetId);
    mustStand(thing, ["ordered"], "Only what is on order can be received.");
    notToCome(context, input.on);
    if (input.placeId) {
      const place = await context.db.maybe(
        sql`select id from directory.place where tenant_id = ${context.tenantId} and id = ${input.placeId}`,
      );
      if (!place) refuse("placeUnknown", {}, ["placeId"]);
    }
    await changeColumns(context, input.assetId, { placeId: input.placeId });
    await setStanding(context, input.assetId, { standing: "onHand", on: input.on });
    context.emit("assets.asset.received", { assetId: input.assetId, kind: thing.kind, on: input.on });
    return { id: input.assetId };
  },
});

export const repairAsset = operation({
  name: "assets.asset.repair",
  title: "Send a thing into repair",
  does: "Takes a thing out of use while it is repaired. Whoever holds it goes on holding it.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ assetId: ref("assets.asset"), note: LongText(1000).describe("What is wrong with it and where it goes.") }),
  output: z.object({ id: Id }),
  when: (thing) => ["inStock", "inUse", "reserved"].includes(String(thing["state"])),
  refuses: { notFound: "There is no such thing.", wrongState },
  emits: ["assets.asset.inRepair"],
  async run(input, context) {
    const thing = await takeThing(context, input.assetId);
    mustStand(thing, ["onHand"], "Receive it or put it back into use first.");
    await setStanding(context, input.assetId, { standing: "inRepair", on: context.today, note: input.note });
    context.emit("assets.asset.inRepair", { assetId: input.assetId, kind: thing.kind, personId: thing.holderId });
    return { id: input.assetId };
  },
});

export const restoreAsset = operation({
  name: "assets.asset.restore",
  title: "Put a thing back into use",
  does: "Says that a thing is repaired or was found again and can be used.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ assetId: ref("assets.asset"), note }),
  output: z.object({ id: Id }),
  when: (thing) => thing["state"] === "inRepair" || thing["state"] === "lost",
  refuses: { notFound: "There is no such thing.", wrongState },
  emits: ["assets.asset.restored"],
  async run(input, context) {
    const thing = await takeThing(context, input.assetId);
    mustStand(thing, ["inRepair", "lost"], "Only what is in repair or lost can be put back into use.");
    await setStanding(context, input.assetId, { standing: "onHand", on: context.today, note: input.note });
    context.emit("assets.asset.restored", { assetId: input.assetId, kind: thing.kind, from: thing.standing });
    return { id: input.assetId };
  },
});

export const reinstateAsset = operation({
  name: "assets.asset.reinstate",
  title: "Take its retirement back",
  does: "Says that a retired thing is the company's after all: it was not sold or scrapped, or came back.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ assetId: ref("assets.asset"), note: LongText(1000).min(3, "says why, in a few words") }),
  output: z.object({ id: Id }),
  when: (thing) => thing["state"] === "retired",
  refuses: { notFound: "There is no such thing.", wrongState },
  emits: ["assets.asset.reinstated"],
  async run(input, context) {
    const thing = await takeThing(context, input.assetId);
    mustStand(thing, ["retired"], "Only what is retired comes back.");
    await setStanding(context, input.assetId, { standing: "onHand", on: context.today, note: input.note });
    context.emit("assets.asset.reinstated", { assetId: input.assetId, kind: thing.kind });
    return { id: input.assetId };
  },
});

export const reportAssetLost = operation({
  name: "assets.asset.reportLost",
  title: "Report a thing lost",
  does: "Says that a thing is lost or stolen: its custody ends, and those who must act are told.",
  kind: "write",
  may: [
    ...keepers,
    whoever<{ assetId: string }>("whoever holds the thing", async (input, context) => {
      if (!context.actor.personId) return false;
      // Whoever lost it may say so again, so that a repeated report gets the same answer and not a closed door.
      const held = await context.db.maybe(sql`
        select c.id from assets.custody c join assets.asset a on a.tenant_id = c.tenant_id and a.id = c.asset_id
        where c.tenant_id = ${context.tenantId} and c.asset_id = ${input.assetId} and c.person_id = ${context.actor.personId}
          and (c.ended_on is null or (c.condition_in = 'lost' and a.standing = 'lost'))
        limit 1`);
      return held !== undefined;
    }),
  ],
  input: z.strictObject({ assetId: ref("assets.asset"), on: Day, note: LongText(1000).describe("Where and how it was lost.") }),
  output: z.object({ id: Id }),
  when: (thing) => !["lost", "retired", "ordered"].includes(String(thing["state"])),
  refuses: {
    notFound: "There is no such thing.",
    wrongState,
    dayToCome: "{from} is still to come. Give the day it was lost.",
    endBeforeStart: "{tag} was handed over on {from}, after that day. Give the day it was lost.",
  },
  emits: ["assets.asset.lost", "assets.custody.ended", "assets.reservation.cancelled"],
  async run(input, context) {
    const thing = await takeThing(context, input.assetId);
    mustStand(thing, ["onHand", "inRepair"], "Only what the company has can be lost.");
    notToCome(context, input.on);
    await releaseGone(context, thing, { on: input.on, standing: "lost", note: input.note });
    const { assetId, on } = input;
    context.emit("assets.asset.lost", { assetId, kind: thing.kind, tag: thing.tag, personId: thing.holderId, on });
    return { id: assetId };
  },
});

export const retireAsset = operation({
  name: "assets.asset.retire",
  title: "Retire a thing",
  does: "Takes a thing out of the register of what is used: sold, scrapped or given away. Its history stays.",
  kind: "write",
  may: [...keepers],
  input: z.strictObject({ assetId: ref("assets.asset"), on: Day, note: LongText(1000).describe("What became of it.") }),
  output: z.object({ id: Id }),
  when: (thing) => !["inUse", "reserved", "retired"].includes(String(thing["state"])),
  refuses: {
    notFound: "There is no such thing.",
    wrongState,
    dayToCome: "{from} is still to come. Retire it on the day itself.",
    assetHeld: "{tag} is held by {by} since {since}. Take it back first.",
    reservedForAnother: "{tag} is set aside for {for}. Cancel that reservation first.",
  },
  emits: ["assets.asset.retired"],
  async run(input, context) {
    const thing = await takeThing(context, input.assetId);
    mustStand(thing, ["ordered", "onHand", "inRepair", "lost"], "It is retired already.");
    notToCome(context, input.on);
    if (thing.holderId) refuse("assetHeld", { tag: thing.tag, by: thing.holder, since: thing.heldSince });
    if (thing.reservationId) refuse("reservedForAnother", { tag: thing.tag, for: thing.reservedFor });
    await setStanding(context, input.assetId, { standing: "retired", on: input.on, note: input.note });
    context.emit("assets.asset.retired", { assetId: input.assetId, kind: thing.kind, on: input.on });
    return { id: input.assetId };
  },
});
