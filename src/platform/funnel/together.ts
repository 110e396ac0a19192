// Group commit: wishes for the same operation that arrive together go through the funnel in one transaction, each with its own permission,
// key, answer and audit row. What breaks the batch breaks nobody else's wish: each is then done alone.
import { newId } from "../../kernel/id.ts";
import { Refusal } from "../../kernel/refusal.ts";
import type { Operation, Wish } from "../operation/operation.ts";
import { denied, eventsOf, type Frame, kept, readContext, storeEvents, system, worded, writeContext } from "./frame.ts";
import { gather, type Outcome } from "./gather.ts";
import { isMinded } from "./held.ts";
import { may } from "./permission.ts";
import { trailOf } from "./trail.ts";
import { inTransaction, isOutage } from "./transaction.ts";

export type UnboundFrame = Omit<Frame, "db">;

interface Asked {
  readonly operation: Operation;
  readonly input: unknown;
  readonly frame: UnboundFrame;
}

type RunAlone = (operation: Operation, input: unknown, frame: UnboundFrame) => Promise<unknown>;

/** Runs a write that can be done with others of its kind; `runAlone` is the way for what cannot. */
export function runsTogether(runAlone: RunAlone): RunAlone {
  const alone = (one: Asked): Promise<unknown> => runAlone(one.operation, one.input, one.frame);
  const gathered = gather<Asked, unknown>(async (batch) => {
    // A key that comes twice in a batch is one wish and its repetition, which is told what the first was told.
    const first = firstOfKey(batch);
    const outcomes = new Map<Asked, Outcome<unknown>>();
    try {
      const done = await leave(first);
      for (const [index, one] of first.entries()) {
        // Only what is granted takes its key, so that a no may be to a wish that was granted before: done alone, its key is asked first.
        const isAskedAgain = "error" in done[index]! && one.frame.call.key !== undefined;
        outcomes.set(one, isAskedAgain ? await outcomeOf(alone(one)) : done[index]!);
      }
    } catch (error) {
      // A lost connection leaves open what became of the batch; a key then tells, and without one nobody tries again.
      if (isOutage(error)) throw error;
      for (const one of first) outcomes.set(one, await outcomeOf(alone(one)));
    }
    for (const one of batch) if (!outcomes.has(one)) outcomes.set(one, await outcomeOf(alone(one)));
    return batch.map((one) => outcomes.get(one)!);
  });
  return (operation, input, frame) =>
    operation.many && !frame.call.dryRun
      ? gathered(`${frame.call.tenantId} ${operation.name} ${frame.today}`, { operation, input, frame })
      : runAlone(operation, input, frame);
}

const outcomeOf = (promise: Promise<unknown>): Promise<Outcome<unknown>> =>
  promise.then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error }),
  );

function firstOfKey(batch: readonly Asked[]): readonly Asked[] {
  const seen = new Set<string>();
  return batch.filter(({ frame: { call } }) => {
    if (call.key === undefined) return true;
    const isFirst = !seen.has(call.key);
    seen.add(call.key);
    return isFirst;
  });
}

/** Breaks a batch, so that the gate is asked about each wish alone. */
class MindedByGate extends Error {}

/** The keys are taken for new, as they nearly always are; one that was used before breaks the batch, and each wish is then done alone. */
async function leave(batch: readonly Asked[]): Promise<readonly Outcome<unknown>[]> {
  const { operation, frame } = batch[0]!;
  const { tenantId } = frame.call;
  return inTransaction(frame.parts.pool, tenantId, frame.parts.registry.gate ? "gated" : "write", async (db, stamp) => {
    const shared: Frame = { ...frame, db, stamp, now: frame.parts.clock(), events: [], call: { tenantId, actor: system } };
    const outcomes: Outcome<unknown>[] = [];
    const ready: { readonly place: number; readonly one: Asked }[] = [];
    for (const [place, one] of batch.entries()) {
      const { call } = one.frame;
      if (await may(operation, one.input, readContext({ ...shared, call }))) ready.push({ place, one });
      else outcomes[place] = { error: denied(operation, shared.parts.registry) };
    }
    if (ready.length > 0) {
      const wishes = ready.map(({ one }): Wish<unknown> => ({ input: one.input, actor: one.frame.call.actor }));
      const answers = await operation.many!(wishes as never, writeContext(shared, system) as never);
      // The stamp came with the first statement of the work, so that asking costs no wait; what is minded is taken back.
      if (await isMinded(operation, shared)) throw new MindedByGate();
      for (const [index, { place, one }] of ready.entries()) outcomes[place] = await outcomeFor(one, answers[index]);
      keep(shared, ready, outcomes);
    }
    return outcomes;
  });
}

/** Gives a refusal its words, as it would have them alone. */
async function outcomeFor({ operation, input }: Asked, answer: unknown): Promise<Outcome<unknown>> {
  return answer instanceof Refusal ? outcomeOf(worded(operation, input, () => Promise.reject(answer))) : { answer };
}

/** The audit rows, the answers to the keys and the events of all that was granted. */
function keep(
  shared: Frame,
  ready: readonly { readonly place: number; readonly one: Asked }[],
  outcomes: readonly Outcome<unknown>[],
): void {
  const entries = ready.flatMap(({ place, one: { operation, input, frame } }) => {
    const outcome = outcomes[place]!;
    if ("error" in outcome) return [];
    const { actor, reason, key } = frame.call;
    const { tenantId } = shared.call;
    const output = kept(operation, outcome.answer);
    return [
      { tenantId, id: newId(), now: shared.now, actor, operation: operation.name, reason, requestId: frame.requestId, key, input, output },
    ];
  });
  const [first, ...others] = entries;
  if (first) shared.db.send(trailOf([first, ...others], { keys: true, along: eventsOf(shared) }));
  else storeEvents(shared);
}
