// A funnel that watches: each write is first tried dry, then done with a key, then wished again with that key, and every table of the
// company is looked at in between. A dry run that leaves a trace, or a wish that is done twice, is an error where it happens.
import { type Id, newId } from "../../src/kernel/id.ts";
import type { Pool } from "../../src/platform/database/pool.ts";
import type { Call } from "../../src/platform/funnel/frame.ts";
import type { Funnel } from "../../src/platform/funnel/funnel.ts";
import { WaitsForApproval } from "../../src/platform/funnel/gate.ts";
import type { Operation } from "../../src/platform/operation/operation.ts";
import { canonical, toWire } from "../../src/platform/funnel/trail.ts";

type Go = (call: Call) => Promise<unknown>;

/** `onWatched` hears the name of every operation that passed. Each is watched once for a funnel. */
export function watching(funnel: Funnel, pool: Pool, onWatched: (name: string) => void): Funnel {
  const passed = new Set<string>();
  let begun = 0;
  let underWay = 0;
  const counted = async <T>(does: () => Promise<T>): Promise<T> => {
    begun += 1;
    underWay += 1;
    try {
      return await does();
    } finally {
      underWay -= 1;
    }
  };
  const watched = async (name: string, call: Call, go: Go): Promise<unknown> => {
    const operation = funnel.registry.operations.get(name);
    // What runs beside others cannot be told from them in the tables.
    if (operation?.kind !== "write" || call.dryRun || passed.has(name) || underWay > 0) return counted(() => go(call));
    return counted(async () => {
      const mine = begun;
      const seen = await watchedRun(pool, call, go, operation).catch((error: unknown) => {
        // Others came in between: what they did may be why it was refused dry.
        if (begun === mine) throw error;
        return undefined;
      });
      if (!seen) return go(call);
      const { output, problems } = seen;
      if (begun === mine) {
        if (problems.length > 0) throw new Error(`${name}: ${problems.join("; ")}`);
        if (!(output instanceof WaitsForApproval)) passed.add(name);
        if (passed.has(name)) onWatched(name);
      }
      if (output instanceof WaitsForApproval) throw output;
      return output;
    });
  };
  return {
    ...funnel,
    run: (name, input, call) => watched(name, call, (as) => funnel.run(name, input, as)),
    runTyped: ((operation, input, call) =>
      watched(operation.name, call, (as) => funnel.runTyped(operation, input, as))) as Funnel["runTyped"],
    work: (tenantId, does, today) => counted(() => funnel.work(tenantId, does, today)),
  };
}

/** What waits for approval is an answer like any other, told by a throw: a dry run leaves nothing, and a key is told the same again. */
async function watchedRun(pool: Pool, call: Call, really: Go, { hides }: Operation): Promise<{ output: unknown; problems: string[] }> {
  const problems: string[] = [];
  const go: Go = (as) =>
    really(as).catch((error: unknown) => {
      if (error instanceof WaitsForApproval) return error;
      throw error;
    });
  const before = await stateOf(pool, call.tenantId);
  // What it refuses, it refuses dry as well: the caller hears that first no.
  const dry = await go({ ...call, dryRun: true });
  const touched = differences(before, await stateOf(pool, call.tenantId));
  if (touched.length > 0) problems.push(`a dry run leaves a trace in ${touched.join(", ")}`);
  const key = call.key ?? newId();
  const output = await go({ ...call, key });
  const after = await stateOf(pool, call.tenantId);
  const waits = output instanceof WaitsForApproval;
  // Tried dry, a wish that would wait has no record to wait under.
  if (waits ? !(dry instanceof WaitsForApproval) : shapeOf(dry) !== shapeOf(output)) problems.push("a dry run answers in another shape");
  const again = await go({ ...call, key }).catch((error: Error) => error);
  if (waits && again instanceof WaitsForApproval) {
    if (canonical(toWire(again.facts)) !== canonical(toWire(output.facts))) problems.push("wished again with its key it waits elsewhere");
  } else if (again instanceof Error) problems.push(`wished again with its key it is answered by a no: ${again.message}`);
  else if (textOf(again, hides) !== textOf(output, hides)) problems.push("wished again with its key it answers differently");
  const doubled = differences(after, await stateOf(pool, call.tenantId));
  if (doubled.length > 0) problems.push(`wished again with its key it changes ${doubled.join(", ")}`);
  return { output, problems };
}

/** An answer as text, without what is told only once. */
function textOf(answer: unknown, hides: readonly string[] = []): string {
  const wire = toWire(answer);
  if (hides.length === 0) return canonical(wire);
  return canonical(Object.fromEntries(Object.entries(wire as object).filter(([name]) => !hides.includes(name))));
}

/** Which fields an answer has, whatever stands in them. */
const shapeOf = (value: unknown): string =>
  value !== null && typeof value === "object" && !Array.isArray(value)
    ? Object.keys(toWire(value) as object)
        .toSorted()
        .join(" ")
    : typeof value;

type State = ReadonlyMap<string, string>;

const differences = (before: State, after: State): string[] =>
  [...after].filter(([name, state]) => before.get(name) !== state).map(([name]) => name);

const statements = new WeakMap<Pool, Promise<string>>();

/** Rows of every table of a company, as the application sees them: how many, and which transactions wrote them. */
async function stateOf(pool: Pool, tenantId: Id): Promise<State> {
  if (!statements.has(pool)) statements.set(pool, stateStatement(pool));
  const statement = await statements.get(pool)!;
  const client = await pool.connect();
  try {
    // Planned once for a connection: a statement over every table takes longer to plan than to run.
    await client.query(`begin read only; set local heartwood.tenant = '${tenantId}'; set local plan_cache_mode = force_generic_plan`);
    const { rows } = await client.query<{ name: string; state: string }>({ name: "state", text: statement, values: [tenantId] });
    await client.query("commit");
    return new Map(rows.map((row) => [row.name, row.state]));
  } finally {
    client.release();
  }
}

async function stateStatement(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ name: string }>(`
    select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and c.relrowsecurity and has_table_privilege(c.oid, 'select')
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)`);
  const one = (name: string): string =>
    `select '${name}' as name, count(*) || ' ' || coalesce(sum(xmin::text::numeric), 0) as state from ${name} where tenant_id = $1`;
  return rows.map(({ name }) => one(name)).join(" union all ");
}
