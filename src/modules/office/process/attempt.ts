// Tries one piece of work of a process and says in words why it failed, so that one run never stops the others.
import { Refusal } from "../../../kernel/refusal.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";

/** Undefined when it went well, else why not, in words. */
export async function attempt(context: WriteContext, does: () => Promise<unknown>): Promise<string | undefined> {
  const failed = await context.attempt(does);
  if (!failed) return undefined;
  if (failed instanceof Refusal) return failed.message || `It was refused: ${failed.code}.`;
  if (failed.name === "InvalidInput") return `The house does not know enough to do it: ${failed.message}.`;
  return `A fault of the house: ${failed.message}`.slice(0, 500);
}
