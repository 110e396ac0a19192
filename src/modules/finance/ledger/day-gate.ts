// Whether days take entries, asked before anything is posted.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Refusal, word } from "../../../kernel/refusal.ts";
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
  const isNews = newsOfDays();
  return (journal, day) => {
    if (asked.has(`${journal} ${day}`)) return undefined;
    asked.add(`${journal} ${day}`);
    const place = placeOf({ journal, day }, ground);
    return "code" in place && isNews(place) ? word(postingRefusals[place.code], place.facts) : undefined;
  };
}

/** Whether a no to a day says something that was not said before; of a year without periods one day says enough. */
export function newsOfDays(): (no: Pick<Refusal, "code" | "facts">) => boolean {
  const told = new Set<string>();
  return ({ code, facts }) => {
    const { day, period, area } = facts as Readonly<Record<string, string | undefined>>;
    const obstacle = [code, period ?? day?.slice(0, 4), area].join(" ");
    if (told.has(obstacle)) return false;
    told.add(obstacle);
    return true;
  };
}
