// The funnel: the only way to read or write anything. Identify, permit, validate, find the idempotency record, begin, run, audit,
// emit, commit; or roll back and return the preview when it is a dry run.
import { setTimeout } from "node:timers/promises";
import { type Day, dayAt } from "../../kernel/day.ts";
import { type Id, newId } from "../../kernel/id.ts";
import type { ReadContext, StoredFile, WriteContext } from "../operation/context.ts";
import type { Operation, OutputOf } from "../operation/operation.ts";
import type { Registry } from "../operation/registry.ts";
import { UnknownOperation } from "./denial.ts";
import {
  type Call,
  denied,
  fileIn,
  type Frame,
  type FunnelParts,
  kept,
  parse,
  readContext,
  runInside,
  storeEvents,
  system,
  worded,
  writeContext,
} from "./frame.ts";
import { WaitsForApproval } from "./gate.ts";
import { held } from "./held.ts";
import { may, mayAtAll } from "./permission.ts";
import type { SeenFile } from "./sight.ts";
import { runsTogether } from "./together.ts";
import { answerOf, claimKey, readOf, toWire } from "./trail.ts";
import { inTransaction, type Transacted } from "./transaction.ts";

export interface Funnel {
  readonly registry: Registry;
  /** Runs an operation on input as it came over the wire; the answer is as it goes over the wire. */
  run(name: string, input: unknown, call: Call): Promise<unknown>;
  /** The same for code of the house: the operation by value, input and answer typed. */
  runTyped<O extends Operation>(operation: O, input: unknown, call: Call): Promise<OutputOf<O>>;
  /** A file that the caller may read; a read of a confidential record is logged with its reader. */
  file(id: Id, call: Call): Promise<StoredFile | undefined>;
  /** Runs reads of the house itself (laws, facts, figures) in one read-only transaction. */
  read<T>(call: Call, ask: (context: ReadContext) => Promise<T>): Promise<T>;
  /** Runs work of the house itself (reactions, schedules) in one transaction, as the system. */
  work<T>(tenantId: Id, does: (context: WriteContext) => Promise<T>, today?: Day): Promise<T>;
}

export function createFunnel(parts: FunnelParts): Funnel {
  const find = (name: string): Operation => {
    const operation = parts.registry.operations.get(name);
    if (!operation) throw new UnknownOperation(`There is no operation ${name}.`);
    return operation;
  };
  const frameFor = async (call: Call): Promise<Omit<Frame, "db">> => {
    const now = parts.clock();
    const today = call.today ?? dayAt(now, await parts.zoneOf(call.tenantId));
    return { parts, call, now, today, requestId: call.requestId ?? newId(), events: [] };
  };
  const write = runsTogether(runWrite);
  const tellSoon = soonTeller(parts);
  const runTyped = async <O extends Operation>(operation: O, input: unknown, call: Call): Promise<OutputOf<O>> => {
    if (!mayAtAll(call.actor, operation)) throw denied(operation, parts.registry);
    const parsed = parse(operation, input);
    const frame = await frameFor(call);
    const output = operation.kind === "read" ? await runRead(operation, parsed, frame) : await write(operation, parsed, frame);
    if (operation.many && !call.dryRun) tellSoon(call.tenantId);
    else if (frame.events.length > 0 && !call.dryRun) await told(parts, call.tenantId);
    // Whoever is promised an output is not given a wish that waits in its place.
    if (output instanceof WaitsForApproval) throw output;
    return output as OutputOf<O>;
  };
  return {
    registry: parts.registry,
    runTyped,
    run: async (name, input, call) => toWire(await runTyped(find(name), input, call)),
    file: async (id, call) => fileFor(await frameFor(call), id),
    read: async (call, ask) => {
      const frame = await frameFor(call);
      return inTransaction(parts.pool, call.tenantId, "read", (db) => ask(readContext({ ...frame, db })));
    },
    work: async (tenantId, does, today) => {
      const frame = await frameFor({ tenantId, actor: system, today });
      const result = await inTransaction(parts.pool, tenantId, "write", async (db) => {
        frame.events.length = 0;
        const done = await does(writeContext({ ...frame, db }, system));
        storeEvents({ ...frame, db });
        return done;
      });
      return result;
    },
  };
}

