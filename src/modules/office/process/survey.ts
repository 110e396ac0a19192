// Which runs of processes a look would change. Most nights hardly any: what is kept is compared with the definitions where it is kept, the
// facts of thousands are asked together, and only runs that are no longer what they are kept as are looked at one by one.
import { isDeepStrictEqual } from "node:util";
import type { Day } from "../../../kernel/day.ts";
import { groupedBy } from "../../../kernel/group.ts";
import type { Id } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { type Answered, Crowd, likeness, type Question } from "./crowd.ts";
import { type Kept, keptAfter, keptStates } from "./kept.ts";
import { type Ask, askedOf, type Process, type Subject } from "./process.ts";
import type { Run, StepRow } from "./process.store.ts";
import { isSettled, judge, type StepFacts, type StepState } from "./step.rules.ts";

type Definitions = ReadonlyMap<string, Process>;

export const surveyedTogether = 20_000;

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

/** Those of the runs that are no longer what they are kept as. */
export async function unlike(definitions: Definitions, runs: readonly Kept[], context: ReadContext): Promise<Id[]> {
  const known = runs.filter((run) => definitions.has(run.process));
  const found = surveys(definitions, known, context).map((survey) => survey.changed());
  return [...known.filter((run) => run.isChanged).map((run) => run.id), ...(await Promise.all(found)).flat()];
}

/** What of the definitions looks into an identifier, when the runs under way are asked: `hire, laptop`. */
export async function lookingIn(definitions: Definitions, context: ReadContext): Promise<string[]> {
  const found = new Set<string>();
  for (let after: Id | null = null; ;) {
    const runs = await keptAfter(context, definitions, after, surveyedTogether);
    if (runs.length === 0) return [...found];
    after = runs.at(-1)!.id;
    const known = runs.filter((run) => definitions.has(run.process));
    const looking = await Promise.all(surveys(definitions, known, context).map((survey) => survey.looking()));
    for (const name of looking.flat()) found.add(name);
  }
}

/** The runs that are kept as they should be, those of one process whose subjects are alike together. */
function surveys(definitions: Definitions, runs: readonly Kept[], context: ReadContext): Survey[] {
  const crowds = groupedBy(
    runs.filter((run) => !run.isChanged),
    (run) => `${run.process} ${likeness(run.subject)}`,
  );
  return [...crowds.values()].map((members) => new Survey(definitions.get(members[0]!.process)!, members, context));
}

const [isNeither, isDone, fallsAway] = ["0", "1", "2"] as const;

/** The runs of one process whose subjects are alike, by their places. */
class Survey {
  private readonly definition: Process;
  private readonly runs: readonly Kept[];
  private readonly all: readonly number[];
  private readonly crowd: Crowd;
  private readonly unlike = new Set<number>();
  private readonly named = new Map<unknown, string>();

  constructor(definition: Process, runs: readonly Kept[], context: ReadContext) {
    this.definition = definition;
    this.runs = runs;
    this.all = runs.map((_, place) => place);
    this.crowd = new Crowd(context, runs);
  }

  async changed(): Promise<Id[]> {
    const steps = Object.entries(this.definition.steps);
    const [facts] = await Promise.all([Promise.all(steps.map(([key]) => this.factsOf(key))), this.compareAnchors()]);
    const open = steps.map((): number[] => []);
    for (const places of this.alike(facts).values()) {
      const states = this.judged(
        this.runs[places[0]!]!.states,
        facts.map((fact) => fact[places[0]!]!),
      );
      if (!states) for (const place of places) this.unlike.add(place);
      else states.forEach((state, index) => state === "open" && open[index]!.push(...places));
    }
    await Promise.all(steps.map(([, { asks }], index) => this.compareAsked(steps[index]![0], asks, open[index]!)));
    return [...this.unlike].map((place) => this.runs[place]!.id);
  }

  async looking(): Promise<string[]> {
    await this.changed();
    return [...this.crowd.looked].map((question) => `${this.definition.name}, ${this.named.get(question)}`);
  }

  private ask<T>(name: string, question: Question<T>, places: readonly number[]): Promise<Answered<T>[]> {
    this.named.set(question, name);
    return this.crowd.ask(question, places);
  }

  private async compareAnchors(): Promise<void> {
    const anchor: Question<Day | undefined> = (context, subject) => this.definition.anchor(context, subject);
    for (const { value, places } of await this.ask("its anchor", anchor, this.all)) {
      if (value !== undefined) for (const place of places) if (this.runs[place]!.anchor !== value) this.unlike.add(place);
    }
  }

  /** What is true of a step, run by run. */
  private async factsOf(key: string): Promise<string[]> {
    const { done, unless } = this.definition.steps[key]!;
    const facts = this.all.map((): string => isNeither);
    const left: (readonly number[])[] = [];
    for (const { value, places } of await this.ask(key, done, this.all)) {
      if (value) for (const place of places) facts[place] = isDone;
      else left.push(places);
    }
    if (!unless) return facts;
    for (const { value, places } of await this.ask(key, unless, left.length === 1 ? left[0]! : left.flat())) {
      if (value) for (const place of places) facts[place] = fallsAway;
    }
    return facts;
  }

  /** Places of which the same is kept and the same is true. */
  private alike(facts: readonly (readonly string[])[]): Map<string, number[]> {
    return groupedBy(this.all, (place) => {
      let key = this.runs[place]!.states;
      for (const fact of facts) key += fact[place]!;
      return key;
    });
  }

  /** The state of each step; undefined when one is no longer what it is kept as, or none is left to be done. */
  private judged(kept: string, facts: readonly string[]): StepState[] | undefined {
    const steps = Object.entries(this.definition.steps);
    const was = keptStates(kept, steps.length);
    const states = judge(
      steps.map(([key, { after = [] }], index) => {
        return { key, after, was: was[index]!, isDone: facts[index] === isDone, fallsAway: facts[index] === fallsAway };
      }),
    );
    const now = [...states.values()];
    const isAsKept = steps.every(([key], index) => states.get(key) === was[index]);
    return isAsKept && !now.every(isSettled) ? steps.map(([key]) => states.get(key)!) : undefined;
  }

  /** The open task of a step asks with what is known today. What is asked with the subject alone was compared where it is kept. */
  private async compareAsked(key: string, asks: Ask<Subject> | undefined, open: readonly number[]): Promise<void> {
    if (!asks || "run" in asks) return;
    const hasNews: Question<boolean> = async (context, subject, runId) => {
      const task = await context.db.maybe<{ input: unknown }>(sql`
        select t.asks_input as input from office.process_step s
        join office.task t on t.tenant_id = s.tenant_id and t.id = s.task_id and t.state = 'open'
        where s.tenant_id = ${context.tenantId} and s.run_id = ${runId} and s.key = ${key}`);
      if (!task) return false;
      const { input } = await askedOf(asks, context, subject);
      return !isDeepStrictEqual(JSON.parse(JSON.stringify(input)), task.input);
    };
    const calm = open.filter((place) => !this.unlike.has(place));
    for (const { value, places } of await this.ask(`what ${key} asks`, hasNews, calm))
      if (value) for (const place of places) this.unlike.add(place);
  }
}
