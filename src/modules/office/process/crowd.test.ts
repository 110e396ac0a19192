// What a crowd is asked at once, each is answered as alone: whatever is found, one thing after the other, about oneself or about all.
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "../../../kernel/id.ts";
import { sql } from "../../../platform/database/sql.ts";
import { system } from "../../../platform/funnel/frame.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { compose } from "../../../platform/operation/registry.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";
import { directory } from "../../directory/index.ts";
import { office } from "../module.ts";
import type { Member } from "./asked.ts";
import { Crowd, likeness, type Question } from "./crowd.ts";
import { counted, lab, makeLab } from "./lab.testing.ts";

let house: TestHouse;
const many: Member[] = Array.from({ length: 40 }, () => ({ id: newId(), subject: { personId: newId(), offerId: newId() } }));
const places = many.map((_, place) => place);

beforeAll(async () => {
  house = await openHouse({ registry: compose([directory, office, lab]), today: "2026-03-01" });
  await makeLab(house);
  for (const [place, { subject }] of many.entries()) {
    if (place % 2 === 0) await fact(subject["personId"]!, "signed", place % 4 === 0 ? "2026-03-01" : "2026-04-01");
    if (place % 5 === 0) await fact(subject["personId"]!, "laptop", null);
    if (place === 7) await fact(subject["offerId"]!, "2026-03-01", null);
    if (place === 4) await fact(subject["offerId"]!, "2026-03-01", null);
  }
});
afterAll(() => house.close());

const fact = (of: string, name: string, day: string | null) =>
  house.owner.query("insert into lab.fact values ($1, $2, $3, $4)", [house.tenantId, of, name, day]);

const factsOf = (context: ReadContext, id: string | undefined) =>
  context.db.rows<{ personId: string; name: string; day: string | null }>(sql`
    select person_id, name, day from lab.fact where tenant_id = ${context.tenantId} and person_id = ${id} order by name`);

const holds = async (context: ReadContext, id: string | undefined, name: string): Promise<boolean> =>
  (await context.db.maybe(sql`
    select 1 as one from lab.fact where tenant_id = ${context.tenantId} and person_id = ${id} and name = ${name}`)) !== undefined;

/** Each with how many statements the database is put at most. */
const questions: Record<string, [atMost: number, Question<unknown>]> = {
  "whether something is there": [4, (context, { personId }) => holds(context, personId, "signed")],
  "several rows, in their order": [
    5,
    async (context, { personId }) => (await factsOf(context, personId)).map(({ name, day }) => [name, day]),
  ],
  "one thing, and by its answer another": [
    9,
    async (context, { personId, offerId }) => {
      const [, signed] = await factsOf(context, personId);
      return signed?.day ? [signed.day, await holds(context, offerId, signed.day)] : "not signed";
    },
  ],
  "two things at once": [
    5,
    async (context, { personId, offerId }) =>
      Promise.all([holds(context, personId, "laptop"), holds(context, offerId, "2026-03-01"), holds(context, personId, "signed")]),
  ],
  "who one is, alone and within": [
    10,
    async (context, { personId }, runId) => {
      const rows = await factsOf(context, personId);
      const whole = await context.db.row<{ all: { run: string; people: string[] } }>(sql`
        select jsonb_build_object('run', ${runId}::uuid, 'people', jsonb_build_array(${personId}::uuid)) as all`);
      return [rows.every((row) => row.personId === personId), whole.all.run === runId, whole.all.people.includes(personId!)];
    },
  ],
  "tables that are called by one letter": [
    8,
    async (context, { personId, offerId }) => {
      const among = (name: string) => sql`
        select q.name from lab.fact b join lab.fact q on q.tenant_id = b.tenant_id and q.person_id = b.person_id
        join lab.fact r on r.tenant_id = q.tenant_id and r.person_id = q.person_id cross join (select 1 as wish) c
        where b.tenant_id = ${context.tenantId} and b.person_id = any(${[personId, offerId]}::uuid[]) and q.name = ${name}
          and r.name = b.name`;
      return [
        await context.db.rows(among("laptop")),
        await context.db.rows(sql`
        select b.name from lab.fact b where b.tenant_id = ${context.tenantId} and b.person_id = ${personId} and b.name = 'signed'`),
      ];
    },
  ],
  "the same for all": [1, async (context) => (await context.db.row<{ word: string }>(sql`select ${"one"}::text as word`)).word],
  "nothing at all": [0, (context) => context.today],
  "oneself in a longer text": [
    9,
    async (context, { personId }) => {
      const { words } = await context.db.row<{ words: string }>(sql`select 'person ' || ${personId}::uuid as words`);
      return words === `person ${personId}`;
    },
  ],
  "oneself among others": [
    4,
    async (context, { personId, offerId }) =>
      (
        await context.db.rows(
          sql`select 1 from lab.fact where tenant_id = ${context.tenantId} and person_id = any(${[personId, offerId]}::uuid[])`,
        )
      ).length,
  ],
  "what is asked of no database": [100, async (context, { personId }) => context.mayRead("directory.person", personId!)],
};

