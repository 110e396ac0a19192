// The door of the house, on a real database: who gets in, what answers look like, and what is refused in which words.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Id, newId } from "../../kernel/id.ts";
import { type DeskHouse, openDeskHouse } from "./desk.fixture.ts";

let house: DeskHouse;
let first: Id;
let second: Id;
let keeper: Awaited<ReturnType<DeskHouse["addMember"]>>;
let guest: Awaited<ReturnType<DeskHouse["addMember"]>>;
const demoPeople = [{ email: "keeper@example.test", name: "Kay", title: "Keeper", roles: ["Keeper"] }];

const condition = { full: false, leaving: false };

beforeAll(async () => {
  house = await openDeskHouse({
    demo: { people: async () => demoPeople },
    isDiskFull: () => condition.full,
    isLeaving: () => condition.leaving,
  });
  first = await house.addCompany("First company");
  second = await house.addCompany("Second company");
  keeper = await house.addMember("keeper@example.test", first, "shop.keeper");
  guest = await house.addMember("guest@example.test", first, "shop.guest");
});
afterAll(() => house.close());

const post = (url: string, payload: unknown, headers: Record<string, string> = keeper.headers) =>
  house.app.inject({ method: "POST", url, payload: payload as object, headers });
const get = (url: string, headers: Record<string, string> = keeper.headers) => house.app.inject({ url, headers });

describe("who is there", () => {
  it("says who I am and for which company", async () => {
    const answer = await get("/api/v1/me");
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      user: { id: keeper.userId, email: "keeper@example.test" },
      personId: null,
      tenant: { id: first, name: "First company", isDemo: false, zone: "UTC" },
      tenants: [{ id: first, name: "First company" }],
      roles: [{ role: "shop.keeper", title: "Keeper", scope: null }],
      today: "2026-11-21",
      demo: true,
    });
  });

  it("asks whoever is signed out to sign in", async () => {
    for (const headers of [{}, { authorization: "Bearer hw_wrong" }, { authorization: "Basic abc" }]) {
      const answer = await get("/api/v1/me", headers as Record<string, string>);
      expect(answer.statusCode).toBe(401);
      expect(answer.headers["content-type"]).toContain("application/problem+json");
      expect(answer.json()).toMatchObject({ status: 401, code: "signedOut", requestId: answer.headers["request-id"] });
    }
  });

  it("lets nobody into a company that is not theirs", async () => {
    const answer = await get("/api/v1/me", { ...keeper.headers, "heartwood-tenant": second });
    expect(answer.statusCode).toBe(403);
    expect(answer.json().code).toBe("otherCompany");
    expect((await get(`/api/v1/shop/desks?heartwood-tenant=${second}`)).json().code).toBe("otherCompany");
    expect((await get(`/api/v1/shop/desks?heartwood-tenant=${first}`)).statusCode).toBe(200);
    const noWhere = await house.signIn.createUser({ email: "no.where@example.test", name: "No Where" });
    const { token } = await house.signIn.createToken(noWhere, "test");
    expect((await get("/api/v1/me", { authorization: `Bearer ${token}` })).json().code).toBe("noCompany");
  });

  it("shows each the catalogue of what they may run", async () => {
    const whole = await get("/api/v1/catalogue");
    const names = (answer: typeof whole) => answer.json().operations.map((operation: { name: string }) => operation.name);
    expect(names(whole)).toContain("shop.desk.assign");
    expect(names(await get("/api/v1/catalogue", guest.headers))).not.toContain("shop.desk.assign");
    const assign = whole.json().operations.find((operation: { name: string }) => operation.name === "shop.desk.assign");
    expect(assign).toMatchObject({
      method: "POST",
      path: "/api/v1/shop/desks/{id}/assign",
      target: "deskId",
      on: "shop.desk",
      may: ["Keeper"],
    });
    const [register] = whole.json().registers;
    expect(register.columns[3]).toEqual({ name: "state", title: "State", kind: "enum", options: ["free", "taken"], nullable: false });
    const again = await get("/api/v1/catalogue", { ...keeper.headers, "if-none-match": String(whole.headers["etag"]) });
    expect(again.statusCode).toBe(304);
  });

  it("tells whose work it is also to those who may not do it", async () => {
    const told = await get("/api/v1/catalogue/shop.desk.assign", guest.headers);
    const known = (await get("/api/v1/catalogue")).json().operations.find(({ name }: { name: string }) => name === "shop.desk.assign");
    expect(told.json()).toEqual({ name: "shop.desk.assign", title: known.title, may: ["Keeper"] });
    expect((await get("/api/v1/catalogue/shop.desk.paint", guest.headers)).json()).toMatchObject({ status: 404, code: "unknownOperation" });
  });
});

