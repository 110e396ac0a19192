// A request that a second person has to agree to: approved, its work begins; declined, it is over, with the reason.
import type { Id as KernelId } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import { Id, ref } from "../../../platform/operation/field.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import type { HouseEvent, Reaction } from "../../../platform/operation/module.ts";
import { houseOnceAgreed, operation } from "../../../platform/operation/operation.ts";
import { z } from "zod";
import { approvable } from "../approval/approvable.ts";
import { beginWork } from "./begin.ts";
import { addWords, changeRequest, kindBy, lockRequest, lockRequests } from "./request.store.ts";
import { enter } from "./step.ts";
import { tellPersons } from "./tell.ts";

/** Asked for by an approval only, never by hand. */
export const approveRequest = approvable(
  operation({
    name: "office.request.approve",
    title: "Release the request",
    does: "Lets the work on a request begin; the house does it when the approval was given.",
    kind: "write",
    may: [houseOnceAgreed],
    when: () => false,
    input: z.strictObject({ requestId: ref("office.request") }),
    output: z.object({ id: Id }),
    refuses: { notWaiting: "This request waits for no approval." },
    emits: ["office.request.approved"],
    async run({ requestId }, context) {
      const request = await lockRequest(context, requestId);
      if (request.approval !== "waiting" || request.state !== "new") refuse("notWaiting");
      await changeRequest(context, requestId, sql`approval = 'approved'`);
      await beginWork(context, request, (await kindBy(context, { id: request.kindId }))!);
      context.emit("office.request.approved", { requestId });
      return { id: requestId };
    },
  }),
);

async function giveBack(event: HouseEvent, context: WriteContext): Promise<void> {
  const { verdict, about, approvalId } = event.payload as {
    verdict?: string;
    about?: { subject: string; id: KernelId };
    approvalId?: KernelId;
  };
  if (about?.subject !== "office.request" || verdict === "approve") return;
  const [request] = await lockRequests(context, [about.id]);
  if (request?.approval !== "waiting" || request.state !== "new") return;
  const found = await context.db.maybe<{ reason: string | null }>(sql`
    select reason from office.approval where tenant_id = ${context.tenantId} and id = ${approvalId ?? null}`);
  const said = verdict === "decline" ? "Declined" : "Taken back";
  await addWords(context, request.id, { text: found?.reason ? `${said}: ${found.reason}` : `${said}.`, deed: "cancel" });
  await enter(context, request, "cancelled", sql`approval = 'declined'`);
  await tellPersons(context, request, [request.requesterId, request.filedBy], `${said}:`);
}

export const approveReactions: readonly Reaction[] = [
  { to: "office.approval.decided", does: giveBack },
  { to: "office.approval.withdrawn", does: giveBack },
];
