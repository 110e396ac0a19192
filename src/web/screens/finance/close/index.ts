// The close's screen.
import { lazy } from "react";
import type { Screen } from "../../../screen.ts";
import { words } from "./words.ts";

export const closeScreens: readonly Screen[] = [
  {
    path: "/finance/close",
    title: words.title,
    does: words.does,
    module: "finance",
    needs: "finance.closeBoard.get",
    nav: true,
    insteadOf: { operation: "finance.closeBoard.get" },
    component: lazy(() => import("./close.tsx")),
  },
];
