// The trail in a file: checked line by line with nothing but the file itself, without the house and without its database.
import {
  type Block,
  blockBreaks,
  chainBreaks,
  deedBreaks,
  type ErasedRow,
  erasing,
  type FoundRow,
  type Head,
  hashOfRow,
  headBreaks,
} from "./chain.ts";

export interface CheckedFile {
  readonly tenantId: string | undefined;
  readonly blocks: number;
  readonly rows: number;
  readonly head: Head | undefined;
  readonly breaks: readonly string[];
}

/** Reads the lines that the export wrote: a block, then its rows. */
export async function checkTrailFile(lines: AsyncIterable<string>, kept: readonly Head[] = []): Promise<CheckedFile> {
  const breaks: string[] = [];
  const hashes = new Map<bigint, string>();
  let block: Block | undefined;
  let rows: FoundRow[] = [];
  const erased = new Map<string, ErasedRow[]>();
  const told = new Map<string, string>();
  let total = 0;
  let at = 0;
  const close = (): void => {
    if (block) breaks.push(...blockBreaks(block, rows));
    rows = [];
  };
  for await (const line of lines) {
    at += 1;
    if (line === "") continue;
    const row = rowIn(line, erased);
    const gone = row ? undefined : erasedIn(line);
    const next = row || gone ? undefined : blockIn(line);
    if (line.includes(erasing)) noteDeed(line, told);
    if (row && block) {
      total += 1;
      if (row.xact <= block.afterXact || row.xact > block.upToXact) breaks.push(`Row ${row.id} does not belong to block ${block.number}.`);
      rows.push(row);
    } else if (gone) {
      erased.set(gone.logId, [...(erased.get(gone.logId) ?? []), gone]);
    } else if (next) {
      close();
      breaks.push(...chainBreaks(next, block));
      if (block && next.tenantId !== block.tenantId) breaks.push(`Block ${next.number} is of another company.`);
      hashes.set(next.number, next.hash);
      block = next;
    } else breaks.push(`Line ${at} is neither a block nor a row of the trail.`);
  }
  close();
  breaks.push(...deedBreaks([...erased.values()].flat(), told));
  breaks.push(...headBreaks(kept, (number) => hashes.get(number)));
  return {
    tenantId: block?.tenantId,
    blocks: hashes.size,
    rows: total,
    breaks,
    head: block && { number: block.number, hash: block.hash },
  };
}

function rowIn(line: string, erased: ReadonlyMap<string, readonly ErasedRow[]>): FoundRow | undefined {
  const [, id, xact] = /^\["([0-9a-f]{8}-[0-9a-f-]{27})", "[^"]*", (\d{1,19}),/.exec(line) ?? [];
  if (!id || !xact) return undefined;
  const hash = hashOfRow(line);
  const last = erased.get(id)?.at(-1);
  return { id, xact: BigInt(xact), hash: last?.textHash === hash ? last.sealedHash : hash };
}

/** Stands before a row whose content was erased. */
function erasedIn(line: string): ErasedRow | undefined {
  const form = /^\{"logId":"([0-9a-f-]{36})","deedId":"([0-9a-f-]{36})","sealedHash":"([0-9a-f]{64})","textHash":"([0-9a-f]{64})"\}$/;
  const [, logId, deedId, sealedHash, textHash] = form.exec(line) ?? [];
  return logId && deedId && sealedHash && textHash ? { logId, deedId, sealedHash, textHash } : undefined;
}

/** The row of the trail that says what a deed touched; the place of each value is that of the text that is hashed. */
function noteDeed(line: string, told: Map<string, string>): void {
  try {
    const row = JSON.parse(line) as unknown[];
    const { id, trailDigest } = (row[11] ?? {}) as { id?: string; trailDigest?: string };
    if (row[6] === erasing && id && trailDigest) told.set(id, trailDigest);
  } catch {
    // A line that is no row is named as such.
  }
}

const shape: Readonly<Record<string, RegExp>> = {
  block: /^\d{1,18}$/,
  after: /^\d{1,19}$/,
  upTo: /^\d{1,19}$/,
  tenant: /^[0-9a-f-]{36}$/,
  previous: /^([0-9a-f]{64})?$/,
  hash: /^[0-9a-f]{64}$/,
  sealedAt: /^[0-9TZ:.-]{24}$/,
};

function blockIn(line: string): Block | undefined {
  let said: Readonly<Record<string, unknown>>;
  try {
    said = JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
  if (said === null || Object.entries(shape).some(([name, form]) => !form.test(String(said[name])))) return undefined;
  const text = (name: string): string => String(said[name]);
  return {
    tenantId: text("tenant"),
    number: BigInt(text("block")),
    afterXact: BigInt(text("after")),
    upToXact: BigInt(text("upTo")),
    rowCount: Number(said["count"]),
    previousHash: text("previous"),
    hash: text("hash"),
    sealedAt: text("sealedAt"),
    sealedRows: said["rows"] === null ? null : Buffer.from(text("rows"), "base64"),
  };
}
