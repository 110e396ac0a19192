// The house on the network: one server that serves the API, the sign-in, the agents' door, the reference and the web app.
import { type FastifyInstance, fastify, LogController } from "fastify";
import type { Logger } from "pino";
import { newId } from "../../kernel/id.ts";
import type { Pool } from "../database/pool.ts";
import type { Funnel } from "../funnel/funnel.ts";
import { noteAnswers } from "../health/answer.ts";
import { mountCondition } from "../health/condition.ts";
import { mountMetrics } from "../health/metrics.ts";
import { mountTraces } from "../health/trace.ts";
import type { Memberships } from "../identity/actor.ts";
import type { SignIn } from "../identity/sign-in.ts";
import { mountMcp } from "../mcp/server.ts";
import type { Unsubscribing } from "../notify/unsubscribe.ts";
import type { Door, Identify } from "./caller.ts";
import { mountCalendar } from "./calendar.ts";
import { mountCompression } from "./compress.ts";
import { type Demo, mountDemo } from "./demo.ts";
import { mountFiles } from "./files.ts";
import { mountLinks } from "./link.ts";
import { mountMe } from "./me.ts";
import { mountOperations } from "./operations.ts";
import { HttpProblem, sendProblem, storageFull } from "./problem.ts";
import { mountReference } from "./reference.ts";
import { mountUnsubscribe } from "./unsubscribe.ts";
import { mountSecurity, type Rates, safeHeaders, usualRates } from "./security.ts";
import { mountWeb } from "./web.ts";

export interface ServerParts {
  readonly funnel: Funnel;
  readonly pool: Pool;
  readonly clock: () => Date;
  readonly identify: Identify;
  readonly memberships: Memberships;
  readonly signIn: Pick<SignIn, "handle" | "isSameOrigin" | "findUser" | "signInAs">;
  /** Where browsers reach this house, e.g. `http://127.0.0.1:4400`. */
  readonly address: string;
  /** Stops mails of a kind for whoever follows the link in one. */
  readonly unsubscribe?: Unsubscribing;
  /** There when the house is a demo. */
  readonly demo?: Demo;
  /** The built web app. */
  readonly webFolder?: string;
  /** Silent when left out. */
  readonly log?: Logger;
  readonly rates?: Partial<Rates>;
  /** The proxy in front of us whose word about the caller's address counts. */
  readonly trustProxy?: boolean | string;
  /** Asked by /health besides the database. */
  readonly health?: () => Promise<Readonly<Record<string, unknown>>>;
  /** Whoever has it may ask for /metrics; without one only this machine may. */
  readonly metricsToken?: string;
  /** The collector that traces are sent to, when there is one. */
  readonly tracesTo?: string;
  /** While true writes are refused, because the database could not keep them. */
  readonly isDiskFull?: () => boolean;
  /** While true whoever distributes requests is told to send them elsewhere, and connections end with the next answer. */
  readonly isLeaving?: () => boolean;
}

const bodyMax = 5 * 1024 * 1024;
const depthMax = 60;

export async function createServer(parts: ServerParts): Promise<FastifyInstance> {
  const isSecure = parts.address.startsWith("https:");
  const app = fastify({
    ...(parts.log && { loggerInstance: parts.log }),
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "requestId" }),
    genReqId: () => newId(),
    requestIdHeader: false,
    bodyLimit: bodyMax,
    trustProxy: parts.trustProxy ?? false,
    forceCloseConnections: "idle",
    // What arrives on an open connection while we stop is still answered.
    return503OnClosing: false,
    // A client that sends its request drop by drop is let go.
    requestTimeout: 120_000,
    http: { headersTimeout: 20_000 },
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    // A malformed address never reaches a hook or a handler, so it is worded and guarded here.
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply.headers(safeHeaders(isSecure))),
  }) as unknown as FastifyInstance;
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  readJson(app);
  identifyAll(app, parts.identify);
  const tallies = noteAnswers(app);
  await mountTraces(app, parts.tracesTo);
  heedCondition(app, parts);
  mountCompression(app);
  await mountSecurity(app, parts.address, { ...usualRates, ...parts.rates });

  const door: Door = { memberships: parts.memberships, isSameOrigin: parts.signIn.isSameOrigin };
  const { registry } = parts.funnel;
  mountCondition(app, parts);
  mountMetrics(app, { pool: parts.pool, tallies, token: parts.metricsToken });
  app.route({ method: ["GET", "POST"], url: "/api/auth/*", handler: parts.signIn.handle });
  if (parts.demo) mountDemo(app, parts.demo, parts.signIn);
  mountMe(app, registry, door, parts.demo !== undefined);
  await mountFiles(app, { pool: parts.pool, funnel: parts.funnel, clock: parts.clock }, door);
  mountOperations(app, parts.funnel, door);
  if (parts.unsubscribe) await mountUnsubscribe(app, parts.funnel, parts.unsubscribe);
  await mountLinks(app, parts.funnel);
  mountCalendar(app, parts.funnel, parts.memberships);
  mountReference(app, registry);
  mountMcp(app, parts.funnel, door);
  await mountWeb(app, parts.webFolder);
  return app;
}

/** A body is JSON, perhaps empty, and not nested deeper than anything we declare. */
function readJson(app: FastifyInstance): void {
  const usual = app.getDefaultJsonParser("error", "error");
  app.removeContentTypeParser(["application/json", "text/plain"]);
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    const text = body as string;
    if (text.trim() === "") return done(null, {});
    if (tooDeep(text)) return done(new HttpProblem(400, "bodyMalformed", "The body is nested too deeply. Send it flatter."));
    void usual(request, text, (error, value) =>
      error ? done(new HttpProblem(400, "bodyMalformed", "The body is not JSON. Correct it and send it again.")) : done(null, value),
    );
  });
}

function tooDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (quoted) {
      if (code === 92) index += 1;
      else if (code === 34) quoted = false;
    } else if (code === 34) quoted = true;
    else if (code === 123 || code === 91) depth += 1;
    else if (code === 125 || code === 93) depth -= 1;
    if (depth > depthMax) return true;
  }
  return false;
}

function identifyAll(app: FastifyInstance, identify: Identify): void {
  app.decorateRequest("identity", null);
  app.addHook("onRequest", async (request, reply) => {
    reply.header("request-id", request.id);
    if (/^\/(api\/v1|mcp)/.test(request.url)) request.identity = (await identify(request)) ?? null;
  });
}

function heedCondition(app: FastifyInstance, { isDiskFull, isLeaving }: ServerParts): void {
  app.addHook("onRequest", async (request, reply) => {
    if (isLeaving?.()) reply.header("connection", "close");
    if (isDiskFull?.() && request.method !== "GET" && /^\/(api\/v1|mcp)/.test(request.url)) throw storageFull;
  });
}