describe("operations", () => {
  it("creates, lists, reads, acts and refuses", async () => {
    const made = await post("/api/v1/shop/desks", { code: "A-1", price: { amount: "120.00", currency: "EUR" } });
    expect(made.statusCode).toBe(201);
    const { id } = made.json();
    const list = await get("/api/v1/shop/desks?filter[state]=free&count=true&limit=5");
    expect(list.json()).toMatchObject({ rows: [{ id, code: "A-1", price: { amount: "120.00", currency: "EUR" } }], next: null, count: 1 });
    expect((await get(`/api/v1/shop/desks/${id}`)).json().can).toEqual(["shop.desk.assign"]);
    const headers = { ...keeper.headers, "heartwood-reason": encodeURIComponent("für Zoë") };
    const assigned = await post(`/api/v1/shop/desks/${id}/assign`, { from: "2026-12-01" }, headers);
    expect([assigned.statusCode, assigned.json()]).toEqual([200, { state: "taken", reason: "für Zoë" }]);
    const refused = await post(`/api/v1/shop/desks/${id}/assign`, { from: "2026-12-01" });
    expect(refused.statusCode).toBe(409);
    expect(refused.json()).toMatchObject({
      type: "urn:heartwood:problem:deskTaken",
      title: "Refused",
      code: "deskTaken",
      detail: "Desk A-1 is taken. Choose a free one: heartwood shop desk list",
      facts: { code: "A-1" },
      path: ["deskId"],
    });
  });

  it("keeps nothing on a dry run", async () => {
    const headers = { ...keeper.headers, "heartwood-dry-run": "true" };
    const tried = await post("/api/v1/shop/desks", { code: "DRY" }, headers);
    expect([tried.statusCode, tried.headers["heartwood-dry-run"]]).toEqual([200, "true"]);
    expect((await get("/api/v1/shop/desks?filter[code]=DRY")).json().rows).toEqual([]);
    const odd = await post("/api/v1/shop/desks", { code: "DRY" }, { ...keeper.headers, "heartwood-dry-run": "yes" });
    expect(odd.statusCode).toBe(422);
  });

  it("does a wish with a key once", async () => {
    const headers = { ...keeper.headers, "idempotency-key": "once" };
    const [one, two] = [
      await post("/api/v1/shop/desks", { code: "KEY" }, headers),
      await post("/api/v1/shop/desks", { code: "KEY" }, headers),
    ];
    expect(two.json()).toEqual(one.json());
    expect((await post("/api/v1/shop/desks", { code: "OTHER" }, headers)).json().code).toBe("idempotencyKeyReused");
  });

  it("reads questions by the kinds of their fields", async () => {
    const price = encodeURIComponent('{"amount":"1.50","currency":"EUR"}');
    const answer = await get(`/api/v1/shop/floors/count?codes=a&codes=b&least=3&loud=false&price=${price}`);
    expect(answer.json().asked).toEqual({ codes: ["a", "b"], least: 3, loud: false, price: { amount: "1.50", currency: "EUR" } });
    const wrong = await get("/api/v1/shop/floors/count?least=many&nobody=1");
    expect(wrong.statusCode).toBe(422);
    expect(wrong.json().mistakes.map((mistake: { path: string[] }) => mistake.path[0])).toContain("least");
  });

  it("words what is not permitted, not found, not readable", async () => {
    expect((await post("/api/v1/shop/desks", { code: "X" }, guest.headers)).json()).toMatchObject({ status: 403, code: "notPermitted" });
    expect((await get(`/api/v1/shop/desks/${newId()}`)).statusCode).toBe(404);
    expect((await get("/api/v1/shop/nothing")).json()).toMatchObject({ status: 404, code: "noSuchAddress" });
    const broken = { ...keeper.headers, "content-type": "application/json" };
    const malformed = await house.app.inject({ method: "POST", url: "/api/v1/shop/desks", payload: "{", headers: broken });
    expect(malformed.json()).toMatchObject({ status: 400, code: "bodyMalformed" });
    const deep = await house.app.inject({ method: "POST", url: "/api/v1/shop/desks", payload: "[".repeat(100), headers: broken });
    expect(deep.json().code).toBe("bodyMalformed");
    const large = await house.app.inject({ method: "POST", url: "/api/v1/shop/desks", payload: `"${"x".repeat(6e6)}"`, headers: broken });
    expect(large.json()).toMatchObject({ status: 413, code: "bodyTooLarge" });
    const id = newId();
    const two = await post(`/api/v1/shop/desks/${id}/assign`, { deskId: newId(), from: "2026-12-01" });
    expect(two.json()).toMatchObject({ status: 422, mistakes: [{ path: ["deskId"] }] });
  });

  it("tells nothing of a fault but its number", async () => {
    const answer = await get("/api/v1/shop/floors/fail");
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain("Lovelace");
    expect(answer.json().detail).toContain(answer.headers["request-id"]);
  });
});

