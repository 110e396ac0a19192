// The hand-made screen of invoices.
import { lazy } from "react";
import type { Screen } from "../../../screen.ts";
import { words } from "./words.ts";

export const invoiceScreens: readonly Screen[] = [
  {
    path: "/finance/invoice",
    title: words.title,
    does: words.does,
    module: "finance",
    needs: "finance.invoice.create",
    nav: true,
    insteadOf: { operation: "finance.invoice.create" },
    component: lazy(() => import("./invoice-editor.tsx")),
  },
];
