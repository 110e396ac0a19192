// Payroll: what everyone is paid for a month, worked out step by step, approved by a second person, in the books in the same step.
import { isId } from "../../kernel/id.ts";
import { module } from "../../platform/operation/module.ts";
import { createElement, elementRegister, rateRegister, setRate } from "./element.operations.ts";
import {
  changeBankAccount,
  createEnrolment,
  createExtra,
  endEnrolment,
  enrolmentRegister,
  extraRegister,
  removeExtra,
} from "./enrolment.operations.ts";
import { figures, laws } from "./laws.ts";
import { payrollKeeps } from "./keeping.ts";
import { getVariance, payslipLineRegister, payslipRegister, printPayslips } from "./payslip.operations.ts";
import { approveRun, calculateRun, cancelRun, createRun, returnRun, runRegister, submitRun } from "./run.operations.ts";

export const payroll = module({
  name: "payroll",
  title: "Payroll",
  needs: ["directory", "office", "people", "finance"],
  roles: { "payroll.manager": "Payroll" },
  activities: {
    "payroll.enrolment": "Enrolling employees in payroll",
    "payroll.run": "The month's payroll",
    "payroll.approval": "Approving the payroll as a second person",
  },
  registers: [runRegister, payslipRegister, payslipLineRegister, enrolmentRegister, extraRegister, elementRegister, rateRegister],
  operations: [
    createRun,
    calculateRun,
    submitRun,
    returnRun,
    approveRun,
    cancelRun,
    getVariance,
    createEnrolment,
    changeBankAccount,
    endEnrolment,
    createExtra,
    removeExtra,
    createElement,
    setRate,
  ],
  reactions: [
    {
      to: "payroll.run.approved",
      does: async (event, context) => {
        const { runId } = event.payload;
        if (typeof runId === "string" && isId(runId)) await printPayslips(context, runId);
      },
    },
  ],
  keeps: payrollKeeps,
  laws,
  notices: { "payroll.payslip.ready": { title: "My payslips", says: "A payslip is there to be read.", mail: "now" } },
  figures,
});
