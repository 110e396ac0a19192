// When someone began with a task and how long it took them: what waiting, cycle time and cost are worked out from.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { Id, ref } from "../../../platform/operation/field.ts";
import { operation, whoever } from "../../../platform/operation/operation.ts";

const withWhomItIs = whoever<{ taskId: KernelId }>("whoever the task is with", async ({ taskId }, context) => {
  const found = await context.db.maybe(sql`
    select id from office.task
    where tenant_id = ${context.tenantId} and id = ${taskId} and ${context.actor.personId}::uuid in (person_id, closed_by)`);
  return found !== undefined;
});

export const beginTask = operation({
  name: "office.task.begin",
  title: "Begin",
  does: "Says that you have begun with a task, so that waiting and working can be told apart.",
  kind: "write",
  may: [withWhomItIs],
  input: z.strictObject({ taskId: ref("office.task") }),
  output: z.object({ id: Id }),
  when: ({ state }) => state === "open",
  refuses: { begunAlready: "This task was begun already, or is closed. Nothing was changed." },
  async run({ taskId }, context) {
    const begun = await context.db.run(sql`
      update office.task set begun_at = ${context.now}
      where tenant_id = ${context.tenantId} and id = ${taskId} and state = 'open' and begun_at is null`);
    if (begun === 0) refuse("begunAlready");
    return { id: taskId };
  },
});

export const timeTask = operation({
  name: "office.task.time",
  title: "Write down the time",
  does: "Says how many minutes a task took; it may be written down after the task is closed.",
  kind: "write",
  may: [withWhomItIs],
  input: z.strictObject({ taskId: ref("office.task"), minutes: z.number().int().min(1).max(10_000) }),
  output: z.object({ id: Id }),
  when: ({ state }) => state !== "cancelled",
  refuses: { taskCancelled: "This task was cancelled; no work was done on it." },
  async run({ taskId, minutes }, context) {
    const timed = await context.db.run(sql`
      update office.task set minutes = ${minutes} where tenant_id = ${context.tenantId} and id = ${taskId} and state <> 'cancelled'`);
    if (timed === 0) refuse("taskCancelled");
    return { id: taskId };
  },
});
