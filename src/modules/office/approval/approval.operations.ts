// Deciding on what others wish, and the limits within which people decide.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";
import { Id, Instant, LongText, Money, ref, Text } from "../../../platform/operation/field.ts";
import { anyone, operation, whoever } from "../../../platform/operation/operation.ts";
import { register } from "../../../platform/operation/register.ts";
import { AskedFor } from "../task/task.operations.ts";
import { closeTask } from "../task/task.ts";
import { approvableNamed } from "./approvable.ts";
import { approvalById, type ApprovalRow, taskKey, wishOf } from "./approval.ts";
import { decidersOf } from "./chain.ts";

export const approvalRegister = register({
  name: "office.approval",
  title: "Approvals",
  does: "What waits for a second person to decide, and what was decided by whom and why.",
  may: ["office.manager", anyone],
  row: z.object({
    id: Id,
    title: z.string(),
    state: z.enum(["open", "approved", "declined", "void", "withdrawn"]),
    activity: z.string(),
    amount: Money.nullable(),
    requestedById: ref("directory.person").nullable(),
    requestedBy: z.string().nullable(),
    requestedAt: Instant,
    approverId: ref("directory.person"),
    approver: z.string(),
    via: z.string(),
    aboutSubject: z.string(),
    aboutId: Id,
    /** It waits for you. */
    mine: z.boolean(),
    asks: AskedFor.nullable(),
    snapshot: z.unknown(),
    hash: z.string(),
    decidedById: ref("directory.person").nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: Instant.nullable(),
    reason: z.string().nullable(),
  }),
  label: "title",
  search: ["title"],
  sort: "-requestedAt",
  sees: (context) => sql`${context.actor.personId} in (r.requested_by_id, r.approver_id, r.decided_by_id, r.acted_by)`,
  from: (context) => sql`
    select a.id, a.title, a.state, a.activity, a.amount, a.amount_currency, a.requested_by as requested_by_id, q.name as requested_by,
      a.requested_at, a.approver_id, p.name as approver, a.via, a.about_subject, a.about_id, a.snapshot, a.hash, a.acted_by,
      a.decided_by as decided_by_id, d.name as decided_by, a.decided_at, a.reason,
      a.state = 'open' and coalesce(a.approver_id = ${context.actor.personId}, false) as mine,
      case when a.asks_operation is null then null
        else jsonb_build_object('operation', a.asks_operation, 'input', a.asks_input) end as asks
    from office.approval a
    join directory.party p on p.tenant_id = a.tenant_id and p.id = a.approver_id
    left join directory.party q on q.tenant_id = a.tenant_id and q.id = a.requested_by
    left join directory.party d on d.tenant_id = a.tenant_id and d.id = a.decided_by
    where a.tenant_id = ${context.tenantId}`,
});

const isOpen = (record: Readonly<Record<string, unknown>>): boolean => record["state"] === "open";

interface Decision {
  readonly approvalId: KernelId;
  readonly verdict?: "approve" | "decline";
}

const whoeverDecides = whoever<Decision>("whoever answers for it", async (input, context) => {
  // A decision that is really sent gets its own worded no; only the offer on screen is narrowed here.
  if (input.verdict !== undefined) return true;
  const row = await approvalById(context, input.approvalId);
  return row !== undefined && (await mayDecide(context, row));
});

async function mayDecide(context: ReadContext, row: ApprovalRow): Promise<boolean> {
  const { personId } = context.actor;
  if (personId === null || personId === row.requestedBy || personId === row.actedBy) return false;
  return (await decidersOf(context, wishOf(row))).some((one) => one.personId === personId);
}

