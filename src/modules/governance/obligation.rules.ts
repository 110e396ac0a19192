// When an obligation is due: its next place in the plan, and the day it falls on when that is not worked.
import { addDays, addMonths, type Day, daysBetween, dateOf, monthOf, yearOf } from "../../kernel/day.ts";

export const recurrences = ["once", "weekly", "monthly", "quarterly", "halfYearly", "yearly", "days"] as const;
export type Recurrence = (typeof recurrences)[number];

/** `plan`: every place of the plan comes, however late the one before was. `fulfilment`: the next counts from when this one was done. */
export type Anchor = "plan" | "fulfilment";

export interface Plan {
  readonly recurrence: Recurrence;
  readonly anchor: Anchor;
  readonly firstDue: Day;
  /** For `days`: every due day, in order. */
  readonly dueDays: readonly Day[] | null;
}

const monthsOf: Readonly<Partial<Record<Recurrence, number>>> = { monthly: 1, quarterly: 3, halfYearly: 6, yearly: 12 };

/** The place in the plan after `planned`, or undefined when nothing follows. */
export function nextPlanned(plan: Plan, planned: Day, fulfilledOn: Day): Day | undefined {
  if (plan.recurrence === "once") return undefined;
  if (plan.recurrence === "days") return plan.dueDays?.find((day) => day > planned);
  const step = monthsOf[plan.recurrence];
  const after = (from: Day): Day => (step === undefined ? addDays(from, 7) : addMonths(from, step));
  // Done long before it was due, the next time still lies after this one.
  if (plan.anchor === "fulfilment") return after(fulfilledOn) > planned ? after(fulfilledOn) : after(planned);
  if (step === undefined) return after(planned);
  // Counted from the first day each time: 31 January, 28 February, 31 March, never 28 March.
  return addMonths(plan.firstDue, monthsBetween(plan.firstDue, planned) + step);
}

const monthsBetween = (from: Day, until: Day): number => (yearOf(until) - yearOf(from)) * 12 + monthOf(until) - monthOf(from);

/** The first place in the plan. */
export const firstPlanned = (plan: Plan): Day => (plan.recurrence === "days" ? (plan.dueDays?.[0] ?? plan.firstDue) : plan.firstDue);

export type Weekend = "stays" | "before" | "after";

/**
 * The day it is due: the planned one, or when that is not worked the nearest worked day before or after it.
 * For periods set by the Union's law it is the day after (Regulation 1182/71, Article 3(4)).
 */
export function dueDayOf(planned: Day, weekend: Weekend, worked: readonly Day[]): Day {
  if (weekend === "stays" || worked.includes(planned)) return planned;
  const after = weekend === "after";
  const candidates = worked.filter((day) => (after ? day > planned : day < planned));
  const nearest = candidates.toSorted((a, b) => Math.abs(daysBetween(planned, a)) - Math.abs(daysBetween(planned, b)))[0];
  return nearest ?? planned;
}

/** "monthly on day 10", as it is shown. */
export function planInWords(plan: Plan): string {
  if (plan.recurrence === "once") return "once";
  if (plan.recurrence === "days") return `on ${plan.dueDays?.length ?? 0} days`;
  const words: Readonly<Record<string, string>> = {
    weekly: "every week",
    monthly: `every month on day ${dateOf(plan.firstDue)}`,
    quarterly: "every quarter",
    halfYearly: "every half year",
    yearly: "every year",
  };
  return `${words[plan.recurrence]!}${plan.anchor === "fulfilment" ? ", from when it was last done" : ""}`;
}
