// Whether a bill is held back from being paid: with a reason, for good or until a day.
import type { Day } from "../../../kernel/day.ts";

export const isOnHold = (bill: { readonly holdReason: string | null; readonly holdUntil: Day | null }, today: Day): boolean =>
  bill.holdReason !== null && (bill.holdUntil === null || bill.holdUntil > today);
