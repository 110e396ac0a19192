// Approvals: a wish waits until those whom a policy names have agreed, or, without a policy, a second person; then exactly what was asked
// for is run. Four eyes at the least: nobody decides on their own wish.
import type { Id } from "../../../kernel/id.ts";
import type { Money } from "../../../kernel/money.ts";
import { sql } from "../../../platform/database/sql.ts";
import { hashOf } from "../../../platform/funnel/trail.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import type { Facts } from "../policy/condition.rules.ts";
import { applied, policiesFrom, type PolicyStep } from "../policy/policy.store.ts";
import type { WorkPlace } from "../responsibility/resolve.ts";
import type { Asked } from "../task/task.ts";
import { approvableNamed } from "./approvable.ts";
import { approvalById, endApprovals, openApprovals } from "./approval.store.ts";
import type { Asks } from "./approver.ts";
import { firstSeats, openStep, routeSeats, type StepWish } from "./step.ts";

export interface ApprovalWish {
  readonly title: string;
  readonly about: { readonly subject: string; readonly id: Id };
  /** The activity whose holder decides, unless a policy for what is asked says otherwise. */
  readonly activity: string;
  readonly place?: WorkPlace;
  /** Who decides first, before the holder: the line manager of the one who asks. */
  readonly firstId?: Id;
  readonly amount?: Money;
  /** What runs, as the house, once it is approved; it must be declared `approvable`. Without it listen to `office.approval.decided`. */
  readonly asks?: Asked;
  /** What the approver is shown and decides on, as it stands now. */
  readonly snapshot?: unknown;
  /** Whose wish it is, when the one who acts does so for another or the house acts. */
  readonly requestedBy?: Id;
}

/**
 * Asks those whom the company's policy for it names, or a second person. The same wish about the same record is one approval; a changed
 * one voids the one before.
 * @throws Refusal `noSecondPerson` or `tooFewApprovers` when too few others in the company could decide.
 */
export async function requestApproval(context: WriteContext, wish: ApprovalWish): Promise<Id> {
  const operation = wish.asks ? approvableNamed(nameOfAsked(wish.asks)) : undefined;
  const hash = fingerprint(operation?.name ?? null, wish.asks?.input, wish.amount ?? null, wish.snapshot);
  const same = await context.db.maybe<{ id: Id }>(sql`
    select id from office.approval
    where tenant_id = ${context.tenantId} and about_id = ${wish.about.id} and about_subject = ${wish.about.subject} and state = 'open'
       and asks_operation is not distinct from ${operation?.name ?? null} and hash = ${hash}`);
  if (same) return same.id;
  await voidApprovals(context, wish.about, "It was asked for anew with other content.", operation?.name ?? null);
  const requestedBy = wish.requestedBy ?? context.actor.personId;
  const policies = operation ? await policiesFrom(context, operation.name) : [];
  const more = { ...(wish.amount && { amount: wish.amount }), ...(wish.snapshot as object | undefined) };
  const asking = operation && { operation, input: wish.asks!.input, requesterId: requestedBy, more };
  const policy = asking && (await applied(context, policies, asking));
  return openApproval(context, {
    ...wish,
    hash,
    requestedBy,
    amount: wish.amount ?? null,
    asks: operation ? { operation: operation.name, input: wish.asks!.input } : null,
    steps: policy ? policy.policy.steps.map(stepOf) : [secondPerson(wish)],
    facts: policy?.facts ?? { input: wish.asks?.input },
    ...(policy && { policyId: policy.policy.id }),
  });
}

/** Without a policy: one step, four eyes, whoever answers for it. */
function secondPerson({ activity, place, firstId }: ApprovalWish): StepWish {
  const at = place && ({ placeKind: place.kind, placeId: place.id } as const);
  const asks: Asks = { kind: "line", activity, ...at, ...(firstId && { firstId }) };
  return { title: "Decision", approvers: [asks], quorum: 1, remindDays: 2, escalateDays: null };
}

export const stepOf = ({ title, approvers, quorum, remindDays, escalateDays }: PolicyStep, index: number): StepWish => ({
  title: title ?? `Step ${index + 1}`,
  approvers,
  quorum: quorum ?? null,
  remindDays,
  escalateDays: escalateDays ?? null,
});

interface OpenedWish extends Omit<ApprovalWish, "asks" | "amount" | "requestedBy"> {
  readonly hash: string;
  readonly requestedBy: Id | null;
  readonly amount: Money | null;
  readonly asks: { readonly operation: string; readonly input: unknown } | null;
  readonly steps: readonly StepWish[];
  readonly facts: Facts;
  readonly policyId?: Id;
  /** It waits at the gate, and runs as this user. */
  readonly requestedUser?: Id;
  readonly confidential?: boolean;
  /** The approval's own identifier, when its record is itself. */
  readonly id?: Id;
}

