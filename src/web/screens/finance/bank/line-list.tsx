// The lines of the bank, as one list that arrows walk through.
import { SegmentedControl, TextInput } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, type Ref, useEffect } from "react";
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

interface LineProps {
  readonly line: BankLine;
  readonly isChosen: boolean;
  readonly isMarked: boolean;
  /** Its match is under way. */
  readonly isSent: boolean;
  readonly isPlain: boolean;
  readonly place: number;
  readonly all: number;
  readonly onChoose: () => void;
  readonly style: React.CSSProperties;
}

function Line({ line, isChosen, isMarked, isSent, isPlain, place, all, onChoose, style }: LineProps) {
  return (
    // The list itself has the keyboard; a line is reached by arrows, not by tab.
    <div
      id={`line-${line.id}`}
      role="option"
      aria-selected={isChosen}
      aria-posinset={place + 1}
      aria-setsize={all}
      className="hw-bankline"
      data-state={line.state}
      data-marked={isMarked || undefined}
      aria-busy={isSent || undefined}
      style={style}
      onClick={onChoose}
    >
      <span className="hw-bankline-name">
        {isMarked && <Icon name="check" size={13} />} {nameOf(line)}
      </span>
      <MoneyText value={line.amount} />
      <span className="hw-bankline-text">{line.text || line.reference || line.endToEndId || ""}</span>
      <span className="hw-bankline-side">{isPlain ? <DayText value={line.day} /> : <StateBadge state={line.state} />}</span>
    </div>
  );
}

/** Two lines of text with their padding; every line is as high as the others. */
const lineHeight = 57;

function Rows({ lines, list, marked, sent }: Pick<LineListProps, "lines" | "list" | "marked" | "sent">) {
  const { asked, place } = lines;
  const rows = lines.rows ?? [];
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => list.current,
    estimateSize: () => lineHeight,
    overscan: 10,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = asked;
  useEffect(() => {
    if (last >= rows.length - 30 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage, last, rows.length]);
  useEffect(() => {
    if (place >= 0) virtual.scrollToIndex(place);
  }, [place, virtual]);
  return (
    <div
      ref={list}
      role="listbox"
      tabIndex={0}
      aria-label={words.listLabel}
      aria-activedescendant={lines.chosen ? `line-${lines.chosen.id}` : undefined}
      className="hw-banklines-list"
    >
      <div style={{ height: virtual.getTotalSize(), position: "relative" }} role="presentation">
        {shown.map(({ index, start }) => {
          const line = rows[index]!;
          return (
            <Line
              key={line.id}
              line={line}
              place={index}
              all={rows.length}
              isChosen={line.id === lines.lineId}
              isMarked={marked.has(line.id)}
              isSent={sent.has(line.id)}
              isPlain={line.state === "unmatched"}
              onChoose={() => lines.choose(line.id)}
              style={{ position: "absolute", insetInline: 0, top: start, height: lineHeight }}
            />
          );
        })}
      </div>
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
  readonly list: RefObject<HTMLDivElement | null>;
  readonly marked: ReadonlySet<string>;
  readonly sent: ReadonlySet<string>;
  readonly search: Ref<HTMLInputElement>;
  readonly isFirst: boolean;
  readonly onImport: React.ReactNode;
}

export function LineList({ lines, list, marked, sent, search, isFirst, onImport }: LineListProps) {
  const { asked, rows } = lines;
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
          onKeyDown={(event) => {
            if (event.key !== "Enter" && event.key !== "ArrowDown" && event.key !== "Escape") return;
            if (event.key === "Escape") lines.setTyped("");
            list.current?.focus({ preventScroll: true });
            event.preventDefault();
          }}
        />
      </div>
      {asked.error && <ProblemAlert problem={asked.error} retry={() => void asked.refetch()} />}
      {!rows && !asked.error && <LoadingLines lines={9} />}
      {rows?.length === 0 && <Nothing lines={lines} isFirst={isFirst} onImport={onImport} />}
      {rows && rows.length > 0 && <Rows lines={lines} list={list} marked={marked} sent={sent} />}
    </section>
  );
}
