// Sealed texts: the most personal values, encrypted before they reach the database, the trail or a log. Every value names the key it was
// sealed with, so that keys can change while the old ones still open what they closed.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from "node:crypto";

export interface DataKey {
  readonly id: number;
  readonly bytes: Buffer;
  /** From then on values are sealed with it. */
  readonly activeAt: Date;
}

export interface KeyRing {
  readonly keys: ReadonlyMap<number, DataKey>;
  /** The key that is used now. */
  current(): DataKey;
}

export function ringOf(keys: readonly DataKey[], clock: () => Date = () => new Date()): KeyRing {
  const newestFirst = keys.toSorted((a, b) => b.id - a.id);
  return {
    keys: new Map(keys.map((key) => [key.id, key])),
    current: () => {
      const now = clock();
      const found = newestFirst.find(({ activeAt }) => activeAt <= now) ?? newestFirst.at(-1);
      if (!found) throw new Error("there is no data key");
      return found;
    },
  };
}

// Values are sealed where input is read, which knows no database: the ring of the process is set once, at its start.
let ring: KeyRing | undefined;

export const useRing = (of: KeyRing): void => {
  ring = of;
};

function ringInUse(): KeyRing {
  if (!ring) throw new Error("no key ring is in use: the house sets it at its start");
  return ring;
}

const mark = "sealed:";
const nonceBytes = 12;
const tagBytes = 16;

const derived = (key: DataKey, purpose: string): Buffer => Buffer.from(hkdfSync("sha256", key.bytes, "", `heartwood ${purpose}`, 32));

export const isSealed = (text: string): boolean => /^sealed:\d+:[\w-]+$/.test(text);

/** The number of the key that a value was sealed with. */
export const keyOfSealed = (text: string): number => Number(text.split(":")[1]);

/**
 * The same text under the same key is always the same sealed text (the nonce is a keyed hash of it, as in RFC 5297), so that a wish that is
 * sent again is known again, and one account in two places shows as one. Whoever has no key learns no more than that.
 */
export function seal(text: string, { current }: KeyRing = ringInUse()): string {
  const key = current();
  const nonce = createHmac("sha256", derived(key, "nonce")).update(text).digest().subarray(0, nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", derived(key, "text"), nonce);
  const bytes = Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `${mark}${key.id}:${bytes.toString("base64url")}`;
}

/** @throws Error when it was changed, or its key is not known. */
export function unseal(sealed: string, { keys }: KeyRing = ringInUse()): string {
  const [, id = "", text = ""] = sealed.split(":");
  const key = keys.get(Number(id));
  if (!isSealed(sealed) || !key) throw new Error(`a sealed value cannot be opened: its key ${id} is not known`);
  const bytes = Buffer.from(text, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", derived(key, "text"), bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, bytes.length - tagBytes)), decipher.final()]).toString("utf8");
}
