// Beside what is to be done now: what comes later and after what, and what is done, by whom and when.
import { Icon, InstantText, RunButton } from "../../../kit/index.ts";
import type { BoardTask } from "./board.ts";
import { words } from "./words.ts";

export function TaskLater({ task }: { task: BoardTask }) {
  return (
    <li className="hw-close-small">
      <span className="hw-close-mark" aria-hidden />
      <div>
        <span>{task.title}</span>
        {task.blockedBy.length > 0 && <p className="hw-dim hw-small">{words.after(task.blockedBy)}</p>}
      </div>
    </li>
  );
}

export function TaskDone({ task, isPast = false }: { task: BoardTask; isPast?: boolean }) {
  return (
    <li className="hw-close-small" data-done>
      <span className="hw-close-mark" aria-hidden>
        <Icon name="check" size={12} />
      </span>
      <div>
        <span>{task.title}</span>
        <p className="hw-dim hw-small">
          {task.doneBy} · <InstantText value={task.doneAt} ago />
        </p>
        {task.note && <p className="hw-close-note hw-small hw-anywhere">{task.note}</p>}
        {task.factHolds === false && (
          <p className="hw-late hw-small">
            {words.noLonger} {task.factMissing}
          </p>
        )}
      </div>
      {!isPast && (
        <RunButton
          operation="finance.closeTask.reopen"
          fields={{ closeTaskId: task.id }}
          size="compact-xs"
          variant="subtle"
          color="gray"
          className="hw-close-again"
          aria-label={`${words.again}: ${task.title}`}
        >
          {words.again}
        </RunButton>
      )}
    </li>
  );
}
