// Shows a screen only to people whose roles include what it needs, and says so to the others.
import type { ReactNode } from "react";
import { useCatalogue } from "../kit/session.tsx";
import { NoEntry } from "./no-entry.tsx";

export function ScreenGate({ needs, children }: { needs?: string; children: ReactNode }) {
  const catalogue = useCatalogue();
  return !needs || catalogue.may(needs) ? <>{children}</> : <NoEntry needs={needs} />;
}
