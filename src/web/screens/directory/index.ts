// The hand-made screens of the directory: the organisation chart.
import { lazy } from "react";
import type { Screen } from "../../screen.ts";
import { calendarScreens } from "./calendar/index.ts";
import { words } from "./words.ts";

export const directoryScreens: readonly Screen[] = [
  {
    path: "/directory/org-chart",
    title: words.chart,
    does: words.chartDoes,
    module: "directory",
    needs: "directory.orgChart.get",
    nav: true,
    insteadOf: { operation: "directory.orgChart.get" },
    component: lazy(() => import("./org-chart.tsx")),
  },
  ...calendarScreens,
];
