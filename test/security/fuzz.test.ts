// Hostile input does nothing: every operation of the OpenAPI document is sent what nobody should send, and answers with a worded
// no. The seed is printed; SEED=… runs the same again, RUNS=… sends more.
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Id, newId } from "../../src/kernel/id.ts";
import { mayAtAll } from "../../src/platform/funnel/permission.ts";
import { openApiOf } from "../../src/platform/http/openapi.ts";
import type { Actor } from "../../src/platform/operation/context.ts";
import type { Operation } from "../../src/platform/operation/operation.ts";
import { registry } from "../../src/registry.ts";
import { inputsFor, openTwoCompanies, operations, registers, role, type TwoCompanies } from "./house.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
const runs = Number(process.env["RUNS"] ?? 6);

let house: TwoCompanies;
let owner: Actor;
let headers: Record<string, string>;
const ids = new Map<string, Id>();

beforeAll(async () => {
  console.log(`SEED=${seed} RUNS=${runs}`);
  house = await openTwoCompanies();
  owner = await house.actor(house.a, role("owner"));
  headers = { authorization: `${owner.userId} ${house.a}`, "heartwood-dry-run": "true", "content-type": "application/json" };
  for (const { name } of registers) {
    const { rows } = (await house.funnel.run(`${name}.list`, { limit: 1 }, { tenantId: house.a, actor: owner })) as { rows: { id: Id }[] };
    if (rows[0]) ids.set(name, rows[0].id);
  }
}, 300_000);
afterAll(() => house?.close());

const deep = (depth: number): unknown => JSON.parse("[".repeat(depth) + "]".repeat(depth)) as unknown;

/** What nobody should send, in place of any value. */
const hostile = [
  [null, true, 0, -1, 1.5, 1e308, -1e308, 2 ** 53, "", " ", "a\u0000b", "\ud800", "\udfff\ud800", "\u202e\u2066evil\u2069"],
  ["2026-02-30", "0000-00-00", "-2026-01-01", "99999-01-01", "9999-12-31", "0001-01-01", "2026-1-1", "20260101", "now()", "infinity"],
  [
    "' or '1'='1",
    "'; drop table platform.operation_log; --",
    "\\'; select pg_sleep(9) --",
    "${7*7}",
    "{{7*7}}",
    "<script>alert(1)</script>",
  ],
  [
    "../../../../etc/passwd",
    "file:///etc/passwd",
    "http://169.254.169.254/",
    "constructor",
    "__proto__",
    "toString",
    "%00",
    "%s%n",
    "1e5",
    "NaN",
  ],
  [
    "9".repeat(24),
    `-${"9".repeat(24)}`,
    "0.000000000000000001",
    "x".repeat(100_000),
    "00000000-0000-0000-0000-000000000000",
    "-".repeat(36),
  ],
  [[], {}, [[]], [null], deep(50), { $ne: null }, { amount: "1e5", currency: "EUR" }, { amount: "1", currency: "XXX" }],
  [
    { amount: "9".repeat(20), currency: "EUR" },
    { amount: "-1.00", currency: "EUR" },
    { amount: "1", currency: "eur" },
  ],
  [Array.from({ length: 2000 }, () => "x"), Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`key${index}`, index]))],
].flat() as readonly unknown[];

/** Fields that no operation takes from its input. */
const smuggled = ["tenantId", "tenant_id", "state", "createdBy", "authorId", "actorId", "id", "__proto__", "constructor", "prototype"];

type Path = readonly (string | number)[];

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (value === null || typeof value !== "object") return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => pathsIn(inner, [...path, name]))].filter((one) => one.length > 0);
}

function withAt(value: unknown, [name, ...rest]: Path, put: unknown): unknown {
  if (name === undefined) return put;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string | number, unknown>;
  Object.defineProperty(copy, name, { value: withAt(copy[name], rest, put), enumerable: true, writable: true, configurable: true });
  return copy;
}

/** An input of the operation with up to three places bent. */
const bent = (operation: Operation): fc.Arbitrary<unknown> => {
  const wholes = inputsFor(operation, (register) => ids.get(register ?? "") ?? newId());
  return fc.constantFrom(...wholes).chain((whole) => {
    const paths = [...pathsIn(whole), ...smuggled.map((name) => [name])];
    const change = fc.tuple(fc.constantFrom(...paths), fc.constantFrom(...hostile));
    return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) =>
      changes.reduce<unknown>((input, [path, put]) => {
        try {
          return withAt(input, path, put);
        } catch {
          return input;
        }
      }, whole),
    );
  });
};

const stack = String.raw`\n\s+at .+:\d+:\d+|node_modules`;
const query = String.raw`\b(insert into|select .+ from|update .+ set) |syntax error at|violates .+ constraint|relation "|pg_catalog`;
const spilled = new RegExp(`${stack}|${query}`, "i");

async function send(operation: Operation, input: unknown): Promise<string | undefined> {
  const { url, method, body } = requestOf(operation, input as Record<string, unknown>);
  const answer = await house.app.inject({ method, url, headers, ...(body !== undefined && { payload: body }) });
  if (answer.statusCode >= 500) return `${operation.name}: ${answer.statusCode}`;
  const type = String(answer.headers["content-type"]);
  if (answer.statusCode >= 400 && spilled.test(answer.payload.replaceAll(JSON.stringify(input), "")))
    return `${operation.name}: ${answer.payload.slice(0, 200)}`;
  return answer.statusCode >= 400 && !type.startsWith("application/problem+json") ? `${operation.name}: ${type}` : undefined;
}

