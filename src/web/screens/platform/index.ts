// The hand-made screen for whoever keeps the house running.
import { lazy } from "react";
import type { Screen } from "../../screen.ts";
import { words } from "./words.ts";

export const platformScreens: readonly Screen[] = [
  {
    path: "/platform/status",
    title: words.title,
    does: words.does,
    module: "platform",
    needs: "platform.status.get",
    nav: true,
    insteadOf: { operation: "platform.status.get" },
    component: lazy(() => import("./status.tsx")),
  },
];
