// The screens of the books, and what they add to the records of finance and of its customers and suppliers.
import { lazy } from "react";
import type { RecordPanel, Screen } from "../../screen.ts";
import { words } from "./book-words.ts";

export const bookScreens: readonly Screen[] = [
  {
    path: "/finance/journal-entry",
    title: words.entry.title,
    does: words.entry.does,
    module: "finance",
    needs: "finance.journalEntry.post",
    nav: true,
    insteadOf: { operation: "finance.journalEntry.post" },
    component: lazy(() => import("./journal-entry.tsx")),
  },
];

export const bookPanels: readonly RecordPanel[] = [];
