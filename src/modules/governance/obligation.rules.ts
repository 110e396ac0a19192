// When an obligation is due: its next place in the plan, and the day it falls on when that is not worked.
import { dateOf, type Day } from "../../kernel/day.ts";

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

/** The first place in the plan. */
export const firstPlanned = (plan: Plan): Day => (plan.recurrence === "days" ? (plan.dueDays?.[0] ?? plan.firstDue) : plan.firstDue);

export type Weekend = "stays" | "before" | "after";

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
