// The command line against a real house: what is typed becomes what is meant, and a no comes with its exit code.
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type DeskHouse, openDeskHouse } from "../http/desk.fixture.ts";
import { main } from "./main.ts";

let house: DeskHouse;
let folder: string;
let url: string;
let token: string;
let piped = "";

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const people = [
    { email: "keeper@example.test", name: "Kay", title: "Keeper", roles: ["Keeper"] },
    { email: "guest@example.test", name: "Guy", title: "Guest", roles: ["Guest"] },
  ];
  house = await openDeskHouse({ address: url, demo: { people: async () => people } });
  const tenantId = await house.addCompany("First company");
  token = (await house.addMember("keeper@example.test", tenantId, "shop.keeper")).token;
  await house.addMember("guest@example.test", tenantId, "shop.guest");
  await house.app.listen({ host: "127.0.0.1", port });
  folder = await mkdtemp(join(tmpdir(), "heartwood-cli-"));
});
afterAll(async () => {
  await house.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  piped = "";
});

async function type(line: string | string[], env: Record<string, string> = { HEARTWOOD_URL: url, HEARTWOOD_TOKEN: token }) {
  const said = { out: "", err: "" };
  const code = await main(typeof line === "string" ? line.split(" ") : line, {
    root: folder,
    usualData: folder,
    env,
    width: undefined,
    outside: { stdin: async () => piped, readFile: (path) => readFile(path) },
    out: (text) => void (said.out += typeof text === "string" ? text : Buffer.from(text).toString("utf8")),
    err: (text) => void (said.err += text),
  });
  return { code, ...said };
}

describe("help", () => {
  it("helps at each level", async () => {
    expect((await type([])).out).toContain("shop             Shop");
    expect((await type("shop")).out).toMatch(/desk assign +Gives a desk to someone\./);
    expect((await type("shop desk")).out).toContain("desk create");
    const help = (await type("shop desk create --help")).out;
    expect(help).toContain(`heartwood shop desk create --code A-01 --price '120.00 EUR'`);
    expect(help).toMatch(/--price "12.50 EUR"/);
    expect(help).toMatch(/--plan-file-id FILE/);
    expect((await type("shop desk assign --help")).out).toContain("heartwood shop desk assign DESK");
  });

  it("asks whether you meant another word", async () => {
    expect(await type("shp desk list")).toMatchObject({ code: 1, err: expect.stringContaining("Did you mean shop?") });
    expect((await type("shop desk asign")).err).toContain("Did you mean assign?");
    expect((await type("shop desk create --cod")).err).toContain("There is no option --cod here");
  });

  it("helps without a house", async () => {
    const alone = await type([], { HEARTWOOD_DATA: join(folder, "nowhere") });
    expect(alone).toMatchObject({ code: 0, out: expect.stringContaining("heartwood start") });
    expect((await type("shop desk list", { HEARTWOOD_URL: "http://127.0.0.1:9" })).err).toContain("No house answers");
  });
});