describe("the demo's front door and the other sites", () => {
  it("signs in as someone of the demo and takes writes only from its own pages", async () => {
    expect((await get("/api/demo/people", {})).json()).toEqual(demoPeople);
    expect((await post("/api/demo/sign-in", { email: "guest@example.test" }, {})).statusCode).toBe(404);
    const signedIn = await post("/api/demo/sign-in", { email: "Keeper@example.test" }, {});
    const cookie = String(signedIn.headers["set-cookie"]).split(";")[0]!;
    expect((await get("/api/v1/me", { cookie })).statusCode).toBe(200);
    const from = (origin: string) => post("/api/v1/shop/desks", { code: `C-${origin.length}` }, { cookie, origin });
    expect((await from("https://elsewhere.test")).json()).toMatchObject({ status: 403, code: "otherSite" });
    expect((await post("/api/v1/shop/desks", { code: "C-none" }, { cookie })).json().code).toBe("otherSite");
    expect((await from("http://127.0.0.1:4400")).statusCode).toBe(201);
  });
});

describe("what every answer carries", () => {
  it("has a strict policy and a number", async () => {
    const answer = await get("/health", {});
    expect(answer.json()).toEqual({ status: "ok" });
    expect(answer.headers["content-security-policy"]).toContain("script-src 'self';");
    expect(answer.headers["x-content-type-options"]).toBe("nosniff");
    expect(answer.headers["request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("when something is the matter with the server", () => {
  it("refuses writes while the disk is full, and reads go on", async () => {
    condition.full = true;
    const refused = await post("/api/v1/shop/desks", { code: "D-full" });
    expect(refused.json()).toMatchObject({ status: 503, code: "storageFull" });
    expect((await get("/api/v1/shop/desks")).statusCode).toBe(200);
    condition.full = false;
    expect((await post("/api/v1/shop/desks", { code: "D-full" })).statusCode).toBe(201);
  });

  it("sends everybody elsewhere while it is stopping, and still answers", async () => {
    condition.leaving = true;
    expect((await get("/health", {})).json()).toMatchObject({ status: 503, code: "stopping" });
    const answer = await get("/api/v1/shop/desks");
    expect([answer.statusCode, answer.headers["connection"]]).toEqual([200, "close"]);
    condition.leaving = false;
  });
});
