// Whether days take entries, asked before anything is posted.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { word } from "../../../kernel/refusal.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { placeOf, postingRefusals } from "./entry.rules.ts";
import { loadGround } from "./ground.ts";
import { locksOf } from "./lock.ts";

/** Says in words what stands in the way of posting into a journal on a day: of each period once, and once of a year without any. */
export type DayGate = (journal: string, day: Day) => string | undefined;

/** For whoever acts, by the periods, locks and exceptions of a book as they are now. */
export async function dayGate(context: ReadContext, bookId: Id): Promise<DayGate> {
  const { journals, periods } = await loadGround(context, bookId);
  const { personId } = context.actor;
  const locked = periods.flatMap(({ id, lockedAreas }) => lockedAreas.map((area) => ({ periodId: id, area, personId })));
  const ground = { journals, periods, personId, locks: await locksOf(context, locked) };
  const asked = new Set<string>();
  const told = new Set<string>();
  return (journal, day) => {
    if (asked.has(`${journal} ${day}`)) return undefined;
    asked.add(`${journal} ${day}`);
    const place = placeOf({ journal, day }, ground);
    if (!("code" in place)) return undefined;
    const says = word(postingRefusals[place.code], place.facts);
    const obstacle = place.code === "periodMissing" ? `no period in ${day.slice(0, 4)}` : says;
    if (told.has(obstacle)) return undefined;
    told.add(obstacle);
    return says;
  };
}
