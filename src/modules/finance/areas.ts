// What stands together in the navigation, in the order of a month: selling, buying, the bank, the books, their closing; what is read last.
import type { Area } from "../../platform/operation/module.ts";

const of = (title: string, subjects: string): Area => ({ title, subjects: subjects.split(" ") });

export const financeAreas: readonly Area[] = [
  of("Sales", "invoice recurringInvoice deposit customer customerAccount statement dunningRun writeOff paymentTerm dunningProcedure"),
  of("Purchases", "bill supplierCreditNote supplierAccount paymentRun paymentAnswer supplierBankAccount payableSetting"),
  of("Expenses", "expenseLine expenseClaim expenseAdvance expenseCategory mileageRate perDiemRate"),
  of("Bank and cash", "bankLine bankReconciliation bankStatement payment cashForecast bankAccount bankRule statementMapping"),
  of("Books", "journalEntry account openItem accrual deferral entryTemplate dimension dimensionValue openingBalance import book setup"),
  of("Closing", "closeBoard revaluation closeTask closeTemplate period fiscalYear lockException exchangeRate"),
  of("Tax", "taxReturn filedReturn correctionReturn ecSalesList taxCode taxRule"),
  of("Fixed assets", "fixedAsset depreciationRun assetPlan assetClass assetBook"),
  of("E-invoices", "eInvoice electronicAddress"),
  of("Reports", "trialBalance profitAndLoss balanceSheet cashFlow equity ageing ledger figure"),
];
