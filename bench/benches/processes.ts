// The nightly look at processes: 100,000 steps under way, half of them done, the facts of all asked anew, beside the same set-based SQL by
// hand on tables made for it. Nothing changed, as on most nights: both find that there is nothing to do.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Id } from "../../src/kernel/id.ts";
import { directory } from "../../src/modules/directory/index.ts";
import { days, type Fact, ids, office, process, processModule, type Step } from "../../src/modules/office/index.ts";
import { openPool } from "../../src/platform/database/pool.ts";
import { sql } from "../../src/platform/database/sql.ts";
import { createFunnel } from "../../src/platform/funnel/funnel.ts";
import { ref } from "../../src/platform/operation/field.ts";
import { module } from "../../src/platform/operation/module.ts";
import { anyone, operation } from "../../src/platform/operation/operation.ts";
import { compose } from "../../src/platform/operation/registry.ts";
import type { Bench } from "../bench.ts";
import { timed } from "../pair.ts";
import type { BenchServer } from "../server.ts";

const runs = 12_500;
const stepNames = ["contract", "laptop", "accounts", "signIn", "desk", "payroll", "policies", "probation"] as const;
const says = "Somebody sees to it.";
const night = new Date("2099-06-01T02:30:00Z");

type About = Readonly<Record<"personId", Id>>;

const holds =
  (name: string): Fact<About> =>
  async (context, { personId }) =>
    (await context.db.maybe(sql`
      select name from bench.fact where tenant_id = ${context.tenantId} and person_id = ${personId} and name = ${name}`)) !== undefined;

const see = operation({
  name: "bench.step.see",
  title: "See to it",
  does: "Is asked of whoever has the step.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({ personId: ref("directory.person") }),
  output: z.object({}),
  run: async () => ({}),
});

const welcome = process<About>({
  name: "benchWelcome",
  title: "Welcome",
  says: "What has to be true for a newcomer.",
  starts: "bench.person.hired",
  subject: (payload) => ids(payload, "personId"),
  anchor: async (context, { personId }) =>
    (
      await context.db.maybe<{ day: never }>(sql`
        select day from bench.hired where tenant_id = ${context.tenantId} and person_id = ${personId}`)
    )?.day,
  called: async () => "Welcome",
  steps: Object.fromEntries(
    stepNames.map((name, place): [string, Step<About>] => [
      name,
      {
        says,
        owner: "bench.newcomers",
        by: days(place),
        asks: see,
        done: holds(name),
        ...(name === "payroll" && { unless: holds("contractor") }),
      },
    ]),
  ),
});

const fillOurs = [
  `create schema bench;
   create table bench.hired (tenant_id uuid, person_id uuid, day date, primary key (tenant_id, person_id));
   create table bench.fact (tenant_id uuid, person_id uuid, name text, primary key (tenant_id, person_id, name));
   select platform.open_schema('bench');
   select platform.fence('bench.hired');
   select platform.fence('bench.fact')`,
  `insert into directory.party (tenant_id, id, kind, name)
   select $1, gen_random_uuid(), 'person', 'Newcomer ' || n from generate_series(1, ${runs}) n`,
  `insert into bench.hired select $1, id, '2099-06-15' from directory.party where tenant_id = $1 and name like 'Newcomer %'`,
  `insert into office.process_run
     (tenant_id, id, process, title, subject, object_ids, person_id, state, anchor, started_by, started_at, started_on)
   select $1, gen_random_uuid(), 'benchWelcome', 'Welcome', jsonb_build_object('personId', person_id), array[person_id], person_id, 'open',
     '2099-06-15', gen_random_uuid(), '2099-05-01', '2099-05-01' from bench.hired where tenant_id = $1`,
  `insert into bench.fact select $1, person_id, s.name from bench.hired, unnest($2::text[]) with ordinality s (name, place)
   where s.place % 2 = 1 and $1::uuid = tenant_id`,
  `insert into office.task (tenant_id, id, kind, title, says, state, due, activity, person_id, via, is_fixed, by_fact, is_confidential,
     about_subject, about_id, asks_operation, asks_input, opened_at, opened_on, key)
   select $1, gen_random_uuid(), 'step', s.name, '${says}', 'open', date '2099-06-14' + s.place::int, 'bench.newcomers', r.person_id,
     'bench', false, true, false, 'process.run', r.id, 'bench.step.see', jsonb_build_object('personId', r.person_id), '2099-05-01',
     '2099-05-01',
     r.id || s.name
   from office.process_run r, unnest($2::text[]) with ordinality s (name, place)
   where r.tenant_id = $1 and r.process = 'benchWelcome' and s.place % 2 = 0`,
  `insert into office.process_step (tenant_id, id, run_id, key, place, title, says, activity, state, due, task_id,
     opened_at, done_at, done_on)
   select $1, gen_random_uuid(), r.id, s.name, s.place - 1, s.name, '${says}', 'bench.newcomers',
     case when s.place % 2 = 1 then 'done' else 'open' end, date '2099-06-14' + s.place::int, t.id, '2099-05-01',
     case when s.place % 2 = 1 then timestamptz '2099-05-02' end, case when s.place % 2 = 1 then date '2099-05-02' end
   from office.process_run r cross join unnest($2::text[]) with ordinality s (name, place)
   left join office.task t on t.tenant_id = r.tenant_id and t.key = r.id || s.name
   where r.tenant_id = $1 and r.process = 'benchWelcome'`,
];