/** Stores a wish with its steps and asks whoever sits at the first one. Refuses `noSecondPerson` and `tooFewApprovers`. */
export async function openApproval(context: WriteContext, wish: OpenedWish): Promise<Id> {
  const id = wish.id ?? context.newId();
  const barred = [wish.requestedBy, context.actor.personId];
  const requesterId = wish.requestedBy ?? context.actor.personId;
  const { activity, amount, facts, steps } = wish;
  const seats = await firstSeats(context, steps, { requesterId, barred, activity, amount, facts });
  const scope = wish.place && { ...wish.place, kind: wish.place.kind === "site" ? "place" : wish.place.kind };
  await context.db.run(sql`
    insert into office.approval (tenant_id, id, title, activity, scope_kind, scope_id, about_subject, about_id, amount, amount_currency,
      asks_operation, asks_input, snapshot, hash, requested_by, acted_by, requested_user, requested_at, requested_on, since_xact,
      approver_id, via, policy_id, is_confidential, state)
    values (${context.tenantId}, ${id}, ${wish.title}, ${activity}, ${scope?.kind ?? null}, ${scope?.id ?? null},
      ${wish.about.subject}, ${wish.about.id}, ${amount?.minor ?? null}, ${amount?.currency ?? null}, ${wish.asks?.operation ?? null},
      ${wish.asks ? JSON.stringify(wish.asks.input) : null}, ${wish.snapshot === undefined ? null : JSON.stringify(wish.snapshot)},
      ${wish.hash}, ${wish.requestedBy}, ${context.actor.personId}, ${wish.requestedUser ?? null}, ${context.now}, ${context.today},
      ${wish.requestedUser ? sql`platform.open_xact()` : sql`null`},
      ${seats[0]!.personId}, ${seats[0]!.via}, ${wish.policyId ?? null}, ${wish.confidential ?? false}, 'open')`);
  await context.db.run(sql`
    insert into office.approval_step (tenant_id, approval_id, number, title, approvers, quorum, remind_days, escalate_days, state)
    select ${context.tenantId}, ${id}, s.number, s.title, s.approvers, s.quorum, s.remind_days, s.escalate_days, 'waiting'
    from unnest(${steps.map((_, index) => index + 1)}::int[], ${steps.map((step) => step.title)}::text[],
      ${steps.map((step) => JSON.stringify(step.approvers))}::jsonb[], ${steps.map((step) => step.quorum)}::int[],
      ${steps.map((step) => step.remindDays)}::int[], ${steps.map((step) => step.escalateDays)}::int[])
      as s (number, title, approvers, quorum, remind_days, escalate_days)`);
  await openStep(context, (await approvalById(context, id))!, 1, seats);
  return id;
}

/** An edit voids: what is no longer asked for as it was cannot be approved. `operation` narrows it to wishes for that operation. */
export async function voidApprovals(
  context: WriteContext,
  about: ApprovalWish["about"],
  why: string,
  operation?: string | null,
): Promise<number> {
  const narrowed = operation === undefined ? sql`` : sql`and asks_operation is not distinct from ${operation}`;
  const open = await context.db.rows<{ id: Id }>(sql`
    select id from office.approval
    where tenant_id = ${context.tenantId} and about_id = ${about.id} and about_subject = ${about.subject} and state = 'open' ${narrowed}
    for update`);
  await endApprovals(
    context,
    open.map((row) => row.id),
    "void",
    why,
  );
  return open.length;
}

/** Whether exactly this was approved about the record: any change since makes it false. */
export async function isApproved(
  context: ReadContext,
  about: ApprovalWish["about"],
  asked: { readonly asks?: Asked; readonly amount?: Money; readonly snapshot?: unknown },
): Promise<boolean> {
  const hash = fingerprint(asked.asks ? nameOfAsked(asked.asks) : null, asked.asks?.input, asked.amount ?? null, asked.snapshot);
  const found = await context.db.maybe(sql`
    select id from office.approval where tenant_id = ${context.tenantId} and about_id = ${about.id} and about_subject = ${about.subject}
      and state = 'approved' and hash = ${hash} limit 1`);
  return found !== undefined;
}

/** Open decisions follow who answers for them today. Returns how many changed hands. */
export async function routeApprovals(context: WriteContext): Promise<number> {
  let moved = 0;
  for (const row of await openApprovals(context)) moved += await routeSeats(context, row);
  return moved;
}

const nameOfAsked = ({ operation }: Asked): string => (typeof operation === "string" ? operation : operation.name);

export function fingerprint(operation: string | null, input: unknown, amount: Money | null, snapshot: unknown): string {
  return hashOf({ operation, input: input ?? null, amount, snapshot: snapshot ?? null });
}
