// Approvals: one step, four eyes. A wish waits until a second person decides; then the house runs what was asked, exactly as it was.
import type { Id } from "../../../kernel/id.ts";
import { Money } from "../../../kernel/money.ts";
import { Refusal } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { hashOf } from "../../../platform/funnel/trail.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import type { WorkPlace } from "../responsibility/resolve.ts";
import { type Asked, closeTask, handTask, openTask } from "../task/task.ts";
import { approvableNamed } from "./approvable.ts";
import { decidersOf, type Wish } from "./chain.ts";

export interface ApprovalWish {
  readonly title: string;
  readonly about: { readonly subject: string; readonly id: Id };
  /** The activity whose holder decides. */
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
 * Asks a second person. The same wish about the same record is one approval; a changed one voids the one before.
 * @throws Refusal `noSecondPerson` when nobody else in the company could decide.
 */
export async function requestApproval(context: WriteContext, wish: ApprovalWish): Promise<Id> {
  const operation = wish.asks
    ? approvableNamed(typeof wish.asks.operation === "string" ? wish.asks.operation : wish.asks.operation.name).name
    : null;
  const hash = fingerprint(operation, wish.asks?.input, wish.amount ?? null, wish.snapshot);
  const same = await context.db.maybe<{ id: Id }>(sql`
    select id from office.approval
    where tenant_id = ${context.tenantId} and about_id = ${wish.about.id} and about_subject = ${wish.about.subject} and state = 'open'
       and asks_operation is not distinct from ${operation} and hash = ${hash}`);
  if (same) return same.id;
  await voidApprovals(context, wish.about, "It was asked for anew with other content.", operation);
  const requestedBy = wish.requestedBy ?? context.actor.personId;
  const approver = await firstDecider(context, { ...wish, amount: wish.amount ?? null, wishers: [requestedBy, context.actor.personId] });
  const id = context.newId();
  const scope = wish.place && { ...wish.place, kind: wish.place.kind === "site" ? "place" : wish.place.kind };
  await context.db.run(sql`
    insert into office.approval (tenant_id, id, title, activity, scope_kind, scope_id, about_subject, about_id, amount, amount_currency,
      asks_operation, asks_input, snapshot, hash, requested_by, acted_by, requested_at, requested_on, approver_id, via, first_id, state)
    values (${context.tenantId}, ${id}, ${wish.title}, ${wish.activity}, ${scope?.kind ?? null}, ${scope?.id ?? null},
      ${wish.about.subject}, ${wish.about.id}, ${wish.amount?.minor ?? null}, ${wish.amount?.currency ?? null}, ${operation},
      ${wish.asks ? JSON.stringify(wish.asks.input) : null}, ${wish.snapshot === undefined ? null : JSON.stringify(wish.snapshot)}, ${hash},
      ${requestedBy}, ${context.actor.personId}, ${context.now}, ${context.today}, ${approver.personId}, ${approver.via},
      ${wish.firstId ?? null}, 'open')`);
  await openTask(context, {
    kind: "approval",
    title: `Decide: ${wish.title}`,
    says: wish.amount ? `Amount: ${wish.amount.toString()}` : undefined,
    owner: { personId: approver.personId },
    due: context.today,
    about: { subject: "office.approval", id },
    asks: { operation: "office.approval.decide", input: { approvalId: id, hash } },
    key: taskKey(id),
  });
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
  const voided = await context.db.rows<{ id: Id }>(sql`
    update office.approval set state = 'void', decided_at = ${context.now}, reason = ${why}
    where tenant_id = ${context.tenantId} and about_id = ${about.id} and about_subject = ${about.subject} and state = 'open' ${narrowed}
    returning id`);
  for (const { id } of voided) await closeTask(context, { key: taskKey(id) }, "cancelled", why);
  return voided.length;
}

/** Whether exactly this was approved about the record: any change since makes it false. */
export async function isApproved(
  context: ReadContext,
  about: ApprovalWish["about"],
  asked: { readonly asks?: Asked; readonly amount?: Money; readonly snapshot?: unknown },
): Promise<boolean> {
  const name = asked.asks && (typeof asked.asks.operation === "string" ? asked.asks.operation : asked.asks.operation.name);
  const hash = fingerprint(name ?? null, asked.asks?.input, asked.amount ?? null, asked.snapshot);
  const found = await context.db.maybe(sql`
    select id from office.approval where tenant_id = ${context.tenantId} and about_id = ${about.id} and about_subject = ${about.subject}
      and state = 'approved' and hash = ${hash} limit 1`);
  return found !== undefined;
}

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
  readonly hash: string;
  readonly requestedBy: Id | null;
  readonly actedBy: Id | null;
  readonly firstId: Id | null;
  readonly approverId: Id;
  readonly state: string;
}

const approvalColumns = sql`id, title, activity, scope_kind, scope_id, about_subject, about_id, amount, amount_currency, asks_operation,
  asks_input, hash, requested_by, acted_by, first_id, approver_id, state`;

export function approvalById(context: ReadContext, id: Id, lock = false): Promise<ApprovalRow | undefined> {
  return context.db.maybe<ApprovalRow>(sql`
    select ${approvalColumns} from office.approval where tenant_id = ${context.tenantId} and id = ${id} ${lock ? sql`for update` : sql``}`);
}

export const wishOf = (row: ApprovalRow): Wish => ({
  activity: row.activity,
  ...(row.scopeKind && { place: { kind: row.scopeKind, id: row.scopeId! } }),
  ...(row.firstId && { firstId: row.firstId }),
  amount: row.amount === null ? null : new Money(row.amount, row.amountCurrency!),
  wishers: [row.requestedBy, row.actedBy],
});

/** Open decisions follow who answers for them today. Returns how many changed hands. */
export async function routeApprovals(context: WriteContext): Promise<number> {
  const open = await context.db.rows<ApprovalRow>(sql`
    select ${approvalColumns} from office.approval where tenant_id = ${context.tenantId} and state = 'open' order by id for update`);
  let moved = 0;
  for (const row of open) {
    const [first] = await decidersOf(context, wishOf(row));
    if (!first?.personId || first.personId === row.approverId) continue;
    await context.db.run(sql`
      update office.approval set approver_id = ${first.personId}, via = ${first.via}
      where tenant_id = ${context.tenantId} and id = ${row.id}`);
    const task = await context.db.maybe<{ id: Id }>(sql`
      select id from office.task where tenant_id = ${context.tenantId} and key = ${taskKey(row.id)} and state = 'open'`);
    if (task) await handTask(context, task.id, first, true);
    moved += 1;
  }
  return moved;
}

export const taskKey = (approvalId: Id): string => `approval:${approvalId}`;

async function firstDecider(context: WriteContext, wish: Wish): Promise<{ personId: Id; via: string }> {
  const [first] = await decidersOf(context, wish);
  if (first?.personId) return { personId: first.personId, via: first.via };
  throw new Refusal(
    "noSecondPerson",
    "A second person has to decide this, and nobody else in the company may. Give someone else the responsibility or the role of owner.",
  );
}

function fingerprint(operation: string | null, input: unknown, amount: Money | null, snapshot: unknown): string {
  return hashOf({ operation, input: input ?? null, amount, snapshot: snapshot ?? null });
}
