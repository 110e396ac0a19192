// Deciding on what others wish: one by one, several at once, and by the link in a mail; and taking a wish back.
import { z } from "zod";
import type { Id as KernelId } from "../../../kernel/id.ts";
import { Refusal, refuse } from "../../../kernel/refusal.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import { Id, LongText, ref, Text } from "../../../platform/operation/field.ts";
import { anyone, operation, whoever } from "../../../platform/operation/operation.ts";
import { approvalById, endApprovals } from "./approval.store.ts";
import { chairFor, type Decided, decide, type Decision } from "./decision.ts";
import { linkIn, useUp } from "./link.ts";

const isOpen = (record: Readonly<Record<string, unknown>>): boolean => record["state"] === "open";

interface Sent {
  readonly approvalId: KernelId;
  readonly verdict?: "approve" | "decline";
}

export const whoeverDecides = whoever<Sent>("whoever is asked", async (input, context) => {
  // A decision that is really sent gets its own worded no; only the offer on screen is narrowed here.
  if (input.verdict !== undefined) return true;
  const row = await approvalById(context, input.approvalId);
  return row !== undefined && row.state === "open" && (await chairFor(context, row)) !== undefined;
});

const verdict = z.enum(["approve", "decline"]);
const reason = LongText(2000).optional().describe("Needed when you decline.");

const Outcome = z.object({
  id: Id,
  state: z.enum(["open", "approved", "declined", "void", "failed"]),
  result: z.unknown(),
  says: z.string(),
});

const decisionRefusals = {
  notFound: "There is no such approval, or it is not yours to see.",
  decidedAlready: "This is {state} already. Nothing is left to decide.",
  selfApproval: "Nobody decides on their own wish. Someone else has to decide.",
  votedAlready: "You have decided on this already, for yourself or for someone else. Now it is up to the others.",
  notYours: "This is decided by {approver}. Ask them, or have the responsibility changed.",
  changedSince: "What is asked for has changed since you looked. Read it again, then decide.",
  reasonMissing: "Say why you decline, so that the other person knows what to change.",
  nobodyLeft: "At the next step, «{step}», too few people are left who have not decided yet. Have the policy or their roles changed first.",
};

const raceLost = {
  approval_four_eyes: "selfApproval",
  approval_vote_four_eyes: "selfApproval",
  approval_vote_actor: "votedAlready",
  approval_vote_principal: "votedAlready",
} as const;

async function decideOn(context: WriteContext, approvalId: KernelId, decision: Decision): Promise<Decided> {
  const row = await approvalById(context, approvalId, true);
  if (!row || !(await context.mayRead("office.approval", row.id))) return refuse("notFound");
  return decide(context, row, decision);
}

export const decideApproval = operation({
  name: "office.approval.decide",
  title: "Decide",
  does: "Approves or declines what someone else asked for. With the last voice it needs it is done at once; one no ends it.",
  kind: "write",
  may: [whoeverDecides],
  input: z.strictObject({
    approvalId: ref("office.approval"),
    verdict,
    reason,
    hash: z.string().max(64).optional().describe("The fingerprint of what you saw: nothing else is then decided on."),
  }),
  output: Outcome,
  refuses: decisionRefusals,
  constraints: raceLost,
  when: isOpen,
  emits: ["office.approval.voted", "office.approval.decided", "office.approval.voided"],
  run: ({ approvalId, ...decision }, context) => decideOn(context, approvalId, decision),
});

const decideMany = operation({
  name: "office.approval.decideMany",
  title: "Decide on several",
  does: "Approves or declines several wishes, each with its own reason or all with one. What cannot be decided says why; the others are.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({
    decisions: z
      .array(z.strictObject({ approvalId: ref("office.approval"), verdict, reason, hash: z.string().max(64).optional() }))
      .min(1)
      .max(100),
    reason: LongText(2000).optional().describe("For all that have no reason of their own."),
  }),
  output: z.object({
    results: z.array(z.object({ approvalId: ref("office.approval"), state: z.string(), says: z.string(), code: z.string().nullable() })),
  }),
  emits: ["office.approval.voted", "office.approval.decided", "office.approval.voided"],
  async run(input, context) {
    const results: { approvalId: KernelId; state: string; says: string; code: string | null }[] = [];
    // Always in one order, so that two who decide on the same wishes wait for each other and never block.
    for (const one of input.decisions.toSorted((a, b) => (a.approvalId < b.approvalId ? -1 : 1))) {
      let decided: Decided | undefined;
      const failed = await context.attempt(async () => {
        decided = await context.call(decideApproval, { ...one, reason: one.reason ?? input.reason });
      });
      if (failed && !(failed instanceof Refusal)) throw failed;
      if (failed) results.push({ approvalId: one.approvalId, state: "refused", says: failed.message, code: failed.code });
      else results.push({ approvalId: one.approvalId, state: decided!.state, says: decided!.says, code: null });
    }
    return { results };
  },
});

const decideByLink = operation({
  name: "office.approval.decideByLink",
  title: "Decide by the link in a mail",
  does: "Decides by a link that was sent to you: for you alone, once, and only on what you were shown.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({ token: z.string().max(300), choice: verdict, reason }),
  output: Outcome,
  refuses: {
    linkInvalid: "This link is not valid: it was used, came too late, or is not yours. Open the approval itself.",
    ...decisionRefusals,
  },
  constraints: raceLost,
  emits: ["office.approval.voted", "office.approval.decided", "office.approval.voided"],
  async run(input, context) {
    const link = await linkIn(context, input.token, true);
    if (!link || link.personId !== context.actor.personId || (await useUp(context, link.id)) === 0) return refuse("linkInvalid");
    return decideOn(context, link.approvalId, { verdict: input.choice, reason: input.reason, hash: link.hash });
  },
});

const whoeverAsked = whoever<{ approvalId: KernelId }>("whoever asked for it", async (input, context) => {
  const row = await approvalById(context, input.approvalId);
  if (!row) return false;
  const { personId, userId } = context.actor;
  return (personId !== null && [row.requestedBy, row.actedBy].includes(personId)) || (userId !== null && row.requestedUser === userId);
});

export const withdrawApproval = operation({
  name: "office.approval.withdraw",
  title: "Take the wish back",
  does: "Takes back what you asked for, before it is decided. What was voted on it so far no longer counts.",
  kind: "write",
  may: [whoeverAsked],
  input: z.strictObject({ approvalId: ref("office.approval"), reason: Text(500).optional() }),
  output: z.object({ id: Id }),
  refuses: { decidedAlready: "This is {state} already. Nothing is left to take back." },
  when: isOpen,
  emits: ["office.approval.withdrawn"],
  async run(input, context) {
    const row = await approvalById(context, input.approvalId, true);
    if (!row) return refuse("notFound");
    if (row.state !== "open") refuse("decidedAlready", { state: row.state });
    await endApprovals(context, [row.id], "withdrawn", input.reason ?? null);
    context.emit("office.approval.withdrawn", { approvalId: row.id, about: { subject: row.aboutSubject, id: row.aboutId } });
    return { id: row.id };
  },
});

export const decisionOperations = [decideApproval, decideMany, decideByLink, withdrawApproval];
