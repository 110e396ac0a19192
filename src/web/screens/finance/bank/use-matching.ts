// Matching the chosen line and taking a match back, one after the other however fast the keys come.
import { useCallback, useRef } from "react";
import { useOperation, useRun } from "../../../kit/index.ts";
import { type BankLine, type Candidate, isWork, matchInput, minorOf, moneyLike, unsigned } from "./bank.ts";
import type { Lines } from "./use-lines.ts";
import { words } from "./words.ts";

export function useMatching(line: BankLine | undefined, lines: Pick<Lines, "leave">) {
  const isOpen = isWork(line);
  const last = useRef<string | undefined>(undefined);
  const asked = useOperation<{ candidates: Candidate[] }>("finance.bankLine.candidates", { bankLineId: line?.id }, { enabled: isOpen });
  const match = useRun("finance.bankLine.match");
  const unmatch = useRun("finance.bankLine.unmatch", words.unmatched);
  const { leave } = lines;
  const send = useCallback(
    async (input: Readonly<Record<string, unknown>>): Promise<boolean> => {
      const done = await match.run(input);
      if (done === undefined) return false;
      last.current = String(input["bankLineId"]);
      leave();
      return true;
    },
    [leave, match],
  );
  const take = async (candidate: Candidate): Promise<void> => {
    if (line && !match.pending) await send(matchInput(line.id, candidate));
  };
  /** Settles all of what the candidate names; what the line has more or less goes to an account. */
  const takeWhole = async (candidate: Candidate, accountCode: string): Promise<void> => {
    if (!line || match.pending) return;
    const allocations = candidate.allocations.map(({ openItemId, open }) => ({ openItemId, amount: open }));
    const owed = candidate.allocations.reduce((sum, { open }) => sum + minorOf(open), 0n);
    const amount = moneyLike(minorOf(unsigned(line.amount)) - owed, line.amount);
    await send({ bankLineId: line.id, allocations, lines: [{ accountCode, amount }] });
  };
  /** Of an open line the last match is taken back, of a settled one its own. */
  const undo = async (): Promise<void> => {
    const bankLineId = isOpen ? last.current : line?.id;
    if (!bankLineId || line?.state === "advised" || line?.state === "replaced" || unmatch.pending) return;
    if ((await unmatch.run({ bankLineId })) === undefined) return;
    last.current = undefined;
    if (!isOpen) leave();
  };
  return {
    asked,
    send,
    take,
    takeWhole,
    undo,
    pending: match.pending || unmatch.pending,
    problem: match.problem ?? unmatch.problem,
  };
}

export type Matching = ReturnType<typeof useMatching>;
