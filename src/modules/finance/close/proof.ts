// Whether what a task of the close says is true in the books, asked when it is ticked, shown on the board, and asked again at the end.
import type { ReadContext } from "../../../platform/operation/context.ts";
import { type CloseTaskRow, closeTasks } from "./close.store.ts";
import type { ClosedMonth } from "./fact.ts";
import { factOf } from "./facts.ts";

export interface Proof {
  /** Null for what only a person can judge. */
  readonly holds: boolean | null;
  readonly says: string | null;
  readonly missing: string | null;
}

export async function proofOf(context: ReadContext, task: CloseTaskRow, period: ClosedMonth): Promise<Proof> {
  const fact = task.fact === null ? undefined : factOf(task.fact);
  if (!fact) return { holds: null, says: null, missing: null };
  const answer = await fact.holds(context, period);
  return { holds: answer === true, says: fact.says, missing: answer === true ? null : answer || `This does not hold: ${fact.says}` };
}

/** The first task of a month that was ticked off when it was true, and is not any more. */
export async function brokenTick(context: ReadContext, period: ClosedMonth): Promise<{ title: string; missing: string } | undefined> {
  for (const task of await closeTasks(context, period.id)) {
    if (task.state !== "done") continue;
    const { missing } = await proofOf(context, task, period);
    if (missing !== null) return { title: task.title, missing };
  }
  return undefined;
}
