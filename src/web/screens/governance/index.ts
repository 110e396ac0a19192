// The hand-made screens of governance: the risk heat map.
import { lazy } from "react";
import type { Screen } from "../../screen.ts";
import { words } from "./words.ts";

export const governanceScreens: readonly Screen[] = [
  {
    path: "/governance/heat-map",
    title: words.title,
    does: words.does,
    module: "governance",
    needs: "governance.risk.heatMap",
    nav: true,
    insteadOf: { operation: "governance.risk.heatMap" },
    component: lazy(() => import("./heat-map-screen.tsx")),
  },
];
