// Office: how work moves. Who answers for what, the inbox of tasks, decisions by a second person, every deadline in one list, and
// what people leave on records.
import { module } from "../../platform/operation/module.ts";
import { officeAreas } from "./areas.ts";
import { routeApprovals } from "./approval/approval.ts";
import { limitRegister, setLimit } from "./approval/limit.operations.ts";
import { clockLaws, clockOperations, clockReactions, clockRegisters, clockSchedules } from "./clock/index.ts";
import { deadlineLaws, deadlineOperations, deadlineReactions, deadlineRegisters, deadlineSchedules } from "./deadline/index.ts";
import { delegationLaws, delegationOperations, delegationRegisters } from "./delegation/index.ts";
import { documentFigures, documentLaws, documentOperations, documentRegisters, documentSchedules } from "./document/index.ts";
import { efficiencyLaws, efficiencyOperations, efficiencySchedules } from "./efficiency/index.ts";
import { officeFigures, officeLaws } from "./laws.ts";
import { officeHoldsOn, officeKeeps } from "./keeping.ts";
import { officeNotices } from "./notices.ts";
import { addAttachment, attachmentRegister, removeAttachment } from "./record/attachment.operations.ts";
import {
  approvalLaws,
  approvalNotices,
  approvalOperations,
  approvalRegisters,
  approvalSchedules,
  linkDoor,
  officeGate,
} from "./policy/index.ts";
import { addComment, commentRegister, removeComment } from "./record/comment.operations.ts";
import { knowledgeOperations, knowledgeRegisters } from "./knowledge/index.ts";
import { requestFigures, requestLaws, requestOperations, requestReactions, requestRegisters, requestSchedules } from "./request/index.ts";
import { homesOf } from "./responsibility/home.ts";
import { responsibilityOperations, responsibilityRegisters } from "./responsibility/index.ts";
import { routeTasks } from "./responsibility/route.ts";
import { scheduleLaws, scheduleOperations, scheduleReactions, scheduleRegisters, scheduleSchedules } from "./schedule/index.ts";
import { chaseLateTasks } from "./task/chase.ts";
import { cancelTask, completeTask, createTask, reassignTask, taskRegister } from "./task/task.operations.ts";

export const office = module({
  name: "office",
  title: "Office",
  areas: officeAreas,
  needs: ["directory"],
  roles: {
    "office.manager": "Office manager",
    "office.auditor": "Auditor of decisions",
    "office.records": "Records manager",
    "office.mailbox": "Mailbox (a machine)",
    "office.writer": "Writer of articles",
  },
  activities: {
    "office.supplies": "Supplies for the office",
    "office.approval": "Approvals under a policy",
    "office.process": "Processes that lost their owner",
  },
  registers: [
    taskRegister,
    ...approvalRegisters,
    ...deadlineRegisters,
    ...responsibilityRegisters,
    ...delegationRegisters,
    limitRegister,
    commentRegister,
    attachmentRegister,
    ...clockRegisters,
    ...documentRegisters,
    ...scheduleRegisters,
    ...requestRegisters,
    ...knowledgeRegisters,
  ],
  operations: [
    createTask,
    completeTask,
    reassignTask,
    cancelTask,
    ...approvalOperations,
    setLimit,
    ...responsibilityOperations,
    ...delegationOperations,
    addComment,
    removeComment,
    addAttachment,
    removeAttachment,
    ...clockOperations,
    ...documentOperations,
    ...efficiencyOperations,
    ...deadlineOperations,
    ...scheduleOperations,
    ...requestOperations,
    ...knowledgeOperations,
  ],
  reactions: [...clockReactions, ...deadlineReactions, ...scheduleReactions, ...requestReactions],
  schedules: [
    ...scheduleSchedules,
    ...requestSchedules,
    ...clockSchedules,
    ...documentSchedules,
    ...efficiencySchedules,
    ...deadlineSchedules,
    ...approvalSchedules,
    {
      name: "office.route",
      says: "Gives open work to whoever answers for it today: people leave and seats change hands.",
      cron: "15 2 * * *",
      does: async (context) => {
        await routeTasks(context);
        await routeApprovals(context);
      },
    },
    {
      name: "office.chase",
      says: "Reminds of what is late, and from the second time on tells the line.",
      cron: "0 6 * * 1-5",
      does: async (context) => void (await chaseLateTasks(context)),
    },
  ],
  keeps: officeKeeps,
  holdsOn: officeHoldsOn,
  laws: [
    ...officeLaws,
    ...approvalLaws,
    ...documentLaws,
    ...efficiencyLaws,
    ...delegationLaws,
    ...clockLaws,
    ...deadlineLaws,
    ...scheduleLaws,
    ...requestLaws,
  ],
  homes: homesOf,
  figures: [...officeFigures, ...documentFigures, ...requestFigures],
  notices: { ...officeNotices, ...approvalNotices },
  gate: officeGate,
  link: linkDoor,
});
