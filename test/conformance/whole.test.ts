// What must hold for every operation and every list, asked of a company that has lived a year: who has no role is denied, and
// companies do not see each other.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Id, newId } from "../../src/kernel/id.ts";
import { Refusal } from "../../src/kernel/refusal.ts";
import { InvalidInput, NotPermitted } from "../../src/platform/funnel/denial.ts";
import { objectsOf } from "../../src/platform/funnel/trail.ts";
import type { Actor } from "../../src/platform/operation/context.ts";
import type { Operation } from "../../src/platform/operation/operation.ts";
import type { Register } from "../../src/platform/operation/register.ts";
import { routeOf } from "../../src/platform/operation/route.ts";
import { jsonSchema } from "../../src/platform/operation/shape.ts";
import { processes } from "../../src/processes/index.ts";
import { registry } from "../../src/registry.ts";
import { sample } from "./sample.ts";
import { openWholeHouse, ownerOf, type WholeHouse } from "./whole.ts";

const today = "2026-11-21";
const operations = [...registry.operations.values()];
const registers = [...registry.registers.values()];
const writes = operations.filter(({ kind }) => kind === "write");

let house: WholeHouse;
/** Identifiers of the demo company by list, a few of each. */
const records = new Map<string, Id[]>();
const demoIds = new Set<string>();
let owner: Actor;
let otherOwner: Actor;

type Rows = { rows: { id: Id }[] };

beforeAll(async () => {
  house = await openWholeHouse();
  owner = ownerOf("Owner of the demo company");
  otherOwner = ownerOf("Owner of the other company");
  for (const { name } of registers) {
    const { rows } = (await house.funnel.run(`${name}.list`, { limit: 500 }, { tenantId: house.demoTenantId, actor: owner })) as Rows;
    records.set(
      name,
      rows.map((row) => row.id),
    );
    for (const id of objectsOf(rows, new Set())) demoIds.add(id);
  }
  // The same person may belong to both companies.
  const members = (await house.funnel.run("identity.member.list", { limit: 500 }, { tenantId: house.demoTenantId, actor: owner })) as Rows;
  for (const { id } of members.rows) demoIds.delete(id);
}, 300_000);
afterAll(() => house?.close());

type Outcome = "done" | "denied" | "refused" | "invalid" | `fault ${string}`;

async function attempt(tenantId: Id, name: string, input: unknown, actor: Actor): Promise<Outcome> {
  try {
    await house.funnel.run(name, input, { tenantId, actor, dryRun: true });
    return "done";
  } catch (error) {
    if (error instanceof NotPermitted) return "denied";
    if (error instanceof Refusal) return "refused";
    if (error instanceof InvalidInput) return "invalid";
    return `fault ${(error as Error).message.split("\n")[0]}`;
  }
}

/** These answer each of several wishes for itself: a record of another company is a no inside the answer. */
const answersEach = new Set(["office.approval.decideMany"]);

const inputs = (operation: Operation, id: (register: string | undefined) => string): unknown[] => {
  const schema = jsonSchema(operation.input);
  return [sample(schema, { id, today }), sample(schema, { id, today, full: true })];
};

test("every law holds of a company that has lived a year, with runs of processes under way", async () => {
  const call = { tenantId: house.demoTenantId, actor: owner };
  const { laws } = (await house.funnel.run("platform.law.check", {}, call)) as { laws: { name: string; breaks: string[] }[] };
  expect(laws.filter(({ breaks }) => breaks.length > 0)).toEqual([]);
  const { rows } = (await house.funnel.run("process.run.list", { limit: 500, filter: { state: "open" } }, call)) as {
    rows: { process: string }[];
  };
  // Whatever a process asks of its records was asked of these, so that the law on looking into identifiers says something.
  expect([...new Set(rows.map(({ process }) => process))].toSorted()).toEqual(processes.map(({ name }) => name).toSorted());
}, 120_000);

describe("who has no role", () => {
  const nobody: Actor = { kind: "person", userId: newId(), personId: newId(), name: "Nobody", grants: [] };
  const open = (operation: Operation): boolean => operation.may.includes("anyone");
  const byQuestion = (operation: Operation): boolean => operation.may.some((one) => typeof one !== "string");

  test("is denied everything that takes a role, whatever they send", async () => {
    const broken: string[] = [];
    for (const operation of operations.filter((one) => !open(one) && !byQuestion(one))) {
      for (const input of [{}, ...inputs(operation, (register) => records.get(register ?? "")?.[0] ?? newId())]) {
        const outcome = await attempt(house.demoTenantId, operation.name, input, nobody);
        if (outcome !== "denied") broken.push(`${operation.name}: ${outcome}`);
      }
    }
    expect(broken).toEqual([]);
  }, 120_000);

  test("does nothing by a question that others may answer with yes", async () => {
    const broken: string[] = [];
    for (const operation of operations.filter((one) => !open(one) && byQuestion(one))) {
      for (const input of inputs(operation, (register) => records.get(register ?? "")?.[0] ?? newId())) {
        const outcome = await attempt(house.demoTenantId, operation.name, input, nobody);
        const emptyList = outcome === "done" && operation.name.endsWith(".list") && (await rowsSeen(operation.name)) === 0;
        if (outcome !== "denied" && outcome !== "refused" && outcome !== "invalid" && !emptyList)
          broken.push(`${operation.name}: ${outcome}`);
      }
    }
    expect(broken).toEqual([]);
  }, 120_000);

  const rowsSeen = async (name: string): Promise<number> =>
    ((await house.funnel.run(name, { limit: 500 }, { tenantId: house.demoTenantId, actor: nobody })) as Rows).rows.length;
});

