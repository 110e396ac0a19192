// An agent at the door, with the real client: it sees what its person may do, does it, and is told in words when it may not.
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DeskHouse, openDeskHouse } from "../http/desk.fixture.ts";

let house: DeskHouse;
let address: string;
let keeper: Awaited<ReturnType<DeskHouse["addMember"]>>;
let guest: typeof keeper;

beforeAll(async () => {
  house = await openDeskHouse();
  const tenantId = await house.addCompany("First company");
  keeper = await house.addMember("keeper@example.test", tenantId, "shop.keeper");
  guest = await house.addMember("guest@example.test", tenantId, "shop.guest");
  address = await house.app.listen({ host: "127.0.0.1", port: 0 });
});
afterAll(() => house.close());

async function agentOf(token: string, query = ""): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  const url = new URL(`/mcp${query}`, address);
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers: { authorization: `Bearer ${token}` } } }));
  return client;
}

const say = async (client: Client, name: string, given: Record<string, unknown>) => {
  const { content, isError } = await client.callTool({ name, arguments: given });
  return { text: (content as { text: string }[])[0]!.text, isError: isError === true };
};

describe("an agent", () => {
  it("has the tools of its person", async () => {
    const client = await agentOf(keeper.token);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["shop_desk_list", "shop_desk_get", "shop_desk_create", "shop_desk_assign"]),
    );
    const assign = tools.find(({ name }) => name === "shop_desk_assign")!;
    expect(assign.description).toContain("Gives a desk to someone.");
    expect(Object.keys(assign.inputSchema.properties ?? {})).toEqual(["deskId", "from", "tags", "_dryRun", "_reason", "_key"]);
    expect((await (await agentOf(guest.token)).listTools()).tools.map(({ name }) => name)).not.toContain("shop_desk_assign");
    expect((await (await agentOf(keeper.token, "?module=finance")).listTools()).tools).toEqual([]);
    await client.close();
  });

  it("tries, does, and is refused in words", async () => {
    const client = await agentOf(keeper.token);
    const tried = await say(client, "shop_desk_create", { code: "M-1", _dryRun: true });
    expect(tried.text).toContain("Nothing was kept");
    const made = await say(client, "shop_desk_create", { code: "M-1", _key: "agent-1" });
    const { id: deskId } = JSON.parse(made.text) as { id: string };
    const assigned = await say(client, "shop_desk_assign", { deskId, from: "2026-12-01", _reason: "asked by mail" });
    expect(JSON.parse(assigned.text)).toEqual({ state: "taken", reason: "asked by mail" });
    const refused = await say(client, "shop_desk_assign", { deskId, from: "2026-12-01" });
    expect(refused).toEqual({ text: "Desk M-1 is taken. Choose a free one: heartwood shop desk list\n(deskTaken)", isError: true });
    const wrong = await say(client, "shop_desk_create", { code: "M-2", price: 5, _dryRun: "yes" });
    expect(wrong.isError).toBe(true);
    expect(wrong.text).toContain("price:");
    expect((await say(client, "shop_floor_fail", {})).text).not.toContain("Lovelace");
    const other = await say(await agentOf(guest.token), "shop_desk_create", { code: "M-3" });
    expect(other.isError).toBe(true);
    await client.close();
  });

  it("must show a token", async () => {
    const answer = await fetch(new URL("/mcp", address), { method: "POST", body: "{}", headers: { "content-type": "application/json" } });
    expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="heartwood"']);
  });
});
