// The screens of requests: asking for something, following one's own, and working through what came in.
import { lazy } from "react";
import type { Screen } from "../../../screen.ts";
import { words } from "./words.ts";

export const requestScreens: readonly Screen[] = [
  {
    path: "/requests/new",
    title: words.ask.title,
    does: words.ask.does,
    module: "office",
    needs: "office.request.create",
    shows: ["office.requestKind.catalogue", "office.requestKind.form", "office.article.suggest"],
    nav: true,
    insteadOf: { operation: "office.request.create" },
    component: lazy(() => import("./new-request.tsx")),
  },
  {
    path: "/requests/mine",
    title: words.mine.title,
    does: words.mine.does,
    module: "office",
    needs: "office.request.list",
    nav: true,
    component: lazy(() => import("./my-requests.tsx")),
  },
  {
    path: "/requests/queue",
    title: words.queue.title,
    does: words.queue.does,
    module: "office",
    needs: "office.request.take",
    nav: true,
    component: lazy(() => import("./queue.tsx")),
  },
  {
    path: "/requests/$id",
    title: words.request,
    module: "office",
    needs: "office.request.get",
    insteadOf: { record: "office.request" },
    component: lazy(() => import("./request-screen.tsx")),
  },
];
