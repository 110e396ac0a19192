// Which runs of processes a look would change. Most nights hardly any: the facts of thousands are asked together, in about as many
// statements as there are kinds of facts, and only runs that are no longer what they are kept as are looked at one by one.
import { isDeepStrictEqual } from "node:util";
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { gathered } from "./gathered.ts";
import { askedOf, type Process } from "./process.ts";
import type { Run, StepRow } from "./process.store.ts";
import { dueDay, isSettled, judge, type StepFacts, type StepState } from "./step.rules.ts";

/** What is true of each step of a run. */
export async function factsOf(context: ReadContext, definition: Process, run: Run, rows: readonly StepRow[]): Promise<StepFacts[]> {
  const facts: StepFacts[] = [];
  for (const row of rows) {
    const step = definition.steps[row.key];
    if (!step) continue;
    const isDone = await step.done(context, run.subject);
    const fallsAway = !isDone && step.unless !== undefined && (await step.unless(context, run.subject));
    facts.push({ key: row.key, after: step.after ?? [], was: row.state, isDone, fallsAway });
  }
  return facts;
}

/** What the open task of a step says and knows already. */
export const saysOf = (says: string, problem: string | null): string =>
  problem === null ? says : `${says}\n\nThe house could not do its part: ${problem}`;

interface Task {
  readonly id: Id;
  readonly says: string | null;
  readonly input: unknown;
}

export async function unlike(
  definitions: ReadonlyMap<string, Process>,
  runs: readonly Run[],
  steps: ReadonlyMap<Id, readonly StepRow[]>,
  context: ReadContext,
): Promise<Id[]> {
  const open = [...steps.values()].flatMap((rows) => rows.flatMap((row) => (row.state === "open" && row.taskId ? [row.taskId] : [])));
  const tasks = await context.db.rows<Task>(sql`
    select t.id, t.says, t.asks_input as input from unnest(${open}::uuid[]) as w (id)
    join office.task t on t.tenant_id = ${context.tenantId} and t.id = w.id and t.state = 'open'`);
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const together = gathered(context);
  const found = await Promise.all(
    runs.map(async (run) => {
      const definition = definitions.get(run.process);
      if (!definition) return [];
      return (await isUnlike(together, definition, run, steps.get(run.id)!, byId)) ? [run.id] : [];
    }),
  );
  return found.flat();
}

async function isUnlike(
  context: ReadContext,
  definition: Process,
  run: Run,
  rows: readonly StepRow[],
  tasks: ReadonlyMap<Id, Task>,
): Promise<boolean> {
  if (run.state === "unwinding" || run.problem !== null) return true;
  const anchor = (await definition.anchor(context, run.subject)) ?? run.anchor;
  if (anchor !== run.anchor || !matches(definition, run, rows)) return true;
  const states = judge(await factsOf(context, definition, run, rows));
  if ([...states.values()].every(isSettled)) return true;
  for (const row of rows) {
    const state = states.get(row.key);
    if (state !== undefined && (state !== row.state || (state === "open" && (await hasNews(context, definition, run, row, tasks))))) {
      return true;
    }
  }
  return false;
}

/** The kept steps are those of the definition, each due on its day. */
function matches(definition: Process, run: Run, rows: readonly StepRow[]): boolean {
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const isKept = ([key, step]: [string, Process["steps"][string]]): boolean => {
    const row = byKey.get(key);
    return row !== undefined && (isSettled(row.state) || row.due === dueDay(run.anchor, step.by.days, run.startedOn));
  };
  const isKnown = (row: StepRow): boolean => Object.hasOwn(definition.steps, row.key) || isSettled(row.state as StepState);
  return Object.entries(definition.steps).every(isKept) && rows.every(isKnown);
}

/** The house has something to do for an open step, or its task would say something else. */
async function hasNews(context: ReadContext, definition: Process, run: Run, row: StepRow, tasks: ReadonlyMap<Id, Task>): Promise<boolean> {
  const step = definition.steps[row.key]!;
  if (row.taskId === null || (step.does && row.didAt === null)) return true;
  const task = tasks.get(row.taskId);
  if (!task) return false;
  if (task.says !== saysOf(step.says, row.problem)) return true;
  const asked = step.asks && (await askedOf(step.asks, context, run.subject));
  const input: unknown = asked ? JSON.parse(JSON.stringify(asked.input)) : null;
  return !isDeepStrictEqual(input, task.input);
}
