// The agents' door: the Model Context Protocol at /mcp. Whoever asks gets exactly the operations of the person they act for.
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { type AuthInfo, type CallToolResult, createMcpHandler, type McpRequestContext, Server } from "@modelcontextprotocol/server";
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Call } from "../funnel/frame.ts";
import type { Funnel } from "../funnel/funnel.ts";
import { WaitsForApproval } from "../funnel/gate.ts";
import { type Catalogue, catalogueFor, type CatalogueOperation } from "../operation/catalogue.ts";
import { callerOf, callFor, type Door } from "../http/caller.ts";
import { isFault, problemOf } from "../http/problem.ts";
import { release } from "../release.ts";
import { type Tool, toolName, toolOf, wishOf } from "./tool.ts";

interface Visit {
  readonly call: Call;
  readonly log: FastifyBaseLogger;
  /** Names of modules; all when empty. */
  readonly modules: readonly string[];
}

const instructions =
  "Heartwood is the back office of a company. Each tool is one operation; records are found with the tools that end in _list " +
  "(filter, search, sort, cursor) and read with those that end in _get, whose answer says under `can` what may be done next. " +
  "Try a write with _dryRun first. A refusal says what to do instead; it is an answer, not a fault.";

export function mountMcp(app: FastifyInstance, funnel: Funnel, door: Door): void {
  const handler = createMcpHandler((context) => serverFor(visitIn(context), funnel));
  app.addHook("onClose", () => handler.close());
  app.route({
    method: ["GET", "POST", "DELETE"],
    url: "/mcp",
    handler: async (request, reply) => {
      const caller = await callerOf(request, door);
      const asked = (request.query as { module?: string | string[] }).module ?? [];
      const modules = [asked].flat().flatMap((one) => one.split(","));
      const visit: Visit = { call: callFor(request, caller), log: request.log, modules };
      const authInfo: AuthInfo = { token: "", clientId: caller.identity.userId, scopes: [], extra: { visit } };
      const response = await handler.fetch(webRequest(request), {
        authInfo,
        ...(request.method === "POST" && { parsedBody: request.body }),
      });
      return answer(reply, response);
    },
  });
}

const visitIn = (context: McpRequestContext): Visit => context.authInfo?.extra?.["visit"] as Visit;

function webRequest(request: FastifyRequest): Request {
  const headers = new Headers();
  for (const name of ["accept", "content-type", "mcp-protocol-version", "mcp-method", "mcp-name", "mcp-session-id", "last-event-id"]) {
    const value = request.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  const url = new URL("/mcp", "http://heartwood.invalid");
  if (request.method !== "POST") return new Request(url, { method: request.method, headers });
  return new Request(url, { method: "POST", headers, body: JSON.stringify(request.body ?? null) });
}

function answer(reply: FastifyReply, response: Response): FastifyReply {
  response.headers.forEach((value, name) => void reply.header(name, value));
  reply.code(response.status).header("cache-control", "no-store");
  return reply.send(response.body ? Readable.fromWeb(response.body as ReadableStream) : "");
}

const kept = new WeakMap<Catalogue, { tools: readonly Tool[]; byTool: ReadonlyMap<string, CatalogueOperation> }>();

function toolsFor({ call, modules }: Visit, funnel: Funnel) {
  const catalogue = catalogueFor(funnel.registry, call.actor);
  let known = kept.get(catalogue);
  if (!known) {
    const byTool = new Map(catalogue.operations.map((operation) => [toolName(operation.name), operation]));
    known = { tools: catalogue.operations.map(toolOf), byTool };
    kept.set(catalogue, known);
  }
  const tools = modules.length === 0 ? known.tools : known.tools.filter(({ name }) => modules.includes(name.split("_")[0]!));
  return { tools, byTool: known.byTool };
}

// The low-level server: the tools differ from person to person and stand in the catalogue already as JSON Schema.
function serverFor(visit: Visit, funnel: Funnel): Server {
  const server = new Server({ name: "heartwood", title: "Heartwood", version: release }, { capabilities: { tools: {} }, instructions });
  server.setRequestHandler("tools/list", () => ({ tools: [...toolsFor(visit, funnel).tools] as never[] }));
  server.setRequestHandler("tools/call", async ({ params }) => {
    const operation = toolsFor(visit, funnel).byTool.get(params.name);
    if (!operation) return told(`There is no tool ${params.name} for you. List the tools to see which there are.`, true);
    return run(operation, params.arguments ?? {}, visit, funnel);
  });
  return server;
}

async function run(operation: CatalogueOperation, given: Record<string, unknown>, visit: Visit, funnel: Funnel): Promise<CallToolResult> {
  const { call, log } = visit;
  try {
    const isWrite = operation.kind === "write";
    const { input, ...wish } = isWrite ? wishOf(given) : { input: given, dryRun: false, reason: undefined, key: undefined };
    const output = await funnel.run(operation.name, input, { ...call, ...wish });
    const note = wish.dryRun ? "Nothing was kept: this was a dry run. It would give:\n" : "";
    return told(note + JSON.stringify(output), false);
  } catch (error) {
    if (error instanceof WaitsForApproval) return told(`${error.message}\n${JSON.stringify(error)}`, false);
    const problem = problemOf(error, call.requestId ?? "");
    if (isFault(problem)) log.error({ operation: operation.name, type: (error as Error).name }, "a tool failed");
    const mistakes = problem.mistakes?.map(({ path, message }) => `${path.join(".") || "input"}: ${message}`).join("\n");
    return told(`${mistakes ?? problem.detail}\n(${problem.code})`, true);
  }
}

const told = (text: string, isError: boolean): CallToolResult => ({ content: [{ type: "text", text }], ...(isError && { isError }) });
