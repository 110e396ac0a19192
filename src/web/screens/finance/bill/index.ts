// The bill editor.
import { lazy } from "react";
import type { Screen } from "../../../screen.ts";
import { words } from "./words.ts";

export const billScreens: readonly Screen[] = [
  {
    path: "/finance/bill/new",
    title: words.title,
    does: words.does,
    module: "finance",
    needs: "finance.bill.create",
    shows: ["finance.bill.propose"],
    nav: true,
    insteadOf: { operation: "finance.bill.create" },
    component: lazy(() => import("./bill-new.tsx")),
  },
  {
    path: "/finance/bill/change",
    title: words.changeTitle,
    does: words.changeDoes,
    module: "finance",
    needs: "finance.bill.change",
    insteadOf: { operation: "finance.bill.change" },
    component: lazy(() => import("./bill-new.tsx")),
  },
];
