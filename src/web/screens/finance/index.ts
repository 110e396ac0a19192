// The hand-made screens of finance: the books, and the bank's lines with what they pay.
import { lazy } from "react";
import type { Screen } from "../../screen.ts";
import { bookScreens } from "./books.ts";
import { words } from "./bank/words.ts";

export const financeScreens: readonly Screen[] = [
  ...bookScreens,
  {
    path: "/finance/reconciliation",
    title: words.reconciliation,
    does: words.reconciliationDoes,
    module: "finance",
    needs: "finance.bankLine.candidates",
    nav: true,
    component: lazy(() => import("./bank/reconciliation.tsx")),
  },
];

export { bookPanels as financePanels } from "./books.ts";
