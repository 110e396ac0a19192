// The sweep over what was promised: 100,000 open clocks of which a tenth has come due, marked and gathered for whom to tell, beside the
// same set-based SQL by hand on tables made for it. Both are taken back each time, so that every round stands on the same rows.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";
import { sweepStatement } from "../../src/modules/office/clock/sweep.ts";
import type { Bench } from "../bench.ts";
import { timed } from "../pair.ts";

const open = 100_000;
const people = 500;
// In a year that the schedules of the server that runs beside have not reached.
const now = new Date("2099-06-01T12:00:00Z");

const fillOurs = `
  insert into office.clock (tenant_id, id, about_subject, about_id, target, title, state, is_fixed, amount, unit, is_round_the_clock, facts,
    person_id, is_confidential, started_at, budget_milliseconds, used_milliseconds, due_at, stage_percents, stage_tells, stage_at, warn_at)
  select $1, gen_random_uuid(), 'office.request', gen_random_uuid(), 'resolution', 'Request ' || i, 'running', false, 480,
    'minutes', false, '{}',
    p.ids[1 + i % cardinality(p.ids)], false, t.due - interval '8 hours', 28800000, 0, t.due, '{75,100}', '{holder,line}',
    array[t.due - interval '2 hours', t.due], t.due - interval '2 hours'
  from generate_series(1, ${open}) i
  cross join (select array_agg(id) as ids from directory.party where tenant_id = $1 and kind = 'person') p
  cross join lateral (select $2::timestamptz + interval '1 minute' * (121 + i) -
    case when i % 10 = 0 then interval '1 minute' * (i + 61) else interval '0' end as due) t`;

const fillTheirs = `
  insert into clock
  select i, 'Request ' || i, i % ${people}, true, t.due, array[t.due - interval '2 hours', t.due], 0, t.due - interval '2 hours'
  from generate_series(1, ${open}) i
  cross join lateral (select $1::timestamptz + interval '1 minute' * (121 + i) -
    case when i % 10 = 0 then interval '1 minute' * (i + 61) else interval '0' end as due) t`;

const byHand = `
  with due as materialized (
    select id, told, (select count(*)::int from unnest(stage_at) s where s <= $1) as reached
    from clock where running and warn_at <= $1 order by id for update skip locked
  ), marked as (
    update clock c set told = d.reached, warn_at = c.stage_at[d.reached + 1] from due d where c.id = d.id
    returning c.id, c.title, c.person_id, c.due_at, d.told as before, d.reached
  ), noted as (
    insert into clock_warning select m.id, n, $1 from marked m cross join lateral generate_series(m.before + 1, m.reached) n
    returning clock_id, stage
  )
  select m.person_id, n.stage, count(*), (array_agg(m.title order by m.due_at))[1:10] from noted n join marked m on m.id = n.clock_id
  group by m.person_id, n.stage`;

async function takenBack(pool: pg.Pool, text: string, values: readonly unknown[], tenantId?: string): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    if (tenantId) await client.query("select set_config('heartwood.tenant', $1, true)", [tenantId]);
    return await timed(() => client.query(text, [...values]));
  } finally {
    await client.query("rollback");
    client.release();
  }
}

export const sweepOpenClocks: Bench = {
  name: "clock-sweep",
  says: "one sweep over 100,000 open clocks of which 10,000 have come due; the same set-based SQL by hand on two tables made for it",
  prepare: async (server) => {
    const { rows } = await server.owner.query<{ tenantId: string }>(
      `select tenant_id as "tenantId" from platform.tenant_account where ready_at is not null order by created_at limit 1`,
    );
    const { tenantId } = rows[0]!;
    for (let index = 0; index < people; index++) {
      await server.call("POST", "/api/v1/directory/persons", { name: `Person ${index}`, email: `person.${index}@bench.example` });
    }
    const client = await server.owner.connect();
    try {
      await client.query("begin");
      await client.query("select set_config('heartwood.tenant', $1, true)", [tenantId]);
      await client.query(fillOurs, [tenantId, now]);
      await client.query("commit");
      await client.query("analyze office.clock");
    } finally {
      client.release();
    }
    await server.raw.query(readFileSync(join(import.meta.dirname, "../raw/clock.sql"), "utf8"));
    await server.raw.query(fillTheirs, [now]);
    await server.raw.query("analyze clock");
    const statement = sweepStatement(tenantId as never, now);
    return {
      unit: "ms",
      moreIsBetter: false,
      bound: 3,
      ours: () => takenBack(server.owner, statement.text, statement.values, tenantId),
      theirs: () => takenBack(server.raw, byHand, [now]),
    };
  },
};
