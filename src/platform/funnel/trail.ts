// The two rows that every write leaves behind in its own transaction: the answer to its key, and its place in the audit trail.
import { hash } from "node:crypto";
import type { Id } from "../../kernel/id.ts";
import { Refusal, word } from "../../kernel/refusal.ts";
import { identifier, join, list, prepared, type Rows, type Sql, sql, textList } from "../database/sql.ts";
import type { Actor } from "../operation/context.ts";
import type { Operation } from "../operation/operation.ts";
import { houseRefusals } from "./denial.ts";
import { WaitsForApproval } from "./gate.ts";

/** Canonical text of a value: keys sorted, amounts and days as on the wire. The same input always gives the same text. */
export const canonical = (value: unknown): string => JSON.stringify(sorted(value));

function sorted(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(sorted);
  const fields = value as Readonly<Record<string, unknown>>;
  if (typeof fields["toJSON"] === "function") return sorted((value as { toJSON(): unknown }).toJSON());
  // Without a prototype a field called __proto__ is a field like any other.
  const inOrder = Object.create(null) as Record<string, unknown>;
  for (const name of Object.keys(fields).toSorted()) inOrder[name] = sorted(fields[name]);
  return inOrder;
}

const hashOfText = (text: string): string => hash("sha256", text);

/** The same value always has the same hash. */
export const hashOf = (input: unknown): string => hashOfText(canonical(input ?? null));

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
  const told = toldBefore(kept, operation, input, actor, key);
  return { output: WaitsForApproval.from(told) ?? revived(operation, told) };
}

/** What was told to a key. Refuses when the key stood for something else. */
function toldBefore(kept: Kept, operation: Operation, input: unknown, actor: Actor, key: string): unknown {
  if (kept.operation !== operation.name || kept.inputHash !== hashOf(input) || kept.actor !== keeperOf(actor)) {
    throw new Refusal("idempotencyKeyReused", word(houseRefusals["idempotencyKeyReused"]!, { key }), { key });
  }
  return kept.output;
}

/** A kept answer is wire text; read back through the schema it is what the operation returned. */
function revived(operation: Operation, wire: unknown): unknown {
  const parsed = operation.output.safeParse(wire);
  return parsed.success ? parsed.data : wire;
}

export const answerOf = (tenantId: Id, key: string, output: unknown): Sql => sql`
  update platform.idempotency set output = ${JSON.stringify(output)} where tenant_id = ${tenantId} and key = ${key}`;

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

interface MoreOfTrail {
  /** Of a batch whose keys were not claimed before: their answers are kept too, and one that stands already breaks the transaction. */
  readonly keys?: boolean;
  /** Another statement that goes along. */
  readonly along?: Sql | undefined;
}

/** The audit rows of one company in one statement. */
export function trailOf(entries: readonly [Entry, ...Entry[]], { keys = false, along }: MoreOfTrail = {}): Sql {
  const inputs = entries.map((entry) => sorted(entry.input ?? null));
  const texts = inputs.map((input) => JSON.stringify(input));
  const outputs = entries.map((entry) => JSON.stringify(entry.output));
  const keyed = keys ? [...entries.keys()].filter((place) => entries[place]!.key !== undefined) : [];
  const { tenantId, now } = entries[0];
  const ids = (value: (entry: Entry) => string | null): string => list(entries.map(value));
  const words = (value: (entry: Entry) => string | null): string => textList(entries.map(value));
  const log = sql`
    insert into platform.operation_log
      (tenant_id, id, at, user_id, person_id, actor_name, operation, reason, request_id, key, input, output, object_ids)
    select ${tenantId}::uuid, e.id, ${now}::timestamptz, e.user_id, e.person_id, e.actor_name, e.operation, e.reason, e.request_id,
      e.key, e.input, e.output, e.object_ids::uuid[]
    from unnest(${ids(({ id }) => id)}::uuid[], ${ids(({ actor }) => actor.userId)}::uuid[], ${ids(({ actor }) => actor.personId)}::uuid[],
      ${words(({ actor }) => actor.name)}::text[], ${words(({ operation }) => operation)}::text[],
      ${words(({ reason }) => reason ?? null)}::text[], ${words(({ requestId }) => requestId)}::text[],
      ${words(({ key }) => key ?? null)}::text[], ${textList(texts)}::jsonb[], ${textList(outputs)}::jsonb[],
      ${textList(entries.map((entry, index) => list(objectsOf([inputs[index], entry.output]))))}::text[])
      as e (id, user_id, person_id, actor_name, operation, reason, request_id, key, input, output, object_ids)`;
  const parts = [...(along ? [along] : []), ...(keyed.length > 0 ? [answersOf(keyed, entries, texts, outputs)] : [])];
  const named = parts.map((part, place) => sql`${identifier(`part_${place}`)} as (${part} returning 1)`);
  return prepared(named.length === 0 ? log : sql`with ${join(named, sql`, `)} ${log}`);
}

/** The answers to the keys at some places. */
function answersOf(keyed: readonly number[], entries: readonly Entry[], texts: readonly string[], outputs: readonly string[]): Sql {
  const { tenantId, now } = entries[0]!;
  const words = (value: (entry: Entry, place: number) => string): string => textList(keyed.map((place) => value(entries[place]!, place)));
  return sql`
    insert into platform.idempotency (tenant_id, key, operation, actor, input_hash, output, at)
    select ${tenantId}::uuid, a.key, a.operation, a.actor, a.input_hash, a.output, ${now}::timestamptz
    from unnest(${words(({ key }) => key!)}::text[], ${words(({ operation }) => operation)}::text[],
      ${words(({ actor }) => keeperOf(actor))}::text[], ${words((_, place) => hashOfText(texts[place]!))}::text[],
      ${words((_, place) => outputs[place]!)}::jsonb[]) as a (key, operation, actor, input_hash, output)
    order by a.key`;
}

interface Read {
  readonly tenantId: Id;
  readonly id: Id;
  readonly now: Date;
  readonly actor: Actor;
  readonly operation: string;
  readonly input: unknown;
}

/** The row that a read of confidential records leaves. */
export const readOf = ({ tenantId, id, now, actor, operation, input }: Read): Sql => sql`
  insert into platform.read_log (tenant_id, id, at, user_id, person_id, actor_name, operation, object_ids)
  values (${tenantId}, ${id}, ${now}, ${actor.userId}, ${actor.personId}, ${actor.name}, ${operation}, ${objectsOf(toWire(input))})`;

const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** More than the longest page of a list. */
const objectsMax = 1100;

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
