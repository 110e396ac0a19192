// One run of a process on its timeline: every step with who sees to it and by when, late ones plain to see, and what can be done now.
import { Alert } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import type { Day } from "../../../kernel/day.ts";
import { RecordActions } from "../../derived/record-actions.tsx";
import { Attachments, Comments, Timeline } from "../../derived/record-aside.tsx";
import {
  DayText,
  LoadingLines,
  PageHeader,
  ProblemAlert,
  RecordLink,
  registerPath,
  Section,
  StateBadge,
  useCatalogue,
  useOperation,
  usePage,
  useRecord,
  useToday,
} from "../../kit/index.ts";
import { placeOf, shortDayText, ticksBetween } from "../calendar.ts";
import { Agreed } from "./agreed.tsx";
import "./process.css";
import { Progress } from "./progress.tsx";
import { isSettled, type RunTimeline, type Span, spanOf, type StepTask, taskOf, waitedFor } from "./run.ts";
import { StepLine } from "./step-line.tsx";
import { text } from "../../text.ts";
import { words } from "./words.ts";

function RunFacts({ found }: { found: RunTimeline }) {
  const { run, steps } = found;
  const open = steps.filter((step) => !isSettled(step));
  const next = open.map((step) => step.due).toSorted()[0];
  return (
    <dl className="hw-facts hw-run-facts">
      <div>
        <dt>{words.progress}</dt>
        <dd>
          <Progress settled={steps.length - open.length} steps={steps.length} late={steps.filter((step) => step.late).length} />
        </dd>
      </div>
      {run.about && (
        <div>
          <dt>{text.record.about}</dt>
          <dd>
            <RecordLink register={run.about.subject} id={run.about.id} />
          </dd>
        </div>
      )}
      {run.personId && (
        <div>
          <dt>{words.person}</dt>
          <dd>
            <RecordLink register="directory.person" id={run.personId} label={run.person} />
          </dd>
        </div>
      )}
      {run.closedOn === null && (
        <div>
          <dt>{words.nextDue}</dt>
          <dd>
            <DayText value={next} />
          </dd>
        </div>
      )}
      <div>
        <dt>{words.started}</dt>
        <dd>
          <DayText value={run.startedOn} />
        </dd>
      </div>
      <div>
        <dt>{run.closedOn === null ? `${words.anchor} ◆` : words.closed}</dt>
        <dd>
          <DayText value={run.closedOn ?? run.anchor} />
        </dd>
      </div>
    </dl>
  );
}

/** The days along the top, with today and the day everything is counted from. Drawn only; each step says its days in words. */
function Axis({ span, anchor, running }: { span: Span; anchor: Day; running: boolean }) {
  const today = useToday() as Day;
  const at = (day: Day): string => `${placeOf(day, span.from, span.until)}%`;
  const ticks = ticksBetween(span.from, span.until);
  return (
    <div className="hw-axis" aria-hidden>
      <div className="hw-axis-track">
        {ticks.map((day) => (
          <span key={day} className="hw-axis-tick" style={{ left: at(day) }}>
            {shortDayText(day)}
          </span>
        ))}
        <span className="hw-axis-line" data-kind="anchor" style={{ left: at(anchor) }} title={words.anchorMark}>
          <span>{`◆ ${shortDayText(anchor)}`}</span>
        </span>
        {running && (
          <span className="hw-axis-line" data-kind="today" style={{ left: at(today) }}>
            <span>{words.today}</span>
          </span>
        )}
      </div>
    </div>
  );
}

function Steps({ found }: { found: RunTimeline }) {
  const today = useToday() as Day;
  const { run, steps } = found;
  const maySeeTasks = Boolean(useCatalogue().register("office.task"));
  const tasks = usePage<StepTask>("office.task", { filter: { aboutId: run.id }, sort: "openedAt", limit: 200 }, { enabled: maySeeTasks });
  const span = spanOf(found, today);
  return (
    <div className="hw-steps">
      <Axis span={span} anchor={run.anchor} running={run.closedOn === null} />
      <ol aria-label={words.steps}>
        {steps.map((step) => (
          <StepLine key={step.key} step={step} task={taskOf(step, tasks.data?.rows ?? [])} waits={waitedFor(step, steps)} span={span} />
        ))}
      </ol>
    </div>
  );
}

function Around({ id, of }: { id: string; of: RunTimeline["run"]["about"] }) {
  const about = { subject: "process.run", recordId: id };
  // What happened is written on the record it is about, where one may see that.
  const told = of ? { subject: of.subject, recordId: of.id } : about;
  return (
    <div className="hw-run-around" role="group" aria-label={words.history}>
      <div>
        <Comments {...about} />
      </div>
      <div>
        <Attachments {...about} />
      </div>
      <div>
        <Timeline {...told} />
      </div>
    </div>
  );
}

/** What else may be done with the run now; nothing when there is nothing. */
function useActions(id: string) {
  const register = useCatalogue().register("process.run");
  const record = useRecord("process.run", id);
  const can = (record.data?.can ?? []).filter((name) => name !== "process.run.timeline");
  return register && can.length > 0 ? <RecordActions register={register} id={id} can={can} /> : undefined;
}

export default function RunTimelineScreen() {
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  const found = useOperation<RunTimeline>("process.run.timeline", { runId: id }, { every: 60_000 });
  const actions = useActions(id);
  const crumbs = [{ title: words.runs, to: registerPath("process.run") }];
  if (found.error && !found.data) {
    return (
      <>
        <PageHeader title={words.runs} crumbs={crumbs} />
        <ProblemAlert problem={found.error} retry={() => void found.refetch()} />
      </>
    );
  }
  if (!found.data) {
    return (
      <>
        <PageHeader title="…" tabTitle={words.runs} crumbs={crumbs} />
        <LoadingLines lines={12} />
      </>
    );
  }
  const { run, steps } = found.data;
  return (
    <>
      <PageHeader
        title={run.title}
        does={run.says}
        crumbs={[...crumbs, { title: run.processTitle }]}
        beside={<StateBadge state={run.state} />}
        actions={actions}
      />
      {run.problem && <Alert color="red" title={run.problem} mb="md" />}
      <RunFacts found={found.data} />
      <Section title={words.steps} count={steps.length}>
        <Steps found={found.data} />
      </Section>
      {run.about && <Agreed aboutId={run.about.id} />}
      <Around id={id} of={run.about} />
    </>
  );
}
