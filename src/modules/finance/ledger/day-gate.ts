// Whether days take entries, asked before anything is posted.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { word } from "../../../kernel/refusal.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { placeOf, postingRefusals } from "./entry.rules.ts";
import { loadGround } from "./ground.ts";
import { locksOf } from "./lock.ts";

/** Says in words what stands in the way of posting into a journal on a day; nothing where it may be. */
export type DayGate = (journal: string, day: Day) => string | undefined;

/** For whoever acts, by the periods, locks and exceptions of a book as they are now. */
export async function dayGate(context: ReadContext, bookId: Id): Promise<DayGate> {
  const { journals, periods } = await loadGround(context, bookId);
  const { personId } = context.actor;
  const locked = periods.flatMap(({ id, lockedAreas }) => lockedAreas.map((area) => ({ periodId: id, area, personId })));
  const ground = { journals, periods, personId, locks: await locksOf(context, locked) };
  const known = new Map<string, string | undefined>();
  return (journal, day) => {
    const key = `${journal} ${day}`;
    if (!known.has(key)) {
      const place = placeOf({ journal, day }, ground);
      known.set(key, "code" in place ? word(postingRefusals[place.code], place.facts) : undefined);
    }
    return known.get(key);
  };
}
