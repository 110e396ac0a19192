// The one handler behind every operation's address: read the input, hand it to the funnel, send the answer.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { InvalidInput } from "../funnel/denial.ts";
import type { Funnel } from "../funnel/funnel.ts";
import { WaitsForApproval } from "../funnel/gate.ts";
import type { Operation } from "../operation/operation.ts";
import { type Route, routeOf } from "../operation/route.ts";
import { jsonSchema, kindOfJson } from "../operation/shape.ts";
import { callerOf, callFor, type Door, withoutTenant } from "./caller.ts";
import { exportFormat, sendExport } from "./export.ts";
import { inputFromQuery, withMinorUnits } from "./query.ts";

/** @throws Error at start when two operations would live at one address. */
export function mountOperations(app: FastifyInstance, funnel: Funnel, door: Door): void {
  const taken = new Map<string, string>();
  for (const operation of funnel.registry.operations.values()) {
    const route = routeOf(operation);
    const address = `${route.method} ${route.path}`;
    const earlier = taken.get(address);
    if (earlier) throw new Error(`${operation.name} and ${earlier} would both live at ${address}`);
    taken.set(address, operation.name);
    app.route({
      method: route.method,
      url: route.path.replace("{id}", ":id"),
      config: { operation: operation.name },
      handler: handlerFor(operation, route, funnel, door),
    });
  }
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** The operation behind a route, for the log. */
    operation?: string;
  }
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

function handlerFor(operation: Operation, route: Route, funnel: Funnel, door: Door): Handler {
  const created = operation.name.endsWith(".create");
  const changesMembers = operation.name.startsWith("identity.");
  const moneyColumns = moneyColumnsOf(operation, funnel);
  return async (request, reply) => {
    const caller = await callerOf(request, door);
    const call = callFor(request, caller);
    if (operation.kind === "read") {
      const { format, query } = exportFormat(operation, withoutTenant(request.query as Record<string, unknown>));
      const asked = withMinorUnits(inputFromQuery(query, jsonSchema(operation.input)), moneyColumns);
      const input = withId(asked, request, route);
      if (format) return sendExport(reply, { operation, input, call, funnel, format });
      return send(reply, await funnel.runTyped(operation, input, { ...call, dryRun: false }));
    }
    const output = await funnel.runTyped(operation, withId(bodyOf(request), request, route), call).catch(orWaits);
    if (changesMembers) door.memberships.forget();
    if (call.dryRun) reply.header("heartwood-dry-run", "true");
    if (output instanceof WaitsForApproval) return send(accepted(reply, output, funnel), output);
    if (created && !call.dryRun) reply.code(201);
    return send(reply, output);
  };
}

function orWaits(error: unknown): WaitsForApproval {
  if (error instanceof WaitsForApproval) return error;
  throw error;
}

/** Accepted, not done: where it waits stands in the header and in the answer. */
function accepted(reply: FastifyReply, { facts: { record } }: WaitsForApproval, { registry }: Funnel): FastifyReply {
  const get = record && registry.registers.get(record.subject)?.get;
  if (get) reply.header("location", routeOf(get).path.replace("{id}", record.id));
  return reply.code(202);
}

function moneyColumnsOf(operation: Operation, { registry }: Funnel): ReadonlySet<string> {
  const register = operation.name.endsWith(".list") ? registry.registers.get(operation.name.replace(/\.list$/, "")) : undefined;
  const columns = Object.entries(register ? (jsonSchema(register.row).properties ?? {}) : {});
  return new Set(columns.filter(([, schema]) => kindOfJson(schema) === "money").map(([name]) => name));
}

// As bytes: of a long text Node makes them twice, once to count them and once while it writes.
const send = (reply: FastifyReply, output: unknown): FastifyReply =>
  reply
    .header("cache-control", "no-store")
    .type("application/json; charset=utf-8")
    .send(Buffer.from(JSON.stringify(output ?? null)));

function bodyOf(request: FastifyRequest): Record<string, unknown> {
  const body = request.body ?? {};
  if (typeof body !== "object" || Array.isArray(body)) throw new InvalidInput([{ path: [], message: "must be a JSON object" }]);
  return body as Record<string, unknown>;
}

function withId(input: Record<string, unknown>, request: FastifyRequest, route: Route): Record<string, unknown> {
  if (!route.idField || !route.path.includes("{id}")) return input;
  const { id } = request.params as { id: string };
  const said = input[route.idField];
  if (said !== undefined && said !== id) {
    throw new InvalidInput([{ path: [route.idField], message: "differs from the one in the address; leave it out" }]);
  }
  return { ...input, [route.idField]: id };
}
