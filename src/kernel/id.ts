// Identifiers are UUIDv7 (RFC 9562, section 5.7): unique anywhere, and new ones sort after old ones, which keeps indexes warm.

declare const idBrand: unique symbol;
export type Id = string & { readonly [idBrand]: true };

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const isId = (text: string): text is Id => pattern.test(text);

let lastMilliseconds = 0;
let counter = 0;

/** A new identifier. Within one process later ones are always greater, even when the clock stands still or jumps back. */
export function newId(now: number = Date.now()): Id {
  if (now > lastMilliseconds) {
    lastMilliseconds = now;
    counter = 0;
  } else if (++counter > 0xfff) {
    lastMilliseconds += 1;
    counter = 0;
  }
  return format(lastMilliseconds, counter, crypto.getRandomValues(new Uint8Array(8)));
}

function format(milliseconds: number, sequence: number, random: Uint8Array): Id {
  const time = milliseconds.toString(16).padStart(12, "0");
  random[0] = (random[0]! & 0x3f) | 0x80;
  const tail = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const version = `7${sequence.toString(16).padStart(3, "0")}`;
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${tail.slice(0, 4)}-${tail.slice(4)}` as Id;
}
