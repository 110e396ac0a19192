// Finance: the books of the company. Every department posts through one door; nothing that counts is ever changed.
import { module } from "../../platform/operation/module.ts";
import { financeAreas } from "./areas.ts";
import { bankingLaws, bankingOperations, bankingRegisters, bankingSchedules } from "./banking/index.ts";
import { closeLaws, closeOperations, closeRegisters } from "./close/index.ts";
import { currencyLaws, currencyOperations, currencyRegisters } from "./currency/index.ts";
import { expenseLaws, expenseOperations, expenseReactions, expenseRegisters } from "./expense/index.ts";
import { eInvoiceLaws, eInvoiceOperations, eInvoiceRegisters } from "./einvoice/index.ts";
import { financeFigures } from "./figures.ts";
import { importOperations, importRegisters } from "./import/index.ts";
import { fixedAssetLaws, fixedAssetOperations, fixedAssetRegisters } from "./fixed-asset/index.ts";
import { accountRegister, createAccount, renameAccount, retireAccount, setAccountRole } from "./ledger/account.operations.ts";
import { bankAccountRegister, createBankAccount, identifyBankAccount } from "./ledger/bank-account.operations.ts";
import {
  createDimension,
  createDimensionValue,
  dimensionRegister,
  dimensionValueRegister,
  retireDimensionValue,
} from "./ledger/dimension.operations.ts";
import {
  journalEntryRegister,
  journalLineRegister,
  journalRegister,
  postJournalEntry,
  reverseJournalEntry,
} from "./ledger/entry.operations.ts";
import { ledgerLaws } from "./ledger/laws.ts";
import { financeKeeps } from "./keeping.ts";
import { controlLaws, controlOperations, controlRegisters, controlSchedules } from "./ledger/control.ts";
import { closePeriod, periodRegister, reopenPeriod } from "./ledger/period.operations.ts";
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
import { payableOperations, payableRegisters } from "./payables/index.ts";
import { paymentRunLaws, paymentRunOperations, paymentRunRegisters } from "./payment-run/index.ts";
import { cancelInvoice, createInvoice, payInvoice, postInvoice } from "./receivables/invoice.operations.ts";
import { chaseOverdue } from "./receivables/chase.ts";
import { reverseWriteOff, writeOffItem, writeOffRegister } from "./receivables/write-off.operations.ts";
import { printInvoice } from "./receivables/print.operations.ts";
import { invoiceLineRegister, invoiceRegister } from "./receivables/invoice.register.ts";
import { receivablesLaws, receivablesOperations, receivablesRegisters, receivablesSchedules } from "./receivables/index.ts";
import { workCostReactions } from "./work-cost/index.ts";
import { taxLaws, taxOperations, taxRegisters } from "./tax/index.ts";
import { getAgeing, getCustomerAccount, getSupplierAccount } from "./receivables/account.operations.ts";
import { reportLaws, reportOperations, reportSchedules } from "./reports/index.ts";

export const finance = module({
  name: "finance",
  title: "Finance",
  areas: financeAreas,
  needs: ["directory", "office", "assets"],
  roles: { "finance.accountant": "Accountant", "finance.manager": "Chief financial officer" },
  activities: {
    "finance.billApproval": "Approving what the company is to pay",
    "finance.bookkeeping": "Keeping the books",
    "finance.expenseApproval": "Deciding on expenses, where the line manager does not",
    "finance.close": "Closing the months",
    "finance.receivables": "Chasing what customers owe",
  },
  registers: [
    invoiceRegister,
    invoiceLineRegister,
    ...payableRegisters,
    ...paymentRunRegisters,
    ...taxRegisters,
    ...currencyRegisters,
    accountRegister,
    journalRegister,
    journalEntryRegister,
    journalLineRegister,
    dimensionRegister,
    dimensionValueRegister,
    periodRegister,
    bankAccountRegister,
    bookRegister,
    paymentRegister,
    openItemRegister,
    allocationRegister,
    writeOffRegister,
    ...bankingRegisters,
    ...importRegisters,
    ...eInvoiceRegisters,
    ...receivablesRegisters,
    ...fixedAssetRegisters,
    ...expenseRegisters,
    ...controlRegisters,
    ...closeRegisters,
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
    ...controlOperations,
    postJournalEntry,
    reverseJournalEntry,
    createDimension,
    createDimensionValue,
    retireDimensionValue,
    createInvoice,
    postInvoice,
    payInvoice,
    cancelInvoice,
    printInvoice,
    ...payableOperations,
    ...paymentRunOperations,
    recordOnePayment,
    reverseOnePayment,
    allocateOpenItem,
    undoAllocation,
    writeOffItem,
    reverseWriteOff,
    ...taxOperations,
    ...currencyOperations,
    ...reportOperations,
    getCustomerAccount,
    getSupplierAccount,
    getAgeing,
    ...bankingOperations,
    ...importOperations,
    ...eInvoiceOperations,
    ...receivablesOperations,
    ...fixedAssetOperations,
    ...expenseOperations,
    ...closeOperations,
  ],
  keeps: financeKeeps,
  laws: [
    ...ledgerLaws,
    ...reportLaws,
    ...taxLaws,
    ...currencyLaws,
    ...paymentRunLaws,
    ...bankingLaws,
    ...receivablesLaws,
    ...eInvoiceLaws,
    ...fixedAssetLaws,
    ...expenseLaws,
    ...controlLaws,
    ...closeLaws,
  ],
  reactions: [...expenseReactions, ...workCostReactions],
  figures: financeFigures,
  schedules: [
    ...receivablesSchedules,
    ...bankingSchedules,
    ...reportSchedules,
    { name: "finance.chase", says: "Asks someone to chase customers who are overdue.", cron: "0 5 * * *", does: chaseOverdue },
    ...controlSchedules,
  ],
});
