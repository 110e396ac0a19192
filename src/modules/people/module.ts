// People: from candidate to leaver. Who works here, in which seat, on which terms, and when they are away.
import { yearOf } from "../../kernel/day.ts";
import { module } from "../../platform/operation/module.ts";
import { beginningOperations, beginningReactions, beginningRegisters, beginningSchedules } from "./beginning/index.ts";
import {
  advanceApplication,
  applicationRegister,
  candidateRegister,
  closeApplication,
  createApplication,
  createCandidate,
  eraseCandidate,
} from "./candidate.operations.ts";
import { sendContract, signContract } from "./contract.operations.ts";
import { changeEmployment, createEmployment, withdrawChange } from "./employment.operations.ts";
import { assignmentRegister, compensationRegister, contractRegister, employmentRegister } from "./employment.register.ts";
import { figures, laws } from "./laws.ts";
import { peopleKeeps } from "./keeping.ts";
import { getLeaveCalendar } from "./leave-calendar.operations.ts";
import { approveLeave, cancelLeave, createLeaveRequest, declineLeave, leaveRequestRegister } from "./leave-request.operations.ts";
import {
  adjustLeave,
  closeLeaveYear,
  createLeaveType,
  grantLeaveYear,
  grantYear,
  leaveBalanceRegister,
  leaveEntryRegister,
  leaveTypeRegister,
} from "./leave-type.operations.ts";
import { leaverRegister, recordResignation, resignationRegister, withdrawResignation } from "./leaving.operations.ts";
import { acceptOffer, changeFirstDay, rescindOffer } from "./offer-answer.operations.ts";
import { createOffer, declineOffer, offerRegister, sendOffer } from "./offer.operations.ts";

export const people = module({
  name: "people",
  title: "People",
  needs: ["directory", "office"],
  roles: { "people.manager": "People" },
  activities: {
    "people.hiring": "Candidates and offers",
    "people.contract": "Contracts and employment",
    "people.leave": "Leave requests without a line manager",
    "people.departure": "Departures and clearance",
    "people.training": "Instruction of newcomers",
    "people.probation": "Probations without a line manager",
  },
  registers: [
    employmentRegister,
    candidateRegister,
    applicationRegister,
    offerRegister,
    contractRegister,
    compensationRegister,
    assignmentRegister,
    resignationRegister,
    leaverRegister,
    leaveTypeRegister,
    leaveRequestRegister,
    leaveBalanceRegister,
    leaveEntryRegister,
    ...beginningRegisters,
  ],
  operations: [
    createCandidate,
    eraseCandidate,
    createApplication,
    advanceApplication,
    closeApplication,
    createOffer,
    sendOffer,
    acceptOffer,
    declineOffer,
    changeFirstDay,
    rescindOffer,
    createEmployment,
    changeEmployment,
    withdrawChange,
    sendContract,
    signContract,
    recordResignation,
    withdrawResignation,
    createLeaveType,
    grantLeaveYear,
    closeLeaveYear,
    adjustLeave,
    createLeaveRequest,
    approveLeave,
    declineLeave,
    cancelLeave,
    getLeaveCalendar,
    ...beginningOperations,
  ],
  reactions: [...beginningReactions],
  schedules: [
    {
      name: "people.grantLeave",
      says: "Every night whoever has no leave for the year yet, such as a newcomer, is granted it.",
      cron: "20 2 * * *",
      does: async (context) => void (await grantYear(context, yearOf(context.today))),
    },
    ...beginningSchedules,
  ],
  keeps: peopleKeeps,
  laws,
  notices: {
    "people.contract.ready": { title: "Offers and contracts", says: "An offer or a contract is there for you to answer.", mail: "now" },
    "people.leave.decided": { title: "My leave", says: "Leave you asked for was approved or declined.", mail: "daily" },
  },
  figures,
});
