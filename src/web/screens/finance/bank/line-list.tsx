// The lines of the bank, as one list that arrows walk through.
import { SegmentedControl, TextInput } from "@mantine/core";
import { type Ref, useEffect, useRef } from "react";
import { DayText, EmptyState, Icon, LoadingLines, MoneyText, ProblemAlert, StateBadge } from "../../../kit/index.ts";
import type { BankLine } from "./bank.ts";
import type { Lines } from "./use-lines.ts";
import { words } from "./words.ts";

const shows = [
  { value: "open", label: words.open },
  { value: "done", label: words.done },
  { value: "all", label: words.all },
];

export const nameOf = (line: BankLine): string => line.counterpartyName || line.party || words.noName;

function Line({ line, isChosen, isPlain, onChoose }: { line: BankLine; isChosen: boolean; isPlain: boolean; onChoose: () => void }) {
  const own = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isChosen) own.current?.scrollIntoView({ block: "nearest" });
  }, [isChosen]);
  return (
    // The list itself has the keyboard; a line is reached by arrows, not by tab.
    <div
      ref={own}
      id={`line-${line.id}`}
      role="option"
      aria-selected={isChosen}
      className="hw-bankline"
      data-state={line.state}
      onClick={onChoose}
    >
      <span className="hw-bankline-name">{nameOf(line)}</span>
      <MoneyText value={line.amount} />
      <span className="hw-bankline-text">{line.text || line.reference || line.endToEndId || ""}</span>
      <span className="hw-bankline-side">{isPlain ? <DayText value={line.day} /> : <StateBadge state={line.state} />}</span>
    </div>
  );
}

function Nothing({ lines, isFirst, onImport }: { lines: Lines; isFirst: boolean; onImport: React.ReactNode }) {
  if (lines.search) return <EmptyState icon="search" compact title={words.noneFound} />;
  if (isFirst) return <EmptyState icon="upload" title={words.firstImport} says={words.firstImportSays} action={onImport} />;
  if (lines.show === "done") return <EmptyState icon="list" title={words.noneDone} />;
  return <EmptyState icon="check" title={words.allDone} says={words.allDoneSays} />;
}

interface LineListProps {
  readonly lines: Lines;
  readonly list: Ref<HTMLDivElement>;
  readonly search: Ref<HTMLInputElement>;
  readonly isFirst: boolean;
  readonly onImport: React.ReactNode;
}

export function LineList({ lines, list, search, isFirst, onImport }: LineListProps) {
  const { asked, rows } = lines;
  const onScroll = (box: HTMLDivElement): void => {
    if (box.scrollHeight - box.scrollTop - box.clientHeight < 400 && asked.hasNextPage && !asked.isFetchingNextPage)
      void asked.fetchNextPage();
  };
  return (
    <section className="hw-banklines" aria-label={words.listLabel}>
      <div className="hw-banklines-tools">
        <SegmentedControl size="xs" data={shows} value={lines.show} onChange={lines.setShow} aria-label={words.show} />
        <TextInput
          ref={search}
          size="xs"
          className="hw-banklines-search"
          aria-label={words.search}
          placeholder={`${words.search} (/)`}
          leftSection={<Icon name="search" size={14} />}
          value={lines.typed}
          onChange={(event) => lines.setTyped(event.currentTarget.value)}
        />
      </div>
      {asked.error && <ProblemAlert problem={asked.error} retry={() => void asked.refetch()} />}
      {!rows && !asked.error && <LoadingLines lines={9} />}
      {rows?.length === 0 && <Nothing lines={lines} isFirst={isFirst} onImport={onImport} />}
      {rows && rows.length > 0 && (
        <div
          ref={list}
          role="listbox"
          tabIndex={0}
          aria-label={words.listLabel}
          aria-activedescendant={lines.chosen ? `line-${lines.chosen.id}` : undefined}
          className="hw-banklines-list"
          onScroll={(event) => onScroll(event.currentTarget)}
        >
          {rows.map((line) => (
            <Line
              key={line.id}
              line={line}
              isChosen={line.id === lines.lineId}
              isPlain={line.state === "unmatched"}
              onChoose={() => lines.choose(line.id)}
            />
          ))}
        </div>
      )}
    </section>
  );
}
