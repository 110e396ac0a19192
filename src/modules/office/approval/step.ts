// Opening a step: the policy's words become seats, each with a person, a task in their inbox or their stand-in's, and a mail with a link.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { Refusal } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { addWorkedDays, calendarsOf } from "../../directory/index.ts";
import { type StandIn, standIns } from "../delegation/delegation.ts";
import type { Facts } from "../policy/condition.rules.ts";
import { factsFor } from "../policy/policy.store.ts";
import { keyOf, scopesOf } from "../responsibility/scope.ts";
import { handTask, openTask } from "../task/task.ts";
import { amountOf, type ApprovalRow, openSeats, type SeatRow, taskKey, votersOf, wishersOf } from "./approval.store.ts";
import { type Asks, type Candidate, linesFor, type Question } from "./approver.ts";
import { sendLink } from "./link.ts";
import { seatAll } from "./step.rules.ts";

export interface StepWish {
  readonly title: string;
  readonly approvers: readonly Asks[];
  /** How many have to agree; null for all. */
  readonly quorum: number | null;
  readonly remindDays: number;
  readonly escalateDays: number | null;
}

interface Seat extends Candidate {
  readonly asks: Asks;
  readonly activity: string;
}

/** Who would sit at a step, nobody at two seats. */
export async function seatsAt(context: ReadContext, approvers: readonly Asks[], question: Question): Promise<Seat[]> {
  const lines = await linesFor(context, approvers, question);
  const seated = seatAll(
    lines.map((one) => one.line),
    [],
  );
  return lines.flatMap(({ asks, activity }, index) => (seated[index] ? [{ asks, activity, ...seated[index] }] : []));
}

/** Who sits at the first step, when at every step there are people enough, different ones. Refuses `noSecondPerson` and `tooFew`. */
export async function firstSeats(context: ReadContext, steps: readonly StepWish[], question: Question): Promise<Seat[]> {
  const chosen: Id[] = [];
  let first: Seat[] | undefined;
  for (const step of steps) {
    const seats = await seatsAt(context, step.approvers, { ...question, barred: [...question.barred, ...chosen] });
    const needed = step.quorum ?? Math.max(seats.length, step.approvers.length);
    if (seats.length < needed) refuseTooFew(steps, step, needed, seats.length);
    chosen.push(...seats.slice(0, needed).map((one) => one.personId));
    first ??= seats;
  }
  return first!;
}

function refuseTooFew(steps: readonly StepWish[], step: StepWish, needed: number, found: number): never {
  if (steps.length === 1 && needed === 1) {
    throw new Refusal(
      "noSecondPerson",
      "A second person has to decide this, and nobody else in the company may. Give someone else the responsibility or the role of owner.",
    );
  }
  const facts = { step: step.title, needed, found };
  const says = `At the step «${step.title}» ${needed} other people have to agree, and only ${found} can be found who have not yet decided.`;
  throw new Refusal("tooFewApprovers", `${says} Change the policy, or give more people the part that it names.`, facts);
}

export async function questionFor(context: ReadContext, row: ApprovalRow, voters: readonly Id[]): Promise<Question> {
  const facts: Facts = await factsFor(context, row);
  const barred = [...wishersOf(row), ...voters];
  return { requesterId: row.requestedBy ?? row.actedBy, barred, activity: row.activity, amount: amountOf(row), facts };
}

/** Opens a step with these seats, and asks whoever sits at them. */
export async function openStep(context: WriteContext, row: ApprovalRow, number: number, seats: readonly Seat[]): Promise<void> {
  const ids = seats.map(() => context.newId());
  await context.db.run(sql`
    update office.approval_step set state = 'open', opened_on = ${context.today}
    where tenant_id = ${context.tenantId} and approval_id = ${row.id} and number = ${number}`);
  await context.db.run(sql`
    insert into office.approval_seat (tenant_id, id, approval_id, number, approver, activity, person_id, via, state)
    select ${context.tenantId}, s.id, ${row.id}, ${number}::int, s.approver, s.activity, s.person_id, s.via, 'open'
    from unnest(${ids}::uuid[], ${seats.map((one) => JSON.stringify(one.asks))}::jsonb[], ${seats.map((one) => one.activity)}::text[],
      ${seats.map((one) => one.personId)}::uuid[], ${seats.map((one) => one.via)}::text[]) as s (id, approver, activity, person_id, via)`);
  await nameFirst(context, row.id);
  const away = await awayFrom(
    context,
    row,
    seats.map((one) => one.personId),
  );
  await countDays(context, ids);
  for (const [index, seat] of seats.entries()) await ask(context, row, { id: ids[index]!, ...seat }, away.get(seat.personId));
}

/** From today on: the worked days of whoever sits there until they are reminded, and until it goes up the line. */
async function countDays(context: WriteContext, seatIds: readonly Id[]): Promise<void> {
  const seats = await context.db.rows<{ id: Id; personId: Id; remindDays: number; escalateDays: number | null }>(sql`
    select t.id, t.person_id, s.remind_days, s.escalate_days from office.approval_seat t
    join office.approval_step s on s.tenant_id = t.tenant_id and s.approval_id = t.approval_id and s.number = t.number
    where t.tenant_id = ${context.tenantId} and t.id = any(${seatIds}::uuid[])`);
  const calendars = await calendarsOf(context, [...new Set(seats.map((seat) => seat.personId))]);
  const after = (seat: { personId: Id }, days: number): Day => addWorkedDays(calendars.get(seat.personId)!, context.today, days);
  await context.db.run(sql`
    update office.approval_seat t set remind_on = d.remind_on, escalate_on = d.escalate_on, reminded_on = null, escalated_on = null
    from unnest(${seats.map((seat) => seat.id)}::uuid[], ${seats.map((seat) => after(seat, seat.remindDays))}::date[],
      ${seats.map((seat) => (seat.escalateDays === null ? null : after(seat, seat.escalateDays)))}::date[])
      as d (id, remind_on, escalate_on)
    where t.tenant_id = ${context.tenantId} and t.id = d.id`);
}

