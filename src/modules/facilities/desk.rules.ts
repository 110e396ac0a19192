// Whether a person may be seated at a desk from a day on. Pure.
import type { Day } from "../../kernel/day.ts";
import type { Id } from "../../kernel/id.ts";

/** Someone who sits at the desk on one of the wanted days. */
export interface Seated {
  readonly personId: Id;
  readonly person: string;
  readonly day: Day;
}

export interface Wanted {
  readonly desk: string;
  readonly retiredFrom: Day | null;
  readonly personId: Id;
  readonly from: Day;
}

export type Hindered = { readonly code: "deskRetired" | "deskTaken" | "alreadyThere"; readonly facts: Readonly<Record<string, string>> };

/** `inTheWay` is sorted by day. A desk that is retired later may be used until then. */
export function hindersSeating(wanted: Wanted, inTheWay: readonly Seated[]): Hindered | undefined {
  const { desk, retiredFrom } = wanted;
  if (retiredFrom && retiredFrom <= wanted.from) return { code: "deskRetired", facts: { desk, day: retiredFrom } };
  const other = inTheWay.find((seated) => seated.personId !== wanted.personId);
  if (other) return { code: "deskTaken", facts: { desk, by: other.person, day: other.day } };
  const own = inTheWay[0];
  return own ? { code: "alreadyThere", facts: { desk, by: own.person, day: own.day } } : undefined;
}
