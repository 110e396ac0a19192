// Bringing books in from elsewhere.
import { lazy } from "react";
import type { Screen } from "../../../screen.ts";
import { words } from "./words.ts";

const component = lazy(() => import("./import-screen.tsx"));

export const importScreens: readonly Screen[] = [
  {
    path: "/finance/import",
    title: words.title,
    does: words.does,
    module: "finance",
    needs: "finance.import.table",
    shows: ["finance.import.columns", "finance.import.checkTable"],
    nav: true,
    insteadOf: { operation: "finance.import.table" },
    component,
  },
  {
    path: "/finance/import/journal",
    title: words.title,
    does: words.does,
    module: "finance",
    needs: "finance.import.journal",
    shows: ["finance.import.checkJournal"],
    insteadOf: { operation: "finance.import.journal" },
    component,
  },
];
