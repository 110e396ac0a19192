// A journal entry while it is typed: kept in this tab until it is posted, checked here, previewed and posted by the server.
import { useCallback, useEffect, useMemo, useState } from "react";
import type { Problem } from "../../client.ts";
import { recordPath, useGo, useMe, useRun, useToday } from "../../kit/index.ts";
import { useQueryFields } from "../../kit/query-state.ts";
import { useBook } from "./book-choice.tsx";
import { balanced, blankLine, isBlank, lastFilled, type LineDraft, mistakesOf, sentLine, sumsOf, withTail } from "./entry-lines.rules.ts";
import { type Placed, placedIn } from "./entry-refusal.rules.ts";
import { words } from "./book-words.ts";

export interface EntryDraft {
  readonly day: string | null;
  readonly journal: string;
  readonly text: string;
  readonly reference: string;
  readonly lines: readonly LineDraft[];
}

interface Posted {
  readonly id: string;
  readonly number: string;
}

const firstLines = [blankLine(1), blankLine(2)];

function sentOf(draft: EntryDraft, currency: string): Record<string, unknown> {
  const filled = draft.lines.filter((line) => !isBlank(line));
  return {
    journal: draft.journal,
    day: draft.day,
    text: draft.text.trim(),
    ...(draft.reference.trim() ? { reference: draft.reference.trim() } : {}),
    lines: filled.map((line) => sentLine(line, currency)),
  };
}

const saidIn = (problem: Problem | undefined) =>
  problem === undefined ? [] : problem.mistakes.length > 0 ? problem.mistakes : [{ path: problem.path ?? [], message: problem.detail }];

function isRight(draft: EntryDraft, currency: string): boolean {
  const filled = draft.lines.filter((line) => !isBlank(line));
  const linesAreRight = filled.length >= 2 && filled.every((line) => Object.keys(mistakesOf(line, currency)).length === 0);
  return draft.day !== null && draft.text.trim() !== "" && linesAreRight && sumsOf(filled, currency).difference === 0n;
}

/** The first field that needs another look gets the focus, once the words stand beside it. Not a day: its calendar would cover them. */
const focusMistake = (): void => {
  setTimeout(() => document.querySelector<HTMLElement>('.hw-entry [aria-invalid="true"]:not([data-col="day"])')?.focus(), 30);
};

/** What this person typed for these books; it outlives a reload and a look at another page of this tab. */
function useDraftOfEntry() {
  const today = useToday();
  const given = useQueryFields();
  const { user, tenant } = useMe();
  const key = `heartwood.journalEntry.${tenant.id}.${user.id}.${useBook()?.id}`;
  const start = (): EntryDraft => ({
    day: given["day"] ?? today,
    journal: given["journal"] ?? "GEN",
    text: given["text"] ?? "",
    reference: given["reference"] ?? "",
    lines: firstLines,
  });
  const [draft, setDraft] = useState<EntryDraft>(() => {
    const kept = sessionStorage.getItem(key);
    return kept ? (JSON.parse(kept) as EntryDraft) : start();
  });
  useEffect(() => {
    if (draft.text === "" && draft.lines.every(isBlank)) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(draft));
  }, [draft, key]);
  const clear = (): void => {
    sessionStorage.removeItem(key);
    setDraft(start());
  };
  return { draft, setDraft, clear };
}

function useSending(draft: EntryDraft, currency: string, clear: () => void) {
  const go = useGo();
  const running = useRun<Posted>("finance.journalEntry.post", words.entry.posted);
  const [sent, setSent] = useState<readonly LineDraft[]>([]);
  const [preview, setPreview] = useState<{ of: EntryDraft; number: string }>();
  const [tried, setTried] = useState(false);
  const placed: Placed = useMemo(() => placedIn(saidIn(running.problem), sent), [running.problem, sent]);
  const send = async (isPreview: boolean): Promise<void> => {
    setTried(true);
    setPreview(undefined);
    if (!isRight(draft, currency)) return focusMistake();
    setSent(draft.lines.filter((line) => !isBlank(line)));
    const input = sentOf(draft, currency);
    const posted = isPreview ? await running.preview(input) : await running.run(input);
    if (!posted) return focusMistake();
    if (isPreview) return setPreview({ of: draft, number: posted.number });
    clear();
    go(recordPath("finance.journalEntry", posted.id));
  };
  return { running, send, placed, tried, setTried, preview: preview?.of === draft ? preview : undefined };
}

export function useEntry(currency: string) {
  const { draft, setDraft, clear: empty } = useDraftOfEntry();
  const sending = useSending(draft, currency, empty);
  const { reset, problem } = sending.running;
  const change = useCallback(
    (next: (draft: EntryDraft) => Partial<EntryDraft>) => {
      setDraft((now) => ({ ...now, ...next(now) }));
      if (problem) reset();
    },
    [problem, reset, setDraft],
  );
  const changeLines = useCallback(
    (next: (lines: readonly LineDraft[]) => readonly LineDraft[]) => change(({ lines }) => ({ lines: withTail(next(lines)) })),
    [change],
  );
  const changeLine = useCallback(
    (key: number, part: Partial<LineDraft>) =>
      changeLines((lines) => lines.map((line) => (line.key === key ? { ...line, ...part } : line))),
    [changeLines],
  );
  const clear = (): void => {
    empty();
    sending.setTried(false);
    reset();
  };
  const balanceLast = (): void => {
    changeLines((lines) => {
      const last = lastFilled(lines);
      return last ? balanced(lines, last.key, currency) : lines;
    });
  };
  return { draft, currency, change, changeLines, changeLine, balanceLast, clear, sums: sumsOf(draft.lines, currency), ...sending };
}

export type EntryHand = ReturnType<typeof useEntry>;
