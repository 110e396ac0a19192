// Shows a screen only to people whose roles include what it needs, and says so to the others.
import type { ReactNode } from "react";
import { Problem } from "../client.ts";
import { ProblemAlert } from "../kit/page.tsx";
import { useCatalogue } from "../kit/session.tsx";
import { text } from "../text.ts";

export function ScreenGate({ needs, children }: { needs?: string; children: ReactNode }) {
  const catalogue = useCatalogue();
  if (!needs || catalogue.may(needs)) return <>{children}</>;
  return (
    <ProblemAlert
      problem={new Problem(403, { code: "notPermitted", title: text.notPermitted.title, detail: text.notPermitted.detail(needs) })}
    />
  );
}
