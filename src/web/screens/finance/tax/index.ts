// The screen of tax.
import { lazy } from "react";
import type { Screen } from "../../../screen.ts";
import { words } from "./words.ts";

export const taxScreens: readonly Screen[] = [
  {
    path: "/finance/tax-return",
    title: words.title,
    does: words.does,
    module: "finance",
    needs: "finance.taxReturn.get",
    shows: ["finance.taxReturn.lines"],
    nav: true,
    insteadOf: { operation: "finance.taxReturn.get" },
    component: lazy(() => import("./tax-return.tsx")),
  },
];
