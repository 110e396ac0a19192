// The web app's files: pages get the app, assets last, the API stays the API, and nothing outside the folder is given out.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DeskHouse, openDeskHouse } from "./desk.fixture.ts";

let house: DeskHouse;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "heartwood-web-"));
  await mkdir(join(folder, "web/assets"), { recursive: true });
  await writeFile(join(folder, "secret.txt"), "secret");
  await writeFile(join(folder, "web/index.html"), "<!doctype html><title>Heartwood</title>");
  await writeFile(join(folder, "web/assets/app-1a2b.js"), `console.log(${JSON.stringify("x".repeat(5000))});`);
  house = await openDeskHouse({ webFolder: join(folder, "web") });
});
afterAll(async () => {
  await house.close();
  await rm(folder, { recursive: true, force: true });
});

const get = (url: string, headers: Record<string, string> = {}) => house.app.inject({ url, headers });

describe("the web app", () => {
  it("is there for each of its pages", async () => {
    for (const url of ["/", "/directory/person", "/registers/finance.invoice?filter[state]=open"]) {
      const page = await get(url);
      expect([page.statusCode, page.headers["content-type"], page.headers["cache-control"]]).toEqual([
        200,
        "text/html; charset=utf-8",
        "no-cache",
      ]);
    }
  });

  it("gives out its assets for good, and small", async () => {
    const plain = await get("/assets/app-1a2b.js");
    expect(plain.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    const small = await get("/assets/app-1a2b.js", { "accept-encoding": "gzip, br" });
    expect([small.headers["content-encoding"], small.headers["vary"]]).toEqual(["br", "Accept-Encoding"]);
    expect(small.rawPayload.length).toBeLessThan(200);
    expect(brotliDecompressSync(small.rawPayload).toString()).toBe(plain.body);
    const reference = await get("/openapi.json", { "accept-encoding": "br" });
    expect(JSON.parse(brotliDecompressSync(reference.rawPayload).toString()).openapi).toBe("3.1.1");
  });

  it("leaves the rest alone", async () => {
    for (const url of ["/assets/gone.js", "/api/v1/nothing", "/favicon.ico"]) expect((await get(url)).json().code).toBe("noSuchAddress");
    expect((await get("/..%2fsecret.txt")).body).not.toContain("secret");
    expect((await house.app.inject({ method: "POST", url: "/directory/person" })).statusCode).toBe(404);
  });
});
