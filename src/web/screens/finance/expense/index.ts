// The screen of expenses: one's own, made for a phone.
import { lazy } from "react";
import type { Screen } from "../../../screen.ts";
import { words } from "./words.ts";

export const expenseScreens: readonly Screen[] = [
  {
    path: "/finance/my-expenses",
    title: words.title,
    does: words.does,
    module: "finance",
    needs: "finance.expenseLine.addReceipt",
    nav: true,
    component: lazy(() => import("./my-expenses.tsx")),
  },
];
