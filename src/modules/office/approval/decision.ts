// Deciding: who may, at which seat and for whom, and what follows from a vote: the next step, the end, or the deed.
import type { Id } from "../../../kernel/id.ts";
import { Refusal, refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { subjectOf, targetField } from "../../../platform/operation/registry.ts";
import { principalsOf } from "../delegation/delegation.ts";
import { noteDeed, refuseConflict } from "../duty/duty.ts";
import { closeTask } from "../task/task.ts";
import { approvableNamed } from "./approvable.ts";
import { type ApprovalRow, closeSeats, endApprovals, openSeats, stepsOf, taskKey, votersOf, wishersOf } from "./approval.store.ts";
import { linesFor } from "./approver.ts";
import { openStep, questionFor, seatsAt, workOf } from "./step.ts";
import { type Chair, chairOf, type OpenSeat, outcomeOf } from "./step.rules.ts";

export type Verdict = "approve" | "decline";

/** Where the actor sits now, by themself or for someone they stand in for; undefined when it is not theirs to decide. */
export async function chairFor(context: ReadContext, row: ApprovalRow): Promise<Chair | undefined> {
  const { personId } = context.actor;
  const wishers = wishersOf(row);
  if (personId === null || wishers.includes(personId)) return undefined;
  const voters = await votersOf(context, row.id);
  const barred = [...wishers, ...voters];
  const [open, work] = [await openSeats(context, row.id), await workOf(context, row)];
  const principals: { personId: Id; delegationId: Id }[] = [];
  for (const activity of new Set(open.map((one) => one.activity))) {
    principals.push(...(await principalsOf(context, personId, { ...work, activity, except: barred })));
  }
  const seats: OpenSeat[] = [];
  for (const seat of open) {
    // A department's own wish is asked of a whole line: whoever stands in it may decide.
    const line = seat.approver.kind === "line" ? await linesFor(context, [seat.approver], await questionFor(context, row, voters)) : [];
    const beside = [...line.flatMap((one) => one.line.map(({ personId: id }) => id)), ...(seat.escalatedId ? [seat.escalatedId] : [])];
    seats.push({ id: seat.id, personId: seat.personId, beside });
  }
  return chairOf(personId, principals, seats, barred);
}

export interface Decided {
  readonly id: Id;
  readonly state: "open" | "approved" | "declined" | "void" | "failed";
  readonly result: unknown;
  /** What follows, in a sentence. */
  readonly says: string;
}

export interface Decision {
  readonly verdict: Verdict;
  readonly reason?: string | undefined;
  readonly hash?: string | undefined;
}

/** One decision on a locked approval. Refuses what `decideApproval` declares. */
export async function decide(context: WriteContext, row: ApprovalRow, { verdict, reason, hash }: Decision): Promise<Decided> {
  if (row.state !== "open") refuse("decidedAlready", { state: row.state });
  const { personId } = context.actor;
  if (personId !== null && wishersOf(row).includes(personId)) refuse("selfApproval");
  if (personId !== null && (await votersOf(context, row.id)).includes(personId)) refuse("votedAlready");
  const chair = await chairFor(context, row);
  if (!chair || personId === null) return refuse("notYours", { approver: await waitsFor(context, row.id) });
  if (hash !== undefined && hash !== row.hash) refuse("changedSince");
  if (verdict === "decline" && !reason?.trim()) refuse("reasonMissing", {}, ["reason"]);
  const edit = await editSince(context, row);
  if (edit) return voided(context, row, edit);
  if (verdict === "approve" && row.asksOperation) {
    await refuseConflict(context, { operation: row.asksOperation, input: row.asksInput, at: "decision", personId });
    if (chair.principalId !== personId) {
      await refuseConflict(context, { operation: row.asksOperation, input: row.asksInput, at: "decision", personId: chair.principalId });
    }
  }
  await vote(context, row, chair, verdict, reason);
  return follow(context, row, reason);
}

async function vote(context: WriteContext, row: ApprovalRow, chair: Chair, verdict: Verdict, reason: string | undefined): Promise<void> {
  const { tenantId } = context;
  await context.db.run(sql`
    insert into office.approval_vote
      (tenant_id, id, approval_id, number, seat_id, verdict, actor_id, principal_id, delegation_id, reason, hash, at, wishers)
    select ${tenantId}, ${context.newId()}, ${row.id}, s.number, s.id, ${verdict}, ${context.actor.personId}, ${chair.principalId},
      ${chair.delegationId}, ${reason ?? null}, ${row.hash}, ${context.now}, ${wishersOf(row)}::uuid[]
    from office.approval_seat s where s.tenant_id = ${tenantId} and s.id = ${chair.seatId}`);
  await context.db.run(sql`
    update office.approval_seat set state = 'voted' where tenant_id = ${tenantId} and id = ${chair.seatId}`);
  await closeTask(context, { key: taskKey(chair.seatId) }, "done", verdict === "approve" ? "approved" : "declined");
}

/** What a vote leads to. */
async function follow(context: WriteContext, row: ApprovalRow, reason: string | undefined): Promise<Decided> {
  const steps = await stepsOf(context, row.id);
  const step = steps.find((one) => one.state === "open")!;
  const outcome = outcomeOf(step);
  if (outcome === "open") return waiting(context, row, `Your vote counts. It still waits for ${await waitsFor(context, row.id)}.`);
  await endStep(context, row.id, step.number, outcome);
  const next = steps.find((one) => one.state === "waiting");
  if (outcome === "declined" || !next) return finish(context, row, outcome, reason);
  const question = await questionFor(context, row, await votersOf(context, row.id));
  const seats = await seatsAt(context, next.approvers, question);
  if (seats.length < (next.quorum ?? next.approvers.length)) refuse("nobodyLeft", { step: next.title });
  await openStep(context, row, next.number, seats);
  return waiting(context, row, `This step is done. Next it waits for ${await waitsFor(context, row.id)}.`);
}

async function endStep(context: WriteContext, approvalId: Id, number: number, outcome: "approved" | "declined"): Promise<void> {
  const { tenantId } = context;
  await context.db.run(sql`
    update office.task set state = 'cancelled', closed_at = ${context.now}, closed_by = ${context.actor.personId},
      outcome = ${`${outcome} by others`}
    where tenant_id = ${tenantId} and state = 'open' and key = any(array(select 'approval:' || t.id::text from office.approval_seat t
      where t.tenant_id = ${tenantId} and t.approval_id = ${approvalId} and t.number = ${number} and t.state = 'open'))`);
  await context.db.run(sql`
    update office.approval_seat set state = 'closed'
    where tenant_id = ${tenantId} and approval_id = ${approvalId} and number = ${number} and state = 'open'`);
  await context.db.run(sql`
    update office.approval_step set state = ${outcome}
    where tenant_id = ${tenantId} and approval_id = ${approvalId} and number = ${number}`);
}

const waiting = async (context: WriteContext, row: ApprovalRow, says: string): Promise<Decided> => {
  context.emit("office.approval.voted", { approvalId: row.id, by: context.actor.personId });
  return { id: row.id, state: "open", result: null, says };
};

/** The last step is decided, or one said no: what was asked for is run, and whoever asked is told. */
async function finish(
  context: WriteContext,
  row: ApprovalRow,
  outcome: "approved" | "declined",
  reason: string | undefined,
): Promise<Decided> {
  const { tenantId } = context;
  await context.db.run(sql`
    update office.approval
    set state = ${outcome}, decided_by = ${context.actor.personId}, decided_at = ${context.now}, reason = ${reason ?? null}
    where tenant_id = ${tenantId} and id = ${row.id}`);
  await closeSeats(context, [row.id], outcome);
  const done = outcome === "approved" ? await carryOut(context, row) : {};
  const state = done.failure === undefined ? outcome : ("failed" as const);
  if (row.requestedUser) {
    await context.db.run(sql`
      update office.approval set state = ${state}, failure = ${done.failure ?? null},
        result = ${done.result === undefined ? null : JSON.stringify(done.result)}
      where tenant_id = ${tenantId} and id = ${row.id}`);
  }
  const words = { approved: "Approved", declined: "Declined", failed: "Approved, but it could not be done" }[state];
  const text = done.failure ?? reason;
  const about = state === "failed" ? { subject: "office.approval", id: row.id } : { subject: row.aboutSubject, id: row.aboutId };
  if (row.requestedBy !== null) {
    await context.notify({ personId: row.requestedBy, title: `${words}: ${row.title}`, text, about, event: "office.approval.answered" });
  }
  context.emit("office.approval.decided", {
    approvalId: row.id,
    verdict: outcome === "approved" ? "approve" : "decline",
    about: { subject: row.aboutSubject, id: row.aboutId },
    operation: row.asksOperation,
    requestedBy: row.requestedBy,
    decidedBy: context.actor.personId,
  });
  const says = done.failure === undefined ? `${words}.` : `${words}: ${done.failure} Whoever asked for it was told.`;
  return { id: row.id, state, result: done.result ?? null, says };
}

/** What waited at the gate runs as who wished for it; a department's own wish runs as the house, and its no is the decider's to hear. */
async function carryOut(context: WriteContext, row: ApprovalRow): Promise<{ result?: unknown; failure?: string }> {
  if (!row.asksOperation) return {};
  if (!row.requestedUser) {
    return { result: await context.callAsSystem(approvableNamed(row.asksOperation), row.asksInput as never) };
  }
  let result: unknown;
  const failed = await context.attempt(async () => {
    const deed = row.requestedBy && { operation: row.asksOperation!, input: row.asksInput, personId: row.requestedBy };
    if (deed) await refuseConflict(context, { ...deed, at: "action" });
    if (deed) await noteDeed(context, deed);
    result = await context.runAs(row.requestedUser!, row.asksOperation!, row.asksInput);
  });
  if (!failed) return { result };
  if (failed instanceof Refusal || failed.name === "NotPermitted" || failed.name === "InvalidInput") return { failure: failed.message };
  throw failed;
}

/** What was done to the record since it was asked for; whoever agreed had not seen that. */
async function editSince(context: ReadContext, row: ApprovalRow): Promise<string | undefined> {
  if (row.sinceXact === null || row.aboutId === row.id) return undefined;
  const since = await context.db.rows<{ operation: string; input: Readonly<Record<string, unknown>>; actorName: string }>(sql`
    select operation, input, actor_name from platform.operation_log
    where tenant_id = ${context.tenantId} and object_ids @> array[${row.aboutId}::uuid] and xact >= ${row.sinceXact}
      and operation not like 'office.approval.%' order by at`);
  for (const { operation: name, input, actorName } of since) {
    const operation = context.operationNamed(name);
    const field = operation && targetField(operation);
    if (operation && field && subjectOf(operation) === row.aboutSubject && input[field] === row.aboutId) {
      return `${actorName} has since done something else with it: ${operation.title}.`;
    }
  }
  return undefined;
}

async function voided(context: WriteContext, row: ApprovalRow, why: string): Promise<Decided> {
  await endApprovals(context, [row.id], "void", why);
  const about = { subject: "office.approval", id: row.id };
  if (row.requestedBy !== null) {
    const text = `${why} Look at it again, and ask anew if you still want it.`;
    await context.notify({
      personId: row.requestedBy,
      title: `No longer asked for: ${row.title}`,
      text,
      about,
      event: "office.approval.answered",
    });
  }
  context.emit("office.approval.voided", { approvalId: row.id, about: { subject: row.aboutSubject, id: row.aboutId } });
  return { id: row.id, state: "void", result: null, says: `Nothing was decided: it is not what was asked for any more. ${why}` };
}

/** The names of those it waits for now. */
export async function waitsFor(context: ReadContext, approvalId: Id): Promise<string> {
  const seats = await openSeats(context, approvalId);
  const names = seats.map((one) => one.person);
  return names.length > 0 ? names.join(", ") : "nobody";
}
