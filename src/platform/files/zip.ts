// A zip before anyone unpacks it: whether it holds what it says, and no more than anyone needs. What it says of itself is not believed.
// And the zip that we give out.
import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";

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

export interface ZipMember {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** One zip of them all (APPNOTE 6.3.10: deflated, names in UTF-8). Up to 65,535 members and 4 GB. */
export function zipOf(members: readonly ZipMember[]): Buffer {
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const { name, bytes } of members) {
    const packed = deflateRawSync(bytes);
    const named = Buffer.from(name, "utf8");
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x0800, 2);
    common.writeUInt16LE(8, 4);
    // The first of January 1980: no moment of ours is told, and the same content is the same zip.
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(named.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    parts.push(Buffer.from("PK\u0003\u0004", "latin1"), common, named, packed);
    list.push(Buffer.from("PK\u0001\u0002\u0014\u0000", "latin1"), common, place, named);
    at += 30 + named.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", 0, "latin1");
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(
    list.reduce((sum, part) => sum + part.length, 0),
    12,
  );
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...list, end]);
}