/** Who is asked first stands on the approval itself, for lists. */
export async function nameFirst(context: WriteContext, approvalId: Id): Promise<void> {
  await context.db.run(sql`
    update office.approval a set approver_id = s.person_id, via = s.via from (
      select t.person_id, t.via from office.approval_seat t where t.tenant_id = ${context.tenantId} and t.approval_id = ${approvalId}
        and t.state = 'open' order by t.number, t.id limit 1) s
    where a.tenant_id = ${context.tenantId} and a.id = ${approvalId}`);
}

/** Who stands in now for those who are asked; never one of those whose wish it is, nor who has decided already. */
export async function awayFrom(context: WriteContext, row: ApprovalRow, personIds: readonly Id[]): Promise<Map<Id, StandIn>> {
  const except = [...wishersOf(row), ...(await votersOf(context, row.id))];
  return standIns(context, personIds, { ...(await workOf(context, row)), except });
}

/** What a delegation has to cover, to count for this wish. */
export async function workOf(context: ReadContext, row: ApprovalRow) {
  const place = row.scopeKind ? { kind: row.scopeKind, id: row.scopeId! } : undefined;
  const scopes = (await scopesOf(context, place ? [place] : [], context.today)).get(keyOf(place))!;
  return { activity: row.activity, scopes, amount: amountOf(row), confidential: row.isConfidential };
}

async function ask(
  context: WriteContext,
  row: ApprovalRow,
  seat: Candidate & { readonly id: Id },
  standIn: StandIn | undefined,
): Promise<void> {
  const amount = amountOf(row);
  const taskId = await openTask(context, {
    kind: "approval",
    title: `Decide: ${row.title}`,
    says: amount ? `Amount: ${amount.toString()}` : undefined,
    owner: { personId: seat.personId },
    due: context.today,
    about: { subject: "office.approval", id: row.id },
    asks: { operation: "office.approval.decide", input: { approvalId: row.id, hash: row.hash } },
    key: taskKey(seat.id),
    confidential: row.isConfidential,
  });
  if (standIn) {
    const { personId, delegationId, via } = standIn;
    await handTask(context, taskId, { personId, via, principalId: seat.personId, delegationId }, true);
  }
  await sendLink(context, row, standIn?.personId ?? seat.personId);
}

/** Someone else sits at a seat from now on. */
export async function giveSeat(context: WriteContext, row: ApprovalRow, seatId: Id, to: Candidate, fixed: boolean): Promise<void> {
  await context.db.run(sql`
    update office.approval_seat set person_id = ${to.personId}, via = ${to.via}, is_fixed = ${fixed}, escalated_id = null
    where tenant_id = ${context.tenantId} and id = ${seatId} and state = 'open'`);
  await nameFirst(context, row.id);
  await countDays(context, [seatId]);
  const task = await context.db.maybe<{ id: Id }>(sql`
    select id from office.task where tenant_id = ${context.tenantId} and key = ${taskKey(seatId)} and state = 'open'`);
  const standIn = (await awayFrom(context, row, [to.personId])).get(to.personId);
  const holder = standIn
    ? { personId: standIn.personId, via: standIn.via, principalId: to.personId, delegationId: standIn.delegationId }
    : { personId: to.personId, via: to.via };
  if (task) await handTask(context, task.id, holder, true);
  await sendLink(context, row, holder.personId);
}

/** Open seats follow the policy's words as the company is today; those handed on by hand stay. Returns how many changed hands. */
export async function routeSeats(context: WriteContext, row: ApprovalRow): Promise<number> {
  const open = await openSeats(context, row.id);
  const follow = open.filter((one) => !one.isFixed);
  if (follow.length === 0) return 0;
  const fixed = open.filter((one) => one.isFixed).map((one) => one.personId);
  const question = await questionFor(context, row, [...(await votersOf(context, row.id)), ...fixed]);
  let changed = 0;
  const taken = new Set<Id>();
  // Each seat keeps its own words, so that one of two holders of a role who leaves is followed by whoever holds it now.
  for (const seat of follow) {
    const next = await nextAt(context, seat, question, taken);
    if (!next) continue;
    taken.add(next.personId);
    if (next.personId === seat.personId) continue;
    await giveSeat(context, row, seat.id, next, false);
    changed += 1;
  }
  return changed;
}

async function nextAt(context: WriteContext, seat: SeatRow, question: Question, taken: ReadonlySet<Id>): Promise<Candidate | undefined> {
  const candidates = (await linesFor(context, [seat.approver], question)).flatMap(({ line }) => line);
  // Whoever of several sits there already stays, as long as the words still lead to them.
  const stays = seat.approver.kind === "role" && candidates.find((one) => one.personId === seat.personId);
  return stays || candidates.find((one) => !taken.has(one.personId));
}
