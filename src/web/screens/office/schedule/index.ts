// The hand-made screens of schedules: setting one up with the next times in sight, and its next times on its record.
import { lazy } from "react";
import type { RecordPanel, Screen } from "../../../screen.ts";
import { words } from "./words.ts";

export const scheduleScreens: readonly Screen[] = [
  {
    path: "/office/schedule/new",
    title: words.title,
    does: words.does,
    module: "office",
    needs: "office.schedule.create",
    shows: ["office.schedule.preview"],
    insteadOf: { operation: "office.schedule.create" },
    component: lazy(() => import("./new-schedule.tsx")),
  },
];

export const schedulePanels: readonly RecordPanel[] = [
  {
    register: "office.schedule",
    title: words.nextTimes,
    needs: "office.schedule.next",
    component: lazy(() => import("./schedule-panel.tsx")),
  },
];
