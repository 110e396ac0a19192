// Files by the door: taken in with a type that their content decides, given out so that a browser never runs them.
import { hash } from "node:crypto";
import multipart from "@fastify/multipart";
import type { FastifyInstance, FastifyReply } from "fastify";
import { fileTypeFromBuffer } from "file-type";
import { isId, newId } from "../../kernel/id.ts";
import { Refusal, word } from "../../kernel/refusal.ts";
import type { Pool } from "../database/pool.ts";
import { houseRefusals } from "../funnel/denial.ts";
import type { Call } from "../funnel/frame.ts";
import type { Funnel } from "../funnel/funnel.ts";
import { inTransaction } from "../funnel/transaction.ts";
import { trailOf } from "../funnel/trail.ts";
import { foundIn } from "../files/scanner.ts";
import { type NewFile, writeStoredFile } from "../files/store.ts";
import type { StoredFile } from "../operation/context.ts";
import { callerOf, callFor, type Door } from "./caller.ts";
import { HttpProblem } from "./problem.ts";

const sizeMax = 25 * 1024 * 1024;

export interface FileRoom {
  readonly pool: Pool;
  readonly funnel: Funnel;
  readonly clock: () => Date;
}

export async function mountFiles(app: FastifyInstance, room: FileRoom, door: Door): Promise<void> {
  await app.register(multipart, { limits: { fileSize: sizeMax, files: 1, fields: 4, parts: 6, headerPairs: 50, fieldSize: 10_000 } });

  app.post("/api/v1/files", { bodyLimit: sizeMax + 100_000 }, async (request, reply) => {
    const caller = await callerOf(request, door);
    const part = await request.file();
    if (!part || part.fieldname !== "file") {
      throw new HttpProblem(400, "fileMissing", "Send the file as multipart/form-data in a field named file.");
    }
    const bytes = await part.toBuffer();
    const name = cleanName(part.filename);
    const mediaType = await typeOf(bytes, name);
    const file = { tenantId: caller.tenant.id, userId: caller.actor.userId, now: room.clock(), name, mediaType, bytes };
    const found = await foundIn(bytes);
    if (found !== undefined) {
      await noteInfected(room, callFor(request, caller), file, found);
      throw new Refusal("fileInfected", word(houseRefusals["fileInfected"]!, { found }), { found });
    }
    const id = await inTransaction(room.pool, caller.tenant.id, "write", (db) => writeStoredFile(db, file));
    return reply.code(201).header("cache-control", "no-store").send({ id, name, mediaType: file.mediaType, size: bytes.length });
  });

  app.get("/api/v1/files/:id", async (request, reply) => {
    const caller = await callerOf(request, door);
    const { id } = request.params as { id: string };
    const file = isId(id) ? await room.funnel.file(id, callFor(request, caller)) : undefined;
    if (!file) throw new Refusal("fileNotFound", houseRefusals["fileNotFound"]!);
    return give(reply, file, (request.query as { inline?: string }).inline === "1");
  });
}

/** Somebody brought in what the scanner knows: that stands in the trail, the file itself nowhere. */
async function noteInfected({ pool }: FileRoom, call: Call, { now, name, bytes }: NewFile, found: string): Promise<void> {
  const input = { name, size: bytes.length, sha256: hash("sha256", bytes) };
  const { tenantId, actor, reason, key, requestId = newId() } = call;
  const entry = { tenantId, id: newId(), now, actor, operation: "platform.file.upload", reason, requestId, key };
  await inTransaction(pool, tenantId, "write", async (db) =>
    db.send(trailOf([{ ...entry, input, output: { refused: "fileInfected", found } }])),
  );
}

// Text is shown as plain text, whatever it is, and in a sandbox: nothing in it runs.
const shown = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain", "text/csv", "text/markdown"]);

function give(reply: FastifyReply, file: StoredFile, inline: boolean): FastifyReply {
  const open = inline && shown.has(file.mediaType);
  const isPdf = open && file.mediaType === "application/pdf";
  const ascii = file.name.replace(/[^\x20-\x7e]|["\\]/g, "_");
  return (
    reply
      .header("content-disposition", `${open ? "inline" : "attachment"}; filename="${ascii}"; filename*=UTF-8''${encoded(file.name)}`)
      .header("x-content-type-options", "nosniff")
      // A browser's own PDF viewer does not start inside a sandbox.
      .header("content-security-policy", isPdf ? "frame-ancestors 'self'" : "default-src 'none'; sandbox; frame-ancestors 'self'")
      .header("x-frame-options", "SAMEORIGIN")
      .header("cache-control", "private, max-age=300")
      .type(file.mediaType.startsWith("text/") ? `${open ? "text/plain" : file.mediaType}; charset=utf-8` : file.mediaType)
      .send(Buffer.from(file.bytes))
  );
}

const encoded = (name: string): string => encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);

/** The last part of a path, without what no file system would take. */
function cleanName(name: string | undefined): string {
  // Forms carry a quotation mark in a name as %22.
  const last = (name ?? "")
    .replaceAll("%22", '"')
    .split(/[\\/]/)
    .at(-1)!
    .replace(/[\p{Cc}\p{Cf}]/gu, "")
    .trim();
  return last.slice(-200) || "file";
}

const textTypes: Readonly<Record<string, string>> = {
  csv: "text/csv",
  json: "application/json",
  xml: "application/xml",
  svg: "image/svg+xml",
  html: "text/html",
  htm: "text/html",
  ics: "text/calendar",
  vcf: "text/vcard",
  md: "text/markdown",
};

/** What the bytes are. The name only chooses among kinds of text, which no signature tells apart. */
async function typeOf(bytes: Buffer, name: string): Promise<string> {
  if (bytes.length === 0) refuseEmpty();
  const sniffed = await fileTypeFromBuffer(bytes);
  const extension = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toLowerCase() ?? "";
  if (sniffed && sniffed.mime !== "application/xml") return sniffed.mime;
  if (!isText(bytes)) return "application/octet-stream";
  return textTypes[extension] ?? (sniffed ? "application/xml" : "text/plain");
}

function refuseEmpty(): never {
  throw new HttpProblem(400, "fileEmpty", "The file is empty. Choose the one you meant.");
}

function isText(bytes: Buffer): boolean {
  if (bytes.includes(0)) return false;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
