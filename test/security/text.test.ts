// Texts that break other programs: each goes in through an operation and comes back unchanged from the API, CSV, XLSX and the agents' door,
// or is refused in words. In a spreadsheet nothing of them is a formula.
import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { readXlsx } from "hucre/xlsx";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Id } from "../../src/kernel/id.ts";
import { type Cell, sheetStream } from "../../src/platform/http/sheet.ts";
import type { Actor } from "../../src/platform/operation/context.ts";
import { openDoor, type TwoCompanies } from "./house.ts";

const fixture = (name: string): string => readFileSync(`test/fixtures/web-security/${name}`, "utf8");
const naughty = JSON.parse(fixture("blns.json")) as string[];
const formulas = ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x","y")', "＝1+1", " =1"];

let house: TwoCompanies;
let owner: Actor;
let headers: Record<string, string>;

beforeAll(async () => {
  ({ house, owner, headers } = await openDoor());
});
afterAll(() => house?.close());

const post = (url: string, payload: object) => house.app.inject({ method: "POST", url, headers, payload });

async function pages(url: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const from: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await house.app.inject({ url: `${url}&limit=1000${from}`, headers });
    const page = JSON.parse(answer.payload) as { rows: Record<string, unknown>[]; next: string | null };
    rows.push(...page.rows);
    cursor = page.next;
  }
  return rows;
}

/** The text as a spreadsheet may have it: with an apostrophe before what it would run. */
const quoted = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

describe.each([
  ["a person's name", "/api/v1/directory/persons", (text: string) => ({ name: text }), "name", "Name"],
  [
    "a task's title",
    "/api/v1/office/tasks",
    (text: string) => ({ title: text, due: "2026-12-01", personId: owner.personId }),
    "title",
    "Title",
  ],
  [
    "what a task says",
    "/api/v1/office/tasks",
    (text: string) => ({ title: "Said", says: text, due: "2026-12-01", personId: owner.personId }),
    "says",
    "Says",
  ],
] as const)("%s", (_what, url, inputOf, column, heading) => {
  const kept = new Map<Id, string>();

  test("takes every naughty string or refuses it in words", async () => {
    const broken: string[] = [];
    for (const text of [...naughty, ...formulas]) {
      const answer = await post(url, inputOf(text));
      if (answer.statusCode === 201) kept.set(answer.json<{ id: Id }>().id, text);
      else if (answer.statusCode !== 422 || answer.json<{ code: string }>().code !== "invalidInput")
        broken.push(`${answer.statusCode} ${text}`);
    }
    expect(broken).toEqual([]);
    // Refused are empty texts, control characters and more than the field holds.
    expect(kept.size).toBeGreaterThan(450);
  }, 120_000);

  test("gives each back unchanged, from the list and one by one", async () => {
    const rows = new Map((await pages(`${url}?sort=id`)).map((row) => [row["id"], row[column]]));
    for (const [id, text] of kept) expect(rows.get(id)).toBe(text);
    for (const [id, text] of [...kept].slice(0, 40)) {
      const one = await house.app.inject({ url: `${url}/${id}`, headers });
      expect(one.json<Record<string, unknown>>()[column]).toBe(text);
    }
  }, 120_000);

  test("is in CSV and XLSX as it is, and never a formula", async () => {
    const csv = await house.app.inject({ url: `${url}?format=csv`, headers });
    const [headings, ...lines] = parse(csv.payload, { bom: true, relax_column_count: false }) as string[][];
    const [at, idAt] = [headings!.indexOf(heading), headings!.indexOf("Id")];
    const inCsv = new Map(lines.map((line) => [line[idAt], line[at]]));
    for (const [id, text] of kept) expect(inCsv.get(id)).toBe(quoted(text));
    expect(lines.flat().filter((cell) => /^[=+@\t\r]|^-(?![\d.]+$)/.test(cell))).toEqual([]);

    const xlsx = await house.app.inject({ url: `${url}?format=xlsx`, headers });
    const rows = (await readXlsx(xlsx.rawPayload)).sheets[0]!.rows;
    const inXlsx = new Map(rows.map((row) => [row[idAt], row[at]]));
    // XML has one kind of line end.
    const oneEnd = (text: unknown): string => String(text).replace(/\r\n?/g, "\n");
    for (const [id, text] of kept) expect(oneEnd(inXlsx.get(id))).toBe(oneEnd(text));
  }, 120_000);

  test("is the same at the agents' door and in search", async () => {
    const tool = `${url.split("/")[3]}_${column === "name" ? "person" : "task"}_get`;
    for (const [id, text] of [...kept].filter((_, index) => index % 25 === 0)) {
      const payload = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: tool, arguments: { id } } };
      const mcp = { ...headers, accept: "application/json, text/event-stream", "mcp-protocol-version": "2025-06-18" };
      const answer = await house.app.inject({ method: "POST", url: "/mcp", headers: mcp, payload });
      const body = answer.payload.startsWith("{") ? answer.payload : /^data: (.*)$/m.exec(answer.payload)![1]!;
      const { result } = JSON.parse(body) as { result: { content: { text: string }[] } };
      expect((JSON.parse(result.content[0]!.text) as Record<string, unknown>)[column]).toBe(text);
    }
    for (const text of [...kept.values()].slice(0, 60)) {
      const found = await house.app.inject({ url: `${url}?search=${encodeURIComponent(text.slice(0, 100))}`, headers });
      expect([found.statusCode, text]).toEqual([200, text]);
    }
  }, 120_000);
});

describe("a table as CSV", () => {
  const names = [
    "comma_in_quotes",
    "escaped_quotes",
    "json",
    "newlines",
    "newlines_crlf",
    "quotes_and_newlines",
    "simple",
    "simple_crlf",
    "utf8",
  ];

  test.each(names)("%s of csv-spectrum is read, written and read again the same", async (name) => {
    const wanted = JSON.parse(fixture(`csv-spectrum/${name}.json`)) as Record<string, string>[];
    const columns = Object.keys(wanted[0]!);
    const read = (text: string) => parse(text, { columns: true, bom: true }) as Record<string, string>[];
    expect(read(fixture(`csv-spectrum/${name}.csv`))).toEqual(wanted);
    const rows = async function* (): AsyncGenerator<Cell[]> {
      for (const row of wanted) yield columns.map((column) => ({ kind: "text", text: row[column]! }));
    };
    const headings = columns.map((title) => ({ title, kind: "text" as const }));
    const chunks: Buffer[] = [];
    for await (const chunk of sheetStream({ name, headings, rows: rows() }, "csv")) chunks.push(Buffer.from(chunk as Uint8Array));
    expect(read(Buffer.concat(chunks).toString("utf8"))).toEqual(wanted);
  });

  test("numbers stay numbers, also negative ones", async () => {
    const rows = async function* (): AsyncGenerator<Cell[]> {
      yield [
        { kind: "number", text: "-12.50" },
        { kind: "text", text: "-12.50" },
      ];
    };
    const headings = [
      { title: "=a", kind: "number" as const },
      { title: "b", kind: "text" as const },
    ];
    const chunks: Buffer[] = [];
    for await (const chunk of sheetStream({ name: "x", headings, rows: rows() }, "csv")) chunks.push(Buffer.from(chunk as Uint8Array));
    expect(Buffer.concat(chunks).toString("utf8")).toBe("\ufeff'=a,b\r\n-12.50,'-12.50\r\n");
  });
});
