// The inbox of a company of 5,000 people with a million closed tasks: what a person opens in the morning, beside the same by hand. Neither
// may read the history: the plan of ours is printed with the rows and pages it touched.
import type { Bench } from "../bench.ts";
import { timed } from "../pair.ts";
import type { BenchServer } from "../server.ts";

const people = 5_000;
const history = 1_000_000;
const open = 20_000;
const asked = 40;

export const inbox: Bench = {
  name: "inbox",
  says: `the open tasks of ${asked} people, of ${open.toLocaleString("en")} open among ${history.toLocaleString("en")} closed`,
  async prepare(server) {
    await fill(server);
    const { rows } = await server.owner.query<{ id: string }>(
      `select person_id as id from office.task where state = 'open' group by 1 order by 1 limit ${asked}`,
    );
    const persons = rows.map((row) => row.id);
    await showPlan(server, persons[0]!);
    return {
      unit: "ms",
      moreIsBetter: false,
      // One request a person over HTTP with permission and schema, against one bare statement each.
      bound: 12,
      ours: () =>
        timed(async () => {
          for (const id of persons)
            await server.call("GET", `/api/v1/office/tasks?filter[state]=open&filter[personId]=${id}&sort=due&limit=50`);
        }),
      theirs: () =>
        timed(async () => {
          for (const id of persons) await server.owner.query(byHand, [await tenantOf(server), id]);
        }),
    };
  },
};

const byHand = `select t.id, t.title, t.due, p.name from office.task t
  join directory.party p on p.tenant_id = t.tenant_id and p.id = t.person_id
  where t.tenant_id = $1 and t.person_id = $2 and t.state = 'open' order by t.due, t.id limit 50`;

let tenant: Promise<string> | undefined;
const tenantOf = (server: BenchServer): Promise<string> =>
  (tenant ??= server.owner
    .query<{ id: string }>("select tenant_id as id from platform.tenant_account order by created_at limit 1")
    .then(({ rows }) => rows[0]!.id));

async function fill(server: BenchServer): Promise<void> {
  const id = await tenantOf(server);
  await server.owner.query(
    `insert into directory.party (tenant_id, id, kind, name) select $1, gen_random_uuid(), 'person', 'Bench ' || n
      from generate_series(1, ${people}) n`,
    [id],
  );
  const task = (count: number, state: string, closed: string): Promise<unknown> =>
    server.owner.query(
      `insert into office.task (tenant_id, id, kind, title, state, due, activity, person_id, via, is_fixed, by_fact, is_confidential,
         opened_at, opened_on, closed_at)
       select $1, gen_random_uuid(), 'wish', 'Task ' || n, '${state}', '2026-12-01', 'office.supplies', p.id, 'bench',
         '${state}' <> 'open', false, false, timestamptz '2026-01-01' + n * interval '20 seconds', '2026-01-01', ${closed}
       from generate_series(1, ${count}) n
       join (select id, row_number() over (order by id) - 1 as place from directory.party where tenant_id = $1 and name like 'Bench %') p
         on p.place = n % ${people}`,
      [id],
    );
  await task(history, "done", "timestamptz '2026-01-01' + n * interval '20 seconds' + interval '1 day'");
  await task(open, "open", "null");
  await server.owner.query("analyze");
}

/** What each statement behind the screens touches: rows and pages, from PostgreSQL's own count. */
async function showPlan(server: BenchServer, personId: string): Promise<void> {
  const id = await tenantOf(server);
  const statements: Readonly<Record<string, { text: string; values: unknown[] }>> = {
    inbox: { text: byHand, values: [id, personId] },
    routing: {
      text: `select distinct activity, scope_kind, scope_id, is_confidential from office.task
        where tenant_id = $1 and state = 'open' and not is_fixed and activity is not null`,
      values: [id],
    },
    chasing: {
      text: `select id from office.task where tenant_id = $1 and state = 'open' and due < '2026-11-01' and chased_on is null`,
      values: [id],
    },
    approvals: {
      text: "select id from office.approval where tenant_id = $1 and state = 'open' and approver_id = $2",
      values: [id, personId],
    },
  };
  for (const [name, { text, values }] of Object.entries(statements)) {
    const { rows } = await server.owner.query(`explain (analyze, buffers, format json) ${text}`, values);
    const [{ Plan: plan }] = (rows[0] as { "QUERY PLAN": [{ Plan: PlanNode }] })["QUERY PLAN"];
    const pages = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"];
    process.stderr.write(`  ${name}: ${rowsTouched(plan)} rows, ${pages} pages, ${scansOf(plan).join(", ")}\n`);
  }
}

interface PlanNode {
  readonly "Node Type": string;
  readonly "Index Name"?: string;
  readonly "Relation Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
  readonly Plans?: readonly PlanNode[];
}

const nodesOf = (plan: PlanNode): PlanNode[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
const isScan = (node: PlanNode): boolean => node["Relation Name"] !== undefined;

const rowsTouched = (plan: PlanNode): number =>
  nodesOf(plan)
    .filter(isScan)
    .reduce((sum, node) => sum + (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"], 0);

const scansOf = (plan: PlanNode): string[] =>
  nodesOf(plan)
    .filter(isScan)
    .map((node) => node["Index Name"] ?? `${node["Node Type"]} ${node["Relation Name"]}`);
