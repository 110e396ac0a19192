// A task whose turn it is: what it is, whether the books prove it, who has it, where it is done, and the tick.
import { Button } from "@mantine/core";
import { Icon, ProblemAlert, RecordLink, RunButton, useCatalogue, useGo, useMay, useOpenForm, useRun } from "../../../kit/index.ts";
import { type BoardTask, placeOf } from "./board.ts";
import { words } from "./words.ts";

/** Goes to where a task is done: its form over the board, or its screen. Undefined for someone who may not. */
export function useGoTo(task: BoardTask): (() => void) | undefined {
  const go = useGo();
  const openForm = useOpenForm();
  const catalogue = useCatalogue();
  if (task.place === null) return undefined;
  const place = placeOf(task.place);
  if ("path" in place) return () => go(place.path);
  return catalogue.may(place.operation) ? () => openForm(place.operation, place.fields) : undefined;
}

function Fact({ task }: { task: BoardTask }) {
  if (task.factHolds === null) return <span className="hw-close-fact hw-dim">{words.judged}</span>;
  return (
    <span className="hw-close-fact" data-holds={task.factHolds}>
      <Icon name={task.factHolds ? "check" : "clock"} size={14} />
      {task.factHolds ? words.proven : task.factMissing}
    </span>
  );
}

export function TaskNow({ task }: { task: BoardTask }) {
  const tick = useRun("finance.closeTask.complete", words.ticked);
  const may = useMay("finance.closeTask.complete");
  const goTo = useGoTo(task);
  const isReady = task.factHolds !== false;
  const complete = (): void => void tick.run({ closeTaskId: task.id });
  return (
    <li
      className="hw-close-task"
      data-ready={isReady}
      tabIndex={-1}
      data-task={task.key}
      aria-label={task.title}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return;
        if (event.key === "Enter" && may && isReady) complete();
        else if (event.key === "g" && goTo) goTo();
        else return;
        event.preventDefault();
      }}
    >
      <div className="hw-close-task-words">
        <h3>{task.title}</h3>
        {task.says && <p className="hw-dim hw-small">{task.says}</p>}
        <p className="hw-close-task-facts hw-small">
          <Fact task={task} />
          {task.ownerId && (
            <span className="hw-close-owner">
              <Icon name="person" size={14} />
              <RecordLink register="directory.person" id={task.ownerId} label={task.owner ?? ""} />
            </span>
          )}
        </p>
        <ProblemAlert problem={tick.problem} />
      </div>
      <div className="hw-close-task-do">
        {goTo && (
          <Button size="xs" variant={isReady ? "subtle" : "light"} onClick={goTo} aria-label={words.goTo(task.title)}>
            {words.go}
          </Button>
        )}
        {isReady && (
          <>
            <RunButton operation="finance.closeTask.complete" fields={{ closeTaskId: task.id }} size="xs" variant="subtle" color="gray">
              {words.withNote}
            </RunButton>
            {may && (
              <Button
                size="xs"
                variant="default"
                leftSection={<Icon name="check" size={14} />}
                loading={tick.pending}
                onClick={complete}
                aria-label={words.tickOff(task.title)}
              >
                {words.tick}
              </Button>
            )}
          </>
        )}
      </div>
    </li>
  );
}
