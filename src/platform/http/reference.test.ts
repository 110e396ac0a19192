// The reference: complete, the same each time, and strict about what its pages load; and how often one may ask.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deskRegistry, type DeskHouse, openDeskHouse } from "./desk.fixture.ts";
import { type OpenApi, openApiText } from "./openapi.ts";

let house: DeskHouse;
beforeAll(async () => {
  house = await openDeskHouse({ rates: { signedOut: 40, signIn: 3 } });
});
afterAll(() => house.close());

describe("openapi.json", () => {
  it("describes every operation with its refusals", async () => {
    const answer = await house.app.inject({ url: "/openapi.json" });
    const document = answer.json() as OpenApi;
    expect(document.openapi).toBe("3.1.1");
    const assign = document.paths["/api/v1/shop/desks/{id}/assign"]!["post"];
    expect(assign).toMatchObject({
      operationId: "shop.desk.assign",
      "x-heartwood": { command: ["shop", "desk", "assign"], idField: "deskId", may: ["Keeper"] },
      requestBody: { content: { "application/json": { schema: { required: ["from"] } } } },
      responses: {
        409: { content: { "application/problem+json": { examples: { deskTaken: { value: { status: 409, code: "deskTaken" } } } } } },
      },
    });
    expect(document["x-heartwood-registers"][0]).toMatchObject({ name: "shop.desk", path: "/api/v1/shop/desks", label: "code" });
    const missing = [...answer.body.matchAll(/"\$ref": ?"#\/components\/([^"]+)"/g)].filter(
      ([, path]) =>
        path!.split("/").reduce<unknown>((part, key) => (part as Record<string, unknown>)?.[key], document.components) === undefined,
    );
    expect(missing).toEqual([]);
  });

  it("is the same text for the same registry", () => {
    expect(openApiText(deskRegistry())).toBe(openApiText(deskRegistry()));
  });
});

describe("docs", () => {
  it("shows each operation and loads nothing from elsewhere", async () => {
    const index = await house.app.inject({ url: "/docs" });
    expect(index.body).toContain('<a href="/docs/shop#shop.desk.assign">Assign a desk</a>');
    const shop = await house.app.inject({ url: "/docs/shop" });
    expect(shop.body).toContain("heartwood shop desk assign");
    expect(shop.body).not.toMatch(/(?:src|href)="https?:/);
    expect(shop.body).not.toMatch(/<script(?! src)|<style| style="/);
    for (const url of ["/docs/style.css", "/docs/search.js"]) expect((await house.app.inject({ url })).statusCode).toBe(200);
    expect((await house.app.inject({ url: "/docs/nothing" })).statusCode).toBe(404);
  });
});

describe("how often one may ask", () => {
  it("says when to go on", async () => {
    const signIn = () =>
      house.app.inject({ method: "POST", url: "/api/auth/sign-in/email", payload: { email: "a@b.test", password: "wrong wrong wrong" } });
    for (let attempt = 0; attempt < 3; attempt++) expect((await signIn()).statusCode).not.toBe(429);
    const told = await signIn();
    expect(told.json()).toMatchObject({ status: 429, code: "tooManyRequests" });
    expect(told.headers["retry-after"]).toBeDefined();
  });
});
