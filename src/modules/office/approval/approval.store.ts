// Approvals as they are kept: the wish, its steps, the seats at them, and the votes.
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import type { WorkPlace } from "../responsibility/resolve.ts";
import type { Asks } from "./approver.ts";

export interface ApprovalRow {
  readonly id: Id;
  readonly title: string;
  readonly activity: string;
  readonly scopeKind: WorkPlace["kind"] | null;
  readonly scopeId: Id | null;
  readonly aboutSubject: string;
  readonly aboutId: Id;
  readonly amount: bigint | null;
  readonly amountCurrency: string | null;
  readonly asksOperation: string | null;
  readonly asksInput: Readonly<Record<string, unknown>> | null;
  readonly snapshot: unknown;
  readonly hash: string;
  readonly requestedBy: Id | null;
  readonly actedBy: Id | null;
  readonly requestedUser: Id | null;
  readonly requestedAt: Date;
  readonly sinceXact: bigint | null;
  readonly isConfidential: boolean;
  readonly policyId: Id | null;
  readonly state: string;
}

const approvalColumns = sql`id, title, activity, scope_kind, scope_id, about_subject, about_id, amount, amount_currency, asks_operation,
  asks_input, snapshot, hash, requested_by, acted_by, requested_user, requested_at, since_xact, is_confidential, policy_id, state`;

export function approvalById(context: ReadContext, id: Id, lock = false): Promise<ApprovalRow | undefined> {
  return context.db.maybe<ApprovalRow>(sql`
    select ${approvalColumns} from office.approval where tenant_id = ${context.tenantId} and id = ${id} ${lock ? sql`for update` : sql``}`);
}

/** What the same user has asked for already, in the same words. */
export const openAsked = (context: WriteContext, operation: string, hash: string): Promise<{ id: Id; title: string } | undefined> =>
  context.db.maybe<{ id: Id; title: string }>(sql`
    select id, title from office.approval where tenant_id = ${context.tenantId} and state = 'open'
      and requested_by is not distinct from ${context.actor.personId}::uuid and requested_user = ${context.actor.userId}
      and asks_operation = ${operation} and hash = ${hash} order by id limit 1`);

export const openApprovals = (context: WriteContext): Promise<ApprovalRow[]> =>
  context.db.rows<ApprovalRow>(sql`
    select ${approvalColumns} from office.approval where tenant_id = ${context.tenantId} and state = 'open' order by id for update`);

export const wishersOf = (row: ApprovalRow): Id[] => [row.requestedBy, row.actedBy].filter((one) => one !== null);

export const amountOf = (row: ApprovalRow): Money | null => (row.amount === null ? null : new Money(row.amount, row.amountCurrency!));

export interface StepRow {
  readonly number: number;
  readonly title: string;
  readonly approvers: readonly Asks[];
  readonly quorum: number | null;
  readonly state: "waiting" | "open" | "approved" | "declined" | "closed";
  readonly approved: number;
  readonly declined: number;
  readonly seats: number;
}

/** The steps in order, with what was decided at each. */
export function stepsOf(context: ReadContext, approvalId: Id): Promise<StepRow[]> {
  return context.db.rows<StepRow>(sql`
    select s.number, s.title, s.approvers, s.quorum, s.state,
      (select count(*)::int from office.approval_vote v where v.tenant_id = ${context.tenantId} and v.approval_id = s.approval_id
        and v.number = s.number and v.verdict = 'approve') as approved,
      (select count(*)::int from office.approval_vote v where v.tenant_id = ${context.tenantId} and v.approval_id = s.approval_id
        and v.number = s.number and v.verdict = 'decline') as declined,
      (select count(*)::int from office.approval_seat t where t.tenant_id = ${context.tenantId} and t.approval_id = s.approval_id
        and t.number = s.number and t.state <> 'closed') as seats
    from office.approval_step s where s.tenant_id = ${context.tenantId} and s.approval_id = ${approvalId} order by s.number`);
}

export interface SeatRow {
  readonly id: Id;
  readonly number: number;
  readonly approver: Asks;
  readonly activity: string;
  readonly personId: Id;
  readonly person: string;
  readonly escalatedId: Id | null;
  readonly isFixed: boolean;
}

export function openSeats(context: ReadContext, approvalId: Id): Promise<SeatRow[]> {
  return context.db.rows<SeatRow>(sql`
    select t.id, t.number, t.approver, t.activity, t.person_id, p.name as person, t.escalated_id, t.is_fixed from office.approval_seat t
    join directory.party p on p.tenant_id = t.tenant_id and p.id = t.person_id
    where t.tenant_id = ${context.tenantId} and t.approval_id = ${approvalId} and t.state = 'open' order by t.id`);
}

/** Everyone who has decided on it so far, and everyone for whom that was. */
export async function votersOf(context: ReadContext, approvalId: Id): Promise<Id[]> {
  const rows = await context.db.rows<{ personId: Id }>(sql`
    select actor_id as person_id from office.approval_vote where tenant_id = ${context.tenantId} and approval_id = ${approvalId}
    union select principal_id from office.approval_vote where tenant_id = ${context.tenantId} and approval_id = ${approvalId}`);
  return rows.map((row) => row.personId);
}

export const taskKey = (seatId: Id): string => `approval:${seatId}`;

/** Ends what is still open of these approvals: seats, steps, and the tasks in people's inboxes. */
export async function closeSeats(context: WriteContext, approvalIds: readonly Id[], says: string): Promise<void> {
  const { tenantId } = context;
  const closed: Sql = sql`select 'approval:' || t.id::text from office.approval_seat t
    where t.tenant_id = ${tenantId} and t.approval_id = any(${approvalIds}::uuid[]) and t.state = 'open'`;
  await context.db.run(sql`
    update office.task set state = 'cancelled', closed_at = ${context.now}, closed_by = ${context.actor.personId}, outcome = ${says}
    where tenant_id = ${tenantId} and state = 'open' and key = any(array(${closed}))`);
  await context.db.run(sql`
    update office.approval_seat set state = 'closed' where tenant_id = ${tenantId} and approval_id = any(${approvalIds}::uuid[])
      and state = 'open'`);
  await context.db.run(sql`
    update office.approval_step set state = 'closed' where tenant_id = ${tenantId} and approval_id = any(${approvalIds}::uuid[])
      and state in ('waiting', 'open')`);
}

/** An approval comes to its end without a decision. */
export async function endApprovals(
  context: WriteContext,
  ids: readonly Id[],
  state: "void" | "withdrawn",
  reason: string | null,
): Promise<void> {
  if (ids.length === 0) return;
  await context.db.run(sql`
    update office.approval set state = ${state}, decided_at = ${context.now}, reason = ${reason}
    where tenant_id = ${context.tenantId} and id = any(${ids}::uuid[]) and state = 'open'`);
  await closeSeats(context, ids, reason ?? "The wish was taken back.");
}
