// The office's door: what other modules may use.
export { office } from "./module.ts";
export { type Asked, closeTask, moveTaskDue, openTask, openTasks, type TaskName, type TaskOwner, type TaskWish } from "./task/task.ts";
export { cancelTask, completeTask, createTask, reassignTask } from "./task/task.operations.ts";
export { type Holder, resolveHolder, type WorkPlace } from "./responsibility/resolve.ts";
export { assignResponsibility, endResponsibility, nameActivities } from "./responsibility/responsibility.operations.ts";
export { applyPreset, responsibilityMap } from "./responsibility/preset.operations.ts";
export { type Absence, beginAbsence, endAbsence } from "./delegation/absence.ts";
export { createDelegation } from "./delegation/delegation.operations.ts";
export { principalsOf, standIns } from "./delegation/delegation.ts";
export { nameUsualStandIn } from "./delegation/usual.operations.ts";
export { handOverResponsibility } from "./responsibility/hand-over.operations.ts";
export { approvable } from "./approval/approvable.ts";
export { type ApprovalWish, isApproved, requestApproval, voidApprovals } from "./approval/approval.ts";
export { decideApproval, withdrawApproval } from "./approval/approval.operations.ts";
export { setLimit } from "./approval/limit.operations.ts";
export {
  type ClockName,
  clocksInState,
  type ClockWish,
  handClocks,
  pauseClock,
  reopenClock,
  restateClocks,
  resumeClock,
  startClock,
  startClocks,
  stopClock,
} from "./clock/clock.ts";
export { countsAsWork } from "./efficiency/work.source.ts";
export { decidesAbout } from "./approval/approval.register.ts";
export { askedAbout, wasAsked } from "./task/asked.ts";
export { closeDeadline, type DeadlineWish, moveDeadline, openDeadline } from "./deadline/deadline.ts";
export { adoptRules, deadlinesByRule, startDeadlineBy, startDeadlinesOn } from "./deadline/rule.store.ts";
export { cancelDeadline, submitDeadline } from "./deadline/submission.operations.ts";
export { isRule, monthsRule, occurrencesOf } from "./schedule/recurrence.rules.ts";
export { type Shift, shiftDay } from "./schedule/schedule.rules.ts";
export { schedulable } from "./schedule/schedulable.ts";
export { completeOccurrence, endSchedule, ensureSchedule, type ScheduleWish, skipOccurrence, tellMeter } from "./schedule/schedule.ts";
export { sweepSchedules } from "./schedule/sweep.ts";
export { solveRequest } from "./request/care.operations.ts";
export { addComment } from "./record/comment.operations.ts";
export { addAttachment } from "./record/attachment.operations.ts";
export { type Ask, days, type Deed, type Fact, ids, process, type Process, type ProcessDefinition, type Step } from "./process/process.ts";
export { processModule } from "./process/module.ts";
