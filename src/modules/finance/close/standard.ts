// The list a company begins with: collect, settle, lock area by area, review, close. From then on it is the company's own.
import type { CloseStep } from "./close.rules.ts";

export interface StandardTask extends CloseStep {
  readonly title: string;
  readonly says: string;
  readonly activity: string;
  readonly fact: string | null;
  readonly place: string | null;
}

const task = (
  key: string,
  title: string,
  says: string,
  more: Partial<Pick<StandardTask, "fact" | "place" | "activity">> & { after?: readonly string[] } = {},
): StandardTask => ({
  key,
  title,
  says,
  activity: more.activity ?? "finance.bookkeeping",
  requires: more.after ?? [],
  fact: more.fact ?? null,
  place: more.place ?? null,
});

const close = "finance.close";

/** A fact that no department tells yet leaves the task to a person's judgement. */
export const standardTasks: readonly StandardTask[] = [
  task(
    "bank",
    "Reconcile the bank",
    "Statements reach the end of the month, every line is posted or set aside, and books and bank agree.",
    {
      fact: "bankIsReconciled",
      place: "/finance/reconciliation",
    },
  ),
  task("invoices", "Post all invoices", "Nothing that was delivered in the month waits as a draft.", {
    fact: "invoicesArePosted",
    place: "/r/finance/invoice?filter[state]=draft",
  }),
  task("bills", "Post all bills", "What suppliers billed for the month is approved and posted.", {
    fact: "billsArePosted",
    place: "/r/finance/bill?filter[state]=draft|approved",
  }),
  task("recurring", "Post what recurs", "Rent, leases, subscriptions: nothing due is left.", {
    fact: "recurringIsPosted",
    place: "/r/finance/entryTemplateRun?filter[state]=skipped",
  }),
  task("accruals", "Post accruals", "What belongs to the month but is billed later. Note what you looked through.", {
    after: ["bills"],
    place: "/do/finance/accrual/post?day={untilDay}",
  }),
  task("deferrals", "Recognise deferrals", "The month's part of what was paid or received ahead.", {
    fact: "deferralsAreRecognised",
    place: "/do/finance/deferral/recognise?until={untilDay}",
  }),
  task("depreciation", "Post depreciation", "The month's depreciation of every asset.", {
    fact: "depreciationIsPosted",
    place: "/do/finance/depreciationRun/post?until={untilDay}",
  }),
  task("revaluation", "Revalue foreign items", "Open items in other currencies at the month's last rate.", {
    after: ["bank", "invoices", "bills"],
    fact: "revaluationIsPosted",
    place: "/do/finance/revaluation/run?day={untilDay}",
  }),
  task("suspense", "Clarify what is unclear", "The account for what is to be clarified stands at zero.", {
    after: ["bank"],
    fact: "suspenseIsClear",
    place: "/finance/ledger",
  }),
  task("lockSales", "Lock sales", "No more invoices for the month.", {
    after: ["invoices"],
    fact: "salesIsLocked",
    place: "/do/finance/period/lock?area=sales&periodId={periodId}",
    activity: close,
  }),
  task("lockPurchase", "Lock purchasing", "No more bills for the month.", {
    after: ["bills", "accruals"],
    fact: "purchaseIsLocked",
    place: "/do/finance/period/lock?area=purchase&periodId={periodId}",
    activity: close,
  }),
  task("lockPayroll", "Lock payroll", "The runs of the month are posted.", {
    fact: "payrollIsLocked",
    place: "/do/finance/period/lock?area=payroll&periodId={periodId}",
    activity: close,
  }),
  task("subledger", "Prove the sub-ledgers", "Receivables and payables equal their control accounts.", {
    after: ["lockSales", "lockPurchase"],
    fact: "subledgerAgrees",
    place: "/finance/ageing",
  }),
  task("tax", "File the tax return", "The return of the month is filed and agrees with the ledger.", {
    after: ["lockSales", "lockPurchase"],
    fact: "taxReturnIsFiled",
    place: "/do/finance/taxReturn/file?to={untilDay}",
  }),
  task("lockTax", "Lock tax", "Nothing changes what was filed.", {
    after: ["tax"],
    fact: "taxIsLocked",
    place: "/do/finance/period/lock?area=tax&periodId={periodId}",
    activity: close,
  }),
  task("review", "Review the statements", "Compare with last month and last year; note what stands out.", {
    after: ["recurring", "deferrals", "depreciation", "revaluation", "suspense", "subledger"],
    place: "/finance/profit-and-loss",
    activity: close,
  }),
  task("lockLedger", "Lock the ledger", "Nothing is posted into the month any more.", {
    after: ["review", "lockSales", "lockPurchase", "lockPayroll", "lockTax"],
    fact: "ledgerIsLocked",
    place: "/do/finance/period/lock?area=ledger&periodId={periodId}",
    activity: close,
  }),
  task("earlier", "Months before are closed", "Months are closed in their order.", { fact: "earlierIsClosed", activity: close }),
  task("close", "Close the month", "For good: what comes later is dated later.", {
    after: ["lockLedger", "earlier"],
    fact: "periodIsClosed",
    place: "/do/finance/period/close?periodId={periodId}",
    activity: close,
  }),
];
