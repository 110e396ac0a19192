// The web app's files, and the app itself for every address that is one of its pages.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { noSuchAddress, sendProblem } from "./problem.ts";

export async function mountWeb(app: FastifyInstance, folder: string | undefined): Promise<void> {
  const index = folder === undefined ? undefined : join(folder, "index.html");
  if (folder === undefined || index === undefined || !existsSync(index)) {
    app.get("/", (_request, reply) => reply.redirect("/docs"));
    app.setNotFoundHandler((request, reply) => sendProblem(noSuchAddress(), request, reply));
    return;
  }
  await app.register(fastifyStatic, {
    root: folder,
    index: false,
    cacheControl: false,
    setHeaders: (response, path) => {
      // The build puts a hash of their content into the names of its assets.
      const lasting = /[\\/]assets[\\/]/.test(path);
      response.setHeader("cache-control", lasting ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
  const page = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    if (!isPage(request)) return sendProblem(noSuchAddress(), request, reply);
    return reply
      .header("cache-control", "no-cache")
      .type("text/html; charset=utf-8")
      .send(await readFile(index));
  };
  app.get("/", page);
  app.setNotFoundHandler(page);
}

function isPage(request: FastifyRequest): boolean {
  const path = request.url.split("?")[0]!;
  if (request.method !== "GET" && request.method !== "HEAD") return false;
  // A form and a report are named after their operation, dots and all.
  if (/^\/(do|report)\//.test(path)) return true;
  return !/^\/(api|mcp|assets)(\/|$)/.test(path) && !/\.[a-z0-9]{2,5}$/i.test(path);
}
