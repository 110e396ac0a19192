// The close of a month on one board: how far it is, what is to be done now, what comes later, what is done; all by keyboard.
import { Kbd, Select } from "@mantine/core";
import { type KeyboardEvent, useEffect, useRef } from "react";
import {
  AppLink,
  EmptyState,
  Icon,
  Loaded,
  PageHeader,
  type Row,
  RunButton,
  Section,
  StateBadge,
  registerPath,
  useOperation,
  usePage,
  useQueryState,
  useToday,
} from "../../../kit/index.ts";
import { useQueryFields } from "../../../kit/query-state.ts";
import { KnownControl } from "../statement-parts.tsx";
import { areaNames, type Board, doneOf, laterOf, nowOf } from "./board.ts";
import "./close.css";
import { TaskDone, TaskLater } from "./task-aside.tsx";
import { TaskNow } from "./task-now.tsx";
import { words } from "./words.ts";

interface PeriodRow extends Row {
  readonly code: string;
  readonly fromDay: string;
  readonly state: string;
}

function MonthChoice({ board, choose }: { board: Board; choose: (id: string | undefined) => void }) {
  const today = useToday();
  const periods = usePage<PeriodRow>("finance.period", { filter: { fromDay: `<=${today}` }, sort: "-fromDay", limit: 200 });
  const known = (periods.data?.rows ?? []).map(({ id, code, state }) => ({
    value: id,
    label: state === "closed" ? `${code} · closed` : code,
  }));
  const choices = known.some((one) => one.value === board.periodId) ? known : [{ value: board.periodId, label: board.period }, ...known];
  return (
    <Select
      aria-label={words.month}
      data={choices}
      value={board.periodId}
      allowDeselect={false}
      searchable
      w={170}
      size="xs"
      onChange={(id) => choose(id ?? undefined)}
    />
  );
}

