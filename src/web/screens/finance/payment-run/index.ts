// The screens of payment runs.
import { lazy } from "react";
import type { Screen } from "../../../screen.ts";
import { words } from "./words.ts";

export const paymentRunScreens: readonly Screen[] = [
  {
    path: "/finance/payment-runs",
    title: words.title,
    does: words.does,
    module: "finance",
    needs: "finance.paymentRun.list",
    nav: true,
    insteadOf: { register: "finance.paymentRun" },
    component: lazy(() => import("./run-list.tsx")),
  },
  {
    path: "/finance/payment-runs/$id",
    title: words.title,
    module: "finance",
    needs: "finance.paymentRun.get",
    insteadOf: { record: "finance.paymentRun" },
    component: lazy(() => import("./run-screen.tsx")),
  },
];
