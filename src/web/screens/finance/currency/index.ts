// The screens of currencies.
import { lazy } from "react";
import type { Screen } from "../../../screen.ts";
import { inBooks } from "../book-choice.tsx";
import { words } from "./words.ts";

export const currencyScreens: readonly Screen[] = [
  {
    path: "/finance/currency-rates",
    title: words.rates.title,
    does: words.rates.does,
    module: "finance",
    needs: "finance.exchangeRate.list",
    nav: true,
    component: lazy(() => import("./rates.tsx")),
  },
  inBooks({
    path: "/finance/revaluation",
    title: words.revaluation.title,
    does: words.revaluation.does,
    module: "finance",
    needs: "finance.revaluation.preview",
    nav: true,
    insteadOf: { operation: "finance.revaluation.preview" },
    component: lazy(() => import("./revaluation.tsx")),
  }),
];