const fillTheirs = `
  insert into run select n, n, '2099-06-15', '2099-05-01' from generate_series(1, ${runs}) n;
  insert into fact select r.id, s.name from run r, unnest('{${stepNames.join(",")}}'::text[]) with ordinality s (name, place)
    where s.place % 2 = 1;
  insert into task select r.id * 8 + s.place, r.id, '${says}', jsonb_build_object('personId', r.person_id), 'open'
    from run r, generate_series(1, 8) s (place) where s.place % 2 = 0;
  insert into step select r.id, s.name, s.place, s.place - 1, case when s.place % 2 = 1 then 'done' else 'open' end,
    date '2099-06-14' + s.place::int, case when s.place % 2 = 0 then r.id * 8 + s.place end
    from run r, unnest('{${stepNames.join(",")}}'::text[]) with ordinality s (name, place);
  analyze run; analyze fact; analyze task; analyze step`;

/** Every run with a step that is no longer what it is kept as, due on another day, or whose task says or asks something else. */
const byHand = `
  select distinct r.id from run r
  join step s on s.run_id = r.id
  left join fact f on f.person_id = r.person_id and f.name = s.key
  left join fact c on c.person_id = r.person_id and c.name = 'contractor' and s.key = 'payroll'
  left join task t on t.id = s.task_id and t.state = 'open'
  where s.state <> case when f.name is not null then 'done' when c.name is not null then 'skipped' else 'open' end
    or s.state not in ('done', 'skipped') and s.due <> greatest(r.anchor + s.days, r.started_on)
    or s.state = 'open' and (t.id is null or t.says <> '${says}' or t.input <> jsonb_build_object('personId', r.person_id))`;

async function ownerFills(server: BenchServer, tenantId: string): Promise<void> {
  for (const text of fillOurs) {
    const values = [tenantId, [...stepNames]].slice(0, text.includes("$2") ? 2 : text.includes("$1") ? 1 : 0);
    await server.owner.query(text, values);
  }
  await server.owner.query("analyze");
}

export const sweepOpenProcesses: Bench = {
  name: "process-sweep",
  says: "the nightly look at 100,000 steps of 12,500 processes under way; the same set-based SQL by hand on four tables made for it",
  prepare: async (server) => {
    const { rows } = await server.owner.query<{ id: Id }>(
      "select tenant_id as id from platform.tenant_account where ready_at is not null order by created_at limit 1",
    );
    const tenantId = rows[0]!.id;
    await ownerFills(server, tenantId);
    await server.raw.query(readFileSync(join(import.meta.dirname, "../raw/process.sql"), "utf8"));
    await server.raw.query(fillTheirs);
    const lab = module({
      name: "bench",
      title: "Bench",
      needs: ["office"],
      roles: {},
      activities: { "bench.newcomers": "Newcomers" },
      registers: [],
      operations: [see],
    });
    const registry = compose([directory, office, lab, processModule([welcome])]);
    const { host, port, user, database } = server.owner.options as unknown as Record<string, never>;
    const pool = openPool({ host, port, user, database }, 2);
    const funnel = createFunnel({ pool, registry, clock: () => night, zoneOf: async () => "UTC" });
    const { does } = registry.schedules.find((one) => one.name === "process.sweep")!;
    return {
      unit: "ms",
      moreIsBetter: false,
      bound: 3,
      ours: () => timed(() => funnel.work(tenantId, does)),
      theirs: () =>
        timed(async () => {
          const found = await server.raw.query(byHand);
          if (found.rowCount !== 0) throw new Error(`${found.rowCount} runs are not what they are kept as`);
        }),
    };
  },
};