export const decideApproval = operation({
  name: "office.approval.decide",
  title: "Decide",
  does: "Approves or declines what someone else asked for; once approved, the house does it at once.",
  kind: "write",
  may: [whoeverDecides],
  input: z.strictObject({
    approvalId: ref("office.approval"),
    verdict: z.enum(["approve", "decline"]),
    reason: LongText(2000).optional().describe("Needed when you decline."),
    hash: z.string().max(64).optional().describe("The fingerprint of what you saw: nothing else is then decided on."),
  }),
  output: z.object({ id: Id, state: z.enum(["approved", "declined"]), result: z.unknown() }),
  refuses: {
    notFound: "There is no such approval, or it is not yours to see.",
    decidedAlready: "This is {state} already. Nothing is left to decide.",
    selfApproval: "Nobody decides on their own wish. Someone else has to decide.",
    notYours: "This is decided by {approver}. Ask them, or have the responsibility changed.",
    changedSince: "What is asked for has changed since you looked. Read it again, then decide.",
    reasonMissing: "Say why you decline, so that the other person knows what to change.",
  },
  constraints: { approval_four_eyes: "selfApproval" },
  when: isOpen,
  emits: ["office.approval.decided"],
  async run(input, context) {
    const row = await approvalById(context, input.approvalId, true);
    if (!row || !(await context.mayRead("office.approval", row.id))) refuse("notFound");
    if (row.state !== "open") refuse("decidedAlready", { state: row.state });
    const { personId } = context.actor;
    if (personId !== null && (personId === row.requestedBy || personId === row.actedBy)) refuse("selfApproval");
    if (!(await mayDecide(context, row))) refuse("notYours", { approver: await nameOf(context, row.approverId) });
    if (input.hash !== undefined && input.hash !== row.hash) refuse("changedSince");
    if (input.verdict === "decline" && !input.reason?.trim()) refuse("reasonMissing", {}, ["reason"]);
    return decide(context, row, input.verdict, input.reason);
  },
});

async function decide(context: WriteContext, row: ApprovalRow, verdict: "approve" | "decline", reason: string | undefined) {
  const state = verdict === "approve" ? ("approved" as const) : ("declined" as const);
  await context.db.run(sql`
    update office.approval
    set state = ${state}, decided_by = ${context.actor.personId}, decided_at = ${context.now}, reason = ${reason ?? null}
    where tenant_id = ${context.tenantId} and id = ${row.id}`);
  await closeTask(context, { key: taskKey(row.id) }, "done", state);
  const asked = state === "approved" && row.asksOperation !== null ? approvableNamed(row.asksOperation) : undefined;
  const result: unknown = asked ? await context.callAsSystem(asked, row.asksInput as never) : null;
  if (row.requestedBy !== null) {
    const about = { subject: row.aboutSubject, id: row.aboutId };
    await context.notify({
      personId: row.requestedBy,
      title: `${state === "approved" ? "Approved" : "Declined"}: ${row.title}`,
      text: reason,
      about,
    });
  }
  context.emit("office.approval.decided", {
    approvalId: row.id,
    verdict,
    about: { subject: row.aboutSubject, id: row.aboutId },
    operation: row.asksOperation,
    requestedBy: row.requestedBy,
    decidedBy: context.actor.personId,
  });
  return { id: row.id, state, result };
}

const whoeverAsked = whoever<{ approvalId: KernelId }>("whoever asked for it", async (input, context) => {
  const row = await approvalById(context, input.approvalId);
  return row !== undefined && context.actor.personId !== null && [row.requestedBy, row.actedBy].includes(context.actor.personId);
});

export const withdrawApproval = operation({
  name: "office.approval.withdraw",
  title: "Take the wish back",
  does: "Takes back what you asked for, before anyone has decided.",
  kind: "write",
  may: [whoeverAsked],
  input: z.strictObject({ approvalId: ref("office.approval"), reason: Text(500).optional() }),
  output: z.object({ id: Id }),
  refuses: { decidedAlready: "This is {state} already. Nothing is left to take back." },
  when: isOpen,
  emits: ["office.approval.withdrawn"],
  async run(input, context) {
    const row = await approvalById(context, input.approvalId, true);
    if (!row) refuse("notFound");
    if (row.state !== "open") refuse("decidedAlready", { state: row.state });
    await context.db.run(sql`
      update office.approval set state = 'withdrawn', decided_at = ${context.now}, reason = ${input.reason ?? null}
      where tenant_id = ${context.tenantId} and id = ${row.id}`);
    await closeTask(context, { key: taskKey(row.id) }, "cancelled", "The wish was taken back.");
    context.emit("office.approval.withdrawn", { approvalId: row.id, about: { subject: row.aboutSubject, id: row.aboutId } });
    return { id: row.id };
  },
});

async function nameOf(context: ReadContext, personId: KernelId): Promise<string> {
  const { name } = await context.db.row<{ name: string }>(sql`
    select name from directory.party where tenant_id = ${context.tenantId} and id = ${personId}`);
  return name;
}
