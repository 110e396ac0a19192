// Matching everything at once: first what the evidence shows, line by line with its reason, then posting it.
import { Button, Modal, Progress } from "@mantine/core";
import { useRef, useState } from "react";
import { DayText, Icon, Loaded, MoneyText, ProblemAlert, sentenceText, useMay, useOperation, useRun } from "../../../kit/index.ts";
import type { MatchedAll, Proposals } from "./bank.ts";
import { words } from "./words.ts";

function Lines({ lines, label }: { lines: Proposals["lines"]; label: string }) {
  return (
    // It scrolls, so the keyboard must reach it.
    <ul className="hw-matchall-lines" tabIndex={0} aria-label={label}>
      {lines.map((line) => (
        <li key={line.bankLineId}>
          <span className="hw-bankline-name">
            {line.party ?? (line.text || words.noName)}
            {line.settles && line.did === "matched" ? ` · ${line.settles}` : ""}
          </span>
          <MoneyText value={line.amount} />
          <span className="hw-dim hw-small hw-anywhere">
            <DayText value={line.day} /> · {sentenceText(line.why)}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Batch by batch, so that it is seen and can be stopped. */
function usePosting(bankAccountId: string, run: ReturnType<typeof useRun<MatchedAll>>, onDone: () => void) {
  const [posted, setPosted] = useState<number>();
  const stopped = useRef(false);
  const post = async (): Promise<void> => {
    stopped.current = false;
    let after: string | undefined;
    let sum = 0;
    do {
      setPosted(sum);
      const done = await run.run({ bankAccountId, limit: 2000, after });
      if (!done) break;
      sum += done.matched;
      after = done.next ?? undefined;
    } while (after && !stopped.current);
    setPosted(undefined);
    if (sum > 0) onDone();
  };
  return { posted, post, stop: () => (stopped.current = true) };
}

function Shown({ proposals }: { proposals: Proposals }) {
  const [matched, left] = (["matched", "left"] as const).map((did) => proposals.lines.filter((line) => line.did === did));
  const rest = proposals.left + proposals.waiting;
  return (
    <>
      {proposals.matched === 0 && <p>{words.noneStrong}</p>}
      {proposals.matched > 0 && (
        <>
          <h3>{words.willMatch(proposals.matched)}</h3>
          <Lines lines={matched!} label={words.willMatch(proposals.matched)} />
          {matched!.length < proposals.matched && <p className="hw-dim hw-small">{words.firstShown(matched!.length)}</p>}
        </>
      )}
      {rest > 0 && (
        <details className="hw-matchall-left">
          <summary>{words.willLeave(rest)}</summary>
          <Lines lines={left!} label={words.willLeave(rest)} />
          {left!.length < rest && <p className="hw-dim hw-small">{words.firstShown(left!.length)}</p>}
        </details>
      )}
    </>
  );
}

export function MatchAll({ bankAccountId, open }: { bankAccountId: string; open: number }) {
  const run = useRun<MatchedAll>("finance.bankLine.matchAll", words.postedAll);
  const [isOpen, setOpen] = useState(false);
  const may = useMay("finance.bankLine.matchAll");
  const { posted, post, stop } = usePosting(bankAccountId, run, () => setOpen(false));
  // What was shown stays while it posts.
  const proposals = useOperation<Proposals>("finance.bankLine.proposals", { bankAccountId }, { enabled: isOpen && posted === undefined });
  // While it posts, the lines that are left get fewer, down to none.
  if (!may || (open === 0 && posted === undefined)) return null;
  const matched = proposals.data?.matched ?? 0;
  return (
    <>
      <Button size="xs" variant="default" leftSection={<Icon name="check" size={14} />} onClick={() => setOpen(true)}>
        {words.matchAll}
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={words.matchAllTitle}
        size="xl"
        closeButtonProps={{ "aria-label": words.close }}
      >
        <p className="hw-dim">{words.matchAllSays}</p>
        <ProblemAlert problem={run.problem} />
        <Loaded query={proposals} lines={8}>
          {(found) => <Shown proposals={found} />}
        </Loaded>
        {posted !== undefined && (
          <div className="hw-matchall-progress" role="status">
            <Progress value={(100 * posted) / Math.max(open, 1)} animated aria-label={words.postingAll(posted)} />
            <span className="hw-small hw-number">{words.postingAll(posted)}</span>
          </div>
        )}
        <div className="hw-import-do">
          <Button variant="default" onClick={() => (posted === undefined ? setOpen(false) : stop())}>
            {posted === undefined ? words.cancel : words.stop}
          </Button>
          {matched > 0 && (
            <Button loading={run.pending} onClick={() => void post()}>
              {words.postAll(matched)}
            </Button>
          )}
        </div>
      </Modal>
    </>
  );
}
