// The door itself: what every answer carries, what a browser on another site can do, whom we believe about addresses, what
// comes in as a file, and what leaves the house.
import { createServer as createTcpServer, type AddressInfo, type Server } from "node:net";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crc32, deflateRawSync } from "node:zlib";
import type { Id } from "../../src/kernel/id.ts";
import { newId } from "../../src/kernel/id.ts";
import { checkZip } from "../../src/platform/files/zip.ts";
import { trustedProxy } from "../../src/platform/http/proxy.ts";
import { smtpMail } from "../../src/platform/notify/mail.ts";
import { openDoor, operations, role, type TwoCompanies } from "./house.ts";

let house: TwoCompanies;
let headers: Record<string, string>;

beforeAll(async () => {
  ({ house, headers } = await openDoor());
});
afterAll(() => house?.close());

describe("every kind of answer", () => {
  const kinds: readonly (readonly [string, string, number, "GET" | "POST"])[] = [
    ["a page", "/", 302, "GET"],
    ["nothing", "/nothing/here", 404, "GET"],
    ["a list", "/api/v1/directory/persons", 200, "GET"],
    ["an export", "/api/v1/directory/persons?format=csv", 200, "GET"],
    ["a no", "/api/v1/directory/persons?sort=x", 409, "GET"],
    ["a malformed address", "/api/v1/directory/persons/%E0%A4%A", 400, "GET"],
    ["the reference", "/docs", 200, "GET"],
    ["the agents' door", "/mcp", 406, "POST"],
    ["the sign-in", "/api/auth/get-session", 200, "GET"],
    ["health", "/health", 200, "GET"],
  ];

  test.each(kinds)("%s keeps browsers from framing, sniffing, and running what is not ours", async (_what, url, _status, method) => {
    const answer = await house.app.inject({ method, url, headers, ...(method === "POST" && { payload: {} }) });
    expect(answer.statusCode).toBeLessThan(500);
    const policy = String(answer.headers["content-security-policy"]);
    expect(policy).toMatch(/frame-ancestors 'none'/);
    expect(policy).toMatch(/script-src 'self'(;|$)|default-src 'none'/);
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(answer.headers["x-content-type-options"]).toBe("nosniff");
    expect(String(answer.headers["x-frame-options"])).toMatch(/^DENY$/i);
    expect(answer.headers["referrer-policy"]).toBe("same-origin");
    expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
    expect(answer.headers["x-powered-by"] ?? answer.headers["server"]).toBeUndefined();
  });

  test("about the company is kept by no cache", async () => {
    for (const url of [
      "/api/v1/directory/persons",
      "/api/v1/me",
      "/api/v1/directory/persons?format=csv",
      "/api/v1/directory/persons?sort=x",
    ]) {
      expect((await house.app.inject({ url, headers })).headers["cache-control"]).toBe("no-store");
    }
  });

  test("does not repeat the host that was asked for, and leads nowhere else", async () => {
    for (const url of ["/", "//evil.example/%2e%2e", "/\\evil.example", "/api/auth/get-session?callbackURL=//evil.example", "/docs"]) {
      const answer = await house.app.inject({ url, headers: { host: "evil.example", "x-forwarded-host": "evil.example" } });
      expect(answer.payload).not.toContain("evil.example/");
      expect(String(answer.headers["location"] ?? "/")).toMatch(/^\/(?![/\\])/);
    }
  });

  test("to TRACE, and to methods nobody declared, is a no", async () => {
    for (const method of ["PUT", "PATCH", "DELETE"] as const) {
      const answer = await house.app.inject({ method, url: "/api/v1/directory/persons", headers });
      expect([404, 405]).toContain(answer.statusCode);
    }
    expect(operations.filter(({ kind, name }) => kind === "write" && /\.(list|get)$/.test(name))).toEqual([]);
  });
});

