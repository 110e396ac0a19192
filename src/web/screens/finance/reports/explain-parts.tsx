// Any figure opens the panel with its explanation; what is asked stands in the address, so that a link shows the same and "back" closes.
import { UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import { useMay } from "../../../kit/index.ts";
import { useSetQueryFields } from "../../../kit/query-state.ts";
import { words } from "./words.ts";

/** What `finance.figure.explain` is asked. */
export type ExplainAsked = Readonly<Record<string, string | undefined>>;

export const explainField = "explain";

/** A figure that says, when clicked, what it is made of. */
export function Explained({ asked, name, column, children }: { asked: ExplainAsked; name: string; column: string; children: ReactNode }) {
  const change = useSetQueryFields();
  if (!useMay("finance.figure.explain")) return <>{children}</>;
  return (
    <UnstyledButton
      className="hw-explained"
      title={words.explain.open(name, column)}
      onClick={() => change({ [explainField]: JSON.stringify(asked) }, { push: true })}
    >
      {children}
      <span className="hw-hidden">: {words.explain.open(name, column)}</span>
    </UnstyledButton>
  );
}
