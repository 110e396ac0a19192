// What the house does itself for a step, or takes back.
import { objectsOf } from "../../../platform/funnel/trail.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { askedOf, type Deed, type Subject } from "./process.ts";
import { type Run, watchObjects } from "./process.store.ts";

/** Does the house's own part; what it makes is watched from then on. */
export async function doDeed(deed: Deed<Subject>, run: Run, context: WriteContext): Promise<void> {
  let outcome: unknown;
  if (typeof deed === "function") outcome = await deed(context, run.subject);
  else {
    const { operation, input } = await askedOf(deed, context, run.subject);
    outcome = await context.callAsSystem(operation, input as never);
  }
  await watchObjects(context, run.id, objectsOf(outcome));
}
