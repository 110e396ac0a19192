// The door of payment runs within finance: what the module lists, and nothing else.
import { approvePaymentRun, cancelPaymentRun, sendBackPaymentRun, submitPaymentRun } from "./approve.operations.ts";
import { advisePaymentRun } from "./advice.operations.ts";
import { readPaymentAnswer } from "./answer.operations.ts";
import { clearPaymentOrders } from "./clear.operations.ts";
import { filePaymentRun, sendPaymentRun } from "./file.operations.ts";
import { paymentOriginRegister, setPaymentOrigin } from "./origin.operations.ts";
import { createPaymentRun, editPaymentRun, listPaymentRunCandidates, splitPaymentRun } from "./run.operations.ts";
import { paymentOrderRegister, paymentRunItemRegister, paymentRunRegister } from "./run.register.ts";
import { returnPaymentOrder, settlePaymentRun } from "./settle.operations.ts";

export { paymentRunLaws } from "./laws.ts";

export const paymentRunRegisters = [paymentRunRegister, paymentRunItemRegister, paymentOrderRegister, paymentOriginRegister];

export const paymentRunOperations = [
  createPaymentRun,
  editPaymentRun,
  listPaymentRunCandidates,
  splitPaymentRun,
  submitPaymentRun,
  approvePaymentRun,
  sendBackPaymentRun,
  cancelPaymentRun,
  filePaymentRun,
  sendPaymentRun,
  settlePaymentRun,
  returnPaymentOrder,
  clearPaymentOrders,
  advisePaymentRun,
  readPaymentAnswer,
  setPaymentOrigin,
];