function Progress({ board }: { board: Board }) {
  const all = board.tasks.length;
  return (
    <div className="hw-close-head">
      <div className="hw-close-progress">
        <div className="hw-close-bar" role="img" aria-label={words.done(board.done, all)}>
          {board.tasks.map((task) => (
            <span
              key={task.id}
              data-part={task.state === "done" ? "done" : task.blockedBy.length > 0 ? "later" : "now"}
              title={task.title}
            />
          ))}
        </div>
        <span className="hw-number hw-nowrap">{words.done(board.done, all)}</span>
      </div>
      <ul className="hw-close-areas" aria-label={words.areasLabel}>
        {areaNames.map((area) => {
          const isLocked = board.state === "closed" || board.lockedAreas.includes(area);
          return (
            <li key={area} data-locked={isLocked}>
              {isLocked && <Icon name="lock" size={12} />}
              {words.areas[area]}
              <span className="hw-dim">{isLocked ? words.locked : words.open}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** Arrows go from task to task; Enter and g are the task's own. Once a task is ticked off, the next one has the focus. */
function useSteps(keys: string) {
  const list = useRef<HTMLUListElement>(null);
  const at = useRef<number>(undefined);
  const tasks = (): HTMLElement[] => [...(list.current?.querySelectorAll<HTMLElement>(".hw-close-task") ?? [])];
  const focus = (wanted: number): void => tasks()[Math.max(0, Math.min(tasks().length - 1, wanted))]?.focus();
  useEffect(() => {
    if (at.current !== undefined && document.activeElement === document.body) focus(at.current);
  }, [keys]);
  const onFocus = (): void => {
    at.current = tasks().findIndex((task) => task.contains(document.activeElement));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    focus((at.current ?? -1) + step);
    event.preventDefault();
  };
  return { list, onFocus, onKeyDown };
}

function Keys() {
  const keys = [
    ["↑ ↓", words.keyMove],
    ["Enter", words.keyTick],
    ["g", words.keyGo],
  ];
  return (
    <p className="hw-close-keys hw-dim hw-small" aria-label={words.keys}>
      {keys.map(([key, says]) => (
        <span key={key}>
          <Kbd size="xs">{key}</Kbd> {says}
        </span>
      ))}
    </p>
  );
}

/** As the board stood at an earlier moment: nothing can be done there any more. */
function TasksThen({ board }: { board: Board }) {
  const [open, done] = [[...nowOf(board), ...laterOf(board)], doneOf(board)];
  return (
    <div className="hw-close-board">
      <Section title={words.openThen} count={open.length}>
        <ul className="hw-close-list">
          {open.map((task) => (
            <TaskLater key={task.id} task={task} />
          ))}
        </ul>
      </Section>
      <Section title={words.doneTitle} count={done.length}>
        {done.length === 0 && <p className="hw-dim hw-small">{words.doneNone}</p>}
        <ul className="hw-close-list">
          {done.map((task) => (
            <TaskDone key={task.id} task={task} isPast />
          ))}
        </ul>
      </Section>
    </div>
  );
}

function Tasks({ board }: { board: Board }) {
  const [now, later, done] = [nowOf(board), laterOf(board), doneOf(board)];
  const { list, onFocus, onKeyDown } = useSteps(now.map((task) => task.key).join());
  const isOver = now.length === 0 && later.length === 0;
  return (
    <div className="hw-close-board">
      <Section title={words.now} count={now.length}>
        {now.length === 0 ? (
          <p className="hw-close-none">
            <Icon name="check" size={16} /> {isOver ? words.allDone(board.period) : words.nowNone}
          </p>
        ) : (
          <>
            <ul className="hw-close-now" ref={list} onFocus={onFocus} onKeyDown={onKeyDown} tabIndex={0} aria-label={words.now}>
              {now.map((task) => (
                <TaskNow key={task.id} task={task} />
              ))}
            </ul>
            <Keys />
          </>
        )}
      </Section>
      <div className="hw-close-aside">
        {later.length > 0 && (
          <Section title={words.later} count={later.length}>
            <ul className="hw-close-list">
              {later.map((task) => (
                <TaskLater key={task.id} task={task} />
              ))}
            </ul>
          </Section>
        )}
        <Section title={words.doneTitle} count={done.length}>
          {done.length === 0 ? (
            <p className="hw-dim hw-small">{words.doneNone}</p>
          ) : (
            <ul className="hw-close-list">
              {done.map((task) => (
                <TaskDone key={task.id} task={task} />
              ))}
            </ul>
          )}
        </Section>
      </div>
    </div>
  );
}

function NotBegun({ board }: { board: Board }) {
  if (board.state === "closed") return <EmptyState icon="lock" title={words.closedWithout(board.period)} says={words.closedWithoutSays} />;
  return (
    <EmptyState
      icon="list"
      title={words.notBegun(board.period)}
      says={words.notBegunSays}
      action={
        <RunButton operation="finance.period.beginClose" fields={{ periodId: board.periodId }}>
          {words.begin}
        </RunButton>
      }
    />
  );
}

export default function Close() {
  const [periodId, choose] = useQueryState("periodId");
  const { asKnownAt } = useQueryFields();
  const asked = useOperation<Board>("finance.closeBoard.get", { periodId: periodId || undefined, asKnownAt });
  const board = asked.data;
  return (
    <>
      <PageHeader
        title={board ? `${words.title} ${board.period}` : words.title}
        does={words.does}
        crumbs={[{ title: words.finance, to: "/m/finance" }]}
        beside={board && <StateBadge state={board.state} />}
        actions={
          board && (
            <>
              <AppLink to={registerPath("finance.lockException")} className="hw-small">
                {words.exceptions}
              </AppLink>
              <AppLink to={registerPath("finance.closeTemplate")} className="hw-small">
                {words.list}
              </AppLink>
              <KnownControl isSmall />
              <MonthChoice board={board} choose={choose} />
            </>
          )
        }
      />
      {asked.error?.code === "booksMissing" ? (
        <EmptyState icon="finance" title={words.noBooks} says={words.noBooksSays} />
      ) : (
        <Loaded query={asked} lines={10}>
          {(told) =>
            told.tasks.length === 0 ? (
              <NotBegun board={told} />
            ) : (
              <>
                <Progress board={told} />
                {asKnownAt ? <TasksThen board={told} /> : <Tasks board={told} />}
              </>
            )
          }
        </Loaded>
      )}
    </>
  );
}
