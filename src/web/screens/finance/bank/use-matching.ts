// Matching the chosen line and taking a match back. The next line is chosen at once; what was said of the lines before it is done one
// after the other meanwhile, however fast the keys come. A line that was refused stays in the list and is named.
import { useCallback, useEffect, useRef, useState } from "react";
import type { Problem } from "../../../client.ts";
import { useOperation, useRun } from "../../../kit/index.ts";
import { type BankLine, type Candidate, isWork, matchInput, minorOf, moneyLike, unsigned } from "./bank.ts";
import type { Lines } from "./use-lines.ts";
import { words } from "./words.ts";

export interface Refused {
  readonly line: BankLine;
  readonly problem: Problem;
}

/** Deeds in the order in which they were wished; each waits for the answer to the one before. */
function useTurns() {
  const before = useRef<Promise<unknown>>(Promise.resolve());
  return useCallback(<T>(deed: () => Promise<T>): Promise<T> => {
    const own = before.current.then(deed);
    before.current = own;
    return own;
  }, []);
}

/** Sends matches; `sent` are the lines whose answer is under way. */
function useSending(leave: Lines["leave"]) {
  const inTurn = useTurns();
  const match = useRun("finance.bankLine.match");
  const unmatch = useRun("finance.bankLine.unmatch", words.unmatched);
  const [sent, setSent] = useState<ReadonlySet<string>>(new Set());
  const [refused, setRefused] = useState<Refused>();
  const [last, tried] = [useRef<string | undefined>(undefined), useRef<BankLine | undefined>(undefined)];
  useEffect(() => {
    if (match.problem && tried.current) setRefused({ line: tried.current, problem: match.problem });
  }, [match.problem, tried]);
  const send = async (line: BankLine, input: Readonly<Record<string, unknown>>): Promise<void> => {
    if (sent.has(line.id)) return;
    setSent((now) => new Set([...now, line.id]));
    setRefused((now) => (now?.line.id === line.id ? undefined : now));
    leave((id) => id === line.id || sent.has(id));
    const done = await inTurn(() => {
      tried.current = line;
      return match.run({ bankLineId: line.id, ...input });
    });
    if (done !== undefined) last.current = line.id;
    setSent((now) => new Set([...now].filter((id) => id !== line.id)));
  };
  /** Of an open line the last match is taken back, of a settled one its own. */
  const undo = (line: BankLine | undefined): Promise<void> =>
    inTurn(async () => {
      const isOpen = isWork(line);
      const bankLineId = isOpen ? last.current : line?.id;
      if (!bankLineId || line?.state === "advised" || line?.state === "replaced") return;
      if ((await unmatch.run({ bankLineId })) === undefined) return;
      last.current = undefined;
      if (!isOpen) leave((id) => id === bankLineId);
    });
  return { send, undo, sent, refused, isUndoing: unmatch.pending, problem: unmatch.problem };
}

export function useMatching(line: BankLine | undefined, lines: Pick<Lines, "leave">) {
  const sending = useSending(lines.leave);
  const asked = useOperation<{ candidates: Candidate[] }>(
    "finance.bankLine.candidates",
    { bankLineId: line?.id },
    { enabled: isWork(line) },
  );
  const send = (input: Readonly<Record<string, unknown>>): void => {
    if (line) void sending.send(line, input);
  };
  return {
    asked,
    send,
    take: (candidate: Candidate): void => send(matchInput(candidate)),
    /** Settles all of what the candidate names; what the line has more or less goes to an account. */
    takeWhole: (candidate: Candidate, accountCode: string): void => {
      if (!line) return;
      const allocations = candidate.allocations.map(({ openItemId, open }) => ({ openItemId, amount: open }));
      const owed = candidate.allocations.reduce((sum, { open }) => sum + minorOf(open), 0n);
      const amount = moneyLike(minorOf(unsigned(line.amount)) - owed, line.amount);
      send({ allocations, lines: [{ accountCode, amount }] });
    },
    undo: (): void => void sending.undo(line),
    sent: sending.sent,
    pending: sending.isUndoing || Boolean(line && sending.sent.has(line.id)),
    refused: sending.refused,
    problem: sending.problem,
  };
}

export type Matching = ReturnType<typeof useMatching>;
