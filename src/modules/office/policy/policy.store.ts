// The policy that applies to a wish: of those in force for its operation, by rank, the first whose conditions all hold.
import { z } from "zod";
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import { toWire } from "../../../platform/funnel/trail.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import type { Operation } from "../../../platform/operation/operation.ts";
import { targetField } from "../../../platform/operation/registry.ts";
import { unitOf } from "../../directory/index.ts";
import { Approver } from "../approval/approver.ts";
import { type Condition, type Facts, fits, valuesAt } from "./condition.rules.ts";
import { targetOf } from "./target.ts";

export const PolicyStep = z.strictObject({
  title: z.string().min(1).max(80).optional().describe("What this step is called, e.g. Budget."),
  approvers: z.array(Approver).min(1).max(10).describe("All of them are asked at once."),
  quorum: z.int().min(1).max(50).optional().describe("How many have to agree; left out: all of them."),
  remindDays: z.int().min(1).max(90).default(2).describe("After so many days who has not decided is reminded, once."),
  escalateDays: z.int().min(1).max(365).optional().describe("After so many days the line above may decide as well, and is told, once."),
});
export type PolicyStep = z.output<typeof PolicyStep>;

export interface Policy {
  readonly id: Id;
  readonly name: string;
  readonly operation: string;
  readonly conditions: readonly Condition[];
  readonly steps: readonly PolicyStep[];
  readonly fromDay: Day;
  readonly untilDay: Day | null;
}

/** All that are in force or will be, of one operation or all, the first to be asked first. */
export async function policiesFrom(context: ReadContext, operation?: string): Promise<Policy[]> {
  return context.db.rows<Policy>(sql`
    select id, name, operation, conditions, steps, lower(during) as from_day, upper(during) - 1 as until_day from office.approval_policy
    where tenant_id = ${context.tenantId} and (upper(during) is null or upper(during) > ${context.today}::date)
      ${operation === undefined ? sql`` : sql`and operation = ${operation}`}
    order by operation, rank, id`);
}

export interface Asking {
  readonly operation: Operation;
  /** As over the wire. */
  readonly input: unknown;
  readonly requesterId: Id | null;
  /** Fields that count as input besides: the amount and what a department shows to who decides. */
  readonly more?: Readonly<Record<string, unknown>>;
}

export interface Applied {
  readonly policy: Policy;
  readonly facts: Facts;
}

/** Of these policies the one that applies, with what was compared. */
export async function applied(context: ReadContext, policies: readonly Policy[], asking: Asking): Promise<Applied | undefined> {
  const inForce = policies.filter(({ fromDay, untilDay }) => fromDay <= context.today && (untilDay === null || untilDay >= context.today));
  if (inForce.length === 0) return undefined;
  const facts = await factsOf(context, inForce, asking);
  const known = await knownOf(context, inForce, facts, asking);
  const policy = inForce.find((one) => fits(one.conditions, facts, known));
  return policy && { policy, facts };
}

/** The record and the person are looked at only where a policy asks about them. */
async function factsOf(context: ReadContext, policies: readonly Policy[], asking: Asking): Promise<Facts> {
  const fields = policies.flatMap(({ conditions, steps }) => [
    ...conditions.map((one) => one.field),
    ...steps.flatMap((step) => step.approvers.flatMap((one) => one.at ?? [])),
  ]);
  const input = { ...(asking.input as object), ...(toWire(asking.more ?? {}) as object) };
  const record = fields.some((field) => field.startsWith("record.")) ? await recordOf(context, asking.operation, asking.input) : undefined;
  const wantsUnit = fields.some((field) => field.startsWith("requester."));
  const unit = wantsUnit && asking.requesterId ? await unitOf(context, asking.requesterId, context.today) : undefined;
  return { input, record, requester: { personId: asking.requesterId, unitId: unit?.unitId ?? null } };
}

/** What was compared when a wish was made, looked at again: for words of later steps such as "who leads the unit that it names". */
export async function factsFor(
  context: ReadContext,
  wish: { readonly asksOperation: string | null; readonly asksInput: unknown; readonly snapshot: unknown; readonly requestedBy: Id | null },
): Promise<Facts> {
  const operation = wish.asksOperation === null ? undefined : context.operationNamed(wish.asksOperation);
  const input = { ...(isObject(wish.asksInput) ? wish.asksInput : {}), ...(isObject(wish.snapshot) ? wish.snapshot : {}) };
  const unit = wish.requestedBy ? await unitOf(context, wish.requestedBy, context.today) : undefined;
  const record = operation && (await recordOf(context, operation, input));
  return { input, record, requester: { personId: wish.requestedBy, unitId: unit?.unitId ?? null } };
}

const isObject = (value: unknown): value is object => value !== null && typeof value === "object";

const asHouse = (context: ReadContext): ReadContext => ({
  ...context,
  actor: { ...context.actor, kind: "system" },
  holds: () => true,
  can: async () => [],
});

/** The record that an operation acts on, as the house sees it; what is not there has no fields. */
async function recordOf(context: ReadContext, operation: Operation, input: unknown): Promise<unknown> {
  const id = targetOf(operation, input)?.id;
  return id && (await recordsOf(context, operation, [input])).get(id);
}

/** The same for many wishes at once, by the record's identifier. */
export async function recordsOf(
  context: ReadContext,
  operation: Operation,
  inputs: readonly unknown[],
): Promise<ReadonlyMap<string, unknown>> {
  const targets = inputs.flatMap((input) => targetOf(operation, input) ?? []);
  const list = targets[0] && context.operationNamed(`${targets[0].subject}.list`);
  if (!list) return new Map();
  const asked = { filter: { id: [...new Set(targets.map((one) => one.id))].join("|") }, limit: targets.length };
  const { rows } = toWire(await list.run(asked as never, asHouse(context) as never)) as { rows: { id: string }[] };
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * Of the identifiers that a policy asks about for the first time, those that are not new: this was done before for them, or for another
 * record that was named together with them. A wish that was only uttered makes nobody known.
 */
async function knownOf(
  context: ReadContext,
  policies: readonly Policy[],
  facts: Facts,
  { operation, input }: Asking,
): Promise<ReadonlySet<string>> {
  const asked = policies.flatMap(({ conditions }) =>
    conditions.filter((one) => one.is === "firstTime").flatMap((one) => valuesAt(facts, one.field).map(String)),
  );
  const ids = asked.filter((one) => /^[0-9a-f-]{36}$/.test(one));
  if (ids.length === 0) return new Set();
  const field = targetField(operation) ?? "id";
  const own = targetOf(operation, input)?.id ?? null;
  const found = await context.db.rows<{ id: string }>(sql`
    select i.id from unnest(${ids}::uuid[]) as i (id) where exists (select from platform.operation_log l
      where l.tenant_id = ${context.tenantId} and l.object_ids @> array[i.id] and (l.operation = ${operation.name} or exists (
        select from platform.operation_log d where d.tenant_id = ${context.tenantId} and d.operation = ${operation.name}
          and d.object_ids && l.object_ids and (d.input ->> ${field}) <> coalesce(${own}, '')
          and (d.input ->> ${field}) = any(l.object_ids::text[]))))`);
  return new Set(found.map((row) => row.id));
}
