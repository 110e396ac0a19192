// The company's rule on second factors: who sets it, what it holds without a list, and what the door makes of it.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DeskHouse, openDeskHouse } from "../http/desk.fixture.ts";
import { openHouse, type TestHouse } from "../testing/house.ts";

let house: TestHouse;
let door: DeskHouse;
beforeAll(async () => {
  house = await openHouse();
  door = await openDeskHouse();
});
afterAll(async () => {
  await house.close();
  await door.close();
});

test("without a list it holds for the owner, who lets others in, and who sees pay, posts or pays", async () => {
  const keeper = await house.person("Ida Identity", "identity.manager");
  const stranger = await house.person("Sam Stranger", "facilities.manager");
  const { roles } = await house.call("identity.secondFactor.require", {}, keeper);
  expect(roles).toEqual(expect.arrayContaining(["owner", "identity.manager", "payroll.manager", "people.manager", "finance.manager"]));
  expect(roles).not.toContain("facilities.manager");
  await expect(house.call("identity.secondFactor.require", { roles: ["no.role"] }, keeper)).rejects.toMatchObject({ code: "roleUnknown" });
  await expect(house.call("identity.secondFactor.require", { roles: [] }, stranger)).rejects.toMatchObject({ name: "NotPermitted" });
  await house.call("identity.secondFactor.require", { roles: ["owner"] }, keeper);
  expect(await house.call("identity.secondFactor.show", {}, keeper)).toEqual({ rows: [{ role: "owner" }] });
  await house.call("identity.secondFactor.require", { roles: [] }, keeper);
  expect(await house.call("identity.secondFactor.show", {}, keeper)).toEqual({ rows: [] });
});

test("at the door whoever has such a role and no second factor is told to set one up, and does nothing else until then", async () => {
  const tenantId = await door.addCompany("Careful company");
  const keeper = await door.addMember("keeper@example.test", tenantId, "shop.keeper");
  const guest = await door.addMember("guest@example.test", tenantId, "shop.guest");
  await door.owner.query("insert into identity.second_factor_rule (tenant_id, role, set_at) values ($1, 'shop.keeper', now())", [tenantId]);
  const get = (url: string, { headers }: { headers: Record<string, string> }) => door.app.inject({ url, headers });
  for (const url of ["/api/v1/shop/desks", "/api/v1/shop/desks?format=csv", `/api/v1/files/${tenantId}`]) {
    expect((await get(url, keeper)).json()).toMatchObject({ status: 403, code: "secondFactorMissing" });
  }
  const mcp = { method: "POST", url: "/mcp", headers: keeper.headers, payload: { jsonrpc: "2.0", id: 1, method: "tools/list" } } as const;
  expect((await door.app.inject(mcp)).statusCode).toBe(403);
  expect((await get("/api/v1/me", keeper)).statusCode).toBe(200);
  expect((await get("/api/v1/shop/desks", guest)).statusCode).toBe(200);
  await door.owner.query(`update auth."user" set two_factor_enabled = true where id = $1`, [keeper.userId]);
  door.signIn.forget();
  expect((await get("/api/v1/shop/desks", keeper)).statusCode).toBe(200);
});
