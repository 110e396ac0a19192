// Many files as one stream, in the format of tar (POSIX.1-1988, "ustar"): a backup that is not encrypted opens with tools that everyone
// has.
const block = 512;

export interface TarEntry {
  readonly path: string;
  readonly isFolder: boolean;
  readonly size: number;
}

/** The 512 bytes before a file. */
export function tarHeader({ path, isFolder, size }: TarEntry): Buffer {
  const name = isFolder ? `${path}/` : path;
  if (Buffer.byteLength(name) > 100) throw new RangeError(`${path} is too long a name for a tar file`);
  const header = Buffer.alloc(block);
  header.write(name, 0);
  header.write(isFolder ? "0000700\0" : "0000600\0", 100);
  header.write("0000000\0".repeat(2), 108);
  header.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  header.write("00000000000\0", 136);
  header.write(" ".repeat(8), 148);
  header.write(isFolder ? "5" : "0", 156);
  header.write("ustar\u000000", 257, "latin1");
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

/** What comes after a file of that size, so that the next header stands at a whole block. */
export const tarPadding = (size: number): Buffer => Buffer.alloc((block - (size % block)) % block);

export const tarEnd = Buffer.alloc(2 * block);

/** Reads a tar stream entry by entry; `take` gets the parts of each file in turn. */
export async function readTar(
  stream: AsyncIterable<Buffer>,
  take: (entry: TarEntry) => Promise<{ part(bytes: Buffer): Promise<void>; end(): Promise<void> }>,
): Promise<void> {
  const source = reader(stream);
  for (;;) {
    const header = await source.exactly(block);
    if (header.every((byte) => byte === 0)) return;
    const entry = entryIn(header);
    const sink = await take(entry);
    for (let left = entry.size; left > 0;) {
      const part = await source.atMost(left);
      left -= part.length;
      await sink.part(part);
    }
    await sink.end();
    await source.exactly(tarPadding(entry.size).length);
  }
}

function entryIn(header: Buffer): TarEntry {
  const text = (from: number, length: number) => header.toString("utf8", from, from + length).replace(/[\0 ].*$/s, "");
  const sum = Number.parseInt(text(148, 8), 8);
  const counted = header.reduce((all, byte, place) => all + (place >= 148 && place < 156 ? 32 : byte), 0);
  if (sum !== counted) throw new RangeError("the archive is broken: a header does not add up");
  const path = text(0, 100);
  return { path: path.replace(/\/$/, ""), isFolder: header[156] === 53, size: Number.parseInt(text(124, 12), 8) };
}

function reader(stream: AsyncIterable<Buffer>) {
  const source = stream[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  const fill = async (): Promise<void> => {
    const { done, value } = await source.next();
    if (done) throw new RangeError("the archive is broken: it ends too early");
    held = value;
  };
  const atMost = async (count: number): Promise<Buffer> => {
    while (held.length === 0) await fill();
    const part = held.subarray(0, count);
    held = held.subarray(part.length);
    return part;
  };
  const exactly = async (count: number): Promise<Buffer> => {
    const parts: Buffer[] = [];
    for (let left = count; left > 0; left -= parts.at(-1)!.length) parts.push(await atMost(left));
    return Buffer.concat(parts);
  };
  return { atMost, exactly };
}
