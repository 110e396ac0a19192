// What is kept of the runs under way, read where it lies: each run with the states of its steps in a few letters, and whether something
// kept is not what its definition says today.
import type { Day } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { join, type Sql, sql } from "../../../platform/database/sql.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { fieldsOf, type Process, type Subject } from "./process.ts";
import type { StepState } from "./step.rules.ts";

export interface Kept {
  readonly id: Id;
  readonly process: string;
  readonly subject: Subject;
  readonly anchor: Day;
  /** The states of its steps, in the order of the definition; read by `keptStates`. */
  readonly states: string;
  /** Whatever the facts are, a look would change it. */
  readonly isChanged: boolean;
}

/** How the open task of a step says why the house could not do its part. */
const butProblem = "\n\nThe house could not do its part: ";

/** What the open task of a step says and knows already. */
export const saysOf = (says: string, problem: string | null): string => (problem === null ? says : says + butProblem + problem);

const letters = "wodsu";
const stateNames: readonly StepState[] = ["waiting", "open", "done", "skipped", "undone"];
// Three bits a step, twenty steps in one number; the bit above them says that something is not as it should be.
const bits = 3;
const together = 20;
const changedBit = 1n << BigInt(bits * together);

/** The next live runs after one, or after none, at most so many. */
export const keptAfter = (
  context: ReadContext,
  definitions: ReadonlyMap<string, Process>,
  after: Id | null,
  atMost: number,
): Promise<Kept[]> => kept(context, definitions, sql`(${after}::uuid is null or id > ${after}::uuid) order by id limit ${atMost}`);

/** Those of the runs that are live. */
export const keptOf = (context: ReadContext, definitions: ReadonlyMap<string, Process>, ids: readonly Id[]): Promise<Kept[]> =>
  kept(context, definitions, sql`id = any(${ids}::uuid[])`);

/** Live runs by a condition on `office.process_run`. */
async function kept(context: ReadContext, definitions: ReadonlyMap<string, Process>, which: Sql): Promise<Kept[]> {
  const runs = await context.db.rows<Omit<Kept, "isChanged"> & { isLive: boolean }>(runsBy(context, [...definitions.values()], which));
  const known = new Map<string, boolean>();
  return runs.map(({ id, process, subject, anchor, states, isLive }) => {
    const key = `${process} ${states}`;
    const isWhole = known.get(key) ?? isAsSaid(states, Object.keys(definitions.get(process)?.steps ?? {}).length);
    known.set(key, isWhole);
    return { id, process, subject, anchor, states, isChanged: !isLive || !isWhole };
  });
}

/** The states of so many steps; undefined for a step that is not kept yet. */
export function keptStates(states: string, count: number): (StepState | undefined)[] {
  const numbers = states.split(",").map(BigInt);
  return Array.from({ length: count }, (_, number) => {
    const letter = ((numbers[Math.floor(number / together)] ?? 0n) >> BigInt(bits * (number % together))) & 7n;
    return stateNames[Number(letter) - 1];
  });
}

const isAsSaid = (states: string, count: number): boolean =>
  states.split(",").every((number) => (BigInt(number) & changedBit) === 0n) &&
  keptStates(states, count).every((state) => state !== undefined);

/** What a definition says of its steps. */
function saidOf(definition: Process): object[] {
  return Object.entries(definition.steps).map(([key, { by, says, does, asks }], number) => ({
    process: definition.name,
    key,
    number,
    days: by.days,
    says,
    does: does !== undefined,
    asks: asks === undefined ? "nothing" : "run" in asks ? "subject" : "more",
    fields: asks && "run" in asks ? fieldsOf(asks) : [],
  }));
}

/**
 * A step is not as it should be when its definition is gone, when it is due on another day than the run's, or when it is open and has no
 * task, the house has not done its part, or its task says or asks something else.
 */
function runsBy(context: ReadContext, definitions: readonly Process[], which: Sql): Sql {
  const most = Math.max(0, ...definitions.map(({ steps }) => Object.keys(steps).length));
  const numbers = Array.from(
    { length: Math.ceil(most / together) || 1 },
    (_, part) => sql`
    coalesce(bit_or(${stateNow}) filter (where coalesce(d.number, 0) / ${together}::int = ${part}::int), 0)`,
  );
  return sql`
  with run as (
    select id, process, subject, state, anchor, started_on, problem from office.process_run
    where tenant_id = ${context.tenantId} and state in ('open', 'unwinding') and ${which}
  ), named as materialized (
    select distinct r.process, n.name from run r cross join jsonb_object_keys(r.subject) as n (name)
  ), said as materialized (
    select d.*, array(select n.name from named n where n.process = d.process and n.name <> all (d.fields)) as others
    from jsonb_to_recordset(${JSON.stringify(definitions.flatMap(saidOf))}::jsonb)
      as d (process text, key text, number int, days int, says text, does boolean, asks text, fields text[])
  ), step as (
    select s.run_id, concat_ws(',', ${join(numbers, sql`, `)}) as states
    from run r
    join office.process_step s on s.tenant_id = ${context.tenantId} and s.run_id = r.id
    left join said d on d.process = r.process and d.key = s.key
    left join office.task t on t.tenant_id = ${context.tenantId} and t.id = s.task_id and t.state = 'open'
    group by s.run_id
  )
  select r.id, r.process, r.subject, r.anchor, r.state = 'open' and r.problem is null as is_live, coalesce(s.states, '0') as states
  from run r left join step s on s.run_id = r.id order by r.id`;
}

const stateNow = sql`case
  when s.state not in ('done', 'skipped') and (
    d.key is null or s.due <> greatest(r.anchor + d.days, r.started_on)
    or s.state = 'open' and (
      s.task_id is null or d.does and s.did_at is null
      or t.id is not null and (
        t.says is distinct from case when s.problem is null then d.says else d.says || ${butProblem} || s.problem end
        or d.asks = 'nothing' and t.asks_input is not null
        or d.asks = 'subject' and t.asks_input is distinct from r.subject - d.others)))
  then ${changedBit}::bigint
  when d.key is null then 0
  else strpos(${letters}, left(s.state, 1))::bigint << (${bits}::int * (d.number % ${together}::int)) end`;
