// The hand-made screen of business calendars: a month with what is worked each day.
import { lazy } from "react";
import type { Screen } from "../../../screen.ts";
import { calendarWords as words } from "./words.ts";

export const calendarScreens: readonly Screen[] = [
  {
    path: "/directory/working-time",
    title: words.title,
    does: words.does,
    module: "directory",
    needs: "directory.calendar.month",
    nav: true,
    insteadOf: { operation: "directory.calendar.month" },
    component: lazy(() => import("./working-time.tsx")),
  },
];
