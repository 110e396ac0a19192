// The two rows that every write leaves behind in its own transaction: the answer to its key, and its place in the audit trail.
import { createHash } from "node:crypto";
import type { Id } from "../../kernel/id.ts";
import { type Rows, sql } from "../database/sql.ts";
import type { Actor } from "../operation/context.ts";

/** Canonical text of a value: keys sorted, amounts and days as on the wire. The same input always gives the same text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

export const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** What goes over the wire: Money, dates and all else as JSON has them. */
export const toWire = (value: unknown): unknown => (value === undefined ? null : JSON.parse(JSON.stringify(value)));

export interface Kept {
  readonly operation: string;
  readonly actor: string;
  readonly inputHash: string;
  readonly output: unknown;
}

/** Claims a key. Returns what an earlier call with it was told, or undefined when the key is now ours. */
export async function claimKey(
  db: Rows,
  claim: { tenantId: Id; key: string; operation: string; actor: string; inputHash: string; now: Date },
): Promise<Kept | undefined> {
  const claimed = await db.run(sql`
    insert into platform.idempotency (tenant_id, key, operation, actor, input_hash, at)
    values (${claim.tenantId}, ${claim.key}, ${claim.operation}, ${claim.actor}, ${claim.inputHash}, ${claim.now})
    on conflict (tenant_id, key) do nothing`);
  if (claimed === 1) return undefined;
  return db.row<Kept>(sql`
    select operation, actor, input_hash, output from platform.idempotency
    where tenant_id = ${claim.tenantId} and key = ${claim.key}`);
}

export async function keepAnswer(db: Rows, tenantId: Id, key: string, output: unknown): Promise<void> {
  await db.run(sql`
    update platform.idempotency set output = ${JSON.stringify(output)} where tenant_id = ${tenantId} and key = ${key}`);
}

export interface Entry {
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

export async function writeEntry(db: Rows, entry: Entry): Promise<void> {
  const input = toWire(entry.input);
  await db.run(sql`
    insert into platform.operation_log
      (tenant_id, id, at, user_id, person_id, actor_name, operation, reason, request_id, key, input, output, object_ids)
    values (${entry.tenantId}, ${entry.id}, ${entry.now}, ${entry.actor.userId}, ${entry.actor.personId}, ${entry.actor.name},
      ${entry.operation}, ${entry.reason ?? null}, ${entry.requestId}, ${entry.key ?? null},
      ${canonical(input)}, ${canonical(entry.output)}, ${objectsOf([input, entry.output])})`);
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