async function fileFor(frame: Omit<Frame, "db">, id: Id): Promise<StoredFile | undefined> {
  const { parts, call, now } = frame;
  const look = (db: Transacted): Promise<SeenFile | undefined> => fileIn({ ...frame, db }, readContext({ ...frame, db }), id, "door");
  const seen = await inTransaction(parts.pool, call.tenantId, "read", look);
  const { loggedAs } = seen ?? {};
  if (loggedAs) {
    const read = { tenantId: call.tenantId, id: newId(), now, actor: call.actor, operation: loggedAs.operation };
    const input = { id: loggedAs.id, fileId: id };
    await inTransaction(parts.pool, call.tenantId, "write", async (db) => db.send(readOf({ ...read, input })));
  }
  return seen?.file;
}

const soonMilliseconds = 100;

/** What follows from wishes that come by the hundred is looked at once for many of them. */
function soonTeller(parts: FunnelParts): (tenantId: Id) => void {
  const waiting = new Set<Id>();
  return (tenantId) => {
    if (!parts.onEvents || waiting.has(tenantId)) return;
    waiting.add(tenantId);
    void setTimeout(soonMilliseconds, undefined, { ref: false }).then(() => {
      waiting.delete(tenantId);
      return parts.onEvents!(tenantId);
    });
  };
}

const waitMilliseconds = 2000;

/** Who accepted an offer wants to see the hire's steps on the next screen; but no answer waits long for what follows from it. */
async function told(parts: FunnelParts, tenantId: Id): Promise<void> {
  if (!parts.onEvents) return;
  const moment = new AbortController();
  const patience = setTimeout(waitMilliseconds, undefined, { signal: moment.signal, ref: false }).catch(() => undefined);
  await Promise.race([parts.onEvents(tenantId), patience]);
  moment.abort();
}

async function runRead(operation: Operation, input: unknown, frame: Omit<Frame, "db">): Promise<unknown> {
  const { parts, call } = frame;
  const { keepsPlans } = operation;
  const isPlanned = typeof keepsPlans === "function" ? keepsPlans(input as never) : keepsPlans;
  const kind = operation.logged ? "write" : isPlanned ? "planned" : "read";
  return inTransaction(parts.pool, call.tenantId, kind, async (db) => {
    const context = readContext({ ...frame, db });
    if (!(await may(operation, input, context))) throw denied(operation, parts.registry);
    const output = await worded(operation, input, () => operation.run(input as never, context as never));
    const seen = loggedOf(operation, input, output);
    if (seen.length > 0) {
      db.send(readOf({ tenantId: call.tenantId, id: newId(), now: frame.now, actor: call.actor, operation: operation.name, input: seen }));
    }
    return output;
  });
}

/** What is written down of a confidential read. */
function loggedOf({ logged }: Operation, input: unknown, output: unknown): readonly unknown[] {
  if (typeof logged === "function") return logged(output, input);
  return logged ? [input, shownIn(output)] : [];
}

/** The records of a list that was read; one record is named by what was asked. */
function shownIn(output: unknown): unknown[] {
  const { rows } = (output ?? {}) as { rows?: unknown };
  return Array.isArray(rows) ? rows.map((row: { id?: unknown }) => row.id ?? null) : [];
}

class DryRunDone extends Error {
  readonly output: unknown;
  constructor(output: unknown) {
    super("dry run");
    this.output = output;
  }
}

async function runWrite(operation: Operation, input: unknown, frame: Omit<Frame, "db">): Promise<unknown> {
  const { parts, call } = frame;
  try {
    return await inTransaction(parts.pool, call.tenantId, parts.registry.gate ? "gated" : "write", async (db, stamp) => {
      frame.events.length = 0;
      const inner: Frame = { ...frame, db, stamp };
      const context = writeContext(inner, call.actor);
      // The key comes first: who may not do it again because they have done it is told what they were told.
      const claim = { tenantId: call.tenantId, operation, actor: call.actor, input, now: frame.now };
      const earlier = call.key && !call.dryRun ? await claimKey(db, { ...claim, key: call.key }) : undefined;
      if (earlier) return earlier.output;
      if (!(await may(operation, input, context))) throw denied(operation, parts.registry);
      const waits = await held(operation, input, inner, context);
      const output = waits ?? (await runInside(operation, input, inner, call.actor));
      storeEvents(inner);
      if (call.dryRun) throw new DryRunDone(output);
      if (call.key) db.send(answerOf(call.tenantId, call.key, waits ?? kept(operation, output)));
      return output;
    });
  } catch (error) {
    if (error instanceof DryRunDone) return error.output;
    throw error;
  }
}
