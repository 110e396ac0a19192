// The hand-made screens of finance: the books, and the bank's lines with what they pay.
import { lazy } from "react";
import type { RecordPanel, Screen } from "../../screen.ts";
import { inBooks } from "./book-choice.tsx";
import { bookPanels, bookScreens } from "./books.ts";
import { eInvoicePanels } from "./einvoice/index.ts";
import { expenseScreens } from "./expense/index.ts";
import { fixedAssetPanels } from "./fixed-asset/index.ts";
import { words } from "./bank/words.ts";
import { importScreens } from "./import/index.ts";
import { reportScreens } from "./reports/index.ts";
import { invoiceScreens } from "./invoice/index.ts";
import { billScreens } from "./bill/index.ts";
import { paymentRunScreens } from "./payment-run/index.ts";
import { closeScreens } from "./close/index.ts";
import { currencyScreens } from "./currency/index.ts";
import { taxScreens } from "./tax/index.ts";

export const financeScreens: readonly Screen[] = [
  ...[...bookScreens, ...reportScreens, ...closeScreens, ...taxScreens, ...importScreens].map(inBooks),
  // Rates are of the whole company, a document and a run of their own books: these screens say themselves which they are about.
  ...currencyScreens,
  ...invoiceScreens,
  ...expenseScreens,
  ...billScreens,
  ...paymentRunScreens,
  {
    path: "/finance/reconciliation",
    title: words.reconciliation,
    does: words.reconciliationDoes,
    module: "finance",
    needs: "finance.bankLine.candidates",
    shows: ["finance.bankLine.proposals", "finance.bankReconciliation.get"],
    nav: true,
    component: lazy(() => import("./bank/reconciliation.tsx")),
  },
];

export const financePanels: readonly RecordPanel[] = [...bookPanels, ...fixedAssetPanels, ...eInvoicePanels];
