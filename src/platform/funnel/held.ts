// Asking the gate about one write, within its transaction.
import { newId } from "../../kernel/id.ts";
import type { WriteContext } from "../operation/context.ts";
import type { Operation } from "../operation/operation.ts";
import { type Frame, kept, runInside, writeContext } from "./frame.ts";
import { type WaitsForApproval, withoutRecord } from "./gate.ts";
import { toWire, trailOf } from "./trail.ts";

/** Whether the company has a rule about the operation at all. */
export async function isMinded(operation: Operation, frame: Frame): Promise<boolean> {
  const { parts, call } = frame;
  const stamp = await frame.stamp;
  return Boolean(stamp && (await parts.registry.gate?.minds(operation, stamp, writeContext(frame, call.actor))));
}

/** What has to wait is stored with its own line in the trail, and answered by where it waits. What the house does itself never waits. */
export async function held(
  operation: Operation,
  input: unknown,
  frame: Frame,
  context: WriteContext,
): Promise<WaitsForApproval | undefined> {
  const { parts, call } = frame;
  const { gate } = parts.registry;
  const stamp = await frame.stamp;
  if (!stamp || !gate || call.actor.kind === "system") return undefined;
  if (!(await gate.minds(operation, stamp, context))) return undefined;
  const tries = () => tried(operation, input, frame, context);
  const found = await gate.holds({ operation, input: toWire(input), tries }, stamp, context);
  const waits = found && call.dryRun ? withoutRecord(found) : found;
  if (waits) {
    const { tenantId, actor, reason, key } = call;
    const entry = { tenantId, id: newId(), now: frame.now, actor, reason, requestId: frame.requestId, key };
    // The answer is all that is kept: the wish itself stands in the approval, where only those see it who take part.
    frame.db.send(trailOf([{ ...entry, operation: waitedFor, input: { operation: operation.name }, output: toWire(waits) }]));
  }
  return waits;
}

const waitedFor = "office.approval.open";

class TriedOut extends Error {
  readonly output: unknown;
  constructor(output: unknown) {
    super("tried");
    this.output = output;
  }
}

async function tried(operation: Operation, input: unknown, frame: Frame, context: WriteContext): Promise<unknown> {
  const failed = await context.attempt(async () => {
    throw new TriedOut(kept(operation, await runInside(operation, input, frame, context.actor)));
  });
  if (failed instanceof TriedOut) return failed.output;
  throw failed!;
}
