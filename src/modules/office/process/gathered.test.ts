// Many asking the same at once are answered as each would be alone: whatever the types of the values, whoever finds nothing, in its order.
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import { system } from "../../../platform/funnel/frame.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { compose } from "../../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";
import { directory } from "../../directory/index.ts";
import { office } from "../module.ts";
import { react } from "./engine.ts";
import { gathered } from "./gathered.ts";
import { keptAfter } from "./kept.ts";
import { factsOnlyHandOn } from "./laws.ts";
import { acceptOffer, counted, lab, makeLab, setFact, welcome } from "./lab.testing.ts";
import { processModule } from "./module.ts";
import type { Fact, Process, Subject } from "./process.ts";
import { unlike } from "./survey.ts";

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse({ registry: compose([directory, office, lab, processModule([welcome])]), today: "2026-03-01" });
  await makeLab(house);
});
afterAll(() => house.close());

const reading = <T>(does: (context: ReadContext) => Promise<T>): Promise<T> =>
  house.funnel.read({ tenantId: house.tenantId, actor: system }, does);

const questions: Record<string, (context: ReadContext, at: number) => Promise<unknown>> = {
  "a day and a number": (context, at) => context.db.row(sql`select ${`2026-03-${10 + at}`}::date + ${at}::int as day, ${at}::int as n`),
  "lists, some empty": (context, at) =>
    context.db.rows(sql`
      select x from unnest(${Array.from({ length: at % 3 }, (_, n) => `a "${n}" \\ ,`)}::text[]) as u (x) order by x desc`),
  "null or a moment": (context, at) =>
    context.db.row(sql`select ${at % 2 === 0 ? null : new Date(at * 1e9)}::timestamptz as at, ${at > 3}::boolean as late`),
  "several rows in an order of their own": (context, at) =>
    context.db.rows(sql`select g from generate_series(1, ${at}::int) g order by -g`),
  "nothing for most": (context, at) => context.db.maybe(sql`select 'five' as word where ${at}::int = 5`),
  "a table that is called by one letter": (context, at) =>
    context.db.rows(sql`select b.n from generate_series(1, 9) b (n) where b.n = ${at}::int`),
  "the same for all": (context) => context.db.row(sql`select ${"one"}::text as word`),
};

test.each(Object.keys(questions))("%s", async (name) => {
  const ask = questions[name]!;
  const places = Array.from({ length: 8 }, (_, place) => place);
  await reading(async (context) => {
    const alone = [];
    for (const place of places) alone.push(await ask(context, place));
    const { context: one, statements } = counted(context);
    const answers = await Promise.all(places.map((place) => ask(gathered(one), place)));
    expect(answers.length).toBe(alone.length);
    const together = gathered(one);
    const before = statements();
    const shared = await Promise.all(places.map((place) => ask(together, place)));
    expect(shared).toEqual(alone);
    expect(statements() - before).toBeLessThanOrEqual(4);
  });
});

test("who asks alone is answered alone, and a fault is everybody's", async () => {
  await reading(async (context) => {
    const together = gathered(context);
    expect(await together.db.row(sql`select ${1}::int as one`)).toEqual({ one: 1 });
    await expect(together.db.row(sql`select 1 as one where ${1}::int = 2`)).rejects.toThrow("expected one row");
    await expect(together.db.run(sql`select 1`)).rejects.toThrow("does not write");
  });
  const failing = reading((context) => {
    const together = gathered(context);
    return Promise.all([0, 1, 2].map((by) => together.db.row(sql`select 1 / ${by}::int as part`)));
  });
  await expect(failing).rejects.toThrow("division by zero");
});

test("a quiet night asks as much of twenty runs as of six, and finds the one whose fact changed without a word", async () => {
  const boss = await house.person("Olga Owner", "owner");
  const people = [];
  for (let index = 0; index < 20; index++) {
    const { personId } = await house.person(`Newcomer ${index}`);
    people.push(personId!);
    await house.run(acceptOffer, { personId, firstDay: "2026-04-01", event: "lab.offer.accepted" }, boss);
    if (index % 2 === 0) await house.run(setFact, { personId, name: "signed" }, boss);
    if (index % 4 === 0) await house.run(setFact, { personId, name: "laptop" }, boss);
  }
  await house.settle();
  const survey = (atMost: number) =>
    reading(async (reader) => {
      const { context, statements } = counted(reader);
      const definitions = new Map([[welcome.name, welcome]]);
      const runs = await keptAfter(context, definitions, null, atMost);
      const found = await unlike(definitions, runs, context);
      return { found, runs, statements: statements() };
    });
  await survey(20);
  const [few, many] = [await survey(6), await survey(20)];
  expect([few.runs.length, many.runs.length]).toEqual([6, 20]);
  expect([few.found, many.found]).toEqual([[], []]);
  expect(many.statements).toBeLessThanOrEqual(few.statements + 3);

  await house.owner.query("insert into lab.fact values ($1, $2, 'policies')", [house.tenantId, people[7]]);
  const { found, runs } = await survey(20);
  expect(found.map((id) => runs.find((run) => run.id === id)?.subject["personId"])).toEqual([people[7]]);
});

test("an event that names someone whom twenty runs are about asks as much as of eight, and looks only at what it changed", async () => {
  const definitions = new Map([[welcome.name, welcome]]);
  const asker = newId();
  const reactTo = (atMost: number) =>
    house.funnel.work(house.tenantId, async (writer) => {
      await writer.db.run(sql`
        update office.process_run set object_ids = object_ids || ${asker}::uuid
        where tenant_id = ${house.tenantId} and id in (select id from office.process_run order by id limit ${atMost})
          and not object_ids @> array[${asker}::uuid]`);
      const { context, statements } = counted(writer);
      await react(definitions, { id: newId(), name: "lab.fact.set", payload: { personId: asker }, at: writer.now }, context);
      return statements();
    });
  await reactTo(20);
  await house.owner.query("update office.process_run set object_ids = array_remove(object_ids, $1)", [asker]);
  const [few, many] = [await reactTo(8), await reactTo(20)];
  expect(many).toBeLessThanOrEqual(few + 3);

  const { rows } = await house.owner.query<{ id: string; person: string }>(
    "select r.id, r.subject->>'personId' as person from office.process_run r order by r.id limit 1 offset 11",
  );
  const stateOf = async () =>
    (await house.owner.query("select state from office.process_step where run_id = $1 and key = 'laptop'", [rows[0]!.id])).rows[0];
  expect(await stateOf()).not.toEqual({ state: "done" });
  await house.owner.query("insert into lab.fact values ($1, $2, 'laptop') on conflict do nothing", [house.tenantId, rows[0]!.person]);
  await reactTo(20);
  expect(await stateOf()).toEqual({ state: "done" });
});

test("the law names the step whose fact looks into an identifier, and says what to do", async () => {
  const lawOf = (definition: Process) => reading((context) => factsOnlyHandOn(new Map([[definition.name, definition]])).breaks(context));
  expect(await lawOf(welcome)).toEqual([]);
  const { policies } = welcome.steps;
  const done: Fact<Subject> = async (context, { personId }) => (await policies!.done(context, { personId: personId! })) || personId! < "8";
  const found = await lawOf({ ...welcome, steps: { ...welcome.steps, policies: { ...policies!, done } } });
  expect(found).toEqual([expect.stringMatching(/^welcome, policies: looks into an identifier\. Hand it to SQL as it is/)]);
});
