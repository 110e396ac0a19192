// The hand-made screen on how work fares.
import { lazy } from "react";
import type { Screen } from "../../../screen.ts";
import { efficiencyWords } from "./words.ts";

export const efficiencyScreens: readonly Screen[] = [
  {
    path: "/office/efficiency",
    title: efficiencyWords.title,
    does: efficiencyWords.does,
    module: "office",
    needs: "office.efficiency.show",
    shows: ["office.efficiency.trend", "office.efficiency.waiting", "office.efficiency.items"],
    nav: true,
    insteadOf: { operation: "office.efficiency.show" },
    component: lazy(() => import("./efficiency-screen.tsx")),
  },
];
