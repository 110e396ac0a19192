// The door of People: what other modules and the processes may use.
export { people } from "./module.ts";
export { advanceApplication, closeApplication, createApplication, createCandidate, eraseCandidate } from "./candidate.operations.ts";
export { createOffer, declineOffer, sendOffer } from "./offer.operations.ts";
export { acceptOffer, changeFirstDay, rescindOffer } from "./offer-answer.operations.ts";
export { changeEmployment, createEmployment, withdrawChange } from "./employment.operations.ts";
export { sendContract, signContract } from "./contract.operations.ts";
export { adjustLeave, closeLeaveYear, createLeaveType, grantLeaveYear } from "./leave-type.operations.ts";
export { approveLeave, cancelLeave, createLeaveRequest, declineLeave } from "./leave-request.operations.ts";
export { isInstructed, openTrainings, recordTraining } from "./beginning/index.ts";
export { getLeaveCalendar } from "./leave-calendar.operations.ts";
export { recordResignation, withdrawResignation } from "./leaving.operations.ts";
export {
  contractIsSent,
  contractIsSigned,
  type EmploymentFacts,
  employmentFacts,
  employmentIsActive,
  hasLeft,
  isContractor,
  leaveIsSettled,
  type LeavingFacts,
  leavingFacts,
  paidSpans,
  unpaidLeave,
} from "./facts.ts";