describe("who is not signed in", () => {
  test("is turned away at every address", async () => {
    const broken: string[] = [];
    for (const operation of operations) {
      const { method, path } = routeOf(operation);
      const answer = await house.app.inject({ method, url: path.replace("{id}", newId()), ...(method === "POST" && { payload: {} }) });
      if (answer.statusCode !== 401) broken.push(`${operation.name}: ${answer.statusCode}`);
    }
    for (const url of ["/api/v1/me", "/api/v1/catalogue", "/api/v1/catalogue/directory.person.list", `/api/v1/files/${newId()}`]) {
      if ((await house.app.inject({ url })).statusCode !== 401) broken.push(url);
    }
    if ((await house.app.inject({ method: "POST", url: "/mcp", payload: {} })).statusCode !== 401) broken.push("/mcp");
    expect(broken).toEqual([]);
  }, 120_000);
});

describe("another company", () => {
  test("the demo company has records in the lists, so that there is something to hide", () => {
    const filled = registers.filter(({ name }) => records.get(name)!.length > 0);
    const empty = registers.filter(({ name }) => records.get(name)!.length === 0).map(({ name }) => name);
    console.log(`${filled.length} of ${registers.length} lists have records in the demo; empty: ${empty.join(", ") || "none"}`);
    expect(filled.length).toBeGreaterThan(10);
  });

  test("sees nothing of it in any list", async () => {
    const leaks: string[] = [];
    for (const { name } of registers) {
      const seen = await house.funnel.run(
        `${name}.list`,
        { limit: 500, count: true },
        { tenantId: house.otherTenantId, actor: otherOwner },
      );
      const leaked = objectsOf(seen, new Set()).filter((id) => demoIds.has(id));
      if (leaked.length > 0) leaks.push(`${name}: ${leaked.length}`);
    }
    expect(leaks).toEqual([]);
  }, 120_000);

  test("finds none of its records by identifier, and the answer is that there is none", async () => {
    const leaks: string[] = [];
    for (const register of registers) {
      for (const id of records.get(register.name)!.slice(0, 3)) {
        const outcome = await refusalOf(register, id);
        if (outcome !== "notFound") leaks.push(`${register.name}: ${outcome}`);
      }
    }
    expect(leaks).toEqual([]);
  }, 120_000);

  const refusalOf = (register: Register, id: Id): Promise<string> =>
    house.funnel.run(register.get.name, { id }, { tenantId: house.otherTenantId, actor: otherOwner }).then(
      () => "found",
      (error: Error) => (error instanceof Refusal ? error.code : error.message),
    );

  test("reads nothing of it in any report", async () => {
    const leaks: string[] = [];
    const reports = operations.filter((one) => one.kind === "read" && !/\.(list|get)$/.test(one.name));
    for (const operation of reports) {
      for (const input of inputs(operation, (register) => records.get(register ?? "")?.[0] ?? newId())) {
        const answer = await house.funnel
          .run(operation.name, input, { tenantId: house.otherTenantId, actor: otherOwner })
          .catch(() => undefined);
        const asked = new Set(objectsOf(input));
        if (objectsOf(answer ?? null, new Set()).some((id) => demoIds.has(id) && !asked.has(id))) leaks.push(operation.name);
      }
    }
    expect(leaks).toEqual([]);
  }, 120_000);

  test("does nothing with a record of it: each write that names one is a worded no", async () => {
    const broken: string[] = [];
    let tried = 0;
    for (const operation of writes) {
      for (const input of inputs(operation, (register) => records.get(register ?? "")?.[0] ?? newId())) {
        const foreign = objectsOf(input).some((id) => demoIds.has(id));
        if (!foreign || !operation.input.safeParse(input).success) continue;
        tried += 1;
        const outcome = await attempt(house.otherTenantId, operation.name, input, otherOwner);
        if (outcome === "done" && answersEach.has(operation.name)) continue;
        if (outcome === "done" || outcome.startsWith("fault")) broken.push(`${operation.name}: ${outcome}`);
      }
    }
    console.log(`${tried} writes with a record of another company were tried`);
    expect([...new Set(broken)]).toEqual([]);
  }, 120_000);
});