const documented = openApiOf(registry).paths as Record<string, Record<string, { operationId?: string }>>;
const addresses = new Map(
  Object.entries(documented).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { operationId }]) =>
      operationId ? [[operationId, { path, method: method.toUpperCase() as "GET" | "POST" }]] : [],
    ),
  ),
);

function requestOf(operation: Operation, input: Record<string, unknown>) {
  const { path, method } = addresses.get(operation.name)!;
  const field = `${operation.name.split(".")[1]}Id`;
  const id = input[field] ?? input["id"] ?? newId();
  const url = path.replace(
    "{id}",
    encodeURIComponent((typeof id === "string" ? id : (JSON.stringify(id) ?? "")).toWellFormed().slice(0, 150)),
  );
  const own = Object.entries(input).filter(([name]) => !(path.includes("{id}") && name === field));
  if (method === "POST") {
    const text = own.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value ?? null)}`);
    return { method, url, body: `{${text.join()}}` };
  }
  const query = new URLSearchParams();
  for (const [name, value] of own) {
    const words = (one: unknown): string => (typeof one === "string" ? one : (JSON.stringify(one) ?? "")).slice(0, 4000);
    if (Array.isArray(value)) for (const one of value.slice(0, 20)) query.append(name, words(one));
    else if (name === "filter" && value !== null && typeof value === "object")
      for (const [column, wanted] of Object.entries(value)) query.append(`filter[${column}]`, words(wanted));
    else query.append(name, words(value));
  }
  return { method, url: `${url}?${query.toString()}`, body: undefined };
}

test("every operation answers hostile input with a worded no", async () => {
  const broken = new Map<string, string>();
  for (const operation of operations) {
    const outcome = await fc.check(
      fc.asyncProperty(bent(operation), async (input) => {
        const wrong = await send(operation, input);
        if (wrong) throw new Error(`${wrong} ${JSON.stringify(input).slice(0, 400)}`);
      }),
      { seed, numRuns: runs, interruptAfterTimeLimit: 20_000 },
    );
    if (outcome.failed) broken.set(operation.name, String((outcome.errorInstance as Error).message));
  }
  expect([...broken.values()]).toEqual([]);
}, 600_000);

/** What only the house does once people have agreed: nobody is let in, the owner neither, before a word of the input is read. */
const isHouseOnly = (operation: Operation): boolean => !mayAtAll(owner, operation);

test("no operation takes company, state or author from its input", async () => {
  const broken: string[] = [];
  for (const operation of operations.filter(({ kind }) => kind === "write")) {
    const [, input] = inputsFor(operation, (register) => ids.get(register ?? "") ?? newId());
    for (const name of smuggled) {
      if (Object.hasOwn(input!, name)) continue;
      const { url, method, body } = requestOf(operation, input!);
      const smuggling = body!.replace(/\}$/, `${body === "{}" ? "" : ","}${JSON.stringify(name)}:"x"}`);
      const answer = await house.app.inject({ method, url, headers, payload: smuggling });
      const refusals = isHouseOnly(operation) ? [400, 403] : [400, 422];
      if (!refusals.includes(answer.statusCode)) broken.push(`${operation.name} ${name}: ${answer.statusCode}`);
    }
  }
  expect(broken).toEqual([]);
}, 300_000);

test("every list takes hostile filters, orders, cursors and repeated parameters for what they are", async () => {
  const broken: string[] = [];
  const ask = async (name: string, path: string, query: string): Promise<void> => {
    const answer = await house.app.inject({ url: `${path}?${query}`, headers });
    if (answer.statusCode >= 500 || spilled.test(answer.statusCode >= 400 ? answer.payload : ""))
      broken.push(`${name} ${decodeURIComponent(query)}: ${answer.statusCode}`);
  };
  const values = [
    "' or 1=1 --",
    "2026-02-30",
    "-".repeat(36),
    ">=",
    "<=x",
    "!~",
    "|",
    "a|b",
    "%00",
    "1e9",
    "9".repeat(19),
    `>${"9".repeat(20)}`,
    "foo 1",
    "~%",
    "\\",
  ];
  const cursors = [
    '["x","x"]',
    "[null,null]",
    "[1,2]",
    "{}",
    "[]",
    `["x","${newId()}"]`,
    `["9999999999999999999999","${newId()}"]`,
    '["a\\u0000","b"]',
    "'",
  ];
  for (const [place, register] of registers.entries()) {
    const { path } = addresses.get(register.list.name)!;
    for (const [index, column] of Object.keys(register.row.shape).entries()) {
      for (const step of [0, 5, 10].slice(0, Math.ceil(runs / 6)))
        await ask(
          register.name,
          path,
          `filter[${column}]=${encodeURIComponent(values[(place + index + step) % values.length]!).replace("%2500", "%00")}`,
        );
      await ask(register.name, path, `sort=${column}&limit=1&cursor=${encodeURIComponent(cursors[(place + index) % cursors.length]!)}`);
    }
    for (const sort of ["name;drop table x", "-", "--", "id desc", "(select 1)", "constructor", "__proto__"])
      await ask(register.name, path, `sort=${encodeURIComponent(sort)}`);
    for (const query of [
      "limit=0",
      "limit=1e9",
      "limit=1&limit=2",
      "filter=x",
      "filter[__proto__]=x",
      "filter[id][x]=1",
      "asOf=2026-02-30",
      "count=maybe",
      "search=%00",
    ])
      await ask(register.name, path, query);
  }
  expect(broken).toEqual([]);
}, 600_000);
