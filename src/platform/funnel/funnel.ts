// The funnel: the only way to read or write anything. Identify, permit, validate, find the idempotency record, begin, run, audit,
// emit, commit; or roll back and return the preview when it is a dry run.
import { setTimeout } from "node:timers/promises";
import { type Day, dayAt } from "../../kernel/day.ts";
import { type Id, newId } from "../../kernel/id.ts";
import { Refusal, refuse, word } from "../../kernel/refusal.ts";
import type { Pool } from "../database/pool.ts";
import { type Rows, sql } from "../database/sql.ts";
import type { Actor, Notice, ReadContext, WriteContext } from "../operation/context.ts";
import type { InputOf, Operation, OutputOf } from "../operation/operation.ts";
import type { Registry } from "../operation/registry.ts";
import { houseRefusals, InvalidInput, NotPermitted, UnknownOperation } from "./denial.ts";
import { may, mayAtAll, holds } from "./permission.ts";
import { canonical, claimKey, hashOf, keepAnswer, toWire, writeEntry, writeRead } from "./trail.ts";
import { readStoredFile, writeStoredFile } from "../files/store.ts";
import { writeNotice } from "../notify/notice.ts";
import { inTransaction, isWhole } from "./transaction.ts";

export interface Call {
  readonly tenantId: Id;
  readonly actor: Actor;
  /** The client's idempotency key for a write. */
  readonly key?: string;
  readonly dryRun?: boolean;
  readonly reason?: string;
  readonly requestId?: string;
  /** The day it counts as today; by default the clock's day in the company's zone. */
  readonly today?: Day;
}

export interface Funnel {
  readonly registry: Registry;
  /** Runs an operation on input as it came over the wire; the answer is as it goes over the wire. */
  run(name: string, input: unknown, call: Call): Promise<unknown>;
  /** The same for code of the house: the operation by value, input and answer typed. */
  runTyped<O extends Operation>(operation: O, input: unknown, call: Call): Promise<OutputOf<O>>;
  /** Runs reads of the house itself (laws, facts, figures) in one read-only transaction. */
  read<T>(call: Call, ask: (context: ReadContext) => Promise<T>): Promise<T>;
  /** Runs work of the house itself (reactions, schedules) in one transaction, as the system. */
  work<T>(tenantId: Id, does: (context: WriteContext) => Promise<T>, today?: Day): Promise<T>;
}

export interface FunnelParts {
  readonly pool: Pool;
  readonly registry: Registry;
  readonly clock: () => Date;
  /** The zone whose calendar a company's days follow. */
  readonly zoneOf: (tenantId: Id) => Promise<string>;
  /** Called after a commit that left events behind, so that they are told at once; the answer waits for it a moment. */
  readonly onEvents?: (tenantId: Id) => Promise<unknown>;
}

export const system: Actor = { kind: "system", userId: null, personId: null, name: "Heartwood", grants: [] };

