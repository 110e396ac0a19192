// The house tells how it is: ready or not, figures for whoever may ask, traces for a collector, and a log that names nobody.
import { channel } from "node:diagnostics_channel";
import { createServer as createReceiver, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Id } from "../../kernel/id.ts";
import { type DeskHouse, openDeskHouse } from "../http/desk.fixture.ts";
import { openLog } from "./log.ts";

const lines: string[] = [];
const log = openLog("trace", { write: (line) => void lines.push(line) });
const condition = { full: false, leaving: false };
const collected: Record<string, unknown>[] = [];

let receiver: Server;
let house: DeskHouse;
let tenantId: Id;
let keeper: Awaited<ReturnType<DeskHouse["addMember"]>>;

beforeAll(async () => {
  receiver = createReceiver((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      collected.push({ url: request.url, ...(JSON.parse(Buffer.concat(chunks).toString("utf8")) as object) });
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((settle) => void receiver.listen(0, "127.0.0.1", settle));
  const { port } = receiver.address() as { port: number };
  house = await openDeskHouse({
    log,
    isDiskFull: () => condition.full,
    isLeaving: () => condition.leaving,
    tracesTo: `http://127.0.0.1:${port}/`,
  });
  tenantId = await house.addCompany("Log company");
  keeper = await house.addMember("ida.novak@example.test", tenantId, "shop.keeper");
});
afterAll(async () => {
  await house?.close();
  receiver.close();
});

const get = (url: string, headers: Record<string, string> = {}) => house.app.inject({ url, headers });
const post = (url: string, payload: object | string, headers: Record<string, string> = keeper.headers) =>
  house.app.inject({ method: "POST", url, payload, headers: { "content-type": "application/json", ...headers } });

describe("ready", () => {
  test("not before a company is set up, then yes", async () => {
    const early = await get("/ready");
    expect(early.statusCode).toBe(503);
    expect(early.json()).toMatchObject({ code: "notSetUp" });
    await house.owner.query("update platform.tenant_account set ready_at = now()");
    expect((await get("/ready")).json()).toEqual({ status: "ready" });
  });

  test("not while it stops or the disk is full", async () => {
    condition.full = true;
    expect((await get("/ready")).json()).toMatchObject({ status: 503, code: "storageFull" });
    condition.full = false;
    condition.leaving = true;
    expect((await get("/ready")).json()).toMatchObject({ status: 503, code: "stopping" });
    condition.leaving = false;
    expect((await get("/ready")).statusCode).toBe(200);
  });
});

describe("figures", () => {
  const here = { host: "127.0.0.1:4400" };
  const valueOf = (text: string, of: RegExp): number =>
    Number(
      text
        .split("\n")
        .find((line) => of.test(line))
        ?.split(" ")
        .at(-1),
    );

  test("counts the answers by operation and status, with the time they took", async () => {
    await get("/api/v1/shop/desks", keeper.headers);
    await get("/api/v1/shop/desks", keeper.headers);
    await get("/api/v1/shop/desks");
    const { body } = await get("/metrics", here);
    const requests = (status: number, place: string) =>
      valueOf(body, new RegExp(`request_seconds_${place}.*shop.desk.list.*status="${status}"`));
    expect(requests(200, "count")).toBe(2);
    expect(requests(401, "count")).toBe(1);
    expect(valueOf(body, /request_seconds_bucket.*shop\.desk\.list.*status="200".*\+Inf/)).toBe(2);
    expect(requests(200, "sum")).toBeGreaterThan(0);
  });

  test("tells of the pool, the size of the database, the lag of the event loop and the batches", async () => {
    channel("heartwood.batch").publish(7);
    const { body } = await get("/metrics", here);
    expect(valueOf(body, /pool_connections\{state="open"\}/)).toBeGreaterThan(0);
    const { rows } = await house.owner.query<{ size: bigint }>("select pg_database_size(current_database()) as size");
    expect(valueOf(body, /^heartwood_database_bytes/) / Number(rows[0]!.size)).toBeCloseTo(1, 1);
    expect(body).toContain("nodejs_eventloop_lag_p99_seconds");
    expect([valueOf(body, /batch_size_bucket\{le="4"\}/), valueOf(body, /batch_size_bucket\{le="8"\}/)]).toEqual([0, 1]);
    expect(body).not.toMatch(/ida|novak|example\.test/i);
  });

  test.each([
    ["from another machine", {}, "10.1.2.3"],
    ["through a proxy", { "x-forwarded-for": "10.1.2.3" }, "127.0.0.1"],
    ["by another name of this machine", { host: "evil.example" }, "127.0.0.1"],
  ])("are nothing to who asks %s", async (_how, headers, remoteAddress) => {
    const answer = await house.app.inject({ url: "/metrics", headers: { ...here, ...headers }, remoteAddress });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: "noSuchAddress" });
  });
});

