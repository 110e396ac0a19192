// What the inbox touches among years of closed work, in rows, which do not drift with the machine: what is open, and of one's own screens
// only what is with oneself.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "../../../platform/operation/context.ts";
import { compose } from "../../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";
import { readingOf } from "../../../platform/testing/reading.ts";
import { directory } from "../../directory/index.ts";
import { office } from "../module.ts";
import { routeTasks } from "../responsibility/route.ts";
import { chaseLateTasks } from "./chase.ts";

const people = 50;
const history = 20_000;
const openEach = 6;
const open = people * openEach;

let house: TestHouse;
let ann: Actor;

const fill = [
  `insert into directory.party (tenant_id, id, kind, name) select $1, gen_random_uuid(), 'person', 'Colleague ' || n
   from generate_series(2, ${people}) n`,
  `insert into office.task (tenant_id, id, kind, title, state, due, activity, person_id, via, is_fixed, by_fact, is_confidential, opened_at,
     opened_on, closed_at)
   select $1, gen_random_uuid(), 'wish', 'Task ' || n, case when n <= ${history} then 'done' else 'open' end, '2026-03-20',
     'office.supplies', p.ids[1 + n % ${people}], 'asked', n % 2 = 0, false, false, '2026-01-01', '2026-01-01',
     case when n <= ${history} then timestamptz '2026-01-02' end
   from generate_series(1, ${history + open}) n
   cross join (select array_agg(id order by name) as ids from directory.party where tenant_id = $1 and kind = 'person') p`,
  `insert into office.approval (tenant_id, id, title, activity, about_subject, about_id, hash, requested_at, requested_on, approver_id, via,
     state, decided_by, decided_at)
   select $1, gen_random_uuid(), 'Purchase ' || n, 'office.supplies', 'office.task', gen_random_uuid(), 'x', '2026-01-01', '2026-01-01',
     p.ids[1 + n % ${people}], 'asked', case when n <= ${history} then 'approved' else 'open' end,
     case when n <= ${history} then p.ids[1 + n % ${people}] end, case when n <= ${history} then timestamptz '2026-01-02' end
   from generate_series(1, ${history + open}) n
   cross join (select array_agg(id order by name) as ids from directory.party where tenant_id = $1 and kind = 'person') p`,
  `insert into office.approval_step (tenant_id, approval_id, number, title, approvers, remind_days, state, opened_on)
   select tenant_id, id, 1, 'Agrees', '[]', 3, case state when 'open' then 'open' else 'approved' end, '2026-01-01'
   from office.approval where tenant_id = $1`,
  `insert into office.approval_seat (tenant_id, id, approval_id, number, approver, activity, person_id, via, state)
   select tenant_id, gen_random_uuid(), id, 1, '{}', 'office.supplies', approver_id, 'asked',
     case state when 'open' then 'open' else 'voted' end
   from office.approval where tenant_id = $1`,
];

beforeAll(async () => {
  house = await openHouse({ registry: compose([directory, office]), today: "2026-03-15" });
  ann = await house.person("Ann Asks");
  for (const text of fill) await house.owner.query(text, [house.tenantId]);
  await house.owner.query("vacuum analyze");
});
afterAll(() => house.close());

interface Page {
  readonly rows: readonly unknown[];
  readonly count: number;
}

async function touchedBy(work: () => Promise<unknown>): Promise<(table: string) => number> {
  const { rows } = await readingOf(house, work, "");
  return (table) => rows.get(table) ?? 0;
}

test("one's own tasks: the page and the number in the corner touch what is with oneself, once each", async () => {
  let page: Page | undefined;
  const filter = { state: "open", personId: ann.personId! };
  const touched = await touchedBy(async () => {
    page = (await house.call("office.task.list", { filter, sort: "due", limit: 24, count: true }, ann)) as unknown as Page;
  });
  expect([page!.rows.length, page!.count]).toEqual([openEach, openEach]);
  expect(touched("task")).toBeLessThanOrEqual(2 * openEach);
  const counted = await touchedBy(() => house.call("office.task.list", { filter, limit: 1, count: true }, ann));
  expect(counted("task")).toBeLessThanOrEqual(2 * openEach);
});

test("what waits for one's decision touches what is open, and its seats", async () => {
  let page: Page | undefined;
  const touched = await touchedBy(async () => {
    const filter = { state: "open", mine: "true" };
    page = (await house.call("office.approval.list", { filter, limit: 50, count: true }, ann)) as unknown as Page;
  });
  expect([page!.rows.length, page!.count]).toEqual([openEach, openEach]);
  // The page and its count, each.
  expect(touched("approval")).toBeLessThanOrEqual(2 * open);
  expect(touched("approval_seat")).toBeLessThanOrEqual(6 * open);
});

test("routing and chasing touch what is open", async () => {
  const work = (does: Parameters<typeof house.funnel.work>[1]) => touchedBy(() => house.funnel.work(house.tenantId, does, house.today));
  expect((await work(routeTasks))("task")).toBeLessThanOrEqual(3 * open);
  // Nothing is late yet.
  expect((await work(chaseLateTasks))("task")).toBe(0);
});
