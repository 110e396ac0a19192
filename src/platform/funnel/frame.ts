// What one call carries through the funnel, and the context that an operation is given from it.
import { type Day } from "../../kernel/day.ts";
import { type Id, newId } from "../../kernel/id.ts";
import { Refusal, refuse, word } from "../../kernel/refusal.ts";
import type { Pool } from "../database/pool.ts";
import { list, prepared, type Sql, sql, textList } from "../database/sql.ts";
import { writeStoredFile } from "../files/store.ts";
import { actorNow } from "../identity/actors.ts";
import { writeNotices } from "../notify/notice.ts";
import type { Actor, Notice, ReadContext, WriteContext } from "../operation/context.ts";
import type { InputOf, Operation, OutputOf } from "../operation/operation.ts";
import type { Registry } from "../operation/registry.ts";
import { houseRefusals, InvalidInput, NotPermitted } from "./denial.ts";
import { needsApproval } from "./gate.ts";
import { holds, may } from "./permission.ts";
import { mayRead, readingsAllowed, seenFile, type SeenFile } from "./sight.ts";
import { toWire, trailOf } from "./trail.ts";
import { isWhole, type Transacted } from "./transaction.ts";

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

export interface FunnelParts {
  readonly pool: Pool;
  readonly registry: Registry;
  readonly clock: () => Date;
  /** The zone whose calendar a company's days follow. */
  readonly zoneOf: (tenantId: Id) => Promise<string>;
  /** Called after a commit that left events behind, so that they are told at once; the answer waits for it a moment. */
  readonly onEvents?: (tenantId: Id) => Promise<unknown>;
  /** Where browsers reach this house, for links in mails. */
  readonly address?: string;
}

export const system: Actor = { kind: "system", userId: null, personId: null, name: "Heartwood", grants: [] };

export interface Frame {
  readonly parts: FunnelParts;
  readonly db: Transacted;
  readonly call: Call;
  readonly today: Day;
  readonly now: Date;
  readonly requestId: string;
  readonly events: { name: string; payload: unknown }[];
  /** Of the company's gate; null while it has no rules. */
  readonly stamp?: Promise<string | null>;
}

export function parse(operation: Operation, input: unknown): unknown {
  const parsed = operation.input.safeParse(input ?? {});
  if (!parsed.success) throw InvalidInput.from(parsed.error);
  const unstorable = unstorableIn(input);
  if (unstorable) throw new InvalidInput([{ path: unstorable, message: "must not hold a null character or half a character" }]);
  return parsed.data;
}

/** Where a text stands that no database keeps: a null character, or half of a pair. */
function unstorableIn(value: unknown): readonly string[] | undefined {
  if (typeof value === "string") return value.includes("\0") || !value.isWellFormed() ? [] : undefined;
  if (value === null || typeof value !== "object") return undefined;
  for (const [name, inner] of Object.entries(value)) {
    if (name.includes("\0") || !name.isWellFormed()) return [];
    const found = unstorableIn(inner);
    if (found) return [name, ...found];
  }
  return undefined;
}

export function denied(operation: Operation, registry: Registry): NotPermitted {
  const needs = operation.may.map((entry) => (typeof entry === "string" ? (registry.roles.get(entry) ?? entry) : entry.says));
  return new NotPermitted(operation.name, needs);
}

/** Runs one operation inside an open transaction and leaves its audit row. */
export async function runInside(operation: Operation, input: unknown, frame: Frame, actor: Actor): Promise<unknown> {
  const output = await worded(operation, input, () => operation.run(input as never, writeContext(frame, actor) as never));
  const entry = {
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
  };
  frame.db.send(trailOf([entry]));
  return output;
}

/** What the trail keeps of an answer: all of it but what is shown only once. */
export function kept(operation: Operation, output: unknown): unknown {
  const wire = toWire(output);
  if (!operation.hides) return wire;
  return Object.fromEntries(
    Object.entries(wire as object).map(([name, value]) => [name, operation.hides!.includes(name) ? "(hidden)" : value]),
  );
}