test("with a token only the token opens the figures", async () => {
  const guarded = await openDeskHouse({ metricsToken: "a-long-token" });
  const ask = (headers: Record<string, string>) => guarded.app.inject({ url: "/metrics", headers: { host: "localhost", ...headers } });
  expect((await ask({})).statusCode).toBe(404);
  expect((await ask({ authorization: "Bearer a-long-tokem" })).statusCode).toBe(404);
  const answer = await ask({ authorization: "Bearer a-long-token", host: "heartwood.example" });
  expect(answer.statusCode).toBe(200);
  expect(answer.headers["content-type"]).toContain("version=0.0.4");
  await guarded.close();
});

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}

interface Sent {
  readonly url: string;
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { key: string; value: { stringValue: string } }[] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

test("a request is a span of the caller's own trace, with the operation inside", { timeout: 20_000 }, async () => {
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  await get("/api/v1/shop/desks?search=Novak", { ...keeper.headers, traceparent: `00-${traceId}-00f067aa0ba902b7-01` });
  await expect.poll(() => spans().filter((span) => span.traceId === traceId).length, { timeout: 15_000 }).toBe(2);
  const [operation, request] = ["shop.desk.list", "GET /api/v1/shop/desks"].map((name) =>
    spans().find((span) => span.name === name && span.traceId === traceId),
  );
  expect(request?.parentSpanId).toBe("00f067aa0ba902b7");
  expect(operation?.parentSpanId).toBe(request?.spanId);
  const sent = collected as unknown as Sent[];
  expect(sent[0]!.url).toBe("/v1/traces");
  expect(sent[0]!.resourceSpans[0]!.resource.attributes).toContainEqual({ key: "service.name", value: { stringValue: "heartwood" } });
  expect(JSON.stringify(collected)).not.toMatch(/novak/i);
});

const spans = (): Span[] =>
  (collected as unknown as Sent[]).flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
  );

function fromMailServer(message: string): Error {
  const error = new Error(message);
  error.stack = `Error: ${message}\n    at SMTPConnection._formatError (node_modules/nodemailer/lib/smtp-connection/index.js:1:1)`;
  return error;
}

test("no line of the log names a person, a mail address or a bank account", async () => {
  lines.length = 0;
  const iban = "DE89 3704 0044 0532 0130 00";
  const secret = { code: "Ada Lovelace", note: `ada@example.test, ${iban}` };
  await post("/api/v1/shop/desks", secret);
  await post("/api/v1/shop/desks", secret);
  await post("/api/v1/shop/desks", { ...secret, wrong: "Ada Lovelace" });
  await post("/api/v1/shop/desks", `{"code": "Ada Lovelace", ada@example.test`);
  await get("/api/v1/shop/desks?search=Ada%20Lovelace&filter[note]=ada@example.test", keeper.headers);
  await get("/api/v1/shop/desks/Ada%20Lovelace%20ada@example.test", keeper.headers);
  await get("/nowhere/ada@example.test/Lovelace");
  await get("/%E0%A4%A/Lovelace");
  await post("/api/auth/sign-in/email", { email: "ada@example.test", password: "Lovelace" }, {});
  const fault = await get("/api/v1/shop/floors/fail", keeper.headers);
  expect(fault.statusCode).toBe(500);
  // What fails outside of a request is logged too: PostgreSQL quotes the row, a parser the text, a mail server the address.
  const failures = [
    () => house.owner.query("insert into shop.desk (tenant_id, id, code) select tenant_id, gen_random_uuid(), code from shop.desk"),
    () => house.owner.query("select 'Ada Lovelace'::integer"),
    async () => JSON.parse("Ada Lovelace"),
    () => Promise.reject(fromMailServer(`550 5.1.1 <ada@example.test> or ada@example.test is unknown; ${iban}; DE89370400440532013000`)),
  ];
  for (const failure of failures) await failure().catch((error: unknown) => log.error({ error }, "a job failed"));
  const text = lines.join("\n");
  expect(lines.length).toBeGreaterThan(10);
  expect(text).toContain('"operation":"shop.desk.create"');
  expect(text).toMatch(/"code":"23505".*desk_code/);
  expect(text).toMatch(/a request failed.*desk\.fixture|desk\.fixture.*a request failed/);
  expect(text).toContain("550 5.1.1 … or … is unknown");
  for (const word of ["lovelace", "ada@", "example.test", "3704", "0532", "novak", tenantId]) {
    expect(lines.filter((line) => line.toLowerCase().includes(word.toLowerCase()))).toEqual([]);
  }
});
