// When an obligation is due next, by the recurrence engine of the office.
import type { Day } from "../../kernel/day.ts";
import { monthsRule, occurrencesOf, shiftDay } from "../office/index.ts";
import type { Plan, Recurrence, Weekend } from "./obligation.rules.ts";

const monthsOf: Readonly<Partial<Record<Recurrence, number>>> = { monthly: 1, quarterly: 3, halfYearly: 6, yearly: 12 };

/** The place in the plan after `planned`, or undefined when nothing follows. */
export function nextPlanned(plan: Plan, planned: Day, fulfilledOn: Day): Day | undefined {
  if (plan.recurrence === "once") return undefined;
  if (plan.recurrence === "days") return plan.dueDays?.find((day) => day > planned);
  if (plan.anchor === "plan") return nextFrom(plan.recurrence, plan.firstDue, planned);
  const next = nextFrom(plan.recurrence, fulfilledOn, fulfilledOn);
  // Done long before it was due, the next time still lies after this one.
  return next > planned ? next : nextFrom(plan.recurrence, planned, planned);
}

function nextFrom(recurrence: Recurrence, start: Day, after: Day): Day {
  const months = monthsOf[recurrence];
  const rule = months === undefined ? "FREQ=WEEKLY" : monthsRule(start, months);
  return occurrencesOf({ start, rule }, { after, limit: 1 })[0]! as Day;
}

const shiftOf = { stays: "none", before: "back", after: "forward" } as const;

/**
 * The day it is due: the planned one, or when that is not worked the nearest worked day before or after it.
 * For periods set by the Union's law it is the day after (Regulation 1182/71, Article 3(4)).
 */
export const dueDayOf = (planned: Day, weekend: Weekend, worked: readonly Day[]): Day =>
  shiftDay(planned, shiftOf[weekend], (day) => worked.includes(day));