test.each(Object.keys(questions))("%s", async (name) => {
  const [atMost, question] = questions[name]!;
  await house.funnel.read({ tenantId: house.tenantId, actor: system }, async (reader) => {
    const alone: unknown[] = [];
    for (const { id, subject } of many) alone.push(await question(reader, subject, id));
    const { context, statements } = counted(reader);
    const together: unknown[] = [];
    for (const { value, places: those } of await new Crowd(context, many).ask(question, places)) {
      for (const place of those) together[place] = value;
    }
    expect(together).toEqual(alone);
    expect(statements()).toBeLessThanOrEqual(atMost);
  });
});

test("many questions of one crowd leave together, and what is known is not asked again", async () => {
  await house.funnel.read({ tenantId: house.tenantId, actor: system }, async (reader) => {
    const { context, statements } = counted(reader);
    const crowd = new Crowd(context, many);
    const names = ["signed", "laptop", "payroll", "desk"];
    const asked = names.map((name) => crowd.ask((inside, { personId }) => holds(inside, personId, name), places));
    const found = (await Promise.all(asked)).map((answers) => answers.filter(({ value }) => value).flatMap(({ places: those }) => those));
    expect(found.map((those) => those.length)).toEqual([20, 8, 0, 0]);
    // What the values are is asked three times of the database, once for a text.
    expect(statements()).toBeLessThanOrEqual(4);
    const before = statements();
    await crowd.ask((inside, { personId }) => holds(inside, personId, "laptop"), places.slice(10));
    expect(statements()).toBe(before);
  });
});

test("a fault is the question's, and one crowd is of one likeness", async () => {
  const failing = house.funnel.read({ tenantId: house.tenantId, actor: system }, (context) =>
    new Crowd(context, many).ask(async () => {
      throw new Error("nobody knows");
    }, places),
  );
  await expect(failing).rejects.toThrow("nobody knows");
  const [one, other] = [newId(), newId()];
  expect(likeness({ personId: one, offerId: other })).toBe(likeness({ personId: other, offerId: one }));
  expect(likeness({ personId: one, offerId: one })).not.toBe(likeness({ personId: one, offerId: other }));
  expect(likeness({ personId: one })).not.toBe(likeness({ offerId: one }));
});

/** What must not be done with an identifier; asked of everybody it is answered all the same, one by one. */
const looks: Record<string, Question<unknown>> = {
  "a part of it": (context, { personId }) => holds(context, personId, personId!.slice(0, 4)),
  "a part of it in a list": async (context, { personId }) =>
    (
      await context.db.rows(
        sql`select 1 from lab.fact where tenant_id = ${context.tenantId} and name = any(${[personId!.slice(-6)]}::text[])`,
      )
    ).length,
  "a number made of it": (_, { personId }) => Number.parseInt(personId!.slice(-4), 16) % 2,
  "which comes first": (_, { personId, offerId }) => personId! < offerId!,
  "which comes first, in a statement": (context, { personId, offerId }) => holds(context, [personId!, offerId!].toSorted()[0], "signed"),
  "another way by its letter": async (context, { personId }) =>
    /^[0-7]/.test(personId!.slice(-1)) && (await holds(context, personId, "signed")),
  "within what was found": async (context, { personId }) => {
    const rows = await factsOf(context, personId);
    return rows.map((row) => row.personId.slice(-8));
  },
};

test.each(Object.keys(looks))("whoever looks into an identifier is found: %s", async (name) => {
  const question = looks[name]!;
  await house.funnel.read({ tenantId: house.tenantId, actor: system }, async (context) => {
    const crowd = new Crowd(context, many);
    const together: unknown[] = [];
    for (const { value, places: those } of await crowd.ask(question, places)) for (const place of those) together[place] = value;
    const alone: unknown[] = [];
    for (const { id, subject } of many) alone.push(await question(context, subject, id));
    expect(together).toEqual(alone);
    expect([...crowd.looked]).toEqual([question]);
  });
});

test("whoever hands identifiers on and compares them is let alone", async () => {
  await house.funnel.read({ tenantId: house.tenantId, actor: system }, async (context) => {
    const crowd = new Crowd(context, many);
    for (const [, question] of Object.values(questions)) await crowd.ask(question, places);
    expect(crowd.looked.size).toBe(0);
  });
});
