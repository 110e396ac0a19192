// The frame of every address: signed in it is the shell, signed out it is the sign-in page, and the address stays where it was.
import { useQueryClient } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { ProblemAlert } from "../kit/page.tsx";
import { SessionProvider, useSessionState } from "../kit/session.tsx";
import { text } from "../text.ts";
import { Fallen } from "./fallen.tsx";
import { Shell } from "./shell.tsx";

const SignIn = lazy(() => import("../pages/sign-in.tsx"));

function Waiting() {
  return (
    <div className="hw-waiting" role="status">
      <span className="hw-waiting-mark" aria-hidden />
      <span className="hw-hidden">{text.loading}</span>
    </div>
  );
}

/** A 401 on any read means that the session has ended elsewhere: ask who is there again. */
function useSignOutWatch(): void {
  const client = useQueryClient();
  useEffect(
    () =>
      client.getQueryCache().subscribe((event) => {
        const failed = event.type === "updated" && event.action.type === "error" ? (event.action.error as { status?: number }) : undefined;
        if (failed?.status === 401 && event.query.queryKey[0] === "operation") void client.invalidateQueries({ queryKey: ["me"] });
      }),
    [client],
  );
}

export function Root() {
  const state = useSessionState();
  useSignOutWatch();
  if (state.is === "loading") return <Waiting />;
  if (state.is === "signedOut") {
    return (
      <Suspense fallback={<Waiting />}>
        <SignIn />
      </Suspense>
    );
  }
  if (state.is === "broken") {
    return (
      <main className="hw-alone">
        <ProblemAlert problem={state.problem} retry={state.retry} />
      </main>
    );
  }
  return (
    <SessionProvider session={state.session}>
      <Shell>
        <Fallen>
          <Outlet />
        </Fallen>
      </Shell>
    </SessionProvider>
  );
}
