// Group commit: wishes for the same operation that arrive together go through the funnel in one transaction, each with its own permission,
// key, answer and audit row. What breaks the batch breaks nobody else's wish: each is then done alone.
import { newId } from "../../kernel/id.ts";
import { Refusal } from "../../kernel/refusal.ts";
import type { Rows } from "../database/sql.ts";
import type { Operation, Wish } from "../operation/operation.ts";
import { denied, type Frame, kept, storeEvents, system, worded, writeContext } from "./frame.ts";
import { gather, type Outcome } from "./gather.ts";
import { may } from "./permission.ts";
import { earlierAnswers, keepAnswers, revived, toldBefore, writeEntries } from "./trail.ts";
import { inTransaction } from "./transaction.ts";

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
      first.forEach((one, index) => outcomes.set(one, done[index]!));
    } catch (error) {
      if (first.length === 1 && batch.length === 1) throw error;
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

async function leave(batch: readonly Asked[]): Promise<readonly Outcome<unknown>[]> {
  const { operation, frame: any } = batch[0]!;
  const { tenantId } = any.call;
  return inTransaction(any.parts.pool, tenantId, "write", async (db) => {
    const shared: Frame = { ...any, db, now: any.parts.clock(), events: [], call: { tenantId, actor: system } };
    const context = writeContext(shared, system);
    const outcomes: Outcome<unknown>[] = [];
    const ready: { readonly place: number; readonly one: Asked }[] = [];
    const earlier = await earlierAnswers(
      db,
      tenantId,
      batch.flatMap(({ frame }) => frame.call.key ?? []),
    );
    for (const [place, one] of batch.entries()) {
      const settled = await settledBefore(one, earlier, shared);
      if (settled) outcomes[place] = settled;
      else ready.push({ place, one });
    }
    if (ready.length > 0) {
      const wishes = ready.map(({ one }): Wish<unknown> => ({ input: one.input, actor: one.frame.call.actor }));
      const answers = await operation.many!(wishes as never, context as never);
      for (const [index, { place, one }] of ready.entries()) outcomes[place] = await outcomeFor(one, answers[index]);
      await keep(db, shared, ready, outcomes);
    }
    return outcomes;
  });
}

/** A wish that was granted before, that reuses a key, or that is not permitted. */
async function settledBefore(
  { operation, input, frame: { call } }: Asked,
  earlier: Awaited<ReturnType<typeof earlierAnswers>>,
  shared: Frame,
): Promise<Outcome<unknown> | undefined> {
  const told = call.key === undefined ? undefined : earlier.get(call.key);
  if (told) {
    return outcomeOf(Promise.resolve().then(() => revived(operation, toldBefore(told, operation, input, call.actor, call.key!))));
  }
  const own = writeContext({ ...shared, call }, call.actor);
  return (await may(operation, input, own)) ? undefined : { error: denied(operation, shared.parts.registry) };
}

/** Gives a refusal its words, as it would have them alone. */
async function outcomeFor({ operation, input }: Asked, answer: unknown): Promise<Outcome<unknown>> {
  return answer instanceof Refusal ? outcomeOf(worded(operation, input, () => Promise.reject(answer))) : { answer };
}

/** The audit rows, the answers to the keys and the events of all that was granted: each in one statement. */
async function keep(
  db: Rows,
  shared: Frame,
  ready: readonly { readonly place: number; readonly one: Asked }[],
  outcomes: readonly Outcome<unknown>[],
): Promise<void> {
  const granted = ready.flatMap(({ place, one }) => {
    const outcome = outcomes[place]!;
    return "answer" in outcome ? [{ one, output: kept(one.operation, outcome.answer) }] : [];
  });
  const { tenantId } = shared.call;
  await writeEntries(
    db,
    granted.map(({ one: { operation, input, frame }, output }) => ({
      tenantId,
      id: newId(),
      now: shared.now,
      actor: frame.call.actor,
      operation: operation.name,
      reason: frame.call.reason,
      requestId: frame.requestId,
      key: frame.call.key,
      input,
      output,
    })),
  );
  const keyed = granted.flatMap(({ one: { operation, input, frame }, output }) =>
    frame.call.key === undefined ? [] : [{ key: frame.call.key, operation: operation.name, actor: frame.call.actor, input, output }],
  );
  await keepAnswers(db, tenantId, keyed, shared.now);
  await storeEvents(shared);
}