describe("bodies and addresses", () => {
  const post = (payload: string, type = "application/json") =>
    house.app.inject({ method: "POST", url: "/api/v1/directory/persons", headers: { ...headers, "content-type": type }, payload });

  test("too large, too deep, of another type, or not JSON are a worded no", async () => {
    const told = async (payload: string, type?: string) => {
      const answer = await post(payload, type);
      return [answer.statusCode, answer.json<{ code: string }>().code];
    };
    expect(await told(`{"name":"${"x".repeat(6 * 1024 * 1024)}"}`)).toEqual([413, "bodyTooLarge"]);
    expect(await told(`{"name":${"[".repeat(1000)}${"]".repeat(1000)}}`)).toEqual([400, "bodyMalformed"]);
    expect(await told("name=x", "application/x-www-form-urlencoded")).toEqual([415, "bodyNotJson"]);
    expect(await told('{"name":"x"}', "text/plain")).toEqual([415, "bodyNotJson"]);
    expect(await told('{"name":"x",}')).toEqual([400, "bodyMalformed"]);
    expect(await told('{"name":"x","__proto__":{"roles":["owner"]}}')).toEqual([400, "bodyMalformed"]);
    expect(await told('{"name":"a\\u0000b"}')).toEqual([422, "invalidInput"]);
    expect(await told('{"name":"a\\ud800b"}')).toEqual([422, "invalidInput"]);
    expect(await told('["name"]')).toEqual([422, "invalidInput"]);
  });

  test("a key too long or a reason with a line end changes no header and no log", async () => {
    const keyed = await house.app.inject({
      method: "POST",
      url: "/api/v1/directory/persons",
      headers: { ...headers, "idempotency-key": "k".repeat(201) },
      payload: { name: "Someone" },
    });
    expect(keyed.statusCode).toBe(422);
    const reasoned = await house.app.inject({
      method: "POST",
      url: "/api/v1/directory/persons",
      headers: { ...headers, "heartwood-reason": "a%0d%0aSet-Cookie: x=1", "heartwood-dry-run": "true" },
      payload: { name: "Someone" },
    });
    expect([reasoned.statusCode, reasoned.headers["set-cookie"]]).toEqual([201, undefined].with(0, reasoned.statusCode));
  });
});

describe("whom we believe about addresses", () => {
  test("is nobody, unless proxies are named one by one", () => {
    expect(trustedProxy(undefined)).toBe(false);
    expect(trustedProxy("")).toBe(false);
    expect(trustedProxy("10.0.0.7, 2001:db8::/32, loopback")).toBe("10.0.0.7,2001:db8::/32,loopback");
    for (const wrong of ["true", "*", "1", "0.0.0.0/0", "::/0", "10.0.0.0/33", "proxy.example", "10.0.0.1/8/8"])
      expect(() => trustedProxy(wrong)).toThrow(/HEARTWOOD_TRUST_PROXY/);
  });
});

