// Payroll's door: what other modules and the processes may use.
export { payroll } from "./module.ts";
export { createElement, setRate } from "./element.operations.ts";
export { changeBankAccount, createEnrolment, createExtra, endEnrolment, removeExtra } from "./enrolment.operations.ts";
export { approveRun, calculateRun, cancelRun, createRun, returnRun, submitRun } from "./run.operations.ts";
export { getVariance } from "./payslip.operations.ts";
export { finalPayIsDone, isEnrolled, wasEnrolled } from "./facts.ts";
