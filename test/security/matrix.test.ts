// No one sees or does what they may not: every operation, for every role alone, for no role, for another company and for nobody signed in.
// The cells come from the registry, so that a new operation is in the matrix before its author thinks of it.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Id, newId } from "../../src/kernel/id.ts";
import { rowsOn, sql } from "../../src/platform/database/sql.ts";
import { objectsOf } from "../../src/platform/funnel/trail.ts";
import type { Actor } from "../../src/platform/operation/context.ts";
import type { Operation } from "../../src/platform/operation/operation.ts";
import { registry } from "../../src/registry.ts";
import { type Answer, inputsFor, markTexts, openTwoCompanies, operations, registers, role, type TwoCompanies } from "./house.ts";

let house: TwoCompanies;
let ownerA: Actor;
let ownerB: Actor;
let nobodyA: Actor;
let nobodyB: Actor;
const idsA = new Map<string, Id[]>();
const idsB = new Map<string, Id[]>();
/** Every identifier of the marked company, from its tables. */
const allA = new Set<string>();
const roles = [...registry.roles.keys()].filter((name) => name !== "owner");
const holders = new Map<string, Actor>();
const writes = operations.filter(({ kind }) => kind === "write");
const isOpen = ({ may }: Operation): boolean => may.includes("anyone") || may.some((entry) => typeof entry !== "string");

beforeAll(async () => {
  house = await openTwoCompanies();
  [ownerA, ownerB] = [await house.actor(house.a, role("owner")), await house.actor(house.b, role("owner"))];
  [nobodyA, nobodyB] = [await house.actor(house.a), await house.actor(house.b)];
  for (const name of roles) holders.set(name, await house.actor(house.a, role(name)));
  await seedB();
  await markTexts(house, house.a);
  for (const { name } of registers) idsA.set(name, await idsIn(house.a, ownerA, name));
  for (const id of await everyId(house.a)) allA.add(id);
  for (const id of await everyId(house.b)) allA.delete(id);
}, 300_000);
afterAll(() => house?.close());

async function idsIn(tenantId: Id, actor: Actor, name: string): Promise<Id[]> {
  const { rows } = (await house.funnel.run(`${name}.list`, { limit: 200 }, { tenantId, actor })) as { rows: { id: Id }[] };
  return rows.map(({ id }) => id);
}

async function everyId(tenantId: Id): Promise<string[]> {
  const tables = await rowsOn(house.owner).rows<{ name: string }>(sql`
    select n.nspname || '."' || c.relname || '"' as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'id' and a.atttypid = 'uuid'::regtype
    join pg_attribute t on t.attrelid = c.oid and t.attname = 'tenant_id' where c.relkind = 'r'`);
  const each = tables.map(({ name }) => `select id from ${name} where tenant_id = '${tenantId}'`);
  await house.owner.query("begin");
  await house.owner.query(`set local heartwood.tenant = '${tenantId}'`);
  const { rows } = await house.owner.query<{ id: string }>(each.join(" union all "));
  await house.owner.query("commit");
  return rows.map(({ id }) => id);
}

const inB = (register: string | undefined): Id => idsB.get(register ?? "")?.[0] ?? newId();
const inA = (register: string | undefined): Id => idsA.get(register ?? "")?.[0] ?? newId();

/** Like inA, with another record each time it is asked: one record in two fields may be refused for that alone. */
function eachInA(): (register: string | undefined) => Id {
  const asked = new Map<string, number>();
  return (register = "") => {
    const [place, ids] = [asked.get(register) ?? 0, idsA.get(register) ?? []];
    asked.set(register, place + 1);
    return ids[place % ids.length] ?? newId();
  };
}

/** The same input with identifiers of nothing; those that were the same still are. */
function ofNothing(input: Record<string, unknown>): Record<string, unknown> {
  const others = new Map<string, Id>();
  const other = (id: string): Id => others.get(id) ?? others.set(id, newId()).get(id)!;
  return JSON.parse(JSON.stringify(input).replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, other)) as Record<string, unknown>;
}