/** Gives a bare refusal its words, and a constraint that stopped a lost race the words of its refusal. */
export async function worded(operation: Operation, input: unknown, run: () => Promise<unknown>): Promise<unknown> {
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

export function storeEvents(frame: Frame): void {
  const stored = eventsOf(frame);
  if (stored) frame.db.send(prepared(stored));
}

/** What keeps the events; nothing where there are none. */
export function eventsOf({ call, events, now }: Frame): Sql | undefined {
  if (events.length === 0) return undefined;
  return sql`
    insert into platform.event (tenant_id, id, name, payload, at)
    select ${call.tenantId}::uuid, e.id, e.name, e.payload, ${now}::timestamptz
    from unnest(${list(events.map(() => newId()))}::uuid[], ${textList(events.map((event) => event.name))}::text[],
      ${textList(events.map((event) => JSON.stringify(event.payload)))}::jsonb[]) as e (id, name, payload)`;
}

export function readContext(frame: Frame): ReadContext {
  const { call, db, parts } = frame;
  const context: ReadContext = {
    tenantId: call.tenantId,
    actor: call.actor,
    today: frame.today,
    now: frame.now,
    requestId: frame.requestId,
    db,
    holds: (role, place) => holds(call.actor, role, place),
    readFile: async (id) => (await fileIn(frame, context, id, "operation"))?.file ?? refuse("fileNotFound"),
    can: (subject, record) => allowed(parts.registry, subject, record, context),
    mayRead: (subject, id) => mayRead(parts.registry, subject, id, context),
    allowed: (readings) => readingsAllowed(parts.registry, context, readings, (actor) => readContext(seenBy(frame, actor))),
    operationNamed: (name) => parts.registry.operations.get(name),
    address: parts.address ?? "http://127.0.0.1:4400",
  };
  return context;
}

const seenBy = (frame: Frame, actor: Actor): Frame => ({ ...frame, call: { ...frame.call, actor } });

/** A file as whoever calls may see it. */
export const fileIn = (frame: Frame, context: ReadContext, id: Id, at: "door" | "operation"): Promise<SeenFile | undefined> =>
  seenFile(frame.parts.registry, context, id, () => readContext(seenBy(frame, system)), at);

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

export function writeContext(frame: Frame, actor: Actor): WriteContext {
  const { call, db, parts } = frame;
  const callAs = async (operation: Operation, input: unknown, as: Actor): Promise<unknown> => {
    const parsed = parse(operation, toWire(input));
    const inner: Frame = as === actor ? frame : { ...frame, call: { ...call, actor: as } };
    const context = writeContext(inner, as);
    if (!(await may(operation, parsed, context))) throw denied(operation, frame.parts.registry);
    if (operation.kind === "read") return worded(operation, parsed, () => operation.run(parsed as never, context as never));
    if (as.kind === "person" && (await wouldHold(operation, parsed, inner, context))) throw needsApproval(operation);
    return runInside(operation, parsed, inner, as);
  };
  const tell = (notices: readonly Notice[]): Promise<void> => writeNotices(db, call.tenantId, frame.now, parts.registry.notices, notices);
  const asHouse: Actor = { ...system, name: actor.kind === "system" ? system.name : `${system.name} for ${actor.name}` };
  return {
    ...readContext(seenBy(frame, actor)),
    newId,
    emit: (name, payload) => void frame.events.push({ name, payload: toWire(payload) }),
    call: async <O extends Operation>(operation: O, input: InputOf<O>) => (await callAs(operation, input, actor)) as OutputOf<O>,
    callAsSystem: async <O extends Operation>(operation: O, input: InputOf<O>) => (await callAs(operation, input, asHouse)) as OutputOf<O>,
    attempt: (does) => attempt(frame, does),
    runAs: (userId, name, input) => runAs(frame, userId, name, input),
    writeFile: (name, mediaType, bytes) =>
      writeStoredFile(db, { tenantId: call.tenantId, userId: actor.userId, now: frame.now, name, mediaType, bytes }),
    notify: (notice: Notice) => tell([notice]),
    notifyAll: tell,
    reason: call.reason,
  };
}

async function wouldHold(operation: Operation, input: unknown, frame: Frame, context: WriteContext): Promise<boolean> {
  const stamp = await frame.stamp;
  return Boolean(stamp && (await frame.parts.registry.gate?.wouldHold({ operation, input }, stamp, context)));
}

/** Runs what someone wished for earlier, as them, with what they may do now. */
async function runAs(frame: Frame, userId: Id, name: string, input: unknown): Promise<unknown> {
  const { parts, call } = frame;
  const actor = await actorNow(frame.db, call.tenantId, userId, frame.today);
  if (!actor) throw new Refusal("requesterGone", houseRefusals["requesterGone"]!);
  const operation = parts.registry.operations.get(name);
  if (!operation) throw new Error(`there is no operation ${name} any more`);
  const parsed = parse(operation, input);
  const inner: Frame = { ...frame, call: { ...call, actor } };
  if (!(await may(operation, parsed, writeContext(inner, actor)))) throw denied(operation, parts.registry);
  return toWire(await runInside(operation, parsed, inner, actor));
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
