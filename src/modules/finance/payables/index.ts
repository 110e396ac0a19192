// Payables' door within finance: what is done with bills, and where suppliers are paid.
import { acknowledgeBill, changeBill, holdBill, releaseBill } from "./bill-care.operations.ts";
import { applyCredit, proposeBill } from "./bill-proposal.operations.ts";
import { approveBill, createBill, declineBill, payBill, postBill, reverseBill } from "./bill.operations.ts";
import { billLineRegister, billRegister } from "./bill.register.ts";
import { changePayableSetting, getPayableSetting } from "./payable-setting.operations.ts";
import {
  approveSupplierBankAccount,
  declineSupplierBankAccount,
  proposeSupplierBankAccount,
  retireSupplierBankAccount,
  supplierBankAccountRegister,
} from "./supplier-bank-account.operations.ts";
import {
  applySupplierCreditNote,
  approveSupplierCreditNote,
  createSupplierCreditNote,
  declineSupplierCreditNote,
  postSupplierCreditNote,
  refundSupplierCreditNote,
  reverseSupplierCreditNote,
} from "./supplier-credit-note.operations.ts";
import { changeSupplierCreditNote } from "./supplier-credit-change.operations.ts";
import { supplierCreditNoteLineRegister, supplierCreditNoteRegister } from "./supplier-credit-note.register.ts";

export const payableRegisters = [
  billRegister,
  billLineRegister,
  supplierCreditNoteRegister,
  supplierCreditNoteLineRegister,
  supplierBankAccountRegister,
];

export const payableOperations = [
  createBill,
  changeBill,
  approveBill,
  declineBill,
  postBill,
  payBill,
  reverseBill,
  holdBill,
  releaseBill,
  acknowledgeBill,
  applyCredit,
  proposeBill,
  createSupplierCreditNote,
  changeSupplierCreditNote,
  approveSupplierCreditNote,
  declineSupplierCreditNote,
  postSupplierCreditNote,
  applySupplierCreditNote,
  refundSupplierCreditNote,
  reverseSupplierCreditNote,
  proposeSupplierBankAccount,
  approveSupplierBankAccount,
  declineSupplierBankAccount,
  retireSupplierBankAccount,
  getPayableSetting,
  changePayableSetting,
];
