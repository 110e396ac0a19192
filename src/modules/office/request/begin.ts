// The work on a request begins: its task, its clocks, and the tasks that its kind asks for.
import { addDays } from "../../../kernel/day.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { openTask } from "../task/task.ts";
import type { KindRow, RequestRow } from "./request.store.ts";
import { startPromises, takeUp } from "./step.ts";
import { calledFor } from "./tell.ts";

/** What follows once nobody has to agree any more. */
export async function beginWork(context: WriteContext, request: RequestRow, kind: KindRow): Promise<void> {
  await takeUp(context, request);
  await startPromises(context, request, { kind: kind.code, department: kind.department });
  for (const [place, template] of kind.tasks.entries()) {
    await openTask(context, {
      kind: "request",
      title: `${template.title} (${request.isConfidential ? request.number : calledFor(request)})`.slice(0, 200),
      owner: { activity: template.activity },
      due: addDays(context.today, template.days),
      about: { subject: "office.request", id: request.id },
      confidential: request.isConfidential,
      key: `request:${request.id}:${kind.id}:${place}`,
    });
  }
}
