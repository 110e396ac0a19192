// Encrypted backups: AES-256-GCM over a stream, one mebibyte at a time, so that nothing is believed before it is authenticated. Each
// chunk knows its place and whether it is the last one; chunks cannot be swapped, repeated or cut off (Hoang et al. 2015, "STREAM").
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { Transform, type TransformCallback } from "node:stream";
import { no } from "./no.ts";

export interface BackupKey {
  /** Tells keys apart without telling anything about them. */
  readonly id: string;
  readonly bytes: Buffer;
}

/** The key as it stands in `HEARTWOOD_BACKUP_KEY`: 32 bytes in hexadecimal. */
export function backupKeyFrom(text: string | undefined): BackupKey | undefined {
  if (text === undefined || text === "") return undefined;
  if (!/^[0-9a-f]{64}$/i.test(text))
    throw no("backupKeyMalformed", "HEARTWOOD_BACKUP_KEY is not a key. Make one with: openssl rand -hex 32");
  const bytes = Buffer.from(text, "hex");
  return { bytes, id: createHmac("sha256", bytes).update("heartwood backup key").digest("hex").slice(0, 16) };
}

const magic = Buffer.from("HWBACKUP1\n");
const saltBytes = 32;
const chunkBytes = 2 ** 20;
const tagBytes = 16;

const fileKey = (key: BackupKey, salt: Buffer): Buffer => Buffer.from(hkdfSync("sha256", key.bytes, salt, "heartwood backup file", 32));

/** The key under which a manifest is signed. */
export const manifestKey = (key: BackupKey): Buffer => Buffer.from(hkdfSync("sha256", key.bytes, "", "heartwood backup manifest", 32));

/** Twelve bytes: the chunk's place, then whether it is the last. A key is used for one file only, so none comes twice. */
function nonceOf(place: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(place), 3);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

/** Gathers what arrives and hands it on in pieces of one size; what is left at the end is the last piece, which may be empty. */
abstract class Chunked extends Transform {
  private parts: Buffer[] = [];
  private held = 0;
  private place = 0;
  private readonly size: number;

  constructor(size: number) {
    super();
    this.size = size;
  }

  protected abstract each(chunk: Buffer, place: number, isLast: boolean): void;

  override _transform(part: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.parts.push(part);
    this.held += part.length;
    try {
      // One byte more than a piece must be there: only then is it certain that it is not the last.
      if (this.held > this.size) {
        let all = Buffer.concat(this.parts);
        for (; all.length > this.size; all = all.subarray(this.size)) this.each(all.subarray(0, this.size), this.place++, false);
        this.parts = [all];
        this.held = all.length;
      }
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  override _flush(done: TransformCallback): void {
    try {
      this.each(Buffer.concat(this.parts), this.place, true);
      done();
    } catch (error) {
      done(error as Error);
    }
  }
}

class Encrypting extends Chunked {
  private readonly key: Buffer;

  constructor(key: BackupKey) {
    super(chunkBytes);
    const salt = randomBytes(saltBytes);
    this.key = fileKey(key, salt);
    this.push(Buffer.concat([magic, salt]));
  }

  protected each(chunk: Buffer, place: number, isLast: boolean): void {
    const cipher = createCipheriv("aes-256-gcm", this.key, nonceOf(place, isLast));
    this.push(Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]));
  }
}

class Decrypting extends Chunked {
  private key: Buffer | undefined;
  private head = Buffer.alloc(0);
  private readonly backupKey: BackupKey;
  private readonly name: string;

  constructor(backupKey: BackupKey, name: string) {
    super(chunkBytes + tagBytes);
    this.backupKey = backupKey;
    this.name = name;
  }

  override _transform(part: Buffer, encoding: BufferEncoding, done: TransformCallback): void {
    if (this.key) return super._transform(part, encoding, done);
    this.head = Buffer.concat([this.head, part]);
    const headBytes = magic.length + saltBytes;
    if (this.head.length < headBytes) return done();
    if (!this.head.subarray(0, magic.length).equals(magic)) return done(this.broken());
    this.key = fileKey(this.backupKey, this.head.subarray(magic.length, headBytes));
    super._transform(this.head.subarray(headBytes), encoding, done);
  }

  protected each(chunk: Buffer, place: number, isLast: boolean): void {
    if (!this.key || chunk.length < tagBytes) throw this.broken();
    const decipher = createDecipheriv("aes-256-gcm", this.key, nonceOf(place, isLast), { authTagLength: tagBytes });
    decipher.setAuthTag(chunk.subarray(chunk.length - tagBytes));
    try {
      this.push(Buffer.concat([decipher.update(chunk.subarray(0, chunk.length - tagBytes)), decipher.final()]));
    } catch {
      throw this.broken();
    }
  }

  private broken = (): Error =>
    no("backupNotReadable", `${this.name} cannot be decrypted: it was changed, cut off, or made with another key.`);
}

export const encrypting = (key: BackupKey): Transform => new Encrypting(key);

/** @param name what to call the file when it does not fit. */
export const decrypting = (key: BackupKey, name: string): Transform => new Decrypting(key, name);

/** Lets a stream through and knows its SHA-256 and its length at the end. */
export class Weighing extends Transform {
  size = 0;
  private readonly hash = createHash("sha256");

  override _transform(part: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.hash.update(part);
    this.size += part.length;
    done(null, part);
  }

  get sha256(): string {
    return this.hash.digest("hex");
  }
}
