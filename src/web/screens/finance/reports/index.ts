// The screens of cash: the cash flow statement, changes in equity, and cash with what is due.
import { lazy } from "react";
import type { Screen } from "../../../screen.ts";
import { words } from "./words.ts";

const screen = (
  path: string,
  say: { readonly title: string; readonly does: string },
  operation: string,
  component: Screen["component"],
): Screen => ({
  path,
  title: say.title,
  does: say.does,
  module: "finance",
  needs: operation,
  nav: true,
  insteadOf: { operation },
  component,
});

export const reportScreens: readonly Screen[] = [
  screen(
    "/finance/cash-flow",
    words.cashFlow,
    "finance.cashFlow.get",
    lazy(() => import("./cash-flow.tsx")),
  ),
  screen(
    "/finance/equity",
    words.equity,
    "finance.equity.get",
    lazy(() => import("./equity.tsx")),
  ),
  screen(
    "/finance/cash",
    words.cash,
    "finance.cashForecast.get",
    lazy(() => import("./cash.tsx")),
  ),
];
