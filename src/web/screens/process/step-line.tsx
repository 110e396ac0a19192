// One step on the timeline: what, with whom, by when, what it waits for, and the button that does it.
import { Badge, Button } from "@mantine/core";
import { type Day, daysBetween } from "../../../kernel/day.ts";
import {
  AppLink,
  dayText,
  daysFromText,
  Icon,
  type IconName,
  InstantText,
  RecordLink,
  recordPath,
  useCatalogue,
  useOpenForm,
  useToday,
} from "../../kit/index.ts";
import { placeOf } from "../calendar.ts";
import { isSettled, type ShownState, shownStateOf, type Span, type Step, type StepTask } from "./run.ts";
import { words } from "./words.ts";

const iconOf: Readonly<Record<ShownState, IconName>> = {
  done: "check",
  late: "alert",
  open: "chevron",
  waiting: "clock",
  skipped: "close",
  undone: "out",
};
const colourOf: Readonly<Record<ShownState, string>> = {
  done: "green",
  late: "red",
  open: "yellow",
  waiting: "gray",
  skipped: "gray",
  undone: "gray",
};

interface StepLineProps {
  readonly step: Step;
  readonly task: StepTask | undefined;
  readonly waits: readonly string[];
  readonly span: Span;
}

function Owner({ step, task }: Pick<StepLineProps, "step" | "task">) {
  const id = step.ownerId ?? task?.personId;
  const name = step.owner ?? task?.person;
  if (!id || !name) return step.state === "skipped" ? null : <span>{step.state === "done" ? words.byItself : words.noOwner}</span>;
  return (
    <span title={step.via ?? task?.via ?? undefined}>
      {words.owner} <RecordLink register="directory.person" id={id} label={name} />
    </span>
  );
}

/** The facts under a step's title, as far as they are known. */
function StepFacts({ step, task, waits }: Omit<StepLineProps, "span">) {
  const catalogue = useCatalogue();
  const asked = catalogue.operation((step.asks ?? task?.asks)?.operation ?? "");
  const lateBy = step.doneOn ? daysBetween(step.due, step.doneOn) : 0;
  return (
    <p className="hw-step-facts">
      <Owner step={step} task={task} />
      {step.state === "open" && task && (
        <span>
          {words.since} <InstantText value={task.openedAt} ago />
        </span>
      )}
      {waits.length > 0 && <span>{words.waitsFor(waits.join(", "))}</span>}
      {step.state === "done" && step.doneOn && (
        <span>
          {words.doneOn(dayText(step.doneOn))}
          {asked && ` ${words.by(asked.title)}`}
          {lateBy > 0 && <span className="hw-late"> · {words.doneLate(lateBy)}</span>}
        </span>
      )}
      {step.state === "open" && !step.asks && <span>{words.noticed}</span>}
      {step.problem && <span className="hw-late">{step.problem}</span>}
    </p>
  );
}

function Due({ step }: { step: Step }) {
  const today = useToday();
  if (step.state === "skipped" || step.state === "undone") return null;
  return (
    <span className="hw-step-due">
      <span className="hw-dim">{words.dueShort}</span> <time dateTime={step.due}>{dayText(step.due)}</time>
      {!isSettled(step) && <span className={step.late ? "hw-late" : "hw-dim"}> · {daysFromText(step.due, today)}</span>}
    </span>
  );
}

const asText = (value: unknown): string => (typeof value === "object" ? JSON.stringify(value) : String(value));

/** The asked operation's form, for whoever may run it; otherwise the way to the task. */
function Act({ step, waits }: { step: Step; waits: readonly string[] }) {
  const open = useOpenForm();
  const catalogue = useCatalogue();
  if (step.state !== "open" || waits.length > 0) return null;
  const asked = catalogue.operation(step.asks?.operation ?? "");
  if (asked && step.asks) {
    const known = Object.fromEntries(
      Object.entries(step.asks.input).flatMap(([name, value]) => (value === null || value === undefined ? [] : [[name, asText(value)]])),
    );
    return (
      <Button variant={step.late ? "filled" : "light"} onClick={() => open(asked.name, known)}>
        {asked.title}
      </Button>
    );
  }
  return null;
}

/** From when the step was with its owner until it was done, or is due: a drawing of what the words say. */
function Track({ step, task, span }: Omit<StepLineProps, "waits">) {
  const today = useToday() as Day;
  const at = (day: Day): number => Math.min(100, Math.max(0, placeOf(day, span.from, span.until)));
  const opened = task ? (task.openedAt.slice(0, 10) as Day) : undefined;
  const end = step.doneOn ?? (step.state === "open" ? today : undefined);
  const begin = opened ?? (end && end < step.due ? end : step.due);
  const state = shownStateOf(step);
  return (
    <div className="hw-step-track" aria-hidden data-state={state}>
      {end && <span className="hw-step-bar" style={{ left: `${at(begin)}%`, width: `max(4px, ${at(end) - at(begin)}%)` }} />}
      {step.late && <span className="hw-step-over" style={{ left: `${at(step.due)}%`, width: `max(4px, ${at(today) - at(step.due)}%)` }} />}
      {state !== "skipped" && state !== "undone" && <span className="hw-step-point" style={{ left: `${at(step.due)}%` }} />}
    </div>
  );
}

export function StepLine({ step, task, waits, span }: StepLineProps) {
  const state = shownStateOf(step);
  const register = useCatalogue().register("office.task");
  return (
    <li className="hw-step" data-state={state}>
      <span className="hw-step-mark" aria-hidden>
        <Icon name={iconOf[state]} size={14} />
      </span>
      <div className="hw-step-words">
        <div className="hw-step-title">
          <h3>
            {register && task ? (
              <AppLink to={recordPath("office.task", task.id)} className="hw-quiet">
                {step.title}
              </AppLink>
            ) : (
              step.title
            )}
          </h3>
          <Badge variant={state === "late" ? "filled" : "light"} color={colourOf[state]}>
            {words.state_[state]}
          </Badge>
          {step.lateSince && <span className="hw-late hw-small">{words.lateSince(dayText(step.lateSince))}</span>}
        </div>
        <p className="hw-step-says">{step.says}</p>
        <StepFacts step={step} task={task} waits={waits} />
      </div>
      <Track step={step} task={task} span={span} />
      <div className="hw-step-act">
        <Due step={step} />
        <Act step={step} waits={waits} />
      </div>
    </li>
  );
}
