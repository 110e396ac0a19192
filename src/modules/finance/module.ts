// Finance: the books of the company. Every department posts through one door; nothing that counts is ever changed.
import { module } from "../../platform/operation/module.ts";
import { bankingLaws, bankingOperations, bankingRegisters } from "./banking/index.ts";
import { financeFigures } from "./figures.ts";
import { accountRegister, createAccount, renameAccount, retireAccount, setAccountRole } from "./ledger/account.operations.ts";
import { bankAccountRegister, createBankAccount, identifyBankAccount } from "./ledger/bank-account.operations.ts";
import {
  journalEntryRegister,
  journalLineRegister,
  journalRegister,
  postJournalEntry,
  reverseJournalEntry,
} from "./ledger/entry.operations.ts";
import { ledgerLaws } from "./ledger/laws.ts";
import { closePeriod, createFiscalYear, periodRegister, reopenPeriod } from "./ledger/period.operations.ts";
import { bookRegister, createSetup } from "./ledger/setup.operations.ts";
import {
  allocateOpenItem,
  allocationRegister,
  openItemRegister,
  paymentRegister,
  recordOnePayment,
  reverseOnePayment,
  undoAllocation,
} from "./payments/payment.operations.ts";
import { approveBill, createBill, declineBill, payBill, postBill, reverseBill } from "./payables/bill.operations.ts";
import { billLineRegister, billRegister } from "./payables/bill.register.ts";
import { cancelInvoice, createInvoice, creditInvoice, payInvoice, postInvoice } from "./receivables/invoice.operations.ts";
import { chaseOverdue, writeOffItem } from "./receivables/overdue.operations.ts";
import { printInvoice } from "./receivables/print.operations.ts";
import { invoiceLineRegister, invoiceRegister } from "./receivables/invoice.register.ts";
import { changeTaxRate, createTaxCode, getTaxReturn, taxCodeRegister } from "./tax/tax.operations.ts";
import { getAgeing, getCustomerAccount, getSupplierAccount } from "./receivables/account.operations.ts";
import { exportLedger, getLedger } from "./reports/ledger.operations.ts";
import { getBalanceSheet, getProfitAndLoss } from "./reports/statement.operations.ts";
import { getTrialBalance } from "./reports/trial-balance.operations.ts";

export const finance = module({
  name: "finance",
  title: "Finance",
  needs: ["directory", "office"],
  roles: { "finance.accountant": "Accountant", "finance.manager": "Chief financial officer" },
  activities: {
    "finance.billApproval": "Approving what the company is to pay",
    "finance.bookkeeping": "Keeping the books",
    "finance.receivables": "Chasing what customers owe",
  },
  registers: [
    invoiceRegister,
    invoiceLineRegister,
    billRegister,
    billLineRegister,
    taxCodeRegister,
    accountRegister,
    journalRegister,
    journalEntryRegister,
    journalLineRegister,
    periodRegister,
    bankAccountRegister,
    bookRegister,
    paymentRegister,
    openItemRegister,
    allocationRegister,
    ...bankingRegisters,
  ],
  operations: [
    createSetup,
    createAccount,
    renameAccount,
    retireAccount,
    setAccountRole,
    createBankAccount,
    identifyBankAccount,
    closePeriod,
    reopenPeriod,
    createFiscalYear,
    postJournalEntry,
    reverseJournalEntry,
    createInvoice,
    postInvoice,
    payInvoice,
    creditInvoice,
    cancelInvoice,
    printInvoice,
    createBill,
    approveBill,
    declineBill,
    postBill,
    payBill,
    reverseBill,
    recordOnePayment,
    reverseOnePayment,
    allocateOpenItem,
    undoAllocation,
    writeOffItem,
    createTaxCode,
    changeTaxRate,
    getTaxReturn,
    getTrialBalance,
    getLedger,
    exportLedger,
    getProfitAndLoss,
    getBalanceSheet,
    getCustomerAccount,
    getSupplierAccount,
    getAgeing,
    ...bankingOperations,
  ],
  laws: [...ledgerLaws, ...bankingLaws],
  figures: financeFigures,
  schedules: [{ name: "finance.chase", says: "Asks someone to chase customers who are overdue.", cron: "0 5 * * *", does: chaseOverdue }],
});
