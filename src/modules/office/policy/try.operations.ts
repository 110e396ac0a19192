// Trying a policy on what happened: which of the wishes of the last days would have waited, before anyone has to.
import { z } from "zod";
import { addDays } from "../../../kernel/day.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Id, Instant, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { type Condition, fits, isMoney, valuesAt } from "./condition.rules.ts";
import { PolicyCondition } from "./policy.operations.ts";
import { recordsOf } from "./policy.store.ts";
import { targetOf } from "./target.ts";

const mostLooked = 500;

interface Past {
  readonly id: string;
  readonly at: Date;
  readonly actorName: string;
  readonly personId: string | null;
  readonly unitId: string | null;
  readonly input: Readonly<Record<string, unknown>>;
}

export const tryPolicy = operation({
  name: "office.approvalPolicy.try",
  title: "Try it on past wishes",
  does: "Lists which of the wishes of the last days would have waited under these conditions. Records are looked at as they are now.",
  kind: "read",
  may: ["office.manager"],
  input: z.strictObject({
    operation: Text(120),
    conditions: z.array(PolicyCondition).max(20).default([]),
    days: z.int().min(1).max(366).default(31),
  }),
  output: z.object({
    looked: z.int(),
    waited: z.int(),
    more: z.boolean().describe("There were more wishes than were looked at; the newest were."),
    rows: z.array(z.object({ id: Id, at: Instant, by: z.string(), amount: z.string().nullable(), why: z.string() })),
  }),
  refuses: { operationUnknown: "There is no write called {operation}. The reference lists them all." },
  async run(input, context) {
    const found = context.operationNamed(input.operation);
    if (!found || found.kind !== "write") return refuse("operationUnknown", { operation: input.operation }, ["operation"]);
    const past = await pastOf(context, input.operation, input.days);
    const known = await namedBefore(context, input.operation, input.conditions, past);
    const looksAtRecord = input.conditions.some((condition) => condition.field.startsWith("record."));
    const records = looksAtRecord
      ? await recordsOf(
          context,
          found,
          past.map((one) => one.input),
        )
      : new Map<string, unknown>();
    const rows = [];
    for (const one of past.slice(0, mostLooked)) {
      const record = records.get(targetOf(found, one.input)?.id ?? "");
      const facts = { input: one.input, record, requester: { personId: one.personId, unitId: one.unitId } };
      if (!fits(input.conditions, facts, known.get(one.id))) continue;
      const amount = [valuesAt(facts, "amount"), valuesAt(facts, "record.amount")].flat().find(isMoney);
      const why = input.conditions.map(({ field }) => `${field}: ${valuesAt(facts, field).map(shown).join(", ")}`).join("; ");
      rows.push({ id: one.id as never, at: one.at, by: one.actorName, amount: amount ? shown(amount) : null, why: why || "always" });
    }
    return { looked: Math.min(past.length, mostLooked), waited: rows.length, more: past.length > mostLooked, rows };
  },
});

const shown = (value: unknown): string => (isMoney(value) ? `${value.amount} ${value.currency}` : String(value));

function pastOf(context: ReadContext, name: string, days: number): Promise<Past[]> {
  return context.db.rows<Past>(sql`
    select l.id, l.at, l.actor_name, l.person_id, s.unit_id, l.input from platform.operation_log l
    left join lateral (select v.unit_id from directory.holding h
      join directory.position_version v on v.tenant_id = h.tenant_id and v.position_id = h.position_id
        and v.during @> ${context.today}::date
      where h.tenant_id = ${context.tenantId} and h.person_id = l.person_id and h.during @> ${context.today}::date limit 1) s on true
    where l.tenant_id = ${context.tenantId} and l.operation = ${name} and l.at >= ${addDays(context.today, -days)}::date
    order by l.at desc limit ${mostLooked + 1}`);
}

/** For each past wish, what earlier ones of its kind had named: then it was not for the first time. */
async function namedBefore(
  context: ReadContext,
  name: string,
  conditions: readonly Condition[],
  past: readonly Past[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const fields = conditions.filter((one) => one.is === "firstTime" && !one.field.includes(".")).map((one) => one.field);
  const asked = past.flatMap((one) =>
    fields.flatMap((field) => valuesAt({ input: one.input }, field).map((id) => ({ ...one, named: String(id) }))),
  );
  if (asked.length === 0) return new Map();
  const rows = await context.db.rows<{ id: string; named: string }>(sql`
    select a.id, a.named from unnest(${asked.map((one) => one.id)}::uuid[], ${asked.map((one) => one.named)}::uuid[],
      ${asked.map((one) => one.at)}::timestamptz[]) as a (id, named, at)
    where exists (select from platform.operation_log l where l.tenant_id = ${context.tenantId} and l.operation = ${name}
      and l.object_ids @> array[a.named] and l.at < a.at)`);
  const known = new Map<string, Set<string>>();
  for (const row of rows) known.set(row.id, (known.get(row.id) ?? new Set()).add(row.named));
  return known;
}
