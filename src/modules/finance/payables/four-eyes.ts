// Four eyes, and the company that has only two: the owner says why there is no second person, and it stands on the record for the auditor.
import type { Id } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { LongText } from "../../../platform/operation/field.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";

export const AloneReason = LongText(300)
  .min(10, "says why nobody else can")
  .optional()
  .describe("Only for the owner, where there is no second person.");

/** Whether the owner decides on their own wish and says why. */
export const decidesAlone = (context: ReadContext, reason: string | undefined): boolean => reason !== undefined && context.holds("owner");

/** Refuses `selfApproval` to whoever wished for it, but for the owner alone. True when the owner does it alone. */
export function requireSecond(context: ReadContext, wishedById: Id | null, reason: string | undefined): boolean {
  const isOwn = wishedById !== null && wishedById === context.actor.personId;
  const isAlone = isOwn && decidesAlone(context, reason);
  if (isOwn && !isAlone) refuse("selfApproval");
  return isAlone;
}
