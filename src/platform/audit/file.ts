// The trail in a file: checked line by line with nothing but the file itself, without the house and without its database.
import { type Block, blockBreaks, chainBreaks, type FoundRow, type Head, hashOfRow, headBreaks } from "./chain.ts";

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
  let total = 0;
  let at = 0;
  const close = (): void => {
    if (block) breaks.push(...blockBreaks(block, rows));
    rows = [];
  };
  for await (const line of lines) {
    at += 1;
    if (line === "") continue;
    const row = rowIn(line);
    const next = row ? undefined : blockIn(line);
    if (row && block) {
      total += 1;
      if (row.xact <= block.afterXact || row.xact > block.upToXact) breaks.push(`Row ${row.id} does not belong to block ${block.number}.`);
      rows.push(row);
    } else if (next) {
      close();
      breaks.push(...chainBreaks(next, block));
      if (block && next.tenantId !== block.tenantId) breaks.push(`Block ${next.number} is of another company.`);
      hashes.set(next.number, next.hash);
      block = next;
    } else breaks.push(`Line ${at} is neither a block nor a row of the trail.`);
  }
  close();
  breaks.push(...headBreaks(kept, (number) => hashes.get(number)));
  return {
    tenantId: block?.tenantId,
    blocks: hashes.size,
    rows: total,
    breaks,
    head: block && { number: block.number, hash: block.hash },
  };
}

function rowIn(line: string): FoundRow | undefined {
  const [, id, xact] = /^\["([0-9a-f]{8}-[0-9a-f-]{27})", "[^"]*", (\d{1,19}),/.exec(line) ?? [];
  return id && xact ? { id, xact: BigInt(xact), hash: hashOfRow(line) } : undefined;
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