/** The other company does what it can with what it has, twice, so that it has records of many kinds. */
async function seedB(): Promise<void> {
  const done = new Set<string>();
  for (let round = 0; round < 2; round++) {
    for (const operation of writes.filter(
      ({ name }) => !done.has(name) && !/\.(disable|end|retire|discard|cancel|close|revoke)$/.test(name),
    )) {
      for (const input of inputsFor(operation, inB).toReversed()) {
        const answer = await house.funnel.run(operation.name, input, { tenantId: house.b, actor: ownerB }).catch(() => undefined);
        if (answer === undefined) continue;
        done.add(operation.name);
        const subject = operation.name.split(".").slice(0, 2).join(".");
        if (registry.registers.has(subject)) idsB.set(subject, await idsIn(house.b, ownerB, subject).catch(() => []));
        break;
      }
    }
    for (const { name } of registers) idsB.set(name, await idsIn(house.b, ownerB, name).catch(() => []));
  }
}

/** What of the marked company stands in an answer, beyond what was asked with. */
function leaked(answer: Answer, input: unknown): string | undefined {
  const [marked] = /⟦[^⟧]*⟧/.exec(answer.text) ?? [];
  if (marked) return marked;
  const asked = new Set(objectsOf(input));
  return answer.text.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g)?.find((id) => allA.has(id) && !asked.has(id));
}

/** A no without the identifiers that were asked with: the same no looks the same. */
const noOf = (answer: Answer): string => `${answer.status} ${answer.code ?? ""}`;

describe("signed out", () => {
  test("every operation answers 401, whatever is sent", async () => {
    const broken: string[] = [];
    for (const operation of operations) {
      const answer = await house.ask(house.a, undefined, operation, inputsFor(operation, inA)[0]);
      if (answer.status !== 401 || leaked(answer, {})) broken.push(`${operation.name}: ${answer.status}`);
    }
    expect(broken).toEqual([]);
  }, 120_000);
});

const ofColleagues = { code: "standInAway", because: "everyone finds all colleagues in the list of people, and may ask any to stand in" };

/** Answers that differ by a record which everyone of the company may read anyway. */
const toldToAll: Readonly<Record<string, { code: string; because: string }>> = {
  "office.delegation.create": ofColleagues,
  "office.usualStandIn.name": ofColleagues,
};

describe("a role that the operation does not name", () => {
  test("is refused in the same words, whether the record exists or not", async () => {
    const broken: string[] = [];
    let cells = 0;
    for (const name of [undefined, ...roles]) {
      const actor = name === undefined ? nobodyA : holders.get(name)!;
      for (const operation of operations.filter((one) => !isOpen(one) && !(name && one.may.includes(name)))) {
        cells += 1;
        const input = inputsFor(operation, inA)[0];
        const answer = await house.ask(house.a, actor, operation, input);
        if (noOf(answer) !== "403 notPermitted" || leaked(answer, input))
          broken.push(`${operation.name} as ${name ?? "nobody"}: ${noOf(answer)}`);
        if (name !== undefined) continue;
        const other = await house.ask(house.a, actor, operation, inputsFor(operation, () => newId())[0]);
        if (noOf(other) !== noOf(answer)) broken.push(`${operation.name}: ${noOf(answer)} or ${noOf(other)}`);
      }
    }
    console.log(`${cells} cells of ${operations.length} operations and ${roles.length + 1} people were asked`);
    expect(broken).toEqual([]);
  }, 300_000);

  test("a question about oneself is answered alike for a stranger's record and for none", async () => {
    const broken: string[] = [];
    for (const operation of operations.filter((one) => isOpen(one) && !one.may.includes("anyone") && !one.name.endsWith(".list"))) {
      for (const [place, input] of inputsFor(operation, inA).entries()) {
        const there = await house.ask(house.a, nobodyA, operation, input);
        const none = await house.ask(house.a, nobodyA, operation, inputsFor(operation, () => newId())[place]);
        if (noOf(there) === noOf(none) || toldToAll[operation.name]?.code === there.code) continue;
        broken.push(`${operation.name}: ${noOf(there)} or ${noOf(none)}`);
      }
    }
    expect([...new Set(broken)]).toEqual([]);
  }, 120_000);
});

