// Files in and out, and lists as files: what a thing is, its content says; nothing that a user sent runs anywhere.
import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readXlsx } from "hucre/xlsx";
import type { Id } from "../../kernel/id.ts";
import { scanBy } from "../files/scanner.ts";
import { eicar, openScanner } from "../testing/clamd.ts";
import { type DeskHouse, openDeskHouse } from "./desk.fixture.ts";

type Member = Awaited<ReturnType<DeskHouse["addMember"]>>;
let house: DeskHouse;
let keeper: Member;
let guest: Member;
let stranger: Member;

beforeAll(async () => {
  house = await openDeskHouse();
  const first: Id = await house.addCompany("First company");
  keeper = await house.addMember("keeper@example.test", first, "shop.keeper");
  guest = await house.addMember("guest@example.test", first, "shop.guest");
  stranger = await house.addMember("stranger@example.test", await house.addCompany("Second company"), "owner");
});
afterAll(() => house.close());

async function upload(name: string, bytes: Buffer | string, as: Member = keeper) {
  const form = new FormData();
  form.append("file", new Blob([new Uint8Array(Buffer.from(bytes))]), name);
  const request = new Request("http://x/", { method: "POST", body: form });
  const headers = { ...as.headers, "content-type": request.headers.get("content-type")! };
  return house.app.inject({ method: "POST", url: "/api/v1/files", headers, payload: Buffer.from(await request.arrayBuffer()) });
}
const get = (url: string, as: Member = keeper) => house.app.inject({ url, headers: as.headers });

const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

describe("files", () => {
  it("says what a file is by its content", async () => {
    const types = async (name: string, bytes: Buffer | string) => (await upload(name, bytes)).json().mediaType;
    expect(await types("picture.txt", png)).toBe("image/png");
    expect(await types("picture.svg", '<svg xmlns="http://www.w3.org/2000/svg"></svg>')).toBe("image/svg+xml");
    expect(await types("list.csv", "a,b\n1,2\n")).toBe("text/csv");
    expect(await types("statement.xml", '<?xml version="1.0"?><Document/>')).toBe("application/xml");
    expect(await types("page.png", "<script>alert(1)</script>")).toBe("text/plain");
    expect(await types("strange", Buffer.from([1, 0, 2]))).toBe("application/octet-stream");
  });

  it("gives a file back whole, as an attachment that runs nothing", async () => {
    const made = await upload('../../Plän "1".svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>');
    expect(made.statusCode).toBe(201);
    expect(made.json()).toMatchObject({ name: 'Plän "1".svg', mediaType: "image/svg+xml", size: 64 });
    const given = await get(`/api/v1/files/${made.json().id}?inline=1`);
    expect(given.headers["content-disposition"]).toBe(`attachment; filename="Pl_n _1_.svg"; filename*=UTF-8''Pl%C3%A4n%20%221%22.svg`);
    expect(given.headers["content-security-policy"]).toContain("sandbox");
    expect(given.headers["x-content-type-options"]).toBe("nosniff");
    expect(given.body).toContain("<script>1</script>");
  });

  it("shows pictures when asked", async () => {
    const { id } = (await upload("a.png", png)).json();
    const shown = await get(`/api/v1/files/${id}?inline=1`);
    expect([shown.headers["content-type"], String(shown.headers["content-disposition"]).split(";")[0]]).toEqual(["image/png", "inline"]);
    expect(shown.rawPayload.equals(png)).toBe(true);
  });

  it("lets others read a file only once a record they may see names it", async () => {
    const { id } = (await upload("plan.csv", "a,b\n")).json();
    expect((await get(`/api/v1/files/${id}`, guest)).json()).toMatchObject({ status: 404, code: "fileNotFound" });
    const payload = { code: "PLAN", planFileId: id };
    await house.app.inject({ method: "POST", url: "/api/v1/shop/desks", headers: keeper.headers, payload });
    expect((await get(`/api/v1/files/${id}`, guest)).statusCode).toBe(200);
    expect((await get(`/api/v1/files/${id}`, stranger)).statusCode).toBe(404);
  });

  it("refuses what is no file", async () => {
    expect((await upload("empty.txt", "")).json().code).toBe("fileEmpty");
    expect((await upload("large.bin", Buffer.alloc(26 * 1024 * 1024, 1))).json()).toMatchObject({ status: 413 });
    const headers = { ...keeper.headers, "content-type": "application/json" };
    const json = await house.app.inject({ method: "POST", url: "/api/v1/files", headers, payload: "{}" });
    expect([json.statusCode, json.json().code]).toEqual([406, "fileMissing"]);
  });
});

