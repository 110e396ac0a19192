// A zip before anyone unpacks it: whether it holds what it says, and no more than anyone needs. What it says of itself is not believed.
import { inflateRawSync } from "node:zlib";

const bytesMax = 64 * 1024 * 1024;
const membersMax = 2000;
const endLength = 22;
const entryLength = 46;

/** @throws Error when it is no whole zip, or unpacks into more than 64 MB or 2,000 files. */
export function checkZip(zip: Buffer): void {
  const end = zip.lastIndexOf(Buffer.from("PK\u0005\u0006", "latin1"));
  if (end < 0 || end + endLength > zip.length) throw new Error("the zip is cut off");
  const members = zip.readUInt16LE(end + 10);
  if (members > membersMax) throw new Error(`it holds ${members} files`);
  let left = bytesMax;
  let at = zip.readUInt32LE(end + 16);
  for (let member = 0; member < members; member++) {
    if (at + entryLength > zip.length || zip.readUInt32LE(at) !== 0x02014b50) throw new Error("its list of files is broken");
    left -= unpackedLength(zip, at, left);
    at += entryLength + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
}

function unpackedLength(zip: Buffer, entry: number, most: number): number {
  const packed = zip.readUInt32LE(entry + 20);
  const local = zip.readUInt32LE(entry + 42);
  if (local + 30 > zip.length) throw new Error("a file of it is missing");
  const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const bytes = zip.subarray(from, from + packed);
  const method = zip.readUInt16LE(entry + 10);
  if (method === 0 && bytes.length <= most) return bytes.length;
  if (method !== 8 || most <= 0) throw new Error("it unpacks into more than 64 MB");
  try {
    return inflateRawSync(bytes, { maxOutputLength: most }).length;
  } catch (error) {
    const isTooMuch = (error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE";
    throw new Error(isTooMuch ? "it unpacks into more than 64 MB" : "a file of it cannot be unpacked", { cause: error });
  }
}