interface Frame {
  readonly parts: FunnelParts;
  readonly db: Rows;
  readonly call: Call;
  readonly today: Day;
  readonly now: Date;
  readonly requestId: string;
  readonly events: { name: string; payload: unknown }[];
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
  const runTyped = async <O extends Operation>(operation: O, input: unknown, call: Call): Promise<OutputOf<O>> => {
    if (!mayAtAll(call.actor, operation)) throw denied(operation, parts.registry);
    const parsed = parse(operation, input);
    const frame = await frameFor(call);
    const output = operation.kind === "read" ? await runRead(operation, parsed, frame) : await runWrite(operation, parsed, frame);
    if (frame.events.length > 0 && !call.dryRun) await told(parts, call.tenantId);
    return output as OutputOf<O>;
  };
  return {
    registry: parts.registry,
    runTyped,
    run: async (name, input, call) => toWire(await runTyped(find(name), input, call)),
    read: async (call, ask) => {
      const frame = await frameFor(call);
      return inTransaction(parts.pool, call.tenantId, "read", (db) => ask(readContext({ ...frame, db })));
    },
    work: async (tenantId, does, today) => {
      const frame = await frameFor({ tenantId, actor: system, today });
      const result = await inTransaction(parts.pool, tenantId, "write", async (db) => {
        frame.events.length = 0;
        const done = await does(writeContext({ ...frame, db }, system));
        await storeEvents({ ...frame, db });
        return done;
      });
      return result;
    },
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

function parse(operation: Operation, input: unknown): unknown {
  const parsed = operation.input.safeParse(input ?? {});
  if (!parsed.success) throw InvalidInput.from(parsed.error);
  return parsed.data;
}

function denied(operation: Operation, registry: Registry): NotPermitted {
  const needs = operation.may.map((entry) => (typeof entry === "string" ? (registry.roles.get(entry) ?? entry) : entry.says));
  return new NotPermitted(operation.name, needs);
}

async function runRead(operation: Operation, input: unknown, frame: Omit<Frame, "db">): Promise<unknown> {
  const { parts, call } = frame;
  return inTransaction(parts.pool, call.tenantId, operation.logged ? "write" : "read", async (db) => {
    const context = readContext({ ...frame, db });
    if (!(await may(operation, input, context))) throw denied(operation, parts.registry);
    const output = await worded(operation, input, () => operation.run(input as never, context as never));
    if (operation.logged) {
      await writeRead(db, { tenantId: call.tenantId, id: newId(), now: frame.now, actor: call.actor, operation: operation.name, input });
    }
    return output;
  });
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
    return await inTransaction(parts.pool, call.tenantId, "write", async (db) => {
      frame.events.length = 0;
      const inner: Frame = { ...frame, db };
      const context = writeContext(inner, call.actor);
      // The key comes first: who may not do it again because they have done it is told what they were told.
      const earlier = call.key && !call.dryRun ? await answerOf(operation, input, inner, call.key) : undefined;
      if (earlier) return reviveOutput(operation, earlier.output);
      if (!(await may(operation, input, context))) throw denied(operation, parts.registry);
      const output = await runInside(operation, input, inner, call.actor);
      await storeEvents(inner);
      if (call.dryRun) throw new DryRunDone(output);
      if (call.key) await keepAnswer(db, call.tenantId, call.key, kept(operation, output));
      return output;
    });
  } catch (error) {
    if (error instanceof DryRunDone) return error.output;
    throw error;
  }
}

/** A kept answer is wire text; read back through the schema it is what the operation returned. */
function reviveOutput(operation: Operation, wire: unknown): unknown {
  const revived = operation.output.safeParse(wire);
  return revived.success ? revived.data : wire;
}

async function answerOf(operation: Operation, input: unknown, frame: Frame, key: string) {
  const actor = frame.call.actor.userId ?? frame.call.actor.name;
  const inputHash = hashOf(canonical(toWire(input)));
  const { tenantId } = frame.call;
  const kept = await claimKey(frame.db, { tenantId, key, operation: operation.name, actor, inputHash, now: frame.now });
  if (!kept) return undefined;
  if (kept.operation !== operation.name || kept.inputHash !== inputHash || kept.actor !== actor) {
    throw new Refusal("idempotencyKeyReused", word(houseRefusals["idempotencyKeyReused"]!, { key }), { key });
  }
  return { output: kept.output };
}

/** Runs one operation inside an open transaction and leaves its audit row. */
async function runInside(operation: Operation, input: unknown, frame: Frame, actor: Actor): Promise<unknown> {
  const output = await worded(operation, input, () => operation.run(input as never, writeContext(frame, actor) as never));
  await writeEntry(frame.db, {
    tenantId: frame.call.tenantId,
    id: newId(),
    now: frame.now,
    actor,
    operation: operation.name,
    reason: frame.call.reason,
    requestId: frame.requestId,
    key: frame.call.key,
    input,
    output: kept(operation, output),
  });
  return output;
}

/** What the trail keeps of an answer: all of it but what is shown only once. */
function kept(operation: Operation, output: unknown): unknown {
  const wire = toWire(output);
  if (!operation.hides) return wire;
  return Object.fromEntries(
    Object.entries(wire as object).map(([name, value]) => [name, operation.hides!.includes(name) ? "(hidden)" : value]),
  );
}

/** Gives a bare refusal its words, and a constraint that stopped a lost race the words of its refusal. */
async function worded(operation: Operation, input: unknown, run: () => Promise<unknown>): Promise<unknown> {
  try {
    return await run();
  } catch (error) {
    const code = error instanceof Refusal ? error.code : operation.constraints?.[(error as { constraint?: string }).constraint ?? ""];
    if (code === undefined || (error instanceof Refusal && error.message !== "")) throw error;
    const sentence = operation.refuses?.[code] ?? houseRefusals[code];
    if (!sentence) throw new Error(`${operation.name} refuses ${code} without declaring it`, { cause: error });
    // A constraint knows no facts; what was asked for fills the places.
    const facts = error instanceof Refusal ? error.facts : (input as Record<string, unknown>);
    throw new Refusal(code, word(sentence, facts), facts, error instanceof Refusal ? error.path : undefined);
  }
}

async function storeEvents(frame: Frame): Promise<void> {
  if (frame.events.length === 0) return;
  const { tenantId } = frame.call;
  await frame.db.run(sql`
    insert into platform.event (tenant_id, id, name, payload, at)
    select ${tenantId}, e.id, e.name, e.payload, ${frame.now}
    from unnest(${frame.events.map(() => newId())}::uuid[], ${frame.events.map((event) => event.name)}::text[],
      ${frame.events.map((event) => JSON.stringify(event.payload))}::jsonb[]) as e (id, name, payload)`);
}

function readContext(frame: Frame): ReadContext {
  const { call, db, parts } = frame;
  const context: ReadContext = {
    tenantId: call.tenantId,
    actor: call.actor,
    today: frame.today,
    now: frame.now,
    requestId: frame.requestId,
    db,
    holds: (role, place) => holds(call.actor, role, place),
    readFile: async (id) => (await readStoredFile(db, call.tenantId, id)) ?? refuse("fileNotFound"),
    can: (subject, record) => allowed(parts.registry, subject, record, context),
    mayRead: (subject, id) => readable(parts.registry, subject, id, context),
  };
  return context;
}

/** Asks the register's own `get`, so that there is one answer to who may read a record. */
async function readable(registry: Registry, subject: string, id: Id, context: ReadContext): Promise<boolean> {
  const get = registry.registers.get(subject)?.get;
  if (!get || !(await may(get, { id }, context))) return false;
  try {
    await get.run({ id } as never, context as never);
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.code === "notFound") return false;
    throw error;
  }
}

