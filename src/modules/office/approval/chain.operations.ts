// A wish that waits, as whoever decides sees it: what would change, the steps with their voices, and what was asked back.
import { z } from "zod";
import { isDay } from "../../../kernel/day.ts";
import { type Id as KernelId, isId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { canonical, toWire } from "../../../platform/funnel/trail.ts";
import { wordsOf } from "../../../platform/operation/catalogue.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { Id, Instant, ref } from "../../../platform/operation/field.ts";
import { anyone, operation } from "../../../platform/operation/operation.ts";
import { jsonSchema, kindOfJson, present } from "../../../platform/operation/shape.ts";
import { isMoney } from "../policy/condition.rules.ts";
import { targetOf } from "../policy/target.ts";
import { approvalById, type ApprovalRow } from "./approval.store.ts";
import { chairFor } from "./decision.ts";
import { nameOf } from "./link.ts";

const Field = z.object({
  name: z.string(),
  title: z.string(),
  kind: z.string(),
  ref: z.string().nullable(),
  value: z.unknown(),
  now: z.unknown().describe("What stands there now, when that is something else and you may read it."),
});

const Vote = z.object({
  by: z.string(),
  byId: ref("directory.person"),
  for: z.string().nullable().describe("For whom, when it was a stand-in."),
  verdict: z.enum(["approve", "decline"]),
  reason: z.string().nullable(),
  at: Instant,
});

const Seat = z.object({
  personId: ref("directory.person"),
  person: z.string(),
  via: z.string(),
  standIn: z.string().nullable(),
  escalatedTo: z.string().nullable(),
  state: z.enum(["open", "voted", "closed"]),
  vote: Vote.nullable(),
});

const Question = z.object({
  id: Id,
  question: z.string(),
  askedBy: z.string(),
  askedAt: Instant,
  answer: z.string().nullable(),
  answeredBy: z.string().nullable(),
});

export const approvalChain = operation({
  name: "office.approval.chain",
  title: "The chain of an approval",
  does: "Its steps in order: who is asked at each, who has decided and for whom, who is waited for, and what was asked back.",
  kind: "read",
  may: [anyone],
  input: z.strictObject({ approvalId: ref("office.approval") }),
  output: z.object({
    operation: z.string().nullable().describe("What is done once it is approved."),
    what: z.array(Field),
    steps: z.array(
      z.object({
        number: z.int(),
        title: z.string(),
        state: z.enum(["waiting", "open", "approved", "declined", "closed"]),
        needed: z.int().nullable().describe("How many have to agree; empty: all of them."),
        seats: z.array(Seat),
      }),
    ),
    questions: z.array(Question),
    mayDecide: z.boolean(),
    decidesFor: z.string().nullable().describe("Whom you would decide for, when it is not yourself."),
  }),
  refuses: { notFound: "There is no such approval, or it is not yours to see." },
  async run({ approvalId }, context) {
    const row = await approvalById(context, approvalId);
    if (!row || !(await context.mayRead("office.approval", row.id))) return refuse("notFound");
    const chair = row.state === "open" ? await chairFor(context, row) : undefined;
    const isOther = chair && chair.principalId !== context.actor.personId;
    return {
      operation: row.asksOperation && (context.operationNamed(row.asksOperation)?.title ?? row.asksOperation),
      what: await fieldsOf(context, row),
      steps: await stepsWithSeats(context, row.id),
      questions: await context.db.rows<z.output<typeof Question>>(sql`
        select q.id, q.question, a.name as asked_by, q.asked_at, q.answer, b.name as answered_by from office.approval_question q
        join directory.party a on a.tenant_id = q.tenant_id and a.id = q.asked_by
        left join directory.party b on b.tenant_id = q.tenant_id and b.id = q.answered_by
        where q.tenant_id = ${context.tenantId} and q.approval_id = ${row.id} order by q.id`),
      mayDecide: chair !== undefined,
      decidesFor: isOther ? await nameOf(context, chair.principalId) : null,
    };
  },
});

interface SeatShown extends z.output<typeof Seat> {
  readonly number: number;
}

async function stepsWithSeats(context: ReadContext, approvalId: KernelId) {
  const { tenantId } = context;
  const steps = await context.db.rows<{ number: number; title: string; state: "waiting" | "open"; needed: number | null }>(sql`
    select number, title, state, quorum as needed from office.approval_step
    where tenant_id = ${tenantId} and approval_id = ${approvalId} order by number`);
  const seats = await context.db.rows<SeatShown>(sql`
    select t.number, t.person_id, p.name as person, t.via, t.state, e.name as escalated_to,
      case when k.principal_id = t.person_id then w.name end as stand_in,
      case when v.id is not null then jsonb_build_object('by', a.name, 'byId', v.actor_id, 'verdict', v.verdict, 'reason', v.reason,
        'at', v.at, 'for', case when v.principal_id <> v.actor_id then f.name end) end as vote
    from office.approval_seat t
    join directory.party p on p.tenant_id = t.tenant_id and p.id = t.person_id
    left join directory.party e on e.tenant_id = t.tenant_id and e.id = t.escalated_id
    left join office.task k on k.tenant_id = t.tenant_id and k.key = 'approval:' || t.id::text and k.state = 'open'
    left join directory.party w on w.tenant_id = k.tenant_id and w.id = k.person_id
    left join office.approval_vote v on v.tenant_id = t.tenant_id and v.seat_id = t.id
    left join directory.party a on a.tenant_id = v.tenant_id and a.id = v.actor_id
    left join directory.party f on f.tenant_id = v.tenant_id and f.id = v.principal_id
    where t.tenant_id = ${tenantId} and t.approval_id = ${approvalId} order by t.number, t.id`);
  return steps.map((step) => ({
    ...step,
    seats: seats.filter((seat) => seat.number === step.number).map(({ number: _, ...seat }) => seat),
  }));
}

/** What is asked for, field by field as the operation names them; beside it what the record says now. */
async function fieldsOf(context: ReadContext, row: ApprovalRow): Promise<z.output<typeof Field>[]> {
  const asked = row.asksOperation === null ? undefined : context.operationNamed(row.asksOperation);
  const schema = asked && jsonSchema(asked.input);
  const target = asked && targetOf(asked, row.asksInput);
  const input = { ...row.asksInput, ...(row.requestedUser ? {} : (row.snapshot as object | null)) };
  const record = target && (await context.mayRead(target.subject, target.id)) ? await recordNow(context, target) : {};
  return Object.entries(input).map(([name, value]) => {
    const declared = schema?.properties?.[name];
    const field = declared ? present(declared) : {};
    const known = typeof field["x-ref"] === "string" ? field["x-ref"] : null;
    const isOther = name in record && canonical(record[name]) !== canonical(value);
    const title = typeof field["title"] === "string" ? field["title"] : wordsOf(name.replace(/Id$/, ""));
    return { name, title, kind: declared ? kindOfJson(field) : kindLike(value), ref: known, value, now: isOther ? record[name] : null };
  });
}

/** What a department shows besides is of no declared kind. */
const kindLike = (value: unknown): string => {
  if (isMoney(value)) return "money";
  if (typeof value !== "string") return typeof value === "number" ? "number" : "json";
  if (isId(value)) return "id";
  return isDay(value) ? "day" : "text";
};

async function recordNow(
  context: ReadContext,
  { subject, id }: { subject: string; id: KernelId },
): Promise<Readonly<Record<string, unknown>>> {
  const get = context.operationNamed(`${subject}.get`)!;
  return toWire(await get.run({ id } as never, context as never)) as Readonly<Record<string, unknown>>;
}
