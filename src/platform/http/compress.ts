// Makes what a browser or a command fetches whole and often small on the way: the catalogue, the reference, the web app's own files.
import { pipeline, Readable } from "node:stream";
import { promisify } from "node:util";
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from "node:zlib";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

type Encoding = "br" | "gzip";

const compressible = /^(text\/|application\/(json|javascript|manifest\+json)|image\/svg)/;
// What a person types never meets a secret in these answers, so their length tells nothing (BREACH).
const covered = /^\/(assets\/|docs|openapi\.json|api\/v1\/catalogue|[^/]*$)/;
const leastBytes = 1400;
const keptMax = 100;

const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

export function mountCompression(app: FastifyInstance): void {
  const kept = new Map<string, Buffer>();
  app.addHook("onSend", async (request, reply, payload) => {
    const encoding = encodingFor(request, reply);
    if (!encoding) return payload;
    if (typeof payload === "string" || Buffer.isBuffer(payload)) {
      if (payload.length < leastBytes) return payload;
      mark(reply, encoding);
      return whole(payload, encoding, reply.getHeader("etag"), kept);
    }
    if (!(payload instanceof Readable)) return payload;
    mark(reply, encoding);
    // Whoever goes away in the middle is no failure of ours.
    return pipeline(payload, encoding === "br" ? createBrotliCompress(quality) : createGzip(), () => undefined);
  });
}

function encodingFor(request: FastifyRequest, reply: FastifyReply): Encoding | undefined {
  if (request.method !== "GET" || reply.statusCode !== 200 || reply.getHeader("content-encoding")) return undefined;
  if (!covered.test(request.url.split("?")[0]!) || !compressible.test(String(reply.getHeader("content-type") ?? ""))) return undefined;
  const accepted = String(request.headers["accept-encoding"] ?? "");
  return /\bbr\b/.test(accepted) ? "br" : /\bgzip\b/.test(accepted) ? "gzip" : undefined;
}

function mark(reply: FastifyReply, encoding: Encoding): void {
  reply.header("content-encoding", encoding).removeHeader("content-length");
  const vary = reply.getHeader("vary");
  reply.header("vary", vary ? `${String(vary)}, Accept-Encoding` : "Accept-Encoding");
}

async function whole(payload: string | Buffer, encoding: Encoding, tag: unknown, kept: Map<string, Buffer>): Promise<Buffer> {
  const key = typeof tag === "string" ? `${encoding} ${tag}` : undefined;
  const known = key && kept.get(key);
  if (known) return known;
  const made = encoding === "br" ? await promisify(brotliCompress)(payload, quality) : await promisify(gzip)(payload);
  if (key) {
    if (kept.size >= keptMax) kept.delete(kept.keys().next().value!);
    kept.set(key, made);
  }
  return made;
}
