// The two rows that every write leaves behind in its own transaction: the answer to its key, and its place in the audit trail.
import { createHash } from "node:crypto";
import type { Id } from "../../kernel/id.ts";
import { Refusal, word } from "../../kernel/refusal.ts";
import { prepared, type Rows, sql } from "../database/sql.ts";
import type { Actor } from "../operation/context.ts";
import type { Operation } from "../operation/operation.ts";
import { houseRefusals } from "./denial.ts";

/** Canonical text of a value: keys sorted, amounts and days as on the wire. The same input always gives the same text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** The same value always has the same hash. */
export const hashOf = (input: unknown): string =>
  createHash("sha256")
    .update(canonical(toWire(input)))
    .digest("hex");

const keeperOf = (actor: Actor): string => actor.userId ?? actor.name;

/** What goes over the wire: Money, dates and all else as JSON has them. */
export const toWire = (value: unknown): unknown => (value === undefined ? null : JSON.parse(JSON.stringify(value)));

interface Kept {
  readonly operation: string;
  readonly actor: string;
  readonly inputHash: string;
  readonly output: unknown;
}

/** Claims a key. Returns what an earlier call with it was told, or undefined when the key is now ours. */
export async function claimKey(
  db: Rows,
  claim: { tenantId: Id; key: string; operation: Operation; actor: Actor; input: unknown; now: Date },
): Promise<{ readonly output: unknown } | undefined> {
  const { tenantId, key, operation, actor, input } = claim;
  const claimed = await db.run(sql`
    insert into platform.idempotency (tenant_id, key, operation, actor, input_hash, at)
    values (${tenantId}, ${key}, ${operation.name}, ${keeperOf(actor)}, ${hashOf(input)}, ${claim.now})
    on conflict (tenant_id, key) do nothing`);
  if (claimed === 1) return undefined;
  const kept = await db.row<Kept>(sql`
    select operation, actor, input_hash, output from platform.idempotency where tenant_id = ${tenantId} and key = ${key}`);
  return { output: revived(operation, toldBefore(kept, operation, input, actor, key)) };
}

/** What was told to a key. Refuses when the key stood for something else. */
export function toldBefore(kept: Kept, operation: Operation, input: unknown, actor: Actor, key: string): unknown {
  if (kept.operation !== operation.name || kept.inputHash !== hashOf(input) || kept.actor !== keeperOf(actor)) {
    throw new Refusal("idempotencyKeyReused", word(houseRefusals["idempotencyKeyReused"]!, { key }), { key });
  }
  return kept.output;
}

/** A kept answer is wire text; read back through the schema it is what the operation returned. */
export function revived(operation: Operation, wire: unknown): unknown {
  const parsed = operation.output.safeParse(wire);
  return parsed.success ? parsed.data : wire;
}

/** What earlier calls with these keys were told. */
export async function earlierAnswers(db: Rows, tenantId: Id, keys: readonly string[]): Promise<ReadonlyMap<string, Kept>> {
  if (keys.length === 0) return new Map();
  const rows = await db.rows<Kept & { key: string }>(
    prepared(sql`
    select key, operation, actor, input_hash, output from platform.idempotency
    where tenant_id = ${tenantId} and key = any(${keys}::text[])`),
  );
  return new Map(rows.map((row) => [row.key, row]));
}

export async function keepAnswer(db: Rows, tenantId: Id, key: string, output: unknown): Promise<void> {
  await db.run(sql`
    update platform.idempotency set output = ${JSON.stringify(output)} where tenant_id = ${tenantId} and key = ${key}`);
}

/** Keeps the answers to keys that nobody has claimed. One that was claimed meanwhile breaks the transaction. */
export async function keepAnswers(
  db: Rows,
  tenantId: Id,
  answers: readonly { key: string; operation: string; actor: Actor; input: unknown; output: unknown }[],
  now: Date,
): Promise<void> {
  if (answers.length === 0) return;
  const inOrder = answers.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  await db.run(
    prepared(sql`
    insert into platform.idempotency (tenant_id, key, operation, actor, input_hash, output, at)
    select ${tenantId}, a.key, a.operation, a.actor, a.input_hash, a.output, ${now}
    from unnest(${inOrder.map((one) => one.key)}::text[], ${inOrder.map((one) => one.operation)}::text[],
      ${inOrder.map((one) => keeperOf(one.actor))}::text[], ${inOrder.map((one) => hashOf(one.input))}::text[],
      ${inOrder.map((one) => JSON.stringify(one.output))}::jsonb[]) as a (key, operation, actor, input_hash, output)`),
  );
}

interface Entry {
  readonly tenantId: Id;
  readonly id: Id;
  readonly now: Date;
  readonly actor: Actor;
  readonly operation: string;
  readonly reason: string | undefined;
  readonly requestId: string;
  readonly key: string | undefined;
  readonly input: unknown;
  readonly output: unknown;
}

/** Leaves the audit rows of one company in one statement. */
export async function writeEntries(db: Rows, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return;
  const inputs = entries.map((entry) => toWire(entry.input));
  await db.run(
    prepared(sql`
    insert into platform.operation_log
      (tenant_id, id, at, user_id, person_id, actor_name, operation, reason, request_id, key, input, output, object_ids)
    select ${entries[0]!.tenantId}, e.id, ${entries[0]!.now}, e.user_id, e.person_id, e.actor_name, e.operation, e.reason, e.request_id,
      e.key, e.input, e.output, e.object_ids::uuid[]
    from unnest(${entries.map((entry) => entry.id)}::uuid[], ${entries.map((entry) => entry.actor.userId)}::uuid[],
      ${entries.map((entry) => entry.actor.personId)}::uuid[], ${entries.map((entry) => entry.actor.name)}::text[],
      ${entries.map((entry) => entry.operation)}::text[], ${entries.map((entry) => entry.reason ?? null)}::text[],
      ${entries.map((entry) => entry.requestId)}::text[], ${entries.map((entry) => entry.key ?? null)}::text[],
      ${inputs.map(canonical)}::jsonb[], ${entries.map((entry) => canonical(entry.output))}::jsonb[],
      ${entries.map((entry, index) => `{${objectsOf([inputs[index], entry.output]).join()}}`)}::text[])
      as e (id, user_id, person_id, actor_name, operation, reason, request_id, key, input, output, object_ids)`),
  );
}

export async function writeRead(
  db: Rows,
  read: { tenantId: Id; id: Id; now: Date; actor: Actor; operation: string; input: unknown },
): Promise<void> {
  await db.run(sql`
    insert into platform.read_log (tenant_id, id, at, user_id, person_id, actor_name, operation, object_ids)
    values (${read.tenantId}, ${read.id}, ${read.now}, ${read.actor.userId}, ${read.actor.personId}, ${read.actor.name},
      ${read.operation}, ${objectsOf(toWire(read.input))})`);
}

const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const objectsMax = 500;

/** Every record that an input or output names: the timeline of a record finds its operations by them. */
export function objectsOf(value: unknown, found: Set<string> = new Set()): string[] {
  if (found.size < objectsMax) {
    if (typeof value === "string") {
      if (idPattern.test(value)) found.add(value);
    } else if (Array.isArray(value)) value.forEach((inner) => objectsOf(inner, found));
    else if (value !== null && typeof value === "object") Object.values(value).forEach((inner) => objectsOf(inner, found));
  }
  return [...found];
}
