// The process engine. It keeps no plan: after each event and every night it looks at the facts, opens and closes tasks, does the
// house's own part, and moves the days. So a step done by other means counts, and a release never breaks a running hire.
import { sql } from "../../../platform/database/sql.ts";
import { objectsOf } from "../../../platform/funnel/trail.ts";
import type { Id } from "../../../kernel/id.ts";
import type { WriteContext } from "../../../platform/operation/context.ts";
import type { HouseEvent } from "../../../platform/operation/module.ts";
import { closeTask, moveTaskDue, openTask, type TaskOwner } from "../task/task.ts";
import { attempt } from "./attempt.ts";
import { doDeed } from "./deed.ts";
import { type Kept, keptAfter, keptOf, saysOf } from "./kept.ts";
import { askedOf, type Process, stepTitle } from "./process.ts";
import {
  addRun,
  addStep,
  concernedObjects,
  follow,
  liveRuns,
  lockedRuns,
  type Run,
  runsToCallOff,
  saveRun,
  saveStep,
  stepsOf,
  type StepRow,
} from "./process.store.ts";
import { dueDay, isSettled, judge, type StepState } from "./step.rules.ts";
import { factsOf, surveyedTogether, unlike } from "./survey.ts";
import { unwind } from "./unwind.ts";

type Definitions = ReadonlyMap<string, Process>;

/** After an event: starts and calls off runs, and looks at those the event may concern. */
export async function react(definitions: Definitions, event: HouseEvent, context: WriteContext): Promise<void> {
  if (event.name.startsWith("process.")) return;
  const named = objectsOf(event.payload);
  for (const definition of definitions.values()) {
    if (definition.starts === event.name) await start(definition, event, named, context);
    if (definition.ends === event.name) await callOff(definition, event, named, context);
  }
  if (named.length === 0) return;
  for (const { name, follows = [] } of definitions.values()) {
    const more = follows.flatMap((field) => (typeof event.payload[field] === "string" ? [event.payload[field]] : []));
    await follow(context, name, named, more);
  }
  const runs = await liveRuns(context, named);
  if (runs.length <= lookedAtOnce) return lookAt(definitions, runs, context);
  // Who asks for much is named by all of it: then only what the event has changed is looked at.
  const changed = new Set(await changedOf(definitions, await keptOf(context, definitions, idsOf(runs)), context));
  await lookAt(
    definitions,
    runs.filter((run) => changed.has(run.id)),
    context,
  );
}

/** For so few a look costs less than to compare them. */
const lookedAtOnce = 5;

const idsOf = (runs: readonly { readonly id: Id }[]): Id[] => runs.map((run) => run.id);

/** Those of the runs that a look would change. */
async function changedOf(definitions: Definitions, runs: readonly Kept[], context: WriteContext): Promise<readonly Id[]> {
  let changed: readonly Id[] = [];
  const failed = await context.attempt(async () => {
    changed = await unlike(definitions, runs, context);
  });
  // A fact that fails for one fails for all who asked with it: then each is looked at alone, and whoever it is says so.
  return failed ? idsOf(runs) : changed;
}

/** Which of these events may concern a run: those that start or end a process, and those that name what a live run is about. */
export async function heeded(definitions: Definitions, events: readonly HouseEvent[], context: WriteContext): Promise<Set<Id>> {
  const turning = new Set([...definitions.values()].flatMap((definition) => [definition.starts, definition.ends]));
  const named = new Map(events.map((event) => [event.id, objectsOf(event.payload)]));
  const concerned = await concernedObjects(context, [...new Set([...named.values()].flat())]);
  const minds = (event: HouseEvent): boolean => turning.has(event.name) || named.get(event.id)!.some((id) => concerned.has(id));
  return new Set(events.filter((event) => !event.name.startsWith("process.") && minds(event)).map((event) => event.id));
}

/** Every night, because days pass without an event: the facts of all that is open are asked together, and what changed is looked at. */
export async function sweep(definitions: Definitions, context: WriteContext): Promise<void> {
  for (let after: Id | null = null; ;) {
    const runs = await keptAfter(context, definitions, after, surveyedTogether);
    if (runs.length === 0) return;
    after = runs.at(-1)!.id;
    const changed = await changedOf(definitions, runs, context);
    if (changed.length > 0) await lookAt(definitions, await lockedRuns(context, changed), context);
  }
}

async function start(definition: Process, event: HouseEvent, named: readonly string[], context: WriteContext): Promise<void> {
  const subject = definition.subject(event.payload);
  const personId = (await definition.person?.(context, subject)) ?? subject["personId"] ?? null;
  const anchor = (await definition.anchor(context, subject)) ?? context.today;
  const title = await definition.called(context, subject);
  const objectIds = [...new Set([...objectsOf(subject), ...named])];
  const [register, name] = definition.about ?? [];
  const aboutId = name === undefined ? undefined : subject[name];
  const about = register === undefined || aboutId === undefined ? undefined : { subject: register, id: aboutId };
  const run = { process: definition.name, title, subject, personId, anchor, startedBy: event.id, objectIds, about };
  const runId = await addRun(context, run);
  if (runId) context.emit("process.run.started", { runId, process: definition.name, ...subject });
}

async function callOff(definition: Process, event: HouseEvent, named: readonly string[], context: WriteContext): Promise<void> {
  for (const run of await runsToCallOff(context, definition.name, named)) {
    const shared = Object.entries(run.subject).filter(([name]) => Object.hasOwn(event.payload, name));
    const isMeant = shared.length > 0 && shared.every(([name, id]) => event.payload[name] === id);
    if (isMeant) await saveRun(context, run.id, { state: "unwinding", anchor: run.anchor, problem: null });
  }
}

