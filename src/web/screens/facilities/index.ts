// The hand-made screens of facilities: the year of maintenance, the work order in the field, a thing with its meters, a place.
import { lazy } from "react";
import type { RecordPanel, Screen } from "../../screen.ts";
import { words } from "./words.ts";

export const facilitiesScreens: readonly Screen[] = [
  {
    path: "/facilities/year",
    title: words.yearTitle,
    does: words.yearDoes,
    module: "facilities",
    needs: "facilities.maintenancePlan.list",
    nav: true,
    component: lazy(() => import("./year.tsx")),
  },
];

export const facilitiesPanels: readonly RecordPanel[] = [
  {
    register: "facilities.workOrder",
    title: words.checklist,
    needs: "facilities.checklistItem.list",
    shows: ["facilities.checklistItem"],
    component: lazy(() => import("./work-panel.tsx")),
  },
  {
    register: "facilities.equipment",
    title: words.work,
    needs: "facilities.workOrder.list",
    component: lazy(() => import("./equipment-panel.tsx")),
  },
  {
    register: "facilities.equipment",
    title: words.label,
    needs: "facilities.label.get",
    component: lazy(() => import("./label-panel.tsx")),
  },
  {
    register: "directory.place",
    title: words.outHere,
    needs: "facilities.installation.list",
    component: lazy(() => import("./place-panel.tsx")),
  },
];
