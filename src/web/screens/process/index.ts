// The hand-made screens of processes: what is under way, and one run on its timeline.
import { lazy } from "react";
import type { Screen } from "../../screen.ts";
import { words } from "./words.ts";

export const processScreens: readonly Screen[] = [
  {
    path: "/process/under-way",
    title: words.underWay,
    does: words.runsDoes,
    module: "process",
    needs: "process.run.list",
    nav: true,
    insteadOf: { register: "process.run" },
    component: lazy(() => import("./under-way.tsx")),
  },
  {
    path: "/process/runs/$id",
    title: words.steps,
    module: "process",
    needs: "process.run.timeline",
    insteadOf: { record: "process.run" },
    component: lazy(() => import("./run-timeline.tsx")),
  },
];