describe("another company", () => {
  test("has records of its own, so that there is something to hold on to", () => {
    const filled = registers.filter(({ name }) => (idsB.get(name)?.length ?? 0) > 0).length;
    console.log(`the other company has records in ${filled} of ${registers.length} lists; ${allA.size} identifiers are looked for`);
    expect(filled).toBeGreaterThan(40);
    expect(allA.size).toBeGreaterThan(2000);
  });

  test("gets the same answer for our identifiers as for identifiers of nothing, and nothing of ours in it", async () => {
    const broken: string[] = [];
    for (const actor of [ownerB, nobodyB]) {
      for (const operation of operations) {
        for (const [place, input] of inputsFor(operation, eachInA()).entries()) {
          const ours = await house.ask(house.b, actor, operation, input);
          const leak = leaked(ours, input);
          if (leak) broken.push(`${operation.name}: ${leak}`);
          if (ours.status >= 500) broken.push(`${operation.name}: ${noOf(ours)}`);
          if (JSON.stringify(input) === JSON.stringify(inputsFor(operation, () => "").at(place))) continue;
          const none = await house.ask(house.b, actor, operation, ofNothing(input));
          if (noOf(ours) !== noOf(none)) broken.push(`${operation.name}: ${noOf(ours)} or ${noOf(none)}`);
        }
      }
    }
    expect([...new Set(broken)]).toEqual([]);
  }, 300_000);

  test("cannot put one of our identifiers into a wish that would otherwise be granted", async () => {
    const broken: string[] = [];
    let tried = 0;
    for (const operation of operations) {
      for (const input of inputsFor(operation, inB)) {
        if ((await house.ask(house.b, ownerB, operation, input)).status >= 300) continue;
        for (const bent of bentInputs(operation, input)) {
          tried += 1;
          const answer = await house.ask(house.b, ownerB, operation, bent);
          const leak = leaked(answer, bent);
          // A list asked for what is not there is an empty list.
          const isDone = answer.status < 300 && operation.kind === "write" && !heedless[operation.name];
          if (leak || isDone) broken.push(`${operation.name}: ${leak ?? noOf(answer)}`);
        }
      }
    }
    console.log(`${tried} granted wishes were bent towards another company`);
    expect([...new Set(broken)]).toEqual([]);
    expect(tried).toBeGreaterThan(100);
  }, 300_000);

  /** Wishes that name whom they are for, and do nothing for whom they do not find. */
  const heedless: Readonly<Record<string, string>> = { "finance.statement.send": "mails to those customers whom it finds, here to none" };

  /** The input once for each identifier in it, with one of ours of the same kind in its place. */
  function bentInputs(operation: Operation, input: Record<string, unknown>): Record<string, unknown>[] {
    const text = JSON.stringify(input);
    const [ours] = inputsFor(operation, (register) => `@${register ?? "file"}@`).toReversed();
    const kinds = [...JSON.stringify(ours).matchAll(/"@([^@"]+)@"/g)].map(([, name]) => name!);
    return [...new Set(kinds)].flatMap((kind) => {
      const theirs = idsB.get(kind)?.[0];
      const foreign = idsA.get(kind)?.[0];
      return theirs && foreign && text.includes(theirs) ? [JSON.parse(text.replaceAll(theirs, foreign)) as Record<string, unknown>] : [];
    });
  }
});

/** Tables whose texts are for few, and the roles that may read any of them; everyone else is never told a word of them. */
const confidential: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^payroll\./, ["payroll.manager", "finance.manager"]],
  [/^people\.(candidate|application|offer|contract|compensation|pay|resignation|leave_request|leave_entry)/, ["people.manager"]],
  [/^governance\.(risk|treatment)(?!_matrix)/, ["governance.manager", "platform.auditor"]],
  [/^finance\.bill_line/, ["finance.accountant", "finance.manager", "purchasing.manager", "office.manager"]],
  [/^finance\.(journal|bank_|payment_|bill$|invoice|expense_claim|expense_line|open_item)/, ["finance.accountant", "finance.manager"]],
  [/^platform\.(operation_log|mail)$/, ["platform.auditor", "platform.operator"]],
];

describe("inside the company", () => {
  test("no answer to anyone holds a word of a confidential record that is not theirs to read", async () => {
    const broken = new Map<string, string>();
    for (const [name, actor] of [["nobody", nobodyA] as const, ...holders]) {
      const hidden = confidential.filter(([, may]) => !may.includes(name));
      for (const operation of operations) {
        for (const pick of [0, -1]) {
          const id = (register: string | undefined): Id => idsA.get(register ?? "")?.at(pick) ?? newId();
          const answer = await house.ask(house.a, actor, operation, inputsFor(operation, id).at(pick === 0 ? 0 : 1));
          if (answer.status >= 500) broken.set(`${operation.name} as ${name}`, `${answer.status}`);
          for (const [, table] of answer.text.matchAll(/⟦([^⟧]*)⟧/g)) {
            if (hidden.some(([which]) => which.test(table!))) broken.set(`${operation.name} as ${name}`, table!);
          }
        }
      }
    }
    expect([...broken].map(([where, table]) => `${where}: ${table}`)).toEqual([]);
  }, 600_000);
});
