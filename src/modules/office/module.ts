// Office: how work moves. Who answers for what, the inbox of tasks, decisions by a second person, every deadline in one list, and
// what people leave on records.
import { module } from "../../platform/operation/module.ts";
import { routeApprovals } from "./approval/approval.ts";
import { approvalRegister, decideApproval, withdrawApproval } from "./approval/approval.operations.ts";
import { limitRegister, setLimit } from "./approval/limit.operations.ts";
import { deadlineRegister } from "./deadline/deadline.operations.ts";
import { officeFigures, officeLaws } from "./laws.ts";
import { addAttachment, attachmentRegister, removeAttachment } from "./record/attachment.operations.ts";
import { addComment, commentRegister, removeComment } from "./record/comment.operations.ts";
import { applyPreset, responsibilityMap } from "./responsibility/preset.operations.ts";
import {
  assignResponsibility,
  endResponsibility,
  nameActivities,
  responsibilityRegister,
} from "./responsibility/responsibility.operations.ts";
import { routeTasks } from "./responsibility/route.ts";
import { chaseLateTasks } from "./task/chase.ts";
import { cancelTask, completeTask, createTask, reassignTask, taskRegister } from "./task/task.operations.ts";

export const office = module({
  name: "office",
  title: "Office",
  needs: ["directory"],
  roles: { "office.manager": "Office manager" },
  activities: { "office.supplies": "Supplies for the office", "office.process": "Processes that lost their owner" },
  registers: [taskRegister, approvalRegister, deadlineRegister, responsibilityRegister, limitRegister, commentRegister, attachmentRegister],
  operations: [
    createTask,
    completeTask,
    reassignTask,
    cancelTask,
    decideApproval,
    withdrawApproval,
    setLimit,
    responsibilityMap,
    assignResponsibility,
    endResponsibility,
    applyPreset,
    nameActivities,
    addComment,
    removeComment,
    addAttachment,
    removeAttachment,
  ],
  schedules: [
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
  laws: officeLaws,
  figures: officeFigures,
});
