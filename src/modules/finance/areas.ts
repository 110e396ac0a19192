// What stands together in the navigation, in the order of a month: selling, buying, the bank, the books, their closing; what is read last.
import { type Area, area } from "../../platform/operation/module.ts";

export const financeAreas: readonly Area[] = [
  area("Sales", "invoice recurringInvoice deposit customer customerAccount statement dunningRun writeOff paymentTerm dunningProcedure"),
  area("Purchases", "bill supplierCreditNote supplierAccount paymentRun paymentAnswer supplierBankAccount payableSetting"),
  area("Expenses", "expenseLine expenseClaim expenseAdvance expenseCategory mileageRate perDiemRate"),
  area("Bank and cash", "bankLine bankReconciliation bankStatement payment cashForecast bankAccount bankRule statementMapping"),
  area("Books", "journalEntry account openItem accrual deferral entryTemplate dimension dimensionValue openingBalance import book setup"),
  area("Closing", "closeBoard revaluation closeTask closeTemplate period fiscalYear lockException exchangeRate"),
  area("Tax", "taxReturn filedReturn correctionReturn ecSalesList taxCode taxRule"),
  area("Fixed assets", "fixedAsset depreciationRun assetPlan assetClass assetBook"),
  area("E-invoices", "eInvoice electronicAddress"),
  area("Reports", "trialBalance profitAndLoss balanceSheet cashFlow equity ageing ledger figure"),
];
