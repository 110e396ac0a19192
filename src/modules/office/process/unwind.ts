// Calling a process off: open tasks are cancelled and what was begun is taken back, last step first. What cannot be taken back by the
// house becomes a task of the step's owner and is tried again until it can.
import type { WriteContext } from "../../../platform/operation/context.ts";
import { closeTask, openTask } from "../task/task.ts";
import { attempt } from "./attempt.ts";
import { doDeed } from "./deed.ts";
import { type Process, stepTitle } from "./process.ts";
import { type Run, saveRun, saveStep, type StepRow } from "./process.store.ts";

export async function unwind(definition: Process, run: Run, rows: readonly StepRow[], context: WriteContext): Promise<void> {
  let left = 0;
  for (const row of rows.toReversed()) {
    if (row.state === "undone" || row.state === "skipped") continue;
    const undo = definition.steps[row.key]?.undo;
    const isBegun = row.state === "done" || row.didAt !== null;
    const problem = isBegun && undo ? await attempt(context, () => doDeed(undo, run, context)) : undefined;
    if (problem !== undefined) {
      left += 1;
      await askToTakeBack(definition, run, row, problem, context);
      continue;
    }
    if (row.taskId) await closeTask(context, { taskId: row.taskId }, "cancelled", "The process was called off.");
    await saveStep(context, row, { state: isBegun ? "undone" : "skipped", taskId: null, problem: null });
  }
  if (left > 0) return;
  await saveRun(context, run.id, { state: "ended", anchor: run.anchor, problem: null });
  context.emit("process.run.ended", { runId: run.id, process: run.process, ...run.subject });
}

async function askToTakeBack(definition: Process, run: Run, row: StepRow, problem: string, context: WriteContext): Promise<void> {
  if (row.problem !== null) {
    if (row.problem !== problem) await saveStep(context, row, { problem });
    return;
  }
  if (row.taskId) await closeTask(context, { taskId: row.taskId }, "cancelled", "The process was called off.");
  const title = `Take back: ${stepTitle(row.key, definition.steps[row.key]!)} – ${run.title}`;
  const owner = row.activity === null ? { activity: "office.process" } : { activity: row.activity };
  const about = { subject: "process.run", id: run.id };
  const taskId = await openTask(context, { kind: "step", title, says: problem, owner, due: context.today, about, byFact: true });
  await saveStep(context, row, { taskId, problem });
}
