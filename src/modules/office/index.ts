// The office's door: what other modules may use.
export { office } from "./module.ts";
export { type Asked, closeTask, moveTaskDue, openTask, type TaskName, type TaskOwner, type TaskWish } from "./task/task.ts";
export { cancelTask, completeTask, createTask, reassignTask } from "./task/task.operations.ts";
export { type Holder, resolveHolder, type WorkPlace } from "./responsibility/resolve.ts";
export { assignResponsibility, endResponsibility, nameActivities } from "./responsibility/responsibility.operations.ts";
export { applyPreset, responsibilityMap } from "./responsibility/preset.operations.ts";
export { approvable } from "./approval/approvable.ts";
export { type ApprovalWish, isApproved, requestApproval, voidApprovals } from "./approval/approval.ts";
export { decideApproval, withdrawApproval } from "./approval/approval.operations.ts";
export { setLimit } from "./approval/limit.operations.ts";
export { closeDeadline, type DeadlineWish, moveDeadline, openDeadline } from "./deadline/deadline.ts";
export { addComment } from "./record/comment.operations.ts";
export { addAttachment } from "./record/attachment.operations.ts";
export { type Ask, days, type Deed, type Fact, ids, process, type Process, type ProcessDefinition, type Step } from "./process/process.ts";
export { processModule } from "./process/module.ts";