async function allowed(registry: Registry, subject: string, record: Readonly<Record<string, unknown>>, context: ReadContext) {
  const names: string[] = [];
  const [, noun = ""] = subject.split(".");
  // A question about this very record is asked with the record's own fields, as the input would name them.
  const asked = { ...record, [`${noun}Id`]: record["id"] };
  for (const operation of registry.actions.get(subject) ?? []) {
    if (operation.when && !operation.when(record)) continue;
    if (await may(operation, asked, context)) names.push(operation.name);
  }
  return names;
}

function writeContext(frame: Frame, actor: Actor): WriteContext {
  const { call, db } = frame;
  const callAs = async (operation: Operation, input: unknown, as: Actor): Promise<unknown> => {
    const parsed = parse(operation, toWire(input));
    const inner: Frame = as === actor ? frame : { ...frame, call: { ...call, actor: as } };
    const context = writeContext(inner, as);
    if (!(await may(operation, parsed, context))) throw denied(operation, frame.parts.registry);
    if (operation.kind === "read") return worded(operation, parsed, () => operation.run(parsed as never, context as never));
    return runInside(operation, parsed, inner, as);
  };
  const asHouse: Actor = { ...system, name: actor.kind === "system" ? system.name : `${system.name} for ${actor.name}` };
  return {
    ...readContext({ ...frame, call: { ...call, actor } }),
    newId,
    emit: (name, payload) => void frame.events.push({ name, payload: toWire(payload) }),
    call: async <O extends Operation>(operation: O, input: InputOf<O>) => (await callAs(operation, input, actor)) as OutputOf<O>,
    callAsSystem: async <O extends Operation>(operation: O, input: InputOf<O>) => (await callAs(operation, input, asHouse)) as OutputOf<O>,
    attempt: (does) => attempt(frame, does),
    writeFile: (name, mediaType, bytes) =>
      writeStoredFile(db, { tenantId: call.tenantId, userId: actor.userId, now: frame.now, name, mediaType, bytes }),
    notify: (notice: Notice) => writeNotice(db, call.tenantId, frame.now, notice),
    reason: call.reason,
  };
}

async function attempt(frame: Frame, does: () => Promise<unknown>): Promise<Error | undefined> {
  const before = frame.events.length;
  await frame.db.run(sql`savepoint attempt`);
  try {
    await does();
  } catch (error) {
    // Serialisation failures and deadlocks concern the whole transaction: it runs again.
    if (isWhole(error)) throw error;
    await frame.db.run(sql`rollback to savepoint attempt`);
    await frame.db.run(sql`release savepoint attempt`);
    frame.events.length = before;
    return error as Error;
  }
  await frame.db.run(sql`release savepoint attempt`);
  return undefined;
}
