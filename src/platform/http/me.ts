// What a screen asks first: who am I, for which company, and what may I do there.
import { createHash } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { UnknownOperation } from "../funnel/denial.ts";
import { type Catalogue, catalogueFor, wholeCatalogue } from "../operation/catalogue.ts";
import type { Registry } from "../operation/registry.ts";
import { callerOf, type Door } from "./caller.ts";

export function mountMe(app: FastifyInstance, registry: Registry, door: Door, demo: boolean): void {
  app.get("/api/v1/me", async (request, reply) => {
    const { identity, tenant, tenants, actor, today } = await callerOf(request, door, "threshold");
    return reply.header("cache-control", "no-store").send({
      user: { id: identity.userId, email: identity.email, name: identity.name },
      personId: actor.personId,
      tenant: { id: tenant.id, name: tenant.name, isDemo: tenant.isDemo, zone: tenant.zone },
      tenants: tenants.map(({ id, name }) => ({ id, name })),
      roles: actor.grants.map(({ role, scope }) => ({ role, title: registry.roles.get(role) ?? role, scope })),
      today,
      demo,
    });
  });

  const texts = new WeakMap<Catalogue, { text: string; tag: string }>();
  app.get("/api/v1/catalogue", async (request, reply) => {
    const { actor } = await callerOf(request, door, "threshold");
    const catalogue = catalogueFor(registry, actor);
    let known = texts.get(catalogue);
    if (!known) {
      const text = JSON.stringify(catalogue);
      known = { text, tag: tagOf(text) };
      texts.set(catalogue, known);
    }
    reply.header("etag", known.tag).header("cache-control", "private, no-cache").header("vary", "Cookie, Authorization, Heartwood-Tenant");
    if (isKnown(request.headers["if-none-match"], known.tag)) return reply.code(304).send();
    return reply.type("application/json; charset=utf-8").send(known.text);
  });

  // What a page says to someone whose roles do not open it: what it is called, and whose work it is.
  app.get<{ Params: { name: string } }>("/api/v1/catalogue/:name", async (request, reply) => {
    await callerOf(request, door, "threshold");
    const { name } = request.params;
    const found = wholeCatalogue(registry).operations.find((operation) => operation.name === name);
    if (!found) throw new UnknownOperation(`There is no operation ${name}.`);
    return reply.header("cache-control", "no-store").send({ name, title: found.title, may: found.may });
  });
}

export const tagOf = (text: string): string => `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;

export const isKnown = (asked: string | undefined, tag: string): boolean =>
  asked !== undefined && asked.split(",").some((one) => one.trim().replace(/^W\//, "") === tag);
