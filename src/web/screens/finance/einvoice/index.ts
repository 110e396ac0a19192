// What finance adds to the records of electronic invoices.
import { lazy } from "react";
import type { RecordPanel } from "../../../screen.ts";
import { words } from "./words.ts";

export const eInvoicePanels: readonly RecordPanel[] = [
  {
    register: "finance.eInvoice",
    title: words.panel,
    needs: "finance.eInvoice.view",
    component: lazy(() => import("./e-invoice-panel.tsx")),
  },
];
