// The chain of the audit trail as arithmetic: what a block's hash is made of, and which row does not fit what was sealed. Pure, so that
// the house and a stranger with nothing but an exported file check by the same rule.
import { createHash } from "node:crypto";

export interface Block {
  readonly tenantId: string;
  readonly number: bigint;
  /** The block holds the rows of database transactions after this one … */
  readonly afterXact: bigint;
  /** … and up to this one. */
  readonly upToXact: bigint;
  readonly rowCount: number;
  readonly previousHash: string;
  readonly hash: string;
  /** ISO 8601 in UTC with milliseconds. */
  readonly sealedAt: string;
  /** 48 bytes a row; null in blocks of before, which were sealed over the rows' hashes alone. */
  readonly sealedRows: Buffer | null;
}

/** A row as it is found now: its place in the order of the seal and the hash of its text, in hex. */
export interface FoundRow {
  readonly id: string;
  readonly xact: bigint;
  readonly hash: string;
}

/** A block of the chain, of which a head kept elsewhere says what its hash was. */
export interface Head {
  readonly number: bigint;
  readonly hash: string;
}

/** A row whose content was erased by a deed: the hash it was sealed with, and the hash of what the deed left, in hex. */
export interface ErasedRow {
  readonly logId: string;
  readonly deedId: string;
  readonly sealedHash: string;
  readonly textHash: string;
}

/** The operation whose row in the trail says what a deed touched. */
export const erasing = "platform.person.erase";

const idBytes = 16;
const rowBytes = 48;

const sha256 = (bytes: Buffer): Buffer => createHash("sha256").update(bytes).digest();

export const hashOfRow = (text: string): string => sha256(Buffer.from(text, "utf8")).toString("hex");

/** What of a block is hashed before its rows, so that neither its bounds nor its moment can be bent either. */
export const headOfBlock = (block: Omit<Block, "hash" | "sealedRows">): string =>
  [block.previousHash, block.tenantId, block.number, block.afterXact, block.upToXact, block.rowCount, block.sealedAt, ""].join("\n");

const rowsOf = (rows: readonly FoundRow[]): Buffer =>
  Buffer.concat(rows.map(({ id, hash }) => Buffer.from(id.replaceAll("-", "") + hash, "hex")));

const hashOfBlock = (block: Block, rows: readonly FoundRow[]): string =>
  block.sealedRows === null
    ? sha256(Buffer.from(block.previousHash + rows.map(({ hash }) => hash).join(""), "utf8")).toString("hex")
    : sha256(Buffer.concat([Buffer.from(headOfBlock(block), "utf8"), block.sealedRows])).toString("hex");

/** What is wrong with the place of a block in the chain. */
export function chainBreaks(block: Block, previous: Block | undefined): string[] {
  const number = previous ? previous.number + 1n : 1n;
  if (block.number !== number) {
    const between = block.number - 1n === number ? `Block ${number} was` : `Blocks ${number} to ${block.number - 1n} were`;
    return block.number > number ? [`${between} removed.`] : [`Block ${block.number} stands in another place than it was sealed in.`];
  }
  if (block.previousHash !== (previous?.hash ?? "") || block.afterXact !== (previous?.upToXact ?? 0n)) {
    return [`Block ${block.number} does not follow the one before it.`];
  }
  return [];
}

/** What is wrong inside a block, each row named. `rows` in the order they are found in. */
export function blockBreaks(block: Block, rows: readonly FoundRow[]): string[] {
  const seal = hashOfBlock(block, rows);
  if (block.sealedRows === null) {
    if (rows.length !== block.rowCount) return [`Block ${block.number} was sealed over ${block.rowCount} rows and now has ${rows.length}.`];
    return seal === block.hash ? [] : [`A row of block ${block.number} was changed.`];
  }
  const breaks = rowsOf(rows).equals(block.sealedRows) ? [] : rowBreaks(block, rows);
  return seal === block.hash ? breaks : [...breaks, `Block ${block.number} itself was changed since it was sealed.`];
}

function rowBreaks({ number, sealedRows }: Block, rows: readonly FoundRow[]): string[] {
  const sealed = new Map<string, string>();
  for (let at = 0; at + rowBytes <= sealedRows!.length; at += rowBytes) {
    sealed.set(idIn(sealedRows!.subarray(at, at + idBytes)), sealedRows!.subarray(at + idBytes, at + rowBytes).toString("hex"));
  }
  const found = new Map(rows.map((row) => [row.id, row.hash]));
  const breaks = [
    ...[...sealed.keys()].filter((id) => !found.has(id)).map((id) => `Row ${id} of block ${number} was removed.`),
    ...rows.filter(({ id }) => !sealed.has(id)).map(({ id }) => `Row ${id} was slipped into block ${number}.`),
    ...rows
      .filter(({ id, hash }) => sealed.has(id) && sealed.get(id) !== hash)
      .map(({ id }) => `Row ${id} of block ${number} was changed.`),
  ];
  if (breaks.length > 0 || rows.length !== found.size) return breaks.length > 0 ? breaks : [`A row of block ${number} stands there twice.`];
  const places = [...sealed.keys()];
  const strays = rows.filter(({ id }, place) => places[place] !== id);
  return strays.map(({ id }) => `Row ${id} of block ${number} stands in another place than it was sealed in.`);
}

function idIn(bytes: Buffer): string {
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export const headText = (head: Head): string => `${head.number}:${head.hash}`;

/** `12:5f…`, as it is printed and kept. */
export function headIn(text: string): Head | undefined {
  const [, number, hash] = /^(\d{1,18}):([0-9a-f]{64})$/.exec(text.trim()) ?? [];
  return number && hash ? { number: BigInt(number), hash } : undefined;
}

/** Whoever owns the database can seal a bent trail anew; a head kept outside tells. */
export function headBreaks(kept: readonly Head[], hashAt: (number: bigint) => string | undefined): string[] {
  return kept.flatMap(({ number, hash }) => {
    const now = hashAt(number);
    if (now === hash) return [];
    return now === undefined
      ? [`Block ${number} is missing, of which a head was kept outside.`]
      : [`Block ${number} was sealed anew: its hash is not the one that was kept outside.`];
  });
}

/** Whoever takes content away without a deed in the trail, or by more than it says, is found. `told` holds the digest of each deed. */
export function deedBreaks(rows: readonly ErasedRow[], told: ReadonlyMap<string, string>): string[] {
  const deeds = new Map<string, ErasedRow[]>();
  for (const row of rows) deeds.set(row.deedId, [...(deeds.get(row.deedId) ?? []), row]);
  return [...deeds].flatMap(([deedId, touched]) => {
    const inOrder = touched.toSorted((one, other) => (one.logId < other.logId ? -1 : 1));
    const bytes = inOrder.map(({ logId, sealedHash, textHash }) => Buffer.from(logId.replaceAll("-", "") + sealedHash + textHash, "hex"));
    if (told.get(deedId) === sha256(Buffer.concat(bytes)).toString("hex")) return [];
    return [`Erasure ${deedId} is not what the trail says of it, or the trail does not know it.`];
  });
}