describe("commands", () => {
  it("creates, lists, finds by name, acts, and is refused with exit code 2", async () => {
    const plan = join(folder, "plan.csv");
    await writeFile(plan, "a,b\n");
    const made = await type([
      "shop",
      "desk",
      "create",
      plan,
      "--code",
      "A 1",
      "--price",
      "EUR 12.5",
      "--since",
      "tomorrow",
      "--note",
      "by the window",
    ]);
    expect(made).toMatchObject({ code: 0, err: "" });
    expect(made.out).toContain("12.50 EUR");
    const list = await type("shop desk list --state free --count");
    expect(list.out).toBe("CODE  NOTE           STATE      PRICE  SINCE\nA 1   by the window  free   12.50 EUR  2026-11-22\n\n1 in all\n");
    expect((await type(["shop", "desk", "list", "--price", ">=12", "--since", ">today"])).out).toContain("A 1");
    expect((await type(["shop", "desk", "list", "--price", ">=13 eur"])).out).toBe("None.\n");
    const record = await type(["shop", "desk", "get", "a 1"]);
    expect(record.out).toContain("Note          by the window");
    expect(record.out).toContain("heartwood shop desk assign  (assign a desk)");
    expect(JSON.parse((await type(["shop", "desk", "get", "A 1", "--json"])).out)).toMatchObject({
      code: "A 1",
      planFileId: expect.any(String),
    });
    const tags = ["--tags", "x", "--tags", "y"];
    const assigned = await type(["shop", "desk", "assign", "A 1", "--from", "today", ...tags, "--reason", "für Zoë"]);
    expect(assigned).toMatchObject({ code: 0, out: "State   taken\nReason  für Zoë\n" });
    const refused = await type(["shop", "desk", "assign", "A 1", "--from", "today"]);
    expect(refused).toEqual({ code: 2, out: "", err: "Desk A 1 is taken. Choose a free one: heartwood shop desk list\n" });
  });

  it("tries a write without keeping it", async () => {
    const tried = await type("shop desk create --code DRY --dry-run");
    expect(tried).toMatchObject({ code: 0, err: "Nothing was kept: this was a dry run.\n" });
    expect((await type("shop desk list DRY")).out).toBe("None.\n");
  });

  it("takes a whole input from a file or from standard input", async () => {
    piped = JSON.stringify({ code: "PIPE", price: "7 EUR", since: "today" });
    expect((await type("shop desk create --input - --key once --json")).code).toBe(0);
    expect((await type("shop desk create --input - --key once --json")).code).toBe(0);
    const rows = JSON.parse((await type("shop desk list --filter code=PIPE --json")).out).rows;
    expect(rows).toMatchObject([{ price: { amount: "7.00", currency: "EUR" }, since: "2026-11-21" }]);
  });

  it("says what does not fit, with the options' own names", async () => {
    const wrong = await type("shop desk create --code X --since 2026-02-30");
    expect(wrong).toMatchObject({ code: 1, err: "The input does not fit:\n  --since: must be a day like 2026-11-21\n" });
    expect((await type("shop desk create")).err).toContain("Still needed: --code");
    expect((await type("shop desk create --code X --price 12.50")).err).toContain(`"12.50 EUR"`);
    expect((await type("shop desk assign NOPE --from today")).err).toContain('Nothing in Desks is called "NOPE"');
  });

  it("reads flags, numbers and lists of a question", async () => {
    const answer = JSON.parse((await type("shop floor count --codes a --codes b --least 3 --no-loud --json")).out);
    expect(answer.asked).toEqual({ codes: ["a", "b"], least: 3, loud: false });
    const price = await type(["shop", "floor", "count", "--loud", "--price=-1.50 EUR", "--json"]);
    expect(JSON.parse(price.out).asked).toMatchObject({ loud: true, price: { amount: "-1.50", currency: "EUR" } });
  });

  it("writes lists as files", async () => {
    expect((await type("shop desk list --limit 1 --all")).out.split("\n").length).toBeGreaterThan(2);
    expect((await type("shop desk list --limit 1")).err).toContain("There are more: --all");
    expect((await type("shop desk list --format csv")).out).toMatch(/^\ufeffId,Code,/);
    const path = join(folder, "desks.xlsx");
    await type(["shop", "desk", "list", "--format", "xlsx", "--output", path]);
    expect((await stat(path)).size).toBeGreaterThan(500);
  });

  it("tells a fault from a refusal", async () => {
    const fault = await type("shop floor fail");
    expect(fault.code).toBe(1);
    expect(fault.err).toContain("Something went wrong on our side");
  });
});

describe("who one is", () => {
  it("finds a running demo by itself, and is whom one names there", async () => {
    await writeFile(join(folder, "cli.json"), JSON.stringify({ url, demo: true }));
    expect((await type("whoami", {})).out).toContain("(keeper@example.test)\nFirst company, 2026-11-21\nRoles: Keeper\n");
    expect((await type("shop desk create --code DEMO", {})).code).toBe(0);
    const guest = await type("shop desk create --code NO --as guest@example.test", {});
    expect(guest).toMatchObject({ code: 2, err: expect.stringContaining("It is done by: Keeper") });
    expect((await type("as guest@example.test", {})).out).toContain("From now on you are");
    expect((await type("whoami", {})).out).toContain("Roles: Guest");
    expect((await stat(join(folder, "login.json"))).mode & 0o777).toBe(0o600);
    expect((await type("whoami --as nobody@example.test", {})).code).toBe(2);
  });

  it("asks to sign in when the token is wrong", async () => {
    const wrong = await type("shop desk list", { HEARTWOOD_URL: url, HEARTWOOD_TOKEN: "hw_wrong" });
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining("heartwood login") });
  });
});
