// What purchasing adds to records.
import { lazy } from "react";
import type { RecordPanel } from "../../screen.ts";
import { words } from "./words.ts";

export const purchasingPanels: readonly RecordPanel[] = [
  {
    register: "purchasing.order",
    title: words.lines,
    needs: "purchasing.orderLine.list",
    component: lazy(() => import("./order-panel.tsx")),
  },
];
