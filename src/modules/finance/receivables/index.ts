// Receivables' door within finance: what the module lists.
import { discountRegister } from "../payments/discount.register.ts";
import { customerRegister, setCreditLimit, setCustomerDunning, setCustomerTerms, settleCustomer } from "./customer.operations.ts";
import { changeCreditNote, creditInvoice, draftCreditNote } from "./credit-note.operations.ts";
import { depositRegister } from "./deposit.register.ts";
import { disputeItem, endDispute } from "./dispute.operations.ts";
import { cancelDunningRun, changeLetter, createDunningRun, excludeLetter, sendDunningRun } from "./dunning.operations.ts";
import { dunningItemRegister, dunningLetterRegister, dunningRunRegister } from "./dunning.registers.ts";
import {
  changeDunningProcedure,
  createDunningProcedure,
  dunningLevelRegister,
  dunningProcedureRegister,
} from "./dunning-procedure.operations.ts";
import { changeInvoice, issueInvoice } from "./invoice.operations.ts";
import { changePaymentTerm, createPaymentTerm, paymentTermRegister, retirePaymentTerm } from "./payment-term.operations.ts";
import { sendInvoice } from "./print.operations.ts";
import {
  createRecurringInvoice,
  endRecurringInvoice,
  makeRecurringInvoices,
  recurringInvoiceLineRegister,
  recurringInvoiceRegister,
} from "./recurring.operations.ts";
import { printStatement, sendStatements } from "./statement.operations.ts";

export const receivablesRegisters = [
  discountRegister,
  customerRegister,
  depositRegister,
  paymentTermRegister,
  dunningProcedureRegister,
  dunningLevelRegister,
  dunningRunRegister,
  dunningLetterRegister,
  dunningItemRegister,
  recurringInvoiceRegister,
  recurringInvoiceLineRegister,
];

export const receivablesOperations = [
  changeInvoice,
  issueInvoice,
  creditInvoice,
  draftCreditNote,
  changeCreditNote,
  createPaymentTerm,
  changePaymentTerm,
  retirePaymentTerm,
  setCustomerTerms,
  setCreditLimit,
  setCustomerDunning,
  settleCustomer,
  sendInvoice,
  createDunningProcedure,
  changeDunningProcedure,
  createDunningRun,
  cancelDunningRun,
  sendDunningRun,
  excludeLetter,
  changeLetter,
  disputeItem,
  endDispute,
  createRecurringInvoice,
  endRecurringInvoice,
  printStatement,
  sendStatements,
];

export { receivablesLaws } from "./laws.ts";

export const receivablesSchedules = [
  {
    name: "finance.recurringInvoices",
    says: "Makes the invoices that come round, each period once.",
    cron: "30 4 * * *",
    does: makeRecurringInvoices,
  },
];
