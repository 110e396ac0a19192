// The hand-made screens of the office: the responsibility map and the calendar of deadlines.
import { lazy } from "react";
import type { Screen } from "../../screen.ts";
import { approvalScreens } from "./approval/index.ts";
import { efficiencyScreens } from "./efficiency/index.ts";
import { requestScreens } from "./request/index.ts";
import { scheduleScreens } from "./schedule/index.ts";
import { deadlineWords, handOverWords, mapWords } from "./words.ts";

export const officeScreens: readonly Screen[] = [
  {
    path: "/office/responsibilities",
    title: mapWords.title,
    does: mapWords.does,
    module: "office",
    needs: "office.responsibility.map",
    shows: ["office.responsibility.answered"],
    nav: true,
    insteadOf: { operation: "office.responsibility.map" },
    component: lazy(() => import("./responsibility-map.tsx")),
  },
  {
    path: "/office/hand-over",
    title: handOverWords.title,
    does: handOverWords.does,
    module: "office",
    needs: "office.responsibility.handOver",
    insteadOf: { operation: "office.responsibility.handOver" },
    component: lazy(() => import("./hand-over.tsx")),
  },
  {
    path: "/office/deadline-calendar",
    title: deadlineWords.title,
    does: deadlineWords.does,
    module: "office",
    needs: "office.deadline.list",
    nav: true,
    component: lazy(() => import("./deadline-calendar.tsx")),
  },
  ...efficiencyScreens,
  ...requestScreens,
  ...scheduleScreens,
  ...approvalScreens,
];
