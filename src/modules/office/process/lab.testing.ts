// A small department for the tests of the engine: facts about a person that are set and cleared, and a day that moves.
import { z } from "zod";
import type { Day as KernelDay } from "../../../kernel/day.ts";
import type { Id } from "../../../kernel/id.ts";
import { type Rows, sql } from "../../../platform/database/sql.ts";
import { Day, ref } from "../../../platform/operation/field.ts";
import type { ReadContext } from "../../../platform/operation/context.ts";
import { module } from "../../../platform/operation/module.ts";
import { anyone, operation } from "../../../platform/operation/operation.ts";
import type { TestHouse } from "../../../platform/testing/house.ts";
import { days, type Fact, ids, process } from "./process.ts";

export async function makeLab(house: TestHouse): Promise<void> {
  await house.owner.query(`
    create schema lab;
    create table lab.fact (tenant_id uuid, person_id uuid, name text, day date, primary key (tenant_id, person_id, name));
    select platform.open_schema('lab');
    select platform.fence('lab.fact');`);
}

/** Counts the statements that reach the database. */
export function counted<C extends ReadContext>(context: C): { context: C; statements: () => number } {
  let statements = 0;
  const count =
    <A extends unknown[], R>(does: (...given: A) => R) =>
    (...given: A): R => {
      statements += 1;
      return does(...given);
    };
  const { rows, maybe, row, run } = context.db;
  const db = { rows: count(rows), maybe: count(maybe), row: count(row), run: count(run) } as Rows;
  return { context: { ...context, db }, statements: () => statements };
}

type About = { readonly personId: Id };

const holds =
  (name: string): Fact<About> =>
  async (context, { personId }) =>
    (await context.db.maybe(sql`
      select name from lab.fact where tenant_id = ${context.tenantId} and person_id = ${personId} and name = ${name}`)) !== undefined;

const firstDayOf = async (context: ReadContext, { personId }: About): Promise<KernelDay | undefined> => {
  const found = await context.db.maybe<{ day: KernelDay }>(sql`
    select day from lab.fact where tenant_id = ${context.tenantId} and person_id = ${personId} and name = 'offer'`);
  return found?.day;
};

const personAndFact = z.strictObject({ personId: ref("directory.person"), name: z.string() });

export const setFact = operation({
  name: "lab.fact.set",
  title: "Set a fact",
  does: "Makes a fact true.",
  kind: "write",
  may: [anyone],
  input: personAndFact,
  output: z.object({}),
  emits: ["lab.fact.set"],
  async run({ personId, name }, context) {
    await context.db.run(sql`
      insert into lab.fact (tenant_id, person_id, name) values (${context.tenantId}, ${personId}, ${name}) on conflict do nothing`);
    context.emit("lab.fact.set", { personId });
    return {};
  },
});

export const clearFact = operation({
  name: "lab.fact.clear",
  title: "Clear a fact",
  does: "Makes a fact false.",
  kind: "write",
  may: [anyone],
  input: personAndFact,
  output: z.object({}),
  emits: ["lab.fact.cleared"],
  async run({ personId, name }, context) {
    await context.db.run(sql`
      delete from lab.fact where tenant_id = ${context.tenantId} and person_id = ${personId} and name = ${name}`);
    context.emit("lab.fact.cleared", { personId });
    return {};
  },
});

export const acceptOffer = operation({
  name: "lab.offer.accept",
  title: "Accept an offer",
  does: "Sets or moves the first day.",
  kind: "write",
  may: [anyone],
  input: z.strictObject({ personId: ref("directory.person"), firstDay: Day, event: z.string() }),
  output: z.object({}),
  async run({ personId, firstDay, event }, context) {
    await context.db.run(sql`
      insert into lab.fact (tenant_id, person_id, name, day) values (${context.tenantId}, ${personId}, 'offer', ${firstDay})
      on conflict (tenant_id, person_id, name) do update set day = excluded.day`);
    context.emit(event, { personId });
    return {};
  },
});

const set = (name: string) => ({ operation: setFact, input: (_: ReadContext, { personId }: About) => ({ personId, name }) });
const clear = (name: string) => ({ operation: clearFact, input: (_: ReadContext, { personId }: About) => ({ personId, name }) });

export const welcome = process({
  name: "welcome",
  title: "Welcome",
  says: "What has to be true for a newcomer.",
  starts: "lab.offer.accepted",
  ends: "lab.offer.rescinded",
  subject: (payload) => ids(payload, "personId"),
  anchor: firstDayOf,
  called: async () => "Welcome of a newcomer",
  steps: {
    contract: {
      says: "The house sends the contract; it is signed.",
      owner: "people.contract",
      by: days(-21),
      does: set("sent"),
      done: holds("signed"),
      undo: clear("sent"),
    },
    laptop: {
      says: "IT hands over a laptop.",
      owner: "it.equipment",
      by: days(0),
      after: ["contract"],
      asks: set("laptop"),
      done: holds("laptop"),
      undo: async (context, { personId }) => {
        if (await holds("lost")(context, { personId })) throw new Error("the laptop is lost");
        await context.callAsSystem(clearFact, { personId, name: "laptop" });
      },
    },
    payroll: {
      says: "Payroll enrols the person.",
      owner: "payroll.enrolment",
      by: days(-5),
      after: ["contract"],
      unless: holds("contractor"),
      asks: set("enrolled"),
      done: holds("enrolled"),
    },
    badge: {
      says: "The house makes the badge when the laptop is there.",
      owner: "facilities.badge",
      by: days(1),
      after: ["laptop"],
      does: async (context, { personId }) => {
        if (await holds("printerBroken")(context, { personId })) throw new Error("the printer is broken");
        await context.callAsSystem(setFact, { personId, name: "badge" });
      },
      done: holds("badge"),
    },
    policies: { says: "The person reads the policies.", owner: "person", by: days(5), done: holds("policies") },
  },
});

export const lab = module({
  name: "lab",
  title: "Lab",
  needs: ["office"],
  roles: {
    "people.manager": "People",
    "it.manager": "IT",
    "payroll.manager": "Payroll",
    "facilities.manager": "Facilities",
    "finance.manager": "CFO",
    "finance.accountant": "Accountant",
  },
  registers: [],
  operations: [setFact, clearFact, acceptOffer],
});
