// What waits for approval on every face: HTTP, the command line, agents, and the link in a mail.
import { createServer as createProbe } from "node:net";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Id } from "../../../kernel/id.ts";
import { main } from "../../../platform/cli/main.ts";
import { createServer } from "../../../platform/http/server.ts";
import { membershipsIn } from "../../../platform/identity/actor.ts";
import type { Actor } from "../../../platform/operation/context.ts";
import { openHouse, type TestHouse } from "../../../platform/testing/house.ts";

let house: TestHouse;
let app: FastifyInstance;
let url: string;
let folder: string;
const people = new Map<string, Actor>();

async function freePort(): Promise<number> {
  const probe = createProbe();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

beforeAll(async () => {
  house = await openHouse({ today: "2026-03-02" });
  const olga = await house.person("Olga Owner", "owner");
  people.set("olga", olga);
  people.set("mo", await house.person("Mo Manager", "office.manager"));
  people.set("fin", await house.person("Fin One", "finance.manager"));
  await house.call(
    "office.approvalPolicy.create",
    {
      name: "Limits",
      operation: "office.approvalLimit.set",
      conditions: [{ field: "amount", is: "atLeast", amount: { amount: "1000", currency: "EUR" } }],
      steps: [{ approvers: [{ kind: "role", role: "finance.manager" }] }],
      from: "2026-03-02",
    },
    olga,
  );
  const clock = () => new Date(`${house.today}T09:00:00Z`);
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  app = await createServer({
    funnel: house.funnel,
    pool: house.pool,
    clock,
    // Whoever the token names; signing in itself is not what is tried here.
    identify: async ({ headers }) => {
      const actor = people.get(/^Bearer (\w+)$/.exec(headers.authorization ?? "")?.[1] ?? "");
      return actor && { userId: actor.userId!, email: "x@example.test", name: actor.name, by: "token" };
    },
    memberships: membershipsIn(house.pool, clock),
    signIn: { handle: async () => undefined, isSameOrigin: () => true } as never,
    address: url,
  });
  await app.listen({ host: "127.0.0.1", port });
  folder = await mkdtemp(join(tmpdir(), "heartwood-gate-"));
});
afterAll(async () => {
  await app.close();
  await house.close();
  await rm(folder, { recursive: true, force: true });
});

let from = 0;
const wish = (amount: string) => ({
  activity: "office.supplies",
  personId: people.get("fin")!.personId!,
  amount: { amount, currency: "EUR" },
  from: `2026-05-${String(++from).padStart(2, "0")}`,
});
const post = (path: string, body: object, headers: Record<string, string> = {}, who = "mo") =>
  fetch(url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${who}`, "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

interface Waiting {
  readonly waitsForApproval: { readonly record: { readonly id: Id } | null; readonly says: string; readonly waitsFor: string[] };
}

test("over HTTP it is 202 with the place where it waits; a dry run says that it would, and keeps nothing", async () => {
  const path = "/api/v1/office/approval-limits/set";
  const dry = await post(path, wish("2000"), { "heartwood-dry-run": "true" });
  expect([dry.status, dry.headers.get("location")]).toEqual([202, null]);
  expect(((await dry.json()) as Waiting).waitsForApproval).toMatchObject({ record: null, waitsFor: ["Fin One"] });
  const body = wish("2000");
  const held = await post(path, body, { "idempotency-key": "http-1" });
  const { waitsForApproval } = (await held.json()) as Waiting;
  expect(held.status).toBe(202);
  expect(held.headers.get("location")).toBe(`/api/v1/office/approvals/${waitsForApproval.record!.id}`);
  const again = await post(path, body, { "idempotency-key": "http-1" });
  expect(await again.json()).toEqual({ waitsForApproval });
  const seen = await fetch(url + held.headers.get("location")!, { headers: { authorization: "Bearer fin" } });
  expect(await seen.json()).toMatchObject({ state: "open", mine: true });
  const decided = await post(`${held.headers.get("location")}/decide`, { verdict: "approve" }, {}, "fin");
  expect([decided.status, await decided.json()]).toMatchObject([200, { state: "approved", result: { id: expect.any(String) } }]);
  expect((await post(path, wish("999"))).status).toBe(200);
});

test("the command line says so in words and ends well", async () => {
  const said = { out: "", err: "" };
  const type = (line: string) =>
    main(line.split(" "), {
      root: folder,
      usualData: folder,
      env: { HEARTWOOD_URL: url, HEARTWOOD_TOKEN: "mo" },
      width: undefined,
      outside: { stdin: async () => "", readFile: (path) => readFile(path) },
      out: (text) => void (said.out += String(text)),
      err: (text) => void (said.err += text),
    });
  const { personId, from: day } = wish("3000");
  const line = `office approval-limit set --activity office.supplies --person-id ${personId} --amount 3000EUR --from ${day}`;
  expect([await type(line), said.err]).toEqual([0, ""]);
  expect(said.out).toContain("is not done yet: it waits for Fin One");
  expect(said.out).toMatch(/heartwood office approval get [0-9a-f-]{36}/);
  said.out = "";
  expect(await type(`${line} --dry-run`)).toBe(0);
  expect(said.out).toContain("Nothing was kept");
});

test("an agent is told, and it is no error", async () => {
  const client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers: { authorization: "Bearer mo" } } }),
  );
  const { content, isError } = await client.callTool({ name: "office_approvalLimit_set", arguments: wish("4000") });
  expect(isError ?? false).toBe(false);
  expect((content as { text: string }[])[0]!.text).toContain("it waits for Fin One");
  await client.close();
});

test("the link in a mail shows first, decides once, for one person and one content", async () => {
  await post("/api/v1/office/approval-limits/set", wish("5000"));
  const { rows } = await house.owner.query<{ text: string; to_address: string }>(
    "select text, to_address from platform.mail where subject like 'Decide:%' order by at desc, id desc limit 1",
  );
  expect(rows[0]!.to_address).toBe("fin.one@example.test");
  const token = /\/api\/v1\/link\/(\S+)/.exec(rows[0]!.text)![1]!;
  const open = (given: string, form?: string) =>
    fetch(
      `${url}/api/v1/link/${given}`,
      form === undefined ? {} : { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: form },
    );
  const looked = await open(token);
  const shown = await looked.text();
  expect([looked.status, looked.headers.get("cache-control")]).toEqual([200, "no-store"]);
  expect(shown).toContain("5000.00 EUR");
  expect((await open(token)).status).toBe(200);
  // Another seal, or another link's seal, is no key.
  expect((await open(`${token.slice(0, -3)}abc`)).status).toBe(404);
  expect((await open(`${token.slice(0, -3)}abc`, "choice=approve")).status).toBe(404);
  const unsaid = await open(token, "choice=decline");
  expect([unsaid.status, await unsaid.text()]).toEqual([409, expect.stringContaining("Say why you decline")]);
  await expect(house.call("office.approval.decideByLink", { token, choice: "approve" }, people.get("mo")!)).rejects.toMatchObject({
    code: "linkInvalid",
  });
  const pressed = await open(token, "choice=approve&reason=fine");
  expect([pressed.status, await pressed.text()]).toEqual([200, expect.stringContaining("Approved.")]);
  expect((await open(token)).status).toBe(404);
  expect((await open(token, "choice=approve")).status).toBe(404);
});
