// Approvals and what goes with them: policies, the gate that holds back, decisions, and duties that must not be in one hand.
import type { NoticeKind, Schedule } from "../../../platform/operation/module.ts";
import { approvalRegister } from "../approval/approval.register.ts";
import { decisionOperations } from "../approval/approval.operations.ts";
import { approvalChain } from "../approval/chain.operations.ts";
import { careForApprovals } from "../approval/care.ts";
import { talkOperations } from "../approval/talk.operations.ts";
import { dutyOperations, dutyRegisters } from "../duty/duty.operations.ts";
import { policyOperations, policyRegister } from "./policy.operations.ts";
import { tryPolicy } from "./try.operations.ts";
import { whoWouldAgree } from "./who.operations.ts";

export { linkDoor } from "../approval/link.ts";
export { approvalLaws } from "./laws.ts";
export { officeGate } from "./gate.ts";

export const approvalOperations = [
  ...decisionOperations,
  ...talkOperations,
  approvalChain,
  ...policyOperations,
  tryPolicy,
  whoWouldAgree,
  ...dutyOperations,
];
export const approvalRegisters = [approvalRegister, policyRegister, ...dutyRegisters];

export const approvalSchedules: readonly Schedule[] = [
  {
    name: "office.approvals",
    says: "Reminds once of what waits for a decision, then takes it up the line, once.",
    cron: "30 6 * * *",
    does: async (context) => void (await careForApprovals(context)),
  },
];

export const approvalNotices: Readonly<Record<string, NoticeKind>> = {
  "office.approval.asked": { title: "Something waits for my decision", says: "With a link to decide.", mail: "now" },
  "office.approval.answered": { title: "My wish was decided on, or asked about", says: "Also when you get an answer.", mail: "off" },
  "office.approval.late": { title: "A decision takes too long", says: "A reminder, and what was taken up to you.", mail: "now" },
};
