// Whether a thing may be handed over or set aside: the first reason that stands in the way, in a fixed order. Pure.
import type { Day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";

export type Standing = "ordered" | "onHand" | "inRepair" | "lost" | "retired";

export interface ThingNow {
  readonly tag: string;
  readonly name: string;
  readonly standing: Standing;
  readonly standingSince: Day;
  readonly holderId: Id | null;
  readonly holder: string | null;
  readonly heldSince: Day | null;
  readonly reservedForId: Id | null;
  readonly reservedFor: string | null;
  /** The day the last one who held it gave it back. */
  readonly lastEndedOn: Day | null;
}

export type Hindrance = "retired" | "lost" | "inRepair" | "notHereYet" | "held" | "reservedForAnother" | "dayToCome" | "heldThen";

export interface Hindered {
  readonly why: Hindrance;
  readonly facts: Readonly<Record<string, string>>;
}

/** Why a thing cannot be handed to a person on a day; undefined when nothing stands in the way. */
export function hindersGiving(thing: ThingNow, wish: { personId: Id; from: Day }, today: Day): Hindered | undefined {
  const facts = { tag: thing.tag, name: thing.name, day: thing.standingSince, from: wish.from };
  if (thing.standing === "ordered") return { why: "notHereYet", facts };
  if (thing.standing !== "onHand") return { why: thing.standing, facts };
  if (thing.holderId) return { why: "held", facts: { ...facts, by: thing.holder ?? "", since: thing.heldSince ?? "" } };
  if (thing.reservedForId && thing.reservedForId !== wish.personId) {
    return { why: "reservedForAnother", facts: { ...facts, for: thing.reservedFor ?? "" } };
  }
  if (wish.from > today) return { why: "dayToCome", facts };
  if (thing.lastEndedOn && wish.from < thing.lastEndedOn) return { why: "heldThen", facts: { ...facts, until: thing.lastEndedOn } };
  return undefined;
}

/** Why a thing cannot be set aside for a person. One that is on order or in repair can: it will be there in time. */
export function hindersReserving(thing: ThingNow): Hindered | undefined {
  const facts = { tag: thing.tag, name: thing.name, day: thing.standingSince };
  if (thing.standing === "retired" || thing.standing === "lost") return { why: thing.standing, facts };
  if (thing.holderId) return { why: "held", facts: { ...facts, by: thing.holder ?? "", since: thing.heldSince ?? "" } };
  if (thing.reservedForId) return { why: "reservedForAnother", facts: { ...facts, for: thing.reservedFor ?? "" } };
  return undefined;
}
