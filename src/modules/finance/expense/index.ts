// The door of expenses within finance: what the module lists, and nothing else.
import { approveAdvance, payAdvance, requestAdvance, returnAdvance } from "./advance.operations.ts";
import { approveClaim, createClaim, discardClaim, payClaim, sendBackClaim, submitClaim, takeBackClaim } from "./claim.operations.ts";
import {
  advanceRegister,
  categoryRegister,
  claimRegister,
  expenseLineRegister,
  mileageRateRegister,
  perDiemRateRegister,
} from "./expense.registers.ts";
import { addMileage, addPerDiem, addReceipt, removeLine } from "./line.operations.ts";
import { changeCategory, createCategory, openExpenses, setMileageRate, setPerDiemRate } from "./policy.operations.ts";

export { expenseReactions } from "./decision.ts";
export { expenseLaws } from "./laws.ts";

export const expenseRegisters = [
  claimRegister,
  advanceRegister,
  expenseLineRegister,
  categoryRegister,
  mileageRateRegister,
  perDiemRateRegister,
];

export const expenseOperations = [
  openExpenses,
  createCategory,
  changeCategory,
  setMileageRate,
  setPerDiemRate,
  createClaim,
  addReceipt,
  addMileage,
  addPerDiem,
  removeLine,
  submitClaim,
  takeBackClaim,
  discardClaim,
  approveClaim,
  payClaim,
  sendBackClaim,
  requestAdvance,
  approveAdvance,
  payAdvance,
  returnAdvance,
];
