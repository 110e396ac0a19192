// How a step of an approval comes out, and at which of its seats someone decides. Nobody decides twice on one wish, whatever hat they
// wear, and nobody on their own: neither themself nor by whoever stands in for them.
import type { Id } from "../../../kernel/id.ts";

export interface StepState {
  /** How many have to agree; null when all of them have to. */
  readonly quorum: number | null;
  readonly seats: number;
  readonly approved: number;
  readonly declined: number;
}

/** One no ends it; agreement needs as many as the policy asked for, and never nobody. */
export function outcomeOf({ quorum, seats, approved, declined }: StepState): "open" | "approved" | "declined" {
  if (declined > 0) return "declined";
  const needed = quorum ?? seats;
  return needed > 0 && approved >= needed ? "approved" : "open";
}

export interface OpenSeat {
  readonly id: Id;
  /** Who is asked. */
  readonly personId: Id;
  /** Who may decide there as well: the line above after an escalation, or all of a line that was asked as one. */
  readonly beside: readonly Id[];
}

interface Principal {
  readonly personId: Id;
  readonly delegationId: Id;
}

export interface Chair {
  readonly seatId: Id;
  /** For whom the actor decides: themself, or whoever they stand in for. */
  readonly principalId: Id;
  readonly delegationId: Id | null;
}

/** Their own seat first, then the seat of someone they stand in for, then one at which they may decide beside who is asked. */
export function chairOf(
  actorId: Id,
  principals: readonly Principal[],
  seats: readonly OpenSeat[],
  barred: readonly (Id | null)[],
): Chair | undefined {
  if (barred.includes(actorId)) return undefined;
  const hats = [{ personId: actorId, delegationId: null }, ...principals.filter((one) => !barred.includes(one.personId))];
  for (const sits of [isAsked, isBeside]) {
    for (const hat of hats) {
      const seat = seats.find((one) => sits(one, hat.personId));
      if (seat) return { seatId: seat.id, principalId: hat.personId, delegationId: hat.delegationId };
    }
  }
  return undefined;
}

const isAsked = (seat: OpenSeat, personId: Id): boolean => seat.personId === personId;
const isBeside = (seat: OpenSeat, personId: Id): boolean => seat.beside.includes(personId);

/** Gives each seat the first of its candidates who sits nowhere yet; a seat for whom nobody is left is left out. */
export function seatAll<C extends { readonly personId: Id }>(lines: readonly (readonly C[])[], taken: Iterable<Id>): (C | undefined)[] {
  const seated = new Set<Id>(taken);
  return lines.map((line) => {
    const found = line.find((one) => !seated.has(one.personId));
    if (found) seated.add(found.personId);
    return found;
  });
}