describe("with a virus scanner", () => {
  afterEach(() => scanBy(undefined));
  const kept = async () => (await house.owner.query("select count(*)::integer as count from platform.file")).rows[0].count;

  it("takes in what is clean; a finding is refused in words, stands in the trail, and its bytes nowhere", async () => {
    const scanner = await openScanner();
    scanBy(scanner.place);
    expect((await upload("clean.txt", "a clean one")).statusCode).toBe(201);
    const before = await kept();
    const refused = await upload("invoice.txt", eicar);
    expect(refused.json()).toMatchObject({ status: 409, code: "fileInfected", facts: { found: "Eicar-Test-Signature" } });
    expect(refused.json().detail).toContain("found Eicar-Test-Signature in this file");
    expect(await kept()).toBe(before);
    const { rows } = await house.owner.query("select * from platform.operation_log where operation = 'platform.file.upload'");
    expect(rows).toMatchObject([
      {
        user_id: keeper.userId,
        input: { name: "invoice.txt", size: 68, sha256: createHash("sha256").update(eicar).digest("hex") },
        output: { refused: "fileInfected", found: "Eicar-Test-Signature" },
      },
    ]);
    await scanner.close();
  });

  it("takes in nothing while the scanner is away", async () => {
    const scanner = await openScanner();
    await scanner.close();
    scanBy(scanner.place);
    const before = await kept();
    const refused = await upload("clean.txt", "a clean one, later");
    expect(refused.json()).toMatchObject({ status: 503, code: "scannerSilent" });
    expect(refused.headers["retry-after"]).toBeDefined();
    expect(await kept()).toBe(before);
  });
});

describe("lists as files", () => {
  it("writes CSV with formulas quoted and numbers as numbers", async () => {
    for (const payload of [
      { code: "=1+1", note: '-dash, "quoted"', price: { amount: "-12.50", currency: "EUR" }, since: "2026-01-31" },
      { code: "Z", note: "line\nbreak" },
    ]) {
      await house.app.inject({ method: "POST", url: "/api/v1/shop/desks", headers: keeper.headers, payload });
    }
    const csv = await get("/api/v1/shop/desks?format=csv&filter[code]=~&sort=code");
    expect(csv.headers["content-type"]).toContain("text/csv");
    expect(csv.headers["content-disposition"]).toBe('attachment; filename="shop-desk.csv"');
    const lines = csv.body.split("\r\n");
    expect(lines[0]).toBe("\ufeffId,Code,Note,State,Price,Price currency,Since,Plan file id");
    expect(csv.body).toContain(`,'=1+1,"'-dash, ""quoted""",free,-12.50,EUR,2026-01-31,`);
    expect(csv.body).toContain('"line\nbreak"');
  });

  it("writes XLSX with the same rows", async () => {
    const xlsx = await get("/api/v1/shop/desks?format=xlsx&filter[code]=%3D1%2B1");
    expect(xlsx.headers["content-type"]).toContain("spreadsheetml");
    const { sheets } = await readXlsx(new Uint8Array(xlsx.rawPayload));
    const [headings, row] = sheets[0]!.rows;
    expect(headings).toEqual(["Id", "Code", "Note", "State", "Price", "Price currency", "Since", "Plan file id"]);
    expect(row!.slice(1, 6)).toEqual(["=1+1", '-dash, "quoted"', "free", -12.5, "EUR"]);
  });

  it("writes every row, page by page", async () => {
    await house.owner.query(
      `insert into shop.desk (tenant_id, id, code)
       select tenant_id, ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'many-' || n
       from generate_series(1, 2500) n cross join (select tenant_id from shop.desk limit 1) t`,
    );
    const csv = await get("/api/v1/shop/desks?format=csv&search=many-");
    expect(csv.body.trim().split("\r\n")).toHaveLength(2501);
  });

  it("words a refusal before anything is sent, and an unknown format", async () => {
    expect((await get("/api/v1/shop/desks?format=csv&sort=nothing")).json()).toMatchObject({ status: 409, code: "unknownColumn" });
    expect((await get("/api/v1/shop/desks?format=pdf")).json()).toMatchObject({ status: 422, code: "invalidInput" });
  });
});
