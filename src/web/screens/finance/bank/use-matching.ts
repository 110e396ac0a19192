// Matching the chosen line and taking a match back, one after the other however fast the keys come.
import { useCallback } from "react";
import { useOperation, useRun } from "../../../kit/index.ts";
import { type BankLine, type Candidate, matchInput } from "./bank.ts";
import type { Lines } from "./use-lines.ts";
import { words } from "./words.ts";

/** @param isForeign in another currency than the books: there is nothing to match with. */
export function useMatching(line: BankLine | undefined, lines: Pick<Lines, "leave">, isForeign: boolean) {
  const isOpen = line?.state === "unmatched";
  const asked = useOperation<{ candidates: Candidate[] }>(
    "finance.bankLine.candidates",
    { bankLineId: line?.id },
    { enabled: isOpen && !isForeign },
  );
  const match = useRun("finance.bankLine.match");
  const unmatch = useRun("finance.bankLine.unmatch", words.unmatched);
  const { leave } = lines;
  const send = useCallback(
    async (input: Readonly<Record<string, unknown>>): Promise<boolean> => {
      const done = await match.run(input);
      if (done === undefined) return false;
      leave();
      return true;
    },
    [leave, match],
  );
  const take = async (candidate: Candidate): Promise<void> => {
    if (line && !match.pending) await send(matchInput(line.id, candidate));
  };
  const undo = async (): Promise<void> => {
    if (!line || isOpen || line.state === "advised" || unmatch.pending) return;
    if ((await unmatch.run({ bankLineId: line.id })) !== undefined) leave();
  };
  return { asked, isForeign, send, take, undo, pending: match.pending || unmatch.pending, problem: match.problem ?? unmatch.problem };
}

export type Matching = ReturnType<typeof useMatching>;
