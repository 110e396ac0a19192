// Matching everything at once: first what the evidence shows, line by line with its reason, then posting it.
import { Button, Modal } from "@mantine/core";
import { useState } from "react";
import { DayText, Icon, MoneyText, ProblemAlert, useMay, useRun } from "../../../kit/index.ts";
import type { MatchedAll } from "./bank.ts";
import { words } from "./words.ts";

function Lines({ lines, label }: { lines: MatchedAll["lines"]; label: string }) {
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
            <DayText value={line.day} /> · {line.why}
          </span>
        </li>
      ))}
    </ul>
  );
}

export function MatchAll({ bankAccountId, open }: { bankAccountId: string; open: number }) {
  const run = useRun<MatchedAll>("finance.bankLine.matchAll", words.postedAll);
  const [shown, setShown] = useState<MatchedAll>();
  const [isOpen, setOpen] = useState(false);
  const may = useMay("finance.bankLine.matchAll");
  if (!may || open === 0) return null;
  const look = async (): Promise<void> => {
    setShown(undefined);
    setOpen(true);
    setShown(await run.preview({ bankAccountId }));
  };
  const post = async (): Promise<void> => {
    if (await run.run({ bankAccountId })) setOpen(false);
  };
  const [matched, left] = (["matched", "left"] as const).map((did) => shown?.lines.filter((line) => line.did === did) ?? []);
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<Icon name="check" size={14} />}
        loading={run.pending && !isOpen}
        onClick={() => void look()}
      >
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
        {shown && matched!.length === 0 && <p>{words.noneStrong}</p>}
        {matched!.length > 0 && (
          <>
            <h3>{words.willMatch(matched!.length)}</h3>
            <Lines lines={matched!} label={words.willMatch(matched!.length)} />
          </>
        )}
        {left!.length > 0 && (
          <details className="hw-matchall-left">
            <summary>{words.willLeave(left!.length)}</summary>
            <Lines lines={left!} label={words.willLeave(left!.length)} />
          </details>
        )}
        <div className="hw-import-do">
          <Button variant="default" onClick={() => setOpen(false)}>
            {words.cancel}
          </Button>
          {matched!.length > 0 && (
            <Button loading={run.pending} onClick={() => void post()}>
              {words.postAll(matched!.length)}
            </Button>
          )}
        </div>
      </Modal>
    </>
  );
}
