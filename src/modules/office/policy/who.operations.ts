// Who would have to agree: the people whom the words of a policy lead to today for somebody's wish, and who would decide in their place.
import { z } from "zod";
import type { Id as RecordId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Id, Money, ref, Text } from "../../../platform/operation/field.ts";
import { operation } from "../../../platform/operation/operation.ts";
import { seatsAt } from "../approval/step.ts";
import { standIns } from "../delegation/delegation.ts";
import { PolicyStep } from "./policy.store.ts";

export const whoWouldAgree = operation({
  name: "office.approvalPolicy.who",
  title: "Who would have to agree",
  does: "Names whom each step of a policy would ask today about somebody's wish, and who would decide while they are away.",
  kind: "read",
  may: ["office.manager"],
  input: z.strictObject({
    steps: z.array(PolicyStep).min(1).max(10),
    personId: ref("directory.person").describe("Whose wish it would be."),
    amount: Money.optional().describe("For how much, where it matters to limits."),
    wishId: Id.optional().describe("One of the past wishes that trying the policy listed: its fields count."),
    operation: Text(120).optional(),
  }),
  output: z.object({
    steps: z.array(
      z.object({
        title: z.string(),
        needed: z.int(),
        enough: z.boolean().describe("Whether people enough can be found who have not agreed before."),
        people: z.array(
          z.object({
            personId: ref("directory.person"),
            person: z.string(),
            via: z.string(),
            standInId: ref("directory.person").nullable(),
            standIn: z.string().nullable(),
          }),
        ),
      }),
    ),
  }),
  refuses: { personUnknown: "There is no such person in the directory." },
  async run({ steps, personId, amount, wishId, operation: named }, context) {
    const there = await context.db.maybe<{ unitId: string | null }>(sql`
      select (select v.unit_id from directory.holding h
        join directory.position_version v on v.tenant_id = h.tenant_id and v.position_id = h.position_id
          and v.during @> ${context.today}::date
        where h.tenant_id = p.tenant_id and h.person_id = p.id and h.during @> ${context.today}::date limit 1) as unit_id
      from directory.party p where p.tenant_id = ${context.tenantId} and p.id = ${personId} and p.kind = 'person'`);
    if (!there) return refuse("personUnknown", {}, ["personId"]);
    const past = wishId && named ? await inputOf(context, wishId, named) : undefined;
    const facts = { input: past ?? { ...(amount && { amount: amount.toJSON() }) }, requester: { personId, unitId: there.unitId } };
    const asked = [];
    const before: RecordId[] = [];
    for (const [index, step] of steps.entries()) {
      const question = { requesterId: personId, barred: [personId, ...before], activity: "office.approval", amount: amount ?? null, facts };
      const seats = await seatsAt(context, step.approvers, question);
      const needed = step.quorum ?? Math.max(seats.length, step.approvers.length);
      before.push(...seats.slice(0, needed).map((seat) => seat.personId));
      asked.push({ title: step.title ?? `Step ${index + 1}`, needed, enough: seats.length >= needed, seats });
    }
    const ids = [...new Set(asked.flatMap((step) => step.seats.map((seat) => seat.personId)))];
    const away = await standIns(context, ids, { activity: "office.approval", amount: amount ?? null, except: [personId] });
    const names = await namesOf(context, [...ids, ...[...away.values()].map((one) => one.personId)]);
    return {
      steps: asked.map(({ seats, ...step }) => ({
        ...step,
        people: seats.map((seat) => {
          const standInId = away.get(seat.personId)?.personId ?? null;
          return {
            personId: seat.personId,
            person: names.get(seat.personId) ?? "",
            via: seat.via,
            standInId,
            standIn: standInId && (names.get(standInId) ?? ""),
          };
        }),
      })),
    };
  },
});

async function inputOf(context: ReadContext, wishId: RecordId, named: string): Promise<unknown> {
  const found = await context.db.maybe<{ input: unknown }>(sql`
    select input from platform.operation_log where tenant_id = ${context.tenantId} and id = ${wishId} and operation = ${named}`);
  return found?.input;
}

async function namesOf(context: ReadContext, ids: readonly RecordId[]): Promise<Map<RecordId, string>> {
  const rows = await context.db.rows<{ id: RecordId; name: string }>(sql`
    select id, name from directory.party where tenant_id = ${context.tenantId} and id = any(${ids}::uuid[])`);
  return new Map(rows.map((row) => [row.id, row.name]));
}
