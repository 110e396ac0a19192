// The file an import is read from: its lines as they come, unpacked when it is packed, and never one that was brought in before by a slip.
import { isUtf8 } from "node:buffer";
import { gunzipSync } from "node:zlib";
import type { Id } from "../../../kernel/id.ts";
import { refuse } from "../../../kernel/refusal.ts";
import { sql } from "../../../platform/database/sql.ts";
import type { ReadContext, WriteContext } from "../../../platform/operation/context.ts";

export const importKinds = ["journal", "entries", "openItems", "parties", "invoices", "bills"] as const;
export type ImportKind = (typeof importKinds)[number];

/** Unpacked; what is larger is brought in year by year. */
const bytesMax = 512 * 1024 * 1024;

export interface ImportSource {
  readonly fileId: Id;
  readonly name: string;
  readonly hash: string;
  readonly bytes: Buffer;
}

export const sourceRefusals = {
  fileNotFound: "There is no such file, or it is not yours to read.",
  fileUnreadable:
    "The file {name} is packed in a way we cannot read, or larger than 512 MB. Pack it with gzip, or bring it in year by year.",
} as const;

/** Reads the file and unpacks it when it is a gzip. Refuses `fileNotFound` and `fileUnreadable`. */
export async function sourceOf(context: ReadContext, fileId: Id): Promise<ImportSource> {
  const file = await context.readFile(fileId);
  const packed = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength);
  return {
    fileId,
    name: file.name,
    hash: file.hash,
    bytes: packed[0] === 0x1f && packed[1] === 0x8b ? unpacked(packed, file.name) : packed,
  };
}

function unpacked(packed: Buffer, name: string): Buffer {
  try {
    return gunzipSync(packed, { maxOutputLength: bytesMax });
  } catch {
    return refuse("fileUnreadable", { name }, ["fileId"]);
  }
}

/** The lines of a text, one at a time. */
export function* linesIn(bytes: Buffer): Generator<string> {
  const from = bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 3 : 0;
  for (let begin = from; begin < bytes.length;) {
    const found = bytes.indexOf(10, begin);
    const end = found < 0 ? bytes.length : found;
    yield bytes.toString("utf8", begin, end > begin && bytes[end - 1] === 13 ? end - 1 : end);
    begin = end + 1;
  }
}

/** Whether a journal asserts balances at all: an equals sign in a line below an entry, before any comment. */
export function assertsBalances(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(61); at >= 0;) {
    if (/^[ \t]+[^;]*$/.test(bytes.toString("utf8", bytes.lastIndexOf(10, at) + 1, at))) return true;
    const end = bytes.indexOf(10, at);
    at = end < 0 ? -1 : bytes.indexOf(61, end);
  }
  return false;
}

/** The first line that is not UTF-8, from 1: what stands in it would be read as something else. */
export function foreignLine(bytes: Buffer): number | undefined {
  if (isUtf8(bytes)) return undefined;
  let line = 1;
  for (let begin = 0; begin < bytes.length; line += 1) {
    const found = bytes.indexOf(10, begin);
    const end = found < 0 ? bytes.length : found;
    if (!isUtf8(bytes.subarray(begin, end))) return line;
    begin = end + 1;
  }
  return line;
}

/** When the same content was brought in before, the day it was. */
export async function importedBefore(context: ReadContext, hash: string, kind: ImportKind): Promise<Date | undefined> {
  const found = await context.db.maybe<{ at: Date }>(sql`
    select at from finance.import where tenant_id = ${context.tenantId} and file_hash = ${hash} and kind = ${kind}
      order by at desc limit 1`);
  return found?.at;
}

/** Keeps that a file was brought in. */
export async function keepImport(
  context: WriteContext,
  { id, bookId, kind, source, records }: { id: Id; bookId: Id; kind: ImportKind; source: ImportSource; records: number },
): Promise<void> {
  await context.db.run(sql`
    insert into finance.import (tenant_id, id, book_id, kind, file_id, file_name, file_hash, records, person_id, by_name, at)
    values (${context.tenantId}, ${id}, ${bookId}, ${kind}, ${source.fileId}, ${source.name}, ${source.hash}, ${records},
      ${context.actor.personId}, ${context.actor.name}, ${context.now})`);
}