describe("files", () => {
  async function upload(name: string, bytes: Buffer): Promise<Id> {
    const form = new FormData();
    form.append("file", new Blob([new Uint8Array(bytes)]), name);
    const request = new Request("http://x/", { method: "POST", body: form });
    const answer = await house.app.inject({
      method: "POST",
      url: "/api/v1/files",
      headers: { ...headers, "content-type": request.headers.get("content-type")! },
      payload: Buffer.from(await request.arrayBuffer()),
    });
    expect(answer.statusCode).toBe(201);
    return answer.json<{ id: Id }>().id;
  }

  test.each([
    ["../../../etc/passwd", "passwd"],
    ["..\\..\\windows\\system.ini", "system.ini"],
    ["invoice.pdf.exe", "invoice.pdf.exe"],
    ["a\r\nSet-Cookie: x=1.txt", "a%0D%0ASet-Cookie: x=1.txt"],
    ["fdp.\u202eexe", "fdp.exe"],
    ["x".repeat(500) + ".txt", "x".repeat(196) + ".txt"],
  ])("called %j are given back as an attachment under a plain name", async (sent, kept) => {
    const id = await upload(sent, Buffer.from("MZ\u0000not what it says", "latin1"));
    const given = await house.app.inject({ url: `/api/v1/files/${id}?inline=1`, headers });
    const disposition = String(given.headers["content-disposition"]);
    expect(disposition).toMatch(/^attachment; /);
    expect(decodeURIComponent(/filename\*=UTF-8''(.*)$/.exec(disposition)![1]!)).toBe(kept);
    expect(given.headers["set-cookie"]).toBeUndefined();
    expect(given.headers["x-content-type-options"]).toBe("nosniff");
  });

  test.each(["evil.svg", "evil.html", "evil.xhtml", "evil.pdf", "evil.png", "evil.js"])(
    "with a script, called %s, run nowhere",
    async (name) => {
      const id = await upload(name, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'));
      const given = await house.app.inject({ url: `/api/v1/files/${id}?inline=1`, headers });
      const isInline = String(given.headers["content-disposition"]).startsWith("inline");
      if (isInline) expect(String(given.headers["content-type"])).toMatch(/^text\/plain/);
      expect(String(given.headers["content-security-policy"])).toContain("sandbox");
    },
  );

  test("of another company, of nobody, and paths in their place look the same", async () => {
    const id = await upload("mine.txt", Buffer.from("secret"));
    const stranger = await house.actor(house.b, role("owner"));
    const theirs = { authorization: `${stranger.userId} ${house.b}` };
    const bodies = new Set<string>();
    for (const one of [id, newId(), "..%2f..%2fetc%2fpasswd", "x"]) {
      const answer = await house.app.inject({ url: `/api/v1/files/${one}`, headers: theirs });
      expect(answer.statusCode).toBe(404);
      bodies.add(JSON.stringify({ ...answer.json<object>(), requestId: "" }));
    }
    expect(bodies.size).toBe(1);
  });

  test("that unpack into more than anyone needs are refused in words", async () => {
    const { rowsOf } = await import("../../src/modules/finance/import/table.ts");
    await expect(rowsOf({ fileId: newId(), name: "bomb.xlsx", hash: "x", bytes: zipOf("xl/workbook.xml", 100) })).rejects.toMatchObject({
      code: "tableUnreadable",
      facts: { why: "it unpacks into more than 64 MB" },
    });
    const lying = zipOf("xl/workbook.xml", 100);
    lying.writeUInt32LE(1000, lying.lastIndexOf("PK\u0001\u0002", undefined, "latin1") + 24);
    expect(() => checkZip(lying)).toThrow("64 MB");
    expect(() => checkZip(lying.subarray(0, -30))).toThrow();
    expect(() => checkZip(zipOf("a", 1))).not.toThrow();
  });
});

/** A zip whose one member is as many million blanks. */
function zipOf(name: string, millions: number): Buffer {
  const plain = Buffer.alloc(millions * 1024 * 1024, 32);
  const packed = deflateRawSync(plain, { level: 9 });
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(8, 4);
  fields.writeUInt32LE(crc32(plain), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(plain.length, 18);
  fields.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from("PK\u0003\u0004"), fields, Buffer.from(name), packed]);
  const central = Buffer.concat([Buffer.from("PK\u0001\u0002"), Buffer.from([20, 0]), fields, Buffer.alloc(14), Buffer.from(name)]);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", 0, "latin1");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

describe("what leaves the house", () => {
  test("is mail, traces and what is scanned, by the servers that the operator named, and nothing else", () => {
    const files = (folder: string): string[] =>
      readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return ["web", "testing", "cli"].includes(entry.name) ? [] : files(path);
        return /\.tsx?$/.test(entry.name) && !/\.(test|fixture)\.ts$/.test(entry.name) ? [path] : [];
      });
    const calls =
      /\bfetch\(|from "(node:)?(http|https|http2|net|tls|dgram|dns)(\/promises)?"|\bnew WebSocket\(|undici|axios|nodemailer|exporter-trace/;
    const found = files("src").filter((path) =>
      readFileSync(path, "utf8")
        .split("\n")
        .some((line) => calls.test(line) && !line.startsWith("import type") && !/handler\.fetch\(/.test(line)),
    );
    const known: Readonly<Record<string, string>> = {
      "src/platform/notify/mail.ts": "mail, by SMTP_URL",
      "src/platform/files/scanner.ts": "the virus scanner, by HEARTWOOD_CLAMD",
      "src/platform/health/trace.ts": "traces, by OTEL_EXPORTER_OTLP_ENDPOINT",
      "src/platform/backup/recovery-log.ts": "asks whether the embedded database of a folder is still alive, by its socket",
      "src/platform/http/proxy.ts": "reads whether a text is an address",
      "src/platform/database/embedded-process.ts": "finds a free port for the embedded database on this machine",
    };
    expect(found.filter((path) => !known[path])).toEqual([]);
  });

  test("carries no line that a name, an address or a subject slipped in", async () => {
    const talk: string[] = [];
    const server = await fakeSmtp(talk);
    const send = smtpMail(`smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, "heartwood@example.test");
    const evil = "x\r\nBcc: victim@example.test\r\n\r\nowned";
    await send("anna@example.test", evil, "Hello", {
      file: { name: evil, mediaType: "text/plain", bytes: Buffer.from("x") },
      messageId: `<1@heartwood>${evil}`,
      references: [`<2@x>${evil}`],
    });
    const wild = [
      "anna@example.test, victim@example.test",
      "anna@example.test\r\nRCPT TO:<victim@example.test>",
      "victim@example.test <anna@example.test>",
    ];
    for (const to of wild) await send(to, "Hello", "Hello").catch(() => undefined);
    server.close();
    const lines = talk.join("").split("\r\n");
    expect(lines.filter((line) => /^bcc:/i.test(line))).toEqual([]);
    const receivers = lines.filter((line) => /^rcpt to:/i.test(line));
    expect(receivers[0]).toBe("RCPT TO:<anna@example.test>");
    expect(receivers.filter((line) => /^rcpt to:<victim@example.test>/i.test(line))).toEqual([]);
  });
});

/** A mail server that says yes to everything and keeps what it was told. */
function fakeSmtp(talk: string[]): Promise<Server> {
  const server = createTcpServer((socket) => {
    let inData = false;
    socket.write("220 test\r\n");
    socket.on("data", (chunk) => {
      const text = chunk.toString("latin1");
      talk.push(text);
      if (inData) {
        if (!text.endsWith("\r\n.\r\n")) return;
        inData = false;
        socket.write("250 ok\r\n");
      } else if (/^data/i.test(text)) {
        inData = true;
        socket.write("354 go\r\n");
      } else if (/^quit/i.test(text)) socket.end("221 bye\r\n");
      else socket.write("250 ok\r\n");
    });
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}
