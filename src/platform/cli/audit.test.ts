// `heartwood audit` as it is typed: the trail of a running house verified, written to a file, and the file verified with no house at all.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "../../kernel/day.ts";
import { sealAudit } from "../audit/block.ts";
import { createServer } from "../http/server.ts";
import type { Actor } from "../operation/context.ts";
import { openHouse, type TestHouse } from "../testing/house.ts";
import { main } from "./main.ts";

let house: TestHouse;
let app: FastifyInstance;
let folder: string;
let url: string;
let auditor: Actor;
let clerk: Actor;

beforeAll(async () => {
  house = await openHouse();
  auditor = await house.person("Anna Auditor", "platform.auditor");
  clerk = await house.person("Carla Clerk", "directory.manager");
  const people: Readonly<Record<string, Actor>> = { "Bearer auditor": auditor, "Bearer clerk": clerk };
  const tenant = { id: house.tenantId, name: "Company", zone: "UTC", isDemo: false };
  const byUser = (userId: string) => Object.values(people).find((actor) => actor.userId === userId)!;
  app = await createServer({
    funnel: house.funnel,
    pool: house.pool,
    clock: () => new Date(),
    address: "http://127.0.0.1",
    signIn: {
      handle: async () => undefined,
      isSameOrigin: () => true,
      findUser: async () => undefined,
      signInAs: async () => undefined,
    } as never,
    identify: async ({ headers }) => {
      const actor = people[headers.authorization ?? ""];
      return actor && { userId: actor.userId!, email: "someone@example.test", name: actor.name, by: "token" };
    },
    memberships: {
      actorOf: async (userId) => ({ tenant, tenants: [tenant], actor: byUser(userId), today: day("2026-11-21") }),
      forget: () => undefined,
    },
  });
  url = await app.listen({ host: "127.0.0.1", port: 0 });
  folder = await mkdtemp(join(tmpdir(), "heartwood-audit-"));
  for (const name of ["Ada", "Ben", "Cem"]) await house.call("directory.person.create", { name }, clerk);
  await seal();
});
afterAll(async () => {
  await app.close();
  await house.close();
  await rm(folder, { recursive: true, force: true });
});

const sealOnce = () => house.funnel.work(house.tenantId, (context) => sealAudit(context.db, context.tenantId, context.now));
async function seal(): Promise<void> {
  // A row waits while any other work of the test server is open.
  for (let attempt = 0; attempt < 100; attempt++) {
    await sealOnce();
    if (!(await type("audit verify")).out.includes("not sealed yet")) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function type(line: string, env: Record<string, string> = { HEARTWOOD_URL: url, HEARTWOOD_TOKEN: "auditor" }) {
  const said = { out: "", err: "" };
  const code = await main(line.split(" "), {
    root: folder,
    usualData: folder,
    env,
    width: undefined,
    outside: { stdin: async () => "", readFile: (path) => readFile(path) },
    out: (text) => void (said.out += String(text)),
    err: (text) => void (said.err += text),
  });
  return { code, ...said };
}

const alone = { HEARTWOOD_DATA: "/nowhere" };

test("the trail of a running house holds, and its head is printed", async () => {
  const { code, out } = await type("audit verify");
  expect(code).toBe(0);
  expect(out).toMatch(/^The trail holds: \d+ rows in \d+ blocks\.\nHead, to be kept elsewhere: \d+:[0-9a-f]{64}\n$/);
  const { rows } = await house.owner.query<{ n: number }>("select count(*)::int as n from platform.operation_log where tenant_id = $1", [
    house.tenantId,
  ]);
  expect(JSON.parse((await type("audit verify --json")).out)).toMatchObject({ breaks: [], rows: rows[0]!.n, unsealed: 0 });
});

test("only an auditor may", async () => {
  const env = { HEARTWOOD_URL: url, HEARTWOOD_TOKEN: "clerk" };
  expect((await type("audit verify", env)).code).not.toBe(0);
  const file = join(folder, "not-theirs.jsonl");
  expect((await type(`audit export --output ${file}`, env)).code).not.toBe(0);
  expect(await readFile(file, "utf8").catch(() => "")).toBe("");
});

test("a file of the trail is verified without the house, and one changed letter in it is found", async () => {
  const file = join(folder, "trail.jsonl");
  const written = await type(`audit export --output ${file}`);
  expect(written).toMatchObject({ code: 0, out: "", err: expect.stringMatching(/^\d+ lines written to /) });
  const { code, out } = await type(`audit verify --file ${file}`, alone);
  expect(code).toBe(0);
  // The house and the stranger with the file say the same.
  expect(out).toBe((await type("audit verify")).out);
  expect((await type("audit export")).out).toBe(await readFile(file, "utf8"));

  const bent = join(folder, "bent.jsonl");
  await writeFile(bent, (await readFile(file, "utf8")).replace('"Ben"', '"Bea"'));
  const found = await type(`audit verify --file ${bent}`, alone);
  expect(found.code).toBe(1);
  expect(found.out).toMatch(/^Row [0-9a-f-]{36} of block \d+ was changed\.\n\nThe trail was bent: 1 breaks\./);
});

test("heads are kept in a file, each once, and tell of a trail that was sealed anew", async () => {
  const heads = join(folder, "heads.txt");
  await type(`audit verify --heads ${heads}`);
  await type(`audit verify --heads ${heads}`);
  const [head, ...more] = (await readFile(heads, "utf8")).trim().split("\n");
  expect(head).toMatch(/^\d+:[0-9a-f]{64}$/);
  expect(more).toEqual([]);
  expect((await type(`audit verify --head ${head}`)).code).toBe(0);

  await house.owner.query("delete from platform.audit_block where tenant_id = $1", [house.tenantId]);
  await house.owner.query("update platform.operation_log set actor_name = 'Nobody' where tenant_id = $1", [house.tenantId]);
  await seal();
  expect((await type("audit verify")).code).toBe(0);
  const found = await type(`audit verify --heads ${heads}`);
  expect(found.code).toBe(1);
  expect(found.out).toMatch(/was sealed anew: its hash is not the one that was kept outside|is missing, of which a head was kept outside/);
  // A head of a bent trail is not kept.
  expect((await readFile(heads, "utf8")).trim()).toBe(head);
});

test.each([
  ["audit", /heartwood audit verify/],
  ["audit verify --head 12", /is no head/],
  ["audit verify --file /nowhere/trail.jsonl", /There is no file/],
])("%s is told how it is typed", async (line, says) => {
  expect(await type(line, alone)).toMatchObject({ code: 1, err: expect.stringMatching(says) });
});
