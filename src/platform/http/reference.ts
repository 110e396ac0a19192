// The reference for people and programs: `/openapi.json` and `/docs`.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { wholeCatalogue } from "../operation/catalogue.ts";
import type { Registry } from "../operation/registry.ts";
import { docsIndex, docsModule } from "./docs.ts";
import { docsScript, docsStyle } from "./docs-look.ts";
import { isKnown, tagOf } from "./me.ts";
import { openApiOf } from "./openapi.ts";
import { noSuchAddress } from "./problem.ts";

export function mountReference(app: FastifyInstance, registry: Registry): void {
  const catalogue = wholeCatalogue(registry);
  const texts = new Map<string, { text: string; tag: string }>();
  const send = (request: FastifyRequest, reply: FastifyReply, type: string, key: string, make: () => string): FastifyReply => {
    const known = texts.get(key) ?? tagged(make());
    texts.set(key, known);
    reply.header("etag", known.tag).header("cache-control", "no-cache");
    if (isKnown(request.headers["if-none-match"], known.tag)) return reply.code(304).send();
    return reply.type(`${type}; charset=utf-8`).send(known.text);
  };
  app.get("/openapi.json", (request, reply) =>
    send(request, reply, "application/json", "openapi", () => JSON.stringify(openApiOf(registry))),
  );
  app.get("/docs", (request, reply) => send(request, reply, "text/html", "docs", () => docsIndex(catalogue)));
  app.get("/docs/style.css", (request, reply) => send(request, reply, "text/css", "style", () => docsStyle));
  app.get("/docs/search.js", (request, reply) => send(request, reply, "text/javascript", "script", () => docsScript));
  app.get("/docs/:module", (request, reply) => {
    const { module } = request.params as { module: string };
    if (!catalogue.modules.some(({ name }) => name === module)) throw noSuchAddress();
    return send(request, reply, "text/html", `docs/${module}`, () => docsModule(catalogue, module));
  });
}

const tagged = (text: string): { text: string; tag: string } => ({ text, tag: tagOf(text) });
