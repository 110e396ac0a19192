// What finance adds to the records of fixed assets.
import { lazy } from "react";
import type { RecordPanel } from "../../../screen.ts";
import { words } from "./words.ts";

export const fixedAssetPanels: readonly RecordPanel[] = [
  {
    register: "finance.fixedAsset",
    title: words.schedule,
    needs: "finance.fixedAsset.schedule",
    component: lazy(() => import("./schedule-panel.tsx")),
  },
];