async function lookAt(definitions: Definitions, runs: readonly Run[], context: WriteContext): Promise<void> {
  const steps = await stepsOf(
    context,
    runs.map((run) => run.id),
  );
  for (const run of runs) {
    const definition = definitions.get(run.process);
    if (!definition) continue;
    const rows = steps.get(run.id)!;
    const problem = await attempt(context, () =>
      run.state === "unwinding" ? unwind(definition, run, rows, context) : new Look(definition, run, rows, context).look(),
    );
    if (problem !== undefined && problem !== run.problem) {
      await saveRun(context, run.id, { state: run.state, anchor: run.anchor, problem });
    }
  }
}

/** One look at one run. */
class Look {
  readonly definition: Process;
  readonly run: Run;
  readonly rows: StepRow[];
  readonly context: WriteContext;

  constructor(definition: Process, run: Run, rows: StepRow[], context: WriteContext) {
    this.definition = definition;
    this.run = run;
    this.rows = rows;
    this.context = context;
  }

  async look(): Promise<void> {
    const { context, definition, run } = this;
    const anchor = (await definition.anchor(context, run.subject)) ?? run.anchor;
    await this.matchSteps(anchor);
    let states = await this.judged();
    // What the house does for one step may make another true; each deed is done once, so this comes to an end.
    while (await this.settle(states)) states = await this.judged();
    const isDone = [...states.values()].every(isSettled);
    if (isDone || anchor !== run.anchor || run.problem !== null) {
      await saveRun(context, run.id, { state: isDone ? "done" : "open", anchor, problem: null });
    }
    if (isDone) context.emit("process.run.completed", { runId: run.id, process: run.process, ...run.subject });
  }

  /** Brings the kept steps in line with the definition and the anchor: new steps come, days move, dropped steps fall away. */
  private async matchSteps(anchor: Run["anchor"]): Promise<void> {
    const { context, definition, run, rows } = this;
    for (const [place, [key, step]] of Object.entries(definition.steps).entries()) {
      const due = dueDay(anchor, step.by.days, run.startedOn);
      const row = rows.find((one) => one.key === key);
      if (!row) {
        const activity = step.owner === "person" ? null : step.owner;
        rows.push(await addStep(context, run.id, { key, place, title: stepTitle(key, step), says: step.says, activity, due }));
      } else if (row.due !== due && !isSettled(row.state)) {
        await saveStep(context, row, { due });
        if (row.taskId) await moveTaskDue(context, { taskId: row.taskId }, due);
      }
    }
    for (const row of rows) {
      if (!Object.hasOwn(definition.steps, row.key) && !isSettled(row.state)) await this.fallAway(row);
    }
  }

  private async judged(): Promise<ReadonlyMap<string, StepState>> {
    const { context, definition, run, rows } = this;
    return judge(await factsOf(context, definition, run, rows));
  }

  /** Makes the steps what the facts say they are. True when the house did something, so that the facts may have changed. */
  private async settle(states: ReadonlyMap<string, StepState>): Promise<boolean> {
    let acted = false;
    for (const row of this.rows) {
      const state = states.get(row.key);
      if (state === "open") acted = (await this.open(row)) || acted;
      else if (state === "skipped" && row.state !== "skipped") await this.fallAway(row);
      else if (state === "waiting" && row.state !== "waiting") await saveStep(this.context, row, { state });
      else if (state === "done" && row.state !== "done") {
        if (row.taskId) await closeTask(this.context, { taskId: row.taskId });
        await saveStep(this.context, row, { state, problem: null, taskId: null });
      }
    }
    return acted;
  }

  private async fallAway(row: StepRow): Promise<void> {
    if (row.taskId) await closeTask(this.context, { taskId: row.taskId }, "cancelled", "The step fell away.");
    await saveStep(this.context, row, { state: "skipped", taskId: null, problem: null });
  }

  private async open(row: StepRow): Promise<boolean> {
    const { context, definition } = this;
    const { does } = definition.steps[row.key]!;
    if (row.state !== "open") await saveStep(context, row, { state: "open", taskId: null });
    if (does && row.didAt === null) {
      const problem = await attempt(context, () => doDeed(does, this.run, context));
      await saveStep(context, row, problem === undefined ? { didAt: context.now, problem: null } : { problem });
      if (problem === undefined) return true;
    }
    await this.keepTask(row);
    return false;
  }

  /** The task of an open step says what is to be done and what is known today. */
  private async keepTask(row: StepRow): Promise<void> {
    const { context, definition, run } = this;
    const step = definition.steps[row.key]!;
    const asked = step.asks && (await askedOf(step.asks, context, run.subject));
    const says = saysOf(step.says, row.problem);
    if (row.taskId) {
      await context.db.run(sql`
        update office.task set says = ${says}, asks_input = ${asked ? JSON.stringify(asked.input) : null}::jsonb
        where tenant_id = ${context.tenantId} and id = ${row.taskId} and state = 'open'
          and (says, asks_input) is distinct from (${says}::text, ${asked ? JSON.stringify(asked.input) : null}::jsonb)`);
      return;
    }
    const title = `${stepTitle(row.key, step)} – ${run.title}`;
    const about = { subject: "process.run", id: run.id };
    const owner = await this.ownerOf(row);
    const taskId = await openTask(context, { kind: "step", title, says, owner, due: row.due, about, asks: asked, byFact: true });
    await saveStep(context, row, { taskId });
  }

  private async ownerOf(row: StepRow): Promise<TaskOwner> {
    const { context, definition, run } = this;
    if (row.activity === null) {
      if (run.personId === null) throw new Error(`process ${run.process}: the step ${row.key} is the person's, but the run has no person`);
      return { personId: run.personId };
    }
    return { activity: row.activity, place: await definition.place?.(context, run.subject) };
  }
}
