// Which address shows which screen. Screens are split from the first load; the derived ones serve whatever the catalogue holds.
import { createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { type ComponentType, lazy, type LazyExoticComponent, type ReactNode, Suspense } from "react";
import { queryText, readQuery } from "./kit/query.ts";
import { LoadingLines } from "./kit/page.tsx";
import { screens } from "./screens.ts";
import { NotFound } from "./shell/not-found.tsx";
import { Root } from "./shell/root.tsx";
import { ScreenGate } from "./shell/screen-gate.tsx";

const root = createRootRoute({ component: Root, notFoundComponent: NotFound });

const lazily = (Screen: LazyExoticComponent<ComponentType> | ComponentType): (() => ReactNode) =>
  function Lazily() {
    return (
      <Suspense fallback={<LoadingLines />}>
        <Screen />
      </Suspense>
    );
  };

const form = lazy(() => import("./derived/form-screen.tsx"));
const report = lazy(() => import("./derived/report-screen.tsx"));

const derived: Readonly<Record<string, LazyExoticComponent<ComponentType>>> = {
  "/": lazy(() => import("./pages/today.tsx")),
  "/account": lazy(() => import("./pages/account.tsx")),
  "/sign-in": lazy(() => import("./pages/today.tsx")),
  "/m/$module": lazy(() => import("./derived/department-screen.tsx")),
  "/r/$module/$subject": lazy(() => import("./derived/register-screen.tsx")),
  "/r/$module/$subject/$id": lazy(() => import("./derived/record-screen.tsx")),
  "/do/$operation": form,
  "/do/$module/$subject/$verb": form,
  "/report/$operation": report,
  "/report/$module/$subject/$verb": report,
};

const made = screens.map((screen) => {
  const Shown = lazily(screen.component);
  return createRoute({
    getParentRoute: () => root,
    path: screen.path,
    component: function Gated() {
      return (
        <ScreenGate needs={screen.needs}>
          <Shown />
        </ScreenGate>
      );
    },
  });
});

const paths = Object.entries(derived).map(([path, Screen]) => createRoute({ getParentRoute: () => root, path, component: lazily(Screen) }));

export const router = createRouter({
  routeTree: root.addChildren([...paths, ...made]),
  parseSearch: (asked) => readQuery(asked),
  stringifySearch: (fields) => queryText(Object.entries(fields)),
  scrollRestoration: true,
  defaultPendingMinMs: 0,
});
